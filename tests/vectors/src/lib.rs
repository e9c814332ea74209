//! Frozen vectors: bytes of the protocol, each with its id or the rule that it breaks.
//!
//! The files in `data/` are for every implementation; `docs/protocol.md` describes their form. They
//! are frozen: [`make`] says how each case came about and must reproduce the files byte for byte, so
//! neither can change without the other. [`judge`] is this implementation's verdict on a case.
//!
//! It is not a place for behaviour over time: which log counts, who is a member and what is sent to
//! whom are tested beside their modules.

use std::collections::BTreeMap;
use std::path::PathBuf;

use multaqa_protocol::codec::{self, CodecError, MAX_BODY};
use multaqa_protocol::entry::{self, BodyError, Entry, Signed};
use multaqa_protocol::envelope::{Envelope, PublicKey};
use multaqa_protocol::gossip::{self, Message};
use multaqa_protocol::id::{Bytes32, EntryId, sha256};
use multaqa_protocol::log::{Log, Place};
use multaqa_protocol::record;
use multaqa_protocol::sync::{Frame, FrameError};
use serde::{Deserialize, Serialize};

pub mod make;

/// The cases of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the cases have in common.
    pub about: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Unique in its file.
    pub name: String,
    /// The rule that the case is about; for a bad one not always the rule that is reported.
    pub rule: String,
    /// What to check.
    #[serde(flatten)]
    pub input: Input,
    /// The verdict.
    pub expect: Expect,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// What a case is made of; byte strings are in hex.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Input {
    /// One CBOR item of at most 262,144 bytes, to be scanned (C1 to C3).
    Cbor(Bytes),
    /// A header by itself.
    Header(Bytes),
    /// An envelope by itself, its signature not checked.
    Envelope(Bytes),
    /// A body by itself.
    Body(Bytes),
    /// A body, to be read as a record.
    Record {
        /// The body.
        hex: String,
        /// The kind of its entry.
        of: String,
    },
    /// A frame of the exchange, without its length (Y1 to Y7).
    Frame(Bytes),
    /// A gossip message (G1).
    Message(Bytes),
    /// An envelope whose signature is checked under `key`.
    Signature {
        /// The envelope.
        hex: String,
        /// The public key.
        key: String,
    },
    /// An envelope to be stored together with a body, or without one.
    Stored {
        /// The envelope.
        hex: String,
        /// The body at hand.
        body: Option<String>,
    },
    /// Envelopes in order of arrival: all but the last are valid, the verdict is on the last.
    Chain {
        /// The envelopes.
        chain: Vec<String>,
    },
}

/// Bytes: `hex`, followed by `fill` where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// The bytes, or the first of them.
    pub hex: String,
    /// What follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
}

/// Bytes that repeat, so that a large case stays short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// What is repeated.
    pub hex: String,
    /// How often.
    pub times: usize,
}

impl Input {
    /// Returns the byte strings that the case is made of, each by itself.
    #[must_use]
    pub fn parts(&self) -> Vec<Vec<u8>> {
        match self {
            Self::Cbor(bytes)
            | Self::Header(bytes)
            | Self::Envelope(bytes)
            | Self::Body(bytes)
            | Self::Frame(bytes)
            | Self::Message(bytes) => vec![bytes.read()],
            Self::Signature { hex, .. } | Self::Record { hex, .. } => vec![from_hex(hex)],
            Self::Stored { hex, body } => {
                [Some(hex), body.as_ref()].into_iter().flatten().map(|hex| from_hex(hex)).collect()
            }
            Self::Chain { chain } => chain.iter().map(|hex| from_hex(hex)).collect(),
        }
    }
}

impl Bytes {
    fn read(&self) -> Vec<u8> {
        let mut bytes = from_hex(&self.hex);
        if let Some(fill) = &self.fill {
            bytes.extend(from_hex(&fill.hex).repeat(fill.times));
        }
        bytes
    }
}

/// The verdict on a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// Valid: the entry's id.
    Id(String),
    /// Valid: the SHA-256 of the bytes.
    Hash(String),
    /// Invalid: the rule that is broken.
    Broken(String),
    /// Neither valid nor invalid: another version (V2) or an unknown parent (V3).
    Undecided(String),
}

/// Returns the folder of the frozen files.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// Returns a group's text as its file has it.
///
/// # Panics
///
/// Never: a group is plain JSON.
#[must_use]
pub fn to_json(group: &Group) -> String {
    serde_json::to_string_pretty(group).expect("a group is plain JSON") + "\n"
}

/// Returns this implementation's verdict on `input`.
#[must_use]
pub fn judge(input: &Input) -> Expect {
    match input {
        Input::Cbor(bytes) => judge_cbor(&bytes.read()),
        Input::Header(bytes) => judge_envelope(&unsigned(&bytes.read())),
        Input::Envelope(bytes) => judge_envelope(&bytes.read()),
        Input::Body(bytes) => judge_body(&bytes.read()),
        Input::Record { hex, of } => judge_record(of, &from_hex(hex)),
        Input::Frame(bytes) => judge_frame(&bytes.read()),
        Input::Message(bytes) => judge_message(&bytes.read()),
        Input::Signature { hex, key } => judge_signature(&from_hex(hex), &from_hex(key)),
        Input::Stored { hex, body } => judge_stored(&from_hex(hex), body.as_deref().map(from_hex).as_deref()),
        Input::Chain { chain } => judge_chain(chain),
    }
}

fn judge_cbor(bytes: &[u8]) -> Expect {
    match codec::scan(bytes, MAX_BODY) {
        Ok(()) => Expect::Hash(hex::encode(sha256(bytes))),
        Err(error) => broken(error.rule()),
    }
}

fn judge_envelope(bytes: &[u8]) -> Expect {
    decode(bytes).map_or_else(|verdict| verdict, |entry| Expect::Id(entry.id().to_string()))
}

/// Decodes an envelope, or returns the verdict on it.
fn decode(envelope: &[u8]) -> Result<Entry, Expect> {
    Entry::decode(envelope).map_err(|error| match error.rule() {
        rule if error.is_newer() => Expect::Undecided(rule.into()),
        rule => broken(rule),
    })
}

fn judge_body(bytes: &[u8]) -> Expect {
    match entry::decode_body(bytes) {
        Ok(_) => Expect::Hash(hex::encode(sha256(bytes))),
        Err(BodyError::Codec(error)) => broken(error.rule()),
        Err(BodyError::Form) => broken("B5"),
    }
}

fn judge_record(kind: &str, bytes: &[u8]) -> Expect {
    match entry::decode_body(bytes) {
        Ok(map) => match record::read(kind, &map) {
            Ok(_) => Expect::Hash(hex::encode(sha256(bytes))),
            Err(_) => broken("R3"),
        },
        Err(_) => judge_body(bytes),
    }
}

fn judge_frame(bytes: &[u8]) -> Expect {
    match Frame::decode(bytes) {
        Ok(_) => Expect::Hash(hex::encode(sha256(bytes))),
        Err(FrameError::Codec(CodecError::Shape { .. }) | FrameError::Unknown(_) | FrameError::Bound(_)) => {
            broken("Y7")
        }
        Err(FrameError::Codec(error)) => broken(error.rule()),
    }
}

fn judge_message(bytes: &[u8]) -> Expect {
    match Message::decode(bytes) {
        Ok(_) => Expect::Hash(gossip::message_id(bytes).to_string()),
        Err(CodecError::Shape { .. }) => broken("G1"),
        Err(error) => broken(error.rule()),
    }
}

fn judge_signature(envelope: &[u8], key: &[u8]) -> Expect {
    let key = Bytes32(key.try_into().expect("a key has 32 bytes"));
    let Some(key) = PublicKey::from_bytes(&key) else { return broken("V4") };
    match Envelope::parse(envelope) {
        Ok(envelope) if envelope.is_signed_by(&key) => {
            Expect::Id(EntryId(sha256(envelope.header)).to_string())
        }
        Ok(_) => broken("C4"),
        Err(_) => broken("C5"),
    }
}

fn judge_stored(envelope: &[u8], body: Option<&[u8]>) -> Expect {
    let entry = match decode(envelope) {
        Ok(entry) => entry,
        Err(verdict) => return verdict,
    };
    if entry.is_network_kind() && !body.is_some_and(|body| entry.has_body(body)) {
        return broken("V7");
    }
    Expect::Id(entry.id().to_string())
}

fn judge_chain(chain: &[String]) -> Expect {
    let mut log: Option<Log> = None;
    let mut places = BTreeMap::<EntryId, Place>::new();
    let mut verdict = None;
    for envelope in chain {
        assert!(
            matches!(verdict, None | Some(Expect::Id(_))),
            "only the last of a chain is judged: {verdict:?}"
        );
        verdict = Some(judge_next(&mut log, &mut places, &from_hex(envelope)));
    }
    verdict.expect("a chain has an envelope")
}

/// Judges the next envelope of a chain, and adds it if it is valid.
fn judge_next(log: &mut Option<Log>, places: &mut BTreeMap<EntryId, Place>, envelope: &[u8]) -> Expect {
    let entry = match decode(envelope) {
        Ok(entry) => Signed::unchecked(entry),
        Err(verdict) => return verdict,
    };
    let place = match (&mut *log, entry.prev()) {
        (Some(log), Some(prev)) => match places.get(&prev) {
            Some(parent) => log.extend(*parent, &entry),
            None => return Expect::Undecided("V3".into()),
        },
        _ => Log::begin(&entry).map(|begun| {
            *log = Some(begun);
            Place { branch: 0, seq: 0 }
        }),
    };
    match place {
        Ok(place) => {
            places.insert(entry.id(), place);
            Expect::Id(entry.id().to_string())
        }
        Err(error) => broken(error.rule()),
    }
}

/// Wraps a header in an envelope that nobody signed.
fn unsigned(header: &[u8]) -> Vec<u8> {
    let key = ed25519_dalek::SigningKey::from_bytes(&[0; 32]);
    multaqa_protocol::envelope::seal(header, &key)
}

fn broken(rule: &str) -> Expect {
    Expect::Broken(rule.into())
}

fn from_hex(text: &str) -> Vec<u8> {
    hex::decode(text).expect("byte strings are in hex")
}
