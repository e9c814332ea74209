//! What honest people do with their own logs: begin them, publish, withdraw, rotate, heal.

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::engine::{Arriving, Input};
use multaqa_protocol::entry;
use multaqa_protocol::id::{BodyHash, NetworkId, sha256};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Admit, Body, Join, Leave, Ref, Suspend, Withdraw};
use rand::prelude::*;

use crate::author::Own;
use crate::profile::Size;
use crate::stewards::admission;
use crate::world::{START, World};

impl World {
    /// Begins every log: stewards sign the charter, everybody asks to join.
    pub(crate) fn begin(&mut self, charter: Vec<u8>) {
        let hash = BodyHash(sha256(&charter));
        let founders = self.profile.founders();
        for at in 0..self.profile.nodes() {
            let inception = self.authors[at].inception.clone();
            let mut entries = vec![self.made(inception)];
            if founders.contains(&at) {
                entries.push(self.write(at, "charter", charter.clone()));
            }
            let join = Join { act: None, net: self.net, charter: hash };
            let join = self.body(&join.to_map());
            entries.push(self.write(at, "join", join));
            // A large network begins with its members: they reached its stewards as files.
            if founders.contains(&at) && self.profile.size == Size::Large {
                let items = self.authors.iter().map(|author| admission(author.id, None)).collect();
                let body = self.body(&Admit { net: self.net, items }.to_map());
                entries.push(self.write(at, "admit", body));
            }
            if self.is_hostile(at) {
                self.file_application(entries);
            } else {
                self.publish(at, entries);
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

    /// Returns what an author claims the time to be: seldom anything else than what it is (W4).
    fn claimed_time(&mut self) -> u64 {
        match self.rng.random_range(0..40) {
            0 => 0,
            1 => (1 << 53) - 1,
            2 => self.rng.random_range(0..2 * START),
            _ => self.now,
        }
    }

    /// Signs what follows the last entry that an author stands by.
    pub(crate) fn write(&mut self, at: usize, kind: &str, body: Vec<u8>) -> Arriving {
        let last = self.authors[at].last();
        let time = self.claimed_time();
        let position = self.authors[at].after(last, time);
        let arriving = self.authors[at].write(last.era, position, kind, body);
        self.authors[at].stand_by(&arriving.signed, last.era);
        self.made(arriving)
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
        let node = &self.nodes[at];
        if !node.alive || !node.guard.is_empty() || node.is_read_only(self.now) {
            return;
        }
        if !self.may_sign(at) {
            // Where a thief has the key, what is elsewhere never comes: the owner rotates.
            let gives_up = self.nodes[at].quarantine.is_none() && self.rng.random_ratio(1, 4);
            if gives_up {
                self.heal(at);
            }
            return;
        }
        let node = &self.nodes[at];
        let Some(position) = node.engine.position(self.now) else { return self.heal(at) };
        // The engine and the author agree on where the log goes on, or somebody else has the key.
        let last = self.authors[at].last();
        if position.prev != last.id {
            if self.authors[at].forgot {
                // What a restored backup had forgotten came back, and an own rotation in it decides.
                return self.adopt_own(at);
            }
            if self.branches.contains(&self.authors[at].id) {
                return self.heal(at);
            }
            return self.fail("W2", format!("n{at} would sign after {:?}, not {:?}", position.prev, last.id));
        }
        let is_steward = node.engine.governance().is_steward(self.authors[at].id);
        let mut entries = if is_steward { self.decide(at) } else { Vec::new() };
        if entries.is_empty() {
            match self.rng.random_range(0..24) {
                0 => return self.rotate(at, 0),
                1 => {
                    let back = self.rng.random_range(1..3);
                    return self.rotate(at, back);
                }
                2 | 3 => entries.extend(self.withdraw(at)),
                4 if !is_steward => {
                    let leave = self.body(&Leave { net: self.net }.to_map());
                    entries.push(self.write(at, "leave", leave));
                    let join = Join { act: None, net: self.net, charter: BodyHash(self.net.0) };
                    let join = self.body(&join.to_map());
                    entries.push(self.write(at, "join", join));
                }
                5 => entries.push(self.speak_elsewhere(at)),
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

    /// A statement in another network, which has no effect in this one: every statement names its
    /// network.
    fn speak_elsewhere(&mut self, at: usize) -> Arriving {
        let net = self.other_net;
        let author = self.authors.choose(&mut self.rng).expect("some").id;
        let (kind, map) = match self.rng.random_range(0..4) {
            0 => ("join", Join { act: None, net, charter: BodyHash(net.0) }.to_map()),
            1 => ("leave", Leave { net }.to_map()),
            2 => ("admit", Admit { net, items: vec![admission(author, None)] }.to_map()),
            _ => {
                let reason = "elsewhere".to_owned();
                ("suspend", Suspend { net, note: None, upto: 0, author, reason }.to_map())
            }
        };
        let body = self.body(&map);
        self.write(at, kind, body)
    }

    /// A record's body: sometimes one that does not travel along, sometimes the same as an earlier one.
    pub(crate) fn record(&mut self) -> Vec<u8> {
        if self.rng.random_ratio(1, 12)
            && let Some(id) = self.made_in_order.choose(&mut self.rng)
            && let Some(body) =
                self.made[id].body.as_ref().filter(|_| self.made[id].signed.kind() == "practice")
        {
            return body.to_vec();
        }
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

    fn rotate_after(&mut self, at: usize, parent: Own) {
        let position = self.authors[at].after(parent, self.now);
        let author = &mut self.authors[at];
        let rotation = author.rotate(&mut self.rng, parent.era, position);
        let era = author.eras.len() - 1;
        author.stand_by(&rotation.signed, era);
        let rotation = self.made(rotation);
        self.nodes[at].elsewhere.clear();
        self.publish(at, vec![rotation]);
    }

    /// The owner of a log that is frozen, or that somebody else writes too, rotates after the last own
    /// entry, once.
    fn heal(&mut self, at: usize) {
        let author = self.authors[at].id;
        let Some(view) = self.nodes[at].engine.view(&author) else { return };
        let (status, last) = (view.choice.status, self.authors[at].last());
        let stolen = !self.nodes[at].elsewhere.is_empty();
        if self.nodes[at].quarantine.is_none() && (status == Status::Forked || stolen) {
            self.note(format_args!("n{at} heals its log"));
            self.rotate_after(at, last);
        }
    }
}
