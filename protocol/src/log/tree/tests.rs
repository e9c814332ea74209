//! The choice against an executable model of S1 to S6, over random trees and random exchanges.

use std::collections::{BTreeMap, BTreeSet};

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::*;

/// Trees tried; the specification asks for 100,000 at least.
const TRIALS: usize = 100_000;

/// One entry of the model: a number for its id, its parent, and whether it is a rotation.
#[derive(Clone, Copy)]
struct Known {
    parent: Option<usize>,
    rotation: bool,
    seq: Seq,
}

/// The model: it recomputes everything from the whole set, as plainly as the rules are written.
struct Model<'a> {
    entries: &'a [Known],
}

impl Model<'_> {
    fn path(&self, entry: usize) -> Vec<usize> {
        let mut out = vec![entry];
        while let Some(parent) = self.entries[out[out.len() - 1]].parent {
            out.push(parent);
        }
        out.reverse();
        out
    }

    fn last_common(&self, a: usize, b: usize) -> usize {
        let pairs = self.path(a).into_iter().zip(self.path(b));
        pairs.take_while(|(x, y)| x == y).last().map_or(0, |(x, _)| x)
    }

    fn establishment(&self, mut entry: usize) -> usize {
        while let (false, Some(parent)) = (self.entries[entry].rotation, self.entries[entry].parent) {
            entry = parent;
        }
        entry
    }

    /// S1: head, status and evidence.
    fn choose(&self, known: &BTreeSet<usize>, pin: Option<usize>) -> (usize, Status, BTreeSet<usize>) {
        let mut current = 0;
        loop {
            let rotations: Vec<usize> = known
                .iter()
                .copied()
                .filter(|&e| self.entries[e].rotation)
                .filter(|&e| self.entries[e].parent.is_some_and(|p| self.establishment(p) == current))
                .collect();
            let pinned = rotations
                .iter()
                .copied()
                .find(|d| pin.is_some_and(|pin| known.contains(&pin) && self.path(pin).contains(d)));
            current = match (pinned, rotations.as_slice()) {
                (Some(one), _) => one,
                (None, []) => return self.walk(current, known),
                (None, [one]) => *one,
                (None, several) => {
                    let parents = several.iter().filter_map(|&d| self.entries[d].parent);
                    let head = parents.reduce(|a, b| self.last_common(a, b)).expect("several");
                    let evidence = several
                        .iter()
                        .flat_map(|&a| several.iter().map(move |&b| (a, b)))
                        .find(|&(a, b)| {
                            let parent = |e: usize| self.entries[e].parent.expect("a rotation");
                            a < b && self.last_common(parent(a), parent(b)) == head
                        })
                        .expect("the last common entry of a set is that of one of its pairs");
                    let paths = [evidence.0, evidence.1].map(|e| self.path(e));
                    return (head, Status::Contested, paths.into_iter().flatten().collect());
                }
            };
        }
    }

    fn walk(&self, mut at: usize, known: &BTreeSet<usize>) -> (usize, Status, BTreeSet<usize>) {
        loop {
            let children: Vec<usize> = known
                .iter()
                .copied()
                .filter(|&e| self.entries[e].parent == Some(at) && !self.entries[e].rotation)
                .collect();
            match children.as_slice() {
                [] => return (at, Status::Ok, BTreeSet::new()),
                [one] => at = *one,
                [a, b, ..] => return (at, Status::Forked, BTreeSet::from([*a, *b])),
            }
        }
    }

    /// Those of `known` whose whole path is known (V3).
    fn connected(&self, known: &BTreeSet<usize>) -> BTreeSet<usize> {
        known.iter().copied().filter(|&e| self.path(e).iter().all(|a| known.contains(a))).collect()
    }
}

fn id(entry: usize) -> EntryId {
    EntryId(crate::id::sha256(&entry.to_be_bytes()))
}

/// A node's view: the tree under test, and where it put each entry.
#[derive(Clone)]
struct Node<'a> {
    entries: &'a [Known],
    tree: Tree,
    places: BTreeMap<usize, Place>,
    pin: Option<usize>,
    cut: Option<Seq>,
}

impl<'a> Node<'a> {
    fn new(entries: &'a [Known], pin: Option<usize>, cut: Option<Seq>) -> Self {
        let inception = Place { branch: 0, seq: 0 };
        Self { entries, tree: Tree::new(id(0)), places: BTreeMap::from([(0, inception)]), pin, cut }
    }

    fn add(&mut self, entry: usize) {
        let Some(parent) = self.entries[entry].parent else { return };
        if !self.places.contains_key(&entry) {
            let at = self.places[&parent];
            let grown = self.tree.grow(at, id(parent), id(entry), self.entries[entry].rotation);
            self.places.insert(entry, grown.expect("small trees"));
        }
    }

    fn choice(&self) -> Choice {
        self.tree.choose(self.pin.and_then(|pin| self.places.get(&pin).copied()), self.cut)
    }

    fn entry_at(&self, place: Place) -> usize {
        *self.places.iter().find(|(_, found)| **found == place).expect("a place in this tree").0
    }

    fn state(&self) -> (usize, Status) {
        let choice = self.choice();
        (self.entry_at(choice.head), choice.status)
    }

    fn entries_of(&self, runs: &[Stretch]) -> Vec<usize> {
        let places = runs.iter().flat_map(|run| {
            let branch = run.branch;
            (run.first..=run.last).map(move |seq| Place { branch, seq })
        });
        places.map(|place| self.entry_at(place)).collect()
    }

    /// What a peer is sent: the canonical path, the evidence, the path to the pin (S6), as chains; and
    /// whether the pin's is there.
    fn chains(&self) -> (Vec<Vec<usize>>, bool) {
        let choice = self.choice();
        let mut chains = vec![self.entries_of(choice.path())];
        chains.extend(self.tree.evidence(&choice, self.cut).iter().map(|runs| self.entries_of(runs)));
        let pin = self.pin.and_then(|pin| self.places.get(&pin));
        chains.extend(pin.map(|place| self.entries_of(&self.tree.path(*place))));
        (chains, pin.is_some())
    }

    /// Takes a peer's chains as an engine does: what extends the head at once, a branch up to each
    /// rotation only where it changes the choice (Y4, Y5). The canonical chain's end, where it was not
    /// taken by itself, is what the evidence that follows hangs on. A pin's path is taken whole (Y6).
    fn take(&mut self, (chains, pinned): &(Vec<Vec<usize>>, bool)) {
        let mut stem = Vec::new();
        for (i, chain) in chains.iter().enumerate() {
            let whole = *pinned && i + 1 == chains.len();
            let left = self.take_chain(&stem, chain, whole);
            if i == 0 {
                stem = left;
            }
        }
    }

    /// Takes one chain after `stem` and returns what was not taken.
    fn take_chain(&mut self, stem: &[usize], chain: &[usize], whole: bool) -> Vec<usize> {
        let mut staged = Vec::new();
        for (i, &entry) in chain.iter().enumerate() {
            if self.places.contains_key(&entry) && staged.is_empty() {
                continue;
            }
            let parent = self.entries[entry].parent.expect("not the inception");
            if staged.is_empty() && !self.places.contains_key(&parent) {
                if stem.last() != Some(&parent) {
                    return Vec::new();
                }
                staged.extend_from_slice(stem);
            }
            staged.push(entry);
            let last = i + 1 == chain.len();
            if last || (!whole && self.entries[entry].rotation) || !self.is_branching(&staged) {
                let parent = self.entries[staged[0]].parent.expect("not the inception");
                if !self.places.contains_key(&parent) {
                    return Vec::new();
                }
                let mut grown = self.clone();
                staged.iter().for_each(|&entry| grown.add(entry));
                if grown.state() == self.state() && !whole {
                    return staged;
                }
                *self = grown;
                staged.clear();
            }
        }
        staged
    }

    fn is_branching(&self, staged: &[usize]) -> bool {
        let (head, status) = self.state();
        status != Status::Ok || self.entries[staged[0]].parent != Some(head)
    }
}

fn random_tree(rng: &mut ChaCha8Rng) -> Vec<Known> {
    let share = *[0.0, 0.15, 0.3].choose(rng).expect("not empty");
    let mut entries = vec![Known { parent: None, rotation: false, seq: 0 }];
    for i in 1..rng.random_range(2..15_usize) {
        let recent = i.saturating_sub(3)..i;
        let parent = if rng.random_bool(0.6) { rng.random_range(recent) } else { rng.random_range(0..i) };
        let seq = entries[parent].seq + 1;
        entries.push(Known { parent: Some(parent), rotation: rng.random_bool(share), seq });
    }
    entries
}

/// S1 in any order of arrival, S4, S6: nodes that know parts of a tree and exchange only summaries all
/// reach the choice of the union of what they know.
#[test]
fn nodes_that_exchange_summaries_agree_with_the_model() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut statuses = BTreeMap::new();
    for trial in 0..TRIALS {
        let entries = random_tree(&mut rng);
        let model = Model { entries: &entries };
        let rotations: Vec<usize> = (0..entries.len()).filter(|&e| entries[e].rotation).collect();
        let pin = rotations.choose(&mut rng).copied().filter(|_| rng.random_bool(0.5));
        let mut union = BTreeSet::new();
        let mut nodes = Vec::new();
        for _ in 0..rng.random_range(2..=4_usize) {
            let some = (0..entries.len()).filter(|&e| e == 0 || rng.random_bool(0.75)).collect();
            let known = model.connected(&some);
            let mut order: Vec<usize> = known.iter().copied().collect();
            order.shuffle(&mut rng);
            order.sort_by_key(|&e| entries[e].seq);
            let mut node = Node::new(&entries, pin, None);
            order.iter().for_each(|&entry| node.add(entry));
            let (head, status, _) = model.choose(&known, pin);
            assert_eq!(node.state(), (head, status), "S1, trial {trial}");
            union.extend(known);
            nodes.push(node);
        }
        let (head, status, evidence) = model.choose(&union, pin);
        let mut exchanges = 0;
        while nodes.iter().any(|node| node.state() != nodes[0].state()) {
            exchanges += 1;
            assert!(exchanges < 400, "S6: no rest, trial {trial}");
            let pair = rand::seq::index::sample(&mut rng, nodes.len(), 2);
            let (a, b) = (pair.index(0), pair.index(1));
            if nodes[a].state() != nodes[b].state() {
                let (from_a, from_b) = (nodes[a].chains(), nodes[b].chains());
                nodes[a].take(&from_b);
                nodes[b].take(&from_a);
            }
        }
        assert_eq!(nodes[0].state(), (head, status), "S6, trial {trial}");
        assert!(evidence.is_empty() == (status == Status::Ok), "S4, trial {trial}");
        *statuses.entry(status).or_insert(0) += 1;
    }
    assert_eq!(statuses.len(), 3, "every status comes up: {statuses:?}");
}

/// N7: with a cut, the choice is that of the entries up to it.
#[test]
fn a_cut_leaves_the_choice_of_what_lies_before_it() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for trial in 0..TRIALS / 10 {
        let entries = random_tree(&mut rng);
        let model = Model { entries: &entries };
        let cut = rng.random_range(0..6);
        let mut node = Node::new(&entries, None, Some(cut));
        (1..entries.len()).for_each(|entry| node.add(entry));
        let known = (0..entries.len()).filter(|&e| entries[e].seq <= cut).collect();
        let (head, status, _) = model.choose(&known, None);
        assert_eq!(node.state(), (head, status), "trial {trial}, cut {cut}");
    }
}

/// S5: every entry off the canonical path is disputed or disowned, and a disowning rotation is on it.
#[test]
fn every_entry_has_its_mark() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for _ in 0..TRIALS / 10 {
        let entries = random_tree(&mut rng);
        let mut node = Node::new(&entries, None, None);
        (1..entries.len()).for_each(|entry| node.add(entry));
        let choice = node.choice();
        for place in node.places.values() {
            match node.tree.mark(*place, &choice, None) {
                Mark::Canonical => assert!(choice.contains(*place)),
                Mark::Disputed => assert!(choice.status != Status::Ok && !choice.contains(*place)),
                Mark::Disowned { by } => assert!(choice.contains(by) && node.tree.is_rotation(by)),
                Mark::BeyondCut => panic!("no cut was given"),
            }
        }
    }
}
