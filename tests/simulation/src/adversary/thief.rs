//! A thief has the signing key of an honest author, a steward at times, but not the rotation key. It
//! signs after an earlier entry and shows the branch to some: records, withdrawals, admissions. It
//! tries to make its entries count, to withdraw the owner's, and to silence the owner for good. Only
//! the owner's rotation decides.

use rand::prelude::*;

use crate::author::Own;
use crate::world::World;

impl World {
    pub(super) fn steal(&mut self, peer: usize) {
        let victim = self.some_honest();
        let era = self.authors[victim].last().era;
        let own = &self.authors[victim].own;
        let parents: Vec<Own> = own.iter().rev().take(4).filter(|own| own.era == era).copied().collect();
        let parent = *parents.choose(&mut self.rng).expect("the last one");
        let len = self.rng.random_range(1..4);
        let branch = self.branch(victim, parent, len);
        self.branches.insert(self.authors[victim].id);
        let to = self.some_nodes();
        self.note(format_args!("n{peer}, with the key of n{victim}, shows {to:?} {len} after {parent:?}"));
        self.show(peer, &branch, &to);
    }
}
