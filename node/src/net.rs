//! The network: connections to other nodes, gossip messages and sync streams, as bytes.
//!
//! One task owns the libp2p swarm. The driver tells it what to do through a [`Handle`] and takes
//! [`Event`]s from a channel. Nothing of the protocol's logic is here: which message is good, what a
//! frame means and who is a member is decided elsewhere and told with [`Handle::judge`],
//! [`Handle::penalise`] and [`Handle::set_bans`]. What is decided here is whom to dial and when.
//!
//! Everything is bounded, and the task never waits for the driver: commands are always taken, so
//! the driver may wait for an answer at any time. When the driver falls behind with its events:
//!
//! - a gossip message is answered *ignore* and counted ([`Shed::messages`]): sync brings the entry;
//! - a new sync stream is reset and counted ([`Shed::streams`]): the peer opens another later;
//! - everything else waits, and the swarm waits with it, so no connection or loss goes untold.

mod address;
mod behaviour;
mod book;
mod exchange;
mod figures;
mod gate;
mod gossip;
mod life;
mod peer;
mod reach;
mod stream;
mod task;
#[cfg(test)]
mod tests;
mod transport;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use libp2p::StreamProtocol;
pub use libp2p::identity::Keypair;
use libp2p::metrics::Registry;
pub use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::codec::MAX_MESSAGE;
use multaqa_protocol::id::{MessageId, NetworkId};
use tokio::sync::{mpsc, oneshot};

pub use self::address::{Path, peer_of};
pub use self::book::{Introducer, Known, MAX_ADDRESSES, MAX_KNOWN_PEERS, MAX_SEEDS, UnknownIntroducer};
pub use self::gossip::GossipSetupError;
pub(crate) use self::life::Traffic;
pub use self::peer::{Direction, PeerInfo, PeerState, Why};
pub use self::reach::{Basis, Reach, Reachability};
pub use self::stream::{FrameError, FrameReader, FrameWriter, SyncStream};
use self::task::Task;
use crate::ban::Bans;

/// Most connections: a mesh of at most 5 and sync partners need no more, each costs some 100 KB,
/// and a network of 40 nodes is still fully connected.
pub const MAX_CONNECTIONS: u32 = 40;
/// Most inbound connections, so that strangers who dial in cannot take all places.
pub const MAX_INBOUND: u32 = 32;
/// Connections that a node dials by itself while it has fewer: three times the mesh.
pub const WANTED_DIALLED: usize = 12;
/// Dials under way at once.
pub const MAX_PENDING_DIALS: u32 = 16;
/// Commands waiting for the task; the handle's caller waits for room.
pub const COMMANDS: usize = 256;
/// Events waiting for the driver, 13 MB of messages at most; the module says what happens beyond.
pub const EVENTS: usize = 256;
/// Events of these that gossip and new streams leave to connections.
const RESERVED_EVENTS: usize = 32;
/// Inbound sync streams of one peer at once: one that ends while the next begins, twice over.
pub const MAX_SYNC_STREAMS: usize = 4;
/// Time without a sign of life after which a peer is shown as silent: two pings of four seconds and a
/// slow round trip. With `UPKEEP_EVERY` a cut link shows within 15 seconds.
pub const SILENT_AFTER: Duration = Duration::from_secs(11);
/// Time without a sign of life after which the connection is closed: longer than a line with losses needs
/// to come back by itself.
pub const CLOSED_AFTER: Duration = Duration::from_secs(40);
/// Time for which a second connection to a peer is left alone, so that what is under way on it can end.
const SETTLED_AFTER: Duration = Duration::from_secs(10);
/// How often the peers are looked at.
const UPKEEP_EVERY: Duration = Duration::from_secs(1);
/// Answers of peers about others that wait to be read; one more is dropped.
const ANSWERS: usize = 16;
/// Every so often each peer is forgiven one penalty.
const FORGIVE_EVERY: Duration = Duration::from_secs(600);
/// Time to open a sync stream, which takes one round trip.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Time for the listeners to tell where they listen, at the start: the system answers at once, unless
/// no interface is up.
const LISTEN_TIME: Duration = Duration::from_secs(2);
/// Time given to connections to say goodbye at shutdown.
const GOODBYE: Duration = Duration::from_secs(1);

const SYNC_PROTOCOL: StreamProtocol = StreamProtocol::new("/multaqa/sync/1");
const ATTACHMENT_PROTOCOL: StreamProtocol = StreamProtocol::new("/multaqa/attachment/1");
const PEERS_PROTOCOL: StreamProtocol = StreamProtocol::new("/multaqa/peers/1");

/// What the network needs to know to start.
pub struct Config {
    /// The node's own key, which is no author's key (C6).
    pub key: Keypair,
    /// Addresses to listen on: `/ip4/.../tcp/...` and `/ip4/.../udp/.../quic-v1`.
    pub listen: Vec<Multiaddr>,
    /// Addresses at which others reach this node though it cannot find them out.
    pub external: Vec<Multiaddr>,
    /// Addresses to dial: of the configuration and the invitation, with or without a peer id.
    pub dial: Vec<Multiaddr>,
    /// The address book of an earlier run; see [`Handle::known`].
    pub known: Vec<Known>,
    /// Whether nodes on the local network are looked for.
    pub mdns: bool,
    /// Whether connections of peers that nobody can dial are passed on.
    pub relay: bool,
    /// Whether the router is asked to pass on a port.
    pub upnp: bool,
    /// The network whose topic is joined.
    pub network: NetworkId,
    /// Who may not connect.
    pub bans: Bans,
}

impl Config {
    /// Returns what a node needs that listens nowhere, dials nobody and does nothing beyond.
    #[must_use]
    pub fn new(key: Keypair, network: NetworkId) -> Self {
        Self {
            key,
            listen: Vec::new(),
            external: Vec::new(),
            dial: Vec::new(),
            known: Vec::new(),
            mdns: false,
            relay: false,
            upnp: false,
            network,
            bans: Bans::default(),
        }
    }
}

/// Why the network could not start.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The encryption of connections could not be set up.
    #[error("the encryption of connections could not be set up")]
    Noise(#[source] libp2p::noise::Error),
    /// The machine's name resolver could not be read.
    #[error("the machine's name resolver could not be read")]
    Resolver(#[source] io::Error),
    /// Gossip could not be set up.
    #[error("gossip could not be set up")]
    Gossip(#[from] GossipSetupError),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// Why not.
        #[source]
        cause: libp2p::TransportError<io::Error>,
    },
}

/// The network has been shut down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the network has been shut down")]
pub struct Stopped;

/// Why a message was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// G1: the message is over the limit.
    #[error("G1: a message of {len} bytes where {MAX_MESSAGE} are allowed")]
    TooLong {
        /// Its length.
        len: usize,
    },
    /// The network has been shut down.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why a stream could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The peer is not connected.
    #[error("the peer is not connected")]
    NotConnected,
    /// The peer does not speak the protocol.
    #[error("the peer does not speak the protocol")]
    Unsupported,
    /// The peer did not answer in time.
    #[error("the peer did not answer in time")]
    TimedOut,
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[source] io::Error),
    /// The network has been shut down.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// How far a published message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// To at least one peer.
    Sent,
    /// To nobody: no peer is subscribed, or none has room. Sync brings the entry.
    Nobody,
    /// It was sent or received lately and is not sent again.
    Known,
}

/// What the protocol says of a message (G3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Valid and new: it is forwarded.
    Accept,
    /// Not forwarded, nobody's fault.
    Ignore,
    /// Not forwarded, and all who sent it are scored down.
    Reject,
}

/// What happened on the network.
#[derive(Debug)]
pub enum Event {
    /// The node can be reached at a further address.
    Listening(Multiaddr),
    /// A peer is connected, by its first connection.
    Connected {
        /// The peer.
        peer: PeerId,
        /// The other end's address.
        address: Multiaddr,
        /// Who dialled.
        direction: Direction,
    },
    /// A peer's last connection is gone.
    Disconnected {
        /// The peer.
        peer: PeerId,
        /// Why.
        why: Why,
    },
    /// A gossip message came, and waits ten seconds for [`Handle::judge`].
    Message {
        /// Its id (G2).
        id: MessageId,
        /// The peer that sent it here.
        source: PeerId,
        /// The message.
        data: Vec<u8>,
    },
    /// A peer opened a sync stream.
    Sync(PeerId, SyncStream),
}

/// How much was turned away because the driver was behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shed {
    /// Gossip messages answered *ignore* unread.
    pub messages: u64,
    /// Sync streams reset: the driver was behind, or the peer had [`MAX_SYNC_STREAMS`] open.
    pub streams: u64,
}

#[derive(Debug, Default)]
struct ShedCount {
    messages: AtomicU64,
    streams: AtomicU64,
}

enum Command {
    Publish { data: Vec<u8>, reply: oneshot::Sender<Published> },
    Judge { id: MessageId, source: PeerId, verdict: Verdict },
    IsConnected { peer: PeerId, reply: oneshot::Sender<bool> },
    Dial(Multiaddr),
    Penalise(PeerId),
    Gate(Bans),
    Peers(oneshot::Sender<Vec<PeerInfo>>),
    Listeners(oneshot::Sender<Vec<Multiaddr>>),
    Known(oneshot::Sender<Vec<Known>>),
    Reachability(oneshot::Sender<Reachability>),
    Invitable { most: usize, reply: oneshot::Sender<Vec<Multiaddr>> },
    Shutdown(oneshot::Sender<()>),
}

/// Starts the network's task; it runs until [`Handle::shutdown`], or until all handles or the
/// receiver of events are dropped.
///
/// # Errors
///
/// A transport could not be set up, or an address of `config.listen` cannot be listened on.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn start(config: Config) -> Result<(Handle, mpsc::Receiver<Event>), NetError> {
    let own = config.key.public().to_peer_id();
    let (command_sender, commands) = mpsc::channel(COMMANDS);
    let (events, event_receiver) = mpsc::channel(EVENTS);
    let shed = Arc::<ShedCount>::default();
    let mut registry = Registry::default();
    let (task, streams) = Task::new(config, commands, events, Arc::clone(&shed), &mut registry)?;
    let (traffic, registry) = (task.traffic(), Arc::new(registry));
    tokio::spawn(task.run());
    Ok((Handle { own, commands: command_sender, streams, shed, traffic, registry }, event_receiver))
}

/// The driver's end of the network; clones share the one task.
#[derive(Clone)]
pub struct Handle {
    own: PeerId,
    commands: mpsc::Sender<Command>,
    streams: libp2p_stream::Control,
    shed: Arc<ShedCount>,
    traffic: Arc<Traffic>,
    registry: Arc<Registry>,
}

impl Handle {
    /// Returns the node's own peer id.
    #[must_use]
    pub const fn own(&self) -> PeerId {
        self.own
    }

    /// Publishes a gossip message to the mesh and returns how far it went.
    ///
    /// # Errors
    ///
    /// G1: over the limit; nothing is sent. Or the network has been shut down.
    pub async fn publish(&self, data: Vec<u8>) -> Result<Published, PublishError> {
        if data.len() > MAX_MESSAGE {
            return Err(PublishError::TooLong { len: data.len() });
        }
        Ok(self.ask(|reply| Command::Publish { data, reply }).await?)
    }

    /// Tells what the protocol says of a message: only an accepted one is forwarded (G3).
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn judge(&self, id: MessageId, source: PeerId, verdict: Verdict) -> Result<(), Stopped> {
        self.tell(Command::Judge { id, source, verdict }).await
    }

    /// Opens a sync stream to a connected peer; it never dials.
    ///
    /// # Errors
    ///
    /// The peer is not connected, does not speak the protocol or does not answer.
    pub async fn open_sync(&self, peer: PeerId) -> Result<SyncStream, OpenError> {
        Ok(SyncStream::new(self.open(peer, SYNC_PROTOCOL).await?, None))
    }

    /// Opens a stream on which a connected peer is asked for a file; it never dials.
    pub(crate) async fn open_attachment(&self, peer: PeerId) -> Result<libp2p::Stream, OpenError> {
        self.open(peer, ATTACHMENT_PROTOCOL).await
    }

    /// Returns the streams on which peers ask for files; nothing where somebody takes them already.
    pub(crate) fn attachment_streams(&self) -> Option<libp2p_stream::IncomingStreams> {
        self.streams.clone().accept(ATTACHMENT_PROTOCOL).ok()
    }

    async fn open(&self, peer: PeerId, protocol: StreamProtocol) -> Result<libp2p::Stream, OpenError> {
        if !self.ask(|reply| Command::IsConnected { peer, reply }).await? {
            return Err(OpenError::NotConnected);
        }
        let mut streams = self.streams.clone();
        match tokio::time::timeout(OPEN_TIMEOUT, streams.open_stream(peer, protocol)).await {
            Err(_) => Err(OpenError::TimedOut),
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(libp2p_stream::OpenStreamError::UnsupportedProtocol(_))) => Err(OpenError::Unsupported),
            Ok(Err(libp2p_stream::OpenStreamError::Io(error))) => Err(OpenError::Broken(error)),
            Ok(Err(other)) => Err(OpenError::Broken(io::Error::other(other))),
        }
    }

    /// Dials an address, with or without a peer id, now and whenever the connection is lost.
    ///
    /// # Errors
    ///
    /// The network has been shut down. Whether the dial succeeds is told by events and [`Handle::peers`].
    pub async fn dial(&self, address: Multiaddr) -> Result<(), Stopped> {
        self.tell(Command::Dial(address)).await
    }

    /// Scores a peer down by one penalty, for a fault that gossip does not see (a bad sync answer).
    /// One or two cost its place in the mesh, nine or ten silence its gossip; one is forgiven every ten
    /// minutes.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn penalise(&self, peer: PeerId) -> Result<(), Stopped> {
        self.tell(Command::Penalise(peer)).await
    }

    /// Sets who may not connect, and closes the connections that this forbids.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn set_bans(&self, bans: Bans) -> Result<(), Stopped> {
        self.tell(Command::Gate(bans)).await
    }

    /// Returns what is known of each peer, connected or not.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn peers(&self) -> Result<Vec<PeerInfo>, Stopped> {
        self.ask(Command::Peers).await
    }

    /// Returns the addresses that this node listens on.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn listeners(&self) -> Result<Vec<Multiaddr>, Stopped> {
        self.ask(Command::Listeners).await
    }

    /// Returns the address book that is worth keeping for the next start's [`Config::known`]: peers that
    /// were met, at most [`MAX_KNOWN_PEERS`].
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn known(&self) -> Result<Vec<Known>, Stopped> {
        self.ask(Command::Known).await
    }

    /// Returns whether others can dial this node, and on what that rests.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn reachability(&self) -> Result<Reachability, Stopped> {
        self.ask(Command::Reachability).await
    }

    /// Returns at most `most` addresses for an invitation, with peer ids: this node's, those first that
    /// lead farthest, and a few of other nodes that anybody can dial, for when this one is away.
    ///
    /// # Errors
    ///
    /// The network has been shut down.
    pub async fn invitable(&self, most: usize) -> Result<Vec<Multiaddr>, Stopped> {
        self.ask(|reply| Command::Invitable { most, reply }).await
    }

    /// Returns the figures that libp2p keeps of itself.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns how many bytes have passed on all connections.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Returns how much was turned away because the driver was behind.
    #[must_use]
    pub fn shed(&self) -> Shed {
        Shed {
            messages: self.shed.messages.load(Ordering::Relaxed),
            streams: self.shed.streams.load(Ordering::Relaxed),
        }
    }

    /// Closes all connections and ends the task, within about a second. TCP ports are free when it
    /// returns; within one process a QUIC port is held a moment longer, for the last packets.
    pub async fn shutdown(&self) {
        // A task that has ended already drops the command, which is all that is asked.
        let _ = self.ask(Command::Shutdown).await;
    }

    async fn tell(&self, command: Command) -> Result<(), Stopped> {
        self.commands.send(command).await.map_err(|_| Stopped)
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        self.tell(command(reply)).await?;
        answer.await.map_err(|_| Stopped)
    }
}
