//! One member: who it is, who vouches for it, how its log is, and what it published.

use axum::extract::{Path, State};
use axum::response::Response;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::{self as body, Record as Body};

use super::card::Card;
use super::members::{state, trouble};
use super::page::{Page, Section};
use super::record;
use super::text::Passage;
use super::{Asked, Visit};
use crate::api::Failure;
use crate::api::types::{MemberDetail, MemberState, NewerVersion, Records};
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::view::follow_up::{Referrers, today};
use crate::view::{Addressee, Filter, Table, View, ViewError};

/// Newest records of a member that are shown; the library has all.
const NEWEST: usize = 10;
/// Practices of collectivities like it that are shown; the library has more.
const MAX_SIMILAR: usize = 5;
/// Questions to it without an answer that are shown.
const ASKED: usize = 10;
/// Newest records that address its place.
const MENTIONS: usize = 5;

#[derive(Debug, askama::Template)]
#[template(path = "member.html")]
struct MemberPage {
    name: Passage,
    level: Option<String>,
    region: Option<Passage>,
    place: Option<String>,
    is_confirmed: bool,
    is_steward: bool,
    state: String,
    is_member: bool,
    trouble: Option<String>,
    summary: Option<Passage>,
    summary_language: Option<String>,
    since: Option<String>,
    admitted: String,
    admitted_by: Vec<(String, Passage)>,
    suspended_by: Vec<Suspension>,
    continues: Vec<(String, Passage)>,
    continued_by: Vec<(String, Passage)>,
    entries: String,
    id: String,
    key: Option<(String, String)>,
    sections: Vec<record::Section>,
    /// Practices of collectivities like this one, how they were chosen, and where there are more.
    similar: Vec<Card>,
    similar_rule: String,
    similar_all: String,
    kinds: Vec<(String, String)>,
    records: Vec<Card>,
    /// What is asked of it and not answered yet.
    asked: Vec<Card>,
    all_asked: String,
    /// What addresses its place.
    mentioned: Vec<Card>,
    all_mentions: String,
    all: String,
    log: String,
    feed: String,
    bundle: String,
    page: Page,
}

/// A steward's word against it.
#[derive(Debug)]
struct Suspension {
    by: Passage,
    reason: String,
}

/// `GET /members/{author}`.
pub(super) async fn member(
    State(api): Asked,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let index = api.node.index();
    let (snapshot, table) = api.table(None).await?;
    let is_whole = index.reaches(&snapshot, api.node.is_online()).await;
    api.show_of(snapshot, visit, Section::Members, move |page, view| {
        let referrers = Referrers::new(view, &index, is_whole, today());
        let author = view.find_author(&id)?;
        let newer = referrers.newer_versions(author)?;
        let similar = view.similar(&index, author, &Filter::default(), MAX_SIMILAR, now())?;
        let dialogue = Dialogue { view: &view, index: &index, is_whole, now: now() };
        MemberPage::new(page, &dialogue, &table, author, &newer, &similar)
    })
    .await
}

impl MemberPage {
    fn new(
        page: Page,
        dialogue: &Dialogue<'_>,
        table: &Table,
        author: AuthorId,
        newer: &[NewerVersion],
        similar: &Records,
    ) -> Result<Self, ViewError> {
        let view = dialogue.view;
        let detail = view.member(table, author)?;
        let member = &detail.member;
        let place = member.place.as_deref();
        let profile = profile(view, &detail)?;
        let summary = profile.as_ref().and_then(|profile| page.passage(&profile.summary));
        let filter = Filter { author: Some(author), ..Filter::default() };
        let records = view.records(&filter, None, NEWEST, now())?.items;
        let named = |author| (page.member_href(&author), page.author(&view.names_of(author), author));
        let refs = |authors: &[crate::api::types::AuthorRef]| {
            authors.iter().map(|author| named(author.author)).collect::<Vec<_>>()
        };
        let asked = dialogue.unanswered(author)?.items;
        let mentions = match view.addressee(author) {
            Addressee::One { place: Some(place), .. } => Some(place),
            _ => None,
        };
        let mentioned = match &mentions {
            Some(place) => {
                let filter = Filter { mentions: Some(place.clone()), ..Filter::default() };
                dialogue.latest(filter, MENTIONS)?.items
            }
            None => Vec::new(),
        };
        // An applicant's log is not held.
        let key = view.keys(author).ok();
        let id = author.to_string();
        Ok(Self {
            name: page.author(&member.names, author),
            level: member.level.as_deref().map(|level| page.level(level, place)),
            region: page.region_of(place),
            place: place.map(|code| page.plain(code)),
            is_confirmed: member.confirmed,
            is_steward: member.steward,
            state: state(&page, member.state),
            is_member: member.state == MemberState::Member,
            trouble: trouble(&page, member.log),
            summary_language: summary
                .as_ref()
                .filter(|passage| passage.is_foreign)
                .map(|passage| page.language_name(&passage.tag)),
            summary,
            since: member.since.map(|since| page.day(since)),
            admitted: page.out_of(member.admitted.by, member.admitted.of),
            admitted_by: detail.admitted_by.iter().map(|steward| named(*steward)).collect(),
            suspended_by: detail
                .suspended_by
                .iter()
                .map(|word| Suspension { by: named(word.by).1, reason: page.plain(&word.reason) })
                .collect(),
            continues: refs(&member.continues),
            continued_by: refs(&member.continued_by),
            entries: page.number(member.entries),
            key: key.map(|key| {
                let (number, date) = (page.number(key.rotations + 1), page.day(key.time));
                let since = page.tell("key-since", &[("number", number.into()), ("date", date.into())]);
                (key.keys.sign.to_string(), since)
            }),
            sections: record::newer(&page, newer)
                .into_iter()
                .chain(profile.iter().flat_map(|profile| record::profile::sections(&page, profile)))
                .collect(),
            similar: similar.items.iter().map(|item| Card::new(&page, item)).collect(),
            similar_rule: similar
                .similar_to
                .as_ref()
                .and_then(|like| page.passage(&like.rule))
                .map(|rule| rule.text)
                .unwrap_or_default(),
            similar_all: page.library_href("similar_to", &id),
            kinds: detail
                .kinds
                .iter()
                .filter(|(kind, _)| body::KINDS.contains(&kind.as_str()) && kind.as_str() != body::PROFILE)
                .map(|(kind, count)| (page.code("kind", kind), page.number(*count)))
                .collect(),
            records: records.iter().map(|item| Card::new(&page, item)).collect(),
            asked: asked.iter().take(ASKED).map(|item| Card::new(&page, item)).collect(),
            all_asked: page.library_href("asked", &id),
            mentioned: mentioned.iter().map(|item| Card::new(&page, item)).collect(),
            all_mentions: page.library_href("mentions", mentions.as_deref().unwrap_or_default()),
            all: page.library_href("author", &id),
            log: format!("{}/log", page.member_href(&author)),
            feed: format!("/api/v1/members/{id}/feed.atom"),
            bundle: format!("/api/v1/bundle?author={id}&stewards=true"),
            id,
            page,
        })
    }
}

/// Returns the latest profile, where it can be read.
fn profile(view: &View<'_>, detail: &MemberDetail) -> Result<Option<Box<body::Profile>>, ViewError> {
    let Some(entry) = detail.profile else { return Ok(None) };
    let (_, body) = view.reading(&entry.to_string())?;
    Ok(match body {
        Some(Body::Profile(profile)) => Some(profile),
        _ => None,
    })
}
