//! What the catalogues of all languages have in common: the ids, and what goes into each text.
//! Tests compare it, and hold the code to it.

use std::collections::{BTreeMap, BTreeSet};

/// Returns the ids in a Fluent file, attributes as `id.attribute` among them, each with the names of its
/// arguments.
///
/// # Panics
///
/// Where an id stands twice.
#[must_use]
pub fn ids(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut message = String::new();
    let mut id = String::new();
    for line in source.lines() {
        if line.starts_with('#') {
            continue;
        }
        if let Some((name, _)) = opening(line).filter(|(name, _)| !name.starts_with(' ')) {
            assert!(!out.contains_key(name), "{name} stands twice");
            message = name.to_owned();
            id.clone_from(&message);
        } else if let Some((name, _)) = line.trim_start().strip_prefix('.').and_then(opening) {
            id = format!("{message}.{name}");
        }
        if id.is_empty() {
            continue;
        }
        let args = out.entry(id.clone()).or_default();
        for piece in line.split('$').skip(1) {
            args.insert(piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        }
    }
    out
}

/// Returns the name before an equals sign with what follows it; the value may begin on the next line.
fn opening(line: &str) -> Option<(&str, &str)> {
    line.split_once(" = ").or_else(|| line.split_once(" ="))
}
