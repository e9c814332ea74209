use std::net::Ipv4Addr;

use super::*;

const NOW: Millis = 1_800_000_000_000;
const RATE: Rate = Rate { burst: 3, per_second: 1 };

fn address(number: u32) -> IpAddr {
    Ipv4Addr::from(0x0b00_0000 + number).into()
}

#[test]
fn an_address_that_comes_too_often_waits_and_others_do_not() {
    let mut knocks = Knocks::new(RATE);
    let taken = (0..5).filter(|_| knocks.take(address(1), NOW)).count();
    assert_eq!(taken, 3);
    assert!(knocks.take(address(2), NOW));
    assert!(!knocks.take(address(1), NOW + 999));
    assert!(knocks.take(address(1), NOW + 1_000));
}

#[test]
fn the_addresses_that_are_counted_are_bounded() {
    let mut knocks = Knocks::new(RATE);
    for number in 0..3 * u32::try_from(MAX_KNOCKERS).unwrap() {
        knocks.take(address(number), NOW);
        assert!(knocks.buckets.len() <= MAX_KNOCKERS);
    }
}
