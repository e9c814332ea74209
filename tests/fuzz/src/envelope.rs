//! An envelope has exactly one form, and V2 is looked at first (C5, V2).

use multaqa_protocol::codec::{self, MAX_ENVELOPE, MAX_HEADER, MAX_NEWER_ENVELOPE, Value};
use multaqa_protocol::entry::Entry;
use multaqa_protocol::envelope::{Envelope, EnvelopeError};

/// What stands before the header's byte string (C5).
const START: [u8; 7] = [0xd2, 0x84, 0x43, 0xa1, 0x01, 0x27, 0xa0];
/// What stands before the signature.
const SIGNATURE: [u8; 2] = [0x58, 0x40];

pub(crate) fn check(data: &[u8]) {
    let parsed = Envelope::parse(data);
    let newer = newer(data);
    match &parsed {
        Ok(envelope) => {
            assert_eq!(newer, None, "V2 is looked at first");
            assert!(data.len() <= MAX_ENVELOPE && envelope.header.len() <= MAX_HEADER, "C3");
            assert_eq!(seal(envelope.header, envelope.signature), data, "C5: another form");
        }
        Err(EnvelopeError::Newer { version }) => assert_eq!(Some(*version), newer, "V2"),
        Err(_) => assert_eq!(newer, None, "V2"),
    }
    if let Ok(entry) = Entry::decode(data) {
        assert!(parsed.is_ok());
        assert_eq!(entry.envelope()[..], *data, "an entry keeps its bytes as received");
    }
}

/// Returns an envelope around a header.
pub(crate) fn seal(header: &[u8], signature: &[u8; 64]) -> Vec<u8> {
    let head = match header.len() {
        len @ 0..24 => vec![0x40 | len as u8],
        len @ 24..256 => vec![0x58, len as u8],
        len => vec![0x59, (len >> 8) as u8, len as u8],
    };
    [&START[..], &head, header, &SIGNATURE, signature].concat()
}

/// Returns the version of an envelope that V2 is about: read from the rule, by decoding the header whole.
fn newer(data: &[u8]) -> Option<i64> {
    let rest = data.strip_prefix(&[0xd2, 0x84]).filter(|_| data.len() <= MAX_NEWER_ENVELOPE)?;
    let (_, rest) = string(rest)?;
    let (header, rest) = string(rest.strip_prefix(&[0xa0])?)?;
    let (_, rest) = string(rest)?;
    let Value::Map(map) = codec::decode::<Value>(header, MAX_NEWER_ENVELOPE).ok()? else { return None };
    match map.get("v") {
        Some(Value::Int(version)) if rest.is_empty() && *version != 1 => Some(*version),
        _ => None,
    }
}

/// Splits off a byte string in its shortest form.
fn string(data: &[u8]) -> Option<(&[u8], &[u8])> {
    let (major, len, head) = codec::head(data, 0).ok()?;
    let len = usize::try_from(len).ok().filter(|_| major == 2)?;
    data.get(head..)?.split_at_checked(len)
}
