//! The book over a restart: who was met, where, when, and who had introduced it.

use std::fmt;
use std::str::FromStr;

use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::id::Millis;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::super::Why;
use super::super::address::split_peer;
use super::retry::Retry;
use super::{Book, MAX_ADDRESSES, MAX_KNOWN_PEERS, Origin, Peer};

/// Addresses of one peer that are kept: those that worked come first. All peers then take some 300 KB.
const MAX_KEPT_ADDRESSES: usize = 4;

/// How a peer came into the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Introducer {
    /// The invitation, or the configuration.
    Invitation,
    /// It announced itself on the local network.
    Lan,
    /// It dialled this node.
    Itself,
    /// Another peer named it.
    Peer(PeerId),
}

impl fmt::Display for Introducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invitation => f.write_str("invitation"),
            Self::Lan => f.write_str("lan"),
            Self::Itself => f.write_str("itself"),
            Self::Peer(peer) => peer.fmt(f),
        }
    }
}

impl From<Introducer> for String {
    fn from(introducer: Introducer) -> Self {
        introducer.to_string()
    }
}

/// A text names no introducer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither `invitation`, `lan` nor `itself`, nor a peer id")]
pub struct UnknownIntroducer;

impl FromStr for Introducer {
    type Err = UnknownIntroducer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "invitation" => Ok(Self::Invitation),
            "lan" => Ok(Self::Lan),
            "itself" => Ok(Self::Itself),
            peer => peer.parse().map(Self::Peer).map_err(|_| UnknownIntroducer),
        }
    }
}

impl TryFrom<String> for Introducer {
    type Error = UnknownIntroducer;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A peer that was met, as it is kept for the next start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Its id.
    #[serde(with = "as_text")]
    pub peer: PeerId,
    /// Its addresses, the most useful first.
    pub addresses: Vec<Multiaddr>,
    /// When it last gave a sign of life.
    pub last_seen: Option<Millis>,
    /// How it came into the book.
    pub introducer: Introducer,
    /// Whether it offered to relay.
    pub relay: bool,
}

mod as_text {
    use libp2p::PeerId;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(peer: &PeerId, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(peer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PeerId, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

impl Book {
    /// Enters what was kept from an earlier run, the latest seen first, to be dialled at once.
    pub(in super::super) fn restore(&mut self, mut kept: Vec<Known>, now: Instant) {
        kept.sort_by_key(|known| std::cmp::Reverse(known.last_seen));
        for known in kept {
            if known.peer == self.own || self.peers.len() >= MAX_KNOWN_PEERS {
                continue;
            }
            let mut addresses: Vec<Multiaddr> = Vec::new();
            for (address, _) in known.addresses.into_iter().filter_map(split_peer) {
                if addresses.len() < MAX_ADDRESSES && !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
            let fresh = || Peer::new(Origin::Met, known.introducer, Retry::at_once(now));
            let peer = self.peers.entry(known.peer).or_insert_with(fresh);
            peer.origin = Origin::Met;
            peer.introducer = known.introducer;
            peer.relay = known.relay;
            peer.last_seen = known.last_seen;
            addresses.retain(|address| !peer.addresses.contains(address));
            peer.addresses.extend(addresses);
            peer.addresses.truncate(MAX_ADDRESSES);
        }
    }

    /// Returns who is worth keeping for the next start: everyone that was met and is still wanted.
    pub(in super::super) fn known(&self) -> Vec<Known> {
        let kept = self.peers.iter().filter(|(_, peer)| {
            peer.origin == Origin::Met
                && !peer.addresses.is_empty()
                && !matches!(peer.why, Some(Why::Banned | Why::OtherNetwork))
        });
        kept.map(|(id, peer)| Known {
            peer: *id,
            addresses: peer.addresses.iter().take(MAX_KEPT_ADDRESSES).cloned().collect(),
            last_seen: peer.last_seen,
            introducer: peer.introducer,
            relay: peer.relay,
        })
        .collect()
    }
}
