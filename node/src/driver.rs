//! The driver: one task that owns the engine, hands it inputs and carries out its effects.
//!
//! It decides nothing about entries. What waits: commands and frames are not read while
//! [`MAX_APPENDS`] appends are on their way to the disk, and the channels they wait in are small, so
//! that a slow disk slows the peers down instead of filling memory; gossip beyond what a peer's line
//! holds (`checks`) or its pace allows (`limits`) is answered *ignore*, since the next comparison of heads
//! brings what was missed. An append that fails ends nothing that was promised: the engine is rebuilt from the store.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use multaqa_protocol::engine::{self, Arriving, Done, Effect, Engine, Input, SessionId, Ticket};
use multaqa_protocol::id::{AuthorId, EntryId, MessageId};
use multaqa_protocol::log::Place;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::ban::Bans;
use crate::clock::{Clock, now};
use crate::folder::Folder;
use crate::ingest::{CheckError, Ingest};
use crate::net::{self, OpenError, SyncStream};
use crate::store::{self, ReadError, Store};
use crate::view::{Library, Snapshot};

mod append;
mod checks;
mod command;
mod comparison;
mod damage;
mod limits;
pub(crate) mod own;
mod peers;
mod quarantine;
pub mod rotation;
mod stream;
mod testifying;
mod traffic;
mod withdrawing;

pub use command::{ChangeError, Draft, Health, ImportError, Imported, PublishError, Stopped};
pub use comparison::Behind;
pub use own::Elsewhere;
pub use quarantine::{ANSWERS, FIRST_ANSWER, Quarantine};
pub use withdrawing::DELAY;

use append::{Appender, Written};
use checks::{Checks, MAX_CHECKS};
pub(crate) use command::Command;
use limits::Limits;
use own::Own;
use peers::Peers;
use stream::{Heard, Hidden, Order, Orders};
pub use testifying::TestifyError;
use testifying::Testifying;
pub(crate) use testifying::{Asked, Testified};
use withdrawing::Withdrawals;

/// Appends on their way to the disk beyond which nothing more is read.
pub const MAX_APPENDS: usize = 32;
/// Commands that wait; a caller beyond them waits in turn.
pub const MAX_COMMANDS: usize = 64;
/// Frames, checked, that wait for the engine.
const MAX_HEARD: usize = 8;
/// Frames of entries that are checked or wait for the engine, in all sessions together, 16 MiB: a fair
/// line for who comes next.
const MAX_AHEAD: usize = 16;
/// How often timers are looked at.
const TICK: Duration = Duration::from_secs(1);
/// How often heads are compared with one connected peer at random, so that a lost message is not lost
/// for long.
const COMPARE_EVERY: u64 = 20;
/// Seconds between two rounds of comparing with every connected peer, after a session brought entries
/// that gossip did not: those behind this node may lack them too.
const SPREAD_EVERY: u64 = 3;
/// Seconds between two looks at the address book: it is written when somebody new was met.
const NEW_PEERS_EVERY: u64 = 60;
/// Seconds between two writes of it in any case, for the times at which peers were seen.
const PEERS_EVERY: u64 = 20 * NEW_PEERS_EVERY;
/// Events that a slow subscriber may fall behind by.
const MAX_EVENTS: usize = 1_024;

/// What a subscriber is told.
#[derive(Clone, Debug)]
pub enum Event {
    /// An entry is stored.
    Stored {
        /// Its author.
        author: AuthorId,
        /// The entry.
        id: EntryId,
        /// Its kind.
        kind: String,
    },
    /// The body of a withdrawn entry is gone from the journal.
    Erased {
        /// Its author.
        author: AuthorId,
        /// The entry.
        id: EntryId,
    },
    /// A peer connected.
    PeerUp(PeerId),
    /// A peer is gone.
    PeerDown(PeerId),
    /// A comparison with a peer ended with nothing left to ask.
    Synced(PeerId),
}

/// The engine's view of the index; a read that fails is remembered, because the answer that the engine
/// then got is not to be built upon.
struct Rows<'a> {
    store: &'a Store,
    failed: Cell<Option<ReadError>>,
}

impl Rows<'_> {
    fn answer<T>(&self, read: Result<Option<T>, ReadError>) -> Option<T> {
        read.unwrap_or_else(|error| {
            self.failed.set(Some(error));
            None
        })
    }
}

impl engine::Index for Rows<'_> {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.answer(self.store.id_at(*author, place))
    }

    fn place_of(&self, author: &AuthorId, id: &EntryId) -> Option<Place> {
        self.answer(self.store.place_of(*author, id))
    }
}

/// One sync stream.
struct Stream {
    peer: PeerId,
    /// Whether this node opened it.
    ours: bool,
    /// Whether it brought entries.
    brought: bool,
    comparison: comparison::Comparison,
    orders: Orders,
    reader: JoinHandle<()>,
    /// Ends by itself once the orders are dropped and sent.
    writer: JoinHandle<()>,
}

/// A gossip message after its check.
struct Checked {
    id: MessageId,
    source: PeerId,
    result: Result<Vec<Arriving>, CheckError>,
    fork: bool,
    /// Its length in bytes.
    len: usize,
}

/// A bounded channel from the driver's own tasks back to it.
struct Queue<T> {
    sender: mpsc::Sender<T>,
    receiver: mpsc::Receiver<T>,
}

impl<T> Queue<T> {
    fn new(bound: usize) -> Self {
        let (sender, receiver) = mpsc::channel(bound);
        Self { sender, receiver }
    }
}

/// The task's state.
pub(crate) struct Driver {
    engine: Engine,
    /// What answers are made from, while the engine has had no other input since it was taken.
    snapshot: Option<Arc<Snapshot>>,
    store: Store,
    /// Asked what checkpoints and confirmations there are.
    library: Arc<Library>,
    clock: Clock,
    folder: Arc<Folder>,
    own: Own,
    ingest: Ingest,
    appender: Appender,
    net: Option<net::Handle>,
    net_events: Option<mpsc::Receiver<net::Event>>,
    peers: Peers,
    streams: BTreeMap<SessionId, Stream>,
    next_session: u64,
    next_token: u64,
    waiting: BTreeMap<u64, oneshot::Sender<Done>>,
    heard: Queue<(SessionId, Heard)>,
    opened: Queue<(PeerId, Result<SyncStream, OpenError>)>,
    checked: Queue<Checked>,
    checks: Checks,
    limits: Limits,
    /// Lengths of the messages that the engine has not judged yet.
    weighed: BTreeMap<MessageId, usize>,
    lanes: stream::Lanes,
    bans: Bans,
    /// The ban list on disk is behind.
    bans_changed: bool,
    /// Entries and bodies that the engine has ordered to be written since the start.
    ordered: usize,
    commands: mpsc::Receiver<Command>,
    later: mpsc::WeakSender<Command>,
    events: broadcast::Sender<Event>,
    refused: BTreeMap<&'static str, u64>,
    ticks: u64,
    /// A session brought entries since the last round with every peer.
    to_spread: bool,
    fault: Option<String>,
    hidden: Hidden,
    withdrawals: Withdrawals,
    testifying: Testifying,
    /// Peers whose session reached its bound.
    unfinished: Vec<PeerId>,
    /// The address book as it was last written.
    written_peers: Vec<net::Known>,
}

/// What a driver is made of.
pub(crate) struct Parts {
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) library: Arc<Library>,
    pub(crate) clock: Clock,
    pub(crate) folder: Arc<Folder>,
    pub(crate) own: Own,
    pub(crate) ingest: Ingest,
    pub(crate) bans: Bans,
    pub(crate) net: Option<(net::Handle, mpsc::Receiver<net::Event>)>,
    pub(crate) commands: mpsc::Receiver<Command>,
    /// Where a request that must wait is put back.
    pub(crate) later: mpsc::WeakSender<Command>,
    pub(crate) events: broadcast::Sender<Event>,
}

/// Returns the channel on which subscribers are told what happens.
pub(crate) fn events() -> broadcast::Sender<Event> {
    broadcast::channel(MAX_EVENTS).0
}

impl Driver {
    pub(crate) fn new(parts: Parts) -> Self {
        let (net, net_events) = parts.net.unzip();
        Self {
            appender: Appender::start(parts.store.clone()),
            engine: parts.engine,
            snapshot: None,
            store: parts.store,
            library: parts.library,
            testifying: Testifying::new(parts.clock.now()),
            clock: parts.clock,
            folder: parts.folder,
            own: parts.own,
            ingest: parts.ingest,
            net,
            net_events,
            peers: Peers::default(),
            streams: BTreeMap::new(),
            next_session: 0,
            next_token: 0,
            waiting: BTreeMap::new(),
            heard: Queue::new(MAX_HEARD),
            opened: Queue::new(MAX_HEARD),
            checked: Queue::new(MAX_CHECKS),
            checks: Checks::default(),
            limits: Limits::new(now()),
            weighed: BTreeMap::new(),
            lanes: stream::Lanes::new(MAX_AHEAD),
            bans: parts.bans,
            bans_changed: false,
            ordered: 0,
            commands: parts.commands,
            later: parts.later,
            events: parts.events,
            refused: BTreeMap::new(),
            ticks: 0,
            to_spread: false,
            fault: None,
            hidden: Hidden::default(),
            withdrawals: Withdrawals::default(),
            unfinished: Vec::new(),
            written_peers: Vec::new(),
        }
    }

    /// Runs until a command stops it or every handle is gone.
    pub(crate) async fn run(mut self) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.foresee_all();
        let withdrawn: Vec<_> = self.engine.withdrawals().clone().into_iter().collect();
        withdrawn.iter().for_each(|(target, withdrawal)| self.withdraw(*target, Some(withdrawal)));
        loop {
            let room = self.engine.appends_on_their_way() < MAX_APPENDS;
            // In no fixed order: a peer that never ceases to send keeps no answer waiting, and no reader
            // keeps a peer waiting.
            tokio::select! {
                Some(written) = self.appender.written() => self.written(written).await,
                _ = tick.tick() => self.tick().await,
                Some(event) = next(self.net_events.as_mut()) => self.net_event(event).await,
                Some((peer, stream)) = self.opened.receiver.recv() => self.opened(peer, stream).await,
                Some(checked) = self.checked.receiver.recv(), if room => self.gossiped(checked).await,
                Some((id, heard)) = self.heard.receiver.recv(), if room => self.hear(id, heard).await,
                command = self.commands.recv(), if room => match command {
                    Some(Command::Shutdown(reply)) => {
                        self.stop().await;
                        let _ = reply.send(());
                        return;
                    }
                    Some(command) => self.command(command).await,
                    None => return self.stop().await,
                },
            }
        }
    }

    /// Leaves the network, waits for what is on its way to the disk, and lets go of the store.
    async fn stop(mut self) {
        for stream in std::mem::take(&mut self.streams).into_values() {
            for task in [stream.reader, stream.writer] {
                task.abort();
                let _ = task.await;
            }
        }
        self.remember_peers(true).await;
        if let Some(net) = &self.net {
            net.shutdown().await;
        }
        while self.engine.appends_on_their_way() > 0 {
            let Some(written) = self.appender.written().await else { break };
            self.written(written).await;
        }
        self.appender.close().await;
        // What is carried out in the background tells nobody of it any more.
        self.commands.close();
        self.withdrawals.close().await;
        self.store.checkpoint();
    }

    /// Hands the engine one input and carries out what it orders.
    async fn handle(&mut self, input: Input) {
        self.snapshot = None;
        let rows = Rows { store: &self.store, failed: Cell::new(None) };
        let effects = self.engine.handle(input, self.clock.now(), &rows);
        if let Some(error) = rows.failed.into_inner() {
            return self.reload(format!("the index cannot be read: {error}"));
        }
        for effect in effects {
            self.carry_out(effect).await;
        }
    }

    async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Append { ticket, batch } => self.append(ticket, batch),
            Effect::Send { session, frame } => self.order(session, Order::Frame(frame)).await,
            Effect::Serve { session, author, runs, code } => {
                self.order(session, Order::Serve { author, runs, code }).await;
            }
            Effect::ServeBodies { session, hashes } => self.order(session, Order::Bodies(hashes)).await,
            Effect::EndSession { session, ending } => self.end(session, ending),
            Effect::Judge { from, id, verdict } => self.judge(from, id, verdict).await,
            Effect::Announce { message } => self.announce(message).await,
            Effect::AnnounceFork { author, places } => self.announce_fork(author, places).await,
            Effect::Penalise { peer, rule } => self.penalise(peer, rule).await,
            Effect::Pull { peer } => self.peers.pull(peer),
            Effect::Done { token, done } => {
                if let Some(reply) = self.waiting.remove(&token) {
                    let _ = reply.send(done);
                }
            }
            Effect::KeepCandidate { author, entries } => {
                if let Err(error) = self.folder.keep_candidate(author, &entries) {
                    tracing::warn!(%author, %error, "an application cannot be kept");
                }
            }
            Effect::DropCandidate { author } => self.folder.drop_candidate(author),
            Effect::Withdraw { target, withdrawal } => self.withdraw(target, withdrawal.as_ref()),
            Effect::Unplaced { id } => tracing::error!(%id, "an entry of the journal cannot be placed"),
            Effect::OwnUnknown { id } => {
                // Only what peers say from now on counts.
                self.peers.forget_synced();
                self.peers.pull_from_all();
                self.own.learn_of(id);
            }
        }
    }

    fn append(&mut self, ticket: Ticket, batch: engine::Batch) {
        self.ordered += batch.entries.len() + batch.bodies.len();
        for (author, _) in &batch.authors {
            self.foresee(*author);
        }
        self.appender.append(ticket, store::Batch::from(batch));
    }

    async fn written(&mut self, written: Written) {
        match written {
            Written::Appended { ticket, stored } => {
                for (author, id, kind, body) in stored {
                    self.names(body);
                    let _ = self.events.send(Event::Stored { author, id, kind });
                }
                self.carry_out_behind(Some(ticket));
                self.handle(Input::Appended { ticket }).await;
                self.take_over();
                self.go_on();
            }
            Written::Failed(error) => self.reload(error.to_string()),
        }
    }

    /// Returns what the engine has decided.
    fn snapshot(&mut self) -> Arc<Snapshot> {
        self.snapshot.get_or_insert_with(|| Arc::new(Snapshot::of(&self.engine))).clone()
    }

    /// Forgets what did not reach the disk and begins again from the store. Whoever waits is told; the
    /// sessions end and others follow.
    fn reload(&mut self, fault: String) {
        tracing::error!(%fault, "the store failed; beginning again from what it holds");
        self.waiting.clear();
        self.weighed.clear();
        self.streams.clear();
        self.peers.forget_sessions();
        self.appender = Appender::start(self.store.clone());
        self.carry_out_behind(None);
        let allowance = self.engine.quotas().allowance().clone();
        match crate::folder::restore(&self.store, self.engine.network(), Some(self.own.author()), allowance) {
            Ok(engine) => {
                self.engine = engine;
                self.snapshot = None;
                self.fault = Some(fault);
                self.foresee_all();
            }
            Err(error) => self.fault = Some(format!("{fault}; {error}")),
        }
    }

    /// Tells the checks which key signs next in each log.
    fn foresee_all(&self) {
        self.engine.logs().keys().for_each(|author| self.foresee(*author));
    }

    fn foresee(&self, author: AuthorId) {
        if let (Some(known), Some(view)) = (self.engine.logs().get(&author), self.engine.view(&author)) {
            self.ingest.foresee(author, *known.log.signing_key(view.choice.head));
        }
    }

    async fn tick(&mut self) {
        self.ticks += 1;
        self.handle(Input::Tick).await;
        self.take_over();
        self.end_quarantine();
        self.testify();
        self.erase_due();
        self.fetch_damaged();
        if self.to_spread && self.ticks.is_multiple_of(SPREAD_EVERY) {
            self.to_spread = false;
            self.peers.pull_from_all();
        }
        let busy: BTreeSet<PeerId> = self.streams.values().map(|stream| stream.peer).collect();
        let mut wanted = self.peers.take_pulls(&busy);
        wanted.extend(std::mem::take(&mut self.unfinished));
        if self.ticks.is_multiple_of(COMPARE_EVERY) {
            wanted.extend(self.peers.any_connected(&busy));
        }
        wanted.into_iter().for_each(|peer| self.open_to(peer));
        if self.ticks.is_multiple_of(NEW_PEERS_EVERY) {
            self.remember_peers(self.ticks.is_multiple_of(PEERS_EVERY)).await;
        }
        if std::mem::take(&mut self.bans_changed)
            && let Err(error) = self.folder.keep_bans(&self.bans)
        {
            tracing::warn!(%error, "the ban list cannot be written");
        }
    }

    fn count(&mut self, rule: &'static str) {
        *self.refused.entry(rule).or_default() += 1;
    }
}

async fn next<T>(receiver: Option<&mut mpsc::Receiver<T>>) -> Option<T> {
    match receiver {
        Some(receiver) => receiver.recv().await,
        None => std::future::pending().await,
    }
}
