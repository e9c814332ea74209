//! Drafts: strict for authors where reading is lenient, because what is signed is final (R4).
//!
//! A draft comes from a file or a form, so ids stand in it as hex text and its fields in any order.
//! [`draft`] refuses what a reader would merely overlook (a misspelt field, a text with nothing in
//! it) and names every fault that it can find at once. It does not parse JSON or TOML: those
//! deserialise into a [`Value`].

mod problem;
mod strict;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;
use unicode_normalization::UnicodeNormalization;

pub use problem::{FieldError, Problem, Type};

use super::link::Ref;
use super::schema::Field;
use super::{REPLACES, draft_typed};
use crate::codec::{self, CodecError, MAX_BODY, MAX_INT, Map, Value};
use crate::entry::{self, SALT_LEN};

/// How alike two words must be (Jaro-Winkler, 0 to 1) for one to be offered in place of the other.
/// Below this the offers are noise: `title` and `site` reach 0.78.
const ALIKE: f64 = 0.8;

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
    let body = draft_typed(kind, &value, &mut found).unwrap_or_else(|| untyped(value, &mut found));
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

pub(super) fn typed<T: Field + Serialize + DeserializeOwned>(
    mut value: Value,
    found: &mut Findings,
) -> Option<Map> {
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
