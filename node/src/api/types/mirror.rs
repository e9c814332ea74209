//! Logs as a copy elsewhere follows them: how each stands, and its entries with their signed bytes.

use multaqa_protocol::id::{AuthorId, EntryId, Millis, NetworkId, Seq};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::Id;
use super::{BodyStatus, Status};

/// How all logs stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MirrorLogs {
    /// `multaqa/mirror-logs/1`.
    pub schema: String,
    /// The network, where the node is in one.
    #[schema(value_type = Option<Id>)]
    pub network: Option<NetworkId>,
    /// Another value whenever anything changed; the value to ask with the next time.
    pub state: String,
    /// The logs; empty where nothing changed since the state that was asked with.
    pub items: Vec<MirrorLog>,
}

/// How one log stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MirrorLog {
    /// Whose it is.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// Another value whenever what is said of entries that were read before may have changed: by a fork, a
    /// rotation, a suspension, a withdrawal, a body that came. While it is the same the log only grew.
    pub base: String,
    /// The branch that grows: that of the last canonical entry.
    pub branch: u16,
    /// The last sequence number of that branch.
    #[schema(value_type = u32)]
    pub last: Seq,
}

/// Some entries of a log, parents before children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MirrorPage {
    /// `multaqa/mirror-page/1`.
    pub schema: String,
    /// How the log stood when the page was made.
    pub log: MirrorLog,
    /// The entries.
    pub items: Vec<MirrorEntry>,
    /// Whether more follow after the last of them.
    pub more: bool,
}

/// One entry with its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MirrorEntry {
    /// The branch on which it lies.
    pub branch: u16,
    /// Its place there.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// How it stands.
    pub status: Status,
    /// What there is of its body; of one that is held, not whether it can be read.
    pub body: BodyStatus,
    /// The first version of the record of which it is one (R2).
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// When it was withdrawn, as the earliest of those claims who did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub withdrawn: Option<Millis>,
    /// The signed bytes, as Base64.
    pub envelope: String,
    /// The body, as Base64; absent where it is missing, withdrawn or hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<String>,
}
