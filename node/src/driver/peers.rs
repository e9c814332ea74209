//! Connected peers: their numbers in the engine, who is in a session, and whom to open one with.

use std::collections::{BTreeMap, BTreeSet};

use libp2p::PeerId;
use multaqa_protocol::engine::{Peer, SessionId};
use multaqa_protocol::id::Millis;

use super::Behind;
use crate::net::MAX_KNOWN_PEERS;

/// Peers whose clocks are remembered for W3.
const MAX_CLOCKS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Peers {
    numbers: BTreeMap<PeerId, Peer>,
    ids: BTreeMap<Peer, PeerId>,
    next: u64,
    connected: BTreeSet<PeerId>,
    sessions: BTreeMap<PeerId, SessionId>,
    pulls: BTreeSet<PeerId>,
    /// Peers with which a comparison has ended since the start.
    synced: BTreeSet<PeerId>,
    /// How far each peer's clock is ahead of ours, in milliseconds.
    clocks: BTreeMap<PeerId, i64>,
    /// What the last comparison with each peer told.
    behind: BTreeMap<PeerId, Behind>,
    turn: usize,
}

impl Peers {
    /// Returns a peer's number, a new one where it has none.
    pub(super) fn number(&mut self, id: PeerId) -> Peer {
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        self.next += 1;
        let number = Peer(self.next);
        self.numbers.insert(id, number);
        self.ids.insert(number, id);
        number
    }

    pub(super) fn id(&self, number: Peer) -> Option<PeerId> {
        self.ids.get(&number).copied()
    }

    pub(super) fn connect(&mut self, id: PeerId) {
        self.connected.insert(id);
    }

    /// Forgets a peer that is gone; it gets another number if it comes again.
    pub(super) fn disconnect(&mut self, id: &PeerId) {
        self.connected.remove(id);
        self.sessions.remove(id);
        self.pulls.remove(id);
        if let Some(number) = self.numbers.remove(id) {
            self.ids.remove(&number);
        }
    }

    pub(super) const fn connected(&self) -> &BTreeSet<PeerId> {
        &self.connected
    }

    /// Asks for a session with a peer; it is opened at the next tick, so that many reasons make one.
    pub(super) fn pull(&mut self, peer: Peer) {
        if let Some(id) = self.id(peer) {
            self.pull_from(id);
        }
    }

    /// Asks for a session with a peer that is still connected.
    pub(super) fn pull_from(&mut self, id: PeerId) {
        if self.connected.contains(&id) {
            self.pulls.insert(id);
        }
    }

    pub(super) fn pull_from_all(&mut self) {
        self.pulls.extend(&self.connected);
    }

    /// Takes the peers that a session is wanted with and that are in none.
    pub(super) fn take_pulls(&mut self, busy: &BTreeSet<PeerId>) -> BTreeSet<PeerId> {
        let (later, now) = std::mem::take(&mut self.pulls).into_iter().partition(|id| busy.contains(id));
        self.pulls = later;
        now
    }

    /// Returns the next connected peer in turn that is in no session.
    pub(super) fn any_connected(&mut self, busy: &BTreeSet<PeerId>) -> Option<PeerId> {
        let free: Vec<&PeerId> = self.connected.difference(busy).collect();
        self.turn = self.turn.wrapping_add(1);
        (!free.is_empty()).then(|| *free[self.turn % free.len()])
    }

    pub(super) fn session(&self, id: &PeerId) -> Option<SessionId> {
        self.sessions.get(id).copied()
    }

    pub(super) fn set_session(&mut self, id: PeerId, session: SessionId) {
        self.sessions.insert(id, session);
    }

    pub(super) fn end_session(&mut self, id: &PeerId, session: SessionId) {
        if self.sessions.get(id) == Some(&session) {
            self.sessions.remove(id);
        }
    }

    pub(super) fn forget_sessions(&mut self) {
        self.sessions.clear();
        self.pull_from_all();
    }

    pub(super) fn note_synced(&mut self, id: PeerId) {
        self.synced.insert(id);
    }

    pub(super) fn forget_synced(&mut self) {
        self.synced.clear();
    }

    pub(super) fn synced(&self) -> usize {
        self.synced.len()
    }

    pub(super) fn note_behind(&mut self, id: PeerId, behind: Behind) {
        if self.behind.len() >= MAX_KNOWN_PEERS {
            let connected = &self.connected;
            self.behind.retain(|id, _| connected.contains(id));
        }
        self.behind.insert(id, behind);
    }

    pub(super) const fn behind(&self) -> &BTreeMap<PeerId, Behind> {
        &self.behind
    }

    pub(super) fn note_clock(&mut self, id: PeerId, theirs: Millis, ours: Millis) {
        if self.clocks.len() < MAX_CLOCKS || self.clocks.contains_key(&id) {
            self.clocks.insert(id, theirs.cast_signed() - ours.cast_signed());
        }
    }

    /// Returns how far the median of the peers' clocks is ahead of ours, in milliseconds (W3).
    pub(super) fn clock_offset(&self) -> Option<i64> {
        let mut offsets: Vec<i64> = self.clocks.values().copied().collect();
        offsets.sort_unstable();
        offsets.get(offsets.len() / 2).copied()
    }
}
