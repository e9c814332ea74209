//! What an engine orders, done as the node's driver does it, and checked: nothing is public before it
//! is durable.

use std::collections::VecDeque;
use std::sync::Arc;

use multaqa_protocol::engine::{Effect, Ending, SessionId};
use multaqa_protocol::entry::MAX_CARRIED_BODY;
use multaqa_protocol::gossip::{self, Message, Verdict};
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::network::{Ref, Withdrawal};
use multaqa_protocol::sync::{Carried, EndCode, Frame, Row};
use rand::RngExt;

use crate::wire::end_of;
use crate::world::{Event, World};

impl World {
    pub(crate) fn effect(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Append { ticket, batch } => {
                let slow = if self.faults.on && self.rng.random_ratio(1, 50) { 3_000 } else { 30 };
                let delay = self.rng.random_range(1..=slow);
                self.check_batch(at, &batch);
                let node = &mut self.nodes[at];
                node.due = node.due.max(self.now + delay);
                node.appends.push_back((ticket, batch));
                let (after, start) = (node.due - self.now, node.start);
                self.at(after, Event::Appended { node: at, start, ticket });
            }
            Effect::Send { session, frame } => {
                self.check_frame(at, &frame);
                self.trace_frame(at, session, &frame);
                let (stream, end) = end_of(session);
                self.send(stream, end, &frame);
            }
            Effect::Serve { session, author, runs, code } => self.serve(at, session, author, runs, code),
            Effect::ServeBodies { session, hashes } => {
                let (stream, end) = end_of(session);
                for hash in hashes {
                    let body = self.nodes[at].serves(&hash);
                    self.send(stream, end, &Frame::BodyIs(hash, body));
                }
            }
            Effect::EndSession { session, ending } => {
                let (stream, end) = end_of(session);
                self.note(format_args!("n{at} ends s{stream}: {ending:?}"));
                self.check_ending(at, stream, end, ending);
                self.close(stream, end);
            }
            Effect::Judge { id, from, verdict } => {
                let from = usize::try_from(from.0).expect("small");
                if verdict == Verdict::Reject && !self.is_hostile(from) {
                    self.fail("G3", format!("n{at} rejects a message of n{from}"));
                }
                let bytes = self.nodes[at].messages.get(&id).cloned();
                if let (Verdict::Accept, Some(bytes)) = (verdict, bytes) {
                    self.check_public(at, "G3", &bytes);
                    self.flood(at, Some(from), &bytes);
                }
            }
            Effect::Announce { message } => {
                self.check_public(at, "W5", &message);
                self.announce(at, &message);
            }
            Effect::AnnounceFork { author, places } => self.announce_fork(at, author, places),
            Effect::Penalise { peer, rule } => {
                self.note(format_args!("n{at} thinks less of n{}: {rule}", peer.0));
                self.quality.blamed += 1;
                if peer.0 < self.profile.honest as u64 {
                    self.fail(rule, format!("n{at} blames n{}, which followed the protocol", peer.0));
                }
            }
            Effect::Pull { peer } => {
                let delay = self.delay();
                let to = usize::try_from(peer.0).expect("small");
                self.at(delay, Event::Connect { from: at, to });
            }
            Effect::Done { token: u64::MAX, .. } => {}
            Effect::Done { done, .. } => {
                let author = self.authors[at].id;
                if !done.refused.is_empty() || done.ignored > 0 {
                    self.fail("W2", format!("n{at} publishes and is told {done:?}"));
                }
                let node = &mut self.nodes[at];
                for id in done.stored.iter().copied().chain(node.guard.iter().map(|own| own.signed.id())) {
                    node.acked.insert((author, id));
                }
                node.guard.clear();
                if let Some(id) = done.stored.iter().find(|id| !self.nodes[at].store.holds(&author, id)) {
                    self.fail("W5", format!("n{at} acknowledges {id:?}, which is not durable"));
                }
            }
            Effect::KeepCandidate { author, entries } => {
                self.note(format_args!("n{at} keeps the application of {author:?}"));
                self.nodes[at].files.insert(author, entries);
            }
            Effect::DropCandidate { author } => drop(self.nodes[at].files.remove(&author)),
            Effect::Withdraw { target, withdrawal } => self.withdraw_at(at, target, withdrawal.as_ref()),
            Effect::Unplaced { id } => self.fail("A8", format!("n{at} cannot place {id:?}")),
            Effect::OwnUnknown { id } => {
                self.note(format_args!("n{at} learns of its own {id:?}"));
                self.nodes[at].elsewhere.insert(id);
            }
        }
    }

    /// B2, B3: a body is hidden while all that name it are withdrawn; hidden, it is not asked for, and
    /// erased after a time, or at once by order.
    fn withdraw_at(&mut self, at: usize, target: Ref, withdrawal: Option<&Withdrawal>) {
        self.note(format_args!("n{at} withdraws {:?}: {}", target.id, withdrawal.is_some()));
        let node = &mut self.nodes[at];
        let Some(body) = node.set_withdrawn(&target, withdrawal.is_some()) else { return };
        if node.store.lacks(&body.hash) {
            node.engine.note_missing(body.hash, body.len);
        } else {
            node.engine.forget_missing(&body.hash);
        }
        if self.nodes[at].is_hidden(&body.hash) {
            let ordered = withdrawal.is_some_and(Withdrawal::is_ordered);
            self.erase_later(at, body.hash, ordered);
        }
    }

    pub(crate) fn announce(&mut self, at: usize, message: &[u8]) {
        let bytes: Arc<[u8]> = message.into();
        self.nodes[at].messages.insert(gossip::message_id(&bytes), bytes.clone());
        self.flood(at, None, &bytes);
    }

    fn announce_fork(&mut self, at: usize, author: AuthorId, places: [Place; 2]) {
        let found = places.map(|place| self.nodes[at].store.entry(author, place).cloned());
        let [Some(mut a), Some(mut b)] = found else {
            return self.fail("S3", format!("n{at} announces a fork of {author:?} that is not durable"));
        };
        if a.id() > b.id() {
            std::mem::swap(&mut a, &mut b);
        }
        self.note(format_args!("n{at} announces the fork {:?} {:?} of {author:?}", a.id(), b.id()));
        let message = Message::Fork([a.envelope().to_vec(), b.envelope().to_vec()]).encode();
        if !self.nodes[at].messages.contains_key(&gossip::message_id(&message)) {
            self.announce(at, &message);
        }
    }

    /// Streams entries from the store in frames of a few, then the end.
    fn serve(&mut self, at: usize, id: SessionId, author: AuthorId, runs: Vec<Stretch>, code: EndCode) {
        let (stream, end) = end_of(id);
        let mut frame = Vec::new();
        let mut frames = VecDeque::new();
        let mut sent = 0;
        for run in &runs {
            for seq in run.first..=run.last {
                let place = Place { branch: run.branch, seq };
                let node = &self.nodes[at];
                let Some(entry) = node.store.entry(author, place) else {
                    return self
                        .fail("W5", format!("n{at} serves {author:?} {place:?}, which is not durable"));
                };
                let withdrawn = node.store.withdrawn.contains(&(author, entry.id()));
                let travels = entry.is_network_kind() || entry.header().body.len <= MAX_CARRIED_BODY;
                let body = if travels && !withdrawn { node.serves(&entry.header().body.hash) } else { None };
                frame.push(Carried { envelope: entry.envelope().to_vec(), body });
                sent += 1;
                if self.rng.random_ratio(1, 8) {
                    frames.push_back(Frame::Entries(std::mem::take(&mut frame)));
                }
            }
        }
        if !frame.is_empty() {
            frames.push_back(Frame::Entries(frame));
        }
        self.note(format_args!("n{at} serves {sent} of {author:?} on s{stream}: {code:?}"));
        for frame in frames {
            self.send(stream, end, &frame);
        }
        self.send(stream, end, &Frame::End { code, author });
    }

    /// W5: every entry that a frame names is durable at its sender.
    fn check_frame(&mut self, at: usize, frame: &Frame) {
        let heads = |rows: &[Row]| rows.iter().filter_map(Row::head).map(|(a, head)| (a, head.id)).collect();
        let named: Vec<_> = match frame {
            Frame::Stewards(stewards) => heads(&stewards.heads),
            Frame::Rows(rows) => heads(rows),
            Frame::Want(want) => want.have.iter().map(|id| (want.author, *id)).collect(),
            _ => return,
        };
        if let Some((author, id)) = named.iter().find(|(author, id)| !self.nodes[at].store.holds(author, id))
        {
            self.fail("W5", format!("n{at} names {id:?} of {author:?} before it is durable"));
        }
    }

    /// W5, G3: what a message holds is durable at its sender.
    fn check_public(&mut self, at: usize, rule: &'static str, bytes: &[u8]) {
        let envelopes = match Message::decode(bytes) {
            Ok(Message::Entry { envelope, .. }) => vec![envelope],
            Ok(Message::Fork(envelopes)) => envelopes.to_vec(),
            Err(error) => return self.fail("G1", format!("n{at} sends what is no message: {error}")),
        };
        // Of a proof, one entry may be a third child of the head, which is not kept (S4).
        let entries: Vec<_> = envelopes.iter().filter_map(|envelope| self.decode(envelope).ok()).collect();
        let store = &self.nodes[at].store;
        if !entries.iter().any(|signed| store.holds(&signed.author(), &signed.id())) {
            self.fail(rule, format!("n{at} forwards {entries:?} before it is durable"));
        }
    }

    fn trace_frame(&mut self, at: usize, id: SessionId, frame: &Frame) {
        let (stream, _) = end_of(id);
        match frame {
            Frame::Hello(hello) => self.note(format_args!("n{at} s{stream} hello {:?}", hello.root)),
            Frame::Stewards(said) => self.note(format_args!("n{at} s{stream} {} stewards", said.heads.len())),
            Frame::Buckets(_) => self.note(format_args!("n{at} s{stream} buckets")),
            Frame::Rows(rows) => self.note(format_args!("n{at} s{stream} {} rows", rows.len())),
            Frame::Want(want) => {
                self.note(format_args!("n{at} s{stream} want {:?} {:?}", want.author, want.tip));
            }
            Frame::Entries(entries) => self.note(format_args!("n{at} s{stream} {} entries", entries.len())),
            Frame::End { author, .. } => self.note(format_args!("n{at} s{stream} end {author:?}")),
            Frame::Ask(hashes) => self.note(format_args!("n{at} s{stream} ask {}", hashes.len())),
            Frame::BodyIs(hash, _) => self.note(format_args!("n{at} s{stream} body {hash:?}")),
            Frame::Done => self.note(format_args!("n{at} s{stream} done")),
        }
    }

    /// Y7: two nodes that follow the protocol end their session by having no more questions.
    fn check_ending(&mut self, at: usize, stream: u64, end: usize, ending: Ending) {
        let Some(found) = self.streams.get(&stream) else { return };
        let (peer, jumped) = (found.ends[1 - end], found.opened <= self.nodes[at].jumped);
        if matches!(ending, Ending::Complete) {
            self.note_asked(at, peer);
        }
        if !self.is_hostile(peer) && !matches!(ending, Ending::Complete) && !self.faults.on && !jumped {
            self.fail("Y7", format!("n{at} ends s{stream} with n{peer}: {ending:?}"));
        }
    }
}
