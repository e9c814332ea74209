//! Faults of the machine: the disk, the network, the limits of a process.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use rustix::process::{Resource, getrlimit};

use super::Finding;
use super::Severity::{Error, Warning};
use crate::config::Settings;
use crate::store::room;

/// Free space in which a node begins to be short of it, as a multiple of what must stay free.
const SCARCE: u64 = 2;
/// Least files that a process should be allowed to open: connections, segments, the index and the search.
const FILES: u64 = 1_024;
/// An address to which nothing is sent (RFC 5737); a system without a way there says so at once.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
const ELSEWHERE_6: (Ipv6Addr, u16) = (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9);

pub(super) fn examine(dir: &Path, settings: &Settings, running: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Ok((free, floor)) = room(dir, None) {
        let megabytes = (free / 1_000_000).to_string();
        if free < floor {
            found.push(Finding::new("disk-full", Error, megabytes));
        } else if free < SCARCE * floor {
            found.push(Finding::new("disk-scarce", Warning, megabytes));
        }
    }
    if !running {
        let taken = addresses(settings).filter(|(_, address)| !is_free(*address));
        found.extend(taken.map(|(shown, _)| Finding::new("port-taken", Error, shown)));
    }
    if getrlimit(Resource::Nofile).maximum.is_some_and(|most| most < FILES) {
        let most = getrlimit(Resource::Nofile).maximum.unwrap_or_default();
        found.push(Finding::new("files-few", Warning, most.to_string()));
    }
    if !has_route() {
        found.push(Finding::new("route-missing", Warning, ""));
    }
    found
}

/// Returns the addresses at which a node with these settings listens over TCP, as they are shown and as they are.
fn addresses(settings: &Settings) -> impl Iterator<Item = (String, SocketAddr)> {
    let http = [settings.public, settings.office].map(|address| (address.to_string(), address));
    let peers = settings.listen.iter().filter_map(|address| Some((address.to_string(), tcp(address)?)));
    http.into_iter().chain(peers.collect::<Vec<_>>())
}

fn tcp(address: &Multiaddr) -> Option<SocketAddr> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => ip.into(),
        Protocol::Ip6(ip) => ip.into(),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
        _ => None,
    }
}

/// Tells whether one can listen at an address; one that this machine has not, or may not use, is another fault, which
/// the start tells.
fn is_free(address: SocketAddr) -> bool {
    match TcpListener::bind(address) {
        Ok(_) => true,
        Err(error) => error.kind() != std::io::ErrorKind::AddrInUse,
    }
}

/// Tells whether there is a way to other machines.
fn has_route() -> bool {
    let reaches = |own: SocketAddr, other: SocketAddr| {
        UdpSocket::bind(own).and_then(|socket| socket.connect(other)).is_ok()
    };
    reaches((Ipv4Addr::UNSPECIFIED, 0).into(), ELSEWHERE.into())
        || reaches((Ipv6Addr::UNSPECIFIED, 0).into(), ELSEWHERE_6.into())
}
