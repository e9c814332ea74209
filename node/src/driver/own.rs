//! The own log: signing, and everything that keeps one author from signing two entries in one place
//! (W1 to W3, W5).

use std::fmt;
use std::time::Duration;

use multaqa_protocol::codec::MAX_BODY;
use multaqa_protocol::engine::{Arriving, Input};
use multaqa_protocol::entry::{self, Position, Signed};
use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::command::reason;
use super::{Command, Done, Draft, Driver, PublishError, now};
use crate::keys::LogKey;
use crate::keys::guard::{Guard, GuardState};

/// Before this moment (24 November 2026) no clock can be right: this program did not exist (W3).
const RELEASED: Millis = 1_795_478_400_000;
/// How far from the median of the peers' clocks this one may be, in milliseconds (W3).
const MAX_CLOCK_OFFSET: i64 = 10 * 60_000;
/// How long the first signature waits for one peer's word on the own log (W2).
const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// Peers whose word ends a quarantine, or all where fewer are known (W2).
const ANSWERS: usize = 3;

/// Why a node may not sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quarantine {
    /// The guard file is missing: a restored backup, or a copied folder.
    GuardMissing,
    /// The log goes beyond the guard file: the folder was put together from two times.
    GuardOlder,
    /// The guard file goes beyond the log, or names another entry: an older copy of the log was
    /// restored, or a crash came between a signature and the journal.
    GuardNewer,
    /// An own entry exists elsewhere that was not held here (W1).
    OwnUnknown(EntryId),
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GuardMissing => f.write_str("the guard file is missing"),
            Self::GuardOlder => f.write_str("the guard file is older than the log"),
            Self::GuardNewer => f.write_str("the guard file is newer than the log"),
            Self::OwnUnknown(id) => write!(f, "the own entry {id} exists elsewhere"),
        }
    }
}

/// What this node signs with.
pub(crate) struct Own {
    author: AuthorId,
    key: LogKey,
    guard: Guard,
    quarantine: Option<Quarantine>,
    /// Peers that are remembered from before this start.
    remembered: usize,
    started: Instant,
    warned: bool,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Own").field("author", &self.author).finish_non_exhaustive()
    }
}

impl Own {
    /// Returns what signs for `author`, in quarantine where the guard file does not fit `head`, the
    /// last own entry in the store. A log that was never announced is exempt (W2): its node has no
    /// network yet.
    pub(crate) fn new(
        author: AuthorId,
        key: LogKey,
        guard: Guard,
        head: Option<(Seq, EntryId)>,
        announced: bool,
        remembered: usize,
    ) -> Self {
        let quarantine = match guard.state(head) {
            GuardState::InStep => None,
            _ if !announced => None,
            GuardState::Missing => Some(Quarantine::GuardMissing),
            GuardState::Older => Some(Quarantine::GuardOlder),
            GuardState::Newer | GuardState::Differs => Some(Quarantine::GuardNewer),
        };
        Self { author, key, guard, quarantine, remembered, started: Instant::now(), warned: false }
    }

    pub(crate) const fn author(&self) -> AuthorId {
        self.author
    }

    pub(super) const fn quarantine(&self) -> Option<&Quarantine> {
        self.quarantine.as_ref()
    }

    /// W1: an own entry came from elsewhere. It is held now; others may follow.
    pub(super) fn learn_of(&mut self, id: EntryId) {
        if self.quarantine.is_none() {
            tracing::warn!(%id, "an own entry came from a peer: signing stops until the log is complete");
            self.quarantine = Some(Quarantine::OwnUnknown(id));
        }
    }
}

impl Driver {
    /// Signs drafts one after another and hands them to the engine; answers when they are durable.
    pub(super) async fn publish(
        &mut self,
        drafts: Vec<Draft>,
        reply: oneshot::Sender<Result<Vec<EntryId>, PublishError>>,
    ) {
        self.end_quarantine();
        if self.waits_for_a_word() {
            return self.put_back(drafts, reply);
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

    /// Signs drafts as the next own entries. The guard file holds the last one before any leaves here.
    fn sign(&mut self, drafts: &[Draft]) -> Result<Vec<Arriving>, PublishError> {
        let time = self.check_clock()?;
        if let Some(quarantine) = self.own.quarantine() {
            return Err(PublishError::Quarantine(quarantine.clone()));
        }
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

    /// W3.
    fn check_clock(&self) -> Result<Millis, PublishError> {
        let time = now();
        if time < RELEASED {
            return Err(PublishError::ClockUnset);
        }
        if let Some(milliseconds) = self.peers.clock_offset().filter(|ms| ms.abs() > MAX_CLOCK_OFFSET) {
            return Err(PublishError::ClockApart { milliseconds });
        }
        if self.last_own_time().is_some_and(|last| time < last) {
            return Err(PublishError::ClockBehind);
        }
        Ok(time)
    }

    fn last_own_time(&self) -> Option<Millis> {
        let head = self.engine.own_choice()?.head;
        let rows = self.store.rows(self.own.author, head.branch, head.seq..=head.seq).ok()?;
        rows.first().map(|row| row.time)
    }

    /// Ends a quarantine once enough peers were asked for the own log and nothing of it is missing
    /// (W2): a comparison that ended has brought whatever the peer had.
    pub(super) fn end_quarantine(&mut self) {
        let enough = ANSWERS.min(self.own.remembered.max(self.peers.connected().len()));
        if self.own.quarantine.is_none() || self.peers.synced() < enough {
            return;
        }
        // What was signed beyond a suspension's cut counts here: the guard must not go back.
        let Some(head) = self.engine.own_head() else { return };
        let place = self.engine.own_choice().map(|choice| choice.head);
        let Some(Ok(Some(stored))) = place.map(|place| self.store.entry(self.own.author, place)) else {
            return;
        };
        match self.own.guard.settle(head.seq, head.id, stored.entry.envelope()) {
            Ok(()) => {
                tracing::info!("the own log is complete by the word of {enough} peers: signing again");
                self.own.quarantine = None;
                self.peers.forget_synced();
            }
            Err(error) => tracing::error!(%error, "the guard file cannot be written"),
        }
    }

    /// Tells whether a signature soon after the start still waits for peers' word on the own log: in a
    /// quarantine for enough of them, in an ordinary start for one, since a virtual machine that was
    /// rolled back cannot tell by itself (W2).
    fn waits_for_a_word(&mut self) -> bool {
        let reachable = self.net.is_some() && !self.peers.connected().is_empty();
        let settled = self.peers.synced() > 0 && self.own.quarantine.is_none();
        if settled || !reachable {
            return false;
        }
        if self.own.started.elapsed() < FIRST_ANSWER {
            return true;
        }
        if self.own.quarantine.is_none() && !std::mem::replace(&mut self.own.warned, true) {
            tracing::warn!("signing without any peer's word on the own log");
        }
        false
    }

    /// Tries a request again shortly, without holding up the others.
    fn put_back(&self, drafts: Vec<Draft>, reply: oneshot::Sender<Result<Vec<EntryId>, PublishError>>) {
        let Some(later) = self.later.upgrade() else { return };
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let _ = later.send(Command::Publish(drafts, reply)).await;
        });
    }
}
