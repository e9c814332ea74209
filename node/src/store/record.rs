//! How rows are packed: records, keys and the small lists behind a prefix.

use multaqa_protocol::entry::Entry;
use multaqa_protocol::id::{BodyHash, EntryId, Millis, Seq};
use multaqa_protocol::log::Place;

use super::index::IndexError;
use super::item::Location;

/// Entries packed in one row: 2 KB, a tenth of what one row each costs, and cheap to rewrite.
pub(crate) const CHUNK: Seq = 32;
/// Bytes of a hash in a key.
pub(crate) const PREFIX: usize = 8;
/// Bytes of a record before its kind.
const FIXED: usize = 57;

const HAS_BODY: u8 = 1;
const WITHDRAWN: u8 = 2;

/// An author by the number that stands for it in keys.
pub(crate) type Number = u32;

/// What the index holds of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) seq: Seq,
    pub(crate) flags: u8,
    pub(crate) at: Location,
    pub(crate) body_len: u32,
    pub(crate) time: Millis,
    pub(crate) id: EntryId,
    pub(crate) kind: String,
}

impl Record {
    pub(crate) fn new(place: Place, entry: &Entry, at: Location, body: bool) -> Self {
        Self {
            seq: place.seq,
            flags: if body { HAS_BODY } else { 0 },
            at,
            body_len: entry.header().body.len as u32,
            time: entry.header().time,
            id: entry.id(),
            kind: entry.kind().to_owned(),
        }
    }

    pub(crate) const fn has_body(&self) -> bool {
        self.flags & HAS_BODY != 0
    }

    pub(crate) const fn is_withdrawn(&self) -> bool {
        self.flags & WITHDRAWN != 0
    }

    pub(crate) const fn set_body(&mut self, on: bool) {
        self.set(HAS_BODY, on);
    }

    pub(crate) const fn set_withdrawn(&mut self, on: bool) {
        self.set(WITHDRAWN, on);
    }

    const fn set(&mut self, flag: u8, on: bool) {
        if on {
            self.flags |= flag;
        } else {
            self.flags &= !flag;
        }
    }

    fn push(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[(self.seq % CHUNK) as u8, self.flags, self.kind.len() as u8]);
        out.extend_from_slice(&(self.at.len as u16).to_be_bytes());
        out.extend_from_slice(&self.at.segment.to_be_bytes());
        out.extend_from_slice(&self.at.offset.to_be_bytes());
        out.extend_from_slice(&self.body_len.to_be_bytes());
        out.extend_from_slice(&self.time.to_be_bytes());
        out.extend_from_slice(&self.id.0);
        out.extend_from_slice(self.kind.as_bytes());
    }

    /// Reads the record at the start of `bytes`, which lie in the chunk that begins at `first`.
    fn read(bytes: &[u8], first: Seq) -> Option<(Self, &[u8])> {
        let (low, rest) = bytes.split_first()?;
        let (flags, rest) = rest.split_first()?;
        let (kind_len, rest) = rest.split_first()?;
        let (len, rest) = rest.split_first_chunk()?;
        let (segment, rest) = rest.split_first_chunk()?;
        let (offset, rest) = rest.split_first_chunk()?;
        let (body_len, rest) = rest.split_first_chunk()?;
        let (time, rest) = rest.split_first_chunk()?;
        let (id, rest) = rest.split_first_chunk::<32>()?;
        let (kind, rest) = rest.split_at_checked(usize::from(*kind_len))?;
        let record = Self {
            seq: first.checked_add(Seq::from(*low))?,
            flags: *flags,
            at: Location {
                segment: u32::from_be_bytes(*segment),
                offset: u32::from_be_bytes(*offset),
                len: u32::from(u16::from_be_bytes(*len)),
            },
            body_len: u32::from_be_bytes(*body_len),
            time: Millis::from_be_bytes(*time),
            id: EntryId(*id),
            kind: String::from_utf8(kind.to_vec()).ok()?,
        };
        Some((record, rest))
    }
}

pub(crate) fn key(kind: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + parts.iter().map(|part| part.len()).sum::<usize>());
    key.push(kind);
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

pub(crate) fn chunk_key(number: Number, place: Place) -> Vec<u8> {
    let chunk = place.seq / CHUNK;
    key(b'c', &[&number.to_be_bytes(), &place.branch.to_be_bytes(), &chunk.to_be_bytes()])
}

pub(crate) fn id_key(id: &EntryId) -> Vec<u8> {
    key(b'e', &[&id.0[..PREFIX]])
}

pub(crate) fn body_key(hash: &BodyHash) -> Vec<u8> {
    key(b'b', &[&hash.0[..PREFIX]])
}

pub(crate) fn missing_key(hash: &BodyHash, number: Number, place: Place) -> Vec<u8> {
    key(b'm', &[&hash.0, &owner(number, place)])
}

pub(crate) fn owner(number: Number, place: Place) -> [u8; 10] {
    let mut out = [0; 10];
    out[..4].copy_from_slice(&number.to_be_bytes());
    out[4..6].copy_from_slice(&place.branch.to_be_bytes());
    out[6..].copy_from_slice(&place.seq.to_be_bytes());
    out
}

pub(crate) fn read_owners(value: &[u8]) -> Vec<(Number, Place)> {
    let (owners, _) = value.as_chunks::<10>();
    let read = |[a, b, c, d, e, f, g, h, i, j]: [u8; 10]| {
        let place = Place { branch: u16::from_be_bytes([e, f]), seq: Seq::from_be_bytes([g, h, i, j]) };
        (Number::from_be_bytes([a, b, c, d]), place)
    };
    owners.iter().copied().map(read).collect()
}

pub(crate) fn location(at: Location) -> [u8; 12] {
    let mut out = [0; 12];
    out[..4].copy_from_slice(&at.segment.to_be_bytes());
    out[4..8].copy_from_slice(&at.offset.to_be_bytes());
    out[8..].copy_from_slice(&at.len.to_be_bytes());
    out
}

pub(crate) fn read_locations(value: &[u8]) -> Vec<Location> {
    let (locations, _) = value.as_chunks::<12>();
    let read = |[a, b, c, d, e, f, g, h, i, j, k, l]: [u8; 12]| Location {
        segment: u32::from_be_bytes([a, b, c, d]),
        offset: u32::from_be_bytes([e, f, g, h]),
        len: u32::from_be_bytes([i, j, k, l]),
    };
    locations.iter().copied().map(read).collect()
}

/// Returns the records of a chunk that holds `seq`.
pub(crate) fn records(chunk: &[u8], seq: Seq) -> impl Iterator<Item = Result<Record, IndexError>> {
    let first = seq / CHUNK * CHUNK;
    let mut rest = chunk;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        match Record::read(rest, first) {
            Some((record, after)) => {
                rest = after;
                Some(Ok(record))
            }
            None => {
                rest = &[];
                Some(Err(IndexError::Row))
            }
        }
    })
}

/// Changes the record at `seq` in the chunk that holds it, `None` where there is none; tells whether
/// there was one, `None` for a malformed chunk.
pub(crate) fn change(
    chunk: &mut Vec<u8>,
    seq: Seq,
    change: impl FnOnce(&mut Option<Record>),
) -> Option<bool> {
    let first = seq / CHUNK * CHUNK;
    let (mut at, mut len, mut found) = (0, 0, None);
    while at < chunk.len() {
        let (record, after) = Record::read(&chunk[at..], first)?;
        let end = chunk.len() - after.len();
        if record.seq >= seq {
            if record.seq == seq {
                (len, found) = (end - at, Some(record));
            }
            break;
        }
        at = end;
    }
    let known = found.is_some();
    change(&mut found);
    let mut packed = Vec::with_capacity(FIXED + 16);
    if let Some(record) = found {
        record.push(&mut packed);
    }
    chunk.splice(at..at + len, packed);
    Some(known)
}
