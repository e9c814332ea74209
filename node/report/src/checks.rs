//! What was checked, one topic after the other, and what came of each.

use multaqa_protocol::audit::{Cause, Finding, Report, Severity};
use multaqa_protocol::log::CheckError;

/// What is checked together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// The file: its items, their order, its end (A5, A8).
    File,
    /// Each entry by its own bytes (C1 to C5, V1, V2).
    Entries,
    /// Each signature, by the key that the log shows (V5).
    Signatures,
    /// The chain of each log (V3, V4).
    Chain,
    /// Whether each log has one history (S1 to S5).
    History,
    /// The contents: each belongs to an entry, by its hash and length (A7, B5).
    Contents,
    /// What was withdrawn (B1 to B3).
    Withdrawals,
    /// The network: charter, stewards, members (N1 to N8).
    Network,
    /// Dates that others confirm (A1 to A4).
    Dates,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It holds.
    Holds,
    /// It holds, and something is worth knowing.
    Noted,
    /// A rule is broken.
    Broken,
    /// It cannot be decided: something is missing.
    Open,
    /// What it needs is not in this file, which is no fault.
    NotHere,
}

/// A topic, what came of it and what was found.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// The topic.
    pub topic: Topic,
    /// What came of it.
    pub state: State,
    /// What was found, the gravest first.
    pub findings: Vec<&'a Finding>,
}

impl Topic {
    /// All topics, in the order in which one rests on the other.
    pub const ALL: [Self; 9] = [
        Self::File,
        Self::Entries,
        Self::Signatures,
        Self::Chain,
        Self::History,
        Self::Contents,
        Self::Withdrawals,
        Self::Network,
        Self::Dates,
    ];

    /// Returns the topic that a finding belongs to.
    #[must_use]
    pub const fn of(cause: &Cause) -> Self {
        match cause {
            Cause::Bundle(_)
            | Cause::Torn { .. }
            | Cause::BodyCutOff { .. }
            | Cause::AboutMissing { .. }
            | Cause::TooLarge => Self::File,
            Cause::Entry(_) => Self::Entries,
            Cause::Check(CheckError::Signature) | Cause::Unplaced => Self::Signatures,
            Cause::Check(_) | Cause::ParentInvalid | Cause::ParentMissing { .. } => Self::Chain,
            Cause::Forked | Cause::Contested | Cause::Disowns { .. } => Self::History,
            Cause::BodyUnclaimed { .. } | Cause::BodyLength { .. } | Cause::BodyMalformed { .. } => {
                Self::Contents
            }
            Cause::PresentThoughWithdrawn => Self::Withdrawals,
            Cause::CharterMissing | Cause::LogMissing { .. } | Cause::NetworkBodyMissing { .. } => {
                Self::Network
            }
            Cause::LogCutOff { .. } | Cause::HeadNotHere { .. } => Self::Dates,
        }
    }
}

/// Returns what was checked, one for each topic.
#[must_use]
pub fn checks(report: &Report) -> Vec<Check<'_>> {
    let check = |topic: Topic| {
        let findings: Vec<&Finding> =
            report.findings.iter().filter(|finding| Topic::of(&finding.cause) == topic).collect();
        let gravest = findings.iter().map(|finding| finding.cause.severity()).max();
        let state = match gravest {
            Some(Severity::Forged) => State::Broken,
            Some(Severity::Undecided) => State::Open,
            Some(Severity::Note) => State::Noted,
            None if is_here(topic, report) => State::Holds,
            None => State::NotHere,
        };
        Check { topic, state, findings }
    };
    Topic::ALL.map(check).into()
}

/// Tells whether a file has what a topic is about.
fn is_here(topic: Topic, report: &Report) -> bool {
    match topic {
        Topic::File => report.scope.is_some(),
        Topic::Entries | Topic::Signatures | Topic::Chain | Topic::History => !report.authors.is_empty(),
        Topic::Contents => report.bodies.present > 0,
        Topic::Withdrawals => !report.authors.is_empty() && report.members.is_some(),
        Topic::Network => report.members.is_some(),
        Topic::Dates => report.authors.iter().any(|author| author.shown_to.is_some()),
    }
}
