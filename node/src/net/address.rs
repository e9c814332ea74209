//! Which addresses are worth keeping, and what an address says about the path to a peer.
//!
//! A peer tells all addresses that it listens on. Loopback and private ones lead to another machine,
//! or to nobody, unless the peer was itself seen there; keeping them would make this node knock at
//! its own ports and at strangers' doors. Nothing here resolves names or opens sockets.

use std::net::{IpAddr, Ipv6Addr};

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
}

impl Path {
    /// Returns the path that an address of a peer lies on.
    #[must_use]
    pub fn of(address: &Multiaddr) -> Self {
        match reach(address) {
            Some(Reach::Loopback | Reach::Local) => Self::Lan,
            Some(Reach::Anywhere) | None => Self::Direct,
        }
    }
}

/// Returns `told` without its peer id if it leads to a peer that was seen at `seen`; `None` otherwise.
pub(super) fn keepable(told: &Multiaddr, seen: &Multiaddr) -> Option<Multiaddr> {
    let (address, _) = split_peer(told.clone())?;
    let near = reach(&address)?;
    let seen = reach(seen).unwrap_or(Reach::Anywhere);
    (near >= seen && is_dialable(&address)).then_some(address)
}

/// Returns the peer that an address names, if it names one.
#[must_use]
pub fn peer_of(address: &Multiaddr) -> Option<PeerId> {
    split_peer(address.clone())?.1
}

/// Returns the address without a trailing `/p2p/...`, and the peer that it named.
///
/// `None` when a peer id stands elsewhere (a relayed address) or is not a peer id.
pub(super) fn split_peer(mut address: Multiaddr) -> Option<(Multiaddr, Option<PeerId>)> {
    let peer = match address.iter().last() {
        Some(Protocol::P2p(peer)) => {
            address.pop();
            Some(peer)
        }
        _ => None,
    };
    let bare = !address.iter().any(|part| matches!(part, Protocol::P2p(_) | Protocol::P2pCircuit));
    bare.then_some((address, peer))
}

/// Says whether the transports of this node can dial the address: TCP alone or QUIC version 1.
fn is_dialable(address: &Multiaddr) -> bool {
    let mut parts = address.iter().skip(1);
    let transport = (parts.next(), parts.next(), parts.next());
    let known = matches!(
        transport,
        (Some(Protocol::Tcp(port)), None, None) | (Some(Protocol::Udp(port)), Some(Protocol::QuicV1), None)
            if port != 0
    );
    known && address.len() <= MAX_ADDRESS_BYTES
}

/// Returns how near the first part of the address is; `None` for what can never be dialled.
fn reach(address: &Multiaddr) -> Option<Reach> {
    let ip: IpAddr = match address.iter().next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.to_canonical(),
        Protocol::Dns(_) | Protocol::Dns4(_) | Protocol::Dns6(_) => return Some(Reach::Anywhere),
        _ => return None,
    };
    match ip {
        _ if ip.is_loopback() => Some(Reach::Loopback),
        _ if ip.is_unspecified() || ip.is_multicast() => None,
        IpAddr::V4(v4) if v4.is_private() || v4.is_link_local() => Some(Reach::Local),
        IpAddr::V4(_) => Some(Reach::Anywhere),
        // A link-local IPv6 address needs a zone, which an address cannot carry to another machine.
        IpAddr::V6(v6) if v6.is_unicast_link_local() => None,
        IpAddr::V6(v6) if v6.is_unique_local() || v6 == Ipv6Addr::LOCALHOST => Some(Reach::Local),
        IpAddr::V6(_) => Some(Reach::Anywhere),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Multiaddr {
        text.parse().expect("a test's address")
    }

    #[test]
    fn loopback_is_kept_only_for_a_peer_on_loopback() {
        let told = address("/ip4/127.0.0.1/tcp/4001");
        assert_eq!(keepable(&told, &address("/ip4/127.0.0.1/tcp/50000")), Some(told.clone()));
        assert_eq!(keepable(&told, &address("/ip4/192.168.1.7/tcp/50000")), None);
        assert_eq!(keepable(&told, &address("/ip4/41.92.0.1/udp/50000/quic-v1")), None);
    }

    #[test]
    fn private_addresses_are_kept_only_for_a_peer_on_the_lan() {
        let told = address("/ip4/192.168.1.7/udp/4001/quic-v1");
        assert_eq!(keepable(&told, &address("/ip4/192.168.1.7/tcp/50000")), Some(told.clone()));
        assert_eq!(keepable(&told, &address("/ip4/127.0.0.1/tcp/50000")), Some(told.clone()));
        assert_eq!(keepable(&told, &address("/ip4/41.92.0.1/tcp/50000")), None);
        let ula = address("/ip6/fd00::1/tcp/4001");
        assert_eq!(keepable(&ula, &address("/ip6/2001:db8::1/tcp/4001")), None);
    }

    #[test]
    fn names_and_public_addresses_are_kept_without_their_peer_id() {
        let seen = address("/ip4/41.92.0.1/tcp/50000");
        let peer = PeerId::random();
        for text in
            ["/dns/noeud.example/tcp/4001", "/ip4/41.92.0.1/udp/4001/quic-v1", "/ip6/2001:db8::1/tcp/1"]
        {
            let bare = address(text);
            let full = bare.clone().with(Protocol::P2p(peer));
            assert_eq!(keepable(&full, &seen), Some(bare.clone()));
            assert_eq!(split_peer(full), Some((bare, Some(peer))));
        }
    }

    #[test]
    fn what_cannot_be_dialled_is_never_kept() {
        let seen = address("/ip4/127.0.0.1/tcp/50000");
        for text in [
            "/ip4/0.0.0.0/tcp/4001",
            "/ip4/224.0.0.1/udp/4001/quic-v1",
            "/ip6/fe80::1/tcp/4001",
            "/ip4/127.0.0.1/tcp/0",
            "/ip4/127.0.0.1/udp/4001",
            "/ip4/127.0.0.1/tcp/4001/ws",
            "/memory/7",
            "/ip4/41.92.0.1/tcp/4001/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit",
        ] {
            assert_eq!(keepable(&address(text), &seen), None, "{text}");
        }
    }

    #[test]
    fn a_path_is_lan_or_direct() {
        assert_eq!(Path::of(&address("/ip4/127.0.0.1/tcp/1")), Path::Lan);
        assert_eq!(Path::of(&address("/ip4/10.0.0.3/udp/1/quic-v1")), Path::Lan);
        assert_eq!(Path::of(&address("/ip4/41.92.0.1/tcp/1")), Path::Direct);
    }
}
