//! The example records, which are part of the program: real collectivities and what public pages say
//! of their practices and plans, and a made-up story of how one of the plans went on.

use std::path::Path;

use include_dir::{Dir, File, include_dir};
use multaqa_protocol::codec::Value;
use multaqa_protocol::record::{self, Profile, Record};

use crate::draft::Draft;

static RECORDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../examples/records");
static STORY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../examples/story");

/// A collectivity of the examples.
#[derive(Clone, Debug)]
pub(super) struct Collectivity {
    /// Its folder's name.
    pub(super) slug: &'static str,
    /// Who it is.
    pub(super) profile: Profile,
    /// Its records, with the names of their files.
    pub(super) records: Vec<Draft>,
}

/// A step of the story: a record, and who signs it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The folder's name of its author.
    pub(super) by: &'static str,
    /// The record.
    pub(super) draft: Draft,
}

/// Returns the collectivities: those of the story first, then those with the most records, so that a
/// small demo shows the most.
pub(super) fn all() -> Vec<Collectivity> {
    let story = story();
    let is_told = |slug: &str| story.iter().any(|step| step.by == slug);
    let mut all: Vec<Collectivity> = RECORDS.dirs().map(read).collect();
    all.sort_by_key(|found| (!is_told(found.slug), usize::MAX - found.records.len(), found.slug));
    all
}

/// Returns the story in its order, which is that of the files' names: `NUMBER.AUTHOR.WHAT.toml`.
pub(super) fn story() -> Vec<Step> {
    let mut steps: Vec<Step> = STORY
        .files()
        .map(|file| {
            let name = file.path().to_str().expect("the names of the files are ASCII");
            let by = name.split('.').nth(1).expect("a file of the story names its author");
            Step { by, draft: draft(file, "story") }
        })
        .collect();
    steps.sort_by(|a, b| a.draft.name.cmp(&b.draft.name));
    steps
}

fn read(dir: &'static Dir<'static>) -> Collectivity {
    let slug = dir.path().to_str().expect("the names of the folders are ASCII");
    let mut profile = None;
    let mut records = Vec::new();
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|end| end == "toml")) {
        let draft = draft(file, "records");
        if file.path().file_name() == Some(Path::new("profile.toml").as_os_str()) {
            profile = Some(read_profile(&draft));
        } else {
            records.push(draft);
        }
    }
    Collectivity { slug, profile: profile.expect("every folder has a profile"), records }
}

fn read_profile(draft: &Draft) -> Profile {
    let value: Value = serde_json::from_value(draft.fields.clone()).expect("the fields came from a value");
    let body = record::draft(record::PROFILE, value).expect("the examples are tested");
    match record::read(record::PROFILE, &body) {
        Ok(Record::Profile(profile)) => *profile,
        _ => unreachable!("it is a profile"),
    }
}

/// Reads a file; it is named from the folder of all examples.
fn draft(file: &File<'static>, folder: &str) -> Draft {
    let text = file.contents_utf8().expect("the examples are tested");
    let value: Value = toml::from_str(text).expect("the examples are tested");
    let (kind, value) = record::take_kind(value).expect("the examples are tested");
    let fields = serde_json::to_value(&value).expect("a record is plain values");
    Draft { name: format!("{folder}/{}", file.path().display()), kind: Some(kind), fields }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_collectivity_has_a_place_and_a_record() {
        let all = all();
        assert_eq!(all.len(), 23);
        assert!(all.iter().all(|collectivity| collectivity.profile.code.is_some()));
        assert!(all.iter().all(|collectivity| !collectivity.records.is_empty()));
        assert_eq!(all.iter().map(|collectivity| collectivity.records.len()).sum::<usize>(), 40);
    }
    #[test]
    fn a_step_of_the_story_names_what_was_signed_before_it() {
        let all = all();
        let mut signed: BTreeSet<String> =
            all.iter().flat_map(|found| &found.records).map(|draft| draft.name.clone()).collect();
        let mut named = 0;
        for step in story() {
            assert!(all.iter().any(|found| found.slug == step.by), "{}", step.by);
            for (field, file) in step.draft.files() {
                assert!(signed.contains(&file), "{}: {field} names {file}", step.draft.name);
                named += 1;
            }
            signed.insert(step.draft.name);
        }
        assert!(named > 20, "the steps name {named} others");
    }

    #[test]
    fn those_of_the_story_come_first() {
        let by: BTreeSet<&str> = story().iter().map(|step| step.by).collect();
        let first: BTreeSet<&str> = all().iter().take(by.len()).map(|found| found.slug).collect();
        assert_eq!(first, by);
    }
}
