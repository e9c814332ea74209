//! What the engine holds in memory that others can make grow, counted: for whoever watches a node, and
//! for tests that hold it to its bounds.

use super::Engine;
use crate::sync::session::Session;

/// How much the engine holds at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Logs.
    pub logs: usize,
    /// Network statements read from them.
    pub statements: usize,
    /// Bytes of the applications kept (N12).
    pub candidate_bytes: usize,
    /// Bodies remembered as missing (B1).
    pub missing: usize,
    /// Open sessions.
    pub sessions: usize,
    /// Most questions that one session has queued or waits for.
    pub most_queued: usize,
    /// Most heads of a peer that one session keeps.
    pub most_heads: usize,
    /// Most bytes that the answers of one session hold back.
    pub most_held_back: usize,
}

impl Engine {
    /// Counts what is held in memory.
    #[must_use]
    pub fn load(&self) -> Load {
        let sessions = || self.sessions.values();
        let most = |count: fn(&Session) -> usize| sessions().map(|(session, _)| count(session)).max();
        let held = sessions().map(|(_, answers)| answers.iter().map(super::Answer::held_back).sum());
        Load {
            logs: self.logs.len(),
            statements: self.logs.values().map(|known| known.statements.len()).sum(),
            candidate_bytes: self.candidates.bytes(),
            missing: self.missing.count(),
            sessions: self.sessions.len(),
            most_queued: most(|session| session.queue.len() + session.tried.len()).unwrap_or(0),
            most_heads: most(|session| session.their_heads.len()).unwrap_or(0),
            most_held_back: held.max().unwrap_or(0),
        }
    }
}
