//! A forker signs many entries after one, again and again, each time a step further back, and shows
//! every node others of them. It tries to make honest nodes store and gossip without end: S4 lets them
//! keep two children of the head for each step back.

use rand::prelude::*;

use crate::author::Own;
use crate::world::World;

impl World {
    pub(super) fn fork(&mut self, peer: usize) {
        if self.authors[peer].own.len() < 8 || self.rng.random_ratio(1, 5) {
            let written: Vec<_> = (0..3)
                .map(|_| {
                    let body = self.record();
                    self.write(peer, "practice", body)
                })
                .collect();
            let to = self.some_nodes();
            return self.show(peer, &written, &to);
        }
        if self.rng.random_ratio(1, 6) {
            return self.rotations(peer, 1);
        }
        let parent = self.a_step_back(peer);
        let children = self.flood_len();
        self.note(format_args!("n{peer} signs {children} entries after {parent:?}"));
        self.hostile(peer).tips.clear();
        for _ in 0..children {
            let branch = self.branch(peer, parent, 1);
            let to = self.some_nodes();
            self.show(peer, &branch, &to);
            self.hostile(peer).tips.push(branch[0].signed.id());
        }
    }

    /// Returns an entry of its present era, one further back each time.
    fn a_step_back(&mut self, peer: usize) -> Own {
        let step = self.hostile(peer).step as usize;
        let last = self.authors[peer].last();
        let same: Vec<Own> =
            self.authors[peer].own.iter().filter(|own| own.era == last.era).copied().collect();
        same[same.len() - 1 - step % same.len()]
    }
}
