//! Nodes that come to know each other through a third, and what is left when it is gone.

use super::*;

/// Waits until `node` is connected with `other`.
async fn meets(node: &Node, other: &Node) -> PeerInfo {
    node.info_when(other.peer(), |info| info.state == PeerState::Connected).await
}

#[tokio::test]
async fn who_knows_only_a_third_meets_and_stays_when_the_third_is_gone() {
    let hub = Node::listening(TCP, &[]).await;
    let a = Node::listening(TCP, &[&hub.address]).await;
    let b = Node::listening(TCP, &[&hub.address]).await;
    let (seen_by_a, seen_by_b) = (meets(&a, &b).await, meets(&b, &a).await);
    // Whichever heard of the other dialled it.
    let by = [seen_by_a.introducer, seen_by_b.introducer];
    assert!(by.contains(&Introducer::Peer(hub.peer())), "{by:?}");

    soon(hub.handle.shutdown()).await;
    a.info_when(hub.peer(), |info| info.state != PeerState::Connected).await;
    assert_eq!(meets(&a, &b).await.state, PeerState::Connected);
    // A newcomer that knows one of them comes to know the other.
    let c = Node::listening(TCP, &[&a.address]).await;
    meets(&c, &b).await;
    meets(&b, &c).await;
}

#[tokio::test]
async fn the_book_of_an_earlier_run_leads_back_into_the_network() {
    let a = Node::listening(TCP, &[]).await;
    let b = Node::listening(TCP, &[&a.address]).await;
    meets(&b, &a).await;
    let known = b.handle.known().await.unwrap();
    soon(b.handle.shutdown()).await;
    let again =
        Node::from(start(Config { known, listen: vec![TCP.parse().unwrap()], ..plain() }).unwrap()).await;
    let info = meets(&again, &a).await;
    assert_eq!(info.introducer, Introducer::Invitation, "as it was before");
}

#[tokio::test]
async fn a_crowd_gets_no_more_than_its_places() {
    let hub = Node::listening(TCP, &[]).await;
    let mut crowd = Vec::new();
    for _ in 0..45 {
        crowd.push(Node::listening(TCP, &[&hub.address]).await);
    }
    let connected = async || -> usize {
        let infos = hub.handle.peers().await.unwrap();
        infos.iter().filter(|info| info.state == PeerState::Connected).count()
    };
    soon(async {
        while connected().await < MAX_INBOUND as usize {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    // The others go on dialling, and all go on hearing of each other.
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(connected().await <= MAX_CONNECTIONS as usize);
    }
}
