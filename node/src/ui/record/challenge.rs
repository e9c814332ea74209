//! A shared difficulty: what it is, what was tried, what experience is asked for and of whom.

use multaqa_protocol::record::Challenge;

use super::named::Named;
use super::part::{Part, Section};
use super::{basis, people};
use crate::ui::page::Page;
use crate::view::View;

/// Returns the sections of a challenge.
pub(super) fn sections(page: &Page, view: &View<'_>, named: &Named, challenge: &Challenge) -> Vec<Section> {
    let text = |title, words| Part::text(page, title, words);
    let sections = [
        Section::of(
            page,
            "sought",
            vec![text(None, &challenge.sought), people::addressees(page, view, &challenge.addressees)],
        ),
        Section::of(page, "answered", vec![named.list(page, &challenge.answered_by)]),
        Section::of(
            page,
            "context",
            vec![
                text(None, &challenge.context),
                text(Some("heading-beneficiaries"), &challenge.beneficiaries),
            ],
        ),
        Section::of(page, "attempts", vec![text(None, &challenge.attempts)]),
        Section::of(page, "contacts", vec![people::contacts(page, &challenge.contacts)]),
        Section::of(
            page,
            "aims",
            vec![basis::aims(
                page,
                &challenge.outcomes,
                &challenge.ogp_values,
                &challenge.themes,
                &challenge.sdgs,
            )],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &challenge.sources),
                basis::external_ids(page, &challenge.external_ids),
                basis::making(
                    page,
                    &challenge.translation,
                    &challenge.collected,
                    challenge.licence.as_deref(),
                ),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}
