//! The intake: a bundle's items, each looked at once and turned into small rows.
//!
//! Nothing is decided here that the order of items could change: an entry waits for its parent, a
//! body is known by its hash and length, and what is missing is only missing at the end. A body's
//! bytes are not kept; of one that could be a network body, what it would say is (V7), because the
//! entry that names it may come later. Of a record's body the first titles are kept, and what it replaces.
//! What is kept is counted in bytes, and beyond [`MAX_KEPT`] nothing more is taken in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::finding::{Cause, Findings};
use super::look::{Body, Job, Looking, Said};
use super::records::{Kinds, Told};
use super::testimony::Statements;
use crate::bundle::{Part, Start};
use crate::entry::{BodyRef, Entry, NETWORK_KINDS, Signed};
use crate::envelope::PublicKey;
use crate::id::{AuthorId, BodyHash, EntryId, Millis, sha256};
use crate::log::{CheckError, Log, Place};
use crate::network::Says;

/// Most bytes that an audit keeps of a file, however large that is; a file that needs more is undecided
/// (A7). It has room for some three million entries, ten years of a network of 1,590 members, on the
/// smallest machine that an auditor is likely to have.
pub const MAX_KEPT: usize = 512 << 20;
/// What an entry takes, its index included.
const ENTRY_BYTES: usize = 96;
/// What a body takes, its index included.
const BODY_BYTES: usize = 64;
/// What an author takes: two skeletons of the log, its keys, its line in the report.
const AUTHOR_BYTES: usize = 3_072;
/// What an entry takes that waits for its parent, besides its envelope.
const WAITING_BYTES: usize = 1_280;
/// What an entry of a network kind takes besides its row.
const NETWORK_BYTES: usize = 256;
/// How many times its own length what a network body says takes: decoded, and once more with its entry.
const SAID_TIMES: usize = 4;
/// What a reference to an earlier version takes.
const REPLACED_BYTES: usize = 256;
/// What the hash of an item takes that is kept to be known again.
const HASH_BYTES: usize = 64;

/// A valid entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Index in [`Intake::logs`].
    pub(super) log: u32,
    pub(super) place: Place,
    /// Index in [`Intake::bodies`].
    pub(super) body: u32,
    pub(super) time: Millis,
    /// Index in [`Kinds`].
    pub(super) kind: u16,
}

/// An entry of a network kind, whose body says something.
#[derive(Clone, Copy, Debug)]
pub(super) struct NetworkEntry {
    pub(super) kind: &'static str,
    pub(super) time: Millis,
    pub(super) body: BodyRef,
}

/// A body, named by an entry or present in the bundle or both.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct BodyRow {
    pub(super) present: bool,
    pub(super) claimed: bool,
    pub(super) malformed: bool,
}

/// An entry that waits for its parent.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) at: u64,
    /// Apart, since the maps that hold these have room for more than they hold.
    pub(super) entry: Box<Signed>,
}

/// Everything that the items said.
#[derive(Clone, Debug, Default)]
pub(super) struct Intake {
    pub(super) start: Option<Start>,
    pub(super) findings: Findings,
    pub(super) logs: Vec<Log>,
    /// A map whose index takes a few bytes an entry: there can be millions.
    pub(super) rows: IndexMap<EntryId, Row>,
    pub(super) network_entries: BTreeMap<EntryId, NetworkEntry>,
    /// By hash and length; no body is longer than a `u32` tells.
    pub(super) bodies: IndexMap<(BodyHash, u32), BodyRow>,
    /// What a present body says, read as each network kind that it fits.
    pub(super) sayings: BTreeMap<BodyHash, Vec<(&'static str, Says)>>,
    pub(super) statements: Statements,
    pub(super) kinds: Kinds,
    pub(super) told: Told,
    /// By parent, then by envelope: the same header may come under several signatures.
    pub(super) waiting: BTreeMap<EntryId, BTreeMap<Arc<[u8]>, Waiting>>,
    /// Entries that are not valid under an envelope that was seen.
    pub(super) invalid: BTreeSet<EntryId>,
    /// Envelopes of a later version, by their hash: what stands twice counts once.
    pub(super) newer: BTreeSet<[u8; 32]>,
    /// The offset of the first item that was not taken in, because there was no more room.
    pub(super) full_at: Option<u64>,
    /// Bytes kept, and how many may be.
    pub(super) kept: usize,
    pub(super) room: usize,
    by_author: BTreeMap<AuthorId, u32>,
    /// The keys that entries named which are being looked at, and where the last of these stands.
    announced: BTreeMap<AuthorId, (PublicKey, u64)>,
}

impl Intake {
    pub(super) fn new() -> Self {
        Self { room: MAX_KEPT, ..Self::default() }
    }

    /// Takes an item, and has looked at what is to be.
    pub(super) fn take(&mut self, at: u64, part: Part<'_>, looking: &mut Looking) {
        if self.kept > self.room {
            self.full_at.get_or_insert(at);
            return;
        }
        match part {
            Part::Start(start) => self.start = Some(start),
            Part::Body(body) => looking.body(body, self.told.has_room()),
            Part::Envelope(envelope) => {
                if let Some(job) = self.take_envelope(at, envelope) {
                    looking.entry(job);
                }
            }
            Part::End(_) => {}
        }
    }

    /// Takes what a look at items found.
    pub(super) fn learn(&mut self, bodies: Vec<Body>, entries: Vec<(u64, Signed)>) {
        for body in bodies {
            self.learn_body(body);
        }
        for (at, entry) in entries {
            self.place(at, entry);
            self.announced.retain(|_, (_, last)| *last > at);
        }
    }

    /// Returns the index of an author's log.
    pub(super) fn log_of(&self, author: AuthorId) -> Option<u32> {
        self.by_author.get(&author).copied()
    }

    /// Tells whether a body is in the bundle.
    pub(super) fn has_body(&self, body: &BodyRef) -> bool {
        self.bodies.get(&key(body.hash, body.len)).is_some_and(|row| row.present)
    }

    /// Returns the hash of an entry's body, and what is known of it.
    pub(super) fn body_of(&self, row: &Row) -> (BodyHash, BodyRow) {
        let ((hash, _), found) = self.bodies.get_index(row.body as usize).expect("a row names its body");
        (*hash, *found)
    }

    fn body_index(&mut self, hash: BodyHash, len: u64) -> usize {
        let entry = self.bodies.entry(key(hash, len));
        let index = entry.index();
        if matches!(entry, indexmap::map::Entry::Vacant(_)) {
            self.kept += BODY_BYTES;
        }
        entry.or_default();
        index
    }

    fn learn_body(&mut self, Body { hash, len, says }: Body) {
        let index = self.body_index(hash, len);
        let row = &mut self.bodies[index];
        if row.present {
            return;
        }
        (row.present, row.malformed) = (true, says.is_none());
        let Some(says) = says else { return };
        let Said { network, checkpoint, witness, title, replaces } = says;
        if !network.is_empty() || checkpoint.is_some() || witness.is_some() {
            self.kept += SAID_TIMES * usize::try_from(len).unwrap_or(usize::MAX);
        }
        if replaces.is_some() {
            self.kept += REPLACED_BYTES;
        }
        if !network.is_empty() {
            self.sayings.insert(hash, network);
        }
        self.statements.take(hash, checkpoint, witness);
        self.told.take(hash, title, replaces);
    }

    fn take_envelope(&mut self, at: u64, envelope: &[u8]) -> Option<Job> {
        match Entry::decode(envelope) {
            Ok(entry) => {
                let body = entry.header().body;
                let index = self.body_index(body.hash, body.len);
                self.bodies[index].claimed = true;
                let key = self.likely_key(at, &entry);
                Some(Job { at, entry, key })
            }
            Err(error) => {
                if error.is_newer() && self.newer.insert(sha256(envelope)) {
                    self.kept += HASH_BYTES;
                }
                self.findings.add(Some(at), None, Cause::Entry(error));
                None
            }
        }
    }

    /// The key that will have signed `entry` if its log is in order. A wrong guess costs a second
    /// check, nothing else: the log decides.
    fn likely_key(&mut self, at: u64, entry: &Entry) -> Option<PublicKey> {
        if let Some((sign, reveal)) = entry.keys() {
            self.announced.insert(entry.author(), (*sign, at));
            return Some(reveal.unwrap_or(*sign));
        }
        let parent = entry.prev().and_then(|prev| self.rows.get(&prev));
        if let Some(parent) = parent {
            return Some(*self.logs[parent.log as usize].signing_key(parent.place));
        }
        if let Some((key, _)) = self.announced.get(&entry.author()) {
            return Some(*key);
        }
        let log = &self.logs[self.log_of(entry.author())? as usize];
        Some(*log.signing_key(log.tree().choose(None, None).head))
    }

    /// Places an entry under its parent, and then what waited for it.
    fn place(&mut self, at: u64, entry: Signed) {
        let mut ready = vec![(at, entry)];
        while let Some((at, entry)) = ready.pop() {
            let id = entry.id();
            match self.check(&entry) {
                Ok(Some(row)) => {
                    self.keep(&entry, row);
                    let waited = self.waiting.remove(&id).unwrap_or_default();
                    self.kept -= waited.keys().map(|envelope| waiting_bytes(envelope)).sum::<usize>();
                    ready.extend(waited.into_values().map(|waiting| (waiting.at, *waiting.entry)));
                }
                Ok(None) => {}
                Err(NotPlaced::ParentUnknown(parent)) => {
                    let envelope = Arc::clone(entry.envelope());
                    let bytes = waiting_bytes(&envelope);
                    let waiting = self.waiting.entry(parent).or_default();
                    if waiting.insert(envelope, Waiting { at, entry: Box::new(entry) }).is_none() {
                        self.kept += bytes;
                    }
                }
                Err(NotPlaced::Invalid(error)) => {
                    // The bound on branches makes nothing invalid.
                    if error != CheckError::TooManyBranches && self.invalid.insert(id) {
                        self.kept += HASH_BYTES;
                    }
                    self.findings.add(Some(at), Some(id), Cause::Check(error));
                }
            }
        }
    }

    fn check(&mut self, entry: &Signed) -> Result<Option<Row>, NotPlaced> {
        if let Some(row) = self.rows.get(&entry.id()) {
            // The same header again. A second envelope is the same entry if it is signed as well.
            let log = &self.logs[row.log as usize];
            let key = match (entry.keys(), log.tree().parent(row.place)) {
                (Some((sign, reveal)), _) => reveal.as_ref().unwrap_or(sign),
                (None, parent) => log.signing_key(parent.unwrap_or(row.place)),
            };
            return if entry.is_signed_by(key) { Ok(None) } else { Err(CheckError::Signature.into()) };
        }
        let header = entry.header();
        let (time, kind) = (header.time, self.kinds.number(entry.kind()));
        let body = self.bodies.get_index_of(&key(header.body.hash, header.body.len));
        let body = body.and_then(|body| u32::try_from(body).ok()).expect("a body is known with its entry");
        let Some(prev) = entry.prev() else {
            let log = Log::begin(entry)?;
            let index = u32::try_from(self.logs.len()).expect("fewer logs than a file has bytes");
            self.by_author.insert(entry.author(), index);
            self.logs.push(log);
            self.kept += AUTHOR_BYTES;
            return Ok(Some(Row { log: index, place: Place { branch: 0, seq: 0 }, body, time, kind }));
        };
        let parent = *self.rows.get(&prev).ok_or(NotPlaced::ParentUnknown(prev))?;
        let place = self.logs[parent.log as usize].extend(parent.place, entry)?;
        Ok(Some(Row { log: parent.log, place, body, time, kind }))
    }

    fn keep(&mut self, entry: &Entry, row: Row) {
        self.rows.insert(entry.id(), row);
        self.kept += ENTRY_BYTES;
        if let Some(kind) = NETWORK_KINDS.iter().find(|kind| **kind == entry.kind()) {
            let found = NetworkEntry { kind, time: entry.header().time, body: entry.header().body };
            self.kept += NETWORK_BYTES;
            self.network_entries.insert(entry.id(), found);
        }
    }
}

enum NotPlaced {
    ParentUnknown(EntryId),
    Invalid(CheckError),
}

impl From<CheckError> for NotPlaced {
    fn from(error: CheckError) -> Self {
        Self::Invalid(error)
    }
}

/// The key of a body in [`Intake::bodies`]. A header names no length that is longer (V1), and no item is (A5).
fn key(hash: BodyHash, len: u64) -> (BodyHash, u32) {
    (hash, u32::try_from(len).unwrap_or(u32::MAX))
}

fn waiting_bytes(envelope: &[u8]) -> usize {
    WAITING_BYTES + envelope.len()
}
