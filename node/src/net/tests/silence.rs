//! A line that carries nothing any more, and no end of it is told.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::*;

/// A line to an address, which can be cut and mended.
struct Line {
    address: Multiaddr,
    carries: watch::Sender<bool>,
}

impl Line {
    async fn to(node: &Node) -> Self {
        let port = node.address.iter().find_map(|part| match part {
            Protocol::Tcp(port) => Some(port),
            _ => None,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let (carries, carried) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((inside, _)) = listener.accept().await {
                let outside = TcpStream::connect(("127.0.0.1", port.unwrap())).await.unwrap();
                let ((a, b), (c, d)) = (inside.into_split(), outside.into_split());
                tokio::spawn(carry(a, d, carried.clone()));
                tokio::spawn(carry(c, b, carried.clone()));
            }
        });
        let address = format!("/ip4/127.0.0.1/tcp/{own}/p2p/{}", node.peer()).parse().unwrap();
        Self { address, carries }
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut carries: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 65_536];
    loop {
        if carries.wait_for(|carries| *carries).await.is_err() {
            return;
        }
        let Ok(count @ 1..) = from.read(&mut buffer).await else { return };
        if carries.wait_for(|carries| *carries).await.is_err()
            || to.write_all(&buffer[..count]).await.is_err()
        {
            return;
        }
    }
}

#[tokio::test]
async fn a_cut_line_shows_on_both_sides_and_a_short_cut_closes_nothing() {
    let b = Node::listening(TCP, &[]).await;
    let line = Line::to(&b).await;
    let a = Node::listening(TCP, &[&line.address]).await;
    let connected = a.info_when(b.peer(), |info| info.state == PeerState::Connected).await;

    line.carries.send(false).unwrap();
    for (one, other) in [(&a, &b), (&b, &a)] {
        let info = one.info_when(other.peer(), |info| info.state == PeerState::Away).await;
        assert_eq!(info.why, Some(Why::Silent));
        assert!(info.path.is_some(), "the connection is still there");
    }
    line.carries.send(true).unwrap();
    for (one, other) in [(&a, &b), (&b, &a)] {
        one.info_when(other.peer(), |info| info.state == PeerState::Connected).await;
    }
    assert_eq!(a.info(b.peer()).await.unwrap().since, connected.since, "it is the same connection");
}
