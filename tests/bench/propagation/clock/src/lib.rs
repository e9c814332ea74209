//! The clock of the measurement, in place of the crate `web-time`, through which libp2p reads the time.
//!
//! It stands still until [`set`] moves it, for all threads of the process. What is here is what libp2p
//! uses of `std::time`, with the same meaning.

use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::sync::atomic::{AtomicU64, Ordering};

pub use std::time::{Duration, SystemTime, SystemTimeError, UNIX_EPOCH};

/// Nanoseconds since the beginning. It begins at an hour, so that a time before the first can be told.
static NOW: AtomicU64 = AtomicU64::new(3_600_000_000_000);

/// A point in virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Duration);

/// Moves the clock to `now`.
pub fn set(now: Instant) {
    NOW.store(u64::try_from(now.0.as_nanos()).unwrap_or(u64::MAX), Ordering::SeqCst);
}

impl Instant {
    /// Returns the time.
    #[must_use]
    pub fn now() -> Self {
        Self(Duration::from_nanos(NOW.load(Ordering::SeqCst)))
    }

    /// Returns the time since `earlier`, zero where that is later.
    #[must_use]
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.saturating_duration_since(earlier)
    }

    /// Returns the time since `earlier`, `None` where that is later.
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0)
    }

    /// Returns the time since `earlier`, zero where that is later.
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the time since then.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Self::now().saturating_duration_since(*self)
    }

    /// Returns the point `duration` later, `None` beyond all time.
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration).map(Self)
    }

    /// Returns the point `duration` earlier, `None` before all time.
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Self> {
        self.0.checked_sub(duration).map(Self)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Instant {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        Self(self.0 - duration)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.saturating_duration_since(earlier)
    }
}
