//! The node's keys, and how they are changed. On the office's router only.

use multaqa_protocol::id::{AuthorId, Bytes32, EntryId, Millis, Seq};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};

use super::LogHealth;

/// The node's public keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// `multaqa/key/1`.
    pub schema: String,
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// The key that signs its log now.
    #[schema(value_type = Id)]
    pub sign: Bytes32,
    /// The hash of the rotation key that is kept offline.
    #[schema(value_type = Id)]
    pub next: Bytes32,
    /// The inception or rotation that names both.
    #[schema(value_type = Id)]
    pub establishment: EntryId,
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// Since when, as that entry claims.
    #[schema(value_type = u64)]
    pub since: Millis,
    /// How often the key was changed.
    pub rotations: u64,
    /// How the log is; in a contested one no key is in force.
    pub log: LogHealth,
    /// The rotations that contradict each other, where they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub contest: Vec<EntryId>,
    /// Why this node does not sign with it, if it does not: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<String>,
    /// The node's peer id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<String>,
}

/// `POST /key/rotation`: prepare a change of the signing key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotationRequest {
    /// The public part of the rotation key that will sign; the key itself stays where it is kept.
    #[schema(value_type = Id)]
    pub reveal: Bytes32,
    /// Why: scheduled, handover, theft, fork, restore.
    pub reason: String,
    /// The last entry by which the owner stands, or an unambiguous prefix of it; the head where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub note: Words,
    /// Whether it contradicts a rotation made with the same rotation key (S7).
    #[serde(default)]
    pub contest: bool,
}

/// What is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotationPlan {
    /// `multaqa/rotation-plan/1`.
    pub schema: String,
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// The rotation's place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// The entry before it, by which the owner stands.
    #[schema(value_type = Id)]
    pub prev: EntryId,
    /// Its time.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// The new signing key, which this node has made.
    #[schema(value_type = Id)]
    pub sign: Bytes32,
    /// Its body in hex.
    pub body: String,
    /// Entries held here that it disowns.
    pub disowned: u64,
}

/// `POST /key/rotation/signed`: the prepared rotation, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedRotation {
    /// Its envelope in hex.
    pub envelope: String,
    /// Its body in hex, as it was planned.
    pub body: String,
}

/// What a rotation has become.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rotated {
    /// `multaqa/rotation/1`.
    pub schema: String,
    /// The rotation.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// The signing key from now on.
    #[schema(value_type = Id)]
    pub sign: Bytes32,
    /// How the log is: contested where another rotation contradicts this one.
    pub log: LogHealth,
}

/// The answer to an order to sign again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resumed {
    /// `multaqa/resumed/1`.
    pub schema: String,
    /// Why the node did not sign, if it did not: a stable code.
    pub quarantine: Option<String>,
}

/// The answer to the word that the clock is right (W3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClockConfirmed {
    /// `multaqa/clock/1`.
    pub schema: String,
    /// What the clock says.
    #[schema(value_type = u64)]
    pub time: Millis,
}
