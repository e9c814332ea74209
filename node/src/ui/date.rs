//! Numbers and dates as each language writes them.
//!
//! The names of months and the order of a date are messages. Digits are Western in all languages, as in
//! Morocco; their groups are separated as CLDR says for `ar-MA`, `fr-MA` and `en`. Moments are shown in
//! Morocco's time, which is how dates in addresses are read too.

use jiff::civil;
use multaqa_catalogue::{FluentValue, say};
use multaqa_protocol::id::Millis;
use multaqa_protocol::record::date::Precision;
use multaqa_protocol::record::{Date, Period};

use super::language::Language;
use crate::clock::in_morocco;

/// Digits of one group of a number.
const GROUP: usize = 3;

impl Language {
    /// Returns what stands between the groups of a number, and before its fraction.
    const fn separators(self) -> (&'static str, &'static str) {
        match self {
            Self::Arabic => (".", ","),
            Self::French => ("\u{202f}", ","),
            _ => (",", "."),
        }
    }

    /// Writes a number.
    pub(crate) fn number(self, number: u64) -> String {
        self.grouped(&number.to_string())
    }

    /// Writes a figure of a record, which has a sign and a fraction where it needs them; what is no
    /// figure stays as it is.
    pub(crate) fn figure(self, text: &str) -> String {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("\u{2212}", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return super::text::disarm(text).into_owned();
        }
        let point = if fraction.is_empty() { "" } else { self.separators().1 };
        format!("{sign}{}{point}{fraction}", self.grouped(whole))
    }

    /// Puts digits into groups; a year or another number of four digits stays whole.
    fn grouped(self, digits: &str) -> String {
        if digits.len() <= GROUP + 1 {
            return digits.to_owned();
        }
        let mut written = String::new();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(GROUP) {
                written.push_str(self.separators().0);
            }
            written.push(digit);
        }
        written
    }

    /// Writes a date as far as it is known.
    pub(crate) fn date(self, date: Date) -> String {
        self.civil(date.first(), date.precision())
    }

    /// Writes the hour and minute of a moment.
    pub(crate) fn time(self, moment: Millis) -> String {
        in_morocco(moment).map_or_else(|| moment.to_string(), |at| at.strftime("%H:%M").to_string())
    }

    /// Writes the day of a moment.
    pub(crate) fn day(self, moment: Millis) -> String {
        in_morocco(moment).map_or_else(|| moment.to_string(), |at| self.civil(at.date(), Precision::Day))
    }

    /// Writes a moment to the minute.
    pub(crate) fn moment(self, moment: Millis) -> String {
        let Some(at) = in_morocco(moment) else { return moment.to_string() };
        let (day, time) = (self.civil(at.date(), Precision::Day), at.strftime("%H:%M").to_string());
        say!(self.catalogue(), "date-moment", day = day, time = time)
    }

    /// Writes a span of time; nothing where none of it is known.
    pub(crate) fn period(self, period: &Period) -> Option<String> {
        let end = period.end.filter(|end| Some(*end) != period.start);
        let (start, end) = (period.start.map(|date| self.date(date)), end.map(|date| self.date(date)));
        let text = self.catalogue();
        match (start, end) {
            (Some(start), Some(end)) => Some(say!(text, "period-from-to", start = start, end = end)),
            (Some(start), None) if period.ongoing => Some(say!(text, "period-since", start = start)),
            (Some(start), None) => Some(start),
            (None, Some(end)) => Some(say!(text, "period-until", end = end)),
            (None, None) => period.ongoing.then(|| say!(text, "period-ongoing")),
        }
    }

    fn civil(self, day: civil::Date, precision: Precision) -> String {
        let text = self.catalogue();
        let month = || text.with(&format!("month-{}", day.month()), &[]);
        // As a text: a year is not put into groups.
        let (year, number) = (day.year().to_string(), i64::from(day.day()));
        match precision {
            Precision::Year => year,
            Precision::Month => say!(text, "date-month", month = month(), year = year),
            Precision::Day => {
                say!(text, "date-day", day = FluentValue::from(number), month = month(), year = year)
            }
        }
    }
}
