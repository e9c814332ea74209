//! Practices of collectivities like one: of the same level, then by how much else is alike.
//!
//! The rule is simple on purpose, and stands beside every list that it makes: two points for a population
//! of the same class, two for the same region, one for each theme in common, at most three; of equal
//! points the newest comes first. A region is compared with regions only, a commune with communes.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, Millis};
use multaqa_protocol::record::PRACTICE;

use super::follow_up::newest;
use super::{Filter, View, ViewError};
use crate::api::types::{Alike, AlikeTo, Facets, RECORDS, RecordItem, Records, Status};
use crate::gazetteer::{self, Territory};
use crate::index::Index;
use crate::ui;

/// Inhabitants at which a class of populations begins. The first four are where Moroccan law and statistics
/// tell small centres, small and middling towns apart, the last three tell provinces and regions apart.
const CLASSES: [u64; 7] = [5_000, 20_000, 50_000, 100_000, 350_000, 1_000_000, 3_000_000];
/// Points for a population of the same class.
const SAME_CLASS: u64 = 2;
/// Points for the same region.
const SAME_REGION: u64 = 2;
/// Most points for themes in common, one for each.
const MAX_THEMES: usize = 3;
/// Most collectivities whose practices are looked at, the most alike first: each is a question to the index.
const MAX_PEERS: usize = 24;
/// Most practices of one of them, the newest: nobody fills the list alone.
const MAX_PER_PEER: usize = 5;
/// Most records of the collectivity itself of which the themes are taken, the newest.
const MAX_OWN: usize = 24;

/// What is compared of a collectivity.
struct Traits {
    level: String,
    territory: Option<&'static Territory>,
}

impl Traits {
    fn class(&self) -> Option<usize> {
        let population = self.territory?.population?;
        Some(CLASSES.iter().filter(|from| population >= **from).count())
    }

    /// Returns the region in which it lies; nothing for a region itself.
    fn region(&self) -> Option<&'static str> {
        self.territory.filter(|at| at.code != at.region).map(|at| at.region.as_str())
    }
}

impl View<'_> {
    /// Lists practices of collectivities like `author`, the most alike first, among what `filter` lets
    /// through; at most `limit`. Nothing is like an author without a level.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn similar(
        &self,
        index: &Index,
        author: AuthorId,
        filter: &Filter,
        limit: usize,
        now: Millis,
    ) -> Result<Records, ViewError> {
        let own = self.traits(author);
        let themes = self.own_themes(index, author, now)?;
        let mut records = Records {
            schema: RECORDS.into(),
            items: Vec::new(),
            next: None,
            total: Some(0),
            complete: true,
            facets: Facets::default(),
            similar_to: Some(AlikeTo {
                author: self.author_ref(author),
                level: own.as_ref().map(|own| own.level.clone()),
                population_from: own.as_ref().and_then(Traits::class).map(edge),
                population_to: own
                    .as_ref()
                    .and_then(Traits::class)
                    .and_then(|class| CLASSES.get(class).copied()),
                region: own.as_ref().and_then(Traits::region).map(str::to_owned),
                themes: themes.iter().cloned().collect(),
                rule: ui::in_all_languages(ui::SIMILAR_RULE),
            }),
        };
        let Some(own) = own else { return Ok(records) };
        let mut found: Vec<RecordItem> = Vec::new();
        for (peer, alike) in self.peers(author, &own) {
            let filter = Filter {
                kinds: BTreeSet::from([PRACTICE.to_owned()]),
                author: Some(peer),
                statuses: BTreeSet::from([Status::Canonical]),
                ..filter.clone()
            };
            let Some(page) = newest(self, index, &filter, None, MAX_PER_PEER, now)? else {
                records.complete = false;
                continue;
            };
            for item in page.items {
                let of_item = self.themes_of(&item)?;
                let shared: Vec<String> = themes.intersection(&of_item).cloned().collect();
                let points = alike.points + shared.len().min(MAX_THEMES) as u64;
                found.push(RecordItem {
                    alike: Some(Alike { points, themes: shared, ..alike.clone() }),
                    ..item
                });
            }
        }
        let points = |item: &RecordItem| item.alike.as_ref().map(|alike| alike.points);
        found.sort_by_key(|item| (Reverse(points(item)), Reverse(item.time), item.id));
        records.total = Some(found.len() as u64);
        found.truncate(limit);
        records.items = found;
        Ok(records)
    }

    fn traits(&self, author: AuthorId) -> Option<Traits> {
        let (code, confirmation) = self.place_of(author);
        let territory = code.as_deref().and_then(gazetteer::find);
        Some(Traits { level: confirmation.level?, territory })
    }

    /// Returns those of the same level who have practices, the most alike first.
    fn peers(&self, author: AuthorId, own: &Traits) -> Vec<(AuthorId, Alike)> {
        let peer = |other: &AuthorId| {
            let has_practices =
                self.library.shelf(*other).is_some_and(|shelf| shelf.kinds.contains_key(PRACTICE));
            let traits = self.traits(*other).filter(|traits| traits.level == own.level);
            let traits = traits.filter(|_| has_practices && *other != author)?;
            let population = own.class().is_some() && traits.class() == own.class();
            let region = own.region().is_some() && traits.region() == own.region();
            let points = u64::from(population) * SAME_CLASS + u64::from(region) * SAME_REGION;
            Some((*other, Alike { points, population, region, themes: Vec::new() }))
        };
        let mut peers: Vec<(AuthorId, Alike)> = self.snapshot.authors().keys().filter_map(peer).collect();
        peers.sort_by_key(|(author, alike)| (Reverse(alike.points), *author));
        peers.truncate(MAX_PEERS);
        peers
    }

    /// Returns the themes of what an author published last.
    fn own_themes(
        &self,
        index: &Index,
        author: AuthorId,
        now: Millis,
    ) -> Result<BTreeSet<String>, ViewError> {
        let filter = Filter {
            author: Some(author),
            statuses: BTreeSet::from([Status::Canonical]),
            ..Filter::default()
        };
        let mut themes = BTreeSet::new();
        let page = newest(self, index, &filter, None, MAX_OWN, now)?;
        for item in page.iter().flat_map(|page| &page.items) {
            themes.extend(self.themes_of(item)?);
        }
        Ok(themes)
    }

    fn themes_of(&self, item: &RecordItem) -> Result<BTreeSet<String>, ViewError> {
        let Some(row) = self.row_of(item.author, &item.id)? else { return Ok(BTreeSet::new()) };
        Ok(self.shown(item.author, &row)?.themes_within())
    }
}

/// Returns where a class begins.
fn edge(class: usize) -> u64 {
    class.checked_sub(1).and_then(|at| CLASSES.get(at).copied()).unwrap_or(0)
}
