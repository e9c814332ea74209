//! N5 (an author's own word), N9, N10, N12.

use std::collections::BTreeMap;

use super::world::{World, item};
use crate::id::{AuthorId, NetworkId};
use crate::network::{Admission, Declared, Difference, Governance, Member, Membership, Totals};

fn members(world: &World) -> Vec<Member> {
    let (node, governance) = (world.node(), world.governance());
    governance.members(&node.logs, |author, _| node.choose(&governance, author))
}

fn membership(world: &World, author: AuthorId) -> Membership {
    let (node, governance) = (world.node(), world.governance());
    let found = governance.membership(author, &node.logs[&author], &node.choose(&governance, author));
    let row = members(world).into_iter().find(|row| row.author == author);
    assert_eq!(row.map_or(Membership::Outside, |row| row.membership), found);
    found
}

#[test]
fn n5_a_member_is_admitted_and_has_joined() {
    let mut world = World::small(1);
    let other = world.other();
    assert_eq!(membership(&world, other), Membership::Outside);
    world.admit(&[0, 1], &item(other));
    assert_eq!(membership(&world, other), Membership::Admitted);
    world.writers[3].join(NetworkId([3; 32]));
    assert_eq!(membership(&world, other), Membership::Admitted, "it joined another network");
    let join = world.writers[3].join(world.net);
    assert_eq!(membership(&world, other), Membership::Member);
    let row = members(&world).into_iter().find(|row| row.author == other).unwrap();
    let joining = row.joining.unwrap();
    assert_eq!(
        (joining.entry, joining.charter, joining.time),
        (join, world.founding(), world.writers[3].now)
    );
}

#[test]
fn n5_leaving_and_joining_again_is_the_authors_own_affair() {
    let mut world = World::small(1);
    let other = world.other();
    world.writers[3].join(world.net);
    world.admit(&[0, 1], &item(other));
    world.writers[3].leave(NetworkId([3; 32]));
    assert_eq!(membership(&world, other), Membership::Member);
    world.writers[3].leave(world.net);
    assert_eq!(membership(&world, other), Membership::Left);
    world.writers[3].join(world.net);
    assert_eq!(membership(&world, other), Membership::Member);
}

#[test]
fn n5_a_closed_log_has_no_member_until_it_steps_back() {
    let mut world = World::small(1);
    let other = world.other();
    let join = world.writers[3].join(world.net);
    world.admit(&[0, 1], &item(other));
    world.writers[3].close();
    assert_eq!(membership(&world, other), Membership::Closed);
    let mut onward = World { writers: world.writers.clone(), charter: world.charter.clone(), ..world };
    onward.writers[3].rotate();
    assert_eq!(membership(&onward, other), Membership::Closed, "a rotation does not reopen it");
    onward.writers[3].note();
    assert_eq!(membership(&onward, other), Membership::Member);
    world.writers[3].back_to(join);
    world.writers[3].rotate();
    assert_eq!(membership(&world, other), Membership::Member);
}

#[test]
fn n5_suspended_then_admitted_again() {
    let mut world = World::small(1);
    let other = world.other();
    world.writers[3].join(world.net);
    world.admit(&[0, 1], &item(other));
    world.suspend(&[1], other, 1);
    assert_eq!(membership(&world, other), Membership::Suspended { upto: 1 }, "k admits exactly");
    world.admit(&[2], &item(other));
    assert_eq!(membership(&world, other), Membership::Member);
}

#[test]
fn n5_a_steward_is_no_member_by_that_alone() {
    let mut world = World::small(0);
    let steward = world.id(0);
    assert_eq!(membership(&world, steward), Membership::Outside);
    assert!(members(&world).iter().all(|row| row.is_steward));
    assert_eq!(members(&world).len(), 3);
    world.writers[0].join(world.net);
    assert_eq!(membership(&world, steward), Membership::Candidate);
    world.admit(&[1, 2], &item(steward));
    assert_eq!(membership(&world, steward), Membership::Member);
}

#[test]
fn n12_a_candidate_has_joined_and_is_not_listed() {
    let mut world = World::small(2);
    let (one, two) = (world.id(3), world.id(4));
    world.writers[3].join(world.net);
    world.writers[4].join(world.net);
    world.writers[4].leave(world.net);
    assert_eq!(membership(&world, one), Membership::Candidate);
    assert_eq!(membership(&world, two), Membership::Outside);
    assert_eq!(members(&world).len(), 4);
    assert!(!world.governance().replicates(one));
    world.writers[3].close();
    assert_eq!(membership(&world, one), Membership::Outside, "a closed log applies no more");
}

#[test]
fn n5_an_author_whose_log_has_not_arrived_stands_in_the_table() {
    let mut world = World::small(0);
    let absent = AuthorId([8; 32]);
    world.admit(&[0, 1], &item(absent));
    let row = members(&world).into_iter().find(|row| row.author == absent).unwrap();
    assert_eq!(row.membership, Membership::Admitted);
}

#[test]
fn n9_membership_as_of_a_date() {
    let mut world = World::small(1);
    let other = world.other();
    let key = |world: &World| -> BTreeMap<_, _> {
        world.writers.iter().map(|writer| (writer.author, writer.seq())).collect()
    };
    let mut dates = vec![(key(&world), Membership::Outside)];
    world.writers[3].join(world.net);
    dates.push((key(&world), Membership::Candidate));
    world.admit(&[0, 1], &item(other));
    dates.push((key(&world), Membership::Member));
    world.writers[3].leave(world.net);
    dates.push((key(&world), Membership::Left));
    world.writers[3].join(world.net);
    dates.push((key(&world), Membership::Member));
    world.writers[3].close();
    dates.push((key(&world), Membership::Closed));
    world.suspend(&[0, 1], other, 4);
    dates.push((key(&world), Membership::Suspended { upto: 4 }));
    let node = world.node();
    let today = world.governance();
    for (i, (cuts, expected)) in dates.iter().enumerate() {
        let past = Governance::compute_as_of(world.net, &node.logs, cuts);
        let found = past.membership(other, &node.logs[&other], &node.choose(&today, other));
        assert_eq!(found, *expected, "date {i}");
    }
}

#[test]
fn n10_totals_count_members_per_level() {
    let mut world = World::small(6);
    for (writer, level) in [(3, "region"), (4, "commune"), (5, "commune"), (6, "commune"), (7, "commune")] {
        let author = world.id(writer);
        world.admit(&[0, 1], &Admission { level: Some(level.into()), ..item(author) });
        if writer != 7 {
            world.writers[writer].join(world.net);
        }
    }
    let last = world.id(8);
    world.writers[8].join(world.net);
    world.admit(&[0], &Admission { level: Some("region".into()), ..item(last) });
    world.admit(&[1], &Admission { level: Some("commune".into()), ..item(last) });
    let totals = Totals::count(&members(&world));
    assert_eq!(totals.members, 5);
    assert_eq!(totals.levels, BTreeMap::from([("region".into(), 1), ("commune".into(), 3)]));
    assert_eq!(totals.unconfirmed, 1);
}

#[test]
fn n10_a_declared_126_is_not_12_and_7_and_97() {
    let declared = |total, communes| Declared {
        total,
        levels: BTreeMap::from([("region".into(), 12), ("province".into(), 7), ("commune".into(), communes)]),
    };
    assert_eq!(declared(126, 97).difference(), Some(Difference { total: 126, sum: 116 }));
    assert_eq!(declared(126, 107).difference(), None);
    assert_eq!(Declared::default().difference(), None);
}
