//! What the codes of the vocabularies are called in Arabic, French and English.
//!
//! The table is data (`node/data/vocabularies.json`), for every surface that shows a code. It closes
//! nothing: a code that it does not have is shown as it is (R3).

use std::sync::LazyLock;

use serde::Deserialize;

#[cfg(test)]
mod tests;

/// The table as it was last read through.
static VOCABULARIES: LazyLock<Vocabularies> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/vocabularies.json")).expect("the table is tested")
});

/// All vocabularies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vocabularies {
    /// Counts up with every change of a code or a label.
    version: u32,
    vocabularies: std::collections::BTreeMap<String, Vec<Term>>,
}

/// A code with its labels.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The code, as records have it.
    pub code: String,
    /// Its label in Arabic.
    pub ar: String,
    /// Its label in French.
    pub fr: String,
    /// Its label in English.
    pub en: String,
    /// What the Open Government Partnership calls it in English, where it has the same concept.
    pub ogp: Option<String>,
}

impl Term {
    /// Returns the label in the language `tag`.
    #[must_use]
    pub fn label(&self, tag: &str) -> Option<&str> {
        match tag {
            "ar" => Some(&self.ar),
            "fr" => Some(&self.fr),
            "en" => Some(&self.en),
            _ => None,
        }
    }
}

/// Returns the version of the table.
#[must_use]
pub fn version() -> u32 {
    VOCABULARIES.version
}

/// Returns the terms of a vocabulary in the order in which they are shown; none for an unknown one.
#[must_use]
pub fn terms(vocabulary: &str) -> &'static [Term] {
    VOCABULARIES.vocabularies.get(vocabulary).map_or(&[], Vec::as_slice)
}

/// Returns all terms, each with the name of its vocabulary.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Term)> {
    let vocabularies = VOCABULARIES.vocabularies.iter();
    vocabularies.flat_map(|(name, terms)| terms.iter().map(move |term| (name.as_str(), term)))
}

/// Returns the term of a code, where the table has it.
#[must_use]
pub fn term(vocabulary: &str, code: &str) -> Option<&'static Term> {
    terms(vocabulary).iter().find(|term| term.code == code)
}

/// Returns what a code of a vocabulary is called in the language `tag`, the code itself where the
/// table has no label for it.
#[must_use]
pub fn label<'a>(vocabulary: &str, code: &'a str, tag: &str) -> &'a str {
    term(vocabulary, code).and_then(|term| term.label(tag)).unwrap_or(code)
}
