//! The book by itself: no sockets, and a clock that is an argument.

use super::*;

fn address(port: u16) -> Multiaddr {
    format!("/ip4/10.0.0.1/tcp/{port}").parse().unwrap()
}

fn full(peer: PeerId, port: u16) -> Multiaddr {
    address(port).with(libp2p::multiaddr::Protocol::P2p(peer))
}

fn unreachable() -> Why {
    Why::Unreachable { detail: "refused".to_owned() }
}

fn connection(number: usize) -> ConnectionId {
    ConnectionId::new_unchecked(number)
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Lets every dial fail from `from` for `span`, and returns the times of the dials.
fn dials(book: &mut Book, from: Instant, span: Duration) -> Vec<Instant> {
    let mut times = Vec::new();
    while let Some(due) = book.next_due().filter(|due| *due < from + span) {
        for target in book.take_due(due, 1) {
            book.dial_failed(&target, unreachable(), due);
            times.push(due);
        }
    }
    times
}

#[test]
fn a_configured_address_is_dialled_at_once_and_then_with_growing_delays() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.configure(full(peer, 1), now);
    assert_eq!(book.next_due(), Some(now));
    let times = dials(&mut book, now, DAY);
    let gaps: Vec<_> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps[0] >= Duration::from_millis(500) && gaps[0] <= Duration::from_secs(1), "{:?}", gaps[0]);
    assert!(gaps[..11].windows(3).all(|three| three[2] > three[0]), "{gaps:?}");
    assert!(gaps[12..].iter().all(|gap| *gap >= 10 * MINUTE && *gap <= 20 * MINUTE), "{gaps:?}");
}

#[test]
fn a_peer_met_lately_is_dialled_within_forty_seconds_for_most_of_a_day() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.connected(peer, connection(1), (full(peer, 1), Direction::Outbound), (now, 0));
    assert_eq!(book.next_due(), None, "it is connected");
    book.disconnected(&peer, connection(1), Why::Closed, (now + MINUTE, 60_000)).unwrap();
    let times = dials(&mut book, now + MINUTE, DAY / 2);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] <= Duration::from_secs(40)));
    let later = dials(&mut book, now + MINUTE, 7 * DAY);
    assert!(later.windows(2).next_back().is_some_and(|pair| pair[1] - pair[0] >= 10 * MINUTE));
}

#[test]
fn a_peer_that_closes_at_once_is_not_dialled_ever_faster() {
    let (mut now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.configure(full(peer, 1), now);
    for number in 0..8 {
        now = book.next_due().unwrap();
        let target = book.take_due(now, 1).remove(0);
        book.dial_succeeded(&target, peer, now);
        book.connected(peer, connection(number), (full(peer, 1), Direction::Outbound), (now, 0));
        book.disconnected(&peer, connection(number), Why::Closed, (now, 0)).unwrap();
    }
    assert!(book.next_due().unwrap() - now >= Duration::from_secs(15));
}

#[test]
fn only_one_dial_of_a_target_is_under_way() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.configure(full(peer, 1), now);
    book.configure(address(2), now);
    let targets = book.take_due(now, 10);
    assert_eq!(targets, [Target::Peer(peer, vec![address(1)]), Target::Seed(address(2))]);
    assert_eq!(book.take_due(now + DAY, 10), []);
    assert_eq!(book.infos()[0].state, PeerState::Dialling);
}

#[test]
fn a_bare_address_rests_while_its_peer_is_connected() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.configure(address(1), now);
    let seed = book.take_due(now, 1).remove(0);
    book.dial_succeeded(&seed, peer, now);
    book.connected(peer, connection(1), (address(1), Direction::Outbound), (now, 0));
    assert_eq!(book.next_due(), None);
    book.disconnected(&peer, connection(1), Why::Closed, (now, 0)).unwrap();
    let due = book.next_due().unwrap();
    assert!(due > now && due < now + MINUTE);
}

#[test]
fn an_own_address_is_forgotten() {
    let (now, own) = (Instant::now(), PeerId::random());
    let mut book = Book::new(own);
    book.configure(full(own, 1), now);
    book.configure(address(2), now);
    let seed = book.take_due(now, 1).remove(0);
    book.dial_failed(&seed, Why::Own, now);
    assert_eq!(book.next_due(), None);
}

#[test]
fn a_full_book_gives_up_who_was_only_announced_and_never_the_connected() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let configured = PeerId::random();
    book.configure(full(configured, 1), now);
    let met = PeerId::random();
    book.connected(met, connection(1), (full(met, 1), Direction::Outbound), (now, 0));
    for port in 1..=2_000 {
        book.learn(PeerId::random(), address(port), Origin::Lan, now);
    }
    assert_eq!(book.infos().len(), MAX_KNOWN_PEERS);
    let kept: Vec<_> = book.addresses().into_iter().map(|(peer, _)| peer).collect();
    assert!(kept.contains(&configured) && kept.contains(&met) && kept.len() == 2);

    for number in 2..2_000 {
        let peer = PeerId::random();
        let at = (now, u64::try_from(number).unwrap());
        book.connected(peer, connection(number), (full(peer, 1), Direction::Outbound), at);
        book.disconnected(&peer, connection(number), Why::Closed, at);
    }
    assert_eq!(book.infos().len(), MAX_KNOWN_PEERS);
    assert!(book.is_connected(&met));
}

#[test]
fn addresses_are_bounded_and_the_one_that_worked_comes_first() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    for port in 1..100 {
        book.learn(peer, address(port), Origin::Lan, now);
    }
    assert_eq!(book.infos()[0].addresses.len(), MAX_ADDRESSES);
    book.connected(peer, connection(1), (full(peer, 99), Direction::Outbound), (now, 0));
    let addresses = &book.infos()[0].addresses;
    assert_eq!((addresses.len(), &addresses[0]), (MAX_ADDRESSES, &address(99)));
}

#[test]
fn bare_addresses_are_bounded() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    for port in 1..1_000 {
        book.configure(address(port), now);
    }
    assert_eq!(book.take_due(now, 10_000).len(), MAX_SEEDS);
}

#[test]
fn a_second_connection_keeps_the_peer_connected() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    assert!(book.connected(peer, connection(1), (full(peer, 1), Direction::Outbound), (now, 0)));
    assert!(!book.connected(peer, connection(2), (address(50_000), Direction::Inbound), (now, 0)));
    assert_eq!(book.connections(), (2, 1));
    book.turn_away(&peer, Why::Silent);
    assert_eq!(book.disconnected(&peer, connection(1), Why::Closed, (now, 0)), None);
    assert!(book.is_connected(&peer));
    assert_eq!(book.disconnected(&peer, connection(2), Why::Closed, (now, 0)), Some(Why::Closed));
    assert_eq!(book.disconnected(&peer, connection(2), Why::Closed, (now, 0)), None);
}

#[test]
fn what_this_node_decided_stands_before_what_the_connection_said() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.connected(peer, connection(1), (full(peer, 1), Direction::Outbound), (now, 0));
    book.turn_away(&peer, Why::OtherNetwork);
    let why = book.disconnected(&peer, connection(1), Why::Closed, (now, 0));
    assert_eq!(why, Some(Why::OtherNetwork));
    assert_eq!((book.next_due(), book.addresses().len()), (None, 0), "never dialled, never kept");
    book.configure(full(peer, 1), now);
    assert!(book.next_due().is_some(), "unless it is asked for");
}

#[test]
fn penalties_are_counted_bounded_and_forgiven_one_by_one() {
    let (now, peer) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    assert_eq!(book.penalise(&peer), 0, "unknown");
    book.learn(peer, address(1), Origin::Lan, now);
    assert_eq!((book.penalise(&peer), book.penalise(&peer)), (1, 2));
    assert_eq!(book.forgive(), [(peer, 1)]);
    assert_eq!(book.forgive(), [(peer, 0)]);
    assert_eq!(book.forgive(), []);
    for _ in 0..1_000 {
        book.penalise(&peer);
    }
    assert_eq!(book.penalties(&peer), MAX_PENALTIES);
}
