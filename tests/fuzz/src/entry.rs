//! A header is what the specification's CDDL says, no more and no less (V1, the form of V4's keys).
//!
//! The typed decode is held against a reading of the CDDL over untyped values. The input is a header,
//! which is put into an envelope that nobody signed, or an envelope.

use multaqa_protocol::codec::{self, MAX_BODY, MAX_ENVELOPE, MAX_HEADER, MAX_INT, Map, Value};
use multaqa_protocol::entry::{self, Entry, Form};
use multaqa_protocol::envelope::{Envelope, PublicKey};
use multaqa_protocol::id::{Bytes32, sha256};

use crate::envelope::seal;

pub(crate) fn check(data: &[u8]) {
    check_envelope(data);
    if data.len() <= MAX_ENVELOPE {
        check_envelope(&seal(data, &[0; 64]));
    }
}

fn check_envelope(envelope: &[u8]) {
    let header = Envelope::parse(envelope).ok().map(|envelope| envelope.header);
    let entry = Entry::decode(envelope);
    assert_eq!(entry.is_ok(), header.is_some_and(fits), "V1: {entry:?}");
    let (Ok(entry), Some(header)) = (entry, header) else { return };
    assert_eq!(codec::encode(entry.header()), header, "C3: another encoding");
    assert_eq!(entry.id().0, sha256(header), "C4");
    assert_eq!(u64::from(entry.seq()), entry.header().seq);
    match entry.form() {
        Form::Inception => assert_eq!(entry.author(), entry.id().as_author()),
        Form::Rotation => assert!(entry.keys().is_some_and(|(_, reveal)| reveal.is_some())),
        Form::Plain => assert!(entry.keys().is_none() && entry::is_kind(entry.kind())),
    }
}

/// Tells whether a header is one of the three forms.
fn fits(header: &[u8]) -> bool {
    let Ok(Value::Map(map)) = codec::decode::<Value>(header, MAX_HEADER) else { return false };
    let Some(Value::Text(kind)) = map.get("kind") else { return false };
    let (fields, keys): (&[&str], &[&str]) = match kind.as_str() {
        "inception" => (&["v", "seq", "body", "keys", "kind", "time"], &["next", "sign"]),
        "rotate" => {
            (&["v", "seq", "body", "keys", "kind", "prev", "time", "author"], &["next", "sign", "reveal"])
        }
        kind if is_kind(kind) => (&["v", "seq", "body", "kind", "prev", "time", "author"], &[]),
        _ => return false,
    };
    let first = if kind == "inception" { 0 } else { 1 };
    let last = if kind == "inception" { 0 } else { u64::from(u32::MAX) };
    names(&map) == fields
        && map.iter().all(|(name, value)| match (name, value) {
            ("v", value) => is_uint(value, 1, 1),
            ("seq", value) => is_uint(value, first, last),
            ("time", value) => is_uint(value, 0, MAX_INT),
            ("prev" | "author", value) => bytes32(value).is_some(),
            ("body", Value::Map(body)) => {
                names(body) == ["len", "hash"]
                    && body.get("len").is_some_and(|len| is_uint(len, 19, MAX_BODY as u64))
                    && body.get("hash").and_then(bytes32).is_some()
            }
            ("keys", Value::Map(found)) => names(found) == keys && found.iter().all(is_key),
            ("kind", _) => true,
            _ => false,
        })
}

fn names(map: &Map) -> Vec<&str> {
    map.iter().map(|(name, _)| name).collect()
}

fn is_uint(value: &Value, first: u64, last: u64) -> bool {
    matches!(value, Value::Int(int) if u64::try_from(*int).is_ok_and(|int| (first..=last).contains(&int)))
}

fn bytes32(value: &Value) -> Option<Bytes32> {
    let Value::Bytes(bytes) = value else { return None };
    Some(Bytes32(bytes.as_slice().try_into().ok()?))
}

/// `next` is a hash; the others are keys that V4 admits.
fn is_key((name, value): (&str, &Value)) -> bool {
    bytes32(value).is_some_and(|bytes| name == "next" || PublicKey::from_bytes(&bytes).is_some())
}

/// `[a-z][a-z0-9.-]{0,63}`.
fn is_kind(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
}
