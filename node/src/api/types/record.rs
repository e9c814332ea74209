//! Records and entries as they are shown.

use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, Seq};
use multaqa_protocol::record::{Ref, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Reference, Texts};
use super::{Alike, Hiding, Matched, Stewards};

/// How an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It counts.
    Canonical,
    /// It lies beyond the head of a forked or contested log (S5).
    Disputed,
    /// A rotation stepped back before it (S5).
    Disowned,
    /// It was written after its author's suspension (N7).
    BeyondCut,
    /// It counts, and its body is withdrawn (B2).
    Withdrawn,
}

/// What there is of an entry's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BodyStatus {
    /// Held and readable.
    Present,
    /// Held, and not readable as a record of its kind (B5, R3).
    Unreadable,
    /// Not obtained yet (B1).
    Missing,
    /// Withdrawn: neither served nor shown (B3).
    Withdrawn,
    /// Held and not shown: the administrator of this node hides it. Its signed bytes are served as ever.
    Hidden,
}

/// Where an author says it is, and who confirms it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Confirmation {
    /// Whether k stewards confirm the place; otherwise it is only the author's claim (N5).
    pub confirmed: bool,
    /// How many of them do.
    #[serde(flatten)]
    pub stewards: Stewards,
    /// The level, as k stewards confirm it, otherwise as claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// What the official table calls the place.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub place_names: Words,
}

/// An author by id and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthorRef {
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its latest profile calls it.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
}

/// One record of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordItem {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its kind.
    pub kind: String,
    /// Whose it is.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its author's latest profile calls it.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// The official code of its author's place, `null` where none is known. Whether stewards confirm it
    /// stands in `confirmation`.
    pub place: Option<String>,
    /// Who confirms the place.
    pub confirmation: Confirmation,
    /// What the record is called; empty for kinds without a title and bodies that are not here.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// What it says in short.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub summary: Words,
    /// The record that it is about, where it is nothing by itself: what a reply answers, an adoption takes up,
    /// an `endorse` co-signs, a progress record or an evaluation tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The principles of openness that it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub principles: Vec<String>,
    /// How far it has come, as its author says, in the codes of its kind: of progress those of the milestones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub progress: Vec<String>,
    /// The author's claim of when it was written (W4).
    #[schema(value_type = u64)]
    pub time: Millis,
    /// How it stands.
    pub status: Status,
    /// By which rotation it was disowned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disowned: Option<Disowning>,
    /// Whether it is the current version of its record (R2).
    pub current: bool,
    /// Its place in its author's log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// What there is of its body.
    pub body: BodyStatus,
    /// Whether its signature is good. The store takes nothing else, so in a list this is what was found
    /// when the entry came; in [`Record`] it is checked again.
    pub signature: SignatureStatus,
    /// Why and where it answers the words that were looked for; absent where none were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<Matched>,
    /// How much its author is like the one for whom likeness was asked; absent where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alike: Option<Alike>,
}

/// The record that another one is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct About {
    /// The field that names it, the entry, and whether that is here.
    #[serde(flatten)]
    pub link: Link,
    /// Its kind, where it is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What it is called, where it is here and has a title.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub title: Words,
    /// What its author is called, where it is here and has no title: it is known by whose it is.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub names: Words,
    /// The part that is meant, by its id there: a commitment, a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What that part is called there.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub part_title: Words,
}

/// Whether a signature is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SignatureStatus {
    /// By the key that the author's log names there (V5).
    Verified,
    /// Not by that key: the folder was altered.
    Forged,
    /// The entry that names the key is not held.
    Undecided,
}

/// A signature, checked for this answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    /// Whether it is good.
    pub status: SignatureStatus,
    /// The key that must have signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub key: Option<Bytes32>,
    /// The inception or rotation that names that key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub establishment: Option<EntryId>,
}

/// One entry of any kind, in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// `multaqa/record/1`.
    pub schema: String,
    /// What a list says of it.
    #[serde(flatten)]
    pub item: RecordItem,
    /// What its body says, ids as hex; absent where it is not here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<serde_json::Value>,
    /// Why the body cannot be read as a record of its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// Length of the body in bytes.
    pub body_len: u64,
    /// Hash of the body.
    #[schema(value_type = Id)]
    pub body_hash: BodyHash,
    /// The entry before it; absent in an inception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub prev: Option<EntryId>,
    /// The signature, checked now.
    pub signed: Signature,
    /// What others say of when it existed.
    pub dates: Dates,
    /// Since when and why this node hides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Hiding>,
    /// Who withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<WithdrawalInfo>,
    /// The authors that its author continues, by k stewards' word (N5).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continues: Vec<AuthorRef>,
    /// The authors that continue its author, by k stewards' word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued_by: Vec<AuthorRef>,
    /// The first version of the record, by which it is known (R2).
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// How many versions there are.
    pub versions: u64,
    /// The version that counts now, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub replaced_by: Option<EntryId>,
    /// What it says that it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Replaces>,
    /// The entries that its body names (R1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// What a record says that it replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replaces {
    /// The entry named.
    #[serde(flatten)]
    #[schema(value_type = Reference)]
    pub target: Ref,
    /// Whether that is an earlier canonical entry of the same author and kind; otherwise the record
    /// stands alone (R2).
    pub holds: bool,
}

/// An entry that a body names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// The field that names it.
    pub field: String,
    /// The entry named.
    #[serde(flatten)]
    #[schema(value_type = Reference)]
    pub target: Ref,
    /// Whether it is here.
    pub resolved: Resolved,
}

/// Whether an entry that is named is here (R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resolved {
    /// It is held.
    Held,
    /// Not held here yet.
    NotHeld,
}

/// Who withdrew an entry, when and why (B4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WithdrawalInfo {
    /// Whether stewards ordered it; otherwise its author did.
    pub ordered: bool,
    /// All that withdraw it, its author first.
    pub by: Vec<Withdrawer>,
}

/// One that withdraws an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Withdrawer {
    /// Who.
    #[serde(flatten)]
    pub who: AuthorRef,
    /// The `withdraw` entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
    /// The claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// Why.
    pub reason: String,
    /// The legal basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// The rotation that disowns an entry (S5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disowning {
    /// The rotation.
    #[schema(value_type = Id)]
    pub by: EntryId,
    /// Its claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// Its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the rotation itself names the entry among what it disowns.
    pub declared: bool,
}

/// A record in all its versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct History {
    /// `multaqa/history/1`.
    pub schema: String,
    /// The first version, by which the record is known.
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// The version that counts now.
    #[schema(value_type = Id)]
    pub current: EntryId,
    /// The versions, oldest first.
    pub items: Vec<VersionRow>,
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VersionRow {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// The claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// What this version is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// How it stands.
    pub status: Status,
    /// By which rotation it was disowned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disowned: Option<Disowning>,
    /// Whether it counts now.
    pub current: bool,
    /// What there is of its body.
    pub body: BodyStatus,
    /// The top-level fields that differ from the version before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
}

/// What others say of when an entry existed (A3). Dates are Unix milliseconds, each a claim of who signed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Dates {
    /// By when members had confirmed that it existed; absent while none has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub existed_before: Option<ExistedBefore>,
    /// The first of the checkpoints that show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<Listing>,
    /// The latest checkpoint that its author had confirmed before signing it: it is not older than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Listing>,
    /// How many checkpoints of current stewards show it.
    pub checkpoints: u64,
    /// Members who confirmed one of them, the earliest first, at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<WitnessedBy>,
}

/// By when an entry existed, and by whose word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExistedBefore {
    /// The date: all who confirmed the first checkpoint that shows it and that anybody confirmed had done so.
    #[schema(value_type = u64)]
    pub date: Millis,
    /// How many members had confirmed by then that it existed.
    pub witnesses: u64,
    /// Of how many members: those of today who had joined by then.
    pub members: u64,
    /// How many of these witnesses are of another region than its author; absent where stewards do not confirm
    /// the author's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_regions: Option<u64>,
}

/// A steward's checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Listing {
    /// The steward.
    pub by: AuthorRef,
    /// When it was made.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// Its entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
}

/// A member's confirmation of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WitnessedBy {
    /// The member.
    pub who: AuthorRef,
    /// When it was signed.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// Its entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
    /// The checkpoint that it confirms.
    #[schema(value_type = Id)]
    pub checkpoint: EntryId,
}

/// Who signed a record, with which key, and how to verify it without this node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    /// `multaqa/provenance/1`.
    pub schema: String,
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its author.
    pub author: AuthorRef,
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// How it stands.
    pub status: Status,
    /// The signature, checked now.
    pub signed: Signature,
    /// The keys of the log up to the entry: the inception, then each rotation.
    pub keys: Vec<SignedBy>,
    /// The author's place and who confirms it.
    pub place: Option<String>,
    /// Who confirms it.
    pub confirmation: Confirmation,
    /// The stewards who admit the author.
    pub admitted_by: Vec<AuthorRef>,
    /// What others say of when it existed.
    pub dates: Dates,
    /// Path of the bundle with which anyone can verify the entry offline.
    pub bundle: String,
}

/// A key of a log and from which entry on it signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedBy {
    /// The inception or rotation.
    #[schema(value_type = Id)]
    pub establishment: EntryId,
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// The claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// The key.
    #[schema(value_type = Id)]
    pub key: Bytes32,
}
