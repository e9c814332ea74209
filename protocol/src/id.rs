//! Identifiers: 32-byte hashes told apart by type, and the small numbers that count.
//!
//! An id is shown as 64 lower-case hex digits and read in either case; in CBOR it is a byte string of 32 bytes,
//! in JSON (any human-readable format) its hex text.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

/// Returns the SHA-256 of `bytes` (C4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is 64 hexadecimal digits")]
pub struct ParseIdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// Returns the 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), hex::encode(&self.0[..4]))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let mut bytes = [0; 32];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| ParseIdError)?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serialize_bytes(&self.0, serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserialize_bytes(deserializer).map(Self)
            }
        }
    };
}

id!(
    /// The hash of an entry's header: the entry's name everywhere.
    EntryId
);
id!(
    /// The id of an author: the entry id of its inception.
    AuthorId
);
id!(
    /// The hash of a body's bytes, salt included.
    BodyHash
);
id!(
    /// The id of a network: the hash of the body of its charter's version 0 (N1).
    NetworkId
);
id!(
    /// The hash of a gossip message's bytes (G2).
    MessageId
);
id!(
    /// 32 bytes whose meaning is the field's: a key as it stands in a header, or a hash of one.
    Bytes32
);

impl AuthorId {
    /// Returns the id of the author's inception, the same bytes.
    #[must_use]
    pub const fn inception(self) -> EntryId {
        EntryId(self.0)
    }
}

impl EntryId {
    /// Returns the author whose inception this entry is.
    #[must_use]
    pub const fn as_author(self) -> AuthorId {
        AuthorId(self.0)
    }
}

impl BodyHash {
    /// Returns the network whose charter's version 0 has this body (N1).
    #[must_use]
    pub const fn as_network(self) -> NetworkId {
        NetworkId(self.0)
    }
}

/// The place of an entry in its author's log: 0 for the inception, then one more than the parent's.
pub type Seq = u32;

/// Unix time in milliseconds, 0..=2^53-1; in a header it is the author's claim (W4).
pub type Millis = u64;

fn serialize_bytes<S: Serializer>(bytes: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
    if serializer.is_human_readable() {
        serializer.serialize_str(&hex::encode(bytes))
    } else {
        serializer.serialize_bytes(bytes)
    }
}

fn deserialize_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
    struct Bytes;

    impl Visitor<'_> for Bytes {
        type Value = [u8; 32];

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("32 bytes")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            let mut bytes = [0; 32];
            hex::decode_to_slice(text, &mut bytes)
                .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))?;
            Ok(bytes)
        }
    }

    if deserializer.is_human_readable() {
        deserializer.deserialize_str(Bytes)
    } else {
        deserializer.deserialize_bytes(Bytes)
    }
}
