//! A programme of openness: its stages, its axes, and the commitments that it makes.
//!
//! How far a plan has come is derived from `progress` records and is not part of it.

use std::collections::BTreeSet;

use super::code::{Framework, OgpValue, Outcome, Principle, Stage, Status};
use super::date::{Date, Period, check_order};
use super::draft::{Findings, Problem};
use super::evidence::{
    Address, Attachment, Collected, Declared, ExternalId, Participation, Source, Translation,
};
use super::link::Ref;
use super::party::{Contact, Partner, Party};
use super::place::Place;
use super::practice::Resources;
use super::schema::schema;
use super::words::Words;
use super::{check_goals, names_a_principle};

schema! {
    /// The body of a `plan`.
    pub struct Plan requires [title, summary] rules [names_a_principle, check_goals, check_parts] {
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences that stand alone.
        pub summary: Words,
        /// For where, if not the author's own place.
        pub place: Option<Place>,
        /// The framework under which it is made.
        pub programme: Option<Framework>,
        /// Which of the collectivity's plans it is: 1, 2 ...
        pub cycle: Option<u64>,
        /// From when to when.
        pub period: Period,
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
        /// How far it has come, as its author says.
        pub status: Option<Status>,
        /// Completion rates that others published.
        pub declared: Vec<Declared>,
        /// The stages of its making and its life.
        pub stages: Vec<StageHeld>,
        /// Dated steps of the whole plan.
        pub milestones: Vec<Milestone>,
        /// Priority axes.
        pub axes: Vec<Axis>,
        /// What it commits to.
        pub commitments: Vec<Commitment>,
        /// Who takes part in the work.
        pub partners: Vec<Partner>,
        /// Collectivities expected to co-sign.
        pub parties: Vec<Party>,
        /// Whom to ask.
        pub contacts: Vec<Contact>,
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
        /// How it was collected, where its author did not write it.
        pub collected: Collected,
        /// The version that it replaces (R2).
        pub replaces: Option<Ref>,
    }
}

schema! {
    /// A stage of a plan, with its own dates.
    pub struct StageHeld requires [stage] rules [stage_in_order] {
        /// Which stage.
        pub stage: Stage,
        /// When it began.
        pub start: Option<Date>,
        /// When it ended.
        pub end: Option<Date>,
        /// What was held.
        pub title: Words,
        /// Who took part, in numbers.
        pub participation: Vec<Participation>,
        /// The council's session or decision, as its minutes call it.
        pub reference: Option<String>,
        /// Where it can be checked.
        pub source: Option<Address>,
    }
}

schema! {
    /// A priority axis, under which commitments stand.
    pub struct Axis requires [id, title] rules [] {
        /// Its name inside the plan.
        pub id: String,
        /// What it is called.
        pub title: Words,
        /// What it covers.
        pub note: Words,
    }
}

schema! {
    /// A dated step.
    pub struct Milestone requires [title] rules [milestone_in_order] {
        /// Its name inside the plan or commitment, for progress to point at.
        pub id: Option<String>,
        /// What it is.
        pub title: Words,
        /// The day, where it is one.
        pub date: Option<Date>,
        /// When the work on it begins.
        pub start: Option<Date>,
        /// When it is due.
        pub end: Option<Date>,
        /// What will be there to see.
        pub output: Words,
    }
}

schema! {
    /// Something that a plan commits to.
    pub struct Commitment requires [id, title] rules [check_goals, milestones_differ] {
        /// Its name inside the plan, for progress to point at; it stays the same in later versions.
        pub id: String,
        /// What it is called.
        pub title: Words,
        /// What it is, in a few sentences.
        pub summary: Words,
        /// The axis under which it stands.
        pub axis: Option<String>,
        /// The public problem.
        pub problem: Words,
        /// The situation today.
        pub status_quo: Words,
        /// What will be done.
        pub action: Words,
        /// How that contributes to solving the problem.
        pub contribution: Words,
        /// The long-term goal.
        pub goal: Words,
        /// Who leads.
        pub lead: Option<Partner>,
        /// Who else takes part.
        pub partners: Vec<Partner>,
        /// The principles that it serves.
        pub principles: Vec<Principle>,
        /// The values of the Open Government Partnership that it serves.
        pub ogp_values: Vec<OgpValue>,
        /// Policy areas, as codes of an open list.
        pub themes: Vec<String>,
        /// Sustainable Development Goals, by number.
        pub sdgs: Vec<u64>,
        /// From when to when.
        pub period: Period,
        /// What it takes.
        pub resources: Resources,
        /// Dated steps.
        pub milestones: Vec<Milestone>,
        /// How far it has come, as its author says.
        pub status: Option<Status>,
        /// Completion rates that others published.
        pub declared: Vec<Declared>,
        /// Proposals from which it came.
        pub proposals: Vec<Ref>,
        /// Its names in other registers.
        pub external_ids: Vec<ExternalId>,
        /// Public pages on which it rests.
        pub sources: Vec<Source>,
        /// Which languages are translations.
        pub translation: Translation,
        /// How it was collected, where its author did not write it.
        pub collected: Collected,
    }
}

fn stage_in_order(stage: &StageHeld, found: &mut Findings) {
    check_order(stage.start, stage.end, found);
}

fn milestone_in_order(milestone: &Milestone, found: &mut Findings) {
    check_order(milestone.start, milestone.end, found);
}

fn milestones_differ(commitment: &Commitment, found: &mut Findings) {
    check_ids("milestones", commitment.milestones.iter().map(|milestone| milestone.id.as_deref()), found);
}

fn check_parts(plan: &Plan, found: &mut Findings) {
    check_ids("milestones", plan.milestones.iter().map(|milestone| milestone.id.as_deref()), found);
    check_ids("axes", plan.axes.iter().map(|axis| Some(axis.id.as_str())), found);
    check_ids("commitments", plan.commitments.iter().map(|commitment| Some(commitment.id.as_str())), found);
    let axes: BTreeSet<&str> = plan.axes.iter().map(|axis| axis.id.as_str()).collect();
    for (at, commitment) in plan.commitments.iter().enumerate() {
        if let Some(axis) = commitment.axis.as_ref().filter(|axis| !axes.contains(axis.as_str())) {
            found.within_list("commitments", at, "axis", Problem::UnknownAxis { text: axis.clone() });
        }
    }
}

/// Reports an id that an earlier item of the same list has.
fn check_ids<'a>(list: &str, ids: impl Iterator<Item = Option<&'a str>>, found: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        if let Some(id) = id.filter(|id| !id.is_empty() && !seen.insert(*id)) {
            found.within_list(list, at, "id", Problem::Repeated { text: id.to_owned() });
        }
    }
}
