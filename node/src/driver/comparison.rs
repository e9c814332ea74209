//! How far a peer and this node are from each other, by the rows that they exchanged (Y2).
//!
//! It costs nothing: the rows of the buckets that differ pass anyway. The figure counts entries by the
//! sequence numbers of canonical heads, so what lies off the canonical log is not in it, and it is as
//! old as the comparison.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, Millis};
use multaqa_protocol::sync::Row;

/// What the last comparison with a peer told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// Entries that the peer had and this node had not.
    pub here: u64,
    /// Entries that this node had and the peer had not.
    pub there: u64,
    /// When.
    pub at: Millis,
}

/// A session's two lists of rows, until both are there.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    ours: Option<BTreeMap<AuthorId, u64>>,
    theirs: Option<BTreeMap<AuthorId, u64>>,
}

impl Comparison {
    /// Takes the rows that this node sends; returns how many entries lack here and there, once known.
    pub(super) fn ours(&mut self, rows: &[Row]) -> Option<(u64, u64)> {
        self.ours = Some(counts(rows));
        self.told()
    }

    /// Takes the rows that the peer sent.
    pub(super) fn theirs(&mut self, rows: &[Row]) -> Option<(u64, u64)> {
        self.theirs = Some(counts(rows));
        self.told()
    }

    fn told(&self) -> Option<(u64, u64)> {
        let (ours, theirs) = (self.ours.as_ref()?, self.theirs.as_ref()?);
        Some((lacking(ours, theirs), lacking(theirs, ours)))
    }
}

/// How many entries each log has.
fn counts(rows: &[Row]) -> BTreeMap<AuthorId, u64> {
    rows.iter().filter_map(Row::head).map(|(author, head)| (author, u64::from(head.seq) + 1)).collect()
}

fn lacking(here: &BTreeMap<AuthorId, u64>, there: &BTreeMap<AuthorId, u64>) -> u64 {
    let lacks = |(author, count): (&AuthorId, &u64)| {
        count.saturating_sub(here.get(author).copied().unwrap_or_default())
    };
    there.iter().map(lacks).sum()
}
