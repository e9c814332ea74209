//! The form of an answer, and how often there is one.

use super::*;

fn told(count: usize) -> Told {
    let address = |port| format!("/ip4/41.92.0.1/tcp/{}", 4_000 + port).parse().unwrap();
    Told { peer: PeerId::random(), addresses: (0..count).map(address).collect() }
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    let all: Vec<Told> = (1..=3).map(told).collect();
    assert_eq!(decode(&encode(&all)).unwrap(), all);
    assert_eq!(encode(&[]), [0x82, 0x00, 0x80]);
}

#[test]
fn what_is_beyond_the_bounds_is_left_out() {
    let mut all: Vec<Told> = (0..MAX_PEERS + 5).map(|_| told(MAX_TOLD_ADDRESSES + 5)).collect();
    all.push(told(0));
    let bytes = encode(&all);
    assert!(bytes.len() <= MAX_ANSWER);
    let read = decode(&bytes).unwrap();
    assert_eq!(read.len(), MAX_PEERS);
    assert!(read.iter().all(|told| told.addresses.len() == MAX_TOLD_ADDRESSES));
}

#[test]
fn the_longest_answer_is_within_its_bound() {
    let host = "a".repeat(MAX_ADDRESS - "/dns//tcp/65535".len());
    let address: Multiaddr = format!("/dns/{host}/tcp/65535").parse().unwrap();
    assert_eq!(address.to_string().len(), MAX_ADDRESS);
    let longest = |_| Told { peer: PeerId::random(), addresses: vec![address.clone(); MAX_TOLD_ADDRESSES] };
    let all: Vec<Told> = (0..MAX_PEERS).map(longest).collect();
    let bytes = encode(&all);
    assert!(bytes.len() <= MAX_ANSWER && bytes.len() > MAX_ANSWER / 10 * 8, "{}", bytes.len());
    assert_eq!(decode(&bytes).unwrap(), all);
}

#[test]
fn what_breaks_a_bound_or_the_form_is_a_fault() {
    let entry = |peer: &str, addresses: &[&str]| Entry {
        peer: peer.to_owned(),
        addresses: addresses.iter().map(ToString::to_string).collect(),
    };
    let id = PeerId::random().to_string();
    let many = vec!["/ip4/41.92.0.1/tcp/1"; MAX_TOLD_ADDRESSES + 1];
    let long = format!("/dns/{}/tcp/1", "a".repeat(MAX_ADDRESS));
    let crowd: Vec<Entry> = (0..=MAX_PEERS).map(|_| entry(&id, &["/ip4/41.92.0.1/tcp/1"])).collect();
    let answers = [
        codec::encode(&(1_u64, Vec::<Entry>::new())),
        codec::encode(&(PEERS, vec![entry("nobody", &["/ip4/41.92.0.1/tcp/1"])])),
        codec::encode(&(PEERS, vec![entry(&id, &[])])),
        codec::encode(&(PEERS, vec![entry(&id, &["nowhere"])])),
        codec::encode(&(PEERS, vec![entry(&id, &many)])),
        codec::encode(&(PEERS, vec![entry(&id, &[&long])])),
        codec::encode(&(PEERS, crowd)),
        vec![0x82, 0x18, 0x00, 0x80],
        vec![0x82, 0x00, 0x80, 0x00],
        Vec::new(),
    ];
    for bytes in answers {
        assert!(decode(&bytes).unwrap_err().is_fault(), "{bytes:02x?}");
    }
    assert!(!AnswerError::TimedOut.is_fault());
}

#[test]
fn a_peer_is_asked_when_it_connects_soon_after_and_then_every_few_minutes() {
    let now = Instant::now();
    let mut turns = Turns::default();
    turns.hurry(now);
    assert!(!turns.again(now + ASK_EVERY), "it was never asked");
    assert!(turns.begin(now) && !turns.begin(now));
    assert!(!turns.again(now) && turns.again(now + ASK_SOON));
    assert!(!turns.again(now + ASK_EVERY) && turns.again(now + ASK_SOON + ASK_EVERY));
    // With a relay there is news: once in a moment, once soon after.
    let later = now + ASK_SOON + ASK_EVERY;
    turns.hurry(later);
    assert!(!turns.again(later) && turns.again(later + NEWS));
    assert!(!turns.again(later + ASK_SOON) && turns.again(later + NEWS + ASK_SOON));
    assert!(!turns.again(later + ASK_EVERY));
}

#[test]
fn whoever_asks_too_often_gets_no_answer() {
    let now = Instant::now();
    let mut turns = Turns::default();
    let answers = (0..100).filter(|_| turns.answer(now)).count();
    assert_eq!(answers, MAX_ANSWERS);
    assert!(!turns.answer(now + ANSWERS_IN / 2));
    // Whoever asks at the right times always gets one.
    assert!((1..100).all(|round| turns.answer(now + round * ASK_EVERY)));
}
