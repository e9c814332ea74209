//! A withholder claims heads that it does not supply, says that it holds nothing, shows empty
//! buckets, stops in the middle of an answer, or says nothing at all. It tries to keep a node from what
//! others would give it, and from ending its sessions.

use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, sha256};
use multaqa_protocol::log::{Head, Status};
use multaqa_protocol::sync::{EndCode, Frame, Row, Stewards, Want};
use rand::prelude::*;

use crate::world::World;

impl World {
    pub(super) fn withhold(&mut self, stream: u64, end: usize, frame: Frame) {
        match frame {
            Frame::Stewards(Stewards { heads, charter }) => {
                let heads = self.claim(&heads);
                self.send(stream, end, &Frame::Stewards(Stewards { heads, charter }));
            }
            Frame::Buckets(hashes) => {
                let empty = Bytes32(sha256(&[0x80]));
                let hashes = match self.rng.random_range(0..3) {
                    0 => hashes,
                    1 => hashes.iter().map(|_| empty).collect(),
                    _ => hashes.iter().map(|_| Bytes32(self.rng.random())).collect(),
                };
                self.send(stream, end, &Frame::Buckets(hashes));
            }
            Frame::Rows(rows) => {
                let rows = if self.rng.random_bool(0.2) { Vec::new() } else { self.claim(&rows) };
                self.send(stream, end, &Frame::Rows(rows));
            }
            Frame::Want(want) => self.withhold_answer(stream, end, want),
            Frame::Ask(hashes) => {
                for hash in hashes {
                    let lie = self.rng.random_ratio(1, 20).then(|| b"not that body".to_vec());
                    self.send(stream, end, &Frame::BodyIs(hash, lie));
                }
            }
            Frame::Done if self.rng.random_bool(0.8) => self.send(stream, end, &Frame::Done),
            Frame::Hello(_) if self.rng.random_ratio(1, 10) => {
                let hash = BodyHash(self.rng.random());
                self.send(stream, end, &Frame::Ask(vec![hash]));
            }
            _ => {}
        }
    }

    /// Returns the same rows with heads that nobody has.
    fn claim(&mut self, rows: &[Row]) -> Vec<Row> {
        let mut claimed = Vec::with_capacity(rows.len());
        for (author, head) in rows.iter().filter_map(Row::head) {
            let statuses = [Status::Ok, Status::Ok, Status::Forked, Status::Contested];
            let status = *statuses.choose(&mut self.rng).expect("four");
            let seq = head.seq.saturating_add(self.rng.random_range(0..1_000));
            let id = if self.rng.random_bool(0.3) { head.id } else { EntryId(self.rng.random()) };
            claimed.push(Row::new(author, Head { seq, id, status }));
        }
        // And authors of whom nobody has heard.
        if self.rng.random_ratio(1, 4) {
            let head = Head { seq: 1, id: EntryId(self.rng.random()), status: Status::Ok };
            let strangers = (0..500).map(|_| AuthorId(self.rng.random()));
            claimed.extend(strangers.map(|author| Row::new(author, head)).collect::<Vec<_>>());
            claimed.sort_by_key(|row| row.head().map(|(author, _)| author));
        }
        claimed
    }

    fn withhold_answer(&mut self, stream: u64, end: usize, want: Want) {
        let author = want.author;
        let code = match self.rng.random_range(0..6) {
            0 | 1 => EndCode::NotHeld,
            2 => EndCode::Sent,
            3 => EndCode::Later,
            // Nothing: the session ends by its silence (Y7).
            4 => return,
            _ => {
                let Some(at) = self.authors.iter().position(|known| known.id == author) else { return };
                let last = self.authors[at].last().id;
                let path = self.path_to(&self.made[&last].clone());
                let kept = self.rng.random_range(0..=path.len());
                return self.serve_path(stream, end, author, &path[..kept]);
            }
        };
        self.send(stream, end, &Frame::End { code, author });
    }
}
