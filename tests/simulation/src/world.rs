//! The world: the clock, the queue of events, and what happens when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::engine::{Arriving, Effect, Input, Ticket};
use multaqa_protocol::entry::{Entry, Form, Signed};
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId, sha256};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::adversary::Hostile;
use crate::author::Author;
use crate::faults::Faults;
use crate::node::Node;
use crate::profile::{Profile, Size};
use crate::report::{Failure, Quality, Report, Trace};
use crate::stewards::Motion;
use crate::wire::Stream;

/// When the world begins: late enough that a clock can be hours behind.
pub(crate) const START: Millis = 100 * 3_600_000;
/// Rounds of comparison after which everything must be at rest.
const ROUNDS: usize = 80;
/// Virtual time of one round.
const ROUND: Millis = 15_000;

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Tick(usize),
    Message { to: usize, from: usize, bytes: Arc<[u8]> },
    Frame { stream: u64, end: usize, bytes: Arc<[u8]> },
    HalfClosed { stream: u64, end: usize },
    Broken { stream: u64, end: usize },
    Drip { stream: u64, end: usize },
    Appended { node: usize, start: u32, ticket: Ticket },
    Connect { from: usize, to: usize },
    Act(usize),
    Compare(usize),
    Crash(usize),
    Start(usize),
    DiskFails(usize),
    DiskServes(usize),
    Backup(usize),
    Restore(usize),
    ClockJumps(usize),
    Erase { node: usize, hash: BodyHash },
    Partition,
    Heal,
    Mischief(usize),
    Motion,
}

/// Everything.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) profile: Profile,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) now: Millis,
    queue: BTreeMap<(Millis, u64), Event>,
    next_event: u64,
    pub(crate) net: NetworkId,
    /// Another network, in which some of the same authors make statements.
    pub(crate) other_net: NetworkId,
    pub(crate) nodes: Vec<Node>,
    /// What the nodes that do not follow the protocol know; they are numbered after the others.
    pub(crate) hostile: Vec<Hostile>,
    /// Those of the nodes, then those of the hostile nodes.
    pub(crate) authors: Vec<Author>,
    pub(crate) neighbours: Vec<BTreeSet<usize>>,
    /// To which side of the partition each node belongs.
    pub(crate) side: Vec<u8>,
    pub(crate) streams: BTreeMap<u64, Stream>,
    /// The open stream of each pair of nodes.
    pub(crate) pairs: BTreeMap<(usize, usize), u64>,
    pub(crate) next_stream: u64,
    pub(crate) faults: Faults,
    /// Decoded entries, with their signature checked where they have a known author's.
    pub(crate) decoded: BTreeMap<[u8; 32], Result<Signed, &'static str>>,
    /// Everything that was ever signed, with its body.
    pub(crate) made: BTreeMap<EntryId, Arriving>,
    /// The same, in the order of signing.
    pub(crate) made_in_order: Vec<EntryId>,
    /// Plain entries by their parents, to know who made a fork.
    plain_children: BTreeMap<EntryId, EntryId>,
    pub(crate) motions: Vec<Motion>,
    /// Frames of honest nodes, for a hostile one to send again.
    pub(crate) heard: Vec<Arc<[u8]>>,
    /// Messages of honest nodes, for a hostile one to send again.
    pub(crate) overheard: Vec<Arc<[u8]>>,
    /// Authors with two plain entries after one.
    pub(crate) branches: BTreeSet<AuthorId>,
    pub(crate) trace: Trace,
    pub(crate) quality: Quality,
    pub(crate) failure: Option<Box<Failure>>,
}

impl World {
    pub(crate) fn new(seed: u64, size: Size) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let profile = Profile::draw(size, &mut rng);
        let all = profile.nodes();
        let authors: Vec<Author> = (0..all).map(|_| Author::new(&mut rng, 1_000)).collect();
        let founders: Vec<AuthorId> = profile.founders().iter().map(|&at| authors[at].id).collect();
        let charter = crate::stewards::founding(&mut rng, founders, profile.k);
        let net = NetworkId(sha256(&charter));
        let skews: Vec<i64> = (0..profile.honest).map(|_| profile.skew(&mut rng)).collect();
        let nodes = authors.iter().zip(skews).map(|(author, skew)| Node::new(net, author.id, skew));
        let nodes = nodes.collect();
        let hostile = profile.roles.iter().map(|role| Hostile::new(*role, &mut rng)).collect();
        let faults = Faults::draw(&mut rng);
        let mut world = Self {
            seed,
            profile,
            now: START,
            queue: BTreeMap::new(),
            next_event: 0,
            net,
            other_net: NetworkId(rng.random()),
            rng,
            nodes,
            hostile,
            authors,
            neighbours: vec![BTreeSet::new(); all],
            side: vec![0; all],
            streams: BTreeMap::new(),
            pairs: BTreeMap::new(),
            next_stream: 0,
            faults,
            decoded: BTreeMap::new(),
            made: BTreeMap::new(),
            made_in_order: Vec::new(),
            plain_children: BTreeMap::new(),
            motions: Vec::new(),
            heard: Vec::new(),
            overheard: Vec::new(),
            branches: BTreeSet::new(),
            trace: Trace::new(),
            quality: Quality::default(),
            failure: None,
        };
        world.connect_graph();
        world.begin(charter);
        world.schedule();
        world
    }

    /// Joins every node to three others, so that each has about six neighbours, honest or not.
    fn connect_graph(&mut self) {
        let all = self.profile.nodes();
        for node in 0..all {
            for _ in 0..3 {
                let other = self.another(node, all);
                self.neighbours[node].insert(other);
                self.neighbours[other].insert(node);
            }
        }
    }

    /// Returns one of the first `among` nodes that is not `node`.
    pub(crate) fn another(&mut self, node: usize, among: usize) -> usize {
        let drawn = (node + self.rng.random_range(1..among)) % among;
        if drawn == node { (node + 1) % among } else { drawn }
    }

    pub(crate) const fn is_hostile(&self, node: usize) -> bool {
        node >= self.profile.honest
    }

    /// Queues an event after `delay` milliseconds.
    pub(crate) fn at(&mut self, delay: Millis, event: Event) {
        self.next_event += 1;
        self.queue.insert((self.now + delay, self.next_event), event);
    }

    /// Stops the run with an invariant that does not hold.
    pub(crate) fn fail(&mut self, rule: &'static str, what: String) {
        if self.failure.is_none() {
            let (seed, size, trace) = (self.seed, self.profile.size, self.trace.shown());
            self.failure = Some(Box::new(Failure { seed, size, rule, what, trace }));
        }
    }

    pub(crate) fn note(&mut self, what: std::fmt::Arguments<'_>) {
        self.trace.line(format!("{:>7} {what}", self.now - START));
    }

    /// Handles events up to the time `until`.
    fn run_until(&mut self, until: Millis) {
        while let Some(((when, number), _)) = self.queue.first_key_value()
            && *when <= until
            && self.failure.is_none()
        {
            let key = (*when, *number);
            self.now = key.0;
            if let Some(event) = self.queue.remove(&key) {
                self.step(event);
            }
        }
        self.now = until;
    }

    /// Runs with faults, then without, until everything is at rest.
    pub(crate) fn run(&mut self) {
        let start = self.now;
        self.run_until(start + self.profile.busy);
        self.end_faults();
        self.come_to_rest();
        // Y7: whatever a peer does, a session ends.
        self.run_until(self.now + 12 * 60_000);
        self.check_ended();
    }

    /// Compares until everything is at rest, checks it, and that it stays so.
    fn come_to_rest(&mut self) {
        let rest_from = self.now;
        for _ in 0..ROUNDS {
            if self.failure.is_some() {
                return;
            }
            if !self.is_at_rest() {
                self.round();
                continue;
            }
            self.quality.to_rest = self.now - rest_from;
            self.check_rest();
            let known = self.known();
            self.round();
            if self.is_at_rest() {
                return;
            }
            // Whoever is hostile may show at any time what nobody honest knew; then it goes on.
            if self.known() == known {
                return self.fail("S6", "what was at rest moved again".to_owned());
            }
        }
        self.explain_unrest();
    }

    /// Every honest node opens a session with another one, who may be hostile.
    fn round(&mut self) {
        for node in 0..self.profile.honest {
            let other = self.another(node, self.profile.nodes());
            self.at(node as Millis, Event::Connect { from: node, to: other });
        }
        self.run_until(self.now + ROUND);
    }

    pub(crate) fn finish(self) -> Result<Report, Box<Failure>> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.trace.report(self.quality)),
        }
    }

    fn step(&mut self, event: Event) {
        match event {
            Event::Tick(node) => {
                self.at(5_000, Event::Tick(node));
                self.input(node, Input::Tick);
                self.check_bounds(node);
            }
            Event::Message { to, from, bytes } => self.message(to, from, &bytes),
            Event::Frame { stream, end, bytes } => self.frame(stream, end, &bytes),
            Event::HalfClosed { stream, end } => self.half_closed(stream, end),
            Event::Broken { stream, end } => self.broken(stream, end),
            Event::Drip { stream, end } => self.drip(stream, end),
            Event::Appended { node, start, ticket } => self.appended(node, start, ticket),
            Event::Connect { from, to } => self.connect(from, to),
            Event::Act(node) => {
                if self.faults.on {
                    let (least, most) = self.profile.pace(node);
                    let next = self.rng.random_range(least..most);
                    self.at(next, Event::Act(node));
                    self.act(node);
                }
            }
            Event::Compare(node) => {
                if self.faults.on {
                    let (least, most) = self.profile.compare;
                    let next = self.rng.random_range(least..most);
                    self.at(next, Event::Compare(node));
                    let other = self.another(node, self.profile.nodes());
                    self.connect(node, other);
                }
            }
            Event::Crash(node) => self.crash(node),
            Event::Start(node) => self.start(node),
            Event::DiskFails(node) => self.disk_fails(node),
            Event::DiskServes(node) => self.hand_in_guarded(node),
            Event::Backup(node) => self.back_up(node),
            Event::Restore(node) => self.restore(node),
            Event::ClockJumps(node) => self.clock_jumps(node),
            Event::Erase { node, hash } => self.erase(node, hash),
            Event::Partition => {
                for side in &mut self.side {
                    *side = u8::from(self.rng.random_bool(0.5));
                }
                let side = self.side.clone();
                self.note(format_args!("partition {side:?}"));
            }
            Event::Heal => {
                self.side.fill(0);
                self.note(format_args!("the partition heals"));
            }
            Event::Mischief(peer) => {
                if self.faults.on {
                    let (least, most) = self.profile.mischief;
                    let next = self.rng.random_range(least..most);
                    self.at(next, Event::Mischief(peer));
                    self.mischief(peer);
                }
            }
            Event::Motion => self.move_motion(),
        }
    }

    /// Gives a node an input, does what it says, and checks what must hold after every step.
    pub(crate) fn input(&mut self, at: usize, input: Input) {
        if !self.nodes[at].alive || self.failure.is_some() {
            return;
        }
        let node = &mut self.nodes[at];
        let now = node.clock(self.now);
        let effects: Vec<Effect> = node.engine.handle(input, now, &node.store);
        self.check_step(at, &effects);
        for effect in effects {
            self.effect(at, effect);
        }
    }

    fn appended(&mut self, at: usize, start: u32, ticket: Ticket) {
        let node = &mut self.nodes[at];
        if !node.alive || node.start != start {
            return;
        }
        if node.is_read_only(self.now) {
            return self.append_fails(at);
        }
        let Some((found, batch)) = node.appends.pop_front() else { return };
        assert_eq!(found, ticket, "appends are confirmed in order");
        node.store.append(&batch);
        // A body was not asked for, or erased, where all entries that named it then were withdrawn (B2). A driver
        // looks again once an entry is on disk that names it too.
        for body in batch.entries.iter().map(|write| write.entry.header().body) {
            if node.store.lacks(&body.hash) {
                node.engine.note_missing(body.hash, body.len);
            }
        }
        if self.rng.random_ratio(1, 40) {
            node.store.checkpoint();
        }
        self.input(at, Input::Appended { ticket });
    }

    /// Notes an entry that was signed, by its owner or by somebody else who has the key.
    pub(crate) fn made(&mut self, arriving: Arriving) -> Arriving {
        let signed = &arriving.signed;
        let id = signed.id();
        if signed.form() == Form::Plain
            && let Some(prev) = signed.prev()
            && self.plain_children.insert(prev, id).is_some_and(|other| other != id)
        {
            self.branches.insert(signed.author());
        }
        if self.made.insert(id, arriving.clone()).is_none() {
            self.made_in_order.push(id);
        }
        self.quality.entries += 1;
        arriving
    }

    /// Returns an entry's bytes decoded and its signature checked ahead, as the node's pool does;
    /// remembered, because both are functions of the bytes.
    pub(crate) fn decode(&mut self, envelope: &[u8]) -> Result<Signed, &'static str> {
        let key = sha256(envelope);
        if let Some(found) = self.decoded.get(&key) {
            let found = found.clone()?;
            // Sometimes no key was foreseen, and the engine checks by itself.
            return Ok(if self.rng.random_ratio(1, 40) {
                Signed::unchecked(found.entry().clone())
            } else {
                found
            });
        }
        let decoded = Entry::decode(envelope).map_err(|error| error.rule()).map(|entry| {
            let made = self.made.get(&entry.id()).map(|made| &made.signed);
            let same = made.filter(|made| made.envelope() == entry.envelope()).cloned();
            same.unwrap_or_else(|| Signed::unchecked(entry))
        });
        self.decoded.insert(key, decoded.clone());
        decoded
    }
}
