//! Statements: the network bodies of one author's log, read once and kept beside its skeleton.
//!
//! A statement is kept for every known entry, canonical or not; which of them count is decided where
//! they are used, because it changes when the log is pinned, cut or rotated. What no decision needs
//! (notes, acts) stays in the store.

use std::sync::Arc;

use super::body::{Admission, Admit, Body, Charter, Close, Join, Leave, Ref, Suspend, Withdraw};
use crate::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId, Seq};
use crate::log::{Choice, Log, Place};

/// What an entry of a network kind says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// A version of a charter: founding it, or a vote for it (N1, N3).
    Charter {
        /// The hash of the body; of version 0 it is the network's id.
        hash: BodyHash,
        /// The body.
        charter: Arc<Charter>,
    },
    /// The author joins.
    Join {
        /// The network.
        net: NetworkId,
        /// The version of the charter that was read.
        charter: BodyHash,
    },
    /// The author leaves.
    Leave {
        /// The network.
        net: NetworkId,
    },
    /// A steward admits authors.
    Admit {
        /// The network.
        net: NetworkId,
        /// Who, and what is confirmed of them.
        items: Vec<Admission>,
    },
    /// A steward suspends an author.
    Suspend {
        /// The network.
        net: NetworkId,
        /// The author.
        author: AuthorId,
        /// The last entry that still counts; a number beyond [`Seq`] is read as its greatest.
        upto: Seq,
        /// Why.
        reason: String,
    },
    /// The author's log ends.
    Close {
        /// Why.
        reason: String,
        /// The authors that continue it.
        successors: Vec<AuthorId>,
    },
    /// Entries are withdrawn (B2).
    Withdraw {
        /// What.
        entries: Vec<Ref>,
        /// Why.
        reason: String,
        /// The network, in an order.
        net: Option<NetworkId>,
        /// The legal basis.
        basis: Option<String>,
    },
}

impl Says {
    /// Reads the body of an entry of this kind, `hash` being that of `body`, which the caller has
    /// checked. `None` where the kind is not one that is read here, or the body breaks its schema:
    /// the entry is valid all the same and has no effect (V8).
    #[must_use]
    pub fn read(kind: &str, hash: BodyHash, body: &[u8]) -> Option<Self> {
        Some(match kind {
            Charter::KIND => Self::Charter { hash, charter: Arc::new(Charter::read(body)?) },
            Join::KIND => {
                let Join { net, charter, .. } = Join::read(body)?;
                Self::Join { net, charter }
            }
            Leave::KIND => Self::Leave { net: Leave::read(body)?.net },
            Admit::KIND => {
                let Admit { net, items } = Admit::read(body)?;
                Self::Admit { net, items }
            }
            Suspend::KIND => {
                let Suspend { net, author, upto, reason, .. } = Suspend::read(body)?;
                Self::Suspend { net, author, upto: Seq::try_from(upto).unwrap_or(Seq::MAX), reason }
            }
            Close::KIND => {
                let Close { reason, successors, .. } = Close::read(body)?;
                Self::Close { reason, successors }
            }
            Withdraw::KIND => {
                let Withdraw { entries, reason, net, basis } = Withdraw::read(body)?;
                Self::Withdraw { entries, reason, net, basis }
            }
            _ => return None,
        })
    }
}

/// A network statement and the entry that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where the entry lies in its author's tree.
    pub place: Place,
    /// The entry.
    pub id: EntryId,
    /// Its sequence number, `place.seq`.
    pub seq: Seq,
    /// The author's claim of when it was made.
    pub time: Millis,
    /// What it says.
    pub says: Says,
}

/// What is known of one author.
#[derive(Clone, Debug)]
pub struct Known {
    /// The skeleton of its entries.
    pub log: Log,
    /// All its network statements, on every branch, in any order.
    pub statements: Vec<Statement>,
}

impl Known {
    /// Begins with a log that has made no statement.
    #[must_use]
    pub const fn new(log: Log) -> Self {
        Self { log, statements: Vec::new() }
    }

    /// Returns the statements that are canonical under `choice` and not after `limit`, by sequence
    /// number.
    pub(super) fn canonical(&self, choice: &Choice, limit: Seq) -> Vec<&Statement> {
        let counts = |found: &&Statement| found.seq <= limit && choice.contains(found.place);
        let mut found: Vec<_> = self.statements.iter().filter(counts).collect();
        found.sort_by_key(|statement| statement.seq);
        found
    }
}
