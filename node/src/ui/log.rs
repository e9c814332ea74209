//! A log as a timeline: everything that its author signed, what became of it, and by when it existed by the word of
//! others.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::history::standing;
use super::page::{Page, Section};
use super::record::provenance;
use super::text::{Passage, isolated};
use super::{Asked, Visit, link};
use crate::api::types::{BodyStatus, LogHealth, LogRow, SaidOfHeads};
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
    /// What it says of the heads of logs, and the log with the checkpoint that it confirms.
    heads: Option<(String, Option<String>)>,
    /// By when it existed, and who says so.
    existed: Option<String>,
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
            heads: row.heads.as_ref().map(|said| of_heads(page, said)),
            existed: row.existed_before.map(|before| provenance::existed(page, before)),
            id,
        }
    }
}

/// Returns what an entry says of heads in words, and the log with the checkpoint that it confirms.
fn of_heads(page: &Page, said: &SaidOfHeads) -> (String, Option<String>) {
    match said {
        SaidOfHeads::Lists { logs } => (page.count("log-lists", *logs), None),
        SaidOfHeads::Confirms { by, time, .. } => {
            let name = isolated(&page.author(&by.names, by.author).text);
            let text = match time {
                Some(time) => {
                    page.tell("log-confirms", &[("by", name.into()), ("date", page.day(*time).into())])
                }
                None => page.fill("log-confirms-not-held", "by", &name),
            };
            (text, Some(format!("{}/log", page.member_href(&by.author))))
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
        let filter = LogFilter { after: None, marked: true, dated: true };
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
            data: format!("/api/v1/authors/{author}/log?marked=true&dated=true"),
            member,
            page,
        })
    })
    .await
}
