//! What a node allows.

use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};

/// A request to ban a peer or a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BanRequest {
    /// A peer id, an address or a range of addresses.
    pub subject: String,
    /// Why.
    pub reason: String,
    /// For how long; without it until it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
}

/// A request to lift a ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnbanRequest {
    /// Whom it hits.
    pub subject: String,
}

/// Whether a ban was lifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lifted {
    /// `multaqa/lifted/1`.
    pub schema: String,
    /// Whether there was one.
    pub lifted: bool,
}

/// A request to hide a record on this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HideRequest {
    /// A version of the record, by its id or the first 8 digits or more.
    pub record: String,
    /// Why, as this node's readers see it.
    pub reason: String,
}

/// A request to show a record again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRequest {
    /// A version of the record, by its id or the first 8 digits or more.
    pub record: String,
}

/// Whether a record was shown again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShownAgain {
    /// `multaqa/shown-again/1`.
    pub schema: String,
    /// Whether it was hidden.
    pub shown: bool,
}

/// How much of one author is held here, and what is still taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Quota {
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its profile calls it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
    /// Bytes charged to it.
    pub bytes: u64,
    /// Bytes beyond which its content is left out.
    pub quota: u64,
    /// What is still taken.
    pub room: RoomLeft,
}

/// What is still taken of an author (Y7), each with all that stands below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RoomLeft {
    /// Everything.
    Everything,
    /// Entries, without their content.
    Headers,
    /// Rotations, and the branches that they crown.
    Rotations,
    /// Evidence of forks.
    Evidence,
    /// Nothing.
    Nothing,
}
