//! What changed among the records that count, for a cache that follows them with a cursor of its own.
//!
//! An author whose log only grew is told from where it was left; one whose path, cut, withdrawals, place or
//! names changed, or whose missing bodies came, is told anew. Every version on the canonical path is told,
//! each with the moment from which the next one counts instead (R2), so that the cache can answer for a
//! date in the past. A withdrawn body is told without what it says (B3).

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::record::Words;
use multaqa_protocol::record::party::Party;
use serde::{Deserialize, Serialize};

use super::library::withdrawn_by_author;
use super::snapshot::{Held, Snapshot, is_record_kind};
use super::text::Text;
use super::walk::Walk;
use super::{View, ViewError};
use crate::api::types::Status;
use crate::store::{BodyMark, Row};

/// How far the cache has come with each author.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Followed(BTreeMap<AuthorId, Reached>);

/// How far it has come with one.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Reached {
    branch: u16,
    seq: Seq,
    id: EntryId,
    /// The time of that entry in the order of lists.
    time: Millis,
    /// What else its records rest on: cut, withdrawals, place and names.
    rests_on: u64,
    /// Records whose body was not there.
    missing: BTreeSet<(Seq, u16)>,
}

/// One thing that changed.
#[derive(Debug)]
pub(crate) enum Change {
    /// All of an author's records are to be forgotten.
    Forget(AuthorId),
    /// A record is to be forgotten; it is told again.
    Drop(EntryId),
    /// A record is to be taken up.
    Put(Box<Counted>),
}

/// A record that counts, as it is found and counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The entry.
    pub(crate) id: EntryId,
    /// Its author.
    pub(crate) author: AuthorId,
    /// Where it lies.
    pub(crate) place: Place,
    /// Its kind.
    pub(crate) kind: String,
    /// Its time in the order of lists.
    pub(crate) time: Millis,
    /// From when on another version counts instead.
    pub(crate) until: Option<Millis>,
    /// Canonical or withdrawn.
    pub(crate) status: Status,
    /// The official code of its author's place.
    pub(crate) code: Option<String>,
    /// The level of that place.
    pub(crate) level: Option<String>,
    /// What the author is called.
    pub(crate) names: Words,
    /// What the record says, by name of a facet.
    pub(crate) says: Vec<(&'static str, BTreeSet<String>)>,
    /// The entries that it refers to.
    pub(crate) refers_to: BTreeSet<EntryId>,
    /// The record that it is about.
    pub(crate) about: Option<EntryId>,
    /// Who is asked to answer.
    pub(crate) addressees: Vec<Party>,
    /// What it says in words.
    pub(crate) texts: Vec<Text>,
}

impl Followed {
    /// Returns about how many entries of a snapshot have not been told; 0 where logs have not grown since.
    pub(crate) fn behind(&self, snapshot: &Snapshot) -> u64 {
        let lacking = snapshot.authors.iter().map(|(author, held)| {
            let head = held.choice.head;
            match self.0.get(author) {
                None => u64::from(head.seq) + 1,
                Some(reached) if (reached.branch, reached.seq) == (head.branch, head.seq) => 0,
                Some(reached) => u64::from(head.seq.abs_diff(reached.seq)).max(1),
            }
        });
        lacking.sum()
    }

    /// Forgets what cannot be gone on from after a restart: an author of whom bodies were missing, and
    /// one whose last entry is not what it was.
    pub(crate) fn check(&mut self, view: &View<'_>) -> Result<(), ViewError> {
        let mut kept = BTreeMap::new();
        for (author, reached) in std::mem::take(&mut self.0) {
            let place = Place { branch: reached.branch, seq: reached.seq };
            if reached.missing.is_empty() && view.store.id_at(author, place)? == Some(reached.id) {
                kept.insert(author, reached);
            }
        }
        self.0 = kept;
        Ok(())
    }
}

impl View<'_> {
    /// Tells what changed since, and notes it.
    ///
    /// # Errors
    ///
    /// What `tell` returns, and [`ViewError::Read`]; what was told of the author at hand is told again.
    pub(crate) fn follow<E: From<ViewError>>(
        &self,
        followed: &mut Followed,
        mut tell: impl FnMut(Change) -> Result<(), E>,
    ) -> Result<(), E> {
        let gone: Vec<AuthorId> =
            followed.0.keys().filter(|author| !self.snapshot.authors.contains_key(author)).copied().collect();
        for author in gone {
            followed.0.remove(&author);
            tell(Change::Forget(author))?;
        }
        let withdrawn = withdrawn_by_author(self.snapshot);
        for (author, held) in &self.snapshot.authors {
            let rests_on = self.rests_on(*author, held, withdrawn.get(author));
            let before = followed.0.get(author);
            let goes_on = match before {
                Some(reached) => self.goes_on(*author, held, reached, rests_on)?,
                None => false,
            };
            if let Some(reached) = before.filter(|_| goes_on) {
                let mut reached = reached.clone();
                if reached.seq >= held.choice.head.seq {
                    continue;
                }
                let runs = held.choice.after(reached.seq);
                let earliest = self.tell_runs(*author, held, runs, &mut reached, &mut tell)?;
                if earliest.is_none_or(|earliest| earliest >= before_time(before)) {
                    followed.0.insert(*author, reached);
                    continue;
                }
                // A clock ran back, and the order of the entries before has changed.
            }
            tell(Change::Forget(*author))?;
            let mut reached = Reached {
                branch: 0,
                seq: 0,
                id: author.inception(),
                time: 0,
                rests_on,
                missing: BTreeSet::new(),
            };
            self.tell_runs(*author, held, held.choice.path().to_vec(), &mut reached, &mut tell)?;
            followed.0.insert(*author, reached);
        }
        Ok(())
    }

    fn goes_on(
        &self,
        author: AuthorId,
        held: &Held,
        reached: &Reached,
        rests_on: u64,
    ) -> Result<bool, ViewError> {
        let last = Place { branch: reached.branch, seq: reached.seq };
        if reached.rests_on != rests_on || !held.choice.contains(last) {
            return Ok(false);
        }
        for (seq, branch) in &reached.missing {
            let row = self.store.rows(author, *branch, *seq..=*seq)?.pop();
            if row.is_none_or(|row| row.body == BodyMark::Present) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns a number that changes with whatever the records of an author rest on beside its log. That
    /// another compiler may make another one of the same costs a new reading.
    fn rests_on(&self, author: AuthorId, held: &Held, withdrawn: Option<&BTreeSet<EntryId>>) -> u64 {
        let mut hash = DefaultHasher::new();
        (held.cut, withdrawn).hash(&mut hash);
        let (code, confirmation) = self.place_of(author);
        (code, confirmation.level).hash(&mut hash);
        self.names(author).iter().for_each(|words| words.hash(&mut hash));
        hash.finish()
    }

    /// Tells the records of some runs of a path, the last first; returns the time of the first entry.
    fn tell_runs<E: From<ViewError>>(
        &self,
        author: AuthorId,
        held: &Held,
        runs: Vec<Stretch>,
        reached: &mut Reached,
        tell: &mut impl FnMut(Change) -> Result<(), E>,
    ) -> Result<Option<Millis>, E> {
        let since = reached.seq;
        let mut walk = Walk::new(author, runs, Millis::MAX);
        let (mut earliest, mut last) = (None, None);
        while let Some((position, row)) = walk.next(self.store).map_err(ViewError::from)? {
            earliest = Some(position.time);
            last.get_or_insert((row.place, row.id, position.time));
            let is_beyond = held.cut.is_some_and(|cut| row.place.seq > cut);
            if !is_record_kind(&row.kind) || is_beyond {
                continue;
            }
            if row.body == BodyMark::Missing {
                reached.missing.insert((row.place.seq, row.place.branch));
            }
            tell(Change::Put(Box::new(self.counted(author, held, &row, position.time)?)))?;
            if let Some(earlier) = self.earlier_version(author, row.id)?.filter(|row| row.place.seq <= since)
            {
                // Told before, when it was the last version.
                tell(Change::Drop(earlier.id))?;
                let time = earlier.time.min(position.time);
                tell(Change::Put(Box::new(self.counted(author, held, &earlier, time)?)))?;
            }
        }
        if let Some((place, id, time)) = last {
            (reached.branch, reached.seq, reached.id, reached.time) = (place.branch, place.seq, id, time);
        }
        Ok(earliest)
    }

    fn earlier_version(&self, author: AuthorId, id: EntryId) -> Result<Option<Row>, ViewError> {
        let Some(shelf) = self.library.shelf(author) else { return Ok(None) };
        let Some((_, earlier)) = shelf.earlier_version(id) else { return Ok(None) };
        self.row_of(author, &earlier)
    }

    fn counted(&self, author: AuthorId, held: &Held, row: &Row, time: Millis) -> Result<Counted, ViewError> {
        let shown = self.shown(author, row)?;
        let (code, confirmation) = self.place_of(author);
        Ok(Counted {
            id: row.id,
            author,
            place: row.place,
            kind: row.kind.clone(),
            time,
            until: self.next_time(author, row.id)?,
            status: self.snapshot.status(author, held, row),
            code,
            level: confirmation.level,
            names: self.names(author),
            says: vec![
                ("principle", shown.principles_within()),
                ("theme", shown.themes_within()),
                ("status", shown.progress()),
                ("language", shown.languages()),
                ("year", shown.years()),
            ],
            refers_to: shown.references(&row.kind).map(|(_, target)| target.id).collect(),
            about: shown.subject().map(|subject| subject.target.id),
            addressees: shown.addressees().to_vec(),
            texts: shown.texts(),
        })
    }
}

fn before_time(before: Option<&Reached>) -> Millis {
    before.map_or(0, |reached| reached.time)
}
