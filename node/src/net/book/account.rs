//! What is told of peers to whoever asks how it stands with them, and their penalties.

use libp2p::PeerId;

use super::super::address::Path;
use super::super::{PeerInfo, PeerState, Why};
use super::{Book, Peer};

/// Most penalties counted; more would only take longer to forgive.
pub(super) const MAX_PENALTIES: u32 = 100;

impl Book {
    /// Counts a penalty and returns how many the peer has.
    pub(in super::super) fn penalise(&mut self, peer: &PeerId) -> u32 {
        self.peers.get_mut(peer).map_or(0, |known| {
            known.penalties = (known.penalties + 1).min(MAX_PENALTIES);
            known.penalties
        })
    }

    /// Returns how many penalties the peer has.
    pub(in super::super) fn penalties(&self, peer: &PeerId) -> u32 {
        self.peers.get(peer).map_or(0, |known| known.penalties)
    }

    /// Forgives every peer one penalty and returns what is left of those that had any.
    pub(in super::super) fn forgive(&mut self) -> Vec<(PeerId, u32)> {
        let penalised = self.peers.iter_mut().filter(|(_, known)| known.penalties > 0);
        penalised
            .map(|(peer, known)| {
                known.penalties -= 1;
                (*peer, known.penalties)
            })
            .collect()
    }

    /// Returns what is known of each peer, connected or not.
    pub(in super::super) fn infos(&self) -> Vec<PeerInfo> {
        self.peers.iter().map(|(peer, known)| known.info(*peer)).collect()
    }
}

impl Peer {
    fn info(&self, peer: PeerId) -> PeerInfo {
        let link = self.best_link().map(|(_, link)| link);
        let (state, why) = match (link, &self.why) {
            (Some(_), _) if self.silent => (PeerState::Away, Some(Why::Silent)),
            (Some(_), _) => (PeerState::Connected, None),
            (None, Some(Why::Banned)) => (PeerState::Banned, self.why.clone()),
            (None, _) if self.dialling => (PeerState::Dialling, self.why.clone()),
            (None, _) => (PeerState::Away, self.why.clone()),
        };
        PeerInfo {
            peer,
            state,
            why,
            addresses: self.addresses.clone(),
            direction: link.map(|link| link.direction),
            path: link.map(|link| match link.relay {
                Some(_) => Path::Relayed,
                None => Path::of(&link.address),
            }),
            relay: link.and_then(|link| link.relay),
            introducer: self.introducer,
            offers_relay: self.relay,
            since: self.since.map(|(_, clock)| clock),
            last_seen: self.last_seen,
            rtt: self.rtt,
            agent: self.agent.clone(),
        }
    }
}
