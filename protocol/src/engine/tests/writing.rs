//! W1, W2, W5, N7: the own log.

use super::rig::{Net, Rig, admit, gossip, pulls, suspend};
use crate::codec::{MAX_BODY, Map};
use crate::engine::{Done, Effect, Input};

/// A node of the network's member that holds everything.
fn own(net: &Net) -> Rig {
    let mut rig = Rig::new(net.id, Some(net.member.id));
    rig.settle(Input::Publish { token: 1, entries: net.member.log.clone() });
    rig.settle(Input::Import { token: 2, entries: net.entries() });
    rig
}

fn done(effects: &[Effect]) -> Option<&Done> {
    effects.iter().find_map(|effect| match effect {
        Effect::Done { done, .. } => Some(done),
        _ => None,
    })
}

fn announces(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Announce { .. }))
}

#[test]
fn an_own_entry_is_acknowledged_and_announced_once_it_is_appended() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let entry = net.member.write("practice", &Map::default());
    let effects = rig.put(Input::Publish { token: 3, entries: vec![entry.clone()] });
    assert!(done(&effects).is_none() && !announces(&effects));
    let effects = rig.confirm();
    assert_eq!(done(&effects).unwrap().stored, [entry.signed.id()]);
    assert!(announces(&effects));
}

#[test]
fn a_suspended_author_signs_after_its_last_entry_and_not_after_the_cut() {
    let mut net = Net::new();
    let mut rig = own(&net);
    for _ in 0..3 {
        let entry = net.member.write("practice", &Map::default());
        rig.settle(Input::Publish { token: 3, entries: vec![entry] });
    }
    for at in 0..2 {
        let entry = net.stewards[at].write("suspend", &suspend(net.id, net.member.id, 2));
        rig.hear(&entry);
    }
    assert_eq!(rig.head(&net.member).unwrap().seq, 2);
    assert_eq!(rig.engine.position(1).unwrap().prev, net.member.head());
    let entry = net.member.write("practice", &Map::default());
    let effects = rig.settle(Input::Publish { token: 4, entries: vec![entry.clone()] });
    assert_eq!(done(&effects).unwrap().stored, [entry.signed.id()], "what was signed is kept");
    assert!(!announces(&effects), "and told when stewards admit again");
    let admits = net.stewards[0].write("admit", &admit(net.id, &[net.member.id]));
    rig.hear(&admits);
    assert_eq!(rig.head(&net.member).unwrap().id, net.member.head());
}

#[test]
fn an_own_entry_from_elsewhere_stops_the_writer() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let unknown = |effects: &[Effect]| effects.iter().any(|e| matches!(e, Effect::OwnUnknown { .. }));
    let first = net.member.write("practice", &Map::default());
    let second = net.member.write("practice", &Map::default());
    let effects = rig.settle(gossip(&second));
    assert!(unknown(&effects), "its parent is not here, an own key signed it");
    assert!(pulls(&effects));
    assert!(unknown(&rig.settle(gossip(&first))));
}

#[test]
fn w1_a_key_that_was_rotated_away_cannot_stop_its_owner_again() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let mut thief = net.member.clone();
    let rotation = net.member.rotate(1);
    rig.settle(Input::Publish { token: 3, entries: vec![rotation] });
    thief.write("practice", &Map::default());
    let orphan = thief.write("practice", &Map::default());
    let effects = rig.settle(gossip(&orphan));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::OwnUnknown { .. })));
    assert_eq!(rig.engine.position(1).unwrap().prev, net.member.head());
}

#[test]
fn a_frozen_own_log_has_no_position() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let other = net.member.beside(1, "practice", &Map::default());
    let entry = net.member.write("practice", &Map::default());
    rig.settle(Input::Publish { token: 3, entries: vec![entry] });
    rig.hear(&other);
    assert!(rig.engine.position(1).is_none());
    let rotation = net.member.rotate(2);
    rig.settle(Input::Publish { token: 4, entries: vec![rotation] });
    assert_eq!(rig.engine.position(1).unwrap().prev, net.member.head());
}

#[test]
fn a_node_starts_again_as_it_was_and_without_what_was_not_confirmed() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let other = net.stewards[0].beside(2, "practice", &Map::default());
    let entry = net.stewards[0].write("practice", &Map::default());
    rig.hear(&entry);
    rig.hear(&other);
    let heads: Vec<_> = rig.engine.heads().iter().collect();
    let governance = rig.engine.governance().clone();
    let lost = net.member.write("practice", &Map::default());
    rig.put(Input::Publish { token: 5, entries: vec![lost] });
    rig.restart(Some(net.member.id));
    assert!(rig.engine.heads().iter().eq(heads));
    assert_eq!(*rig.engine.governance(), governance);
    assert_eq!(rig.engine.position(1).unwrap().seq, 2);
}

#[test]
fn a_large_file_takes_several_appends_and_is_done_once_they_are_written() {
    let mut net = Net::new();
    let mut rig = own(&net);
    let body = |salt: u8| vec![salt; MAX_BODY];
    let entries: Vec<_> = (0..=65).map(|salt| net.member.write_body("file", body(salt))).collect();
    let effects = rig.put(Input::Import { token: 3, entries: entries.clone() });
    assert!(done(&effects).is_none());
    assert_eq!(rig.engine.appends_on_their_way(), 2);
    assert_eq!(done(&rig.confirm()).unwrap().stored.len(), entries.len());
    assert_eq!(rig.head(&net.member).unwrap().id, net.member.head());
}
