//! G1, G2: the two forms of a message, and what is none.

use super::*;

#[test]
fn both_forms_come_back_as_they_were() {
    let messages = [
        Message::Entry { envelope: vec![1, 2], body: None },
        Message::Entry { envelope: vec![1, 2], body: Some(vec![3]) },
        Message::Fork([vec![1], vec![2]]),
    ];
    for message in messages {
        let bytes = message.encode();
        assert_eq!(Message::decode(&bytes).unwrap(), message);
    }
}

#[test]
fn the_bytes_are_those_of_the_specification() {
    let entry = Message::Entry { envelope: vec![7], body: Some(vec![8, 9]) };
    assert_eq!(hex::encode(entry.encode()), "83014107420809");
    assert_eq!(hex::encode(Message::Fork([vec![7], vec![8]]).encode()), "830241074108");
}

#[test]
fn other_shapes_are_refused() {
    let other = [
        ("a third form", "83034107420809"),
        ("no envelope", "8101"),
        ("a fork of one", "82024107"),
        ("a part too many", "8401410741084109"),
        ("text for bytes", "82016107"),
        ("a longer form", "8218014107"),
        ("an indefinite length", "9f014107ff"),
        ("something after", "8201410700"),
        ("a map", "a0"),
        ("nothing", ""),
    ];
    for (what, bytes) in other {
        assert!(Message::decode(&hex::decode(bytes).unwrap()).is_err(), "{what}");
    }
}

#[test]
fn a_message_has_a_largest_size() {
    let of = |len: usize| Message::Entry { envelope: vec![1], body: Some(vec![0; len]) }.encode();
    let rest = of(50_000).len() - 50_000;
    assert!(Message::decode(&of(MAX_MESSAGE - rest)).is_ok());
    assert!(Message::decode(&of(MAX_MESSAGE - rest + 1)).is_err());
}

#[test]
fn a_message_is_known_by_all_of_its_bytes() {
    let good = Message::Entry { envelope: vec![1, 2], body: None }.encode();
    let bad = Message::Entry { envelope: vec![1, 3], body: None }.encode();
    assert_ne!(message_id(&good), message_id(&bad), "a bad signature cannot stand for the good one");
}
