use std::time::Duration;

use super::*;
use crate::ban::Subject;

const NOW: Millis = 1_800_000_000_000;

fn address(text: &str) -> Multiaddr {
    text.parse().unwrap()
}

fn banning(subject: &str) -> Gate {
    let mut bans = Bans::default();
    bans.add(subject.parse().unwrap(), "a test", Some(Duration::from_secs(60)), NOW).unwrap();
    Gate::new(bans)
}

/// Opens connections from an address until one is refused; returns how many passed, and why it ended.
fn fill(gate: &mut Gate, from: &str, most: usize) -> (usize, Option<Denied>) {
    for number in 0..most {
        if let Err(denied) = gate.knock(&address(from), NOW) {
            return (number, Some(denied));
        }
        gate.opened(ConnectionId::new_unchecked(gate.open.len()), PeerId::random(), &address(from), true);
    }
    (most, None)
}

#[test]
fn a_banned_range_is_refused_before_the_handshake_and_only_while_the_ban_lasts() {
    let mut gate = banning("203.0.113.0/24");
    for from in ["/ip4/203.0.113.9/tcp/50000", "/ip6/::ffff:203.0.113.9/udp/50000/quic-v1"] {
        assert_eq!(gate.knock(&address(from), NOW), Err(Denied::Address), "{from}");
    }
    assert_eq!(gate.knock(&address("/ip4/203.0.114.9/tcp/50000"), NOW), Ok(()));
    assert_eq!(gate.knock(&address("/ip4/203.0.113.9/tcp/50000"), NOW + 60_000), Ok(()));
}

#[test]
fn a_banned_peer_is_refused_wherever_it_is() {
    let peer = PeerId::random();
    let gate = banning(&peer.to_string());
    let from = address("/ip4/192.0.2.1/tcp/1");
    assert_eq!(gate.judge(&peer, &from, NOW), Err(Denied::Peer));
    assert_eq!(gate.judge(&PeerId::random(), &from, NOW), Ok(()));
}

#[test]
fn one_neighbourhood_on_the_internet_takes_a_third_of_the_places() {
    let mut gate = Gate::new(Bans::default());
    assert_eq!(fill(&mut gate, "/ip4/203.0.113.9/tcp/1", 5), (5, None));
    assert_eq!(fill(&mut gate, "/ip4/203.0.113.77/tcp/1", 20), (5, Some(Denied::Crowded)));
    assert_eq!(fill(&mut gate, "/ip4/203.0.114.77/tcp/1", 1), (1, None), "the next one is another");
    assert_eq!(fill(&mut gate, "/ip6/2001:db8:7::1/tcp/1", 20), (MAX_FROM_RANGE, Some(Denied::Crowded)));
    assert_eq!(fill(&mut gate, "/ip6/2001:db8:7:9::1/tcp/1", 1), (0, Some(Denied::Crowded)), "one /48");
}

#[test]
fn this_machine_the_local_network_and_relays_are_no_crowd() {
    let mut gate = Gate::new(Bans::default());
    let relayed = format!("/ip4/203.0.113.9/tcp/1/p2p/{}/p2p-circuit", PeerId::random());
    for from in ["/ip4/127.0.0.1/tcp/1", "/ip4/192.168.1.7/tcp/1", "/ip6/fd00::1/tcp/1", &relayed] {
        assert_eq!(fill(&mut gate, from, 30), (30, None), "{from}");
    }
}

#[test]
fn a_place_is_free_again_when_its_connection_is_closed() {
    let mut gate = Gate::new(Bans::default());
    let from = "/ip4/203.0.113.9/tcp/1";
    assert_eq!(fill(&mut gate, from, 20).1, Some(Denied::Crowded));
    gate.open.pop_first();
    assert_eq!(fill(&mut gate, from, 1), (1, None));
}

#[test]
fn whoever_knocks_without_end_is_refused_and_may_knock_again_later() {
    let mut gate = Gate::new(Bans::default());
    let from = address("/ip4/127.0.0.1/tcp/1");
    let passed = (0..1_000).filter(|_| gate.knock(&from, NOW).is_ok()).count();
    assert_eq!(passed as u64, KNOCKS.burst);
    assert_eq!(gate.knock(&from, NOW), Err(Denied::TooOften));
    assert_eq!(gate.knock(&from, NOW + 1_000), Ok(()));
}

#[test]
fn another_list_closes_what_it_bans() {
    let mut gate = Gate::new(Bans::default());
    let (near, far) = (PeerId::random(), PeerId::random());
    gate.opened(ConnectionId::new_unchecked(1), near, &address("/ip4/192.168.1.7/tcp/1"), true);
    gate.opened(ConnectionId::new_unchecked(2), far, &address("/ip4/203.0.113.9/tcp/1"), false);
    let mut bans = Bans::default();
    bans.add("203.0.113.9".parse().unwrap(), "a test", None, NOW).unwrap();
    assert_eq!(gate.set_bans(bans.clone(), NOW), [far]);
    bans.add(Subject::Peer(near), "a test", None, NOW).unwrap();
    assert_eq!(gate.set_bans(bans, NOW), [near, far]);
    assert_eq!(gate.to_close.len(), 3, "closing twice does no harm");
}
