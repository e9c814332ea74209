use axum::http::{Method, StatusCode};
use ed25519_dalek::SigningKey;
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, NetworkId, sha256};
use multaqa_protocol::network::{Body, Join};
use proptest::prelude::*;
use serde_json::json;

use super::cursor::{Cursor, CursorError};
use super::list::is_within;
use super::walk::Position as Place;
use crate::api::tests::{Desk, read};
use crate::api::types::{
    BodyStatus, ImportReport, List, LogRow, NodeStatus, Published, Record, RecordItem, SignatureStatus,
    Status,
};

/// A member without a node: its entries are signed here and carried as bundles.
struct Scribe {
    keys: [SigningKey; 3],
    author: AuthorId,
    net: NetworkId,
    entries: Vec<(Entry, Vec<u8>)>,
}

fn public(key: &SigningKey) -> PublicKey {
    PublicKey::from(key)
}

fn shown_as_next(key: &SigningKey) -> Bytes32 {
    Bytes32(sha256(&public(key).to_bytes().0))
}

fn map(json: serde_json::Value) -> Map {
    match serde_json::from_value(json).unwrap() {
        Value::Map(map) => map,
        _ => unreachable!(),
    }
}

fn practice(title: &str) -> Map {
    map(json!({ "title": { "fr": title }, "summary": { "fr": "x" }, "principles": ["transparency"] }))
}

impl Scribe {
    /// An author whom the desk's steward has admitted.
    async fn member_of(desk: &Desk) -> Self {
        let keys = [1, 2, 3].map(|seed| SigningKey::from_bytes(&[seed; 32]));
        let inception = entry::incept(&keys[0], shown_as_next(&keys[1]), 1_000, [0; 16]);
        let net = desk.node.network().unwrap();
        let mut scribe = Self { author: inception.0.author(), keys, net, entries: vec![inception] };
        scribe.write("join", &Join { act: None, net, charter: BodyHash(net.0) }.to_map(), 2_000);
        assert_eq!(scribe.carry(desk).await.candidates, [scribe.author]);
        desk.post::<Published>("/admissions", &json!({ "author": scribe.author })).await;
        scribe
    }

    /// Signs an entry after the last one.
    fn write(&mut self, kind: &str, body: &Map, time: Millis) -> EntryId {
        self.write_after(self.entries.len() - 1, kind, entry::encode_body([1; 16], body), time)
    }

    /// Signs an entry after the one with the number `parent`.
    fn write_after(&mut self, parent: usize, kind: &str, body: Vec<u8>, time: Millis) -> EntryId {
        let before = &self.entries[parent].0;
        let position = Position { author: self.author, seq: before.seq() + 1, prev: before.id(), time };
        let entry = entry::write(position, kind, &body, &self.keys[0]);
        let id = entry.id();
        self.entries.push((entry, body));
        id
    }

    /// Signs a rotation after the one with the number `parent`.
    fn rotate_after(&mut self, parent: usize, time: Millis) -> EntryId {
        let before = &self.entries[parent].0;
        let position = Position { author: self.author, seq: before.seq() + 1, prev: before.id(), time };
        let body = entry::encode_body([1; 16], &map(json!({ "reason": "theft" })));
        let next = Bytes32([9; 32]);
        let rotation = entry::rotate(position, &public(&self.keys[2]), next, &self.keys[1], &body);
        let id = rotation.id();
        self.entries.push((rotation, body));
        id
    }

    async fn carry(&self, desk: &Desk) -> ImportReport {
        let about = Some(Bytes32(self.author.0));
        let start = Start { net: self.net, made: 0, about, scope: Scope::Author, bundle: VERSION };
        let (mut writer, mut bytes) = Writer::begin(&start);
        for (entry, body) in &self.entries {
            bytes.extend(writer.body(body));
            bytes.extend(writer.envelope(entry.envelope()));
        }
        bytes.extend(writer.finish());
        let report: ImportReport =
            read(desk.ask(Method::POST, "/bundle", bytes).await, StatusCode::CREATED).await;
        assert_eq!(report.refused, []);
        report
    }

    async fn listed(&self, desk: &Desk, query: &str) -> Vec<EntryId> {
        let list: List<RecordItem> = desk.get(&format!("/records?author={}{query}", self.author)).await;
        list.items.iter().map(|item| item.id).collect()
    }
}

#[tokio::test]
async fn an_entry_from_a_clock_far_ahead_does_not_stay_on_top() {
    let desk = Desk::founder().await;
    let mut scribe = Scribe::member_of(&desk).await;
    let ahead = scribe.write("practice", &practice("2099"), 4_070_908_800_000);
    let right = scribe.write("practice", &practice("2020"), 1_577_836_800_000);
    scribe.carry(&desk).await;
    let own = desk.publish("Aujourd'hui", "transparency").await;
    let list: List<RecordItem> = desk.get("/records").await;
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [own, right, ahead]);
    assert_eq!(list.items[2].time, 4_070_908_800_000, "the claim is shown as it is");
    assert_eq!(scribe.listed(&desk, "&since=2021-01-01").await, []);
}

#[tokio::test]
async fn what_follows_a_fork_is_shown_as_disputed_and_not_listed() {
    let desk = Desk::founder().await;
    let mut scribe = Scribe::member_of(&desk).await;
    let kept = scribe.write("practice", &practice("Avant"), 3_000);
    let one = scribe.write("practice", &practice("Un"), 4_000);
    let parent = scribe.entries.len() - 2;
    let body = entry::encode_body([1; 16], &practice("L'autre"));
    let other = scribe.write_after(parent, "practice", body, 4_000);
    scribe.carry(&desk).await;

    assert_eq!(scribe.listed(&desk, "").await, [kept]);
    let mut disputed = scribe.listed(&desk, "&status=disputed").await;
    disputed.sort_unstable();
    let mut both = vec![one, other];
    both.sort_unstable();
    assert_eq!(disputed, both);
    for id in both {
        let shown: Record = desk.get(&format!("/records/{id}")).await;
        assert_eq!((shown.item.status, shown.signed.status), (Status::Disputed, SignatureStatus::Verified));
    }
    let status: NodeStatus = desk.get("/status").await;
    assert_eq!((status.frozen, status.notes.contains_key("logs-frozen")), (1, true));
    let log: List<LogRow> = desk.get(&format!("/authors/{}/log?marked", scribe.author)).await;
    assert_eq!(log.items.iter().filter(|row| row.status == Status::Disputed).count(), 2);
}

#[tokio::test]
async fn what_a_rotation_left_behind_is_shown_as_disowned_with_its_reason() {
    let desk = Desk::founder().await;
    let mut scribe = Scribe::member_of(&desk).await;
    scribe.write("practice", &practice("Avant"), 3_000);
    let stolen = scribe.write("practice", &practice("Du voleur"), 4_000);
    scribe.carry(&desk).await;
    assert_eq!(scribe.listed(&desk, "").await.len(), 2);
    let parent = scribe.entries.len() - 2;
    let rotation = scribe.rotate_after(parent, 5_000);
    scribe.carry(&desk).await;

    assert_eq!(scribe.listed(&desk, "").await.len(), 1);
    assert_eq!(scribe.listed(&desk, "&status=disowned").await, [stolen]);
    let shown: Record = desk.get(&format!("/records/{stolen}")).await;
    let disowned = shown.item.disowned.unwrap();
    assert_eq!((disowned.by, disowned.reason.as_deref()), (rotation, Some("theft")));
    assert_eq!(shown.signed.establishment, Some(scribe.author.inception()));
    let rotated: Record = desk.get(&format!("/records/{rotation}")).await;
    assert_eq!(
        (rotated.signed.status, rotated.signed.establishment),
        (SignatureStatus::Verified, Some(rotation))
    );
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_shown_as_unreadable_with_what_they_say() {
    let desk = Desk::founder().await;
    let mut scribe = Scribe::member_of(&desk).await;
    let wrong = scribe.write("practice", &map(json!({ "title": 7 })), 3_000);
    let last = scribe.entries.len() - 1;
    let malformed = scribe.write_after(last, "practice", vec![0xff; 40], 4_000);
    scribe.carry(&desk).await;
    assert_eq!(scribe.listed(&desk, "").await, [malformed, wrong]);
    let shown: Record = desk.get(&format!("/records/{wrong}")).await;
    assert_eq!((shown.item.body, shown.fields), (BodyStatus::Unreadable, Some(json!({ "title": 7 }))));
    assert!(shown.unreadable.unwrap().starts_with("R3"));
    let shown: Record = desk.get(&format!("/records/{malformed}")).await;
    assert_eq!((shown.item.body, shown.fields), (BodyStatus::Unreadable, None));
    assert!(shown.unreadable.unwrap().starts_with("B5"));
}

#[test]
fn a_place_lies_in_those_above_it_by_either_code() {
    for wanted in ["01.573.01.01", "01.573", "01", "MA-01"] {
        assert!(is_within("01.573.01.01", wanted), "{wanted}");
    }
    for wanted in ["02", "01.57", "MA-02", "01.573.01.03", ""] {
        assert!(!is_within("01.573.01.01", wanted), "{wanted}");
    }
    assert!(is_within("MA-01", "01"));
    assert!(is_within("not in the table", "not in the table"));
}

proptest! {
    #[test]
    fn a_cursor_is_read_as_it_was_written(
        ceiling in any::<u64>(), time in any::<u64>(), author in any::<[u8; 32]>(), place in any::<(u32, u16)>(),
        score in any::<Option<u32>>(),
    ) {
        let after = Place { time, author: AuthorId(author), place };
        let cursor = Cursor { ceiling, after, score };
        prop_assert_eq!(cursor.to_string().parse::<Cursor>(), Ok(cursor));
    }

    #[test]
    fn other_text_is_no_cursor(text in ".{0,120}") {
        if ![108, 116].contains(&text.len()) {
            prop_assert_eq!(text.parse::<Cursor>(), Err(CursorError));
        }
    }
}
