use askama::Template;
use jiff::civil::date;

use super::*;

fn run(start: Option<Date>, end: Option<Date>) -> Run {
    Run { name: "Publier".into(), start, end, shade: "some", due: vec![(date(2024, 6, 30), "done")] }
}

fn chart(runs: Vec<Run>, is_rtl: bool) -> Option<Gantt> {
    Gantt::new("T".into(), "A".into(), runs, (date(2024, 11, 30), "now".into()), is_rtl)
}

#[test]
fn time_runs_the_way_that_the_page_reads() {
    let runs = || vec![run(Some(date(2023, 1, 15)), Some(date(2025, 3, 1)))];
    let (left, right) = (chart(runs(), false).unwrap(), chart(runs(), true).unwrap());
    assert_eq!(
        left.ticks.iter().map(|tick| tick.text.as_str()).collect::<Vec<_>>(),
        ["2023", "2024", "2025"]
    );
    assert!(left.ticks[0].x < left.ticks[1].x && right.ticks[0].x > right.ticks[1].x);
    let (a, b) = (left.rows[0].bar.as_ref().unwrap(), right.rows[0].bar.as_ref().unwrap());
    assert_eq!((a.width, a.x), (b.width, WIDTH - b.x - b.width), "one is the mirror of the other");
    assert!(left.today.unwrap().x > left.rows[0].marks[0].x);
    assert!(right.render().unwrap().contains("direction=\"rtl\""));
}

#[test]
fn what_has_no_dates_is_not_drawn_and_a_slip_hides_nothing() {
    assert!(chart(Vec::new(), false).is_none());
    assert!(chart(vec![run(Some(date(24, 1, 1)), None)], false).is_none(), "a year with two digits");
    let only_due = chart(vec![run(None, None)], false).unwrap();
    assert!(only_due.rows[0].bar.is_some() && only_due.today.is_none());
}

#[test]
fn the_year_in_which_it_begins_is_named_unless_little_is_left_of_it() {
    let years = |start: Date| {
        let chart = chart(vec![run(Some(start), Some(date(2025, 3, 1)))], false).unwrap();
        chart.ticks.into_iter().map(|tick| tick.text).collect::<Vec<_>>()
    };
    assert_eq!(years(date(2023, 3, 5)), ["2023", "2024", "2025"]);
    assert_eq!(years(date(2023, 11, 5)), ["2024", "2025"]);
}
