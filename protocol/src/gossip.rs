//! What is told to everyone at once: a new entry, or the proof of a fork (G1, G2).
//!
//! This is the format. Whether a message is accepted, ignored or rejected (G3) is the engine's part.

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_bytes::{ByteBuf, Bytes};

use crate::codec::{self, CodecError, MAX_MESSAGE};
use crate::id::{MessageId, NetworkId, sha256};

#[cfg(test)]
mod tests;

/// A gossip message (G1), its parts as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// A new entry, with its body exactly when that is at most 48 KiB.
    Entry {
        /// The envelope.
        envelope: Vec<u8>,
        /// The body.
        body: Option<Vec<u8>>,
    },
    /// Two plain entries with one parent, the smaller entry id first (S3).
    Fork([Vec<u8>; 2]),
}

/// What a node does with a message (G3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Valid and new: forward it.
    Accept,
    /// Nobody's fault: do not forward it.
    Ignore,
    /// Invalid: do not forward it, and think less of the sender.
    Reject,
}

/// Returns the name of a network's topic.
#[must_use]
pub fn topic(network: NetworkId) -> String {
    format!("/multaqa/1/{network}")
}

/// Returns a message's id: the hash of the whole message (G2), so that a bad signature over a good
/// header cannot make peers drop the good one.
#[must_use]
pub fn message_id(bytes: &[u8]) -> MessageId {
    MessageId(sha256(bytes))
}

impl Message {
    /// Returns the message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads a message's bytes.
    ///
    /// # Errors
    ///
    /// C1 to C3, at most [`MAX_MESSAGE`] bytes, and G1's two forms.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode(bytes, MAX_MESSAGE)
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Entry { envelope, body: None } => (1_u8, Bytes::new(envelope)).serialize(serializer),
            Self::Entry { envelope, body: Some(body) } => {
                (1_u8, Bytes::new(envelope), Bytes::new(body)).serialize(serializer)
            }
            Self::Fork([a, b]) => (2_u8, Bytes::new(a), Bytes::new(b)).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;

        impl<'de> Visitor<'de> for Parts {
            type Value = Message;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("[1, envelope, ? body] or [2, envelope, envelope]")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Message, A::Error> {
                let number: Option<u64> = seq.next_element()?;
                let first: Option<ByteBuf> = seq.next_element()?;
                let second: Option<ByteBuf> = seq.next_element()?;
                match (number, first, second.map(ByteBuf::into_vec)) {
                    (Some(1), Some(envelope), body) => {
                        Ok(Message::Entry { envelope: envelope.into_vec(), body })
                    }
                    (Some(2), Some(a), Some(b)) => Ok(Message::Fork([a.into_vec(), b])),
                    _ => Err(de::Error::custom("not a message")),
                }
            }
        }

        deserializer.deserialize_seq(Parts)
    }
}
