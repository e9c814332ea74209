//! A profile: who a collectivity says it is, and how to reach it.

use multaqa_protocol::record::Profile;
use multaqa_protocol::record::profile::Membership;

use super::part::{Cell, Part, Piece, Section};
use super::{basis, people};
use crate::ui::page::Page;

/// Returns the sections of a profile.
pub(in crate::ui) fn sections(page: &Page, profile: &Profile) -> Vec<Section> {
    let site = profile.site.as_ref().map(|address| Piece::address(page, address));
    let frameworks = profile.frameworks.iter().map(|joined| framework(page, joined));
    let sections = [
        Section::of(
            page,
            "contacts",
            vec![
                Part::facts(vec![(page.say("fact-site"), Cell::default().and(site))]),
                people::contacts(page, &profile.contacts),
            ],
        ),
        Section::of(page, "frameworks", vec![Part::list(frameworks.collect())]),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &profile.sources),
                basis::external_ids(page, &profile.external_ids),
                basis::making(page, &profile.translation, &profile.collected, None),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn framework(page: &Page, joined: &Membership) -> Cell {
    let since = joined.since.map(|date| page.tell("since", &[("date", page.date(date).into())]));
    let source = joined.source.as_ref().map(|address| Piece::address(page, address));
    Cell::ours(page.code("framework", joined.framework.as_str())).and(since.map(Piece::Ours)).and(source)
}
