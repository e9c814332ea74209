//! The address book: what is known of each peer, and when to dial it again.
//!
//! It decides and remembers; it dials nothing and reads no clock. Two kinds of entries: *peers*,
//! known by id, and *seeds*, bare addresses from an invitation whose peer is not known until it
//! answers. Both are bounded. A connected peer is never dropped from the book.
//!
//! What others say of peers fills a bounded part of it and comes last: see [`share`]. Whom to dial next
//! is in [`dialling`], what is kept over a restart in [`known`], what is told of peers in [`account`].

mod account;
mod dialling;
mod known;
mod retry;
mod room;
mod share;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::id::Millis;
use tokio::time::Instant;

pub(super) use self::dialling::Target;
pub use self::known::{Introducer, Known, UnknownIntroducer};
use self::retry::Retry;
pub(super) use self::share::Told;
use super::address::{is_relayed, sort_for_strangers, split_peer};
use super::life::{Lives, Pulse};
use super::{Direction, Why};

/// Most peers remembered: a third of the largest network expected (1,590), enough to come back
/// into it from any state, and some 300 KB at most.
pub const MAX_KNOWN_PEERS: usize = 512;
/// Most addresses remembered for one peer: TCP and QUIC on four interfaces.
pub const MAX_ADDRESSES: usize = 8;
/// Most bare addresses: an invitation names a handful.
pub const MAX_SEEDS: usize = 64;
/// A connection that lasted this long was good, so the next delay is short again.
const GOOD_AFTER: Duration = Duration::from_secs(30);

/// Where an entry of the book came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Another peer said so.
    Introduced,
    /// Announced on the local network, by anyone.
    Lan,
    /// Configured, or from the invitation.
    Configured,
    /// The peer has been connected, in this run or an earlier one.
    Met,
}

/// One open connection of a peer.
#[derive(Clone, Debug)]
struct Link {
    address: Multiaddr,
    direction: Direction,
    /// The relay that it leads through.
    relay: Option<PeerId>,
    since: Instant,
}

/// A new connection, as the swarm tells it.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    /// The other end's address.
    pub(super) address: Multiaddr,
    /// Who dialled.
    pub(super) direction: Direction,
    /// The relay that it leads through.
    pub(super) relay: Option<PeerId>,
    /// Whether the book asked for it, so that its address is one to dial again.
    pub(super) asked: bool,
}

/// What is known of one peer.
#[derive(Debug)]
struct Peer {
    origin: Origin,
    introducer: Introducer,
    /// The most useful first.
    addresses: Vec<Multiaddr>,
    links: BTreeMap<ConnectionId, Link>,
    /// The start of the connected time, on both clocks.
    since: Option<(Instant, Millis)>,
    dialling: bool,
    retry: Retry,
    /// Dials that have failed since it was entered or met.
    failed: u32,
    /// Whether it has offered to relay.
    relay: bool,
    /// When it last showed that it lives, while it is connected.
    pulse: Option<Pulse>,
    /// It is connected, and has not shown for a while that it lives.
    silent: bool,
    last_seen: Option<Millis>,
    why: Option<Why>,
    rtt: Option<Duration>,
    agent: Option<String>,
    penalties: u32,
}

impl Peer {
    fn new(origin: Origin, introducer: Introducer, retry: Retry) -> Self {
        Self {
            origin,
            introducer,
            addresses: Vec::new(),
            links: BTreeMap::new(),
            since: None,
            dialling: false,
            retry,
            failed: 0,
            relay: false,
            pulse: None,
            silent: false,
            last_seen: None,
            why: None,
            rtt: None,
            agent: None,
            penalties: 0,
        }
    }

    /// Returns the connection that counts: a direct one before a relayed one, the oldest of each.
    fn best_link(&self) -> Option<(ConnectionId, &Link)> {
        self.links
            .iter()
            .min_by_key(|(connection, link)| (link.relay.is_some(), **connection))
            .map(|(connection, link)| (*connection, link))
    }

    fn is_idle(&self) -> bool {
        self.links.is_empty() && !self.dialling
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
                if let Some(known) =
                    self.enter(peer, Origin::Configured, Introducer::Invitation, Retry::at_once(now))
                {
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

    /// Enters an address that the peer itself, or somebody on the local network, says it has, behind
    /// those that are known to work.
    pub(super) fn learn(&mut self, peer: PeerId, address: Multiaddr, origin: Origin, now: Instant) {
        let introducer = if origin == Origin::Lan { Introducer::Lan } else { Introducer::Itself };
        if let Some(known) = self.enter(peer, origin, introducer, Retry::soon(now))
            && known.addresses.len() < MAX_ADDRESSES
            && !known.addresses.contains(&address)
        {
            known.addresses.push(address);
        }
    }

    /// Returns the peer's entry, making room for a new one if need be.
    fn enter(
        &mut self,
        peer: PeerId,
        origin: Origin,
        introducer: Introducer,
        retry: Retry,
    ) -> Option<&mut Peer> {
        if peer == self.own {
            return None;
        }
        if !self.peers.contains_key(&peer) && self.peers.len() >= MAX_KNOWN_PEERS {
            let oldest = self
                .peers
                .iter()
                .filter(|(_, known)| known.is_idle())
                // Whoever came once and cannot be dialled goes first, however many come so.
                .min_by_key(|(_, known)| (!known.addresses.is_empty(), known.origin, known.last_seen))
                .map(|(id, _)| *id)?;
            self.peers.remove(&oldest);
        }
        let known = self.peers.entry(peer).or_insert_with(|| Peer::new(origin, introducer, retry));
        known.origin = known.origin.max(origin);
        Some(known)
    }

    /// Notes a new connection; returns whether it is the peer's first.
    pub(super) fn connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        opened: Opened,
        (now, clock): (Instant, Millis),
    ) -> bool {
        let Opened { address, direction, relay, asked } = opened;
        let Some(known) = self.enter(peer, Origin::Met, Introducer::Itself, Retry::after_meeting(now)) else {
            return false;
        };
        // A hole that was punched is no address for another day.
        if asked
            && direction == Direction::Outbound
            && let Some((address, _)) = split_peer(address.clone())
        {
            known.prefer(address);
        }
        let first = known.links.is_empty();
        if first {
            known.since = Some((now, clock));
        }
        known.pulse = Some(Pulse::new(now));
        known.silent = false;
        known.failed = 0;
        known.last_seen = Some(clock);
        known.why = None;
        known.links.insert(connection, Link { address, direction, relay, since: now });
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
        // A peer that had fallen silent was last seen before that.
        if !known.silent {
            known.last_seen = Some(clock);
        }
        if !known.links.is_empty() {
            // One connection of two was silent; the other is judged by itself.
            known.why.take_if(|why| *why == Why::Silent);
            return None;
        }
        // What this node decided itself stands before what the connection said.
        let why = known.why.take().unwrap_or(why);
        self.gone(peer, why.clone(), now);
        Some(why)
    }

    /// Gives up a peer that has been silent for too long, and returns whether it was connected. A
    /// connection whose line is cut may take minutes to close; it is not waited for.
    pub(super) fn lose(&mut self, peer: &PeerId, now: Instant) -> bool {
        let Some(known) = self.peers.get_mut(peer).filter(|known| !known.links.is_empty()) else {
            return false;
        };
        known.links.clear();
        self.gone(peer, Why::Silent, now);
        true
    }

    /// Notes that no connection to a peer is left, and sets the time of the next dial.
    fn gone(&mut self, peer: &PeerId, why: Why, now: Instant) {
        let Some(known) = self.peers.get_mut(peer) else { return };
        let since = known.since.take();
        if since.is_none_or(|(since, _)| now.duration_since(since) >= GOOD_AFTER) {
            known.retry = Retry::after_meeting(now);
        }
        known.retry.put_off(now);
        known.rtt = None;
        known.pulse = None;
        known.silent = false;
        known.why = Some(why);
        for seed in self.seeds.values_mut().filter(|seed| seed.answered.as_ref() == Some(peer)) {
            seed.retry.put_off(now);
        }
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

    /// Notes the name of the peer's program, and whether it offers to relay.
    pub(super) fn identified(&mut self, peer: &PeerId, agent: String, relay: bool) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.agent = Some(agent);
            known.relay = relay;
        }
    }

    /// Returns how long each connected peer has shown no sign of life, and marks who is silent.
    pub(super) fn feel(
        &mut self,
        lives: &Lives,
        silent_after: Duration,
        (now, clock): (Instant, Millis),
    ) -> Vec<(PeerId, Duration)> {
        let mut all = Vec::new();
        for (peer, known) in &mut self.peers {
            if let Some(pulse) = &mut known.pulse {
                let silence = pulse.feel(lives, peer, now);
                known.silent = silence >= silent_after;
                let millis = Millis::try_from(silence.as_millis()).unwrap_or(Millis::MAX);
                known.last_seen = known.last_seen.max(Some(clock.saturating_sub(millis)));
                all.push((*peer, silence));
            }
        }
        all
    }

    /// Returns the connections that are not needed: of each peer one is kept, a direct one if there is
    /// one, the oldest among those. Only the side with the smaller peer id closes any, so that the two do
    /// not each close another; and only once the youngest has lasted for `settled`.
    pub(super) fn superfluous(&self, settled: Duration, now: Instant) -> Vec<ConnectionId> {
        let several = self.peers.iter().filter(|(peer, known)| self.own < **peer && known.links.len() > 1);
        let settled = several
            .filter(|(_, known)| known.links.values().all(|link| now.duration_since(link.since) >= settled));
        settled
            .flat_map(|(_, known)| {
                let kept = known.best_link().map(|(connection, _)| connection);
                known.links.keys().copied().filter(move |connection| Some(*connection) != kept)
            })
            .collect()
    }

    /// Says whether the peer is connected.
    pub(super) fn is_connected(&self, peer: &PeerId) -> bool {
        self.peers.get(peer).is_some_and(|known| !known.links.is_empty())
    }

    /// Returns the address of one of the peer's connections.
    pub(super) fn seen_at(&self, peer: &PeerId) -> Option<&Multiaddr> {
        self.peers.get(peer)?.best_link().map(|(_, link)| &link.address)
    }

    /// Returns how many connections to the peer there are.
    pub(super) fn links(&self, peer: &PeerId) -> usize {
        self.peers.get(peer).map_or(0, |known| known.links.len())
    }

    /// Returns the peers that offer to relay and are connected without a relay themselves, each with the
    /// address at which others reach it best.
    pub(super) fn relays(&self) -> BTreeMap<PeerId, Multiaddr> {
        let offer = |known: &Peer| {
            let connected = known.best_link().is_some_and(|(_, link)| link.relay.is_none());
            let mut direct: Vec<_> =
                known.addresses.iter().filter(|address| !is_relayed(address)).cloned().collect();
            sort_for_strangers(&mut direct);
            direct.into_iter().next().filter(|_| known.relay && connected && !known.silent)
        };
        self.peers.iter().filter_map(|(peer, known)| Some((*peer, offer(known)?))).collect()
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
}
