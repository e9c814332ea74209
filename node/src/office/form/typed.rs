//! What people type, in the form in which records hold it: digits of either script, numbers with a comma, dates
//! in the order in which they are spoken. What is nothing of that kind stays as it was typed, to be shown again.

use jiff::civil;
use serde_json::Value as Json;

/// Returns a text with the digits that records hold.
fn with_western_digits(text: &str) -> String {
    let digit = |c: char| match c {
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        '\u{6f0}'..='\u{6f9}' => char::from_digit(u32::from(c) - 0x6f0, 10).unwrap_or(c),
        // The decimal comma of Arabic.
        '\u{66b}' => ',',
        other => other,
    };
    text.chars().map(digit).collect()
}

/// Returns a number without spaces between its digits, and with a point.
pub(super) fn figure(text: &str) -> String {
    let digits = with_western_digits(text);
    let written: String = digits.chars().filter(|c| !c.is_whitespace()).collect();
    let point = written.replacen(',', ".", 1);
    let is_number = point.trim_start_matches('-').chars().all(|c| c.is_ascii_digit() || c == '.');
    if is_number { point } else { text.to_owned() }
}

/// Returns a whole number, or the text where it is none.
pub(super) fn count(text: &str) -> Json {
    let number = figure(text).parse::<i64>();
    number.map_or_else(|_| Json::String(text.to_owned()), |number| Json::Number(number.into()))
}

/// Returns a date as records hold it: `30/11/2026` and `11/2026` are turned round.
pub(super) fn date(text: &str) -> String {
    let written = with_western_digits(text);
    for form in ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"] {
        if let Ok(day) = civil::Date::strptime(form, &written) {
            return day.to_string();
        }
    }
    match written.split_once(['/', '-']) {
        Some((month, year))
            if year.len() == 4
                && month.len() <= 2
                && (year.to_owned() + month).bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{year}-{month:0>2}")
        }
        _ => written,
    }
}
