//! What a report lists of the records in a bundle.

use super::*;
use crate::network::Withdraw;
use crate::record::{self, Words};

/// A record's body with a title, which replaces another one where that is given.
fn titled(title: &str, replaces: Option<record::Ref>) -> Map {
    let words: Map = [("fr".to_owned(), Value::Text(title.into()))].into_iter().collect();
    let mut map: Map = [("title".to_owned(), Value::Map(words))].into_iter().collect();
    if let Some(target) = replaces {
        record::set_replaces(&mut map, target);
    }
    map
}

fn reference(author: &Author, id: EntryId) -> record::Ref {
    record::Ref { author: author.id(), seq: author.entry(id).0.seq(), id }
}

fn listed(report: &Report, id: EntryId) -> &RecordReport {
    report.records.iter().find(|record| record.entry == id).unwrap()
}

#[test]
fn a_record_is_listed_with_its_title_and_what_came_after_it() {
    let mut author = Author::new(1);
    let first = author.write("practice", &titled("Un budget", None));
    let other = author.write("challenge", &titled("Un défi", Some(reference(&author, first))));
    let second = author.write("practice", &titled("Le budget", Some(reference(&author, first))));
    let third = author.write("practice", &titled("Notre budget", Some(reference(&author, first))));
    let report = audit_log(&author, []);
    let found = listed(&report, first);
    assert_eq!((found.author, found.seq, found.kind.as_str()), (author.id(), 1, "practice"));
    assert_eq!(found.title, Some(Words::from([("fr", "Un budget")])));
    assert_eq!(found.time, author.entry(first).0.header().time);
    assert_eq!((found.mark, found.body), (Mark::Canonical, BodyState::Present));
    assert_eq!(found.replaced_by, Some(second), "the next version, of the same kind");
    assert_eq!([other, second, third].map(|id| listed(&report, id).replaced_by), [None; 3]);
    assert_eq!(report.records.len(), 4, "the inception is no record");
}

#[test]
fn what_the_bundle_is_about_comes_first_then_what_does_not_count() {
    let mut author = Author::new(1);
    let kept = author.write("practice", &titled("Gardé", None));
    let left = author.write("practice", &titled("Abandonné", None));
    author.rotate_after(kept);
    let about = author.write("practice", &titled("Sujet", None));
    let report = audit(&bundle_about(NET, Scope::Entry, Some(Bytes32(about.0)), author.items()));
    let order: Vec<_> = report.records.iter().map(|record| record.entry).collect();
    assert_eq!(order, [about, left, kept]);
    assert!(matches!(listed(&report, left).mark, Mark::Disowned { .. }));
}

#[test]
fn a_withdrawn_record_is_listed_with_the_reason() {
    let mut network = Network::new();
    let practice = network.practice;
    let entries = vec![network.member.reference(practice)];
    network.member.say(&Withdraw { net: None, basis: None, reason: "mistake".into(), entries });
    let report = audit(&network.bundle(Scope::Network));
    let found = listed(&report, practice);
    assert_eq!(
        (found.withdrawn.as_deref(), found.body),
        (Some("mistake"), BodyState::PresentThoughWithdrawn)
    );
}

#[test]
fn a_report_lists_so_many_records_and_counts_the_others() {
    let mut author = Author::new(1);
    for number in 0..MAX_RECORDS + 3 {
        author.write("practice", &titled(&format!("Pratique {number}"), None));
    }
    let report = audit_log(&author, []);
    assert_eq!((report.records.len(), report.unlisted_records), (MAX_RECORDS, 3));
    assert!(report.records.iter().all(|record| record.title.is_some()));
}
