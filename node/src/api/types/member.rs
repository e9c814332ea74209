//! Members and candidates.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::record::Words;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::schema::{Id, Texts};

use super::{AuthorRef, Stewards};

/// How an author stands to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MemberState {
    /// Admitted and joined, its log not closed.
    Member,
    /// Admitted; its own `join` is not known here.
    Admitted,
    /// Listed, and no longer admitted.
    Suspended,
    /// Admitted; its latest word is `leave`.
    Left,
    /// Admitted; its log is closed.
    Closed,
    /// Joined and not listed (N12).
    Candidate,
    /// None of these.
    Outside,
}

/// How an author's log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LogHealth {
    /// One path.
    Ok,
    /// Two entries with one parent: frozen (S3).
    Forked,
    /// Two rotations: frozen (S7).
    Contested,
    /// Not held here.
    NotHeld,
}

/// A row of the member table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its latest profile calls it.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// Its level: as k stewards confirm it, otherwise as claimed.
    pub level: Option<String>,
    /// The official code of its place: as k stewards confirm it, otherwise as claimed.
    pub place: Option<String>,
    /// Whether k stewards confirm the place.
    pub confirmed: bool,
    /// What the official table calls the place.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub place_names: Words,
    /// How it stands to the network.
    pub state: MemberState,
    /// Whether it is a steward.
    pub steward: bool,
    /// The stewards whose latest word is to admit it.
    pub admitted: Stewards,
    /// Since when it wants to be a member, by its own `join`.
    #[schema(value_type = Option<u64>)]
    pub since: Option<Millis>,
    /// Entries that count in its log.
    pub entries: u64,
    /// The head of its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub head: Option<EntryId>,
    /// How its log is.
    pub log: LogHealth,
    /// The authors that it continues, by k stewards' word (N5): one collectivity, whose earlier keys are
    /// lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continues: Vec<AuthorRef>,
    /// The authors that continue it, by k stewards' word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued_by: Vec<AuthorRef>,
    /// The last entry that counts, of a suspended author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>)]
    pub upto: Option<Seq>,
}

/// The member table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Members {
    /// `multaqa/members/1`.
    pub schema: String,
    /// The date of the table, where one was asked for. Times are the authors' claims (N9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub as_of: Option<Millis>,
    /// The rows: members, then the others, each by level, place and id.
    pub items: Vec<Member>,
    /// The totals, from the same rows (N10).
    pub totals: Totals,
}

/// Numbers of members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    /// All members.
    pub members: u64,
    /// Members of each level that k stewards confirm.
    pub levels: BTreeMap<String, u64>,
    /// Members whose level k stewards do not confirm.
    pub unconfirmed: u64,
    /// Authors of each other state.
    pub others: BTreeMap<MemberState, u64>,
}

/// What stewards say against an author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpposedBy {
    /// The steward.
    #[schema(value_type = Id)]
    pub by: AuthorId,
    /// Its `suspend` entry.
    #[schema(value_type = Id)]
    pub entry: EntryId,
    /// The last entry of the author that still counts.
    #[schema(value_type = u32)]
    pub upto: Seq,
    /// Why.
    pub reason: String,
}

/// One of the entries that contradict each other in a frozen log (S3, S7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Contest {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Its place in the log.
    #[schema(value_type = u32)]
    pub seq: Seq,
    /// Its kind: `rotate` in a contested log.
    pub kind: String,
    /// The claim of when.
    #[schema(value_type = u64)]
    pub time: Millis,
    /// A rotation's reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The stewards whose last word pins this one (N6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub pinned_by: Vec<AuthorId>,
}

/// One author in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberDetail {
    /// `multaqa/member/1`.
    pub schema: String,
    /// Its row of the table.
    #[serde(flatten)]
    pub member: Member,
    /// The stewards who admit it.
    #[schema(value_type = Vec<Id>)]
    pub admitted_by: Vec<AuthorId>,
    /// The stewards who suspend it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspended_by: Vec<OpposedBy>,
    /// The entry by which k stewards stand (N6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub pin: Option<EntryId>,
    /// The authors that it continues, by k stewards' word.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub succeeds: Vec<AuthorId>,
    /// What contradicts itself in its log, where that is frozen: two changes of key of which stewards pin
    /// one, or two entries after one of which a change of key leaves at least one behind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contest: Vec<Contest>,
    /// Its records that count, by kind.
    pub kinds: BTreeMap<String, u64>,
    /// The entry of its latest profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub profile: Option<EntryId>,
}

/// An author who applies (N12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// The author.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// What its profile calls it.
    #[schema(value_type = Texts)]
    pub names: Words,
    /// The level that it claims.
    pub level: Option<String>,
    /// The official code that it claims.
    pub place: Option<String>,
    /// What the official table calls that place.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub place_names: Words,
    /// When it signed its `join`, as it claims.
    #[schema(value_type = Option<u64>)]
    pub since: Option<Millis>,
    /// Entries of its application.
    pub entries: u64,
    /// Stewards who admit it already.
    pub admitted: Stewards,
}
