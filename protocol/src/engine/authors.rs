//! The one way in: every entry, whoever brought it, is attached to its author's log here or not at
//! all. What is kept follows S4 and S5: an entry that extends the head, or a branch that moves it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::quota::Room;
use super::{Arriving, Effect, Engine, Index, Turn, Write};
use crate::codec;
use crate::entry::{Entry, Form};
use crate::id::{AuthorId, EntryId, Seq};
use crate::log::{CheckError, Choice, Head, Log, Place, Status};
use crate::network::{Governance, Known, Ref, Says, Statement};

/// How one author's log is chosen here.
#[derive(Clone, Debug)]
pub struct View {
    /// The canonical path.
    pub choice: Choice,
    /// Its end; `None` only where the index lost a row.
    pub head: Option<Head>,
    /// The entry that k stewards pinned (N6), and its place once it is held.
    pub pin: Option<(EntryId, Option<Place>)>,
    /// The last sequence number before a suspension (N7).
    pub cut: Option<Seq>,
    /// Entries whose append is on its way.
    pub(super) pending: BTreeMap<EntryId, Place>,
}

/// What became of an entry or a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Stored.
    Stored,
    /// Known already.
    Known,
    /// Valid, but it changes nothing and is not kept.
    Idle,
    /// Its parent is not known here.
    Orphan,
    /// Its author has had its share here; it comes again when there is room (Y7).
    OverQuota,
    /// A network kind without its body (V7). It is not taken as evidence either, which V7 would allow:
    /// a rotation that crowns the evidence would otherwise make statements count that are not here.
    Bodiless,
}

/// An author's row in the store.
#[derive(Serialize, Deserialize)]
struct Saved {
    log: Log,
    statements: Vec<Place>,
    /// Bytes charged to the author.
    #[serde(default)]
    held: u64,
}

impl Engine {
    /// Restores what the store kept. `load` gives an entry and its body by place; an author whose row
    /// does not fit is left out and named in the answer: the index is to be rebuilt then.
    pub fn restore(
        &mut self,
        rows: Vec<(AuthorId, Vec<u8>)>,
        index: &dyn Index,
        mut load: impl FnMut(&AuthorId, Place) -> Option<(Entry, Vec<u8>)>,
    ) -> Vec<AuthorId> {
        let mut unfit = Vec::new();
        for (author, bytes) in rows {
            let Some(saved) = codec::decode_own::<Saved>(&bytes).filter(|saved| saved.log.author() == author)
            else {
                unfit.push(author);
                continue;
            };
            let read = saved.statements.iter().map(|&place| {
                let (entry, body) = load(&author, place)?;
                statement(&entry, place, &body)
            });
            match read.collect::<Option<Vec<_>>>() {
                Some(statements) => {
                    let choice = saved.log.tree().choose(None, None);
                    let view = View { choice, head: None, pin: None, cut: None, pending: BTreeMap::new() };
                    self.views.insert(author, view);
                    self.quotas.set_held(author, saved.held);
                    self.logs.insert(author, Known { log: saved.log, statements });
                }
                None => unfit.push(author),
            }
        }
        self.stale = true;
        self.withdrawals_stale = true;
        let mut turn = Turn::default();
        let held: Vec<AuthorId> = self.logs.keys().copied().collect();
        held.iter().for_each(|author| self.rechoose(author, &mut turn, index));
        self.finish(&mut turn, index);
        unfit
    }

    /// Returns the author's row for the store.
    pub(super) fn saved(&self, author: &AuthorId) -> Option<Vec<u8>> {
        let known = self.logs.get(author)?;
        let statements = known.statements.iter().map(|statement| statement.place).collect();
        let held = self.quotas.held(author);
        Some(codec::encode(&Saved { log: known.log.clone(), statements, held }))
    }

    /// Returns where a known entry lies.
    pub(super) fn locate(&self, author: &AuthorId, id: &EntryId, index: &dyn Index) -> Option<Place> {
        let known = self.logs.get(author)?;
        let pending = || self.views.get(author)?.pending.get(id).copied();
        known.log.tree().find(id).or_else(pending).or_else(|| index.place_of(author, id))
    }

    /// Returns the id of a known entry.
    pub(super) fn id_at(&self, author: &AuthorId, place: Place, index: &dyn Index) -> Option<EntryId> {
        let known = self.logs.get(author)?;
        let pending = || {
            let view = self.views.get(author)?;
            view.pending.iter().find(|(_, found)| **found == place).map(|(id, _)| *id)
        };
        known.log.tree().id_of(place).or_else(|| index.id_at(author, place)).or_else(pending)
    }

    /// Tells whether `entry` follows the head of a log that is not frozen: the common case, which
    /// needs no read.
    pub(super) fn extends_head(&self, entry: &Entry) -> bool {
        let Some(view) = self.views.get(&entry.author()) else { return false };
        let follows = view.head.is_some_and(|head| {
            head.status == Status::Ok && entry.prev() == Some(head.id) && entry.seq() > head.seq
        });
        follows && view.cut.is_none_or(|cut| entry.seq() <= cut)
    }

    /// Tells whether `entry` lies beyond its author's cut (N7).
    pub(super) fn is_beyond_cut(&self, entry: &Entry) -> bool {
        let cut = self.views.get(&entry.author()).and_then(|view| view.cut);
        cut.is_some_and(|cut| entry.seq() > cut)
    }

    /// Returns what announces the fork of a replicated author, whose two children are kept here (S3).
    pub(super) fn fork_of(&self, author: AuthorId) -> Option<Effect> {
        let (known, view) = (self.logs.get(&author)?, self.views.get(&author)?);
        let is_forked = view.choice.status == Status::Forked && self.governance.replicates(author);
        let evidence = known.log.tree().evidence(&view.choice, view.cut);
        let mut children = evidence.iter().flatten().map(|run| Place { branch: run.branch, seq: run.first });
        let places = [children.next()?, children.next()?];
        is_forked.then_some(Effect::AnnounceFork { author, places })
    }

    /// Takes one entry by itself: what extends the head, a rotation, or evidence.
    pub(super) fn take(
        &mut self,
        arriving: &Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, CheckError> {
        let entry = arriving.signed.entry();
        let author = entry.author();
        if entry.form() == Form::Inception && !self.logs.contains_key(&author) {
            return self.begin(arriving, turn, index);
        }
        if self.extends_head(entry) {
            return self.extend(arriving, turn, index);
        }
        if self.locate(&author, &entry.id(), index).is_some() {
            return Ok(Taken::Known);
        }
        self.weigh(std::slice::from_ref(arriving), Weight::Moves, turn, index)
    }

    fn begin(
        &mut self,
        arriving: &Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, CheckError> {
        let log = Log::begin(&arriving.signed)?;
        let author = log.author();
        let choice = log.tree().choose(None, None);
        let place = choice.head;
        let view = View {
            choice,
            head: None,
            pin: self.pin(author).map(|id| (id, None)),
            cut: self.governance.cut(author),
            pending: BTreeMap::new(),
        };
        self.views.insert(author, view);
        self.logs.insert(author, Known { log, statements: Vec::new() });
        self.record(arriving, place, turn);
        self.rechoose(&author, turn, index);
        Ok(Taken::Stored)
    }

    fn extend(
        &mut self,
        arriving: &Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, CheckError> {
        let entry = arriving.signed.entry();
        if is_bodiless(arriving) {
            return Ok(Taken::Bodiless);
        }
        if self.is_over_quota(arriving, turn) {
            return Ok(Taken::OverQuota);
        }
        let author = entry.author();
        let (Some(known), Some(view)) = (self.logs.get_mut(&author), self.views.get_mut(&author)) else {
            return Ok(Taken::Orphan);
        };
        let place = known.log.extend(view.choice.head, &arriving.signed)?;
        let follows = view.choice.grows_to(place);
        self.record(arriving, place, turn);
        if follows && !self.is_pinned_to(&author, entry.id()) {
            let view = self.views.get_mut(&author).expect("looked up above");
            view.head = Some(Head { seq: place.seq, id: entry.id(), status: Status::Ok });
        } else {
            self.rechoose(&author, turn, index);
        }
        Ok(Taken::Stored)
    }

    fn is_pinned_to(&self, author: &AuthorId, id: EntryId) -> bool {
        self.views.get(author).is_some_and(|view| view.pin.is_some_and(|(pin, _)| pin == id))
    }

    /// Takes a linked branch whose first parent is known, if it is valid and, under
    /// [`Weight::Moves`], changes the head or its status.
    pub(super) fn weigh(
        &mut self,
        branch: &[Arriving],
        weight: Weight,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, CheckError> {
        let Some(author) = branch.first().map(|arriving| arriving.signed.author()) else {
            return Ok(Taken::Idle);
        };
        // Some of it may have come by another way while it was held back.
        let is_known = |arriving: &&Arriving| self.locate(&author, &arriving.signed.id(), index).is_some();
        let branch = &branch[branch.iter().take_while(is_known).count()..];
        let Some(first) = branch.first().map(|arriving| arriving.signed.entry()) else {
            return Ok(Taken::Known);
        };
        let parent = first.prev().and_then(|prev| self.locate(&author, &prev, index));
        let (Some(mut at), Some(known), Some(view)) =
            (parent, self.logs.get(&author), self.views.get(&author))
        else {
            return Ok(Taken::Orphan);
        };
        let mut log = known.log.clone();
        let mut places = Vec::with_capacity(branch.len());
        for arriving in branch {
            at = log.extend(at, &arriving.signed)?;
            places.push(at);
        }
        let pin = view.pin.and_then(|(id, place)| {
            place.or_else(|| branch.iter().position(|arriving| arriving.signed.id() == id).map(|i| places[i]))
        });
        let choice = log.tree().choose(pin, view.cut);
        let moved = choice.head != view.choice.head || choice.status != view.choice.status;
        if !moved && weight == Weight::Moves {
            return Ok(Taken::Idle);
        }
        if branch.iter().any(is_bodiless) {
            return Ok(Taken::Bodiless);
        }
        let needed = if choice.status == Status::Ok { Room::Recovery } else { Room::Evidence };
        if branch.iter().any(|arriving| arriving.at.is_none()) && self.room(&author) < needed {
            return Ok(Taken::OverQuota);
        }
        if choice.status == Status::Forked && branch.iter().all(|arriving| arriving.at.is_none()) {
            turn.forks.insert(author);
        }
        self.logs.get_mut(&author).expect("looked up above").log = log;
        branch.iter().zip(places).for_each(|(arriving, place)| self.record(arriving, place, turn));
        self.rechoose(&author, turn, index);
        Ok(Taken::Stored)
    }

    /// Adds again what the journal holds: it was weighed when it first came, so all of it is kept.
    pub(super) fn replay(&mut self, entries: &[Arriving], turn: &mut Turn, index: &dyn Index) {
        for arriving in entries {
            let entry = arriving.signed.entry();
            let known = self.locate(&entry.author(), &entry.id(), index).is_some();
            let taken = if known || entry.form() == Form::Inception || self.extends_head(entry) {
                self.take(arriving, turn, index)
            } else {
                self.weigh(std::slice::from_ref(arriving), Weight::Kept, turn, index)
            };
            if !matches!(taken, Ok(Taken::Stored | Taken::Known)) {
                turn.out.push(Effect::Unplaced { id: entry.id() });
            }
        }
    }

    /// Notes an entry that was attached at `place`: for the store, the statements and what they change.
    fn record(&mut self, arriving: &Arriving, place: Place, turn: &mut Turn) {
        let entry = arriving.signed.entry();
        let author = entry.author();
        if let Some(view) = self.views.get_mut(&author) {
            view.pending.insert(entry.id(), place);
            if let Some((pin, found)) = &mut view.pin
                && *pin == entry.id()
            {
                *found = Some(place);
            }
        }
        let body = entry.header().body;
        let kept = self.charge(entry);
        if arriving.body.is_some() {
            self.missing.forget(&body.hash);
        } else if kept && arriving.at.is_none() {
            self.note_missing(body.hash, body.len);
        }
        let read = arriving.body.as_ref().and_then(|body| statement(entry, place, body));
        if let (Some(read), Some(known)) = (read, self.logs.get_mut(&author)) {
            known.statements.push(read);
            self.note_statement(&author, entry, turn);
        }
        // An order may have come before what it names: stewards' logs come first.
        let target = Ref { author, seq: entry.seq(), id: entry.id() };
        if let Some(withdrawal) = self.withdrawals.get(&target) {
            turn.held.push(Effect::Withdraw { target, withdrawal: Some(withdrawal.clone()) });
        }
        turn.touched.insert(author);
        turn.heads.insert(author);
        turn.batch.entries.push(Write {
            place,
            entry: entry.clone(),
            body: arriving.body.clone().filter(|_| kept),
            at: arriving.at,
        });
    }

    fn note_statement(&mut self, author: &AuthorId, entry: &Entry, turn: &mut Turn) {
        turn.touched.insert(*author);
        let founding = self.net.is_some_and(|net| entry.header().body.hash.as_network() == net);
        self.stale |= founding || self.governance.was_steward(*author);
        self.withdrawals_stale |= entry.kind() == "withdraw";
    }

    /// Chooses again, after the tree, the pin or the cut changed by more than an entry at the head.
    pub(super) fn rechoose(&mut self, author: &AuthorId, turn: &mut Turn, index: &dyn Index) {
        let (Some(known), Some(view)) = (self.logs.get(author), self.views.get(author)) else { return };
        let pin = view.pin.map(|(id, place)| (id, place.or_else(|| self.locate(author, &id, index))));
        let choice = known.log.tree().choose(pin.and_then(|(_, place)| place), view.cut);
        let id = self.id_at(author, choice.head, index);
        let head = id.map(|id| Head { seq: choice.head.seq, id, status: choice.status });
        let moved = choice != view.choice;
        let view = self.views.get_mut(author).expect("looked up above");
        *view = View { choice, head, pin, cut: view.cut, pending: std::mem::take(&mut view.pending) };
        turn.heads.insert(*author);
        // What was said beyond a new head counts no more; what stands on a branch that was crowned does.
        if moved {
            self.stale |= self.governance.was_steward(*author);
            self.withdrawals_stale = true;
        }
    }

    /// Returns the pin of an author; a steward's log, past or present, has none (N6).
    fn pin(&self, author: AuthorId) -> Option<EntryId> {
        if self.governance.was_steward(author) { None } else { self.governance.pin(author) }
    }

    /// Computes the governance and applies what changed: who is replicated, pins, cuts.
    pub(super) fn govern(&mut self, turn: &mut Turn, index: &dyn Index) {
        let Some(net) = self.net else { return };
        // Not `self.replicated`, which holds the own log even before it is listed.
        let before = self.governance.replicated();
        self.governance = Governance::compute(net, &self.logs);
        let mut replicated: BTreeSet<AuthorId> = self.governance.replicated();
        turn.heads.extend(before.symmetric_difference(&replicated));
        let listed: Vec<AuthorId> = replicated.difference(&before).copied().collect();
        replicated.extend(self.me);
        self.replicated = replicated;
        let held: Vec<AuthorId> = self.views.keys().copied().collect();
        for author in held {
            let (pin, cut) = (self.pin(author), self.governance.cut(author));
            let view = self.views.get_mut(&author).expect("listed above");
            if view.pin.map(|(id, _)| id) != pin || view.cut != cut {
                view.pin = pin.map(|id| (id, None));
                // Its place, where the entry is held, is looked up as the log is chosen again.
                view.cut = cut;
                self.rechoose(&author, turn, index);
            }
        }
        self.withdrawals_stale = true;
        listed.iter().for_each(|author| self.promote(author, turn, index));
    }

    /// Computes the withdrawals again and tells what changed (B2).
    pub(super) fn weigh_withdrawals(&mut self, turn: &mut Turn) {
        let choose = |author: AuthorId, known: &Known| {
            let chosen = self.views.get(&author).map(|view| view.choice.clone());
            chosen.unwrap_or_else(|| known.log.tree().choose(None, None))
        };
        let now = crate::network::withdrawals(&self.logs, &self.governance, choose);
        let before = std::mem::replace(&mut self.withdrawals, now);
        for (target, withdrawal) in &self.withdrawals {
            if before.get(target) != Some(withdrawal) {
                let withdrawal = Some(withdrawal.clone());
                turn.held.push(Effect::Withdraw { target: *target, withdrawal });
            }
        }
        for target in before.into_keys() {
            if !self.withdrawals.contains_key(&target) {
                turn.held.push(Effect::Withdraw { target, withdrawal: None });
            }
        }
    }

    /// Returns the head that peers are told: none for an author who is not replicated.
    pub(super) fn public_head(&self, author: &AuthorId) -> Option<Head> {
        let replicated = self.governance.replicates(*author);
        self.views.get(author).filter(|_| replicated)?.head
    }
}

/// Whether a branch is kept only where it moves the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    /// Kept where the head or its status changes (S4, Y5).
    Moves,
    /// Kept whatever it changes: a pinned or witnessed entry (Y6), or one kept before.
    Kept,
}

fn is_bodiless(arriving: &Arriving) -> bool {
    arriving.body.is_none() && arriving.signed.is_network_kind()
}

fn statement(entry: &Entry, place: Place, body: &[u8]) -> Option<Statement> {
    let header = entry.header();
    let says = Says::read(entry.kind(), header.body.hash, body)?;
    Some(Statement { place, id: entry.id(), seq: entry.seq(), time: header.time, says })
}
