use super::*;

#[test]
fn the_newest_lines_are_kept_and_no_more_than_there_is_room_for() {
    let recent = Recent { lines: Mutex::new((VecDeque::new(), 0)) };
    for number in 0..10_000 {
        recent.keep(&format!("line {number} {}\n", "x".repeat(100)));
    }
    let text = recent.text();
    assert!(text.len() <= MAX_BYTES && text.len() > MAX_BYTES - 200, "{}", text.len());
    assert!(text.contains("line 9999 ") && !text.contains("line 1 "), "the newest, not the oldest");
    recent.keep(&"ع".repeat(MAX_BYTES));
    assert!(recent.text().len() <= MAX_BYTES, "one line alone is cut, at a letter's end");
}
