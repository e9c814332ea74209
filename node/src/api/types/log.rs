//! An author's log, entry by entry.

use multaqa_protocol::id::{EntryId, Millis, Seq};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::Id;
use super::{AuthorRef, BodyStatus, Disowning, ExistedBefore, Status};

/// One entry of an author's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogRow {
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its kind.
    pub kind: String,
    /// The claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// How it stands.
    pub status: Status,
    /// By which rotation it was disowned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disowned: Option<Disowning>,
    /// What there is of its body: of one that is held, not whether it can be read.
    pub body: BodyStatus,
    /// By when it existed, by the word of members; only where `dated` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existed_before: Option<ExistedBefore>,
    /// What it says of heads, where it is a steward's checkpoint or a member's confirmation that counts; only where
    /// `dated` asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<SaidOfHeads>,
}

/// What an entry says of the heads of logs (A1, A2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "says", rename_all = "snake_case")]
pub enum SaidOfHeads {
    /// A steward lists them.
    Lists {
        /// Of how many logs.
        logs: u64,
    },
    /// A member confirms a steward's list.
    Confirms {
        /// The steward.
        #[serde(flatten)]
        by: AuthorRef,
        /// Its checkpoint.
        #[schema(value_type = Id)]
        entry: EntryId,
        /// When that was made, as the steward claims; absent where it is not held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<u64>)]
        time: Option<Millis>,
    },
}
