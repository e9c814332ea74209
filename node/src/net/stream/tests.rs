//! Sync streams between two nodes on real sockets.

use tokio::sync::oneshot;

use super::*;
use crate::net::tests::{Node, QUIC, TCP, soon};
use crate::net::{MAX_SYNC_STREAMS, OpenError};

async fn pair(listen: &str) -> (Node, Node) {
    let mut a = Node::listening(listen, &[]).await;
    let mut b = Node::listening(listen, &[&a.address]).await;
    a.connected(b.peer()).await;
    b.connected(a.peer()).await;
    (a, b)
}

/// Opens a stream from `b` to `a`, and says one frame so that both sides have it.
async fn open(a: &mut Node, b: &Node) -> ((FrameReader, FrameWriter), (FrameReader, FrameWriter)) {
    let (reader, mut writer) = soon(b.handle.open_sync(a.peer())).await.unwrap().split();
    writer.send(b"hello").await.unwrap();
    writer.flush().await.unwrap();
    let (peer, stream) = a.stream().await;
    assert_eq!(peer, b.peer());
    let (mut inbound, outbound) = stream.split();
    assert_eq!(soon(inbound.next()).await.unwrap().unwrap(), b"hello");
    ((inbound, outbound), (reader, writer))
}

async fn frames_pass_both_ways(listen: &str) {
    let (mut a, b) = pair(listen).await;
    let ((mut a_reads, mut a_writes), (mut b_reads, mut b_writes)) = open(&mut a, &b).await;
    let largest = vec![9; MAX_FRAME];
    let write = async {
        for frame in [b"".as_slice(), b"one", &largest, b"two"] {
            b_writes.send(frame).await.unwrap();
        }
        b_writes.close().await.unwrap();
    };
    let read = async {
        for frame in [b"".as_slice(), b"one", &largest, b"two"] {
            assert_eq!(a_reads.next().await.unwrap().unwrap(), frame);
        }
        // b has closed its half, and a can still answer.
        assert!(a_reads.next().await.unwrap().is_none());
        assert!(a_reads.next().await.unwrap().is_none(), "and stays so");
        a_writes.send(b"answer").await.unwrap();
        a_writes.close().await.unwrap();
    };
    soon(async { tokio::join!(write, read) }).await;
    assert_eq!(soon(b_reads.next()).await.unwrap().unwrap(), b"answer");
    assert!(soon(b_reads.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn frames_pass_both_ways_over_tcp() {
    frames_pass_both_ways(TCP).await;
}

#[tokio::test]
async fn frames_pass_both_ways_over_quic() {
    frames_pass_both_ways(QUIC).await;
}

async fn bulk_waits_for_its_reader(listen: &str) {
    const FRAMES: usize = 128;
    const FRAME: usize = 512 * 1024;
    let (mut a, b) = pair(listen).await;
    let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    let (done, mut is_done) = oneshot::channel();
    let writer = tokio::spawn(async move {
        for number in 0..FRAMES {
            b_writes.send(&vec![u8::try_from(number).unwrap(); FRAME]).await.unwrap();
        }
        done.send(()).unwrap();
        b_writes.close().await.unwrap();
    });
    for number in 0..FRAMES {
        let frame = soon(a_reads.next()).await.unwrap().unwrap();
        assert_eq!(frame.len(), FRAME);
        assert!(frame.iter().all(|byte| usize::from(*byte) == number));
        if number < FRAMES / 2 {
            // Half of it is still unread: were it queued without a bound, the writer could be done.
            assert!(is_done.try_recv().is_err(), "the writer did not wait");
        }
    }
    assert!(soon(a_reads.next()).await.unwrap().is_none());
    soon(writer).await.unwrap();
}

#[tokio::test]
async fn bulk_waits_for_its_reader_over_tcp() {
    bulk_waits_for_its_reader(TCP).await;
}

#[tokio::test]
async fn bulk_waits_for_its_reader_over_quic() {
    bulk_waits_for_its_reader(QUIC).await;
}

#[tokio::test]
async fn an_announced_length_over_the_limit_is_refused() {
    let (mut a, b) = pair(TCP).await;
    let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    let length = u32::try_from(MAX_FRAME + 1).unwrap();
    b_writes.io.write_all(&length.to_be_bytes()).await.unwrap();
    b_writes.io.flush().await.unwrap();
    assert!(matches!(soon(a_reads.next()).await, Err(FrameError::TooLong)));
    assert!(soon(a_reads.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_frame_over_the_limit_is_not_sent() {
    let (mut a, b) = pair(TCP).await;
    let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    assert!(matches!(b_writes.send(&vec![0; MAX_FRAME + 1]).await, Err(FrameError::TooLong)));
    b_writes.send(b"next").await.unwrap();
    b_writes.flush().await.unwrap();
    assert_eq!(soon(a_reads.next()).await.unwrap().unwrap(), b"next");
}

#[tokio::test]
async fn an_end_inside_a_frame_is_an_error() {
    for sent in [[0, 0].as_slice(), &[0, 0, 0, 9, 1, 2, 3]] {
        let (mut a, b) = pair(TCP).await;
        let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
        b_writes.io.write_all(sent).await.unwrap();
        b_writes.io.close().await.unwrap();
        assert!(matches!(soon(a_reads.next()).await, Err(FrameError::Truncated)), "{sent:?}");
    }
}

#[tokio::test]
async fn a_connection_that_goes_is_an_error_not_an_end() {
    let (mut a, b) = pair(TCP).await;
    let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    // A whole frame, so that the beginning of the next has arrived too.
    b_writes.io.write_all(&[0, 0, 0, 1, 7, 0, 0, 0, 9, 1]).await.unwrap();
    b_writes.io.flush().await.unwrap();
    assert!(soon(a_reads.next()).await.unwrap().is_some());
    soon(b.handle.shutdown()).await;
    assert!(soon(a_reads.next()).await.is_err());
}

#[tokio::test]
async fn reading_can_be_cancelled_inside_a_frame() {
    let (mut a, b) = pair(TCP).await;
    let ((mut a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    for part in [[0, 0, 0].as_slice(), &[4, b'f'], b"ou"] {
        b_writes.io.write_all(part).await.unwrap();
        b_writes.io.flush().await.unwrap();
        let cancelled = tokio::time::timeout(std::time::Duration::from_millis(50), a_reads.next()).await;
        assert!(cancelled.is_err(), "no frame is complete yet");
    }
    b_writes.io.write_all(b"r").await.unwrap();
    b_writes.io.flush().await.unwrap();
    assert_eq!(soon(a_reads.next()).await.unwrap().unwrap(), b"four");
}

#[tokio::test]
async fn a_cancelled_send_is_not_followed_by_others() {
    let (mut a, b) = pair(TCP).await;
    let ((_a_reads, _a_writes), (_b_reads, mut b_writes)) = open(&mut a, &b).await;
    // Nobody reads, so one of these must wait, and is dropped while it does.
    let frame = vec![0; MAX_FRAME];
    while tokio::time::timeout(std::time::Duration::from_millis(200), b_writes.send(&frame)).await.is_ok() {}
    assert!(matches!(b_writes.send(b"after").await, Err(FrameError::Unfinished)));
    assert!(matches!(b_writes.close().await, Err(FrameError::Unfinished)));
}

#[tokio::test]
async fn a_peer_has_a_bounded_number_of_inbound_streams() {
    let (mut a, b) = pair(TCP).await;
    let mut open_streams = Vec::new();
    for _ in 0..MAX_SYNC_STREAMS {
        open_streams.push(open(&mut a, &b).await);
    }
    let (mut refused, _writer) = soon(b.handle.open_sync(a.peer())).await.unwrap().split();
    assert!(!matches!(soon(refused.next()).await, Ok(Some(_))));
    assert_eq!(a.handle.shed().streams, 1);

    open_streams.pop();
    open(&mut a, &b).await;
}

#[tokio::test]
async fn a_stream_to_a_peer_that_is_not_connected_is_an_error() {
    let (a, _b) = pair(TCP).await;
    let stranger = libp2p::PeerId::random();
    assert!(matches!(soon(a.handle.open_sync(stranger)).await, Err(OpenError::NotConnected)));
}
