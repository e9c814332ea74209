//! The envelope: COSE_Sign1 (RFC 9052) in exactly one form, signed with Ed25519 (C4, C5).
//!
//! `d2 84 43 a1 01 27 a0 ‖ bstr(header) ‖ 58 40 ‖ signature`: tag 18, protected `{1: -8}`, nothing
//! unprotected, no external data. There is no algorithm field to negotiate; another form is invalid,
//! save an envelope of a later version (V2), which is neither valid nor invalid.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{self, MAX_ENVELOPE, MAX_NEWER_ENVELOPE, Scan};
use crate::id::Bytes32;

#[cfg(test)]
mod tests;

const START: [u8; 7] = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0];
const SIGNATURE_HEAD: [u8; 2] = [0x58, 0x40];
const SIGNED_START: [u8; 17] = *b"\x84\x6aSignature1\x43\xa1\x01\x27\x40";

/// Why bytes are not an envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// C5: not of the one form.
    #[error("C5: not a COSE_Sign1 envelope of this version")]
    Form,
    /// C3: longer than [`MAX_ENVELOPE`], which leaves no room for a header beyond its limit.
    #[error("C3: {len} bytes where {limit} are allowed")]
    TooLong {
        /// Bytes found.
        len: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// V2: an envelope of a later version; nobody is to blame.
    #[error("V2: an entry of version {version}, which this program does not know")]
    Newer {
        /// The header's `v`.
        version: i64,
    },
}

/// An envelope taken apart; all parts borrow from the received bytes.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// The encoded header, what the signature covers.
    pub header: &'a [u8],
    /// The Ed25519 signature.
    pub signature: &'a [u8; 64],
}

impl<'a> Envelope<'a> {
    /// Takes an envelope apart.
    ///
    /// # Errors
    ///
    /// V2 is looked at first: an envelope whose header carries another `v` is
    /// [`EnvelopeError::Newer`], whatever its size and fields.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        let parsed = Self::parse_exact(bytes);
        // A later version can look exact; only a header whose `v` is 1 is ours to judge.
        match newer_version(bytes) {
            Some(version) => Err(EnvelopeError::Newer { version }),
            None => parsed,
        }
    }

    fn parse_exact(bytes: &'a [u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(EnvelopeError::TooLong { len: bytes.len(), limit: MAX_ENVELOPE });
        }
        let rest = bytes.strip_prefix(&START).ok_or(EnvelopeError::Form)?;
        let (header, rest) = take_bstr(rest).ok_or(EnvelopeError::Form)?;
        let signature = rest.strip_prefix(&SIGNATURE_HEAD).ok_or(EnvelopeError::Form)?;
        let signature = signature.try_into().map_err(|_| EnvelopeError::Form)?;
        Ok(Self { header, signature })
    }

    /// Tells whether `key` made the signature, by `verify_strict` (C4).
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        let signature = Signature::from_bytes(self.signature);
        key.0.verify_strict(&signed_bytes(self.header), &signature).is_ok()
    }
}

/// Returns the envelope of `header`, signed with `key`.
#[must_use]
pub fn seal(header: &[u8], key: &SigningKey) -> Vec<u8> {
    let signature = key.sign(&signed_bytes(header));
    let mut out = Vec::with_capacity(START.len() + 3 + header.len() + 66);
    out.extend_from_slice(&START);
    push_bstr_head(&mut out, header.len());
    out.extend_from_slice(header);
    out.extend_from_slice(&SIGNATURE_HEAD);
    out.extend_from_slice(&signature.to_bytes());
    out
}

/// A public key that V4 admits: a canonically encoded point, not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Returns the key that `bytes` encode, or `None` where V4 refuses it.
    #[must_use]
    pub fn from_bytes(bytes: &Bytes32) -> Option<Self> {
        let key = VerifyingKey::from_bytes(&bytes.0).ok()?;
        let canonical = key.to_edwards().compress().to_bytes() == bytes.0;
        (canonical && !key.is_weak()).then_some(Self(key))
    }

    /// Returns the key's 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes32 {
        Bytes32(self.0.to_bytes())
    }
}

impl From<&SigningKey> for PublicKey {
    fn from(key: &SigningKey) -> Self {
        Self(key.verifying_key())
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_bytes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Bytes32::deserialize(deserializer)?;
        Self::from_bytes(&bytes).ok_or_else(|| serde::de::Error::custom("not an admissible key"))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({:?})", self.to_bytes())
    }
}

/// The bytes under the signature: `Sig_structure` of RFC 9052, section 4.4.
fn signed_bytes(header: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(SIGNED_START.len() + 3 + header.len());
    out.extend_from_slice(&SIGNED_START);
    push_bstr_head(&mut out, header.len());
    out.extend_from_slice(header);
    out
}

fn push_bstr_head(out: &mut Vec<u8>, len: usize) {
    match u8::try_from(len) {
        Ok(len) if len < 24 => out.push(0x40 | len),
        Ok(len) => out.extend_from_slice(&[0x58, len]),
        Err(_) => {
            let len = u16::try_from(len).expect("a header is at most 1,024 bytes");
            out.push(0x59);
            out.extend_from_slice(&len.to_be_bytes());
        }
    }
}

/// Splits a byte string in its shortest form off the start of `bytes`.
fn take_bstr(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (major, len, head) = codec::head(bytes, 0).ok()?;
    let len = usize::try_from(len).ok()?;
    (major == 2 && bytes.len() - head >= len).then(|| bytes[head..].split_at(len))
}

/// Returns the version of an envelope that V2 recognises as of another version.
fn newer_version(bytes: &[u8]) -> Option<i64> {
    if bytes.len() > MAX_NEWER_ENVELOPE {
        return None;
    }
    let rest = bytes.strip_prefix(&[0xd2, 0x84])?;
    let (_protected, rest) = take_bstr(rest)?;
    let (header, rest) = take_bstr(rest.strip_prefix(&[0xa0])?)?;
    let (_signature, rest) = take_bstr(rest)?;
    // `v` is the only one-letter field of version 1, so it comes first there.
    if !rest.is_empty() || header.get(1..4) == Some(b"\x61v\x01") {
        return None;
    }
    codec::scan(header, MAX_NEWER_ENVELOPE).ok()?;
    version_of(header).filter(|version| *version != 1)
}

/// Returns the integer `v` of a header that passed the scan. It is read in place: nobody is blamed
/// for an entry of another version, so a large one must not cost a decoded value either.
fn version_of(header: &[u8]) -> Option<i64> {
    let (5, pairs, mut at) = codec::head(header, 0).ok()? else { return None };
    for _ in 0..pairs {
        let (_text, len, key_head) = codec::head(header, at).ok()?;
        // Keys stand by length, so none after the one-letter keys is `v`.
        if len > 1 {
            return None;
        }
        let value = at + key_head + usize::try_from(len).ok()?;
        if header[at + key_head..value] == *b"v" {
            return match codec::head(header, value).ok()? {
                (0, argument, _) => i64::try_from(argument).ok(),
                (1, argument, _) => i64::try_from(argument).ok().map(|argument| -1 - argument),
                _ => None,
            };
        }
        let Scan::Complete(len) = codec::prefix(&header[value..], MAX_NEWER_ENVELOPE).ok()? else {
            return None;
        };
        at = value + len;
    }
    None
}
