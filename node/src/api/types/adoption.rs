//! How practices spread: who took them up, in which version, and who has not seen the last one.

use std::collections::BTreeMap;

use multaqa_protocol::id::{EntryId, Millis};
use multaqa_protocol::record::evidence::Measure;
use multaqa_protocol::record::{Period, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};
use super::{AuthorRef, ReportRef, Verdict};

/// How a practice spread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adoptions {
    /// `multaqa/adoptions/1`.
    pub schema: String,
    /// The first version of the practice, by which it is known.
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// The version that counts.
    #[schema(value_type = Id)]
    pub version: EntryId,
    /// Whose practice it is.
    pub author: AuthorRef,
    /// The day, in Morocco: what was signed until its end counts.
    pub as_of: String,
    /// How many adopters stand in each state, by code.
    pub by_state: BTreeMap<String, u64>,
    /// The adopters, in the order in which they first spoke.
    pub items: Vec<AdopterOf>,
    /// Adoptions by the practice's own author, which are no spread.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub own: Vec<EntryId>,
    /// Verdicts on the practice, newest first.
    pub evaluations: Vec<Verdict>,
    /// Whether all that is held was looked at.
    pub complete: bool,
}

/// One who took up a practice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdopterOf {
    /// What it last said.
    #[serde(flatten)]
    pub latest: ReportRef,
    /// When it first spoke, Unix milliseconds.
    #[schema(value_type = u64)]
    pub since: Millis,
    /// How far it has come, as a code of an open list.
    pub state: String,
    /// The official code of the place where it was taken up, where that is not the adopter's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When it is or was taken up.
    #[schema(value_type = Object)]
    pub period: Period,
    /// The exact version that was taken up.
    #[schema(value_type = Id)]
    pub version: EntryId,
    /// Which of the versions that is, from 1; absent where it is none that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Whether there is a newer version than the one taken up.
    pub behind: bool,
    /// What was changed to fit, and why.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub adaptation: Words,
    /// What came of it there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub results: Vec<Measure>,
    /// What was learnt there.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub lessons: Words,
    /// All that it said, oldest first, the latest included.
    #[schema(value_type = Vec<Id>)]
    pub statements: Vec<EntryId>,
}

/// A practice that an author took up and of which there is a newer version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewerVersion {
    /// The adoption.
    #[schema(value_type = Id)]
    pub adoption: EntryId,
    /// Whose practice it is.
    pub author: AuthorRef,
    /// The version that was taken up.
    #[schema(value_type = Id)]
    pub adopted: EntryId,
    /// The version that counts now.
    #[schema(value_type = Id)]
    pub current: EntryId,
    /// What that one is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// When it was signed, Unix milliseconds.
    #[schema(value_type = u64)]
    pub time: Millis,
}
