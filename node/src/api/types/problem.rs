//! What an answer says when something is wrong (RFC 9457).

use multaqa_protocol::id::{AuthorId, EntryId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::Id;

/// A problem, served as `application/problem+json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `multaqa/problem/1`.
    pub schema: String,
    /// `about:blank`: the code says more than an address could.
    pub r#type: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code, under which catalogues have the text for people.
    pub code: String,
    /// What the code means, in English.
    pub title: String,
    /// What it is about here, in English.
    pub detail: String,
    /// The rule of the protocol that is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The faults of a draft.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// The entries that an ambiguous prefix could mean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matches: Vec<Match>,
}

/// A fault in one field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as `results[0].value`; empty for the draft as a whole.
    pub path: String,
    /// The stable code of the fault.
    pub code: String,
    /// What is wrong, in English.
    pub message: String,
    /// The word that was probably meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// What there is instead: the ids that the record pointed at has, the kinds that belong here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
}

/// What an author must know of a record that can be signed all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Warning {
    /// The field that it is about.
    pub path: String,
    /// The stable code, under which catalogues have the text for people.
    pub code: String,
    /// What it is, in English.
    pub message: String,
    /// The entry that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub target: Option<EntryId>,
}

/// An entry whose id begins as asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Match {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Whose it is.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// Its kind.
    pub kind: String,
}
