//! Dates that others confirm (A1 to A4): the stewards' lists of heads, the members' confirmations,
//! and what both say of one entry.
//!
//! An entry's `time` is a claim (W4). A checkpoint that names the entry, or one after it in the same
//! log, shows that it existed when the checkpoint was made; each member that confirms the checkpoint
//! says so too, at a time of its own. What an author confirmed before it signed an entry says the
//! opposite: the entry is not older than that. Nothing here decides what is valid or what counts.
//!
//! Which statements count is for the caller to say, who has the logs: a checkpoint on the canonical
//! log of a current steward, a confirmation on that of a member (A3).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId};
use crate::network::{Body, Ref};
use crate::sync::{self, MAX_HEADS, Row};

pub mod schedule;

#[cfg(test)]
mod tests;

/// A steward's list of the heads of all that it replicates (A1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The network.
    pub net: NetworkId,
    /// The heads, strictly by author; at most [`MAX_HEADS`].
    pub heads: Vec<Row>,
    /// The version of the charter then in force, by its body's hash.
    pub charter: BodyHash,
}

impl Body for Checkpoint {
    const KIND: &'static str = "checkpoint";

    fn is_bounded(&self) -> bool {
        sync::check_rows(&self.heads).is_ok()
    }
}

/// A member's confirmation that it holds all that a checkpoint lists (A2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The network.
    pub net: NetworkId,
    /// The authors whose rows it cannot confirm, at most [`MAX_HEADS`].
    pub except: Vec<AuthorId>,
    /// The checkpoint.
    pub checkpoint: Ref,
}

impl Body for Witness {
    const KIND: &'static str = "witness";

    fn is_bounded(&self) -> bool {
        self.except.len() <= MAX_HEADS
    }
}

/// A checkpoint that counts, by its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shown {
    /// When it was made, as the steward claims; Unix milliseconds.
    pub time: Millis,
    /// The entry.
    pub checkpoint: EntryId,
    /// The steward.
    pub by: AuthorId,
}

/// A member's confirmation of a checkpoint, by its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Confirmation {
    /// When it was signed, as the member claims; Unix milliseconds.
    pub time: Millis,
    /// The member.
    pub by: AuthorId,
    /// The entry.
    pub witness: EntryId,
    /// The checkpoint that it confirms.
    pub checkpoint: EntryId,
}

/// What others say of when an entry existed (A3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dates {
    /// The checkpoints that show it, the earliest claim first.
    pub checkpoints: Vec<Shown>,
    /// Each member that confirmed one of them, by its earliest confirmation, the earliest first.
    pub witnesses: Vec<Confirmation>,
    /// The latest checkpoint that the entry's own ancestors confirmed: it is not older than that.
    pub not_before: Option<Shown>,
}

impl Dates {
    /// Puts together what `checkpoints` that show an entry and `confirmations` of them say; those of
    /// other checkpoints are passed over. `own` are the checkpoints that its ancestors confirmed.
    #[must_use]
    pub fn new(
        checkpoints: impl IntoIterator<Item = Shown>,
        confirmations: impl IntoIterator<Item = Confirmation>,
        own: impl IntoIterator<Item = Shown>,
    ) -> Self {
        let checkpoints: BTreeSet<Shown> = checkpoints.into_iter().collect();
        let shown: BTreeSet<EntryId> = checkpoints.iter().map(|shown| shown.checkpoint).collect();
        let mut earliest: BTreeMap<AuthorId, Confirmation> = BTreeMap::new();
        for found in confirmations.into_iter().filter(|found| shown.contains(&found.checkpoint)) {
            let first = earliest.entry(found.by).or_insert(found);
            *first = found.min(*first);
        }
        let mut witnesses: Vec<_> = earliest.into_values().collect();
        witnesses.sort_unstable();
        Self { checkpoints: checkpoints.into_iter().collect(), witnesses, not_before: own.into_iter().max() }
    }

    /// Returns how many members say that it existed before `until`: *n* of A3.
    #[must_use]
    pub fn witnessed_before(&self, until: Millis) -> usize {
        self.witnesses.partition_point(|found| found.time <= until)
    }

    /// Returns by when members had confirmed the first checkpoint that shows the entry and that anybody
    /// confirmed, and how many members had confirmed by then that it existed: *D* and *n* of A3.
    #[must_use]
    pub fn existed_before(&self) -> Option<(Millis, usize)> {
        let until = self.checkpoints.iter().find_map(|shown| {
            let words = self.witnesses.iter().filter(|word| word.checkpoint == shown.checkpoint);
            words.map(|word| word.time).max()
        })?;
        Some((until, self.witnessed_before(until)))
    }
}
