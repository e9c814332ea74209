//! Which fields of records point at which kinds of others (R1).
//!
//! A person who writes a draft knows a record by its id, or by the file from which it is published
//! too; what is signed names author, place and id. [`resolve`] leads from the one to the other and
//! knows nothing of where ids are looked up.

use super::link::Ref;
use super::{
    ADOPTION, CHALLENGE, ENDORSE, EVALUATION, EVENT, PLAN, PRACTICE, PROGRESS, PROPOSAL, REPLACES, REPLY,
};
use crate::codec::{Map, Value};

#[cfg(test)]
mod tests;

/// A field by which a record points at others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The kind of the record that has the field.
    pub kind: &'static str,
    /// The field, its tables from the outside in; a list on the way means each of its items.
    pub path: &'static [&'static str],
    /// The kinds that it may point at; any record where none is named.
    pub to: &'static [&'static str],
}

/// All such fields but `replaces`, which every kind has.
pub const REFERENCES: &[Reference] = &[
    Reference { kind: PRACTICE, path: &["answers"], to: &[CHALLENGE] },
    Reference { kind: PRACTICE, path: &["adopted_from"], to: &[PRACTICE] },
    Reference { kind: PRACTICE, path: &["part_of"], to: &[PLAN] },
    Reference { kind: CHALLENGE, path: &["answered_by"], to: &[PRACTICE, REPLY] },
    Reference { kind: PLAN, path: &["commitments", "proposals"], to: &[PROPOSAL] },
    Reference { kind: PROPOSAL, path: &["plan"], to: &[PLAN] },
    Reference { kind: PROPOSAL, path: &["became", "plan"], to: &[PLAN] },
    Reference { kind: PROPOSAL, path: &["became", "merged_into"], to: &[PROPOSAL] },
    Reference { kind: PROGRESS, path: &["plan"], to: &[PLAN] },
    Reference { kind: EVALUATION, path: &["about"], to: &[PLAN] },
    Reference { kind: EVALUATION, path: &["judged"], to: &[] },
    Reference { kind: ADOPTION, path: &["practice"], to: &[PRACTICE] },
    Reference { kind: REPLY, path: &["to"], to: &[] },
    Reference { kind: REPLY, path: &["practices"], to: &[PRACTICE] },
    Reference { kind: EVENT, path: &["part_of"], to: &[PLAN] },
    Reference { kind: ENDORSE, path: &["endorses"], to: &[] },
];

/// What one field of a body points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The field, as `commitments[0].proposals[1]`.
    pub path: String,
    /// The entry.
    pub target: Ref,
    /// The kinds that it may be; any record where none is named.
    pub to: &'static [&'static str],
}

/// Returns the fields by which records of `kind` point at others.
pub fn references(kind: &str) -> impl Iterator<Item = &'static Reference> {
    REFERENCES.iter().filter(move |reference| reference.kind == kind)
}

/// Replaces each text that stands in a draft where a reference belongs, `replaces` among them, by what
/// `find` returns for its field and the text; where that is nothing, the text stays.
pub fn resolve(kind: &str, value: &mut Value, find: &mut impl FnMut(&str, &str) -> Option<Value>) {
    for path in references(kind).map(|reference| reference.path).chain([[REPLACES].as_slice()]) {
        walk(value, path, String::new(), &mut |path, value| {
            let found = if let Value::Text(text) = &value { find(path, text.trim()) } else { None };
            if let Some(found) = found {
                *value = found;
            }
        });
    }
}

/// Returns what the body of a record of `kind` points at, in the order of [`REFERENCES`].
#[must_use]
pub fn pointers(kind: &str, body: &Map) -> Vec<Pointer> {
    let mut value = Value::Map(body.clone());
    let mut found = Vec::new();
    for reference in references(kind) {
        walk(&mut value, reference.path, String::new(), &mut |path, value| {
            if let Ok(target) = value.to() {
                found.push(Pointer { path: path.to_owned(), target, to: reference.to });
            }
        });
    }
    found
}

/// Calls `visit` with whatever stands at `steps` below `value`, and with its path.
fn walk(value: &mut Value, steps: &[&str], path: String, visit: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                walk(item, steps, format!("{path}[{at}]"), visit);
            }
        }
        Value::Map(map) => match steps.split_first() {
            Some((field, rest)) => {
                let Some(mut inner) = map.get(field).cloned() else { return };
                let path = if path.is_empty() { (*field).to_owned() } else { format!("{path}.{field}") };
                walk(&mut inner, rest, path, visit);
                map.insert(*field, inner);
            }
            None => visit(&path, value),
        },
        other if steps.is_empty() => visit(&path, other),
        _ => {}
    }
}
