//! A forger floods with what is invalid: broken signatures over good headers, entries of others signed
//! with its own key, entries whose parents nobody has, bodies that belong to another entry, proofs of
//! forks that prove none, bytes that are no message. It tries to have something taken that nobody
//! signed, or something good refused because of it (G2).

use std::sync::Arc;

use multaqa_protocol::engine::Arriving;
use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::EntryId;
use rand::prelude::*;

use super::message_of;
use crate::author::Own;
use crate::world::{Event, World};

impl World {
    pub(super) fn forge(&mut self, peer: usize) {
        for _ in 0..self.flood_len() {
            let bytes = self.forgery(peer);
            let to = self.some_honest();
            let delay = self.rng.random_range(1..500);
            self.at(delay, Event::Message { to, from: peer, bytes });
        }
    }

    fn some_entry(&mut self) -> Arriving {
        let id = self.made_in_order.choose(&mut self.rng).expect("logs begin with entries");
        self.made[id].clone()
    }

    fn forgery(&mut self, peer: usize) -> Arc<[u8]> {
        let entry = self.some_entry();
        let mut envelope = entry.signed.envelope().to_vec();
        let body = || entry.body.as_ref().filter(|_| entry.signed.carries_body()).map(|body| body.to_vec());
        match self.rng.random_range(0..7) {
            0 => {
                // A signature that is not one: G2 keeps the good message apart.
                let last = envelope.len() - 1 - self.rng.random_range(0..60);
                envelope[last] ^= 1;
                Message::Entry { envelope, body: body() }.encode().into()
            }
            1 => {
                let at = self.rng.random_range(0..envelope.len());
                envelope[at] ^= 1 << self.rng.random_range(0..8);
                Message::Entry { envelope, body: body() }.encode().into()
            }
            2 => self.signed_for_another(peer),
            3 => {
                // The parent exists nowhere.
                let last = self.authors[peer].last();
                let parent = Own { seq: last.seq + 5, id: EntryId(self.rng.random()), era: last.era };
                let body = self.record();
                let position = self.authors[peer].after(parent, self.now);
                message_of(&self.authors[peer].write(last.era, position, "practice", body))
            }
            4 => {
                let other = self.some_entry().body.map(|body| body.to_vec());
                Message::Entry { envelope, body: other }.encode().into()
            }
            5 => {
                let other = self.some_entry().signed.envelope().to_vec();
                Message::Fork([envelope, other]).encode().into()
            }
            _ => (0..self.rng.random_range(0..200)).map(|_| self.rng.random::<u8>()).collect(),
        }
    }

    /// An entry that says that it is another author's, signed with the forger's key.
    fn signed_for_another(&mut self, peer: usize) -> Arc<[u8]> {
        let victim = self.some_honest();
        let position = self.authors[victim].after(self.authors[victim].last(), self.now);
        let body = self.record();
        let era = self.authors[peer].last().era;
        message_of(&self.authors[peer].write(era, position, "practice", body))
    }
}
