//! Authors with keys from fixed seeds, and the entries that they sign, right ones and wrong ones.

use ed25519_dalek::{Signer, SigningKey};
use multaqa_protocol::id::sha256;

use super::cbor::{Pairs, bstr, tstr, uint};

/// 1 January 2026, 00:00 UTC.
pub(super) const NEW_YEAR: u64 = 1_767_225_600_000;

/// The body of every inception here: a salt of 16 bytes `a5` and an empty map.
pub(super) fn empty_body() -> Vec<u8> {
    [&[0x82, 0x50], &[0xa5; 16][..], &[0xa0]].concat()
}

/// Returns the key that belongs to `name`: its seed is the SHA-256 of `multaqa vector: NAME`.
pub(super) fn key(name: &str) -> SigningKey {
    SigningKey::from_bytes(&sha256(format!("multaqa vector: {name}").as_bytes()))
}

pub(super) fn public(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_bytes().to_vec()
}

/// Returns what `next` says of `key`: the SHA-256 of its public key.
pub(super) fn commitment(key: &SigningKey) -> Vec<u8> {
    sha256(&public(key)).to_vec()
}

pub(super) fn body_ref(len: u64, hash: &[u8]) -> Vec<u8> {
    Pairs::new([("len", uint(len)), ("hash", bstr(hash))]).encode()
}

fn body_of(body: &[u8]) -> Vec<u8> {
    body_ref(body.len() as u64, &sha256(body))
}

/// An entry as its pairs and its parts.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) pairs: Pairs,
    pub(super) id: [u8; 32],
    pub(super) author: [u8; 32],
    pub(super) seq: u64,
    pub(super) envelope: Vec<u8>,
}

/// Signs `pairs` as they stand.
pub(super) fn sign(pairs: &Pairs, key: &SigningKey) -> Made {
    let header = pairs.encode();
    let id = sha256(&header);
    let field = |name: &str| pairs.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let author = field("author").and_then(|bytes| bytes[2..].try_into().ok()).unwrap_or(id);
    let seq = field("seq").map_or(0, |bytes| match bytes[..] {
        [small] => u64::from(small),
        _ => bytes[1..].iter().fold(0, |seq, byte| seq << 8 | u64::from(*byte)),
    });
    Made { pairs: pairs.clone(), id, author, seq, envelope: seal(&header, key) }
}

/// Returns the envelope of `header` (C5).
pub(super) fn seal(header: &[u8], key: &SigningKey) -> Vec<u8> {
    with_signature(header, &key.sign(&signed_bytes(header)).to_bytes())
}

/// Returns the bytes that a signature covers (C5).
pub(super) fn signed_bytes(header: &[u8]) -> Vec<u8> {
    [b"\x84\x6aSignature1\x43\xa1\x01\x27\x40", &*bstr(header)].concat()
}

pub(super) fn with_signature(header: &[u8], signature: &[u8]) -> Vec<u8> {
    [b"\xd2\x84\x43\xa1\x01\x27\xa0", &*bstr(header), &*bstr(signature)].concat()
}

/// The `keys` of an inception.
pub(super) fn keys(sign: &[u8], next: &[u8]) -> Pairs {
    Pairs::new([("next", bstr(next)), ("sign", bstr(sign))])
}

/// The header of an inception.
pub(super) fn inception(keys: &Pairs, time: u64) -> Pairs {
    Pairs::new([
        ("v", uint(1)),
        ("seq", uint(0)),
        ("body", body_of(&empty_body())),
        ("keys", keys.encode()),
        ("kind", tstr("inception")),
        ("time", uint(time)),
    ])
}

/// Returns the log's first entry: `NAME/sign` signs it and `NAME/rotation 1` can rotate it.
pub(super) fn begin(name: &str) -> Made {
    let sign_key = key(&format!("{name}/sign"));
    let next = commitment(&key(&format!("{name}/rotation 1")));
    sign(&inception(&keys(&public(&sign_key), &next), NEW_YEAR), &sign_key)
}

/// The header of a plain entry after `parent`, with the body given.
pub(super) fn plain(parent: &Made, kind: &str, body: &[u8]) -> Pairs {
    Pairs::new([
        ("v", uint(1)),
        ("seq", uint(parent.seq + 1)),
        ("body", body_of(body)),
        ("kind", tstr(kind)),
        ("prev", bstr(&parent.id)),
        ("time", uint(NEW_YEAR + 60_000 * (parent.seq + 1))),
        ("author", bstr(&parent.author)),
    ])
}

/// The header of a rotation after `parent`.
pub(super) fn rotation(parent: &Made, sign: &[u8], reveal: &[u8], next: &[u8]) -> Pairs {
    plain(parent, "rotate", &empty_body())
        .with("keys", keys(sign, next).with("reveal", bstr(reveal)).encode())
}
