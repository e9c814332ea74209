//! Which addresses are kept, for whom, and how near they are.

use super::*;

fn address(text: &str) -> Multiaddr {
    text.parse().expect("a test's address")
}

#[test]
fn loopback_is_kept_only_for_a_peer_on_loopback() {
    let told = address("/ip4/127.0.0.1/tcp/4001");
    assert_eq!(keepable(&told, &address("/ip4/127.0.0.1/tcp/50000")), Some(told.clone()));
    assert_eq!(keepable(&told, &address("/ip4/192.168.1.7/tcp/50000")), None);
    assert_eq!(keepable(&told, &address("/ip4/41.92.0.1/udp/50000/quic-v1")), None);
}

#[test]
fn private_addresses_are_kept_only_for_a_peer_on_the_lan() {
    let told = address("/ip4/192.168.1.7/udp/4001/quic-v1");
    assert_eq!(keepable(&told, &address("/ip4/192.168.1.7/tcp/50000")), Some(told.clone()));
    assert_eq!(keepable(&told, &address("/ip4/127.0.0.1/tcp/50000")), Some(told.clone()));
    assert_eq!(keepable(&told, &address("/ip4/41.92.0.1/tcp/50000")), None);
    let ula = address("/ip6/fd00::1/tcp/4001");
    assert_eq!(keepable(&ula, &address("/ip6/2001:db8::1/tcp/4001")), None);
}

#[test]
fn names_and_public_addresses_are_kept_without_their_peer_id() {
    let seen = address("/ip4/41.92.0.1/tcp/50000");
    let peer = PeerId::random();
    for text in ["/dns/noeud.example/tcp/4001", "/ip4/41.92.0.1/udp/4001/quic-v1", "/ip6/2001:db8::1/tcp/1"] {
        let bare = address(text);
        let full = bare.clone().with(Protocol::P2p(peer));
        assert_eq!(keepable(&full, &seen), Some(bare.clone()));
        assert_eq!(split_peer(full), Some((bare, Some(peer))));
    }
}

#[test]
fn what_cannot_be_dialled_is_never_kept() {
    let seen = address("/ip4/127.0.0.1/tcp/50000");
    for text in [
        "/ip4/0.0.0.0/tcp/4001",
        "/ip4/224.0.0.1/udp/4001/quic-v1",
        "/ip6/fe80::1/tcp/4001",
        "/ip4/127.0.0.1/tcp/0",
        "/ip4/127.0.0.1/udp/4001",
        "/ip4/127.0.0.1/tcp/4001/ws",
        "/memory/7",
        "/ip4/41.92.0.1/tcp/4001/p2p-circuit",
        "/ip4/41.92.0.1/tcp/4001/ws/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit",
        "/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit",
    ] {
        assert_eq!(keepable(&address(text), &seen), None, "{text}");
    }
}

#[test]
fn a_relayed_address_is_as_near_as_its_relay() {
    let (relay, peer) = (PeerId::random(), PeerId::random());
    let circuit = |base: &str| {
        address(base).with(Protocol::P2p(relay)).with(Protocol::P2pCircuit).with(Protocol::P2p(peer))
    };
    let far = address("/ip4/41.92.0.1/tcp/50000");
    let public = circuit("/ip4/41.92.0.9/udp/4001/quic-v1");
    let (bare, named) = split_peer(public.clone()).unwrap();
    assert_eq!((named, relay_of(&bare), relay_of(&public)), (Some(peer), Some(relay), Some(relay)));
    assert_eq!(keepable(&public, &far), Some(bare.clone()));
    assert_eq!(keepable(&public, &circuit("/ip4/127.0.0.1/tcp/1")), Some(bare.clone()));
    let loopback = circuit("/ip4/127.0.0.1/tcp/4001");
    assert_eq!(keepable(&loopback, &far), None);
    assert!(keepable(&loopback, &address("/ip4/127.0.0.1/tcp/9")).is_some());
    assert_eq!(Path::of(&bare), Path::Relayed);
    assert!(!is_public(&bare) && is_public(&far));
    let twice = bare.with(Protocol::P2p(PeerId::random())).with(Protocol::P2pCircuit);
    assert_eq!(split_peer(twice), None);
}

#[test]
fn strangers_are_told_the_farthest_addresses_first() {
    let mut addresses = [
        "/ip4/127.0.0.1/tcp/1",
        "/ip4/192.168.1.7/tcp/1",
        "/ip4/41.92.0.1/tcp/1/p2p/12D3KooWK99VoVxNE7XzyBwXEzW7xhK7Gpv85r9F3V3fyKSUKPH5/p2p-circuit",
        "/ip4/41.92.0.2/tcp/1",
    ]
    .map(address);
    let mut expected = addresses.clone();
    expected.reverse();
    sort_for_strangers(&mut addresses);
    assert_eq!(addresses, expected);
}

#[test]
fn a_path_is_lan_or_direct() {
    assert_eq!(Path::of(&address("/ip4/127.0.0.1/tcp/1")), Path::Lan);
    assert_eq!(Path::of(&address("/ip4/10.0.0.3/udp/1/quic-v1")), Path::Lan);
    assert_eq!(Path::of(&address("/ip4/41.92.0.1/tcp/1")), Path::Direct);
}
