//! A meeting: where, what was held, what came of it.

use multaqa_protocol::record::Event;

use super::named::Named;
use super::part::{Cell, Part, Piece, Section};
use super::{basis, evaluation, people};
use crate::ui::page::Page;
use crate::view::View;

/// Returns the sections of an event.
pub(super) fn sections(page: &Page, view: &View<'_>, named: &Named, event: &Event) -> Vec<Section> {
    let text = |title, words| Part::text(page, title, words);
    let online = event.online.as_ref().map(|address| Piece::address(page, address));
    let place = event.place.as_ref().map(|code| people::place(page, code));
    let stage = event.stage.as_ref().map(|stage| Cell::ours(page.code("stage", stage.as_str())));
    let sections = [
        Section::of(
            page,
            "held",
            vec![
                Part::facts(vec![
                    (page.say("fact-place"), Cell::default().and(place)),
                    (page.say("fact-venue"), Cell::words(page, &event.venue)),
                    (page.say("fact-online"), Cell::default().and(online)),
                    (page.say("fact-plan"), named.cell(page, event.part_of.as_ref())),
                    (page.say("fact-stage"), stage.unwrap_or_default()),
                ]),
                text(Some("heading-agenda"), &event.agenda),
            ],
        ),
        Section::of(page, "outputs", vec![text(None, &event.outputs)]),
        Section::of(
            page,
            "recommendations",
            vec![evaluation::recommendations(page, view, &event.recommendations)],
        ),
        Section::of(page, "participation", vec![people::participation(page, &event.participation)]),
        Section::of(
            page,
            "partners",
            vec![people::partners(page, &event.partners), people::parties(page, &event.parties)],
        ),
        Section::of(page, "contacts", vec![people::contacts(page, &event.contacts)]),
        Section::of(
            page,
            "aims",
            vec![basis::aims(page, &event.outcomes, &event.ogp_values, &event.themes, &event.sdgs)],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &event.sources),
                basis::external_ids(page, &event.external_ids),
                basis::making(page, &event.translation, &event.collected, event.licence.as_deref()),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}
