//! What follows from records about other records: how far a plan has come, who took up a practice, who
//! judged it, what became of proposals. Nothing of this is stored; each answer says from which entries
//! it was derived.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::evaluation::{Opening, Recommendation};
use multaqa_protocol::record::evidence::{Address, Attachment, Measure, Source};
use multaqa_protocol::record::{Date, Period, Words};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AuthorRef;
use super::schema::{Id, Texts};

/// How far a plan had come at the end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanFollowUp {
    /// `multaqa/plan/1`.
    pub schema: String,
    /// The first version of the plan, by which it is known.
    #[schema(value_type = Id)]
    pub first: EntryId,
    /// The version whose steps are counted: the one that counted at that date.
    #[schema(value_type = Id)]
    pub version: EntryId,
    /// When that version was signed, as its author claims; Unix milliseconds.
    #[schema(value_type = u64)]
    pub version_time: Millis,
    /// Whether that version was signed after the date, because there was none before.
    pub signed_later: bool,
    /// Whose plan it is.
    pub author: AuthorRef,
    /// What the plan is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// The day, in Morocco: what was signed until its end counts.
    #[schema(example = "2026-11-30")]
    pub as_of: String,
    /// How the share is counted.
    #[schema(value_type = Texts)]
    pub rule: Words,
    /// The count over all commitments.
    pub progress: Tally,
    /// The rate that was declared last, beside the derived one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<DeclaredRate>,
    /// Whose reports count: the plan's author and those who co-signed it as its parties.
    pub implementers: Vec<AuthorRef>,
    /// The commitments, in the plan's order.
    pub commitments: Vec<CommitmentFollowUp>,
    /// The steps whose due date is past, by their place among the commitments.
    pub overdue: Vec<StepName>,
    /// The steps that have begun, or should have, and have not moved for half a year.
    pub stalled: Vec<StepName>,
    /// The entries from which all this is derived, oldest first.
    pub reports: Vec<ReportRef>,
    /// States of steps that the plan does not have.
    pub unresolved: Vec<UnresolvedState>,
    /// How many reports there are by authors who do not carry the plan out; they change nothing.
    pub reports_by_others: u64,
    /// Those of them that are among the newest reports of all.
    pub by_others: Vec<ReportRef>,
    /// The proposals that were collected for it, and what became of each.
    pub proposals: Vec<ProposalFate>,
    /// Verdicts on it and on its commitments, newest first.
    pub evaluations: Vec<Verdict>,
    /// Who co-signed it.
    pub cosigned: CoSignatures,
    /// Whether all that is held was looked at: while the index is behind, or where there is more than one
    /// answer reads, it was not.
    pub complete: bool,
}

/// A count of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// How many steps there are.
    pub steps: u64,
    /// How many of them are complete.
    pub complete: u64,
    /// How many are counted: all that are not abandoned.
    pub counted: u64,
    /// The share of the counted ones that are complete, in whole per cent, rounded down; absent where none
    /// is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u64>,
    /// How many of the complete ones have evidence.
    pub evidenced: u64,
    /// Steps by the code of their status.
    pub by_status: BTreeMap<String, u64>,
}

/// A rate that somebody published, beside the derived one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeclaredRate {
    /// The rate, in per cent.
    pub percent: u64,
    /// As of when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub as_of: Option<Date>,
    /// Where it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub source: Option<Address>,
    /// What else a reader must know.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub note: Words,
    /// Whether it is another than the derived one; where none can be derived, it is.
    pub differs: bool,
}

/// How far a commitment had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitmentFollowUp {
    /// Its name inside the plan.
    pub id: String,
    /// What it is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// From when to when.
    #[schema(value_type = Object)]
    pub period: Period,
    /// The count over its steps.
    pub progress: Tally,
    /// The rate that was declared last for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<DeclaredRate>,
    /// Its milestones, or itself where it has none.
    pub steps: Vec<StepFollowUp>,
    /// The proposals from which it came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<OriginOf>,
}

/// How far a step had come: a milestone, or a commitment that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepFollowUp {
    /// Which step.
    #[serde(flatten)]
    pub name: StepName,
    /// Its status, as a code of an open list.
    pub status: String,
    /// Since when it has it; absent where nobody reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub start: Option<Date>,
    /// Whether there is something to check the status by.
    pub evidenced: bool,
    /// The reports on which the status rests, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<StepReport>,
}

/// Which step, and whether it is on time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepName {
    /// The commitment, by its name inside the plan.
    pub commitment: String,
    /// The milestone, by its name inside the commitment; absent for a commitment that has none, and for a
    /// milestone that has no name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
    /// What the step is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub due: Option<Date>,
    /// Whether it is on time.
    pub pace: Pace,
    /// By how many days it is late, or for how many it has not moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// Whether a step is on time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// It is complete or abandoned.
    Settled,
    /// It is neither late nor at rest.
    OnTime,
    /// Its due date is past.
    Overdue,
    /// It has begun, or should have, and has not moved for half a year.
    Stalled,
}

/// What a report says of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepReport {
    /// The progress record.
    #[serde(flatten)]
    pub report: ReportRef,
    /// When the step came so far, as the report says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub date: Option<Date>,
    /// What was done, or why it was given up.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub note: Words,
    /// Figures that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub results: Vec<Measure>,
    /// Files that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub attachments: Vec<Attachment>,
    /// Public pages that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub sources: Vec<Source>,
}

/// An entry from which something is derived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportRef {
    /// The entry.
    #[schema(value_type = Id)]
    pub id: EntryId,
    /// Who signed it.
    #[serde(flatten)]
    pub by: AuthorRef,
    /// When, as its author claims; Unix milliseconds.
    #[schema(value_type = u64)]
    pub time: Millis,
}

/// A state of a step that the plan does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnresolvedState {
    /// The progress record.
    #[schema(value_type = Id)]
    pub report: EntryId,
    /// The commitment that it names.
    pub commitment: String,
    /// The milestone that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milestone: Option<String>,
}

/// A proposal, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalFate {
    /// The version that counted.
    #[serde(flatten)]
    pub said: ReportRef,
    /// The first version, by which the proposal is known.
    #[schema(value_type = Id)]
    pub record: EntryId,
    /// What it is called.
    #[schema(value_type = Texts)]
    pub title: Words,
    /// The stage at which it was collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// The meeting or call at which it was collected.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub occasion: Words,
    /// The proposals into which it was merged, one after the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Id>)]
    pub through: Vec<EntryId>,
    /// What became of it in the end.
    pub became: Fate,
}

/// What became of a proposal in the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Fate {
    /// Nothing is decided yet.
    Open,
    /// It turned into a commitment.
    Commitment {
        /// The first version of the plan.
        #[schema(value_type = Id)]
        plan: EntryId,
        /// The commitment's name inside the plan.
        commitment: String,
    },
    /// It was not taken up.
    Declined {
        /// Why.
        #[schema(value_type = Texts)]
        reason: Words,
    },
    /// It was merged into one that is not held here yet.
    NotHeld {
        /// The entry of that one.
        #[schema(value_type = Id)]
        id: EntryId,
    },
    /// It was merged into one that was merged into it.
    Circle,
}

/// A proposal from which a commitment came, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OriginOf {
    /// The first version of the proposal.
    #[schema(value_type = Id)]
    pub record: EntryId,
    /// What it is called; empty where it is not held here yet.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub title: Words,
    /// Whether the proposal says that it became the commitment.
    pub proposal_says: bool,
    /// Whether the commitment says that it came from the proposal.
    pub commitment_says: bool,
}

/// A verdict on a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// The evaluation.
    #[serde(flatten)]
    pub said: ReportRef,
    /// Whether its author carries out what it judges.
    pub self_assessment: bool,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub title: Words,
    /// The verdict in a few sentences.
    #[schema(value_type = Texts)]
    pub summary: Words,
    /// The commitment that is judged, by its name inside the plan; the whole record where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// The exact version that is judged.
    #[schema(value_type = Id)]
    pub judged: EntryId,
    /// The version that counts now, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub newer: Option<EntryId>,
    /// How far it was carried out, as a code of the IRM.
    pub completion: String,
    /// Whether it opened government, as a code of the IRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early_results: Option<String>,
    /// Whether it did so under each value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub opened: Vec<Opening>,
    /// How much it could change, as a code of the IRM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambition: Option<String>,
    /// Whether it can be verified, `yes` or `no`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifiable: Option<String>,
    /// Whether it has to do with openness, `yes` or `no`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relevant: Option<String>,
    /// What was learnt.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub lessons: Words,
    /// What should be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub recommendations: Vec<Recommendation>,
    /// Who stands by it.
    pub cosigned: CoSignatures,
}

/// Who co-signed a record, with signatures of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoSignatures {
    /// The co-signatures, one for each author.
    pub by: Vec<CoSignature>,
    /// Those whom the record expects.
    pub expected: Vec<ExpectedParty>,
}

/// A co-signature of one exact version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoSignature {
    /// The `endorse` record.
    #[serde(flatten)]
    pub said: ReportRef,
    /// The exact version that was co-signed.
    #[schema(value_type = Id)]
    pub version: EntryId,
    /// Whether that is the version that is shown.
    pub current: bool,
    /// As what, as a code of an open list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<String>,
    /// Reservations, conditions.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    #[schema(value_type = Texts)]
    pub note: Words,
}

/// One who is expected to co-sign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExpectedParty {
    /// The official code of its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Id>)]
    pub author: Option<AuthorId>,
    /// Who signed for it, one of any version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<AuthorRef>,
}
