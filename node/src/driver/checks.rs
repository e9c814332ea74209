//! Gossip messages that wait for their check, a line for each peer, served in turn.
//!
//! One peer's flood makes its own line long and nobody else's: whoever sends little never waits behind
//! more than one message of each other peer. It holds messages and decides nothing about them.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use libp2p::PeerId;
use multaqa_protocol::id::MessageId;

/// Messages being checked at the same time: enough for all cores of a server, 3 MB.
pub(super) const MAX_CHECKS: usize = 64;
/// Bytes in one peer's line: ten of the largest messages, or a thousand short ones. All connections
/// together hold 20 MB at most.
pub(super) const MAX_LINE: usize = 512 << 10;
/// Messages in one peer's line, for those that are tiny.
pub(super) const MAX_MESSAGES: usize = 1_024;

/// A message that waits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) id: MessageId,
    pub(super) data: Vec<u8>,
}

#[derive(Debug, Default)]
struct Line {
    messages: VecDeque<Waiting>,
    bytes: usize,
}

/// The lines, and how many messages are being checked.
#[derive(Debug, Default)]
pub(super) struct Checks {
    lines: BTreeMap<PeerId, Line>,
    /// Whose turn it was last.
    last: Option<PeerId>,
    under_way: usize,
}

impl Checks {
    /// Puts a message in its peer's line; gives it back where that is full.
    pub(super) fn offer(&mut self, peer: PeerId, waiting: Waiting) -> Result<(), Waiting> {
        let line = self.lines.entry(peer).or_default();
        if line.messages.len() >= MAX_MESSAGES || line.bytes + waiting.data.len() > MAX_LINE {
            return Err(waiting);
        }
        line.bytes += waiting.data.len();
        line.messages.push_back(waiting);
        Ok(())
    }

    /// Returns the next message to check, of the peer whose turn it is; `None` while enough are being
    /// checked.
    pub(super) fn begin(&mut self) -> Option<(PeerId, Waiting)> {
        if self.under_way >= MAX_CHECKS {
            return None;
        }
        let after = |last: PeerId| self.lines.range(last..).find(|(peer, _)| **peer != last);
        let next = self.last.and_then(after).or_else(|| self.lines.first_key_value());
        let peer = *next?.0;
        let line = self.lines.get_mut(&peer)?;
        let waiting = line.messages.pop_front()?;
        line.bytes -= waiting.data.len();
        if line.messages.is_empty() {
            self.lines.remove(&peer);
        }
        self.last = Some(peer);
        self.under_way += 1;
        Some((peer, waiting))
    }

    /// Notes that a check has ended.
    pub(super) fn end(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Forgets the line of a peer that is gone: nobody waits for those verdicts.
    pub(super) fn forget(&mut self, peer: &PeerId) {
        self.lines.remove(peer);
    }
}
