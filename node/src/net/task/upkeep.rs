//! What the task looks at every second: who has fallen silent, which connections are not needed, whom to
//! ask again.

use std::io;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use tokio::time::Instant;

use super::super::{CLOSED_AFTER, SETTLED_AFTER, SILENT_AFTER, Why};
use super::Task;
use crate::clock;

/// Time between two peers that are let go: slower than newcomers find others.
const ROOM_EVERY: Duration = Duration::from_secs(10);

impl Task {
    pub(super) fn keep_up(&mut self) {
        let now = Instant::now();
        for (peer, silence) in self.book.feel(&self.lives, SILENT_AFTER, (now, clock::now())) {
            if silence >= CLOSED_AFTER {
                // It fails for a peer that has just gone, which is what is wanted.
                let _ = self.swarm.disconnect_peer_id(peer);
                if self.book.lose(&peer, now) {
                    self.forget(peer, Why::Silent);
                }
            }
        }
        for connection in self.book.superfluous(SETTLED_AFTER, now) {
            self.swarm.close_connection(connection);
        }
        self.make_room(now);
        self.listen_at_relay(now);
        self.ask_again(now);
    }

    /// Lets one peer go where places are short; it knows others by now.
    fn make_room(&mut self, now: Instant) {
        if now < self.makes_room {
            return;
        }
        if let Some(peer) = self.book.lets_go(&self.clients, (now, clock::now())) {
            self.makes_room = now + ROOM_EVERY;
            self.book.turn_away(&peer, Why::Full { detail: "the place is for a newcomer".to_owned() });
            // It fails for a peer that has just gone, which is what is wanted.
            let _ = self.swarm.disconnect_peer_id(peer);
        }
    }

    /// Judges a ping without an answer. Where it is the only connection, what else passes on it says
    /// whether the peer lives; of several, the one that does not answer is of no use.
    pub(super) fn on_unanswered(&mut self, peer: PeerId, connection: ConnectionId) {
        if self.book.links(&peer) > 1 {
            self.book.turn_away(&peer, Why::Silent);
            self.swarm.close_connection(connection);
        }
    }
}

/// Says whether a connection ended because nothing came any more; QUIC closes by itself then.
pub(super) fn is_silence(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut || error.to_string().contains("timed out")
}
