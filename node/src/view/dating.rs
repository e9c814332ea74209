//! By when an entry existed, by the word of others (A3).

use std::collections::BTreeSet;

use multaqa_protocol::id::AuthorId;
use multaqa_protocol::witness::Shown;

use super::snapshot::Held;
use super::testimony::Counting;
use super::{Found, View, ViewError};
use crate::api::types::{Dates, ExistedBefore, Listing, WitnessedBy};
use crate::gazetteer;

/// Most witnesses that an answer names; more are counted. A bundle has them all.
const MAX_NAMED: usize = 64;

impl View<'_> {
    /// Returns what checkpoints and confirmations say of an entry that was found.
    pub(super) fn dates(&self, found: &Found, held: &Held) -> Result<Dates, ViewError> {
        let is_steward = |author: AuthorId| self.snapshot.governance.is_steward(author);
        let is_member = |author: AuthorId| self.member_since(author).is_some();
        let counting = Counting { is_steward: &is_steward, is_member: &is_member };
        let of = (found.author, held.log.tree(), found.place);
        let said = self.library.testimony(|testimony| testimony.dates(of, &counting, self.store))?;
        let existed_before = said.existed_before().map(|(date, witnesses)| {
            let own = self.region_of(found.author);
            let named: BTreeSet<AuthorId> = said.witnesses[..witnesses].iter().map(|word| word.by).collect();
            let regions = named.iter().filter_map(|by| self.region_of(*by));
            let members = self.snapshot.authors.values().filter_map(|held| held.member_since);
            ExistedBefore {
                date,
                witnesses: witnesses as u64,
                members: members.filter(|since| *since <= date).count() as u64,
                other_regions: own.map(|own| regions.filter(|region| *region != own).count() as u64),
            }
        });
        let named = said.witnesses.iter().take(MAX_NAMED);
        Ok(Dates {
            existed_before,
            listed: said.checkpoints.first().map(|shown| self.listing(shown)),
            not_before: said.not_before.as_ref().map(|shown| self.listing(shown)),
            checkpoints: said.checkpoints.len() as u64,
            witnesses: named
                .map(|word| WitnessedBy {
                    who: self.author_ref(word.by),
                    time: word.time,
                    entry: word.witness,
                    checkpoint: word.checkpoint,
                })
                .collect(),
        })
    }

    pub(super) fn listing(&self, shown: &Shown) -> Listing {
        Listing { by: self.author_ref(shown.by), time: shown.time, entry: shown.checkpoint }
    }

    fn member_since(&self, author: AuthorId) -> Option<u64> {
        self.snapshot.authors.get(&author)?.member_since
    }

    /// Returns the region of an author's place, where k stewards confirm that place.
    fn region_of(&self, author: AuthorId) -> Option<&'static str> {
        let place = self.snapshot.governance.standing(author)?.place.as_deref()?;
        Some(gazetteer::find(place)?.region.as_str())
    }
}
