//! Text for people, in one or more languages.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draft::{Findings, Problem};
use super::schema::Field;

/// The same text in several languages: BCP 47 tag to text (`ar`, `fr`, `en`, `zgh` ...).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// Returns the text in the language `tag`, and in no other.
    #[must_use]
    pub fn get(&self, tag: &str) -> Option<&str> {
        self.0.get(tag).map(String::as_str)
    }

    /// Returns the text in the first of `wanted` that there is, otherwise in any language, with its
    /// tag, so that a reader can be told which language it is in.
    #[must_use]
    pub fn best(&self, wanted: &[&str]) -> Option<(&str, &str)> {
        wanted
            .iter()
            .find_map(|tag| self.0.get_key_value(*tag))
            .or_else(|| self.0.first_key_value())
            .map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// Sets the text in the language `tag`.
    pub fn insert(&mut self, tag: impl Into<String>, text: impl Into<String>) {
        self.0.insert(tag.into(), text.into());
    }

    /// Returns the texts with their tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// Tells whether there is no text in any language.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Words {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect())
    }
}

impl Field for Words {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn check(&self, found: &mut Findings) {
        for (tag, text) in &self.0 {
            found.within(tag, |found| {
                if !is_tag(tag) {
                    found.report(Problem::BadLanguage { tag: tag.clone() });
                } else if text.trim().is_empty() {
                    found.report(Problem::Empty);
                }
            });
        }
    }
}

/// Tells whether `tag` has the form of a language tag: a language of two or three small letters,
/// then subtags of letters and digits.
fn is_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    subtags.next().is_some_and(|language| {
        matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_lowercase())
    }) && subtags.all(|subtag| {
        matches!(subtag.len(), 1..=8) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
