//! Erasure: a segment is written again without a body and takes the old one's place (B3).
//!
//! The new file is complete and synced before it is renamed over the old one, and a marker file
//! stands beside it from before the rename until the index knows where everything lies now. A start
//! that finds the marker looks up the segment's items again, so a crash at any step leaves either the
//! old or the new segment, and an index that fits it. An erasure that had not reached the rename has
//! not happened; its caller, who knows what is due, asks again. Bytes that make no sense are not
//! carried over: they could hold part of what is to be erased.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter, Write};

use multaqa_protocol::envelope::Envelope;
use multaqa_protocol::id::{BodyHash, EntryId, sha256};

use super::health::ReadOnly;
use super::index::{Cursor, IndexError};
use super::item::{Kind, Location, Start, Step, push_body, push_envelope};
use super::journal::{Journal, Writer};
use super::read::ReadError;
use super::rows::Rows;
use super::{End, Store};

/// Why bodies were not erased, or not all of them.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The disk failed; the segment is as it was.
    #[error("a segment cannot be rewritten")]
    Io(#[from] io::Error),
    /// The store cannot be read.
    #[error("the store cannot be read")]
    Read(#[from] ReadError),
    /// The index failed before; the next start rebuilds it.
    #[error("nothing is erased: {0}")]
    ReadOnly(ReadOnly),
    /// A replay has not been finished.
    #[error("a replay is to be finished before anything is erased")]
    Replay,
}

/// An item that was carried over.
enum Carried {
    Entry(EntryId),
    Body(BodyHash, Location),
}

impl Store {
    /// Erases bodies from the disk and returns how many copies there were. Which entries they
    /// belonged to is not looked at: those are to be marked first.
    ///
    /// # Errors
    ///
    /// See [`EraseError`]; what was erased before it stays erased.
    pub fn erase(&self, hashes: &[BodyHash]) -> Result<usize, EraseError> {
        let mut end = self.end();
        if end.replaying {
            return Err(EraseError::Replay);
        }
        let mut segments: BTreeMap<u32, BTreeSet<(Location, BodyHash)>> = BTreeMap::new();
        for hash in hashes {
            for at in self.copies(hash)? {
                segments.entry(at.segment).or_default().insert((at, *hash));
            }
        }
        // The rows of what is about to move are then all written, and so is the cursor.
        self.checkpoint_at(&mut end);
        if let Some(reason @ ReadOnly::Index { .. }) = self.health().reason() {
            return Err(EraseError::ReadOnly(reason.clone()));
        }
        let mut erased = 0;
        for (segment, gone) in segments {
            self.rewrite(&mut end, segment, &gone)?;
            erased += gone.len();
        }
        Ok(erased)
    }

    /// Returns where a body lies, copies that are damaged included, but not other bodies whose hash
    /// begins alike.
    fn copies(&self, hash: &BodyHash) -> Result<Vec<Location>, ReadError> {
        self.reading(|state| {
            let mut copies = Vec::new();
            for at in state.rows.body_locations(hash)? {
                match self.0.journal.read(Kind::Body, at) {
                    Ok(bytes) => {
                        let found = sha256(&bytes);
                        if found == hash.0 || found[..8] != hash.0[..8] {
                            copies.push(at);
                        }
                    }
                    Err(ReadError::Damaged { .. }) => copies.push(at),
                    Err(error) => return Err(error),
                }
            }
            Ok(copies)
        })
    }

    fn rewrite(
        &self,
        end: &mut End,
        segment: u32,
        gone: &BTreeSet<(Location, BodyHash)>,
    ) -> Result<(), EraseError> {
        let offsets: BTreeSet<u32> = gone.iter().map(|(at, _)| at.offset).collect();
        let (carried, len) = copy_without(&self.0.journal, segment, &offsets)?;
        self.0.journal.mark(segment)?;
        let swapped = self.swap_in(end, segment, len, gone, &carried);
        if let Err(error) = &swapped {
            // The end may still be open in the old file, so nothing more is written before the next
            // start, which finds the marker.
            self.fail_index(error);
        }
        swapped?;
        self.checkpoint_at(end);
        if !matches!(self.health().reason(), Some(ReadOnly::Index { .. })) {
            self.0.journal.unmark(segment)?;
        }
        Ok(())
    }

    /// Puts the new file and the new rows in the place of the old ones; readers see both or neither.
    fn swap_in(
        &self,
        end: &mut End,
        segment: u32,
        len: u64,
        gone: &BTreeSet<(Location, BodyHash)>,
        carried: &[(Carried, Location)],
    ) -> Result<(), EraseError> {
        let mut state = self.state_mut();
        self.0.journal.swap(segment)?;
        if end.writer.segment() == segment {
            end.writer = Writer::open(&self.0.journal, segment, len, self.0.options.segment_size)?;
            end.cursor = Cursor { segment, offset: len };
        }
        state.segments.insert(segment, len);
        move_rows(&mut state.rows, gone, carried).map_err(ReadError::Index)?;
        state.rows.put_segment(segment, len);
        Ok(())
    }
}

/// Copies a segment to its temporary file, durably, without the items at `gone`.
fn copy_without(
    journal: &Journal,
    segment: u32,
    gone: &BTreeSet<u32>,
) -> io::Result<(Vec<(Carried, Location)>, u64)> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(journal.temporary(segment))?);
    let mut scanner = journal.scan(segment, 0)?;
    let mut carried = Vec::new();
    let mut len = 0;
    let mut item = Vec::new();
    while let Some(step) = scanner.step()? {
        match step {
            Step::Item(_, at, _) if gone.contains(&at.offset) => {}
            Step::Item(kind, at, range) => {
                let payload = scanner.payload(&range);
                item.clear();
                let new = Location { offset: len as u32, ..at };
                match kind {
                    Kind::Start => {
                        item.extend_from_slice(&[0x82, 0]);
                        item.extend_from_slice(payload);
                        debug_assert!(Start::read(&item).is_some(), "the scanner read it");
                    }
                    Kind::Body => {
                        push_body(&mut item, payload);
                        carried.push((Carried::Body(BodyHash(sha256(payload)), at), new));
                    }
                    Kind::Envelope => {
                        push_envelope(&mut item, payload);
                        if let Ok(envelope) = Envelope::parse(payload) {
                            carried.push((Carried::Entry(EntryId(sha256(envelope.header))), new));
                        }
                    }
                }
                len += item.len() as u64;
                out.write_all(&item)?;
            }
            Step::Gap { offset, len, .. } | Step::Tail { offset, len, .. } => {
                tracing::warn!(segment, offset, len, "bytes that make no sense were not carried over");
            }
        }
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok((carried, len))
}

/// Writes the new locations: first every old one goes, as two bodies can share a row.
fn move_rows(
    rows: &mut Rows,
    gone: &BTreeSet<(Location, BodyHash)>,
    carried: &[(Carried, Location)],
) -> Result<(), IndexError> {
    for (at, hash) in gone {
        rows.drop_location(hash, *at)?;
    }
    for (item, new) in carried {
        if let Carried::Body(hash, old) = item
            && old != new
        {
            rows.drop_location(hash, *old)?;
        }
    }
    for (item, new) in carried {
        match item {
            Carried::Body(hash, _) => rows.add_location(hash, *new)?,
            Carried::Entry(id) => rows.move_entry(id, *new)?,
        }
    }
    Ok(())
}

/// Looks up where everything in a segment lies, after a crash around its swap, and returns its length.
pub(super) fn relocate(journal: &Journal, rows: &mut Rows, segment: u32) -> Result<u64, ReadError> {
    rows.drop_segment(segment)?;
    let mut scanner = journal.scan(segment, 0)?;
    while let Some(step) = scanner.step()? {
        if let Step::Item(kind, at, range) = step {
            let payload = scanner.payload(&range);
            match kind {
                Kind::Start => {}
                Kind::Body => rows.add_location(&BodyHash(sha256(payload)), at)?,
                Kind::Envelope => {
                    if let Ok(envelope) = Envelope::parse(payload) {
                        rows.move_entry(&EntryId(sha256(envelope.header)), at)?;
                    }
                }
            }
        }
    }
    let len = scanner.offset();
    rows.put_segment(segment, len);
    Ok(len)
}
