//! An equivocator shows different branches of its log to different peers, by gossip and in sessions,
//! and then contradicts itself with its rotation key too. It tries to make two honest nodes count
//! different entries for good.

use multaqa_protocol::id::{Bytes32, EntryId};
use multaqa_protocol::log::{Head, Status};
use multaqa_protocol::sync::{EndCode, Frame, Row, Want};
use rand::prelude::*;

use crate::stewards::{Motion, What};
use crate::world::World;

impl World {
    /// First it writes like any other, then it signs two branches, then it heals them, or rotates
    /// twice after the same entry; some of these rotations are moved to be pinned, others stay
    /// contested.
    pub(super) fn equivocate(&mut self, peer: usize, step: u32) {
        let step = if step < 6 { step } else { self.rng.random_range(0..6) };
        match step {
            0 | 1 => {
                for _ in 0..3 {
                    let body = self.record();
                    let arriving = self.write(peer, "practice", body);
                    let to = self.some_nodes();
                    self.show(peer, &[arriving], &to);
                }
            }
            2 | 3 => self.two_branches(peer),
            _ => self.rotations(peer, if step == 4 { 1 } else { 2 }),
        }
    }

    fn two_branches(&mut self, peer: usize) {
        let last = self.authors[peer].last();
        self.hostile(peer).tips.clear();
        for _ in 0..2 {
            let len = self.rng.random_range(1..4);
            let branch = self.branch(peer, last, len);
            let to = self.some_nodes();
            self.note(format_args!("n{peer} shows {to:?} {len} after {last:?}"));
            self.show(peer, &branch, &to);
            let end = branch.last().expect("one at least").signed.entry().clone();
            self.hostile(peer).tips.push(end.id());
            if self.rng.random_bool(0.5) {
                self.authors[peer].stand_by(&end, last.era);
            }
        }
    }

    /// Rotates `copies` times after its last entry.
    pub(super) fn rotations(&mut self, peer: usize, copies: u8) {
        let last = self.authors[peer].last();
        self.hostile(peer).tips.clear();
        for _ in 0..copies {
            let position = self.authors[peer].after(last, self.now);
            let author = &mut self.authors[peer];
            let rotation = author.rotate(&mut self.rng, last.era, position);
            let era = author.eras.len() - 1;
            author.stand_by(&rotation.signed, era);
            let rotation = self.made(rotation);
            let (id, to) = (rotation.signed.id(), self.some_nodes());
            self.note(format_args!("n{peer} shows {to:?} the rotation {id:?}"));
            self.show(peer, std::slice::from_ref(&rotation), &to);
            self.hostile(peer).tips.push(id);
            if copies == 2 && self.rng.random_bool(0.3) {
                let what = What::Pin(self.authors[peer].id, id);
                self.motions.push(Motion { what, done: Default::default() });
            }
        }
    }

    /// In a session it claims one of its branches, another one to another peer, and supplies it.
    pub(super) fn show_branch(&mut self, stream: u64, end: usize, [peer, to]: [usize; 2], frame: Frame) {
        let author = self.authors[peer].id;
        let tips = &self.hostile(peer).tips;
        let shown = tips.get(to % tips.len().max(1)).copied();
        let shown: EntryId = shown.unwrap_or_else(|| self.authors[peer].last().id);
        match frame {
            Frame::Stewards(said) => self.send(stream, end, &Frame::Stewards(said)),
            Frame::Buckets(hashes) => {
                let hashes = hashes.iter().map(|_| Bytes32(self.rng.random())).collect();
                self.send(stream, end, &Frame::Buckets(hashes));
            }
            Frame::Rows(_) => {
                let head = Head { seq: self.made[&shown].signed.seq(), id: shown, status: Status::Ok };
                self.send(stream, end, &Frame::Rows(vec![Row::new(author, head)]));
            }
            Frame::Want(Want { author: wanted, have, .. }) if wanted == author => {
                let mut path = self.path_to(&self.made[&shown].clone());
                let shared = path.iter().rposition(|entry| have.contains(&entry.signed.id()));
                path.drain(..shared.map_or(0, |at| at + 1));
                self.serve_path(stream, end, author, &path);
            }
            Frame::Want(Want { author, .. }) => {
                self.send(stream, end, &Frame::End { code: EndCode::NotHeld, author });
            }
            Frame::Ask(hashes) => {
                hashes.into_iter().for_each(|hash| self.send(stream, end, &Frame::BodyIs(hash, None)));
            }
            Frame::Done => self.send(stream, end, &Frame::Done),
            _ => {}
        }
    }
}
