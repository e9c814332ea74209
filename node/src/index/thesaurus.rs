//! Concepts of open government and the words for them in Arabic, French and English.
//!
//! The table is `node/data/thesaurus.csv`, whose format `node/data/README.md` describes; anyone can
//! extend it. A record is found by a concept where it uses any of its words in any language; which
//! words those are is looked up when a record is indexed, so that a question costs one term a concept.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use multaqa_protocol::record::Words;
use serde::Deserialize;

use super::analysis::{Analysers, Language, TextTerm};

pub(super) const TABLE: &str = include_str!("../../data/thesaurus.csv");

/// What parts the words for one concept in one language.
const BETWEEN: char = '|';

static THESAURUS: LazyLock<Thesaurus> = LazyLock::new(|| Thesaurus::parse(TABLE));

/// A concept, by its place in the table.
pub(super) type Concept = u16;

/// The table, ready to be looked into.
pub(super) struct Thesaurus {
    concepts: Vec<Entry>,
    /// Words by language and first term, the longest first.
    labels: [HashMap<String, Vec<Label>>; 4],
}

struct Entry {
    key: String,
    names: Words,
}

struct Label {
    terms: Vec<String>,
    concept: Concept,
}

/// A line of the table.
#[derive(Deserialize)]
struct Line {
    key: String,
    ar: String,
    fr: String,
    en: String,
}

/// Words of a text by the numbers of their first and last term's positions.
pub(super) type Span = (usize, usize);

impl Thesaurus {
    /// Returns the table of this program.
    pub(super) fn get() -> &'static Self {
        &THESAURUS
    }

    fn parse(table: &str) -> Self {
        let mut analysers = Analysers::new();
        let mut concepts = Vec::new();
        let mut labels: [HashMap<String, Vec<Label>>; 4] = Default::default();
        for line in csv::Reader::from_reader(table.as_bytes()).deserialize() {
            let Line { key, ar, fr, en } = line.expect("the table is part of the program and tested");
            let concept = Concept::try_from(concepts.len()).expect("the table is part of the program");
            let mut names = Words::default();
            for (tag, words) in [("ar", ar), ("fr", fr), ("en", en)] {
                for (at, word) in words.split(BETWEEN).map(str::trim).enumerate() {
                    if at == 0 {
                        names.insert(tag, word);
                    }
                    let language = Language::of(tag);
                    let terms = label(&analysers.of(language).terms(word));
                    if let Some(first) = terms.first() {
                        let labels = &mut labels[language as usize];
                        labels.entry(first.clone()).or_default().push(Label { terms, concept });
                    }
                }
            }
            concepts.push(Entry { key, names });
        }
        for labels in labels.iter_mut().flat_map(HashMap::values_mut) {
            labels.sort_by_key(|label| std::cmp::Reverse(label.terms.len()));
        }
        Self { concepts, labels }
    }

    /// Returns the key of a concept.
    pub(super) fn key(&self, concept: Concept) -> &str {
        &self.concepts[usize::from(concept)].key
    }

    /// Returns the first word for each concept in each language, in the order of the table.
    pub(super) fn all(&self) -> impl Iterator<Item = &Words> {
        self.concepts.iter().map(|concept| &concept.names)
    }

    /// Returns the first word for a concept in each language.
    pub(super) fn names(&self, concept: Concept) -> &Words {
        &self.concepts[usize::from(concept)].names
    }

    /// Finds the concepts that a text names, given its terms: each with the positions, as numbers among
    /// those that have terms, of the words that name it. The longest words win; several concepts can
    /// have the same.
    pub(super) fn find(&self, language: Language, terms: &[TextTerm]) -> Vec<(Span, Concept)> {
        let words = by_position(terms);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let mut len = 0;
            for term in words[at] {
                let labels = self.labels[language as usize].get(&*term.text);
                for label in labels.into_iter().flatten() {
                    if label.terms.len() < len {
                        continue;
                    }
                    let Some(run) = words.get(at..at + label.terms.len()) else { continue };
                    let is_named = run.iter().zip(&label.terms).all(|(word, term)| says(word, term));
                    let span = (at, at + label.terms.len() - 1);
                    if is_named && !found.contains(&(span, label.concept)) {
                        len = label.terms.len();
                        found.push((span, label.concept));
                    }
                }
            }
            at += len.max(1);
        }
        found
    }
}

fn says(word: &[TextTerm], term: &str) -> bool {
    word.iter().any(|token| *token.text == *term)
}

/// Returns the terms of a label: of two for one word, that without accents.
fn label(terms: &[TextTerm]) -> Vec<String> {
    by_position(terms).into_iter().filter_map(|word| Some(word.last()?.text.as_ref().to_owned())).collect()
}

/// Groups terms by the word that they are of.
pub(super) fn by_position(terms: &[TextTerm]) -> Vec<&[TextTerm]> {
    terms.chunk_by(|a, b| a.position == b.position).collect()
}
