//! The rows of the index: what they are called and how they are packed.
//!
//! | key | value |
//! |---|---|
//! | `a` author id | number of the author, 4 bytes |
//! | `c` author number, branch, seq / 32 | up to 32 records: id, location, kind, time ... |
//! | `e` 8 bytes of an entry id | author number, branch, seq of each entry whose id begins so |
//! | `b` 8 bytes of a body hash | location of each body whose hash begins so |
//! | `m` body hash, author number, branch, seq | nothing: that entry's body is missing |
//! | `l` author number, part / `x` name 0 part | the engine's rows and the driver's, in parts |
//! | `s` segment | its length at the last checkpoint |
//! | `n` | counts |
//!
//! One row an entry would cost sled more than the entry's header; packed by 32 it costs a tenth.
//! Prefixes can collide, also on purpose: an id is compared with the whole one in its record, a body's
//! hash with its bytes in the journal. Rows are idempotent: written again by a replay they are the same.

use std::collections::BTreeMap;
use std::ops::{ControlFlow, RangeInclusive};

use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Seq};
use multaqa_protocol::log::Place;

use super::index::{Index, IndexError};
use super::item::Location;
use super::record::{
    self, CHUNK, Number, PREFIX, Record, body_key, chunk_key, id_key, key, location, missing_key, owner,
    read_locations, read_owners, records,
};

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) entries: u64,
    pub(crate) bodies: u64,
    pub(crate) missing: u64,
}

/// Typed access to the rows; the authors' numbers are in memory, which follows authors, not history.
pub(crate) struct Rows {
    pub(crate) index: Index,
    numbers: BTreeMap<AuthorId, Number>,
    pub(crate) authors: Vec<AuthorId>,
    pub(crate) counts: Counts,
}

impl Rows {
    /// Reads the authors and counts.
    pub(crate) fn load(index: Index) -> Result<Self, IndexError> {
        let mut numbers = BTreeMap::new();
        index.scan(b"a", b"a", |key, value| {
            if let (Ok(author), Ok(number)) = (key[1..].try_into(), value.try_into()) {
                numbers.insert(AuthorId(author), Number::from_be_bytes(number));
            }
            ControlFlow::Continue(())
        })?;
        let mut authors = vec![AuthorId([0; 32]); numbers.len()];
        for (author, number) in &numbers {
            *authors.get_mut(*number as usize).ok_or(IndexError::Row)? = *author;
        }
        let mut counts = Counts::default();
        if let Some(bytes) = index.get(b"n")? {
            let read = |at: usize| {
                bytes.get(at..at + 8).and_then(|bytes| Some(u64::from_be_bytes(bytes.try_into().ok()?)))
            };
            let (Some(entries), Some(bodies), Some(missing)) = (read(0), read(8), read(16)) else {
                return Err(IndexError::Row);
            };
            counts = Counts { entries, bodies, missing };
        }
        Ok(Self { index, numbers, authors, counts })
    }

    /// Puts what is kept in memory into rows, before a checkpoint.
    pub(crate) fn settle<'a>(&mut self, grown: impl Iterator<Item = (&'a u32, &'a u64)>) {
        let Counts { entries, bodies, missing } = self.counts;
        self.index.put(b"n".to_vec(), [entries, bodies, missing].map(u64::to_be_bytes).concat());
        grown.for_each(|(segment, len)| self.put_segment(*segment, *len));
    }

    /// Counts again: after a crash some rows may be there that the counts do not know of.
    pub(crate) fn recount(&mut self) -> Result<(), IndexError> {
        let mut counts = Counts::default();
        self.index.scan(b"c", b"c", |_, chunk| {
            counts.entries += records(chunk, 0).count() as u64;
            ControlFlow::Continue(())
        })?;
        self.index.scan(b"b", b"b", |_, value| {
            counts.bodies += read_locations(value).len() as u64;
            ControlFlow::Continue(())
        })?;
        self.index.scan(b"m", b"m", |_, _| {
            counts.missing += 1;
            ControlFlow::Continue(())
        })?;
        self.counts = counts;
        Ok(())
    }

    /// Records a segment's length.
    pub(crate) fn put_segment(&mut self, segment: u32, len: u64) {
        self.index.put(key(b's', &[&segment.to_be_bytes()]), len.to_be_bytes().to_vec());
    }

    /// Returns the segments' lengths at the last checkpoint.
    pub(crate) fn segments(&self) -> Result<BTreeMap<u32, u64>, IndexError> {
        let mut segments = BTreeMap::new();
        self.index.scan(b"s", b"s", |key, value| {
            if let (Ok(segment), Ok(len)) = (key[1..].try_into(), value.try_into()) {
                segments.insert(u32::from_be_bytes(segment), u64::from_be_bytes(len));
            }
            ControlFlow::Continue(())
        })?;
        Ok(segments)
    }

    pub(crate) fn number(&mut self, author: AuthorId) -> Number {
        if let Some(number) = self.numbers.get(&author) {
            return *number;
        }
        let number = self.authors.len() as Number;
        self.authors.push(author);
        self.numbers.insert(author, number);
        self.index.put(key(b'a', &[&author.0]), number.to_be_bytes().to_vec());
        number
    }

    /// Returns the record at a place.
    pub(crate) fn record(&self, author: AuthorId, place: Place) -> Result<Option<Record>, IndexError> {
        self.numbers.get(&author).map_or(Ok(None), |number| self.record_of(*number, place))
    }

    fn record_of(&self, number: Number, place: Place) -> Result<Option<Record>, IndexError> {
        let Some(chunk) = self.index.get(&chunk_key(number, place))? else { return Ok(None) };
        for record in records(&chunk, place.seq) {
            let record = record?;
            if record.seq == place.seq {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Returns the records of an author, on all branches, that are not withdrawn and whose body has one
    /// of these lengths.
    pub(crate) fn standing(
        &self,
        author: Number,
        mut len: impl FnMut(u32) -> bool,
    ) -> Result<Vec<Record>, IndexError> {
        let mut found = Vec::new();
        let mut malformed = false;
        let prefix = key(b'c', &[&author.to_be_bytes()]);
        self.index.scan(&prefix, &prefix, |_, chunk| {
            for record in records(chunk, 0) {
                match record {
                    Ok(record) if !record.is_withdrawn() && len(record.body_len) => found.push(record),
                    Ok(_) => {}
                    Err(_) => malformed = true,
                }
            }
            if malformed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if malformed { Err(IndexError::Row) } else { Ok(found) }
    }

    /// Returns every record of a branch in `range`, at most `limit`.
    pub(crate) fn range(
        &self,
        author: AuthorId,
        branch: u16,
        range: RangeInclusive<Seq>,
        limit: usize,
    ) -> Result<Vec<Record>, IndexError> {
        let mut found = Vec::new();
        let Some(number) = self.numbers.get(&author) else { return Ok(found) };
        let prefix = key(b'c', &[&number.to_be_bytes(), &branch.to_be_bytes()]);
        let from = chunk_key(*number, Place { branch, seq: *range.start() });
        let mut malformed = false;
        self.index.scan(&prefix, &from, |key, chunk| {
            let Some(first) = key.last_chunk().and_then(|at| u32::from_be_bytes(*at).checked_mul(CHUNK))
            else {
                malformed = true;
                return ControlFlow::Break(());
            };
            if first > *range.end() {
                return ControlFlow::Break(());
            }
            for record in records(chunk, first) {
                match record {
                    Ok(record) if range.contains(&record.seq) && found.len() < limit => found.push(record),
                    Ok(_) => {}
                    Err(_) => malformed = true,
                }
            }
            if malformed || found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if malformed { Err(IndexError::Row) } else { Ok(found) }
    }

    /// Returns where an entry lies in its author's tree.
    pub(crate) fn place_of(&self, author: AuthorId, id: &EntryId) -> Result<Option<Place>, IndexError> {
        let Some(number) = self.numbers.get(&author) else { return Ok(None) };
        for (owner, place) in self.owners(id)? {
            if owner == *number && self.record_of(owner, place)?.is_some_and(|record| record.id == *id) {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    fn owners(&self, id: &EntryId) -> Result<Vec<(Number, Place)>, IndexError> {
        Ok(self.index.get(&id_key(id))?.map(|value| read_owners(&value)).unwrap_or_default())
    }

    /// Returns the entries whose id begins with `prefix`, in hex, at most `limit`.
    pub(crate) fn find(
        &self,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<(EntryId, AuthorId, Place)>, IndexError> {
        let whole = prefix.len().min(2 * PREFIX) / 2 * 2;
        let Ok(start) = hex::decode(&prefix[..whole]) else { return Ok(Vec::new()) };
        let start = key(b'e', &[&start]);
        let mut owners = Vec::new();
        self.index.scan(&start, &start, |_, value| {
            owners.extend(read_owners(value));
            // Others than the ones asked for can share the start, so some more are looked at.
            if owners.len() < 16 * limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let mut found = Vec::new();
        for (number, place) in owners {
            let author = *self.authors.get(number as usize).ok_or(IndexError::Row)?;
            if let Some(record) = self.record_of(number, place)?
                && record.id.to_string().starts_with(prefix)
                && found.len() < limit
            {
                found.push((record.id, author, place));
            }
        }
        Ok(found)
    }

    /// Adds an entry.
    pub(crate) fn add_entry(
        &mut self,
        author: AuthorId,
        branch: u16,
        record: &Record,
    ) -> Result<(), IndexError> {
        let number = self.number(author);
        let place = Place { branch, seq: record.seq };
        let known = self.change(number, place, |before| {
            // What is known stays: the first envelope received is kept.
            before.get_or_insert_with(|| record.clone());
        })?;
        self.counts.entries += u64::from(!known);
        let owner = owner(number, place);
        self.index.update(id_key(&record.id), |owners| {
            if !owners.chunks(owner.len()).any(|known| known == owner) {
                owners.extend_from_slice(&owner);
            }
        })
    }

    /// Changes the record at a place, `None` where there is none; tells whether there was one.
    fn change(
        &mut self,
        number: Number,
        place: Place,
        change: impl FnOnce(&mut Option<Record>),
    ) -> Result<bool, IndexError> {
        let mut outcome = None;
        self.index.update(chunk_key(number, place), |chunk| {
            outcome = record::change(chunk, place.seq, change);
        })?;
        outcome.ok_or(IndexError::Row)
    }

    /// Changes a flag or location of a known entry; tells whether there is one.
    fn amend(
        &mut self,
        author: AuthorId,
        place: Place,
        amend: impl FnOnce(&mut Record),
    ) -> Result<bool, IndexError> {
        let Some(number) = self.numbers.get(&author).copied() else { return Ok(false) };
        self.change(number, place, |record| {
            if let Some(record) = record {
                amend(record);
            }
        })
    }

    /// Marks an entry as withdrawn or no longer so.
    pub(crate) fn mark_withdrawn(
        &mut self,
        author: AuthorId,
        place: Place,
        on: bool,
    ) -> Result<bool, IndexError> {
        self.amend(author, place, |record| record.set_withdrawn(on))
    }

    /// Notes whether the entry's body is held.
    pub(crate) fn mark_body(&mut self, author: AuthorId, place: Place, on: bool) -> Result<bool, IndexError> {
        self.amend(author, place, |record| record.set_body(on))
    }

    /// Notes where an envelope lies now, in whatever tree it stands.
    pub(crate) fn move_entry(&mut self, id: &EntryId, at: Location) -> Result<(), IndexError> {
        for (number, place) in self.owners(id)? {
            self.change(number, place, |record| {
                if let Some(record) = record.as_mut().filter(|record| record.id == *id) {
                    record.at = at;
                }
            })?;
        }
        Ok(())
    }

    /// Returns where bodies lie whose hash begins as `hash` does.
    pub(crate) fn body_locations(&self, hash: &BodyHash) -> Result<Vec<Location>, IndexError> {
        Ok(self.index.get(&body_key(hash))?.map(|value| read_locations(&value)).unwrap_or_default())
    }

    /// Notes where a body lies.
    pub(crate) fn add_location(&mut self, hash: &BodyHash, at: Location) -> Result<(), IndexError> {
        let packed = location(at);
        let mut new = false;
        self.index.update(body_key(hash), |locations| {
            new = !locations.chunks(packed.len()).any(|known| known == packed);
            if new {
                locations.extend_from_slice(&packed);
            }
        })?;
        self.counts.bodies += u64::from(new);
        Ok(())
    }

    /// Adds a body; entries that miss it have it from here on. Tells whether there were any.
    pub(crate) fn add_body(&mut self, hash: &BodyHash, at: Location) -> Result<bool, IndexError> {
        self.add_location(hash, at)?;
        let missing = self.missing_of(hash)?;
        for (author, place) in &missing {
            self.mark_body(*author, *place, true)?;
            self.forget_missing(hash, *author, *place)?;
        }
        Ok(!missing.is_empty())
    }

    /// Forgets where a body lay.
    pub(crate) fn drop_location(&mut self, hash: &BodyHash, at: Location) -> Result<(), IndexError> {
        self.drop_locations(body_key(hash), |known| known == at)
    }

    /// Forgets every body of a segment.
    pub(crate) fn drop_segment(&mut self, segment: u32) -> Result<(), IndexError> {
        let mut keys = Vec::new();
        self.index.scan(b"b", b"b", |key, value| {
            if read_locations(value).iter().any(|at| at.segment == segment) {
                keys.push(key.to_vec());
            }
            ControlFlow::Continue(())
        })?;
        keys.into_iter().try_for_each(|key| self.drop_locations(key, |at| at.segment == segment))
    }

    fn drop_locations(&mut self, key: Vec<u8>, gone: impl Fn(Location) -> bool) -> Result<(), IndexError> {
        let mut dropped = 0;
        self.index.update(key, |value| {
            let kept: Vec<_> = read_locations(value).into_iter().filter(|at| !gone(*at)).collect();
            dropped = value.len() / location(Location { segment: 0, offset: 0, len: 0 }).len() - kept.len();
            *value = kept.into_iter().flat_map(location).collect();
        })?;
        self.counts.bodies = self.counts.bodies.saturating_sub(dropped as u64);
        Ok(())
    }

    /// Notes that an entry's body is missing (B1).
    pub(crate) fn add_missing(
        &mut self,
        hash: &BodyHash,
        author: AuthorId,
        place: Place,
    ) -> Result<(), IndexError> {
        let number = self.number(author);
        let key = missing_key(hash, number, place);
        if self.index.get(&key)?.is_none() {
            self.index.put(key, vec![1]);
            self.counts.missing += 1;
        }
        Ok(())
    }

    /// Notes that an entry's body is no longer asked for.
    pub(crate) fn forget_missing(
        &mut self,
        hash: &BodyHash,
        author: AuthorId,
        place: Place,
    ) -> Result<(), IndexError> {
        let number = self.number(author);
        let key = missing_key(hash, number, place);
        if self.index.get(&key)?.is_some() {
            self.index.remove(key);
            self.counts.missing = self.counts.missing.saturating_sub(1);
        }
        Ok(())
    }

    fn missing_of(&self, hash: &BodyHash) -> Result<Vec<(AuthorId, Place)>, IndexError> {
        let prefix = key(b'm', &[&hash.0]);
        let missing = self.missing_from(&prefix, &prefix, usize::MAX)?;
        Ok(missing.into_iter().map(|(_, author, place)| (author, place)).collect())
    }

    /// Returns bodies that are missing, with an entry that names each, after `after`, at most `limit`.
    pub(crate) fn missing(
        &self,
        after: Option<&BodyHash>,
        limit: usize,
    ) -> Result<Vec<(BodyHash, AuthorId, Place)>, IndexError> {
        let from = after.map_or_else(|| b"m".to_vec(), |hash| key(b'm', &[&hash.0, &[0xff; 11]]));
        self.missing_from(b"m", &from, limit)
    }

    fn missing_from(
        &self,
        prefix: &[u8],
        from: &[u8],
        limit: usize,
    ) -> Result<Vec<(BodyHash, AuthorId, Place)>, IndexError> {
        let mut found = Vec::new();
        let mut malformed = false;
        self.index.scan(prefix, from, |key, _| {
            let row = key[1..].split_first_chunk().and_then(|(hash, owner)| {
                let (number, place) = read_owners(owner).pop()?;
                Some((BodyHash(*hash), *self.authors.get(number as usize)?, place))
            });
            match row {
                Some(row) => found.push(row),
                None => malformed = true,
            }
            if malformed || found.len() >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if malformed { Err(IndexError::Row) } else { Ok(found) }
    }
}
