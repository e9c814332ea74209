//! C4: the edge cases of Ed25519 on which verifiers are known to disagree. `sB - kA` is compared with
//! R byte for byte, without the cofactor; s is reduced; A and R are not of small order.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as B, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use multaqa_protocol::id::sha256;
use sha2::{Digest, Sha512};

use super::author::{NEW_YEAR, commitment, inception, key, keys, signed_bytes, with_signature};
use super::cbor::Pairs;
use super::{Cases, Expect, Input, Made, broken, hash_of};

/// L, the order of the base point, in little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Returns a secret scalar that belongs to `name`.
fn secret(name: &str) -> Scalar {
    Scalar::from_bytes_mod_order(sha256(format!("multaqa vector: {name}").as_bytes()))
}

fn bytes(point: &EdwardsPoint) -> [u8; 32] {
    point.compress().to_bytes()
}

/// Returns k of a signature whose R and A are these bytes.
fn challenge(r: &[u8; 32], a: &[u8; 32], header: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(a).chain_update(signed_bytes(header)).finalize();
    Scalar::from_bytes_mod_order_wide(&hash.into())
}

/// An inception whose signing key is `a`; `n` tells headers apart.
fn header(a: &[u8; 32], n: u64) -> Vec<u8> {
    inception(&keys(a, &commitment(&key("signature/rotation"))), NEW_YEAR + n).encode()
}

/// Returns the first of many headers under which `R = rB + low` satisfies `accept`, with the signature.
fn search(
    a: &[u8; 32],
    secret_a: Scalar,
    low: &EdwardsPoint,
    accept: impl Fn(&Scalar) -> bool,
) -> (Vec<u8>, [u8; 64]) {
    let r = secret("signature/r");
    let big_r = bytes(&(r * B + low));
    let found = (0..10_000).find_map(|n| {
        let header = header(a, n);
        let k = challenge(&big_r, a, &header);
        accept(&k).then(|| (header, joined(&big_r, &(r + k * secret_a).to_bytes())))
    });
    found.expect("one header in eight fits")
}

fn joined(r: &[u8; 32], s: &[u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(r);
    signature[32..].copy_from_slice(s);
    signature
}

/// Adds two little-endian numbers; the sum must fit.
fn sum(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut carry = 0;
    std::array::from_fn(|i| {
        let digit = u16::from(left[i]) + u16::from(right[i]) + carry;
        carry = digit >> 8;
        digit.to_le_bytes()[0]
    })
}

pub(super) fn group() -> Made {
    let mut cases = Cases(vec![]);
    ordinary(&mut cases);
    mixed_order(&mut cases);
    small_order(&mut cases);
    (
        "An envelope and a public key: is the envelope signed by that key? Broken C4: no. Broken V4: the key is \
         refused before a signature is looked at.",
        cases.0,
    )
}

fn add(
    cases: &mut Cases,
    name: &str,
    made: (&[u8], &[u8; 64], &[u8; 32]),
    expect: Result<(), &str>,
    note: &str,
) {
    let (header, signature, key) = made;
    let input =
        Input::Signature { hex: hex::encode(with_signature(header, signature)), key: hex::encode(key) };
    let expect = expect.map_or_else(broken, |()| Expect::Id(hash_of(header)));
    cases.add("C4", name, input, expect, note);
}

fn ordinary(cases: &mut Cases) {
    let a = secret("signature/a");
    let public = bytes(&(a * B));
    let neutral = EIGHT_TORSION[0];
    let (header, good) = search(&public, a, &neutral, |_| true);
    let (r, s): ([u8; 32], [u8; 32]) =
        (std::array::from_fn(|i| good[i]), std::array::from_fn(|i| good[32 + i]));
    add(cases, "an ordinary signature", (&header, &good, &public), Ok(()), "");
    let other = bytes(&(secret("signature/other") * B));
    add(cases, "under another key", (&header, &good, &other), Err("C4"), "");
    let mut altered = header.clone();
    let last = altered.len() - 1;
    altered[last] ^= 1;
    add(
        cases,
        "over another header",
        (&altered, &good, &public),
        Err("C4"),
        "The claimed time differs by one bit.",
    );
    let flipped = |at: usize, bit: u8| {
        let mut signature = good;
        signature[at] ^= bit;
        signature
    };
    add(cases, "a bit of R", (&header, &flipped(0, 1), &public), Err("C4"), "");
    add(cases, "the sign of R", (&header, &flipped(31, 0x80), &public), Err("C4"), "");
    add(cases, "a bit of s", (&header, &flipped(32, 1), &public), Err("C4"), "");
    let more = joined(&r, &sum(&s, &ORDER));
    add(
        cases,
        "s + L",
        (&header, &more, &public),
        Err("C4"),
        "Equal modulo L, not reduced: s < L is demanded.",
    );
    let eight = (0..8).fold(s, |sum_of, _| sum(&sum_of, &ORDER));
    add(cases, "s + 8 L", (&header, &joined(&r, &eight), &public), Err("C4"), "The upper bits of s are set.");
    add(cases, "s = L", (&header, &joined(&r, &ORDER), &public), Err("C4"), "");
    add(cases, "all zeros", (&header, &[0; 64], &public), Err("C4"), "");
    // Without the Sig_structure of RFC 9052.
    let bare = Sha512::new().chain_update(r).chain_update(public).chain_update(&header).finalize();
    let k = Scalar::from_bytes_mod_order_wide(&bare.into());
    let bare = joined(&r, &(secret("signature/r") + k * a).to_bytes());
    add(
        cases,
        "over the bare header",
        (&header, &bare, &public),
        Err("C4"),
        "The Sig_structure is what is signed.",
    );
}

fn mixed_order(cases: &mut Cases) {
    let a = secret("signature/mixed");
    let low = EIGHT_TORSION[1];
    let public = bytes(&(a * B + low));
    let neutral = EIGHT_TORSION[0];
    let order_8 = |k: &Scalar| k.to_bytes()[0] & 7;
    let (header, good) = search(&public, a, &neutral, |k| order_8(k) == 0);
    let note = "A = aB + T with T of order 8, and 8 divides k: R's bytes are those of sB - kA.";
    add(cases, "mixed-order A, equation holds without the cofactor", (&header, &good, &public), Ok(()), note);
    let (header, bad) = search(&public, a, &neutral, |k| order_8(k) == 1);
    let note = "Holds after multiplication by 8 only; verifiers with the cofactor take it.";
    add(
        cases,
        "mixed-order A, equation holds with the cofactor only",
        (&header, &bad, &public),
        Err("C4"),
        note,
    );
    // R = rB - kT for k = 3 modulo 8.
    let (header, good) = search(&public, a, &EIGHT_TORSION[5], |k| order_8(k) == 3);
    let note = "R = rB + 5T and k = 3 modulo 8, so -kT = 5T.";
    add(
        cases,
        "mixed-order A and R, equation holds without the cofactor",
        (&header, &good, &public),
        Ok(()),
        note,
    );
    let ordinary = secret("signature/a");
    let public = bytes(&(ordinary * B));
    let (header, bad) = search(&public, ordinary, &low, |_| true);
    let note = "R has a small-order component that nothing cancels.";
    add(
        cases,
        "mixed-order R, equation holds with the cofactor only",
        (&header, &bad, &public),
        Err("C4"),
        note,
    );
}

fn small_order(cases: &mut Cases) {
    let a = secret("signature/mixed");
    // R of order 8 and s = ka, with k such that sB - kA = -kT is R itself.
    let public = bytes(&(a * B + EIGHT_TORSION[1]));
    let r = bytes(&EIGHT_TORSION[1]);
    let found = (0..10_000).find_map(|n| {
        let header = header(&public, n);
        let k = challenge(&r, &public, &header);
        (k.to_bytes()[0] & 7 == 7).then(|| (header, joined(&r, &(k * a).to_bytes())))
    });
    let (header_8, signature) = found.expect("one header in eight fits");
    let note = "The equation holds, but R is of small order.";
    add(cases, "R of order 8, equation holds", (&header_8, &signature, &public), Err("C4"), note);
    let ordinary = secret("signature/a");
    let public = bytes(&(ordinary * B));
    let neutral = bytes(&EIGHT_TORSION[0]);
    let plain = header(&public, 0);
    let k = challenge(&neutral, &public, &plain);
    let signature = joined(&neutral, &(k * ordinary).to_bytes());
    add(cases, "R the neutral element, equation holds", (&plain, &signature, &public), Err("C4"), "r = 0.");
    // The neutral element as y = 1 with the sign bit, and as y = p + 1.
    for (name, low, rest, high) in [
        ("R the neutral element with a sign", 0x01, 0x00, 0x80),
        ("R the neutral element with p added", 0xee, 0xff, 0x7f),
    ] {
        let mut r = [rest; 32];
        (r[0], r[31]) = (low, high);
        let k = challenge(&r, &public, &plain);
        let note = "Not the canonical bytes of sB - kA.";
        add(cases, name, (&plain, &joined(&r, &(k * ordinary).to_bytes()), &public), Err("C4"), note);
    }
    // Under a small-order key, s = 0 and R = -kA sign any message that fits.
    for (n, point) in EIGHT_TORSION.iter().enumerate() {
        let public = bytes(point);
        let signature = joined(&bytes(&EIGHT_TORSION[0]), &[0; 32]);
        let name = format!("A of small order, number {n}");
        let note = "Such a key \"signs\" many messages with s = 0.";
        add(cases, &name, (&header(&public, 0), &signature, &public), Err("V4"), note);
    }
    for (name, public) in refused_encodings() {
        let signature = joined(&bytes(&EIGHT_TORSION[0]), &[0; 32]);
        add(cases, &format!("A: {name}"), (&header(&public, 0), &signature, &public), Err("V4"), "");
    }
}

/// Encodings of keys that V4 refuses, besides canonical points of small order.
pub(super) fn refused_encodings() -> Vec<(&'static str, [u8; 32])> {
    let point = |low: u8, rest: u8, high: u8| {
        let mut bytes = [rest; 32];
        (bytes[0], bytes[31]) = (low, high);
        bytes
    };
    vec![
        ("the neutral element with a sign", point(0x01, 0x00, 0x80)),
        ("y = -1 with a sign", point(0xec, 0xff, 0xff)),
        ("y = p, that is 0", point(0xed, 0xff, 0x7f)),
        ("y = p with a sign", point(0xed, 0xff, 0xff)),
        ("y = p + 1", point(0xee, 0xff, 0x7f)),
        ("y = p + 1 with a sign", point(0xee, 0xff, 0xff)),
        ("y = p + 3, of large order", point(0xf0, 0xff, 0x7f)),
        ("y = 2, not on the curve", point(0x02, 0x00, 0x00)),
        ("y = 2^255 - 1", point(0xff, 0xff, 0x7f)),
    ]
}

/// The points of small order in their canonical form.
pub(super) fn small_points() -> Vec<[u8; 32]> {
    EIGHT_TORSION.iter().map(bytes).collect()
}

/// An inception under a mixed-order key, whose signature satisfies C4 or, with `cofactor`, would only
/// satisfy the equation with the cofactor.
pub(super) fn mixed_inception(cofactor: bool) -> (Vec<u8>, Vec<u8>) {
    let a = secret("signature/mixed");
    let public = bytes(&(a * B + EIGHT_TORSION[1]));
    let (header, signature) =
        search(&public, a, &EIGHT_TORSION[0], |k| (k.to_bytes()[0] & 7 == 0) != cofactor);
    let envelope = with_signature(&header, &signature);
    (header, envelope)
}

/// A header with the key given in `sign`.
pub(super) fn with_sign(header: &Pairs, sign: &[u8; 32]) -> Pairs {
    super::header::with_key(header, "sign", sign)
}
