//! Reading: entries, bodies and rows, by any number of readers beside the writer.

use std::io;
use std::ops::RangeInclusive;

use multaqa_protocol::entry::Entry;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId, Seq, sha256};
use multaqa_protocol::log::Place;

use super::index::IndexError;
use super::item::{Kind, Location};
use super::record::Record;
use super::{DamagedBody, ReadOnly, State, Store};

/// Most rows that [`Store::rows`] returns at once; a longer range is read in several calls.
pub const MAX_ROWS: usize = 4_096;
/// Most entries that [`Store::find`] returns; more than a person would tell apart.
pub const MAX_FOUND: usize = 64;
/// Shortest prefix of an id that is looked for, in hex digits.
pub const MIN_PREFIX: usize = 8;

/// Why something cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The disk failed.
    #[error("the journal cannot be read")]
    Io(#[from] io::Error),
    /// The index failed; the next start rebuilds it.
    #[error("the index cannot be read")]
    Index(#[from] IndexError),
    /// The journal does not hold there what the index says.
    #[error("the journal is damaged in segment {} at byte {}: {reason}", at.segment, at.offset)]
    Damaged {
        /// Where.
        at: Location,
        /// How.
        reason: &'static str,
    },
}

/// What there is of an entry's body (B1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyState {
    /// The bytes, checked against the hash.
    Present(Vec<u8>),
    /// Not obtained yet.
    Missing,
    /// Withdrawn: neither served nor shown, whether or not it is erased already (B3).
    Withdrawn,
}

/// An entry as stored.
#[derive(Clone, Debug)]
pub struct StoredEntry {
    /// The entry with its envelope as received.
    pub entry: Entry,
    /// Its body.
    pub body: BodyState,
}

/// Whether a row's body is there, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyMark {
    /// Held.
    Present,
    /// Not obtained yet.
    Missing,
    /// Withdrawn.
    Withdrawn,
}

/// What the index alone says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The entry.
    pub id: EntryId,
    /// Where it lies in its author's tree.
    pub place: Place,
    /// Its kind.
    pub kind: String,
    /// Its author's claim of when it was written.
    pub time: Millis,
    /// Length of its body.
    pub body_len: u64,
    /// Whether the body is there.
    pub body: BodyMark,
    /// Where its bytes lie in the journal. The order of these is that in which entries arrived: an erasure moves
    /// them, and keeps the order.
    pub at: Location,
}

/// How the store is, at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Why it takes no writes, if it does not.
    pub read_only: Option<ReadOnly>,
    /// Entries held.
    pub entries: u64,
    /// Bodies held.
    pub bodies: u64,
    /// Entries whose body is missing (B1).
    pub missing: u64,
    /// What a read has found of damage to the journal.
    pub damage: Option<String>,
    /// Bytes of the journal.
    pub bytes: u64,
    /// Segments of the journal.
    pub segments: u64,
    /// The network, once known.
    pub network: Option<NetworkId>,
}

impl Store {
    /// Returns the id of the entry at a place.
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn id_at(&self, author: AuthorId, place: Place) -> Result<Option<EntryId>, ReadError> {
        self.reading(|state| Ok(state.rows.record(author, place)?.map(|record| record.id)))
    }

    /// Returns where an entry lies in its author's tree.
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn place_of(&self, author: AuthorId, id: &EntryId) -> Result<Option<Place>, ReadError> {
        self.reading(|state| Ok(state.rows.place_of(author, id)?))
    }

    /// Returns the entry at a place with its body. One whose bytes are damaged is missing, and among
    /// [`Self::take_damaged`] from then on.
    ///
    /// # Errors
    ///
    /// [`ReadError::Damaged`] when the journal's bytes are not those of the entry's id.
    pub fn entry(&self, author: AuthorId, place: Place) -> Result<Option<StoredEntry>, ReadError> {
        let mut damage = None;
        let read = self.reading(|state| {
            let Some(record) = state.rows.record(author, place)? else { return Ok(None) };
            let entry = self.read_entry(&record)?;
            if record.is_withdrawn() {
                return Ok(Some(StoredEntry { entry, body: BodyState::Withdrawn }));
            }
            let body = match self.find_body(state, &entry.header().body.hash)? {
                Some((_, bytes)) => BodyState::Present(bytes),
                None => {
                    if record.has_body() {
                        damage = self.suspect(state, &entry.header().body.hash)?;
                    }
                    BodyState::Missing
                }
            };
            Ok(Some(StoredEntry { entry, body }))
        });
        if let (Some(at), Ok(Some(stored))) = (damage, &read) {
            let body = stored.entry.header().body;
            self.health().note_damaged(DamagedBody { author, place, body }, at);
        }
        read
    }

    /// Returns what the index says of the entries of one branch, in order, at most [`MAX_ROWS`].
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn rows(
        &self,
        author: AuthorId,
        branch: u16,
        range: RangeInclusive<Seq>,
    ) -> Result<Vec<Row>, ReadError> {
        let records = self.reading(|state| Ok(state.rows.range(author, branch, range, MAX_ROWS)?))?;
        Ok(records.into_iter().map(|record| row(branch, record)).collect())
    }

    /// Returns the entries whose id begins with `prefix`, of at least [`MIN_PREFIX`] lower-case hex
    /// digits; none for a shorter one. At most [`MAX_FOUND`].
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn find(&self, prefix: &str) -> Result<Vec<(EntryId, AuthorId, Place)>, ReadError> {
        let digits = prefix.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if !digits || !(MIN_PREFIX..=64).contains(&prefix.len()) {
            return Ok(Vec::new());
        }
        self.reading(|state| Ok(state.rows.find(prefix, MAX_FOUND)?))
    }

    /// Returns a body by its hash, whichever entries name it and whether or not one was withdrawn.
    ///
    /// # Errors
    ///
    /// As [`Store::entry`].
    pub fn body(&self, hash: &BodyHash) -> Result<Option<Vec<u8>>, ReadError> {
        self.reading(|state| Ok(self.find_body(state, hash)?.map(|(_, bytes)| bytes)))
    }

    /// Returns bodies that are missing, each with an entry that names it, in the order of hashes
    /// after `after`, at most `limit` (B1).
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn missing(
        &self,
        after: Option<&BodyHash>,
        limit: usize,
    ) -> Result<Vec<(BodyHash, AuthorId, Place)>, ReadError> {
        self.reading(|state| Ok(state.rows.missing(after, limit)?))
    }

    /// Returns the engine's row of each author, as last appended.
    ///
    /// # Errors
    ///
    /// [`ReadError::Index`].
    pub fn logs(&self) -> Result<Vec<(AuthorId, Vec<u8>)>, ReadError> {
        self.reading(|state| Ok(state.rows.logs()?))
    }

    /// Returns counts and whether the store takes writes.
    #[must_use]
    pub fn status(&self) -> Status {
        let (read_only, damage) = {
            let mut health = self.health();
            health.observe(&self.0.dir);
            (health.reason().cloned(), health.damage().map(str::to_owned))
        };
        let state = self.state();
        Status {
            read_only,
            damage,
            entries: state.rows.counts.entries,
            bodies: state.rows.counts.bodies,
            missing: state.rows.counts.missing,
            bytes: state.segments.values().sum(),
            segments: state.segments.len() as u64,
            network: state.network,
        }
    }

    /// Runs a read. An index that fails makes the store read-only and is rebuilt at the next start; so it is where the
    /// journal is damaged, which then steps over the damage, so that peers are asked for what is lost.
    pub(super) fn reading<T>(
        &self,
        read: impl FnOnce(&State) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        let result = read(&self.state());
        match &result {
            Err(ReadError::Index(error)) => self.fail_index(error),
            Err(error @ ReadError::Damaged { .. }) => self.note_damage(error),
            _ => {}
        }
        result
    }

    pub(super) fn read_entry(&self, record: &Record) -> Result<Entry, ReadError> {
        let at = record.at;
        let envelope = self.0.journal.read(Kind::Envelope, at)?;
        match Entry::decode(&envelope) {
            Ok(entry) if entry.id() == record.id => Ok(entry),
            _ => Err(ReadError::Damaged { at, reason: "not the entry of this id" }),
        }
    }

    /// Returns a stored body and where it lies. Others whose hash begins alike are passed over.
    pub(super) fn find_body(
        &self,
        state: &State,
        hash: &BodyHash,
    ) -> Result<Option<(Location, Vec<u8>)>, ReadError> {
        for at in state.rows.body_locations(hash)? {
            match self.0.journal.read(Kind::Body, at) {
                Ok(bytes) if sha256(&bytes) == hash.0 => return Ok(Some((at, bytes))),
                Ok(_) | Err(ReadError::Damaged { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Returns where a body that should be there is not: its bytes have another hash than any that
    /// would stand in this row.
    pub(super) fn suspect(&self, state: &State, hash: &BodyHash) -> Result<Option<Location>, ReadError> {
        for at in state.rows.body_locations(hash)? {
            match self.0.journal.read(Kind::Body, at) {
                Ok(bytes) if sha256(&bytes)[..8] == hash.0[..8] => {}
                Ok(_) | Err(ReadError::Damaged { .. }) => return Ok(Some(at)),
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}

fn row(branch: u16, record: Record) -> Row {
    Row {
        id: record.id,
        place: Place { branch, seq: record.seq },
        body: match (record.is_withdrawn(), record.has_body()) {
            (true, _) => BodyMark::Withdrawn,
            (false, true) => BodyMark::Present,
            (false, false) => BodyMark::Missing,
        },
        time: record.time,
        body_len: u64::from(record.body_len),
        kind: record.kind,
        at: record.at,
    }
}
