//! Records as rows of a spreadsheet: which column holds which field, in both directions.
//!
//! Every part of a body stands in exactly one cell: what fits a column stands there, all else as JSON in
//! the last one, `rest`. So a cell that somebody changes changes the record, and a row that nobody touched
//! is the same record again ([`read`] undoes [`write`](fn@write)). Nothing here decides what a record may say.
//!
//! A cell that a spreadsheet would take for a formula begins with an apostrophe that [`unguarded`] takes
//! away again.

pub mod parquet;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jiff::Timestamp;
use multaqa_protocol::id::Millis;
use serde_json::{Map, Value, json};

use crate::api::types::RecordItem;

/// Between the codes of one cell.
const SEPARATOR: char = ';';
/// What a program that opens the file could take for the beginning of a formula or of another cell, the
/// wide forms among them.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What a column holds.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// Something about the entry, which nobody can change: it is not read again.
    Entry(fn(&RecordItem) -> String),
    /// The kind of the record.
    Kind,
    /// A field of the body, by its path.
    Field(&'static [&'static str], Form),
    /// What fits no other column, as JSON.
    Rest,
}

/// How a field stands in its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it is.
    Text,
    /// Codes, with a semicolon between them.
    Codes,
    /// Whole numbers, with a semicolon between them.
    Numbers,
    /// One whole number.
    Number,
    /// `true`, or nothing.
    Mark,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, in the first row.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
}

const fn entry(name: &'static str, show: fn(&RecordItem) -> String) -> Column {
    Column { name, content: Content::Entry(show) }
}

const fn field(name: &'static str, path: &'static [&'static str], form: Form) -> Column {
    Column { name, content: Content::Field(path, form) }
}

/// The columns, in order.
pub const COLUMNS: [Column; 43] = [
    entry("id", |item| item.id.to_string()),
    Column { name: "kind", content: Content::Kind },
    entry("author", |item| item.author.to_string()),
    entry("author_ar", |item| word(&item.names, "ar")),
    entry("author_fr", |item| word(&item.names, "fr")),
    entry("author_en", |item| word(&item.names, "en")),
    entry("place", |item| item.place.clone().unwrap_or_default()),
    entry("place_ar", |item| word(&item.confirmation.place_names, "ar")),
    entry("place_fr", |item| word(&item.confirmation.place_names, "fr")),
    entry("place_confirmed", |item| item.confirmation.confirmed.to_string()),
    entry("level", |item| item.confirmation.level.clone().unwrap_or_default()),
    entry("time", |item| moment(item.time)),
    entry("status", |item| code(&item.status)),
    entry("current", |item| item.current.to_string()),
    entry("about", |item| {
        item.about.as_ref().map(|about| about.link.target.id.to_string()).unwrap_or_default()
    }),
    entry("body", |item| code(&item.body)),
    field("title_ar", &["title", "ar"], Form::Text),
    field("title_fr", &["title", "fr"], Form::Text),
    field("title_en", &["title", "en"], Form::Text),
    field("summary_ar", &["summary", "ar"], Form::Text),
    field("summary_fr", &["summary", "fr"], Form::Text),
    field("summary_en", &["summary", "en"], Form::Text),
    field("principles", &["principles"], Form::Codes),
    field("outcomes", &["outcomes"], Form::Codes),
    field("ogp_values", &["ogp_values"], Form::Codes),
    field("themes", &["themes"], Form::Codes),
    field("sdgs", &["sdgs"], Form::Numbers),
    field("start", &["period", "start"], Form::Text),
    field("end", &["period", "end"], Form::Text),
    field("ongoing", &["period", "ongoing"], Form::Mark),
    field("state", &["status"], Form::Text),
    field("text_ar", &["text", "ar"], Form::Text),
    field("text_fr", &["text", "fr"], Form::Text),
    field("text_en", &["text", "en"], Form::Text),
    field("commitment", &["commitment"], Form::Text),
    field("as_of", &["as_of"], Form::Text),
    field("adoption_state", &["state"], Form::Text),
    field("completion", &["completion"], Form::Text),
    field("budget", &["resources", "budget"], Form::Number),
    field("currency", &["resources", "currency"], Form::Text),
    field("staff", &["resources", "staff"], Form::Number),
    field("licence", &["licence"], Form::Text),
    Column { name: "rest", content: Content::Rest },
];

/// A row as it was read again.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The entry, as the row names it.
    pub id: String,
    /// Its author, likewise.
    pub author: String,
    /// Whether the row holds the record's content: not so for one that was withdrawn, or not held.
    pub present: bool,
    /// The kind.
    pub kind: String,
    /// The body, with the column from which each top-level field came.
    pub fields: Map<String, Value>,
}

/// Why a row cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// A cell is not what its column holds.
    #[error("`{text}` is not {expected}")]
    Cell {
        /// The number of the column, from 0.
        column: usize,
        /// What stands there.
        text: String,
        /// What should.
        expected: &'static str,
    },
    /// A part of the body stands in a column and in `rest` as well.
    #[error("`{field}` stands in its own column and in `rest`")]
    Twice {
        /// The number of the column, from 0.
        column: usize,
        /// The field.
        field: String,
    },
}

/// Why a file is not one that was exported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// A column has no meaning here.
    #[error("there is no column {name}")]
    Unknown {
        /// The number of the column, from 0.
        column: usize,
        /// Its name.
        name: String,
    },
    /// A column is there twice.
    #[error("the column {name} is there twice")]
    Twice {
        /// The number of the column, from 0.
        column: usize,
        /// Its name.
        name: String,
    },
    /// A column without which a row is no record is not there.
    #[error("the column {name} is missing")]
    Missing {
        /// Its name.
        name: &'static str,
    },
}

/// Returns the cells of a record for spreadsheets, in the order of [`COLUMNS`]; `fields` is its body as JSON, where
/// it is here and can be read.
#[must_use]
pub fn write(item: &RecordItem, fields: Option<Map<String, Value>>) -> Vec<String> {
    cells(item, fields).into_iter().map(|cell| guarded(&cell).into_owned()).collect()
}

/// Returns the cells as they are.
fn cells(item: &RecordItem, fields: Option<Map<String, Value>>) -> Vec<String> {
    let mut rest = fields.unwrap_or_default();
    let cells = COLUMNS.iter().map(|column| match column.content {
        Content::Entry(show) => show(item),
        Content::Kind => item.kind.clone(),
        Content::Field(path, form) => take(&mut rest, path, form).unwrap_or_default(),
        Content::Rest if rest.is_empty() => String::new(),
        // The last column: what the others have not taken.
        Content::Rest => Value::Object(rest.clone()).to_string(),
    });
    cells.collect()
}

/// Reads the first row of a file: which of [`COLUMNS`] stands where. They may come in any order, and
/// those about the entry may be missing.
///
/// # Errors
///
/// See [`HeadError`].
pub fn read_head<'a>(cells: impl Iterator<Item = &'a str>) -> Result<Vec<Column>, HeadError> {
    let mut columns: Vec<Column> = Vec::new();
    for (at, name) in cells.enumerate() {
        let found = COLUMNS.iter().find(|column| column.name == name.trim());
        let Some(found) = found else {
            return Err(HeadError::Unknown { column: at, name: name.chars().take(80).collect() });
        };
        if columns.iter().any(|column| column.name == found.name) {
            return Err(HeadError::Twice { column: at, name: found.name.to_owned() });
        }
        columns.push(*found);
    }
    match columns.iter().any(|column| matches!(column.content, Content::Kind)) {
        true => Ok(columns),
        false => Err(HeadError::Missing { name: "kind" }),
    }
}

/// Reads the cells of a record, which stand as `columns` says.
///
/// # Errors
///
/// See [`RowError`].
pub fn read<'a>(columns: &[Column], cells: impl Iterator<Item = &'a str>) -> Result<Row, RowError> {
    let mut row = Row { present: true, ..Row::default() };
    let cells: Vec<Cow<'a, str>> = cells.map(unguarded).collect();
    // What others may be part of comes first.
    for (at, (column, cell)) in columns.iter().zip(&cells).enumerate() {
        if matches!(column.content, Content::Rest) && !cell.trim().is_empty() {
            let object = serde_json::from_str(cell).ok();
            row.fields = object.ok_or_else(|| bad(at, cell, "a JSON object"))?;
        }
    }
    for (at, (column, cell)) in columns.iter().zip(&cells).enumerate() {
        match (column.content, column.name) {
            (Content::Entry(_), "id") => row.id = cell.trim().to_owned(),
            (Content::Entry(_), "author") => row.author = cell.trim().to_owned(),
            (Content::Entry(_), "body") => row.present = matches!(cell.trim(), "" | "present"),
            (Content::Entry(_), _) | (Content::Rest, _) => {}
            (Content::Kind, _) => row.kind = cell.trim().to_owned(),
            (Content::Field(..), _) if cell.is_empty() => {}
            (Content::Field(path, form), _) => put(&mut row.fields, path, value(at, cell, form)?, at)?,
        }
    }
    Ok(row)
}

/// Takes the field at `path` out of a body, if it fits the form of its column.
fn take(fields: &mut Map<String, Value>, path: &[&str], form: Form) -> Option<String> {
    let (name, deeper) = path.split_first()?;
    if deeper.is_empty() {
        let cell = cell(fields.get(*name)?, form)?;
        fields.remove(*name);
        return Some(cell);
    }
    let Some(Value::Object(inner)) = fields.get_mut(*name) else { return None };
    let cell = take(inner, deeper, form)?;
    if inner.is_empty() {
        fields.remove(*name);
    }
    Some(cell)
}

fn put(fields: &mut Map<String, Value>, path: &[&str], value: Value, column: usize) -> Result<(), RowError> {
    let twice = || RowError::Twice { column, field: path.join(".") };
    let Some((name, deeper)) = path.split_first() else { return Ok(()) };
    if deeper.is_empty() {
        return if fields.insert((*name).to_owned(), value).is_none() { Ok(()) } else { Err(twice()) };
    }
    match fields.entry(*name).or_insert_with(|| json!({})) {
        Value::Object(inner) => put(inner, deeper, value, column).map_err(|_| twice()),
        _ => Err(twice()),
    }
}

/// Returns a field as it stands in a cell from which [`value`] reads the same field; `None` where there is
/// no such cell.
fn cell(field: &Value, form: Form) -> Option<String> {
    let cell = match (form, field) {
        (Form::Text, Value::String(text)) => text.clone(),
        (Form::Number, Value::Number(number)) => number.to_string(),
        (Form::Mark, Value::Bool(true)) => "true".to_owned(),
        (Form::Codes | Form::Numbers, Value::Array(items)) => {
            let item = |item: &Value| match (form, item) {
                (Form::Codes, Value::String(code)) => Some(code.clone()),
                (Form::Numbers, Value::Number(number)) => Some(number.to_string()),
                _ => None,
            };
            items.iter().map(item).collect::<Option<Vec<_>>>()?.join(&SEPARATOR.to_string())
        }
        _ => return None,
    };
    let is_same = !cell.is_empty() && value(0, &cell, form).is_ok_and(|read| read == *field);
    is_same.then_some(cell)
}

fn value(column: usize, cell: &str, form: Form) -> Result<Value, RowError> {
    let number = |text: &str| {
        text.trim().parse::<i64>().map(Value::from).map_err(|_| bad(column, cell, "a whole number"))
    };
    let items = || cell.split(SEPARATOR).map(str::trim).filter(|item| !item.is_empty());
    match form {
        Form::Text => Ok(Value::from(cell)),
        Form::Codes => Ok(items().map(Value::from).collect()),
        Form::Numbers => items().map(number).collect(),
        Form::Number => number(cell),
        Form::Mark => match cell.trim().to_ascii_lowercase().as_str() {
            // As spreadsheets write it in the three languages of their users.
            "true" | "vrai" | "1" | "صواب" => Ok(Value::from(true)),
            "false" | "faux" | "0" | "خطأ" => Ok(Value::from(false)),
            _ => Err(bad(column, cell, "true or empty")),
        },
    }
}

fn bad(column: usize, text: &str, expected: &'static str) -> RowError {
    RowError::Cell { column, text: text.chars().take(80).collect(), expected }
}

/// Returns a cell that no spreadsheet takes for a formula.
#[must_use]
pub fn guarded(cell: &str) -> Cow<'_, str> {
    if cell.trim_start_matches('\'').starts_with(FORMULA) { format!("'{cell}").into() } else { cell.into() }
}

/// Returns the cell of which [`guarded`] made this one. One that somebody wrote stays as it is, unless it
/// looks guarded.
#[must_use]
pub fn unguarded(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('\'') {
        Some(inner) if inner.trim_start_matches('\'').starts_with(FORMULA) => inner.into(),
        _ => cell.into(),
    }
}

/// Returns a time as RFC 3339, to the second; nothing for a claim beyond the calendar.
#[must_use]
pub fn moment(time: Millis) -> String {
    let time = i64::try_from(time / 1_000).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(|time| time.to_string()).unwrap_or_default()
}

fn word(words: &multaqa_protocol::record::Words, tag: &str) -> String {
    words.get(tag).unwrap_or_default().to_owned()
}

/// Returns the code that a value of a vocabulary has in JSON.
fn code(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(code)) => code,
        _ => String::new(),
    }
}
