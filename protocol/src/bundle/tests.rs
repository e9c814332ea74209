use super::*;
use crate::codec::Map;
use crate::id::sha256;

fn start(scope: Scope) -> Start {
    let about = scope.is_about_one().then_some(Bytes32([7; 32]));
    Start { net: NetworkId([1; 32]), made: 1_700_000_000_000, about, scope, bundle: VERSION }
}

/// A bundle of a few items, and the offsets at which they begin.
fn bundle(scope: Scope) -> (Vec<u8>, Vec<usize>) {
    let (mut writer, first) = Writer::begin(&start(scope));
    let mut parts =
        vec![first, writer.envelope(&[0xd2; 200]), writer.body(b"body"), writer.body(&[9; 70_000])];
    if scope == Scope::Journal {
        parts.push(writer.envelope(&[0xd2; 30]));
    } else {
        parts.push(writer.finish());
    }
    let offsets = parts.iter().scan(0, |at, part| {
        let start = *at;
        *at += part.len();
        Some(start)
    });
    (parts.concat(), offsets.collect())
}

fn read(bytes: &[u8], piece: usize) -> (Vec<(u64, Item)>, Result<Ending, BundleError>) {
    let mut reader = Reader::new();
    let mut items = Vec::new();
    for piece in bytes.chunks(piece) {
        reader.push(piece);
        items.extend(std::iter::from_fn(|| reader.next_item()));
        assert!(reader.rest() < (MAX_ITEM + piece.len()) as u64, "the buffer is bounded");
    }
    (items, reader.finish())
}

fn end_of(bytes: &[u8]) -> Result<Ending, BundleError> {
    read(bytes, 1 << 20).1
}

#[test]
fn what_is_written_is_read_whatever_the_pieces() {
    for scope in [Scope::Network, Scope::Author, Scope::Entry, Scope::Journal] {
        let (bytes, offsets) = bundle(scope);
        let (items, ending) = read(&bytes, bytes.len());
        let ends = if scope == Scope::Journal { Ending::Open } else { Ending::Closed };
        assert_eq!(ending, Ok(ends));
        assert_eq!(items.len(), 5);
        assert_eq!(items[0], (0, Item::Start(start(scope))));
        assert_eq!(items[2].1, Item::Body(b"body".to_vec()));
        assert_eq!(items.iter().map(|(at, _)| *at as usize).collect::<Vec<_>>(), offsets);
        assert_eq!(items.iter().flat_map(|(_, item)| item.encode()).collect::<Vec<_>>(), bytes);
        for piece in [1, 2, 7, 4_096] {
            assert_eq!(read(&bytes, piece), (items.clone(), Ok(ends)), "pieces of {piece}");
        }
        for (i, (_, item)) in items.iter().enumerate() {
            let end = offsets.get(i + 1).copied().unwrap_or(bytes.len());
            assert_eq!(Item::decode(&bytes[offsets[i]..end]).as_ref(), Ok(item));
        }
    }
}

#[test]
fn the_first_items_bytes_are_those_of_the_specification() {
    let bytes = Item::Start(start(Scope::Author)).encode();
    let mut expected = b"\x82\x00\xa5\x63net\x58\x20".to_vec();
    expected.extend([1; 32]);
    expected.extend(b"\x64made\x1b\x00\x00\x01\x8b\xcf\xe5\x68\x00\x65about\x58\x20");
    expected.extend([7; 32]);
    expected.extend(b"\x65scope\x66author\x66bundle\x01");
    assert_eq!(bytes, expected);
    assert_eq!(body_item(b"ab"), b"\x82\x01\x42ab");
    assert_eq!(envelope_item(b"ab"), b"\x82\x02\x42ab");
}

#[test]
fn the_last_item_counts_and_hashes_all_before_it() {
    let (bytes, offsets) = bundle(Scope::Network);
    let last = offsets[4];
    let Item::End(end) = Item::decode(&bytes[last..]).unwrap() else { panic!("the last item") };
    assert_eq!((end.envelopes, end.bodies), (1, 2));
    assert_eq!(end.hash.0, sha256(&bytes[..last]));
    for (wrong, what) in [
        (End { envelopes: 2, ..end }, "number of items"),
        (End { bodies: 1, ..end }, "number of items"),
        (End { hash: Bytes32([0; 32]), ..end }, "bytes"),
    ] {
        let mut bytes = bytes[..last].to_vec();
        bytes.extend(Item::End(wrong).encode());
        let error = end_of(&bytes).unwrap_err();
        assert_eq!(error, BundleError::EndDisagrees { at: last as u64, what });
        assert_eq!(error.rule(), "A7");
    }
}

#[test]
fn a_bundle_that_is_cut_off_has_no_last_item() {
    let (bytes, offsets) = bundle(Scope::Network);
    for len in (0..offsets[3] + 10).chain(offsets[4] - 3..bytes.len()) {
        let error = end_of(&bytes[..len]).unwrap_err();
        if len < offsets[1] {
            assert_eq!(error, BundleError::NoStart);
        } else {
            let at = *offsets.iter().rev().find(|at| **at <= len).unwrap() as u64;
            assert_eq!(error, BundleError::NoEnd { at }, "cut to {len}");
        }
        assert!(!error.is_undecided());
    }
}

#[test]
fn a_journal_may_end_anywhere_within_an_item() {
    let (bytes, offsets) = bundle(Scope::Journal);
    for len in offsets[1]..=bytes.len() {
        let at = *offsets.iter().chain([&bytes.len()]).rev().find(|at| **at <= len).unwrap();
        let expected =
            if at == len { Ending::Open } else { Ending::Torn { at: at as u64, len: (len - at) as u64 } };
        assert_eq!(end_of(&bytes[..len]), Ok(expected), "cut to {len}");
    }
}

#[test]
fn a_journal_of_which_little_is_senseless_is_torn_and_of_which_much_is_damaged() {
    let (bytes, _) = bundle(Scope::Journal);
    let at = bytes.len() as u64;
    for len in [1, 1_000, MAX_TORN] {
        let torn = [bytes.clone(), vec![0; len as usize]].concat();
        for piece in [100, 1 << 16, 1 << 20] {
            assert_eq!(read(&torn, piece).1, Ok(Ending::Torn { at, len }));
        }
    }
    let len = MAX_TORN + 1;
    let damaged = [bytes, vec![0; len as usize]].concat();
    for piece in [1 << 12, 1 << 20] {
        let (items, ending) = read(&damaged, piece);
        assert_eq!(items.len(), 5);
        let error = ending.unwrap_err();
        assert_eq!(error, BundleError::Damaged { at, len });
        assert!(error.is_undecided());
        assert_eq!(error.rule(), "A8");
    }
    const { assert!((MAX_ITEM as u64) < MAX_TORN, "an item cut off is never damage") }
}

#[test]
fn items_have_one_form() {
    let first = Item::Start(start(Scope::Network)).encode();
    let bad: [(&[u8], &str); 15] = [
        (b"\xa1\x61a\x01", "A5"),                // a map
        (b"\x01", "A5"),                         // a number
        (b"\x80", "A5"),                         // an empty array
        (b"\x82\xf5\x42ab", "A5"),               // true for 1
        (b"\x82\x20\x42ab", "A5"),               // -1
        (b"\x82\x03\x42ab", "A5"),               // an unknown number
        (b"\x82\x18\x63\x42ab", "A5"),           // another
        (b"\x81\x01", "A5"),                     // too few fields
        (b"\x83\x01\x42ab\x00", "A5"),           // too many fields
        (b"\x82\x01\x62ab", "A5"),               // text for bytes
        (b"\x82\x01\x58\x02ab", "C2"),           // a longer head
        (b"\x82\x01\x5f\x42ab\xff", "C2"),       // an indefinite length
        (b"\x9f\x01\x42ab\xff", "C2"),           // an indefinite array
        (b"\x82\x01\x5a\x00\x04\x00\x01", "C3"), // a body too long
        (b"\x82\x02\x5a\x00\x01\x00\x01", "C3"), // an envelope too long
    ];
    for (item, rule) in bad {
        let bytes = [&first, item].concat();
        for piece in [1, 1 << 10] {
            let (items, ending) = read(&bytes, piece);
            assert_eq!(items.len(), 1, "{item:02x?}");
            let error = ending.unwrap_err();
            assert!(matches!(error, BundleError::Item { at, .. } if at == first.len() as u64), "{error}");
            assert_eq!(error.rule(), rule, "{item:02x?}");
        }
        assert_eq!(Item::decode(item).unwrap_err().rule(), rule, "{item:02x?}");
    }
}

#[test]
fn the_last_item_has_exact_types() {
    let end = Item::End(End { envelopes: 0, bodies: 0, hash: Bytes32([0; 32]) }).encode();
    assert!(Item::decode(&end).is_ok());
    for (at, byte) in [(2, 0xf4), (3, 0x20), (4, 0x78), (2, 0x40)] {
        let mut bytes = end.clone();
        bytes[at] = byte;
        assert!(Item::decode(&bytes).is_err(), "byte {at} as {byte:02x}");
    }
    assert!(Item::decode(&[&end[..], &[0]].concat()).is_err());
    assert!(Item::decode(&end[..end.len() - 1]).is_err());
}

#[test]
fn the_first_item_is_closed() {
    let text = |key: &str, value: Value| (key.to_owned(), value);
    let whole = || {
        vec![
            text("net", Value::Bytes(vec![1; 32])),
            text("made", Value::Int(5)),
            text("scope", Value::Text("network".into())),
            text("bundle", Value::Int(1)),
        ]
    };
    let encode = |fields: Vec<(String, Value)>| {
        codec::encode(&Value::Array(vec![Value::Int(0), Value::Map(fields.into_iter().collect())]))
    };
    let with = |key: &str, value: Value| {
        let mut fields = whole();
        fields.retain(|(found, _)| found != key);
        fields.push(text(key, value));
        Item::decode(&encode(fields))
    };
    assert!(Item::decode(&encode(whole())).is_ok());
    for missing in 0..4 {
        let mut fields = whole();
        fields.remove(missing);
        assert_eq!(Item::decode(&encode(fields)).unwrap_err().rule(), "A5");
    }
    for (key, value) in [
        ("more", Value::Int(1)),
        ("net", Value::Bytes(vec![1; 31])),
        ("net", Value::Text("1".repeat(32))),
        ("made", Value::Int(-1)),
        ("made", Value::Bool(true)),
        ("scope", Value::Text("Network".into())),
        ("scope", Value::Text("all".into())),
        ("scope", Value::Int(0)),
        ("bundle", Value::Bool(true)),
        ("bundle", Value::Text("1".into())),
        ("about", Value::Bytes(vec![1; 32])),
        ("scope", Value::Text("author".into())),
        ("scope", Value::Text("entry".into())),
    ] {
        let error = with(key, value.clone()).unwrap_err();
        assert_eq!(error.rule(), "A5", "{key}: {value:?}: {error}");
        assert!(!matches!(error, ItemError::Version { .. }), "{key}: {value:?}");
    }
    for found in [0, 2, -1, 1 << 40] {
        assert_eq!(with("bundle", Value::Int(found)), Err(ItemError::Version { found }));
    }
    let array = codec::encode(&Value::Array(vec![
        Value::Int(0),
        Value::Array(vec![
            Value::Bytes(vec![1; 32]),
            Value::Int(5),
            Value::Text("network".into()),
            Value::Int(1),
        ]),
    ]));
    assert_eq!(Item::decode(&array).unwrap_err().rule(), "A5", "a struct as an array");
}

#[test]
fn a_bundle_of_another_version_is_undecided_whatever_follows() {
    let mut fields = Map::default();
    fields.insert("bundle", Value::Int(2));
    fields.insert("shards", Value::Int(3));
    let mut bytes = codec::encode(&Value::Array(vec![Value::Int(0), Value::Map(fields)]));
    bytes.extend([0xff; 1_000]);
    for piece in [1, 1 << 16] {
        let (items, ending) = read(&bytes, piece);
        assert!(items.is_empty());
        let error = ending.unwrap_err();
        assert!(error.is_undecided(), "{error}");
        assert_eq!(error.rule(), "A5");
    }
}

#[test]
fn what_is_no_bundle_is_refused_alike_whatever_the_pieces() {
    for first in 0..=255 {
        for second in 0..=10 {
            let bytes = [first, second, 0x41, 0x61];
            assert_eq!(read(&bytes, 4), read(&bytes, 1), "{first:#04x} {second}");
        }
    }
}

#[test]
fn items_stand_in_their_place() {
    let first = Item::Start(start(Scope::Network)).encode();
    let last = bundle(Scope::Network).0;
    assert_eq!(end_of(&body_item(b"ab")), Err(BundleError::NoStart));
    assert_eq!(end_of(b""), Err(BundleError::NoStart));
    let at = first.len() as u64;
    assert_eq!(end_of(&[&first[..], &first].concat()), Err(BundleError::StartAgain { at }));
    let at = last.len() as u64;
    let (items, ending) = read(&[&last[..], &body_item(b"ab")].concat(), 1 << 20);
    assert_eq!((items.len(), ending), (5, Err(BundleError::AfterEnd { at })));
}
