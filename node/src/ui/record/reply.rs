//! An answer, a question or a remark; its text stands where other records have their summary.

use multaqa_protocol::record::Reply;

use super::named::Named;
use super::part::{Part, Section};
use super::{basis, people};
use crate::ui::page::Page;
use crate::view::View;

/// Returns the sections of a reply.
pub(super) fn sections(page: &Page, view: &View<'_>, named: &Named, reply: &Reply) -> Vec<Section> {
    let to = reply.to.as_ref();
    let part = named.part(page, to, reply.part.as_deref().unwrap_or_default(), None);
    let sections = [
        Section::of(
            page,
            "reply-to",
            vec![
                Part::facts(vec![(page.say("fact-to"), named.cell(page, to)), (page.say("fact-part"), part)]),
                people::addressees(page, view, &reply.addressees),
            ],
        ),
        Section::of(page, "practices", vec![named.list(page, &reply.practices)]),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &reply.sources),
                basis::making(page, &reply.translation, &Default::default(), None),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}
