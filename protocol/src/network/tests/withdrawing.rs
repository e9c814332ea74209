//! B2.

use std::collections::BTreeMap;

use super::world::{World, item};
use crate::id::{EntryId, NetworkId};
use crate::network::{Ref, Withdrawal, withdrawals};

fn found(world: &World) -> BTreeMap<Ref, Withdrawal> {
    let (node, governance) = (world.node(), world.governance());
    withdrawals(&node.logs, &governance, |author, _| node.choose(&governance, author))
}

/// An author that has joined, is admitted and has written one record.
fn world_with_record() -> (World, Ref) {
    let mut world = World::small(2);
    let other = world.other();
    world.writers[3].join(world.net);
    world.admit(&[0, 1, 2], &item(other));
    world.writers[3].note();
    let target = world.writers[3].head_ref();
    (world, target)
}

#[test]
fn b2_an_author_withdraws_its_own() {
    let (mut world, target) = world_with_record();
    assert!(found(&world).is_empty());
    let first = world.writers[3].withdraw(None, &[target]);
    world.writers[3].withdraw(Some(world.net), &[target]);
    let all = found(&world);
    let withdrawal = &all[&target];
    assert!(!withdrawal.is_ordered());
    let own = withdrawal.own.as_ref().unwrap();
    assert_eq!((own.entry, own.by, own.reason.as_str()), (first, target.author, "privacy"));
    assert_eq!(withdrawal.by().count(), 1);
}

#[test]
fn b2_nobody_else_withdraws_it() {
    let (mut world, target) = world_with_record();
    world.writers[4].withdraw(Some(world.net), &[target]);
    world.writers[0].withdraw(Some(world.net), &[target]);
    assert!(found(&world).is_empty());
}

#[test]
fn b2_k_current_stewards_order_it_for_their_network() {
    let (mut world, target) = world_with_record();
    world.writers[0].withdraw(Some(world.net), &[target, target]);
    world.writers[0].withdraw(Some(world.net), &[target]);
    world.writers[1].withdraw(None, &[target]);
    world.writers[2].withdraw(Some(NetworkId([5; 32])), &[target]);
    assert!(found(&world).is_empty(), "one steward thrice, one without and one with another network");
    world.writers[2].withdraw(Some(world.net), &[target]);
    let all = found(&world);
    assert!(all[&target].is_ordered() && all[&target].own.is_none());
    let by: Vec<_> = all[&target].by().map(|order| order.by).collect();
    assert_eq!(by, [world.id(0), world.id(2)]);
}

#[test]
fn b2_an_order_lapses_with_its_stewards_unless_signed_again() {
    let (mut world, target) = world_with_record();
    for steward in [0, 1] {
        world.writers[steward].withdraw(Some(world.net), &[target]);
    }
    assert!(found(&world)[&target].is_ordered());
    let next = world.successor(2, &[0, 2, 4]);
    world.amend(&[0, 2], next, world.founding(), 1);
    assert!(found(&world).is_empty());
    world.writers[4].withdraw(Some(world.net), &[target]);
    assert!(found(&world)[&target].is_ordered());
}

#[test]
fn b2_author_seq_and_id_agree() {
    let (mut world, target) = world_with_record();
    let other_seq = Ref { seq: target.seq + 1, ..target };
    world.writers[3].withdraw(None, &[other_seq]);
    // Two stewards that name different places of the same id are no order.
    world.writers[0].withdraw(Some(world.net), &[target]);
    world.writers[1].withdraw(Some(world.net), &[other_seq]);
    assert!(!found(&world).contains_key(&target));
    // Nor does an author reach another's entry by claiming it.
    let claimed = Ref { author: world.id(4), ..target };
    world.writers[4].withdraw(None, &[claimed]);
    assert!(!found(&world).contains_key(&target));
}

#[test]
fn b2_a_disowned_withdrawal_is_undone_and_a_disowned_entry_withdrawn() {
    let (mut world, target) = world_with_record();
    world.writers[3].withdraw(None, &[target]);
    assert_eq!(found(&world).len(), 1);
    world.writers[3].back_to(target.id);
    world.writers[3].rotate();
    assert!(found(&world).is_empty());
    let disowned = Ref { seq: target.seq + 1, id: EntryId([1; 32]), ..target };
    world.writers[3].withdraw(None, &[disowned]);
    assert_eq!(found(&world).keys().collect::<Vec<_>>(), [&disowned]);
}

#[test]
fn b2_a_withdrawal_beyond_the_cut_does_not_count() {
    let (mut world, target) = world_with_record();
    world.suspend(&[0, 1], target.author, target.seq);
    world.writers[3].withdraw(None, &[target]);
    assert!(found(&world).is_empty());
}
