//! The address book: what is known of each peer, and when to dial it again.
//!
//! It decides and remembers; it dials nothing and reads no clock. Two kinds of entries: *peers*,
//! known by id, and *seeds*, bare addresses from an invitation whose peer is not known until it
//! answers. Both are bounded. A connected peer is never dropped from the book.

mod retry;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::id::Millis;
use tokio::time::Instant;

use self::retry::Retry;
use super::address::{Path, split_peer};
use super::{Direction, PeerInfo, PeerState, Why};

/// Most peers remembered: a third of the largest network expected (1,590), enough to come back
/// into it from any state, and some 300 KB at most.
pub const MAX_KNOWN_PEERS: usize = 512;
/// Most addresses remembered for one peer: TCP and QUIC on four interfaces.
pub const MAX_ADDRESSES: usize = 8;
/// Most bare addresses: an invitation names a handful.
pub const MAX_SEEDS: usize = 64;
/// Most penalties counted; more would only take longer to forgive.
const MAX_PENALTIES: u32 = 100;
/// A connection that lasted this long was good, so the next delay is short again.
const GOOD_AFTER: Duration = Duration::from_secs(30);

/// Where an entry of the book came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Announced on the local network, by anyone.
    Lan,
    /// Configured, or kept from an earlier run.
    Configured,
    /// The peer has been connected.
    Met,
}

/// One open connection of a peer.
#[derive(Clone, Debug)]
struct Link {
    address: Multiaddr,
    direction: Direction,
}

/// What is known of one peer.
#[derive(Debug)]
struct Peer {
    origin: Origin,
    /// The most useful first.
    addresses: Vec<Multiaddr>,
    links: BTreeMap<ConnectionId, Link>,
    /// The start of the connected time, on both clocks.
    since: Option<(Instant, Millis)>,
    dialling: bool,
    retry: Retry,
    last_seen: Option<Millis>,
    why: Option<Why>,
    rtt: Option<Duration>,
    agent: Option<String>,
    penalties: u32,
}

impl Peer {
    fn new(origin: Origin, retry: Retry) -> Self {
        Self {
            origin,
            addresses: Vec::new(),
            links: BTreeMap::new(),
            since: None,
            dialling: false,
            retry,
            last_seen: None,
            why: None,
            rtt: None,
            agent: None,
            penalties: 0,
        }
    }

    fn is_idle(&self) -> bool {
        self.links.is_empty() && !self.dialling
    }

    fn due(&self) -> Option<Instant> {
        let wanted = self.is_idle() && !self.addresses.is_empty();
        let forever = matches!(self.why, Some(Why::Banned | Why::OtherNetwork));
        (wanted && !forever).then_some(self.retry.due())
    }

    /// Puts `address` first, and forgets the last where there are too many.
    fn prefer(&mut self, address: Multiaddr) {
        self.addresses.retain(|known| *known != address);
        self.addresses.insert(0, address);
        self.addresses.truncate(MAX_ADDRESSES);
    }
}

/// A bare address, and the peer that last answered there.
#[derive(Debug)]
struct Seed {
    answered: Option<PeerId>,
    dialling: bool,
    retry: Retry,
}

/// What to dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A peer, at any of its addresses.
    Peer(PeerId, Vec<Multiaddr>),
    /// Whoever answers at an address.
    Seed(Multiaddr),
}

/// What is known of peers; see the module.
#[derive(Debug)]
pub(super) struct Book {
    own: PeerId,
    peers: BTreeMap<PeerId, Peer>,
    seeds: BTreeMap<Multiaddr, Seed>,
}

impl Book {
    pub(super) const fn new(own: PeerId) -> Self {
        Self { own, peers: BTreeMap::new(), seeds: BTreeMap::new() }
    }

    /// Enters a configured address, to be dialled at once.
    pub(super) fn configure(&mut self, address: Multiaddr, now: Instant) {
        match split_peer(address) {
            Some((address, Some(peer))) => {
                if let Some(known) = self.enter(peer, Origin::Configured, Retry::at_once(now)) {
                    known.prefer(address);
                    known.retry.hurry(now);
                    // It may have moved to this network since.
                    known.why.take_if(|why| *why == Why::OtherNetwork);
                }
            }
            Some((address, None)) if self.seeds.len() < MAX_SEEDS || self.seeds.contains_key(&address) => {
                self.seeds
                    .entry(address)
                    .or_insert_with(|| Seed { answered: None, dialling: false, retry: Retry::at_once(now) })
                    .retry
                    .hurry(now);
            }
            Some((address, None)) => tracing::debug!(%address, "too many bare addresses; not kept"),
            None => tracing::debug!("an address that this node cannot dial; not kept"),
        }
    }

    /// Enters an address that a peer is said to have, behind those that are known to work.
    pub(super) fn learn(&mut self, peer: PeerId, address: Multiaddr, origin: Origin, now: Instant) {
        if let Some(known) = self.enter(peer, origin, Retry::soon(now))
            && known.addresses.len() < MAX_ADDRESSES
            && !known.addresses.contains(&address)
        {
            known.addresses.push(address);
        }
    }

    /// Returns the peer's entry, making room for a new one if need be.
    fn enter(&mut self, peer: PeerId, origin: Origin, retry: Retry) -> Option<&mut Peer> {
        if peer == self.own {
            return None;
        }
        if !self.peers.contains_key(&peer) && self.peers.len() >= MAX_KNOWN_PEERS {
            let oldest = self
                .peers
                .iter()
                .filter(|(_, known)| known.is_idle())
                .min_by_key(|(_, known)| (known.origin, known.last_seen))
                .map(|(id, _)| *id)?;
            self.peers.remove(&oldest);
        }
        let known = self.peers.entry(peer).or_insert_with(|| Peer::new(origin, retry));
        known.origin = known.origin.max(origin);
        Some(known)
    }

    /// Returns the time of the next dial, `None` while there is nobody to dial.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let peers = self.peers.values().filter_map(Peer::due);
        peers.chain(self.seeds.values().filter_map(|seed| self.seed_due(seed))).min()
    }

    fn seed_due(&self, seed: &Seed) -> Option<Instant> {
        let met = seed.answered.is_some_and(|peer| self.is_connected(&peer));
        (!met && !seed.dialling).then_some(seed.retry.due())
    }

    /// Returns up to `most` targets whose time has come, the longest due first, as being dialled.
    pub(super) fn take_due(&mut self, now: Instant, most: usize) -> Vec<Target> {
        let peers = self
            .peers
            .iter()
            .filter_map(|(id, peer)| Some((peer.due()?, Target::Peer(*id, peer.addresses.clone()))));
        let seeds = self
            .seeds
            .iter()
            .filter_map(|(address, seed)| Some((self.seed_due(seed)?, Target::Seed(address.clone()))));
        let mut due: Vec<_> = peers.chain(seeds).filter(|(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, _)| *at);
        due.truncate(most);
        let targets: Vec<_> = due.into_iter().map(|(_, target)| target).collect();
        for target in &targets {
            self.set_dialling(target, true);
        }
        targets
    }

    fn set_dialling(&mut self, target: &Target, dialling: bool) {
        match target {
            Target::Peer(peer, _) => {
                if let Some(known) = self.peers.get_mut(peer) {
                    known.dialling = dialling;
                }
            }
            Target::Seed(address) => {
                if let Some(seed) = self.seeds.get_mut(address) {
                    seed.dialling = dialling;
                }
            }
        }
    }

    /// Notes that a dial has failed, and sets the time of the next.
    pub(super) fn dial_failed(&mut self, target: &Target, why: Why, now: Instant) {
        self.set_dialling(target, false);
        match target {
            // A bare address that turned out to be this node's own needs no second try.
            Target::Seed(address) if why == Why::Own => {
                self.seeds.remove(address);
            }
            Target::Seed(address) => {
                tracing::debug!(%address, %why, "nobody answers");
                if let Some(seed) = self.seeds.get_mut(address) {
                    seed.retry.put_off(now);
                }
            }
            Target::Peer(peer, _) => {
                if let Some(known) = self.peers.get_mut(peer) {
                    if let Why::OtherPeer { address, .. } = &why
                        && let Some((address, _)) = split_peer(address.clone())
                    {
                        known.addresses.retain(|known| *known != address);
                    }
                    known.retry.put_off(now);
                    known.why = Some(why);
                }
            }
        }
    }

    /// Notes that a dial has ended in a connection.
    pub(super) fn dial_succeeded(&mut self, target: &Target, peer: PeerId, now: Instant) {
        self.set_dialling(target, false);
        if let Target::Seed(address) = target
            && let Some(seed) = self.seeds.get_mut(address)
        {
            seed.answered = Some(peer);
            seed.retry = Retry::after_meeting(now);
        }
    }

    /// Notes a new connection; returns whether it is the peer's first.
    pub(super) fn connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        (address, direction): (Multiaddr, Direction),
        (now, clock): (Instant, Millis),
    ) -> bool {
        let Some(known) = self.enter(peer, Origin::Met, Retry::after_meeting(now)) else {
            return false;
        };
        if direction == Direction::Outbound
            && let Some((address, _)) = split_peer(address.clone())
        {
            known.prefer(address);
        }
        let first = known.links.is_empty();
        if first {
            known.since = Some((now, clock));
        }
        known.last_seen = Some(clock);
        known.why = None;
        known.links.insert(connection, Link { address, direction });
        first
    }

    /// Notes a closed connection; returns why the peer is gone if it was the last.
    pub(super) fn disconnected(
        &mut self,
        peer: &PeerId,
        connection: ConnectionId,
        why: Why,
        (now, clock): (Instant, Millis),
    ) -> Option<Why> {
        let known = self.peers.get_mut(peer)?;
        known.links.remove(&connection)?;
        known.last_seen = Some(clock);
        if !known.links.is_empty() {
            // One connection of two was silent; the other is judged by itself.
            known.why.take_if(|why| *why == Why::Silent);
            return None;
        }
        let since = known.since.take();
        if since.is_none_or(|(since, _)| now.duration_since(since) >= GOOD_AFTER) {
            known.retry = Retry::after_meeting(now);
        }
        known.retry.put_off(now);
        known.rtt = None;
        for seed in self.seeds.values_mut().filter(|seed| seed.answered.as_ref() == Some(peer)) {
            seed.retry.put_off(now);
        }
        // What this node decided itself stands before what the connection said.
        let why = known.why.take().unwrap_or(why);
        known.why = Some(why.clone());
        Some(why)
    }

    /// Notes why this node is about to close the peer's connections, or will not dial it.
    pub(super) fn turn_away(&mut self, peer: &PeerId, why: Why) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.why = Some(why);
        }
    }

    /// Dials those again whose ban is over: of whom `is_free` is true.
    pub(super) fn readmit(&mut self, is_free: impl Fn(&PeerId) -> bool, now: Instant) {
        for (peer, known) in &mut self.peers {
            if known.links.is_empty() && known.why == Some(Why::Banned) && is_free(peer) {
                known.why = None;
                known.retry.hurry(now);
            }
        }
    }

    /// Notes an answered ping.
    pub(super) fn answered(&mut self, peer: &PeerId, rtt: Duration, clock: Millis) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.rtt = Some(rtt);
            known.last_seen = Some(clock);
        }
    }

    /// Notes the name of the peer's program.
    pub(super) fn identified(&mut self, peer: &PeerId, agent: String) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.agent = Some(agent);
        }
    }

    /// Counts a penalty and returns how many the peer has.
    pub(super) fn penalise(&mut self, peer: &PeerId) -> u32 {
        self.peers.get_mut(peer).map_or(0, |known| {
            known.penalties = (known.penalties + 1).min(MAX_PENALTIES);
            known.penalties
        })
    }

    /// Returns how many penalties the peer has.
    pub(super) fn penalties(&self, peer: &PeerId) -> u32 {
        self.peers.get(peer).map_or(0, |known| known.penalties)
    }

    /// Forgives every peer one penalty and returns what is left of those that had any.
    pub(super) fn forgive(&mut self) -> Vec<(PeerId, u32)> {
        let penalised = self.peers.iter_mut().filter(|(_, known)| known.penalties > 0);
        penalised
            .map(|(peer, known)| {
                known.penalties -= 1;
                (*peer, known.penalties)
            })
            .collect()
    }

    /// Says whether the peer is connected.
    pub(super) fn is_connected(&self, peer: &PeerId) -> bool {
        self.peers.get(peer).is_some_and(|known| !known.links.is_empty())
    }

    /// Returns the address of one of the peer's connections.
    pub(super) fn seen_at(&self, peer: &PeerId) -> Option<&Multiaddr> {
        self.peers.get(peer)?.links.values().next().map(|link| &link.address)
    }

    /// Returns the connected peers.
    pub(super) fn connected_peers(&self) -> Vec<PeerId> {
        self.peers.iter().filter(|(_, known)| !known.links.is_empty()).map(|(peer, _)| *peer).collect()
    }

    /// Returns how many connections there are, and how many of them were dialled.
    pub(super) fn connections(&self) -> (usize, usize) {
        let links = self.peers.values().flat_map(|known| known.links.values());
        links.fold((0, 0), |(all, dialled), link| {
            (all + 1, dialled + usize::from(link.direction == Direction::Outbound))
        })
    }

    /// Returns what is known of each peer, connected or not.
    pub(super) fn infos(&self) -> Vec<PeerInfo> {
        self.peers.iter().map(|(peer, known)| known.info(*peer)).collect()
    }

    /// Returns the addresses worth keeping for the next start: of all that were configured or met.
    pub(super) fn addresses(&self) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let kept = self.peers.iter().filter(|(_, known)| {
            known.origin > Origin::Lan
                && !known.addresses.is_empty()
                && !matches!(known.why, Some(Why::Banned | Why::OtherNetwork))
        });
        kept.map(|(peer, known)| (*peer, known.addresses.clone())).collect()
    }
}

impl Peer {
    fn info(&self, peer: PeerId) -> PeerInfo {
        let link = self.links.values().next();
        let state = match (link, &self.why) {
            (Some(_), _) => PeerState::Connected,
            (None, Some(Why::Banned)) => PeerState::Banned,
            (None, _) if self.dialling => PeerState::Dialling,
            (None, _) => PeerState::Away,
        };
        PeerInfo {
            peer,
            state,
            why: if link.is_some() { None } else { self.why.clone() },
            addresses: self.addresses.clone(),
            direction: link.map(|link| link.direction),
            path: link.map(|link| Path::of(&link.address)),
            since: self.since.map(|(_, clock)| clock),
            last_seen: self.last_seen,
            rtt: self.rtt,
            agent: self.agent.clone(),
        }
    }
}
