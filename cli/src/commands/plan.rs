//! `plan`: how far a plan had come, derived from signed reports, beside what was declared.

use multaqa_node::api::types::{
    CommitmentFollowUp, DeclaredRate, Fate, Pace, PlanFollowUp, StepFollowUp, StepName, Tally,
};
use multaqa_node::vocabulary;

use super::init::best;
use super::member::called;
use crate::args::Plan;
use crate::client::{Client, escape};
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::say;
use crate::output::short;

/// Shows how far a plan had come at the end of a day.
pub(crate) async fn plan(asked: &Plan, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let day: Vec<(&str, &str)> = asked.as_of.iter().map(|day| ("as_of", day.as_str())).collect();
    let followed: Outcome<PlanFollowUp> = client.get(&format!("/plans/{}", escape(&asked.id)), &day).await;
    client.close().await;
    let followed = followed?;
    if context.out.json {
        context.out.object(&followed);
    } else {
        text(&followed, context);
    }
    Ok(Exit::Ok)
}

fn text(followed: &PlanFollowUp, context: &Context) {
    let catalogue = &context.catalogue;
    context.out.line(best(&followed.title, context));
    context.out.line("");
    context.out.line(done(&followed.progress, context));
    if let Some(rate) = &followed.declared {
        context.out.line(declared(rate, &followed.progress, context));
    }
    let implementers = followed.implementers.iter().map(|who| called(who, context));
    let rows = [
        (say!(catalogue, "head-author"), called(&followed.author, context)),
        (say!(catalogue, "plan-as-of"), followed.as_of.clone()),
        (say!(catalogue, "plan-version"), short(&followed.version.to_string())),
        (say!(catalogue, "plan-rule"), best(&followed.rule, context)),
        (say!(catalogue, "plan-implementers"), implementers.collect::<Vec<_>>().join(", ")),
    ];
    for (name, value) in rows {
        context.out.line(say!(catalogue, "status-row", name = name, value = value));
    }
    let mut remarks = Vec::new();
    if !followed.complete {
        remarks.push(say!(catalogue, "plan-incomplete"));
    }
    if followed.signed_later {
        remarks.push(say!(catalogue, "plan-signed-later"));
    }
    if followed.reports_by_others > 0 {
        remarks.push(say!(catalogue, "plan-by-others", count = followed.reports_by_others));
    }
    for state in &followed.unresolved {
        let step = [Some(state.commitment.as_str()), state.milestone.as_deref()];
        let step = step.into_iter().flatten().collect::<Vec<_>>().join(" / ");
        let id = short(&state.report.to_string());
        remarks.push(say!(catalogue, "plan-unresolved", step = step, id = id));
    }
    remarks.iter().for_each(|remark| context.out.line(remark));
    steps(followed, context);
    late("plan-overdue", &followed.overdue, context);
    late("plan-stalled", &followed.stalled, context);
    evaluations(followed, context);
    proposals(followed, context);
}

fn done(tally: &Tally, context: &Context) -> String {
    let catalogue = &context.catalogue;
    match tally.percent {
        None => say!(catalogue, "plan-nothing"),
        Some(percent) => say!(
            catalogue,
            "plan-done",
            complete = tally.complete,
            counted = tally.counted,
            percent = percent,
            evidenced = tally.evidenced
        ),
    }
}

fn declared(rate: &DeclaredRate, tally: &Tally, context: &Context) -> String {
    let catalogue = &context.catalogue;
    let date = rate.as_of.map(|date| date.to_string()).unwrap_or_else(|| "?".to_owned());
    match tally.percent {
        _ if !rate.differs => say!(catalogue, "plan-agrees", percent = rate.percent, date = date),
        Some(_) => say!(catalogue, "plan-differs", percent = rate.percent, date = date),
        None => say!(catalogue, "plan-not-derived", percent = rate.percent, date = date),
    }
}

/// Shows every step with its state and what it rests on.
fn steps(followed: &PlanFollowUp, context: &Context) {
    let catalogue = &context.catalogue;
    let row = |(of, step): (&CommitmentFollowUp, &StepFollowUp)| {
        let evidence = match step.evidenced {
            true => say!(catalogue, "plan-evidenced"),
            false => String::new(),
        };
        let report = step.reports.last().map(|report| short(&report.report.id.to_string()));
        vec![
            of.id.clone(),
            step.name.milestone.clone().unwrap_or_default(),
            best(&step.name.title, context),
            label("milestone_status", &step.status, context),
            step.name.due.map(|due| due.to_string()).unwrap_or_default(),
            pace(&step.name, context),
            evidence,
            report.unwrap_or_default(),
        ]
    };
    let all = followed.commitments.iter().flat_map(|of| of.steps.iter().map(move |step| (of, step)));
    let rows: Vec<Vec<String>> = all.map(row).collect();
    if rows.is_empty() {
        return;
    }
    context.out.line("");
    let head = vec![
        say!(catalogue, "plan-commitment"),
        say!(catalogue, "plan-milestone"),
        say!(catalogue, "head-title"),
        say!(catalogue, "head-state"),
        say!(catalogue, "plan-due"),
        say!(catalogue, "plan-pace"),
        say!(catalogue, "plan-evidence"),
        say!(catalogue, "plan-report"),
    ];
    context.out.table(head, rows);
}

fn pace(step: &StepName, context: &Context) -> String {
    let catalogue = &context.catalogue;
    let days = step.days.unwrap_or_default();
    match step.pace {
        Pace::Overdue => say!(catalogue, "plan-days-overdue", days = days),
        Pace::Stalled => say!(catalogue, "plan-days-stalled", days = days),
        Pace::OnTime | Pace::Settled => String::new(),
    }
}

fn late(title: &str, steps: &[StepName], context: &Context) {
    if steps.is_empty() {
        return;
    }
    let catalogue = &context.catalogue;
    context.out.line("");
    context.out.line(catalogue.with(title, &[]));
    for step in steps {
        let (name, value) = (best(&step.title, context), pace(step, context));
        context.out.line(say!(catalogue, "status-row", name = name, value = value));
    }
}

fn evaluations(followed: &PlanFollowUp, context: &Context) {
    let catalogue = &context.catalogue;
    for verdict in &followed.evaluations {
        let name = called(&verdict.said.by, context);
        let completion = label("completion", &verdict.completion, context);
        let id = short(&verdict.said.id.to_string());
        context.out.line("");
        context.out.line(match verdict.self_assessment {
            true => say!(catalogue, "plan-self-assessed", name = name, completion = completion, id = id),
            false => say!(catalogue, "plan-evaluated", name = name, completion = completion, id = id),
        });
        context.out.line(best(&verdict.summary, context));
    }
}

fn proposals(followed: &PlanFollowUp, context: &Context) {
    if followed.proposals.is_empty() {
        return;
    }
    let catalogue = &context.catalogue;
    let row = |fate: &multaqa_node::api::types::ProposalFate| {
        let became = match &fate.became {
            Fate::Open => say!(catalogue, "plan-became-open"),
            Fate::Commitment { commitment, .. } => {
                say!(catalogue, "plan-became-commitment", commitment = commitment.clone())
            }
            Fate::Declined { reason } => {
                say!(catalogue, "plan-became-declined", reason = best(reason, context))
            }
            Fate::NotHeld { id } => say!(catalogue, "plan-became-not-held", id = short(&id.to_string())),
            Fate::Circle => say!(catalogue, "plan-became-circle"),
        };
        let stage = fate.stage.as_deref().map(|code| label("stage", code, context)).unwrap_or_default();
        vec![short(&fate.said.id.to_string()), stage, best(&fate.title, context), became]
    };
    context.out.line("");
    let head = vec![
        say!(catalogue, "head-id"),
        say!(catalogue, "plan-stage"),
        say!(catalogue, "head-title"),
        say!(catalogue, "plan-became"),
    ];
    context.out.table(head, followed.proposals.iter().map(row).collect());
}

/// Returns what a code is called in the language of the command.
fn label(vocabulary: &str, code: &str, context: &Context) -> String {
    vocabulary::label(vocabulary, code, context.catalogue.language().tag()).to_owned()
}
