//! How often somebody may try to sign in: by name, and all together. In memory: a start forgets it.

use std::collections::BTreeMap;

use multaqa_protocol::engine::quota::{Bucket, Rate};
use multaqa_protocol::id::Millis;

/// Names whose tries are counted; beyond, those that lack nothing are forgotten, then all.
pub const MAX_NAMES: usize = 1_024;
/// What one try costs, in the units of the rates: seconds of waiting.
const COST: u64 = 30;
/// Tries of one name: five at once, then one in thirty seconds, which is a thousand guesses in eight hours.
const NAME: Rate = Rate { burst: 5 * COST, per_second: 1 };
/// Tries of all names together: sixty at once, then one a second.
const ALL: Rate = Rate { burst: 60, per_second: 1 };

/// The tries that are left.
#[derive(Debug)]
pub(super) struct Attempts {
    names: BTreeMap<String, Bucket>,
    all: Bucket,
}

impl Attempts {
    pub(super) fn new(now: Millis) -> Self {
        Self { names: BTreeMap::new(), all: Bucket::full(ALL, now) }
    }

    /// Tells whether a name may be tried once more now.
    pub(super) fn take(&mut self, name: &str, now: Millis) -> bool {
        if !self.names.contains_key(name) && self.names.len() >= MAX_NAMES {
            self.names.retain(|_, bucket| !bucket.is_full(now));
            if self.names.len() >= MAX_NAMES {
                self.names.clear();
            }
        }
        let bucket = self.names.entry(name.to_owned()).or_insert_with(|| Bucket::full(NAME, now));
        bucket.has(COST, now) && self.all.take(1, now) && bucket.take(COST, now)
    }

    /// Forgets the tries of a name whose password was right.
    pub(super) fn forget(&mut self, name: &str) {
        self.names.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_tried_five_times_and_then_once_in_half_a_minute() {
        let mut attempts = Attempts::new(0);
        assert_eq!((0..8).filter(|_| attempts.take("fatima", 0)).count(), 5);
        assert!(attempts.take("said", 0));
        assert!(!attempts.take("fatima", 29_000));
        assert!(attempts.take("fatima", 30_000));
        assert!(!attempts.take("fatima", 30_001));
        attempts.forget("fatima");
        assert!(attempts.take("fatima", 30_002));
    }

    #[test]
    fn many_names_are_held_back_together_and_take_little_room() {
        let mut attempts = Attempts::new(0);
        let taken = (0..500).filter(|number| attempts.take(&number.to_string(), 0)).count();
        assert_eq!(taken, 60);
        for number in 0..5_000_u64 {
            attempts.take(&number.to_string(), number * 1_000);
        }
        assert!(attempts.names.len() <= MAX_NAMES);
    }
}
