//! The versions of a record, and what changed from one to another.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use super::page::{Page, Section};
use super::text::{Passage, disarm};
use super::{Asked, Visit};
use crate::api::types::{History, Record, Status};
use crate::api::{Failure, query};
use crate::view::{View, ViewError};

/// Characters of a text that are compared word by word; of a longer one both versions are shown whole.
const MAX_COMPARED: usize = 20_000;
/// Most fields that are shown as changed; a record has a few dozen.
const MAX_CHANGES: usize = 400;

/// Parameters of the page: the two versions to compare, by id.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, askama::Template)]
#[template(path = "history.html")]
struct HistoryPage {
    title: Option<Passage>,
    record_href: String,
    versions: Vec<Version>,
    /// What is compared with what, and how they differ.
    compared: Option<String>,
    changes: Vec<Change>,
    page: Page,
}

#[derive(Debug)]
struct Version {
    number: String,
    href: String,
    time: String,
    standing: Option<String>,
    is_current: bool,
    changed: String,
    /// The page on which it is compared with the one before.
    compare: Option<String>,
    is_compared: bool,
}

/// A field that differs.
#[derive(Debug)]
struct Change {
    field: String,
    pieces: Vec<Piece>,
}

/// A run of words that both versions have, or one of them.
#[derive(Debug)]
struct Piece {
    text: String,
    tag: ChangeTag,
}

impl Piece {
    fn is_old(&self) -> bool {
        self.tag == ChangeTag::Delete
    }

    fn is_new(&self) -> bool {
        self.tag == ChangeTag::Insert
    }
}

/// `GET /records/{id}/history`.
pub(super) async fn history(
    State(api): Asked,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let asked: Parameters = query::parameters(&visit.uri)?;
    api.show(visit, Section::Library, move |page, view| HistoryPage::new(page, &view, &id, &asked)).await
}

impl HistoryPage {
    fn new(page: Page, view: &View<'_>, id: &str, asked: &Parameters) -> Result<Self, ViewError> {
        let history = view.history(id)?;
        let shown = view.record(id)?;
        let (before, after) = chosen(&history, asked);
        let record = |id: Option<String>| id.map(|id| view.record(&id)).transpose();
        let (before, after) = (record(before)?, record(after)?);
        let at = |record: &Record| {
            let number = history.items.iter().position(|version| version.id == record.item.id);
            page.number(number.map_or(0, |number| number as u64 + 1))
        };
        let compared = before.as_ref().zip(after.as_ref()).map(|(before, after)| {
            let (before, after) = (at(before), at(after));
            page.tell("history-changes", &[("before", before.into()), ("after", after.into())])
        });
        let changes = match (&before, &after) {
            (Some(before), Some(after)) => changes(&page, before, after),
            _ => Vec::new(),
        };
        let base = format!("/records/{id}/history");
        let versions = history.items.iter().enumerate().map(|(number, row)| {
            let before = number.checked_sub(1).and_then(|before| history.items.get(before));
            let compare = before.map(|before| {
                let (from, to) = (before.id.to_string(), row.id.to_string());
                page.href(&format!("{base}?{}", super::link::query(&[("from", &from), ("to", &to)])))
            });
            Version {
                number: page.number(number as u64 + 1),
                href: page.record_href(&row.id),
                time: page.language.moment(row.time),
                standing: standing(&page, row.status),
                is_current: row.current,
                changed: page
                    .list(&row.changed.iter().map(|name| field_name(&page, name)).collect::<Vec<_>>()),
                is_compared: after.as_ref().is_some_and(|after| after.item.id == row.id),
                compare,
            }
        });
        Ok(Self {
            title: page.passage(&shown.item.title),
            record_href: page.record_href(&shown.item.id),
            versions: versions.rev().collect(),
            compared,
            changes,
            page,
        })
    }
}

/// Returns the two versions to compare: those asked for, otherwise the last two.
fn chosen(history: &History, asked: &Parameters) -> (Option<String>, Option<String>) {
    let mut last = history.items.iter().rev().map(|version| version.id.to_string());
    let after = asked.to.clone().or_else(|| last.next());
    let before = asked.from.clone().or_else(|| last.next());
    (before, after)
}

/// Returns how an entry stands where it does not simply count.
pub(super) fn standing(page: &Page, status: Status) -> Option<String> {
    let code = match status {
        Status::Canonical => return None,
        Status::Disputed => "disputed",
        Status::Disowned => "disowned",
        Status::BeyondCut => "beyond-cut",
        Status::Withdrawn => "withdrawn",
    };
    Some(page.code("standing", code))
}

/// Returns what a field is called; its name where there is no word for it.
fn field_name(page: &Page, name: &str) -> String {
    page.code("field", name)
}

/// Returns the fields in which two versions differ, in the order of their names.
fn changes(page: &Page, before: &Record, after: &Record) -> Vec<Change> {
    let (before, after) = (leaves(before), leaves(after));
    let empty = String::new();
    let paths: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let differing = paths.into_iter().filter_map(|path| {
        let (old, new) = (before.get(path).unwrap_or(&empty), after.get(path).unwrap_or(&empty));
        (old != new).then(|| Change { field: path_name(page, path), pieces: compare(old, new) })
    });
    differing.take(MAX_CHANGES).collect()
}

/// Returns the texts and numbers of a record, each by its path.
fn leaves(record: &Record) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Some(Json::Object(fields)) = &record.fields {
        for (name, value) in fields.iter().filter(|(name, _)| *name != "replaces") {
            collect(name, value, &mut found);
        }
    }
    found
}

fn collect(path: &str, value: &Json, found: &mut BTreeMap<String, String>) {
    match value {
        Json::Object(fields) => {
            fields.iter().for_each(|(name, value)| collect(&format!("{path}.{name}"), value, found));
        }
        Json::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, item)| collect(&format!("{path}.{}", at + 1), item, found));
        }
        Json::String(text) => drop(found.insert(path.to_owned(), text.clone())),
        other => drop(found.insert(path.to_owned(), other.to_string())),
    }
}

/// Returns what a path is called, part by part.
fn path_name(page: &Page, path: &str) -> String {
    let mut parts = path.split('.');
    let first = field_name(page, parts.next().unwrap_or_default());
    let others = parts.map(|part| match part {
        tag if super::text::language_of(tag).is_some() => page.language_name(tag),
        number if number.bytes().all(|byte| byte.is_ascii_digit()) => number.to_owned(),
        name => field_name(page, name),
    });
    std::iter::once(first).chain(others).collect::<Vec<_>>().join(" · ")
}

/// Returns two texts as one, with what is only in the first and what is only in the second.
fn compare(old: &str, new: &str) -> Vec<Piece> {
    let piece = |tag, text: &str| Piece { text: disarm(text).into_owned(), tag };
    if old.len().max(new.len()) > MAX_COMPARED || old.is_empty() || new.is_empty() {
        let whole = [piece(ChangeTag::Delete, old), piece(ChangeTag::Insert, new)];
        return whole.into_iter().filter(|piece| !piece.text.is_empty()).collect();
    }
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        match pieces.last_mut() {
            Some(last) if last.tag == change.tag() => last.text.push_str(&disarm(change.value())),
            _ => pieces.push(piece(change.tag(), change.value())),
        }
    }
    pieces
}
