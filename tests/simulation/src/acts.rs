//! What honest people do: publish, withdraw, rotate, heal; as stewards admit, suspend, order, pin and
//! amend.

use std::collections::BTreeSet;

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::engine::{Arriving, Input};
use multaqa_protocol::entry;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq, sha256};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{
    Admission, Admit, Body, Charter, Join, Leave, Ref, Suspend, Withdraw, Words,
};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::author::Author;
use crate::world::{NODES, STEWARDS, World};

/// What stewards decide together, each by its own entry.
#[derive(Clone, Debug)]
pub(crate) struct Motion {
    pub(crate) what: What,
    pub(crate) done: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Suspend(AuthorId, Seq),
    Admit(AuthorId),
    Order(Ref),
    Pin(AuthorId, EntryId),
    Amend(Vec<u8>),
}

/// Returns the body of the charter's version 0.
pub(crate) fn founding(rng: &mut ChaCha8Rng, stewards: &[Author]) -> Vec<u8> {
    let mut stewards: Vec<AuthorId> = stewards.iter().map(|author| author.id).collect();
    stewards.sort_unstable();
    let charter = charter(stewards, 0, None);
    entry::encode_body(rng.random(), &charter.to_map())
}

fn charter(stewards: Vec<AuthorId>, version: u64, prev: Option<BodyHash>) -> Charter {
    let words = || Words::from([("fr".to_owned(), "Réseau".to_owned())]);
    Charter {
        k: 2,
        prev,
        text: words(),
        names: words(),
        licence: "CC-BY-4.0".to_owned(),
        version,
        stewards,
        versions: vec![1],
        principles: vec!["transparency".to_owned()],
    }
}

impl World {
    /// Begins every log: stewards sign the charter, everybody asks to join.
    pub(crate) fn begin(&mut self, charter: Vec<u8>) {
        let hash = BodyHash(sha256(&charter));
        for at in 0..=NODES {
            let inception = self.authors[at].inception.clone();
            let mut entries = vec![self.made(inception)];
            if at < STEWARDS {
                entries.push(self.write(at, "charter", charter.clone()));
            }
            let join = Join { act: None, net: self.net, charter: hash };
            let join = self.body(&join.to_map());
            entries.push(self.write(at, "join", join));
            if at < NODES {
                self.publish(at, entries);
            } else {
                self.file_application(entries);
            }
        }
    }

    /// An application that reaches the first steward as a file.
    fn file_application(&mut self, entries: Vec<Arriving>) {
        self.input(0, Input::Import { token: u64::MAX, entries });
    }

    pub(crate) fn body(&mut self, map: &Map) -> Vec<u8> {
        entry::encode_body(self.rng.random(), map)
    }

    /// Signs what follows the last entry that an author stands by.
    pub(crate) fn write(&mut self, at: usize, kind: &str, body: Vec<u8>) -> Arriving {
        let last = self.authors[at].last();
        let position = self.authors[at].after(last, self.now);
        let arriving = self.authors[at].write(last.era, position, kind, body);
        self.authors[at].stand_by(&arriving.signed, last.era);
        self.made(arriving)
    }

    pub(crate) fn made(&mut self, arriving: Arriving) -> Arriving {
        self.signed.insert(arriving.signed.id(), arriving.signed.clone());
        self.made.insert(arriving.signed.id(), arriving.clone());
        self.quality.entries += 1;
        arriving
    }

    /// Hands own entries to a node.
    fn publish(&mut self, at: usize, entries: Vec<Arriving>) {
        let ids: Vec<_> = entries.iter().map(|own| (own.signed.seq(), own.signed.id())).collect();
        let kinds: Vec<_> = entries.iter().map(|own| own.signed.kind().to_owned()).collect();
        self.note(format_args!("n{at} publishes {kinds:?} {ids:?}"));
        self.nodes[at].guard.clone_from(&entries);
        self.hand_in(at, entries);
    }

    pub(crate) fn hand_in(&mut self, at: usize, entries: Vec<Arriving>) {
        self.nodes[at].next_token += 1;
        let token = self.nodes[at].next_token;
        self.input(at, Input::Publish { token, entries });
    }

    /// One thing that the people at a node do.
    pub(crate) fn act(&mut self, at: usize) {
        if !self.nodes[at].alive || !self.nodes[at].guard.is_empty() {
            return;
        }
        let Some(position) = self.nodes[at].engine.position(self.now) else { return self.heal(at) };
        // The engine and the author agree on where the log goes on, or somebody else has the key.
        let last = self.authors[at].last();
        if position.prev != last.id {
            if self.branches.contains(&self.authors[at].id) {
                return self.heal(at);
            }
            return self.fail("W2", format!("n{at} would sign after {:?}, not {:?}", position.prev, last.id));
        }
        let mut entries = Vec::new();
        let steward = self.nodes[at].engine.governance().is_steward(self.authors[at].id);
        if steward {
            entries = self.decide(at);
        }
        if entries.is_empty() {
            match self.rng.random_range(0..20) {
                0 => return self.rotate(at, 0),
                1 => {
                    let back = self.rng.random_range(1..3);
                    return self.rotate(at, back);
                }
                2 | 3 => entries.extend(self.withdraw(at)),
                4 if !steward => {
                    let leave = self.body(&Leave { net: self.net }.to_map());
                    entries.push(self.write(at, "leave", leave));
                    let join = Join { act: None, net: self.net, charter: BodyHash(self.net.0) };
                    let join = self.body(&join.to_map());
                    entries.push(self.write(at, "join", join));
                }
                _ => {
                    for _ in 0..self.rng.random_range(1..4) {
                        let body = self.record();
                        entries.push(self.write(at, "practice", body));
                    }
                }
            }
        }
        if !entries.is_empty() {
            self.publish(at, entries);
        }
    }

    /// A record's body, sometimes one that does not travel along.
    pub(crate) fn record(&mut self) -> Vec<u8> {
        let large = self.rng.random_ratio(1, 120);
        let len = if large { self.rng.random_range(49_200..52_000) } else { self.rng.random_range(0..300) };
        let mut map = Map::default();
        map.insert("text", Value::Text("m".repeat(len)));
        self.body(&map)
    }

    fn withdraw(&mut self, at: usize) -> Option<Arriving> {
        let own = *self.authors[at].own[1..].choose(&mut self.rng)?;
        let target = Ref { author: self.authors[at].id, seq: own.seq, id: own.id };
        let body = self.withdrawal(target, None);
        Some(self.write(at, "withdraw", body))
    }

    pub(crate) fn withdrawal(&mut self, target: Ref, net: Option<NetworkId>) -> Vec<u8> {
        let withdraw = Withdraw { net, basis: None, reason: "error".to_owned(), entries: vec![target] };
        self.body(&withdraw.to_map())
    }

    /// Rotates after the last entry, or after an earlier one of the same era.
    fn rotate(&mut self, at: usize, back: usize) {
        let own = &self.authors[at].own;
        let era = self.authors[at].last().era;
        let from = own.len().saturating_sub(1 + back);
        let Some(parent) = own.get(from).copied().filter(|own| own.era == era) else { return };
        self.rotate_after(at, parent);
    }

    fn rotate_after(&mut self, at: usize, parent: crate::author::Own) {
        let position = self.authors[at].after(parent, self.now);
        let author = &mut self.authors[at];
        let rotation = author.rotate(&mut self.rng, parent.era, position);
        let era = author.eras.len() - 1;
        author.stand_by(&rotation.signed, era);
        let rotation = self.made(rotation);
        self.publish(at, vec![rotation]);
    }

    /// The owner of a frozen log rotates after the last own entry, once.
    fn heal(&mut self, at: usize) {
        let author = self.authors[at].id;
        let Some(view) = self.nodes[at].engine.view(&author) else { return };
        let (status, last) = (view.choice.status, self.authors[at].last());
        if status == Status::Forked {
            self.note(format_args!("n{at} heals its log"));
            self.rotate_after(at, last);
        }
    }

    /// What a steward has to say: motions first, then applications and countersignatures.
    fn decide(&mut self, at: usize) -> Vec<Arriving> {
        let me = self.authors[at].id;
        if let Some(number) = self.motions.iter().position(|motion| !motion.done.contains(&at)) {
            self.motions[number].done.insert(at);
            let what = self.motions[number].what.clone();
            return vec![self.second(at, what)];
        }
        let engine = &self.nodes[at].engine;
        let mut items: BTreeSet<AuthorId> = engine.candidates().authors().collect();
        for (author, standing) in engine.governance().standings() {
            let spoke = standing.suspensions.iter().any(|suspension| suspension.by == me);
            let exists = self.authors.iter().any(|known| known.id == *author);
            if exists && !standing.admits.contains(&me) && !spoke && !standing.admits.is_empty() {
                items.insert(*author);
            }
        }
        items.extend(engine.governance().stewards().iter().filter(|steward| {
            engine.governance().standing(**steward).is_none_or(|standing| !standing.admits.contains(&me))
        }));
        if items.is_empty() {
            return Vec::new();
        }
        let mut items: Vec<Admission> = items.into_iter().map(|author| admission(author, None)).collect();
        if self.rng.random_ratio(1, 150) {
            // A body of a network kind that does not fit into a message (G3).
            items.extend((0..800).map(|_| admission(AuthorId(self.rng.random()), None)));
        }
        let body = self.body(&Admit { net: self.net, items }.to_map());
        vec![self.write(at, "admit", body)]
    }

    fn second(&mut self, at: usize, what: What) -> Arriving {
        let net = self.net;
        let admit = |items| Admit { net, items }.to_map();
        let (kind, body) = match what {
            What::Suspend(author, upto) => {
                let reason = "inactive".to_owned();
                let upto = u64::from(upto);
                ("suspend", self.body(&Suspend { net, note: None, upto, author, reason }.to_map()))
            }
            What::Admit(author) => ("admit", self.body(&admit(vec![admission(author, None)]))),
            What::Pin(author, id) => ("admit", self.body(&admit(vec![admission(author, Some(id))]))),
            What::Order(target) => ("withdraw", self.withdrawal(target, Some(net))),
            What::Amend(body) => ("charter", body),
        };
        self.write(at, kind, body)
    }

    /// Somebody moves something that stewards then decide.
    pub(crate) fn move_motion(&mut self) {
        let members = STEWARDS + 1..=NODES;
        let at = self.rng.random_range(members);
        let author = self.authors[at].id;
        let own = *self.authors[at].own.choose(&mut self.rng).expect("an inception");
        let what = match self.rng.random_range(0..10) {
            0..=2 => {
                let upto = self.authors[at].last().seq.saturating_sub(self.rng.random_range(0..4));
                What::Suspend(author, upto)
            }
            3 | 4 => What::Admit(author),
            5 | 6 => What::Order(Ref { author, seq: own.seq, id: own.id }),
            7 => {
                let eras = self.authors[at].own.iter().filter(|own| own.era > 0).map(|own| own.id).next();
                eras.map_or(What::Admit(author), |id| What::Pin(author, id))
            }
            _ => {
                let mut stewards = vec![self.authors[0].id, self.authors[1].id, self.authors[STEWARDS].id];
                stewards.sort_unstable();
                let charter = charter(stewards, 1, Some(BodyHash(self.net.0)));
                What::Amend(self.body(&charter.to_map()))
            }
        };
        self.note(format_args!("moved: {what:?}"));
        self.motions.push(Motion { what, done: BTreeSet::new() });
    }
}

fn admission(author: AuthorId, stands: Option<EntryId>) -> Admission {
    Admission { place: None, level: Some("commune".to_owned()), author, stands, succeeds: None }
}
