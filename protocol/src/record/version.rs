//! Which entries are versions of one record (R2).

use std::collections::BTreeMap;

use super::link::Ref;
use crate::id::{AuthorId, EntryId, Seq};

/// What version chains need of one canonical record entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The entry.
    pub id: EntryId,
    /// Its place in the log.
    pub seq: Seq,
    /// Its kind.
    pub kind: String,
    /// What its body says that it replaces.
    pub replaces: Option<Ref>,
}

/// A record in all its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The id of the first version, by which the record is known.
    pub first: EntryId,
    /// All versions in the order of the log; never empty.
    pub versions: Vec<EntryId>,
    /// What the first version says that it replaces, though no earlier entry of the same author and
    /// kind is that: shown, because the record then stands alone.
    pub stray: Option<Ref>,
}

impl Chain {
    /// Returns the version that counts now: the one with the highest seq.
    #[must_use]
    pub fn current(&self) -> EntryId {
        *self.versions.last().unwrap_or(&self.first)
    }
}

/// Returns the records of one author, by first version, from its canonical entries in the order of
/// the log.
#[must_use]
pub fn chains(author: AuthorId, entries: &[Version]) -> BTreeMap<EntryId, Chain> {
    let mut chains: BTreeMap<EntryId, Chain> = BTreeMap::new();
    let mut earlier: BTreeMap<EntryId, (&Version, EntryId)> = BTreeMap::new();
    for entry in entries {
        let replaced = entry.replaces.and_then(|target| {
            let (version, first) = earlier.get(&target.id)?;
            (target.author == author && target.seq == version.seq && version.kind == entry.kind)
                .then_some(*first)
        });
        let first = replaced.unwrap_or(entry.id);
        chains
            .entry(first)
            .or_insert_with(|| Chain { first, versions: Vec::new(), stray: entry.replaces })
            .versions
            .push(entry.id);
        earlier.insert(entry.id, (entry, first));
    }
    chains
}
