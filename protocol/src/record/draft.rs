//! Drafts: strict for authors where reading is lenient, because what is signed is final (R4).
//!
//! A draft comes from a file or a form, so ids stand in it as hex text and its fields in any order.
//! [`draft`] refuses what a reader would merely overlook (a misspelt field, a text with nothing in
//! it) and names every fault that it can find at once. It does not parse JSON or TOML: those
//! deserialise into a [`Value`].

mod strict;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use unicode_normalization::UnicodeNormalization;

use super::date::Date;
use super::link::Ref;
use super::plan::Plan;
use super::practice::Practice;
use super::profile::Profile;
use super::schema::Field;
use super::{PLAN, PRACTICE, PROFILE, REPLACES};
use crate::codec::{self, CodecError, MAX_BODY, MAX_INT, Map, Value};
use crate::entry::{self, SALT_LEN};

/// How alike two words must be (Jaro-Winkler, 0 to 1) for one to be offered in place of the other.
/// Below this the offers are noise: `title` and `site` reach 0.78.
const ALIKE: f64 = 0.8;

/// A fault of a draft, with the field in which it lies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct FieldError {
    /// The field, as `results[0].value`; empty for the draft as a whole.
    pub path: String,
    /// What is wrong there.
    #[source]
    pub problem: Problem,
}

/// What can be wrong with a field of a draft.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No such field belongs here.
    #[error("no such field")]
    UnknownField {
        /// The field that was probably meant.
        nearest: Option<&'static str>,
    },
    /// The field must be there and is not.
    #[error("missing")]
    Missing,
    /// The field is there with nothing in it.
    #[error("empty")]
    Empty,
    /// The field is of another type.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// The type that belongs here.
        expected: Type,
        /// The type found.
        found: Type,
    },
    /// Not a date.
    #[error("`{text}` is not a date: YYYY, YYYY-MM or YYYY-MM-DD")]
    BadDate {
        /// What stands there.
        text: String,
    },
    /// An end that lies before its start.
    #[error("ends on {end}, before it starts on {start}")]
    EndBeforeStart {
        /// The start.
        start: Date,
        /// The end.
        end: Date,
    },
    /// Not of the form of an official code.
    #[error("`{text}` is not an official code")]
    BadPlace {
        /// What stands there.
        text: String,
    },
    /// An official code of another level than the one named.
    #[error("this is the code of a {level}")]
    OtherLevel {
        /// The level of the code.
        level: &'static str,
    },
    /// None of the five principles is named.
    #[error("names none of the principles {}", known.join(", "))]
    NoPrinciple {
        /// The principles.
        known: &'static [&'static str],
    },
    /// A code that is not in the vocabulary, nor an extension (with a dot).
    #[error("`{text}` is none of {}", known.join(", "))]
    UnknownCode {
        /// What stands there.
        text: String,
        /// The code that was probably meant.
        nearest: Option<&'static str>,
        /// The vocabulary.
        known: &'static [&'static str],
    },
    /// Not a language tag.
    #[error("`{tag}` is not a language tag as ar, fr, en")]
    BadLanguage {
        /// What stands there.
        tag: String,
    },
    /// Not a number.
    #[error("`{text}` is not a number")]
    BadNumber {
        /// What stands there.
        text: String,
    },
    /// A number too small or too large.
    #[error("not between {min} and {max}")]
    OutOfRange {
        /// The smallest that is allowed.
        min: i64,
        /// The largest that is allowed.
        max: i64,
    },
    /// Not an id.
    #[error("`{text}` is not an id of 64 hexadecimal digits")]
    BadId {
        /// What stands there.
        text: String,
    },
    /// Not the address of a page.
    #[error("`{text}` is not an address that begins with http:// or https://")]
    BadAddress {
        /// What stands there.
        text: String,
    },
    /// Two items of one list have the same id.
    #[error("`{text}` stands twice")]
    Repeated {
        /// The id.
        text: String,
    },
    /// A commitment under an axis that the plan does not have.
    #[error("the plan has no axis `{text}`")]
    UnknownAxis {
        /// The axis named.
        text: String,
    },
    /// The whole is too large or too deep for a body.
    #[error("does not fit into a record: {0}")]
    Encoding(#[source] CodecError),
}

impl Problem {
    /// Returns the problem's stable code, under which message catalogues have its text.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownField { .. } => "unknown_field",
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::WrongType { .. } => "wrong_type",
            Self::BadDate { .. } => "bad_date",
            Self::EndBeforeStart { .. } => "end_before_start",
            Self::BadPlace { .. } => "bad_place",
            Self::OtherLevel { .. } => "other_level",
            Self::NoPrinciple { .. } => "no_principle",
            Self::UnknownCode { .. } => "unknown_code",
            Self::BadLanguage { .. } => "bad_language",
            Self::BadNumber { .. } => "bad_number",
            Self::OutOfRange { .. } => "out_of_range",
            Self::BadId { .. } => "bad_id",
            Self::BadAddress { .. } => "bad_address",
            Self::Repeated { .. } => "repeated",
            Self::UnknownAxis { .. } => "unknown_axis",
            Self::Encoding(_) => "encoding",
        }
    }

    /// Returns the word that was probably meant, for an unknown field or code.
    #[must_use]
    pub const fn nearest(&self) -> Option<&'static str> {
        match self {
            Self::UnknownField { nearest } | Self::UnknownCode { nearest, .. } => *nearest,
            _ => None,
        }
    }
}

/// The types of values, as an author sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// true or false.
    Bool,
    /// A whole number.
    Integer,
    /// A number, whole or as text.
    Number,
    /// Bytes, which no file can hold.
    Bytes,
    /// Text.
    Text,
    /// A date as text, in quotation marks.
    Date,
    /// A list.
    List,
    /// A table of fields.
    Table,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bool => "true or false",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Bytes => "bytes",
            Self::Text => "text",
            Self::Date => "a date in quotation marks",
            Self::List => "a list",
            Self::Table => "a table",
        })
    }
}

impl From<&Value> for Type {
    fn from(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Int(_) => Self::Integer,
            Value::Bytes(_) => Self::Bytes,
            Value::Text(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Map(_) => Self::Table,
        }
    }
}

/// Turns what an author wrote into the body of a record of `kind`, its text in NFC (W5).
///
/// Kinds that this version does not know are taken as they are, but for `replaces`.
///
/// # Errors
///
/// Every fault found, in the order of their paths.
pub fn draft(kind: &str, value: Value) -> Result<Map, Vec<FieldError>> {
    let mut found = Findings::default();
    let value = normalise(value, &mut found);
    let body = match kind {
        PROFILE => typed::<Profile>(value, &mut found),
        PRACTICE => typed::<Practice>(value, &mut found),
        PLAN => typed::<Plan>(value, &mut found),
        _ => untyped(value, &mut found),
    };
    if let Some(Err(error)) = body.as_ref().map(check_size) {
        found.report(Problem::Encoding(error));
    }
    match body {
        Some(body) if found.errors.is_empty() => Ok(body),
        _ => Err(found.into_errors()),
    }
}

/// Takes the field `kind` off a draft that names its own kind, as files do.
///
/// # Errors
///
/// When there is no such field, or it is not text.
pub fn take_kind(value: Value) -> Result<(String, Value), FieldError> {
    let error = |path: &str, problem| FieldError { path: path.into(), problem };
    let Value::Map(map) = value else {
        return Err(error("", Problem::WrongType { expected: Type::Table, found: Type::from(&value) }));
    };
    let kind = match map.get("kind") {
        Some(Value::Text(kind)) => kind.clone(),
        Some(other) => {
            return Err(error("kind", Problem::WrongType { expected: Type::Text, found: Type::from(other) }));
        }
        None => return Err(error("kind", Problem::Missing)),
    };
    Ok((kind, Value::Map(without(map, "kind"))))
}

/// Returns the body that a typed record encodes to, its text in NFC (W5).
pub(super) fn encode<T: Serialize>(record: &T) -> Map {
    let value = Value::from(record).expect("the types of records hold nothing but values");
    match normalise(value, &mut Findings::default()) {
        Value::Map(map) => map,
        _ => unreachable!("records are structs"),
    }
}

/// Returns the known word most like `word`, if any is like enough.
pub(super) fn nearest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(word, known), *known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// The faults found so far, and the field at which the search stands.
#[derive(Debug, Default)]
pub(super) struct Findings {
    path: Vec<Step>,
    errors: Vec<FieldError>,
}

/// A step from a value into a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    Item(usize),
}

impl Findings {
    /// Reports `problem` at the field where the search stands.
    pub(super) fn report(&mut self, problem: Problem) {
        self.report_at(&self.path.clone(), problem);
    }

    /// Searches within a field.
    pub(super) fn within(&mut self, field: &str, search: impl FnOnce(&mut Self)) {
        self.path.push(Step::Field(field.to_owned()));
        search(self);
        self.path.pop();
    }

    /// Searches within an item of a list.
    pub(super) fn within_item(&mut self, at: usize, search: impl FnOnce(&mut Self)) {
        self.path.push(Step::Item(at));
        search(self);
        self.path.pop();
    }

    /// Reports `problem` at a field of an item of a list.
    pub(super) fn within_list(&mut self, list: &str, at: usize, field: &str, problem: Problem) {
        self.within(list, |found| {
            found.within_item(at, |found| found.within(field, |found| found.report(problem)));
        });
    }

    fn report_at(&mut self, path: &[Step], problem: Problem) {
        let error = FieldError { path: dotted(path), problem };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Returns the faults. A field that could not be read was taken out before the search went on,
    /// so that it is missing there is no fault of its own.
    fn into_errors(self) -> Vec<FieldError> {
        let unreadable: Vec<String> = self
            .errors
            .iter()
            .filter(|error| !matches!(error.problem, Problem::Missing | Problem::NoPrinciple { .. }))
            .map(|error| error.path.clone())
            .collect();
        let mut errors = self.errors;
        errors.retain(|error| {
            !matches!(error.problem, Problem::Missing | Problem::NoPrinciple { .. })
                || !unreadable.iter().any(|path| lies_within(path, &error.path))
        });
        errors.sort_by(|a, b| a.path.cmp(&b.path));
        errors
    }
}

fn lies_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn dotted(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Field(name) if out.is_empty() => out.push_str(name),
            Step::Field(name) => out.extend([".", name]),
            Step::Item(at) => out.extend(["[", &at.to_string(), "]"]),
        }
    }
    out
}

fn typed<T: Field + Serialize + DeserializeOwned>(mut value: Value, found: &mut Findings) -> Option<Map> {
    // A type stops the decoder at its first fault. Without the field in question it goes on to the
    // next one; every round takes a field away, so this ends.
    loop {
        match strict::read::<T>(value.clone(), found) {
            Ok(record) => {
                record.check(found);
                return Some(encode(&record));
            }
            Err((path, problem)) => {
                found.report_at(&path, problem);
                value = prune(value, &path)?;
            }
        }
    }
}

fn untyped(value: Value, found: &mut Findings) -> Option<Map> {
    let Value::Map(mut map) = value else {
        found.report(Problem::WrongType { expected: Type::Table, found: Type::from(&value) });
        return None;
    };
    if let Some(target) = map.get(REPLACES).cloned() {
        found.path.push(Step::Field(REPLACES.into()));
        let target = strict::read::<Ref>(target, found);
        match target {
            Ok(target) => map.insert(REPLACES, Value::Map(encode(&target))),
            Err((path, problem)) => found.report_at(&path, problem),
        }
        found.path.pop();
    }
    Some(map)
}

/// Returns `value` without the innermost field on `path` that is there; `None` where none is.
fn prune(value: Value, path: &[Step]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    let inner_field = rest.iter().any(|step| matches!(step, Step::Field(_)));
    match (value, first) {
        (Value::Map(map), Step::Field(name)) => {
            let inner = map.get(name).cloned()?;
            let mut map = without(map, name);
            if inner_field && let Some(inner) = prune(inner, rest) {
                map.insert(name.clone(), inner);
            }
            Some(Value::Map(map))
        }
        (Value::Array(mut items), Step::Item(at)) => {
            let slot = items.get_mut(*at)?;
            *slot = prune(slot.clone(), rest)?;
            Some(Value::Array(items))
        }
        _ => None,
    }
}

fn without(map: Map, key: &str) -> Map {
    map.iter()
        .filter(|(name, _)| *name != key)
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// Returns `value` with its text in NFC (W5), and reports integers that C2 does not allow.
fn normalise(value: Value, found: &mut Findings) -> Value {
    const MAX: i64 = MAX_INT.cast_signed();
    match value {
        Value::Text(text) => Value::Text(text.nfc().collect()),
        Value::Array(items) => {
            let mut out = Vec::with_capacity(items.len());
            for (at, item) in items.into_iter().enumerate() {
                found.within_item(at, |found| out.push(normalise(item, found)));
            }
            Value::Array(out)
        }
        Value::Map(map) => {
            let mut out = Map::default();
            for (name, value) in map.iter() {
                let name: String = name.nfc().collect();
                found.within(&name, |found| out.insert(name.clone(), normalise(value.clone(), found)));
            }
            Value::Map(out)
        }
        Value::Int(number) => {
            if !(-MAX..=MAX).contains(&number) {
                found.report(Problem::OutOfRange { min: -MAX, max: MAX });
            }
            value
        }
        Value::Bool(_) | Value::Bytes(_) => value,
    }
}

fn check_size(body: &Map) -> Result<(), CodecError> {
    codec::scan(&entry::encode_body([0; SALT_LEN], body), MAX_BODY).or_else(|error| match error {
        // Reported at its own field.
        CodecError::IntegerRange { .. } => Ok(()),
        error => Err(error),
    })
}
