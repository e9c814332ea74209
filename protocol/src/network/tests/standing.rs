//! N4, N5 (what stewards say), N6, N7, N9.

use std::collections::BTreeMap;

use super::world::{World, item, seal};
use crate::id::{AuthorId, EntryId, NetworkId, Seq};
use crate::log::{Mark, Status};
use crate::network::{Admission, Governance, Standing};

fn standing(world: &World, author: AuthorId) -> Standing {
    world.governance().standing(author).cloned().unwrap_or_default()
}

#[test]
fn n4_statements_of_authors_that_are_no_stewards_do_not_count() {
    let mut world = World::small(4);
    let other = world.other();
    world.admit(&[4, 5, 6], &item(other));
    assert_eq!(world.governance().standing(other), None);
    world.admit(&[0], &item(other));
    assert_eq!(standing(&world, other).admits, [world.id(0)].into());
    assert!(!standing(&world, other).listed);
}

#[test]
fn n4_a_removed_stewards_statements_stop_counting() {
    let mut world = World::small(3);
    let author = world.id(5);
    world.admit(&[0, 1], &item(author));
    assert!(standing(&world, author).admitted);
    // Steward 1 gives way to the author 3.
    let next = world.successor(2, &[0, 2, 3]);
    world.amend(&[0, 2], next, world.founding(), 1);
    let after = standing(&world, author);
    assert!(!after.admitted && !after.listed);
    // Had the incoming steward signed an admit first, nothing would change: whenever it is made.
    world.admit(&[3], &item(author));
    assert!(standing(&world, author).admitted);
}

#[test]
fn n4_the_latest_statement_counts_and_the_last_item_within_one() {
    let mut world = World::small(1);
    let other = world.other();
    let (net, place) = (world.net, |code: &str| Admission { place: Some(code.into()), ..item(other) });
    for steward in [0, 1] {
        world.writers[steward].admit(net, &[place("one"), place("two")]);
    }
    assert_eq!(standing(&world, other).place.as_deref(), Some("two"));
    world.writers[0].suspend(net, other, 3);
    assert!(!standing(&world, other).admitted);
    world.writers[0].admit(net, &[place("three")]);
    let latest = standing(&world, other);
    assert!(latest.admitted);
    assert_eq!(latest.place, None, "two stewards name two places");
}

#[test]
fn n4_statements_for_another_network_are_ignored() {
    let mut world = World::small(1);
    let other = world.other();
    let elsewhere = NetworkId([4; 32]);
    for steward in [0, 1, 2] {
        world.writers[steward].admit(elsewhere, &[item(other)]);
    }
    assert_eq!(world.governance().standing(other), None);
    world.admit(&[0, 1], &item(other));
    for steward in [0, 1, 2] {
        world.writers[steward].suspend(elsewhere, other, 0);
    }
    assert!(standing(&world, other).admitted);
}

#[test]
fn n4_the_same_logs_serve_two_networks_apart() {
    let mut world = World::small(2);
    // The same three stewards found a second network in the same logs.
    let (body, hash) = seal(&world.charter, 99);
    for steward in 0..3 {
        world.writers[steward].write_bytes("charter", &body);
    }
    let second = hash.as_network();
    let (one, two) = (world.id(3), world.id(4));
    world.admit(&[0, 1], &item(one));
    for steward in [1, 2] {
        world.writers[steward].admit(second, &[item(two)]);
    }
    let node = world.node();
    let (a, b) = (Governance::compute(world.net, &node.logs), Governance::compute(second, &node.logs));
    assert!(a.replicates(one) && !a.replicates(two));
    assert!(b.replicates(two) && !b.replicates(one));
}

#[test]
fn n5_listed_is_at_some_time_and_admitted_is_the_latest() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0], &item(other));
    assert_eq!((standing(&world, other).listed, standing(&world, other).admitted), (false, false));
    world.suspend(&[0], other, 5);
    world.admit(&[1], &item(other));
    // Two have admitted it at some time, though never at the same.
    assert_eq!((standing(&world, other).listed, standing(&world, other).admitted), (true, false));
    world.admit(&[2], &item(other));
    assert_eq!((standing(&world, other).listed, standing(&world, other).admitted), (true, true));
}

#[test]
fn n5_place_level_and_succession_hold_each_by_itself() {
    let mut world = World::new("n5", 5, 3, 1);
    let other = world.other();
    let full = |place: &str, level: &str, succeeds: AuthorId| Admission {
        place: Some(place.into()),
        level: Some(level.into()),
        succeeds: Some(vec![succeeds]),
        ..item(other)
    };
    let (a, b) = (AuthorId([1; 32]), AuthorId([2; 32]));
    world.admit(&[0], &full("01.051", "commune", a));
    world.admit(&[1], &full("01.051", "commune", b));
    world.admit(&[2], &full("01.052", "commune", a));
    world.admit(&[3], &full("01.051", "region", b));
    world.admit(&[4], &item(other));
    let found = standing(&world, other);
    assert!(found.admitted);
    assert_eq!(found.place.as_deref(), Some("01.051"));
    assert_eq!(found.level.as_deref(), Some("commune"));
    assert!(found.succeeds.is_empty());
    world.admit(&[4], &full("01.053", "region", a));
    assert_eq!(standing(&world, other).succeeds, [a]);
    // A later admit without a place no longer confirms it.
    world.admit(&[0], &item(other));
    assert_eq!(standing(&world, other).place, None);
}

#[test]
fn n6_the_pin_takes_k_equal_words_each_the_last_given() {
    let mut world = World::small(1);
    let other = world.other();
    let (x, y) = (EntryId([1; 32]), EntryId([2; 32]));
    let stands = |entry| Admission { stands: Some(entry), ..item(other) };
    world.admit(&[0], &stands(x));
    world.admit(&[1], &stands(y));
    assert_eq!(world.governance().pin(other), None);
    world.admit(&[2], &stands(x));
    assert_eq!(world.governance().pin(other), Some(x));
    // An admit without one keeps it, and so does a suspend.
    world.admit(&[0, 2], &item(other));
    world.suspend(&[0, 2], other, 9);
    assert_eq!(world.governance().pin(other), Some(x));
    world.admit(&[2], &stands(y));
    assert_eq!(world.governance().pin(other), Some(y));
}

#[test]
fn n6_a_pin_decides_a_contest_and_waits_for_its_entry() {
    let mut world = World::small(1);
    let other = world.other();
    let mut thief = world.writers[3].clone();
    let stolen = thief.rotate();
    thief.note();
    let base = world.writers[3].note();
    let kept = world.writers[3].rotate();
    let stands = Admission { stands: Some(world.writers[3].note()), ..item(other) };
    world.admit(&[0, 1], &item(other));
    world.writers[3].entries.extend(thief.entries.split_off(1));
    let node = world.node();
    let choice = node.choose(&world.governance(), other);
    assert_eq!((choice.status, choice.head.seq), (Status::Contested, 0));
    world.admit(&[0, 1], &stands);
    let node = world.node();
    let choice = node.choose(&world.governance(), other);
    let tree = node.logs[&other].log.tree();
    assert_eq!((choice.status, choice.head.seq), (Status::Ok, 3));
    assert!(choice.contains(tree.find(&kept).unwrap()) && !choice.contains(tree.find(&stolen).unwrap()));
    assert!(choice.contains(tree.find(&base).unwrap_or(tree.parent(tree.find(&kept).unwrap()).unwrap())));
}

#[test]
fn n6_stewards_past_and_present_have_no_pin() {
    let mut world = World::small(1);
    let (present, entry) = (world.id(1), world.writers[1].head());
    let stands = |author| Admission { stands: Some(entry), ..item(author) };
    world.admit(&[0, 1, 2], &stands(present));
    assert!(standing(&world, present).admitted);
    assert_eq!(world.governance().pin(present), None);
    let next = world.successor(2, &[0, 2, 3]);
    world.amend(&[0, 2], next, world.founding(), 1);
    assert!(!world.governance().is_steward(present));
    assert_eq!(world.governance().pin(present), None);
    assert_eq!(standing(&world, present).pin, None);
}

#[test]
fn n7_the_cut_is_the_greatest_upto_of_the_latest_suspends() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0, 1, 2], &item(other));
    world.suspend(&[0], other, 1);
    assert_eq!(world.governance().cut(other), None, "two of three still admit it");
    world.suspend(&[1], other, 3);
    assert_eq!(world.governance().cut(other), Some(3));
    world.suspend(&[1], other, 2);
    assert_eq!(world.governance().cut(other), Some(2));
    assert!(world.governance().replicates(other));
    let uptos: Vec<_> = standing(&world, other).suspensions.iter().map(|found| found.upto).collect();
    assert_eq!(uptos, [1, 2]);
}

#[test]
fn n7_what_was_written_during_a_suspension_counts_once_admitted_again() {
    let mut world = World::small(1);
    let other = world.other();
    world.writers[3].join(world.net);
    world.admit(&[0, 1], &item(other));
    world.suspend(&[0, 1], other, 1);
    world.writers[3].note();
    let node = world.node();
    let governance = world.governance();
    let choice = node.choose(&governance, other);
    assert_eq!(choice.head.seq, 1);
    let tree = node.logs[&other].log.tree();
    let last = tree.find(&world.writers[3].head()).unwrap();
    assert_eq!(tree.mark(last, &choice, governance.cut(other)), Mark::BeyondCut);
    world.admit(&[0, 1], &item(other));
    assert_eq!(world.governance().cut(other), None);
    assert_eq!(world.node().choose(&world.governance(), other).head.seq, 2);
}

#[test]
fn n7_stewards_past_and_present_are_cut_only_in_what_is_shown() {
    let mut world = World::small(1);
    let steward = world.id(1);
    world.admit(&[0, 1, 2], &item(steward));
    world.suspend(&[0, 2], steward, 1);
    assert_eq!(world.governance().cut(steward), None);
    assert_eq!(standing(&world, steward).cut, Some(1));
    // Its own statements after the cut go on counting.
    let other = world.other();
    world.admit(&[0, 1], &item(other));
    assert!(standing(&world, other).admitted);
    let next = world.successor(2, &[0, 2, 3]);
    world.amend(&[0, 2], next, world.founding(), 1);
    assert_eq!(world.governance().cut(steward), None);
}

#[test]
fn n7_a_suspend_of_an_author_never_listed_cuts_nothing() {
    let mut world = World::small(1);
    let other = world.other();
    world.suspend(&[0, 1, 2], other, 0);
    assert_eq!(world.governance().cut(other), None);
    assert_eq!(standing(&world, other).cut, None);
    assert!(!world.governance().replicates(other));
}

/// The sequence numbers of every log as they stand now.
fn heads(world: &World) -> BTreeMap<AuthorId, Seq> {
    world.writers.iter().map(|writer| (writer.author, writer.seq())).collect()
}

#[test]
fn n9_as_of_a_date_only_what_was_said_by_then_counts() {
    let mut world = World::small(2);
    let (one, two) = (world.id(3), world.id(4));
    world.admit(&[0, 1], &item(one));
    let then = heads(&world);
    let before = world.governance();
    world.admit(&[0, 1], &item(two));
    world.suspend(&[0, 1], one, 0);
    let next = world.successor(1, &[3]);
    world.amend(&[0, 1], next, world.founding(), 1);
    let node = world.node();
    let past = Governance::compute_as_of(world.net, &node.logs, &then);
    assert_eq!(past.standings(), before.standings());
    assert_eq!(past.versions(), before.versions());
    assert!(past.standing(one).unwrap().admitted && past.standing(two).is_none());
    // As of today nothing is left out.
    let today = Governance::compute_as_of(world.net, &node.logs, &heads(&world));
    assert_eq!(today.versions(), world.governance().versions());
    assert_eq!(today.standings(), world.governance().standings());
}

#[test]
fn n9_an_author_without_a_cut_had_said_nothing() {
    let mut world = World::small(1);
    let other = world.other();
    world.admit(&[0, 1], &item(other));
    let mut then = heads(&world);
    then.remove(&world.id(1));
    let past = Governance::compute_as_of(world.net, &world.node().logs, &then);
    assert!(past.charter_known());
    assert_eq!(past.standing(other).unwrap().admits, [world.id(0)].into());
}

#[test]
fn n9_what_was_disowned_since_does_not_count_at_any_date() {
    let mut world = World::small(1);
    let other = world.other();
    let stands_by = world.writers[1].head();
    world.admit(&[0, 1], &item(other));
    let then = heads(&world);
    world.writers[1].back_to(stands_by);
    world.writers[1].rotate();
    let past = Governance::compute_as_of(world.net, &world.node().logs, &then);
    assert!(!past.standing(other).unwrap().admitted);
}
