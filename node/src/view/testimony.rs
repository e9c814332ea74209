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

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::id::{AuthorId, EntryId, Millis, NetworkId, Seq};
use multaqa_protocol::log::{Head, Place, Status, Tree};
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

/// Most rows that are looked for again and again because what they name is not here: a few checkpoints of a whole
/// network, all of them made up.
const MAX_UNRESOLVED: usize = 10_000;
/// Most contradictions that are kept of each sort: one is proof enough against who made it.
const MAX_CONTRADICTIONS: usize = 256;

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

/// What an entry says of heads.
#[derive(Clone, Copy, Debug)]
pub(super) enum SaysOfHeads {
    /// A steward's list of the heads of so many logs.
    Lists { logs: usize },
    /// A member's word for a checkpoint, and when that was made, where it is held.
    Confirms { checkpoint: Ref, time: Option<Millis> },
}

/// What is kept of them all.
#[derive(Debug, Default)]
pub(crate) struct Testimony {
    rows: Vec<HeadRow>,
    /// Where each row's head lies, once it is held here and somebody asked.
    places: Vec<Option<Place>>,
    numbers: BTreeMap<HeadRow, u32>,
    /// Rows whose head was not held when it was last looked for; at most [`MAX_UNRESOLVED`].
    unresolved: BTreeSet<u32>,
    /// Rows of different heads at one place of a log; at most [`MAX_CONTRADICTIONS`].
    pairs: Vec<[u32; 2]>,
    /// Rows of which a steward listed the first before the second, which says less; at most as many.
    steps: Vec<(AuthorId, [u32; 2])>,
    /// In the order of each steward's log.
    checkpoints: BTreeMap<AuthorId, Vec<Listed>>,
    /// By checkpoint, then by member; the first word of each.
    words: BTreeMap<EntryId, BTreeMap<AuthorId, Word>>,
    /// In the order of each member's log.
    given: BTreeMap<AuthorId, Vec<Given>>,
}

/// A head that a checkpoint names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamedHead {
    pub(crate) author: AuthorId,
    pub(crate) head: Head,
    /// The checkpoint; the first one that counts, of several.
    pub(crate) shown: Shown,
}

/// Two rows of checkpoints that cannot both be honest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Contradiction {
    pub(crate) how: Contradicts,
    pub(crate) rows: [NamedHead; 2],
}

/// How two rows contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contradicts {
    /// They name different entries at one place of an author's log, and no change of key explains it: somebody was
    /// shown another log.
    TwoHeads,
    /// One steward lists less of a log than it listed before: a node forgets nothing that it took.
    SteppedBack,
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
        self.steps.retain(|(by, _)| *by != author);
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
        let rows: Vec<u32> = checkpoint.heads.iter().map(|row| self.number(row)).collect();
        let before = self.checkpoints.get(&by).and_then(|listed| listed.last());
        let stepped: Vec<[u32; 2]> = rows
            .iter()
            .filter_map(|number| {
                let (author, head) = self.rows[*number as usize].head()?;
                let old = self.row_in(before?, author)?;
                let (_, further) = self.rows[old as usize].head()?;
                (head.seq < further.seq && head.status == Status::Ok).then_some([old, *number])
            })
            .collect();
        let room = MAX_CONTRADICTIONS.saturating_sub(self.steps.len());
        self.steps.extend(stepped.into_iter().take(room).map(|numbers| (by, numbers)));
        let shown = Shown { time: row.time, checkpoint: row.id, by };
        self.checkpoints.entry(by).or_default().push(Listed { place: row.place, shown, rows });
    }

    fn number(&mut self, row: &HeadRow) -> u32 {
        if let Some(number) = self.numbers.get(row) {
            return *number;
        }
        let next = self.rows.len() as u32;
        // Rows sort by author, then by place in the log.
        let same_place = |other: &HeadRow| {
            let ((author, head), (with, second)) = (row.head()?, other.head()?);
            (author == with && head.seq == second.seq).then_some(head.id == second.id)
        };
        let neighbours = [self.numbers.range(..*row).next_back(), self.numbers.range(*row..).next()];
        let other = neighbours.into_iter().flatten().find(|(other, _)| same_place(other) == Some(false));
        if let Some((_, other)) = other
            && self.pairs.len() < MAX_CONTRADICTIONS
        {
            self.pairs.push([*other, next]);
        }
        self.numbers.insert(*row, next);
        self.rows.push(*row);
        self.places.push(None);
        if self.unresolved.len() < MAX_UNRESOLVED {
            self.unresolved.insert(next);
        }
        next
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
        let named = self.named_places(author, counting, store)?;
        let above = named.iter().filter(|(head, _)| tree.is_above(place, *head));
        let showing: Vec<Shown> = above.flat_map(|(_, shown)| shown).copied().collect();
        let confirmations = self.confirmations(author, &showing, counting);
        let own = self.given.get(&author).into_iter().flatten();
        let before = own.filter(|given| given.place != place && tree.is_above(given.place, place));
        let confirmed = before.filter_map(|given| self.checkpoint(&given.checkpoint));
        let confirmed = confirmed.filter(|listed| (counting.is_steward)(listed.shown.by));
        let own: Vec<Shown> = confirmed.map(|listed| listed.shown).collect();
        Ok(Dates::new(showing, confirmations, own))
    }

    /// Reads what is said of entries of `author` at `places`, one after the other, save what its own confirmations say:
    /// as [`Self::dates`] for each. An entry that all show who show the one before it takes over what is said of that
    /// one, so each word is read about once when a log is read backwards.
    pub(super) fn dates_in_turn<T: Clone>(
        &mut self,
        (author, tree, places): (AuthorId, &Tree, &[Place]),
        counting: &Counting<'_>,
        store: &Store,
        read: impl Fn(&Dates) -> T,
    ) -> Result<Vec<T>, ReadError> {
        let named = self.named_places(author, counting, store)?;
        let (mut above, mut said) = (BTreeSet::new(), Dates::default());
        let (mut last, mut found) = (read(&said), Vec::with_capacity(places.len()));
        for place in places {
            let is_above = |at: &usize| tree.is_above(*place, named[*at].0);
            let now: BTreeSet<usize> = (0..named.len()).filter(is_above).collect();
            if now != above {
                if !now.is_superset(&above) {
                    (above, said) = (BTreeSet::new(), Dates::default());
                }
                let new = now.difference(&above).flat_map(|at| &named[*at].1);
                let new: Vec<Shown> = new.copied().collect();
                let words = self.confirmations(author, &new, counting);
                let shown = said.checkpoints.into_iter().chain(new);
                said = Dates::new(shown, said.witnesses.into_iter().chain(words), []);
                (above, last) = (now, read(&said));
            }
            found.push(last.clone());
        }
        Ok(found)
    }

    /// Returns the entries of a log that checkpoints which count name as its head, with these checkpoints; those
    /// that are held here.
    fn named_places(
        &mut self,
        author: AuthorId,
        counting: &Counting<'_>,
        store: &Store,
    ) -> Result<Vec<(Place, Vec<Shown>)>, ReadError> {
        let mut listed: BTreeMap<u32, Vec<Shown>> = BTreeMap::new();
        let stewards = self.checkpoints.iter().filter(|(by, _)| (counting.is_steward)(**by));
        for checkpoint in stewards.flat_map(|(_, listed)| listed) {
            if let Some(number) = self.row_in(checkpoint, author) {
                listed.entry(number).or_default().push(checkpoint.shown);
            }
        }
        let mut named = Vec::new();
        for (number, shown) in listed {
            named.extend(self.place(number as usize, store)?.map(|place| (place, shown)));
        }
        Ok(named)
    }

    /// Returns the words of members for these checkpoints, as far as they speak of the log of `author`.
    fn confirmations(
        &self,
        author: AuthorId,
        showing: &[Shown],
        counting: &Counting<'_>,
    ) -> Vec<Confirmation> {
        let words = showing.iter().filter_map(|shown| self.words.get(&shown.checkpoint)).flatten();
        let counted = words.filter(|(by, word)| (counting.is_member)(**by) && !word.except.contains(&author));
        counted.map(|(_, word)| word.confirmation).collect()
    }

    /// Returns what the entry of `author` at `place` says of heads, where it is kept.
    pub(super) fn said_at(&self, author: AuthorId, place: Place) -> Option<SaysOfHeads> {
        let listed = self.checkpoints.get(&author).into_iter().flatten().find(|listed| listed.place == place);
        let given = self.given.get(&author).into_iter().flatten().find(|given| given.place == place);
        let lists = listed.map(|listed| SaysOfHeads::Lists { logs: listed.rows.len() });
        lists.or_else(|| {
            let checkpoint = given?.checkpoint;
            let time = self.checkpoint(&checkpoint).map(|listed| listed.shown.time);
            Some(SaysOfHeads::Confirms { checkpoint, time })
        })
    }

    /// Returns the place of a row's head, where it is held.
    fn place(&mut self, number: usize, store: &Store) -> Result<Option<Place>, ReadError> {
        if self.places[number].is_none()
            && let Some((author, head)) = self.rows[number].head()
        {
            let held = store.place_of(author, &head.id)?;
            self.places[number] = held.filter(|held| held.seq == head.seq);
        }
        Ok(self.places[number])
    }

    /// Returns a row with the first checkpoint that counts and has it.
    fn named(&self, number: u32, counting: &Counting<'_>) -> Option<NamedHead> {
        let (author, head) = self.rows[number as usize].head()?;
        let stewards = self.checkpoints.iter().filter(|(by, _)| (counting.is_steward)(**by));
        let listed = stewards.flat_map(|(_, listed)| listed);
        let having = listed.filter(|listed| self.row_in(listed, author) == Some(number));
        let shown = having.map(|listed| listed.shown).min()?;
        Some(NamedHead { author, head, shown })
    }

    /// Returns the number of an author's row in a checkpoint.
    fn row_in(&self, listed: &Listed, author: AuthorId) -> Option<u32> {
        let at = listed.rows.binary_search_by_key(&author, |number| self.rows[*number as usize].author());
        at.ok().map(|at| listed.rows[at])
    }

    /// Returns the heads that checkpoints which count name and that are not held here, at most `most` (Y6).
    pub(crate) fn unheld(
        &mut self,
        counting: &Counting<'_>,
        store: &Store,
        most: usize,
    ) -> Result<Vec<NamedHead>, ReadError> {
        let mut unheld = Vec::new();
        for number in self.unresolved.clone() {
            if self.place(number as usize, store)?.is_some() {
                self.unresolved.remove(&number);
            } else if unheld.len() < most {
                unheld.extend(self.named(number, counting));
            }
        }
        Ok(unheld)
    }

    /// Returns rows of checkpoints that count and cannot both be honest, at most `most`. `tree` gives the skeleton of
    /// a log; `is_disowned` tells whether a change of key left the entry at a place behind, and so explains it.
    pub(crate) fn contradictions<'a>(
        &mut self,
        counting: &Counting<'_>,
        store: &Store,
        tree: impl Fn(AuthorId) -> Option<&'a Tree>,
        is_disowned: impl Fn(AuthorId, Place) -> bool,
        most: usize,
    ) -> Result<Vec<Contradiction>, ReadError> {
        let mut found = Vec::new();
        for numbers in self.pairs.clone() {
            let [Some(one), Some(other)] = numbers.map(|number| self.named(number, counting)) else {
                continue;
            };
            let mut is_explained = false;
            for number in numbers {
                let place = self.place(number as usize, store)?;
                is_explained |= place.is_some_and(|place| is_disowned(one.author, place));
            }
            if !is_explained && found.len() < most {
                found.push(Contradiction { how: Contradicts::TwoHeads, rows: [one, other] });
            }
        }
        for (by, numbers) in self.steps.clone() {
            let [Some(one), Some(other)] = numbers.map(|number| self.named(number, counting)) else {
                continue;
            };
            let places = (self.place(numbers[0] as usize, store)?, self.place(numbers[1] as usize, store)?);
            let (Some(tree), (Some(further), Some(back))) = (tree(one.author), places) else { continue };
            if (counting.is_steward)(by) && tree.is_above(back, further) && found.len() < most {
                found.push(Contradiction { how: Contradicts::SteppedBack, rows: [one, other] });
            }
        }
        Ok(found)
    }
}
