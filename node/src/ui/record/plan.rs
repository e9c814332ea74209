//! A programme of openness: what it commits to, what others declared of it, and how it was made.

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::plan::{Axis, Commitment, Milestone, StageHeld};
use multaqa_protocol::record::{Date, Plan};

use super::part::{Cell, Group, Part, Piece, Section, Table};
use super::{basis, evaluated, followed, people, proposed, work};
use crate::api::types::{CommitmentFollowUp, Pace, PlanFollowUp, Tally};
use crate::ui::chart::{Gantt, Run, shade};
use crate::ui::page::Page;
use crate::ui::text::Passage;

/// Returns the sections of a plan; `shown` is the version that it is. Without a follow-up, where none can be
/// derived, it shows what the plan says alone.
pub(super) fn sections(
    page: &Page,
    plan: &Plan,
    shown: EntryId,
    follow_up: Option<&PlanFollowUp>,
) -> Vec<Section> {
    let mut commitments = vec![
        follow_up.and_then(|follow_up| gantt(page, follow_up)).map(|gantt| Part::Gantt(Box::new(gantt))),
        overview(page, plan, follow_up),
    ];
    commitments.extend(
        plan.commitments
            .iter()
            .enumerate()
            .map(|(at, commitment)| Some(group(page, plan, at, commitment, follow_up))),
    );
    let making = vec![
        stages(page, &plan.stages),
        took_part(page, &plan.stages),
        work::milestones(page, &plan.milestones),
    ];
    let cosigned = follow_up.map(|follow_up| evaluated::cosigned(page, &follow_up.cosigned));
    let mut partners = vec![people::partners(page, &plan.partners)];
    match cosigned {
        Some(cosigned) => partners.extend(cosigned.into_iter().map(Some)),
        None => partners.push(people::parties(page, &plan.parties)),
    }
    let declared = match follow_up {
        Some(_) => Vec::new(),
        None => work::declared(page, &plan.declared),
    };
    let sections = [
        follow_up.and_then(|follow_up| followed::section(page, follow_up, shown)),
        Section::of(page, "declared", declared),
        Section::of(page, "commitments", commitments),
        follow_up
            .and_then(|follow_up| evaluated::section(page, &follow_up.evaluations, &follow_up.commitments)),
        follow_up.and_then(|follow_up| proposed::section(page, follow_up)),
        Section::of(page, "axes", vec![axes(page, &plan.axes)]),
        Section::of(page, "stages", making),
        Section::of(page, "partners", partners),
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
                basis::making(page, &plan.translation, &plan.collected, plan.licence.as_deref()),
            ],
        ),
        follow_up.and_then(|follow_up| followed::counting(page, follow_up)),
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
pub(super) fn anchor(at: usize) -> String {
    format!("commitment-{}", at + 1)
}

fn title(page: &Page, commitment: &Commitment) -> Option<Passage> {
    page.passage(&commitment.title)
}

/// Returns how a commitment was followed up: by its id, which stays the same in later versions.
fn of<'a>(follow_up: Option<&'a PlanFollowUp>, commitment: &Commitment) -> Option<&'a CommitmentFollowUp> {
    follow_up?.commitments.iter().find(|followed| followed.id == commitment.id)
}

/// Returns when the commitments run and their steps are due; the table below says the same in words.
fn gantt(page: &Page, follow_up: &PlanFollowUp) -> Option<Gantt> {
    let run = |followed: &CommitmentFollowUp| Run {
        name: page.passage(&followed.title).map_or_else(|| page.plain(&followed.id), |title| title.text),
        start: followed.period.start.map(Date::first),
        end: followed.period.end.map(Date::last),
        shade: whole(&followed.progress),
        due: followed
            .steps
            .iter()
            .filter_map(|step| Some((step.name.due?.last(), shade(&step.status))))
            .collect(),
    };
    let day = follow_up.as_of.parse().ok()?;
    Gantt::new(
        page.say("gantt-title"),
        page.say("gantt-about"),
        follow_up.commitments.iter().map(run).collect(),
        (day, followed::civil(page, &follow_up.as_of)),
        page.language.is_rtl(),
    )
}

/// Returns how a commitment is drawn: by the farthest that all of its steps, or some of them, have come.
fn whole(progress: &Tally) -> &'static str {
    let has = |code: &str| progress.by_status.contains_key(code);
    match progress.counted {
        0 if has("abandoned") => shade("abandoned"),
        counted if counted > 0 && progress.complete == counted => shade("complete"),
        _ if progress.complete > 0 || has("substantial") => shade("substantial"),
        _ if has("limited") => shade("limited"),
        _ => shade("not_started"),
    }
}

/// Returns the commitments at a glance, each a link to what it says.
fn overview(page: &Page, plan: &Plan, follow_up: Option<&PlanFollowUp>) -> Option<Part> {
    let row = |(at, commitment): (usize, &Commitment)| {
        let link =
            title(page, commitment).map(|text| Piece::Inside { href: format!("#{}", anchor(at)), text });
        let status = commitment.status.as_ref().map(|code| Cell::ours(page.code("status", code.as_str())));
        let followed = of(follow_up, commitment);
        let done = followed.map(|followed| Cell::ours(followed::done(page, &followed.progress)));
        let last = followed.and_then(|followed| {
            followed.steps.iter().flat_map(|step| &step.reports).map(|report| report.report.time).max()
        });
        let evidenced = followed.map(|followed| &followed.progress).filter(|progress| progress.complete > 0);
        let is_late = followed
            .is_some_and(|followed| followed.steps.iter().any(|step| step.name.pace == Pace::Overdue));
        let late = is_late.then(|| Piece::Ours(page.say("plan-late")));
        vec![
            Cell::default().and(link).and(late),
            done.unwrap_or_default(),
            status.unwrap_or_default(),
            page.language.period(&commitment.period).map(Cell::ours).unwrap_or_default(),
            last.map(|last| Cell::ours(page.day(last))).unwrap_or_default(),
            evidenced
                .map(|progress| Cell::ours(page.out_of(progress.evidenced, progress.complete)))
                .unwrap_or_default(),
        ]
    };
    let head = [
        "column-commitment",
        "column-derived",
        "column-status",
        "column-when",
        "column-last-report",
        "column-with-evidence",
    ];
    let rows = plan.commitments.iter().enumerate().map(row).collect();
    let caption = page.count("table-commitments", plan.commitments.len() as u64);
    Table::part(caption, head.map(|id| page.say(id)).to_vec(), rows)
}

fn group(
    page: &Page,
    plan: &Plan,
    at: usize,
    commitment: &Commitment,
    follow_up: Option<&PlanFollowUp>,
) -> Part {
    let axis = commitment.axis.as_ref().and_then(|id| plan.axes.iter().find(|axis| axis.id == *id));
    let lead = commitment.lead.as_ref().map(|lead| people::partner(page, lead)).unwrap_or_default();
    let text = |title, words| Part::text(page, title, words);
    let followed = of(follow_up, commitment);
    let verdicts = follow_up
        .map(|follow_up| evaluated::on_commitment(page, &follow_up.evaluations, &commitment.id))
        .unwrap_or_default();
    let mut parts = vec![text(None, &commitment.summary)];
    let both = follow_up.zip(followed);
    match both.and_then(|(plan, followed)| Some((plan, followed, followed.declared.as_ref()?))) {
        Some((plan, followed, rate)) => {
            parts.push(Some(followed::declared(page, rate, &followed.progress, plan)));
        }
        None => parts.extend(work::declared(page, &commitment.declared)),
    }
    parts.push(match both {
        Some((plan, followed)) => followed::steps(page, followed, plan),
        None => work::milestones(page, &commitment.milestones),
    });
    parts.extend([
        text(Some("heading-action"), &commitment.action),
        text(Some("heading-problem"), &commitment.problem),
        text(Some("heading-status-quo"), &commitment.status_quo),
        text(Some("heading-contribution"), &commitment.contribution),
        text(Some("heading-goal"), &commitment.goal),
    ]);
    parts.extend(
        followed.into_iter().flat_map(|followed| proposed::origins(page, &followed.origins)).map(Some),
    );
    parts.extend([
        Part::facts(vec![
            (
                page.say("fact-period"),
                page.language.period(&commitment.period).map(Cell::ours).unwrap_or_default(),
            ),
            (page.say("fact-axis"), axis.map(|axis| Cell::words(page, &axis.title)).unwrap_or_default()),
            (page.say("fact-lead"), lead),
            (page.say("fact-verdicts"), verdicts),
        ]),
        work::resources(page, &commitment.resources),
        outputs(page, &commitment.milestones),
        people::partners(page, &commitment.partners),
        basis::aims(page, &[], &commitment.ogp_values, &commitment.themes, &commitment.sdgs),
        basis::sources(page, &commitment.sources),
        basis::external_ids(page, &commitment.external_ids),
        basis::making(page, &commitment.translation, &commitment.collected, None),
    ]);
    let done = followed.map(|followed| followed::done(page, &followed.progress));
    let status = commitment.status.iter().map(|code| page.code("status", code.as_str()));
    let principles = commitment.principles.iter().map(|code| page.code("principle", code.as_str()));
    Part::Group(Box::new(Group {
        anchor: anchor(at),
        title: title(page, commitment),
        level: 4,
        page_language: page.language.tag(),
        chips: done.into_iter().chain(status).chain(principles).collect(),
        parts: parts.into_iter().flatten().collect(),
    }))
}

/// Returns what will be there to see of each milestone that says it.
fn outputs(page: &Page, milestones: &[Milestone]) -> Option<Part> {
    let said = milestones.iter().filter(|milestone| !milestone.output.is_empty());
    let row = |milestone: &Milestone| {
        vec![Cell::words(page, &milestone.title), Cell::words(page, &milestone.output)]
    };
    let head = ["column-step", "column-output"].map(|id| page.say(id));
    Table::part(page.say("table-outputs"), head.to_vec(), said.map(row).collect())
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

/// Returns who took part at each stage, in numbers.
fn took_part(page: &Page, stages: &[StageHeld]) -> Option<Part> {
    let rows = stages.iter().flat_map(|stage| {
        let name = Cell::ours(page.code("stage", stage.stage.as_str()));
        people::took_part(page, &stage.participation)
            .into_iter()
            .map(move |row| [name.clone()].into_iter().chain(row).collect())
    });
    let head: Vec<String> =
        ["column-stage"].iter().chain(&people::PARTICIPATION).map(|id| page.say(id)).collect();
    Table::part(page.say("table-participation"), head, rows.collect())
}
