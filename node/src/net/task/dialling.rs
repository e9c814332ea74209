//! Dialling whom the book names, as many as there are places for, and saying why a dial failed.

use libp2p::swarm::DialError;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use tokio::time::Instant;

use super::super::book::Target;
use super::super::gate::Denied;
use super::super::{MAX_CONNECTIONS, MAX_PENDING_DIALS, WANTED_DIALLED, Why};
use super::Task;

impl Task {
    /// Returns when to dial next; `None` while nobody is due or no place is free.
    pub(super) fn next_dial(&self) -> Option<Instant> {
        (self.free_dials() > 0).then(|| self.book.next_due()).flatten()
    }

    /// Returns how many dials may start now.
    fn free_dials(&self) -> usize {
        let (all, dialled) = self.book.connections();
        let under_way = self.dials.len();
        let places = (MAX_CONNECTIONS as usize).saturating_sub(all + under_way);
        let wanted = WANTED_DIALLED.saturating_sub(dialled + under_way);
        places.min(wanted).min(MAX_PENDING_DIALS as usize - under_way.min(MAX_PENDING_DIALS as usize))
    }

    pub(super) fn dial_due(&mut self) {
        for target in self.book.take_due(Instant::now(), self.free_dials()) {
            let options = match target.clone() {
                Target::Peer(peer, addresses) => DialOpts::peer_id(peer)
                    // A connection that the book has given up may still be closing.
                    .condition(PeerCondition::NotDialing)
                    .addresses(addresses)
                    .build(),
                Target::Seed(address) => DialOpts::unknown_peer_id().address(address).build(),
            };
            let connection = options.connection_id();
            match self.swarm.dial(options) {
                Ok(()) => drop(self.dials.insert(connection, target)),
                Err(error) => self.book.dial_failed(&target, dial_failure(error), Instant::now()),
            }
        }
    }
}

/// Says in the book's terms why a dial failed.
pub(super) fn dial_failure(error: DialError) -> Why {
    match error {
        DialError::LocalPeerId { .. } => Why::Own,
        DialError::WrongPeerId { obtained, address } => Why::OtherPeer { address, found: obtained },
        DialError::Denied { cause }
            if cause.downcast_ref::<Denied>().is_some_and(|denied| denied.is_ban()) =>
        {
            Why::Banned
        }
        DialError::Denied { cause } => Why::Full { detail: cause.to_string() },
        DialError::Transport(tried) => {
            let last = tried.last().map(|(address, error)| format!("{address}: {}", innermost(error)));
            Why::Unreachable { detail: last.unwrap_or_default() }
        }
        other => Why::Unreachable { detail: other.to_string() },
    }
}

/// Returns the text of the first cause; transports wrap it many times.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
