//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::analysis::Language;
use crate::view::Part;

/// Parts of a record, in the order of their fields.
pub(super) const PARTS: [Part; 3] = [Part::Title, Part::Summary, Part::Body];

/// The fields of a record in the index.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) schema: Schema,
    /// What records are forgotten and filtered by: `entry:`, `author:`, `within:`, `refers:` and what
    /// follows.
    pub(super) key: Field,
    /// What they are counted and filtered by: `kind:practice`.
    pub(super) facet: Field,
    /// The first eight bytes of the author: enough to find it among those held.
    pub(super) author: Field,
    /// The sequence number and the branch.
    pub(super) place: Field,
    /// Its time in the order of lists.
    pub(super) time: Field,
    /// From when on another version counts; the largest number where none does.
    pub(super) until: Field,
    /// Terms by language and part, made before they are handed over and divided by spaces.
    pub(super) terms: [[Field; 3]; 4],
    /// Concepts of the thesaurus, by part.
    pub(super) concepts: [Field; 3],
    /// All words folded, without their article and not stemmed, for beginnings, misspelt words and exact forms.
    pub(super) words: Field,
}

/// Names of the columns that are read for every record found.
pub(super) const FACET: &str = "facet";
pub(super) const AUTHOR: &str = "author";
pub(super) const PLACE: &str = "place";
pub(super) const TIME: &str = "time";
pub(super) const UNTIL: &str = "until";

impl Fields {
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let text = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer("whitespace").set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let scored = || text(IndexRecordOption::WithFreqs);
        let key = schema.add_text_field("key", STRING);
        let facet = schema.add_text_field(FACET, STRING | FAST);
        let author = schema.add_u64_field(AUTHOR, FAST);
        let place = schema.add_u64_field(PLACE, FAST);
        let time = schema.add_u64_field(TIME, FAST | INDEXED);
        let until = schema.add_u64_field(UNTIL, FAST);
        let terms = Language::ALL.map(|language| {
            PARTS.map(|part| schema.add_text_field(&format!("{}_{part:?}", language.name()), scored()))
        });
        let concepts = PARTS.map(|part| schema.add_text_field(&format!("concept_{part:?}"), scored()));
        let words = schema.add_text_field("words", text(IndexRecordOption::Basic));
        Self { schema: schema.build(), key, facet, author, place, time, until, terms, concepts, words }
    }
}
