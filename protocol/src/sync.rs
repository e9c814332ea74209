//! The exchange of logs between two nodes: the frames on the wire and their bounds (Y1 to Y7).
//!
//! One stream, frames of a big-endian `u32` length and canonical CBOR. Both sides say `hello` with a
//! root over all their heads; equal roots end the comparison after one round trip. Otherwise the
//! stewards' logs come first, so that both compute the same set of replicated authors, then 256
//! bucket hashes, then the rows of those that differ, then entries. What a session does with frames
//! is [`session`]'s and the engine's part; this file is the format alone.

use serde::de::{self, DeserializeOwned, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{self, CodecError, MAX_FRAME};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, NetworkId, Seq};
use crate::log::{Head, Status};

pub mod heads;
pub mod session;

#[cfg(test)]
mod tests;

/// Name of the stream protocol.
pub const PROTOCOL: &str = "/multaqa/sync/1";
/// Most heads in one frame; twice the collectivities of the first country.
pub const MAX_HEADS: usize = 3_000;
/// Most ids in `have`: a log of 2^32 entries needs 34.
pub const MAX_HAVE: usize = 64;
/// Most bodies asked for at once.
pub const MAX_ASK: usize = 64;
/// Most candidates named in a `hello` (N12).
pub const MAX_CANDIDATES: usize = 100;
/// Number of buckets that heads are compared in, by the first byte of the author (Y2).
pub const BUCKETS: usize = 256;

/// The author, sequence number, id and status of a head, as it stands in `heads`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Row(AuthorId, u64, EntryId, u64);

impl Row {
    /// Returns the row of `author`'s head.
    #[must_use]
    pub fn new(author: AuthorId, head: Head) -> Self {
        let status = match head.status {
            Status::Ok => 0,
            Status::Forked => 1,
            Status::Contested => 2,
        };
        Self(author, u64::from(head.seq), head.id, status)
    }

    /// Returns the author.
    #[must_use]
    pub const fn author(&self) -> AuthorId {
        self.0
    }

    /// Returns the author and the head, `None` where a number is out of range.
    #[must_use]
    pub fn head(&self) -> Option<(AuthorId, Head)> {
        let status = match self.3 {
            0 => Status::Ok,
            1 => Status::Forked,
            2 => Status::Contested,
            _ => return None,
        };
        Some((self.0, Head { seq: Seq::try_from(self.1).ok()?, id: self.2, status }))
    }
}

/// `hello`: which network, and all heads as one hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The network.
    pub net: NetworkId,
    /// SHA-256 of the bucket hashes joined.
    pub root: Bytes32,
    /// The sender's clock, for W3 and for nothing else.
    pub time: Millis,
    /// Authors who ask to be admitted (N12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<AuthorId>>,
}

/// `stewards`: heads of the stewards of all adopted charter versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stewards {
    /// By author.
    pub heads: Vec<Row>,
    /// Hash of the last adopted version's body; the network id where none is known yet.
    pub charter: BodyHash,
}

/// `want`: one author's entries after those that the asker has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Want {
    /// An entry off the canonical log that is asked for with its path (Y6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<EntryId>,
    /// Ids of the asker's canonical log at head, head-1, -2, -4 ... 0.
    pub have: Vec<EntryId>,
    /// Whose log.
    pub author: AuthorId,
}

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndCode {
    /// All was sent.
    Sent,
    /// The author, or the tip, is not held.
    NotHeld,
    /// Over a limit: later.
    Later,
    /// Refused.
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    code: u64,
    author: AuthorId,
}

/// An entry on its way: the envelope as received, and its body where that travels along (Y4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The envelope's bytes.
    pub envelope: Vec<u8>,
    /// The body's bytes.
    pub body: Option<Vec<u8>>,
}

/// One frame of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// 0: the first frame of both sides.
    Hello(Hello),
    /// 1: stewards' heads.
    Stewards(Stewards),
    /// 2: the 256 bucket hashes.
    Buckets(Vec<Bytes32>),
    /// 3: heads of the buckets that differ.
    Rows(Vec<Row>),
    /// 4: a request for entries.
    Want(Want),
    /// 5: entries, parents first.
    Entries(Vec<Carried>),
    /// 6: the end of the answer to a `want`.
    End {
        /// Why it ended.
        code: EndCode,
        /// Whose log was asked for.
        author: AuthorId,
    },
    /// 7: a request for bodies.
    Ask(Vec<BodyHash>),
    /// 8: the answer for one body; without bytes where it is not held or withdrawn.
    BodyIs(BodyHash, Option<Vec<u8>>),
    /// 9: the sender has no more questions; it still answers. Both having said so ends the session.
    Done,
}

/// Why a frame is refused; it ends the session and blames the peer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The bytes break C1 to C3.
    #[error("a frame: {0}")]
    Codec(#[from] CodecError),
    /// Y7: a number of frame that is not known.
    #[error("Y7: frame number {0} is not known")]
    Unknown(u8),
    /// Y7: more of something than a frame may hold, out of order, or out of range.
    #[error("Y7: {0}")]
    Bound(&'static str),
}

impl Frame {
    /// Returns the frame's bytes, the length prefix not included.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Hello(hello) => codec::encode(&(0_u8, hello)),
            Self::Stewards(stewards) => codec::encode(&(1_u8, stewards)),
            Self::Buckets(hashes) => codec::encode(&(2_u8, hashes)),
            Self::Rows(rows) => codec::encode(&(3_u8, rows)),
            Self::Want(want) => codec::encode(&(4_u8, want)),
            Self::Entries(entries) => codec::encode(&(5_u8, entries)),
            Self::End { code, author } => codec::encode(&(6_u8, End { code: *code as u64, author: *author })),
            Self::Ask(hashes) => codec::encode(&(7_u8, hashes)),
            Self::Done => codec::encode(&(9_u8,)),
            Self::BodyIs(hash, None) => codec::encode(&(8_u8, hash)),
            Self::BodyIs(hash, Some(body)) => codec::encode(&(8_u8, hash, serde_bytes::Bytes::new(body))),
        }
    }

    /// Reads a frame's bytes.
    ///
    /// # Errors
    ///
    /// C1 to C3, and the bounds of each kind of frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        let number = *bytes.get(1).ok_or(CodecError::Truncated { at: 0 })?;
        let frame = match number {
            0 => Self::Hello(second(bytes)?),
            1 => Self::Stewards(second(bytes)?),
            2 => Self::Buckets(second(bytes)?),
            3 => Self::Rows(second(bytes)?),
            4 => Self::Want(second(bytes)?),
            5 => Self::Entries(second(bytes)?),
            6 => {
                let End { code, author } = second(bytes)?;
                let code = [EndCode::Sent, EndCode::NotHeld, EndCode::Later, EndCode::Refused]
                    .into_iter()
                    .find(|known| *known as u64 == code)
                    .ok_or(FrameError::Bound("an end code beyond 3"))?;
                Self::End { code, author }
            }
            7 => Self::Ask(second(bytes)?),
            8 if bytes[0] == 0x82 => Self::BodyIs(second(bytes)?, None),
            8 => {
                let (_, hash, body): (u64, BodyHash, serde_bytes::ByteBuf) = codec::decode(bytes, MAX_FRAME)?;
                Self::BodyIs(hash, Some(body.into_vec()))
            }
            9 if bytes == [0x81, 9] => Self::Done,
            other => {
                codec::scan(bytes, MAX_FRAME)?;
                return Err(FrameError::Unknown(other));
            }
        };
        frame.check()?;
        Ok(frame)
    }

    fn check(&self) -> Result<(), FrameError> {
        let within = |ok, what| if ok { Ok(()) } else { Err(FrameError::Bound(what)) };
        match self {
            Self::Hello(Hello { candidates: Some(list), .. }) => {
                within((1..=MAX_CANDIDATES).contains(&list.len()), "1 to 100 candidates")
            }
            Self::Stewards(Stewards { heads, .. }) | Self::Rows(heads) => check_rows(heads),
            Self::Buckets(hashes) => within(hashes.len() == BUCKETS, "256 buckets"),
            Self::Want(want) => within(want.have.len() <= MAX_HAVE, "at most 64 ids in `have`"),
            Self::Entries(entries) => within(!entries.is_empty(), "at least one entry"),
            Self::Ask(hashes) => within((1..=MAX_ASK).contains(&hashes.len()), "1 to 64 bodies"),
            _ => Ok(()),
        }
    }
}

fn second<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    codec::decode::<(u64, T)>(bytes, MAX_FRAME).map(|(_, value)| value)
}

/// Checks that heads are at most [`MAX_HEADS`], strictly by author, with numbers in range.
pub(crate) fn check_rows(rows: &[Row]) -> Result<(), FrameError> {
    if rows.len() > MAX_HEADS {
        return Err(FrameError::Bound("at most 3,000 heads"));
    }
    if rows.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        return Err(FrameError::Bound("heads are not in order of author"));
    }
    if rows.iter().any(|row| row.head().is_none()) {
        return Err(FrameError::Bound("a head's number is out of range"));
    }
    Ok(())
}

impl Serialize for Carried {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut parts = serializer.serialize_tuple(1 + usize::from(self.body.is_some()))?;
        parts.serialize_element(serde_bytes::Bytes::new(&self.envelope))?;
        if let Some(body) = &self.body {
            parts.serialize_element(serde_bytes::Bytes::new(body))?;
        }
        parts.end()
    }
}

impl<'de> Deserialize<'de> for Carried {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;

        impl<'de> Visitor<'de> for Parts {
            type Value = Carried;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an envelope and perhaps a body")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Carried, A::Error> {
                let envelope: Option<serde_bytes::ByteBuf> = seq.next_element()?;
                let envelope = envelope.ok_or_else(|| de::Error::invalid_length(0, &self))?.into_vec();
                let body: Option<serde_bytes::ByteBuf> = seq.next_element()?;
                Ok(Carried { envelope, body: body.map(serde_bytes::ByteBuf::into_vec) })
            }
        }

        deserializer.deserialize_seq(Parts)
    }
}
