//! An idea collected in co-creation, and what became of it.

use super::code::{OgpValue, Outcome, Principle, ProposalState, Stage};
use super::date::Date;
use super::draft::{Findings, Problem};
use super::evidence::{Attachment, Collected, ExternalId, Source, Translation};
use super::link::Ref;
use super::place::Place;
use super::schema::{Field, schema};
use super::words::Words;
use super::{check_goals, names_a_principle};

schema! {
    /// The body of a `proposal`.
    pub struct Proposal requires [title, summary] rules [names_a_principle, check_goals] {
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences that stand alone.
        pub summary: Words,
        /// Where, if not the author's own place.
        pub place: Option<Place>,
        /// The principles that it serves.
        pub principles: Vec<Principle>,
        /// The outcomes that it aims at.
        pub outcomes: Vec<Outcome>,
        /// The values of the Open Government Partnership that it serves.
        pub ogp_values: Vec<OgpValue>,
        /// Policy areas, as codes of an open list.
        pub themes: Vec<String>,
        /// Sustainable Development Goals, by number.
        pub sdgs: Vec<u64>,
        /// The plan for which it was collected, where that is signed already.
        pub plan: Option<Ref>,
        /// The axis of that plan under which it falls.
        pub axis: Option<String>,
        /// The stage at which it was collected.
        pub stage: Option<Stage>,
        /// The meeting or call at which it was collected; no persons' names.
        pub occasion: Words,
        /// When it was collected.
        pub date: Option<Date>,
        /// What became of it.
        pub became: Option<Became>,
        /// Files.
        pub attachments: Vec<Attachment>,
        /// Under which licence the record may be used.
        pub licence: Option<String>,
        /// Its names in other registers.
        pub external_ids: Vec<ExternalId>,
        /// Public pages on which it rests.
        pub sources: Vec<Source>,
        /// Which languages are translations.
        pub translation: Translation,
        /// How it was collected from public pages, where its author did not write it.
        pub collected: Collected,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}

schema! {
    /// What became of a proposal: the commitment it turned into, the proposal that took it up, or
    /// why neither.
    pub struct Became requires [state] rules [says_what] {
        /// What was decided.
        pub state: ProposalState,
        /// The plan whose commitment it turned into.
        pub plan: Option<Ref>,
        /// That commitment's id inside the plan.
        pub commitment: Option<String>,
        /// The proposal into which it was merged.
        pub merged_into: Option<Ref>,
        /// Why.
        pub reason: Words,
        /// When it was decided.
        pub date: Option<Date>,
    }
}

/// A decision names what it leads to: an answer that says only "taken up" or "declined" cannot be
/// followed by those who proposed.
fn says_what(became: &Became, found: &mut Findings) {
    let lacking: &[(&str, bool)] = match became.state.as_str() {
        "commitment" => {
            &[("plan", became.plan.is_none()), ("commitment", Field::is_absent(&became.commitment))]
        }
        "merged" => &[("merged_into", became.merged_into.is_none())],
        "declined" => &[("reason", became.reason.is_empty())],
        _ => &[],
    };
    for (field, _) in lacking.iter().filter(|(_, lacks)| *lacks) {
        found.within(field, |found| found.report(Problem::Missing));
    }
}
