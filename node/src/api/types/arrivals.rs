//! What is new here.

use multaqa_protocol::id::EntryId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RecordItem;
use super::schema::Id;

/// The records that arrived at this node after an entry did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Arrivals {
    /// `multaqa/arrivals/1`.
    pub schema: String,
    /// The records, the earliest first.
    pub items: Vec<RecordItem>,
    /// The entry after which the next page begins; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub next: Option<EntryId>,
    /// The entry of any kind that arrived last: what to keep, and to ask after the next time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub latest: Option<EntryId>,
    /// How many records there are, on all pages.
    pub total: u64,
}
