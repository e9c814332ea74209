//! What the stewards' checkpoints say of the network as a whole (A4, Y6).

use multaqa_protocol::id::{EntryId, Seq};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::Id;
use super::{AuthorRef, Listing};

/// What checkpoints say of the network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Checkpoints {
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Listing>,
    /// Heads that one named at least three days ago and that nobody has supplied since, at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_supplied: Vec<ListedHead>,
    /// Pairs of statements that cannot both be honest, at most 64. The entries of the two checkpoints are the proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contradictions: Vec<HeadContradiction>,
}

/// The head of a log as a checkpoint names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedHead {
    /// Whose log.
    pub author: AuthorRef,
    /// Its place in it.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// The checkpoint.
    pub listed: Listing,
}

/// Two rows of checkpoints that cannot both be honest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeadContradiction {
    /// How.
    pub kind: ContradictionKind,
    /// The one.
    pub one: ListedHead,
    /// The other.
    pub other: ListedHead,
}

/// How two rows contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// Different entries at one place of a log, which no change of key explains: somebody was shown another log.
    TwoHeads,
    /// A steward lists less of a log than it listed before.
    SteppedBack,
}
