//! When this node may not sign, and what ends that (W1, W2).
//!
//! A folder that was restored, copied or rolled back does not know what was signed after it was made;
//! only other nodes do. So a quarantine ends by their word on the own log, or by an operator who orders
//! so in full knowledge; and in an ordinary start too the first signature waits a little for that word,
//! since a machine that was rolled back cannot tell by itself.

use std::fmt;
use std::time::Duration;

use multaqa_protocol::id::EntryId;
use multaqa_protocol::log::Status;

use super::{Command, Driver, PublishError};
use crate::keys::guard::GuardState;

/// How long the first signature waits for peers' word on the own log (W2).
pub const FIRST_ANSWER: Duration = Duration::from_secs(10);
/// Peers whose word ends a quarantine, or all where fewer are known (W2).
pub const ANSWERS: usize = 3;
/// How soon a request that must wait is looked at again.
const AGAIN: Duration = Duration::from_millis(100);

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
    /// The own log is not held here: the folder was made anew for an author whose machine is lost.
    LogMissing,
    /// The own log goes on under another key than the one in this folder: a rotation was signed
    /// elsewhere, or the folder is from before one.
    OtherKey,
}

impl Quarantine {
    /// Returns what a guard file in this state means for a log that was announced.
    pub(super) const fn of(guard: GuardState) -> Option<Self> {
        match guard {
            GuardState::InStep => None,
            GuardState::Missing => Some(Self::GuardMissing),
            GuardState::Older => Some(Self::GuardOlder),
            GuardState::Newer | GuardState::Differs => Some(Self::GuardNewer),
        }
    }

    /// Returns a stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::GuardMissing => "guard-missing",
            Self::GuardOlder => "guard-older",
            Self::GuardNewer => "guard-newer",
            Self::OwnUnknown(_) => "own-unknown",
            Self::LogMissing => "log-missing",
            Self::OtherKey => "other-key",
        }
    }
}

impl fmt::Display for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GuardMissing => f.write_str("the guard file is missing"),
            Self::GuardOlder => f.write_str("the guard file is older than the log"),
            Self::GuardNewer => f.write_str("the guard file is newer than the log"),
            Self::OwnUnknown(id) => write!(f, "the own entry {id} exists elsewhere"),
            Self::LogMissing => f.write_str("the own log is not held here yet"),
            Self::OtherKey => f.write_str("the own log goes on under another key than the one held here"),
        }
    }
}

impl Driver {
    /// Returns why this node may not sign now, if it may not.
    pub(super) fn quarantine(&self) -> Option<Quarantine> {
        self.key_fault().or_else(|| self.own.quarantine().cloned())
    }

    /// Returns what is wrong with the key, whatever the guard says.
    pub(super) fn key_fault(&self) -> Option<Quarantine> {
        let Some((known, choice)) = self.engine.logs().get(&self.own.author()).zip(self.engine.own_choice())
        else {
            return Some(Quarantine::LogMissing);
        };
        let fits = *known.log.signing_key(choice.head) == self.own.public();
        // While rotations contradict each other no key is in force.
        (choice.status != Status::Contested && !fits).then_some(Quarantine::OtherKey)
    }

    /// Returns how many peers were asked for the own log, and how many have to be.
    pub(super) fn answers(&self) -> (usize, usize) {
        let known = self.own.remembered().max(self.peers.connected().len());
        // Where nobody is known, nobody was asked.
        (self.peers.synced(), ANSWERS.min(known.max(1)))
    }

    /// Ends a quarantine once enough peers were asked for the own log and nothing of it is missing
    /// (W2): a comparison that ended has brought whatever the peer had.
    pub(super) fn end_quarantine(&mut self) {
        let (asked, needed) = self.answers();
        if self.own.quarantine().is_none() || asked < needed || self.key_fault().is_some() {
            return;
        }
        if self.settle() {
            tracing::info!("the own log is complete by the word of {needed} peers: signing again");
            self.peers.forget_synced();
        }
    }

    /// Sets the guard to the head of the own log and lifts the quarantine; tells whether it did. A log
    /// that is frozen stays so: there only a rotation goes on, under another key.
    fn settle(&mut self) -> bool {
        // What was signed beyond a suspension's cut counts here: the guard must not go back.
        let Some(head) = self.engine.own_head().filter(|head| head.status == Status::Ok) else {
            return false;
        };
        let place = self.engine.own_choice().map(|choice| choice.head);
        let Some(Ok(Some(stored))) = place.map(|place| self.store.entry(self.own.author(), place)) else {
            return false;
        };
        let settled = self.own.settle(head.seq, head.id, stored.entry.envelope());
        if let Err(error) = &settled {
            tracing::error!(%error, "the guard file cannot be written");
        }
        settled.is_ok()
    }

    /// Signs again by an operator's order, whatever other nodes may still hold (W2). A key that does not
    /// fit and a frozen log are no matter of an order.
    pub(super) fn resume(&mut self) -> Result<(), PublishError> {
        self.take_over();
        if let Some(fault) = self.key_fault() {
            return Err(PublishError::Quarantine(fault));
        }
        if self.engine.own_head().is_some_and(|head| head.status != Status::Ok) {
            return Err(PublishError::Frozen);
        }
        let Some(quarantine) = self.own.quarantine().cloned() else { return Ok(()) };
        if !self.settle() {
            return Err(PublishError::Guard { reason: "it could not be set to the head".into() });
        }
        tracing::warn!(%quarantine, "signing again by the operator's order, without peers' word");
        Ok(())
    }

    /// Tells whether a signature soon after the start still waits for peers' word on the own log (W2):
    /// of three, or of all where fewer are known. In a quarantine it decides; in an ordinary start it
    /// tells a machine that was rolled back what it signed before.
    pub(super) fn waits_for_a_word(&mut self) -> bool {
        if self.net.is_none() || self.own.is_settled() {
            return false;
        }
        let (asked, needed) = self.answers();
        let heard = asked >= needed && self.own.quarantine().is_none();
        let somebody = self.own.remembered() > 0 || !self.peers.connected().is_empty();
        if !heard && somebody && self.own.age() < FIRST_ANSWER {
            return true;
        }
        if !heard && self.own.quarantine().is_none() {
            tracing::warn!(asked, needed, "signing without the word of enough peers on the own log");
        }
        self.own.set_settled();
        false
    }

    /// Tries a request again shortly, without holding up the others.
    pub(super) fn put_back(&self, command: Command) {
        let Some(later) = self.later.upgrade() else { return };
        tokio::spawn(async move {
            tokio::time::sleep(AGAIN).await;
            let _ = later.send(command).await;
        });
    }
}
