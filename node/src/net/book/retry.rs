//! When to dial again: delays that grow and are jittered, so that nodes which lost each other at one
//! moment do not come back at one moment.

use std::fmt;
use std::iter::Chain;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

/// The first delay; jitter doubles it at most, as all that follow.
const FIRST_DELAY: Duration = Duration::from_millis(500);
/// The longest delay to a peer that was met lately: a healed partition is noticed within 40 s.
const MET_DELAY: Duration = Duration::from_secs(20);
/// After so many tries, some 22 hours, a peer counts as not met lately.
const MET_TRIES: usize = 2_700;
/// The longest delay to any other: 512 dead addresses then cost about one dial in two seconds.
const LONG_DELAY: Duration = Duration::from_secs(600);

type Backoff = <ExponentialBuilder as BackoffBuilder>::Backoff;

fn delays(first: Duration, longest: Duration) -> ExponentialBuilder {
    ExponentialBuilder::new().with_min_delay(first).with_max_delay(longest).with_jitter()
}

/// The next time to dial, and the delays after it.
pub(super) struct Retry {
    due: Instant,
    delays: Chain<Backoff, Backoff>,
}

impl Retry {
    fn new(due: Instant, met_tries: usize) -> Self {
        let met = delays(FIRST_DELAY, MET_DELAY).with_max_times(met_tries).build();
        let first_long = if met_tries == 0 { FIRST_DELAY } else { MET_DELAY };
        let long = delays(first_long, LONG_DELAY).without_max_times().build();
        Self { due, delays: met.chain(long) }
    }

    /// For a configured address.
    pub(super) fn at_once(now: Instant) -> Self {
        Self::new(now, 0)
    }

    /// For an address just learnt: a moment later, since the other side has learnt ours as well.
    pub(super) fn soon(now: Instant) -> Self {
        let mut retry = Self::new(now, 0);
        retry.put_off(now);
        retry
    }

    /// For a peer that is or was connected; [`Retry::put_off`] when it goes.
    pub(super) fn after_meeting(now: Instant) -> Self {
        Self::new(now, MET_TRIES)
    }

    pub(super) const fn due(&self) -> Instant {
        self.due
    }

    /// Sets the next time by the next delay.
    pub(super) fn put_off(&mut self, now: Instant) {
        self.due = now + self.delays.next().expect("the long delays never end");
    }

    /// Sets the next time to now, if it is later.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.due = self.due.min(now);
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry").field("due", &self.due).finish_non_exhaustive()
    }
}
