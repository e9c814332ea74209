//! The swarm: transports, the stock behaviours and their limits.
//!
//! What makes a node reachable is here as settings only: AutoNAT asks others to dial back, UPnP asks the
//! router for a port, a relay passes on circuits, DCUtR turns a circuit into a direct connection. Which
//! relay is used, and which of two connections is kept, is decided by the task.
//!
//! AutoNAT is the first version. The second asks only over connections that the node dialled itself, so
//! the founder of a network, whom everybody dials, would never learn that it is public; and it never
//! says that a node is private. Both count globally routable addresses alone: on a local network and on
//! the ranges kept for documentation nobody is asked.

use std::num::NonZeroU32;
use std::time::Duration;

use libp2p::identity::Keypair;
use libp2p::metrics::Registry;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::{self, NetworkBehaviour, Swarm};
use libp2p::{
    autonat, connection_limits, dcutr, identify, mdns, memory_connection_limits, ping, relay, upnp,
};
use multaqa_protocol::id::NetworkId;

use super::figures;
use super::gate::Gate;
use super::gossip::{self, GossipSetupError};
use super::life::Lives;
use super::{MAX_CONNECTIONS, MAX_INBOUND, MAX_PENDING_DIALS, NetError, WANTED_DIALLED, transport};
use crate::ban::Bans;

/// Connections to one peer: both sides may dial at once, beside a circuit and a dial back. All but one
/// are closed after a moment.
const MAX_PER_PEER: u32 = 4;
/// Inbound connections that are still shaking hands; each takes a few KB and at most ten seconds.
const MAX_PENDING_INBOUND: u32 = 32;
/// Resident memory of the process above which no new connection is made: far over what a node needs
/// (150 MB while it syncs), far under what makes a small server swap.
const MAX_MEMORY: usize = 1 << 30;
/// Inbound streams of one connection that are still agreeing on a protocol.
const MAX_NEGOTIATING: usize = 16;
/// Time between two pings, each a sign of life of both sides; see [`super::SILENT_AFTER`].
const PING_INTERVAL: Duration = Duration::from_secs(4);
/// Time for a ping's answer. A late one closes nothing: behind bulk on a slow line it takes longer.
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Time without a stream after which a connection is closed: longer than any node runs, since a
/// peer outside the mesh is still wanted for sync.
const IDLE: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

/// Reservations at a relay. The connections bound them first; the library refuses renewals at the bound,
/// so it must never be reached.
const MAX_RESERVATIONS: usize = 2 * MAX_CONNECTIONS as usize;
/// Reservations of one peer beyond the first: it may come again before the relay knows that it had gone.
const MAX_RESERVATIONS_PER_PEER: usize = 1;
/// How long a reservation holds; the peer renews it in time.
const RESERVATION: Duration = Duration::from_secs(3_600);
/// Circuits through a relay at once: its forty connections, three times over. Most last for seconds, until
/// DCUtR has made a direct connection.
const MAX_CIRCUITS: usize = 3 * MAX_CONNECTIONS as usize;
/// Circuits that one peer opened, beyond the first: as many as it dials.
const MAX_CIRCUITS_PER_PEER: usize = WANTED_DIALLED;
/// How long a circuit lasts. The library's two minutes would cut every sync of a slow line; an hour lets
/// the largest session of ten minutes end, and a pair that cannot do without the relay comes again.
const CIRCUIT: Duration = Duration::from_secs(3_600);
/// Bytes that a circuit carries each way: eight sync sessions of 64 MiB, more than a network of 100,000
/// entries. The library's 128 KiB would not carry one frame.
const CIRCUIT_BYTES: u64 = 512 << 20;
/// Reservations, and circuits, that one peer may ask for at once.
const REQUESTS_PER_PEER: u32 = 30;
/// The same for all peers behind one address: a region may host the nodes of its communes.
const REQUESTS_PER_ADDRESS: u32 = 120;
/// Every so often one more may be asked for.
const REQUEST_REGAINED: Duration = Duration::from_secs(30);

/// Time for a dial back: that of a dial, and a round trip.
const DIAL_BACK: Duration = Duration::from_secs(15);
/// Time from the start to the first question: a connection and the addresses that a router gives.
const FIRST_QUESTION: Duration = Duration::from_secs(3);
/// Time to the next question while the answers are few, or nobody was there to be asked, which costs
/// nothing: a founder waits for the first who comes.
const QUESTION_AGAIN: Duration = Duration::from_secs(5);
/// Time to the next question once three answers agree.
const QUESTION_REFRESHED: Duration = Duration::from_secs(600);
/// Time during which the same peer is not asked again.
const ASK_ANOTHER: Duration = Duration::from_secs(15);
/// Peers that this node dials back within [`DIAL_BACKS_IN`], only ever at the address from which they came.
const MAX_DIAL_BACKS: usize = 20;
/// Dial backs of one peer among these.
const MAX_DIAL_BACKS_PER_PEER: usize = 4;
/// See [`MAX_DIAL_BACKS`].
const DIAL_BACKS_IN: Duration = Duration::from_secs(60);

/// What a node does beyond the usual.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extras {
    pub(super) mdns: bool,
    pub(super) relay: bool,
    pub(super) upnp: bool,
}

/// All behaviours of a node, each a stock one but the gate.
///
/// The gate and the limits come first: a connection that they refuse is then never known to the others.
#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) gate: Gate,
    pub(super) limits: connection_limits::Behaviour,
    pub(super) memory: memory_connection_limits::Behaviour,
    pub(super) ping: ping::Behaviour,
    pub(super) identify: identify::Behaviour,
    pub(super) gossip: gossip::Behaviour,
    pub(super) streams: libp2p_stream::Behaviour,
    pub(super) mdns: Toggle<mdns::tokio::Behaviour>,
    pub(super) autonat: autonat::Behaviour,
    pub(super) upnp: Toggle<upnp::tokio::Behaviour>,
    pub(super) circuits: relay::client::Behaviour,
    pub(super) relay: Toggle<relay::Behaviour>,
    pub(super) punch: dcutr::Behaviour,
}

impl Behaviour {
    fn new(
        key: &Keypair,
        network: NetworkId,
        extras: Extras,
        circuits: relay::client::Behaviour,
        bans: Bans,
        registry: &mut Registry,
    ) -> Result<Self, GossipSetupError> {
        let own = key.public().to_peer_id();
        let limits = connection_limits::ConnectionLimits::default()
            .with_max_pending_incoming(Some(MAX_PENDING_INBOUND))
            .with_max_pending_outgoing(Some(MAX_PENDING_DIALS))
            .with_max_established_incoming(Some(MAX_INBOUND))
            .with_max_established(Some(MAX_CONNECTIONS))
            .with_max_established_per_peer(Some(MAX_PER_PEER));
        let identify = identify::Config::new(gossip::topic(network).hash().into_string(), key.public())
            .with_agent_version(concat!("multaqa/", env!("CARGO_PKG_VERSION")).to_owned())
            .with_push_listen_addr_updates(true)
            // The address book is this node's own and is filtered.
            .with_cache_size(0);
        let (registry, counted) = figures::of_gossip(registry);
        let mut gossip = gossip::behaviour(network)?.with_metrics(registry, counted);
        gossip::subscribe(&mut gossip, network)?;
        let ping = ping::Config::new().with_interval(PING_INTERVAL).with_timeout(PING_TIMEOUT);
        Ok(Self {
            gate: Gate::new(bans),
            limits: connection_limits::Behaviour::new(limits),
            memory: memory_connection_limits::Behaviour::with_max_bytes(MAX_MEMORY),
            ping: ping::Behaviour::new(ping),
            identify: identify::Behaviour::new(identify),
            gossip,
            streams: libp2p_stream::Behaviour::new(),
            mdns: extras.mdns.then(|| discovery(key)).flatten().into(),
            autonat: autonat::Behaviour::new(own, dial_back()),
            upnp: extras.upnp.then(upnp::tokio::Behaviour::default).into(),
            circuits,
            relay: extras.relay.then(|| relay::Behaviour::new(own, relaying())).into(),
            punch: dcutr::Behaviour::new(own),
        })
    }
}

/// Returns discovery on the local network; `None` where the machine does not let it start.
fn discovery(key: &Keypair) -> Option<mdns::tokio::Behaviour> {
    mdns::tokio::Behaviour::new(mdns::Config::default(), key.public().to_peer_id())
        .inspect_err(|error| tracing::debug!(%error, "no discovery on the local network"))
        .ok()
}

/// Returns the limits of a relay, so that whoever offers one knows what it costs at most.
fn relaying() -> relay::Config {
    let per = |count| NonZeroU32::new(count).expect("a constant above zero");
    let config = relay::Config {
        max_reservations: MAX_RESERVATIONS,
        max_reservations_per_peer: MAX_RESERVATIONS_PER_PEER,
        reservation_duration: RESERVATION,
        reservation_rate_limiters: Vec::new(),
        max_circuits: MAX_CIRCUITS,
        max_circuits_per_peer: MAX_CIRCUITS_PER_PEER,
        max_circuit_duration: CIRCUIT,
        max_circuit_bytes: CIRCUIT_BYTES,
        circuit_src_rate_limiters: Vec::new(),
    };
    config
        .reservation_rate_per_peer(per(REQUESTS_PER_PEER), REQUEST_REGAINED)
        .reservation_rate_per_ip(per(REQUESTS_PER_ADDRESS), REQUEST_REGAINED)
        .circuit_src_per_peer(per(REQUESTS_PER_PEER), REQUEST_REGAINED)
        .circuit_src_per_ip(per(REQUESTS_PER_ADDRESS), REQUEST_REGAINED)
}

/// Returns the settings of the question whether others can dial this node.
fn dial_back() -> autonat::Config {
    autonat::Config {
        timeout: DIAL_BACK,
        boot_delay: FIRST_QUESTION,
        retry_interval: QUESTION_AGAIN,
        refresh_interval: QUESTION_REFRESHED,
        throttle_server_period: ASK_ANOTHER,
        throttle_clients_global_max: MAX_DIAL_BACKS,
        throttle_clients_peer_max: MAX_DIAL_BACKS_PER_PEER,
        throttle_clients_period: DIAL_BACKS_IN,
        ..autonat::Config::default()
    }
}

/// Returns the swarm of a node, which listens nowhere yet, and the signs of life of its peers.
pub(super) fn swarm(
    key: &Keypair,
    network: NetworkId,
    extras: Extras,
    bans: Bans,
    registry: &mut Registry,
) -> Result<(Swarm<Behaviour>, Lives), NetError> {
    let lives = Lives::new();
    let (transport, client) = transport::transport(key, lives.clone())?;
    let behaviour = Behaviour::new(key, network, extras, client, bans, registry)?;
    let config = swarm::Config::with_tokio_executor()
        .with_idle_connection_timeout(IDLE)
        .with_max_negotiating_inbound_streams(MAX_NEGOTIATING)
        // The nearest address first, a relay's last; all within half a second.
        .with_smart_dial();
    Ok((Swarm::new(transport, behaviour, key.public().to_peer_id(), config), lives))
}
