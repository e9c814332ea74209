use super::*;

const NOW: Millis = 1_800_000_000_000;

fn subject(text: &str) -> Subject {
    text.parse().unwrap()
}

#[test]
fn a_subject_is_a_peer_an_address_or_a_range() {
    let peer = PeerId::random();
    assert_eq!(subject(&peer.to_string()), Subject::Peer(peer));
    assert_eq!(subject("203.0.113.7").to_string(), "203.0.113.7/32");
    assert_eq!(subject("203.0.113.7/24").to_string(), "203.0.113.0/24", "the range that it lies in");
    assert_eq!(subject(" 2001:db8::/32 ").to_string(), "2001:db8::/32");
    assert!("settat".parse::<Subject>().is_err());
    assert!("203.0.113.0/33".parse::<Subject>().is_err());
}

#[test]
fn a_range_hits_its_addresses_however_they_are_written() {
    let mut bans = Bans::default();
    bans.add(subject("203.0.113.0/24"), "a scanner", None, NOW).unwrap();
    for address in ["203.0.113.9", "::ffff:203.0.113.9"] {
        assert!(bans.of_address(address.parse().unwrap(), NOW).is_some(), "{address}");
    }
    assert!(bans.of_address("203.0.114.9".parse().unwrap(), NOW).is_none());
}

#[test]
fn an_administrators_ban_lasts_as_long_as_it_says() {
    let mut bans = Bans::default();
    let peer = PeerId::random();
    bans.add(Subject::Peer(peer), "by order", Some(Duration::from_secs(60)), NOW).unwrap();
    assert_eq!(bans.of_peer(&peer, NOW + 59_999).unwrap().reason, "by order");
    assert!(bans.of_peer(&peer, NOW + 60_000).is_none());
    bans.add(Subject::Peer(peer), "for good", None, NOW).unwrap();
    assert!(bans.of_peer(&peer, Millis::MAX).is_some());
    assert!(bans.lift(&Subject::Peer(peer)).unwrap());
    assert!(!bans.lift(&Subject::Peer(peer)).unwrap());
    assert!(bans.of_peer(&peer, NOW).is_none());
}

#[test]
fn the_nodes_own_bans_end_and_last_twice_as_long_each_time() {
    let mut bans = Bans::default();
    let peer = PeerId::random();
    let mut now = NOW;
    let mut last = 0;
    for _ in 0..12 {
        bans.ban_for_a_time(peer, "flood", now);
        let until = bans.of_peer(&peer, now).unwrap().until.unwrap();
        assert!(until - now >= last.min(millis(LONGEST_BAN)), "never shorter");
        assert!(until - now <= millis(LONGEST_BAN));
        last = (until - now) * 2;
        now = until;
        assert!(bans.of_peer(&peer, now).is_none());
    }
    // After a week without one it begins anew.
    bans.ban_for_a_time(PeerId::random(), "flood", now + millis(REMEMBERED));
    bans.ban_for_a_time(peer, "flood", now + millis(REMEMBERED));
    let ban = bans.of_peer(&peer, now + millis(REMEMBERED)).unwrap();
    assert_eq!(ban.until.unwrap() - ban.since, millis(FIRST_BAN));
}

#[test]
fn the_nodes_ban_does_not_shorten_an_administrators() {
    let mut bans = Bans::default();
    let peer = PeerId::random();
    bans.add(Subject::Peer(peer), "for good", None, NOW).unwrap();
    bans.ban_for_a_time(peer, "flood", NOW);
    assert_eq!(bans.of_peer(&peer, NOW).unwrap().by, By::Administrator);
}

#[test]
fn the_list_is_bounded_and_keeps_what_administrators_said() {
    let mut bans = Bans::default();
    let kept = PeerId::random();
    bans.add(Subject::Peer(kept), "for good", None, NOW).unwrap();
    for more in 0..2 * MAX_BANS as u64 {
        bans.ban_for_a_time(PeerId::random(), "flood", NOW + more);
    }
    assert_eq!(bans.kept().count(), MAX_BANS);
    assert!(bans.of_peer(&kept, NOW).is_some());
    let last = PeerId::random();
    bans.ban_for_a_time(last, "flood", NOW);
    assert!(bans.of_peer(&last, NOW).is_some(), "the newest is in");
}

#[test]
fn a_ban_needs_a_reason() {
    let mut bans = Bans::default();
    let refused = bans.add(subject("10.0.0.0/8"), "  ", None, NOW);
    assert_eq!(refused, Err(BanError::Reason { len: 0 }));
}

#[test]
fn what_the_configuration_denies_is_neither_kept_nor_lifted() {
    let range: IpNet = "198.51.100.0/24".parse().unwrap();
    let mut bans = Bans::new(Vec::new(), &[range], NOW);
    assert!(bans.of_address("198.51.100.1".parse().unwrap(), NOW).is_some());
    assert_eq!(bans.lift(&Subject::Range(range)), Err(BanError::Configured));
    assert_eq!(bans.kept().count(), 0);
}

#[test]
fn a_list_reads_as_it_was_written() {
    let mut bans = Bans::default();
    bans.add(subject("2001:db8::/32"), "a reason", Some(Duration::from_secs(5)), NOW).unwrap();
    bans.ban_for_a_time(PeerId::random(), "flood", NOW);
    let text = serde_json::to_string(&bans.kept().collect::<Vec<_>>()).unwrap();
    assert_eq!(Bans::new(serde_json::from_str(&text).unwrap(), &[], NOW), bans);
}
