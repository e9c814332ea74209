use super::*;

const NOW: Millis = 1_800_000_000_000;

/// Gives a peer's account `count` messages a second for some seconds; returns how many were read, and how
/// many floods there were.
fn messages(limits: &mut Limits, peer: PeerId, a_second: u64, seconds: u64) -> (u64, u64) {
    let mut found = (0, 0);
    for number in 0..a_second * seconds {
        match limits.hears(peer, 1_000, NOW + number * 1_000 / a_second) {
            Heard::Read => found.0 += 1,
            Heard::Unread => {}
            Heard::Flood => found.1 += 1,
        }
    }
    found
}

#[test]
fn whoever_keeps_the_pace_of_this_node_is_read_to_the_last_message() {
    let mut limits = Limits::new(NOW);
    let peer = PeerId::random();
    // The most that an honest node sends: its burst, and its pace from then on, for an hour.
    for _ in 0..SENT.burst {
        assert!(limits.may_send(1_000, NOW));
        assert_eq!(limits.hears(peer, 1_000, NOW), Heard::Read);
    }
    assert!(!limits.may_send(1_000, NOW));
    assert_eq!(messages(&mut limits, peer, SENT.per_second, 3_600), (SENT.per_second * 3_600, 0));
}

#[test]
fn a_flood_is_read_at_its_pace_and_told_as_one() {
    let mut limits = Limits::new(NOW);
    let (read, floods) = messages(&mut limits, PeerId::random(), 10_000, 2);
    assert!((HEARD.burst..=HEARD.burst + 2 * HEARD.per_second).contains(&read), "{read}");
    assert_eq!(floods, (20_000 - read) / u64::from(UNREAD));
}

#[test]
fn one_peers_flood_costs_another_nothing() {
    let mut limits = Limits::new(NOW);
    messages(&mut limits, PeerId::random(), 10_000, 2);
    assert_eq!(limits.hears(PeerId::random(), 51_200, NOW), Heard::Read);
}

#[test]
fn two_rejected_messages_ban_and_what_may_be_a_race_never_does() {
    let mut limits = Limits::new(NOW);
    let peer = PeerId::random();
    assert!(!limits.strike(peer, Offence::Rejected, NOW));
    assert!(limits.strike(peer, Offence::Rejected, NOW));
    for rule in NOT_PROOF {
        assert_eq!(Offence::of(rule), None, "{rule}");
    }
    assert_eq!(Offence::of("Y7"), Some(Offence::Broken));
}

#[test]
fn a_strike_is_forgiven_every_ten_minutes() {
    let mut limits = Limits::new(NOW);
    let peer = PeerId::random();
    let each = u64::try_from(FORGIVEN.as_millis()).unwrap();
    for number in 0..100 {
        assert!(!limits.strike(peer, Offence::Broken, NOW + number * each));
    }
    let last = NOW + 99 * each;
    let more = (0..100).take_while(|_| !limits.strike(peer, Offence::Broken, last)).count();
    assert_eq!(more as u32, BAN_AT - 2, "one was left, and the last bans");
}

#[test]
fn accounts_are_bounded_and_those_of_connected_peers_stay() {
    let mut limits = Limits::new(NOW);
    let stays = PeerId::random();
    limits.connected(stays, true, NOW);
    limits.strike(stays, Offence::Rejected, NOW);
    for number in 0..3 * MAX_ACCOUNTS as u64 {
        limits.may_open(PeerId::random(), NOW + number);
    }
    assert_eq!(limits.accounts.len(), MAX_ACCOUNTS);
    assert!(limits.strike(stays, Offence::Rejected, NOW + 1_000));
}

#[tokio::test]
async fn a_stream_waits_for_its_budget_and_what_was_useful_is_given_back() {
    let budget = Budget::new(now());
    let burst = usize::try_from(USELESS.burst).unwrap();
    budget.has_read(burst, 0);
    budget.may_read().await;
    budget.has_read(64 << 20, 10);
    let waits = tokio::time::timeout(Duration::from_millis(1), budget.may_read());
    assert!(waits.await.is_err());
    budget.was_useful(64 << 20, 10);
    budget.may_read().await;
}
