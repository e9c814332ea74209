//! What two bundles hold of the same logs: whether one goes further, or they contradict each other (S3, A4).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{AuthorReport, Report};
use crate::id::{AuthorId, EntryId, Seq};

/// How two bundles stand to each other in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Both end at the same entry.
    Same,
    /// The second's last entry is in the first, which goes on.
    FirstFurther,
    /// The first's last entry is in the second, which goes on.
    SecondFurther,
    /// Neither has the other's last entry: somebody showed one history to one and another to the other, or a
    /// rotation left one of them.
    Apart,
    /// The log is in the first alone.
    OnlyFirst,
    /// The log is in the second alone.
    OnlySecond,
}

/// The last entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Last {
    /// Its place.
    pub seq: Seq,
    /// The entry.
    pub id: EntryId,
}

/// One log in two bundles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Whose log it is.
    pub author: AuthorId,
    /// Where it ends in the first.
    pub first: Option<Last>,
    /// Where it ends in the second.
    pub second: Option<Last>,
    /// What follows from that.
    pub relation: Relation,
}

/// Compares the logs of two bundles, by author.
#[must_use]
pub fn compare(first: &Report, second: &Report) -> Vec<Comparison> {
    let [ours, theirs] = [first, second].map(|report| {
        let lasts = report.authors.iter().map(|found: &AuthorReport| (found.author, last(found)));
        lasts.collect::<BTreeMap<AuthorId, Last>>()
    });
    let authors: BTreeSet<&AuthorId> = ours.keys().chain(theirs.keys()).collect();
    let holds = |report: &Report, author: AuthorId, last: Last| {
        report.entry(&last.id).is_some_and(|entry| entry.author == author)
    };
    let compared = authors.into_iter().map(|&author| {
        let both = (ours.get(&author).copied(), theirs.get(&author).copied());
        let relation = match both {
            (Some(one), Some(other)) if one.id == other.id => Relation::Same,
            (Some(_), Some(other)) if holds(first, author, other) => Relation::FirstFurther,
            (Some(one), Some(_)) if holds(second, author, one) => Relation::SecondFurther,
            (Some(_), Some(_)) => Relation::Apart,
            (Some(_), None) => Relation::OnlyFirst,
            (None, _) => Relation::OnlySecond,
        };
        Comparison { author, first: both.0, second: both.1, relation }
    });
    compared.collect()
}

const fn last(found: &AuthorReport) -> Last {
    Last { seq: found.seq, id: found.id }
}
