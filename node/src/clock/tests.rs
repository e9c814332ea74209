use jiff::Timestamp;
use jiff::civil::date;

use super::*;

fn millis(text: &str) -> Millis {
    Millis::try_from(text.parse::<Timestamp>().unwrap().as_millisecond()).unwrap()
}

#[test]
fn a_moment_is_told_by_the_clocks_of_morocco() {
    let told = |text: &str| in_morocco(millis(text)).unwrap().to_string();
    assert_eq!(told("2024-11-12T23:30:00Z"), "2024-11-13T00:30:00", "an hour before Greenwich");
    assert_eq!(told("2025-03-15T23:30:00Z"), "2025-03-15T23:30:00", "in Ramadan");
    assert_eq!(told("2017-01-15T12:00:00Z"), "2017-01-15T12:00:00", "as it was before 2018");
    assert_eq!(in_morocco(Millis::MAX), None);
}

#[test]
fn a_day_is_as_long_as_it_was_in_morocco() {
    const HOUR: Millis = 60 * 60 * 1_000;
    let length = |day: Date| day_in_morocco(day).map(|(first, last)| last + 1 - first);
    assert_eq!(day_in_morocco(date(2024, 11, 12)).unwrap().0, millis("2024-11-11T23:00:00Z"));
    assert_eq!(length(date(2024, 11, 12)), Some(24 * HOUR));
    assert_eq!(length(date(2025, 2, 23)), Some(25 * HOUR), "clocks go back before Ramadan");
    assert_eq!(length(date(2025, 4, 6)), Some(23 * HOUR), "and forth after it");
    assert_eq!(length(date(1969, 12, 1)), None);
    assert_eq!(length(date(9999, 12, 31)), None);
}
