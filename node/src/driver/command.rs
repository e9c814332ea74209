//! What a [`crate::Node`] handle asks of the driver.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use multaqa_protocol::codec::Map;
use multaqa_protocol::engine::{Arriving, Done, Engine, Input};
use multaqa_protocol::entry::SALT_LEN;
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{EntryId, Millis, NetworkId};
use tokio::sync::oneshot;

use super::own::Elsewhere;
use super::rotation::{RotateError, Rotated, RotationPlan, RotationRequest};
use super::testifying::Found;
use super::withdrawing::CarriedOut;
use super::{Asked, Behind, Driver, Quarantine, Testified};
use crate::ban::{Ban, BanError, Bans, Subject};
use crate::clock::now;
use crate::folder::FolderError;
use crate::view::Snapshot;

/// An entry to be signed by this node.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its kind.
    pub kind: String,
    /// Its body's map.
    pub body: Map,
    /// The body's salt where it must be a given one: a founding charter that others have signed.
    /// Otherwise one is drawn.
    pub salt: Option<[u8; SALT_LEN]>,
}

/// The node has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the node has stopped")]
pub struct Stopped;

/// Why nothing was published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// The node has stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// W1, W2: the node may not sign.
    #[error("the node may not sign: {0}")]
    Quarantine(Quarantine),
    /// S2: the own log is forked or contested.
    #[error("the own log is frozen: a rotation is needed")]
    Frozen,
    /// W3: the clock is before this program was made.
    #[error("the clock is before the date of this program")]
    ClockUnset,
    /// W3: the clock is far from the peers'.
    #[error("the clock is {milliseconds} ms from the peers'")]
    ClockApart {
        /// How far the median of the peers is ahead.
        milliseconds: i64,
    },
    /// W3: the clock is before the own last entry.
    #[error("the clock says {time}, the last own entry {last} (Unix milliseconds)")]
    ClockBehind {
        /// What the clock says.
        time: Millis,
        /// The time of the last own entry.
        last: Millis,
    },
    /// The body is over the limit.
    #[error("a body of {len} bytes, where {limit} are allowed")]
    TooLong {
        /// Its length.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// The guard file could not be written; nothing was signed.
    #[error("the guard file cannot be written: {reason}")]
    Guard {
        /// What the disk said.
        reason: String,
    },
    /// The store takes no writes; nothing was published.
    #[error("the store takes no writes: {reason}")]
    Store {
        /// Why.
        reason: String,
    },
    /// An entry signed here was refused.
    #[error("refused by rule {rule}")]
    Refused {
        /// The rule.
        rule: &'static str,
    },
}

/// Why a file was not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The node has stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// An entry is invalid by its own bytes.
    #[error("an entry in the file breaks rule {rule}")]
    Invalid {
        /// The rule.
        rule: &'static str,
    },
    /// The store takes no writes; nothing was kept.
    #[error("the store takes no writes: {reason}")]
    Store {
        /// Why.
        reason: String,
    },
}

/// Why the ban list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The node has stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The list does not take it.
    #[error(transparent)]
    Ban(#[from] BanError),
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// What came of an import.
pub type Imported = Done;

/// How the node is.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// Whether the store takes writes.
    pub writable: bool,
    /// Why not, or what last went wrong.
    pub reason: Option<String>,
    /// Why the node may not sign, if it may not (W1, W2).
    pub quarantine: Option<Quarantine>,
    /// Peers that were asked for the own log, and how many have to be to end a quarantine (W2).
    pub answers: (usize, usize),
    /// Own entries that came from elsewhere since the start (W1).
    pub elsewhere: Option<Elsewhere>,
    /// Appends on their way to the disk.
    pub appends: usize,
    /// Entries, frames and messages refused, by the rule that they broke.
    pub refused: BTreeMap<&'static str, u64>,
    /// Bodies that are not here yet (B1).
    pub missing_bodies: usize,
    /// Connected peers.
    pub connected: usize,
    /// Peers with which a comparison of heads has ended since the start.
    pub synced: usize,
    /// How far the median of the peers' clocks is ahead of ours, in milliseconds.
    pub clock_offset: Option<i64>,
}

type Read = Box<dyn FnOnce(&Engine) + Send>;

/// A request to the driver, with where the answer goes.
pub(crate) enum Command {
    With(Read),
    Snapshot(oneshot::Sender<Arc<Snapshot>>),
    Publish(Vec<Draft>, oneshot::Sender<Result<Vec<EntryId>, PublishError>>),
    BeginRotation(RotationRequest, oneshot::Sender<Result<RotationPlan, RotateError>>),
    /// A signed rotation: its envelope and its body.
    Rotate(Vec<u8>, Vec<u8>, oneshot::Sender<Result<Rotated, RotateError>>),
    /// A rotation is on disk.
    Rotated(EntryId, PublicKey, oneshot::Sender<Result<Rotated, RotateError>>),
    /// Sign again by an operator's order (W2).
    Resume(oneshot::Sender<Result<(), PublishError>>),
    /// The clock is right by an operator's word (W3).
    ConfirmClock(oneshot::Sender<()>),
    Import(Vec<Arriving>, oneshot::Sender<Result<Imported, ImportError>>),
    /// The engine belongs to this network from now on.
    Enter(NetworkId, oneshot::Sender<()>),
    Health(oneshot::Sender<Health>),
    Bans(oneshot::Sender<Vec<Ban>>),
    Ban {
        subject: Subject,
        reason: String,
        lasting: Option<Duration>,
        reply: oneshot::Sender<Result<(), ChangeError>>,
    },
    Unban(Subject, oneshot::Sender<Result<bool, ChangeError>>),
    Behind(oneshot::Sender<BTreeMap<PeerId, Behind>>),
    /// What came of withdrawals.
    CarriedOut(CarriedOut),
    /// Say what is held here (A1, A2).
    Testify(oneshot::Sender<Testified>),
    /// What is to be said.
    Testified(Found, Asked),
    Shutdown(oneshot::Sender<()>),
}

impl Driver {
    pub(super) async fn command(&mut self, command: Command) {
        match command {
            Command::With(read) => read(&self.engine),
            Command::Snapshot(reply) => drop(reply.send(self.snapshot())),
            Command::Publish(drafts, reply) => self.publish(drafts, reply).await,
            Command::BeginRotation(request, reply) => self.begin_rotation(request, reply),
            Command::Rotate(envelope, body, reply) => self.rotate(envelope, body, reply).await,
            Command::Rotated(id, sign, reply) => self.rotated(id, sign, reply),
            Command::Resume(reply) => drop(reply.send(self.resume())),
            Command::ConfirmClock(reply) => {
                self.confirm_clock();
                let _ = reply.send(());
            }
            Command::Import(entries, reply) => self.import(entries, reply).await,
            Command::Enter(network, reply) => {
                self.engine.enter(network);
                self.snapshot = None;
                let _ = reply.send(());
            }
            Command::CarriedOut(done) => self.carried_out(done),
            Command::Health(reply) => drop(reply.send(self.health())),
            Command::Bans(reply) => drop(reply.send(self.bans.in_force(now()).cloned().collect())),
            Command::Ban { subject, reason, lasting, reply } => {
                let mut bans = self.bans.clone();
                let changed = bans.add(subject, &reason, lasting, now()).map_err(ChangeError::from);
                let done = self.change_bans(bans, changed).await;
                let _ = reply.send(done);
            }
            Command::Unban(subject, reply) => {
                let mut bans = self.bans.clone();
                let changed = bans.lift(&subject).map_err(ChangeError::from);
                let done = self.change_bans(bans, changed).await;
                let _ = reply.send(done);
            }
            Command::Behind(reply) => drop(reply.send(self.peers.behind().clone())),
            Command::Testify(reply) => self.say(Asked::ByHand(reply)),
            Command::Testified(found, asked) => self.testified(found, asked).await,
            Command::Shutdown(reply) => drop(reply.send(())),
        }
    }

    /// Puts another ban list in force, once it is on disk.
    async fn change_bans<T>(
        &mut self,
        bans: Bans,
        changed: Result<T, ChangeError>,
    ) -> Result<T, ChangeError> {
        let changed = changed?;
        self.folder.keep_bans(&bans)?;
        self.bans = bans;
        self.shut_out().await;
        Ok(changed)
    }

    async fn import(
        &mut self,
        entries: Vec<Arriving>,
        reply: oneshot::Sender<Result<Imported, ImportError>>,
    ) {
        let done = self.ask();
        self.handle(Input::Import { token: done.0, entries }).await;
        let store = self.store.clone();
        tokio::spawn(async move {
            let result = done.1.await.map_err(|_| ImportError::Store { reason: reason(&store) });
            let _ = reply.send(result);
        });
    }

    /// Returns a new token and where its answer comes; the answer is lost where the store fails.
    pub(super) fn ask(&mut self) -> (u64, oneshot::Receiver<Done>) {
        self.next_token += 1;
        let (sender, receiver) = oneshot::channel();
        self.waiting.insert(self.next_token, sender);
        (self.next_token, receiver)
    }

    fn health(&self) -> Health {
        let status = self.store.status();
        Health {
            writable: status.read_only.is_none(),
            reason: status.read_only.map(|reason| reason.to_string()).or_else(|| self.fault.clone()),
            quarantine: self.quarantine(),
            answers: self.answers(),
            elsewhere: self.own.elsewhere(),
            appends: self.engine.appends_on_their_way(),
            refused: self.refused.clone(),
            missing_bodies: self.engine.missing_bodies(),
            connected: self.peers.connected().len(),
            synced: self.peers.synced(),
            clock_offset: self.peers.clock_offset(),
        }
    }
}

/// Says why the store takes no writes.
pub(super) fn reason(store: &crate::store::Store) -> String {
    store.status().read_only.map_or_else(|| "an append failed".to_owned(), |reason| reason.to_string())
}
