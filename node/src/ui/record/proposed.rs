//! Co-creation: the proposals that were collected for a plan, stage by stage, and what became of each.

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::Words;

use super::part::{Cell, Part, Piece, Section, Table};
use crate::api::types::{Fate, OriginOf, PlanFollowUp, ProposalFate};
use crate::ui::page::{Page, short};
use crate::ui::text::Passage;
use crate::vocabulary;

/// Returns the proposals of a plan.
pub(super) fn section(page: &Page, followed: &PlanFollowUp) -> Option<Section> {
    let order = |fate: &ProposalFate| {
        let stage = fate.stage.as_deref().unwrap_or_default();
        vocabulary::terms("stage").iter().position(|term| term.code == stage).unwrap_or(usize::MAX)
    };
    let mut fates: Vec<&ProposalFate> = followed.proposals.iter().collect();
    fates.sort_by_key(|fate| order(fate));
    let row = |fate: &&ProposalFate| {
        let title = page.passage(&fate.title).unwrap_or_else(|| unnamed(page, &fate.said.id));
        let author = Piece::Inside {
            href: page.member_href(&fate.said.by.author),
            text: page.author(&fate.said.by.names, fate.said.by.author),
        };
        vec![
            fate.stage.as_deref().map(|code| Cell::ours(page.code("stage", code))).unwrap_or_default(),
            Cell(vec![Piece::Inside { href: page.record_href(&fate.said.id), text: title }]),
            Cell(vec![author]).and(Piece::words(page, &fate.occasion)),
            became(page, fate, followed),
        ]
    };
    let head =
        ["column-stage", "column-proposal", "column-collected", "column-became"].map(|id| page.say(id));
    let caption = page.count("table-proposals", fates.len() as u64);
    let table = Table::part(caption, head.to_vec(), fates.iter().map(row).collect());
    Section::of(page, "proposals", vec![table])
}

/// Returns the proposals from which a commitment came, with links back to them.
pub(super) fn origins(page: &Page, origins: &[OriginOf]) -> Vec<Part> {
    let row = |origin: &OriginOf| {
        let title = page.passage(&origin.title).unwrap_or_else(|| unnamed(page, &origin.record));
        let who = match (origin.proposal_says, origin.commitment_says) {
            (true, true) => "plan-origin-both",
            (true, false) => "plan-origin-proposal",
            _ => "plan-origin-commitment",
        };
        let link = Piece::Inside { href: page.record_href(&origin.record), text: title };
        Cell(vec![link]).and(Some(Piece::Ours(page.say(who))))
    };
    Part::titled_list(page, "heading-origins", origins.iter().map(row).collect())
}

fn became(page: &Page, fate: &ProposalFate, followed: &PlanFollowUp) -> Cell {
    let title_of =
        |id: &EntryId| followed.proposals.iter().find(|other| other.record == *id).map(|other| &other.title);
    let named = |id: &EntryId, title: Option<&Words>| Piece::Inside {
        href: page.record_href(id),
        text: title.and_then(|title| page.passage(title)).unwrap_or_else(|| unnamed(page, id)),
    };
    let mut cell = Cell::default();
    if !fate.through.is_empty() {
        cell.0.push(Piece::Ours(page.say("plan-became-merged")));
        cell.0.extend(fate.through.iter().map(|id| named(id, title_of(id))));
    }
    let end = match &fate.became {
        Fate::Open => vec![Piece::Ours(page.say("plan-became-open"))],
        Fate::Declined { reason } => {
            let why = Piece::words(page, reason);
            [Piece::Ours(page.say("plan-became-declined"))].into_iter().chain(why).collect()
        }
        Fate::NotHeld { id } => {
            vec![Piece::Ours(page.say("plan-became-not-held")), Piece::Code(short(&id.to_string()))]
        }
        Fate::Circle => vec![Piece::Ours(page.say("plan-became-circle"))],
        Fate::Commitment { plan, commitment } => {
            let at = followed.commitments.iter().position(|own| own.id == *commitment);
            let at = at.filter(|_| *plan == followed.first);
            let link = match at {
                Some(at) => Piece::Inside {
                    href: format!("#{}", super::plan::anchor(at)),
                    text: page
                        .passage(&followed.commitments[at].title)
                        .unwrap_or_else(|| page.unnamed(commitment)),
                },
                None => named(plan, None),
            };
            vec![Piece::Ours(page.say("plan-became-commitment")), link]
        }
    };
    cell.0.extend(end);
    cell
}

fn unnamed(page: &Page, id: &EntryId) -> Passage {
    page.unnamed(&short(&id.to_string()))
}
