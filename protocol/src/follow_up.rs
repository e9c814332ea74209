//! What follows from records about other records: how far a plan has come, who took up a practice,
//! what became of proposals, whether an evaluation is one's own, and who co-signed.
//!
//! Everything here is a function of its arguments and is derived anew whenever it is asked for; no
//! figure is stored. Which entries count is for the caller to say: it passes canonical entries that
//! are not withdrawn and do not lie beyond a cut, of each record the version that was current at the
//! date (R2). Dates are those of the entries' `time`, which is a claim (W4, N9), in UTC: a caller that
//! counts days by another clock cuts what it passes.

pub mod assessment;
pub mod plan;
pub mod proposals;
pub mod spread;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::id::{AuthorId, EntryId, Millis, Seq};

pub use assessment::{Assessor, Endorsements, assessor, endorsements};
pub use plan::{FollowUp, follow_up};
pub use proposals::{follow_proposals, origins};
pub use spread::{Spread, spread};

/// A record, and who said it when.
#[derive(Debug, PartialEq, Eq)]
pub struct Said<'a, T> {
    /// The entry.
    pub id: EntryId,
    /// Whose it is.
    pub author: AuthorId,
    /// Its place in the log.
    pub seq: Seq,
    /// When it was signed, as its author claims; Unix milliseconds.
    pub time: Millis,
    /// What it says.
    pub body: &'a T,
}

impl<T> Clone for Said<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Said<'_, T> {}

impl<T> Said<'_, T> {
    /// Returns what decides which of two statements is the later one: the time, within one
    /// millisecond the place in the log, and between logs the id, so that every node says the same.
    const fn order(&self) -> (Millis, Seq, EntryId) {
        (self.time, self.seq, self.id)
    }

    /// Returns the day on which it was signed, in UTC.
    fn day(&self) -> Date {
        day(self.time)
    }
}

/// Returns the day of a moment in UTC; the last day of the calendar for what lies beyond it.
fn day(time: Millis) -> Date {
    let moment = i64::try_from(time).ok().and_then(|time| Timestamp::from_millisecond(time).ok());
    moment.map_or(Date::MAX, |moment| TimeZone::UTC.to_datetime(moment).date())
}
