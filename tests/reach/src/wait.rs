//! Waiting for what the network brings, and telling how long it took.

use std::io::{self, Write};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is looked at: each look is a process.
const LOOK: Duration = Duration::from_millis(250);

/// A moment to count from, and the longest time after it.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    since: Instant,
    longest: Duration,
}

impl Limit {
    /// Returns a limit so many seconds from now.
    #[must_use]
    pub fn seconds(longest: u64) -> Self {
        Self { since: Instant::now(), longest: Duration::from_secs(longest) }
    }

    /// Returns the seconds since it was set.
    #[must_use]
    pub fn elapsed(&self) -> f64 {
        self.since.elapsed().as_secs_f64()
    }

    /// Waits until something holds; returns what it gives, and the seconds since the limit was set.
    ///
    /// # Panics
    ///
    /// If it does not within the limit; it says what was lacking at last.
    pub fn wait<T>(&self, mut holds: impl FnMut() -> Result<T, String>) -> (T, f64) {
        loop {
            match holds() {
                Ok(value) => return (value, self.elapsed()),
                Err(lacking) => {
                    assert!(self.since.elapsed() < self.longest, "after {:?}: {lacking}", self.longest);
                }
            }
            thread::sleep(LOOK);
        }
    }
}

/// Tells how long something took, also where the test passes.
pub fn figure(what: &str, seconds: f64) {
    tell(&format!("{what}: {seconds:.1} s"));
}

/// Tells what was measured, also where the test passes.
pub fn tell(what: &str) {
    // Not a macro of the test harness, which shows a passing test's output to nobody.
    let _ = writeln!(io::stderr(), "reach: {what}");
}
