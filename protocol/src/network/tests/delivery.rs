//! Random networks: any order of delivery gives the same governance, and it is the one that the rules
//! give when they are read out one author at a time.

use std::collections::BTreeMap;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::world::{Node, World, Writer, Written, item};
use crate::id::{AuthorId, BodyHash, EntryId};
use crate::network::{
    Admission, Governance, Member, Membership, Ref, Says, Standing, Withdrawal, withdrawals,
};

const NETWORKS: u64 = 300;
const ORDERS: usize = 4;
/// The last authors of a network may close their logs, and are never made stewards.
const CLOSING: usize = 3;

/// How often a network came to what the test is about, so that it cannot pass by showing nothing.
#[derive(Default, Debug)]
struct Seen {
    amended: usize,
    removed: usize,
    frozen_stewards: usize,
    pins: usize,
    cuts: usize,
    members: usize,
    orders: usize,
}

#[test]
fn any_order_of_delivery_gives_the_same_network() {
    let mut seen = Seen::default();
    for seed in 0..NETWORKS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let world = random_world(seed, &mut rng);
        let mut entries = world.entries();
        let first = Outcome::of(&world, &Node::receive(entries.clone()));
        first.assert_by_the_rules(&world, &Node::receive(entries.clone()), seed);
        for _ in 0..ORDERS {
            entries.shuffle(&mut rng);
            let outcome = Outcome::of(&world, &Node::receive(entries.clone()));
            assert_eq!(outcome, first, "seed {seed}");
        }
        // Bodies that came late leave statements in another order than their entries.
        let mut node = Node::receive(entries);
        node.logs.values_mut().for_each(|known| known.statements.reverse());
        assert_eq!(Outcome::of(&world, &node), first, "seed {seed}");
        first.count(&world, &mut seen);
    }
    for count in
        [seen.amended, seen.removed, seen.frozen_stewards, seen.pins, seen.cuts, seen.members, seen.orders]
    {
        assert!(count >= 30, "{seen:?}");
    }
}

/// Where nobody takes a vote back, a node that knows less knows the first of the same versions.
#[test]
fn whoever_knows_less_knows_a_beginning_of_the_same_charter() {
    let mut compared = 0;
    for seed in 0..NETWORKS {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let world = random_world(seed, &mut rng);
        if world.writers.iter().any(|writer| has_rotation(writer) || forks(&writer.entries)) {
            continue;
        }
        let whole = hashes(&world.governance());
        for _ in 0..ORDERS {
            let known = |writer: &Writer| rng.random_range(1..=writer.entries.len());
            let counts: Vec<_> = world.writers.iter().map(known).collect();
            let kept = world.writers.iter().zip(counts);
            let part = kept.flat_map(|(writer, count)| writer.entries[..count].to_vec()).collect();
            let known = hashes(&Governance::compute(world.net, &Node::receive(part).logs));
            assert_eq!(known, whole[..known.len()], "seed {seed}");
            compared += usize::from(whole.len() > 1 && known.len() < whole.len());
        }
    }
    assert!(compared >= 30, "{compared}");
}

fn hashes(governance: &Governance) -> Vec<BodyHash> {
    governance.versions().iter().map(|version| version.hash).collect()
}

#[derive(PartialEq, Eq, Debug)]
struct Outcome {
    governance: Governance,
    members: Vec<Member>,
    withdrawals: BTreeMap<Ref, Withdrawal>,
}

impl Outcome {
    fn of(world: &World, node: &Node) -> Self {
        let governance = Governance::compute(world.net, &node.logs);
        let members = governance.members(&node.logs, |author, _| node.choose(&governance, author));
        let withdrawals = withdrawals(&node.logs, &governance, |author, _| node.choose(&governance, author));
        Self { governance, members, withdrawals }
    }

    fn count(&self, world: &World, seen: &mut Seen) {
        let governance = &self.governance;
        seen.amended += governance.versions().len() - 1;
        seen.removed +=
            world.charter.stewards.iter().filter(|steward| !governance.is_steward(**steward)).count();
        seen.frozen_stewards +=
            world.writers[..world.n].iter().filter(|writer| forks(&writer.entries)).count();
        seen.pins +=
            governance.standings().keys().filter(|author| governance.pin(**author).is_some()).count();
        seen.cuts +=
            governance.standings().keys().filter(|author| governance.cut(**author).is_some()).count();
        seen.members += self.members.iter().filter(|row| row.membership == Membership::Member).count();
        seen.orders += self.withdrawals.values().filter(|withdrawal| withdrawal.is_ordered()).count();
    }

    /// Reads N4 to N7 out for one author after the other, statement by statement.
    fn assert_by_the_rules(&self, world: &World, node: &Node, seed: u64) {
        let governance = &self.governance;
        let k = usize::try_from(governance.k()).unwrap();
        let said = |steward: AuthorId, author: AuthorId| said_of(world, node, steward, author);
        for writer in &world.writers {
            let author = writer.author;
            let all: Vec<_> = governance.stewards().iter().map(|steward| said(*steward, author)).collect();
            let ever = all.iter().filter(|words| words.iter().any(|word| word.is_ok())).count();
            let latest: Vec<_> = all.iter().filter_map(|words| words.last().cloned()).collect();
            let admits: Vec<_> = latest.iter().filter_map(|word| word.as_ref().ok()).collect();
            let empty = Standing::default();
            let standing = governance.standing(author).unwrap_or(&empty);
            assert_eq!(standing.listed, ever >= k, "seed {seed}");
            assert_eq!(standing.admitted, admits.len() >= k, "seed {seed}");
            let upto = latest.iter().filter_map(|word| word.as_ref().err()).max();
            let is_cut = standing.listed && !standing.admitted;
            assert_eq!(standing.cut.as_ref(), upto.filter(|_| is_cut), "seed {seed}");
            let holds = |place: &Option<String>| {
                place.is_some() && admits.iter().filter(|item| item.place == *place).count() >= k
            };
            let place = admits.iter().map(|item| &item.place).find(|place| holds(place)).cloned().flatten();
            assert_eq!(standing.place, place, "seed {seed}");
            let stands: Vec<EntryId> = all
                .iter()
                .filter_map(|words| words.iter().filter_map(|word| word.as_ref().ok()?.stands).next_back())
                .collect();
            let pin =
                stands.iter().find(|pin| stands.iter().filter(|other| other == pin).count() >= k).copied();
            assert_eq!(standing.pin, pin.filter(|_| !governance.was_steward(author)), "seed {seed}");
        }
    }
}

/// What a steward's canonical log says of an author, in order: an item, or a suspend's `upto`.
fn said_of(world: &World, node: &Node, steward: AuthorId, author: AuthorId) -> Vec<Result<Admission, u32>> {
    let known = &node.logs[&steward];
    let choice = known.log.tree().choose(None, None);
    let mut words = Vec::new();
    for seq in 0..=choice.head.seq {
        let place = choice.at(seq).unwrap();
        for statement in known.statements.iter().filter(|statement| statement.place == place) {
            match &statement.says {
                Says::Admit { net, items } if *net == world.net => {
                    words.extend(items.iter().filter(|item| item.author == author).cloned().map(Ok));
                }
                Says::Suspend { net, author: named, upto, .. } if *net == world.net && *named == author => {
                    words.push(Err(*upto));
                }
                _ => {}
            }
        }
    }
    words
}

fn has_rotation(writer: &Writer) -> bool {
    writer.entries.iter().any(|written| written.signed.kind() == "rotate")
}

fn is_closed(writer: &Writer) -> bool {
    writer.entries.iter().any(|written| written.signed.kind() == "close")
}

/// Tells whether two entries have the same parent.
fn forks(entries: &[Written]) -> bool {
    let mut parents: Vec<_> = entries.iter().filter_map(|written| written.signed.prev()).collect();
    parents.sort();
    parents.windows(2).any(|pair| pair[0] == pair[1])
}

fn random_world(seed: u64, rng: &mut ChaCha8Rng) -> World {
    let stewards = rng.random_range(3..=7);
    let k = rng.random_range(stewards / 2 + 1..=stewards);
    let others = rng.random_range(10..=20);
    let mut world = World::new(&format!("network {seed}"), stewards, k as u64, others);
    let count = world.writers.len();
    for writer in stewards..count {
        if rng.random_bool(0.8) {
            world.writers[writer].join(world.net);
        }
    }
    let mut version = (world.founding(), 0, (0..stewards).collect::<Vec<_>>());
    for step in 0..rng.random_range(10..30) {
        match rng.random_range(0..20) {
            0..=7 => stewards_speak(&mut world, &version.2, rng),
            8..=9 => vote(&mut world, &mut version, step, rng),
            10 => withdraw(&mut world, &version.2, rng),
            11..=13 => stewards_suspend(&mut world, &version.2, rng),
            14 => misbehave(&mut world, rng),
            _ => author_acts(&mut world, rng),
        }
    }
    world
}

fn some_of(from: &[usize], rng: &mut ChaCha8Rng) -> Vec<usize> {
    let count = rng.random_range(1..=from.len());
    let mut picked = from.to_vec();
    picked.shuffle(rng);
    picked.truncate(count);
    picked
}

fn stewards_speak(world: &mut World, stewards: &[usize], rng: &mut ChaCha8Rng) {
    let items: Vec<_> = (0..rng.random_range(1..12))
        .map(|_| {
            let writer = &world.writers[rng.random_range(0..world.writers.len())];
            let place = rng.random_bool(0.5).then(|| ["a", "b"][rng.random_range(0..2)].to_owned());
            let stands = rng.random_bool(0.4).then(|| writer.head());
            Admission { place, stands, ..item(writer.author) }
        })
        .collect();
    for steward in some_of(stewards, rng) {
        world.writers[steward].admit(world.net, &items);
    }
}

fn stewards_suspend(world: &mut World, stewards: &[usize], rng: &mut ChaCha8Rng) {
    let about = world.id(rng.random_range(0..world.writers.len()));
    for steward in some_of(stewards, rng) {
        world.writers[steward].suspend(world.net, about, rng.random_range(0..6));
    }
}

fn vote(world: &mut World, version: &mut (BodyHash, u64, Vec<usize>), step: u8, rng: &mut ChaCha8Rng) {
    let all: Vec<_> = (0..world.writers.len() - CLOSING).collect();
    let mut next = some_of(&all, rng);
    next.truncate(7);
    let mut kept = some_of(&version.2, rng);
    kept.retain(|steward| !next.contains(steward));
    next.extend(kept);
    let k = next.len() / 2 + 1;
    let mut charter = world.successor(k as u64, &next);
    charter.version = version.1 + 1;
    let voters = some_of(&version.2, rng);
    let hash = world.amend(&voters, charter, version.0, step);
    let adopted = world.governance();
    if adopted.charter().is_some_and(|found| found.hash == hash) {
        *version = (hash, version.1 + 1, next);
    }
}

fn withdraw(world: &mut World, stewards: &[usize], rng: &mut ChaCha8Rng) {
    let target = world.writers[rng.random_range(0..world.writers.len())].head_ref();
    for steward in some_of(stewards, rng) {
        world.writers[steward].withdraw(Some(world.net), &[target]);
    }
}

/// A fork, a step back, a rotation, or a rotation key used twice.
fn misbehave(world: &mut World, rng: &mut ChaCha8Rng) {
    let which = rng.random_range(0..world.writers.len());
    let net = world.net;
    let writer = &mut world.writers[which];
    if is_closed(writer) {
        return;
    }
    let back = (0..writer.entries.len()).rev().find(|&i| writer.entries[i].signed.kind() == "rotate");
    let from = rng.random_range(back.unwrap_or(0)..writer.entries.len());
    let id = writer.entries[from].signed.id();
    match rng.random_range(0..3) {
        0 => {
            writer.back_to(id);
            writer.note();
        }
        1 => {
            writer.back_to(id);
            writer.rotate();
        }
        _ => {
            let mut thief = writer.clone();
            let kept = thief.entries.len();
            thief.back_to(id);
            thief.rotate();
            thief.join(net);
            writer.note();
            writer.rotate();
            writer.entries.extend(thief.entries.split_off(kept));
        }
    }
}

fn author_acts(world: &mut World, rng: &mut ChaCha8Rng) {
    let which = rng.random_range(0..world.writers.len());
    let (net, open) = (world.net, world.writers.len() - CLOSING);
    let writer = &mut world.writers[which];
    if is_closed(writer) {
        return;
    }
    match rng.random_range(0..6) {
        0 => writer.leave(net),
        1 if which >= open => writer.close(),
        2 | 3 => writer.join(net),
        4 => {
            let own = writer.head_ref();
            writer.withdraw(None, &[own])
        }
        _ => writer.note(),
    };
}
