//! The bundle: logs as a file, a CBOR sequence that is read and written as a stream (A5, A8).
//!
//! An [`Item`] is one element of the sequence; [`Writer`] makes items and counts and hashes them for
//! the last one; [`Reader`] takes pushed bytes apart again and never holds more than one item and
//! what was pushed last. Both work on bytes only: neither opens a file, and neither knows whether an
//! envelope is valid or a body belongs to an entry, which is [`crate::audit`]'s part. A node's
//! journal is a bundle of scope [`Scope::Journal`], so [`Reader`] reads it too.
//!
//! The reader accepts an item in exactly one encoding (C1 to C3), so reading and writing are inverse.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::codec::{self, CodecError, MAX_BODY, MAX_NEWER_ENVELOPE, Scan, Value};
use crate::id::{Bytes32, Millis, NetworkId};

mod reader;
#[cfg(test)]
mod tests;

pub use reader::{BundleError, Ending, Reader};

/// The version of bundle that this program reads and writes.
pub const VERSION: u64 = 1;
/// Longest first item. Ours takes some 150 bytes; the room is for the first item of another version,
/// which has to be read to be told apart (as V2 for envelopes).
pub const MAX_START: usize = 64 * 1_024;
/// Longest last item: three heads of at most nine bytes, a hash of 34, the array's head.
pub const MAX_END: usize = 64;
/// Longest item: the largest body with its heads.
pub const MAX_ITEM: usize = MAX_BODY + 7;
/// Most bytes of a journal after the point at which items stop making sense that are taken for a
/// write that was cut off; more is damage (A8).
pub const MAX_TORN: u64 = 300 * 1_024;

const START: u64 = 0;
const BODY: u64 = 1;
const ENVELOPE: u64 = 2;
const END: u64 = 9;

/// How much of a network a bundle holds (A5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Every replicated log.
    Network,
    /// One log from its inception.
    Author,
    /// The path from an inception to one entry, and that entry's body.
    Entry,
    /// What a node keeps, without a last item (A8).
    Journal,
}

impl Scope {
    /// Tells whether the bundle is about one author or entry, which its first item then names.
    #[must_use]
    pub const fn is_about_one(self) -> bool {
        matches!(self, Self::Author | Self::Entry)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Network => "network",
            Self::Author => "author",
            Self::Entry => "entry",
            Self::Journal => "journal",
        })
    }
}

/// The first item's map, its fields in canonical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// The network.
    pub net: NetworkId,
    /// When the bundle was made, by the clock of who made it.
    pub made: Millis,
    /// The author or entry of the scopes that are about one; absent in the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Bytes32>,
    /// How much of the network is here.
    pub scope: Scope,
    /// Always [`VERSION`].
    pub bundle: u64,
}

/// The last item: what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Number of envelopes.
    pub envelopes: u64,
    /// Number of bodies.
    pub bodies: u64,
    /// SHA-256 of all bytes before this item.
    pub hash: Bytes32,
}

/// One element of the sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `[0, map]`: what this bundle is; the first.
    Start(Start),
    /// `[1, bstr]`: a body, bound to entries by its hash.
    Body(Vec<u8>),
    /// `[2, bstr]`: an envelope as received.
    Envelope(Vec<u8>),
    /// `[9, envelopes, bodies, hash]`: the last.
    End(End),
}

/// Why bytes are not an item; offsets inside count from the item's start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    /// C1 to C3: the encoding.
    #[error(transparent)]
    Codec(CodecError),
    /// A5: canonical, but not with the fields of this item, or not of their types.
    #[error("A5: not the fields of this item: {reason}")]
    Shape {
        /// What belongs there.
        reason: String,
    },
    /// A5: not an array that begins with a number.
    #[error("A5: not an array that begins with an item's number")]
    NotAnItem,
    /// A5: no item has this number and length.
    #[error("A5: no item has the number {number} and {fields} fields")]
    Unknown {
        /// The item's number.
        number: u64,
        /// Elements of the array, the number included.
        fields: u64,
    },
    /// A5: `about` stands in a scope that is not about one author or entry, or is missing in one that is.
    #[error("A5: `about` stands in the scopes `author` and `entry`, and only there")]
    About,
    /// A5: a bundle of another version, which this program cannot judge.
    #[error("A5: a bundle of version {found}, which this program does not know")]
    Version {
        /// The first item's `bundle`.
        found: i64,
    },
}

impl ItemError {
    /// Returns the id of the broken rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Codec(error) => error.rule(),
            Self::Shape { .. }
            | Self::NotAnItem
            | Self::Unknown { .. }
            | Self::About
            | Self::Version { .. } => "A5",
        }
    }
}

impl From<CodecError> for ItemError {
    fn from(error: CodecError) -> Self {
        match error {
            CodecError::Shape { reason } => Self::Shape { reason },
            error => Self::Codec(error),
        }
    }
}

/// An item whose bytes are still the reader's.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// As [`Item::Start`].
    Start(Start),
    /// As [`Item::Body`].
    Body(&'a [u8]),
    /// As [`Item::Envelope`].
    Envelope(&'a [u8]),
    /// As [`Item::End`].
    End(End),
}

impl<'a> Part<'a> {
    /// Decodes an item whose number, length and limit [`measure`] has checked.
    fn decode(bytes: &'a [u8]) -> Result<Self, ItemError> {
        match bytes.get(1).copied().map(u64::from) {
            Some(START) => decode_start(bytes).map(Self::Start),
            Some(BODY) => payload(bytes).map(Self::Body),
            Some(ENVELOPE) => payload(bytes).map(Self::Envelope),
            Some(END) => {
                let (_, envelopes, bodies, hash): (u64, u64, u64, Bytes32) = codec::decode(bytes, MAX_END)?;
                Ok(Self::End(End { envelopes, bodies, hash }))
            }
            _ => Err(ItemError::NotAnItem),
        }
    }
}

impl From<Part<'_>> for Item {
    fn from(part: Part<'_>) -> Self {
        match part {
            Part::Start(start) => Self::Start(start),
            Part::Body(bytes) => Self::Body(bytes.to_vec()),
            Part::Envelope(bytes) => Self::Envelope(bytes.to_vec()),
            Part::End(end) => Self::End(end),
        }
    }
}

impl Item {
    /// Decodes exactly one item.
    ///
    /// # Errors
    ///
    /// The first rule broken.
    pub fn decode(bytes: &[u8]) -> Result<Self, ItemError> {
        match measure(bytes)? {
            Scan::Complete(len) if len == bytes.len() => Part::decode(bytes).map(Self::from),
            Scan::Complete(at) => Err(CodecError::Trailing { at }.into()),
            Scan::Incomplete => Err(CodecError::Truncated { at: 0 }.into()),
        }
    }

    /// Returns the item's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Start(start) => codec::encode(&(START, start)),
            Self::Body(bytes) => body_item(bytes),
            Self::Envelope(bytes) => envelope_item(bytes),
            Self::End(end) => codec::encode(&(END, end.envelopes, end.bodies, end.hash)),
        }
    }
}

/// Returns the item of a body.
#[must_use]
pub fn body_item(body: &[u8]) -> Vec<u8> {
    string_item(BODY, body)
}

/// Returns the item of an envelope.
#[must_use]
pub fn envelope_item(envelope: &[u8]) -> Vec<u8> {
    string_item(ENVELOPE, envelope)
}

fn string_item(number: u64, bytes: &[u8]) -> Vec<u8> {
    codec::encode(&(number, serde_bytes::Bytes::new(bytes)))
}

/// Finds the end of the item at the start of `bytes`. The heads tell it, so that bytes which are no
/// item are refused at once and a body costs no second look.
fn measure(bytes: &[u8]) -> Result<Scan, ItemError> {
    let Some((major, fields, at)) = head(bytes, 0)? else { return Ok(Scan::Incomplete) };
    if major != 4 || fields == 0 {
        return Err(ItemError::NotAnItem);
    }
    let Some((major, number, len)) = head(bytes, at)? else { return Ok(Scan::Incomplete) };
    if major != 0 {
        return Err(ItemError::NotAnItem);
    }
    match (number, fields) {
        (START, 2) => Ok(codec::prefix(bytes, MAX_START)?),
        (BODY, 2) => measure_string(bytes, at + len, MAX_BODY),
        (ENVELOPE, 2) => measure_string(bytes, at + len, MAX_NEWER_ENVELOPE),
        (END, 4) => Ok(codec::prefix(bytes, MAX_END)?),
        (number, fields) => Err(ItemError::Unknown { number, fields }),
    }
}

fn measure_string(bytes: &[u8], at: usize, limit: usize) -> Result<Scan, ItemError> {
    let Some((major, len, head_len)) = head(bytes, at)? else { return Ok(Scan::Incomplete) };
    if major != 2 {
        return Err(ItemError::Shape { reason: "a byte string belongs here".into() });
    }
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    if len > limit {
        return Err(CodecError::TooLong { len, limit }.into());
    }
    let end = at + head_len + len;
    Ok(if bytes.len() < end { Scan::Incomplete } else { Scan::Complete(end) })
}

fn head(bytes: &[u8], at: usize) -> Result<Option<(u8, u64, usize)>, CodecError> {
    match codec::head(bytes, at) {
        Ok(head) => Ok(Some(head)),
        Err(CodecError::Truncated { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The byte string of an item that [`measure`] has checked.
fn payload(bytes: &[u8]) -> Result<&[u8], ItemError> {
    let (_, _, len) = codec::head(bytes, 2)?;
    Ok(&bytes[2 + len..])
}

fn decode_start(bytes: &[u8]) -> Result<Start, ItemError> {
    let value: Value = codec::decode(bytes, MAX_START)?;
    if let Value::Array(fields) = &value
        && let Some(Value::Int(found)) =
            fields.get(1).and_then(Value::as_map).and_then(|map| map.get("bundle"))
        && u64::try_from(*found) != Ok(VERSION)
    {
        return Err(ItemError::Version { found: *found });
    }
    let (_, start): (u64, Start) = codec::decode(bytes, MAX_START)?;
    if start.about.is_some() == start.scope.is_about_one() { Ok(start) } else { Err(ItemError::About) }
}

/// The totals of a bundle so far.
#[derive(Clone, Debug, Default)]
struct Sums {
    envelopes: u64,
    bodies: u64,
    hash: Sha256,
}

impl Sums {
    /// Adds an item that counts in the hash; its kind is counted by the caller.
    fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    fn end(&self) -> End {
        let hash = Bytes32(self.hash.clone().finalize().into());
        End { envelopes: self.envelopes, bodies: self.bodies, hash }
    }
}

/// Makes the items of one bundle, in the order in which the caller gives them: each method returns
/// the bytes to write next.
#[derive(Clone, Debug)]
pub struct Writer {
    sums: Sums,
}

impl Writer {
    /// Begins a bundle.
    #[must_use]
    pub fn begin(start: &Start) -> (Self, Vec<u8>) {
        let mut writer = Self { sums: Sums::default() };
        let bytes = writer.pass(Item::Start(*start).encode());
        (writer, bytes)
    }

    /// Adds a body.
    pub fn body(&mut self, body: &[u8]) -> Vec<u8> {
        self.sums.bodies += 1;
        self.pass(body_item(body))
    }

    /// Adds an envelope; writers put it after its parent's, and stewards' logs first.
    pub fn envelope(&mut self, envelope: &[u8]) -> Vec<u8> {
        self.sums.envelopes += 1;
        self.pass(envelope_item(envelope))
    }

    /// Ends the bundle.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        Item::End(self.sums.end()).encode()
    }

    fn pass(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        self.sums.add(&bytes);
        bytes
    }
}
