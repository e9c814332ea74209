//! The example records, which are part of the program: real collectivities and what public pages say
//! of their practices and plans.

use std::path::Path;

use include_dir::{Dir, include_dir};
use multaqa_protocol::codec::Value;
use multaqa_protocol::record::{self, Profile, Record};

static RECORDS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../examples/records");

/// A collectivity of the examples.
#[derive(Clone, Debug)]
pub(super) struct Collectivity {
    /// Its folder's name.
    pub(super) slug: &'static str,
    /// Who it is.
    pub(super) profile: Profile,
    /// Its records, with the names of their files.
    pub(super) records: Vec<Example>,
}

/// A record of the examples, as a file.
#[derive(Clone, Debug)]
pub(super) struct Example {
    pub(super) kind: String,
    pub(super) fields: serde_json::Value,
}

/// Returns the collectivities, those with the most records first: a small demo shows the most.
pub(super) fn all() -> Vec<Collectivity> {
    let mut all: Vec<Collectivity> = RECORDS.dirs().map(read).collect();
    all.sort_by_key(|collectivity| (usize::MAX - collectivity.records.len(), collectivity.slug));
    all
}

fn read(dir: &'static Dir<'static>) -> Collectivity {
    let slug = dir.path().to_str().expect("the names of the folders are ASCII");
    let mut profile = None;
    let mut records = Vec::new();
    for file in dir.files().filter(|file| file.path().extension().is_some_and(|end| end == "toml")) {
        let text = file.contents_utf8().expect("the examples are tested");
        let value: Value = toml::from_str(text).expect("the examples are tested");
        let (kind, value) = record::take_kind(value).expect("the examples are tested");
        if file.path().file_name() == Some(Path::new("profile.toml").as_os_str()) {
            let body = record::draft(&kind, value).expect("the examples are tested");
            if let Ok(Record::Profile(read)) = record::read(&kind, &body) {
                profile = Some(*read);
            }
        } else {
            let fields = serde_json::to_value(&value).expect("a record is plain values");
            records.push(Example { kind, fields });
        }
    }
    Collectivity { slug, profile: profile.expect("every folder has a profile"), records }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collectivity_has_a_place_and_a_record() {
        let all = all();
        assert_eq!(all.len(), 23);
        assert!(all.iter().all(|collectivity| collectivity.profile.code.is_some()));
        assert!(all.iter().all(|collectivity| !collectivity.records.is_empty()));
        assert_eq!(all.iter().map(|collectivity| collectivity.records.len()).sum::<usize>(), 40);
    }
}
