//! A programme of openness: what it commits to, what others declared of it, and how it was made.

use multaqa_protocol::record::Plan;
use multaqa_protocol::record::plan::{Axis, Commitment, StageHeld};

use super::part::{Cell, Group, Part, Piece, Section, Table};
use super::{basis, people, work};
use crate::ui::page::Page;
use crate::ui::text::Passage;

/// Returns the sections of a plan.
pub(super) fn sections(page: &Page, plan: &Plan) -> Vec<Section> {
    let mut commitments = vec![overview(page, plan)];
    commitments.extend(
        plan.commitments.iter().enumerate().map(|(at, commitment)| Some(group(page, plan, at, commitment))),
    );
    let mut making = vec![stages(page, &plan.stages), work::milestones(page, &plan.milestones)];
    making.extend(plan.stages.iter().map(|stage| people::participation(page, &stage.participation)));
    let sections = [
        Section::of(page, "declared", work::declared(page, &plan.declared)),
        Section::of(page, "commitments", commitments),
        Section::of(page, "axes", vec![axes(page, &plan.axes)]),
        Section::of(page, "stages", making),
        Section::of(
            page,
            "partners",
            vec![people::partners(page, &plan.partners), people::parties(page, &plan.parties)],
        ),
        Section::of(page, "contacts", vec![people::contacts(page, &plan.contacts)]),
        Section::of(
            page,
            "aims",
            vec![
                framework(page, plan),
                basis::aims(page, &plan.outcomes, &plan.ogp_values, &plan.themes, &plan.sdgs),
            ],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &plan.sources),
                basis::external_ids(page, &plan.external_ids),
                basis::attachments(page, &plan.attachments),
                basis::making(page, &plan.translation, &plan.collected, plan.licence.as_deref()),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}

/// Returns what a reader looks for first and the plan does not say, as ids of messages.
pub(super) fn unsaid(plan: &Plan) -> Vec<&'static str> {
    let said =
        [("unsaid-commitments", plan.commitments.is_empty()), ("unsaid-stages", plan.stages.is_empty())];
    said.into_iter().filter_map(|(id, is_unsaid)| is_unsaid.then_some(id)).collect()
}

fn framework(page: &Page, plan: &Plan) -> Option<Part> {
    let programme = plan.programme.as_ref().map(|code| Cell::ours(page.code("framework", code.as_str())));
    let cycle = plan.cycle.map(|cycle| Cell::ours(page.number(cycle)));
    Part::facts(vec![
        (page.say("fact-programme"), programme.unwrap_or_default()),
        (page.say("fact-cycle"), cycle.unwrap_or_default()),
    ])
}

/// Returns the name by which a link reaches a commitment. Its own id may hold anything.
fn anchor(at: usize) -> String {
    format!("commitment-{}", at + 1)
}

fn title(page: &Page, commitment: &Commitment) -> Option<Passage> {
    page.passage(&commitment.title)
}

/// Returns the commitments at a glance, each a link to what it says.
fn overview(page: &Page, plan: &Plan) -> Option<Part> {
    let row = |(at, commitment): (usize, &Commitment)| {
        let link =
            title(page, commitment).map(|text| Piece::Inside { href: format!("#{}", anchor(at)), text });
        let status = commitment.status.as_ref().map(|code| Cell::ours(page.code("progress", code.as_str())));
        let steps = commitment.milestones.len() as u64;
        vec![
            Cell::default().and(link),
            status.unwrap_or_default(),
            page.language.period(&commitment.period).map(Cell::ours).unwrap_or_default(),
            if steps == 0 { Cell::default() } else { Cell::ours(page.number(steps)) },
        ]
    };
    let head = ["column-commitment", "column-status", "column-when", "column-steps"].map(|id| page.say(id));
    let rows = plan.commitments.iter().enumerate().map(row).collect();
    Table::part(page.count("table-commitments", plan.commitments.len() as u64), head.to_vec(), rows)
}

fn group(page: &Page, plan: &Plan, at: usize, commitment: &Commitment) -> Part {
    let axis = commitment.axis.as_ref().and_then(|id| plan.axes.iter().find(|axis| axis.id == *id));
    let lead = commitment.lead.as_ref().map(|lead| people::partner(page, lead)).unwrap_or_default();
    let text = |title, words| Part::text(page, title, words);
    let mut parts = vec![text(None, &commitment.summary)];
    parts.extend(work::declared(page, &commitment.declared));
    parts.extend([
        text(Some("heading-action"), &commitment.action),
        text(Some("heading-problem"), &commitment.problem),
        text(Some("heading-status-quo"), &commitment.status_quo),
        text(Some("heading-contribution"), &commitment.contribution),
        text(Some("heading-goal"), &commitment.goal),
        Part::facts(vec![
            (
                page.say("fact-period"),
                page.language.period(&commitment.period).map(Cell::ours).unwrap_or_default(),
            ),
            (page.say("fact-axis"), axis.map(|axis| Cell::words(page, &axis.title)).unwrap_or_default()),
            (page.say("fact-lead"), lead),
        ]),
        work::resources(page, &commitment.resources),
        work::milestones(page, &commitment.milestones),
        people::partners(page, &commitment.partners),
        basis::aims(page, &[], &commitment.ogp_values, &commitment.themes, &commitment.sdgs),
        basis::sources(page, &commitment.sources),
        basis::external_ids(page, &commitment.external_ids),
        basis::making(page, &commitment.translation, &commitment.collected, None),
    ]);
    let status = commitment.status.iter().map(|code| page.code("progress", code.as_str()));
    let principles = commitment.principles.iter().map(|code| page.code("principle", code.as_str()));
    Part::Group(Box::new(Group {
        anchor: anchor(at),
        title: title(page, commitment),
        level: 4,
        page_language: page.language.tag(),
        chips: status.chain(principles).collect(),
        parts: parts.into_iter().flatten().collect(),
    }))
}

fn axes(page: &Page, axes: &[Axis]) -> Option<Part> {
    let row = |axis: &Axis| Cell::words(page, &axis.title).and(Piece::words(page, &axis.note));
    Part::list(axes.iter().map(row).collect())
}

/// Returns the stages of its making, each with its own dates.
fn stages(page: &Page, stages: &[StageHeld]) -> Option<Part> {
    let row = |stage: &StageHeld| {
        let reference = stage.reference.as_deref().map(|text| Piece::Name(page.plain(text)));
        let source = stage.source.as_ref().map(|source| Piece::address(page, source));
        vec![
            Cell::ours(page.code("stage", stage.stage.as_str())),
            work::period(page, stage.start, stage.end),
            Cell::words(page, &stage.title),
            Cell::default().and(reference).and(source),
        ]
    };
    let head = ["column-stage", "column-when", "column-held", "column-evidence"].map(|id| page.say(id));
    Table::part(page.say("table-stages"), head.to_vec(), stages.iter().map(row).collect())
}
