//! The files that a clerk writes: read, checked, and every fault named by file, line and field.
//!
//! TOML or JSON, by the file's name, otherwise by trying. What a record must say is the protocol's
//! part (`multaqa_protocol::record::draft`); this file says where in the text a fault lies.

mod attached;
mod locate;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use multaqa_node::api::types::Attached;
use multaqa_node::gazetteer;
use multaqa_protocol::codec::Value;
use multaqa_protocol::record::draft::Type;
use multaqa_protocol::record::reference::resolve;
use multaqa_protocol::record::{self, FieldError, Problem};
use serde::de::DeserializeOwned;

use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// A file as read.
pub(crate) struct Source {
    /// Its path, `-` for the standard input.
    pub(crate) name: String,
    text: String,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Toml,
    Json,
}

/// A record that can be signed.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// The file.
    pub(crate) name: String,
    /// Its kind; absent in a new version, which keeps that of the version before.
    pub(crate) kind: Option<String>,
    /// Its body, as written.
    pub(crate) fields: serde_json::Value,
}

impl Draft {
    /// Returns the files that the draft names where references belong, each with its field; they are
    /// named from the draft's own folder.
    pub(crate) fn files(&self) -> impl Iterator<Item = (String, String)> {
        let mut files = Vec::new();
        self.resolve(|field, file| {
            files.push((field.to_owned(), file));
            None
        });
        files.into_iter()
    }

    /// Returns the draft's fields with what `id_of` says in place of the files that it names.
    pub(crate) fn with_files(&self, id_of: impl Fn(&str) -> Option<String>) -> serde_json::Value {
        let value = self.resolve(|_, file| id_of(&file).map(Value::Text));
        serde_json::to_value(&value).expect("a draft is plain values")
    }

    /// Returns the files that the draft names by where they lie, as they are named from here.
    pub(crate) fn paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        let (mut value, folder) = (self.value(), self.folder());
        attached::each(&mut value, &mut |path, _| {
            paths.insert(beside(folder, path));
        });
        paths
    }

    /// Fills in what the node said of each file that [`Draft::paths`] names.
    pub(crate) fn attach(&mut self, taken: &BTreeMap<String, Attached>) {
        let (mut value, folder) = (self.value(), self.folder().to_owned());
        attached::each(&mut value, &mut |path, map| {
            if let Some(file) = taken.get(&beside(&folder, path)) {
                let text = |text: String| Value::Text(text);
                let chunks = file.chunks.map(|chunks| chunks.to_string()).unwrap_or_default();
                let known = [
                    ("hash", text(file.hash.to_string())),
                    ("chunks", text(chunks)),
                    ("size", Value::Int(i64::try_from(file.size).expect("a file is bounded"))),
                    ("mime", text(file.mime.clone())),
                ];
                attached::fill(map, path, known);
            }
        });
        self.fields = serde_json::to_value(&value).expect("a draft is plain values");
    }

    fn value(&self) -> Value {
        serde_json::from_value(self.fields.clone()).expect("the fields came from a value")
    }

    fn folder(&self) -> &Path {
        Path::new(&self.name).parent().unwrap_or(Path::new(""))
    }

    fn resolve(&self, mut find: impl FnMut(&str, String) -> Option<Value>) -> Value {
        let (mut value, folder) = (self.value(), self.folder());
        let kind = self.kind.as_deref().unwrap_or_default();
        resolve(kind, &mut value, &mut |field, text| {
            is_file(text).then(|| find(field, beside(folder, text))).flatten()
        });
        value
    }
}

/// Tells whether a name of a record is that of a file: ids have neither points nor strokes.
fn is_file(name: &str) -> bool {
    name.contains(['.', '/'])
}

/// Returns the path of a file that is named from a folder, without the steps that lead back.
fn beside(folder: &Path, name: &str) -> String {
    let mut path = folder.to_path_buf();
    for part in Path::new(name).components() {
        match part {
            Component::ParentDir if path.file_name().is_some() => {
                path.pop();
            }
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path.display().to_string()
}

/// A fault, as a sentence for people.
pub(crate) type Fault = String;

impl Source {
    /// Reads a file, or the standard input for `-`.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let name = path.display().to_string();
        let text = if path == Path::new("-") {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        } else {
            fs::read_to_string(path)
        };
        let text =
            text.map_err(|error| failure!(Exit::Usage, "error-read", path = name.clone()).detail(error))?;
        let format = match PathBuf::from(path).extension().and_then(|extension| extension.to_str()) {
            Some("toml") => Format::Toml,
            Some("json") => Format::Json,
            _ if text.trim_start().starts_with('{') => Format::Json,
            _ => Format::Toml,
        };
        Ok(Self { name, text, format })
    }

    /// Reads the file as a `T`.
    pub(crate) fn parse<T: DeserializeOwned>(&self, catalogue: &Catalogue) -> Result<T, Fault> {
        let (line, detail) = match self.format {
            Format::Toml => match toml::from_str(&self.text) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    let at = error.span().map_or(0, |span| span.start);
                    (locate::line(&self.text, at), error.message().to_owned())
                }
            },
            Format::Json => match serde_json::from_str(&self.text) {
                Ok(value) => return Ok(value),
                Err(error) => (error.line(), error.to_string()),
            },
        };
        Err(self.at(line, &say!(catalogue, "problem-syntax", detail = detail), catalogue))
    }

    /// Checks the file as a record of its own kind.
    pub(crate) fn draft(&self, catalogue: &Catalogue) -> Result<Draft, Vec<Fault>> {
        let value: Value = self.parse(catalogue).map_err(|fault| vec![fault])?;
        let tell = |errors: Vec<FieldError>| self.faults(&errors, catalogue);
        let (kind, value) = record::take_kind(value).map_err(|error| tell(vec![error]))?;
        check(&kind, &value).map_err(tell)?;
        let fields = serde_json::to_value(&value).expect("a draft is plain values");
        Ok(Draft { name: self.name.clone(), kind: Some(kind), fields })
    }

    /// Checks the file as a new version of a record of `kind`, which it may name.
    pub(crate) fn revision(&self, kind: &str, catalogue: &Catalogue) -> Result<Draft, Vec<Fault>> {
        let value: Value = self.parse(catalogue).map_err(|fault| vec![fault])?;
        let tell = |errors: Vec<FieldError>| self.faults(&errors, catalogue);
        let names_kind = value.as_map().is_some_and(|map| map.get("kind").is_some());
        let value = if names_kind {
            let (own, value) = record::take_kind(value).map_err(|error| tell(vec![error]))?;
            if own != kind {
                let text = say!(catalogue, "problem-other-kind", text = own, kind = kind.to_owned());
                return Err(vec![self.at_field("kind", &text, catalogue)]);
            }
            value
        } else {
            value
        };
        check(kind, &value).map_err(tell)?;
        let fields = serde_json::to_value(&value).expect("a draft is plain values");
        Ok(Draft { name: self.name.clone(), kind: None, fields })
    }

    /// Returns the sentence for a fault that lies in a field.
    pub(crate) fn at_field(&self, path: &str, text: &str, catalogue: &Catalogue) -> Fault {
        let line = match self.format {
            Format::Toml => locate::in_toml(&self.text, path),
            Format::Json => locate::in_json(&self.text, path),
        };
        let text = if path.is_empty() { text.to_owned() } else { format!("{path}: {text}") };
        self.at(line, &text, catalogue)
    }

    fn at(&self, line: usize, text: &str, catalogue: &Catalogue) -> Fault {
        say!(catalogue, "fault", file = self.name.clone(), line = line, text = text.to_owned())
    }

    fn faults(&self, errors: &[FieldError], catalogue: &Catalogue) -> Vec<Fault> {
        errors
            .iter()
            .map(|error| self.at_field(&error.path, &sentence(&error.problem, catalogue), catalogue))
            .collect()
    }
}

/// Returns what is wrong with fields as a record of `kind`, each fault with the path of its field.
pub(crate) fn faults(
    kind: &str,
    fields: &serde_json::Map<String, serde_json::Value>,
    catalogue: &Catalogue,
) -> Vec<(String, String)> {
    let value: Value = match serde_json::from_value(serde_json::Value::Object(fields.clone())) {
        Ok(value) => value,
        Err(error) => {
            return vec![(String::new(), say!(catalogue, "problem-syntax", detail = error.to_string()))];
        }
    };
    let errors = check(kind, &value).err().unwrap_or_default();
    errors.into_iter().map(|error| (error.path, sentence(&error.problem, catalogue))).collect()
}

/// Checks what the protocol asks of a draft, then that its place exists. Which records its references
/// stand for is the node's to say.
fn check(kind: &str, value: &Value) -> Result<(), Vec<FieldError>> {
    let mut value = value.clone();
    attached::each(&mut value, &mut |path, map| attached::fill(map, path, some_file()));
    resolve(kind, &mut value, &mut |_, text| (!text.is_empty()).then(some_record));
    let body = record::draft(kind, value)?;
    let Ok(record) = record::read(kind, &body) else {
        return Ok(());
    };
    let Some(place) = record.place().map(|place| place.as_str().to_owned()) else {
        return Ok(());
    };
    if gazetteer::find(&place).is_some() {
        return Ok(());
    }
    let path = if kind == record::PROFILE { "code" } else { "place" };
    Err(vec![FieldError { path: path.into(), problem: Problem::BadPlace { text: place } }])
}

/// Returns what a file is, for one that the node has not taken yet.
fn some_file() -> [(&'static str, Value); 4] {
    let hash = Value::Text("0".repeat(64));
    [
        ("hash", hash.clone()),
        ("chunks", hash),
        ("size", Value::Int(1)),
        ("mime", Value::Text("text/plain".into())),
    ]
}

/// Returns a reference, for a draft whose references are not known yet.
fn some_record() -> Value {
    let id = Value::Text("0".repeat(64));
    let fields = [("author", id.clone()), ("id", id), ("seq", Value::Int(1))];
    Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect())
}

/// Returns what is wrong, for people.
fn sentence(problem: &Problem, catalogue: &Catalogue) -> String {
    match problem {
        Problem::UnknownField { nearest: Some(near) } => {
            say!(catalogue, "problem-unknown-field-near", near = *near)
        }
        Problem::UnknownField { nearest: None } => say!(catalogue, "problem-unknown-field"),
        Problem::Missing => say!(catalogue, "problem-missing"),
        Problem::Empty => say!(catalogue, "problem-empty"),
        Problem::WrongType { expected, found } => {
            let (expected, found) = (type_name(*expected, catalogue), type_name(*found, catalogue));
            say!(catalogue, "problem-wrong-type", expected = expected, found = found)
        }
        Problem::BadDate { text } => say!(catalogue, "problem-bad-date", text = text.clone()),
        Problem::EndBeforeStart { start, end } => {
            say!(catalogue, "problem-end-before-start", start = start.to_string(), end = end.to_string())
        }
        Problem::BadPlace { text } => say!(catalogue, "problem-bad-place", text = text.clone()),
        Problem::OtherLevel { level } => {
            say!(catalogue, "problem-other-level", level = level_name(level, catalogue))
        }
        Problem::NoPrinciple { known } => say!(catalogue, "problem-no-principle", known = known.join(", ")),
        Problem::UnknownCode { text, nearest: Some(near), .. } => {
            say!(catalogue, "problem-unknown-code-near", text = text.clone(), near = *near)
        }
        Problem::UnknownCode { text, nearest: None, known } => {
            say!(catalogue, "problem-unknown-code", text = text.clone(), known = known.join(", "))
        }
        Problem::BadLanguage { tag } => say!(catalogue, "problem-bad-language", text = tag.clone()),
        Problem::BadNumber { text } => say!(catalogue, "problem-bad-number", text = text.clone()),
        Problem::OutOfRange { min, max } => {
            say!(catalogue, "problem-out-of-range", min = min.to_string(), max = max.to_string())
        }
        Problem::BadId { text } => say!(catalogue, "problem-bad-id", text = text.clone()),
        Problem::BadAddress { text } => say!(catalogue, "problem-bad-address", text = text.clone()),
        Problem::Repeated { text } => say!(catalogue, "problem-repeated", text = text.clone()),
        Problem::UnknownAxis { text } => say!(catalogue, "problem-unknown-axis", text = text.clone()),
        Problem::Encoding(error) => say!(catalogue, "problem-encoding", detail = error.to_string()),
    }
}

fn type_name(name: Type, catalogue: &Catalogue) -> String {
    match name {
        Type::Bool => say!(catalogue, "type-bool"),
        Type::Integer => say!(catalogue, "type-integer"),
        Type::Number => say!(catalogue, "type-number"),
        Type::Bytes => say!(catalogue, "type-bytes"),
        Type::Text => say!(catalogue, "type-text"),
        Type::Date => say!(catalogue, "type-date"),
        Type::List => say!(catalogue, "type-list"),
        Type::Table => say!(catalogue, "type-table"),
    }
}

/// Returns what a level is called; a code that this version does not know stands for itself.
pub(crate) fn level_name(level: &str, catalogue: &Catalogue) -> String {
    match level {
        "region" => say!(catalogue, "level-region"),
        "province" => say!(catalogue, "level-province"),
        "commune" => say!(catalogue, "level-commune"),
        "consultative_body" => say!(catalogue, "level-consultative-body"),
        "association" => say!(catalogue, "level-association"),
        "oversight_body" => say!(catalogue, "level-oversight-body"),
        "partner" => say!(catalogue, "level-partner"),
        other => other.to_owned(),
    }
}
