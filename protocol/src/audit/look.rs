//! The look at single items, whose outcome nothing else in the file changes: a body's hash and what it says,
//! an entry's signature under the key that is expected. It is nearly all of an audit's work, so it is done on
//! all cores while the next items are read; what it found comes back in the order of the items.

use std::collections::VecDeque;
use std::thread::{self, JoinHandle};

use serde::de::DeserializeOwned;

use crate::codec::{self, MAX_BODY, Value};
use crate::entry::{Entry, SALT_LEN, Signed};
use crate::envelope::PublicKey;
use crate::id::{BodyHash, sha256};
use crate::network::{Body as _, Says};
use crate::record::{Ref, Words};
use crate::witness::{Checkpoint, Witness};

/// Items of a chunk: a thread that takes half of them for entries works some 10 ms, beside which starting it
/// costs nothing.
const CHUNK_ITEMS: usize = 512;
/// Bytes of a chunk beyond which it takes no further item, so that the chunks under way hold a few megabytes
/// however large bodies are.
const CHUNK_BYTES: usize = 1 << 20;
/// Longest title that is kept, in bytes as encoded: the longest of the real records in three languages has 700.
const MAX_TITLE: usize = 2_048;
/// Longest reference: three fields.
const MAX_REF: usize = 128;

/// A body's map: each key with the bytes of its value.
type Fields<'a> = Vec<(&'a str, &'a [u8])>;

/// An entry to look at.
#[derive(Debug)]
pub(super) struct Job {
    /// Where it stands in the file.
    pub(super) at: u64,
    pub(super) entry: Entry,
    /// The key that will have signed it if its log is in order.
    pub(super) key: Option<PublicKey>,
}

/// Items to look at together: first the bodies, then the entries, since the tables of the one and the bytes of
/// the other drive each other out of the processor's cache.
#[derive(Debug, Default)]
struct Chunk {
    /// The bodies, one after the other.
    bytes: Vec<u8>,
    /// Where each one ends, and whether its title is wanted.
    bodies: Vec<(usize, bool)>,
    jobs: Vec<Job>,
}

/// What a look found.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) bodies: Vec<Body>,
    /// Each with where it stands in the file.
    pub(super) entries: Vec<(u64, Signed)>,
    /// Room for the bytes of another chunk.
    pub(super) room: Vec<u8>,
}

/// A body's hash and length, and what it says; `None` where it is malformed (B5).
#[derive(Debug)]
pub(super) struct Body {
    pub(super) hash: BodyHash,
    pub(super) len: u64,
    pub(super) says: Option<Said>,
}

/// What a body says, read as each kind that it fits, because the entry that names it may come later (V7).
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) network: Vec<(&'static str, Says)>,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) witness: Option<Witness>,
    pub(super) title: Option<Words>,
    pub(super) replaces: Option<Ref>,
}

impl Chunk {
    const fn is_empty(&self) -> bool {
        self.bodies.is_empty() && self.jobs.is_empty()
    }

    const fn is_full(&self) -> bool {
        self.bodies.len() + self.jobs.len() >= CHUNK_ITEMS || self.bytes.len() >= CHUNK_BYTES
    }

    fn look(self) -> Looked {
        let mut from = 0;
        let body = |(end, is_titled): (usize, bool)| {
            let bytes = &self.bytes[from..end];
            from = end;
            let hash = BodyHash(sha256(bytes));
            let says = fields(bytes).map(|fields| Said::read(&fields, hash, bytes, is_titled));
            Body { hash, len: bytes.len() as u64, says }
        };
        let entry = |Job { at, entry, key }| match key {
            Some(key) => (at, Signed::check(entry, &key)),
            None => (at, Signed::unchecked(entry)),
        };
        let bodies = self.bodies.into_iter().map(body).collect();
        Looked { bodies, entries: self.jobs.into_iter().map(entry).collect(), room: self.bytes }
    }
}

impl Said {
    fn read(fields: &Fields<'_>, hash: BodyHash, body: &[u8], is_titled: bool) -> Self {
        let get = |wanted: &str| fields.iter().find(|(field, _)| *field == wanted).map(|(_, value)| *value);
        let has = |wanted: &[&str]| wanted.iter().all(|field| get(field).is_some());
        let network = NETWORK.iter().filter(|(_, wanted)| has(wanted));
        // A profile has names.
        let title = is_titled.then(|| get("title").or_else(|| get("names"))).flatten();
        Self {
            network: network.filter_map(|(kind, _)| Some((*kind, Says::read(kind, hash, body)?))).collect(),
            checkpoint: has(&["net", "charter", "heads"]).then(|| Checkpoint::read(body)).flatten(),
            witness: has(&["net", "checkpoint", "except"]).then(|| Witness::read(body)).flatten(),
            title: title.and_then(|title| read(title, MAX_TITLE)),
            replaces: get("replaces").and_then(|target| read(target, MAX_REF)),
        }
    }
}

/// The required fields of the network kinds whose bodies say something of the network.
const NETWORK: [(&str, &[&str]); 7] = [
    ("admit", &["net", "items"]),
    ("charter", &["stewards", "k"]),
    ("close", &["reason", "successors"]),
    ("join", &["net", "charter"]),
    ("leave", &["net"]),
    ("suspend", &["net", "author", "upto"]),
    ("withdraw", &["entries", "reason"]),
];

fn read<T: DeserializeOwned>(value: &[u8], limit: usize) -> Option<T> {
    codec::decode::<Value>(value, limit).ok()?.to().ok()
}

/// Returns the fields of a body's map, each with the bytes of its value; `None` for a malformed body (B5).
/// It decodes nothing.
fn fields(body: &[u8]) -> Option<Fields<'_>> {
    codec::scan(body, MAX_BODY).ok()?;
    let salt = [0x82, 0x40 | SALT_LEN as u8];
    if !body.starts_with(&salt) {
        return None;
    }
    let mut at = salt.len() + SALT_LEN;
    let (5, pairs, head) = codec::head(body, at).ok()? else { return None };
    at += head;
    let mut fields = Vec::new();
    for _ in 0..pairs {
        let value = codec::skip(body, at)?;
        let (_, _, head) = codec::head(body, at).ok()?;
        let key = std::str::from_utf8(body.get(at + head..value)?).ok()?;
        at = codec::skip(body, value)?;
        fields.push((key, body.get(value..at)?));
    }
    Some(fields)
}

/// Items that are being looked at.
#[derive(Debug)]
pub(super) struct Looking {
    threads: usize,
    chunk: Chunk,
    /// In the order of the items.
    running: VecDeque<JoinHandle<Looked>>,
}

impl Looking {
    /// Begins with nothing, and looks on so many threads besides the caller's; on the caller's alone where
    /// that is less than two.
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, chunk: Chunk::default(), running: VecDeque::new() }
    }

    /// Has a body looked at. Its title is read where it is wanted.
    pub(super) fn body(&mut self, body: &[u8], is_titled: bool) {
        self.chunk.bytes.extend_from_slice(body);
        self.chunk.bodies.push((self.chunk.bytes.len(), is_titled));
    }

    /// Has an entry looked at.
    pub(super) fn entry(&mut self, job: Job) {
        self.chunk.jobs.push(job);
    }

    /// Returns what was found in a chunk of earlier items, if it is time to take one.
    pub(super) fn found(&mut self) -> Option<Looked> {
        if !self.chunk.is_full() {
            return None;
        }
        if self.threads < 2 {
            return Some(std::mem::take(&mut self.chunk).look());
        }
        let chunk = std::mem::take(&mut self.chunk);
        self.running.push_back(thread::spawn(|| chunk.look()));
        // One more than there are cores, so that none waits for its chunk while this thread reads.
        (self.running.len() > self.threads + 1).then(|| self.join())?
    }

    /// Takes back the room of what was found.
    pub(super) fn reuse(&mut self, mut room: Vec<u8>) {
        if self.chunk.bytes.is_empty() {
            room.clear();
            self.chunk.bytes = room;
        }
    }

    /// Returns what was found in the next of the chunks that are left, `None` once there is none.
    pub(super) fn rest(&mut self) -> Option<Looked> {
        let last = std::mem::take(&mut self.chunk);
        if !last.is_empty() {
            self.running.push_back(thread::spawn(|| last.look()));
        }
        self.join()
    }

    fn join(&mut self) -> Option<Looked> {
        let next = self.running.pop_front()?;
        Some(next.join().expect("a look at an item does not panic"))
    }
}
