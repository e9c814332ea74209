//! The texts of the open data: names of datasets and columns in the languages of the pages, out of
//! `node/data/open-data.json`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use multaqa_protocol::record::Words;
use serde::Deserialize;

/// The languages in the order in which one is taken where the one wanted is missing.
pub(super) const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];

/// All texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    pub(super) catalog: About,
    pub(super) records: About,
    pub(super) members: About,
    /// What each column of the CSV holds.
    pub(super) columns: BTreeMap<String, Words>,
}

/// What is said of a dataset.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    #[serde(default)]
    pub(super) title: Words,
    pub(super) description: Words,
    #[serde(default)]
    pub(super) keywords: BTreeMap<String, Vec<String>>,
}

/// The texts, read once.
pub(super) static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/open-data.json")).expect("the texts are tested")
});

/// Returns a text in a language, else in another one.
pub(super) fn best<'a>(words: &'a Words, wanted: &str) -> &'a str {
    let [ar, fr, en] = LANGUAGES;
    words.best(&[wanted, ar, fr, en]).map(|(_, text)| text).unwrap_or_default()
}
