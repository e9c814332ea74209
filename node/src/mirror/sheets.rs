//! What plans, progress, adoptions and evaluations say, one row a thing that is counted.

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::plan::{Commitment, Milestone};
use multaqa_protocol::record::{Adoption, Date, Evaluation, Plan, Progress, Record};
use serde_json::{Value, json};

use super::bytes;

/// The tables, each with the column that names the record.
pub(super) const TABLES: [(&str, &str); 5] = [
    ("commitments", "plan"),
    ("milestones", "plan"),
    ("reports", "id"),
    ("adoptions", "id"),
    ("evaluations", "id"),
];

/// Returns the rows that a record has in a table.
pub(super) fn rows(table: &str, id: EntryId, record: &Record) -> Vec<Value> {
    let id = bytes(&id.0);
    match (table, record) {
        ("commitments", Record::Plan(plan)) => commitments(&id, plan),
        ("milestones", Record::Plan(plan)) => milestones(&id, plan),
        ("reports", Record::Progress(progress)) => reports(&id, progress),
        ("adoptions", Record::Adoption(adoption)) => adoptions(&id, adoption),
        ("evaluations", Record::Evaluation(evaluation)) => evaluations(&id, evaluation),
        _ => Vec::new(),
    }
}

fn commitments(plan: &str, record: &Plan) -> Vec<Value> {
    let row = |(position, commitment): (usize, &Commitment)| {
        let title = &commitment.title;
        json!({
            "plan": plan, "position": position, "commitment": commitment.id,
            "title_ar": title.get("ar"), "title_fr": title.get("fr"), "title_en": title.get("en"),
            "axis": commitment.axis, "state": commitment.status.as_ref().map(|status| status.as_str()),
            "starts": first(commitment.period.start), "ends": last(commitment.period.end),
            "principles": commitment.principles.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
            "themes": commitment.themes,
            // Beyond what a column holds it is no sum of money.
            "budget": commitment.resources.budget.and_then(|budget| i64::try_from(budget).ok()),
            "currency": commitment.resources.currency,
        })
    };
    record.commitments.iter().enumerate().map(row).collect()
}

fn milestones(plan: &str, record: &Plan) -> Vec<Value> {
    let own = record.milestones.iter().map(|milestone| ("", milestone));
    let theirs = record.commitments.iter().flat_map(|commitment| {
        commitment.milestones.iter().map(|milestone| (commitment.id.as_str(), milestone))
    });
    let row = |(position, (commitment, milestone)): (usize, (&str, &Milestone))| {
        let title = &milestone.title;
        json!({
            "plan": plan, "commitment": commitment, "position": position, "milestone": milestone.id,
            "title_ar": title.get("ar"), "title_fr": title.get("fr"), "title_en": title.get("en"),
            "starts": first(milestone.start), "due": last(milestone.end.or(milestone.date)),
        })
    };
    own.chain(theirs).enumerate().map(row).collect()
}

fn reports(id: &str, record: &Progress) -> Vec<Value> {
    let Some(plan) = &record.plan else { return Vec::new() };
    let rows = record.milestones.iter().enumerate().map(|(position, state)| {
        json!({
            "id": id, "position": position, "plan": bytes(&plan.id.0), "commitment": record.commitment,
            "as_of": last(record.as_of), "milestone": state.milestone, "state": state.status.as_str(),
            "reached": last(state.date), "with_evidence": state.has_evidence(),
        })
    });
    rows.collect()
}

fn adoptions(id: &str, record: &Adoption) -> Vec<Value> {
    let row = |practice: &multaqa_protocol::record::Ref| {
        json!({
            "id": id, "practice": bytes(&practice.id.0), "practice_author": bytes(&practice.author.0),
            "state": record.state.as_str(), "starts": first(record.period.start),
            "ends": last(record.period.end),
        })
    };
    record.practice.iter().map(row).collect()
}

fn evaluations(id: &str, record: &Evaluation) -> Vec<Value> {
    let row = |about: &multaqa_protocol::record::Ref| {
        json!({
            "id": id, "about": bytes(&about.id.0), "commitment": record.commitment,
            "completion": record.completion.as_str(),
        })
    };
    record.about.iter().map(row).collect()
}

/// Returns the first day that a date can mean.
fn first(date: Option<Date>) -> Option<String> {
    day(date?.first())
}

/// Returns the last day that a date can mean.
fn last(date: Option<Date>) -> Option<String> {
    day(date?.last())
}

/// Returns a day as PostgreSQL reads it, which has no year 0 and none before in this form.
fn day(day: jiff::civil::Date) -> Option<String> {
    (day.year() >= 1).then(|| day.to_string())
}
