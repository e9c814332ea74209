//! What two nodes of a large network say to each other when nothing changed, and when ten records did:
//! bytes and time of a session between two engines, without a network or a disk.
//!
//! `--quick` runs a small network, which proves that the bench works.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use ed25519_dalek::SigningKey;
use multaqa_bench::{PRACTICE, practice};
use multaqa_protocol::codec::Map;
use multaqa_protocol::engine::{Arriving, Batch, Effect, Ending, Engine, Index, Input, Peer, SessionId};
use multaqa_protocol::entry::{self, Entry, Position, Signed};
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, sha256};
use multaqa_protocol::log::Place;
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join};
use multaqa_protocol::sync::{Carried, Frame};

/// Records that differ.
const DIFFERENT: usize = 10;
/// The time of everything.
const NOW: u64 = 1_795_500_000_000;

fn main() {
    let quick = std::env::args().any(|arg| arg == "--quick");
    let (authors, each) = if quick { (30, 4) } else { (1_590, 62) };
    let network = Network::new(authors, each);
    let count: usize = network.logs.iter().map(Vec::len).sum();
    println!(
        "{authors} logs of {count} entries\n\n| what | bytes, both ways | frames | time | target |\n|---|---|---|---|---|"
    );

    let mut full = Node::new(network.id);
    full.import(network.entries(|_, _| true));
    let mut same = Node::new(network.id);
    same.import(network.entries(|_, _| true));
    let sent = sync(&mut full, &mut same);
    assert_eq!(sent.carried, 0, "nothing differs");
    sent.line("sync of equal nodes", "≤ 1,024 bytes, ≤ 5 ms");

    let mut behind = Node::new(network.id);
    behind.import(network.entries(|log, last| !last || log >= DIFFERENT));
    let sent = sync(&mut full, &mut behind);
    assert_eq!(behind.engine.heads().clone().root(), full.engine.heads().clone().root(), "S6");
    sent.line("ten records differ", "≤ their bytes + 32,768, ≤ 40 ms");
    println!("\nthe ten records and their headers: {} bytes", sent.carried);
}

/// A network of one steward, who is the first author, and members whose last entry is a record of 4 KB.
struct Network {
    id: NetworkId,
    logs: Vec<Vec<Arriving>>,
}

impl Network {
    fn new(authors: usize, each: usize) -> Self {
        let keys: Vec<SigningKey> =
            (0..authors).map(|author| SigningKey::from_bytes(&sha256(&author.to_be_bytes()))).collect();
        let mut logs: Vec<Vec<Arriving>> = keys.iter().map(|key| vec![first(key)]).collect();
        let mut ids: Vec<AuthorId> = logs.iter().map(|log| log[0].signed.author()).collect();
        let words = || [("fr".to_owned(), "x".to_owned())].into();
        let charter = Charter {
            k: 1,
            prev: None,
            text: words(),
            names: words(),
            licence: "CC-BY-4.0".to_owned(),
            version: 0,
            stewards: vec![ids[0]],
            versions: vec![1],
            principles: vec!["transparency".to_owned()],
        };
        write(&mut logs[0], Charter::KIND, &charter.to_map(), &keys[0]);
        let id = NetworkId(logs[0][1].signed.header().body.hash.0);
        for (log, key) in logs.iter_mut().zip(&keys) {
            write(log, Join::KIND, &Join { act: None, net: id, charter: BodyHash(id.0) }.to_map(), key);
        }
        ids.sort_unstable();
        let item = |author| Admission { place: None, level: None, author, stands: None, succeeds: None };
        let admit = Admit { net: id, items: ids.into_iter().map(item).collect() };
        write(&mut logs[0], Admit::KIND, &admit.to_map(), &keys[0]);
        for (number, (log, key)) in logs.iter_mut().zip(&keys).enumerate() {
            while log.len() < each {
                write(log, "note", &Map::default(), key);
            }
            write(log, PRACTICE, &practice(number as u64), key);
        }
        Self { id, logs }
    }

    /// Returns the entries of which `wanted` says so, by the number of the log and whether it is the last.
    fn entries(&self, wanted: impl Fn(usize, bool) -> bool) -> Vec<Arriving> {
        let logs = self.logs.iter().enumerate();
        let entries = logs.flat_map(|(number, log)| {
            let last = log.len() - 1;
            log.iter().enumerate().map(move |(at, entry)| (number, at == last, entry))
        });
        entries.filter(|(log, last, _)| wanted(*log, *last)).map(|(_, _, entry)| entry.clone()).collect()
    }
}

fn first(key: &SigningKey) -> Arriving {
    let (entry, body) = entry::incept(key, Bytes32(sha256(key.as_bytes())), NOW, [1; entry::SALT_LEN]);
    arriving(entry, body, key)
}

fn arriving(entry: Entry, body: Vec<u8>, key: &SigningKey) -> Arriving {
    Arriving { signed: Signed::check(entry, &key.into()), body: Some(body.into()), at: None }
}

fn write(log: &mut Vec<Arriving>, kind: &str, map: &Map, key: &SigningKey) {
    let above = &log[log.len() - 1].signed;
    let position = Position { author: above.author(), seq: above.seq() + 1, prev: above.id(), time: NOW };
    let body = entry::encode_body([2; entry::SALT_LEN], map);
    log.push(arriving(entry::write(position, kind, &body, key), body, key));
}

/// An engine with a store in memory.
struct Node {
    engine: Engine,
    store: Memory,
}

#[derive(Default)]
struct Memory {
    entries: BTreeMap<(AuthorId, Place), Entry>,
    places: BTreeMap<EntryId, Place>,
    bodies: BTreeMap<BodyHash, Arc<[u8]>>,
}

impl Index for Memory {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.entries.get(&(*author, place)).map(Entry::id)
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
            self.entries.insert((write.entry.author(), write.place), write.entry);
        }
        self.bodies.extend(batch.bodies);
    }

    fn carry(&self, author: AuthorId, place: Place) -> Carried {
        let entry = &self.entries[&(author, place)];
        let travels = entry.is_network_kind() || entry.carries_body();
        let body = self.bodies.get(&entry.header().body.hash).filter(|_| travels);
        Carried { envelope: entry.envelope().to_vec(), body: body.map(|body| body.to_vec()) }
    }
}

impl Node {
    fn new(net: NetworkId) -> Self {
        Self { engine: Engine::new(Some(net), None), store: Memory::default() }
    }

    fn import(&mut self, entries: Vec<Arriving>) {
        self.put(Input::Import { token: 1, entries });
    }

    /// Handles an input, stores what is to be stored, and returns the other effects.
    fn put(&mut self, input: Input) -> Vec<Effect> {
        let mut rest = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.engine.handle(input, NOW, &self.store) {
                match effect {
                    Effect::Append { ticket, batch } => {
                        self.store.append(batch);
                        inputs.push_back(Input::Appended { ticket });
                    }
                    effect => rest.push(effect),
                }
            }
        }
        rest
    }
}

/// What a session took.
#[derive(Default)]
struct Sent {
    frames: usize,
    bytes: usize,
    /// Bytes of envelopes and bodies among them.
    carried: usize,
    seconds: f64,
    endings: [Option<Ending>; 2],
}

impl Sent {
    fn line(&self, what: &str, target: &str) {
        println!("| {what} | {} | {} | {:.2} ms | {target} |", self.bytes, self.frames, self.seconds * 1e3);
    }
}

/// Runs a session to its end; each frame is encoded, counted with its length, and decoded.
fn sync(a: &mut Node, b: &mut Node) -> Sent {
    const SESSION: SessionId = SessionId(1);
    let begin = Instant::now();
    let mut sent = Sent::default();
    let mut queues: [VecDeque<Vec<u8>>; 2] = Default::default();
    let mut nodes = [a, b];
    for (side, node) in nodes.iter_mut().enumerate() {
        let opened = Input::Opened { session: SESSION, peer: Peer(1), steward_node: false };
        let effects = node.put(opened);
        obey(node, side, effects, &mut queues, &mut sent);
    }
    while let Some(side) = (0..2).find(|side| !queues[1 - side].is_empty()) {
        let bytes = queues[1 - side].pop_front().unwrap_or_default();
        let len = bytes.len();
        let input = match Frame::decode(&bytes).expect("a frame of an engine") {
            Frame::Entries(carried) => {
                let read = |Carried { envelope, body }| Arriving {
                    signed: Signed::unchecked(Entry::decode(&envelope).expect("an entry of an engine")),
                    body: body.map(Into::into),
                    at: None,
                };
                let entries = carried.into_iter().map(read).collect();
                Input::Entries { session: SESSION, entries, newer: false, len }
            }
            frame => Input::Frame { session: SESSION, frame, len },
        };
        let effects = nodes[side].put(input);
        obey(nodes[side], side, effects, &mut queues, &mut sent);
    }
    assert_eq!(sent.endings, [Some(Ending::Complete); 2], "the session is not over");
    sent.seconds = begin.elapsed().as_secs_f64();
    sent
}

fn obey(
    node: &Node,
    side: usize,
    effects: Vec<Effect>,
    queues: &mut [VecDeque<Vec<u8>>; 2],
    sent: &mut Sent,
) {
    let mut send = |frame: Frame, sent: &mut Sent| {
        let bytes = frame.encode();
        sent.frames += 1;
        // On the stream four bytes of length stand before each.
        sent.bytes += 4 + bytes.len();
        queues[side].push_back(bytes);
    };
    for effect in effects {
        match effect {
            Effect::Send { frame, .. } => send(frame, sent),
            Effect::Serve { author, runs, code, .. } => {
                let places = runs
                    .iter()
                    .flat_map(|run| (run.first..=run.last).map(|seq| Place { branch: run.branch, seq }));
                let carried: Vec<Carried> = places.map(|place| node.store.carry(author, place)).collect();
                let bytes = |entry: &Carried| entry.envelope.len() + entry.body.as_ref().map_or(0, Vec::len);
                sent.carried += carried.iter().map(bytes).sum::<usize>();
                if !carried.is_empty() {
                    send(Frame::Entries(carried), sent);
                }
                send(Frame::End { code, author }, sent);
            }
            Effect::EndSession { ending, .. } => sent.endings[side] = Some(ending),
            _ => {}
        }
    }
}
