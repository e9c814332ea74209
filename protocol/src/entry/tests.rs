//! V1 both ways, the keys' form of V4, bodies (B5), and what is written can be read.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::codec::tests::mutate;
use crate::codec::{Value, encode};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn next(seed: u8) -> Bytes32 {
    Bytes32(sha256(key(seed).verifying_key().as_bytes()))
}

fn inception() -> (Entry, Vec<u8>) {
    incept(&key(1), next(2), 1_790_000_000_000, [9; SALT_LEN])
}

fn after(parent: &Entry) -> Position {
    Position {
        author: parent.author(),
        seq: parent.seq() + 1,
        prev: parent.id(),
        time: parent.header().time + 1,
    }
}

fn body() -> Vec<u8> {
    let map = [("title".to_owned(), Value::Text("بئر".into())), ("n".to_owned(), Value::Int(-7))];
    encode_body([3; SALT_LEN], &map.into_iter().collect())
}

/// Returns headers, bodies and envelopes, for the codec's tests to alter.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let (first, first_body) = inception();
    let plain = write(after(&first), "practice", &body(), &key(1));
    let turned = rotate(after(&plain), &PublicKey::from(&key(3)), next(4), &key(2), &first_body);
    let mut samples = vec![first_body, body()];
    for entry in [first, plain, turned] {
        samples.push(encode(entry.header()));
        samples.push(entry.envelope().to_vec());
    }
    samples
}

/// Decodes `map` as a header, signed by nobody.
fn judge(map: &Map) -> Result<Form, &'static str> {
    let envelope = envelope::seal(&encode(&Value::Map(map.clone())), &key(1));
    Entry::decode(&envelope).map(|entry| entry.form()).map_err(|error| error.rule())
}

fn header_map(entry: &Entry) -> Map {
    Value::from(entry.header()).unwrap().as_map().unwrap().clone()
}

fn without(map: &Map, key: &str) -> Map {
    map.iter()
        .filter(|(name, _)| *name != key)
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

fn with(map: &Map, key: &str, value: Value) -> Map {
    let mut map = map.clone();
    map.insert(key, value);
    map
}

#[test]
fn an_inception_is_its_own_author() {
    let (entry, body) = inception();
    assert_eq!(entry.form(), Form::Inception);
    assert_eq!(entry.author().inception(), entry.id());
    assert_eq!(entry.id().0, sha256(&encode(entry.header())));
    assert_eq!((entry.seq(), entry.prev(), body.len()), (0, None, 19));
    assert!(entry.has_body(&body));
    assert!(entry.is_signed_by(&PublicKey::from(&key(1))));
}

#[test]
fn an_entry_keeps_the_bytes_received() {
    let entry = write(after(&inception().0), "practice", &body(), &key(1));
    let again = Entry::decode(entry.envelope()).unwrap();
    assert_eq!(again.header(), entry.header());
    assert_eq!(again.envelope(), entry.envelope());
    // A second signature over the same header is the same entry.
    let other = Entry::decode(&envelope::seal(&encode(entry.header()), &key(5))).unwrap();
    assert_eq!(other, entry);
    assert_ne!(other.envelope(), entry.envelope());
}

#[test]
fn v1_every_field_has_its_place() {
    let (first, _) = inception();
    let plain = write(after(&first), "practice", &body(), &key(1));
    let turned = rotate(after(&plain), &PublicKey::from(&key(3)), next(4), &key(2), &body());
    for (entry, form) in [(&first, Form::Inception), (&plain, Form::Plain), (&turned, Form::Rotation)] {
        let map = header_map(entry);
        assert_eq!(judge(&map), Ok(form));
        // Each field is needed, none may be added, none may have another type.
        for (name, _) in map.iter() {
            assert_eq!(judge(&without(&map, name)), Err("V1"), "{form:?} without {name}");
            assert_eq!(judge(&with(&map, name, Value::Bool(true))), Err("V1"), "{form:?}, {name}");
        }
        for name in ["x", "zz", "keys2", "authors"] {
            assert_eq!(judge(&with(&map, name, Value::Int(0))), Err("V1"), "{form:?} with {name}");
        }
    }
    // The fields of one form in another.
    let (first, plain, turned) = (header_map(&first), header_map(&plain), header_map(&turned));
    let from = |map: &Map, name: &str| map.get(name).unwrap().clone();
    for name in ["prev", "author"] {
        assert_eq!(judge(&with(&first, name, from(&plain, name))), Err("V1"));
    }
    assert_eq!(judge(&with(&first, "seq", Value::Int(1))), Err("V1"));
    assert_eq!(judge(&with(&first, "keys", from(&turned, "keys"))), Err("V1"), "reveal in an inception");
    assert_eq!(judge(&with(&plain, "keys", from(&first, "keys"))), Err("V1"));
    assert_eq!(judge(&with(&turned, "keys", from(&first, "keys"))), Err("V1"), "no reveal in a rotation");
    for (map, kind) in [(&first, ROTATE), (&first, "practice"), (&plain, INCEPTION), (&plain, ROTATE)] {
        assert_eq!(judge(&with(map, "kind", Value::Text(kind.into()))), Err("V1"));
    }
    assert_eq!(judge(&with(&turned, "kind", Value::Text("practice".into()))), Err("V1"));
}

#[test]
fn v1_numbers_lie_in_their_ranges() {
    let plain = header_map(&write(after(&inception().0), "practice", &body(), &key(1)));
    let set = |name: &str, value: i64| judge(&with(&plain, name, Value::Int(value)));
    for (good, bad) in [(1, 0), (4_294_967_295, 4_294_967_296), (2, -1)] {
        assert_eq!((set("seq", good), set("seq", bad)), (Ok(Form::Plain), Err("V1")));
    }
    for (good, bad) in [(0, -1), ((1 << 53) - 1, -2)] {
        assert_eq!((set("time", good), set("time", bad)), (Ok(Form::Plain), Err("V1")));
    }
    let len = |len: i64| {
        let inner = plain.get("body").unwrap().as_map().unwrap().clone();
        judge(&with(&plain, "body", Value::Map(with(&inner, "len", Value::Int(len)))))
    };
    for (good, bad) in [(19, 18), (262_144, 262_145)] {
        assert_eq!((len(good), len(bad)), (Ok(Form::Plain), Err("V1")));
    }
    // Another version is not judged (V2); a version that is no integer is.
    assert_eq!(set("v", 2), Err("V2"));
    assert_eq!(judge(&with(&plain, "v", Value::Text("1".into()))), Err("V1"));
}

#[test]
fn v1_inner_maps_are_closed_and_hashes_have_32_bytes() {
    let turned =
        header_map(&rotate(after(&inception().0), &PublicKey::from(&key(3)), next(4), &key(2), &body()));
    for (outer, inner) in [("body", "hash"), ("keys", "next"), ("keys", "sign"), ("keys", "reveal")] {
        let map = turned.get(outer).unwrap().as_map().unwrap();
        let set = |name: &str, value| judge(&with(&turned, outer, Value::Map(with(map, name, value))));
        assert_eq!(set("extra", Value::Int(1)), Err("V1"));
        for len in [0, 31, 33] {
            assert_eq!(set(inner, Value::Bytes(vec![1; len])), Err("V1"), "{outer}.{inner} of {len}");
        }
        assert_eq!(set(inner, Value::Text("0".repeat(64))), Err("V1"), "{outer}.{inner} as hex");
    }
    for name in ["prev", "author"] {
        assert_eq!(judge(&with(&turned, name, Value::Bytes(vec![1; 31]))), Err("V1"));
    }
}

#[test]
fn v1_a_kind_is_the_whole_text() {
    let plain = header_map(&write(after(&inception().0), "practice", &body(), &key(1)));
    let kind = |text: &str| judge(&with(&plain, "kind", Value::Text(text.into())));
    let longest = format!("a{}", "9".repeat(63));
    for good in
        ["a", "practice", "org.example.kind", "a-b", "a.", "a..-", "z9", &longest, "inceptions", "rotated"]
    {
        assert_eq!(kind(good), Ok(Form::Plain), "{good}");
    }
    let longer = format!("{longest}9");
    for bad in [
        "", "A", "9a", ".a", "-a", "a_b", "a b", "a\n", "\na", "Practice", "é", "aé", "a/b", "a\0", "ａ",
        &longer,
    ] {
        assert_eq!(kind(bad), Err("V1"), "{bad:?}");
    }
}

#[test]
fn v4_keys_are_admissible_points() {
    let turned =
        header_map(&rotate(after(&inception().0), &PublicKey::from(&key(3)), next(4), &key(2), &body()));
    let keys = turned.get("keys").unwrap().as_map().unwrap();
    for name in ["sign", "reveal"] {
        let mut neutral = vec![0; 32];
        neutral[0] = 1;
        for bad in [vec![0; 32], neutral, vec![0xff; 32]] {
            let map = with(&turned, "keys", Value::Map(with(keys, name, Value::Bytes(bad))));
            assert_eq!(judge(&map), Err("V4"), "{name}");
        }
    }
    // `next` is a hash: any 32 bytes.
    let map = with(&turned, "keys", Value::Map(with(keys, "next", Value::Bytes(vec![0; 32]))));
    assert_eq!(judge(&map), Ok(Form::Rotation));
}

#[test]
fn v7_a_body_is_matched_by_length_and_hash() {
    let entry = write(after(&inception().0), "join", &body(), &key(1));
    assert!(entry.is_network_kind());
    assert!(entry.has_body(&body()));
    assert!(!entry.has_body(&body()[1..]));
    assert!(!entry.has_body(&encode_body([4; SALT_LEN], &Map::default())));
    let other = write(after(&inception().0), "joint", &body(), &key(1));
    assert!(!other.is_network_kind());
}

#[test]
fn a_signature_checked_ahead_is_bound_to_its_key() {
    let entry = write(after(&inception().0), "practice", &body(), &key(1));
    let (right, wrong) = (PublicKey::from(&key(1)), PublicKey::from(&key(2)));
    for signed in
        [Signed::check(entry.clone(), &right), Signed::check(entry.clone(), &wrong), Signed::unchecked(entry)]
    {
        assert!(signed.is_signed_by(&right));
        assert!(!signed.is_signed_by(&wrong));
    }
}

#[test]
fn b5_a_body_is_a_salt_and_a_map() {
    assert_eq!(decode_body(&body()).unwrap().len(), 2);
    assert_eq!(decode_body(&inception().1), Ok(Map::default()));
    let salt = Value::Bytes(vec![0; 16]);
    let map = Value::Map(Map::default());
    for bad in [
        Value::Array(vec![salt.clone()]),
        Value::Array(vec![salt.clone(), map.clone(), map.clone()]),
        Value::Array(vec![Value::Bytes(vec![0; 15]), map.clone()]),
        Value::Array(vec![Value::Text("0123456789abcdef".into()), map.clone()]),
        Value::Array(vec![salt.clone(), Value::Array(vec![])]),
        map,
        salt,
    ] {
        assert_eq!(decode_body(&encode(&bad)), Err(BodyError::Form), "{bad:?}");
    }
    let duplicate = [&encode_body([0; 16], &Map::default())[..18], b"\xa2\x61a\x01\x61a\x01"].concat();
    assert!(matches!(decode_body(&duplicate), Err(BodyError::Codec(CodecError::DuplicateKey { .. }))));
}

/// Whatever is done to an envelope, it is refused under a rule, or its header is its own encoding.
#[test]
fn altered_envelopes_are_refused_or_canonical() {
    let mut rng = ChaCha8Rng::seed_from_u64(0x7661_6c69_6479);
    let envelopes: Vec<_> = samples().into_iter().filter(|bytes| bytes[0] == 0xd2).collect();
    let (mut accepted, mut refused) = (0, BTreeMap::<_, u32>::new());
    for round in 0..300_000 {
        let mut bytes = envelopes[round % envelopes.len()].clone();
        if round % 2 == 0 {
            // Under a well-formed envelope, so that it is the header that is judged.
            let mut header = Envelope::parse(&bytes).unwrap().header.to_vec();
            mutate(&mut rng, &mut header);
            bytes.splice(7..bytes.len() - 66, encode(&Value::Bytes(header)));
        } else {
            mutate(&mut rng, &mut bytes);
        }
        match Entry::decode(&bytes) {
            Ok(entry) => {
                accepted += 1;
                assert_eq!(Envelope::parse(&bytes).unwrap().header, encode(entry.header()));
            }
            Err(error) => *refused.entry(error.rule()).or_default() += 1,
        }
    }
    assert!(accepted > 30_000);
    let rules: Vec<_> = refused.into_keys().collect();
    assert_eq!(rules, ["C1", "C2", "C3", "C5", "V1", "V2", "V4"]);
}

prop_compose! {
    fn position()(author: [u8; 32], prev: [u8; 32], seq in 1..=u32::MAX, time in 0..(1_u64 << 53)) -> Position {
        Position { author: AuthorId(author), seq, prev: EntryId(prev), time }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(position in position(), kind in "[a-z][a-z0-9.-]{0,63}", seed: [u8; 32]) {
        prop_assume!(kind != INCEPTION && kind != ROTATE);
        let key = SigningKey::from_bytes(&seed);
        let entry = write(position, &kind, &body(), &key);
        prop_assert!(entry.is_signed_by(&PublicKey::from(&key)));
        prop_assert_eq!(entry.form(), Form::Plain);
        prop_assert_eq!((entry.author(), entry.seq(), entry.prev()), (position.author, position.seq, Some(position.prev)));
        let header = encode(entry.header());
        prop_assert_eq!(&codec::decode::<Header>(&header, MAX_HEADER).unwrap(), entry.header());
        prop_assert!(codec::decode::<Value>(&header, MAX_HEADER).is_ok());
    }

    #[test]
    fn rotations_are_read(position in position(), sign: [u8; 32], reveal: [u8; 32], next: [u8; 32]) {
        let (sign, reveal) = (SigningKey::from_bytes(&sign), SigningKey::from_bytes(&reveal));
        let entry = rotate(position, &PublicKey::from(&sign), Bytes32(next), &reveal, &body());
        prop_assert_eq!(entry.form(), Form::Rotation);
        prop_assert!(entry.is_signed_by(&PublicKey::from(&reveal)));
        prop_assert_eq!(entry.keys(), Some(&(PublicKey::from(&sign), Some(PublicKey::from(&reveal)))));
    }

    #[test]
    fn bodies_are_read(salt: [u8; SALT_LEN], pairs in prop::collection::btree_map(".{0,9}", ".{0,99}", 0..40)) {
        let map: Map = pairs.into_iter().map(|(key, text)| (key, Value::Text(text))).collect();
        let bytes = encode_body(salt, &map);
        prop_assert!(bytes.starts_with(&[0x82, 0x50]));
        prop_assert_eq!(decode_body(&bytes), Ok(map));
    }
}
