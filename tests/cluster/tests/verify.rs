//! What an auditor is told of a file: verified, forged, or undecided, and never anything in between.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_cluster::{Answer, Place, found, multaqa, string, text, write_practice};
use multaqa_protocol::bundle::{Item, Reader, Scope, Start, Writer};
use multaqa_protocol::entry::Entry;
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";

/// Two members of one network that never met over a wire, the first holding everything.
struct Archive {
    steward: Place,
    steward_id: String,
    member: Place,
    member_id: String,
    /// The member's record.
    record: String,
    dir: tempfile::TempDir,
}

impl Archive {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (steward, steward_id) = Place::init(dir.path().join("settat"), SETTAT);
        let (member, member_id) = Place::init(dir.path().join("hajeb"), HAJEB);
        let _ = found(&steward);
        let line = string(&steward.object(["invite", "--address", "/ip4/127.0.0.1/tcp/9"]), "line");
        let file = dir.path().join("stick");
        let _ = member.text(["join", &line, "--out", text(&file)]);
        let practice = dir.path().join("practice.toml");
        write_practice(&practice, "Essai");
        let record = string(&member.object(["publish", text(&practice)]), "id");
        let _ = steward.text(["admit", text(&file), "--place", HAJEB]);
        let archive = Self { steward, steward_id, member, member_id, record, dir };
        archive.carry(&archive.steward, &archive.member);
        archive.carry(&archive.member, &archive.steward);
        archive
    }

    /// Takes everything from one node to another on a stick.
    fn carry(&self, from: &Place, to: &Place) {
        let file = self.export(from, "carried", &[]);
        let _ = to.text(["import", "bundle", text(&file)]);
    }

    fn export(&self, from: &Place, name: &str, which: &[&str]) -> PathBuf {
        let file = self.dir.path().join(format!("{name}.bundle"));
        let _ = from.text(["export", "bundle", "--out", text(&file)].iter().chain(which));
        file
    }

    /// Writes bytes to a file and returns what `verify` says of it, which must leave a code.
    fn verdict(&self, bytes: &[u8], code: i32) -> Value {
        let file = self.dir.path().join("altered.bundle");
        fs::write(&file, bytes).unwrap();
        verdict(&file, code)
    }
}

/// Returns what `verify` says of a file, which must leave a code and the word that goes with it.
fn verdict(file: &Path, code: i32) -> Value {
    let report = Answer::of(multaqa().args(["--json", "verify", text(file)])).ends(code).object();
    let word = match code {
        0 => "verified",
        3 => "forged",
        _ => "undecided",
    };
    assert_eq!(report["verdict"], word, "{report}");
    // The text says the same, by the same code.
    let shown = Answer::of(multaqa().args(["verify", text(file)])).ends(code);
    assert!(!shown.out.is_empty());
    report
}

fn rules(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().filter_map(|finding| finding["rule"].as_str()).collect()
}

fn read(file: &Path) -> (Start, Vec<Item>) {
    let mut reader = Reader::new();
    reader.push(&fs::read(file).unwrap());
    let mut items: Vec<Item> = std::iter::from_fn(|| reader.next_item()).map(|(_, item)| item).collect();
    let Item::Start(start) = items.remove(0) else { panic!("a bundle begins with its first item") };
    (start, items)
}

/// Makes a bundle that is whole as a file, of those entries that are kept and their bodies.
fn write(start: Start, items: &[Item], keep: impl Fn(&str, u64) -> bool) -> Vec<u8> {
    let entry = |item: &Item| match item {
        Item::Envelope(envelope) => Some(Entry::decode(envelope).unwrap()),
        Item::Start(_) | Item::Body(_) | Item::End(_) => None,
    };
    let kept = |entry: &Entry| keep(&entry.author().to_string(), u64::from(entry.seq()));
    let kept_entries: Vec<Entry> = items.iter().filter_map(entry).filter(kept).collect();
    let (mut writer, mut bytes) = Writer::begin(&start);
    for item in items {
        match item {
            Item::Body(body) if kept_entries.iter().any(|entry| entry.has_body(body)) => {
                bytes.extend(writer.body(body));
            }
            Item::Envelope(envelope) if entry(item).is_some_and(|entry| kept(&entry)) => {
                bytes.extend(writer.envelope(envelope));
            }
            Item::Start(_) | Item::Body(_) | Item::Envelope(_) | Item::End(_) => {}
        }
    }
    bytes.extend(writer.finish());
    bytes
}

#[test]
fn what_a_node_exports_is_verified() {
    let archive = Archive::new();
    let all = verdict(&archive.export(&archive.steward, "all", &[]), 0);
    let authors: Vec<&str> =
        all["authors"].as_array().unwrap().iter().filter_map(|author| author["author"].as_str()).collect();
    assert_eq!(authors.len(), 2, "{all}");
    for author in [&archive.steward_id, &archive.member_id] {
        assert!(authors.contains(&author.as_str()), "{all}");
    }
    assert_eq!(all["members"].as_array().map(Vec::len), Some(2), "{all}");
    verdict(&archive.export(&archive.steward, "author", &["--author", &archive.member_id]), 0);
    verdict(&archive.export(&archive.steward, "entry", &["--entry", &archive.record]), 0);
    verdict(&archive.member.dir, 0);
}

#[test]
fn a_flipped_byte_or_a_cut_end_is_forged() {
    let archive = Archive::new();
    for which in [&[][..], &["--author", &archive.member_id], &["--entry", &archive.record]] {
        let bytes = fs::read(archive.export(&archive.steward, "whole", which)).unwrap();
        for at in [bytes.len() / 3, bytes.len() / 2, bytes.len() * 3 / 4] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x01;
            let report = archive.verdict(&flipped, 3);
            assert!(!rules(&report).is_empty(), "{report}");
        }
        for len in [bytes.len() - 1, bytes.len() / 2] {
            let report = archive.verdict(&bytes[..len], 3);
            assert!(rules(&report).contains(&"A7"), "{report}");
        }
    }
    let report = archive.verdict(b"this is no bundle, it is a letter\n", 3);
    assert!(!rules(&report).is_empty(), "{report}");
    let _ = archive.verdict(b"", 3);
    // A file that is not there is no verdict.
    let absent = Answer::of(multaqa().args(["verify", text(&archive.dir.path().join("absent"))]));
    assert!(![0, 3, 4].contains(&absent.code), "{absent:?}");
}

#[test]
fn a_bundle_that_lacks_something_is_undecided() {
    let archive = Archive::new();
    let (start, items) = read(&archive.export(&archive.steward, "all", &[]));
    assert_eq!(start.scope, Scope::Network);
    // What is cut from is itself verified when nothing is cut.
    let _ = archive.verdict(&write(start, &items, |_, _| true), 0);

    let without_parent = write(start, &items, |author, seq| author != archive.member_id || seq != 1);
    let report = archive.verdict(&without_parent, 4);
    assert!(report["findings"].as_array().unwrap().iter().any(|f| f["code"] == "parent-missing"), "{report}");

    let without_steward = write(start, &items, |author, _| author != archive.steward_id);
    let report = archive.verdict(&without_steward, 4);
    assert!(rules(&report).contains(&"A7"), "{report}");
    assert!(report["members"].is_null(), "nobody can say who belongs: {report}");
}

#[test]
fn a_stick_brings_a_node_without_a_network_up_to_date() {
    let archive = Archive::new();
    assert!(archive.steward.records().contains(&archive.record));
    assert_eq!(archive.member.object(["status"])["network"]["state"], "member");
    assert_eq!(archive.member.log(&archive.steward_id), archive.steward.log(&archive.steward_id));
    // Again it brings nothing, and harms nothing; a forged one is refused whole, or in its part.
    let file = archive.export(&archive.steward, "again", &[]);
    let report = archive.member.object(["import", "bundle", text(&file)]);
    assert_eq!(report["stored"], 0, "{report}");
    let before = archive.member.records();
    let mut bytes = fs::read(&file).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 0x01;
    fs::write(&file, bytes).unwrap();
    let refused = archive.member.ask(["import", "bundle", text(&file)]);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert_eq!(archive.member.records(), before);
}
