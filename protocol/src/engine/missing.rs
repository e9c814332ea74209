//! Bodies that are not here yet (B1): remembered up to a number, the newest of them, and asked for in
//! that order. A member who publishes headers without ever supplying their bodies pushes out what was
//! missed before it, not what comes after.

use std::collections::BTreeMap;

use crate::id::BodyHash;

/// Most bodies that are remembered as missing and asked of every peer; more are found again at the
/// next start.
pub const MAX_MISSING: usize = 10_000;

/// The bodies that are missing.
#[derive(Debug, Default)]
pub(super) struct Missing {
    /// Each with its length, and its number in the order in which they were missed.
    by_hash: BTreeMap<BodyHash, (u64, u64)>,
    by_number: BTreeMap<u64, BodyHash>,
    last: u64,
}

impl Missing {
    /// Notes a body, and forgets the oldest one where there are too many.
    pub(super) fn note(&mut self, hash: BodyHash, len: u64) {
        if self.by_hash.contains_key(&hash) {
            return;
        }
        if self.by_hash.len() == MAX_MISSING
            && let Some((_, oldest)) = self.by_number.pop_first()
        {
            self.by_hash.remove(&oldest);
        }
        self.last += 1;
        self.by_hash.insert(hash, (len, self.last));
        self.by_number.insert(self.last, hash);
    }

    /// Forgets a body: it is here, or need not be asked for.
    pub(super) fn forget(&mut self, hash: &BodyHash) {
        if let Some((_, number)) = self.by_hash.remove(hash) {
            self.by_number.remove(&number);
        }
    }

    /// Returns the length that a missing body has.
    pub(super) fn len_of(&self, hash: &BodyHash) -> Option<u64> {
        self.by_hash.get(hash).map(|(len, _)| *len)
    }

    /// Returns how many are missing.
    pub(super) fn count(&self) -> usize {
        self.by_hash.len()
    }

    /// Returns them, the newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = BodyHash> + '_ {
        self.by_number.values().rev().copied()
    }
}
