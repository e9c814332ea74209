//! Delays in virtual time, in place of the crate `futures-timer`, by which libp2p waits.
//!
//! A delay ends when the clock has been moved past its end. Whoever moves the clock asks [`next`] how
//! far, then calls [`advance`].

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use web_time::Instant;

/// Who waits, by when and in the order of asking.
static WAITING: Mutex<(u64, BTreeMap<(Instant, u64), Waker>)> = Mutex::new((0, BTreeMap::new()));

fn waiting() -> MutexGuard<'static, (u64, BTreeMap<(Instant, u64), Waker>)> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the end of the delay that ends first.
#[must_use]
pub fn next() -> Option<Instant> {
    waiting().1.first_key_value().map(|((at, _), _)| *at)
}

/// Moves the clock to `now` and wakes who has waited for that.
pub fn advance(now: Instant) {
    web_time::set(now);
    loop {
        let mut waiting = waiting();
        match waiting.1.first_entry() {
            Some(first) if first.key().0 <= now => {
                let waker = first.remove();
                drop(waiting);
                waker.wake();
            }
            _ => return,
        }
    }
}

/// A future that is ready after some virtual time.
#[derive(Debug)]
pub struct Delay {
    end: Instant,
    number: Option<u64>,
}

impl Delay {
    /// Returns a future that is ready after `duration`.
    #[must_use]
    pub fn new(duration: Duration) -> Self {
        Self { end: Instant::now() + duration, number: None }
    }

    /// Lets it be ready `duration` from now.
    pub fn reset(&mut self, duration: Duration) {
        self.forget();
        self.end = Instant::now() + duration;
    }

    fn forget(&mut self) {
        if let Some(number) = self.number.take() {
            waiting().1.remove(&(self.end, number));
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.end {
            self.forget();
            return Poll::Ready(());
        }
        let mut waiting = waiting();
        let number = self.number.unwrap_or_else(|| {
            waiting.0 += 1;
            waiting.0
        });
        waiting.1.insert((self.end, number), cx.waker().clone());
        drop(waiting);
        self.number = Some(number);
        Poll::Pending
    }
}

impl Drop for Delay {
    fn drop(&mut self) {
        self.forget();
    }
}
