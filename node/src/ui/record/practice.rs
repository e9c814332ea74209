//! A practice: what was done, what it cost, what failed; then what shows it.

use multaqa_protocol::record::Practice;

use super::part::{Part, Section};
use super::{basis, evaluated, people, spread, work};
use crate::api::types::Adoptions;
use crate::ui::page::Page;

/// Returns the sections of a practice, with how it spread where that can be derived.
pub(super) fn sections(page: &Page, practice: &Practice, adoptions: Option<&Adoptions>) -> Vec<Section> {
    let text = |title, words| Part::text(page, title, words);
    let sections = [
        Section::of(page, "done", vec![text(None, &practice.actions)]),
        Section::of(page, "cost", vec![work::resources(page, &practice.resources)]),
        Section::of(
            page,
            "failed",
            vec![
                text(Some("heading-lessons"), &practice.lessons),
                text(Some("heading-difficulties"), &practice.difficulties),
            ],
        ),
        Section::of(
            page,
            "results",
            vec![
                work::results(page, &practice.results),
                people::participation(page, &practice.participation),
                work::milestones(page, &practice.milestones),
            ],
        ),
        Section::of(
            page,
            "context",
            vec![text(None, &practice.context), text(Some("heading-beneficiaries"), &practice.beneficiaries)],
        ),
        Section::of(
            page,
            "reuse",
            vec![
                text(Some("heading-conditions"), &practice.conditions),
                text(Some("heading-transferability"), &practice.transferability),
            ],
        ),
        adoptions.and_then(|adoptions| spread::section(page, adoptions)),
        adoptions.and_then(|adoptions| evaluated::section(page, &adoptions.evaluations, &[])),
        Section::of(
            page,
            "partners",
            vec![people::partners(page, &practice.partners), people::parties(page, &practice.parties)],
        ),
        Section::of(page, "contacts", vec![people::contacts(page, &practice.contacts)]),
        Section::of(
            page,
            "aims",
            vec![basis::aims(
                page,
                &practice.outcomes,
                &practice.ogp_values,
                &practice.themes,
                &practice.sdgs,
            )],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &practice.sources),
                basis::external_ids(page, &practice.external_ids),
                basis::making(page, &practice.translation, &practice.collected, practice.licence.as_deref()),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}

/// Returns what a reader looks for first and the record does not say, as ids of messages.
pub(super) fn unsaid(practice: &Practice) -> Vec<&'static str> {
    let said = [
        ("unsaid-done", practice.actions.is_empty()),
        ("unsaid-cost", practice.resources == Default::default()),
        ("unsaid-failed", practice.lessons.is_empty() && practice.difficulties.is_empty()),
        ("unsaid-results", practice.results.is_empty()),
    ];
    said.into_iter().filter_map(|(id, is_unsaid)| is_unsaid.then_some(id)).collect()
}
