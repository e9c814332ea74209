//! A log as a timeline: everything that its author signed, and what became of it.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::history::standing;
use super::page::{Page, Section};
use super::text::Passage;
use super::{Asked, Visit, link};
use crate::api::types::{BodyStatus, LogHealth, LogRow};
use crate::api::{Failure, query};
use crate::clock::now;
use crate::view::{Cursor, LogFilter, ViewError, is_record_kind};

/// Entries on a page.
const SHOWN: usize = 50;

/// Parameters of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    /// Where to go on.
    after: Option<Cursor>,
}

#[derive(Debug, askama::Template)]
#[template(path = "log.html")]
struct LogPage {
    name: Passage,
    member: String,
    /// That the log contradicts itself.
    trouble: Option<String>,
    rows: Vec<Row>,
    first: Option<String>,
    next: Option<String>,
    data: String,
    page: Page,
}

#[derive(Debug)]
struct Row {
    seq: String,
    day: String,
    kind: String,
    /// The page of a record.
    href: Option<String>,
    id: String,
    /// A change of key, which decides what counts of what came before it.
    is_rotation: bool,
    states: Vec<String>,
    /// Why it was disowned.
    reason: Option<String>,
}

impl Row {
    fn new(page: &Page, row: &LogRow) -> Self {
        let mut states: Vec<String> = standing(page, row.status).into_iter().collect();
        if row.body == BodyStatus::Missing {
            states.push(page.code("standing", "missing"));
        }
        if let Some(disowning) = &row.disowned {
            states.push(page.fill("log-disowned-on", "date", &page.day(disowning.time)));
        }
        let id = row.id.to_string();
        Self {
            seq: page.number(row.seq.into()),
            day: page.day(row.time),
            kind: page.code("kind", &row.kind),
            href: is_record_kind(&row.kind).then(|| page.href(&format!("/records/{id}"))),
            is_rotation: row.kind == "rotate",
            states,
            reason: row.disowned.as_ref().and_then(|disowning| disowning.reason.clone()),
            id,
        }
    }
}

/// `GET /members/{author}/log`.
pub(super) async fn log(
    State(api): Asked,
    Path(author): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let asked: Parameters = query::parameters(&visit.uri)?;
    api.show(visit, Section::Members, move |page, view| {
        let author = view.find_author(&author)?;
        let filter = LogFilter { after: None, marked: true };
        let found = view.log(author, filter, asked.after, SHOWN, now())?;
        let (health, _) = view.log_state(author)?;
        let member = page.member_href(&author);
        let here = format!("{member}/log");
        Ok::<_, ViewError>(LogPage {
            name: page.author(&view.names_of(author), author),
            trouble: match health {
                LogHealth::Forked => Some(page.say("log-forked")),
                LogHealth::Contested => Some(page.say("log-contested")),
                LogHealth::Ok | LogHealth::NotHeld => None,
            },
            rows: found.items.iter().map(|row| Row::new(&page, row)).collect(),
            first: asked.after.is_some().then(|| here.clone()),
            next: found.next.map(|next| format!("{here}?{}", link::query(&[("after", &next)]))),
            data: format!("/api/v1/authors/{author}/log?marked=true"),
            member,
            page,
        })
    })
    .await
}
