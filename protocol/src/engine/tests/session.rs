//! Y1 to Y7, N12: what two nodes tell each other, and what a peer is blamed for.

use super::rig::{Author, Net, PEER, Rig, admit, end, join, opened, read, receive, suspend, sync};
use crate::codec::Map;
use crate::engine::{Effect, Ending, Input, SessionId};
use crate::id::{AuthorId, BodyHash, Bytes32, NetworkId};
use crate::log::Status;
use crate::sync::session::{MAX_SILENCE, MAX_WANTS};
use crate::sync::{Carried, Frame, Hello, MAX_ASK, Row, Stewards, Want};

#[test]
fn equal_roots_end_a_session_in_one_round_trip() {
    let mut net = Net::new();
    // As many logs as there are collectivities.
    let members: Vec<Author> = (0..1_586_u32).map(many).collect();
    let listed: Vec<_> = members.iter().map(|member| member.id).collect();
    for steward in &mut net.stewards[..2] {
        steward.write("admit", &admit(net.id, &listed));
    }
    let entries: Vec<_> =
        net.entries().into_iter().chain(members.into_iter().flat_map(|member| member.log)).collect();
    let mut rigs = [Rig::new(net.id, None), Rig::new(net.id, None)];
    for rig in &mut rigs {
        rig.settle(Input::Import { token: 1, entries: entries.clone() });
        assert_eq!(rig.engine.heads().iter().count(), 1_590);
    }
    let [a, b] = &mut rigs;
    let sent = sync(a, b);
    assert_eq!(sent.frames, 4, "hello and done from each");
    assert!(sent.bytes <= 1_024, "{} bytes", sent.bytes);
    assert_eq!(sent.endings, [Some(Ending::Complete); 2]);
}

fn many(number: u32) -> Author {
    let [.., high, low] = number.to_be_bytes();
    Author::numbered(low, high)
}

#[test]
fn a_newcomer_with_the_network_id_alone_gets_everything() {
    let mut net = Net::new();
    for _ in 0..5 {
        net.member.write("practice", &Map::default());
    }
    let (mut full, mut newcomer) = (net.rig(), Rig::new(net.id, None));
    let sent = sync(&mut newcomer, &mut full);
    assert_eq!(sent.endings, [Some(Ending::Complete); 2]);
    assert!(newcomer.engine.governance().charter_known());
    assert!(newcomer.engine.heads().iter().eq(full.engine.heads().iter()));
}

#[test]
fn an_application_reaches_a_steward_and_is_promoted_when_k_admit() {
    let mut net = Net::new();
    let mut applicant = Author::new(30);
    applicant.write("join", &join(net.id));
    let mut theirs = Rig::new(net.id, Some(applicant.id));
    theirs.settle(Input::Publish { token: 1, entries: applicant.log.clone() });
    let mut steward = net.rig();
    sync(&mut theirs, &mut steward);
    assert!(steward.engine.candidates().contains(&applicant.id));
    assert!(!steward.store.holds(applicant.head()), "strangers fill no store");
    for at in 0..2 {
        assert!(steward.head(&applicant).is_none());
        let entry = net.stewards[at].write("admit", &admit(net.id, &[applicant.id]));
        steward.hear(&entry);
    }
    assert_eq!(steward.head(&applicant).unwrap().id, applicant.head());
    assert!(!steward.engine.candidates().contains(&applicant.id));
    // A third node learns of it by the next comparison, from whoever holds the log.
    let mut third = Net { stewards: net.stewards.clone(), ..Net::new() }.rig();
    sync(&mut third, &mut steward);
    assert_eq!(third.head(&applicant).unwrap().id, applicant.head());
}

#[test]
fn an_application_for_another_network_is_not_kept() {
    let net = Net::new();
    let mut applicant = Author::new(30);
    applicant.write("join", &join(NetworkId([3; 32])));
    let mut steward = net.rig();
    let effects = steward.settle(Input::Import { token: 1, entries: applicant.log });
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::KeepCandidate { .. })));
}

#[test]
fn a_node_that_branched_off_takes_the_branch_that_a_rotation_crowns() {
    let net = Net::new();
    for back in [1, 3, 9] {
        let mut owner = net.member.clone();
        for _ in 0..20 {
            owner.write("practice", &Map::default());
        }
        let old = owner.clone();
        let parent = owner.log.len() - 1 - back;
        owner.rotate(parent);
        for _ in 0..4 {
            owner.write("challenge", &Map::default());
        }
        let (mut behind, mut ahead) =
            (Net { member: old, ..net.clone() }.rig(), Net { member: owner.clone(), ..net.clone() }.rig());
        let sent = sync(&mut behind, &mut ahead);
        assert!(sent.blamed.is_empty(), "{:?}", sent.blamed);
        assert_eq!(behind.head(&owner).unwrap().id, owner.head(), "{back} back");
    }
}

#[test]
fn a_crowned_branch_of_many_entries_is_staged_until_its_rotation() {
    let net = Net::new();
    let mut owner = net.member.clone();
    let mut thief = net.member.clone();
    for at in 0..12 {
        let kind = if at < 3 { "practice" } else { "challenge" };
        owner.write("practice", &Map::default());
        thief.write(kind, &Map::default());
    }
    let last = owner.log.len() - 1;
    owner.rotate(last);
    let mut wrong = Net { member: thief, ..net.clone() }.rig();
    let mut right = Net { member: owner.clone(), ..net.clone() }.rig();
    for _ in 0..2 {
        let sent = sync(&mut wrong, &mut right);
        assert!(sent.blamed.is_empty(), "{:?}", sent.blamed);
    }
    for rig in [&wrong, &right] {
        let head = rig.head(&owner).unwrap();
        assert_eq!((head.id, head.status), (owner.head(), Status::Ok));
    }
}

/// Opens a session in which the peer said other roots and shows this head of the member.
fn asked_for_the_member(rig: &mut Rig, net: &Net, head: Row) -> SessionId {
    let session = SessionId(8);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let hello = Hello { net: net.id, root: Bytes32([1; 32]), time: 1, candidates: None };
    rig.settle(receive(session, &Frame::Hello(hello)));
    let stewards = Stewards { heads: Vec::new(), charter: BodyHash(net.id.0) };
    rig.settle(receive(session, &Frame::Stewards(stewards)));
    rig.settle(receive(session, &Frame::Buckets(vec![Bytes32([2; 32]); 256])));
    let effects = rig.settle(receive(session, &Frame::Rows(vec![head])));
    assert!(effects.iter().any(|e| matches!(e, Effect::Send { frame: Frame::Want(_), .. })));
    session
}

/// Hears the rotation that leads an answer, and nothing yet of the two entries that it hangs on.
fn hear_a_lead(rig: &mut Rig, net: &Net) -> (SessionId, AuthorId) {
    let mut owner = net.member.clone();
    owner.write("practice", &Map::default());
    owner.write("practice", &Map::default());
    let rotation = owner.rotate(3);
    let head = crate::log::Head { seq: 4, id: rotation.signed.id(), status: Status::Ok };
    let session = asked_for_the_member(rig, net, Row::new(owner.id, head));
    let carried = Carried {
        envelope: rotation.signed.envelope().to_vec(),
        body: rotation.body.as_ref().map(|body| body.to_vec()),
    };
    rig.settle(receive(session, &Frame::Entries(vec![carried])));
    (session, owner.id)
}

#[test]
fn a_lead_that_is_not_reached_is_a_fault() {
    let net = Net::new();
    let mut rig = net.rig();
    let (session, owner) = hear_a_lead(&mut rig, &net);
    let effects = rig.settle(end(session, owner));
    assert_eq!(read(&effects).1, Some("Y5"));
}

#[test]
fn a_lead_beyond_a_cut_that_comes_meanwhile_is_owed_no_more() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let (session, owner) = hear_a_lead(&mut rig, &net);
    for steward in &mut net.stewards[..2] {
        let entry = steward.write("suspend", &suspend(net.id, owner, 2));
        rig.hear(&entry);
    }
    let effects = rig.settle(end(session, owner));
    assert_eq!(read(&effects).1, None);
}

#[test]
fn an_answer_about_another_author_is_a_fault() {
    let net = Net::new();
    let mut rig = net.rig();
    let head = crate::log::Head { seq: 9, id: net.member.log[0].signed.id(), status: Status::Ok };
    let session = asked_for_the_member(&mut rig, &net, Row::new(net.member.id, head));
    let other = &Author::new(40).log[0];
    let carried = Carried { envelope: other.signed.envelope().to_vec(), body: None };
    let effects = rig.settle(receive(session, &Frame::Entries(vec![carried])));
    assert_eq!(read(&effects).1, Some("Y3"));
}

#[test]
fn frames_out_of_place_end_the_session() {
    let net = Net::new();
    let row = || Row::new(net.member.id, net.rig().head(&net.member).unwrap());
    let out_of_place = [
        Frame::Rows(vec![row()]),
        Frame::End { code: crate::sync::EndCode::Sent, author: net.member.id },
        Frame::BodyIs(BodyHash([1; 32]), None),
        Frame::Hello(Hello { net: net.id, root: Bytes32([1; 32]), time: 1, candidates: None }),
    ];
    for frame in out_of_place {
        let mut rig = net.rig();
        let session = opened(&mut rig);
        let effects = rig.settle(receive(session, &frame));
        assert_eq!(read(&effects).1, Some("Y7"), "{frame:?}");
        assert!(rig.engine.peer_of(session).is_none());
    }
    for frame in [
        Frame::Want(Want { tip: None, have: Vec::new(), author: net.member.id }),
        Frame::Ask(vec![BodyHash([1; 32])]),
        Frame::Buckets(vec![Bytes32([2; 32]); 256]),
    ] {
        let mut rig = net.rig();
        let session = SessionId(6);
        rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
        assert_eq!(read(&rig.settle(receive(session, &frame))).1, Some("Y7"), "before hello: {frame:?}");
    }
}

#[test]
fn a_peer_of_another_network_is_told_nothing() {
    let net = Net::new();
    let mut rig = net.rig();
    let session = SessionId(6);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let hello = Hello { net: NetworkId([9; 32]), root: Bytes32([1; 32]), time: 1, candidates: None };
    let effects = rig.settle(receive(session, &Frame::Hello(hello)));
    assert!(matches!(effects[..], [Effect::EndSession { ending: Ending::OtherNetwork, .. }]));
}

#[test]
fn a_silent_peer_is_left_after_a_minute() {
    let net = Net::new();
    let mut rig = net.rig();
    let session = SessionId(6);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    rig.now += MAX_SILENCE;
    assert!(rig.settle(Input::Tick).is_empty());
    rig.now += 1;
    let effects = rig.settle(Input::Tick);
    assert!(matches!(effects[..], [Effect::EndSession { ending: Ending::Stalled, .. }]));
}

#[test]
fn questions_are_sent_a_bounded_number_at_a_time() {
    let mut net = Net::new();
    let members: Vec<Author> = (0..60_u32).map(many).collect();
    let listed: Vec<_> = members.iter().map(|member| member.id).collect();
    for steward in &mut net.stewards[..2] {
        steward.write("admit", &admit(net.id, &listed));
    }
    let mut rig = net.rig();
    let session = SessionId(8);
    rig.settle(Input::Opened { session, peer: PEER, steward_node: false });
    let hello = Hello { net: net.id, root: Bytes32([1; 32]), time: 1, candidates: None };
    rig.settle(receive(session, &Frame::Hello(hello)));
    let stewards = Stewards { heads: Vec::new(), charter: BodyHash(net.id.0) };
    rig.settle(receive(session, &Frame::Stewards(stewards)));
    rig.settle(receive(session, &Frame::Buckets(vec![Bytes32([2; 32]); 256])));
    let head = |member: &Author| crate::log::Head { seq: 0, id: member.head(), status: Status::Ok };
    let mut rows: Vec<Row> = members.iter().map(|member| Row::new(member.id, head(member))).collect();
    rows.sort_by_key(|row| row.head().unwrap().0);
    let effects = rig.settle(receive(session, &Frame::Rows(rows)));
    let wants = effects.iter().filter(|e| matches!(e, Effect::Send { frame: Frame::Want(_), .. })).count();
    assert_eq!(wants, MAX_WANTS);
    let too_many = Frame::Ask(vec![BodyHash([1; 32]); MAX_ASK + 1]).encode();
    assert!(Frame::decode(&too_many).is_err());
}

#[test]
fn what_is_on_its_way_to_the_disk_is_not_served() {
    let mut net = Net::new();
    let mut rig = net.rig();
    let session = opened(&mut rig);
    let entry = net.member.write("practice", &Map::default());
    rig.put(super::rig::gossip(&entry));
    let want = Want { tip: None, have: Vec::new(), author: net.member.id };
    let served = |effects: Vec<Effect>| {
        effects.into_iter().find_map(|effect| match effect {
            Effect::Serve { runs, .. } => Some(runs.iter().map(|run| run.last).max()),
            _ => None,
        })
    };
    assert_eq!(served(rig.put(receive(session, &Frame::Want(want.clone())))), Some(Some(1)));
    rig.confirm();
    assert_eq!(served(rig.put(receive(session, &Frame::Want(want)))), Some(Some(2)));
}
