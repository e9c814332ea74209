//! The texts of the catalogue and the licence in it.

use std::collections::BTreeMap;

use super::*;
use crate::api::open::texts::LANGUAGES;

#[test]
fn every_column_is_described_in_every_language_and_nothing_else_is() {
    let described: BTreeMap<&str, &Words> =
        TEXTS.columns.iter().map(|(name, words)| (name.as_str(), words)).collect();
    assert_eq!(described.len(), COLUMNS.len());
    for column in &COLUMNS {
        for tag in LANGUAGES {
            assert!(described[column.name].get(tag).is_some(), "{} in {tag}", column.name);
        }
    }
}

#[test]
fn a_licence_is_named_by_its_address() {
    let at = |address: &str| Some(json!({ "@id": address }));
    assert_eq!(licence_address("CC-BY-4.0"), at("https://spdx.org/licenses/CC-BY-4.0"));
    assert_eq!(licence_address("https://example.org/licence"), at("https://example.org/licence"));
    assert_eq!(licence_address("see the charter"), None);
}
