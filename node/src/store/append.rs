//! The one write path: a batch of entries and bodies, durable in one fdatasync, then indexed.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use multaqa_protocol::entry::Entry;
use multaqa_protocol::id::{AuthorId, BodyHash, sha256};
use multaqa_protocol::log::Place;

use super::index::Cursor;
use super::item::{ITEM_HEAD, Location, push_body, push_envelope};
use super::read::ReadError;
use super::record::Record;
use super::{CHECKPOINT_BYTES, CHECKPOINT_ROWS, End, IndexError, ReadOnly, State, Store};

/// Most bytes of one batch: what a segment can hold beyond its size stays small, and so does memory.
pub const MAX_BATCH: usize = 64 << 20;

/// An entry to append, or to index again.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its author.
    pub author: AuthorId,
    /// Where the engine put it.
    pub place: Place,
    /// The entry.
    pub entry: Entry,
    /// Its body, if it came along. The caller has compared it with the header.
    pub body: Option<Arc<[u8]>>,
    /// Where it already lies in the journal, if it was replayed.
    pub at: Option<Location>,
}

/// What happened to an entry's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was withdrawn: no longer served, shown or asked for (B2, B3).
    Withdrawn,
    /// Its withdrawal no longer stands: served again, or asked for if it was erased.
    Standing,
    /// Its bytes were found damaged: asked for again.
    Damaged,
}

/// What is written together.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// New entries, parents first; either all of them replayed or none.
    pub entries: Vec<NewEntry>,
    /// Bodies that came after their entries. The caller has computed the hashes.
    pub bodies: Vec<(BodyHash, Arc<[u8]>)>,
    /// The engine's rows of authors; the last of each author counts.
    pub logs: Vec<(AuthorId, Vec<u8>)>,
    /// Marks on entries, those of this batch included.
    pub marks: Vec<(AuthorId, Place, Mark)>,
}

/// Why a batch was not written; nothing of it counts.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The store is read-only.
    #[error("the store takes no writes: {0}")]
    ReadOnly(ReadOnly),
    /// The write failed; the store is read-only from here on.
    #[error("the journal cannot be written")]
    Write(#[source] io::Error),
    /// The journal could not be read to see what it holds already.
    #[error("the store cannot be read")]
    Read(#[source] ReadError),
    /// The batch is over [`MAX_BATCH`].
    #[error("{len} bytes in one batch, where {MAX_BATCH} are allowed")]
    TooLarge {
        /// Its bytes.
        len: usize,
    },
    /// A body has another length than its entry's header names.
    #[error("a body of {found} bytes for an entry that names {expected}")]
    BodyLength {
        /// Bytes that the header names.
        expected: u64,
        /// Bytes given.
        found: usize,
    },
    /// New entries before the replay was finished, or replayed ones after.
    #[error("a replay is to be finished before anything new is appended")]
    Replay,
}

/// What of a batch has to be written, and where each part will lie.
#[derive(Default)]
struct Layout {
    buffer: Vec<u8>,
    /// Offsets and lengths in the buffer.
    bodies: BTreeMap<BodyHash, (u32, u32)>,
    /// For each entry of the batch, unless it is known or replayed.
    entries: Vec<Option<(u32, u32)>>,
}

impl Layout {
    fn body(&mut self, hash: BodyHash, body: &[u8]) {
        debug_assert_eq!(hash.0, sha256(body), "the caller compared the body with its hash");
        let start = self.buffer.len();
        push_body(&mut self.buffer, body);
        self.bodies.insert(hash, (start as u32, (self.buffer.len() - start) as u32));
    }

    fn envelope(&mut self, envelope: &[u8]) {
        let start = self.buffer.len();
        push_envelope(&mut self.buffer, envelope);
        self.entries.push(Some((start as u32, (self.buffer.len() - start) as u32)));
    }
}

impl Store {
    /// Writes a batch: all of it is durable when this returns, or nothing of it counts.
    ///
    /// # Errors
    ///
    /// See [`AppendError`]; after [`AppendError::Write`] the store is read-only and tries again by
    /// itself when [`super::Options::retry`] has passed.
    pub fn append(&self, batch: &Batch) -> Result<(), AppendError> {
        let mut end = self.end();
        match self.health().check(&self.0.dir) {
            // A replay writes nothing to the journal: a full disk keeps no node from starting.
            Err(ReadOnly::NoRoom { .. }) if end.replaying => {}
            other => other.map_err(AppendError::ReadOnly)?,
        }
        let replayed = batch.entries.iter().filter(|entry| entry.at.is_some()).count();
        if (end.replaying && (replayed < batch.entries.len() || !batch.bodies.is_empty()))
            || (!end.replaying && replayed > 0)
        {
            return Err(AppendError::Replay);
        }
        let layout = self.lay_out(batch)?;
        let base = if layout.buffer.is_empty() { 0 } else { self.write(&mut end, &layout.buffer)? };
        // From here on the batch counts. If the index fails, the next start rebuilds it.
        let indexed = {
            let mut state = self.state_mut();
            state.segments.insert(end.writer.segment(), end.writer.len());
            self.index_batch(&mut state, batch, &layout, end.writer.segment(), base)
        };
        match indexed {
            Ok(()) => {}
            Err(ReadError::Index(error)) => self.fail_index(&error),
            Err(error) => tracing::error!(%error, "a body's state could not be read"),
        }
        end.since += 1 + layout.buffer.len() as u64;
        if end.replaying {
            let last = batch.entries.iter().filter_map(|entry| entry.at).max();
            end.cursor = last.map_or(end.cursor, |at| Cursor { segment: at.segment, offset: at.end() });
            end.since +=
                last.map_or(0, |_| batch.entries.iter().map(|entry| entry.entry.header().body.len).sum());
        } else {
            end.cursor = Cursor { segment: end.writer.segment(), offset: end.writer.len() };
        }
        if end.since >= CHECKPOINT_BYTES || self.state().rows.index.held_bytes() >= CHECKPOINT_ROWS {
            self.checkpoint_at(&mut end);
        }
        Ok(())
    }

    /// Writes the buffer at the end of the journal and returns its offset in the segment.
    fn write(&self, end: &mut End, buffer: &[u8]) -> Result<u64, AppendError> {
        let written = end.writer.reserve(&self.0.journal, buffer.len() as u64).and_then(|()| {
            let base = end.writer.len();
            end.writer.write(buffer).map(|()| base)
        });
        let mut health = self.health();
        match written {
            Ok(base) => {
                health.wrote(buffer.len() as u64);
                Ok(base)
            }
            Err(error) => {
                health.fail(&error);
                Err(AppendError::Write(error))
            }
        }
    }

    /// Lays out what the journal does not hold yet: each body right before the first envelope that
    /// names it, and once.
    fn lay_out(&self, batch: &Batch) -> Result<Layout, AppendError> {
        // Room for everything at once: growing would copy megabytes over and over.
        let of_entry =
            |new: &NewEntry| new.entry.envelope().len() + new.body.as_ref().map_or(0, |body| body.len());
        let entries = batch.entries.iter().filter(|new| new.at.is_none()).map(of_entry);
        let bytes: usize = entries.chain(batch.bodies.iter().map(|(_, body)| body.len())).sum();
        let items = 2 * batch.entries.len() + batch.bodies.len();
        let buffer = Vec::with_capacity((bytes + items * ITEM_HEAD).min(MAX_BATCH));
        let mut layout = Layout { buffer, ..Layout::default() };
        let state = self.state();
        let held = |hash: &BodyHash| match state.rows.body_locations(hash) {
            Ok(locations) if locations.is_empty() => Ok(false),
            _ => self.find_body(&state, hash).map(|found| found.is_some()),
        };
        for new in &batch.entries {
            let body = new.entry.header().body;
            if new.at.is_some() {
                layout.entries.push(None);
                continue;
            }
            if let Some(bytes) = &new.body {
                if bytes.len() as u64 != body.len {
                    return Err(AppendError::BodyLength { expected: body.len, found: bytes.len() });
                }
                if !layout.bodies.contains_key(&body.hash) && !held(&body.hash).map_err(AppendError::Read)? {
                    layout.body(body.hash, bytes);
                }
            }
            let known =
                state.rows.record(new.author, new.place).map_err(|error| AppendError::Read(error.into()))?;
            if known.is_some_and(|record| record.id == new.entry.id()) {
                layout.entries.push(None);
            } else {
                layout.envelope(new.entry.envelope());
            }
        }
        for (hash, bytes) in &batch.bodies {
            if !layout.bodies.contains_key(hash) && !held(hash).map_err(AppendError::Read)? {
                layout.body(*hash, bytes);
            }
        }
        if layout.buffer.len() > MAX_BATCH {
            return Err(AppendError::TooLarge { len: layout.buffer.len() });
        }
        Ok(layout)
    }

    fn index_batch(
        &self,
        state: &mut State,
        batch: &Batch,
        layout: &Layout,
        segment: u32,
        base: u64,
    ) -> Result<(), ReadError> {
        let place = |offset: u32, len: u32| Location { segment, offset: base as u32 + offset, len };
        for (hash, (offset, len)) in &layout.bodies {
            state.rows.add_body(hash, place(*offset, *len))?;
        }
        for (new, laid) in batch.entries.iter().zip(&layout.entries) {
            let Some(at) = laid.map(|(offset, len)| place(offset, len)).or(new.at) else { continue };
            let hash = new.entry.header().body.hash;
            let body = match new.at {
                None if new.body.is_some() => true,
                _ => self.holds_body_of(state, &hash, at)?,
            };
            state.rows.add_entry(
                new.author,
                new.place.branch,
                &Record::new(new.place, &new.entry, at, body),
            )?;
            if !body {
                state.rows.add_missing(&hash, new.author, new.place)?;
            }
        }
        for (author, bytes) in &batch.logs {
            state.rows.put_log(*author, bytes)?;
        }
        for (author, place, mark) in &batch.marks {
            self.index_mark(state, *author, *place, *mark)?;
        }
        Ok(())
    }

    /// Tells whether an entry's body is held. One right before its envelope was hashed when it was
    /// written or replayed; another is read, as hashes can begin alike.
    fn holds_body_of(&self, state: &State, hash: &BodyHash, at: Location) -> Result<bool, ReadError> {
        let locations = state.rows.body_locations(hash)?;
        let before = |body: &Location| body.segment == at.segment && body.end() == u64::from(at.offset);
        Ok(locations.iter().any(before) || (!locations.is_empty() && self.find_body(state, hash)?.is_some()))
    }

    fn index_mark(
        &self,
        state: &mut State,
        author: AuthorId,
        place: Place,
        mark: Mark,
    ) -> Result<(), ReadError> {
        let Some(record) = state.rows.record(author, place)? else { return Ok(()) };
        let hash = self.read_entry(&record)?.header().body.hash;
        let held = match mark {
            Mark::Withdrawn => {
                state.rows.mark_withdrawn(author, place, true)?;
                return Ok(state.rows.forget_missing(&hash, author, place)?);
            }
            Mark::Standing => {
                state.rows.mark_withdrawn(author, place, false)?;
                self.find_body(state, &hash)?.is_some()
            }
            Mark::Damaged => false,
        };
        state.rows.mark_body(author, place, held)?;
        if !held {
            state.rows.add_missing(&hash, author, place)?;
        }
        Ok(())
    }

    /// Ends a replay: everything that the journal holds has been appended again or refused.
    pub fn finish_replay(&self) {
        let mut end = self.end();
        if end.replaying {
            end.replaying = false;
            let recounted = self.state_mut().rows.recount();
            if let Err(error) = recounted {
                self.fail_index(&error);
            }
            end.cursor = Cursor { segment: end.writer.segment(), offset: end.writer.len() };
            self.checkpoint_at(&mut end);
        }
    }

    /// Notes a body that the replay came across; tells whether an entry was missing it.
    pub(super) fn index_body(&self, hash: &BodyHash, at: Location) -> Result<bool, IndexError> {
        let _end = self.end();
        self.state_mut().rows.add_body(hash, at)
    }
}
