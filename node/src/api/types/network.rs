//! The network and its nodes.

use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};

use super::{AuthorRef, Checkpoints};

/// The network as its charter and stewards make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Network {
    /// `multaqa/network/1`.
    pub schema: String,
    /// The network; `null` where this node belongs to none yet.
    #[schema(value_type = Option<Id>)]
    pub id: Option<NetworkId>,
    /// Whether the charter is held here; without it nothing can be decided.
    pub charter_known: bool,
    /// What the network is called.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// What the members undertake.
    #[schema(value_type = Texts)]
    pub text: Words,
    /// The principles of openness.
    pub principles: Vec<String>,
    /// The licence of what is published.
    pub licence: String,
    /// The current stewards.
    pub stewards: Vec<AuthorRef>,
    /// How many of them decide together.
    pub k: u64,
    /// The adopted versions of the charter, version 0 first.
    pub versions: Vec<CharterVersion>,
    /// Successors that have votes, but not enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proposals: Vec<Proposal>,
    /// When stewards last said anything in the network, as they claim: an old view is noticed by its
    /// age (N11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub last_statement: Option<Millis>,
    /// What the stewards' checkpoints say of it.
    #[serde(default)]
    pub checkpoints: Checkpoints,
}

/// An adopted version of the charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CharterVersion {
    /// Its number.
    pub version: u64,
    /// The hash of its body.
    #[schema(value_type = Id)]
    pub hash: BodyHash,
    /// How many of its stewards decide together.
    pub k: u64,
    /// Its stewards.
    #[schema(value_type = Vec<Id>)]
    pub stewards: Vec<AuthorId>,
    /// Who signed version 0, or voted for a later one.
    pub votes: Vec<Vote>,
    /// Stewards of version 0 who have not signed it (N1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub unsigned: Vec<AuthorId>,
}

/// One steward's entry for a version of the charter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Vote {
    /// The steward.
    #[schema(value_type = Id)]
    pub by: AuthorId,
    /// Its `charter` entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
}

/// A successor of the charter that is not adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// The hash of its body.
    #[schema(value_type = Id)]
    pub hash: BodyHash,
    /// Its number.
    pub version: u64,
    /// Who voted for it.
    pub votes: Vec<Vote>,
}

/// How far a node and a peer were apart when they last compared their heads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Behind {
    /// Entries that the peer lacked.
    pub there: u64,
    /// Entries that this node lacked.
    pub here: u64,
    /// When.
    #[schema(value_type = u64)]
    pub at: Millis,
}

/// Another node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Peer {
    /// Its peer id.
    pub peer: String,
    /// `connected`, `dialling`, `away` or `banned`.
    pub state: String,
    /// Why it is not connected, as a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The same in words, for logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// `lan`, this machine included, `direct`, or `relayed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The node that passes the connection on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<String>,
    /// How it came to be known: `invitation`, `lan`, `itself` (it dialled this node), or the id of the peer
    /// that named it.
    pub introduced: String,
    /// Whether it offers to pass on connections of others.
    #[serde(default)]
    pub offers_relay: bool,
    /// How far the two are apart, as the last comparison told; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<Behind>,
    /// `inbound` or `outbound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Its addresses, the most useful first.
    pub addresses: Vec<String>,
    /// Since when it is connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub since: Option<Millis>,
    /// When it last gave a sign of life.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub last_seen: Option<Millis>,
    /// The last ping's round trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<u64>,
    /// The name and version of its program, as it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The author whose profile names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AuthorRef>,
}
