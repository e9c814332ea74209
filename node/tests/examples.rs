//! The files that people copy from: every example and every template is a valid draft.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use multaqa_node::gazetteer;
use multaqa_protocol::codec::Value;
use multaqa_protocol::record::draft::Type;
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

/// Reads a file as `publish` does, and as a peer reads what was published.
fn read(path: &Path) -> Record {
    read_text(path, &fs::read_to_string(path).unwrap())
}

fn read_text(path: &Path, text: &str) -> Record {
    let value: Value = toml::from_str(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (kind, value) = record::take_kind(value).unwrap();
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
fn every_template_is_a_draft_in_every_language() {
    let mut names = BTreeSet::new();
    for path in files(&root().join("cli/templates")) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (kind, language) = name.strip_suffix(".toml").unwrap().split_once('.').unwrap();
        // A charter is no record: founding a network reads it.
        if kind == "charter" {
            continue;
        }
        let record = read(&path);
        let is_of_its_kind = match &record {
            Record::Profile(_) => kind == "profile",
            Record::Practice(_) => kind == "practice",
            Record::Plan(_) => kind == "plan",
            _ => false,
        };
        assert!(is_of_its_kind, "{name}");
        assert!(record.title().unwrap().get(language).is_some(), "{name}");
        // A comment has a space after its mark; a field that waits to be used has none.
        let text = fs::read_to_string(&path).unwrap();
        let all_fields: Vec<&str> = text
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .collect();
        assert_ne!(read_text(&path, &all_fields.join("\n")), record, "{name}");
        names.insert(name);
    }
    let expected: BTreeSet<String> = ["practice", "plan", "profile"]
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
