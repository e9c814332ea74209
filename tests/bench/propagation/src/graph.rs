//! Who is connected with whom: as nodes dial that know some others at random.

use std::collections::{BTreeSet, VecDeque};

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Connections that a node dials by itself (`WANTED_DIALLED` of `multaqa_node::net`).
pub(crate) const DIALLED: usize = 12;
/// Most that it takes in (`MAX_INBOUND`), and most in all (`MAX_CONNECTIONS`).
const INBOUND: usize = 32;
pub(crate) const CONNECTIONS: usize = 40;

/// Returns for each node whom it dials.
pub(crate) fn dials(nodes: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<usize>> {
    let mut linked = vec![BTreeSet::new(); nodes];
    let mut inbound = vec![0; nodes];
    let mut dials = vec![Vec::new(); nodes];
    for node in 0..nodes {
        for _ in 0..nodes * 4 {
            if dials[node].len() == DIALLED || linked[node].len() == CONNECTIONS {
                break;
            }
            let other = rng.random_range(0..nodes);
            let full = inbound[other] == INBOUND || linked[other].len() == CONNECTIONS;
            if other != node && !full && linked[node].insert(other) {
                linked[other].insert(node);
                inbound[other] += 1;
                dials[node].push(other);
            }
        }
    }
    dials
}

/// Returns how many hops the last node of a random graph of `degree` is from the first: the mean and the
/// 99th percentile over several graphs. What a mesh of that degree could reach.
pub(crate) fn hops(nodes: usize, degree: usize, rng: &mut ChaCha8Rng) -> (f64, u32) {
    let mut last: Vec<u32> = (0..100).map(|_| depth(&regular(nodes, degree, rng))).collect();
    last.sort_unstable();
    (f64::from(last.iter().sum::<u32>()) / last.len() as f64, last[last.len() - 1 - last.len() / 100])
}

/// Returns a graph in which nearly every node has `degree` neighbours.
fn regular(nodes: usize, degree: usize, rng: &mut ChaCha8Rng) -> Vec<BTreeSet<usize>> {
    let mut linked = vec![BTreeSet::new(); nodes];
    let mut ends: Vec<usize> = (0..nodes).flat_map(|node| std::iter::repeat_n(node, degree)).collect();
    for at in (1..ends.len()).rev() {
        ends.swap(at, rng.random_range(0..=at));
    }
    for pair in ends.chunks_exact(2).filter(|pair| pair[0] != pair[1]) {
        linked[pair[0]].insert(pair[1]);
        linked[pair[1]].insert(pair[0]);
    }
    linked
}

/// Returns the distance of the farthest node that can be reached from the first.
fn depth(linked: &[BTreeSet<usize>]) -> u32 {
    let mut seen = vec![None; linked.len()];
    seen[0] = Some(0);
    let mut queue = VecDeque::from([0]);
    let mut last = 0;
    while let Some(node) = queue.pop_front() {
        last = seen[node].unwrap_or(last);
        for other in &linked[node] {
            if seen[*other].is_none() {
                seen[*other] = Some(last + 1);
                queue.push_back(*other);
            }
        }
    }
    last
}
