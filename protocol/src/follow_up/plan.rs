//! How far a plan had come at a date, derived from progress records.
//!
//! What is counted are *steps*: the milestones of every commitment, and a commitment that has none as
//! one step of its own. A plan's own milestones are dates of its making and are not counted. The
//! percentage is the share of steps that are complete among all that are not abandoned. A step of
//! which nobody reported has not started.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date as Day;

use super::Said;
use crate::id::{AuthorId, EntryId};
use crate::record::code::MilestoneStatus;
use crate::record::evidence::Declared;
use crate::record::plan::{Commitment, Milestone};
use crate::record::progress::MilestoneState;
use crate::record::{Date, Plan, Progress};

#[cfg(test)]
mod tests;

/// Days without a change of status after which a step that has begun, or should have, is stalled: half
/// a year, a quarter of the two years that a programme lasts.
pub const STALLED_AFTER_DAYS: u32 = 183;

/// How far a plan had come at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUp<'a> {
    /// The date: what was signed until its end counts.
    pub as_of: Day,
    /// The commitments, in the plan's order.
    pub commitments: Vec<Followed<'a>>,
    /// The count over all of them.
    pub tally: Tally,
    /// The rate that was declared last, beside the derived one.
    pub declared: Option<Comparison<'a>>,
    /// States of steps that the plan does not have, with the reports that hold them.
    pub unresolved: Vec<Unresolved<'a>>,
    /// Reports by authors who do not carry the plan out; they change nothing.
    pub by_others: Vec<EntryId>,
}

/// How far a commitment had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed<'a> {
    /// The commitment.
    pub commitment: &'a Commitment,
    /// Its milestones, or itself where it has none.
    pub steps: Vec<Step<'a>>,
    /// The count over them.
    pub tally: Tally,
    /// The rate that was declared last for it, beside the derived one.
    pub declared: Option<Comparison<'a>>,
}

/// How far one step had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The milestone; `None` for a commitment that has none.
    pub milestone: Option<&'a Milestone>,
    /// Its status.
    pub status: MilestoneStatus,
    /// The reports since it has that status, oldest first: what the status rests on.
    pub reports: Vec<Report<'a>>,
    /// When it is due: the end of the milestone, else its date, else the end of the commitment.
    pub due: Option<Date>,
    /// Whether it is on time.
    pub pace: Pace,
}

/// What a progress record says of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report<'a> {
    /// The progress record.
    pub said: Said<'a, Progress>,
    /// What it says of the step.
    pub state: &'a MilestoneState,
}

/// Whether a step is on time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It is complete or abandoned.
    Settled,
    /// It is neither late nor at rest.
    OnTime,
    /// Its due date is past by so many days.
    Overdue {
        /// Days since the last one on which it was on time.
        days: u32,
    },
    /// It has begun, or should have, and has not changed for more than [`STALLED_AFTER_DAYS`].
    Stalled {
        /// Days since it came to its status, or since it should have begun.
        days: u32,
    },
}

/// A count of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps by the code of their status; an unknown one stands for itself, and is not complete.
    pub by_status: BTreeMap<String, u64>,
    /// Steps that are complete and have evidence.
    pub evidenced: u64,
}

/// A declared rate beside the derived one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// What was declared, by whom and when.
    pub declared: &'a Declared,
    /// Whether it is another than the derived rate; where no rate can be derived, it is.
    pub differs: bool,
}

/// A state of a step that the plan does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unresolved<'a> {
    /// The progress record.
    pub report: EntryId,
    /// The commitment that it names.
    pub commitment: &'a str,
    /// The milestone that it names.
    pub milestone: Option<&'a str>,
}

impl Step<'_> {
    /// Tells whether one of the reports on which the status rests has evidence.
    #[must_use]
    pub fn has_evidence(&self) -> bool {
        self.reports.iter().any(|report| report.state.has_evidence())
    }

    /// Returns the day since which it has its status, `None` where nobody reported.
    #[must_use]
    pub fn since(&self) -> Option<Day> {
        let first = self.reports.first()?;
        let claimed = first.state.date.or(first.said.body.as_of).map(Date::last);
        let signed = first.said.day();
        Some(claimed.map_or(signed, |claimed| claimed.min(signed)))
    }
}

impl Tally {
    /// Returns how many steps there are.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.by_status.values().sum()
    }

    /// Returns how many steps have a status.
    #[must_use]
    pub fn of(&self, status: &str) -> u64 {
        self.by_status.get(status).copied().unwrap_or_default()
    }

    /// Returns how many steps are complete.
    #[must_use]
    pub fn complete(&self) -> u64 {
        self.of(COMPLETE)
    }

    /// Returns how many steps are counted: those that are not abandoned.
    #[must_use]
    pub fn counted(&self) -> u64 {
        self.steps() - self.of(ABANDONED)
    }

    /// Returns the share of counted steps that are complete, in whole per cent, rounded down so that
    /// 100 means all of them; `None` where none is counted.
    #[must_use]
    pub fn percent(&self) -> Option<u64> {
        (self.complete() * 100).checked_div(self.counted())
    }

    /// Tells whether a declared rate is the derived one, rounded up or down.
    fn is_rate(&self, percent: u64) -> bool {
        self.percent().is_some_and(|down| {
            let is_whole = (self.complete() * 100).is_multiple_of(self.counted());
            percent == down || (!is_whole && percent == down + 1)
        })
    }

    fn add(&mut self, step: &Step<'_>) {
        *self.by_status.entry(step.status.as_str().to_owned()).or_default() += 1;
        self.evidenced += u64::from(step.status.as_str() == COMPLETE && step.has_evidence());
    }
}

impl<'a> FollowUp<'a> {
    /// Returns the steps, each with its commitment.
    pub fn steps(&self) -> impl Iterator<Item = (&'a Commitment, &Step<'a>)> {
        self.commitments.iter().flat_map(|of| of.steps.iter().map(|step| (of.commitment, step)))
    }

    /// Returns the steps whose due date is past.
    pub fn overdue(&self) -> impl Iterator<Item = (&'a Commitment, &Step<'a>)> {
        self.steps().filter(|(_, step)| matches!(step.pace, Pace::Overdue { .. }))
    }

    /// Returns the steps that have not moved for long.
    pub fn stalled(&self) -> impl Iterator<Item = (&'a Commitment, &Step<'a>)> {
        self.steps().filter(|(_, step)| matches!(step.pace, Pace::Stalled { .. }))
    }
}

const NOT_STARTED: &str = "not_started";
const COMPLETE: &str = "complete";
const ABANDONED: &str = "abandoned";

/// A step's place: the commitment's id, and the milestone's.
type Key<'a> = (&'a str, Option<&'a str>);

/// Returns how far `plan` had come at the end of `as_of`.
///
/// `reports` are progress records about any version of the plan; those by an author not among
/// `implementers` (the plan's own author, and those who co-signed it as its parties) change nothing.
/// Of several reports about one step the latest by signing counts.
pub fn follow_up<'a>(
    plan: &'a Plan,
    implementers: &BTreeSet<AuthorId>,
    as_of: Day,
    reports: impl IntoIterator<Item = Said<'a, Progress>>,
) -> FollowUp<'a> {
    let mut said: Vec<_> = reports.into_iter().filter(|said| said.day() <= as_of).collect();
    said.sort_by_key(Said::order);
    let (ours, others): (Vec<_>, Vec<_>) =
        said.into_iter().partition(|said| implementers.contains(&said.author));
    let mut runs: BTreeMap<Key<'a>, Vec<Report<'a>>> = BTreeMap::new();
    for said in ours {
        for state in &said.body.milestones {
            let run = runs.entry((&said.body.commitment, state.milestone.as_deref())).or_default();
            if run.last().is_some_and(|last| last.state.status != state.status) {
                run.clear();
            }
            run.push(Report { said, state });
        }
    }
    let commitments: Vec<_> =
        plan.commitments.iter().map(|commitment| followed(commitment, &mut runs, as_of)).collect();
    let mut tally = Tally::default();
    commitments.iter().flat_map(|of| &of.steps).for_each(|step| tally.add(step));
    let mut by_others: Vec<EntryId> = others.iter().map(|said| said.id).collect();
    by_others.dedup();
    FollowUp {
        as_of,
        declared: compare(&plan.declared, &tally, as_of),
        commitments,
        tally,
        unresolved: unresolved(&runs),
        by_others,
    }
}

fn followed<'a>(
    commitment: &'a Commitment,
    runs: &mut BTreeMap<Key<'a>, Vec<Report<'a>>>,
    as_of: Day,
) -> Followed<'a> {
    let mut take = |milestone: Option<&'a Milestone>| {
        let key = match milestone {
            // Nobody can point at a milestone without an id.
            Some(milestone) => milestone.id.as_deref().map(|id| (commitment.id.as_str(), Some(id))),
            None => Some((commitment.id.as_str(), None)),
        };
        let reports = key.and_then(|key| runs.remove(&key)).unwrap_or_default();
        step(commitment, milestone, reports, as_of)
    };
    let steps: Vec<_> = if commitment.milestones.is_empty() {
        vec![take(None)]
    } else {
        commitment.milestones.iter().map(|milestone| take(Some(milestone))).collect()
    };
    let mut tally = Tally::default();
    steps.iter().for_each(|step| tally.add(step));
    let declared = compare(&commitment.declared, &tally, as_of);
    Followed { commitment, steps, tally, declared }
}

fn step<'a>(
    commitment: &'a Commitment,
    milestone: Option<&'a Milestone>,
    reports: Vec<Report<'a>>,
    as_of: Day,
) -> Step<'a> {
    let (start, own_due) = match milestone {
        Some(milestone) => (milestone.start, milestone.end.or(milestone.date)),
        None => (commitment.period.start, None),
    };
    let status = reports.last().map_or_else(|| NOT_STARTED.into(), |report| report.state.status.clone());
    let due = own_due.or(commitment.period.end);
    let mut step = Step { milestone, status, reports, due, pace: Pace::OnTime };
    step.pace = pace(&step, start, as_of);
    step
}

fn pace(step: &Step<'_>, start: Option<Date>, as_of: Day) -> Pace {
    if matches!(step.status.as_str(), COMPLETE | ABANDONED) {
        return Pace::Settled;
    }
    if let Some(days) = step.due.map(|due| days_between(due.last(), as_of)).filter(|days| *days > 0) {
        return Pace::Overdue { days };
    }
    let should_have = start.map(Date::last);
    let at_rest = if step.status.as_str() == NOT_STARTED { should_have } else { step.since() };
    match at_rest.map(|since| days_between(since, as_of)) {
        Some(days) if days > STALLED_AFTER_DAYS => Pace::Stalled { days },
        _ => Pace::OnTime,
    }
}

/// Returns the days from `from` to `to`, 0 where `to` is the earlier one.
fn days_between(from: Day, to: Day) -> u32 {
    u32::try_from((to - from).get_days()).unwrap_or_default()
}

/// Returns the last rate that was declared by `as_of`, beside the derived one.
fn compare<'a>(declared: &'a [Declared], tally: &Tally, as_of: Day) -> Option<Comparison<'a>> {
    let known = declared.iter().filter_map(|declared| Some((declared.percent?, declared)));
    let until = known.filter(|(_, declared)| declared.as_of.is_none_or(|date| date.first() <= as_of));
    let (percent, declared) = until.max_by_key(|(_, declared)| declared.as_of)?;
    Some(Comparison { declared, differs: !tally.is_rate(percent) })
}

/// Returns the states that no step took.
fn unresolved<'a>(runs: &BTreeMap<Key<'a>, Vec<Report<'a>>>) -> Vec<Unresolved<'a>> {
    let left = runs.iter().flat_map(|((commitment, milestone), reports)| {
        reports.iter().map(|report| Unresolved { report: report.said.id, commitment, milestone: *milestone })
    });
    left.collect()
}
