//! An idea collected in co-creation: where it was collected, and what became of it.

use multaqa_protocol::record::Proposal;
use multaqa_protocol::record::proposal::Became;

use super::basis;
use super::named::Named;
use super::part::{Cell, Part, Section};
use crate::ui::page::Page;

/// Returns the sections of a proposal.
pub(super) fn sections(page: &Page, named: &Named, proposal: &Proposal) -> Vec<Section> {
    let became = proposal.became.as_ref();
    let stage = proposal.stage.as_ref().map(|stage| Cell::ours(page.code("stage", stage.as_str())));
    let axis = proposal.axis.as_deref().filter(|axis| !axis.is_empty());
    let sections = [
        Section::of(page, "became", became.map(|became| decision(page, named, became)).unwrap_or_default()),
        Section::of(
            page,
            "collected",
            vec![Part::facts(vec![
                (page.say("fact-plan"), named.cell(page, proposal.plan.as_ref())),
                (page.say("fact-axis"), axis.map(|axis| Cell::name(page, axis)).unwrap_or_default()),
                (page.say("fact-stage"), stage.unwrap_or_default()),
                (page.say("fact-occasion"), Cell::words(page, &proposal.occasion)),
                (
                    page.say("fact-date"),
                    proposal.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default(),
                ),
            ])],
        ),
        Section::of(
            page,
            "aims",
            vec![basis::aims(
                page,
                &proposal.outcomes,
                &proposal.ogp_values,
                &proposal.themes,
                &proposal.sdgs,
            )],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &proposal.sources),
                basis::external_ids(page, &proposal.external_ids),
                basis::making(page, &proposal.translation, &proposal.collected, proposal.licence.as_deref()),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn decision(page: &Page, named: &Named, became: &Became) -> Vec<Option<Part>> {
    let commitment = became.commitment.as_deref().unwrap_or_default();
    vec![
        Part::facts(vec![
            (page.say("fact-decision"), Cell::ours(page.code("proposal_state", became.state.as_str()))),
            (page.say("fact-plan"), named.cell(page, became.plan.as_ref())),
            (page.say("fact-commitment"), named.part(page, became.plan.as_ref(), commitment, None)),
            (page.say("fact-merged"), named.cell(page, became.merged_into.as_ref())),
            (page.say("fact-date"), became.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default()),
        ]),
        Part::text(page, Some("heading-why"), &became.reason),
    ]
}
