//! The book by itself: no sockets, and a clock that is an argument.

use std::collections::BTreeSet;

use super::account::MAX_PENALTIES;
use super::room::{KEPT_FREE, STAY};
use super::share::{MAX_INTRODUCED, MAX_PER_INTRODUCER};
use super::*;
use crate::net::exchange::MAX_PEERS;
use crate::net::{MAX_INBOUND, Path, PeerState};

fn address(port: u16) -> Multiaddr {
    format!("/ip4/10.0.0.1/tcp/{port}").parse().unwrap()
}

fn full(peer: PeerId, port: u16) -> Multiaddr {
    address(port).with(libp2p::multiaddr::Protocol::P2p(peer))
}

fn unreachable() -> Why {
    Why::Unreachable { detail: "refused".to_owned() }
}

/// A connection that this node dialled because the book said so.
fn dialled(address: Multiaddr) -> Opened {
    Opened { address, direction: Direction::Outbound, relay: None, asked: true }
}

fn accepted(address: Multiaddr) -> Opened {
    Opened { address, direction: Direction::Inbound, relay: None, asked: false }
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
    book.connected(peer, connection(1), dialled(full(peer, 1)), (now, 0));
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
        book.connected(peer, connection(number), dialled(full(peer, 1)), (now, 0));
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
    book.connected(peer, connection(1), dialled(address(1)), (now, 0));
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
    book.connected(met, connection(1), dialled(full(met, 1)), (now, 0));
    for port in 1..=2_000 {
        book.learn(PeerId::random(), address(port), Origin::Lan, now);
    }
    assert_eq!(book.infos().len(), MAX_KNOWN_PEERS);
    let known: Vec<_> = book.infos().into_iter().map(|info| info.peer).collect();
    assert!(known.contains(&configured) && known.contains(&met));
    assert_eq!(book.known().into_iter().map(|known| known.peer).collect::<Vec<_>>(), [met]);

    for number in 2..2_000 {
        let peer = PeerId::random();
        let at = (now, u64::try_from(number).unwrap());
        book.connected(peer, connection(number), dialled(full(peer, 1)), at);
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
    book.connected(peer, connection(1), dialled(full(peer, 99)), (now, 0));
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
    assert!(book.connected(peer, connection(1), dialled(full(peer, 1)), (now, 0)));
    assert!(!book.connected(peer, connection(2), accepted(address(50_000)), (now, 0)));
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
    book.connected(peer, connection(1), dialled(full(peer, 1)), (now, 0));
    book.turn_away(&peer, Why::OtherNetwork);
    let why = book.disconnected(&peer, connection(1), Why::Closed, (now, 0));
    assert_eq!(why, Some(Why::OtherNetwork));
    assert_eq!((book.next_due(), book.known().len()), (None, 0), "never dialled, never kept");
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

/// An address that anybody can dial, in a range of its own for each `net`.
fn public(net: u8, host: u8) -> Multiaddr {
    format!("/ip4/41.{net}.0.{host}/tcp/4480").parse().unwrap()
}

fn told(address: Multiaddr) -> Told {
    Told { peer: PeerId::random(), addresses: vec![address] }
}

/// Connects a peer that this node dialled at `address`, and says so.
fn meet(book: &mut Book, number: usize, address: Multiaddr, now: Instant) -> PeerId {
    let peer = PeerId::random();
    book.connected(peer, connection(number), dialled(address), (now, 0));
    peer
}

#[test]
fn nobody_fills_the_book_with_introductions() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let met = meet(&mut book, 1, public(1, 1), now);
    for round in 0..100 {
        let all = (0..MAX_PEERS).map(|_| told(public(200, round))).collect();
        book.introduce(met, &public(1, 1), all, now);
    }
    assert_eq!(book.infos().len(), 1 + MAX_PER_INTRODUCER);

    // A crowd of introducers has half of the book, and whoever was met stays.
    for _ in 0..100 {
        let all = (0..MAX_PEERS).map(|host| told(public(201, u8::try_from(host).unwrap()))).collect();
        book.introduce(PeerId::random(), &public(2, 2), all, now);
    }
    assert_eq!(book.infos().len(), 1 + MAX_INTRODUCED);
    assert!(book.is_connected(&met));
    // Somebody new is heard all the same.
    let (late, by) = (told(public(3, 3)), PeerId::random());
    let peer = late.peer;
    book.introduce(by, &public(2, 2), vec![late], now);
    let info = book.infos().into_iter().find(|info| info.peer == peer).unwrap();
    assert_eq!(info.introducer, Introducer::Peer(by));
}

#[test]
fn an_introduction_that_nobody_answers_is_forgotten() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    book.introduce(PeerId::random(), &public(1, 1), vec![told(public(2, 2))], now);
    assert_eq!(book.infos().len(), 1);
    assert_eq!(dials(&mut book, now, DAY).len(), 4);
    assert_eq!(book.infos().len(), 0);
}

#[test]
fn what_others_say_does_not_push_aside_what_worked() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let peer = meet(&mut book, 1, public(1, 1), now);
    let lie = Told { peer, addresses: (1..9).map(|host| public(66, host)).collect() };
    book.introduce(PeerId::random(), &public(2, 2), vec![lie], now);
    assert_eq!(book.infos()[0].addresses, [public(1, 1)]);
}

#[test]
fn an_introducer_far_away_names_no_private_addresses() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    book.introduce(PeerId::random(), &public(1, 1), vec![told(address(1))], now);
    assert_eq!(book.infos().len(), 0);
    book.introduce(PeerId::random(), &address(9), vec![told(address(1))], now);
    assert_eq!(book.infos().len(), 1);
}

#[test]
fn only_peers_met_lately_are_told_on_with_addresses_of_use() {
    let (now, asker) = (Instant::now(), PeerId::random());
    let mut book = Book::new(PeerId::random());
    book.introduce(asker, &public(1, 1), vec![told(public(2, 2))], now);
    book.configure(full(PeerId::random(), 7), now);
    let far = meet(&mut book, 1, public(3, 3), now);
    let near = meet(&mut book, 2, address(4), now);
    let named = |seen: &Multiaddr, clock| -> Vec<PeerId> {
        book.tell(asker, seen, clock).into_iter().map(|told| told.peer).collect()
    };
    assert_eq!(named(&public(9, 9), 0), [far]);
    let mut both = vec![far, near];
    both.sort_unstable();
    let mut told = named(&address(9), 0);
    told.sort_unstable();
    assert_eq!(told, both);
    assert_eq!(named(&address(9), 25 * 3_600 * 1_000), [], "seen long ago");
    assert!(!book.tell(far, &address(9), 0).iter().any(|told| told.peer == far), "not to itself");
}

#[test]
fn each_asker_gets_a_choice_of_its_own() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    for number in 0..100 {
        meet(&mut book, number, public(1, u8::try_from(number).unwrap()), now);
    }
    let choice = |asker: PeerId| -> Vec<PeerId> {
        book.tell(asker, &public(2, 2), 0).into_iter().map(|told| told.peer).collect()
    };
    let (a, b) = (PeerId::random(), PeerId::random());
    assert_eq!(choice(a).len(), MAX_PEERS);
    assert_eq!(choice(a), choice(a));
    assert_ne!(choice(a), choice(b));
}

#[test]
fn whom_this_node_met_is_dialled_before_whom_others_name() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    book.introduce(PeerId::random(), &public(1, 1), vec![told(public(2, 2))], now);
    let known = meet(&mut book, 1, public(3, 3), now);
    book.disconnected(&known, connection(1), Why::Closed, (now, 0)).unwrap();
    let targets = book.take_due(now + DAY, 1);
    assert_eq!(targets, [Target::Peer(known, vec![public(3, 3)])]);
}

#[test]
fn dials_spread_over_introducers_and_ranges() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let (crowd, single) = (PeerId::random(), PeerId::random());
    // One introducer names thirty peers of one range, another names one.
    let many = (0..30).map(|host| told(public(66, host))).collect();
    book.introduce(crowd, &public(1, 1), many, now);
    let other = told(public(7, 7));
    let wanted = other.peer;
    book.introduce(single, &public(2, 2), vec![other], now);
    let chosen = book.take_due(now + DAY, 2);
    assert!(chosen.iter().any(|target| matches!(target, Target::Peer(peer, _) if *peer == wanted)));
}

#[test]
fn the_book_of_an_earlier_run_is_dialled_and_tells_who_introduced_whom() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let by = meet(&mut book, 1, public(1, 1), now);
    let named = told(public(2, 2));
    let peer = named.peer;
    book.introduce(by, &public(1, 1), vec![named], now);
    book.connected(peer, connection(2), dialled(public(2, 2)), (now, 5));
    let kept = book.known();
    assert_eq!(kept.len(), 2);

    let mut again = Book::new(PeerId::random());
    again.restore(kept.clone(), now);
    assert_eq!(again.known(), kept);
    assert_eq!(again.take_due(now, 10).len(), 2);
    let info = again.infos().into_iter().find(|info| info.peer == peer).unwrap();
    assert_eq!((info.introducer, info.last_seen), (Introducer::Peer(by), Some(5)));
    let own = Known { peer: again.own, ..kept[0].clone() };
    again.restore(vec![own], now);
    assert_eq!(again.infos().len(), 2, "never itself");
}

#[test]
fn a_direct_connection_counts_before_a_relayed_one() {
    let (now, relay) = (Instant::now(), PeerId::random());
    let [smaller, larger] = {
        let mut two = [PeerId::random(), PeerId::random()];
        two.sort_unstable();
        two
    };
    let relayed = Opened { relay: Some(relay), ..accepted(full(larger, 1)) };
    for (own, peer, closed) in [(smaller, larger, true), (larger, smaller, false)] {
        let mut book = Book::new(own);
        book.connected(peer, connection(1), relayed.clone(), (now, 0));
        let before = book.infos().remove(0);
        assert_eq!((before.path, before.relay), (Some(Path::Relayed), Some(relay)));
        book.connected(peer, connection(2), dialled(address(2)), (now, 0));
        let after = book.infos().remove(0);
        assert_eq!((after.path, after.relay), (Some(Path::Lan), None));
        assert_eq!(book.superfluous(MINUTE, now), []);
        // One side alone closes what is not needed, and only after a while.
        let left = book.superfluous(MINUTE, now + MINUTE);
        assert_eq!(left, if closed { vec![connection(1)] } else { Vec::new() });
    }
}

#[test]
fn a_peer_without_a_sign_of_life_is_shown_as_silent_while_it_is_still_connected() {
    let (lives, start) = (Lives::new(), Instant::now());
    let mut book = Book::new(PeerId::random());
    let peer = meet(&mut book, 1, public(1, 1), start);
    let later = start + MINUTE;
    assert_eq!(book.feel(&lives, MINUTE, (later, 60_000)), [(peer, MINUTE)]);
    let info = book.infos().remove(0);
    assert_eq!((info.state, info.why, info.last_seen), (PeerState::Away, Some(Why::Silent), Some(0)));
    assert_eq!(book.feel(&lives, 2 * MINUTE, (later, 60_000)).len(), 1);
    assert_eq!(book.infos().remove(0).state, PeerState::Connected);
}

#[test]
fn a_hole_that_was_punched_is_no_address_for_another_day() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let punched = Opened { asked: false, ..dialled(public(1, 1)) };
    book.connected(PeerId::random(), connection(1), punched, (now, 0));
    assert_eq!(book.infos().remove(0).addresses, [] as [Multiaddr; 0]);
}

#[test]
fn an_invitation_names_others_that_anybody_can_dial_and_not_always_the_same() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let near = meet(&mut book, 200, address(1), now);
    for number in 0..50 {
        meet(&mut book, number, public(1, u8::try_from(number).unwrap()), now);
    }
    let first = |clock| -> Vec<PeerId> { book.public(clock).into_iter().map(|told| told.peer).collect() };
    assert_eq!(first(1).len(), 50);
    assert!(!first(1).contains(&near));
    assert_ne!(first(1)[..3], first(2)[..3]);
}

#[test]
fn a_peer_that_is_given_up_is_dialled_although_its_connection_has_not_closed_yet() {
    let now = Instant::now();
    let mut book = Book::new(PeerId::random());
    let peer = meet(&mut book, 1, public(1, 1), now);
    assert!(book.lose(&peer, now) && !book.lose(&peer, now));
    assert_eq!(book.infos()[0].why, Some(Why::Silent));
    assert!(book.next_due().is_some_and(|due| due < now + MINUTE));
    assert_eq!(book.disconnected(&peer, connection(1), Why::Closed, (now, 0)), None);
}

#[test]
fn a_node_that_many_dial_keeps_room_for_newcomers() {
    let start = Instant::now();
    let later = start + STAY;
    let mut book = Book::new(PeerId::random());
    let dialled_by_us = meet(&mut book, 1_000, public(1, 1), start);
    let mut inbound = Vec::new();
    for number in 0..=MAX_INBOUND as usize - KEPT_FREE {
        assert_eq!(book.lets_go(&BTreeSet::new(), (later, 0)), None, "{number} are no crowd");
        let peer = PeerId::random();
        book.connected(peer, connection(number), accepted(address(9)), (start, 0));
        inbound.push(peer);
    }
    assert_eq!(book.lets_go(&BTreeSet::new(), (start, 0)), None, "they have just come");
    let gone = book.lets_go(&BTreeSet::new(), (later, 0)).unwrap();
    assert!(inbound.contains(&gone) && gone != dialled_by_us);
    // Not always the same, and never one for whom this node is a relay.
    let chosen: BTreeSet<PeerId> =
        (0..64).filter_map(|clock| book.lets_go(&BTreeSet::new(), (later, clock))).collect();
    assert!(chosen.len() > 4);
    let kept: BTreeSet<PeerId> = inbound.into_iter().filter(|peer| *peer != gone).collect();
    assert!((0..64).all(|clock| book.lets_go(&kept, (later, clock)) == Some(gone)));
}
