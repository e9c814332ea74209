//! Requests that write, and their answers. They exist on the office's router only.

use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, Seq};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Warning;
use super::schema::{Id, Texts};

/// `POST /records`: a record to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordRequest {
    /// Its kind.
    pub kind: String,
    /// Its body, as a clerk wrote it.
    pub fields: serde_json::Value,
}

/// `POST /records/{id}/revise`: a new version, whose `replaces` is set to the record named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseRequest {
    /// The whole body of the new version.
    pub fields: serde_json::Value,
}

/// `POST /records/{id}/withdraw`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawRequest {
    /// Why, as a code or a short text.
    pub reason: String,
    /// The legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Whether all versions of the record are withdrawn, not this one alone.
    #[serde(default)]
    pub all_versions: bool,
}

/// `POST /network`: found a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NetworkRequest {
    /// What it is called.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// What the members undertake.
    #[schema(value_type = Texts)]
    pub text: Words,
    /// The principles of openness; the five where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<String>,
    /// Who decides; the node's own author where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub stewards: Vec<AuthorId>,
    /// How many decide together; more than half where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u64>,
    /// The licence of what is published.
    pub licence: String,
    /// Whether the author joins its network at once and, being the only steward, admits itself.
    #[serde(default = "yes")]
    pub join: bool,
}

const fn yes() -> bool {
    true
}

/// `POST /network/amend`: the next version of the charter; what is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendmentRequest {
    /// What the network is called.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
    /// What the members undertake.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub text: Words,
    /// The principles of openness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<String>,
    /// Who decides from then on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub stewards: Vec<AuthorId>,
    /// How many of them decide together; more than half where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k: Option<u64>,
    /// The licence of what is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
}

/// `POST /network/sign`: sign a version of the charter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignRequest {
    /// The version, by its body's hash; version 0 where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub hash: Option<BodyHash>,
}

/// `POST /network/enter`: join by an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinRequest {
    /// The invitation, as printed.
    pub invitation: String,
    /// The council's deliberation, as it is cited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
}

/// `POST /invitations`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationRequest {
    /// Addresses to put in; those at which the node listens where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
}

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// `multaqa/invitation/1`.
    pub schema: String,
    /// The line to hand on.
    pub line: String,
    /// The network.
    #[schema(value_type = Id)]
    pub network: NetworkId,
    /// The charter in force, by its body's hash.
    #[schema(value_type = Id)]
    pub charter: BodyHash,
    /// What the network is called.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// Where its nodes are found.
    pub addresses: Vec<String>,
}

/// The answer to a join: what was signed, and who must act next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Application {
    /// `multaqa/application/1`.
    pub schema: String,
    /// The author who applies.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// The network.
    #[schema(value_type = Id)]
    pub network: NetworkId,
    /// The `join` entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
    /// How many stewards must admit it; `null` while the charter is not held here.
    pub k: Option<u64>,
}

/// `POST /admissions`: a steward's word for an author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AdmissionRequest {
    /// The author, or an unambiguous prefix of at least 8 digits.
    pub author: String,
    /// The official code that is confirmed; the one of its profile is not taken by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The level that is confirmed; that of the code where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// An entry by which the steward stands (N6), or an unambiguous prefix of one that is held here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stands: Option<String>,
    /// The authors that it continues, each like `author`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub succeeds: Vec<String>,
}

/// `POST /suspensions`: a steward's word against an author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionRequest {
    /// The author, or an unambiguous prefix of at least 8 digits.
    pub author: String,
    /// The last entry that still counts; its head where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub upto: Option<Seq>,
    /// Why, as a code or a short text.
    pub reason: String,
    /// For people.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub note: Words,
}

/// What was signed and is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Published {
    /// `multaqa/published/1`.
    pub schema: String,
    /// The entry asked for.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its kind.
    pub kind: String,
    /// Its author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// The network, where the request founded one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub network: Option<NetworkId>,
    /// All entries that were signed for it, in the order of the log.
    #[schema(value_type = Vec<Id>)]
    pub entries: Vec<EntryId>,
    /// What its author must know of the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A file that was taken: how a record names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attached {
    /// `multaqa/attached/1`.
    pub schema: String,
    /// SHA-256 of its bytes.
    #[schema(value_type = Id)]
    pub hash: Bytes32,
    /// Its length in bytes.
    pub size: u64,
    /// Its media type, by its content.
    pub mime: String,
    /// SHA-256 of its chunks' hashes.
    #[schema(value_type = Option<Id>)]
    pub chunks: Option<Bytes32>,
}

/// The answer to `POST /records/check`: what would be signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Checked {
    /// `multaqa/check/1`.
    pub schema: String,
    /// Its kind.
    pub kind: String,
    /// Its body, with references in place of ids that stood as text.
    pub fields: serde_json::Value,
    /// What its author must know before signing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// `multaqa/import/1`.
    pub schema: String,
    /// Entries that were stored.
    pub stored: u64,
    /// Entries that were known already.
    pub known: u64,
    /// Entries that change nothing here.
    pub ignored: u64,
    /// Entries refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<RefusedEntry>,
    /// Applications that were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub candidates: Vec<AuthorId>,
}

/// An entry that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefusedEntry {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// The rule that it breaks.
    pub rule: String,
}
