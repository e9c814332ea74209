//! What became of proposals, and from which of them a commitment came.

use std::collections::{BTreeMap, BTreeSet};

use super::Said;
use crate::id::EntryId;
use crate::record::plan::Commitment;
use crate::record::{Proposal, Ref, Words};

#[cfg(test)]
mod tests;

/// A proposal, followed through mergers to where it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed<'a> {
    /// The proposal.
    pub proposal: Said<'a, Proposal>,
    /// The record of it: its first version.
    pub record: EntryId,
    /// The records of the proposals into which it was merged, one after the other.
    pub through: Vec<EntryId>,
    /// What became of it in the end.
    pub end: End<'a>,
}

/// What became of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End<'a> {
    /// Nothing was decided yet, or nothing that this version understands.
    Open,
    /// It turned into a commitment.
    Commitment {
        /// The record of the plan: its first version.
        plan: EntryId,
        /// The commitment's id inside the plan.
        commitment: &'a str,
    },
    /// It was not taken up.
    Declined {
        /// Why.
        reason: &'a Words,
    },
    /// It was merged into one that is not held here yet (R1).
    NotHeld(Ref),
    /// It was merged into one that was merged into it.
    Circle,
}

/// Follows each proposal through mergers to where it ended. `record_of` returns the first version of
/// the record of which an entry is a version (R2), the entry itself where it is not known.
pub fn follow_proposals<'a>(
    proposals: impl IntoIterator<Item = Said<'a, Proposal>>,
    record_of: impl Fn(EntryId) -> EntryId,
) -> Vec<Followed<'a>> {
    let all: BTreeMap<EntryId, Said<'a, Proposal>> =
        proposals.into_iter().map(|said| (record_of(said.id), said)).collect();
    all.iter()
        .map(|(record, said)| {
            let (through, end) = follow(*record, said.body, &all, &record_of);
            Followed { proposal: *said, record: *record, through, end }
        })
        .collect()
}

fn follow<'a>(
    record: EntryId,
    mut proposal: &'a Proposal,
    all: &BTreeMap<EntryId, Said<'a, Proposal>>,
    record_of: &impl Fn(EntryId) -> EntryId,
) -> (Vec<EntryId>, End<'a>) {
    let mut through = Vec::new();
    let mut seen = BTreeSet::from([record]);
    loop {
        let Some(became) = &proposal.became else { return (through, End::Open) };
        let end = match (became.state.as_str(), &became.plan, &became.commitment, &became.merged_into) {
            ("commitment", Some(plan), Some(commitment), _) => {
                End::Commitment { plan: record_of(plan.id), commitment }
            }
            ("declined", ..) => End::Declined { reason: &became.reason },
            ("merged", _, _, Some(target)) => {
                let next = record_of(target.id);
                match all.get(&next) {
                    _ if !seen.insert(next) => End::Circle,
                    Some(said) => {
                        through.push(next);
                        proposal = said.body;
                        continue;
                    }
                    None => End::NotHeld(*target),
                }
            }
            _ => End::Open,
        };
        return (through, end);
    }
}

/// A proposal from which a commitment came, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The record of the proposal: its first version.
    pub record: EntryId,
    /// Whether the proposal, or one into which it was merged, says that it became the commitment.
    pub proposal_says: bool,
    /// Whether the commitment says that it came from the proposal.
    pub commitment_says: bool,
}

/// Returns the proposals from which a commitment of the plan whose first version is `plan` came, by the
/// ids of their records: by what they say of themselves, and by what the commitment says.
#[must_use]
pub fn origins(
    plan: EntryId,
    commitment: &Commitment,
    followed: &[Followed<'_>],
    record_of: impl Fn(EntryId) -> EntryId,
) -> Vec<Origin> {
    let became = End::Commitment { plan, commitment: &commitment.id };
    let said = followed.iter().filter(|followed| followed.end == became).map(|followed| followed.record);
    let said: BTreeSet<EntryId> = said.collect();
    let named: BTreeSet<EntryId> = commitment.proposals.iter().map(|named| record_of(named.id)).collect();
    said.union(&named)
        .map(|record| Origin {
            record: *record,
            proposal_says: said.contains(record),
            commitment_says: named.contains(record),
        })
        .collect()
}
