//! When each commitment runs, and when its steps are due: a chart whose numbers stand in a table beside it.

use jiff::civil::Date;

/// Width of the drawing, in its own units.
const WIDTH: u32 = 900;
/// What the names take of it.
const NAMES: u32 = 270;
/// What is left free at both ends of the time, so that marks and years are not cut off.
const EDGE: u32 = 24;
/// Where the first row begins, and how far apart rows are.
const TOP: u32 = 32;
const ROW: u32 = 36;
/// What the word for the day takes below the rows.
const FOOT: u32 = 24;
/// Characters of a name.
const MAX_NAME: usize = 32;
/// Rows that are drawn; the table has all.
const MAX_ROWS: usize = 40;
/// Marks of one row that are drawn.
const MAX_MARKS: usize = 40;
/// Days that must be left of the first year for it to be named.
const MIN_DAYS_OF_YEAR: i16 = 90;
/// Longest time that is drawn, in years: a longer one is a slip in a date, and would make all else a point.
const MAX_YEARS: i16 = 20;

/// The chart.
#[derive(Debug, askama::Template)]
#[template(path = "gantt.html")]
pub(in crate::ui) struct Gantt {
    title: String,
    about: String,
    direction: &'static str,
    width: u32,
    height: u32,
    name_x: u32,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
    today: Option<Tick>,
}

#[derive(Debug)]
struct Tick {
    x: u32,
    text: String,
}

#[derive(Debug)]
struct Row {
    name: String,
    y: u32,
    bar: Option<Bar>,
    marks: Vec<Mark>,
}

#[derive(Debug)]
struct Bar {
    x: u32,
    width: u32,
    shade: &'static str,
}

#[derive(Debug)]
struct Mark {
    x: u32,
    shade: &'static str,
}

/// What a row shows.
#[derive(Debug)]
pub(in crate::ui) struct Run {
    pub(in crate::ui) name: String,
    pub(in crate::ui) start: Option<Date>,
    pub(in crate::ui) end: Option<Date>,
    pub(in crate::ui) shade: &'static str,
    /// When steps are due, and how far they have come.
    pub(in crate::ui) due: Vec<(Date, &'static str)>,
}

/// The time that is drawn, and in which direction it runs.
struct Scale {
    first: Date,
    days: u32,
    is_rtl: bool,
}

impl Scale {
    /// Returns where a day stands; days beyond the ends stand at them.
    fn at(&self, day: Date) -> u32 {
        let since = u32::try_from((day - self.first).get_days()).unwrap_or(0).min(self.days);
        let x = NAMES + EDGE + since * (WIDTH - NAMES - 2 * EDGE) / self.days.max(1);
        if self.is_rtl { WIDTH - x } else { x }
    }
}

impl Gantt {
    /// Returns the chart of some runs beside a day; nothing where none of them has a date, or their time is
    /// longer than any programme.
    pub(in crate::ui) fn new(
        title: String,
        about: String,
        runs: Vec<Run>,
        (today, called): (Date, String),
        is_rtl: bool,
    ) -> Option<Self> {
        let days = || {
            runs.iter().flat_map(|run| {
                run.start.iter().chain(&run.end).copied().chain(run.due.iter().map(|due| due.0))
            })
        };
        let (first, last) = (days().min()?, days().max()?);
        let (first, last) = (first.first_of_month(), last.last_of_month());
        if last.year() - first.year() > MAX_YEARS {
            return None;
        }
        let scale = Scale { first, days: u32::try_from((last - first).get_days()).unwrap_or(1), is_rtl };
        let is_in = today >= first && today <= last;
        let years = (first.year()..=last.year()).filter_map(|year| Date::new(year, 1, 1).ok());
        // A year of which little is left stands too close to the next one.
        let ticks = years.map(|start| start.max(first)).filter(|start| {
            start.day_of_year() == 1 || start.days_in_year() - start.day_of_year() > MIN_DAYS_OF_YEAR
        });
        let rows: Vec<Row> =
            runs.into_iter().take(MAX_ROWS).enumerate().map(|(at, run)| row(at, run, &scale)).collect();
        Some(Self {
            title,
            about,
            direction: if is_rtl { "rtl" } else { "ltr" },
            width: WIDTH,
            height: TOP + u32::try_from(rows.len()).unwrap_or(0) * ROW + FOOT,
            name_x: if is_rtl { WIDTH - 4 } else { 4 },
            ticks: ticks.map(|start| Tick { x: scale.at(start), text: start.year().to_string() }).collect(),
            rows,
            today: is_in.then(|| Tick { x: scale.at(today), text: called }),
        })
    }
}

fn row(at: usize, run: Run, scale: &Scale) -> Row {
    let due = || run.due.iter().map(|(day, _)| *day);
    let (start, end) = (run.start.or_else(|| due().min()), run.end.or_else(|| due().max()));
    let bar = start.zip(end).map(|(start, end)| {
        let (from, to) = (scale.at(start), scale.at(end));
        Bar { x: from.min(to), width: from.abs_diff(to).max(2), shade: run.shade }
    });
    Row {
        name: super::cut(&run.name, MAX_NAME),
        y: TOP + u32::try_from(at).unwrap_or(0) * ROW,
        bar,
        marks: run.due.iter().take(MAX_MARKS).map(|(day, shade)| Mark { x: scale.at(*day), shade }).collect(),
    }
}

#[cfg(test)]
mod tests;
