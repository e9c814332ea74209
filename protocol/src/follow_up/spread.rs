//! How a practice spread: who takes it up, since when, how far they have come.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Said;
use crate::id::{AuthorId, EntryId, Millis};
use crate::record::Adoption;

#[cfg(test)]
mod tests;

/// Who had taken up a practice at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread<'a> {
    /// The adopters, in the order in which they first spoke.
    pub adopters: Vec<Adopter<'a>>,
    /// Adoptions by the practice's own author, which are no spread.
    pub own: Vec<EntryId>,
}

/// One who took up a practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopter<'a> {
    /// What it last said, with the state and the exact version that it took up.
    pub latest: Said<'a, Adoption>,
    /// When it first spoke, Unix milliseconds.
    pub since: Millis,
    /// All that it said, oldest first, the latest included.
    pub statements: Vec<EntryId>,
}

impl<'a> Adopter<'a> {
    /// Returns how far it has come, as a code of an open vocabulary.
    #[must_use]
    pub fn state(&self) -> &'a str {
        self.latest.body.state.as_str()
    }

    /// Returns the exact version that it took up.
    #[must_use]
    pub fn version(&self) -> Option<EntryId> {
        self.latest.body.practice.map(|practice| practice.id)
    }
}

impl<'a> Spread<'a> {
    /// Returns how many adopters stand in each state, by code; what is unknown stands for itself.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<&'a str, usize> {
        let mut counts = BTreeMap::new();
        for adopter in &self.adopters {
            *counts.entry(adopter.state()).or_default() += 1;
        }
        counts
    }

    /// Returns the adopters who took up another version than `current` and have not given it up: those
    /// to be told of a new version.
    pub fn behind(&self, current: EntryId) -> impl Iterator<Item = &Adopter<'a>> {
        self.adopters
            .iter()
            .filter(move |adopter| adopter.version() != Some(current) && adopter.state() != "abandoned")
    }
}

/// Returns how a practice of `author` had spread at the end of `as_of`, from adoptions of any of its
/// versions. Of several by one adopter the latest says how far it has come.
pub fn spread<'a>(
    author: AuthorId,
    as_of: Date,
    adoptions: impl IntoIterator<Item = Said<'a, Adoption>>,
) -> Spread<'a> {
    let mut said: Vec<_> = adoptions.into_iter().filter(|said| said.day() <= as_of).collect();
    said.sort_by_key(Said::order);
    let mut spread = Spread { adopters: Vec::new(), own: Vec::new() };
    let mut at: BTreeMap<AuthorId, usize> = BTreeMap::new();
    for latest in said {
        if latest.author == author {
            spread.own.push(latest.id);
        } else if let Some(adopter) = at.get(&latest.author).and_then(|at| spread.adopters.get_mut(*at)) {
            adopter.latest = latest;
            adopter.statements.push(latest.id);
        } else {
            at.insert(latest.author, spread.adopters.len());
            spread.adopters.push(Adopter { latest, since: latest.time, statements: vec![latest.id] });
        }
    }
    spread
}
