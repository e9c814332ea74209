//! Links: streams that are ordered and may break, gossip that is lost, repeated and reordered.

use std::sync::Arc;

use multaqa_protocol::engine::{Arriving, Input, Peer, SessionId};
use multaqa_protocol::gossip::{self, Message};
use multaqa_protocol::id::Millis;
use multaqa_protocol::sync::{Carried, Frame};

use rand::RngExt;

use crate::world::{Event, World};

/// Frames, and messages, that hostile nodes remember to send again.
const REMEMBERED: usize = 3_000;

/// A sync stream.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) ends: [usize; 2],
    pub(crate) starts: [u32; 2],
    pub(crate) open: [bool; 2],
    /// When the last frame towards each end arrives.
    due: [Millis; 2],
    pub(crate) bytes: u64,
    pub(crate) frames: u64,
    pub(crate) opened: Millis,
    /// Whether the two had the same heads when it began.
    pub(crate) equal: bool,
    /// Nothing that is sent from now on arrives.
    breaks: bool,
}

/// Returns the stream and the end of a session.
pub(crate) fn end_of(session: SessionId) -> (u64, usize) {
    (session.0 / 2, usize::from(session.0 % 2 == 1))
}

pub(crate) fn session(stream: u64, end: usize) -> SessionId {
    SessionId(stream * 2 + end as u64)
}

impl World {
    pub(crate) fn delay(&mut self) -> Millis {
        self.rng.random_range(5..=5 + self.faults.delay)
    }

    fn is_cut(&self, a: usize, b: usize) -> bool {
        self.side[a] != self.side[b]
    }

    pub(crate) fn is_up(&self, node: usize) -> bool {
        self.is_hostile(node) || self.nodes[node].alive
    }

    /// Opens a stream between two nodes, unless they have one.
    pub(crate) fn connect(&mut self, from: usize, to: usize) {
        let both = [from, to];
        let pair = (from.min(to), from.max(to));
        let able = self.is_up(from) && self.is_up(to) && !self.is_cut(from, to);
        let idle = both.iter().all(|node| self.is_hostile(*node));
        if !able || idle || self.pairs.contains_key(&pair) {
            return;
        }
        self.next_stream += 1;
        let stream = self.next_stream;
        self.quality.sessions += 1;
        let starts = both.map(|node| self.nodes.get(node).map_or(0, |node| node.start));
        let heads = |node: usize| self.nodes.get(node).map(|node| node.engine.heads());
        let equal = match (heads(from), heads(to)) {
            (Some(a), Some(b)) => a.iter().eq(b.iter()),
            _ => false,
        };
        self.pairs.insert(pair, stream);
        self.streams.insert(
            stream,
            Stream {
                ends: both,
                starts,
                open: [true; 2],
                due: [0; 2],
                bytes: 0,
                frames: 0,
                opened: self.now,
                equal,
                breaks: false,
            },
        );
        self.note(format_args!("n{from} opens s{stream} with n{to}"));
        for end in 0..2 {
            let (node, peer) = (both[end], both[1 - end]);
            if self.is_hostile(node) {
                self.hostile_opened(stream, end);
                continue;
            }
            let engine = &self.nodes[node].engine;
            let steward_node = engine.governance().is_steward(self.authors[peer].id);
            let peer = Peer(peer as u64);
            self.input(node, Input::Opened { session: session(stream, end), peer, steward_node });
        }
    }

    /// Sends a frame from one end of a stream.
    pub(crate) fn send(&mut self, stream: u64, end: usize, frame: &Frame) {
        let bytes: Arc<[u8]> = frame.encode().into();
        let delay = self.delay();
        let breaks = self.faults.on && self.rng.random_bool(self.faults.breaks);
        let now = self.now;
        let Some(found) = self.streams.get_mut(&stream) else { return };
        if !found.open[end] || found.breaks {
            return;
        }
        found.bytes += bytes.len() as u64;
        found.frames += 1;
        self.quality.frames += 1;
        self.quality.sync_bytes += bytes.len() as u64;
        let other = 1 - end;
        found.due[other] = found.due[other].max(now + delay);
        let after = found.due[other] - now;
        let cut = self.side[found.ends[0]] != self.side[found.ends[1]];
        if breaks || cut {
            found.breaks = true;
            for end in 0..2 {
                let later = self.delay();
                self.at(later, Event::Broken { stream, end });
            }
            return;
        }
        if self.heard.len() < REMEMBERED {
            self.heard.push(bytes.clone());
        }
        self.at(after, Event::Frame { stream, end: other, bytes });
    }

    /// A session ended at one end: the other reads what was sent, then the end of the stream.
    pub(crate) fn close(&mut self, stream: u64, end: usize) {
        let now = self.now;
        let Some(found) = self.streams.get_mut(&stream) else { return };
        found.open[end] = false;
        self.pairs.remove(&(found.ends[0].min(found.ends[1]), found.ends[0].max(found.ends[1])));
        if found.open[1 - end] {
            let after = found.due[1 - end].max(now) - now;
            self.at(after, Event::HalfClosed { stream, end: 1 - end });
            self.at(after + 1_000, Event::Broken { stream, end: 1 - end });
        } else {
            let found = self.streams.remove(&stream).expect("looked up above");
            if found.equal {
                self.quality.equal_bytes = self.quality.equal_bytes.max(found.bytes);
            }
        }
    }

    fn listens(&self, stream: u64, end: usize) -> Option<usize> {
        let found = self.streams.get(&stream).filter(|found| found.open[end])?;
        let node = found.ends[end];
        let start = self.nodes.get(node).map_or(0, |node| node.start);
        (self.is_up(node) && found.starts[end] == start).then_some(node)
    }

    pub(crate) fn frame(&mut self, stream: u64, end: usize, bytes: &[u8]) {
        let Some(node) = self.listens(stream, end) else { return };
        if self.is_hostile(node) {
            return self.hostile_frame(stream, end, bytes);
        }
        let id = session(stream, end);
        let peer = self.streams[&stream].ends[1 - end];
        let (frame, len) = match Frame::decode(bytes) {
            Ok(frame) => (frame, bytes.len()),
            Err(error) => {
                if !self.is_hostile(peer) {
                    self.fail("Y7", format!("n{node} cannot read a frame of n{peer}: {error}"));
                }
                return self.broken(stream, end);
            }
        };
        let Frame::Entries(carried) = frame else {
            return self.input(node, Input::Frame { session: id, frame, len });
        };
        match carried.into_iter().map(|carried| self.check_entry(carried)).collect::<Result<Vec<_>, _>>() {
            Ok(entries) => self.input(node, Input::Entries { session: id, entries, newer: false, len }),
            Err(rule) => {
                if !self.is_hostile(peer) {
                    self.fail(rule, format!("n{node} refuses an entry of n{peer}"));
                }
                self.broken(stream, end);
            }
        }
    }

    fn check_entry(&mut self, carried: Carried) -> Result<Arriving, &'static str> {
        let signed = self.decode(&carried.envelope)?;
        if carried.body.as_ref().is_some_and(|body| !signed.has_body(body)) {
            return Err("V7");
        }
        Ok(Arriving { signed, body: carried.body.map(Into::into), at: None })
    }

    pub(crate) fn half_closed(&mut self, stream: u64, end: usize) {
        match self.listens(stream, end) {
            Some(node) if !self.is_hostile(node) => {
                self.input(node, Input::HalfClosed { session: session(stream, end) });
            }
            _ => {}
        }
    }

    pub(crate) fn broken(&mut self, stream: u64, end: usize) {
        if let Some(node) = self.listens(stream, end) {
            self.note(format_args!("n{node} loses s{stream}"));
            if !self.is_hostile(node) {
                self.input(node, Input::Closed { session: session(stream, end) });
            }
        }
        if self.streams.get(&stream).is_some_and(|found| found.open[end]) {
            self.close(stream, end);
        }
    }

    pub(crate) fn break_streams_of(&mut self, node: usize) {
        let theirs: Vec<(u64, usize)> = self
            .streams
            .iter()
            .filter_map(|(id, stream)| Some((*id, stream.ends.iter().position(|end| *end == node)?)))
            .collect();
        for (stream, end) in theirs {
            self.close(stream, end);
        }
    }

    /// Passes a gossip message on to every neighbour but one.
    pub(crate) fn flood(&mut self, from: usize, but: Option<usize>, bytes: &Arc<[u8]>) {
        let neighbours: Vec<usize> = self.neighbours[from].iter().copied().collect();
        for to in neighbours.into_iter().filter(|to| Some(*to) != but) {
            self.gossip_to(from, to, bytes);
        }
    }

    pub(crate) fn gossip_to(&mut self, from: usize, to: usize, bytes: &Arc<[u8]>) {
        if self.is_cut(from, to) || self.rng.random_bool(self.faults.loss) {
            return;
        }
        let copies = 1 + u8::from(self.rng.random_bool(self.faults.repeat));
        for _ in 0..copies {
            let delay = self.delay();
            self.at(delay, Event::Message { to, from, bytes: bytes.clone() });
        }
    }

    pub(crate) fn message(&mut self, to: usize, from: usize, bytes: &Arc<[u8]>) {
        if self.is_hostile(to) {
            if self.overheard.len() < REMEMBERED {
                self.overheard.push(bytes.clone());
            }
            return;
        }
        if !self.is_up(to) {
            return;
        }
        self.quality.gossip += 1;
        let id = gossip::message_id(bytes);
        if self.nodes[to].messages.insert(id, bytes.clone()).is_some() {
            return;
        }
        self.quality.gossip_new += 1;
        let peer = Peer(from as u64);
        let input = match Message::decode(bytes) {
            Ok(Message::Entry { envelope, body }) => {
                self.check_entry(Carried { envelope, body }).and_then(|entry| {
                    let fits = entry.body.is_some() == entry.signed.carries_body();
                    let entry = Box::new(entry);
                    fits.then_some(Input::Gossip { from: peer, id, entry }).ok_or("G1")
                })
            }
            Ok(Message::Fork(envelopes)) => {
                let [a, b] = envelopes.map(|envelope| self.check_entry(Carried { envelope, body: None }));
                a.and_then(|a| Ok(Input::ForkProof { from: peer, id, entries: Box::new([a, b?]) }))
            }
            Err(_) => Err("G1"),
        };
        match input {
            Ok(input) => self.input(to, input),
            Err(rule) if !self.is_hostile(from) => {
                self.fail(rule, format!("n{to} refuses a message of n{from}"))
            }
            Err(_) => {}
        }
    }
}
