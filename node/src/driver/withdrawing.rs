//! Withdrawals, as a node carries them out: a body is hidden at once, and erased 30 days after the node learnt
//! of it, or at once where stewards ordered it (B2, B3).
//!
//! When the node learnt of it is in a file of its own, so that neither a start nor an index that is built anew begins the
//! days anew. An erasure that fails is tried again.
//!
//! A body belongs to every entry that names it, and nobody's withdrawal takes it from another's entry:
//! otherwise whoever copies a record and withdraws the copy could make all nodes keep the original
//! to themselves. So when an entry is withdrawn, others that name its body are looked for, in the
//! background, in one look for all that wait. Until it has ended the body is hidden.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use multaqa_protocol::engine::Ticket;
use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::{EntryId, Millis};
use multaqa_protocol::log::Place;
use multaqa_protocol::network::{Ref, Withdrawal};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Command, Driver, Event};
use crate::store::{Batch, Mark, Store};

/// How long a withdrawn body is kept, in milliseconds: a thief's withdrawals are undone by a rotation within that
/// time (B3).
pub const DELAY: Millis = 30 * 24 * 60 * 60_000;
/// When an erasure that failed is tried again, in milliseconds: a disk that is full or cannot be read does not get
/// better by the second.
const AGAIN_IN: Millis = 10 * 60_000;
/// Rest between two looks: one takes a second at a million entries, and somebody may withdraw without
/// end.
const REST: Duration = Duration::from_secs(1);

/// What was withdrawn, or stands again, and is not carried out yet; at most what the engine knows of.
#[derive(Debug, Default)]
pub(super) struct Withdrawals {
    waiting: Arc<(Mutex<Waiting>, Condvar)>,
    /// Jobs that wait for what was on its way to the disk before them, since a body that is to be erased may be in it.
    behind: VecDeque<(Ticket, Job)>,
    /// Carries them out, and holds the store meanwhile.
    work: Option<JoinHandle<()>>,
    /// What is to be erased, and when: as many as the engine knows of.
    due: BTreeMap<(Millis, EntryId), Ref>,
    /// When each is due.
    times: BTreeMap<EntryId, Millis>,
}

#[derive(Debug, Default)]
struct Waiting {
    jobs: Vec<Job>,
    /// Whether somebody carries them out.
    busy: bool,
    /// Whether the node stops: what waits is carried out after its next start.
    closed: bool,
}

/// Something that changes which entries name a body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    body: BodyRef,
    /// The entry whose body was withdrawn or stands again; none where a new entry names the body.
    mark: Option<(Ref, Place, Mark)>,
    /// When the node learnt of the withdrawal, where that is to be kept.
    learnt: Option<Millis>,
    erase: bool,
}

/// What came of jobs.
#[derive(Debug, Default)]
pub(crate) struct CarriedOut {
    /// Whether each body is still named by an entry that stands.
    pub(super) found: Vec<(BodyRef, bool)>,
    /// Entries whose body was to be erased and was not.
    pub(super) left: Vec<Ref>,
    /// Entries whose body is gone from the journal.
    pub(super) erased: Vec<Ref>,
}

impl Withdrawals {
    fn add(&mut self, job: Job, store: &Store, later: &mpsc::WeakSender<Command>) {
        let mut waiting = self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.jobs.push(job);
        if std::mem::replace(&mut waiting.busy, true) {
            return;
        }
        drop(waiting);
        let (waiting, store, later) = (self.waiting.clone(), store.clone(), later.clone());
        self.work = Some(tokio::task::spawn_blocking(move || {
            let (waiting, ended) = &*waiting;
            while let Some(jobs) = take(waiting) {
                let done = carry_out(&jobs, &store);
                let Some(later) = later.upgrade() else { return };
                if later.blocking_send(Command::CarriedOut(done)).is_err() {
                    return;
                }
                drop(later);
                let resting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
                drop(ended.wait_timeout_while(resting, REST, |waiting| !waiting.closed));
            }
        }));
    }

    /// Waits until what is being carried out has ended, and lets go of the store. Nobody may be left to send to.
    pub(super) async fn close(&mut self) {
        self.waiting.0.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.waiting.1.notify_all();
        if let Some(work) = self.work.take() {
            // One that panicked has ended too.
            let _ = work.await;
        }
    }

    /// Notes when a body is to be erased, or that it is not.
    fn set_due(&mut self, target: Ref, due: Option<Millis>) {
        if let Some(before) = self.times.remove(&target.id) {
            self.due.remove(&(before, target.id));
        }
        if let Some(due) = due {
            self.times.insert(target.id, due);
            self.due.insert((due, target.id), target);
        }
    }

    /// Takes out what is due.
    fn take_due(&mut self, now: Millis) -> Vec<Ref> {
        let mut taken = Vec::new();
        while let Some(first) = self.due.first_entry().filter(|first| first.key().0 <= now) {
            let target = first.remove();
            self.times.remove(&target.id);
            taken.push(target);
        }
        taken
    }
}

fn take(waiting: &Mutex<Waiting>) -> Option<Vec<Job>> {
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.busy = !waiting.closed && !waiting.jobs.is_empty();
    waiting.busy.then(|| std::mem::take(&mut waiting.jobs))
}

/// Marks entries, looks which bodies still have one that stands, and erases what may be. Where the store fails
/// all stays hidden, and is tried again.
fn carry_out(jobs: &[Job], store: &Store) -> CarriedOut {
    let targets = |jobs: &mut dyn Iterator<Item = &Job>| -> Vec<Ref> {
        jobs.filter(|job| job.erase).filter_map(|job| Some(job.mark?.0)).collect()
    };
    let failed = || CarriedOut { left: targets(&mut jobs.iter()), ..CarriedOut::default() };
    let marks = jobs.iter().filter_map(|job| job.mark.map(|(of, place, mark)| (of.author, place, mark)));
    let learnt = jobs.iter().filter_map(|job| {
        let (of, _, mark) = job.mark?;
        match (mark, job.learnt) {
            (Mark::Withdrawn, Some(at)) => Some((of.id, Some(at))),
            (Mark::Standing, _) => store.learnt(&of.id).map(|_| (of.id, None)),
            _ => None,
        }
    });
    let learnt: Vec<_> = learnt.collect();
    if !learnt.is_empty()
        && let Err(error) = store.note_learnt(&learnt)
    {
        tracing::warn!(%error, "when a withdrawal was learnt of cannot be written");
        return failed();
    }
    let batch = Batch { marks: marks.collect(), ..Batch::default() };
    if let Err(error) = store.append(&batch) {
        tracing::warn!(%error, "a withdrawal cannot be marked");
        return failed();
    }
    let bodies: Vec<BodyRef> = jobs.iter().map(|job| job.body).collect();
    let named = match store.named(&bodies) {
        Ok(named) => named,
        Err(error) => {
            tracing::warn!(%error, "who else names a withdrawn body cannot be told");
            return failed();
        }
    };
    let mut done = CarriedOut::default();
    let due: Vec<&Job> = jobs.iter().filter(|job| job.erase && !named.contains(&job.body.hash)).collect();
    let hashes: Vec<_> = due.iter().map(|job| job.body.hash).collect();
    match if hashes.is_empty() { Ok(0) } else { store.erase(&hashes) } {
        Ok(copies) => {
            if copies > 0 {
                tracing::info!(copies, "withdrawn bodies were erased");
            }
            done.erased = targets(&mut due.into_iter());
        }
        Err(error) => {
            tracing::warn!(%error, "a body cannot be erased");
            done.left = targets(&mut due.into_iter());
        }
    }
    done.found = bodies.into_iter().map(|body| (body, named.contains(&body.hash))).collect();
    done
}

impl Driver {
    /// Carries out that an entry's body is withdrawn, or is no longer.
    pub(super) fn withdraw(&mut self, target: Ref, withdrawal: Option<&Withdrawal>) {
        let Ok(Some(place)) = self.store.place_of(target.author, &target.id) else { return };
        let Ok(Some(stored)) = self.store.entry(target.author, place) else { return };
        // Network kinds are never withdrawn (B2).
        if stored.entry.is_network_kind() {
            return;
        }
        let body = stored.entry.header().body;
        self.hidden.set(body.hash, withdrawal.is_some());
        // It is not fetched while the withdrawal stands, and again when it no longer does (B3).
        if withdrawal.is_some() {
            self.engine.forget_missing(&body.hash);
        } else if !self.engine.leaves_content_out(&target.author) {
            self.ask_where_absent(body);
        }
        let now = self.clock.now();
        let kept = self.store.learnt(&target.id);
        // A clock that was set back must not put it off for longer.
        let learnt = kept.map_or(now, |kept| kept.min(now));
        let due = learnt.saturating_add(DELAY);
        let erase = withdrawal.is_some_and(|found| found.is_ordered() || due <= now);
        self.withdrawals.set_due(target, withdrawal.filter(|_| !erase).map(|_| due));
        let mark = if withdrawal.is_some() { Mark::Withdrawn } else { Mark::Standing };
        let learnt = Some(learnt).filter(|learnt| kept != Some(*learnt));
        let job = Job { body, mark: Some((target, place, mark)), learnt, erase };
        self.carry_out_later(job);
    }

    /// Erases the bodies whose time has come.
    pub(super) fn erase_due(&mut self) {
        for target in self.withdrawals.take_due(self.clock.now()) {
            let withdrawal = self.engine.withdrawals().get(&target).cloned();
            if withdrawal.is_some() {
                self.withdraw(target, withdrawal.as_ref());
            }
        }
    }

    /// A new entry is on disk; the body that it names may be hidden for another's sake.
    pub(super) fn names(&mut self, body: BodyRef) {
        if self.hidden.contains(&body.hash) {
            let job = Job { body, mark: None, learnt: None, erase: false };
            self.carry_out_later(job);
        }
    }

    fn carry_out_later(&mut self, job: Job) {
        match self.engine.last_append() {
            Some(ticket) => self.withdrawals.behind.push_back((ticket, job)),
            None => self.withdrawals.add(job, &self.store, &self.later),
        }
    }

    /// Goes on with what waited for an append, or for any where they are lost.
    pub(super) fn carry_out_behind(&mut self, written: Option<Ticket>) {
        let waits = |ticket: Ticket| written.is_some_and(|written| written < ticket);
        while let Some((_, job)) = self.withdrawals.behind.pop_front_if(|(ticket, _)| !waits(*ticket)) {
            self.withdrawals.add(job, &self.store, &self.later);
        }
    }

    /// Shows bodies that an entry still names, and asks for those that are not here; tries again later what
    /// could not be erased.
    pub(super) fn carried_out(&mut self, done: CarriedOut) {
        for (body, named) in done.found {
            self.hidden.set(body.hash, !named);
            if named {
                self.ask_where_absent(body);
            }
        }
        let again = self.clock.now().saturating_add(AGAIN_IN);
        for target in done.left {
            self.withdrawals.set_due(target, Some(again));
        }
        for Ref { author, id, .. } in done.erased {
            let _ = self.events.send(Event::Erased { author, id });
        }
    }

    fn ask_where_absent(&mut self, body: BodyRef) {
        if matches!(self.store.body(&body.hash), Ok(None)) {
            self.engine.note_missing(body.hash, body.len);
        }
    }
}
