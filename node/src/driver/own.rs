//! The own log: signing, and everything that keeps one author from signing two entries in one place
//! (W1 to W3, W5).

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use multaqa_protocol::codec::MAX_BODY;
use multaqa_protocol::engine::{Arriving, Engine, Input};
use multaqa_protocol::entry::{self, Position, Signed};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::log::{Place, Status};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::command::reason;
use super::{Command, Done, Draft, Driver, PublishError, Quarantine};
use crate::folder::FolderError;
use crate::keys::LogKey;
use crate::keys::guard::{Guard, GuardError};
use crate::store::Store;

/// Before this moment (24 November 2026) no clock can be right: this program did not exist (W3).
const RELEASED: Millis = 1_795_478_400_000;
/// How far from the median of the peers' clocks this one may be, in milliseconds (W3).
const MAX_CLOCK_OFFSET: i64 = 10 * 60_000;

/// Own entries that came from elsewhere since the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The first of them.
    pub first: EntryId,
    /// How many.
    pub count: u64,
}

/// What this node signs with.
pub(crate) struct Own {
    author: AuthorId,
    dir: PathBuf,
    key: LogKey,
    /// The key that a rotation under way names.
    prepared: Option<LogKey>,
    /// Whether a rotation to the prepared key was signed since the start: then it has signed nothing
    /// yet, whatever the guard file says.
    rotated: bool,
    guard: Guard,
    quarantine: Option<Quarantine>,
    elsewhere: Option<Elsewhere>,
    /// The last own entry, of which an operator says that its time is wrong and the clock is right (W3).
    misdated: Option<EntryId>,
    /// Peers that are known from before this start.
    remembered: usize,
    started: Instant,
    /// Whether the first signature has waited for peers' word, or need not.
    settled: bool,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Own").field("author", &self.author).finish_non_exhaustive()
    }
}

impl Own {
    /// Opens what signs for `author` in the folder `dir`: the key that fits the log, and the guard file.
    /// In quarantine where the guard does not fit the log's head. A log that was never announced is
    /// exempt (W2): its node has no network yet.
    pub(crate) fn open(
        dir: PathBuf,
        author: AuthorId,
        engine: &Engine,
        store: &Store,
        announced: bool,
        remembered: usize,
    ) -> Result<Self, FolderError> {
        let key = LogKey::load(&dir)?;
        let guard = Guard::open(&dir, &key.public())?;
        let mut own = Self {
            author,
            prepared: LogKey::prepared(&dir)?,
            dir,
            key,
            rotated: false,
            guard,
            quarantine: None,
            elsewhere: None,
            misdated: None,
            remembered,
            started: Instant::now(),
            settled: false,
        };
        let head = engine.own_head().filter(|head| head.status == Status::Ok);
        let state = own.guard.state(head.map(|head| (head.seq, head.id)));
        own.quarantine = Quarantine::of(state).filter(|_| announced);
        own.take_over(engine, store)?;
        Ok(own)
    }

    pub(crate) const fn author(&self) -> AuthorId {
        self.author
    }

    pub(super) fn public(&self) -> PublicKey {
        self.key.public()
    }

    pub(super) const fn quarantine(&self) -> Option<&Quarantine> {
        self.quarantine.as_ref()
    }

    pub(super) const fn elsewhere(&self) -> Option<Elsewhere> {
        self.elsewhere
    }

    pub(super) const fn remembered(&self) -> usize {
        self.remembered
    }

    pub(super) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    pub(super) const fn is_settled(&self) -> bool {
        self.settled
    }

    pub(super) const fn set_settled(&mut self) {
        self.settled = true;
    }

    /// W1: an own entry came from elsewhere. It is held now; others may follow.
    pub(super) fn learn_of(&mut self, id: EntryId) {
        let elsewhere = self.elsewhere.get_or_insert(Elsewhere { first: id, count: 0 });
        elsewhere.count += 1;
        if self.quarantine.is_none() {
            tracing::warn!(%id, "an own entry came from a peer: signing stops until the log is complete");
            self.quarantine = Some(Quarantine::OwnUnknown(id));
        }
    }

    /// Sets the guard to the head of the log and lifts the quarantine.
    pub(super) fn settle(&mut self, seq: Seq, id: EntryId, envelope: &[u8]) -> Result<(), GuardError> {
        self.guard.settle(seq, id, envelope)?;
        self.quarantine = None;
        self.settled = true;
        Ok(())
    }

    /// Makes the key that a rotation will name.
    pub(super) fn prepare(&mut self) -> Result<PublicKey, FolderError> {
        let key = self.prepared.insert(LogKey::prepare(&self.dir)?);
        self.rotated = false;
        Ok(key.public())
    }

    /// Returns the key that a rotation under way names.
    pub(super) fn prepared(&self) -> Option<PublicKey> {
        self.prepared.as_ref().map(LogKey::public)
    }

    /// Notes that a rotation to the prepared key is signed.
    pub(super) const fn set_rotated(&mut self) {
        self.rotated = true;
    }

    /// Lets the prepared key take over where the log, on disk, goes on under it. Called at a start and
    /// whenever the log has moved, so that a stop between the rotation and this loses nothing; each step
    /// can be done again.
    pub(super) fn take_over(&mut self, engine: &Engine, store: &Store) -> Result<(), FolderError> {
        let Some(prepared) = self.prepared.as_ref().map(LogKey::public) else { return Ok(()) };
        let Some((rotation, id)) = in_force(engine, self.author, &prepared) else { return Ok(()) };
        if store.place_of(self.author, &id)?.is_none() {
            return Ok(());
        }
        let mut guard = Guard::open(&self.dir, &prepared)?;
        // Nothing was signed with this key: it never left its own file. A folder without a guard file
        // cannot know that, since it may be a copy of one in which the key has signed.
        let head = engine.own_head().map(|head| (head.seq, head.id));
        let begins = head == Some((rotation.seq, id)) && guard.last().is_none();
        if begins
            && (self.rotated || guard.is_foreign())
            && let Some(stored) = store.entry(self.author, rotation)?
        {
            guard.begin(rotation.seq, id, stored.entry.envelope())?;
        }
        let state = guard.state(head);
        LogKey::take_over(&self.dir)?;
        if let Some(key) = self.prepared.take() {
            self.key = key;
        }
        self.guard = guard;
        self.rotated = false;
        self.quarantine = Quarantine::of(state);
        tracing::info!(%id, "the log goes on under a new signing key");
        Ok(())
    }
}

/// Returns the rotation by which `key` signs the own log now, if it does.
fn in_force(engine: &Engine, author: AuthorId, key: &PublicKey) -> Option<(Place, EntryId)> {
    let (known, choice) = (engine.logs().get(&author)?, engine.own_choice()?);
    if choice.status == Status::Contested || known.log.signing_key(choice.head) != key {
        return None;
    }
    let tree = known.log.tree();
    Some(tree.establishment_entry(tree.establishment(choice.head)))
}

impl Driver {
    /// Signs drafts one after another and hands them to the engine; answers when they are durable.
    pub(super) async fn publish(
        &mut self,
        drafts: Vec<Draft>,
        reply: oneshot::Sender<Result<Vec<EntryId>, PublishError>>,
    ) {
        self.take_over();
        self.end_quarantine();
        if self.waits_for_a_word() {
            return self.put_back(Command::Publish(drafts, reply));
        }
        let entries = match self.sign(&drafts) {
            Ok(entries) => entries,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let ids: Vec<EntryId> = entries.iter().map(|arriving| arriving.signed.id()).collect();
        let applies = drafts.iter().any(|draft| draft.kind == "join");
        let (token, done) = self.ask();
        self.handle(Input::Publish { token, entries }).await;
        // An application is told in a session's first frame, and stewards' admissions change who is
        // replicated: compare soon.
        if applies || drafts.iter().any(|draft| draft.kind == "admit") {
            self.peers.pull_from_all();
        }
        let store = self.store.clone();
        tokio::spawn(async move {
            let result = match done.await {
                Ok(Done { refused, .. }) if !refused.is_empty() => {
                    Err(PublishError::Refused { rule: refused[0].1 })
                }
                Ok(Done { stored, known, .. }) if stored.len() + known == ids.len() => Ok(ids),
                Ok(_) => Err(PublishError::Frozen),
                Err(_) => Err(PublishError::Store { reason: reason(&store) }),
            };
            let _ = reply.send(result);
        });
    }

    /// Tells what keeps the node from signing, whatever the clock says.
    pub(super) fn may_sign(&self) -> Result<(), PublishError> {
        // Frozen comes first: waiting for peers does not help there.
        if self.engine.own_head().is_some_and(|head| head.status != Status::Ok) {
            return Err(PublishError::Frozen);
        }
        self.quarantine().map_or(Ok(()), |quarantine| Err(PublishError::Quarantine(quarantine)))
    }

    /// Signs drafts as the next own entries. The guard file holds the last one before any leaves here.
    fn sign(&mut self, drafts: &[Draft]) -> Result<Vec<Arriving>, PublishError> {
        let time = self.check_clock(self.last_own_time())?;
        self.may_sign()?;
        if let Some(read_only) = self.store.status().read_only {
            return Err(PublishError::Store { reason: read_only.to_string() });
        }
        let mut position = self.engine.position(time).ok_or(PublishError::Frozen)?;
        let key = self.own.key.public();
        let mut entries = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let body = entry::encode_body(draft.salt.unwrap_or_else(crate::folder::salt), &draft.body);
            if body.len() > MAX_BODY {
                return Err(PublishError::TooLong { len: body.len(), limit: MAX_BODY });
            }
            let written = entry::write(position, &draft.kind, &body, self.own.key.signing());
            position = Position { seq: position.seq + 1, prev: written.id(), ..position };
            let signed = Signed::check(written, &key);
            entries.push(Arriving { signed, body: Some(body.into()), at: None });
        }
        if let Some(last) = entries.last().map(|arriving| arriving.signed.entry()) {
            let recorded = self.own.guard.record(last.seq(), last.id(), last.envelope());
            recorded.map_err(|error| PublishError::Guard { reason: error.to_string() })?;
        }
        Ok(entries)
    }

    /// Returns the time, where the clock may be signed by after an entry of the time `after` (W3).
    pub(super) fn check_clock(&self, after: Option<Millis>) -> Result<Millis, PublishError> {
        let time = self.clock.now();
        if time < RELEASED {
            return Err(PublishError::ClockUnset);
        }
        if let Some(milliseconds) = self.peers.clock_offset().filter(|ms| ms.abs() > MAX_CLOCK_OFFSET) {
            return Err(PublishError::ClockApart { milliseconds });
        }
        match after {
            Some(last) if time < last && !self.is_misdated() => Err(PublishError::ClockBehind { time, last }),
            _ => Ok(time),
        }
    }

    /// Tells whether an operator says of the last own entry that its time is wrong.
    fn is_misdated(&self) -> bool {
        self.own.misdated.is_some() && self.own.misdated == self.engine.own_head().map(|head| head.id)
    }

    /// Takes an operator's word that the clock is right, whatever the time of the last own entry (W3). It
    /// holds for what is signed next; with that the log goes on by the clock.
    pub(super) fn confirm_clock(&mut self) {
        self.own.misdated = self.engine.own_head().map(|head| head.id);
        tracing::warn!("signing by this clock by the operator's order, though the log is ahead of it");
    }

    fn last_own_time(&self) -> Option<Millis> {
        self.time_at(self.engine.own_choice()?.head)
    }

    /// Returns the time of an own entry.
    pub(super) fn time_at(&self, place: Place) -> Option<Millis> {
        let rows = self.store.rows(self.own.author, place.branch, place.seq..=place.seq).ok()?;
        rows.first().map(|row| row.time)
    }

    /// Lets a prepared key take over where the log has moved to it. What fails is tried again.
    pub(super) fn take_over(&mut self) {
        if let Err(error) = self.own.take_over(&self.engine, &self.store) {
            tracing::error!(%error, "the new signing key cannot take over yet");
        }
    }
}
