//! The JSON of every answer and request, typed once for the router and for those who ask it.
//!
//! Each top-level answer carries a versioned `schema`; a field is added freely, and changed only with
//! the number. Ids are lower-case hex. Times are Unix milliseconds as the author claims them, so that
//! nothing an entry may carry is lost (V8, W4). Nothing here decides anything.

mod adoption;
mod arrivals;
mod checkpoint;
mod follow_up;
mod key;
mod limits;
mod log;
mod member;
mod mirror;
mod network;
mod office;
mod problem;
mod record;
pub mod schema;
mod search;
mod stats;
mod status;
mod thread;
mod write;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::ban::{Ban, By, Subject};
pub use crate::hidden::Hiding;
pub use adoption::{AdopterOf, Adoptions, NewerVersion};
pub use arrivals::Arrivals;
pub use checkpoint::{Checkpoints, ContradictionKind, HeadContradiction, ListedHead};
pub use follow_up::{
    CoSignature, CoSignatures, CommitmentFollowUp, DeclaredRate, ExpectedParty, Fate, OriginOf, Pace,
    PlanFollowUp, ProposalFate, ReportRef, StepFollowUp, StepName, StepReport, Tally, UnresolvedState,
    Verdict,
};
pub use key::{ClockConfirmed, Key, Resumed, Rotated, RotationPlan, RotationRequest, SignedRotation};
pub use limits::{BanRequest, HideRequest, Lifted, Quota, RoomLeft, ShowRequest, ShownAgain, UnbanRequest};
pub use log::{LogRow, SaidOfHeads};
pub use member::{
    Candidate, Contest, LogHealth, Member, MemberDetail, MemberState, Members, OpposedBy, Totals,
};
pub use mirror::{MirrorEntry, MirrorLog, MirrorLogs, MirrorPage};
pub use network::{Behind, CharterVersion, Network, Peer, Proposal, Vote};
pub use office::{OfficeLink, OfficeLinkRequest, OfficeToken, OfficeTokenRequest};
pub use problem::{FieldProblem, Match, Problem, Warning};
pub use record::{
    About, AuthorRef, BodyStatus, Confirmation, Dates, Disowning, ExistedBefore, History, Link, Listing,
    Provenance, Record, RecordItem, Replaces, Resolved, Signature, SignatureStatus, SignedBy, Status,
    VersionRow, WithdrawalInfo, Withdrawer, WitnessedBy,
};
pub use search::{Alike, AlikeTo, FacetCount, Facets, Matched, Piece, Records, Way, Why};
pub use stats::{RecordTotals, Stats};
pub use status::{
    Elsewhere, Health, NetworkStatus, NodeStatus, PeerCount, QuarantineStatus, ReachStatus, StoreStatus,
};
pub use thread::{Addressed, Thread, ThreadReply};
pub use write::{
    AdmissionRequest, AmendmentRequest, Application, Attached, Checked, ImportReport, Invitation,
    InvitationRequest, JoinRequest, NetworkRequest, Published, RecordRequest, RefusedEntry, ReviseRequest,
    SignRequest, SuspensionRequest, WithdrawRequest,
};

/// Schema of [`NodeStatus`].
pub const STATUS: &str = "multaqa/status/1";
/// Schema of [`Stats`].
pub const STATS: &str = "multaqa/stats/1";
/// Schema of [`Records`].
pub const RECORDS: &str = "multaqa/records/1";
/// Schema of [`Record`].
pub const RECORD: &str = "multaqa/record/1";
/// Schema of [`History`].
pub const HISTORY: &str = "multaqa/history/1";
/// Schema of [`Provenance`].
pub const PROVENANCE: &str = "multaqa/provenance/1";
/// Schema of [`PlanFollowUp`].
pub const PLAN: &str = "multaqa/plan/1";
/// Schema of [`Adoptions`].
pub const ADOPTIONS: &str = "multaqa/adoptions/1";
/// Schema of [`Members`].
pub const MEMBERS: &str = "multaqa/members/1";
/// Schema of [`MemberDetail`].
pub const MEMBER: &str = "multaqa/member/1";
/// Schema of a [`List`] of [`LogRow`].
pub const LOG: &str = "multaqa/log/1";
/// Schema of [`Network`].
pub const NETWORK: &str = "multaqa/network/1";
/// Schema of a [`List`] of [`Peer`].
pub const PEERS: &str = "multaqa/peers/1";
/// Schema of a [`List`] of [`Candidate`].
pub const CANDIDATES: &str = "multaqa/candidates/1";
/// Schema of [`Problem`].
pub const PROBLEM: &str = "multaqa/problem/1";
/// Schema of [`Published`].
pub const PUBLISHED: &str = "multaqa/published/1";
/// Schema of [`Attached`].
pub const ATTACHED: &str = "multaqa/attached/1";
/// Schema of [`Checked`].
pub const CHECK: &str = "multaqa/check/1";
/// Schema of [`Invitation`].
pub const INVITATION: &str = "multaqa/invitation/1";
/// Schema of [`Application`].
pub const APPLICATION: &str = "multaqa/application/1";
/// Schema of [`ImportReport`].
pub const IMPORT: &str = "multaqa/import/1";
/// Schema of a [`List`] of [`Ban`].
pub const BANS: &str = "multaqa/bans/1";
/// Schema of [`Lifted`].
pub const LIFTED: &str = "multaqa/lifted/1";
/// Schema of a [`List`] of [`Quota`].
pub const QUOTAS: &str = "multaqa/quotas/1";
/// Schema of [`Key`].
pub const KEY: &str = "multaqa/key/1";
/// Schema of a one-time link of the office.
pub const OFFICE_LINK: &str = "multaqa/office-link/1";
/// Schema of a token of the office.
pub const OFFICE_TOKEN: &str = "multaqa/office-token/1";
/// Schema of [`RotationPlan`].
pub const ROTATION_PLAN: &str = "multaqa/rotation-plan/1";
/// Schema of [`Rotated`].
pub const ROTATION: &str = "multaqa/rotation/1";
/// Schema of [`ClockConfirmed`].
pub const CLOCK: &str = "multaqa/clock/1";
/// Schema of [`Resumed`].
pub const RESUMED: &str = "multaqa/resumed/1";

/// Schema of a [`List`] of [`Hiding`].
pub const HIDDEN: &str = "multaqa/hidden/1";
/// Schema of [`ShownAgain`].
pub const SHOWN_AGAIN: &str = "multaqa/shown-again/1";
/// Schema of [`Arrivals`].
pub const ARRIVALS: &str = "multaqa/arrivals/1";
/// Schema of [`MirrorLogs`].
pub const MIRROR_LOGS: &str = "multaqa/mirror-logs/1";
/// Schema of [`MirrorPage`].
pub const MIRROR_PAGE: &str = "multaqa/mirror-page/1";
/// Schema of [`Thread`].
pub const THREAD: &str = "multaqa/thread/1";
/// Schema of a [`List`] of what is asked of a member.
pub const QUESTIONS: &str = "multaqa/questions/1";

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    /// Which list.
    pub schema: String,
    /// The items of this page.
    pub items: Vec<T>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> List<T> {
    /// Returns a list that fits on one page.
    #[must_use]
    pub fn whole(schema: &str, items: Vec<T>) -> Self {
        Self { schema: schema.to_owned(), items, next: None }
    }
}

/// Stewards' confirmation of something, by numbers: "3 of 3 stewards".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stewards {
    /// How many say it.
    pub by: u64,
    /// How many stewards there are.
    pub of: u64,
    /// How many decide together.
    pub k: u64,
}
