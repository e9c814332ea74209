//! Lines are served in turn, and bounded.

use super::*;

fn message(number: usize, len: usize) -> Waiting {
    Waiting { id: MessageId([u8::try_from(number % 256).unwrap(); 32]), data: vec![0; len] }
}

#[test]
fn a_long_line_delays_nobody_else() {
    let mut checks = Checks::default();
    let (flood, honest) = (PeerId::random(), PeerId::random());
    for number in 0..MAX_MESSAGES {
        checks.offer(flood, message(number, 1)).unwrap();
    }
    checks.offer(honest, message(7, 1)).unwrap();
    let first: Vec<PeerId> = (0..2).map(|_| checks.begin().unwrap().0).collect();
    assert!(first.contains(&honest));
    assert_eq!(checks.begin().unwrap().0, flood);
}

#[test]
fn a_line_is_bounded_by_messages_and_by_bytes_and_keeps_its_order() {
    let mut checks = Checks::default();
    let peer = PeerId::random();
    let taken = (0..).take_while(|number| checks.offer(peer, message(*number, 51_200)).is_ok()).count();
    assert_eq!(taken, MAX_LINE / 51_200);
    for number in 0..taken {
        assert_eq!(checks.begin(), Some((peer, message(number, 51_200))));
        checks.end();
    }
    assert_eq!(checks.begin(), None);
    let taken = (0..).take_while(|number| checks.offer(peer, message(*number, 1)).is_ok()).count();
    assert_eq!(taken, MAX_MESSAGES);
    checks.forget(&peer);
    assert_eq!(checks.begin(), None);
}

#[test]
fn no_more_are_checked_at_once_than_the_bound() {
    let mut checks = Checks::default();
    let peer = PeerId::random();
    for number in 0..2 * MAX_CHECKS {
        checks.offer(peer, message(number, 1)).unwrap();
    }
    assert_eq!((0..2 * MAX_CHECKS).map_while(|_| checks.begin()).count(), MAX_CHECKS);
    checks.end();
    assert!(checks.begin().is_some() && checks.begin().is_none());
}
