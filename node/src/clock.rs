//! This machine's clock, which is right or wrong (what is signed by it is the driver's part, W3), and the
//! time zone in which people read it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use multaqa_protocol::id::Millis;

/// Morocco's time zone, out of the rules that come with the program: what a date means depends neither on the
/// machine's zone nor on its files. The clock there is an hour behind the rest of the year in Ramadan.
static MOROCCO: LazyLock<TimeZone> = LazyLock::new(|| {
    TimeZoneDatabase::bundled().get("Africa/Casablanca").expect("the rules come with the program")
});

/// Returns the time in Unix milliseconds; 0 before 1970.
pub(crate) fn now() -> Millis {
    Millis::try_from(Timestamp::now().as_millisecond()).unwrap_or(0)
}

/// The clock that a node decides by: this machine's. A test may set it ahead, for all who hold a clone, and so
/// let weeks pass.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds.
    ahead: Arc<AtomicU64>,
}

impl Clock {
    /// Returns the time in Unix milliseconds.
    #[must_use]
    pub fn now(&self) -> Millis {
        now().saturating_add(self.ahead.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Returns the date and time of a moment in Morocco; nothing for one beyond the year 9999.
pub(crate) fn in_morocco(moment: Millis) -> Option<DateTime> {
    let moment = Timestamp::from_millisecond(i64::try_from(moment).ok()?).ok()?;
    Some(MOROCCO.to_datetime(moment))
}

/// Returns the first and the last moment of a day in Morocco; nothing for a day before 1970 or beyond 9999.
pub(crate) fn day_in_morocco(day: Date) -> Option<(Millis, Millis)> {
    let start = |day: Date| {
        let start = day.to_zoned_datetime(MOROCCO.clone()).ok()?;
        Millis::try_from(start.timestamp().as_millisecond()).ok()
    };
    Some((start(day)?, start(day.tomorrow().ok()?)?.checked_sub(1)?))
}

#[cfg(test)]
mod tests;
