//! Which addresses are worth keeping, and what an address says about the path to a peer.
//!
//! A peer tells all addresses that it listens on. Loopback and private ones lead to another machine,
//! or to nobody, unless the peer was itself seen there; keeping them would make this node knock at
//! its own ports and at strangers' doors. The same rule says what is told to whom: an address is of
//! use to an asker only if it leads as far as the asker is away. Nothing here resolves names or opens
//! sockets.
//!
//! A *relayed* address is a relay's address, the relay's id, and `/p2p-circuit`; it is as near as the
//! relay's address is.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};

/// Longest address in bytes that is kept: a name of 253 characters, a port and a transport fit.
const MAX_ADDRESS_BYTES: usize = 300;

/// How near an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Only from the same machine.
    Loopback,
    /// Only from the same local network.
    Local,
    /// From anywhere, or a name whose answer is not known here.
    Anywhere,
}

/// The way to a connected peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Within this machine or its local network.
    Lan,
    /// Across the internet, without a relay.
    Direct,
    /// Through another node.
    Relayed,
}

/// The part of the address space that an address is in: whoever owns one address of it may own many.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Range {
    /// The first two bytes of an IPv4 address.
    V4([u8; 2]),
    /// The first four bytes of an IPv6 address.
    V6([u8; 4]),
    /// A name, or no address at all.
    Other,
}

impl Path {
    /// Returns the path that an address of a peer lies on.
    #[must_use]
    pub fn of(address: &Multiaddr) -> Self {
        if is_relayed(address) {
            return Self::Relayed;
        }
        match reach(address) {
            Some(Reach::Loopback | Reach::Local) => Self::Lan,
            Some(Reach::Anywhere) | None => Self::Direct,
        }
    }
}

/// Returns `told` without its peer id if it leads to a peer that was seen at `seen`, or, turned round,
/// if it is of use to an asker seen there (I2); `None` otherwise.
pub(super) fn keepable(told: &Multiaddr, seen: &Multiaddr) -> Option<Multiaddr> {
    let (address, _) = split_peer(told.clone())?;
    let near = reach(&address)?;
    // A peer that is seen through a relay, or has no address at all, may be anywhere.
    let seen = if is_relayed(seen) { Reach::Anywhere } else { reach(seen).unwrap_or(Reach::Anywhere) };
    (near >= seen && is_dialable(&address)).then_some(address)
}

/// Says whether anybody anywhere may dial the address, without a relay.
pub(super) fn is_public(address: &Multiaddr) -> bool {
    !is_relayed(address) && reach(address) == Some(Reach::Anywhere)
}

/// Says whether the address leads through a relay.
pub(super) fn is_relayed(address: &Multiaddr) -> bool {
    address.iter().any(|part| part == Protocol::P2pCircuit)
}

/// Returns the relay that an address leads through.
pub(super) fn relay_of(address: &Multiaddr) -> Option<PeerId> {
    let circuit = address.iter().position(|part| part == Protocol::P2pCircuit)?;
    match address.iter().nth(circuit.checked_sub(1)?)? {
        Protocol::P2p(relay) => Some(relay),
        _ => None,
    }
}

/// Returns the part of the address space that the address is in.
pub(super) fn range(address: &Multiaddr) -> Range {
    match address.iter().next() {
        Some(Protocol::Ip4(ip)) => Range::V4([ip.octets()[0], ip.octets()[1]]),
        Some(Protocol::Ip6(ip)) => {
            let [a, b, c, d, ..] = ip.octets();
            Range::V6([a, b, c, d])
        }
        _ => Range::Other,
    }
}

/// Sorts addresses by use to somebody far away: public ones, relayed ones, then those of the local
/// network and of this machine.
pub(super) fn sort_for_strangers(addresses: &mut [Multiaddr]) {
    addresses.sort_by_key(|address| match (is_relayed(address), reach(address)) {
        (false, Some(Reach::Anywhere)) => 0,
        (true, Some(Reach::Anywhere)) => 1,
        (_, Some(Reach::Local)) => 2,
        (_, Some(Reach::Loopback)) => 3,
        (_, None) => 4,
    });
}

/// Returns the peer that an address names, if it names one.
#[must_use]
pub fn peer_of(address: &Multiaddr) -> Option<PeerId> {
    split_peer(address.clone())?.1
}

/// Returns the address without a trailing `/p2p/...`, and the peer that it named.
///
/// `None` when a peer id stands elsewhere than there and before `/p2p-circuit`.
pub(super) fn split_peer(mut address: Multiaddr) -> Option<(Multiaddr, Option<PeerId>)> {
    let peer = match address.iter().last() {
        Some(Protocol::P2p(peer)) => {
            address.pop();
            Some(peer)
        }
        _ => None,
    };
    let relay = relay_base(&address);
    let bare = relay.as_ref().unwrap_or(&address);
    let fits = !bare.iter().any(|part| matches!(part, Protocol::P2p(_) | Protocol::P2pCircuit));
    fits.then_some((address, peer))
}

/// Returns the relay's own address, where the address ends in a relay's id and `/p2p-circuit`.
fn relay_base(address: &Multiaddr) -> Option<Multiaddr> {
    let mut base = address.clone();
    let ends = matches!(base.pop(), Some(Protocol::P2pCircuit));
    (ends && matches!(base.pop(), Some(Protocol::P2p(_)))).then_some(base)
}

/// Says whether the transports of this node can dial the address: TCP alone or QUIC version 1, or a
/// relay that can be dialled so.
fn is_dialable(address: &Multiaddr) -> bool {
    let relay = relay_base(address);
    let mut parts = relay.as_ref().unwrap_or(address).iter().skip(1);
    let transport = (parts.next(), parts.next(), parts.next());
    let known = matches!(
        transport,
        (Some(Protocol::Tcp(port)), None, None) | (Some(Protocol::Udp(port)), Some(Protocol::QuicV1), None)
            if port != 0
    );
    known && address.len() <= MAX_ADDRESS_BYTES
}

/// Returns the IP address that the way to a peer begins with, IPv4 in its own form.
pub(super) fn ip_of(address: &Multiaddr) -> Option<IpAddr> {
    match address.iter().next()? {
        Protocol::Ip4(ip) => Some(ip.into()),
        Protocol::Ip6(ip) => Some(ip.to_canonical()),
        _ => None,
    }
}

/// Says whether an IP address lies on the internet, not on this machine or its local network.
pub(super) fn is_far(ip: IpAddr) -> bool {
    reach_of(ip) == Some(Reach::Anywhere)
}

/// Returns how near the first part of the address is; `None` for what can never be dialled.
fn reach(address: &Multiaddr) -> Option<Reach> {
    match address.iter().next()? {
        Protocol::Dns(_) | Protocol::Dns4(_) | Protocol::Dns6(_) => Some(Reach::Anywhere),
        _ => reach_of(ip_of(address)?),
    }
}

fn reach_of(ip: IpAddr) -> Option<Reach> {
    match ip {
        _ if ip.is_loopback() => Some(Reach::Loopback),
        _ if ip.is_unspecified() || ip.is_multicast() => None,
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() => Some(Reach::Local),
        IpAddr::V4(_) => Some(Reach::Anywhere),
        // A link-local IPv6 address needs a zone, which an address cannot carry to another machine.
        IpAddr::V6(v6) if v6.is_unicast_link_local() => None,
        IpAddr::V6(v6) if v6.is_unique_local() => Some(Reach::Local),
        IpAddr::V6(_) => Some(Reach::Anywhere),
    }
}
