//! Drafts as the files that a clerk would write, to be read, mended and then published.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Draft;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// Longest name of a file, without its ending and the number that tells two apart.
const MAX_NAME: usize = 60;

/// Writes drafts into a folder, which is made where it is not there, each into a file of its own. No file
/// is written over; where one is in the way, none is written at all.
pub(crate) fn write(
    drafts: &[Draft],
    from: &Path,
    folder: &Path,
    catalogue: &Catalogue,
) -> Outcome<Vec<PathBuf>> {
    let paths = paths(drafts, folder);
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(failure!(Exit::Usage, "error-draft-exists", path = path.display().to_string()));
    }
    let not_written = |path: &Path, error: io::Error| {
        failure!(Exit::Other, "error-write", path = path.display().to_string()).detail(error)
    };
    fs::create_dir_all(folder).map_err(|error| not_written(folder, error))?;
    let from = from.display().to_string();
    for (draft, path) in drafts.iter().zip(&paths) {
        let remark = say!(catalogue, "draft-remark", file = from.clone(), line = draft.line);
        let file = fs::File::create_new(path);
        file.and_then(|mut file| file.write_all(text(draft, &remark).as_bytes()))
            .map_err(|error| not_written(path, error))?;
    }
    Ok(paths)
}

fn paths(drafts: &[Draft], folder: &Path) -> Vec<PathBuf> {
    let mut taken = BTreeSet::new();
    let mut paths = Vec::new();
    for draft in drafts {
        let mut name = draft.name.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{}-{number}", draft.name);
            number += 1;
        }
        paths.push(folder.join(format!("{name}.toml")));
    }
    paths
}

/// Returns a draft as TOML, which begins with a remark.
pub(super) fn text(draft: &Draft, remark: &str) -> String {
    let mut fields = draft.fields.clone();
    fields.insert("kind".into(), Value::from(draft.kind.as_str()));
    let table = toml::Table::try_from(&fields).expect("fields are plain values without nothing among them");
    format!("# {}\n\n{table}", remark.replace(['\n', '\r'], " "))
}

/// Returns a text as the name of a file: small letters and digits of ASCII with dashes between them.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for letter in text.nfd().filter(|letter| !is_combining_mark(*letter)) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= MAX_NAME {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}
