//! Dialogue as it is shown.

use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};
use super::{Link, RecordItem};

/// What was said about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    /// `multaqa/thread/1`.
    pub schema: String,
    /// The record.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Replies to it, the newest first.
    pub items: Vec<ThreadReply>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many replies to it there are; absent while the search index is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Whether the search index had taken up all records; otherwise some may be missing.
    pub complete: bool,
    /// Practices that say that they answer it, where it is a challenge.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<RecordItem>,
}

/// A reply with the replies to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ThreadReply {
    /// What a list says of it: its text is the `summary`, what it answers and which part stands in `about`.
    #[serde(flatten)]
    pub item: RecordItem,
    /// Who is asked to answer in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<Addressed>,
    /// Practices that it names as answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub practices: Vec<Link>,
    /// Replies to it, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub replies: Vec<Self>,
    /// Whether it may have replies that are not among these; its own thread has them.
    pub more: bool,
}

/// A collectivity that is asked, by its place, its author id, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Addressed {
    /// Its place's official code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What the official table calls the place.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub place_names: Words,
    /// Its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub author: Option<AuthorId>,
    /// What its latest profile calls it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
}
