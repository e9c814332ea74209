//! Withdrawals, as a node carries them out: a body is hidden at once, and erased at once where
//! stewards ordered it (B2, B3).
//!
//! A body belongs to every entry that names it, and nobody's withdrawal takes it from another's entry:
//! otherwise whoever copies a record and withdraws the copy could make all nodes keep the original
//! to themselves. So when an entry is withdrawn, others that name its body are looked for, in the
//! background, in one look for all that wait. Until it has ended the body is hidden.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::log::Place;
use multaqa_protocol::network::{Ref, Withdrawal};
use tokio::sync::mpsc;

use super::{Command, Driver};
use crate::store::{Batch, Mark, Store};

/// Rest between two looks: one takes a second at a million entries, and somebody may withdraw without
/// end.
const REST: Duration = Duration::from_secs(1);

/// What was withdrawn, or stands again, and is not carried out yet; at most what the engine knows of.
#[derive(Clone, Debug, Default)]
pub(super) struct Withdrawals(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    jobs: Vec<Job>,
    /// Whether somebody carries them out.
    busy: bool,
}

/// Something that changes which entries name a body.
#[derive(Debug)]
struct Job {
    body: BodyRef,
    /// The entry whose body was withdrawn or stands again; none where a new entry names the body.
    mark: Option<(AuthorId, Place, Mark)>,
    erase: bool,
}

impl Withdrawals {
    fn add(&self, job: Job, store: &Store, later: &mpsc::WeakSender<Command>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.jobs.push(job);
        if std::mem::replace(&mut waiting.busy, true) {
            return;
        }
        let (withdrawals, store, later) = (self.clone(), store.clone(), later.clone());
        tokio::task::spawn_blocking(move || {
            while let Some(jobs) = withdrawals.take() {
                let Some(found) = carry_out(&jobs, &store) else { continue };
                let Some(later) = later.upgrade() else { return };
                if later.blocking_send(Command::Named(found)).is_err() {
                    return;
                }
                drop(later);
                std::thread::sleep(REST);
            }
        });
    }

    fn take(&self) -> Option<Vec<Job>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.busy = !waiting.jobs.is_empty();
        waiting.busy.then(|| std::mem::take(&mut waiting.jobs))
    }
}

/// Marks entries, looks which bodies still have one that stands, and erases what may be. Returns for
/// each body whether it has; `None` where the store failed, so that all stays hidden.
fn carry_out(jobs: &[Job], store: &Store) -> Option<Vec<(BodyRef, bool)>> {
    let marks = jobs.iter().filter_map(|job| job.mark).collect();
    if let Err(error) = store.append(&Batch { marks, ..Batch::default() }) {
        tracing::warn!(%error, "a withdrawal cannot be marked");
        return None;
    }
    let bodies: Vec<BodyRef> = jobs.iter().map(|job| job.body).collect();
    let named = match store.named(&bodies) {
        Ok(named) => named,
        Err(error) => {
            tracing::warn!(%error, "who else names a withdrawn body cannot be told");
            return None;
        }
    };
    let due = jobs.iter().filter(|job| job.erase && !named.contains(&job.body.hash));
    let due: Vec<_> = due.map(|job| job.body.hash).collect();
    if !due.is_empty()
        && let Err(error) = store.erase(&due)
    {
        tracing::warn!(%error, "a body cannot be erased");
    }
    Some(bodies.into_iter().map(|body| (body, named.contains(&body.hash))).collect())
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
        let mark = if withdrawal.is_some() { Mark::Withdrawn } else { Mark::Standing };
        let erase = withdrawal.is_some_and(Withdrawal::is_ordered);
        let job = Job { body, mark: Some((target.author, place, mark)), erase };
        self.withdrawals.add(job, &self.store, &self.later);
    }

    /// A new entry is on disk; the body that it names may be hidden for another's sake.
    pub(super) fn names(&self, body: BodyRef) {
        if self.hidden.contains(&body.hash) {
            self.withdrawals.add(Job { body, mark: None, erase: false }, &self.store, &self.later);
        }
    }

    /// Shows bodies that an entry still names, and asks for those that are not here.
    pub(super) fn named(&mut self, found: Vec<(BodyRef, bool)>) {
        for (body, named) in found {
            self.hidden.set(body.hash, !named);
            if named {
                self.ask_where_absent(body);
            }
        }
    }

    fn ask_where_absent(&mut self, body: BodyRef) {
        if matches!(self.store.body(&body.hash), Ok(None)) {
            self.engine.note_missing(body.hash, body.len);
        }
    }
}
