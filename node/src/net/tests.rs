//! Nodes on real sockets of this machine. Every wait is for an event, with a generous deadline.

mod meeting;
mod reaching;
mod silence;

use std::future::Future;

use libp2p::multiaddr::Protocol;
use multaqa_protocol::id::sha256;
use tokio::time::timeout;

use super::*;
use crate::ban::Subject;
use crate::clock;

const DEADLINE: Duration = Duration::from_secs(30);
pub(super) const TCP: &str = "/ip4/127.0.0.1/tcp/0";
pub(super) const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";
pub(super) const NETWORK: NetworkId = NetworkId([7; 32]);

/// Waits for what must happen.
pub(super) async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(DEADLINE, what).await.expect("it did not happen within the deadline")
}

/// What a node of a test has by default: a new key, and nothing else.
pub(super) fn plain() -> Config {
    Config::new(Keypair::generate_ed25519(), NETWORK)
}

/// A node of a test.
pub(super) struct Node {
    pub(super) handle: Handle,
    events: mpsc::Receiver<Event>,
    /// Its first address, with its peer id.
    pub(super) address: Multiaddr,
}

impl Node {
    pub(super) async fn listening(listen: &str, dial: &[&Multiaddr]) -> Self {
        Self::with(Keypair::generate_ed25519(), listen.parse().unwrap(), dial, NETWORK).await
    }

    async fn with(key: Keypair, listen: Multiaddr, dial: &[&Multiaddr], network: NetworkId) -> Self {
        let dial = dial.iter().copied().cloned().collect();
        let config = Config { key, listen: vec![listen], dial, network, ..plain() };
        Self::from(start(config).unwrap()).await
    }

    /// Starts a node again where it listened; the QUIC port of the first may be free a moment later.
    async fn again(key: Keypair, listen: &Multiaddr) -> Self {
        let started = soon(async {
            loop {
                let (key, listen) = (key.clone(), vec![listen.clone()]);
                match start(Config { key, listen, ..plain() }) {
                    Ok(started) => return started,
                    Err(NetError::Listen { .. }) => tokio::time::sleep(Duration::from_millis(10)).await,
                    Err(other) => panic!("{other}"),
                }
            }
        })
        .await;
        Self::from(started).await
    }

    async fn from((handle, events): (Handle, mpsc::Receiver<Event>)) -> Self {
        let mut node = Self { handle, events, address: Multiaddr::empty() };
        let address = node
            .wait(|event| match event {
                Event::Listening(address) => Some(address),
                _ => None,
            })
            .await;
        node.address = address.with(Protocol::P2p(node.peer()));
        node
    }

    pub(super) fn peer(&self) -> PeerId {
        self.handle.own()
    }

    /// Waits for the first event that `pick` takes; others are passed over.
    pub(super) async fn wait<T>(&mut self, pick: impl Fn(Event) -> Option<T>) -> T {
        soon(async {
            loop {
                let event = self.events.recv().await.expect("the network runs");
                if let Some(picked) = pick(event) {
                    return picked;
                }
            }
        })
        .await
    }

    pub(super) async fn connected(&mut self, to: PeerId) -> Direction {
        self.wait(|event| match event {
            Event::Connected { peer, direction, .. } if peer == to => Some(direction),
            _ => None,
        })
        .await
    }

    async fn disconnected(&mut self, from: PeerId) -> Why {
        self.wait(|event| match event {
            Event::Disconnected { peer, why } if peer == from => Some(why),
            _ => None,
        })
        .await
    }

    pub(super) async fn message(&mut self) -> (MessageId, PeerId, Vec<u8>) {
        self.wait(|event| match event {
            Event::Message { id, source, data } => Some((id, source, data)),
            _ => None,
        })
        .await
    }

    pub(super) async fn stream(&mut self) -> (PeerId, SyncStream) {
        self.wait(|event| match event {
            Event::Sync(peer, stream) => Some((peer, stream)),
            _ => None,
        })
        .await
    }

    async fn info(&self, of: PeerId) -> Option<PeerInfo> {
        self.handle.peers().await.unwrap().into_iter().find(|info| info.peer == of)
    }

    /// Waits until the peer's info satisfies `holds`.
    async fn info_when(&self, of: PeerId, holds: impl Fn(&PeerInfo) -> bool) -> PeerInfo {
        soon(async {
            loop {
                if let Some(info) = self.info(of).await.filter(|info| holds(info)) {
                    return info;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await
    }
}

/// Publishes until a peer takes it: subscriptions travel after the connection is made.
async fn publish(from: &Node, data: &[u8]) {
    soon(async {
        while from.handle.publish(data.to_vec()).await.unwrap() == Published::Nobody {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Makes three nodes in a line, a, b, c, where a message of b reaches the two others.
async fn line() -> (Node, Node, Node) {
    let mut b = Node::listening(TCP, &[]).await;
    let mut a = Node::listening(TCP, &[&b.address]).await;
    let mut c = Node::listening(TCP, &[&b.address]).await;
    a.connected(b.peer()).await;
    c.connected(b.peer()).await;
    b.info_when(a.peer(), |info| info.state == PeerState::Connected).await;
    b.info_when(c.peer(), |info| info.state == PeerState::Connected).await;
    for number in 0_u32.. {
        let data = format!("is anybody there? {number}").into_bytes();
        let sent = b.handle.publish(data.clone()).await.unwrap() == Published::Sent;
        let heard = async {
            while a.message().await.2 != data {}
            while c.message().await.2 != data {}
        };
        if sent && timeout(Duration::from_millis(500), heard).await.is_ok() {
            break;
        }
        assert!(number < 60, "b does not reach both");
    }
    while b.events.try_recv().is_ok() {}
    (a, b, c)
}

#[tokio::test]
async fn two_nodes_exchange_a_message() {
    let mut a = Node::listening(TCP, &[]).await;
    let mut b = Node::listening(TCP, &[&a.address]).await;
    assert_eq!(b.connected(a.peer()).await, Direction::Outbound);
    assert_eq!(a.connected(b.peer()).await, Direction::Inbound);

    publish(&b, b"a record").await;
    let (id, source, data) = a.message().await;
    assert_eq!((source, data.as_slice()), (b.peer(), b"a record".as_slice()));
    assert_eq!(id.0, sha256(b"a record"), "G2");
    a.handle.judge(id, source, Verdict::Accept).await.unwrap();
    assert_eq!(b.handle.publish(b"a record".to_vec()).await.unwrap(), Published::Known);
}

#[tokio::test]
async fn a_message_is_forwarded_only_after_it_is_accepted() {
    let (a, mut b, mut c) = line().await;
    publish(&a, b"first").await;
    let first = b.message().await;
    publish(&a, b"second").await;
    let second = b.message().await;
    b.handle.judge(second.0, second.1, Verdict::Accept).await.unwrap();
    assert_eq!(c.message().await.2, b"second");
    b.handle.judge(first.0, first.1, Verdict::Accept).await.unwrap();
    let (_, source, data) = c.message().await;
    assert_eq!((source, data.as_slice()), (b.peer(), b"first".as_slice()));
}

#[tokio::test]
async fn a_rejected_or_ignored_message_is_not_forwarded() {
    let (a, mut b, mut c) = line().await;
    for (data, verdict) in [("bad", Verdict::Reject), ("old", Verdict::Ignore), ("good", Verdict::Accept)] {
        publish(&a, data.as_bytes()).await;
        let (id, source, received) = b.message().await;
        assert_eq!(received, data.as_bytes());
        b.handle.judge(id, source, verdict).await.unwrap();
    }
    assert_eq!(c.message().await.2, b"good");
}

#[tokio::test]
async fn the_largest_message_passes_and_a_larger_one_is_refused() {
    let mut a = Node::listening(TCP, &[]).await;
    let mut b = Node::listening(TCP, &[&a.address]).await;
    b.connected(a.peer()).await;
    let largest = vec![5; MAX_MESSAGE];
    publish(&b, &largest).await;
    assert_eq!(a.message().await.2, largest);
    let refused = b.handle.publish(vec![6; MAX_MESSAGE + 1]).await;
    assert!(matches!(refused, Err(PublishError::TooLong { len }) if len == MAX_MESSAGE + 1), "G1");
}

#[tokio::test]
async fn publishing_alone_is_no_error() {
    let a = Node::listening(TCP, &[]).await;
    assert_eq!(a.handle.publish(b"nobody hears".to_vec()).await.unwrap(), Published::Nobody);
}

#[tokio::test]
async fn a_bare_address_is_dialled_and_its_peer_is_known_afterwards() {
    let mut a = Node::listening(QUIC, &[]).await;
    let bare: Multiaddr = a.address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect();
    let mut b = Node::listening(TCP, &[&bare]).await;
    b.connected(a.peer()).await;
    a.connected(b.peer()).await;

    // The one that was dialled learns the other's address when they identify.
    let info = a.info_when(b.peer(), |info| !info.addresses.is_empty() && info.rtt.is_some()).await;
    assert_eq!(info.state, PeerState::Connected);
    assert_eq!(info.direction, Some(Direction::Inbound));
    assert_eq!(info.path, Some(Path::Lan));
    assert_eq!(info.why, None);
    assert!(info.since.is_some() && info.last_seen >= info.since);
    assert!(info.agent.is_some_and(|agent| agent.starts_with("multaqa/")));
    assert_eq!(info.addresses, b.handle.listeners().await.unwrap());
    let known = b.handle.known().await.unwrap().remove(0);
    assert_eq!((known.peer, known.addresses), (a.peer(), vec![bare]));
}

async fn a_node_comes_back_after_the_other_restarts(listen: &str) {
    let key = Keypair::generate_ed25519();
    let mut a = Node::with(key.clone(), listen.parse().unwrap(), &[], NETWORK).await;
    let peer = a.peer();
    let mut b = Node::listening(listen, &[&a.address]).await;
    b.connected(peer).await;
    a.connected(b.peer()).await;
    let listener = a.handle.listeners().await.unwrap().remove(0);
    soon(a.handle.shutdown()).await;
    b.disconnected(peer).await;
    let away = b.info(peer).await.unwrap();
    assert!(away.state != PeerState::Connected && away.why.is_some(), "{away:?}");

    let mut a = Node::again(key, &listener).await;
    b.connected(peer).await;
    a.connected(b.peer()).await;
}

#[tokio::test]
async fn a_node_comes_back_after_the_other_restarts_over_tcp() {
    a_node_comes_back_after_the_other_restarts(TCP).await;
}

#[tokio::test]
async fn a_node_comes_back_after_the_other_restarts_over_quic() {
    a_node_comes_back_after_the_other_restarts(QUIC).await;
}

#[tokio::test]
async fn a_peer_that_does_not_answer_is_shown_with_the_reason() {
    let gone = Node::listening(TCP, &[]).await;
    soon(gone.handle.shutdown()).await;
    let b = Node::listening(TCP, &[&gone.address]).await;
    let info = b.info_when(gone.peer(), |info| info.why.is_some()).await;
    assert_ne!(info.state, PeerState::Connected);
    assert_eq!(info.why.unwrap().code(), "unreachable");
}

#[tokio::test]
async fn a_stranger_at_a_peers_address_is_not_taken_for_it() {
    let mut a = Node::listening(TCP, &[]).await;
    let expected = PeerId::random();
    let address: Multiaddr =
        a.address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect::<Multiaddr>();
    let b = Node::listening(TCP, &[&address.with(Protocol::P2p(expected))]).await;
    let info = b.info_when(expected, |info| info.why.is_some()).await;
    assert_eq!(info.why.unwrap().code(), "other-peer");
    assert!(info.addresses.is_empty(), "the address is forgotten");
    while let Ok(event) = a.events.try_recv() {
        assert!(!matches!(event, Event::Connected { .. }));
    }
}

#[tokio::test]
async fn a_banned_peer_is_disconnected_and_refused() {
    let mut a = Node::listening(TCP, &[]).await;
    let mut b = Node::listening(TCP, &[&a.address]).await;
    a.connected(b.peer()).await;
    b.connected(a.peer()).await;
    let mut bans = Bans::default();
    bans.add(Subject::Peer(b.peer()), "a test", None, clock::now()).unwrap();
    a.handle.set_bans(bans).await.unwrap();
    assert_eq!(a.disconnected(b.peer()).await, Why::Banned);
    b.disconnected(a.peer()).await;
    assert_eq!(a.info(b.peer()).await.unwrap().state, PeerState::Banned);
    assert_eq!(a.handle.known().await.unwrap(), []);

    // It dials again by itself, and is turned away at the end of the handshake.
    b.connected(a.peer()).await;
    b.disconnected(a.peer()).await;
    while let Ok(event) = a.events.try_recv() {
        assert!(!matches!(event, Event::Connected { .. }));
    }

    // Once the ban is lifted it comes in again.
    a.handle.set_bans(Bans::default()).await.unwrap();
    a.connected(b.peer()).await;
}

#[tokio::test]
async fn a_banned_address_is_refused_before_its_handshake() {
    let mut a = Node::listening(TCP, &[]).await;
    let b = Node::listening(TCP, &[]).await;
    let mut bans = Bans::default();
    bans.add("127.0.0.0/8".parse().unwrap(), "a test", None, clock::now()).unwrap();
    a.handle.set_bans(bans).await.unwrap();
    b.handle.dial(a.address.clone()).await.unwrap();
    let info = b.info_when(a.peer(), |info| info.why.is_some()).await;
    assert_eq!(info.why.unwrap().code(), "unreachable");
    while let Ok(event) = a.events.try_recv() {
        assert!(!matches!(event, Event::Connected { .. }));
    }

    // Nor does it dial there itself.
    a.handle.dial(b.address.clone()).await.unwrap();
    let info = a.info_when(b.peer(), |info| info.why.is_some()).await;
    assert_eq!(info.state, PeerState::Banned);
}

#[tokio::test]
async fn a_node_of_another_network_is_left() {
    let mut a = Node::listening(TCP, &[]).await;
    let key = Keypair::generate_ed25519();
    let mut b = Node::with(key, TCP.parse().unwrap(), &[&a.address], NetworkId([8; 32])).await;
    a.connected(b.peer()).await;
    a.disconnected(b.peer()).await;
    b.disconnected(a.peer()).await;
    let a_left = a.info(b.peer()).await.unwrap().why;
    let b_left = b.info(a.peer()).await.unwrap().why;
    assert!([a_left, b_left].contains(&Some(Why::OtherNetwork)));
}

#[tokio::test]
async fn a_peer_rejected_often_is_not_heard_any_more() {
    let (a, mut b, c) = line().await;
    for number in 0..3_u8 {
        publish(&a, &[b'x', number]).await;
        let (id, source, _) = b.message().await;
        b.handle.judge(id, source, Verdict::Reject).await.unwrap();
    }
    // Judged before what follows is read, since the task takes commands first.
    b.handle.listeners().await.unwrap();
    publish(&a, b"unheard").await;
    publish(&c, b"heard").await;
    assert_eq!(b.message().await.2, b"heard");
}

#[tokio::test]
async fn a_driver_that_is_behind_sheds_messages_and_loses_no_connection() {
    let mut a = Node::listening(TCP, &[]).await;
    let mut b = Node::listening(TCP, &[&a.address]).await;
    b.connected(a.peer()).await;
    // More than the channel holds; nobody reads on a's side meanwhile.
    let mut number = 0_u32;
    soon(async {
        while a.handle.shed().messages == 0 {
            let sent = b.handle.publish(number.to_be_bytes().to_vec()).await.unwrap();
            number += u32::from(sent == Published::Sent);
            // The task of `a` answers, so `a` has had its turn.
            a.handle.listeners().await.unwrap();
        }
    })
    .await;
    let mut c = Node::listening(TCP, &[&a.address]).await;
    c.connected(a.peer()).await;
    a.connected(c.peer()).await;
}

#[tokio::test]
async fn a_handle_of_a_stopped_network_says_so() {
    let a = Node::listening(TCP, &[]).await;
    soon(a.handle.shutdown()).await;
    soon(a.handle.shutdown()).await;
    assert_eq!(a.handle.peers().await.unwrap_err(), Stopped);
    assert!(matches!(a.handle.publish(vec![1]).await, Err(PublishError::Stopped(Stopped))));
    assert!(matches!(a.handle.open_sync(PeerId::random()).await, Err(OpenError::Stopped(Stopped))));
}

#[tokio::test]
async fn an_address_in_use_is_an_error_that_names_it() {
    let a = Node::listening(QUIC, &[]).await;
    let taken = a.handle.listeners().await.unwrap().remove(0);
    let config = Config { listen: vec![taken.clone()], ..plain() };
    assert!(matches!(start(config), Err(NetError::Listen { address, .. }) if address == taken));
}

#[tokio::test]
async fn discovery_on_the_local_network_is_never_fatal() {
    let config = Config { listen: vec![TCP.parse().unwrap()], mdns: true, ..plain() };
    let (handle, mut events) = start(config).unwrap();
    assert!(matches!(soon(events.recv()).await, Some(Event::Listening(_))));
    assert_eq!(handle.listeners().await.unwrap().len(), 1);
}
