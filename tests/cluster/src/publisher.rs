//! Somebody who goes on publishing while things go wrong, and remembers what was acknowledged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::{Answer, Place, string, text, write_practice};

/// Publishes one record after the other through the socket of a running node.
#[derive(Debug, Default)]
pub struct Publisher {
    /// Whether it waits: a command without a running node opens the folder itself, which would keep the next
    /// node from starting. One that is under way at a kill may still do so.
    waits: AtomicBool,
    stopped: AtomicBool,
    acknowledged: Mutex<Vec<String>>,
}

/// Ends a publisher when dropped, also when the test fails.
#[derive(Debug)]
pub struct Stopping<'a>(&'a Publisher);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }
}

impl Publisher {
    /// Returns what ends it.
    #[must_use]
    pub const fn stopping(&self) -> Stopping<'_> {
        Stopping(self)
    }

    /// Lets it wait from now on, or go on.
    pub fn wait(&self, waits: bool) {
        self.waits.store(waits, Ordering::Relaxed);
    }

    /// Returns the ids of the records that the node has acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Publishes practices of some paragraphs, from a file with a name beside the folder, until it is ended.
    pub fn publish(&self, place: &Place, name: &str) {
        let file = place.dir.with_extension(name);
        for number in 0_usize.. {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            if self.waits.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(10));
                continue;
            }
            write_practice(&file, &format!("{name} {number} {}", "débat ".repeat(number % 7 * 40)));
            let answer = Answer::of(&mut place.command(["--json", "publish", text(&file)]));
            if answer.code == 0 {
                let id = string(&answer.object(), "id");
                self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(id);
            }
        }
    }
}
