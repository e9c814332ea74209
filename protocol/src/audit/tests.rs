//! Bundles of real signed logs, and every way in which they can be wrong.

use std::collections::BTreeMap;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::bundle::{End, Item, ItemError};
use crate::codec::{self, Map, Value};
use crate::entry;
use crate::id::sha256;

mod bounds;
mod compare;
mod dates;
mod fixture;
mod network;
mod records;

use fixture::{Author, Network, audit, bundle, bundle_about, envelope, text};

const NET: NetworkId = NetworkId([5; 32]);

/// The codes and severities of a report's findings.
fn codes(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.cause.code()).collect()
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.cause.rule()).collect()
}

fn reports(report: &Report) -> BTreeMap<EntryId, EntryReport> {
    report.judged.entries()
}

/// Audits the log of `author` with other items.
fn audit_log(author: &Author, more: impl IntoIterator<Item = Item>) -> Report {
    let about = Some(Bytes32(author.id().0));
    audit(&bundle_about(NET, Scope::Author, about, author.items().into_iter().chain(more).collect()))
}

fn body(bytes: &[u8]) -> Item {
    Item::Body(bytes.to_vec())
}

/// An envelope of version 2, as V2 recognises it.
fn newer_envelope() -> Vec<u8> {
    let header = codec::encode(&Value::Map([("v".to_owned(), Value::Int(2))].into_iter().collect()));
    let mut out = b"\xd2\x84\x43\xa1\x01\x27\xa0".to_vec();
    out.push(0x40 | u8::try_from(header.len()).unwrap());
    out.extend(header);
    out.extend(b"\x41\x00");
    out
}

#[test]
fn a_log_is_verified() {
    let mut author = Author::new(1);
    let first = author.write("practice", &text("title", "One"));
    author.rotate_after(first);
    let head = author.write("practice", &text("title", "Two"));
    let report = audit_log(&author, []);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!((report.findings.len(), report.unlisted), (0, 0));
    assert_eq!((report.scope, report.network), (Some(Scope::Author), Some(NET)));
    let expected = AuthorReport {
        author: author.id(),
        seq: 3,
        id: head,
        status: "ok",
        entries: 4,
        cut: None,
        closed: false,
        shown_to: None,
        witnessed_to: None,
    };
    assert_eq!(report.authors, [expected]);
    assert_eq!(report.members, None, "membership is not in this bundle");
    assert_eq!(report.entries, EntryCounts { canonical: 4, ..EntryCounts::default() });
    assert_eq!(report.bodies, BodyCounts { present: 4, ..BodyCounts::default() });
    let entry = report.entry(&first).unwrap();
    assert_eq!((entry.seq, entry.mark, entry.body), (1, Mark::Canonical, BodyState::Present));
}

#[test]
fn bodies_may_be_left_out() {
    let mut author = Author::new(1);
    let id = author.write("practice", &text("title", "One"));
    let items = author.written.iter().map(|(entry, _)| envelope(entry)).collect();
    let report = audit(&bundle_about(NET, Scope::Entry, Some(Bytes32(id.0)), items));
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(report.bodies, BodyCounts { absent: 2, ..BodyCounts::default() });
}

#[test]
fn what_a_bundle_is_about_must_be_in_it() {
    let author = Author::new(1);
    for scope in [Scope::Author, Scope::Entry] {
        let report = audit(&bundle_about(NET, scope, Some(Bytes32([9; 32])), author.items()));
        assert_eq!(report.verdict, Verdict::Undecided);
        assert_eq!(codes(&report), ["about-missing"]);
    }
}

#[test]
fn a_bundle_cut_anywhere_is_forged() {
    let mut author = Author::new(1);
    author.write("practice", &text("title", "One"));
    let bytes = bundle(NET, Scope::Network, author.items());
    for len in 0..bytes.len() {
        assert_eq!(audit(&bytes[..len]).verdict, Verdict::Forged, "cut to {len}");
    }
}

#[test]
fn no_bit_can_be_flipped() {
    let mut author = Author::new(1);
    author.write("practice", &text("title", "One"));
    let about = Some(Bytes32(author.id().0));
    let bytes = bundle_about(NET, Scope::Author, about, author.items());
    assert_eq!(audit(&bytes).verdict, Verdict::Verified);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            let report = audit(&bytes);
            assert_ne!(report.verdict, Verdict::Verified, "byte {at}, bit {bit}");
            assert!(!report.findings.is_empty());
        }
    }
}

#[test]
fn no_bit_can_be_flipped_by_who_makes_the_last_item_again() {
    let mut author = Author::new(1);
    let first = author.write("practice", &text("title", "One"));
    author.rotate_after(first);
    let about = Some(Bytes32(author.id().0));
    let items = author.items();
    for index in 0..items.len() {
        let (Item::Envelope(bytes) | Item::Body(bytes)) = &items[index] else { unreachable!() };
        for at in 0..bytes.len() {
            let mut items = items.clone();
            let (Item::Envelope(bytes) | Item::Body(bytes)) = &mut items[index] else { unreachable!() };
            bytes[at] ^= 1 << (at % 8);
            let report = audit(&bundle_about(NET, Scope::Author, about, items));
            assert_ne!(report.verdict, Verdict::Verified, "item {index}, byte {at}");
        }
    }
}

#[test]
fn order_and_repetition_decide_nothing() {
    let mut network = Network::new();
    let (first, inception) = (network.practice, network.member.id().inception());
    network.member.write_after(first, "practice", &text("title", "Fork"));
    network.member.write_after(first, "practice", &text("title", "Other"));
    let unknown = network.member.write_after(inception, "practice", &text("title", "Early fork"));
    network.member.write_after(unknown, "practice", &text("title", "On the fork"));
    let items = network.items();
    let expected = audit(&bundle(network.net, Scope::Network, items.clone()));
    let mut random = ChaCha8Rng::seed_from_u64(1);
    for trial in 0..60 {
        let mut shuffled = items.clone();
        shuffled.extend(items.sample(&mut random, trial % 7).cloned());
        shuffled.shuffle(&mut random);
        let report = audit(&bundle(network.net, Scope::Network, shuffled));
        assert_eq!(report.verdict, expected.verdict);
        assert_eq!(report.authors, expected.authors);
        assert_eq!(report.members, expected.members);
        assert_eq!((report.entries, report.bodies), (expected.entries, expected.bodies));
        assert_eq!(reports(&report), reports(&expected));
        assert_eq!(report.findings, expected.findings);
    }
}

#[test]
fn threads_and_pieces_change_nothing() {
    let mut author = Author::new(1);
    for i in 0..40 {
        let head = author.write("practice", &text("title", &i.to_string()));
        if i % 10 == 0 {
            author.rotate_after(head);
        }
    }
    let bytes = bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), author.items());
    let expected = audit(&bytes);
    assert_eq!(expected.verdict, Verdict::Verified);
    for (threads, piece) in [(0, 1), (2, 100), (3, 7_000), (100, 1 << 20)] {
        let mut auditor = Auditor::new(threads);
        bytes.chunks(piece).for_each(|piece| auditor.push(piece));
        let report = auditor.finish();
        assert_eq!(report.verdict, Verdict::Verified);
        assert_eq!(reports(&report), reports(&expected));
    }
}

#[test]
fn a_fork_is_a_finding_and_no_forgery() {
    let mut author = Author::new(1);
    let common = author.write("practice", &text("title", "One"));
    let left = author.write_after(common, "practice", &text("title", "Left"));
    author.write_after(common, "practice", &text("title", "Right"));
    let report = audit_log(&author, []);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(rules(&report), ["S3"]);
    assert_eq!(report.findings[0].entry, Some(common));
    assert_eq!(report.findings[0].cause.severity(), Severity::Note);
    assert_eq!((report.authors[0].id, report.authors[0].status), (common, "forked"));
    assert_eq!(report.entry(&left).unwrap().mark, Mark::Disputed);
    assert_eq!(report.entries, EntryCounts { canonical: 2, disputed: 2, ..EntryCounts::default() });
}

#[test]
fn a_rotation_that_steps_back_disowns() {
    let mut author = Author::new(1);
    let common = author.write("practice", &text("title", "One"));
    let stolen = author.write("practice", &text("title", "Not ours"));
    let rotation = author.rotate_after(common);
    let report = audit_log(&author, []);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(codes(&report), ["disowns"]);
    assert_eq!(report.findings[0].cause, Cause::Disowns { count: 1 });
    assert_eq!(report.entry(&stolen).unwrap().mark, Mark::Disowned { by: rotation });
    assert_eq!(report.entries, EntryCounts { canonical: 3, disowned: 1, ..EntryCounts::default() });
}

#[test]
fn a_rotation_key_used_twice_contests_the_log() {
    let mut author = Author::new(1);
    let common = author.write("practice", &text("title", "One"));
    author.rotate_after(common);
    let mut thief = author.clone().with_old_keys();
    thief.rotate_after(common);
    // The same key reveals itself in another entry: the body's salt differs.
    let second = envelope(&thief.written.last().unwrap().0);
    let report = audit_log(&author, [second]);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(codes(&report), ["contested"]);
    assert_eq!((report.authors[0].id, report.authors[0].status), (common, "contested"));
}

#[test]
fn a_missing_parent_is_undecided_and_its_children_unplaced() {
    let mut author = Author::new(1);
    let gap = author.write("practice", &text("title", "One"));
    let child = author.write("practice", &text("title", "Two"));
    let last = author.write("practice", &text("title", "Three"));
    let lacking = author.entry(gap).0.clone();
    let items = author
        .items()
        .into_iter()
        .filter(|item| *item != envelope(&lacking) && *item != body(&author.entry(gap).1));
    let report = audit(&bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items.collect()));
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(codes(&report), ["parent-missing", "unplaced", "unplaced"]);
    assert_eq!(report.findings[0].cause, Cause::ParentMissing { parent: gap });
    assert_eq!(report.findings[0].entry, Some(child));
    assert_eq!(report.entry(&last).unwrap().mark, Mark::Unplaced { known_signer: true });
    assert_eq!(report.entries, EntryCounts { canonical: 1, unplaced: 2, ..EntryCounts::default() });
    assert_eq!(report.authors[0].entries, 1);

    // Without the inception nobody's key is known.
    let items = author.written[2..].iter().map(|(entry, _)| envelope(entry)).collect();
    let report = audit(&bundle_about(NET, Scope::Entry, Some(Bytes32(last.0)), items));
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(codes(&report), ["parent-missing"]);
    assert_eq!(report.entry(&last).unwrap().mark, Mark::Unplaced { known_signer: false });
}

#[test]
fn forged_wins_over_undecided() {
    let mut author = Author::new(1);
    let gap = author.write("practice", &text("title", "One"));
    author.write("practice", &text("title", "Two"));
    let lacking = envelope(&author.entry(gap).0);
    let items = author.items().into_iter().filter(|item| *item != lacking);
    let report = audit(&bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items.collect()));
    assert_eq!(report.verdict, Verdict::Forged, "the body of the entry that lacks belongs to none");
    assert_eq!(codes(&report), ["body-unclaimed", "parent-missing", "unplaced"]);
    assert_eq!((Verdict::Verified.exit_code(), report.verdict.exit_code()), (0, 3));
    assert_eq!(Verdict::Undecided.exit_code(), 4);
}

#[test]
fn a_body_that_belongs_to_no_entry_is_forged() {
    let author = Author::new(1);
    let report = audit_log(&author, [body(b"anything")]);
    assert_eq!(report.verdict, Verdict::Forged);
    assert_eq!(rules(&report), ["A7"]);
}

#[test]
fn a_body_of_another_length_is_forged() {
    let mut author = Author::new(1);
    let bytes = entry::encode_body([3; 16], &Map::default());
    let mut named = Author::new(1);
    named.write_body(named.head(), "practice", bytes.clone());
    // The header names the right hash with a length one too great.
    let mut header = named.written[1].0.header().clone();
    header.body.len += 1;
    author.write_header(&header);
    let id = author.head();
    let report = audit_log(&author, [body(&bytes)]);
    assert_eq!(report.verdict, Verdict::Forged);
    let found = bytes.len() as u64;
    let hash = header.body.hash;
    assert_eq!(report.findings[0].cause, Cause::BodyLength { hash, found, named: found + 1 });
    assert_eq!(report.entry(&id).unwrap().body, BodyState::Absent);
}

#[test]
fn one_author_cannot_spoil_anothers_body() {
    let mut owner = Author::new(1);
    owner.write("practice", &text("title", "One"));
    let mut header = owner.written[1].0.header().clone();
    let mut spoiler = Author::new(2);
    header.body.len += 1;
    header.author = Some(spoiler.id());
    header.prev = Some(spoiler.head());
    spoiler.write_header(&header);
    let spoilt = spoiler.written.iter().map(|(entry, _)| envelope(entry)).collect::<Vec<_>>();
    assert_eq!(audit_log(&owner, spoilt).verdict, Verdict::Verified);
}

#[test]
fn a_malformed_body_is_a_finding_about_its_author() {
    let mut author = Author::new(1);
    let mut id = author.head();
    let salt = [b"\x82\x50".as_slice(), &[7; 16]].concat();
    for rest in [b"\xa2\x61a\x01\x61a\x02".as_slice(), b"\x80", b"\xa1\x61a\xf6", b"\xa0\x00"] {
        id = author.write_body(id, "practice", [&salt, rest].concat());
    }
    id = author.write_body(id, "practice", b"no body but text of a kind".to_vec());
    let report = audit_log(&author, []);
    assert_eq!(report.verdict, Verdict::Verified);
    assert_eq!(rules(&report), ["B5"; 5]);
    assert_eq!(report.entry(&id).unwrap().body, BodyState::Present);
}

#[test]
fn a_rotation_that_its_key_did_not_sign_is_forged_whatever_its_ancestors_are_and_so_is_what_follows() {
    let mut author = Author::new(1);
    let gap = author.write("practice", &text("title", "One"));
    let rotation = author.rotate_after(gap);
    let child = author.write("practice", &text("title", "Two"));
    let last = author.write("practice", &text("title", "Three"));
    let (lacking, good) = (envelope(&author.entry(gap).0), envelope(&author.entry(rotation).0));
    let mut bad = author.entry(rotation).0.envelope().to_vec();
    *bad.last_mut().unwrap() ^= 1;
    let bad = Item::Envelope(bad);
    let items: Vec<Item> = author
        .items()
        .into_iter()
        .filter(|item| matches!(item, Item::Envelope(_)) && *item != lacking)
        .map(|item| if item == good { bad.clone() } else { item })
        .collect();
    let about = Some(Bytes32(author.id().0));
    let report = audit(&bundle_about(NET, Scope::Author, about, items.clone()));
    let found: Vec<_> = report.findings.iter().map(|found| (found.cause.rule(), found.entry)).collect();
    assert_eq!(found, [("V5", Some(rotation)), ("V3", Some(child)), ("V3", Some(last))]);
    // Under one good envelope the entry is what it claims to be, and only lacks its parent.
    let items = items.into_iter().chain([good]).collect();
    let report = audit(&bundle_about(NET, Scope::Author, about, items));
    let found: Vec<_> = report.findings.iter().map(|found| (found.cause.rule(), found.entry)).collect();
    assert_eq!(found, [("V5", Some(rotation)), ("A7", Some(rotation))]);
}

#[test]
fn a_forged_signature_is_found_wherever_it_stands() {
    let mut author = Author::new(1);
    let id = author.write("practice", &text("title", "One"));
    let child = author.write("practice", &text("title", "Two"));
    let mut bad = author.entry(id).0.envelope().to_vec();
    *bad.last_mut().unwrap() ^= 1;
    let bad = Item::Envelope(bad);
    let good = author.items();
    for at in 0..=good.len() {
        // Beside the good envelope of the same header.
        let mut items = good.clone();
        items.insert(at, bad.clone());
        let report = audit(&bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items));
        assert_eq!(report.verdict, Verdict::Forged, "at {at}");
        assert_eq!(rules(&report), ["V5"]);
        assert_eq!(report.entries.canonical, 3, "the good one counts all the same");
    }
    let items =
        good.into_iter().map(|item| if item == envelope(&author.entry(id).0) { bad.clone() } else { item });
    let report = audit(&bundle_about(NET, Scope::Author, Some(Bytes32(author.id().0)), items.collect()));
    assert_eq!(report.verdict, Verdict::Forged);
    assert_eq!(codes(&report), ["ancestors", "parent-invalid"]);
    assert_eq!(report.entry(&child), None);
}

#[test]
fn an_entry_that_breaks_a_rule_is_forged() {
    let mut author = Author::new(1);
    let close = author.write("close", &text("reason", "merged"));
    author.write_after(close, "practice", &text("title", "After the end"));
    let report = audit_log(&author, []);
    assert_eq!(report.verdict, Verdict::Forged);
    assert_eq!(rules(&report), ["V6"]);
    assert!(report.authors[0].closed);

    let author = Author::new(1);
    let report = audit_log(&author, [Item::Envelope(b"\xd2\x84".to_vec())]);
    assert_eq!((report.verdict, rules(&report)), (Verdict::Forged, vec!["C5"]));
}

#[test]
fn an_entry_of_a_later_version_is_undecided_and_may_own_any_body() {
    let author = Author::new(1);
    let report = audit_log(&author, [Item::Envelope(newer_envelope()), body(b"whose?")]);
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!(rules(&report), ["V2"]);
    assert_eq!(report.entries.newer, 1);
}

#[test]
fn an_entry_of_a_later_version_counts_once_however_often_it_stands() {
    let author = Author::new(1);
    let twice = [Item::Envelope(newer_envelope()), Item::Envelope(newer_envelope())];
    assert_eq!(audit_log(&author, twice).entries.newer, 1);
}

#[test]
fn items_have_exact_types_and_known_numbers() {
    let author = Author::new(1);
    let about = Some(Bytes32(author.id().0));
    let whole = bundle_about(NET, Scope::Author, about, author.items());
    let end = Item::End(End { envelopes: 1, bodies: 1, hash: Bytes32(sha256(b"")) }).encode().len();
    let open = &whole[..whole.len() - end];
    for item in [b"\x82\xf5\x42ab".as_slice(), b"\x82\x03\x42ab"] {
        let mut bytes = [open, item].concat();
        let hash = Bytes32(sha256(&bytes));
        bytes.extend(Item::End(End { envelopes: 1, bodies: 1, hash }).encode());
        let report = audit(&bytes);
        assert_eq!((report.verdict, rules(&report)), (Verdict::Forged, vec!["A5"]));
    }
    let mut bytes = open.to_vec();
    let hash = Bytes32(sha256(&bytes));
    bytes.extend(Item::End(End { envelopes: 1, bodies: 1, hash }).encode());
    assert_eq!(audit(&bytes).verdict, Verdict::Verified, "the last item made again");
}

#[test]
fn a_bundle_of_another_version_cannot_be_decided() {
    let fields = [("bundle", Value::Int(2)), ("scope", Value::Text("network".into()))];
    let map = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let bytes = codec::encode(&Value::Array(vec![Value::Int(0), Value::Map(map)]));
    let report = audit(&bytes);
    assert_eq!(report.verdict, Verdict::Undecided);
    assert_eq!((report.scope, report.authors.len()), (None, 0));
    let source = ItemError::Version { found: 2 };
    assert_eq!(report.findings[0].cause, Cause::Bundle(crate::bundle::BundleError::Item { at: 0, source }));
}

#[test]
fn findings_are_bounded_and_the_gravest_come_first() {
    let mut author = Author::new(1);
    let id = author.head();
    for i in 0..MAX_FINDINGS + 5 {
        author.write_body(id, "practice", format!("not a body, but unique: {i:06}").into_bytes());
    }
    let report = audit_log(&author, [body(b"anything")]);
    assert_eq!(report.verdict, Verdict::Forged);
    assert_eq!(codes(&report)[0], "body-unclaimed");
    assert_eq!((report.findings.len(), report.unlisted), (MAX_FINDINGS + 1, 6));
}

#[test]
fn the_report_is_written_as_the_interfaces_say() {
    let mut author = Author::new(1);
    let id = author.write("practice", &text("title", "One"));
    let report = audit_log(&author, [body(b"anything")]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verdict"], "forged");
    assert_eq!(json["scope"], "author");
    let expected = serde_json::json!({
        "author": author.id().to_string(), "seq": 1, "id": id.to_string(), "status": "ok", "entries": 2,
        "cut": null, "closed": false, "shown_to": null, "witnessed_to": null,
    });
    assert_eq!(json["authors"], serde_json::json!([expected]));
    assert_eq!(json["members"], serde_json::Value::Null);
    let finding = &json["findings"][0];
    assert_eq!((&finding["rule"], &finding["severity"]), (&"A7".into(), &"forged".into()));
    assert_eq!(finding["entry"], serde_json::Value::Null);
    assert_eq!(
        finding["text"],
        format!("A7: the body {} belongs to no entry", hex::encode(sha256(b"anything")))
    );
    let entry = serde_json::to_value(report.entry(&id)).unwrap();
    assert_eq!((&entry["mark"], &entry["body"]), (&"canonical".into(), &"present".into()));
}
