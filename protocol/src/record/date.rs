//! Dates as far as they are known: a year, a month, or a day.
//!
//! They are calendar dates without a time or a zone, and decide nothing (W4).

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::draft::{Findings, Problem};
use super::schema::{Field, schema};

/// A date of which the year, the month or the day is known, written `2024`, `2024-11`, `2024-11-30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    first: civil::Date,
    precision: Precision,
}

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The year.
    Year,
    /// The year and the month.
    Month,
    /// The day.
    Day,
}

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a date is written YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct ParseDateError;

impl Date {
    /// The name under which a deserializer is asked for a date.
    pub(super) const NAME: &'static str = "Date";

    /// Returns the first day that the date can mean.
    #[must_use]
    pub const fn first(self) -> civil::Date {
        self.first
    }

    /// Returns the last day that the date can mean.
    #[must_use]
    pub fn last(self) -> civil::Date {
        match self.precision {
            Precision::Year => self.first.last_of_year(),
            Precision::Month => self.first.last_of_month(),
            Precision::Day => self.first,
        }
    }

    /// Returns how much of the date is known.
    #[must_use]
    pub const fn precision(self) -> Precision {
        self.precision
    }
}

impl FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Self, ParseDateError> {
        let (day, precision) = match text.len() {
            4 => (format!("{text}-01-01"), Precision::Year),
            7 => (format!("{text}-01"), Precision::Month),
            10 => (text.to_owned(), Precision::Day),
            _ => return Err(ParseDateError),
        };
        let first: civil::Date = day.parse().map_err(|_| ParseDateError)?;
        if first.to_string() == day { Ok(Self { first, precision }) } else { Err(ParseDateError) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first.to_string();
        f.write_str(match self.precision {
            Precision::Year => &day[..4],
            Precision::Month => &day[..7],
            Precision::Day => &day,
        })
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&ParseDateError, f)
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Date, D::Error> {
                String::deserialize(inner)?.parse().map_err(de::Error::custom)
            }
        }

        deserializer.deserialize_newtype_struct(Self::NAME, Text)
    }
}

impl Field for Date {
    fn is_absent(&self) -> bool {
        false
    }

    fn check(&self, _: &mut Findings) {}
}

schema! {
    /// A span of time, as far as it is known.
    pub struct Period requires [] rules [in_order] {
        /// When it began or begins.
        pub start: Option<Date>,
        /// When it ended or ends.
        pub end: Option<Date>,
        /// It goes on, with no end set.
        pub ongoing: bool,
    }
}

fn in_order(period: &Period, found: &mut Findings) {
    check_order(period.start, period.end, found);
}

/// Reports an `end` that lies wholly before `start`.
pub(super) fn check_order(start: Option<Date>, end: Option<Date>, found: &mut Findings) {
    if let (Some(start), Some(end)) = (start, end)
        && end.last() < start.first()
    {
        found.within("end", |found| found.report(Problem::EndBeforeStart { start, end }));
    }
}
