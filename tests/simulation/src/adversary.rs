//! What others do: an equivocating author, a thief of a key, a node that sends valid frames out of
//! place, a node that withholds.

use std::sync::Arc;

use multaqa_protocol::engine::Arriving;
use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::{BodyHash, Bytes32, EntryId};
use multaqa_protocol::network::{Admission, Admit, Body, Ref};
use multaqa_protocol::sync::{EndCode, Frame, Hello, Want};
use rand::prelude::*;

use crate::acts::{Motion, What};
use crate::author::Own;
use crate::world::{Event, HOSTILE, NODES, STEWARDS, World};

/// The node that sends frames out of place; the one after it withholds.
const GARBLER: usize = NODES;

impl World {
    /// Shows entries, and all that is above them, to some nodes only, in order, by gossip.
    fn show(&mut self, entries: &[Arriving], to: &[usize]) {
        let from = NODES + self.rng.random_range(0..HOSTILE);
        let mut delay = 0;
        let mut path = entries.to_vec();
        while let Some(above) = path[0].signed.prev().and_then(|prev| self.made.get(&prev)) {
            path.insert(0, above.clone());
        }
        for arriving in path {
            delay += self.rng.random_range(10..200);
            let entry = arriving.signed.entry();
            let body = arriving.body.as_ref().filter(|_| entry.carries_body()).map(|body| body.to_vec());
            let message = Message::Entry { envelope: entry.envelope().to_vec(), body }.encode();
            let bytes: Arc<[u8]> = message.into();
            for to in to {
                self.at(delay, Event::Message { to: *to, from, bytes: bytes.clone() });
            }
        }
    }

    fn some_nodes(&mut self) -> Vec<usize> {
        let count = self.rng.random_range(1..4);
        (0..count).map(|_| self.rng.random_range(0..NODES)).collect()
    }

    /// Signs a branch of records after `parent`.
    fn branch(&mut self, at: usize, parent: Own, len: usize) -> Vec<Arriving> {
        let mut last = parent;
        let mut out = Vec::new();
        for _ in 0..len {
            let author = &self.authors[at];
            let position = author.after(last, self.now);
            let target = Ref { author: author.id, seq: parent.seq, id: parent.id };
            let (kind, body) = match self.rng.random_range(0..4) {
                0 => ("withdraw", self.withdrawal(target, None)),
                1 => ("admit", self.admits_somebody()),
                _ => ("practice", self.record()),
            };
            let arriving = self.authors[at].write(parent.era, position, kind, body);
            last = Own { seq: arriving.signed.seq(), id: arriving.signed.id(), era: parent.era };
            out.push(self.made(arriving));
        }
        self.branches.insert(self.authors[at].id);
        out
    }

    fn admits_somebody(&mut self) -> Vec<u8> {
        let author = self.authors[self.rng.random_range(0..=NODES)].id;
        let items = vec![Admission { place: None, level: None, author, stands: None, succeeds: None }];
        self.body(&Admit { net: self.net, items }.to_map())
    }

    /// A thief signs after an earlier entry of a log and shows the branch to some.
    pub(crate) fn thief(&mut self) {
        if !self.faults.on {
            return;
        }
        let victim = self.rng.random_range(0..NODES);
        let era = self.authors[victim].last().era;
        let own = &self.authors[victim].own;
        let parents: Vec<Own> = own.iter().rev().take(4).filter(|own| own.era == era).copied().collect();
        let parent = *parents.choose(&mut self.rng).expect("the last one");
        let len = self.rng.random_range(1..4);
        let branch = self.branch(victim, parent, len);
        let to = self.some_nodes();
        self.note(format_args!("a thief of n{victim}'s key shows {to:?} {len} after {parent:?}"));
        self.show(&branch, &to);
    }

    /// The author without a node: first it writes like any other, then it signs two branches, then it
    /// heals them, or contradicts itself with its rotation key too.
    pub(crate) fn equivocate(&mut self, step: u8) {
        if !self.faults.on {
            return;
        }
        let at = NODES;
        match step {
            0 | 1 => {
                for _ in 0..3 {
                    let body = self.record();
                    let arriving = self.write(at, "practice", body);
                    let to = self.some_nodes();
                    self.show(&[arriving], &to);
                }
            }
            2 | 3 => {
                let last = self.authors[at].last();
                for _ in 0..2 {
                    let len = self.rng.random_range(1..4);
                    let branch = self.branch(at, last, len);
                    let to = self.some_nodes();
                    self.note(format_args!("the equivocator shows {to:?} {len} after {last:?}"));
                    self.show(&branch, &to);
                    if self.rng.random_bool(0.5) {
                        let end = branch.last().expect("one at least").signed.entry().clone();
                        self.authors[at].stand_by(&end, last.era);
                    }
                }
            }
            _ => {
                let last = self.authors[at].last();
                let copies = if step == 4 { 1 } else { 2 };
                for _ in 0..copies {
                    let position = self.authors[at].after(last, self.now);
                    let author = &mut self.authors[at];
                    let rotation = author.rotate(&mut self.rng, last.era, position);
                    let era = author.eras.len() - 1;
                    author.stand_by(&rotation.signed, era);
                    let rotation = self.made(rotation);
                    let to = self.some_nodes();
                    self.note(format_args!(
                        "the equivocator shows {to:?} the rotation {:?}",
                        rotation.signed.id()
                    ));
                    self.show(std::slice::from_ref(&rotation), &to);
                    if copies == 2 && self.rng.random_bool(0.3) {
                        let what = What::Pin(self.authors[at].id, rotation.signed.id());
                        self.motions.push(Motion { what, done: Default::default() });
                    }
                }
            }
        }
    }

    /// Something invalid or out of order by gossip.
    pub(crate) fn hostile_gossip(&mut self) {
        if !self.faults.on {
            return;
        }
        let made: Vec<EntryId> = self.signed.keys().copied().collect();
        let picked = *made.choose(&mut self.rng).expect("logs begin with entries");
        let mut envelope = self.signed[&picked].envelope().to_vec();
        if self.rng.random_bool(0.5) {
            // A signature that is not one: G2 keeps the good message apart.
            let last = envelope.len() - 1 - self.rng.random_range(0..60);
            envelope[last] ^= 1;
        }
        let other = self.signed[made.choose(&mut self.rng).expect("as above")].envelope().to_vec();
        let message = match self.rng.random_range(0..3) {
            0 => Message::Fork([envelope, other]),
            _ => Message::Entry { envelope, body: None },
        };
        let to = self.rng.random_range(0..NODES);
        self.at(1, Event::Message { to, from: GARBLER, bytes: message.encode().into() });
    }

    pub(crate) fn hostile_opened(&mut self, stream: u64, end: usize) {
        let root = Bytes32(self.rng.random());
        let hello = Hello { net: self.net, root, time: self.now, candidates: None };
        self.send(stream, end, &Frame::Hello(hello));
    }

    /// The garbler answers a frame with any frames; the withholder says that it holds nothing.
    pub(crate) fn hostile_frame(&mut self, stream: u64, end: usize, bytes: &[u8]) {
        let Some(found) = self.streams.get(&stream) else { return };
        if found.ends[end] != GARBLER {
            match Frame::decode(bytes) {
                Ok(Frame::Want(Want { author, .. })) if self.rng.random_bool(0.7) => {
                    self.send(stream, end, &Frame::End { code: EndCode::NotHeld, author });
                }
                Ok(frame @ (Frame::Stewards(_) | Frame::Buckets(_))) => self.send(stream, end, &frame),
                _ => {}
            }
            return;
        }
        for _ in 0..self.rng.random_range(0..3) {
            let frame = match self.rng.random_range(0..8) {
                0 => Frame::Ask(vec![BodyHash(self.rng.random())]),
                1 => Frame::Done,
                2 => {
                    let author = self.authors[self.rng.random_range(0..STEWARDS)].id;
                    Frame::Want(Want { tip: None, have: Vec::new(), author })
                }
                _ => {
                    let heard = self.heard.choose(&mut self.rng).cloned();
                    heard.and_then(|bytes| Frame::decode(&bytes).ok()).unwrap_or(Frame::Done)
                }
            };
            self.send(stream, end, &frame);
        }
    }
}
