//! Whom to dial next: what is due, and among that the nearest to trust and the least alike.
//!
//! Configured peers and those that this node has met come first, then who announced itself on the local
//! network, then who was only introduced. Within each, whoever has the fewest peers with the same
//! introducer and in the same part of the address space among those connected or being dialled: an
//! attacker who knows one door in, or owns one range, does not become this node's whole view.

use std::collections::BTreeMap;

use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::super::address::{Range, range, split_peer};
use super::super::{Direction, Why};
use super::retry::Retry;
use super::{Book, Introducer, Origin, Peer, Seed};

/// Dials after which a peer is forgotten that somebody introduced and that never answered: half a minute
/// of tries, so that one which restarts is not lost.
const MAX_TRIES: u32 = 4;

/// What to dial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Target {
    /// A peer, at any of its addresses.
    Peer(PeerId, Vec<Multiaddr>),
    /// Whoever answers at an address.
    Seed(Multiaddr),
}

/// How near to trust a target is; the smaller comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Known,
    Announced,
    Introduced,
}

/// A target whose time has come.
struct Due {
    standing: Standing,
    at: Instant,
    range: Range,
    introducer: Option<PeerId>,
    target: Target,
}

/// How many of the outbound connections have something in common.
#[derive(Default)]
struct Crowd {
    ranges: BTreeMap<Range, usize>,
    introducers: BTreeMap<PeerId, usize>,
}

impl Crowd {
    fn add(&mut self, range: Range, introducer: Option<PeerId>) {
        *self.ranges.entry(range).or_default() += 1;
        if let Some(introducer) = introducer {
            *self.introducers.entry(introducer).or_default() += 1;
        }
    }

    fn around(&self, due: &Due) -> usize {
        let ranges = self.ranges.get(&due.range).copied().unwrap_or_default();
        let introducers = due.introducer.and_then(|peer| self.introducers.get(&peer).copied());
        ranges + introducers.unwrap_or_default()
    }
}

impl Peer {
    fn due(&self) -> Option<Instant> {
        let wanted = self.is_idle() && !self.addresses.is_empty();
        let forever = matches!(self.why, Some(Why::Banned | Why::OtherNetwork));
        (wanted && !forever).then_some(self.retry.due())
    }

    fn standing(&self) -> Standing {
        match self.origin {
            Origin::Configured | Origin::Met => Standing::Known,
            Origin::Lan => Standing::Announced,
            Origin::Introduced => Standing::Introduced,
        }
    }

    const fn introduced_by(&self) -> Option<PeerId> {
        match self.introducer {
            Introducer::Peer(peer) => Some(peer),
            _ => None,
        }
    }
}

impl Book {
    /// Returns the time of the next dial, `None` while there is nobody to dial.
    pub(in super::super) fn next_due(&self) -> Option<Instant> {
        let peers = self.peers.values().filter_map(Peer::due);
        peers.chain(self.seeds.values().filter_map(|seed| self.seed_due(seed))).min()
    }

    fn seed_due(&self, seed: &Seed) -> Option<Instant> {
        let met = seed.answered.is_some_and(|peer| self.is_connected(&peer));
        (!met && !seed.dialling).then_some(seed.retry.due())
    }

    /// Returns up to `most` targets whose time has come, as being dialled; the module says in which order.
    pub(in super::super) fn take_due(&mut self, now: Instant, most: usize) -> Vec<Target> {
        let mut due = self.due(now);
        let mut crowd = self.crowd();
        let mut targets = Vec::new();
        while targets.len() < most
            && let Some(next) =
                (0..due.len()).min_by_key(|at| (due[*at].standing, crowd.around(&due[*at]), due[*at].at, *at))
        {
            let chosen = due.remove(next);
            crowd.add(chosen.range, chosen.introducer);
            self.set_dialling(&chosen.target, true);
            targets.push(chosen.target);
        }
        targets
    }

    fn due(&self, now: Instant) -> Vec<Due> {
        let peers = self.peers.iter().filter_map(|(id, peer)| {
            Some(Due {
                standing: peer.standing(),
                at: peer.due()?,
                range: range(peer.addresses.first()?),
                introducer: peer.introduced_by(),
                target: Target::Peer(*id, peer.addresses.clone()),
            })
        });
        let seeds = self.seeds.iter().filter_map(|(address, seed)| {
            Some(Due {
                standing: Standing::Known,
                at: self.seed_due(seed)?,
                range: range(address),
                introducer: None,
                target: Target::Seed(address.clone()),
            })
        });
        peers.chain(seeds).filter(|due| due.at <= now).collect()
    }

    fn crowd(&self) -> Crowd {
        let mut crowd = Crowd::default();
        for peer in self.peers.values() {
            let outbound = peer.links.values().find(|link| link.direction == Direction::Outbound);
            let address = outbound.map(|link| &link.address).or(peer.addresses.first());
            if let Some(address) = address.filter(|_| outbound.is_some() || peer.dialling) {
                crowd.add(range(address), peer.introduced_by());
            }
        }
        crowd
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
    pub(in super::super) fn dial_failed(&mut self, target: &Target, why: Why, now: Instant) {
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
            Target::Peer(peer, _) => self.peer_failed(*peer, why, now),
        }
    }

    fn peer_failed(&mut self, peer: PeerId, why: Why, now: Instant) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        if let Why::OtherPeer { address, .. } = &why
            && let Some((address, _)) = split_peer(address.clone())
        {
            known.addresses.retain(|known| *known != address);
        }
        // That this node has no room is nobody's fault.
        known.failed += u32::from(!matches!(why, Why::Full { .. }));
        if known.origin == Origin::Introduced && known.failed >= MAX_TRIES && known.is_idle() {
            self.peers.remove(&peer);
            return;
        }
        known.retry.put_off(now);
        known.why = Some(why);
    }

    /// Notes that a dial has ended in a connection.
    pub(in super::super) fn dial_succeeded(&mut self, target: &Target, peer: PeerId, now: Instant) {
        self.set_dialling(target, false);
        if let Target::Seed(address) = target
            && let Some(seed) = self.seeds.get_mut(address)
        {
            seed.answered = Some(peer);
            seed.retry = Retry::after_meeting(now);
        }
    }
}
