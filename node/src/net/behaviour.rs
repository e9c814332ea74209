//! The swarm: transports, the stock behaviours and their limits.
//!
//! AutoNAT, relay, hole punching and UPnP will be further fields of [`Behaviour`] and further arms in
//! the loop; nothing else depends on which behaviours there are.

use std::time::Duration;

use libp2p::identity::Keypair;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::{NetworkBehaviour, Swarm};
use libp2p::{
    SwarmBuilder, connection_limits, identify, mdns, memory_connection_limits, noise, ping, tcp, yamux,
};
use multaqa_protocol::id::NetworkId;

use super::gate::Gate;
use super::gossip::{self, GossipSetupError};
use super::{MAX_CONNECTIONS, MAX_INBOUND, MAX_PENDING_DIALS, NetError};
use crate::ban::Bans;

/// Connections to one peer: two, since both sides may dial at once.
const MAX_PER_PEER: u32 = 2;
/// Inbound connections that are still shaking hands; each takes a few KB and at most ten seconds.
const MAX_PENDING_INBOUND: u32 = 32;
/// Resident memory of the process above which no new connection is made: far over what a node needs
/// (150 MB while it syncs), far under what makes a small server swap.
const MAX_MEMORY: usize = 1 << 30;
/// Streams in one connection: gossip, ping and identify need six, sync two, and the rest is room. A
/// peer that never reads can make this node hold 256 KiB for each.
const MAX_STREAMS: usize = 32;
/// Inbound streams of one connection that are still agreeing on a protocol.
const MAX_NEGOTIATING: usize = 16;
/// Bytes under way in one QUIC stream: 40 MB/s at a round trip of 100 ms.
const QUIC_STREAM_WINDOW: u32 = 4 << 20;
/// Bytes under way in one QUIC connection.
const QUIC_WINDOW: u32 = 6 << 20;
/// Time between two pings. With [`PING_TIMEOUT`] a cut link shows within 15 seconds.
const PING_INTERVAL: Duration = Duration::from_secs(5);
/// Time for a ping's answer.
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Time without a stream after which a connection is closed: longer than any node runs, since a
/// peer outside the mesh is still wanted for sync.
const IDLE: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

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
    pub(super) sync: libp2p_stream::Behaviour,
    pub(super) mdns: Toggle<mdns::tokio::Behaviour>,
}

impl Behaviour {
    fn new(key: &Keypair, network: NetworkId, with_mdns: bool, bans: Bans) -> Result<Self, GossipSetupError> {
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
        let ping = ping::Config::new().with_interval(PING_INTERVAL).with_timeout(PING_TIMEOUT);
        Ok(Self {
            gate: Gate::new(bans),
            limits: connection_limits::Behaviour::new(limits),
            memory: memory_connection_limits::Behaviour::with_max_bytes(MAX_MEMORY),
            ping: ping::Behaviour::new(ping),
            identify: identify::Behaviour::new(identify),
            gossip: gossip::behaviour(network)?,
            sync: libp2p_stream::Behaviour::new(),
            mdns: with_mdns.then(|| discovery(key)).flatten().into(),
        })
    }
}

/// Returns discovery on the local network; `None` where the machine does not let it start.
fn discovery(key: &Keypair) -> Option<mdns::tokio::Behaviour> {
    mdns::tokio::Behaviour::new(mdns::Config::default(), key.public().to_peer_id())
        .inspect_err(|error| tracing::debug!(%error, "no discovery on the local network"))
        .ok()
}

/// Returns the swarm of a node, which listens nowhere yet.
pub(super) fn swarm(
    key: Keypair,
    network: NetworkId,
    with_mdns: bool,
    bans: Bans,
) -> Result<Swarm<Behaviour>, NetError> {
    let behaviour = Behaviour::new(&key, network, with_mdns, bans)?;
    let swarm = SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, multiplexer)
        .map_err(NetError::Noise)?
        .with_quic_config(|mut quic| {
            quic.max_stream_data = QUIC_STREAM_WINDOW;
            quic.max_connection_data = QUIC_WINDOW;
            quic.max_concurrent_stream_limit = u32::try_from(MAX_STREAMS).expect("a small constant");
            quic
        })
        .with_dns()
        .map_err(NetError::Resolver)?
        .with_behaviour(|_| behaviour)
        .expect("a behaviour that exists cannot fail to be built")
        .with_swarm_config(|swarm| {
            swarm.with_idle_connection_timeout(IDLE).with_max_negotiating_inbound_streams(MAX_NEGOTIATING)
        })
        .build();
    Ok(swarm)
}

/// Returns the settings of streams over TCP. A stream's window starts at 256 KiB and grows with what
/// is read, twice the product of bandwidth and round trip, so bulk needs no setting.
fn multiplexer() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(MAX_STREAMS);
    config
}
