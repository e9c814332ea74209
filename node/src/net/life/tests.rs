//! What is a sign of life, and what is none.

use futures::AsyncReadExt;
use futures::AsyncWriteExt;
use futures::io::Cursor;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn watched(lives: &Lives, peer: PeerId, bytes: usize) -> Watched<Cursor<Vec<u8>>> {
    lives.watch(peer, Cursor::new(vec![7; bytes]))
}

/// Signs of life that have been looked at for a minute, of a peer that has shown none.
fn silent() -> (Lives, PeerId, Pulse, Instant) {
    let now = Instant::now();
    let start = now.checked_sub(MINUTE).expect("the machine has run for a minute");
    (Lives { start, ..Lives::new() }, PeerId::random(), Pulse::new(start), now)
}

#[tokio::test]
async fn whoever_sends_a_byte_lives() {
    let (lives, peer, mut pulse, now) = silent();
    let mut stream = watched(&lives, peer, 8);
    assert_eq!(pulse.feel(&lives, &peer, now), MINUTE);
    stream.read_exact(&mut [0]).await.unwrap();
    assert!(pulse.feel(&lives, &peer, Instant::now()) < MINUTE / 2);
}

#[tokio::test]
async fn bulk_that_is_taken_is_a_sign_and_a_ping_that_is_sent_is_none() {
    let (lives, peer, mut pulse, now) = silent();
    let mut stream = watched(&lives, peer, 0);
    stream.write_all(&[1; 32]).await.unwrap();
    assert_eq!(pulse.feel(&lives, &peer, now), MINUTE);
    stream.write_all(&[1; 70_000]).await.unwrap();
    assert_eq!(pulse.feel(&lives, &peer, now), Duration::ZERO);
    stream.write_all(&[1; 32]).await.unwrap();
    assert_eq!(pulse.feel(&lives, &peer, now + MINUTE), MINUTE);
}

#[tokio::test]
async fn what_is_gone_takes_no_room() {
    let lives = Lives::new();
    for _ in 0..100 {
        drop(watched(&lives, PeerId::random(), 0));
    }
    assert!(lives.passed.lock().unwrap().len() <= 1);
}
