//! The node's reach by itself: no sockets, and a clock that is an argument.

use super::*;

fn address(text: &str) -> Multiaddr {
    text.parse().unwrap()
}

fn public() -> Multiaddr {
    address("/ip4/41.92.0.1/tcp/4480")
}

#[test]
fn a_public_node_takes_no_relay() {
    let now = Instant::now();
    let mut standing = Standing::new(&[public()], now);
    let relay = PeerId::random();
    assert_eq!(standing.wants(true, [relay].into_iter(), now + PATIENCE), None);
    let told = standing.reachability(vec![public()]);
    assert_eq!((told.reach, told.basis), (Reach::Public, Basis::Configured));
}

#[test]
fn a_node_without_an_address_waits_a_moment_and_takes_two_relays() {
    let now = Instant::now();
    let mut standing = Standing::new(&[], now);
    let relays: Vec<PeerId> = (0..3).map(|_| PeerId::random()).collect();
    let offers = || relays.iter().copied();
    assert_eq!(standing.wants(false, offers(), now), None, "it may be public");
    let later = now + PATIENCE;
    assert_eq!(standing.wants(false, offers(), later), Some(relays[0]));
    standing.asked(ListenerId::next(), relays[0]);
    assert_eq!(standing.wants(false, offers(), later), Some(relays[1]));
    let second = ListenerId::next();
    standing.asked(second, relays[1]);
    assert_eq!(standing.wants(false, offers(), later), None);
    standing.accepted(relays[1]);
    assert_eq!(standing.reachability(Vec::new()).relays, [relays[1]]);

    // The second is lost: the third takes its place, and the second gets its turn after a rest.
    assert_eq!(standing.closed(second, later), Some(relays[1]));
    assert_eq!(standing.wants(false, offers(), later), Some(relays[2]));
    let without_third = [relays[0], relays[1]];
    assert_eq!(standing.wants(false, without_third.into_iter(), later), None);
    assert_eq!(standing.wants(false, without_third.into_iter(), later + REST), Some(relays[1]));
}

#[test]
fn a_node_that_is_told_to_be_private_does_not_wait() {
    let now = Instant::now();
    let mut standing = Standing::new(&[], now);
    assert!(standing.dialled_back(false) && !standing.dialled_back(false));
    let relay = PeerId::random();
    assert_eq!(standing.wants(false, [relay].into_iter(), now), Some(relay));
    let told = standing.reachability(Vec::new());
    assert_eq!((told.reach, told.basis), (Reach::Private, Basis::NotDialledBack));
}

#[test]
fn a_relays_address_makes_no_node_public() {
    let relayed = public()
        .with(libp2p::multiaddr::Protocol::P2p(PeerId::random()))
        .with(libp2p::multiaddr::Protocol::P2pCircuit);
    let standing = Standing::new(&[], Instant::now());
    let told = standing.reachability(vec![relayed.clone()]);
    assert_eq!((told.reach, told.basis), (Reach::Unknown, Basis::NotAsked));
    assert!(!standing.rests_on_dial_back(&relayed) && standing.rests_on_dial_back(&public()));
}

#[test]
fn a_node_that_turns_out_to_be_public_gives_its_relays_up() {
    let now = Instant::now();
    let mut standing = Standing::new(&[], now);
    let listener = ListenerId::next();
    standing.asked(listener, PeerId::random());
    standing.map(public(), true);
    assert_eq!(standing.reachability(vec![public()]).basis, Basis::Mapped);
    assert_eq!(standing.give_up(), [listener]);
    assert_eq!(standing.closed(listener, now), None);
}
