//! V8 for network bodies: exact types and the bounds of the CDDL, else no effect.

use super::world::{World, charter, item};
use crate::codec::{Map, Value};
use crate::entry::{SALT_LEN, encode_body};
use crate::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};
use crate::network::{
    Admission, Admit, Body, Charter, Close, Join, Leave, MAX_ADMISSIONS, MAX_STEWARDS, MAX_WITHDRAWN, Ref,
    Says, Suspend, Withdraw, Words,
};

const NET: NetworkId = NetworkId([1; 32]);
const AUTHOR: AuthorId = AuthorId([2; 32]);

fn read(kind: &str, map: &Map) -> Option<Says> {
    Says::read(kind, BodyHash([0; 32]), &encode_body([0; SALT_LEN], map))
}

fn reads<B: Body>(body: &B) -> bool {
    read(B::KIND, &body.to_map()).is_some()
}

fn examples() -> Vec<(&'static str, Map)> {
    let words = Words::from([("fr".into(), "texte".into())]);
    let full = Admission {
        place: Some("01.051".into()),
        level: Some("commune".into()),
        stands: Some(EntryId([3; 32])),
        succeeds: Some(vec![AUTHOR]),
        ..item(AUTHOR)
    };
    let entries = vec![Ref { author: AUTHOR, seq: 4, id: EntryId([4; 32]) }];
    let act = Some(Value::Map(Map::from_iter([("no".to_owned(), Value::Int(12))])));
    vec![
        (Charter::KIND, charter(1, &[AUTHOR]).to_map()),
        (Join::KIND, Join { act, net: NET, charter: BodyHash([1; 32]) }.to_map()),
        (Leave::KIND, Leave { net: NET }.to_map()),
        (Admit::KIND, Admit { net: NET, items: vec![full, item(AUTHOR)] }.to_map()),
        (
            Suspend::KIND,
            Suspend { net: NET, note: Some(words.clone()), upto: 3, author: AUTHOR, reason: "keys".into() }
                .to_map(),
        ),
        (Close::KIND, Close { note: Some(words), reason: "merged".into(), successors: Vec::new() }.to_map()),
        (
            Withdraw::KIND,
            Withdraw { net: Some(NET), basis: Some("law".into()), reason: "privacy".into(), entries }
                .to_map(),
        ),
    ]
}

#[test]
fn v8_what_is_written_is_read_and_unknown_fields_are_ignored() {
    for (kind, mut map) in examples() {
        let plain = read(kind, &map);
        assert!(plain.is_some(), "{kind}");
        map.insert("x-unknown", Value::Array(vec![Value::Bool(true)]));
        assert_eq!(read(kind, &map), plain, "{kind}");
    }
}

#[test]
fn v8_written_maps_read_back_as_the_same_body() {
    let body = Join { act: Some(Value::Text("délibération".into())), net: NET, charter: BodyHash([1; 32]) };
    assert_eq!(Join::read(&encode_body([1; SALT_LEN], &body.to_map())), Some(body));
    let body = charter(2, &[AUTHOR, AuthorId([1; 32])]);
    assert_eq!(Charter::read(&encode_body([1; SALT_LEN], &body.to_map())), Some(body));
}

#[test]
fn v8_a_missing_or_retyped_field_makes_no_statement() {
    let optional = ["prev", "act", "note", "net/withdraw", "basis"];
    for (kind, map) in examples() {
        for (field, value) in map.iter() {
            if field == "act" {
                continue;
            }
            let wrong = match value {
                Value::Text(_) => Value::Bytes(vec![0; 32]),
                Value::Bytes(bytes) => Value::Bytes(bytes[1..].to_vec()),
                Value::Int(_) => Value::Int(-1),
                Value::Map(_) => Value::Array(Vec::new()),
                _ => Value::Map(Map::default()),
            };
            let mut retyped = map.clone();
            retyped.insert(field, wrong);
            assert_eq!(read(kind, &retyped), None, "{kind}: {field} retyped");
            let without: Map =
                map.iter().filter(|(key, _)| *key != field).map(|(k, v)| (k.to_owned(), v.clone())).collect();
            let may = optional.contains(&field) || optional.contains(&format!("{field}/{kind}").as_str());
            assert_eq!(read(kind, &without).is_some(), may, "{kind}: {field} missing");
        }
    }
}

#[test]
fn v8_text_is_no_hash_and_hex_no_bytes() {
    let mut map = Leave { net: NET }.to_map();
    map.insert("net", Value::Text("01".repeat(32)));
    assert_eq!(read("leave", &map), None);
}

#[test]
fn v8_bounds_of_admit() {
    let admit = |items| Admit { net: NET, items };
    assert!(!reads(&admit(Vec::new())));
    assert!(reads(&admit(vec![item(AUTHOR); MAX_ADMISSIONS])));
    assert!(!reads(&admit(vec![item(AUTHOR); MAX_ADMISSIONS + 1])));
    assert!(!reads(&admit(vec![Admission { succeeds: Some(Vec::new()), ..item(AUTHOR) }])));
}

#[test]
fn v8_bounds_of_withdraw() {
    let entry = Ref { author: AUTHOR, seq: 1, id: EntryId([1; 32]) };
    let withdraw =
        |count| Withdraw { net: None, basis: None, reason: "error".into(), entries: vec![entry; count] };
    assert!(!reads(&withdraw(0)));
    assert!(reads(&withdraw(MAX_WITHDRAWN)));
    assert!(!reads(&withdraw(MAX_WITHDRAWN + 1)));
}

#[test]
fn v8_a_seq_beyond_all_logs_names_nothing_and_spoils_nothing() {
    let entry = Ref { author: AUTHOR, seq: 1, id: EntryId([1; 32]) };
    let body = Withdraw { net: None, basis: None, reason: "error".into(), entries: vec![entry] };
    let mut beyond = Value::from(&entry).unwrap().as_map().unwrap().clone();
    beyond.insert("seq", Value::Int(i64::from(Seq::MAX) + 1));
    let mut map = body.to_map();
    map.insert("entries", Value::Array(vec![Value::Map(beyond), Value::from(&entry).unwrap()]));
    let Some(Says::Withdraw { entries, .. }) = read("withdraw", &map) else { panic!("not read") };
    assert_eq!(entries, [entry]);
}

#[test]
fn v8_an_upto_beyond_all_logs_cuts_nothing_off() {
    let body = Suspend { note: None, net: NET, upto: 1 << 40, author: AUTHOR, reason: "keys".into() };
    let Some(Says::Suspend { upto, .. }) = read("suspend", &body.to_map()) else { panic!("not read") };
    assert_eq!(upto, Seq::MAX);
}

#[test]
fn v8_bounds_of_charter() {
    let many = |n: u8| (0..n).map(|i| AuthorId([i; 32])).collect::<Vec<_>>();
    let full = u8::try_from(MAX_STEWARDS).unwrap();
    assert!(reads(&charter(full.into(), &many(full))));
    assert!(!reads(&charter(full.into(), &many(full + 1))));
    assert!(!reads(&charter(1, &[])));
    let good = charter(1, &[AUTHOR]);
    assert!(!reads(&Charter { names: Words::new(), ..good.clone() }));
    assert!(!reads(&Charter { text: Words::new(), ..good.clone() }));
    assert!(!reads(&Charter { principles: Vec::new(), ..good.clone() }));
    assert!(!reads(&Charter { versions: Vec::new(), ..good }));
}

#[test]
fn v8_an_empty_note_makes_no_statement() {
    let note = Some(Words::new());
    assert!(!reads(&Close { note: note.clone(), reason: "keys".into(), successors: Vec::new() }));
    assert!(!reads(&Suspend { note, net: NET, upto: 0, author: AUTHOR, reason: "keys".into() }));
}

#[test]
fn v8_kinds_that_are_not_read_here() {
    for kind in ["checkpoint", "witness", "profile", "rotate", "inception", "charter2"] {
        assert_eq!(read(kind, &Leave { net: NET }.to_map()), None, "{kind}");
    }
    assert_eq!(Says::read("leave", BodyHash([0; 32]), b"not cbor"), None);
}

#[test]
fn v8_a_broken_statement_is_a_valid_entry_without_effect() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0, 1], &item(other));
    let mut map =
        Suspend { note: None, net: world.net, upto: 0, author: other, reason: "keys".into() }.to_map();
    map.insert("upto", Value::Text("0".into()));
    world.writers[1].write_map("suspend", &map);
    world.writers[1].note();
    assert!(world.governance().standing(other).unwrap().admitted);
    assert_eq!(world.node().logs[&world.id(1)].log.tree().last(0), Some(4));
}
