//! C4, C5, V2 and the keys' form of V4.

use ed25519_dalek::SigningKey;

use super::{Envelope, EnvelopeError, PublicKey, seal};
use crate::codec::{MAX_ENVELOPE, MAX_HEADER};
use crate::id::Bytes32;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn parse(bytes: &[u8]) -> Result<(), EnvelopeError> {
    Envelope::parse(bytes).map(|_| ())
}

/// An envelope of V2's general form.
fn general(protected: &[u8], header: &[u8], signature: &[u8]) -> Vec<u8> {
    fn bstr(bytes: &[u8]) -> Vec<u8> {
        crate::codec::encode(&crate::codec::Value::Bytes(bytes.to_vec()))
    }
    [&[0xd2, 0x84], &*bstr(protected), &[0xa0], &*bstr(header), &*bstr(signature)].concat()
}

#[test]
fn c5_the_form_is_exact() {
    let good = seal(b"\xa1\x61v\x01", &key(1));
    assert_eq!(parse(&good), Ok(()));
    assert_eq!(good, general(b"\xa1\x01\x27", b"\xa1\x61v\x01", &good[good.len() - 64..]));
    // Every byte outside the header and the signature is fixed.
    for at in (0..8).chain(12..14) {
        let mut bad = good.clone();
        bad[at] ^= 0x01;
        assert_eq!(parse(&bad), Err(EnvelopeError::Form), "byte {at}");
    }
    assert_eq!(parse(&good[..good.len() - 1]), Err(EnvelopeError::Form));
    assert_eq!(parse(&[&*good, &[0]].concat()), Err(EnvelopeError::Form));
    assert_eq!(parse(&good[1..]), Err(EnvelopeError::Form), "no tag");
    assert_eq!(parse(&[]), Err(EnvelopeError::Form));
    // The header's head in a longer form.
    let mut long = good[..7].to_vec();
    long.extend([0x58, 4]);
    long.extend(&good[8..]);
    assert_eq!(parse(&long), Err(EnvelopeError::Form));
}

#[test]
fn c3_the_longest_envelope_holds_the_longest_header() {
    let longest = seal(&[0; MAX_HEADER], &key(1));
    assert_eq!(longest.len(), MAX_ENVELOPE);
    assert_eq!(parse(&longest), Ok(()));
    let longer = seal(&[0; MAX_HEADER + 1], &key(1));
    assert_eq!(parse(&longer), Err(EnvelopeError::TooLong { len: 1_101, limit: MAX_ENVELOPE }));
    // Where a longer header leaves room for the envelope's length, it leaves none for the signature.
    let squeezed = general(b"\xa1\x01\x27", &[0; MAX_HEADER + 1], &[0; 63]);
    assert_eq!((squeezed.len(), parse(&squeezed)), (MAX_ENVELOPE, Err(EnvelopeError::Form)));
}

#[test]
fn c4_the_signature_covers_the_header_and_the_form() {
    let header = b"\xa1\x61v\x01";
    let good = seal(header, &key(1));
    let signed =
        |bytes: &[u8], seed| Envelope::parse(bytes).unwrap().is_signed_by(&PublicKey::from(&key(seed)));
    assert!(signed(&good, 1));
    assert!(!signed(&good, 2));
    for at in good.len() - 64..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        assert!(!signed(&bad, 1), "byte {at}");
    }
    // The same signature under another header.
    let mut other = good.clone();
    other[9] = b'u';
    assert!(!signed(&other, 1));
}

#[test]
fn v2_another_version_is_nobodys_fault() {
    let newer = |bytes: &[u8]| match Envelope::parse(bytes) {
        Err(EnvelopeError::Newer { version }) => Some(version),
        _ => None,
    };
    // {"v": 2}, whatever the algorithm, the size and the fields.
    let two = b"\xa1\x61v\x02";
    assert_eq!(newer(&seal(two, &key(1))), Some(2));
    assert_eq!(newer(&general(b"\xa1\x01\x38\x30", two, &[7; 3_309])), Some(2));
    assert_eq!(newer(&general(b"", two, b"")), Some(2));
    assert_eq!(newer(&general(b"", b"\xa1\x61v\x00", b"")), Some(0));
    assert_eq!(newer(&general(b"", b"\xa1\x61v\x20", b"")), Some(-1));
    assert_eq!(newer(&general(b"", b"\xa1\x61v\x18\x20", b"")), Some(32));
    // Shorter and lower keys before it.
    assert_eq!(newer(&general(b"", b"\xa3\x60\x81\x05\x61a\xa1\x61v\x01\x61v\x03", b"")), Some(3));
    // A map of 24 pairs or more.
    let many =
        [b"\xb8\x18\x61v\x02".to_vec(), (0..23).flat_map(|n| [0x62, b'a', b'a' + n, 0]).collect()].concat();
    assert_eq!(newer(&general(b"", &many, b"")), Some(2));

    // Not a map, no `v`, not an integer, only in a nested map, version 1: judged by C5 instead.
    for header in [
        &b"\x02"[..],
        b"\x82\x61v\x02",
        b"\xa0",
        b"\xa1\x61u\x02",
        b"\xa1\x61v\x61\x32",
        b"\xa1\x61v\xf5",
        b"\xa1\x61v\x81\x02",
        b"\xa1\x61a\xa1\x61v\x02",
        b"\xa1\x62vv\x02",
        b"\xa1\x61v\x01",
        // Breaks C1 or C2.
        b"\xa2\x61v\x02\x61u\x01",
        b"\xa2\x61v\x02\x61v\x02",
        b"\xa1\x61v\x18\x02",
        b"\xa1\x61v\x02\x00",
        b"\xbf\x61v\x02\xff",
        b"\xa2\x61v\x02\x61w\xf6",
        b"\xa1\x61v\x1b\x00\x20\x00\x00\x00\x00\x00\x00",
    ] {
        assert_eq!(parse(&general(b"", header, b"")), Err(EnvelopeError::Form), "{header:x?}");
    }
    // Not of the general form either.
    let good = general(b"", two, b"sig");
    assert_eq!(newer(&good), Some(2));
    assert_eq!(newer(&[&*good, &[0]].concat()), None);
    assert_eq!(newer(&good[..good.len() - 1]), None);
    assert_eq!(newer(&good[1..]), None);
    let mut unprotected = good.clone();
    unprotected[3] = 0xa1;
    assert_eq!(newer(&unprotected), None);
}

#[test]
fn v2_ends_at_64_kib() {
    let two = b"\xa1\x61v\x02";
    let around = general(b"", two, &[0; 60_000]).len() - 60_000;
    let at = |len: usize| parse(&general(b"", two, &vec![0; len - around]));
    assert_eq!(at(65_536), Err(EnvelopeError::Newer { version: 2 }));
    // One byte more of a signature needs two more of its head.
    assert_eq!(at(65_537), Err(EnvelopeError::TooLong { len: 65_537, limit: MAX_ENVELOPE }));
}

/// The 32 bytes of `y` in little-endian with a sign bit.
fn point(low: u8, rest: u8, high: u8) -> Bytes32 {
    let mut bytes = [rest; 32];
    (bytes[0], bytes[31]) = (low, high);
    Bytes32(bytes)
}

#[test]
fn v4_a_key_is_a_canonical_point_not_of_small_order() {
    assert!(PublicKey::from_bytes(&Bytes32(key(1).verifying_key().to_bytes())).is_some());
    // y = 1 (the neutral element), 0 (order 4), -1 (order 2), with either sign.
    let small =
        [point(1, 0, 0), point(1, 0, 0x80), point(0, 0, 0), point(0, 0, 0x80), point(0xec, 0xff, 0x7f)];
    // The same with p added, which decompresses to the same points.
    let added =
        [point(0xed, 0xff, 0x7f), point(0xee, 0xff, 0x7f), point(0xed, 0xff, 0xff), point(0xee, 0xff, 0xff)];
    for bytes in small.iter().chain(&added) {
        assert!(PublicKey::from_bytes(bytes).is_none(), "{bytes}");
    }
    // Order 8.
    for text in [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ] {
        assert!(PublicKey::from_bytes(&text.parse().unwrap()).is_none(), "{text}");
    }
    // A point of large order in its own form, and with p added to y.
    let canonical = (2..19).filter(|y| PublicKey::from_bytes(&point(*y, 0, 0)).is_some()).collect::<Vec<_>>();
    assert!(!canonical.is_empty());
    for y in canonical {
        assert!(PublicKey::from_bytes(&point(0xed + y, 0xff, 0x7f)).is_none(), "p + {y}");
    }
    // Not on the curve.
    assert!((2..19).any(|y| PublicKey::from_bytes(&point(y, 0, 0)).is_none()));
}
