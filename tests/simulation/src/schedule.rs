//! What is planned as a run begins: when people act, when what fails, when who misbehaves.

use multaqa_protocol::id::Millis;
use rand::RngExt;

use crate::profile::Size;
use crate::world::{Event, World};

impl World {
    pub(crate) fn schedule(&mut self) {
        let honest = self.profile.honest;
        for node in 0..honest {
            self.at(1_000, Event::Tick(node));
            let first = self.rng.random_range(100..8_000);
            self.at(first, Event::Compare(node));
            let first = self.rng.random_range(2_000..self.profile.pace(node).1 + 2_000);
            self.at(first, Event::Act(node));
        }
        for peer in honest..self.profile.nodes() {
            let first = self.rng.random_range(1_000..self.profile.mischief.1);
            self.at(first, Event::Mischief(peer));
            let first = self.rng.random_range(100..20_000);
            self.at(first, Event::Compare(peer));
        }
        self.schedule_faults();
        for _ in 0..self.rng.random_range(2..=self.profile.motions) {
            let when = self.some_time(self.profile.busy / 6);
            self.at(when, Event::Motion);
        }
    }

    fn schedule_faults(&mut self) {
        let busy = self.profile.busy;
        for _ in 0..self.rng.random_range(0..=self.profile.crashes) {
            let (when, node) = (self.some_time(0), self.some_honest());
            self.at(when, Event::Crash(node));
        }
        for _ in 0..self.rng.random_range(0..3) {
            let when = self.some_time(0);
            let heals = when + self.rng.random_range(5_000..60_000);
            self.at(when, Event::Partition);
            self.at(heals.min(busy - 1), Event::Heal);
        }
        for _ in 0..self.rng.random_range(0..=self.profile.crashes / 4) {
            let (when, node) = (self.some_time(0), self.some_honest());
            self.at(when, Event::DiskFails(node));
        }
        for _ in 0..self.rng.random_range(0..=self.profile.crashes / 5) {
            let (when, node) = (self.some_time(busy / 8), self.some_honest());
            let later = self.rng.random_range(10_000..100_000);
            self.at(when, Event::Backup(node));
            self.at((when + later).min(busy - 1), Event::Restore(node));
        }
        if self.profile.wild_clocks {
            for _ in 0..self.rng.random_range(0..=self.profile.crashes / 4) {
                let (when, node) = (self.some_time(0), self.some_honest());
                self.at(when, Event::ClockJumps(node));
            }
        }
    }

    /// Returns a time while things happen, not before `from`.
    fn some_time(&mut self, from: Millis) -> Millis {
        self.rng.random_range(from..self.profile.busy)
    }

    pub(crate) fn some_honest(&mut self) -> usize {
        self.rng.random_range(0..self.profile.honest)
    }

    /// Returns a few honest nodes; more of them in a larger network.
    pub(crate) fn some_nodes(&mut self) -> Vec<usize> {
        let most = if self.profile.size == Size::Large { 8 } else { 4 };
        let count = self.rng.random_range(1..most);
        (0..count).map(|_| self.some_honest()).collect()
    }
}
