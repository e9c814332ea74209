use super::*;

fn drawn(is_rtl: bool) -> Vec<(String, String)> {
    let share = |shade, count| Share { shade, count, text: String::new() };
    let meter = Meter::new(String::new(), vec![share("done", 1), share("none", 0), share("some", 2)], is_rtl);
    meter.unwrap().bars.into_iter().map(|bar| (bar.x, bar.width)).collect()
}

#[test]
fn a_meter_fills_its_width_from_the_side_where_reading_begins() {
    let pair = |x: &str, width: &str| (x.to_owned(), width.to_owned());
    assert_eq!(drawn(false), [pair("0.00", "33.33"), pair("33.33", "66.67")]);
    assert_eq!(drawn(true), [pair("66.67", "33.33"), pair("0.00", "66.67")]);
    assert!(Meter::new(String::new(), Vec::new(), false).is_none());
}
