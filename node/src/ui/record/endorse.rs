//! A co-signature: of which version, as what, by which decision. Its note stands where other records have their
//! summary.

use multaqa_protocol::record::Endorse;

use super::basis;
use super::named::Named;
use super::part::{Cell, Part, Section};
use crate::ui::page::Page;

/// Returns the sections of a co-signature.
pub(super) fn sections(page: &Page, named: &Named, endorse: &Endorse) -> Vec<Section> {
    let endorsed = endorse.endorses.as_ref();
    let capacity = endorse.capacity.as_ref().map(|code| Cell::ours(page.code("capacity", code.as_str())));
    let sections = [
        Section::of(
            page,
            "endorsed",
            vec![Part::facts(vec![
                (
                    page.say("fact-endorses"),
                    endorsed.map(|endorsed| named.cell_by(page, endorsed)).unwrap_or_default(),
                ),
                (page.say("fact-capacity"), capacity.unwrap_or_default()),
                (
                    page.say("fact-reference"),
                    endorse.reference.as_deref().map(|text| Cell::name(page, text)).unwrap_or_default(),
                ),
                (
                    page.say("fact-date"),
                    endorse.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default(),
                ),
            ])],
        ),
        Section::of(page, "sources", vec![basis::sources(page, &endorse.sources)]),
    ];
    sections.into_iter().flatten().collect()
}
