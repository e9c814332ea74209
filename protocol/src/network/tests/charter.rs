//! N1, N2, N3, N8.

use super::world::{World, Writer, charter, item, seal};
use crate::id::{AuthorId, BodyHash};
use crate::network::{Charter, CharterError, Governance};

fn authors(n: u8) -> Vec<AuthorId> {
    (0..n).map(|i| AuthorId([i; 32])).collect()
}

#[test]
fn n1_a_charter_of_another_hash_founds_nothing() {
    let world = World::small(1);
    let governance = Governance::compute(BodyHash([9; 32]).as_network(), &world.node().logs);
    assert!(!governance.charter_known());
    assert_eq!((governance.k(), governance.stewards().len()), (0, 0));
    assert!(governance.replicated().is_empty());
}

#[test]
fn n1_version_0_counts_by_its_hash_alone() {
    // Nobody of the three has signed; a stranger's log carries the body.
    let mut stranger = Writer::new("stranger");
    let founding = charter(2, &authors(3));
    let (body, hash) = seal(&founding, 1);
    stranger.write_bytes("charter", &body);
    let node = super::world::Node::receive(stranger.entries.clone());
    let governance = Governance::compute(hash.as_network(), &node.logs);
    assert_eq!(governance.stewards(), authors(3));
    assert_eq!(governance.k(), 2);
    assert!(governance.charter().unwrap().votes.is_empty());
    assert!(!governance.is_steward(stranger.author));
}

#[test]
fn n1_who_has_signed_version_0_is_told() {
    let mut world = World::small(0);
    // The third steward keeps its inception only.
    world.writers[2].entries.truncate(1);
    let governance = world.governance();
    let signed: Vec<_> = governance.versions()[0].votes.keys().copied().collect();
    assert_eq!(signed, [world.id(0), world.id(1)]);
    assert_eq!(governance.replicated().len(), 3);
}

#[test]
fn n2_a_charter_that_does_not_count_founds_no_network() {
    let bad = [
        charter(1, &authors(2)),
        charter(4, &authors(3)),
        charter(0, &authors(1)),
        Charter { version: 1, ..charter(2, &authors(3)) },
        Charter { prev: Some(BodyHash([0; 32])), ..charter(2, &authors(3)) },
        Charter { stewards: vec![AuthorId([2; 32]), AuthorId([1; 32])], ..charter(2, &[]) },
    ];
    for (i, charter) in bad.iter().enumerate() {
        let mut writer = Writer::new("founder");
        let (body, hash) = seal(charter, 1);
        writer.write_bytes("charter", &body);
        let node = super::world::Node::receive(writer.entries);
        let governance = Governance::compute(hash.as_network(), &node.logs);
        assert!(!governance.charter_known(), "charter {i}");
    }
}

#[test]
fn n2_k_is_more_than_half_and_at_most_all() {
    for n in 1..=64_u8 {
        for k in 0..=u64::from(n) + 2 {
            let counts = k <= u64::from(n) && u64::from(n) < 2 * k;
            let found = charter(k, &authors(n)).check();
            assert_eq!(found.is_ok(), counts, "k {k} of {n}");
            if !counts {
                assert_eq!(found, Err(CharterError::Quorum { k, stewards: n.into() }));
            }
        }
    }
    assert!(charter(u64::MAX, &authors(3)).check().is_err());
}

#[test]
fn n2_stewards_are_distinct_sorted_and_at_most_64() {
    assert_eq!(charter(33, &authors(65)).check(), Err(CharterError::Count { found: 65 }));
    assert_eq!(charter(1, &[]).check(), Err(CharterError::Count { found: 0 }));
    let twice = charter(2, &[AuthorId([1; 32]), AuthorId([1; 32])]);
    assert_eq!(twice.check(), Err(CharterError::Order));
    let mut unsorted = charter(2, &authors(3));
    unsorted.stewards.swap(0, 1);
    assert_eq!(unsorted.check(), Err(CharterError::Order));
}

#[test]
fn n3_k_votes_adopt_and_one_fewer_only_propose() {
    let mut world = World::new("n3", 5, 3, 1);
    let next = world.successor(1, &[5]);
    let hash = world.amend(&[0, 1], next.clone(), world.founding(), 1);
    let governance = world.governance();
    assert_eq!(governance.versions().len(), 1);
    assert_eq!(governance.proposals()[0].hash, hash);
    assert_eq!(governance.proposals()[0].votes.len(), 2);
    assert!(governance.is_steward(world.id(0)));

    world.amend(&[4], next, world.founding(), 1);
    let governance = world.governance();
    assert_eq!(governance.charter().unwrap().hash, hash);
    assert_eq!(governance.charter().unwrap().votes.len(), 3);
    assert_eq!(governance.stewards(), [world.id(5)]);
    assert!(!governance.is_steward(world.id(0)) && governance.was_steward(world.id(0)));
    assert_eq!(governance.replicated().len(), 6);
    assert!(governance.proposals().is_empty());
}

#[test]
fn n3_only_stewards_of_the_version_before_vote() {
    let mut world = World::small(3);
    let next = world.successor(1, &[3]);
    world.amend(&[0, 3, 4, 5], next, world.founding(), 1);
    let governance = world.governance();
    assert_eq!(governance.versions().len(), 1);
    assert_eq!(governance.proposals()[0].votes.len(), 1);
}

#[test]
fn n3_the_first_vote_stands_against_a_later_one_of_the_same_k() {
    let mut world = World::small(2);
    let (first, second) = (world.successor(1, &[3]), world.successor(1, &[4]));
    let hash = world.amend(&[0, 1], first, world.founding(), 1);
    world.amend(&[0, 1, 2], second, world.founding(), 2);
    let governance = world.governance();
    assert_eq!(governance.charter().unwrap().hash, hash);
    assert_eq!(governance.stewards(), [world.id(3)]);
}

#[test]
fn n3_split_first_votes_deadlock() {
    let mut world = World::new("deadlock", 4, 3, 2);
    let (one, other) = (world.successor(1, &[4]), world.successor(1, &[5]));
    world.amend(&[0, 1], one.clone(), world.founding(), 1);
    world.amend(&[2, 3], other, world.founding(), 2);
    world.amend(&[2, 3], one, world.founding(), 1);
    let governance = world.governance();
    assert_eq!(governance.versions().len(), 1);
    assert_eq!(governance.proposals().len(), 2);
}

#[test]
fn n3_a_charter_that_breaks_n2_is_no_first_vote() {
    let mut world = World::small(2);
    let wrong_version = Charter { version: 2, ..world.successor(1, &[3]) };
    let wrong_quorum = world.successor(1, &[3, 4]);
    world.amend(&[0, 1], wrong_version, world.founding(), 1);
    world.amend(&[0, 1], wrong_quorum, world.founding(), 2);
    assert_eq!(world.governance().versions().len(), 1);
    assert!(world.governance().proposals().is_empty());
    let good = world.successor(1, &[4]);
    let hash = world.amend(&[0, 1], good, world.founding(), 3);
    assert_eq!(world.governance().charter().unwrap().hash, hash);
}

#[test]
fn n3_equal_charters_with_different_salts_are_different_proposals() {
    let mut world = World::small(1);
    let next = world.successor(1, &[3]);
    world.amend(&[0], next.clone(), world.founding(), 1);
    world.amend(&[1], next, world.founding(), 2);
    assert_eq!(world.governance().versions().len(), 1);
    assert_eq!(world.governance().proposals().len(), 2);
}

#[test]
fn n3_a_chain_of_versions_is_followed_to_its_end() {
    let mut world = World::small(3);
    let v1 = world.successor(1, &[3]);
    let first = world.amend(&[0, 2], v1, world.founding(), 1);
    let v2 = Charter { version: 2, ..world.successor(2, &[0, 4, 5]) };
    let second = world.amend(&[3], v2, first, 2);
    let governance = world.governance();
    let hashes: Vec<_> = governance.versions().iter().map(|version| version.hash).collect();
    assert_eq!(hashes, [world.founding(), first, second]);
    assert_eq!(governance.replicated().len(), 6);
    assert!(governance.is_steward(world.id(0)) && !governance.is_steward(world.id(3)));
}

#[test]
fn n3_a_rotation_that_disowns_a_vote_undoes_the_adoption() {
    let mut world = World::small(1);
    let before = world.writers[0].head();
    let next = world.successor(1, &[3]);
    world.amend(&[0, 1], next, world.founding(), 1);
    assert_eq!(world.governance().versions().len(), 2);
    world.writers[0].back_to(before);
    world.writers[0].rotate();
    assert_eq!(world.governance().versions().len(), 1);
    assert_eq!(world.governance().proposals()[0].votes.len(), 1);
}

#[test]
fn n3_a_removed_steward_cannot_replace_the_successor() {
    let mut world = World::small(2);
    let next = world.successor(1, &[3]);
    let first = world.amend(&[0, 1], next, world.founding(), 1);
    // The removed three vote again, for a successor of the version in force.
    let back = Charter { version: 2, ..world.successor(2, &[0, 1, 2]) };
    world.amend(&[0, 1, 2], back, first, 2);
    let governance = world.governance();
    assert_eq!(governance.charter().unwrap().hash, first);
    assert!(governance.proposals().is_empty());
}

#[test]
fn n8_a_forked_steward_adds_nothing_beyond_the_fork() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0], &item(other));
    let fork = world.writers[1].head();
    world.writers[1].admit(world.net, &[item(other)]);
    assert!(world.governance().standing(other).unwrap().admitted);
    world.writers[1].back_to(fork);
    world.writers[1].note();
    let standing = world.governance().standing(other).cloned().unwrap();
    assert!(!standing.admitted && !standing.listed);
    assert_eq!(standing.admits.len(), 1);
    // What it said before the fork stays, and a rotation heals it.
    assert_eq!(world.governance().versions()[0].votes.len(), 3);
    world.writers[1].rotate();
    world.writers[1].admit(world.net, &[item(other)]);
    assert!(world.governance().standing(other).unwrap().admitted);
}

#[test]
fn n8_a_contested_steward_adds_nothing_beyond_the_contest() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0], &item(other));
    let mut thief = world.writers[1].clone();
    let kept = thief.entries.len();
    thief.note();
    thief.rotate();
    world.writers[1].rotate();
    world.writers[1].admit(world.net, &[item(other)]);
    assert!(world.governance().standing(other).unwrap().admitted);
    let stolen = thief.entries.split_off(kept);
    world.writers[1].entries.extend(stolen);
    assert!(!world.governance().standing(other).unwrap().admitted);
}
