//! A body as it is shown: read once, typed where this version knows the kind.

use std::collections::BTreeSet;

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry;
use multaqa_protocol::record::plan::Commitment;
use multaqa_protocol::record::{self, Record, Ref, Words};

use super::snapshot::is_network_kind;
use crate::api::types::BodyStatus;
use crate::store::BodyState;

/// Most references that are followed in one body: those of a plan with a hundred commitments.
const MAX_LINKS: usize = 128;
/// Most years of one record: longer than any programme; a period of a thousand years is a slip.
const MAX_YEARS: usize = 30;

/// What is to be shown of a body.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) status: BodyStatus,
    /// What it says, where it is a map at all.
    pub(super) map: Option<Map>,
    /// The record, where it keeps the schema of its kind.
    pub(super) record: Option<Record>,
    /// Why it cannot be read.
    pub(super) unreadable: Option<String>,
}

/// What a list says of a body: no more than it shows.
#[derive(Clone, Debug)]
pub(super) struct Gist {
    pub(super) status: BodyStatus,
    pub(super) title: Words,
    pub(super) summary: Words,
    pub(super) principles: Vec<String>,
}

impl Shown {
    const fn absent(status: BodyStatus) -> Self {
        Self { status, map: None, record: None, unreadable: None }
    }

    /// Reads a body of an entry of `kind`; one of a withdrawn entry is not looked at (B3).
    pub(super) fn read(kind: &str, state: &BodyState, withdrawn: bool) -> Self {
        let bytes = match state {
            BodyState::Present(bytes) if !withdrawn => bytes,
            BodyState::Missing if !withdrawn => return Self::absent(BodyStatus::Missing),
            _ => return Self::absent(BodyStatus::Withdrawn),
        };
        let unreadable =
            |map, why| Self { map, unreadable: Some(why), ..Self::absent(BodyStatus::Unreadable) };
        let map = match entry::decode_body(bytes) {
            Ok(map) => map,
            Err(error) => return unreadable(None, error.to_string()),
        };
        match record::read(kind, &map) {
            Ok(record) => Self { map: Some(map), record: Some(record), ..Self::absent(BodyStatus::Present) },
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                unreadable(Some(map), format!("{error}{}", cause.unwrap_or_default()))
            }
        }
    }

    /// Returns what a list says of the body.
    pub(super) fn gist(&self) -> Gist {
        Gist {
            status: self.status,
            title: self.title(),
            summary: self.summary(),
            principles: self.principles(),
        }
    }

    /// Returns what the record is called: of a kind without a schema here, what stands in `title` or
    /// `names` if that is text for people.
    pub(super) fn title(&self) -> Words {
        let known = self.record.as_ref().and_then(Record::title).cloned();
        known.or_else(|| self.words("title")).or_else(|| self.words("names")).unwrap_or_default()
    }

    fn words(&self, field: &str) -> Option<Words> {
        self.map.as_ref()?.get(field)?.to().ok()
    }

    /// Returns what it says in short.
    fn summary(&self) -> Words {
        self.record.as_ref().and_then(Record::summary).cloned().unwrap_or_default()
    }

    /// Returns the principles that it names.
    fn principles(&self) -> Vec<String> {
        let named = self.record.as_ref().map(Record::principles).unwrap_or_default();
        named.iter().map(|principle| principle.as_str().to_owned()).collect()
    }

    /// Returns the principles that it or a commitment in it names.
    pub(super) fn principles_within(&self) -> BTreeSet<String> {
        let own = self.record.as_ref().map(Record::principles).unwrap_or_default();
        let commitments = self.commitments().iter().flat_map(|commitment| &commitment.principles);
        own.iter().chain(commitments).map(|principle| principle.as_str().to_owned()).collect()
    }

    /// Returns the policy areas that it or a commitment in it names.
    pub(super) fn themes_within(&self) -> BTreeSet<String> {
        let own = self.record.as_ref().map(Record::themes).unwrap_or_default();
        let commitments = self.commitments().iter().flat_map(|commitment| &commitment.themes);
        own.iter().chain(commitments).cloned().collect()
    }

    fn commitments(&self) -> &[Commitment] {
        match &self.record {
            Some(Record::Plan(plan)) => &plan.commitments,
            _ => &[],
        }
    }

    /// Returns the tags of the languages in which its title or its summary can be read.
    pub(super) fn languages(&self) -> BTreeSet<String> {
        let (title, summary) = (self.title(), self.summary());
        title.iter().chain(summary.iter()).map(|(tag, _)| tag.to_owned()).collect()
    }

    /// Returns how far it has come, as its author says.
    pub(super) fn progress(&self) -> Option<String> {
        Some(self.record.as_ref()?.status()?.as_str().to_owned())
    }

    /// Returns the years in which it ran, as far as they are known, at most [`MAX_YEARS`] of them.
    pub(super) fn years(&self) -> BTreeSet<String> {
        let Some(period) = self.record.as_ref().and_then(Record::period) else { return BTreeSet::new() };
        let first = period.start.or(period.end).map(|date| date.first().year());
        let last = period.end.or(period.start).map(|date| date.last().year());
        let (Some(first), Some(last)) = (first, last) else { return BTreeSet::new() };
        (first..=last).take(MAX_YEARS).map(|year| year.to_string()).collect()
    }

    /// Returns what the body says, as JSON.
    pub(super) fn fields(&self) -> Option<serde_json::Value> {
        // A map of plain values under text keys always has a form in JSON.
        serde_json::to_value(Value::Map(self.map.clone()?)).ok()
    }

    /// Returns the entries that the body of an entry of `kind` refers to, each with the field that does: all
    /// that it names but the version that it replaces.
    pub(super) fn references(&self, kind: &str) -> impl Iterator<Item = (String, Ref)> {
        self.links(kind).into_iter().filter(|(field, _)| field != "replaces")
    }

    /// Returns the entries that the body names, each with the field that does (R1).
    fn links(&self, kind: &str) -> Vec<(String, Ref)> {
        let mut links = Vec::new();
        if let (Some(map), false) = (&self.map, is_network_kind(kind)) {
            map.iter().for_each(|(field, value)| collect(field, value, &mut links));
        }
        links
    }
}

fn collect(path: &str, value: &Value, links: &mut Vec<(String, Ref)>) {
    if links.len() >= MAX_LINKS {
        return;
    }
    match value {
        Value::Map(map) => match value.to::<Ref>() {
            Ok(target) => links.push((path.to_owned(), target)),
            Err(_) => map.iter().for_each(|(field, value)| collect(&format!("{path}.{field}"), value, links)),
        },
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(&format!("{path}[{at}]"), item, links);
            }
        }
        Value::Bool(_) | Value::Int(_) | Value::Bytes(_) | Value::Text(_) => {}
    }
}

/// Returns the top-level fields in which two versions differ.
pub(super) fn changed(before: &Map, after: &Map) -> Vec<String> {
    let names = before.iter().chain(after.iter()).map(|(name, _)| name);
    let differs = |name: &&str| *name != "replaces" && before.get(name) != after.get(name);
    let mut names: Vec<String> = names.filter(differs).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}
