//! The gate: who may connect, by peer and by address, before anything else of a connection is made.
//!
//! Three questions, each answered at the earliest moment at which it can be: is the address or the peer
//! banned ([`Bans`]); does this address knock too often; are there too many connections from its
//! neighbourhood. An inbound connection is refused before its handshake where the address says enough.
//! The gate decides by lists and counts only; why somebody is banned is decided elsewhere.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll, Waker};

use libp2p::core::transport::PortUse;
use libp2p::core::{Endpoint, util};
use libp2p::swarm::behaviour::{ConnectionClosed, ConnectionEstablished};
use libp2p::swarm::{
    CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::engine::quota::Rate;
use multaqa_protocol::id::Millis;

use super::address::{ip_of, is_far, is_relayed};
use crate::ban::Bans;
use crate::clock;
use crate::knocks::{Knocks, neighbourhood};

/// Inbound connections from one neighbourhood on the internet (an IPv4 /24, an IPv6 /48), which is what
/// one owner gets cheaply: a third of the inbound places, and the crowd from which gossip's scoring
/// begins to count (P6). The local network and this machine are not counted: a region may host the nodes
/// of its communes there.
pub(super) const MAX_FROM_RANGE: usize = 10;
/// Connections that one address (for IPv6 its /64) may open: all the nodes behind one router at once
/// after a power cut, then four a second. Each costs a handshake, some 0.3 ms of one core.
const KNOCKS: Rate = Rate { burst: 128, per_second: 4 };

/// Why the gate lets a connection not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    #[error("the peer is banned")]
    Peer,
    #[error("its address is banned")]
    Address,
    #[error("its address opens connections too often")]
    TooOften,
    #[error("{MAX_FROM_RANGE} connections from its neighbourhood are open")]
    Crowded,
}

impl Denied {
    /// Tells whether somebody decided it, so that another dial is in vain.
    pub(super) const fn is_ban(self) -> bool {
        matches!(self, Self::Peer | Self::Address)
    }
}

/// One open connection.
#[derive(Clone, Copy, Debug)]
struct Open {
    peer: PeerId,
    address: Option<IpAddr>,
    /// Counted in its neighbourhood.
    counted: bool,
}

/// The gate; see the module.
#[derive(Debug)]
pub(super) struct Gate {
    bans: Bans,
    knocks: Knocks,
    open: BTreeMap<ConnectionId, Open>,
    to_close: VecDeque<(PeerId, ConnectionId)>,
    waker: Option<Waker>,
}

impl Gate {
    pub(super) fn new(bans: Bans) -> Self {
        Self {
            bans,
            knocks: Knocks::new(KNOCKS),
            open: BTreeMap::new(),
            to_close: VecDeque::new(),
            waker: None,
        }
    }

    /// Takes another list, closes the connections that it bans and returns their peers.
    pub(super) fn set_bans(&mut self, bans: Bans, now: Millis) -> Vec<PeerId> {
        self.bans = bans;
        let mut hit = Vec::new();
        for (id, open) in &self.open {
            let address = open.address.is_some_and(|address| self.bans.of_address(address, now).is_some());
            if address || self.bans.of_peer(&open.peer, now).is_some() {
                self.to_close.push_back((open.peer, *id));
                hit.push(open.peer);
            }
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        hit
    }

    /// Tells whether a peer is banned by its id.
    pub(super) fn bans(&self, peer: &PeerId, now: Millis) -> bool {
        self.bans.of_peer(peer, now).is_some()
    }

    /// Judges whoever knocks at an address, before the handshake.
    fn knock(&mut self, from: &Multiaddr, now: Millis) -> Result<(), Denied> {
        let Some(address) = ip_of(from) else { return Ok(()) };
        if self.bans.of_address(address, now).is_some() {
            return Err(Denied::Address);
        }
        // What comes by a relay has the relay's address, and the relay has limits of its own.
        if is_relayed(from) {
            return Ok(());
        }
        if !self.knocks.take(address, now) {
            return Err(Denied::TooOften);
        }
        if is_far(address) && self.crowd(address) >= MAX_FROM_RANGE { Err(Denied::Crowded) } else { Ok(()) }
    }

    /// Returns how many inbound connections are open from the neighbourhood of an address.
    fn crowd(&self, address: IpAddr) -> usize {
        let range = neighbourhood(address, 24, 48);
        let counted = self.open.values().filter(|open| open.counted);
        counted.filter(|open| open.address.is_some_and(|other| range.contains(&other))).count()
    }

    /// Judges a connection whose peer is known.
    fn judge(&self, peer: &PeerId, address: &Multiaddr, now: Millis) -> Result<(), Denied> {
        if self.bans.of_peer(peer, now).is_some() {
            return Err(Denied::Peer);
        }
        match ip_of(address) {
            Some(address) if self.bans.of_address(address, now).is_some() => Err(Denied::Address),
            _ => Ok(()),
        }
    }

    fn opened(&mut self, id: ConnectionId, peer: PeerId, address: &Multiaddr, inbound: bool) {
        let ip = ip_of(address);
        let counted = inbound && !is_relayed(address) && ip.is_some_and(is_far);
        self.open.insert(id, Open { peer, address: ip, counted });
    }
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.knock(from, clock::now()).map_err(ConnectionDenied::new)
    }

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.judge(&peer, from, clock::now()).map_err(ConnectionDenied::new)?;
        Ok(dummy::ConnectionHandler)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: Option<PeerId>,
        addresses: &[Multiaddr],
        _: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        let now = clock::now();
        if peer.is_some_and(|peer| self.bans(&peer, now)) {
            return Err(ConnectionDenied::new(Denied::Peer));
        }
        let banned = |address: &Multiaddr| {
            ip_of(address).is_some_and(|address| self.bans.of_address(address, now).is_some())
        };
        if !addresses.is_empty() && addresses.iter().all(banned) {
            return Err(ConnectionDenied::new(Denied::Address));
        }
        Ok(Vec::new())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.judge(&peer, address, clock::now()).map_err(ConnectionDenied::new)?;
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                ..
            }) => {
                let inbound = endpoint.is_listener();
                self.opened(connection_id, peer_id, endpoint.get_remote_address(), inbound);
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) => {
                self.open.remove(&connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        util::unreachable(event)
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        if let Some((peer_id, connection)) = self.to_close.pop_front() {
            return Poll::Ready(ToSwarm::CloseConnection {
                peer_id,
                connection: CloseConnection::One(connection),
            });
        }
        self.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
