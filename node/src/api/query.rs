//! What stands after the question mark of a request, read strictly: a misspelt parameter is refused, not
//! passed over.

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::http::Uri;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use multaqa_protocol::id::Millis;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::types::Status;
use crate::view::{Cursor, Filter, Versions, View, ViewError};

/// Items of a page where no `limit` is given.
const DEFAULT_PAGE: usize = 50;
/// Milliseconds of a day.
const DAY: Millis = 86_400_000;

/// Reads the parameters of a request.
pub(crate) fn parameters<T: DeserializeOwned>(uri: &Uri) -> Result<T, Failure> {
    let Query(parameters) =
        Query::try_from_uri(uri).map_err(|refusal| Failure::BadParameter(refusal.body_text()))?;
    Ok(parameters)
}

/// A page of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) cursor: Option<Cursor>,
    pub(super) limit: usize,
}

impl Page {
    fn read(cursor: Option<&str>, limit: Option<usize>) -> Result<Self, Failure> {
        let cursor = cursor.map(|cursor| cursor.parse().map_err(ViewError::Cursor)).transpose()?;
        Ok(Self { cursor, limit: limit.unwrap_or(DEFAULT_PAGE) })
    }
}

/// Parameters of `GET /records`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Records {
    kind: Option<String>,
    place: Option<String>,
    author: Option<String>,
    principle: Option<String>,
    since: Option<String>,
    status: Option<String>,
    versions: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

impl Records {
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        Page::read(self.cursor.as_deref(), self.limit)
    }

    /// Returns the filter but for the author, which takes the view to find.
    pub(crate) fn filter(&self) -> Result<Filter, Failure> {
        let versions = match self.versions.as_deref() {
            None | Some("current") => Versions::Current,
            Some("all") => Versions::All,
            Some(other) => return Err(unknown("versions", other, "current, all")),
        };
        Ok(Filter {
            kinds: listed(self.kind.as_deref()).map(str::to_owned).collect(),
            place: self.place.clone(),
            author: None,
            principle: self.principle.clone(),
            since: self.since.as_deref().map(|text| moment("since", text, Edge::Start)).transpose()?,
            statuses: statuses(self.status.as_deref())?,
            versions,
        })
    }

    /// Completes the filter with the author named.
    pub(crate) fn complete(&self, filter: &mut Filter, view: &View<'_>) -> Result<(), ViewError> {
        filter.author = self.author.as_deref().map(|author| view.find_author(author)).transpose()?;
        Ok(())
    }
}

/// Parameters of `GET /authors/{author}/log`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Log {
    pub(super) after: Option<u32>,
    marked: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

impl Log {
    pub(crate) fn page(&self) -> Result<Page, Failure> {
        Page::read(self.cursor.as_deref(), self.limit)
    }

    pub(super) fn marked(&self) -> Result<bool, Failure> {
        flag("marked", self.marked.as_deref())
    }
}

/// Parameters of `GET /members`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Members {
    as_of: Option<String>,
}

impl Members {
    pub(crate) fn as_of(&self) -> Result<Option<Millis>, Failure> {
        // A form sends a field that was left empty.
        self.as_of
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| moment("as_of", text, Edge::End))
            .transpose()
    }
}

/// Parameters of `GET /entries/{id}`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Entry {
    part: Option<String>,
}

impl Entry {
    pub(super) fn wants_body(&self) -> Result<bool, Failure> {
        match self.part.as_deref() {
            None | Some("envelope") => Ok(false),
            Some("body") => Ok(true),
            Some(other) => Err(unknown("part", other, "envelope, body")),
        }
    }
}

/// Parameters of `GET /bundle`: one of the first three.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Bundle {
    pub(super) entry: Option<String>,
    pub(super) author: Option<String>,
    pub(super) all: Option<String>,
    stewards: Option<String>,
}

impl Bundle {
    pub(super) fn with_stewards(&self) -> Result<bool, Failure> {
        flag("stewards", self.stewards.as_deref())
    }
}

/// Which moment of a day is meant where only a date is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Its first.
    Start,
    /// Its last.
    End,
}

/// Reads a moment: a date (UTC), a date with time and zone, or Unix milliseconds.
pub(super) fn moment(name: &str, text: &str, edge: Edge) -> Result<Millis, Failure> {
    if let Ok(milliseconds) = text.parse::<Millis>() {
        return Ok(milliseconds);
    }
    let bad = || {
        Failure::BadParameter(format!(
            "`{name}` is neither a date as 2026-11-24 nor Unix milliseconds: {text}"
        ))
    };
    let (stamp, add) = match text.parse::<Date>() {
        Ok(date) => {
            let start = TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).map_err(|_| bad())?;
            (start, if edge == Edge::End { DAY - 1 } else { 0 })
        }
        Err(_) => (text.parse::<Timestamp>().map_err(|_| bad())?, 0),
    };
    let milliseconds = Millis::try_from(stamp.as_millisecond()).map_err(|_| bad())?;
    Ok(milliseconds + add)
}

fn statuses(text: Option<&str>) -> Result<BTreeSet<Status>, Failure> {
    const ALL: [(&str, Status); 5] = [
        ("canonical", Status::Canonical),
        ("withdrawn", Status::Withdrawn),
        ("disputed", Status::Disputed),
        ("disowned", Status::Disowned),
        ("beyond-cut", Status::BeyondCut),
    ];
    let mut statuses = BTreeSet::new();
    for name in listed(text) {
        match ALL.iter().find(|(known, _)| *known == name) {
            Some((_, status)) => drop(statuses.insert(*status)),
            None if name == "all" => statuses.extend(ALL.map(|(_, status)| status)),
            None => {
                let known = "canonical, withdrawn, disputed, disowned, beyond-cut, all";
                return Err(unknown("status", name, known));
            }
        }
    }
    Ok(statuses)
}

fn listed(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn flag(name: &str, text: Option<&str>) -> Result<bool, Failure> {
    match text {
        None | Some("false" | "0") => Ok(false),
        Some("" | "true" | "1") => Ok(true),
        Some(other) => Err(unknown(name, other, "true, false")),
    }
}

fn unknown(name: &str, found: &str, known: &str) -> Failure {
    Failure::BadParameter(format!("`{name}` is `{found}`, which is none of {known}"))
}
