//! Nodes that do not follow the protocol. Each has a role, in a file of its own that says what it
//! tries; all are members with logs of their own, and know everything that was ever signed.

use std::sync::Arc;

use multaqa_protocol::engine::Arriving;
use multaqa_protocol::entry::Entry;
use multaqa_protocol::gossip::Message;
use multaqa_protocol::id::{AuthorId, Bytes32, EntryId};
use multaqa_protocol::network::{Admission, Admit, Body, Ref};
use multaqa_protocol::sync::{Carried, EndCode, Frame, Hello};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::author::{Author, Own};
use crate::profile::Size;
use crate::world::{Event, World};

mod equivocator;
mod flooder;
mod forger;
mod forker;
mod garbler;
mod replayer;
mod staller;
mod thief;
mod turncoat;
mod withholder;

/// What a hostile node tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Equivocator,
    Withholder,
    Replayer,
    Thief,
    Flooder,
    Forger,
    Forker,
    Garbler,
    Staller,
    /// A steward of the first charter, who turns.
    Turncoat,
}

impl Role {
    /// Every role that needs no office.
    pub(crate) const ALL: [Self; 9] = [
        Self::Equivocator,
        Self::Withholder,
        Self::Replayer,
        Self::Thief,
        Self::Flooder,
        Self::Forger,
        Self::Forker,
        Self::Garbler,
        Self::Staller,
    ];
}

/// What a hostile node knows beyond what everybody sent.
#[derive(Debug)]
pub(crate) struct Hostile {
    role: Role,
    step: u32,
    /// Ends of the branches of its own log, which it shows to different peers.
    tips: Vec<EntryId>,
    /// An author of another network.
    stranger: Author,
}

impl Hostile {
    pub(crate) fn new(role: Role, rng: &mut ChaCha8Rng) -> Self {
        Self { role, step: 0, tips: Vec::new(), stranger: Author::new(rng, 1_000) }
    }
}

impl World {
    fn hostile(&mut self, peer: usize) -> &mut Hostile {
        let honest = self.profile.honest;
        &mut self.hostile[peer - honest]
    }

    fn role(&self, peer: usize) -> Role {
        self.hostile[peer - self.profile.honest].role
    }

    /// What a hostile node does by itself now and then.
    pub(crate) fn mischief(&mut self, peer: usize) {
        let step = self.hostile(peer).step;
        self.hostile(peer).step += 1;
        match self.role(peer) {
            Role::Equivocator => self.equivocate(peer, step),
            Role::Replayer => self.replay(peer),
            Role::Thief => self.steal(peer),
            Role::Flooder => self.flood_entries(peer),
            Role::Forger => self.forge(peer),
            Role::Forker => self.fork(peer),
            Role::Turncoat => self.turn(peer, step),
            Role::Garbler => self.garble_gossip(peer),
            Role::Withholder | Role::Staller => {}
        }
    }

    pub(crate) fn hostile_opened(&mut self, stream: u64, end: usize) {
        let Some(peer) = self.streams.get(&stream).map(|stream| stream.ends[end]) else { return };
        let net = match self.role(peer) {
            Role::Staller if !self.stalls_politely(stream, end) => return,
            Role::Replayer if self.rng.random_ratio(1, 4) => self.other_net,
            _ => self.net,
        };
        let root = Bytes32(self.rng.random());
        let time = if self.rng.random_bool(0.5) { self.now } else { self.rng.random_range(0..1 << 53) };
        let named = self.rng.random_ratio(1, 8);
        let candidates = named.then(|| (0..20).map(|_| AuthorId(self.rng.random())).collect());
        self.send(stream, end, &Frame::Hello(Hello { net, root, time, candidates }));
    }

    pub(crate) fn hostile_frame(&mut self, stream: u64, end: usize, bytes: &[u8]) {
        let Some(ends) = self.streams.get(&stream).map(|stream| stream.ends) else { return };
        let (peer, to) = (ends[end], ends[1 - end]);
        let Ok(frame) = Frame::decode(bytes) else { return };
        match self.role(peer) {
            Role::Garbler => self.garble(stream, end),
            Role::Staller => {}
            Role::Equivocator | Role::Forker | Role::Turncoat | Role::Flooder => {
                self.show_branch(stream, end, [peer, to], frame);
            }
            Role::Withholder | Role::Replayer | Role::Thief | Role::Forger => {
                self.withhold(stream, end, frame);
            }
        }
    }

    /// Returns an entry with all that is above it, parents first.
    fn path_to(&self, last: &Arriving) -> Vec<Arriving> {
        let mut path = vec![last.clone()];
        while let Some(above) = path.last().and_then(|entry| self.made.get(&entry.signed.prev()?)).cloned() {
            path.push(above);
        }
        path.reverse();
        path
    }

    /// Shows entries, and all that is above the first, to some nodes only, in order, by gossip.
    fn show(&mut self, from: usize, entries: &[Arriving], to: &[usize]) {
        let mut path = self.path_to(&entries[0]);
        path.extend_from_slice(&entries[1..]);
        let mut delay = 0;
        for arriving in path {
            delay += self.rng.random_range(1..100);
            let bytes = message_of(&arriving);
            for to in to {
                self.at(delay, Event::Message { to: *to, from, bytes: bytes.clone() });
            }
        }
    }

    /// Signs a branch of records and statements after `parent`.
    fn branch(&mut self, at: usize, parent: Own, len: usize) -> Vec<Arriving> {
        let mut last = parent;
        let mut out = Vec::new();
        for _ in 0..len {
            let author = &self.authors[at];
            let position = author.after(last, self.now);
            let target = Ref { author: author.id, seq: parent.seq, id: parent.id };
            let (kind, body) = match self.rng.random_range(0..5) {
                0 => ("withdraw", self.withdrawal(target, None)),
                1 => ("admit", self.admits_somebody(None)),
                2 => ("admit", self.admits_somebody(Some(parent.id))),
                _ => ("practice", self.record()),
            };
            let arriving = self.authors[at].write(parent.era, position, kind, body);
            last = Own { seq: arriving.signed.seq(), id: arriving.signed.id(), era: parent.era };
            out.push(self.made(arriving));
        }
        out
    }

    fn admits_somebody(&mut self, stands: Option<EntryId>) -> Vec<u8> {
        let author = self.authors.choose(&mut self.rng).expect("some").id;
        let items = vec![Admission { place: None, level: None, author, stands, succeeds: None }];
        self.body(&Admit { net: self.net, items }.to_map())
    }

    /// How many entries one flood has: fewer in a large network, where there are many floods.
    fn flood_len(&mut self) -> usize {
        let most = if self.profile.size == Size::Large { 8 } else { 25 };
        self.rng.random_range(3..=most)
    }

    /// Sends entries as the answer to a `want`, then its end.
    fn serve_path(&mut self, stream: u64, end: usize, author: AuthorId, path: &[Arriving]) {
        for chunk in path.chunks(5) {
            let carried = chunk.iter().map(|arriving| {
                let travels = arriving.signed.is_network_kind() || arriving.signed.carries_body();
                let body = arriving.body.as_ref().filter(|_| travels).map(|body| body.to_vec());
                Carried { envelope: arriving.signed.envelope().to_vec(), body }
            });
            let frame = Frame::Entries(carried.collect());
            self.send(stream, end, &frame);
        }
        self.send(stream, end, &Frame::End { code: EndCode::Sent, author });
    }
}

/// Returns the gossip message that carries an entry.
fn message_of(arriving: &Arriving) -> Arc<[u8]> {
    let entry: &Entry = arriving.signed.entry();
    let body = arriving.body.as_ref().filter(|_| entry.carries_body()).map(|body| body.to_vec());
    Message::Entry { envelope: entry.envelope().to_vec(), body }.encode().into()
}
