//! The files that people copy from: every example and every template is a valid draft.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use multaqa_node::gazetteer;
use multaqa_protocol::codec::Value;
use multaqa_protocol::record::draft::Type;
use multaqa_protocol::record::reference::resolve;
use multaqa_protocol::record::{self, Principle, Problem, Record};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the files of a folder and of its folders, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Reads a file as `publish` does, and as a peer reads what was published; what it names stands for some
/// record.
fn read(path: &Path) -> Record {
    read_text(path, &fs::read_to_string(path).unwrap())
}

fn read_text(path: &Path, text: &str) -> Record {
    let value: Value = toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (kind, mut value) = record::take_kind(value).unwrap();
    let id = "ab".repeat(32);
    let some_record: Value =
        serde_json::from_value(serde_json::json!({ "author": id, "seq": 1, "id": id })).unwrap();
    resolve(&kind, &mut value, &mut |_, text| (!text.is_empty()).then(|| some_record.clone()));
    let body = record::draft(&kind, value).unwrap_or_else(|errors| panic!("{}: {errors:?}", path.display()));
    record::read(&kind, &body).unwrap()
}

#[test]
fn the_examples_hold_all_53_records() {
    let mut keys = BTreeSet::new();
    let (mut practices, mut plans, mut commitments, mut profiles) = (0, 0, 0, 0);
    for path in files(&root().join("examples/records")) {
        let record = read(&path);
        let territory = gazetteer::find(record.place().unwrap().as_str())
            .unwrap_or_else(|| panic!("{}: no such place", path.display()));
        match record {
            Record::Profile(profile) => {
                assert_eq!(profile.names, territory.names());
                assert_eq!(profile.level, territory.level);
                assert_eq!(profile.parent.as_ref().map(record::Place::as_str), territory.parent.as_deref());
                profiles += 1;
            }
            Record::Practice(practice) => {
                assert!(practice.principles.iter().all(Principle::is_known));
                assert!(keys.insert(practice.collected.key.unwrap()));
                practices += 1;
            }
            Record::Plan(plan) => {
                keys.extend(plan.collected.key);
                plans += 1;
                commitments += plan.commitments.len();
                keys.extend(plan.commitments.into_iter().map(|commitment| commitment.collected.key.unwrap()));
            }
            _ => panic!("{}", path.display()),
        }
    }
    // One plan more than was collected: it holds commitments whose plan no page describes.
    assert_eq!((profiles, practices, plans, commitments), (23, 30, 10, 14));
    assert_eq!(keys.len(), 53);
}

#[test]
fn the_story_says_of_itself_that_it_is_made_up() {
    const MARKS: [(&str, &str); 3] = [("ar", "مثال"), ("fr", "exemple"), ("en", "example")];
    let mut kinds = BTreeSet::new();
    for path in files(&root().join("examples/story")) {
        let record = read(&path);
        for (language, mark) in MARKS {
            let texts: Vec<&str> = [record.title(), record.summary()]
                .into_iter()
                .flatten()
                .filter_map(|words| words.get(language))
                .collect();
            assert!(!texts.is_empty(), "{} says nothing in {language}", path.display());
            assert!(texts.iter().all(|text| text.contains(mark)), "{}: {texts:?}", path.display());
        }
        let text = fs::read_to_string(&path).unwrap();
        kinds.insert(text.lines().next().unwrap().to_owned());
        // What shows something in a made-up story is no real page.
        let pages = text.matches("https://").count();
        assert_eq!(pages, text.matches("https://example.org/").count(), "{}", path.display());
    }
    // From the first meeting to the co-signed verdict.
    assert_eq!(kinds.len(), 8, "{kinds:?}");
}

/// Whether a record says something in a language.
fn speaks(record: &Record, language: &str) -> bool {
    [record.title(), record.summary()].into_iter().flatten().any(|words| words.get(language).is_some())
}

#[test]
fn every_template_is_a_draft_in_every_language() {
    let mut names = BTreeSet::new();
    for path in files(&root().join("cli/templates")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, language) = name.strip_suffix(".toml").unwrap().split_once('.').unwrap();
        // A charter is no record: founding a network reads it.
        if kind == "charter" {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(&format!("\nkind = \"{kind}\"\n")), "{name}");
        let record = read(&path);
        // A comment has a space after its mark; a field that waits to be used has none.
        let all_fields: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .collect();
        let full = read_text(&path, &all_fields.join("\n"));
        assert_ne!(full, record, "{name}");
        assert!(speaks(&full, language), "{name}");
        names.insert(name);
    }
    let expected: BTreeSet<String> = record::KINDS
        .iter()
        .flat_map(|kind| ["ar", "fr", "en"].map(|language| format!("{kind}.{language}.toml")))
        .collect();
    assert_eq!(names, expected);
}

#[test]
fn a_date_without_quotation_marks_is_named_as_such() {
    let text = "frameworks = [{ framework = 'remacto', since = 2024-12-01 }]";
    let value: Value = toml::from_str(text).unwrap();
    let errors = record::draft("profile", value).unwrap_err();
    let error = errors.iter().find(|error| error.path == "frameworks[0].since").unwrap();
    assert_eq!(error.problem, Problem::WrongType { expected: Type::Date, found: Type::Table });
}
