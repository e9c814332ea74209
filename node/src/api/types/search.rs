//! Records that were asked for: by words, by what they say, or both.

use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::Texts;
use super::{AuthorRef, RecordItem};

/// A page of records, with how many there are in all and how they are spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Records {
    /// `multaqa/records/1`.
    pub schema: String,
    /// The records of this page: the best first where words are looked for, otherwise the newest.
    pub items: Vec<RecordItem>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many records there are on all pages; absent where they were not counted, which is so while
    /// the index is built and for records that do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Whether all that is held was looked at. While the index is built or behind, it is not: ask again
    /// a little later.
    pub complete: bool,
    /// How the records on all pages are spread; empty where they were not counted.
    #[serde(default)]
    pub facets: Facets,
    /// Whom the authors of these records are like, where that was asked for; the most alike come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similar_to: Option<AlikeTo>,
}

/// A collectivity for which others like it were looked for, and how likeness is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlikeTo {
    /// Who it is.
    #[serde(flatten)]
    pub author: AuthorRef,
    /// Its level; only records of authors of this level are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The fewest inhabitants of its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population_from: Option<u64>,
    /// The inhabitants at which the next class begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population_to: Option<u64>,
    /// The official code of its region, absent for a region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The themes of what it published last.
    pub themes: Vec<String>,
    /// How likeness is counted.
    #[schema(value_type = Texts)]
    pub rule: Words,
}

/// How much the author of a record is like another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Alike {
    /// The sum by which records are ordered.
    pub points: u64,
    /// Whether the populations are of one class.
    pub population: bool,
    /// Whether both lie in one region.
    pub region: bool,
    /// The themes in common.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
}

/// How many records there are of each value, the most frequent first. Each list is named as the parameter
/// that takes its values; a region is taken by `place`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Facets {
    /// Kinds of records.
    pub kind: Vec<FacetCount>,
    /// Regions in which their authors lie, by official code.
    pub region: Vec<FacetCount>,
    /// Places of their authors, by official code.
    pub place: Vec<FacetCount>,
    /// Levels of those places (`region`, `province`, `commune`).
    pub level: Vec<FacetCount>,
    /// Principles of openness.
    pub principle: Vec<FacetCount>,
    /// Policy areas, as codes of an open list.
    pub theme: Vec<FacetCount>,
    /// How far they have come, as their authors say (`in_progress`, `complete` ...).
    pub status: Vec<FacetCount>,
    /// Languages in which they can be read, by tag; the parameter is `lang`.
    pub language: Vec<FacetCount>,
    /// Years in which they ran.
    pub year: Vec<FacetCount>,
}

/// How many records there are of one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCount {
    /// The value, as its parameter takes it.
    pub value: String,
    /// What it is called, where the value is a code of the official table of places.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
    /// How many.
    pub count: u64,
}

/// Why a record answers a question, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Matched {
    /// The title in the language in which it answers best, in pieces; empty where it does not answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Piece>,
    /// The tag of the title's language.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title_language: String,
    /// A passage of the record, in pieces; empty where only the title answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub snippet: Vec<Piece>,
    /// The tag of the passage's language.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub snippet_language: String,
    /// What of the question it answers otherwise than by the very words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Why>,
}

/// A piece of a text as it stands in the record; all pieces together are the text or the passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Piece {
    /// The text, to be escaped like any other.
    pub text: String,
    /// Whether it is what was looked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub marked: bool,
}

/// A way in which a record answers that is not the very words of the question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// Which way.
    pub way: Way,
    /// The words of the question.
    pub asked: String,
    /// What they were taken for: the names of a concept or place, or the word that was meant.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// The concept's key, or the place's official code; empty for a word.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The words of the record that answer; empty where they stand in a part that is not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// How words of a question were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// As a concept of the thesaurus, which has other words in this and other languages.
    Concept,
    /// As the name of a place.
    Place,
    /// As a misspelt word.
    Spelling,
    /// As the beginning of a word.
    Beginning,
}
