//! "We take up that practice": which, how far, what it took and what came of it. What was changed stands where
//! other records have their summary.

use multaqa_protocol::record::Adoption;

use super::named::Named;
use super::part::{Cell, Part, Section};
use super::{basis, people, work};
use crate::ui::page::Page;

/// Returns the sections of an adoption.
pub(super) fn sections(page: &Page, named: &Named, adoption: &Adoption) -> Vec<Section> {
    let practice = adoption.practice.as_ref();
    let sections = [
        Section::of(
            page,
            "adopted",
            vec![Part::facts(vec![
                (
                    page.say("fact-practice"),
                    practice.map(|practice| named.cell_by(page, practice)).unwrap_or_default(),
                ),
                (
                    page.say("fact-adoption-state"),
                    Cell::ours(page.code("adoption_state", adoption.state.as_str())),
                ),
            ])],
        ),
        Section::of(page, "cost", vec![work::resources(page, &adoption.resources)]),
        Section::of(page, "results", vec![work::results(page, &adoption.results)]),
        Section::of(page, "lessons", vec![Part::text(page, None, &adoption.lessons)]),
        Section::of(page, "partners", vec![people::partners(page, &adoption.partners)]),
        Section::of(page, "contacts", vec![people::contacts(page, &adoption.contacts)]),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &adoption.sources),
                basis::making(page, &adoption.translation, &adoption.collected, adoption.licence.as_deref()),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}
