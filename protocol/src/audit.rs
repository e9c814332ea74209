//! The audit: what a bundle proves by itself, without a node or a network (A6, A7).
//!
//! An [`Auditor`] takes a file's bytes as they come and ends in a [`Report`]: one [`Verdict`], what
//! is true of each author, entry and body, and the findings that led there. It opens no file and
//! asks nobody. The verdict is a function of the set of envelopes and bodies in the file, never of
//! their order or repetition. It keeps small rows, not the bytes of bodies.
//!
//! Dates (A3) are told of entries whose network's stewards and members are in the file.

use serde::Serialize;

use crate::bundle::{Ending, Reader, Scope};
use crate::id::{AuthorId, Bytes32, EntryId, Millis, NetworkId, Seq};
use crate::network::Withdrawal;
use crate::witness::Dates;

mod compare;
mod finding;
mod intake;
mod judge;
mod look;
mod records;
mod standing;
mod testimony;
#[cfg(test)]
mod tests;

pub use compare::{Comparison, Last, Relation, compare};
pub use finding::{Cause, Finding, MAX_FINDINGS, Role, Severity};
use intake::Intake;
pub use intake::MAX_KEPT;
use judge::Judged;
use look::{Looked, Looking};
pub use records::{MAX_RECORDS, RecordReport, WithdrawnBy};
use testimony::Testimony;

/// Bytes handed to the reader at once.
const PIECE: usize = 64 * 1_024;

/// What an audit ends in (A7). Forged wins over undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything in the bundle is valid, and nothing that it needs is missing.
    Verified,
    /// Something is missing, or of a later version.
    Undecided,
    /// A rule is broken.
    Forged,
}

impl Verdict {
    /// Returns the exit code of a program that ends with this verdict.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Verified => 0,
            Self::Forged => 3,
            Self::Undecided => 4,
        }
    }
}

/// What a bundle shows.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// How much of a network the bundle says to hold; `None` where its first item cannot be read.
    pub scope: Option<Scope>,
    /// The network.
    pub network: Option<NetworkId>,
    /// When it was made, by the clock of who made it.
    pub made: Option<Millis>,
    /// The author or entry that it is about, in the scopes that are about one.
    pub about: Option<Bytes32>,
    /// The authors whose logs are in the bundle, by id.
    pub authors: Vec<AuthorReport>,
    /// The members, by id; `None` where the stewards' logs are not in this bundle.
    pub members: Option<Vec<MemberReport>>,
    /// Records, at most [`MAX_RECORDS`]: what the bundle is about first, then what no longer counts or is
    /// withdrawn, then the others that are here, each group by author and place in the log.
    pub records: Vec<RecordReport>,
    /// Records whose body is here, or of which more is to be said, beyond those listed.
    pub unlisted_records: u64,
    /// What is true of the entries, counted.
    pub entries: EntryCounts,
    /// What is true of the bodies, counted by entry.
    pub bodies: BodyCounts,
    /// What was found, the gravest first.
    pub findings: Vec<Finding>,
    /// Findings beyond [`MAX_FINDINGS`] of a severity.
    pub unlisted: u64,
    #[serde(skip)]
    judged: Judged,
    #[serde(skip)]
    testimony: Testimony,
}

/// One author's log in a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AuthorReport {
    /// The author.
    pub author: AuthorId,
    /// Sequence number of the head.
    pub seq: Seq,
    /// Id of the head.
    pub id: EntryId,
    /// `ok`, `forked` or `contested`.
    pub status: &'static str,
    /// Entries of this log in the bundle, on every branch.
    pub entries: u64,
    /// The last entry that counts, where a suspension cuts the log (N7).
    pub cut: Option<Seq>,
    /// Tells whether the log is closed.
    pub closed: bool,
    /// The last entry on the canonical log that a checkpoint shows (A1).
    pub shown_to: Option<Seq>,
    /// The last one of which a member confirmed that (A2).
    pub witnessed_to: Option<Seq>,
}

/// A member of the network, as k stewards confirmed it (N5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberReport {
    /// The author.
    pub author: AuthorId,
    /// The official code of the place that it is.
    pub place: Option<String>,
    /// Its level.
    pub level: Option<String>,
}

/// Entries by what is true of them (A6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EntryCounts {
    /// On the canonical log, by what the bundle holds.
    pub canonical: u64,
    /// Beyond the head of a forked or contested log.
    pub disputed: u64,
    /// On a branch that a rotation left.
    pub disowned: u64,
    /// Written after the author's suspension.
    pub beyond_cut: u64,
    /// Without the log that leads to them.
    pub unplaced: u64,
    /// Of a later version.
    pub newer: u64,
}

/// Entries by what is true of their bodies (A6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BodyCounts {
    /// In the bundle.
    pub present: u64,
    /// Withdrawn, and not in the bundle.
    pub withdrawn: u64,
    /// Withdrawn, and in the bundle all the same.
    pub present_though_withdrawn: u64,
    /// Not in this bundle.
    pub absent: u64,
}

/// What is true of one entry (A6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "mark")]
pub enum Mark {
    /// It is on the canonical log, by what the bundle holds.
    Canonical,
    /// It lies beyond the head of a forked or contested log.
    Disputed,
    /// A rotation left its branch.
    Disowned {
        /// That rotation.
        by: EntryId,
    },
    /// It was written after the author's suspension.
    BeyondCut,
    /// The log that leads to it is not in the bundle.
    Unplaced {
        /// Tells whether a key of the author, as far as the bundle shows them, signed it. A stolen old
        /// key could have.
        known_signer: bool,
    },
}

/// What is true of an entry's body (A6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyState {
    /// It is in the bundle.
    Present,
    /// It was withdrawn, and is not in the bundle.
    Withdrawn,
    /// It was withdrawn, and is in the bundle all the same.
    PresentThoughWithdrawn,
    /// It is not in this bundle.
    Absent,
}

/// What a bundle shows of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EntryReport {
    /// The author.
    pub author: AuthorId,
    /// Its place in the log.
    pub seq: Seq,
    /// Whether it counts.
    #[serde(flatten)]
    pub mark: Mark,
    /// Its body.
    pub body: BodyState,
}

impl Report {
    /// Returns what the bundle shows of one entry, `None` where it is not in it.
    #[must_use]
    pub fn entry(&self, id: &EntryId) -> Option<EntryReport> {
        self.judged.entry(id).map(|(report, _)| report)
    }

    /// Returns what checkpoints and witnesses say of when an entry existed (A3); nothing where the
    /// stewards' logs are not in the bundle, or nobody says anything.
    #[must_use]
    pub fn dates(&self, id: &EntryId) -> Dates {
        let placed = self.judged.entry(id).and_then(|(report, place)| Some((report.author, place?)));
        placed.map(|(author, place)| self.testimony.dates(author, place)).unwrap_or_default()
    }

    /// Returns who withdrew an entry in the bundle, `None` where nobody did with effect (B2).
    #[must_use]
    pub fn withdrawal(&self, id: &EntryId) -> Option<&Withdrawal> {
        self.judged.standing.withdrawals.get(id)
    }
}

/// Audits a bundle or a node's journal as its bytes come.
#[derive(Debug)]
pub struct Auditor {
    reader: Reader,
    looking: Looking,
    intake: Intake,
}

impl Auditor {
    /// Returns an auditor that looks at items on so many threads besides the one that gives it the file, on
    /// that one alone where it is less than two; they share nothing and change nothing of the report.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self { reader: Reader::new(), looking: Looking::new(threads), intake: Intake::new() }
    }

    /// Adds bytes of the file, in pieces of any size.
    pub fn push(&mut self, bytes: &[u8]) {
        // However much the caller has in hand, the reader holds one piece of it.
        for piece in bytes.chunks(PIECE) {
            self.reader.push(piece);
            while let Some((at, part)) = self.reader.next_part() {
                self.intake.take(at, part, &mut self.looking);
                if let Some(found) = self.looking.found() {
                    self.learn(found);
                }
            }
        }
    }

    /// Returns the SHA-256 of all bytes so far.
    #[must_use]
    pub fn sha256(&self) -> Bytes32 {
        self.reader.sha256()
    }

    /// Ends the file and judges it.
    #[must_use]
    pub fn finish(mut self) -> Report {
        while let Some(found) = self.looking.rest() {
            self.learn(found);
        }
        match self.reader.finish() {
            Ok(Ending::Closed | Ending::Open) => {}
            Ok(Ending::Torn { at, len }) => {
                self.intake.findings.add(Some(at), None, Cause::Torn { at, len });
            }
            Err(error) => self.intake.findings.add(None, None, Cause::Bundle(error)),
        }
        judge::judge(self.intake)
    }

    fn learn(&mut self, found: Looked) {
        self.looking.reuse(found.room);
        self.intake.learn(found.bodies, found.entries);
    }
}
