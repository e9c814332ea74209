//! A network of three stewards and a member, engines with a store in memory, and a stream between two.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use ed25519_dalek::SigningKey;

use crate::codec::{MAX_FRAME, Map};
use crate::engine::{Arriving, Batch, Effect, Ending, Engine, Index, Input, Peer, SessionId, Ticket};
use crate::entry::{self, Entry, Position, Signed};
use crate::envelope::PublicKey;
use crate::gossip::{Verdict, message_id};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, MessageId, NetworkId, Seq, sha256};
use crate::log::Place;
use crate::network::{Admission, Admit, Body, Charter, Join, Ref, Suspend, Withdraw, Words};
use crate::sync::{Carried, EndCode, Frame, Want};

pub(super) const PEER: Peer = Peer(9);

/// An author and its log in one line.
#[derive(Clone)]
pub(super) struct Author {
    pub(super) id: AuthorId,
    sign: SigningKey,
    reveal: SigningKey,
    keys: u16,
    number: [u8; 2],
    pub(super) log: Vec<Arriving>,
}

fn key(number: [u8; 2], count: u16, what: u8) -> SigningKey {
    let [high, low] = count.to_be_bytes();
    SigningKey::from_bytes(&sha256(&[number[0], number[1], high, low, what]))
}

fn hash_of(key: &SigningKey) -> Bytes32 {
    Bytes32(sha256(&key.verifying_key().to_bytes()))
}

fn arriving(entry: Entry, body: Vec<u8>) -> Arriving {
    Arriving { signed: Signed::unchecked(entry), body: Some(body.into()), at: None }
}

impl Author {
    pub(super) fn new(number: u8) -> Self {
        Self::numbered(number, 255)
    }

    pub(super) fn numbered(low: u8, high: u8) -> Self {
        let number = [low, high];
        let (sign, reveal) = (key(number, 0, 0), key(number, 0, 1));
        let (entry, body) = entry::incept(&sign, hash_of(&reveal), 1, [low; 16]);
        let id = entry.author();
        Self { id, sign, reveal, keys: 0, number, log: vec![arriving(entry, body)] }
    }

    fn position(&self, parent: usize) -> Position {
        let above = &self.log[parent].signed;
        Position { author: self.id, seq: above.seq() + 1, prev: above.id(), time: 1 }
    }

    /// Returns an entry after the one at `parent` that the log does not go on with.
    pub(super) fn beside(&self, parent: usize, kind: &str, map: &Map) -> Arriving {
        let [.., high, low] = parent.to_be_bytes();
        let salt = sha256(&[self.number[0], high, low, 99]);
        let body = entry::encode_body(salt[..16].try_into().unwrap(), map);
        arriving(entry::write(self.position(parent), kind, &body, &self.sign), body)
    }

    pub(super) fn write(&mut self, kind: &str, map: &Map) -> Arriving {
        let body = entry::encode_body([1; 16], map);
        self.write_body(kind, body)
    }

    pub(super) fn write_body(&mut self, kind: &str, body: Vec<u8>) -> Arriving {
        let position = self.position(self.log.len() - 1);
        let written = arriving(entry::write(position, kind, &body, &self.sign), body);
        self.log.push(written.clone());
        written
    }

    /// Rotates after the entry at `parent`; the log goes on from there.
    pub(super) fn rotate(&mut self, parent: usize) -> Arriving {
        let position = self.position(parent);
        self.keys += 1;
        let sign = key(self.number, self.keys, 0);
        let next = key(self.number, self.keys, 1);
        let body = entry::encode_body([self.keys.to_be_bytes()[1]; 16], &Map::default());
        let entry = entry::rotate(position, &PublicKey::from(&sign), hash_of(&next), &self.reveal, &body);
        (self.sign, self.reveal) = (sign, next);
        self.log.truncate(parent + 1);
        self.log.push(arriving(entry, body));
        self.log[parent + 1].clone()
    }

    pub(super) fn head(&self) -> EntryId {
        self.log.last().unwrap().signed.id()
    }

    pub(super) fn reference(&self, seq: usize) -> Ref {
        Ref { author: self.id, seq: Seq::try_from(seq).unwrap(), id: self.log[seq].signed.id() }
    }
}

/// Three stewards, k 2, and a member whom all of them admitted.
#[derive(Clone)]
pub(super) struct Net {
    pub(super) id: NetworkId,
    pub(super) stewards: Vec<Author>,
    pub(super) member: Author,
}

impl Net {
    pub(super) fn new() -> Self {
        let mut stewards: Vec<Author> = (0..3).map(Author::new).collect();
        let mut named: Vec<AuthorId> = stewards.iter().map(|author| author.id).collect();
        named.sort_unstable();
        let words = || Words::from([("fr".to_owned(), "x".to_owned())]);
        let charter = Charter {
            k: 2,
            prev: None,
            text: words(),
            names: words(),
            licence: "CC-BY-4.0".to_owned(),
            version: 0,
            stewards: named,
            versions: vec![1],
            principles: vec!["transparency".to_owned()],
        };
        let body = entry::encode_body([7; 16], &charter.to_map());
        let id = NetworkId(sha256(&body));
        let mut member = Author::new(7);
        member.write("join", &join(id));
        for steward in &mut stewards {
            steward.write_body("charter", body.clone());
            steward.write("admit", &admit(id, &[member.id]));
        }
        Self { id, stewards, member }
    }

    pub(super) fn entries(&self) -> Vec<Arriving> {
        let authors = self.stewards.iter().chain([&self.member]);
        authors.flat_map(|author| author.log.clone()).collect()
    }

    /// Returns an engine that holds all of it.
    pub(super) fn rig(&self) -> Rig {
        let mut rig = Rig::new(self.id, None);
        rig.settle(Input::Import { token: 1, entries: self.entries() });
        rig
    }
}

pub(super) fn join(net: NetworkId) -> Map {
    Join { act: None, net, charter: BodyHash(net.0) }.to_map()
}

pub(super) fn admit(net: NetworkId, authors: &[AuthorId]) -> Map {
    let item = |author: &AuthorId| Admission {
        place: None,
        level: None,
        author: *author,
        stands: None,
        succeeds: None,
    };
    Admit { net, items: authors.iter().map(item).collect() }.to_map()
}

pub(super) fn suspend(net: NetworkId, author: AuthorId, upto: u64) -> Map {
    Suspend { net, note: None, upto, author, reason: "inactive".to_owned() }.to_map()
}

pub(super) fn withdraw(target: Ref) -> Map {
    Withdraw { net: None, basis: None, reason: "error".to_owned(), entries: vec![target] }.to_map()
}

pub(super) fn order(net: NetworkId, target: Ref) -> Map {
    let withdraw =
        Withdraw { net: Some(net), basis: None, reason: "order".to_owned(), entries: vec![target] };
    withdraw.to_map()
}

/// A store in memory.
#[derive(Clone, Default)]
pub(super) struct Memory {
    by_place: BTreeMap<(AuthorId, Place), Entry>,
    places: BTreeMap<EntryId, Place>,
    bodies: BTreeMap<BodyHash, Arc<[u8]>>,
    rows: BTreeMap<AuthorId, Vec<u8>>,
}

impl Index for Memory {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.by_place.get(&(*author, place)).map(Entry::id)
    }

    fn place_of(&self, _: &AuthorId, id: &EntryId) -> Option<Place> {
        self.places.get(id).copied()
    }
}

impl Memory {
    fn append(&mut self, batch: Batch) {
        for write in batch.entries {
            self.bodies.extend(write.body.map(|body| (write.entry.header().body.hash, body)));
            self.places.insert(write.entry.id(), write.place);
            self.by_place.insert((write.entry.author(), write.place), write.entry);
        }
        self.bodies.extend(batch.bodies);
        self.rows.extend(batch.authors);
    }

    pub(super) fn holds(&self, id: EntryId) -> bool {
        self.places.contains_key(&id)
    }

    pub(super) fn holds_body(&self, hash: &BodyHash) -> bool {
        self.bodies.contains_key(hash)
    }
}

/// An engine with its store.
pub(super) struct Rig {
    pub(super) engine: Engine,
    pub(super) store: Memory,
    pub(super) waiting: VecDeque<(Ticket, Batch)>,
    pub(super) now: u64,
}

impl Rig {
    pub(super) fn new(net: NetworkId, me: Option<AuthorId>) -> Self {
        let engine = Engine::new(Some(net), me);
        Self { engine, store: Memory::default(), waiting: VecDeque::new(), now: 1_000 }
    }

    /// Handles an input; appends wait.
    pub(super) fn put(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.engine.handle(input, self.now, &self.store);
        let (appends, rest) = effects.into_iter().partition(|effect| matches!(effect, Effect::Append { .. }));
        for effect in Vec::<Effect>::from_iter::<Vec<_>>(appends) {
            if let Effect::Append { ticket, batch } = effect {
                self.waiting.push_back((ticket, batch));
            }
        }
        rest
    }

    /// Confirms every append that waits.
    pub(super) fn confirm(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some((ticket, batch)) = self.waiting.pop_front() {
            self.store.append(batch);
            effects.extend(self.put(Input::Appended { ticket }));
        }
        effects
    }

    pub(super) fn settle(&mut self, input: Input) -> Vec<Effect> {
        let mut effects = self.put(input);
        effects.extend(self.confirm());
        effects
    }

    /// Gives a gossiped entry and returns how the message is judged, and by which rule it is refused.
    pub(super) fn hear(&mut self, entry: &Arriving) -> (Option<Verdict>, Option<&'static str>) {
        read(&self.settle(gossip(entry)))
    }

    /// Starts again from the store.
    pub(super) fn restart(&mut self, me: Option<AuthorId>) {
        let net = self.engine.network();
        self.engine = Engine::new(net, me);
        let store = self.store.clone();
        let rows = store.rows.clone().into_iter().collect();
        let unfit = self.engine.restore(rows, &store, |author, place| {
            let entry = store.by_place.get(&(*author, place))?.clone();
            let body = store.bodies.get(&entry.header().body.hash)?.to_vec();
            Some((entry, body))
        });
        assert!(unfit.is_empty());
        self.waiting.clear();
    }

    pub(super) fn head(&self, author: &Author) -> Option<crate::log::Head> {
        self.engine.heads().get(&author.id)
    }
}

/// Opens a session with a peer that holds the same heads, and returns the entries asked for by name.
pub(super) fn asked_by_name(rig: &mut Rig, number: u64) -> Vec<EntryId> {
    let session = SessionId(number);
    let effects = rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let hello = effects.into_iter().find_map(|effect| match effect {
        Effect::Send { frame: frame @ Frame::Hello(_), .. } => Some(frame),
        _ => None,
    });
    let effects = rig.settle(receive(session, &hello.unwrap()));
    rig.settle(Input::Closed { session });
    let tips = effects.into_iter().filter_map(|effect| match effect {
        Effect::Send { frame: Frame::Want(Want { tip, .. }), .. } => tip,
        _ => None,
    });
    tips.collect()
}

pub(super) fn id_of(entry: &Arriving) -> MessageId {
    message_id(entry.signed.envelope())
}

pub(super) fn gossip(entry: &Arriving) -> Input {
    Input::Gossip { from: PEER, id: id_of(entry), entry: Box::new(entry.clone()) }
}

pub(super) fn read(effects: &[Effect]) -> (Option<Verdict>, Option<&'static str>) {
    let verdict = effects.iter().find_map(|effect| match effect {
        Effect::Judge { verdict, .. } => Some(*verdict),
        _ => None,
    });
    let rule = effects.iter().find_map(|effect| match effect {
        Effect::Penalise { rule, .. } => Some(*rule),
        _ => None,
    });
    (verdict, rule)
}

pub(super) fn pulls(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Pull { .. }))
}

/// What went over a stream.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) frames: usize,
    pub(super) bytes: usize,
    pub(super) endings: [Option<Ending>; 2],
    pub(super) blamed: Vec<&'static str>,
}

/// Runs a session between two nodes to its end.
pub(super) fn sync(a: &mut Rig, b: &mut Rig) -> Sent {
    let session = SessionId(1);
    let mut sent = Sent::default();
    let mut queues: [VecDeque<Frame>; 2] = Default::default();
    let open = || Input::Opened { session, peer: PEER, steward_node: true };
    let first = [a.settle(open()), b.settle(open())];
    for (side, effects) in first.into_iter().enumerate() {
        obey(if side == 0 { a } else { b }, side, effects, &mut queues, &mut sent);
    }
    while let Some(side) = (0..2).find(|side| !queues[1 - side].is_empty()) {
        let frame = queues[1 - side].pop_front().unwrap();
        let rig = if side == 0 { &mut *a } else { &mut *b };
        let effects = rig.settle(receive(session, &frame));
        obey(rig, side, effects, &mut queues, &mut sent);
    }
    sent
}

/// Returns the input that a frame becomes, by the real format.
pub(super) fn receive(session: SessionId, frame: &Frame) -> Input {
    let bytes = frame.encode();
    let len = bytes.len();
    match Frame::decode(&bytes).expect("a frame that an engine sent") {
        Frame::Entries(carried) => {
            let read = |Carried { envelope, body }| Arriving {
                signed: Signed::unchecked(Entry::decode(&envelope).unwrap()),
                body: body.map(Into::into),
                at: None,
            };
            let entries = carried.into_iter().map(read).collect();
            Input::Entries { session, entries, newer: false, len }
        }
        frame => Input::Frame { session, frame, len },
    }
}

fn obey(
    rig: &mut Rig,
    side: usize,
    effects: Vec<Effect>,
    queues: &mut [VecDeque<Frame>; 2],
    sent: &mut Sent,
) {
    let mut send = |frame: Frame, sent: &mut Sent| {
        sent.frames += 1;
        sent.bytes += frame.encode().len();
        queues[side].push_back(frame);
    };
    for effect in effects {
        match effect {
            Effect::Send { frame, .. } => send(frame, sent),
            Effect::Serve { author, runs, code, .. } => {
                let places = runs
                    .iter()
                    .flat_map(|run| (run.first..=run.last).map(|seq| Place { branch: run.branch, seq }));
                let carried: Vec<Carried> = places.map(|place| rig.carry(author, place)).collect();
                for some in frames_of(carried) {
                    send(Frame::Entries(some), sent);
                }
                send(Frame::End { code, author }, sent);
            }
            Effect::ServeBodies { hashes, .. } => {
                for hash in hashes {
                    let body = rig.store.bodies.get(&hash).map(|body| body.to_vec());
                    send(Frame::BodyIs(hash, body), sent);
                }
            }
            Effect::EndSession { ending, .. } => sent.endings[side] = Some(ending),
            Effect::Penalise { rule, .. } => sent.blamed.push(rule),
            _ => {}
        }
    }
}

/// Splits what is carried into what a frame holds.
fn frames_of(carried: Vec<Carried>) -> Vec<Vec<Carried>> {
    let mut frames = vec![Vec::new()];
    let mut bytes = 0;
    for one in carried {
        bytes += one.envelope.len() + one.body.as_ref().map_or(0, Vec::len) + 16;
        if bytes > MAX_FRAME / 2 {
            frames.push(Vec::new());
            bytes = one.envelope.len() + one.body.as_ref().map_or(0, Vec::len) + 16;
        }
        frames.last_mut().expect("one at least").push(one);
    }
    frames.retain(|frame| !frame.is_empty());
    frames
}

impl Rig {
    fn carry(&self, author: AuthorId, place: Place) -> Carried {
        let entry = &self.store.by_place[&(author, place)];
        let travels = entry.is_network_kind() || entry.carries_body();
        let body = self.store.bodies.get(&entry.header().body.hash).filter(|_| travels);
        Carried { envelope: entry.envelope().to_vec(), body: body.map(|body| body.to_vec()) }
    }
}

/// Opens a session on which the peer has said the same hello as we.
pub(super) fn opened(rig: &mut Rig) -> SessionId {
    let session = SessionId(5);
    let effects = rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let hello = effects.into_iter().find_map(|effect| match effect {
        Effect::Send { frame: frame @ Frame::Hello(_), .. } => Some(frame),
        _ => None,
    });
    rig.settle(receive(session, &hello.expect("a session begins with hello")));
    session
}

/// The end of an answer.
pub(super) fn end(session: SessionId, author: AuthorId) -> Input {
    receive(session, &Frame::End { code: EndCode::Sent, author })
}
