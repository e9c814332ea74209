//! Nodes that nobody can dial, and the one that passes their connections on.

use super::*;

/// Starts a node that relays: it is told an address at which it is reached, so it takes itself for public.
async fn relay() -> Node {
    let config = Config {
        listen: vec![TCP.parse().unwrap()],
        external: vec!["/ip4/127.0.0.1/tcp/9".parse().unwrap()],
        relay: true,
        ..plain()
    };
    Node::from(start(config).unwrap()).await
}

/// Starts a node that listens nowhere.
fn hidden(dial: &[&Multiaddr]) -> Node {
    let dial = dial.iter().copied().cloned().collect();
    let (handle, events) = start(Config { dial, ..plain() }).unwrap();
    Node { handle, events, address: Multiaddr::empty() }
}

async fn relays(node: &Node, count: usize) -> Vec<PeerId> {
    soon(async {
        loop {
            let relays = node.handle.reachability().await.unwrap().relays;
            if relays.len() == count {
                return relays;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

#[tokio::test]
async fn two_that_nobody_can_dial_meet_through_a_relay_and_exchange() {
    let relay = relay().await;
    let a = hidden(&[&relay.address]);
    let mut b = hidden(&[&relay.address]);
    assert_eq!(relays(&a, 1).await, [relay.peer()]);
    let info = a.info_when(b.peer(), |info| info.state == PeerState::Connected).await;
    assert_eq!((info.path, info.relay), (Some(Path::Relayed), Some(relay.peer())));
    let info = b.info_when(a.peer(), |info| info.state == PeerState::Connected).await;
    assert_eq!((info.path, info.relay), (Some(Path::Relayed), Some(relay.peer())));
    assert!(a.info(relay.peer()).await.unwrap().offers_relay);

    // Gossip: the relay forwards nothing that it has not judged, so this came from the other itself.
    soon(async {
        for number in 0_u32.. {
            publish(&a, format!("through the relay {number}").as_bytes()).await;
            let heard = async { while b.message().await.1 != a.peer() {} };
            if timeout(Duration::from_millis(500), heard).await.is_ok() {
                break;
            }
        }
    })
    .await;
    // Sync: more than the library's own limit for a circuit.
    let (_, mut writer) = soon(a.handle.open_sync(b.peer())).await.unwrap().split();
    let frame = vec![7; 500_000];
    let write = async {
        for _ in 0..4 {
            writer.send(&frame).await.unwrap();
        }
        writer.close().await.unwrap();
    };
    let read = async {
        let (peer, stream) = b.stream().await;
        assert_eq!(peer, a.peer());
        let (mut reader, _writer) = stream.split();
        let mut count = 0;
        while let Some(read) = reader.next().await.unwrap() {
            count += usize::from(read == frame);
        }
        assert_eq!(count, 4);
    };
    soon(async { tokio::join!(write, read) }).await;

    // An invitation of a node that nobody can dial names the relay's address.
    let invited = a.handle.invitable(8).await.unwrap();
    assert!(invited.iter().any(|address| address::relay_of(address) == Some(relay.peer())), "{invited:?}");
    assert!(invited.iter().all(|address| peer_of(address).is_some()));
}

#[tokio::test]
async fn another_relay_takes_over() {
    let (first, second) = (relay().await, relay().await);
    let a = hidden(&[&first.address, &second.address]);
    relays(&a, 2).await;
    let before: Vec<_> = a.handle.reachability().await.unwrap().addresses;
    assert!(before.iter().filter(|address| address::is_relayed(address)).count() >= 2, "{before:?}");
    soon(first.handle.shutdown()).await;
    assert_eq!(relays(&a, 1).await, [second.peer()]);
    let third = relay().await;
    a.handle.dial(third.address.clone()).await.unwrap();
    let mut expected = vec![second.peer(), third.peer()];
    expected.sort_unstable();
    assert_eq!(relays(&a, 2).await, expected);
}

#[tokio::test]
async fn a_node_that_is_public_takes_no_relay_and_offers_one_only_if_it_is_to() {
    let relay = relay().await;
    let external = vec!["/ip4/127.0.0.1/tcp/9".parse().unwrap()];
    let dial = vec![relay.address.clone()];
    let config = Config { external, dial, listen: vec![TCP.parse().unwrap()], ..plain() };
    let public = Node::from(start(config).unwrap()).await;
    let hidden = hidden(&[&relay.address, &public.address]);
    assert_eq!(relays(&hidden, 1).await, [relay.peer()], "the other offers none");
    let told = public.handle.reachability().await.unwrap();
    assert_eq!((told.reach, told.basis, told.relays), (Reach::Public, Basis::Configured, Vec::new()));
    let told = hidden.handle.reachability().await.unwrap();
    assert_ne!(told.reach, Reach::Public);
}
