use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ed25519_dalek::SigningKey;
use multaqa_catalogue::shape::ids;
use multaqa_protocol::audit::Auditor;
use multaqa_protocol::bundle::{Item, Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{Bytes32, NetworkId, sha256};

use super::*;

const TAGS: [&str; 3] = ["ar", "fr", "en"];
const SOURCES: [&str; 3] = [
    include_str!("../messages/ar.ftl"),
    include_str!("../messages/fr.ftl"),
    include_str!("../messages/en.ftl"),
];
const MADE: u64 = 1_790_000_000_000;

/// A log with one practice, as items.
fn log(title: &str) -> Vec<Item> {
    let [sign, rotation] = [[1; 32], [2; 32]].map(|seed| SigningKey::from_bytes(&seed));
    let next = Bytes32(sha256(&PublicKey::from(&rotation).to_bytes().0));
    let (inception, first) = entry::incept(&sign, next, MADE, [7; 16]);
    let words: Map = [("fr".to_owned(), Value::Text(title.into()))].into_iter().collect();
    let body = entry::encode_body([8; 16], &[("title".to_owned(), Value::Map(words))].into_iter().collect());
    let position = Position { author: inception.author(), seq: 1, prev: inception.id(), time: MADE + 1 };
    let practice = entry::write(position, "practice", &body, &sign);
    let envelope = |entry: &Entry| Item::Envelope(entry.envelope().to_vec());
    vec![Item::Body(first), envelope(&inception), Item::Body(body), envelope(&practice)]
}

/// Audits a bundle of items that is about their author.
fn audit(items: &[Item]) -> Report {
    let author = items.iter().find_map(|item| match item {
        Item::Envelope(bytes) => Some(Entry::decode(bytes).unwrap().author()),
        _ => None,
    });
    let about = author.map(|author| Bytes32(author.0));
    let start = Start { net: NetworkId([5; 32]), made: MADE, about, scope: Scope::Author, bundle: VERSION };
    let mut auditor = Auditor::new(1);
    let (mut writer, mut bytes) = Writer::begin(&start);
    for item in items {
        bytes.extend(match item {
            Item::Body(body) => writer.body(body),
            Item::Envelope(envelope) => writer.envelope(envelope),
            Item::Start(_) | Item::End(_) => panic!("the writer makes both"),
        });
    }
    bytes.extend(writer.finish());
    auditor.push(&bytes);
    auditor.finish()
}

fn source() -> Source {
    Source { name: "livre.mltq".into(), bytes: 812, sha256: "ab".repeat(32), checked: MADE + 5_000 }
}

/// A page on a report, compared with itself.
fn page(report: &Report, words: Words) -> String {
    let file = Checked { source: &source(), report };
    html(file, Some(file), words)
}

fn state(report: &Report, topic: Topic) -> State {
    checks(report).iter().find(|check| check.topic == topic).unwrap().state
}

#[test]
fn the_catalogues_have_the_same_ids_and_arguments() {
    let [arabic, french, english] = SOURCES.map(ids);
    assert_eq!(arabic, english);
    assert_eq!(french, english);
}

#[test]
fn every_text_is_shown_somewhere() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = ["src/lib.rs", "src/page.rs", "templates/page.html", "templates/report.html"];
    let sources: Vec<String> = files.map(|file| fs::read_to_string(own.join(file)).unwrap()).into();
    for id in ids(SOURCES[0]).keys().filter(|id| !id.starts_with("kind-")) {
        let literal = format!("\"{id}\"");
        assert!(sources.iter().any(|text| text.contains(&literal)), "nothing shows {id}");
    }
}

#[test]
fn a_page_says_everything_in_its_language() {
    let report = audit(&log("Un budget participatif"));
    assert_eq!(report.verdict, Verdict::Verified, "{:?}", report.findings);
    let mut pages = BTreeSet::new();
    for tag in TAGS {
        let page = page(&report, Words::new(tag));
        for id in ids(SOURCES[0]).keys() {
            assert!(!page.contains(id.as_str()), "{tag}: {id} has no text");
        }
        for shown in ["Un budget participatif", "livre.mltq", &"ab".repeat(32), "2026-09-21 14:13 UTC"] {
            assert!(page.contains(shown), "{tag}: {shown} is not shown");
        }
        assert!(page.contains(if tag == "ar" { "dir=\"rtl\"" } else { "dir=\"ltr\"" }));
        pages.insert(page);
    }
    assert_eq!(pages.len(), 3);
}

#[test]
fn what_comes_from_the_file_is_text() {
    let report = audit(&log("<script>alert(1)</script>"));
    let named = Source { name: "<b>\"x\"</b>".into(), ..source() };
    let page = html(Checked { source: &named, report: &report }, None, Words::new("fr"));
    assert!(!page.contains("<script") && !page.contains("<b>"));
    assert!(page.contains("alert(1)"));
}

#[test]
fn each_topic_says_what_came_of_it() {
    let whole = audit(&log("Un budget"));
    let here =
        [Topic::File, Topic::Entries, Topic::Signatures, Topic::Chain, Topic::History, Topic::Contents];
    for topic in here {
        assert_eq!(state(&whole, topic), State::Holds, "{topic:?}");
    }
    for topic in [Topic::Withdrawals, Topic::Network, Topic::Dates] {
        assert_eq!(state(&whole, topic), State::NotHere, "{topic:?}: the stewards' logs are not in it");
    }

    let mut items = log("Un budget");
    let Some(Item::Envelope(bytes)) = items.last_mut() else { panic!("an envelope is last") };
    *bytes.last_mut().unwrap() ^= 1;
    let forged = audit(&items);
    assert_eq!(forged.verdict, Verdict::Forged);
    assert_eq!(state(&forged, Topic::Signatures), State::Broken);
    assert_eq!(state(&forged, Topic::File), State::Holds);

    let mut items = log("Un budget");
    items.remove(1);
    let lacking = audit(&items[1..]);
    assert_eq!((lacking.verdict, state(&lacking, Topic::Chain)), (Verdict::Undecided, State::Open));
}

#[test]
fn a_file_that_is_no_bundle_shows_nothing_but_that() {
    let mut auditor = Auditor::new(1);
    auditor.push(b"%PDF-1.7");
    let report = auditor.finish();
    assert_eq!(state(&report, Topic::File), State::Broken);
    assert!(Topic::ALL[1..].iter().all(|topic| state(&report, *topic) == State::NotHere));
    for tag in TAGS {
        let page = page(&report, Words::new(tag));
        assert!(page.contains(&Words::new(tag).verdict(Verdict::Forged)));
    }
}

#[test]
fn the_limits_name_what_this_file_lacks_before_what_no_file_can_tell() {
    let words = Words::new("en");
    let whole = words.beyond(&audit(&log("Un budget")));
    assert_eq!(whole.len(), 5, "members, dates, and what no file can tell: {whole:?}");
    let items: Vec<Item> =
        log("Un budget").into_iter().filter(|item| matches!(item, Item::Envelope(_))).collect();
    let bare = words.beyond(&audit(&items));
    assert!(bare[0].contains(": 2"), "two contents are not in it: {bare:?}");
}
