//! N3 to N8 in every order: a small set of stewards' and members' entries (votes, amendments that
//! remove a steward, admits, suspends, pins, orders, forks, rotations that take back) is given to an
//! engine in every order, one entry at a time, and always gives the state that the model reads from
//! the set.

use std::collections::BTreeMap;

use multaqa_protocol::codec::Map;
use multaqa_protocol::engine::{Arriving, Effect, Input, Peer};
use multaqa_protocol::entry;
use multaqa_protocol::gossip::message_id;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, NetworkId, sha256};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Admit, Body, Join, Ref, Suspend, Withdraw};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::author::{Author, Own};
use crate::model::{Model, Standing};
use crate::node::Node;
use crate::stewards::{admission, charter, founding};

/// Stewards of the first charter, of whom two decide.
const STEWARDS: usize = 3;
/// The author who becomes a steward, and after it the members.
const INCOMING: usize = 3;
/// Authors in all.
const AUTHORS: usize = 6;
/// Entries that come in every order: 720 orders.
const MOVING: usize = 6;

/// What was tried with one set of entries.
#[derive(Clone, Debug)]
pub struct Orders {
    /// How many orders gave the same state.
    pub orders: usize,
    /// Versions of the charter in that state.
    pub versions: usize,
    /// Logs that are frozen in it.
    pub frozen: usize,
    /// Authors who are cut in it.
    pub cut: usize,
    /// Withdrawals in it.
    pub withdrawn: usize,
}

/// What a node concludes, as far as the model does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    heads: BTreeMap<AuthorId, (EntryId, Status)>,
    versions: Vec<BodyHash>,
    standings: BTreeMap<AuthorId, Standing>,
    withdrawn: BTreeMap<Ref, bool>,
}

/// Gives the entries that `seed` draws to an engine in every order.
///
/// # Errors
///
/// The first order that gives another state than the model, in words.
pub fn any_order(seed: u64) -> Result<Orders, String> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut scene = Scene::new(&mut rng);
    let first = scene.entries.len();
    while scene.entries.len() < first + MOVING {
        scene.say(first + MOVING, &mut rng);
    }
    let wanted = scene.by_the_rules();
    let mut order: Vec<usize> = (first..first + MOVING).collect();
    let mut orders = 0;
    loop {
        let found = scene.given(&order, first, &mut rng);
        if found != wanted {
            let kinds: Vec<_> = order.iter().map(|&at| scene.entries[at].signed.kind().to_owned()).collect();
            return Err(format!(
                "seed {seed}, order {order:?} of {kinds:?}: {found:#?}\nthe model: {wanted:#?}"
            ));
        }
        orders += 1;
        if !next_permutation(&mut order) {
            break;
        }
    }
    Ok(Orders {
        orders,
        versions: wanted.versions.len(),
        frozen: wanted.heads.values().filter(|(_, status)| *status != Status::Ok).count(),
        cut: wanted.standings.values().filter(|standing| standing.cut.is_some()).count(),
        withdrawn: wanted.withdrawn.len(),
    })
}

/// Makes the next order in lexical order; tells whether there was one.
fn next_permutation(order: &mut [usize]) -> bool {
    let Some(at) = order.windows(2).rposition(|pair| pair[0] < pair[1]) else { return false };
    let with = order.iter().rposition(|number| *number > order[at]).expect("the next one is greater");
    order.swap(at, with);
    order[at + 1..].reverse();
    true
}

struct Scene {
    net: NetworkId,
    authors: Vec<Author>,
    /// Parents first.
    entries: Vec<Arriving>,
}

impl Scene {
    /// A network of three stewards, all of whom have admitted everybody.
    fn new(rng: &mut ChaCha8Rng) -> Self {
        let authors: Vec<Author> = (0..AUTHORS).map(|_| Author::new(rng, 1_000)).collect();
        let ids: Vec<AuthorId> = authors.iter().map(|author| author.id).collect();
        let body = founding(rng, ids[..STEWARDS].to_vec(), 2);
        let net = NetworkId(sha256(&body));
        let entries = authors.iter().map(|author| author.inception.clone()).collect();
        let mut scene = Self { net, authors, entries };
        for at in 0..AUTHORS {
            if at < STEWARDS {
                scene.write(at, "charter", body.clone());
                let items = ids.iter().map(|author| admission(*author, None)).collect();
                scene.state(rng, at, "admit", &Admit { net, items }.to_map());
            }
            scene.state(rng, at, "join", &Join { act: None, net, charter: BodyHash(net.0) }.to_map());
        }
        scene
    }

    fn write(&mut self, at: usize, kind: &str, body: Vec<u8>) {
        let last = self.authors[at].last();
        self.write_after(at, last, kind, body);
    }

    fn write_after(&mut self, at: usize, parent: Own, kind: &str, body: Vec<u8>) {
        let author = &mut self.authors[at];
        let arriving = author.write(parent.era, author.after(parent, 2_000), kind, body);
        author.stand_by(&arriving.signed, parent.era);
        self.entries.push(arriving);
    }

    fn state(&mut self, rng: &mut ChaCha8Rng, at: usize, kind: &str, map: &Map) {
        self.write(at, kind, entry::encode_body(rng.random(), map));
    }

    /// Adds entries until there are `most`: what one steward says, or two say alike, mostly about one
    /// member so that their words meet.
    fn say(&mut self, most: usize, rng: &mut ChaCha8Rng) {
        let member = if rng.random_bool(0.8) { INCOMING + 1 } else { rng.random_range(INCOMING..AUTHORS) };
        let first = rng.random_range(0..STEWARDS);
        let second = (first + rng.random_range(1..STEWARDS)) % STEWARDS;
        let what = rng.random_range(0..10);
        let own = &self.authors[member].own;
        let (first_own, last) = (own[1], own[own.len() - 1]);
        let upto = rng.random_range(0..3);
        let pins = rng.random_bool(0.5);
        let leaves = if rng.random_bool(0.7) { 0 } else { STEWARDS - 1 };
        for (number, by) in [first, second].into_iter().enumerate() {
            if self.entries.len() == most || (number == 1 && rng.random_bool(0.25)) {
                return;
            }
            match what {
                0 | 1 => self.suspend(rng, by, member, upto),
                2 => self.admit(rng, by, member, pins.then_some(last.id)),
                3..=5 => self.vote(by, leaves),
                6 | 7 => self.order(rng, by, member, first_own),
                8 => {
                    let at = if number == 0 { by } else { member };
                    self.step_back(rng, at);
                }
                _ => {
                    let at = if number == 0 { by } else { member };
                    self.fork(rng, at);
                }
            }
        }
    }

    fn suspend(&mut self, rng: &mut ChaCha8Rng, by: usize, member: usize, upto: u64) {
        let (net, author) = (self.net, self.authors[member].id);
        let suspend = Suspend { net, note: None, upto, author, reason: "inactive".to_owned() };
        self.state(rng, by, "suspend", &suspend.to_map());
    }

    fn admit(&mut self, rng: &mut ChaCha8Rng, by: usize, member: usize, stands: Option<EntryId>) {
        let items = vec![admission(self.authors[member].id, stands)];
        self.state(rng, by, "admit", &Admit { net: self.net, items }.to_map());
    }

    /// A vote to replace one steward; the same two bodies each time, so that votes meet.
    fn vote(&mut self, by: usize, leaves: usize) {
        let named = (0..=INCOMING).filter(|at| *at != leaves).map(|at| self.authors[at].id);
        let next = charter(named.collect(), 2, 1, Some(BodyHash(self.net.0)));
        let salt = [u8::try_from(leaves).expect("small"); 16];
        self.write(by, "charter", entry::encode_body(salt, &next.to_map()));
    }

    fn order(&mut self, rng: &mut ChaCha8Rng, by: usize, member: usize, own: Own) {
        let entries = vec![Ref { author: self.authors[member].id, seq: own.seq, id: own.id }];
        let order = Withdraw { net: Some(self.net), basis: None, reason: "order".to_owned(), entries };
        self.state(rng, by, "withdraw", &order.to_map());
    }

    /// One more entry after the last but one.
    fn fork(&mut self, rng: &mut ChaCha8Rng, at: usize) {
        let own = &self.authors[at].own;
        let (last, parent) = (own[own.len() - 1], own[own.len().saturating_sub(2)]);
        if parent.era == last.era {
            let items = vec![admission(self.authors[INCOMING].id, None)];
            let body = entry::encode_body(rng.random(), &Admit { net: self.net, items }.to_map());
            self.write_after(at, parent, "admit", body);
        }
    }

    /// A rotation after the last entry or an earlier one of the same era.
    fn step_back(&mut self, rng: &mut ChaCha8Rng, at: usize) {
        let author = &mut self.authors[at];
        let same: Vec<Own> = author.own.iter().filter(|own| own.era == author.last().era).copied().collect();
        let parent = *same[same.len().saturating_sub(3)..].choose(rng).expect("the last one");
        let rotation = author.rotate(rng, parent.era, author.after(parent, 2_000));
        let era = author.eras.len() - 1;
        author.stand_by(&rotation.signed, era);
        self.entries.push(rotation);
    }

    /// What the rules give for the set of all entries.
    fn by_the_rules(&self) -> State {
        let mut model = Model::default();
        for arriving in &self.entries {
            model.add(&arriving.signed, arriving.body.as_deref());
        }
        let decided = model.decide(self.net);
        let listed = model.authors().filter(|author| decided.replicates(author));
        let heads = listed.map(|author| {
            let chosen = model.chosen(&decided, author);
            (*author, (chosen.head, chosen.status))
        });
        let heads = heads.collect();
        let withdrawn = model.withdrawn(self.net, &decided);
        State { heads, withdrawn, versions: decided.versions, standings: decided.standings }
    }

    /// What an engine concludes that is given the first entries, then the others in an order, again and
    /// again until nothing changes, then all of them as a file, which brings branches whole (Y5).
    fn given(&self, order: &[usize], first: usize, rng: &mut ChaCha8Rng) -> State {
        let mut node = Node::new(self.net, AuthorId([9; 32]), 0);
        give(&mut node, Input::Import { token: 1, entries: self.entries[..first].to_vec() });
        confirm(&mut node);
        for _ in 0..3 {
            for &at in order {
                let entry = Box::new(self.entries[at].clone());
                let id = message_id(entry.signed.envelope());
                give(&mut node, Input::Gossip { from: Peer(1), id, entry });
                if rng.random_bool(0.5) {
                    confirm(&mut node);
                }
            }
        }
        confirm(&mut node);
        let mut entries = self.entries[..first].to_vec();
        // Parents before children, otherwise in the order of arrival.
        let mut left: Vec<usize> = order.to_vec();
        while let Some(at) = left.iter().position(|&at| {
            let prev = self.entries[at].signed.prev();
            entries.iter().any(|found| Some(found.signed.id()) == prev)
        }) {
            entries.push(self.entries[left.remove(at)].clone());
        }
        for token in 2..4 {
            give(&mut node, Input::Import { token, entries: entries.clone() });
            confirm(&mut node);
        }
        conclusion(&node)
    }
}

fn give(node: &mut Node, input: Input) {
    for effect in node.engine.handle(input, 5_000, &node.store) {
        if let Effect::Append { ticket, batch } = effect {
            node.appends.push_back((ticket, batch));
        }
    }
}

fn confirm(node: &mut Node) {
    while let Some((ticket, batch)) = node.appends.pop_front() {
        node.store.append(&batch);
        give(node, Input::Appended { ticket });
    }
}

fn conclusion(node: &Node) -> State {
    let governance = node.engine.governance();
    let standings = governance.standings().iter().map(|(author, standing)| (*author, Standing::of(standing)));
    State {
        heads: node.engine.heads().iter().map(|(author, head)| (author, (head.id, head.status))).collect(),
        versions: governance.versions().iter().map(|version| version.hash).collect(),
        standings: standings.collect(),
        withdrawn: node
            .engine
            .withdrawals()
            .iter()
            .map(|(target, withdrawal)| (*target, withdrawal.is_ordered()))
            .collect(),
    }
}
