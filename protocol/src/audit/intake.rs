//! The intake: a bundle's items, each looked at once and turned into small rows.
//!
//! Nothing is decided here that the order of items could change: an entry waits for its parent, a
//! body is known by its hash and length, and what is missing is only missing at the end. A body's
//! bytes are not kept; of one that could be a network body, what it would say is (V7), because the
//! entry that names it may come later. Of a record's body the first titles are kept, and what it replaces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::thread;

use super::finding::{Cause, Findings};
use super::records::{Kinds, Told};
use super::testimony::Statements;
use crate::bundle::{Item, Start};
use crate::codec::{self, MAX_BODY, Scan};
use crate::entry::{BodyRef, Entry, NETWORK_KINDS, SALT_LEN, Signed};
use crate::envelope::PublicKey;
use crate::id::{AuthorId, BodyHash, EntryId, Millis, sha256};
use crate::log::{CheckError, Log, Place};
use crate::network::Says;

/// Entries whose signatures are checked at once: enough that starting threads costs nothing beside
/// it, and at most some 700 KB of envelopes.
const BATCH: usize = 512;

/// A body's map: the bytes of each value by its key.
pub(super) type Fields<'a> = BTreeMap<&'a str, &'a [u8]>;

/// A valid entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Index in [`Intake::logs`].
    pub(super) log: u32,
    pub(super) place: Place,
    pub(super) body: BodyRef,
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
    pub(super) entry: Signed,
}

/// Everything that the items said.
#[derive(Clone, Debug, Default)]
pub(super) struct Intake {
    pub(super) start: Option<Start>,
    pub(super) findings: Findings,
    pub(super) logs: Vec<Log>,
    pub(super) rows: BTreeMap<EntryId, Row>,
    pub(super) network_entries: BTreeMap<EntryId, NetworkEntry>,
    pub(super) bodies: BTreeMap<(BodyHash, u64), BodyRow>,
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
    by_author: BTreeMap<AuthorId, u32>,
    batch: Vec<(u64, Entry)>,
    threads: usize,
}

impl Intake {
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, ..Self::default() }
    }

    pub(super) fn take(&mut self, at: u64, item: Item) {
        match item {
            Item::Start(start) => self.start = Some(start),
            Item::Body(body) => self.take_body(&body),
            Item::Envelope(envelope) => self.take_envelope(at, &envelope),
            Item::End(_) => {}
        }
    }

    /// Returns the index of an author's log.
    pub(super) fn log_of(&self, author: AuthorId) -> Option<u32> {
        self.by_author.get(&author).copied()
    }

    fn take_body(&mut self, body: &[u8]) {
        let hash = BodyHash(sha256(body));
        let row = self.bodies.entry((hash, body.len() as u64)).or_default();
        if row.present {
            return;
        }
        row.present = true;
        match fields(body) {
            Some(fields) => {
                let says = possible_kinds(&fields)
                    .filter_map(|kind| Says::read(kind, hash, body).map(|says| (kind, says)))
                    .collect::<Vec<_>>();
                if !says.is_empty() {
                    self.sayings.insert(hash, says);
                }
                self.statements.take(&fields, hash, body);
                self.told.take(&fields, hash);
            }
            None => row.malformed = true,
        }
    }

    fn take_envelope(&mut self, at: u64, envelope: &[u8]) {
        match Entry::decode(envelope) {
            Ok(entry) => {
                let body = entry.header().body;
                self.bodies.entry((body.hash, body.len)).or_default().claimed = true;
                self.batch.push((at, entry));
                if self.batch.len() >= BATCH {
                    self.settle();
                }
            }
            Err(error) => {
                if error.is_newer() {
                    self.newer.insert(sha256(envelope));
                }
                self.findings.add(Some(at), None, Cause::Entry(error));
            }
        }
    }

    /// Checks the signatures of the entries that came, then places them.
    pub(super) fn settle(&mut self) {
        let mut latest = BTreeMap::new();
        let batch = std::mem::take(&mut self.batch);
        let jobs = batch.into_iter().map(|(at, entry)| {
            let key = self.likely_key(&mut latest, &entry);
            Job { at, entry, key }
        });
        for (at, entry) in check_all(jobs.collect(), self.threads) {
            self.place(at, entry);
        }
    }

    /// The key that will have signed `entry` if its log is in order. A wrong guess costs a second
    /// check, nothing else: the log decides.
    fn likely_key(&self, latest: &mut BTreeMap<AuthorId, PublicKey>, entry: &Entry) -> Option<PublicKey> {
        if let Some((sign, reveal)) = entry.keys() {
            latest.insert(entry.author(), *sign);
            return Some(reveal.unwrap_or(*sign));
        }
        let parent = entry.prev().and_then(|prev| self.rows.get(&prev));
        match parent {
            Some(parent) => Some(*self.logs[parent.log as usize].signing_key(parent.place)),
            None => latest.get(&entry.author()).copied().or_else(|| {
                let log = &self.logs[self.log_of(entry.author())? as usize];
                Some(*log.signing_key(log.tree().choose(None, None).head))
            }),
        }
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
                    ready.extend(waited.into_values().map(|waiting| (waiting.at, waiting.entry)));
                }
                Ok(None) => {}
                Err(NotPlaced::ParentUnknown(parent)) => {
                    let envelope = Arc::clone(entry.envelope());
                    self.waiting.entry(parent).or_default().insert(envelope, Waiting { at, entry });
                }
                Err(NotPlaced::Invalid(error)) => {
                    // The bound on branches makes nothing invalid.
                    if error != CheckError::TooManyBranches {
                        self.invalid.insert(id);
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
        let (body, time, kind) = (header.body, header.time, self.kinds.number(entry.kind()));
        let Some(prev) = entry.prev() else {
            let log = Log::begin(entry)?;
            let index = u32::try_from(self.logs.len()).expect("fewer logs than a file has bytes");
            self.by_author.insert(entry.author(), index);
            self.logs.push(log);
            return Ok(Some(Row { log: index, place: Place { branch: 0, seq: 0 }, body, time, kind }));
        };
        let parent = *self.rows.get(&prev).ok_or(NotPlaced::ParentUnknown(prev))?;
        let place = self.logs[parent.log as usize].extend(parent.place, entry)?;
        Ok(Some(Row { log: parent.log, place, body, time, kind }))
    }

    fn keep(&mut self, entry: &Entry, row: Row) {
        self.rows.insert(entry.id(), row);
        if let Some(kind) = NETWORK_KINDS.iter().find(|kind| **kind == entry.kind()) {
            let found = NetworkEntry { kind, time: entry.header().time, body: row.body };
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

struct Job {
    at: u64,
    entry: Entry,
    key: Option<PublicKey>,
}

impl Job {
    fn check(self) -> (u64, Signed) {
        let signed = match self.key {
            Some(key) => Signed::check(self.entry, &key),
            None => Signed::unchecked(self.entry),
        };
        (self.at, signed)
    }
}

/// Checks signatures on so many threads; the result keeps the order of the jobs.
fn check_all(mut jobs: Vec<Job>, threads: usize) -> Vec<(u64, Signed)> {
    if threads < 2 || jobs.len() < threads {
        return jobs.into_iter().map(Job::check).collect();
    }
    let share = jobs.len().div_ceil(threads);
    let mut parts = Vec::with_capacity(threads);
    while jobs.len() > share {
        let rest = jobs.split_off(share);
        parts.push(std::mem::replace(&mut jobs, rest));
    }
    parts.push(jobs);
    thread::scope(|scope| {
        let work = |part: Vec<Job>| scope.spawn(|| part.into_iter().map(Job::check).collect::<Vec<_>>());
        let running: Vec<_> = parts.into_iter().map(work).collect();
        running
            .into_iter()
            .flat_map(|part| part.join().expect("checking a signature does not panic"))
            .collect()
    })
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
    let mut fields = BTreeMap::new();
    for _ in 0..pairs {
        let (_, len, head) = codec::head(body, at).ok()?;
        let end = at + head + usize::try_from(len).ok()?;
        let key = std::str::from_utf8(body.get(at + head..end)?).ok()?;
        let Ok(Scan::Complete(len)) = codec::prefix(&body[end..], MAX_BODY) else { return None };
        fields.insert(key, body.get(end..end + len)?);
        at = end + len;
    }
    Some(fields)
}

/// The network kinds whose required fields are among `fields`.
fn possible_kinds(found: &Fields<'_>) -> impl Iterator<Item = &'static str> {
    let required: [(&'static str, &[&str]); 7] = [
        ("admit", &["net", "items"]),
        ("charter", &["stewards", "k"]),
        ("close", &["reason", "successors"]),
        ("join", &["net", "charter"]),
        ("leave", &["net"]),
        ("suspend", &["net", "author", "upto"]),
        ("withdraw", &["entries", "reason"]),
    ];
    required
        .into_iter()
        .filter(|(_, fields)| fields.iter().all(|field| found.contains_key(field)))
        .map(|(kind, _)| kind)
}
