//! What was done for a commitment: the state of its milestones, each with what shows it.

use multaqa_protocol::record::Progress;
use multaqa_protocol::record::progress::MilestoneState;

use super::named::Named;
use super::part::{Cell, Part, Piece, Section, Table};
use super::{basis, people, work};
use crate::ui::page::Page;

/// Returns the sections of a progress record.
pub(super) fn sections(page: &Page, named: &Named, progress: &Progress) -> Vec<Section> {
    let text = |title, words| Part::text(page, title, words);
    let plan = progress.plan.as_ref();
    let states = &progress.milestones;
    let mut shown = vec![milestones(page, named, progress)];
    shown.extend(states.iter().map(|state| work::results(page, &state.results)));
    let as_of = progress.as_of.map(|date| Cell::ours(page.date(date)));
    let sections = [
        Section::of(
            page,
            "progress-of",
            vec![Part::facts(vec![
                (page.say("fact-plan"), named.cell(page, plan)),
                (page.say("fact-commitment"), named.part(page, plan, &progress.commitment, None)),
                (page.say("fact-as-of"), as_of.unwrap_or_default()),
            ])],
        ),
        Section::of(page, "states", shown),
        Section::of(page, "participation", vec![people::participation(page, &progress.participation)]),
        Section::of(page, "difficulties", vec![text(None, &progress.difficulties)]),
        Section::of(page, "next", vec![text(None, &progress.next)]),
        Section::of(
            page,
            "sources",
            vec![basis::making(
                page,
                &progress.translation,
                &progress.collected,
                progress.licence.as_deref(),
            )],
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn milestones(page: &Page, named: &Named, progress: &Progress) -> Option<Part> {
    let row = |state: &MilestoneState| {
        let pages = state.sources.iter().map(|source| Piece::address(page, &source.address));
        let figures = (!state.results.is_empty())
            .then(|| Piece::Ours(page.count("evidence-figures", state.results.len() as u64)));
        let files = (!state.attachments.is_empty())
            .then(|| Piece::Ours(page.count("evidence-files", state.attachments.len() as u64)));
        let none = (!state.has_evidence()).then(|| Piece::Ours(page.say("evidence-none")));
        let milestone = match state.milestone.as_deref().filter(|id| !id.is_empty()) {
            Some(id) => named.part(page, progress.plan.as_ref(), &progress.commitment, Some(id)),
            None => Cell::ours(page.say("whole-commitment")),
        };
        vec![
            milestone,
            Cell::ours(page.code("milestone_status", state.status.as_str())),
            state.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default(),
            Cell::words(page, &state.note),
            Cell(pages.collect()).and(figures).and(files).and(none),
        ]
    };
    let head = ["column-step", "column-state", "column-date", "column-note", "column-evidence"];
    let head = head.map(|id| page.say(id)).to_vec();
    Table::part(page.say("table-states"), head, progress.milestones.iter().map(row).collect())
}
