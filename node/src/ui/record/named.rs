//! The records that a record names: links by title to those that are here, and by id to those that are not yet.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::{Record as Body, Ref, Words};

use super::part::{Cell, Part, Piece};
use crate::api::types::{Record, RecordItem, Resolved};
use crate::ui::page::{Page, short};
use crate::ui::title;
use crate::view::{Opened, View, ViewError};

/// Most records named by a record that are looked up for their titles; each is a read of the journal.
pub(super) const MAX_TITLES: usize = 24;

/// What a record names.
#[derive(Debug, Default)]
pub(super) struct Named {
    read: BTreeMap<EntryId, (RecordItem, Arc<Opened>)>,
    held: BTreeSet<EntryId>,
}

impl Named {
    /// Looks up what a record names.
    pub(super) fn new(view: &View<'_>, shown: &Record) -> Result<Self, ViewError> {
        let mut named = Self::default();
        for link in shown.links.iter().filter(|link| link.resolved == Resolved::Held) {
            named.held.insert(link.target.id);
            if named.read.len() < MAX_TITLES
                && let Some(read) = view.named(&link.target)?
            {
                named.read.insert(link.target.id, read);
            }
        }
        Ok(named)
    }

    /// Looks up what a record names that is not signed yet; what cannot be read now is shown by its id.
    pub(super) fn of(view: &View<'_>, body: &Body) -> Self {
        let mut named = Self::default();
        for target in targets(body).iter().take(MAX_TITLES) {
            if let Ok(Some(read)) = view.named(target) {
                named.held.insert(target.id);
                named.read.insert(target.id, read);
            }
        }
        named
    }

    /// Returns a link to a record, or says that it has not arrived; an adoption of something unknown shows so
    /// until it does.
    pub(super) fn cell(&self, page: &Page, target: Option<&Ref>) -> Cell {
        let Some(target) = target else { return Cell::default() };
        let id = short(&target.id.to_string());
        if !self.held.contains(&target.id) {
            return Cell(vec![Piece::Code(id), Piece::Ours(page.say("link-not-held"))]);
        }
        let title = self.read.get(&target.id).and_then(|(item, _)| title::of(page, item));
        let text = title.unwrap_or_else(|| page.unnamed(&id));
        Cell(vec![Piece::Inside { href: page.record_href(&target.id), text }])
    }

    /// Returns the same with whose it is.
    pub(super) fn cell_by(&self, page: &Page, target: &Ref) -> Cell {
        let by = self.read.get(&target.id).map(|(item, _)| Piece::Inside {
            href: page.member_href(&item.author),
            text: page.author(&item.names, item.author),
        });
        let between = by.is_some().then(|| Piece::Ours("·".to_owned()));
        self.cell(page, Some(target)).and(between).and(by)
    }

    /// Returns a list of records.
    pub(super) fn list(&self, page: &Page, targets: &[Ref]) -> Option<Part> {
        Part::list(targets.iter().map(|target| self.cell_by(page, target)).collect())
    }

    /// Returns what a part of a record is called there; its id where that is not known here.
    pub(super) fn part(&self, page: &Page, target: Option<&Ref>, id: &str, within: Option<&str>) -> Cell {
        if id.is_empty() && within.is_none() {
            return Cell::default();
        }
        let words = self.words(target, id, within).and_then(|words| page.passage(words));
        let unnamed = || Piece::Code(page.plain(within.unwrap_or(id)));
        Cell(vec![words.map_or_else(unnamed, Piece::Said)])
    }

    fn words(&self, target: Option<&Ref>, id: &str, within: Option<&str>) -> Option<&Words> {
        let (_, opened) = self.read.get(&target?.id)?;
        opened.part(id, within)
    }
}

/// Returns the records that a body names in the fields that its sections show.
fn targets(body: &Body) -> Vec<Ref> {
    match body {
        Body::Challenge(challenge) => challenge.answered_by.clone(),
        Body::Reply(reply) => reply.to.iter().chain(&reply.practices).copied().collect(),
        Body::Proposal(proposal) => {
            let became = proposal.became.iter().flat_map(|became| [became.plan, became.merged_into]);
            proposal.plan.into_iter().chain(became.flatten()).collect()
        }
        Body::Progress(progress) => progress.plan.into_iter().collect(),
        Body::Evaluation(evaluation) => evaluation.about.iter().chain(&evaluation.judged).copied().collect(),
        Body::Adoption(adoption) => adoption.practice.into_iter().collect(),
        Body::Event(event) => event.part_of.into_iter().collect(),
        Body::Endorse(endorse) => endorse.endorses.into_iter().collect(),
        _ => Vec::new(),
    }
}
