//! A steward who turns, alone or with fewer than k others: it votes for charters of its own, admits,
//! suspends, orders and pins the same authors in contradiction, then forks its own log. It tries to
//! split the honest nodes over who belongs, or to decide without the others.

use multaqa_protocol::id::{AuthorId, BodyHash};
use multaqa_protocol::network::Body;
use rand::prelude::*;

use crate::stewards::{What, charter};
use crate::world::World;

impl World {
    pub(super) fn turn(&mut self, peer: usize, step: u32) {
        let count = self.rng.random_range(1..4);
        if step > 4 && self.rng.random_ratio(1, 4) {
            return self.turn_twice(peer);
        }
        for _ in 0..count {
            let what = if self.rng.random_ratio(1, 5) { self.own_charter() } else { self.motion() };
            self.note(format_args!("n{peer}, a steward, says {what:?}"));
            let arriving = self.second(peer, what);
            let to = self.some_nodes();
            self.show(peer, &[arriving], &to);
        }
    }

    /// A charter for which those who turned vote together: they alone are its stewards.
    fn own_charter(&mut self) -> What {
        let (version, prev) = match self.nodes[0].engine.governance().charter() {
            Some(current) => (current.charter.version + 1, current.hash),
            None => (1, BodyHash(self.net.0)),
        };
        let honest = self.profile.honest;
        let stewards: Vec<AuthorId> =
            self.authors[honest..honest + self.profile.turned].iter().map(|author| author.id).collect();
        let k = stewards.len();
        // The same bytes each time, so that their votes are for one body.
        let map = charter(stewards, k, version, Some(prev)).to_map();
        What::Amend(multaqa_protocol::entry::encode_body([7; 16], &map))
    }

    /// Two branches of a steward's log, each with a statement, shown to different nodes; later a
    /// rotation that heals it, or two that contradict each other.
    fn turn_twice(&mut self, peer: usize) {
        if self.hostile(peer).tips.is_empty() {
            let last = self.authors[peer].last();
            for _ in 0..2 {
                let len = self.rng.random_range(1..3);
                let branch = self.branch(peer, last, len);
                let to = self.some_nodes();
                self.note(format_args!("n{peer}, a steward, shows {to:?} {len} after {last:?}"));
                self.show(peer, &branch, &to);
                let tip = branch.last().expect("one at least").signed.id();
                self.hostile(peer).tips.push(tip);
            }
        } else {
            let copies = if self.rng.random_bool(0.7) { 1 } else { 2 };
            self.rotations(peer, copies);
            self.hostile(peer).tips.clear();
        }
    }
}
