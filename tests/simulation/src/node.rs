//! One node: an engine, its store, what is on its way to the store, and how it starts again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use multaqa_protocol::engine::{Arriving, Batch, Effect, Engine, Index, Input, Ticket};
use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, MessageId, Millis, NetworkId};
use multaqa_protocol::log::{Place, Status};
use multaqa_protocol::network::Ref;

use crate::store::{Store, Survives};

type Applications = BTreeMap<AuthorId, Vec<Arriving>>;

/// What a node is at one moment; everything but `store`, `files`, `acked` and `guard` dies in a crash.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) alive: bool,
    /// Counts its starts, so that what was meant for an earlier one is recognised.
    pub(crate) start: u32,
    /// How far its clock is ahead.
    pub(crate) skew: i64,
    /// When its clock last jumped: sessions that were open may end then.
    pub(crate) jumped: Millis,
    pub(crate) appends: VecDeque<(Ticket, Batch)>,
    pub(crate) due: Millis,
    /// Until when its disk refuses to write.
    pub(crate) read_only_until: Millis,
    pub(crate) messages: BTreeMap<MessageId, Arc<[u8]>>,
    /// Own entries whose storing was acknowledged.
    pub(crate) acked: BTreeSet<(AuthorId, EntryId)>,
    /// Own entries that were signed and are not acknowledged.
    pub(crate) guard: Vec<Arriving>,
    pub(crate) next_token: u64,
    /// Applications kept as files.
    pub(crate) files: Applications,
    backup: Option<(Store, Applications)>,
    /// Since a backup was restored: the peers that have been asked for the own log (W2).
    pub(crate) quarantine: Option<BTreeSet<usize>>,
    /// Own entries that are known to exist elsewhere (W1).
    pub(crate) elsewhere: BTreeSet<EntryId>,
    /// Each log's head as it was last seen, to notice that it went back.
    pub(crate) watched: BTreeMap<AuthorId, (Place, Status)>,
    /// The heads that peers were last told, all of them durable.
    pub(crate) told: BTreeMap<AuthorId, EntryId>,
}

impl Node {
    pub(crate) fn new(net: NetworkId, me: AuthorId, skew: i64) -> Self {
        Self {
            engine: Engine::new(Some(net), Some(me)),
            store: Store::default(),
            alive: true,
            start: 0,
            skew,
            jumped: 0,
            appends: VecDeque::new(),
            due: 0,
            read_only_until: 0,
            messages: BTreeMap::new(),
            acked: BTreeSet::new(),
            guard: Vec::new(),
            next_token: 0,
            files: BTreeMap::new(),
            backup: None,
            quarantine: None,
            elsewhere: BTreeSet::new(),
            watched: BTreeMap::new(),
            told: BTreeMap::new(),
        }
    }

    /// Returns the time by its own clock.
    pub(crate) const fn clock(&self, now: Millis) -> Millis {
        now.saturating_add_signed(self.skew)
    }

    pub(crate) const fn is_read_only(&self, now: Millis) -> bool {
        now < self.read_only_until
    }

    /// Stops at once. `whole` appends that were on their way are written without being confirmed, and
    /// `torn` entries of the next one.
    pub(crate) fn crash(&mut self, whole: usize, torn: usize) {
        let mut appends = std::mem::take(&mut self.appends).into_iter();
        for (_, batch) in appends.by_ref().take(whole) {
            self.store.append(&batch);
        }
        if let Some((_, batch)) = appends.next() {
            self.store.tear(&batch, torn);
        }
        self.alive = false;
        self.messages.clear();
        self.forget();
    }

    /// Forgets what did not reach the disk.
    pub(crate) fn forget(&mut self) {
        self.appends.clear();
        self.watched.clear();
        self.told.clear();
    }

    /// Keeps a copy of the folder; the guard is not part of it (W2).
    pub(crate) fn back_up(&mut self) {
        self.backup = Some((self.store.clone(), self.files.clone()));
    }

    pub(crate) const fn has_backup(&self) -> bool {
        self.backup.is_some()
    }

    /// Puts the backup in the place of what is there. What was acknowledged since is on this disk no
    /// more.
    pub(crate) fn take_back(&mut self) {
        let Some((store, files)) = self.backup.take() else { return };
        self.acked.retain(|(author, id)| store.holds(author, id));
        (self.store, self.files) = (store, files);
        self.guard.clear();
        self.elsewhere.clear();
        self.quarantine = Some(BTreeSet::new());
    }

    /// Starts again from what the store holds. Returns authors and entries that did not fit.
    pub(crate) fn restart(&mut self, survives: Survives, now: Millis) -> Vec<String> {
        let (net, me) = (self.engine.network(), self.engine.author());
        self.engine = Engine::new(net, me);
        let rows = self.store.reopen(survives);
        let store = &self.store;
        let unfit = self.engine.restore(rows, store, |author, place| {
            let entry = store.entry(*author, place)?.clone();
            let body = store.body(&entry.header().body.hash)?.to_vec();
            Some((entry, body))
        });
        let mut faults: Vec<String> = unfit.iter().map(|author| format!("{author:?} is unfit")).collect();
        for chunk in self.store.replay().chunks(7) {
            let input = Input::Replay { entries: chunk.to_vec() };
            self.run_at_once(input, now, &mut faults);
        }
        self.store.withdrawn.clear();
        let withdrawn: Vec<Ref> = self.engine.withdrawals().keys().copied().collect();
        for target in withdrawn {
            self.set_withdrawn(&target, true);
        }
        for (hash, len) in self.store.missing() {
            self.engine.note_missing(hash, len);
        }
        for entries in std::mem::take(&mut self.files).into_values() {
            self.run_at_once(Input::Import { token: u64::MAX, entries }, now, &mut faults);
        }
        self.alive = true;
        self.start += 1;
        faults
    }

    /// Handles an input whose appends are confirmed at once, as at a start.
    fn run_at_once(&mut self, input: Input, now: Millis, faults: &mut Vec<String>) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.engine.handle(input, self.clock(now), &self.store) {
                match effect {
                    Effect::Append { ticket, batch } => {
                        self.store.append(&batch);
                        inputs.push_back(Input::Appended { ticket });
                    }
                    Effect::Unplaced { id } => faults.push(format!("{id:?} is unplaced")),
                    Effect::KeepCandidate { author, entries } => {
                        self.files.insert(author, entries);
                    }
                    Effect::DropCandidate { author } => drop(self.files.remove(&author)),
                    _ => {}
                }
            }
        }
    }

    /// Marks an entry that is held as withdrawn, or no longer so, and returns its body.
    pub(crate) fn set_withdrawn(&mut self, target: &Ref, on: bool) -> Option<BodyRef> {
        let body = self.body_ref(target)?;
        let key = (target.author, target.id);
        if on {
            self.store.withdrawn.insert(key);
        } else {
            self.store.withdrawn.remove(&key);
        }
        Some(body)
    }

    /// Returns what can be withdrawn of an entry that is held: its body, where it is of no network kind.
    pub(crate) fn body_ref(&self, target: &Ref) -> Option<BodyRef> {
        let place = self.store.place_of(&target.author, &target.id)?;
        let entry = self.store.entry(target.author, place)?;
        (!entry.is_network_kind()).then_some(entry.header().body)
    }

    /// Tells whether all entries that name a body are withdrawn (B2).
    pub(crate) fn is_hidden(&self, hash: &BodyHash) -> bool {
        self.store.is_hidden(hash)
    }

    /// Returns the bodies that are held and hidden.
    pub(crate) fn hidden_bodies(&self) -> Vec<BodyHash> {
        let marked = self.store.withdrawn.iter().filter_map(|(author, id)| {
            let place = self.store.place_of(author, id)?;
            Some(self.store.entry(*author, place)?.header().body.hash)
        });
        marked.filter(|hash| self.store.body(hash).is_some() && self.is_hidden(hash)).collect()
    }

    pub(crate) fn serves(&self, hash: &BodyHash) -> Option<Vec<u8>> {
        self.store.body(hash).filter(|_| !self.is_hidden(hash)).map(|body| body.to_vec())
    }
}
