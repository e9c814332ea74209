//! By when an entry existed, by the word of others (A3).

use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::log::Place;
use multaqa_protocol::network::Ref;
use multaqa_protocol::sync::Row as HeadRow;
use multaqa_protocol::witness::{self, Shown};

use super::snapshot::Held;
use super::testimony::{Counting, SaysOfHeads};
use super::{Found, View, ViewError};
use crate::api::types::{Dates, ExistedBefore, Listing, LogRow, SaidOfHeads, WitnessedBy};
use crate::gazetteer;

/// Most witnesses that an answer names; more are counted. A bundle has them all.
const MAX_NAMED: usize = 64;

/// The statements by which an entry is dated.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// The first checkpoint that shows it and that a member confirmed, or the first that shows it.
    pub(crate) checkpoint: Option<Said>,
    /// The confirmations of that one.
    pub(crate) witnesses: Vec<Said>,
    /// The heads that it names of the entry's log and of stewards' logs, as far as they are held.
    pub(crate) heads: Vec<(AuthorId, Place)>,
}

/// A statement, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub(crate) by: AuthorId,
    pub(crate) place: Place,
    pub(crate) entry: EntryId,
}

impl View<'_> {
    /// Returns the statements by which an entry that was found is dated.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn evidence(&self, found: &Found) -> Result<Evidence, ViewError> {
        let said = self.said(found, self.held(found.author)?)?;
        let is_confirmed =
            |shown: &&Shown| said.witnesses.iter().any(|word| word.checkpoint == shown.checkpoint);
        let first = said.checkpoints.iter().find(is_confirmed).or_else(|| said.checkpoints.first());
        let Some(shown) = first else { return Ok(Evidence::default()) };
        let Some(checkpoint) = self.placed(shown.by, shown.checkpoint)? else {
            return Ok(Evidence::default());
        };
        let of = Ref { author: shown.by, seq: checkpoint.place.seq, id: shown.checkpoint };
        let rows = self.library.testimony(|testimony| {
            testimony.checkpoint(&of).map(|listed| testimony.rows_of(listed)).unwrap_or_default()
        });
        let governance = &self.snapshot.governance;
        let mut heads = Vec::new();
        for (author, head) in rows.iter().filter_map(HeadRow::head) {
            if author == found.author || governance.was_steward(author) {
                heads.extend(self.store.place_of(author, &head.id)?.map(|place| (author, place)));
            }
        }
        let mut witnesses = Vec::new();
        for word in said.witnesses.iter().filter(|word| word.checkpoint == shown.checkpoint) {
            witnesses.extend(self.placed(word.by, word.witness)?);
        }
        Ok(Evidence { checkpoint: Some(checkpoint), witnesses, heads })
    }

    fn placed(&self, by: AuthorId, entry: EntryId) -> Result<Option<Said>, ViewError> {
        Ok(self.store.place_of(by, &entry)?.map(|place| Said { by, place, entry }))
    }

    fn said(&self, found: &Found, held: &Held) -> Result<witness::Dates, ViewError> {
        let of = (found.author, held.log.tree(), found.place);
        Ok(self.counting(|counting| {
            self.library.testimony(|testimony| testimony.dates(of, counting, self.store))
        })?)
    }

    /// Returns what checkpoints and confirmations say of an entry that was found.
    pub(super) fn dates(&self, found: &Found, held: &Held) -> Result<Dates, ViewError> {
        let said = self.said(found, held)?;
        let existed_before = self.existed_before(found.author, &said);
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

    /// Adds to entries of a log, which lie at `places`, by when they existed and what they say of heads themselves.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(super) fn date_rows(
        &self,
        (author, held): (AuthorId, &Held),
        places: &[Place],
        rows: &mut [LogRow],
    ) -> Result<(), ViewError> {
        let read = |said: &witness::Dates| self.existed_before(author, said);
        let of = (author, held.log.tree(), places);
        let (dates, heads) = self.counting(|counting| {
            self.library.testimony(|testimony| {
                let heads: Vec<_> = places.iter().map(|place| testimony.said_at(author, *place)).collect();
                Ok::<_, ViewError>((testimony.dates_in_turn(of, counting, self.store, read)?, heads))
            })
        })?;
        for (row, (dated, said)) in rows.iter_mut().zip(dates.into_iter().zip(heads)) {
            row.existed_before = dated;
            row.heads = said.map(|said| match said {
                SaysOfHeads::Lists { logs } => SaidOfHeads::Lists { logs: logs as u64 },
                SaysOfHeads::Confirms { checkpoint, time } => SaidOfHeads::Confirms {
                    by: self.author_ref(checkpoint.author),
                    entry: checkpoint.id,
                    time,
                },
            });
        }
        Ok(())
    }

    /// Asks with those whose word counts: current stewards and members.
    fn counting<T>(&self, ask: impl FnOnce(&Counting<'_>) -> T) -> T {
        let is_steward = |author: AuthorId| self.snapshot.governance.is_steward(author);
        let is_member = |author: AuthorId| self.member_since(author).is_some();
        ask(&Counting { is_steward: &is_steward, is_member: &is_member })
    }

    /// Returns by when an entry of `author` existed, out of what is said of it.
    fn existed_before(&self, author: AuthorId, said: &witness::Dates) -> Option<ExistedBefore> {
        let (date, witnesses) = said.existed_before()?;
        let own = self.region_of(author);
        let named: BTreeSet<AuthorId> = said.witnesses[..witnesses].iter().map(|word| word.by).collect();
        let regions = named.iter().filter_map(|by| self.region_of(*by));
        let members = self.snapshot.authors.values().filter_map(|held| held.member_since);
        Some(ExistedBefore {
            date,
            witnesses: witnesses as u64,
            members: members.filter(|since| *since <= date).count() as u64,
            other_regions: own.map(|own| regions.filter(|region| *region != own).count() as u64),
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
