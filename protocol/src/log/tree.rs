//! The shape of one author's entries, and the choice of the path that counts (S1 to S6).
//!
//! The tree is a skeleton: runs of entries (`Branch`) and the places of establishment entries,
//! never the entries themselves, so its size follows forks and rotations, not history. It knows ids
//! and kinds of form only; whether an entry is valid is [`super::Log`]'s part. The choice is a
//! function of the set of entries in the tree, of at most one pin and of a cut, never of the order
//! in which they came.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, Seq};

#[cfg(test)]
mod tests;

/// Most branches kept of one author. Each one beyond the first takes a fork or a rotation that
/// steps back, which only the author's own keys can make.
pub const MAX_BRANCHES: usize = 65_536;

/// Where an entry lies in its author's tree. Branch 0 starts at the inception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The run of entries it belongs to.
    pub branch: u16,
    /// Its sequence number.
    pub seq: Seq,
}

/// A run of consecutive entries within one branch, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The branch.
    pub branch: u16,
    /// The first sequence number.
    pub first: Seq,
    /// The last sequence number.
    pub last: Seq,
}

/// What a log's head says of it (S1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// One path counts.
    Ok,
    /// Two plain entries follow the head: the log is frozen there.
    Forked,
    /// Two rotations contradict each other beyond the head: the log is frozen there.
    Contested,
}

/// The canonical path, from the inception to the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The last entry that counts.
    pub head: Place,
    /// Whether the log goes on from there.
    pub status: Status,
    path: Vec<Stretch>,
}

impl Choice {
    /// Tells whether the entry at `place` is on the canonical path.
    #[must_use]
    pub fn contains(&self, place: Place) -> bool {
        self.path.iter().any(|run| run.branch == place.branch && (run.first..=run.last).contains(&place.seq))
    }

    /// Returns the place of the canonical entry with this sequence number.
    #[must_use]
    pub fn at(&self, seq: Seq) -> Option<Place> {
        let run = self.path.iter().find(|run| (run.first..=run.last).contains(&seq))?;
        Some(Place { branch: run.branch, seq })
    }

    /// Returns the path as runs, the inception's first.
    #[must_use]
    pub fn path(&self) -> &[Stretch] {
        &self.path
    }

    /// Grows the path by the entry at `place`, if that lies next to the head in the head's branch; tells
    /// whether it did.
    pub fn grows_to(&mut self, place: Place) -> bool {
        let next = place.branch == self.head.branch && place.seq == self.head.seq + 1;
        if let (true, Some(run)) = (next, self.path.last_mut()) {
            run.last = place.seq;
            self.head = place;
        }
        next
    }

    /// Returns the runs of the path after the sequence number `seq`.
    #[must_use]
    pub fn after(&self, seq: Seq) -> Vec<Stretch> {
        let later = |run: &Stretch| Stretch { first: run.first.max(seq.saturating_add(1)), ..*run };
        self.path.iter().map(later).filter(|run| run.first <= run.last).collect()
    }
}

/// What a reader is told of an entry (S5, N7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It counts.
    Canonical,
    /// It lies beyond the head of a forked or contested log.
    Disputed,
    /// A rotation stepped back before it.
    Disowned {
        /// That rotation.
        by: Place,
    },
    /// It was written after the author's suspension.
    BeyondCut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Branch {
    base: Option<(Place, EntryId)>,
    first: (Seq, EntryId),
    last: (Seq, EntryId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Establishment {
    place: Place,
    id: EntryId,
    /// The establishment entry of its parent; the inception's is itself.
    above: u32,
}

/// One author's known entries, as a skeleton.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    branches: Vec<Branch>,
    establishments: Vec<Establishment>,
}

impl Tree {
    /// Returns the tree that holds an inception alone.
    #[must_use]
    pub fn new(inception: EntryId) -> Self {
        let end = (0, inception);
        Self {
            branches: vec![Branch { base: None, first: end, last: end }],
            establishments: vec![Establishment {
                place: Place { branch: 0, seq: 0 },
                id: inception,
                above: 0,
            }],
        }
    }

    /// Adds a child of the entry at `parent`, whose id is `prev`, and returns its place; `None` where
    /// [`MAX_BRANCHES`] are there. The caller has made sure that the child is not in the tree.
    pub fn grow(&mut self, parent: Place, prev: EntryId, id: EntryId, rotation: bool) -> Option<Place> {
        let seq = parent.seq + 1;
        let branch = &mut self.branches[usize::from(parent.branch)];
        let place = if branch.last.0 == parent.seq {
            branch.last = (seq, id);
            Place { branch: parent.branch, seq }
        } else {
            if self.branches.len() == MAX_BRANCHES {
                return None;
            }
            let end = (seq, id);
            let place = Place { branch: u16::try_from(self.branches.len()).ok()?, seq };
            self.branches.push(Branch { base: Some((parent, prev)), first: end, last: end });
            place
        };
        if rotation {
            let above = u32::try_from(self.establishment(parent)).ok()?;
            self.establishments.push(Establishment { place, id, above });
        }
        Some(place)
    }

    /// Returns the index of the establishment entry of the entry at `place`: the nearest inception or
    /// rotation at or above it, counted in the order in which they were added.
    #[must_use]
    pub fn establishment(&self, place: Place) -> usize {
        let mut at = place;
        loop {
            let nearest = (0..self.establishments.len())
                .filter(|&i| {
                    let found = self.establishments[i].place;
                    found.branch == at.branch && found.seq <= at.seq
                })
                .max_by_key(|&i| self.establishments[i].place.seq);
            match (nearest, self.branches[usize::from(at.branch)].base) {
                (Some(found), _) => return found,
                (None, Some((base, _))) => at = base,
                (None, None) => return 0,
            }
        }
    }

    /// Returns the establishment entry above the one with index `index`, `None` for the inception.
    #[must_use]
    pub fn above(&self, index: usize) -> Option<usize> {
        (index != 0).then(|| self.establishments[index].above as usize)
    }

    /// Returns the establishment entry with index `index`.
    ///
    /// # Panics
    ///
    /// Where there is none; [`Tree::establishment`] gives those that there are.
    #[must_use]
    pub fn establishment_entry(&self, index: usize) -> (Place, EntryId) {
        let found = &self.establishments[index];
        (found.place, found.id)
    }

    /// Tells whether the entry at `place` is a rotation.
    #[must_use]
    pub fn is_rotation(&self, place: Place) -> bool {
        self.establishments[1..].iter().any(|found| found.place == place)
    }

    /// Returns the first rotation on these runs.
    #[must_use]
    pub fn first_rotation(&self, runs: &[Stretch]) -> Option<Place> {
        let on = |run: &Stretch, place: Place| {
            run.branch == place.branch && (run.first..=run.last).contains(&place.seq)
        };
        let rotations = self.establishments[1..].iter().map(|found| found.place);
        rotations.filter(|place| runs.iter().any(|run| on(run, *place))).min_by_key(|place| place.seq)
    }

    /// Returns the number of establishment entries, the inception's included.
    #[must_use]
    pub const fn establishment_count(&self) -> usize {
        self.establishments.len()
    }

    /// Returns the parent's place, `None` for the inception.
    #[must_use]
    pub fn parent(&self, place: Place) -> Option<Place> {
        let branch = &self.branches[usize::from(place.branch)];
        if place.seq > branch.first.0 {
            return Some(Place { branch: place.branch, seq: place.seq - 1 });
        }
        branch.base.map(|(base, _)| base)
    }

    /// Returns the place of the entry with this id where the skeleton itself knows it: ends of
    /// branches, their parents, establishment entries.
    #[must_use]
    pub fn find(&self, id: &EntryId) -> Option<Place> {
        let ends = self.branches.iter().enumerate().flat_map(|(i, branch)| {
            let branch_no = u16::try_from(i).unwrap_or(u16::MAX);
            let own = [branch.last, branch.first].map(|(seq, id)| (Place { branch: branch_no, seq }, id));
            own.into_iter().chain(branch.base)
        });
        let establishments = self.establishments.iter().map(|found| (found.place, found.id));
        ends.chain(establishments).find(|(_, found)| found == id).map(|(place, _)| place)
    }

    /// Returns the id of the entry at `place` where the skeleton itself knows it.
    #[must_use]
    pub fn id_of(&self, place: Place) -> Option<EntryId> {
        let branch = self.branches.get(usize::from(place.branch))?;
        for (seq, id) in [branch.last, branch.first] {
            if seq == place.seq {
                return Some(id);
            }
        }
        let bases = self.branches.iter().filter_map(|branch| branch.base);
        let establishments = self.establishments.iter().map(|found| (found.place, found.id));
        bases.chain(establishments).find(|(found, _)| *found == place).map(|(_, id)| id)
    }

    /// Returns the last sequence number of a branch.
    #[must_use]
    pub fn last(&self, branch: u16) -> Option<Seq> {
        self.branches.get(usize::from(branch)).map(|branch| branch.last.0)
    }

    /// Tells whether an entry lies at `place`.
    #[must_use]
    pub fn holds(&self, place: Place) -> bool {
        self.branches
            .get(usize::from(place.branch))
            .is_some_and(|branch| (branch.first.0..=branch.last.0).contains(&place.seq))
    }

    /// Returns every branch as a run, in the order in which they were added.
    pub fn branches(&self) -> impl Iterator<Item = Stretch> + '_ {
        self.branches.iter().enumerate().map(|(i, branch)| Stretch {
            branch: u16::try_from(i).unwrap_or(u16::MAX),
            first: branch.first.0,
            last: branch.last.0,
        })
    }

    /// Returns the places of the known children of the entry at `place`.
    #[must_use]
    pub fn children(&self, place: Place) -> Vec<Place> {
        let inline = Place { branch: place.branch, seq: place.seq.saturating_add(1) };
        let inline = (inline.seq > place.seq && self.holds(inline)).then_some(inline);
        let branching = self.branches.iter().enumerate().filter_map(|(i, branch)| {
            let (base, _) = branch.base?;
            (base == place)
                .then(|| Place { branch: u16::try_from(i).unwrap_or(u16::MAX), seq: branch.first.0 })
        });
        inline.into_iter().chain(branching).collect()
    }

    /// Returns the canonical path (S1), of entries up to `cut` only where one is given (N7), with
    /// `pin` deciding between rotations where the pinned entry is known (N6).
    #[must_use]
    pub fn choose(&self, pin: Option<Place>, cut: Option<Seq>) -> Choice {
        let cut = cut.unwrap_or(Seq::MAX);
        let pin = pin.filter(|place| place.seq <= cut);
        let mut current = 0;
        loop {
            let rotations = self.rotations_after(current, cut);
            let pinned = pin.and_then(|pin| {
                rotations.iter().copied().find(|&i| self.is_above(self.establishments[i].place, pin))
            });
            match (pinned, rotations.as_slice()) {
                (Some(one), _) => current = one,
                (None, []) => return self.walk(self.establishments[current].place, cut),
                (None, [one]) => current = *one,
                (None, several) => {
                    let head = self.common(several);
                    return self.choice(head, Status::Contested);
                }
            }
        }
    }

    /// Returns what proves that the log is frozen at `choice.head` (S4): for a fork two of its
    /// children, for a contest two rotations with their paths from the head; empty where it is not.
    #[must_use]
    pub fn evidence(&self, choice: &Choice, cut: Option<Seq>) -> Vec<Vec<Stretch>> {
        let cut = cut.unwrap_or(Seq::MAX);
        match choice.status {
            Status::Ok => Vec::new(),
            Status::Forked => {
                let children = self.children(choice.head);
                let single = |at: Place| vec![Stretch { branch: at.branch, first: at.seq, last: at.seq }];
                children.into_iter().filter(|place| place.seq <= cut).take(2).map(single).collect()
            }
            Status::Contested => {
                let establishment = self.establishment(choice.head);
                let rotations = self.rotations_after(establishment, cut);
                let pair = rotations.iter().enumerate().find_map(|(i, &a)| {
                    let other = rotations[i + 1..].iter().find(|&&b| self.common(&[a, b]) == choice.head)?;
                    Some([a, *other])
                });
                let path = |i: usize| {
                    let mut runs = self.path(self.establishments[i].place);
                    runs.iter_mut().for_each(|run| run.first = run.first.max(choice.head.seq + 1));
                    runs.retain(|run| run.first <= run.last);
                    runs
                };
                pair.into_iter().flatten().map(path).collect()
            }
        }
    }

    /// Returns what a reader is told of the entry at `place` under `choice` (S5).
    #[must_use]
    pub fn mark(&self, place: Place, choice: &Choice, cut: Option<Seq>) -> Mark {
        if cut.is_some_and(|cut| place.seq > cut) {
            return Mark::BeyondCut;
        }
        if choice.contains(place) {
            return Mark::Canonical;
        }
        let left_at = self.last_common(place, choice.head);
        let rotation = self
            .establishments
            .iter()
            .map(|found| found.place)
            .filter(|found| found.seq > left_at.seq && choice.contains(*found))
            .min_by_key(|found| found.seq);
        rotation.map_or(Mark::Disputed, |by| Mark::Disowned { by })
    }

    /// Returns the last entry common to the paths to `a` and `b`.
    #[must_use]
    pub fn last_common(&self, a: Place, b: Place) -> Place {
        let (a, b) = (self.path(a), self.path(b));
        let mut common = Place { branch: 0, seq: 0 };
        for (x, y) in a.iter().zip(&b) {
            if x.branch != y.branch {
                break;
            }
            common = Place { branch: x.branch, seq: x.last.min(y.last) };
            if x.last != y.last {
                break;
            }
        }
        common
    }

    /// Tells whether `above` is `below` or one of its ancestors.
    #[must_use]
    pub fn is_above(&self, above: Place, below: Place) -> bool {
        self.path(below)
            .iter()
            .any(|run| run.branch == above.branch && (run.first..=run.last).contains(&above.seq))
    }

    /// Returns the runs from the inception to `place`.
    #[must_use]
    pub fn path(&self, place: Place) -> Vec<Stretch> {
        let mut runs = Vec::new();
        let mut at = Some(place);
        while let Some(Place { branch, seq }) = at {
            let found = &self.branches[usize::from(branch)];
            runs.push(Stretch { branch, first: found.first.0, last: seq });
            at = found.base.map(|(base, _)| base);
        }
        runs.reverse();
        runs
    }

    /// The rotations whose parent's establishment entry is `establishment` (D of S1).
    fn rotations_after(&self, establishment: usize, cut: Seq) -> Vec<usize> {
        (1..self.establishments.len())
            .filter(|&i| {
                let found = &self.establishments[i];
                found.above as usize == establishment && found.place.seq <= cut
            })
            .collect()
    }

    /// The last entry common to the paths to all these rotations' parents, S1 (d).
    fn common(&self, rotations: &[usize]) -> Place {
        let mut parents = rotations.iter().filter_map(|&i| self.parent(self.establishments[i].place));
        let first = parents.next().unwrap_or(Place { branch: 0, seq: 0 });
        parents.fold(first, |common, parent| self.last_common(common, parent))
    }

    /// S1 (a): along plain entries while there is exactly one plain child. No rotation follows under
    /// this establishment entry, so every branch that starts here is plain.
    fn walk(&self, from: Place, cut: Seq) -> Choice {
        let mut at = from;
        loop {
            let last = self.branches[usize::from(at.branch)].last.0.min(cut);
            let next = self
                .branches
                .iter()
                .filter_map(|branch| branch.base.map(|(base, _)| (base, branch)))
                .filter(|(base, branch)| {
                    base.branch == at.branch && base.seq >= at.seq && branch.first.0 <= cut
                })
                .map(|(base, _)| base)
                .min_by_key(|base| base.seq);
            let Some(base) = next else {
                return self.choice(Place { branch: at.branch, seq: last }, Status::Ok);
            };
            let children = self.children(base);
            match children.as_slice() {
                [only] => at = *only,
                _ => return self.choice(base, Status::Forked),
            }
        }
    }

    fn choice(&self, head: Place, status: Status) -> Choice {
        Choice { head, status, path: self.path(head) }
    }
}
