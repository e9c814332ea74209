//! Room for newcomers: whom a node lets go that many dial.
//!
//! Connections last as long as the nodes do. So the node that founds a network, and whose address is in
//! every invitation, would be full after its first thirty members, and nobody could join through it any
//! more. While nearly all places for inbound connections are taken it lets go of one peer at a time:
//! anyone that dialled it and has been connected for a while, and so knows others by now.

use std::collections::BTreeSet;
use std::time::Duration;

use libp2p::PeerId;
use multaqa_protocol::id::{Millis, sha256};
use tokio::time::Instant;

use super::super::{Direction, MAX_INBOUND};
use super::Book;

/// Inbound places that are kept free: newcomers come one by one.
pub(super) const KEPT_FREE: usize = 2;
/// How long a peer may stay in any case: time to hear of others and to connect with them.
pub(super) const STAY: Duration = Duration::from_secs(300);

impl Book {
    /// Returns a peer to let go, if places are short. Who is in `kept` stays; among the others chance
    /// decides, so that nobody can plan to be the one that is left.
    pub(in super::super) fn lets_go(
        &self,
        kept: &BTreeSet<PeerId>,
        (now, clock): (Instant, Millis),
    ) -> Option<PeerId> {
        let inbound = self.peers.iter().filter(|(_, peer)| {
            let mut links = peer.links.values();
            !peer.links.is_empty() && links.all(|link| link.direction == Direction::Inbound)
        });
        let inbound: Vec<_> = inbound.collect();
        if inbound.len() + KEPT_FREE <= MAX_INBOUND as usize {
            return None;
        }
        let stayed = inbound.into_iter().filter(|(id, peer)| {
            let long = peer.since.is_some_and(|(since, _)| now.duration_since(since) >= STAY);
            long && !kept.contains(id)
        });
        stayed
            .map(|(id, _)| *id)
            .min_by_key(|id| sha256(&[clock.to_be_bytes().as_slice(), &id.to_bytes()].concat()))
    }
}
