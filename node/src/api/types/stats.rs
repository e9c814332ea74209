//! Numbers of records and members.

use std::collections::BTreeMap;

use multaqa_protocol::id::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Totals;

/// How many records and members there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stats {
    /// `multaqa/stats/1`.
    pub schema: String,
    /// The date of the numbers, where one was asked for. Times are the authors' claims (N9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub as_of: Option<Millis>,
    /// Members, as the member table counts them (N10).
    pub members: Totals,
    /// Records that count.
    pub records: RecordTotals,
}

/// Numbers of records that count; profiles are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordTotals {
    /// Records, each in all its versions.
    pub records: u64,
    /// The same by kind.
    pub kinds: BTreeMap<String, u64>,
    /// Later versions of them.
    pub revisions: u64,
    /// Entries that are withdrawn now.
    pub withdrawn: u64,
    /// Authors who published any.
    pub authors: u64,
}
