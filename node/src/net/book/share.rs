//! Introductions: what peers say of others, and what this node says of those that it has met.
//!
//! Nobody can fill the book with peers of its own choice: all introductions together have half of it,
//! each introducer a small share, and who takes more than its share loses its own older ones. They are
//! dialled last, and forgotten when nobody answers. Only peers that this node itself has been connected
//! with lately are told on (I1), so a lie travels one step.

use std::collections::BTreeMap;

use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::id::{Millis, sha256};
use tokio::time::Instant;

use super::super::Why;
use super::super::address::{is_public, keepable};
use super::super::exchange::{MAX_PEERS, MAX_TOLD_ADDRESSES};
use super::retry::Retry;
use super::{Book, Introducer, MAX_ADDRESSES, MAX_KNOWN_PEERS, Origin};

/// Peers in the book whom one introducer named and who were never met: one whole answer.
pub(super) const MAX_PER_INTRODUCER: usize = MAX_PEERS;
/// Such peers in all: half of the book, so that those that were met always have the other half.
pub(super) const MAX_INTRODUCED: usize = MAX_KNOWN_PEERS / 2;
/// How lately a peer must have been seen to be told on (I1).
const LATELY: Millis = 24 * 3_600 * 1_000;

/// A peer, as it is told to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Told {
    pub(in super::super) peer: PeerId,
    pub(in super::super) addresses: Vec<Multiaddr>,
}

impl Book {
    /// Enters what `by`, seen at `seen`, says of other peers.
    pub(in super::super) fn introduce(
        &mut self,
        by: PeerId,
        seen: &Multiaddr,
        told: Vec<Told>,
        now: Instant,
    ) {
        for Told { peer, addresses } in told.into_iter().take(MAX_PEERS) {
            let addresses: Vec<Multiaddr> =
                addresses.iter().filter_map(|address| keepable(address, seen)).collect();
            if peer == self.own || peer == by || addresses.is_empty() {
                continue;
            }
            match self.peers.get_mut(&peer) {
                // I4: what somebody else says does not push aside what the peer said or what worked.
                Some(known) if known.origin > Origin::Introduced && !known.addresses.is_empty() => continue,
                Some(_) => {}
                None => self.make_room(by),
            }
            let retry = Retry::soon(now);
            let Some(known) = self.enter(peer, Origin::Introduced, Introducer::Peer(by), retry) else {
                continue;
            };
            for address in addresses {
                if known.addresses.len() < MAX_ADDRESSES && !known.addresses.contains(&address) {
                    known.addresses.push(address);
                }
            }
        }
    }

    /// Gives up introductions until `by` may make another: its own where its share is full, those of
    /// whoever made the most where all are too many.
    fn make_room(&mut self, by: PeerId) {
        let mut made: BTreeMap<PeerId, Vec<(Instant, PeerId)>> = BTreeMap::new();
        for (id, peer) in &self.peers {
            if let (Origin::Introduced, Introducer::Peer(introducer)) = (peer.origin, peer.introducer) {
                let idle = made.entry(introducer).or_default();
                if peer.is_idle() {
                    idle.push((peer.retry.due(), *id));
                }
            }
        }
        let total: usize = made.values().map(Vec::len).sum();
        let own_is_full = made.get(&by).is_some_and(|own| own.len() >= MAX_PER_INTRODUCER);
        let from = match (own_is_full, total >= MAX_INTRODUCED) {
            (true, _) => made.get(&by),
            (false, true) => made.values().max_by_key(|theirs| theirs.len()),
            (false, false) => None,
        };
        // The one that is due last has failed most often.
        if let Some((_, given_up)) = from.and_then(|theirs| theirs.iter().max()) {
            self.peers.remove(given_up);
        }
    }

    /// Returns whom to tell an asker of (I1, I2): peers that this node is connected with, or was lately, with the
    /// addresses that are of use where the asker is. Each asker gets a choice of its own, so that not all
    /// of a large network come to know the same few.
    pub(in super::super) fn tell(&self, asker: PeerId, seen: &Multiaddr, clock: Millis) -> Vec<Told> {
        let mut told = self.met_lately(&asker.to_bytes(), seen, clock);
        told.retain(|told| told.peer != asker);
        told.truncate(MAX_PEERS);
        told
    }

    /// Returns peers that anybody can dial and that were met lately, with their addresses, for an
    /// invitation; others each time, so that newcomers do not all come to the same door.
    pub(in super::super) fn public(&self, clock: Millis) -> Vec<Told> {
        let mut told = self.met_lately(&clock.to_be_bytes(), &Multiaddr::empty(), clock);
        told.iter_mut().for_each(|told| told.addresses.retain(is_public));
        told.retain(|told| !told.addresses.is_empty());
        told
    }

    /// Returns the peers met lately in an order that `seed` decides, whoever is connected first.
    fn met_lately(&self, seed: &[u8], seen: &Multiaddr, clock: Millis) -> Vec<Told> {
        let unwanted = |why: &Why| matches!(why, Why::Banned | Why::OtherNetwork | Why::OtherPeer { .. });
        let met = self.peers.iter().filter(|(_, peer)| {
            peer.origin == Origin::Met
                && peer.last_seen.is_some_and(|last| last + LATELY >= clock)
                && !peer.why.as_ref().is_some_and(unwanted)
        });
        let mut told: Vec<_> = met
            .filter_map(|(id, peer)| {
                let useful = peer.addresses.iter().filter_map(|address| keepable(address, seen));
                let addresses: Vec<_> = useful.take(MAX_TOLD_ADDRESSES).collect();
                let order = (peer.links.is_empty(), sha256(&[seed, &id.to_bytes()].concat()));
                (!addresses.is_empty()).then_some((order, Told { peer: *id, addresses }))
            })
            .collect();
        told.sort_by_key(|(order, _)| *order);
        told.into_iter().map(|(_, told)| told).collect()
    }
}
