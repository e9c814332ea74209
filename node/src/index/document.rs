//! A record as the index holds it.

use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, EntryId};
use tantivy::{TantivyDocument, Term};

use super::analysis::arabic::without_article;
use super::analysis::{Analyser, Analysers, Language};
use super::mention::codes;
use super::schema::Fields;
use super::thesaurus::Thesaurus;
use crate::api::types::Status;
use crate::gazetteer;
use crate::view::follow::Counted;
use crate::view::{Part, Text, official};

/// Most bytes of one record's texts that are indexed; the largest body is four times as long, and nobody
/// looks for its last page.
const MAX_TEXT: usize = 64 << 10;

/// Most collectivities that one record asks and that are indexed: all provinces and regions.
const MAX_ADDRESSEES: usize = 100;
/// What stands for anybody who is asked.
pub(super) const ANYBODY: &str = "anybody";

/// Makes documents of records; it has buffers of its own.
pub(super) struct Maker<'a> {
    pub(super) fields: &'a Fields,
    pub(super) thesaurus: &'a Thesaurus,
    pub(super) analysers: Analysers,
    pub(super) plain: Analyser,
}

impl Maker<'_> {
    pub(super) fn document(&mut self, record: &Counted) -> TantivyDocument {
        let fields = self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.key, entry_key(record.id));
        document.add_text(fields.key, author_key(record.author));
        document.add_u64(fields.author, author_column(record.author));
        document.add_u64(fields.place, u64::from(record.place.seq) << 16 | u64::from(record.place.branch));
        document.add_u64(fields.time, record.time);
        document.add_u64(fields.until, record.until.unwrap_or(u64::MAX));
        for facet in facets(record) {
            document.add_text(fields.facet, facet);
        }
        for code in record.code.iter().flat_map(|code| above(code)) {
            document.add_text(fields.key, within_key(code));
        }
        document.add_text(fields.key, standing_key(record.status));
        for target in &record.refers_to {
            document.add_text(fields.key, reference_key(*target));
        }
        document_about(record).into_iter().for_each(|key| document.add_text(fields.key, key));
        self.add_texts(record, &mut document);
        document
    }

    fn add_texts(&mut self, record: &Counted, document: &mut TantivyDocument) {
        let names = names(record);
        let mut left = MAX_TEXT;
        let mut words = BTreeSet::new();
        let mut concepts: [String; 3] = Default::default();
        for text in record.texts.iter().chain(&names) {
            if text.text.len() > left {
                continue;
            }
            left -= text.text.len();
            let (language, part) = (Language::of(&text.language), text.part as usize);
            let terms = self.analysers.of(language).terms(&text.text);
            for (_, concept) in self.thesaurus.find(language, &terms) {
                push(&mut concepts[part], self.thesaurus.key(concept));
            }
            words.extend(
                self.plain.terms(&text.text).iter().map(|token| without_article(&token.text).to_owned()),
            );
            let mut joined = String::with_capacity(text.text.len());
            terms.iter().for_each(|term| push(&mut joined, &term.text));
            document.add_text(self.fields.terms[language as usize][part], joined);
        }
        for (part, concepts) in concepts.into_iter().enumerate() {
            document.add_text(self.fields.concepts[part], concepts);
        }
        let mut joined = String::new();
        words.iter().for_each(|word| push(&mut joined, word));
        document.add_text(self.fields.words, joined);
    }
}

/// Adds a term, which has no space in it, to those of a field.
fn push(terms: &mut String, term: &str) {
    terms.push_str(term);
    terms.push(' ');
}

/// Returns the names of a record's author and place as texts: they are looked for like its summary.
fn names(record: &Counted) -> Vec<Text> {
    let place = record.code.as_deref().and_then(gazetteer::find).map(gazetteer::Territory::names);
    let names = [Some(record.names.clone()), place].into_iter().flatten();
    let texts: BTreeSet<(String, String)> = names
        .flat_map(|names| {
            names.iter().map(|(tag, name)| (tag.to_owned(), name.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    texts.into_iter().map(|(language, text)| Text { part: Part::Summary, language, text }).collect()
}

fn facets(record: &Counted) -> Vec<String> {
    let mut facets = vec![format!("kind:{}", record.kind)];
    if let Some(territory) = record.code.as_deref().and_then(gazetteer::find) {
        facets.push(format!("region:{}", territory.region));
        facets.push(format!("place:{}", territory.code));
    }
    facets.extend(record.level.iter().map(|level| format!("level:{level}")));
    for (name, values) in &record.says {
        facets.extend(values.iter().map(|value| format!("{name}:{value}")));
    }
    facets
}

/// Returns the official codes of a place and of those above it.
fn above(code: &str) -> impl Iterator<Item = &'static str> {
    std::iter::successors(gazetteer::find(code), |territory| territory.parent())
        .map(|territory| territory.code.as_str())
}

/// Returns the terms of what a record is about, whom it asks and which places it addresses.
fn document_about(record: &Counted) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = record.about.map(about_key).into_iter().collect();
    for party in record.addressees.iter().take(MAX_ADDRESSEES) {
        keys.extend(party.author.map(|author| asked_key(&author.to_string())));
        keys.extend(party.place.as_ref().map(|place| asked_key(&official(place.as_str()))));
    }
    if !record.addressees.is_empty() {
        keys.insert(asked_key(ANYBODY));
    }
    keys.extend(codes(record.texts.iter().map(|text| text.text.as_str())).into_iter().map(mentions_key));
    keys
}

/// Returns the term by which a record is forgotten.
pub(super) fn entry_key(id: EntryId) -> String {
    format!("entry:{id}")
}

/// Returns the term of an author's records.
pub(super) fn author_key(author: AuthorId) -> String {
    format!("author:{author}")
}

/// Returns the term of what lies in a place, by its official code.
pub(super) fn within_key(code: &str) -> String {
    format!("within:{code}")
}

/// Returns the term of what refers to an entry.
pub(super) fn reference_key(target: EntryId) -> String {
    format!("refers:{target}")
}

/// Returns the term of what is about an entry.
pub(super) fn about_key(target: EntryId) -> String {
    format!("about:{target}")
}

/// Returns the term of what is asked of a collectivity, by its author or the official code of its place, or of
/// [`ANYBODY`] in particular.
pub(super) fn asked_key(whom: &str) -> String {
    format!("asked:{whom}")
}

/// Returns the term of what addresses a place in its texts, by its official code.
pub(super) fn mentions_key(code: &str) -> String {
    format!("mentions:{code}")
}

/// Returns the term of how a record stands.
pub(super) const fn standing_key(status: Status) -> &'static str {
    match status {
        Status::Withdrawn => "stands:withdrawn",
        _ => "stands:canonical",
    }
}

/// Returns what stands for an author in its column.
pub(super) fn author_column(author: AuthorId) -> u64 {
    let (first, _) = author.0.split_first_chunk().expect("an id has 32 bytes");
    u64::from_be_bytes(*first)
}

/// Returns a term of the field of keys or facets.
pub(super) fn term(field: tantivy::schema::Field, text: &str) -> Term {
    Term::from_field_text(field, text)
}
