//! Testimony: what checkpoints and confirmations say (A1 to A3), kept beside the shelves and brought up with
//! them.
//!
//! A page asks for the dates of one entry, so nothing here is found by reading logs: each checkpoint and each
//! confirmation is read once, when its author's log is. A network's checkpoints repeat almost the same rows
//! every week, so a row is kept once and a checkpoint is a list of numbers; 1,590 members and 13 stewards add
//! some 25 MB a year, 230 members some 4 MB.
//!
//! Kept is what stands on canonical logs. Who counts, a current steward and a member, is for the question to
//! say, because it changes without a word of theirs.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, Millis, NetworkId, Seq};
use multaqa_protocol::log::{Place, Tree};
use multaqa_protocol::network::{Body, Ref};
use multaqa_protocol::sync::Row as HeadRow;
use multaqa_protocol::witness::{Checkpoint, Confirmation, Dates, Shown, Witness};

use crate::store::{BodyState, ReadError, Row, Store};

/// Most checkpoints of one steward, and most confirmations of one member, that are kept: weekly ones of twenty
/// years. Later ones of the same author count for nothing here.
const MAX_KEPT: usize = 1_050;
/// Most different rows, 160 bytes each: those of 1,590 members in twenty years. Checkpoints beyond are passed
/// over.
const MAX_ROWS: usize = 2_000_000;

/// A checkpoint as it is kept.
#[derive(Debug)]
pub(crate) struct Listed {
    place: Place,
    pub(crate) shown: Shown,
    /// Numbers of its rows, by author.
    rows: Vec<u32>,
}

impl Listed {
    /// Returns its place in the steward's log.
    pub(crate) const fn seq(&self) -> Seq {
        self.place.seq
    }
}

/// A member's word for a checkpoint.
#[derive(Debug)]
struct Word {
    confirmation: Confirmation,
    except: Vec<AuthorId>,
}

/// A member's own word: where it stands in its log, when it was given, and what it confirms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    place: Place,
    pub(crate) time: Millis,
    pub(crate) checkpoint: Ref,
}

/// What is kept of them all.
#[derive(Debug, Default)]
pub(crate) struct Testimony {
    rows: Vec<HeadRow>,
    /// Where each row's head lies, once it is held here and somebody asked.
    places: Vec<Option<Place>>,
    numbers: BTreeMap<HeadRow, u32>,
    /// In the order of each steward's log.
    checkpoints: BTreeMap<AuthorId, Vec<Listed>>,
    /// By checkpoint, then by member; the first word of each.
    words: BTreeMap<EntryId, BTreeMap<AuthorId, Word>>,
    /// In the order of each member's log.
    given: BTreeMap<AuthorId, Vec<Given>>,
}

/// Whose word counts.
pub(crate) struct Counting<'a> {
    /// Tells whether an author is a current steward.
    pub(crate) is_steward: &'a dyn Fn(AuthorId) -> bool,
    /// Tells whether an author is a member.
    pub(crate) is_member: &'a dyn Fn(AuthorId) -> bool,
}

impl Testimony {
    /// Forgets what an author said.
    pub(super) fn forget(&mut self, author: AuthorId) {
        self.checkpoints.remove(&author);
        if self.given.remove(&author).is_some() {
            self.words.retain(|_, words| {
                words.remove(&author);
                !words.is_empty()
            });
        }
    }

    /// Takes up a canonical entry, if it is one of the two kinds; a checkpoint only of who is or was a steward.
    pub(super) fn take(
        &mut self,
        (net, author, was_steward): (NetworkId, AuthorId, bool),
        row: &Row,
        store: &Store,
    ) -> Result<(), ReadError> {
        let is_checkpoint = row.kind == Checkpoint::KIND && was_steward;
        if !is_checkpoint && row.kind != Witness::KIND {
            return Ok(());
        }
        let Some(stored) = store.entry(author, row.place)? else { return Ok(()) };
        let BodyState::Present(body) = stored.body else { return Ok(()) };
        if is_checkpoint {
            if let Some(checkpoint) = Checkpoint::read(&body).filter(|checkpoint| checkpoint.net == net) {
                self.list(author, row, &checkpoint);
            }
        } else if let Some(witness) = Witness::read(&body).filter(|witness| witness.net == net) {
            self.hear(author, row, witness);
        }
        Ok(())
    }

    fn list(&mut self, by: AuthorId, row: &Row, checkpoint: &Checkpoint) {
        if self.rows.len() + checkpoint.heads.len() > MAX_ROWS
            || self.checkpoints.get(&by).is_some_and(|listed| listed.len() >= MAX_KEPT)
        {
            return;
        }
        let rows = checkpoint.heads.iter().map(|row| self.number(row)).collect();
        let shown = Shown { time: row.time, checkpoint: row.id, by };
        self.checkpoints.entry(by).or_default().push(Listed { place: row.place, shown, rows });
    }

    fn number(&mut self, row: &HeadRow) -> u32 {
        let next = self.rows.len() as u32;
        *self.numbers.entry(*row).or_insert_with(|| {
            self.rows.push(*row);
            self.places.push(None);
            next
        })
    }

    fn hear(&mut self, by: AuthorId, row: &Row, witness: Witness) {
        let given = self.given.entry(by).or_default();
        if given.len() >= MAX_KEPT {
            return;
        }
        given.push(Given { place: row.place, time: row.time, checkpoint: witness.checkpoint });
        let checkpoint = witness.checkpoint.id;
        let confirmation = Confirmation { time: row.time, by, witness: row.id, checkpoint };
        let word = Word { confirmation, except: witness.except };
        self.words.entry(checkpoint).or_default().entry(by).or_insert(word);
    }

    /// Returns a steward's last checkpoint.
    pub(crate) fn last_of(&self, steward: AuthorId) -> Option<&Listed> {
        self.checkpoints.get(&steward)?.last()
    }

    /// Returns a checkpoint of a steward.
    pub(crate) fn checkpoint(&self, of: &Ref) -> Option<&Listed> {
        self.checkpoints.get(&of.author)?.iter().find(|listed| listed.shown.checkpoint == of.id)
    }

    /// Returns a member's last confirmation.
    pub(crate) fn last_given(&self, member: AuthorId) -> Option<&Given> {
        self.given.get(&member)?.last()
    }

    /// Returns the checkpoint that current stewards made last, up to `now`, save those of `except`.
    pub(crate) fn latest(
        &self,
        counting: &Counting<'_>,
        except: Option<AuthorId>,
        now: Millis,
    ) -> Option<&Listed> {
        let stewards = self.checkpoints.iter().filter(|(by, _)| (counting.is_steward)(**by));
        let others = stewards.filter(|(by, _)| Some(**by) != except);
        let listed = others.flat_map(|(_, listed)| listed).filter(|listed| listed.shown.time <= now);
        listed.max_by_key(|listed| listed.shown)
    }

    /// Returns the rows of a checkpoint, by author.
    pub(crate) fn rows_of(&self, listed: &Listed) -> Vec<HeadRow> {
        listed.rows.iter().map(|number| self.rows[*number as usize]).collect()
    }

    /// Returns what is said of the entry of `author` at `place`, in whose log `tree` is the skeleton (A3).
    pub(super) fn dates(
        &mut self,
        (author, tree, place): (AuthorId, &Tree, Place),
        counting: &Counting<'_>,
        store: &Store,
    ) -> Result<Dates, ReadError> {
        let mut showing = Vec::new();
        let stewards = self.checkpoints.iter().filter(|(by, _)| (counting.is_steward)(**by));
        for listed in stewards.flat_map(|(_, listed)| listed) {
            let found = listed.rows.binary_search_by_key(&author, |number| self.rows[*number as usize].author());
            let Some(number) = found.ok().map(|at| listed.rows[at] as usize) else { continue };
            let Some((_, head)) = self.rows[number].head().filter(|(_, head)| head.seq >= place.seq) else {
                continue;
            };
            if self.places[number].is_none() {
                let held = store.place_of(author, &head.id)?;
                self.places[number] = held.filter(|held| held.seq == head.seq);
            }
            if self.places[number].is_some_and(|head| tree.is_above(place, head)) {
                showing.push(listed.shown);
            }
        }
        let words = showing.iter().filter_map(|shown| self.words.get(&shown.checkpoint)).flatten();
        let counted = words.filter(|(by, word)| (counting.is_member)(**by) && !word.except.contains(&author));
        let confirmations: Vec<Confirmation> = counted.map(|(_, word)| word.confirmation).collect();
        let own = self.given.get(&author).into_iter().flatten();
        let before = own.filter(|given| given.place != place && tree.is_above(given.place, place));
        let confirmed = before.filter_map(|given| self.checkpoint(&given.checkpoint));
        let confirmed = confirmed.filter(|listed| (counting.is_steward)(listed.shown.by));
        let own: Vec<Shown> = confirmed.map(|listed| listed.shown).collect();
        Ok(Dates::new(showing, confirmations, own))
    }
}
