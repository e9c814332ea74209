//! Y7, G3: what an author's quota and pace put off, and what they never touch.

use std::collections::BTreeMap;

use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use super::order::history;
use super::rig::{Author, Net, PEER, Rig, gossip, id_of, join, pulls, read, sync};
use crate::codec::{Map, Value};
use crate::engine::quota::{
    Allowance, Bucket, ENTRIES, EVIDENCE, GROWTH, QUOTA, RECOVERY, ROTATION, Rate, Room,
};
use crate::engine::{Arriving, Ending, Input};
use crate::gossip::Verdict;
use crate::id::NetworkId;
use crate::log::Status;

/// Orders tried.
const ORDERS: u64 = 50;

fn allow(each: u64) -> Allowance {
    Allowance { each, of: BTreeMap::new() }
}

/// Writes statements of a quarter of a MiB until they hold `bytes`.
fn fill(author: &mut Author, net: NetworkId, bytes: u64) -> Vec<Arriving> {
    let mut map = join(net);
    map.insert("note", Value::Text("x".repeat(250_000)));
    let count = bytes.div_ceil(250_000);
    (0..count).map(|_| author.write("join", &map)).collect()
}

/// A body that no other entry has.
fn content() -> Map {
    let mut map = Map::default();
    map.insert("title", Value::Text("Budget participatif".into()));
    map
}

fn import(rig: &mut Rig, entries: &[Arriving]) {
    rig.settle(Input::Import { token: 1, entries: entries.to_vec() });
}

#[test]
fn over_its_quota_an_authors_content_is_left_out_and_everything_else_agrees() {
    let mut net = Net::new();
    let (mut roomy, mut small) = (net.rig(), net.rig());
    small.engine.allow(allow(0));
    let entries: Vec<Arriving> = (0..3).map(|_| net.member.write("practice", &content())).collect();
    import(&mut roomy, &entries);
    import(&mut small, &entries);
    assert_eq!(small.engine.room(&net.member.id), Room::Headers);
    assert!(small.engine.heads().iter().eq(roomy.engine.heads().iter()));
    let hash = entries[0].signed.header().body.hash;
    assert!(roomy.store.holds_body(&hash) && !small.store.holds_body(&hash));
    assert_eq!(small.engine.missing_bodies(), 0, "what is left out is not asked for");
}

#[test]
fn a_log_that_goes_on_growing_beyond_its_quota_stops_and_goes_on_when_it_is_raised() {
    let mut net = Net::new();
    let (mut full, mut small) = (net.rig(), net.rig());
    small.engine.allow(allow(10_000));
    let filling = fill(&mut net.member, net.id, GROWTH + 1_000_000);
    import(&mut full, &filling);
    import(&mut small, &filling);
    let stopped = small.head(&net.member).unwrap();
    assert_eq!(small.engine.room(&net.member.id), Room::Recovery);
    assert!(stopped.seq < full.head(&net.member).unwrap().seq);
    let held = small.engine.quotas().held(&net.member.id);
    assert!(held < 10_000 + GROWTH + 300_000, "one entry beyond at most: {held}");

    // It is neither taken nor asked for, and nobody is blamed.
    let next = filling.iter().find(|entry| entry.signed.seq() == stopped.seq + 1).unwrap();
    let effects = small.settle(gossip(next));
    assert_eq!((read(&effects), pulls(&effects)), ((Some(Verdict::Ignore), None), false));
    let sent = sync(&mut small, &mut full);
    assert_eq!(sent.endings, [Some(Ending::Complete); 2]);
    assert!(sent.blamed.is_empty() && sent.bytes < 100_000, "{} bytes", sent.bytes);
    assert_eq!(small.head(&net.member).unwrap(), stopped);

    small.engine.allow(allow(QUOTA));
    sync(&mut small, &mut full);
    assert!(small.engine.heads().iter().eq(full.engine.heads().iter()));
}

#[test]
fn an_answer_that_outgrows_its_author_is_nobodys_fault() {
    let mut net = Net::new();
    let (mut full, mut small) = (net.rig(), net.rig());
    small.engine.allow(allow(10_000));
    import(&mut full, &fill(&mut net.member, net.id, GROWTH + 1_000_000));
    let rotation = net.member.rotate(net.member.log.len() - 1);
    import(&mut full, &[rotation]);
    let sent = sync(&mut small, &mut full);
    assert!(sent.blamed.is_empty());
    assert_eq!(small.engine.room(&net.member.id), Room::Recovery);
}

#[test]
fn a_steward_is_never_stopped() {
    let mut net = Net::new();
    let (mut full, mut small) = (net.rig(), net.rig());
    small.engine.allow(allow(0));
    let filling = fill(&mut net.stewards[0], net.id, GROWTH + RECOVERY + EVIDENCE + 1_000_000);
    let practice = net.stewards[0].write("practice", &content());
    for rig in [&mut full, &mut small] {
        import(rig, &filling);
        import(rig, std::slice::from_ref(&practice));
    }
    assert!(small.engine.heads().iter().eq(full.engine.heads().iter()), "N7");
    assert!(!small.store.holds_body(&practice.signed.header().body.hash), "its content is left out");
}

#[test]
fn the_own_log_has_no_quota() {
    let mut net = Net::new();
    let mut rig = Rig::new(net.id, Some(net.member.id));
    import(&mut rig, &net.entries());
    rig.engine.allow(allow(0));
    let practice = net.member.write("practice", &content());
    rig.settle(Input::Publish { token: 2, entries: vec![practice.clone()] });
    assert_eq!(rig.engine.room(&net.member.id), Room::Open);
    assert!(rig.store.holds_body(&practice.signed.header().body.hash));
}

#[test]
fn an_owner_takes_back_a_log_that_a_thief_has_filled() {
    let mut net = Net::new();
    let mut rig = net.rig();
    rig.engine.allow(allow(10_000));
    import(&mut rig, &fill(&mut net.member, net.id, GROWTH + 1_000_000));
    assert_eq!(rig.engine.room(&net.member.id), Room::Recovery);
    let rotation = net.member.rotate(1);
    assert_eq!(rig.hear(&rotation).0, Some(Verdict::Accept));
    let head = rig.head(&net.member).unwrap();
    assert_eq!((head.id, head.status), (rotation.signed.id(), Status::Ok));
}

#[test]
fn rotations_without_end_leave_room_for_the_proof_of_a_fork() {
    let mut net = Net::new();
    let mut rig = net.rig();
    rig.engine.allow(allow(10_000));
    import(&mut rig, &fill(&mut net.member, net.id, GROWTH + 1_000_000));
    let stopped = usize::try_from(rig.head(&net.member).unwrap().seq).unwrap();
    net.member.log.truncate(stopped + 1);
    let most = (RECOVERY / ROTATION) as usize + 1;
    let mut taken = 0;
    loop {
        let mut next = net.member.clone();
        let rotation = next.rotate(next.log.len() - 1);
        if rig.hear(&rotation).0 != Some(Verdict::Accept) {
            break;
        }
        net.member = next;
        taken += 1;
    }
    assert!((64..=most).contains(&taken), "{taken} rotations");
    assert_eq!(rig.engine.room(&net.member.id), Room::Evidence);

    // The fork stands at the head, where neither of the two would be taken by itself.
    let head = net.member.log.len() - 1;
    let mut pair = ["practice", "reply"].map(|kind| net.member.beside(head, kind, &Map::default()));
    assert_eq!(rig.hear(&pair[0]), (Some(Verdict::Ignore), None));
    pair.sort_by_key(|entry| entry.signed.id());
    let id = id_of(&pair[0]);
    let proof = Input::ForkProof { from: PEER, id, entries: Box::new(pair) };
    assert_eq!(read(&rig.settle(proof)).0, Some(Verdict::Accept));
    assert_eq!(rig.head(&net.member).unwrap().status, Status::Forked);
}

#[test]
fn a_sync_brings_the_fork_at_the_head_of_a_log_that_has_no_room() {
    let mut net = Net::new();
    let (mut full, mut small) = (net.rig(), net.rig());
    small.engine.allow(allow(10_000));
    let filling = fill(&mut net.member, net.id, GROWTH + 100_000);
    import(&mut full, &filling);
    import(&mut small, &filling);
    let head = net.member.log.len() - 1;
    for kind in ["practice", "reply"] {
        let entry = net.member.beside(head, kind, &Map::default());
        full.hear(&entry);
    }
    assert_eq!(small.engine.room(&net.member.id), Room::Recovery);
    sync(&mut small, &mut full);
    assert_eq!(small.head(&net.member).unwrap().status, Status::Forked);
    assert!(small.engine.heads().iter().eq(full.engine.heads().iter()));
}

#[test]
fn what_was_charged_is_known_after_a_restart() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let entry = net.member.write("practice", &Map::default());
    rig.hear(&entry);
    let held = rig.engine.quotas().held(&net.member.id);
    assert!(held > entry.signed.envelope().len() as u64);
    rig.restart(None);
    assert_eq!(rig.engine.quotas().held(&net.member.id), held);
}

#[test]
fn only_the_authors_own_entries_use_up_its_pace() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let entries: Vec<Arriving> =
        (0..=ENTRIES.burst).map(|_| net.member.write("practice", &Map::default())).collect();
    let (last, burst) = entries.split_last().unwrap();
    for entry in burst {
        assert_eq!(rig.hear(entry).0, Some(Verdict::Accept));
        assert_eq!(rig.hear(entry).0, Some(Verdict::Ignore), "a second copy costs nothing");
    }
    let effects = rig.settle(gossip(last));
    assert_eq!(read(&effects), (Some(Verdict::Ignore), None));
    assert!(!pulls(&effects), "it comes by sync, at its pace");
    rig.now += 1_000;
    assert_eq!(rig.hear(last).0, Some(Verdict::Accept));
}

#[test]
fn with_quotas_any_order_of_the_same_entries_gives_the_state_without() {
    let (founding, entries) = history();
    let state = |rig: &Rig| {
        let heads: Vec<_> = rig.engine.heads().iter().collect();
        (heads, rig.engine.governance().clone(), rig.engine.withdrawals().clone())
    };
    let deliver = |each: u64, seed: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut rig = founding.rig();
        rig.engine.allow(allow(each));
        let mut left = entries.clone();
        for _ in 0..4 {
            left.shuffle(&mut rng);
            left.iter().for_each(|entry| drop(rig.settle(gossip(entry))));
        }
        rig.settle(Input::Import { token: 9, entries: entries.clone() });
        state(&rig)
    };
    let wanted = deliver(u64::MAX, 0);
    for seed in 0..ORDERS {
        for each in [0, 2_000, QUOTA] {
            assert_eq!(deliver(each, seed), wanted, "seed {seed}, quota {each}");
        }
    }
}

#[test]
fn a_bucket_gives_its_burst_and_then_its_pace() {
    let mut bucket = Bucket::full(Rate { burst: 3, per_second: 2 }, 10_000);
    assert!((0..3).all(|_| bucket.take(1, 10_000)));
    assert!(!bucket.take(1, 10_499));
    assert!(bucket.take(1, 10_500));
    assert!(!bucket.take(1, 10_600));
    bucket.spend(4, 11_000);
    assert_eq!(bucket.ready_in(11_000), 1_500, "3 owed and half a one left from before");
    bucket.give_back(100);
    assert!(bucket.is_full(11_000) && !bucket.has(4, 11_000), "never more than the burst");
}

#[test]
fn a_clock_that_is_set_back_costs_a_bucket_nothing_for_ever() {
    let mut bucket = Bucket::full(Rate { burst: 1, per_second: 1 }, 1_000_000);
    assert!(bucket.take(1, 1_000_000));
    assert!(!bucket.take(1, 5_000));
    assert!(bucket.take(1, 6_000));
}

#[test]
fn rooms_close_in_order() {
    let net = Net::new();
    let mut rig = net.rig();
    let held = rig.engine.quotas().held(&net.member.id);
    let steps = [0, GROWTH, GROWTH + RECOVERY, GROWTH + RECOVERY + EVIDENCE];
    let rooms = [Room::Headers, Room::Recovery, Room::Evidence, Room::Full];
    rig.engine.allow(allow(held + 1));
    assert_eq!(rig.engine.room(&net.member.id), Room::Open);
    for (step, room) in steps.into_iter().zip(rooms) {
        rig.engine.quotas.set_held(net.member.id, held + 1 + step);
        assert_eq!(rig.engine.room(&net.member.id), room, "{step}");
    }
}
