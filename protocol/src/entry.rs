//! An entry: a signed header that names its parent, and a detached body.
//!
//! What is checked here needs the entry's own bytes only (V1, V2, the form of V4's keys); whether
//! its parent, author, sequence number and signing key fit is [`crate::log`]'s part. Decoded
//! entries keep their bytes as received, because ids and signatures cover those.

use std::sync::Arc;

use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError, MAX_BODY, MAX_HEADER, Map};
use crate::envelope::{self, Envelope, EnvelopeError, PublicKey};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, Seq, sha256};

mod body;
#[cfg(test)]
pub(crate) mod tests;

pub use body::{BodyError, body_ref, decode_body, encode_body};

/// The version of header that this program reads and writes.
pub const VERSION: u64 = 1;
/// Length of a body's salt in bytes.
pub const SALT_LEN: usize = 16;
/// Shortest body: the array's head, the salt with its head, an empty map.
pub const MIN_BODY: u64 = 19;
/// A body of at most this many bytes travels along with its entry in gossip and sync (G1, Y4).
pub const MAX_CARRIED_BODY: u64 = 48 * 1_024;

/// Kind of the first entry of every log.
pub const INCEPTION: &str = "inception";
/// Kind of an entry that changes the signing key.
pub const ROTATE: &str = "rotate";
/// The network kinds: their bodies decide membership, are stored with the entry (V7), hold no
/// personal data and are never erased.
pub const NETWORK_KINDS: [&str; 9] =
    ["admit", "charter", "checkpoint", "close", "join", "leave", "suspend", "withdraw", "witness"];

/// A body by length and hash; both cover all of its bytes, salt included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyRef {
    /// Length in bytes, [`MIN_BODY`]..=[`MAX_BODY`].
    pub len: u64,
    /// SHA-256 of the bytes.
    pub hash: BodyHash,
}

/// The keys that an establishment entry (inception or rotation) names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// SHA-256 of the next rotation's `reveal`.
    pub next: Bytes32,
    /// The key that signs plain entries from here on.
    pub sign: Bytes32,
    /// The rotation key, shown as it is used; in a rotation only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reveal: Option<Bytes32>,
}

/// The signed part of an entry, its fields in canonical order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// Always [`VERSION`].
    pub v: u64,
    /// Place in the log.
    pub seq: u64,
    /// The detached body.
    pub body: BodyRef,
    /// Keys, in an establishment entry only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Keys>,
    /// What the body is about; says nothing about validity.
    pub kind: String,
    /// The parent; absent in an inception only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<EntryId>,
    /// The author's claim of when it was written.
    pub time: Millis,
    /// The author; absent in an inception, whose own id it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AuthorId>,
}

/// The three forms of a header (V1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The first entry of a log.
    Inception,
    /// A change of the signing key.
    Rotation,
    /// Anything else.
    Plain,
}

/// Why an entry is invalid whatever its parent; each variant names its rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The envelope (C3, C5, V2).
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The header's bytes (C1 to C3).
    #[error("the header: {0}")]
    Codec(#[source] CodecError),
    /// V1: the header is canonical CBOR, but none of the three forms.
    #[error("V1: not a header: {0}")]
    Form(&'static str),
    /// V1: the header has fields that are not those of a header.
    #[error("V1: not a header: {reason}")]
    Shape {
        /// What the decoder expected.
        reason: String,
    },
    /// V4: a key is not a canonically encoded point, or of small order.
    #[error("V4: the key `{field}` is not admissible")]
    Key {
        /// `sign` or `reveal`.
        field: &'static str,
    },
}

impl EntryError {
    /// Returns the id of the broken rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Envelope(EnvelopeError::Form) => "C5",
            Self::Envelope(EnvelopeError::TooLong { .. }) => "C3",
            Self::Envelope(EnvelopeError::Newer { .. }) => "V2",
            Self::Codec(error) => error.rule(),
            Self::Form(_) | Self::Shape { .. } => "V1",
            Self::Key { .. } => "V4",
        }
    }

    /// Tells whether this is an entry of a later version, for which nobody is blamed (V2).
    #[must_use]
    pub const fn is_newer(&self) -> bool {
        matches!(self, Self::Envelope(EnvelopeError::Newer { .. }))
    }
}

/// A decoded entry: valid by its own bytes, its signature not yet checked.
#[derive(Clone, Debug)]
pub struct Entry {
    id: EntryId,
    author: AuthorId,
    seq: Seq,
    form: Form,
    header: Header,
    /// `sign` and, in a rotation, `reveal`: decompressed once.
    keys: Option<Box<(PublicKey, Option<PublicKey>)>>,
    envelope: Arc<[u8]>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Entry {}

impl Entry {
    /// Decodes an envelope as received: C1 to C5, V1, V2 and the keys' form of V4.
    ///
    /// # Errors
    ///
    /// The first rule broken.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        let envelope = Envelope::parse(bytes)?;
        let header: Header = codec::decode(envelope.header, MAX_HEADER).map_err(|error| match error {
            CodecError::Shape { reason } => EntryError::Shape { reason },
            error => EntryError::Codec(error),
        })?;
        let form = check_form(&header)?;
        let id = EntryId(sha256(envelope.header));
        let author = header.author.unwrap_or_else(|| id.as_author());
        let seq = Seq::try_from(header.seq).map_err(|_| EntryError::Form("seq"))?;
        let keys = header.keys.as_ref().map(check_keys).transpose()?.map(Box::new);
        Ok(Self { id, author, seq, form, header, keys, envelope: bytes.into() })
    }

    /// Returns the entry's id.
    #[must_use]
    pub const fn id(&self) -> EntryId {
        self.id
    }

    /// Returns the author; an inception's is its own id.
    #[must_use]
    pub const fn author(&self) -> AuthorId {
        self.author
    }

    /// Returns the place in the log.
    #[must_use]
    pub const fn seq(&self) -> Seq {
        self.seq
    }

    /// Returns the parent, `None` for an inception.
    #[must_use]
    pub const fn prev(&self) -> Option<EntryId> {
        self.header.prev
    }

    /// Returns which of the three forms the header has.
    #[must_use]
    pub const fn form(&self) -> Form {
        self.form
    }

    /// Returns the header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.header.kind
    }

    /// Returns the keys `sign` and `reveal` of an establishment entry.
    #[must_use]
    pub fn keys(&self) -> Option<&(PublicKey, Option<PublicKey>)> {
        self.keys.as_deref()
    }

    /// Returns the envelope's bytes as received.
    #[must_use]
    pub const fn envelope(&self) -> &Arc<[u8]> {
        &self.envelope
    }

    /// Tells whether the kind is a network kind (V7).
    #[must_use]
    pub fn is_network_kind(&self) -> bool {
        NETWORK_KINDS.contains(&self.kind())
    }

    /// Tells whether the body is small enough to travel along (G1, Y4).
    #[must_use]
    pub const fn carries_body(&self) -> bool {
        self.header.body.len <= MAX_CARRIED_BODY
    }

    /// Tells whether `key` signed this entry.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        Envelope::parse(&self.envelope).is_ok_and(|envelope| envelope.is_signed_by(key))
    }

    /// Tells whether `body` is this entry's body by length and hash.
    #[must_use]
    pub fn has_body(&self, body: &[u8]) -> bool {
        self.header.body.len == body.len() as u64 && self.header.body.hash.0 == sha256(body)
    }
}

/// An entry with the key that was found to have signed it, so that signatures can be checked on all
/// cores ahead of the log, which then only compares keys.
#[derive(Clone, Debug)]
pub struct Signed {
    entry: Entry,
    signer: Option<PublicKey>,
}

impl Signed {
    /// Checks the signature under `key`, the one that is expected; when it fails, the entry is kept
    /// as unsigned and the log decides under the key that it knows.
    #[must_use]
    pub fn check(entry: Entry, key: &PublicKey) -> Self {
        let signer = entry.is_signed_by(key).then_some(*key);
        Self { entry, signer }
    }

    /// Returns the entry with no signature checked.
    #[must_use]
    pub const fn unchecked(entry: Entry) -> Self {
        Self { entry, signer: None }
    }

    /// Tells whether `key` signed the entry; free where it was checked ahead under that key.
    #[must_use]
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.signer.as_ref() == Some(key) || self.entry.is_signed_by(key)
    }

    /// Returns the entry.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }
}

impl std::ops::Deref for Signed {
    type Target = Entry;

    fn deref(&self) -> &Entry {
        &self.entry
    }
}

/// Everything of a plain entry but the body and the signature.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The log.
    pub author: AuthorId,
    /// Place in it.
    pub seq: Seq,
    /// The parent.
    pub prev: EntryId,
    /// When, by the author's clock.
    pub time: Millis,
}

/// Returns a new inception: `sign` will sign the log, `next` is the SHA-256 of the rotation key.
#[must_use]
pub fn incept(sign: &SigningKey, next: Bytes32, time: Millis, salt: [u8; SALT_LEN]) -> (Entry, Vec<u8>) {
    let body = encode_body(salt, &Map::default());
    let header = Header {
        v: VERSION,
        seq: 0,
        body: body_ref(&body),
        keys: Some(Keys { next, sign: Bytes32(sign.verifying_key().to_bytes()), reveal: None }),
        kind: INCEPTION.into(),
        prev: None,
        time,
        author: None,
    };
    (finish(&header, sign), body)
}

/// Returns a rotation at `position`, signed by `reveal`, the rotation key that the establishment
/// entry above named by its hash.
#[must_use]
pub fn rotate(
    position: Position,
    sign: &PublicKey,
    next: Bytes32,
    reveal: &SigningKey,
    body: &[u8],
) -> Entry {
    let keys = Keys { next, sign: sign.to_bytes(), reveal: Some(Bytes32(reveal.verifying_key().to_bytes())) };
    finish(&header_at(position, ROTATE, Some(keys), body), reveal)
}

/// Returns a plain entry at `position`, signed by `sign`.
///
/// # Panics
///
/// Where `kind` is none ([`is_kind`]) or is a rotation's or an inception's, or the body is longer than
/// [`MAX_BODY`]: what people write is checked before it comes here.
#[must_use]
pub fn write(position: Position, kind: &str, body: &[u8], sign: &SigningKey) -> Entry {
    finish(&header_at(position, kind, None, body), sign)
}

fn header_at(position: Position, kind: &str, keys: Option<Keys>, body: &[u8]) -> Header {
    Header {
        v: VERSION,
        seq: u64::from(position.seq),
        body: body_ref(body),
        keys,
        kind: kind.into(),
        prev: Some(position.prev),
        time: position.time,
        author: Some(position.author),
    }
}

fn finish(header: &Header, key: &SigningKey) -> Entry {
    Entry::decode(&envelope::seal(&codec::encode(header), key)).expect("our own header is valid")
}

fn check_form(header: &Header) -> Result<Form, EntryError> {
    if header.v != VERSION {
        return Err(EntryError::Form("v"));
    }
    if !(MIN_BODY..=MAX_BODY as u64).contains(&header.body.len) {
        return Err(EntryError::Form("body.len"));
    }
    if header.kind == INCEPTION {
        let keys = header.keys.as_ref().ok_or(EntryError::Form("keys"))?;
        if keys.reveal.is_some() {
            return Err(EntryError::Form("keys.reveal"));
        }
        if header.seq != 0 {
            return Err(EntryError::Form("seq"));
        }
        if header.prev.is_some() || header.author.is_some() {
            return Err(EntryError::Form("an inception names no prev and no author"));
        }
        return Ok(Form::Inception);
    }
    if !(1..=u64::from(Seq::MAX)).contains(&header.seq) {
        return Err(EntryError::Form("seq"));
    }
    if header.prev.is_none() || header.author.is_none() {
        return Err(EntryError::Form("prev and author are missing"));
    }
    if header.kind == ROTATE {
        let keys = header.keys.as_ref().ok_or(EntryError::Form("keys"))?;
        return if keys.reveal.is_some() { Ok(Form::Rotation) } else { Err(EntryError::Form("keys.reveal")) };
    }
    if header.keys.is_some() {
        return Err(EntryError::Form("keys in a plain entry"));
    }
    if is_kind(&header.kind) { Ok(Form::Plain) } else { Err(EntryError::Form("kind")) }
}

/// Tells whether `text` is a kind: `[a-z][a-z0-9.-]{0,63}`.
#[must_use]
pub fn is_kind(text: &str) -> bool {
    let mut bytes = text.bytes();
    text.len() <= 64
        && bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
}

fn check_keys(keys: &Keys) -> Result<(PublicKey, Option<PublicKey>), EntryError> {
    let key = |field, bytes| PublicKey::from_bytes(bytes).ok_or(EntryError::Key { field });
    let reveal = keys.reveal.as_ref().map(|bytes| key("reveal", bytes)).transpose()?;
    Ok((key("sign", &keys.sign)?, reveal))
}
