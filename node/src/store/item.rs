//! The items of the journal and a scanner over one segment (A5, A8).
//!
//! An item is `[0, start]`, `[1, body]` or `[2, envelope]` in canonical CBOR. The scanner reads a
//! segment as a stream in constant memory and never gives up: where bytes make no sense it looks for
//! the next item that does and reports what it stepped over. It judges framing and the envelope's
//! form, not whether a body belongs to an entry or a signature holds.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use multaqa_protocol::codec::{self, CodecError, MAX_BODY, MAX_ENVELOPE, Scan};
use multaqa_protocol::envelope::Envelope;
use multaqa_protocol::id::{Millis, NetworkId};
use serde::{Deserialize, Serialize};

/// Most bytes of an item before its payload: its own head and tag, and the head of the string.
pub(crate) const ITEM_HEAD: usize = 7;
/// Longest item: a body of the largest size.
pub(crate) const MAX_ITEM: usize = MAX_BODY + ITEM_HEAD;
/// Longest first item; the one written here has 93 bytes.
const MAX_START: usize = 256;
/// Bytes read from a file at once. An item and the one after it must fit.
const WINDOW: usize = 1 << 20;

/// Where an item lies in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Number of the segment, from 1.
    pub segment: u32,
    /// Offset of the item's first byte in it.
    pub offset: u32,
    /// Length of the whole item in bytes.
    pub len: u32,
}

impl From<Location> for multaqa_protocol::engine::Location {
    fn from(at: Location) -> Self {
        Self([at.segment, at.offset, at.len])
    }
}

impl From<multaqa_protocol::engine::Location> for Location {
    fn from(at: multaqa_protocol::engine::Location) -> Self {
        let [segment, offset, len] = at.0;
        Self { segment, offset, len }
    }
}

impl Location {
    /// Returns the offset of the first byte after the item.
    pub(crate) const fn end(&self) -> u64 {
        self.offset as u64 + self.len as u64
    }
}

/// What an item holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `[0, ..]`: which network, what scope; the first of the journal.
    Start,
    /// `[1, bytes]`: a body.
    Body,
    /// `[2, bytes]`: an envelope.
    Envelope,
}

/// The map of item 0 in a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    /// The network, 32 zero bytes before one is known.
    pub(crate) net: NetworkId,
    /// When the journal was begun.
    pub(crate) made: Millis,
    /// Always `journal`.
    pub(crate) scope: String,
    /// Always 1.
    pub(crate) bundle: u64,
}

/// Offset of the network's 32 bytes in the first item: after the heads of the item, its number, the
/// map, the key `net` and the byte string.
pub(crate) const NET_OFFSET: u64 = 9;

impl Start {
    /// Returns the item that begins a journal.
    pub(crate) fn item(net: NetworkId, made: Millis) -> Vec<u8> {
        codec::encode(&(0_u8, Self { net, made, scope: "journal".into(), bundle: 1 }))
    }

    /// Reads the item at the start of `bytes`.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let Ok(Scan::Complete(len)) = codec::prefix(bytes, MAX_START) else { return None };
        let (tag, start): (u8, Self) = codec::decode(&bytes[..len], MAX_START).ok()?;
        (tag == 0 && start.scope == "journal" && start.bundle == 1).then_some(start)
    }
}

/// Appends `[1, body]` to `out`.
pub(crate) fn push_body(out: &mut Vec<u8>, body: &[u8]) {
    push(out, 1, body);
}

/// Appends `[2, envelope]` to `out`.
pub(crate) fn push_envelope(out: &mut Vec<u8>, envelope: &[u8]) {
    push(out, 2, envelope);
}

fn push(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.extend_from_slice(&[0x82, tag]);
    match bytes.len() {
        len @ 0..=23 => out.push(0x40 | len as u8),
        len @ 24..=0xff => out.extend_from_slice(&[0x58, len as u8]),
        len @ 0x100..=0xffff => {
            out.push(0x59);
            out.extend_from_slice(&(len as u16).to_be_bytes());
        }
        len => {
            out.push(0x5a);
            out.extend_from_slice(&u32::try_from(len).expect("at most 262,144 bytes").to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

/// The item at the start of a buffer, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A whole item: what, where its payload lies, its length.
    Item(Kind, Range<usize>, usize),
    /// The buffer ends inside an item.
    Incomplete,
    /// Not an item.
    Broken,
}

/// Reads the frame of the item at the start of `bytes`.
pub(crate) fn parse(bytes: &[u8]) -> Parsed {
    let (kind, limit) = match bytes {
        [] | [0x82] => return Parsed::Incomplete,
        [0x82, 0, ..] => {
            return match codec::prefix(bytes, MAX_START) {
                Ok(Scan::Incomplete) => Parsed::Incomplete,
                Ok(Scan::Complete(len)) if Start::read(&bytes[..len]).is_some() => {
                    Parsed::Item(Kind::Start, 2..len, len)
                }
                _ => Parsed::Broken,
            };
        }
        [0x82, 1, ..] => (Kind::Body, MAX_BODY),
        [0x82, 2, ..] => (Kind::Envelope, MAX_ENVELOPE),
        _ => return Parsed::Broken,
    };
    match codec::head(bytes, 2) {
        Err(CodecError::Truncated { .. }) => Parsed::Incomplete,
        Ok((2, len, head)) if len <= limit as u64 => {
            let start = 2 + head;
            let end = start + len as usize;
            if bytes.len() < end { Parsed::Incomplete } else { Parsed::Item(kind, start..end, end) }
        }
        _ => Parsed::Broken,
    }
}

/// What the scanner found next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An item; the payload's range is valid until the next step ([`Scanner::payload`]).
    Item(Kind, Location, Range<usize>),
    /// Bytes that are no item, before one that is.
    Gap {
        /// Offset of the first of them.
        offset: u64,
        /// How many.
        len: u64,
    },
    /// Bytes at the end of the file that are no item.
    Tail {
        /// Offset of the first of them.
        offset: u64,
        /// How many.
        len: u64,
        /// Whether they are all zero, as space that was never written is.
        zeros: bool,
    },
}

/// Reads the items of one segment in order.
pub(crate) struct Scanner {
    file: File,
    segment: u32,
    /// Offset in the file of the buffer's first byte.
    base: u64,
    buffer: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Scanner {
    /// Starts at `offset`, which must be the start of an item.
    pub(crate) fn new(mut file: File, segment: u32, offset: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file, segment, base: offset, buffer: Vec::new(), at: 0, ended: false })
    }

    /// Returns the number of the segment.
    pub(crate) const fn segment(&self) -> u32 {
        self.segment
    }

    /// Returns the bytes of a payload that the last step gave.
    pub(crate) fn payload(&self, range: &Range<usize>) -> &[u8] {
        &self.buffer[range.clone()]
    }

    /// Returns the offset of the next byte to be looked at.
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Returns the next step, `None` at the end of the segment.
    pub(crate) fn step(&mut self) -> io::Result<Option<Step>> {
        self.fill()?;
        let rest = &self.buffer[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        match self.accept(rest) {
            Some((kind, payload, len)) => {
                let start = self.at;
                let location = Location {
                    segment: self.segment,
                    offset: u32::try_from(self.offset()).map_err(io::Error::other)?,
                    len: len as u32,
                };
                self.at += len;
                Ok(Some(Step::Item(kind, location, start + payload.start..start + payload.end)))
            }
            None => self.skip().map(Some),
        }
    }

    /// Returns the item at the start of `rest` if it can be believed. A body's length could itself be
    /// the damage, so a body is believed only if what follows makes sense, or nothing inside it does.
    fn accept(&self, rest: &[u8]) -> Option<(Kind, Range<usize>, usize)> {
        let Parsed::Item(kind, payload, len) = parse(rest) else { return None };
        let believed = match kind {
            Kind::Start => self.offset() == 0,
            Kind::Envelope => Envelope::parse(&rest[payload.clone()]).is_ok(),
            Kind::Body => {
                let after = &rest[len..];
                after.is_empty()
                    || parse(after) != Parsed::Broken
                    || find_item(rest, 1, self.ended).is_none_or(|found| found >= len)
            }
        };
        believed.then_some((kind, payload, len))
    }

    /// Steps over bytes that are no item.
    fn skip(&mut self) -> io::Result<Step> {
        let offset = self.offset();
        let mut zeros = true;
        let mut from = 1;
        loop {
            let rest = &self.buffer[self.at..];
            if let Some(found) = find_item(rest, from, self.ended) {
                self.at += found;
                return Ok(Step::Gap { offset, len: self.offset() - offset });
            }
            // An item that begins in the last stretch is only judged with more of the file before us.
            let done = if self.ended { rest.len() } else { rest.len().saturating_sub(2 * MAX_ITEM) };
            zeros = zeros && rest[..done].iter().all(|byte| *byte == 0);
            self.at += done;
            if self.ended {
                return Ok(Step::Tail { offset, len: self.offset() - offset, zeros });
            }
            from = 0;
            self.fill()?;
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.buffer.len() - self.at > 2 * MAX_ITEM {
            return Ok(());
        }
        self.buffer.drain(..self.at);
        self.base += self.at as u64;
        self.at = 0;
        let read = (&mut self.file).take(WINDOW as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < WINDOW;
        Ok(())
    }
}

/// Returns the first position from `from` on at which an item stands that can be believed: an
/// envelope of the right form, or a body with another item or the end of the file right after it.
fn find_item(bytes: &[u8], from: usize, ended: bool) -> Option<usize> {
    (from..bytes.len().saturating_sub(2)).find(|&at| {
        if bytes[at] != 0x82 || !matches!(bytes[at + 1], 1 | 2) {
            return false;
        }
        match parse(&bytes[at..]) {
            Parsed::Item(Kind::Envelope, payload, _) => {
                Envelope::parse(&bytes[at + payload.start..at + payload.end]).is_ok()
            }
            Parsed::Item(Kind::Body, _, len) => {
                let after = &bytes[at + len..];
                if after.is_empty() { ended } else { matches!(parse(after), Parsed::Item(..)) }
            }
            _ => false,
        }
    })
}
