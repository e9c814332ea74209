//! What only bodies say, derived once and kept: who an author is, and which entry replaces which (R2).
//!
//! It is filled when it is first asked for and then follows the logs: an author whose head moved on is
//! read from there, one whose path changed, whose bodies came or were withdrawn is read again. It
//! holds authors and revisions, not history: a record with one version costs nothing.
//!
//! A withdrawn version says nothing any more, not even what it replaced; so every node tells the same
//! chains, whether or not it has erased the body already.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use multaqa_protocol::codec::Map;
use multaqa_protocol::id::{AuthorId, EntryId, Seq};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::record;

use super::author::Identity;
use super::body::Shown;
use super::opened::Kept;
use super::snapshot::{Held, Snapshot, is_record_kind};
use super::testimony::Testimony;
use crate::hidden::Hidden;
use crate::store::{BodyMark, ReadError, Row, Store};

/// Rows read at once.
const CHUNK: Seq = 1_024;

/// The derived view of all authors.
#[derive(Debug, Default)]
pub struct Library {
    shelves: Mutex<Shelves>,
    /// Records that were read a moment ago.
    pub(super) kept: Kept,
    /// What this node does not show.
    hidden: Mutex<Arc<Hidden>>,
}

#[derive(Debug, Default)]
struct Shelves {
    /// The snapshot that they were last brought up to.
    of: Option<Arc<Snapshot>>,
    by_author: BTreeMap<AuthorId, Arc<Shelf>>,
    testimony: Testimony,
}

/// What is derived of one author's canonical entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Shelf {
    /// The last entry that was read, with the cut under which it was.
    last: Option<(Place, EntryId)>,
    cut: Option<Seq>,
    /// Whether its checkpoints were read.
    was_steward: bool,
    /// Entries whose body could not be read yet, and those that were withdrawn.
    missing: BTreeSet<Place>,
    withdrawn: BTreeSet<EntryId>,
    /// The latest readable profile, with its entry.
    pub(super) identity: Option<(EntryId, Arc<Identity>)>,
    /// Canonical entries by kind.
    pub(super) kinds: BTreeMap<String, u64>,
    /// Records of more than one version: all of them in the order of the log, by the first.
    chains: BTreeMap<EntryId, Vec<(Seq, EntryId)>>,
    /// The first version of each later one.
    first: BTreeMap<EntryId, EntryId>,
}

impl Library {
    /// Returns an empty library.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty library that does not show some records.
    #[must_use]
    pub fn hiding(hidden: Hidden) -> Self {
        Self { hidden: Mutex::new(Arc::new(hidden)), ..Self::default() }
    }

    /// Returns what is not shown.
    pub(crate) fn hidden(&self) -> Arc<Hidden> {
        self.hidden_now().clone()
    }

    /// Changes what is not shown, one change after the other; one that fails leaves it as it was.
    pub(crate) fn change_hidden<T, E>(
        &self,
        change: impl FnOnce(&mut Hidden) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut now = self.hidden_now();
        let mut hidden = Hidden::clone(&now);
        let answer = change(&mut hidden)?;
        *now = Arc::new(hidden);
        Ok(answer)
    }

    fn hidden_now(&self) -> MutexGuard<'_, Arc<Hidden>> {
        self.hidden.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the shelf of an author.
    pub(super) fn shelf(&self, author: AuthorId) -> Option<Arc<Shelf>> {
        self.shelves().by_author.get(&author).cloned()
    }

    /// Brings every author up to the snapshot; nothing is done twice for one.
    pub(crate) fn refresh(&self, snapshot: &Arc<Snapshot>, store: &Store) -> Result<(), ReadError> {
        let mut shelves = self.shelves();
        if shelves.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, snapshot)) {
            return Ok(());
        }
        let Shelves { of, by_author, testimony } = &mut *shelves;
        *of = None;
        let gone: Vec<AuthorId> =
            by_author.keys().filter(|author| !snapshot.authors.contains_key(author)).copied().collect();
        for author in gone {
            by_author.remove(&author);
            testimony.forget(author);
        }
        let withdrawn = withdrawn_by_author(snapshot);
        let none = BTreeSet::new();
        for (author, held) in &snapshot.authors {
            let shelf = by_author.entry(*author).or_default();
            let withdrawn = withdrawn.get(author).unwrap_or(&none);
            let was_steward = snapshot.governance.was_steward(*author);
            if shelf.was_steward != was_steward || !shelf.fits(*author, held, withdrawn, store)? {
                *shelf = Arc::default();
                testimony.forget(*author);
            }
            let after = shelf.last.map_or(0, |(place, _)| place.seq + 1);
            if shelf.last.is_none() || after <= held.choice.head.seq {
                let shelf = Arc::make_mut(shelf);
                shelf.was_steward = was_steward;
                shelf.read(*author, held, snapshot, store, testimony)?;
            }
        }
        *of = Some(Arc::clone(snapshot));
        Ok(())
    }

    /// Lets `ask` question what checkpoints and confirmations say, as far as it was last brought up.
    pub(crate) fn testimony<T>(&self, ask: impl FnOnce(&mut Testimony) -> T) -> T {
        ask(&mut self.shelves().testimony)
    }
}

/// Returns the entries that are withdrawn.
pub(super) fn withdrawn_by_author(snapshot: &Snapshot) -> BTreeMap<AuthorId, BTreeSet<EntryId>> {
    let mut by_author: BTreeMap<AuthorId, BTreeSet<EntryId>> = BTreeMap::new();
    for target in snapshot.withdrawals.keys() {
        by_author.entry(target.author).or_default().insert(target.id);
    }
    by_author
}

impl Shelf {
    /// Tells whether all that was read still holds, so that only what follows is to be read.
    fn fits(
        &self,
        author: AuthorId,
        held: &Held,
        withdrawn: &BTreeSet<EntryId>,
        store: &Store,
    ) -> Result<bool, ReadError> {
        let Some((last, _)) = self.last else { return Ok(true) };
        if !held.choice.contains(last) || self.cut != held.cut || self.withdrawn != *withdrawn {
            return Ok(false);
        }
        for place in &self.missing {
            let row = store.rows(author, place.branch, place.seq..=place.seq)?.pop();
            if row.is_none_or(|row| row.body == BodyMark::Present) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn read(
        &mut self,
        author: AuthorId,
        held: &Held,
        snapshot: &Snapshot,
        store: &Store,
        testimony: &mut Testimony,
    ) -> Result<(), ReadError> {
        self.cut = held.cut;
        self.withdrawn = snapshot
            .withdrawals
            .keys()
            .filter(|target| target.author == author)
            .map(|target| target.id)
            .collect();
        let runs = match self.last {
            Some((place, _)) => held.choice.after(place.seq),
            None => held.choice.path().to_vec(),
        };
        for Stretch { branch, first, last } in runs {
            let mut from = first;
            while from <= last {
                let to = last.min(from.saturating_add(CHUNK - 1));
                for row in store.rows(author, branch, from..=to)? {
                    self.add(author, &row, held, snapshot, store)?;
                    if let Some(net) = snapshot.network {
                        testimony.take((net, author, self.was_steward), &row, store)?;
                    }
                    self.last = Some((row.place, row.id));
                }
                if to == last {
                    break;
                }
                from = to + 1;
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        author: AuthorId,
        row: &Row,
        held: &Held,
        snapshot: &Snapshot,
        store: &Store,
    ) -> Result<(), ReadError> {
        if held.cut.is_some_and(|cut| row.place.seq > cut) && is_record_kind(&row.kind) {
            return Ok(());
        }
        *self.kinds.entry(row.kind.clone()).or_default() += 1;
        let withdrawn = snapshot.withdrawal(author, row.place.seq, row.id, &row.kind).is_some();
        if !is_record_kind(&row.kind) || withdrawn {
            return Ok(());
        }
        if row.body != BodyMark::Present {
            self.missing.insert(row.place);
            return Ok(());
        }
        let Some(stored) = store.entry(author, row.place)? else { return Ok(()) };
        let shown = Shown::read(&row.kind, &stored.body, false);
        if let Some(map) = &shown.map {
            self.link(author, row, map, held, store)?;
        }
        if let Some(identity) = Identity::of(&shown) {
            self.identity = Some((row.id, Arc::new(identity)));
        }
        Ok(())
    }

    /// Notes what an entry replaces, where that is an earlier canonical entry of the same kind (R2).
    fn link(
        &mut self,
        author: AuthorId,
        row: &Row,
        map: &Map,
        held: &Held,
        store: &Store,
    ) -> Result<(), ReadError> {
        let Some(target) = record::replaces(map).filter(|target| target.author == author) else {
            return Ok(());
        };
        let Some(place) = held.choice.at(target.seq).filter(|place| place.seq < row.place.seq) else {
            return Ok(());
        };
        let earlier = store.rows(author, place.branch, place.seq..=place.seq)?.pop();
        if earlier.is_some_and(|earlier| earlier.id == target.id && earlier.kind == row.kind) {
            let first = self.first_of(target.id);
            self.first.insert(row.id, first);
            let chain = self.chains.entry(first).or_insert_with(|| vec![(target.seq, target.id)]);
            chain.push((row.place.seq, row.id));
        }
        Ok(())
    }

    /// Returns the first version of the record of which an entry is a version.
    pub(super) fn first_of(&self, id: EntryId) -> EntryId {
        self.first.get(&id).copied().unwrap_or(id)
    }

    /// Returns all versions of a record by its first one, in the order of the log; `None` where it has
    /// no other.
    pub(super) fn chain(&self, first: EntryId) -> Option<&[(Seq, EntryId)]> {
        self.chains.get(&first).map(Vec::as_slice)
    }

    /// Returns the version that counts instead of this one, if another does (R2).
    pub(super) fn replaced_by(&self, id: EntryId) -> Option<EntryId> {
        let (_, current) = self.chain(self.first_of(id))?.last()?;
        (*current != id).then_some(*current)
    }

    /// Returns the version that follows this one, if one does.
    pub(super) fn next_version(&self, id: EntryId) -> Option<(Seq, EntryId)> {
        let chain = self.chain(self.first_of(id))?;
        let at = chain.iter().position(|(_, version)| *version == id)?;
        chain.get(at + 1).copied()
    }

    /// Returns the version before this one, if there is one.
    pub(super) fn earlier_version(&self, id: EntryId) -> Option<(Seq, EntryId)> {
        let chain = self.chain(self.first_of(id))?;
        let at = chain.iter().position(|(_, version)| *version == id)?;
        chain.get(at.checked_sub(1)?).copied()
    }

    /// Tells whether an entry is a later version of another.
    pub(super) fn is_revision(&self, id: EntryId) -> bool {
        self.first.contains_key(&id)
    }
}
