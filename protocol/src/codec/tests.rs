//! C1 to C3, each both ways, and the agreement of the two checks of C3.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{CodecError, MAX_INT, MAX_ITEMS, Map, Scan, Value, decode, encode, prefix, scan};

const LIMIT: usize = 1 << 20;

fn rule(bytes: &[u8]) -> Result<(), &'static str> {
    scan(bytes, LIMIT).map_err(|error| error.rule())
}

fn text(hex: &str) -> Vec<u8> {
    hex::decode(hex.replace(' ', "")).unwrap()
}

#[test]
fn c1_map_keys_are_text_by_length_then_bytes() {
    assert_eq!(rule(&text("a3 6162 01 6163 02 626161 03")), Ok(()));
    assert_eq!(scan(&text("a2 6163 01 6162 02"), LIMIT), Err(CodecError::KeyOrder { at: 4 }));
    assert_eq!(scan(&text("a2 626161 01 6162 02"), LIMIT), Err(CodecError::KeyOrder { at: 5 }));
    assert_eq!(scan(&text("a1 01 01"), LIMIT), Err(CodecError::KeyNotText { at: 1 }));
    assert_eq!(scan(&text("a1 4161 01"), LIMIT), Err(CodecError::KeyNotText { at: 1 }));
    assert_eq!(scan(&text("a1 80 01"), LIMIT), Err(CodecError::KeyNotText { at: 1 }));
    // The order holds in every map, and each map starts anew.
    assert_eq!(rule(&text("82 a1 6162 01 a1 6161 01")), Ok(()));
    assert_eq!(rule(&text("a2 6161 a1 6162 01 6162 a1 6161 01")), Ok(()));
    assert_eq!(rule(&text("a1 6161 a2 6162 01 6161 01")), Err("C1"));
    // After a nested map, the key before is still the outer one's.
    assert_eq!(rule(&text("a2 6162 a1 617a 01 6161 01")), Err("C1"));
    // The empty key is text, and the shortest.
    assert_eq!(rule(&text("a2 60 01 6161 02")), Ok(()));
}

#[test]
fn c1_maps_of_24_and_more_pairs_have_longer_heads() {
    for pairs in [23_u32, 24, 255, 256, 1_000] {
        let map: Map = (0..pairs).map(|n| (format!("{n:05}"), Value::Bool(true))).collect();
        let bytes = encode(&Value::Map(map.clone()));
        assert_eq!(decode::<Value>(&bytes, LIMIT), Ok(Value::Map(map)));
    }
}

#[test]
fn c2_a_key_stands_once() {
    assert_eq!(scan(&text("a2 6161 01 6161 02"), LIMIT), Err(CodecError::DuplicateKey { at: 4 }));
    assert_eq!(scan(&text("a2 60 01 60 02"), LIMIT), Err(CodecError::DuplicateKey { at: 3 }));
}

#[test]
fn c2_only_shortest_forms() {
    for good in
        ["00", "17", "1818", "18ff", "190100", "19ffff", "1a00010000", "1b0000000100000000", "20", "3818"]
    {
        assert_eq!(rule(&text(good)), Ok(()), "{good}");
    }
    for bad in
        ["1800", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3800", "5800", "7800", "9800", "b800"]
    {
        assert_eq!(scan(&text(bad), LIMIT), Err(CodecError::NotShortest { at: 0 }), "{bad}");
    }
}

#[test]
fn c2_only_definite_lengths() {
    for bad in ["9fff", "bfff", "5fff", "7fff", "ff", "9f01ff"] {
        assert_eq!(scan(&text(bad), LIMIT), Err(CodecError::Indefinite { at: 0 }), "{bad}");
    }
}

#[test]
fn c2_only_the_types_in_use() {
    for good in ["f4", "f5", "40", "60", "80", "a0"] {
        assert_eq!(rule(&text(good)), Ok(()), "{good}");
    }
    // null, undefined, simple values, floats of three widths, NaN, tags, reserved heads.
    for bad in [
        "f6",
        "f7",
        "e0",
        "f3",
        "f814",
        "f818",
        "f8ff",
        "f90000",
        "fa00000000",
        "fb0000000000000000",
        "f97e00",
        "c000",
        "c200",
        "d8184100",
        "d28443a10126a0",
        "1c",
        "5d",
        "9e",
        "fc",
    ] {
        assert_eq!(scan(&text(bad), LIMIT), Err(CodecError::ForbiddenType { at: 0 }), "{bad}");
    }
}

#[test]
fn c2_integers_lie_within_53_bits() {
    assert_eq!(rule(&text("1b001fffffffffffff")), Ok(()));
    assert_eq!(rule(&text("3b001ffffffffffffe")), Ok(()));
    assert_eq!(decode(&text("3b001ffffffffffffe"), 9), Ok(Value::Int(-(MAX_INT as i64))));
    for bad in ["1b0020000000000000", "3b001fffffffffffff", "1bffffffffffffffff", "3bffffffffffffffff"] {
        assert_eq!(scan(&text(bad), LIMIT), Err(CodecError::IntegerRange { at: 0 }), "{bad}");
    }
}

#[test]
fn c2_text_is_utf8_in_keys_and_values() {
    assert_eq!(rule(&text("62 c3a9")), Ok(()));
    assert_eq!(rule(&text("64 f09f8c8a")), Ok(()));
    // A lone continuation byte, an overlong slash, a surrogate, beyond U+10FFFF, a cut sequence.
    for bad in ["6180", "62c0af", "63eda080", "64f4908080", "61c3", "a161ff01"] {
        assert!(matches!(scan(&text(bad), LIMIT), Err(CodecError::NotUtf8 { .. })), "{bad}");
    }
    // A byte string may hold anything.
    assert_eq!(rule(&text("41ff")), Ok(()));
}

#[test]
fn c2_nothing_trails_and_nothing_is_cut() {
    assert_eq!(scan(&text("0000"), LIMIT), Err(CodecError::Trailing { at: 1 }));
    assert_eq!(scan(&text("8000"), LIMIT), Err(CodecError::Trailing { at: 1 }));
    for bad in
        ["", "18", "1900", "4200", "6261", "81", "8201", "a1", "a16161", "a1 62 61", "5bffffffffffffffff"]
    {
        assert!(matches!(scan(&text(bad), LIMIT), Err(CodecError::Truncated { .. })), "{bad}");
    }
}

#[test]
fn c3_depth_counts_the_outermost_as_one() {
    let nested = |depth: usize| [vec![0x81; depth - 1], vec![0x80]].concat();
    assert_eq!(rule(&nested(16)), Ok(()));
    assert_eq!(scan(&nested(17), LIMIT), Err(CodecError::TooDeep { at: 16 }));
    let maps = |depth: usize| [text("a16161").repeat(depth - 1), vec![0xa0]].concat();
    assert_eq!(rule(&maps(16)), Ok(()));
    assert_eq!(scan(&maps(17), LIMIT), Err(CodecError::TooDeep { at: 48 }));
    // Closed containers do not count.
    assert_eq!(rule(&[vec![0x82], nested(15), nested(15)].concat()), Ok(()));
}

#[test]
fn c3_items_count_every_container_key_and_value() {
    let array = |items: u16| [vec![0x99], items.to_be_bytes().to_vec(), vec![0; items.into()]].concat();
    assert_eq!(rule(&array(65_535)), Ok(()));
    let two = |second: u16| [vec![0x82], array(1_000), array(second)].concat();
    assert_eq!(rule(&two((MAX_ITEMS - 1_003) as u16)), Ok(()));
    assert!(matches!(scan(&two((MAX_ITEMS - 1_002) as u16), LIMIT), Err(CodecError::TooManyItems { .. })));
    // A map of n pairs has 2n + 1.
    let map = |pairs: u16| {
        let mut bytes = [vec![0xb9], pairs.to_be_bytes().to_vec()].concat();
        for n in 0..pairs {
            bytes.extend([0x65]);
            bytes.extend(format!("{n:05}").bytes());
            bytes.push(0);
        }
        bytes
    };
    assert_eq!(rule(&map(32_767)), Ok(()));
    assert!(matches!(scan(&map(32_768), LIMIT), Err(CodecError::TooManyItems { .. })));
    // Refused by what the head says, before the items come.
    assert_eq!(scan(&text("9a00010001"), LIMIT), Err(CodecError::TooManyItems { at: 0 }));
    assert_eq!(scan(&text("bbffffffffffffffff"), LIMIT), Err(CodecError::TooManyItems { at: 0 }));
}

#[test]
fn c3_the_limit_is_the_last_length_allowed() {
    assert_eq!(scan(&text("430000 00"), 4), Ok(()));
    assert_eq!(scan(&text("430000 00"), 3), Err(CodecError::TooLong { len: 4, limit: 3 }));
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    a: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bb: Option<String>,
}

#[test]
fn c3_a_struct_is_its_own_encoding_only() {
    assert_eq!(decode(&text("a1616101"), 9), Ok(Pair { a: 1, bb: None }));
    assert_eq!(decode(&text("a2616101626262617a"), 9), Ok(Pair { a: 1, bb: Some("z".into()) }));
    // As an array, with an unknown field, a missing one, bytes for text, a negative number.
    for bad in ["8101", "8201617a", "a2616101617a01", "a0", "a2616101626262417a", "a1616120", "01"] {
        let error = decode::<Pair>(&text(bad), 9).unwrap_err();
        assert!(matches!(error, CodecError::Shape { .. }), "{bad}: {error}");
    }
}

#[test]
fn a_sequence_is_scanned_item_by_item() {
    let bytes = text("8101 a0 62c3a9");
    assert_eq!(prefix(&bytes, 8), Ok(Scan::Complete(2)));
    assert_eq!(prefix(&bytes[2..], 8), Ok(Scan::Complete(1)));
    assert_eq!(prefix(&bytes[3..], 8), Ok(Scan::Complete(3)));
    assert_eq!(prefix(&bytes[3..5], 8), Ok(Scan::Incomplete));
    assert_eq!(prefix(&[], 8), Ok(Scan::Incomplete));
    assert_eq!(prefix(&text("4400000000"), 4), Err(CodecError::TooLong { len: 5, limit: 4 }));
    assert_eq!(prefix(&text("5820000000"), 4), Err(CodecError::TooLong { len: 5, limit: 4 }));
    // However much has come, the first byte too many decides.
    assert_eq!(prefix(&text("44000000000000"), 4), Err(CodecError::TooLong { len: 5, limit: 4 }));
    assert_eq!(prefix(&text("85000000001800"), 4), Err(CodecError::TooLong { len: 5, limit: 4 }));
    assert_eq!(prefix(&text("a2 6162 01 6161"), 64), Err(CodecError::KeyOrder { at: 4 }));
}

#[test]
fn a_value_is_read_by_its_exact_type() {
    let value = |hex: &str| decode::<Value>(&text(hex), 64).unwrap();
    assert_eq!(value("617a").to::<String>(), Ok("z".to_owned()));
    assert!(value("417a").to::<String>().is_err());
    assert!(value("f5").to::<u64>().is_err());
    assert!(value("01").to::<bool>().is_err());
    assert!(value("20").to::<u64>().is_err());
    assert_eq!(value("20").to::<i64>(), Ok(-1));
    assert!(value("8101").to::<Pair>().is_err());
    assert_eq!(value("a1616101").to::<Pair>(), Ok(Pair { a: 1, bb: None }));
    assert_eq!(value("a1616101").to::<BTreeMap<String, u8>>(), Ok(BTreeMap::from([("a".into(), 1)])));
    assert!(value("60").to::<Option<u8>>().is_err());
}

#[test]
fn a_value_cannot_hold_what_c2_refuses() {
    assert_eq!(Value::from(&MAX_INT), Ok(Value::Int(MAX_INT as i64)));
    for result in [
        Value::from(&(MAX_INT + 1)),
        Value::from(&-(MAX_INT as i64 + 1)),
        Value::from(&u64::MAX),
        Value::from(&1.5),
        Value::from(&()),
        Value::from(&None::<u8>),
    ] {
        assert!(result.is_err(), "{result:?}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let int = -(MAX_INT as i64)..=MAX_INT as i64;
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        int.prop_map(Value::Int),
        (-300_i64..300).prop_map(Value::Int),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ".{0,40}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(8, 128, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Value::Array),
            prop::collection::vec((".{0,6}", inner), 0..30)
                .prop_map(|pairs| Value::Map(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn encode_and_decode_are_inverse(value in any_value()) {
        let bytes = encode(&value);
        prop_assert_eq!(decode::<Value>(&bytes, LIMIT), Ok(value.clone()));
        prop_assert_eq!(value.to::<Value>(), Ok(value.clone()));
        prop_assert_eq!(Value::from(&value), Ok(value));
        prop_assert_eq!(prefix(&bytes, LIMIT), Ok(Scan::Complete(bytes.len())));
        prop_assert_eq!(prefix(&bytes[..bytes.len() - 1], LIMIT), Ok(Scan::Incomplete));
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Map(map) => 1 + map.iter().map(|(_, value)| depth(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// Returns a random value, small and often nested.
fn random_value(rng: &mut ChaCha8Rng, depth: usize) -> Value {
    let word = |rng: &mut ChaCha8Rng| {
        (0..rng.random_range(0..4))
            .map(|_| *b"aabz\xc3".get(rng.random_range(0..4)).unwrap() as char)
            .collect()
    };
    match rng.random_range(0..if depth == 0 { 5 } else { 8 }) {
        0 => Value::Bool(rng.random()),
        1 => Value::Int(rng.random_range(-30..300)),
        2 => Value::Int(rng.random_range(-(MAX_INT as i64)..=MAX_INT as i64)),
        3 => Value::Bytes((0..rng.random_range(0..40)).map(|_| rng.random()).collect()),
        4 => Value::Text(word(rng)),
        5 => Value::Array((0..rng.random_range(0..5)).map(|_| random_value(rng, depth - 1)).collect()),
        _ => Value::Map(
            (0..rng.random_range(0..5)).map(|_| (word(rng), random_value(rng, depth - 1))).collect(),
        ),
    }
}

/// Alters `bytes` in one of the ways in which encodings go wrong.
pub(crate) fn mutate(rng: &mut ChaCha8Rng, bytes: &mut Vec<u8>) {
    let at = rng.random_range(0..=bytes.len());
    let some = |rng: &mut ChaCha8Rng, len: usize| rng.random_range(0..=(len - at).min(8));
    match rng.random_range(0..8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
        1 if at < bytes.len() => bytes[at] = rng.random(),
        // A length or an integer, one more or one less.
        2 if at < bytes.len() => bytes[at] = bytes[at].wrapping_add(if rng.random() { 1 } else { 0xff }),
        3 => bytes.insert(at, rng.random()),
        4 => drop(bytes.drain(at..at + some(rng, bytes.len()))),
        5 => {
            let copy = bytes[at..at + some(rng, bytes.len())].to_vec();
            drop(bytes.splice(at..at, copy));
        }
        // A head in a longer form.
        6 if at < bytes.len() && bytes[at] & 0x1f < 24 => {
            let head = bytes[at];
            drop(bytes.splice(at..=at, [head & 0xe0 | 0x18, head & 0x1f]));
        }
        // Two neighbours change places.
        _ => {
            let len = some(rng, bytes.len());
            bytes[at..at + len].rotate_left(len / 2);
        }
    }
}

/// The two checks of C3 say the same of any bytes: what the scan accepts decodes and encodes to the
/// same bytes, and what decodes and encodes to the same bytes is accepted (but for the depth).
#[test]
fn scan_and_reencoding_agree_on_millions_of_inputs() {
    let mut rng = ChaCha8Rng::seed_from_u64(0x6d75_6c74_6171_6100);
    let known = crate::entry::tests::samples();
    let mut accepted = 0;
    for round in 0..3_000_000 {
        let mut bytes = match round % 4 {
            0 => known[rng.random_range(0..known.len())].clone(),
            1 => {
                let mut bytes = vec![0; rng.random_range(0..24)];
                rng.fill_bytes(&mut bytes);
                bytes
            }
            _ => encode(&random_value(&mut rng, 5)),
        };
        for _ in 0..rng.random_range(0..3) {
            mutate(&mut rng, &mut bytes);
        }
        let scanned = scan(&bytes, LIMIT);
        let decoded = serde_cbor::from_slice::<Value>(&bytes);
        let same = decoded.as_ref().is_ok_and(|value| encode(value) == bytes);
        match &scanned {
            Err(CodecError::TooDeep { .. }) => assert!(!same || depth(&decoded.unwrap()) > 16),
            _ => assert_eq!(scanned.is_ok(), same, "{}: {scanned:?}, {decoded:?}", hex::encode(&bytes)),
        }
        accepted += u32::from(scanned.is_ok());
    }
    assert!((600_000..2_400_000).contains(&accepted), "{accepted} accepted: the inputs test one side only");
}
