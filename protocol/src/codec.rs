//! Canonical CBOR: the scan, the strict decode, the encode, and every size limit (C1 to C3).
//!
//! This folder is the only place that names `serde_cbor`. That decoder alone accepts duplicate keys,
//! longer forms, indefinite lengths and more, so bytes from outside first pass [`scan`], which
//! allocates nothing; then [`decode`] decodes into a typed struct, encodes it again and compares.

mod scan;
#[cfg(test)]
pub(crate) mod tests;
mod value;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use scan::{Scan, head, prefix, scan, skip};
pub use value::{Map, Value, ValueError};

/// Largest header in bytes (V1).
pub const MAX_HEADER: usize = 1_024;
/// Largest envelope in bytes.
pub const MAX_ENVELOPE: usize = 1_100;
/// Largest envelope of another version that is recognised as such (V2).
pub const MAX_NEWER_ENVELOPE: usize = 64 * 1_024;
/// Largest body in bytes, salt included.
pub const MAX_BODY: usize = 262_144;
/// Largest gossip message in bytes (G1).
pub const MAX_MESSAGE: usize = 51_200;
/// Largest sync frame in bytes, its length prefix not counted.
pub const MAX_FRAME: usize = 1 << 20;
/// Deepest nesting; the outermost array or map is 1.
pub const MAX_DEPTH: usize = 16;
/// Most items (every container, key and value) in one encoding.
pub const MAX_ITEMS: u32 = 65_536;
/// Largest magnitude of an integer, 2^53 - 1, so that a JSON reader loses nothing (C2).
pub const MAX_INT: u64 = (1 << 53) - 1;

/// Why bytes are not canonical CBOR of the expected shape; each variant names its rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// C1: a map key that is not text.
    #[error("C1: a map key is not text, at byte {at}")]
    KeyNotText {
        /// Offset of the key.
        at: usize,
    },
    /// C1: map keys out of order (length first, then bytes).
    #[error("C1: map keys are not in order, at byte {at}")]
    KeyOrder {
        /// Offset of the key.
        at: usize,
    },
    /// C2: the same key twice in one map.
    #[error("C2: a map key stands twice, at byte {at}")]
    DuplicateKey {
        /// Offset of the second key.
        at: usize,
    },
    /// C2: a length or integer not in its shortest form.
    #[error("C2: not the shortest form, at byte {at}")]
    NotShortest {
        /// Offset of the item.
        at: usize,
    },
    /// C2: an indefinite length.
    #[error("C2: an indefinite length, at byte {at}")]
    Indefinite {
        /// Offset of the item.
        at: usize,
    },
    /// C2: a float, null, undefined, tag or other type that is not used.
    #[error("C2: a type that is not used, at byte {at}")]
    ForbiddenType {
        /// Offset of the item.
        at: usize,
    },
    /// C2: an integer outside ±(2^53 - 1).
    #[error("C2: an integer beyond 2^53 - 1, at byte {at}")]
    IntegerRange {
        /// Offset of the item.
        at: usize,
    },
    /// C2: text that is not UTF-8.
    #[error("C2: text is not UTF-8, at byte {at}")]
    NotUtf8 {
        /// Offset of the text.
        at: usize,
    },
    /// C2: bytes after the end.
    #[error("C2: bytes follow the end, at byte {at}")]
    Trailing {
        /// Offset of the first byte too many.
        at: usize,
    },
    /// C2: the bytes end inside an item.
    #[error("C2: the bytes end inside an item, at byte {at}")]
    Truncated {
        /// Offset of the item that is cut.
        at: usize,
    },
    /// C3: nested deeper than [`MAX_DEPTH`].
    #[error("C3: nested deeper than 16, at byte {at}")]
    TooDeep {
        /// Offset of the container.
        at: usize,
    },
    /// C3: more than [`MAX_ITEMS`] items.
    #[error("C3: more than 65,536 items, at byte {at}")]
    TooManyItems {
        /// Offset of the item.
        at: usize,
    },
    /// C3: more bytes than the kind allows.
    #[error("C3: {len} bytes where {limit} are allowed")]
    TooLong {
        /// Bytes found.
        len: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The bytes are canonical, but not of the shape that belongs here.
    #[error("C3: not of the expected shape: {reason}")]
    Shape {
        /// What the decoder expected.
        reason: String,
    },
}

impl CodecError {
    /// Returns the id of the broken rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::KeyNotText { .. } | Self::KeyOrder { .. } => "C1",
            Self::DuplicateKey { .. }
            | Self::NotShortest { .. }
            | Self::Indefinite { .. }
            | Self::ForbiddenType { .. }
            | Self::IntegerRange { .. }
            | Self::NotUtf8 { .. }
            | Self::Trailing { .. }
            | Self::Truncated { .. } => "C2",
            Self::TooDeep { .. } | Self::TooManyItems { .. } | Self::TooLong { .. } | Self::Shape { .. } => {
                "C3"
            }
        }
    }
}

/// Returns the canonical encoding of `value`, whose struct fields must stand in canonical order.
///
/// # Panics
///
/// Never for the types of this crate: they hold nothing that CBOR cannot carry.
#[must_use]
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_cbor::to_vec(value).expect("types of this crate are encodable")
}

/// Decodes `bytes` strictly: scan, typed decode, and an encoding equal to the input (C3).
///
/// # Errors
///
/// The first rule that the bytes break; [`CodecError::Shape`] when they are canonical but not a `T`.
pub fn decode<T: Serialize + DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, CodecError> {
    scan(bytes, limit)?;
    let value: T =
        serde_cbor::from_slice(bytes).map_err(|error| CodecError::Shape { reason: error.to_string() })?;
    // The encoding of a valid value is as long as the input.
    let mut again = Vec::with_capacity(bytes.len());
    serde_cbor::to_writer(&mut again, &value).expect("types of this crate are encodable");
    if again == bytes {
        Ok(value)
    } else {
        Err(CodecError::Shape { reason: "another encoding of the same value".into() })
    }
}

/// Decodes bytes that this program wrote for itself and nobody else sees: state in the store. `None`
/// where they are damaged or of another shape.
#[must_use]
pub fn decode_own<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    serde_cbor::from_slice(bytes).ok()
}
