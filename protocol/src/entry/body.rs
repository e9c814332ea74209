//! A body's bytes: a salt and a map, and no more. What the map says is [`crate::record`]'s and
//! [`crate::network`]'s part, and never decides whether an entry is valid (V8).

use super::{BodyRef, SALT_LEN};
use crate::codec::{self, CodecError, MAX_BODY, Map, Value};
use crate::id::{BodyHash, sha256};

/// Returns a body's length and hash.
#[must_use]
pub fn body_ref(body: &[u8]) -> BodyRef {
    BodyRef { len: body.len() as u64, hash: BodyHash(sha256(body)) }
}

/// Returns the bytes of a body: `[salt, map]`.
#[must_use]
pub fn encode_body(salt: [u8; SALT_LEN], map: &Map) -> Vec<u8> {
    codec::encode(&Value::Array(vec![Value::Bytes(salt.to_vec()), Value::Map(map.clone())]))
}

/// Why a body's bytes, though those that the header names, cannot be read (B5).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// B5: the bytes break C1 to C3.
    #[error("B5: {0}")]
    Codec(#[from] CodecError),
    /// B5: not `[salt, map]`.
    #[error("B5: not a salt of 16 bytes and a map")]
    Form,
}

/// Reads a body into its map.
///
/// # Errors
///
/// B5, when the bytes are malformed; the entry is valid all the same (V8).
pub fn decode_body(bytes: &[u8]) -> Result<Map, BodyError> {
    let value: Value = codec::decode(bytes, MAX_BODY)?;
    match value {
        Value::Array(items) => match <[Value; 2]>::try_from(items) {
            Ok([Value::Bytes(salt), Value::Map(map)]) if salt.len() == SALT_LEN => Ok(map),
            _ => Err(BodyError::Form),
        },
        _ => Err(BodyError::Form),
    }
}
