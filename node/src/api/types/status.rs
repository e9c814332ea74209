//! How a node is.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, NetworkId};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};

use super::{LogHealth, MemberState};

/// How well a node is, at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// All is well.
    Ok,
    /// It works, and something deserves a look: see `notes`.
    Warning,
    /// It does not take or sign entries.
    Degraded,
}

/// How a node is, health first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NodeStatus {
    /// `multaqa/status/1`.
    pub schema: String,
    /// How well it is.
    pub health: Health,
    /// Why it is not simply well, as stable codes with a detail for logs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<String, String>,
    /// Why it signs nothing, where it may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<QuarantineStatus>,
    /// Own entries that came from elsewhere since the start: another folder signs for this author, or
    /// this one was restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
    /// How its own log is.
    pub log: LogHealth,
    /// The version of the program.
    pub version: String,
    /// The author whose log it writes.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its profile calls it.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// Whether the network part runs.
    pub online: bool,
    /// Its network; absent where it belongs to none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkStatus>,
    /// Other nodes.
    pub peers: PeerCount,
    /// Addresses at which it listens.
    pub listeners: Vec<String>,
    /// How others reach it; absent where the network part does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachStatus>,
    /// What it holds.
    pub store: StoreStatus,
    /// Authors whose logs it holds.
    pub authors: u64,
    /// Logs that are frozen.
    pub frozen: u64,
    /// Entries and messages refused since the start, by the id of the rule broken.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refused: BTreeMap<String, u64>,
}

/// Why a node signs nothing, and how far it is (W1, W2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuarantineStatus {
    /// A stable code: guard-missing, guard-older, guard-newer, own-unknown, log-missing, other-key.
    pub why: String,
    /// Nodes that were asked for the own log since the start.
    pub asked: u64,
    /// How many have to be.
    pub needed: u64,
}

/// Own entries that came from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Elsewhere {
    /// The first of them.
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// How many.
    pub count: u64,
}

/// A node's network and its own part in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NetworkStatus {
    /// The network.
    #[schema(value_type = Id)]
    pub id: NetworkId,
    /// What it is called.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// Whether the charter is held here.
    pub charter_known: bool,
    /// How the node's author stands to it.
    pub state: MemberState,
    /// Whether its author is a steward.
    pub steward: bool,
    /// How many stewards decide together.
    pub k: u64,
    /// How many stewards admit the node's author.
    pub admitted_by: u64,
    /// Members.
    pub members: u64,
    /// Authors who apply.
    pub candidates: u64,
}

/// How other nodes reach a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReachStatus {
    /// `public`: anybody can dial it; `private`: it is reached where it dials itself, or through a relay;
    /// `unknown`: nobody has said yet.
    pub state: String,
    /// On what that rests: `configured`, `mapped` (UPnP), `dialled-back` and `not-dialled-back` (AutoNAT),
    /// or `not-asked`.
    pub basis: String,
    /// The peers that pass on connections to it.
    pub relays: Vec<String>,
    /// The addresses that it tells others beside those at which it listens, relayed ones among them.
    pub addresses: Vec<String>,
}

/// Numbers of other nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeerCount {
    /// Connected now.
    pub connected: u64,
    /// Known.
    pub known: u64,
}

/// What a node holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoreStatus {
    /// Whether it takes writes.
    pub writable: bool,
    /// Entries.
    pub entries: u64,
    /// Bodies.
    pub bodies: u64,
    /// Entries whose body is missing.
    pub missing: u64,
    /// Bytes of the journal.
    pub bytes: u64,
    /// Segments of the journal.
    pub segments: u64,
}
