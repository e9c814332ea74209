//! Whether others can dial this node, and through whom they reach it where they cannot.
//!
//! A node that has an address which others can dial takes no relay. One that has none takes
//! reservations at [`RELAYS`] peers that offer to relay, and another where one is lost. It decides and
//! remembers; it listens nowhere and reads no clock.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use libp2p::core::transport::ListenerId;
use libp2p::{Multiaddr, PeerId};
use tokio::time::Instant;

use super::address::is_relayed;

/// Relays that a node has which nobody can dial: a second one, for when the first goes.
const RELAYS: usize = 2;
/// Time from the start after which a node without an address takes relays although nobody has said yet
/// that it cannot be dialled: AutoNAT and UPnP need about as long.
const PATIENCE: Duration = Duration::from_secs(6);
/// Time for which a relay is left alone after it refused or was lost.
const REST: Duration = Duration::from_secs(30);

/// Whether others can dial a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Anybody can dial it.
    Public,
    /// It can only be reached where it dials itself, or through a relay.
    Private,
    /// Nobody has said yet.
    Unknown,
}

/// On what the word about a node's reach rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The configuration names an address.
    Configured,
    /// The router passes on a port (UPnP).
    Mapped,
    /// A peer has dialled back (AutoNAT).
    DialledBack,
    /// A peer has dialled back, and got no answer.
    NotDialledBack,
    /// No peer at a public address could be asked yet.
    NotAsked,
}

impl Basis {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Mapped => "mapped",
            Self::DialledBack => "dialled-back",
            Self::NotDialledBack => "not-dialled-back",
            Self::NotAsked => "not-asked",
        }
    }
}

/// How a node can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachability {
    /// Whether others can dial it.
    pub reach: Reach,
    /// On what that rests.
    pub basis: Basis,
    /// The peers that pass on connections to it.
    pub relays: Vec<PeerId>,
    /// The addresses that it tells others, beside those on which it listens; relayed ones among them.
    pub addresses: Vec<Multiaddr>,
}

/// One relay.
#[derive(Clone, Copy, Debug)]
struct Reservation {
    listener: ListenerId,
    relay: PeerId,
    accepted: bool,
}

/// What is known of the node's own reach.
#[derive(Debug)]
pub(super) struct Standing {
    started: Instant,
    configured: BTreeSet<Multiaddr>,
    mapped: BTreeSet<Multiaddr>,
    /// AutoNAT's last word: whether a dial back was answered.
    dialled_back: Option<bool>,
    reservations: Vec<Reservation>,
    resting: BTreeMap<PeerId, Instant>,
}

impl Standing {
    pub(super) fn new(configured: &[Multiaddr], now: Instant) -> Self {
        Self {
            started: now,
            configured: configured.iter().cloned().collect(),
            mapped: BTreeSet::new(),
            dialled_back: None,
            reservations: Vec::new(),
            resting: BTreeMap::new(),
        }
    }

    /// Notes whether the router passes on a port to an address.
    pub(super) fn map(&mut self, address: Multiaddr, passes: bool) {
        if passes {
            self.mapped.insert(address)
        } else {
            self.mapped.remove(&address)
        };
    }

    /// Notes what a dial back said, and returns whether it is news.
    pub(super) fn dialled_back(&mut self, answered: bool) -> bool {
        self.dialled_back.replace(answered) != Some(answered)
    }

    /// Says whether an external address rests on a dial back alone.
    pub(super) fn rests_on_dial_back(&self, address: &Multiaddr) -> bool {
        !is_relayed(address) && !self.configured.contains(address) && !self.mapped.contains(address)
    }

    /// Returns how the node can be reached, with these external addresses.
    pub(super) fn reachability(&self, external: Vec<Multiaddr>) -> Reachability {
        let is_public = external.iter().any(|address| !is_relayed(address));
        let (reach, basis) = match (is_public, self.dialled_back) {
            (true, _) if !self.configured.is_empty() => (Reach::Public, Basis::Configured),
            (true, Some(true)) => (Reach::Public, Basis::DialledBack),
            (true, _) if !self.mapped.is_empty() => (Reach::Public, Basis::Mapped),
            (true, _) => (Reach::Public, Basis::DialledBack),
            (false, Some(false)) => (Reach::Private, Basis::NotDialledBack),
            (false, _) => (Reach::Unknown, Basis::NotAsked),
        };
        let accepted = self.reservations.iter().filter(|reservation| reservation.accepted);
        let relays: BTreeSet<PeerId> = accepted.map(|reservation| reservation.relay).collect();
        Reachability { reach, basis, relays: relays.into_iter().collect(), addresses: external }
    }

    /// Returns at whom of those that offer it a reservation is to be taken now.
    pub(super) fn wants(
        &mut self,
        is_public: bool,
        mut offers: impl Iterator<Item = PeerId>,
        now: Instant,
    ) -> Option<PeerId> {
        let is_private = self.dialled_back == Some(false) || now >= self.started + PATIENCE;
        if is_public || !is_private || self.reservations.len() >= RELAYS {
            return None;
        }
        self.resting.retain(|_, until| *until > now);
        offers.find(|relay| !self.resting.contains_key(relay) && !self.uses(relay))
    }

    fn uses(&self, relay: &PeerId) -> bool {
        self.reservations.iter().any(|reservation| reservation.relay == *relay)
    }

    /// Notes a reservation that is asked for.
    pub(super) fn asked(&mut self, listener: ListenerId, relay: PeerId) {
        self.reservations.push(Reservation { listener, relay, accepted: false });
    }

    /// Notes that a relay could not be asked at all.
    pub(super) fn refused(&mut self, relay: PeerId, now: Instant) {
        self.resting.insert(relay, now + REST);
    }

    /// Notes that a relay has accepted.
    pub(super) fn accepted(&mut self, relay: PeerId) {
        self.reservations
            .iter_mut()
            .filter(|reservation| reservation.relay == relay)
            .for_each(|reservation| reservation.accepted = true);
    }

    /// Notes the end of a listener, and returns the relay if it was a reservation.
    pub(super) fn closed(&mut self, listener: ListenerId, now: Instant) -> Option<PeerId> {
        let at = self.reservations.iter().position(|reservation| reservation.listener == listener)?;
        let reservation = self.reservations.remove(at);
        self.refused(reservation.relay, now);
        Some(reservation.relay)
    }

    /// Gives up all reservations, since the node is public, and returns their listeners.
    pub(super) fn give_up(&mut self) -> Vec<ListenerId> {
        self.reservations.drain(..).map(|reservation| reservation.listener).collect()
    }
}
