//! Whose verdict an evaluation is, and who stands by it with a signature of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::Said;
use crate::id::{AuthorId, EntryId};
use crate::record::party::Party;
use crate::record::{Endorse, Place};

#[cfg(test)]
mod tests;

/// Whose verdict an evaluation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assessor {
    /// That of one who carries out what is judged: a self-assessment.
    Implementer,
    /// That of another.
    Other,
}

/// Returns whose verdict an evaluation by `author` is, where `implementers` are the authors who carry
/// out what it judges: the plan's own and those who co-signed the plan as its parties.
#[must_use]
pub fn assessor(author: AuthorId, implementers: &BTreeSet<AuthorId>) -> Assessor {
    if implementers.contains(&author) { Assessor::Implementer } else { Assessor::Other }
}

/// Who co-signed one exact version of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endorsements<'a> {
    /// The co-signatures, one for each author, in the order in which they were made.
    pub by: Vec<Said<'a, Endorse>>,
    /// Those whom the record expects, each with the author who signed for it, if any.
    pub expected: Vec<(&'a Party, Option<AuthorId>)>,
}

impl Endorsements<'_> {
    /// Returns how many of those expected have signed.
    #[must_use]
    pub fn signed(&self) -> usize {
        self.expected.iter().filter(|(_, by)| by.is_some()).count()
    }
}

/// Returns who co-signed the version `target` of a record by `author`.
///
/// An author's own record bears its signature already: its `endorse` of it adds nothing, and where
/// `parties` names it, it has signed. Of several endorsements by one author the latest is shown. A
/// party that is named by its place is recognised by `place_of`, the place that stewards confirm, so
/// that nobody signs for another by claiming its code.
pub fn endorsements<'a>(
    target: EntryId,
    author: AuthorId,
    parties: &'a [Party],
    endorsements: impl IntoIterator<Item = Said<'a, Endorse>>,
    place_of: impl Fn(AuthorId) -> Option<Place>,
) -> Endorsements<'a> {
    let mut latest: BTreeMap<AuthorId, Said<'a, Endorse>> = BTreeMap::new();
    for said in endorsements {
        let names_it =
            said.body.endorses.is_some_and(|endorsed| endorsed.id == target && endorsed.author == author);
        if names_it && said.author != author {
            let kept = latest.entry(said.author).or_insert(said);
            if kept.order() < said.order() {
                *kept = said;
            }
        }
    }
    let signers: Vec<AuthorId> = std::iter::once(author).chain(latest.keys().copied()).collect();
    let is_party = |party: &Party, signer: AuthorId| match party.author {
        Some(author) => author == signer,
        None => party.place.is_some() && place_of(signer) == party.place,
    };
    let signer_of = |party: &Party| signers.iter().copied().find(|signer| is_party(party, *signer));
    let expected = parties.iter().map(|party| (party, signer_of(party))).collect();
    let mut by: Vec<_> = latest.into_values().collect();
    by.sort_by_key(Said::order);
    Endorsements { by, expected }
}
