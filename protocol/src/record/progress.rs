//! What was done for one commitment of a plan: the state of its milestones, with evidence.
//!
//! A plan's percentage is derived from these ([`mod@crate::follow_up`]) and never typed.

use std::collections::BTreeSet;

use super::code::MilestoneStatus;
use super::date::Date;
use super::draft::{Findings, Problem};
use super::evidence::{Attachment, Collected, Measure, Participation, Source, Translation};
use super::link::Ref;
use super::schema::{Field, schema};
use super::words::Words;

schema! {
    /// The body of a `progress`.
    pub struct Progress requires [plan, commitment, as_of, milestones] rules [milestones_differ] {
        /// A version of the plan.
        pub plan: Option<Ref>,
        /// The commitment's id inside the plan.
        pub commitment: String,
        /// The date at which this was the state.
        pub as_of: Option<Date>,
        /// What happened, in a few sentences.
        pub summary: Words,
        /// The state of each milestone of which there is something to say.
        pub milestones: Vec<MilestoneState>,
        /// Who took part, in numbers.
        pub participation: Vec<Participation>,
        /// Difficulties met.
        pub difficulties: Words,
        /// What comes next.
        pub next: Words,
        /// Under which licence the record may be used.
        pub licence: Option<String>,
        /// Which languages are translations.
        pub translation: Translation,
        /// How it was collected, where its author did not write it.
        pub collected: Collected,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}

schema! {
    /// How far a milestone has come, and what shows it.
    pub struct MilestoneState requires [status] rules [says_why_abandoned] {
        /// The milestone's id inside the commitment; absent where the commitment has no milestones,
        /// and then the state is the commitment's.
        pub milestone: Option<String>,
        /// How far it has come.
        pub status: MilestoneStatus,
        /// When it came so far.
        pub date: Option<Date>,
        /// What was done, or why it was given up.
        pub note: Words,
        /// Figures that show it, each with its baseline, date and source.
        pub results: Vec<Measure>,
        /// Files that show it.
        pub attachments: Vec<Attachment>,
        /// Public pages that show it.
        pub sources: Vec<Source>,
    }
}

impl MilestoneState {
    /// Tells whether there is a figure, a file or a page to check the state by.
    #[must_use]
    pub fn has_evidence(&self) -> bool {
        !(self.results.is_empty() && self.attachments.is_empty() && self.sources.is_empty())
    }
}

/// A milestone that is given up leaves the count and so raises the percentage: readers are owed a reason.
fn says_why_abandoned(state: &MilestoneState, found: &mut Findings) {
    if state.status.as_str() == "abandoned" && state.note.is_empty() {
        found.within("note", |found| found.report(Problem::Missing));
    }
}

/// Of one milestone there is one state; several are told apart by their ids.
fn milestones_differ(progress: &Progress, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (at, state) in progress.milestones.iter().enumerate() {
        match state.milestone.as_ref().filter(|id| !id.is_absent()) {
            Some(id) if !seen.insert(id) => {
                found.within_list("milestones", at, "milestone", Problem::Repeated { text: id.clone() });
            }
            None if progress.milestones.len() > 1 => {
                found.within_list("milestones", at, "milestone", Problem::Missing);
            }
            _ => {}
        }
    }
}
