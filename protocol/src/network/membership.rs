//! Who belongs: the stewards' decisions joined with what each author says of itself (N5), the table
//! of members, and its totals (N10).
//!
//! Every answer is as of the date of the [`Governance`] it comes from (N9): one that was computed as
//! of a date looks at each author's statements up to then only, on the log that is canonical today.

use std::collections::BTreeMap;

use super::governance::Governance;
use super::statement::{Known, Says};
use crate::id::{AuthorId, BodyHash, EntryId, Millis, Seq};
use crate::log::Choice;

/// How an author stands to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Membership {
    /// Admitted and joined, its log not closed.
    Member,
    /// Admitted; its own `join` is not known.
    Admitted,
    /// Listed, and no longer admitted.
    Suspended {
        /// The last entry that still counts.
        upto: Seq,
    },
    /// Admitted; its latest word is `leave`.
    Left,
    /// Admitted; its log is closed.
    Closed,
    /// Joined and not listed (N12).
    Candidate,
    /// None of these.
    Outside,
}

/// An author's latest canonical `join`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The entry.
    pub entry: EntryId,
    /// The author's claim of when.
    pub time: Millis,
    /// The version of the charter that was read.
    pub charter: BodyHash,
}

/// A row of the member table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The author.
    pub author: AuthorId,
    /// How it stands to the network.
    pub membership: Membership,
    /// Whether it is a current steward, which alone does not make it a member.
    pub is_steward: bool,
    /// Its place as k stewards confirm it.
    pub place: Option<String>,
    /// Its level as k stewards confirm it.
    pub level: Option<String>,
    /// Its `join`, where that is its latest word.
    pub joining: Option<Joining>,
}

/// Numbers of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All members.
    pub members: u64,
    /// Members of each level that k stewards confirm.
    pub levels: BTreeMap<String, u64>,
    /// Members whose level k stewards do not confirm.
    pub unconfirmed: u64,
}

/// A total as somebody publishes it, with the parts that it is said to have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// The total.
    pub total: u64,
    /// Its parts, by level.
    pub levels: BTreeMap<String, u64>,
}

/// A declared total that is not the sum of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is declared.
    pub total: u64,
    /// What the parts add up to.
    pub sum: u64,
}

impl Governance {
    /// Returns how `author` stands to the network, by its canonical log under `choice`, which is
    /// made with today's [`Governance::pin`] and [`Governance::cut`].
    #[must_use]
    pub fn membership(&self, author: AuthorId, known: &Known, choice: &Choice) -> Membership {
        self.own_word(author, known, choice).membership(self, author)
    }

    /// Returns when `author`, if it is a member, says that it joined, by its canonical log under `choice`.
    #[must_use]
    pub fn member_since(&self, author: AuthorId, known: &Known, choice: &Choice) -> Option<Millis> {
        let word = self.own_word(author, known, choice);
        let joining = word.joining.filter(|_| word.membership(self, author) == Membership::Member);
        joining.map(|joining| joining.time)
    }

    /// Returns the row of every author that is a steward, named by stewards, or a candidate, by
    /// author. `choose` gives the choice of a log under today's pin and cut; finding the pin's place
    /// can take the store.
    #[must_use]
    pub fn members(
        &self,
        logs: &BTreeMap<AuthorId, Known>,
        mut choose: impl FnMut(AuthorId, &Known) -> Choice,
    ) -> Vec<Member> {
        let mut rows: BTreeMap<AuthorId, OwnWord> = self
            .stewards()
            .iter()
            .chain(self.standings().keys())
            .map(|author| (*author, OwnWord::default()))
            .collect();
        for (author, known) in logs {
            rows.insert(*author, self.own_word(*author, known, &choose(*author, known)));
        }
        let row = |(author, word): (AuthorId, OwnWord)| {
            let standing = self.standing(author);
            Member {
                author,
                membership: word.membership(self, author),
                is_steward: self.is_steward(author),
                place: standing.and_then(|standing| standing.place.clone()),
                level: standing.and_then(|standing| standing.level.clone()),
                joining: word.joining,
            }
        };
        let belongs = |row: &Member| {
            row.membership != Membership::Outside || row.is_steward || self.standing(row.author).is_some()
        };
        rows.into_iter().map(row).filter(belongs).collect()
    }

    /// Reads what an author says of itself.
    fn own_word(&self, author: AuthorId, known: &Known, choice: &Choice) -> OwnWord {
        let mut word = OwnWord::default();
        let Some(limit) = self.limit(author) else {
            return word;
        };
        for statement in known.canonical(choice, limit) {
            match &statement.says {
                Says::Join { net, charter } if *net == self.net() => {
                    word.joining =
                        Some(Joining { entry: statement.id, time: statement.time, charter: *charter });
                    word.has_left = false;
                }
                Says::Leave { net } if *net == self.net() => {
                    word.joining = None;
                    word.has_left = true;
                }
                _ => {}
            }
        }
        let mut until = choice.clone();
        until.head = choice.at(limit).unwrap_or(choice.head);
        word.is_closed = known.log.is_closed(&until);
        word
    }
}

/// What an author says of itself.
#[derive(Clone, Copy, Default)]
struct OwnWord {
    joining: Option<Joining>,
    has_left: bool,
    is_closed: bool,
}

impl OwnWord {
    fn membership(&self, governance: &Governance, author: AuthorId) -> Membership {
        let (listed, admitted, cut) = governance
            .standing(author)
            .map_or((false, false, None), |standing| (standing.listed, standing.admitted, standing.cut));
        match (admitted, listed, cut) {
            (true, _, _) if self.is_closed => Membership::Closed,
            (true, _, _) if self.joining.is_some() => Membership::Member,
            (true, _, _) if self.has_left => Membership::Left,
            (true, _, _) => Membership::Admitted,
            (false, true, Some(upto)) => Membership::Suspended { upto },
            (false, false, _) if self.joining.is_some() && !self.is_closed => Membership::Candidate,
            _ => Membership::Outside,
        }
    }
}

impl Totals {
    /// Counts the members among `rows`, per level (N10).
    #[must_use]
    pub fn count(rows: &[Member]) -> Self {
        let mut totals = Self::default();
        for row in rows.iter().filter(|row| row.membership == Membership::Member) {
            totals.members += 1;
            match &row.level {
                Some(level) => *totals.levels.entry(level.clone()).or_default() += 1,
                None => totals.unconfirmed += 1,
            }
        }
        totals
    }
}

impl Declared {
    /// Compares the total with the sum of its parts (N10); `None` where they agree.
    #[must_use]
    pub fn difference(&self) -> Option<Difference> {
        let sum = self.levels.values().fold(0, |sum: u64, part| sum.saturating_add(*part));
        (sum != self.total).then_some(Difference { total: self.total, sum })
    }
}
