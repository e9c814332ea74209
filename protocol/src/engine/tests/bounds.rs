//! What others can make a node hold, wait for or ask, and that nobody is blamed for being large (B1, S4,
//! Y2, Y5, Y6, Y7).

use super::rig::{Author, Net, PEER, Rig, admit, asked_by_name, gossip, opened, receive, sync};
use crate::codec::{Map, Value};
use crate::engine::comparing::{FIRST_TIP_DELAY, MAX_TIP_DELAY};
use crate::engine::{Arriving, Effect, Ending, Input, MAX_MISSING, SessionId};
use crate::entry::encode_body;
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId};
use crate::log::{Head, Status};
use crate::network::{Admission, Admit, Body};
use crate::sync::session::MAX_SILENCE;
use crate::sync::{EndCode, Frame, Hello, MAX_HEADS, Row, Stewards, Want};

fn body_of(len: usize, number: u8) -> Vec<u8> {
    let mut map = Map::default();
    map.insert("text", Value::Text("m".repeat(len)));
    encode_body([number; 16], &map)
}

#[test]
fn a_silent_peer_is_left_though_the_clock_was_set_back() {
    let mut rig = Net::new().rig();
    rig.now = 10_000_000;
    let session = opened(&mut rig);
    rig.now = 1_000;
    rig.settle(Input::Tick);
    rig.now += MAX_SILENCE + 1;
    let effects = rig.settle(Input::Tick);
    let ends = |effect: &Effect| matches!(effect, Effect::EndSession { session: found, ending: Ending::Stalled } if *found == session);
    assert!(effects.iter().any(ends), "Y7: a session ends whatever the peer does");
}

/// A log whose owner steps back before `len` entries of a thief, and then writes as many of its own.
fn stepped_back(net: &Net, len: usize, write: impl Fn(&mut Author, usize)) -> (Rig, Rig, Author) {
    let (mut owner, mut thief) = (net.member.clone(), net.member.clone());
    thief.write("challenge", &Map::default());
    (0..len).for_each(|number| write(&mut owner, number));
    let last = owner.log.len() - 1;
    owner.rotate(last);
    let behind = Net { member: thief, ..net.clone() }.rig();
    (behind, Net { member: owner.clone(), ..net.clone() }.rig(), owner)
}

#[test]
fn a_crowned_branch_whose_bodies_do_not_fit_is_taken_without_them() {
    let net = Net::new();
    let body = body_of(49_000, 1);
    let write = |owner: &mut Author, _| drop(owner.write_body("practice", body.clone()));
    let (mut behind, mut ahead, owner) = stepped_back(&net, 400, write);
    let sent = sync(&mut behind, &mut ahead);
    assert!(sent.blamed.is_empty(), "{:?}", sent.blamed);
    assert_eq!(behind.head(&owner).unwrap().id, owner.head());
}

#[test]
fn an_honest_peer_is_not_blamed_for_a_branch_that_is_too_large_to_hold() {
    let net = Net::new();
    // Bodies of a network kind cannot be left for later (V7).
    let body = body_of(260_000, 1);
    let write = |owner: &mut Author, _| drop(owner.write_body("checkpoint", body.clone()));
    let (mut behind, mut ahead, owner) = stepped_back(&net, 70, write);
    let before = behind.head(&owner);
    let sent = sync(&mut behind, &mut ahead);
    assert!(sent.blamed.is_empty(), "{:?}", sent.blamed);
    assert_eq!(behind.head(&owner), before);
}

#[test]
fn heads_of_authors_whom_nobody_replicates_are_not_kept() {
    let mut rig = Net::new().rig();
    let session = SessionId(5);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let net = rig.engine.network().unwrap();
    let hello = Hello { net, root: Bytes32([3; 32]), time: 1, candidates: None };
    rig.settle(receive(session, &Frame::Hello(hello)));
    let stewards = Stewards { heads: strangers(0), charter: BodyHash(net.0) };
    rig.settle(receive(session, &Frame::Stewards(stewards)));
    assert_eq!(rig.engine.load().sessions, 1);
    assert_eq!(rig.engine.load().most_heads, 0);
}

#[test]
fn a_node_without_a_charter_looks_for_it_in_a_bounded_number_of_logs() {
    let mut rig = Rig::new(Net::new().id, None);
    let session = SessionId(5);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let net = rig.engine.network().unwrap();
    let hello = Hello { net, root: Bytes32([3; 32]), time: 1, candidates: None };
    rig.settle(receive(session, &Frame::Hello(hello)));
    for number in 1..4 {
        let heads = strangers(number);
        let stewards = Stewards { heads, charter: BodyHash(net.0) };
        rig.settle(receive(session, &Frame::Stewards(stewards)));
    }
    assert_eq!(rig.engine.load().sessions, 1);
    assert!(rig.engine.load().most_queued <= 256, "{}", rig.engine.load().most_queued);
}

/// The heads of as many authors as a frame holds, of whom nobody knows.
fn strangers(number: u8) -> Vec<Row> {
    let row = |at: u32| {
        let mut author = [number; 32];
        author[..4].copy_from_slice(&at.to_be_bytes());
        Row::new(AuthorId(author), Head { seq: 1, id: EntryId([9; 32]), status: Status::Ok })
    };
    (0..3_000).map(row).collect()
}

#[test]
fn more_authors_than_one_frame_of_rows_holds_come_by_several_sessions() {
    let mut net = Net::new();
    let authors: Vec<Author> = (0..=MAX_HEADS)
        .map(|number| {
            let [.., high, low] = u32::try_from(number).unwrap().to_be_bytes();
            Author::numbered(low, 100 + high)
        })
        .collect();
    let listed: Vec<AuthorId> = authors.iter().map(|author| author.id).collect();
    for steward in &mut net.stewards[..2] {
        for some in listed.chunks(2_000) {
            steward.write("admit", &admit(net.id, some));
        }
    }
    let mut behind = net.rig();
    let mut ahead = net.rig();
    let entries = authors.into_iter().flat_map(|author| author.log).collect();
    ahead.settle(Input::Import { token: 2, entries });
    for _ in 0..8 {
        let sent = sync(&mut behind, &mut ahead);
        assert!(sent.blamed.is_empty(), "{:?}", sent.blamed);
        behind.now += 1_000;
        ahead.now += 1_000;
    }
    assert!(behind.engine.heads().iter().eq(ahead.engine.heads().iter()));
}

#[test]
fn the_newest_missing_body_is_asked_for_first() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let mut missing = Vec::new();
    for number in 0..6 {
        let entry = net.member.write_body("practice", body_of(50_000, number));
        missing.push(entry.signed.header().body.hash);
        rig.settle(gossip(&Arriving { body: None, ..entry }));
    }
    let session = SessionId(5);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let net = rig.engine.network().unwrap();
    let hello = Hello { net, root: Bytes32([3; 32]), time: 1, candidates: None };
    let effects = rig.settle(receive(session, &Frame::Hello(hello)));
    let asked = effects.into_iter().find_map(|effect| match effect {
        Effect::Send { frame: Frame::Ask(hashes), .. } => Some(hashes),
        _ => None,
    });
    missing.reverse();
    assert_eq!(asked, Some(missing));
}

#[test]
fn headers_without_bodies_push_out_older_missing_bodies_only() {
    let mut rig = Net::new().rig();
    let hash = |number: usize| {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        BodyHash(hash)
    };
    for number in 0..MAX_MISSING + 5 {
        rig.engine.note_missing(hash(number), 60_000);
        rig.engine.note_missing(hash(number), 60_000);
    }
    assert_eq!(rig.engine.missing_bodies(), MAX_MISSING);
    assert!(rig.engine.is_missing(&hash(MAX_MISSING + 4)), "what an honest author published last");
    assert!(!rig.engine.is_missing(&hash(4)) && rig.engine.is_missing(&hash(5)));
    rig.engine.forget_missing(&hash(5));
    assert_eq!(rig.engine.missing_bodies(), MAX_MISSING - 1);
}

#[test]
fn a_pinned_entry_that_nobody_holds_is_asked_for_ever_more_seldom() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let pin = EntryId([8; 32]);
    let item =
        Admission { place: None, level: None, author: net.member.id, stands: Some(pin), succeeds: None };
    let body = Admit { net: net.id, items: vec![item] }.to_map();
    for steward in &mut net.stewards[..2] {
        let entry = steward.write("admit", &body);
        rig.hear(&entry);
    }
    let asks = |rig: &mut Rig, number: u64| asked_by_name(rig, number).contains(&pin);
    assert!(asks(&mut rig, 1));
    assert!(!asks(&mut rig, 2), "Y6: with growing delays");
    rig.now += FIRST_TIP_DELAY;
    assert!(asks(&mut rig, 3));
    rig.now += FIRST_TIP_DELAY;
    assert!(!asks(&mut rig, 4));
    for number in 5..40 {
        rig.now += MAX_TIP_DELAY;
        assert!(asks(&mut rig, number), "and never given up");
    }
    rig.now = 0;
    assert!(asks(&mut rig, 50), "a clock that was set back does not end it");
    assert!(!asks(&mut rig, 51));
    assert!(asks_one_with_another_head(&mut rig, net.member.id, pin), "it may hold what the pin decides");
}

fn asks_one_with_another_head(rig: &mut Rig, author: AuthorId, pin: EntryId) -> bool {
    let session = SessionId(60);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let net = rig.engine.network().unwrap();
    let hello = Hello { net, root: Bytes32([3; 32]), time: 1, candidates: None };
    let stewards = Stewards { heads: Vec::new(), charter: BodyHash(net.0) };
    let head = Head { seq: 1, id: EntryId([9; 32]), status: Status::Contested };
    let frames = [
        Frame::Hello(hello),
        Frame::Stewards(stewards),
        Frame::Buckets(vec![Bytes32([4; 32]); 256]),
        Frame::Rows(vec![Row::new(author, head)]),
        Frame::End { code: EndCode::NotHeld, author },
    ];
    let effects = frames.iter().flat_map(|frame| rig.settle(receive(session, frame)));
    effects.collect::<Vec<_>>().iter().any(|effect| {
        matches!(effect, Effect::Send { frame: Frame::Want(Want { tip: Some(tip), .. }), .. } if *tip == pin)
    })
}
