//! G3: what is accepted, ignored and rejected.

use super::rig::{Author, Net, PEER, admit, gossip, id_of, order, pulls, read, suspend, withdraw};
use crate::codec::{Map, Value};
use crate::engine::{Arriving, Effect, Input, SessionId};
use crate::entry::{Entry, Signed};
use crate::gossip::Verdict;
use crate::log::Status;
use crate::sync::Frame;

fn practice(net: &mut Net) -> Arriving {
    net.member.write("practice", &Map::default())
}

#[test]
fn a_gossiped_entry_is_accepted_only_once_it_is_appended() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let before = rig.head(&net.member);
    let effects = rig.put(gossip(&practice(&mut net)));
    assert_eq!(read(&effects), (None, None));
    assert_eq!(rig.head(&net.member), before, "peers are told durable heads only");
    assert_eq!(read(&rig.confirm()), (Some(Verdict::Accept), None));
    assert_eq!(rig.head(&net.member).unwrap().id, net.member.head());
}

#[test]
fn a_known_entry_is_ignored() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let entry = practice(&mut net);
    rig.hear(&entry);
    assert_eq!(rig.hear(&entry), (Some(Verdict::Ignore), None));
}

#[test]
fn an_entry_with_an_unknown_parent_is_ignored_and_pulled() {
    let mut net = Net::new();
    let mut rig = net.rig();
    practice(&mut net);
    let effects = rig.settle(gossip(&practice(&mut net)));
    assert_eq!(read(&effects), (Some(Verdict::Ignore), None));
    assert!(pulls(&effects));
}

#[test]
fn an_author_who_is_not_listed_is_ignored() {
    let net = Net::new();
    let mut rig = net.rig();
    let stranger = Author::new(20);
    let effects = rig.settle(gossip(&stranger.log[0]));
    assert_eq!(read(&effects), (Some(Verdict::Ignore), None));
    assert!(!pulls(&effects));
    assert!(!rig.store.holds(stranger.head()));
}

#[test]
fn a_wrong_signature_is_rejected_and_penalised() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let entry = practice(&mut net);
    let mut bytes = entry.signed.envelope().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let forged = Arriving { signed: Signed::unchecked(Entry::decode(&bytes).unwrap()), ..entry };
    assert_eq!(rig.hear(&forged), (Some(Verdict::Reject), Some("V5")));
    assert!(!rig.store.holds(net.member.head()));
}

#[test]
fn a_network_body_over_48_kib_is_pulled_before_its_entry_is_stored() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let mut map = admit(net.id, &[net.member.id]);
    map.insert("note", Value::Text("x".repeat(50_000)));
    let mut entry = net.stewards[0].write("admit", &map);
    assert!(!entry.signed.carries_body());
    entry.body = None;
    let effects = rig.settle(gossip(&entry));
    assert_eq!(read(&effects), (Some(Verdict::Ignore), None));
    assert!(pulls(&effects));
    assert!(!rig.store.holds(entry.signed.id()));
}

#[test]
fn a_missing_body_is_asked_for_and_taken_once() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let mut map = Map::default();
    map.insert("text", Value::Text("x".repeat(50_000)));
    let mut entry = net.member.write("practice", &map);
    let body = entry.body.take().unwrap();
    let effects = rig.settle(gossip(&entry));
    assert_eq!(read(&effects).0, Some(Verdict::Accept));
    assert!(pulls(&effects), "the sender has the body");
    assert_eq!(rig.engine.missing_bodies(), 1);
    let session = super::rig::opened(&mut rig);
    let hash = entry.signed.header().body.hash;
    let is = |body: &[u8]| super::rig::receive(session, &Frame::BodyIs(hash, Some(body.to_vec())));
    rig.settle(is(&body));
    assert_eq!(rig.engine.missing_bodies(), 0);
    let effects = rig.settle(is(&body));
    assert_eq!(read(&effects).1, Some("Y7"), "nothing more was asked");
}

#[test]
fn a_body_that_is_withdrawn_is_not_asked_for() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let mut entry = practice(&mut net);
    entry.body = None;
    rig.hear(&entry);
    rig.hear(&net.member.clone().write("withdraw", &withdraw(net.member.reference(2))));
    assert!(rig.engine.withdrawals().contains_key(&net.member.reference(2)));
    rig.engine.forget_missing(&entry.signed.header().body.hash);
    assert_eq!(rig.engine.missing_bodies(), 0);
}

#[test]
fn an_order_that_came_first_withdraws_its_target_when_it_comes() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let entry = practice(&mut net);
    let order = order(net.id, net.member.reference(2));
    for at in 0..2 {
        let order = net.stewards[at].write("withdraw", &order);
        rig.hear(&order);
    }
    let effects = rig.settle(gossip(&entry));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Withdraw { withdrawal: Some(_), .. })));
}

#[test]
fn a_fork_moves_the_head_back_and_nothing_is_accepted_beyond() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let other = net.member.beside(1, "practice", &Map::default());
    for _ in 0..3 {
        let entry = practice(&mut net);
        rig.hear(&entry);
    }
    let effects = rig.settle(gossip(&other));
    assert_eq!(read(&effects).0, Some(Verdict::Accept));
    let announced = effects.iter().any(|effect| matches!(effect, Effect::AnnounceFork { .. }));
    assert!(announced, "both branches reach those who saw one");
    let head = rig.head(&net.member).unwrap();
    assert_eq!((head.seq, head.status), (1, Status::Forked));
    assert_eq!(rig.hear(&practice(&mut net)), (Some(Verdict::Ignore), None));
}

#[test]
fn a_proof_freezes_a_log_of_which_neither_branch_was_here() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let a = net.member.beside(1, "practice", &Map::default());
    let b = practice(&mut net);
    let mut pair = [a, b].map(|entry| Arriving { body: None, ..entry });
    pair.sort_by_key(|entry| entry.signed.id());
    let id = id_of(&pair[0]);
    let proof = |entries: [Arriving; 2]| Input::ForkProof { from: PEER, id, entries: Box::new(entries) };
    let effects = rig.settle(proof(pair.clone()));
    assert_eq!(read(&effects), (Some(Verdict::Accept), None));
    assert_eq!(rig.head(&net.member).unwrap().status, Status::Forked);
    let effects = rig.settle(proof(pair.clone()));
    assert_eq!(read(&effects).0, Some(Verdict::Ignore), "it moves no head");
    pair.reverse();
    assert_eq!(read(&rig.settle(proof(pair))), (Some(Verdict::Reject), Some("G1")));
}

#[test]
fn a_third_branch_is_not_kept() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let third = net.member.beside(1, "challenge", &Map::default());
    rig.hear(&net.member.beside(1, "practice", &Map::default()));
    rig.hear(&practice(&mut net));
    assert_eq!(rig.hear(&third), (Some(Verdict::Ignore), None));
    assert!(!rig.store.holds(third.signed.id()));
}

#[test]
fn a_rotation_that_steps_back_disowns() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let disowned = practice(&mut net);
    rig.hear(&disowned);
    let rotation = net.member.rotate(1);
    assert_eq!(rig.hear(&rotation).0, Some(Verdict::Accept));
    let head = rig.head(&net.member).unwrap();
    assert_eq!((head.id, head.status), (rotation.signed.id(), Status::Ok));
    assert!(rig.store.holds(disowned.signed.id()), "a node drops nothing");
}

#[test]
fn a_rotation_heals_a_fork_and_what_its_branch_says_counts() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let other = net.member.beside(1, "practice", &Map::default());
    let target = net.member.reference(1);
    let kept = net.member.write("withdraw", &withdraw(target));
    rig.hear(&other);
    rig.hear(&kept);
    assert!(rig.engine.withdrawals().is_empty(), "a frozen log says nothing beyond its head");
    let rotation = net.member.rotate(2);
    rig.hear(&rotation);
    assert_eq!(rig.head(&net.member).unwrap().status, Status::Ok);
    assert!(rig.engine.withdrawals().contains_key(&target), "the branch is crowned");
}

#[test]
fn a_suspended_authors_log_is_cut_and_comes_back() {
    let mut net = Net::new();
    let mut rig = net.rig();
    for _ in 0..3 {
        let entry = practice(&mut net);
        rig.hear(&entry);
    }
    for at in 0..2 {
        let entry = net.stewards[at].write("suspend", &suspend(net.id, net.member.id, 2));
        rig.hear(&entry);
    }
    assert_eq!(rig.head(&net.member).unwrap().seq, 2);
    let effects = rig.settle(gossip(&practice(&mut net)));
    assert_eq!(read(&effects), (Some(Verdict::Ignore), None));
    assert!(!pulls(&effects), "what is beyond the cut is not asked for");
    let entry = net.stewards[0].write("admit", &admit(net.id, &[net.member.id]));
    rig.hear(&entry);
    assert_eq!(rig.head(&net.member).unwrap().seq, 4);
}

#[test]
fn evidence_of_a_steward_comes_with_its_body() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let steward = &mut net.stewards[0];
    let mut thiefs = steward.beside(2, "admit", &admit(net.id, &[net.member.id]));
    rig.hear(&steward.write("practice", &Map::default()));
    let body = thiefs.body.take();
    let effects = rig.settle(gossip(&thiefs));
    assert_eq!(read(&effects).0, Some(Verdict::Ignore));
    assert!(pulls(&effects));
    thiefs.body = body;
    assert_eq!(rig.hear(&thiefs).0, Some(Verdict::Accept));
    assert_eq!(rig.head(&net.stewards[0]).unwrap().status, Status::Forked);
}

#[test]
fn a_session_that_nobody_opened_is_not_answered() {
    let net = Net::new();
    let mut rig = net.rig();
    assert!(rig.settle(super::rig::receive(SessionId(77), &Frame::Done)).is_empty());
}
