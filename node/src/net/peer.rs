//! What the driver is told of a peer: how it stands, by which way, and why it is not connected.

use std::time::Duration;

use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::id::Millis;

use super::{Introducer, Path};

/// Who opened a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The peer.
    Inbound,
    /// This node.
    Outbound,
}

/// How it stands with a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeerState {
    /// Connected.
    Connected,
    /// Being dialled.
    Dialling,
    /// Not connected; dialled again when its time comes.
    Away,
    /// Refused while a ban lasts.
    Banned,
}

/// Why a peer is not connected. The code is stable; the text is for logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nobody answered at any of its addresses.
    #[error("no answer: {detail}")]
    Unreachable {
        /// What the last address tried said.
        detail: String,
    },
    /// Another peer answered at its address.
    #[error("{found} answers at {address}")]
    OtherPeer {
        /// The address.
        address: Multiaddr,
        /// Who answered.
        found: PeerId,
    },
    /// The address is this node's own.
    #[error("the address is this node's own")]
    Own,
    /// No place is left here for another connection.
    #[error("no place for another connection: {detail}")]
    Full {
        /// The limit.
        detail: String,
    },
    /// The connection was closed by the peer, or by this node's shutdown.
    #[error("the connection was closed")]
    Closed,
    /// The connection broke.
    #[error("the connection broke: {detail}")]
    Broken {
        /// What the connection said.
        detail: String,
    },
    /// Nothing has come from the peer for a while; the line may be cut.
    #[error("no sign of life")]
    Silent,
    /// The peer belongs to another network, or speaks another protocol.
    #[error("it belongs to another network")]
    OtherNetwork,
    /// The peer is banned.
    #[error("it is banned")]
    Banned,
}

impl Why {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::OtherPeer { .. } => "other-peer",
            Self::Own => "own-address",
            Self::Full { .. } => "full",
            Self::Closed => "closed",
            Self::Broken { .. } => "broken",
            Self::Silent => "silent",
            Self::OtherNetwork => "other-network",
            Self::Banned => "banned",
        }
    }
}

/// What is known of a peer, connected or not.
#[derive(Clone, Debug)]
pub struct PeerInfo {
    /// Its id.
    pub peer: PeerId,
    /// How it stands.
    pub state: PeerState,
    /// Why it is not connected; `None` while it is, or before it was ever dialled.
    pub why: Option<Why>,
    /// Its known addresses, the most useful first.
    pub addresses: Vec<Multiaddr>,
    /// Who opened the connection.
    pub direction: Option<Direction>,
    /// The way to it.
    pub path: Option<Path>,
    /// The node that passes the connection on.
    pub relay: Option<PeerId>,
    /// How it came to be known here.
    pub introducer: Introducer,
    /// Whether it offers to pass on connections of others.
    pub offers_relay: bool,
    /// Since when it is connected.
    pub since: Option<Millis>,
    /// When it last gave a sign of life.
    pub last_seen: Option<Millis>,
    /// The last ping's round trip.
    pub rtt: Option<Duration>,
    /// The name and version of its program, as it says.
    pub agent: Option<String>,
}

impl PeerInfo {
    /// Tells whether the peer is connected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.state == PeerState::Connected
    }
}
