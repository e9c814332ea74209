//! A record in full: what matters first, and beside it, always, where it comes from.

mod acts;
mod adoption;
mod basis;
mod challenge;
mod endorse;
mod evaluated;
mod evaluation;
mod event;
mod files;
mod followed;
mod named;
mod part;
mod people;
mod plan;
mod practice;
mod preview;
pub(super) mod profile;
mod progress;
mod proposal;
mod proposed;
pub(in crate::ui) mod provenance;
mod referring;
mod reply;
mod spread;
mod work;

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::{Record as Body, Words};
use serde::Deserialize;

use self::acts::Acts;
use self::files::Files;
use self::named::Named;
use self::provenance::Provenance;
use self::referring::Referring;
use super::card::warning;
use super::page::{self, Page};
use super::text::{Passage, disarm, inert, language_of};
use super::thread::Talk;
use super::{Asked, Visit, title};
use crate::api::types::{Adoptions, AuthorRef, NewerVersion, PlanFollowUp, Record, Thread, WithdrawalInfo};
use crate::api::types::{BodyStatus, Status};
use crate::api::{Base, Failure, described, query};
use crate::attachment::Attachments;
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::view::follow_up::Referrers;
use crate::view::{Cursor, View, ViewError};

pub(crate) use self::files::Shelf;
pub(super) use self::files::bytes;
pub(super) use self::followed::done;
use self::part::Cell;
pub(super) use self::part::{Section, Text};
pub(crate) use self::preview::Preview;
pub(super) use self::spread::newer;

/// Longest description for programs, in bytes. It has the summary in all languages, where the page has one, and a
/// page may weigh 100 KiB compressed; those of real records have about 4 KiB. A longer one is in
/// `/export.jsonld` alone.
const MAX_DESCRIBED: usize = 32 << 10;

/// Replies to a record on its page; the older ones are on further pages.
const REPLIES: usize = 20;

/// Parameters of the page of a record.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Parameters {
    /// The tag of the language in which its texts are wanted, where that is not the page's.
    text: Option<String>,
    /// Where to go on among the replies.
    replies: Option<Cursor>,
    /// The day at whose end what is derived of it is shown; today where none is given.
    as_of: Option<String>,
}

/// What is derived of a record from others.
#[derive(Debug)]
enum Derived {
    Plan(Box<PlanFollowUp>),
    Practice(Box<Adoptions>),
    /// Of an adoption: the newer version of the practice.
    Adoption(Box<NewerVersion>),
    /// Of an evaluation by somebody who carries out what is judged.
    SelfAssessment,
    Nothing,
}

impl Derived {
    fn new(
        referrers: Referrers<'_>,
        (id, author): (&str, AuthorId),
        body: Option<&Body>,
    ) -> Result<Self, ViewError> {
        let derived = match body {
            Some(Body::Plan(_)) => referrers.plan(id).map(|plan| Self::Plan(Box::new(plan))),
            Some(Body::Practice(_)) => referrers.adoptions(id).map(|spread| Self::Practice(Box::new(spread))),
            Some(Body::Adoption(_)) => referrers
                .newer_version_of(id)
                .map(|newer| newer.map_or(Self::Nothing, |newer| Self::Adoption(Box::new(newer)))),
            Some(Body::Evaluation(evaluation)) => {
                let is_own = evaluation.about.map(|about| referrers.carries_out(author, &about)).transpose();
                is_own.map(|is_own| if is_own == Some(true) { Self::SelfAssessment } else { Self::Nothing })
            }
            Some(_) | None => Ok(Self::Nothing),
        };
        match derived {
            // Another version counted on that day, and its body is not here.
            Err(ViewError::NoBody { .. }) => Ok(Self::Nothing),
            derived => derived,
        }
    }
}

/// What other records say of one.
#[derive(Debug)]
struct Around {
    thread: Thread,
    referring: Referring,
    derived: Derived,
    /// The files that are here.
    held: Attachments,
}

#[derive(Debug, askama::Template)]
#[template(path = "record.html")]
struct RecordPage {
    kind: String,
    kind_href: Option<String>,
    title: Option<Passage>,
    untitled: String,
    author: Passage,
    author_href: String,
    region: Option<Passage>,
    level: Option<String>,
    principles: Vec<String>,
    progress: Vec<String>,
    period: Option<String>,
    tabs: Vec<Tab>,
    /// What is to be known before the record is read.
    banners: Vec<Banner>,
    summary: Option<Text>,
    /// What a reader looks for first and the record does not say.
    unsaid: Option<String>,
    sections: Vec<Section>,
    files: Option<Files>,
    /// Other records that this one names, by what each is to it.
    links: Vec<(String, Cell)>,
    /// What was said about it.
    thread: Option<Talk>,
    referring: Referring,
    /// The body as it is, where no section shows it.
    raw: Option<String>,
    provenance: Provenance,
    acts: Acts,
    /// The record in the words of schema.org, for programs that read pages.
    described: Option<String>,
    page: Page,
}

/// A language in which a record can be read.
#[derive(Debug)]
struct Tab {
    text: String,
    /// The language of the text, where that is what the language calls itself.
    lang: Option<&'static str>,
    href: String,
    is_here: bool,
}

/// Something to be known before a record is read.
#[derive(Debug)]
struct Banner {
    text: String,
    /// What somebody wrote about it, and where to go on.
    said: Option<Passage>,
    href: Option<(String, String)>,
}

/// `GET /records/{id}`.
pub(super) async fn record(
    State(api): Asked,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let asked: Parameters = query::parameters(&visit.uri)?;
    let day = query::day(asked.as_of.as_deref())?;
    let wanted = asked.text.filter(|tag| tag.len() <= 35 && language_of(tag).is_some());
    let (base, held) = (visit.base.clone(), api.node.attachments().clone());
    let (index, snapshot, is_whole) = api.searched().await?;
    api.show_of(snapshot, visit, page::Section::Library, move |page, view| {
        let page = page.preferring(wanted);
        let dialogue = Dialogue { view: &view, index: &index, is_whole, now: now() };
        let thread = dialogue.thread(&id, asked.replies, REPLIES)?;
        let referring = Referring::new(&page, &view, &id, (&index, is_whole))?;
        let (shown, body) = view.reading(&id)?;
        let derived = {
            let referrers = Referrers::new(view, &index, is_whole, day);
            Derived::new(referrers, (&id, shown.item.author), body.as_ref())?
        };
        RecordPage::new(page, &view, (shown, body), &base, Around { thread, referring, derived, held })
    })
    .await
}

impl RecordPage {
    fn new(
        page: Page,
        view: &View<'_>,
        (shown, body): (Record, Option<Body>),
        base: &Base,
        Around { thread, referring, derived, held }: Around,
    ) -> Result<Self, ViewError> {
        let item = &shown.item;
        let place = item.place.as_deref();
        let (title, summary) = (title::of(&page, item), page.passage(&item.summary));
        let principles = item.principles.iter().map(|code| page.code("principle", code)).collect();
        let named = Named::new(view, &shown)?;
        let (sections, unsaid) = told(&page, view, &named, (&shown, body.as_ref()), &derived);
        let counts = item.status == Status::Canonical && item.body == BodyStatus::Present;
        let shelf = if counts { Shelf::Record(item.id) } else { Shelf::Nowhere };
        let files = body.as_ref().and_then(|body| Files::new(&page, &named, body, &shelf, &held));
        let is_listed = body.as_ref().is_some_and(|body| !matches!(body, Body::Profile(_) | Body::Other));
        Ok(Self {
            kind: page.code("kind", &item.kind),
            kind_href: is_listed.then(|| page.library_href("kind", &item.kind)),
            author: page.author(&item.names, item.author),
            author_href: page.member_href(&item.author),
            region: page.region_of(place),
            level: item.confirmation.level.as_deref().map(|level| page.level(level, place)),
            principles,
            progress: item.progress.iter().map(|code| page.progress(code)).collect(),
            period: body.as_ref().and_then(Body::period).and_then(|period| page.language.period(period)),
            tabs: tabs(&page, &shown, title.as_ref()),
            banners: banners(&page, &shown, &derived),
            unsaid: (!unsaid.is_empty())
                .then(|| page.list(&unsaid.into_iter().map(|id| page.say(id)).collect::<Vec<_>>())),
            links: links(&page, &named, &shown, body.as_ref()),
            thread: body
                .as_ref()
                .filter(|body| !matches!(body, Body::Profile(_)))
                .map(|_| Talk::new(&page, view, thread))
                .transpose()?,
            referring,
            raw: raw(&shown, body.as_ref()),
            provenance: Provenance::new(&page, view, &shown)?,
            acts: Acts::new(&page, item),
            described: described(&shown, base)
                .map(|document| inert(&document.to_string()))
                .filter(|text| text.len() <= MAX_DESCRIBED),
            summary: summary.map(|passage| Text::new(&page, None, passage)),
            title,
            untitled: page.say(if shown.hidden.is_some() { "hidden-title" } else { "record-untitled" }),
            sections,
            files,
            page,
        })
    }
}

/// Returns the sections of a record, and what a reader looks for first and it does not say, as ids of messages.
fn told(
    page: &Page,
    view: &View<'_>,
    named: &Named,
    (shown, body): (&Record, Option<&Body>),
    derived: &Derived,
) -> (Vec<Section>, Vec<&'static str>) {
    let sections = match body {
        Some(Body::Practice(practice)) => {
            let spread = if let Derived::Practice(spread) = derived { Some(&**spread) } else { None };
            return (practice::sections(page, practice, spread), practice::unsaid(practice));
        }
        Some(Body::Plan(plan)) => {
            let followed = if let Derived::Plan(followed) = derived { Some(&**followed) } else { None };
            return (plan::sections(page, plan, shown.item.id, followed), plan::unsaid(plan));
        }
        Some(body) => others(page, view, named, body),
        None => Vec::new(),
    };
    (sections, Vec::new())
}

/// Returns the sections of a record of any kind of which nothing is derived.
fn others(page: &Page, view: &View<'_>, named: &Named, body: &Body) -> Vec<Section> {
    match body {
        Body::Profile(profile) => profile::sections(page, profile),
        Body::Challenge(challenge) => challenge::sections(page, view, named, challenge),
        Body::Proposal(proposal) => proposal::sections(page, named, proposal),
        Body::Progress(progress) => progress::sections(page, named, progress),
        Body::Evaluation(evaluation) => evaluation::sections(page, view, named, evaluation),
        Body::Adoption(adoption) => adoption::sections(page, named, adoption),
        Body::Reply(reply) => reply::sections(page, view, named, reply),
        Body::Event(event) => event::sections(page, view, named, event),
        Body::Endorse(endorse) => endorse::sections(page, named, endorse),
        Body::Practice(_) | Body::Plan(_) | Body::Other => Vec::new(),
    }
}

/// Returns the languages of a record's title and summary. Those that have pages lead to them.
fn tabs(page: &Page, shown: &Record, title: Option<&Passage>) -> Vec<Tab> {
    let words: [&Words; 2] = [&shown.item.title, &shown.item.summary];
    let tags: BTreeSet<&str> = words.iter().flat_map(|words| words.iter().map(|(tag, _)| tag)).collect();
    let tab = |tag: &str| {
        let own = super::language::Language::OFFERED.into_iter().find(|language| language.tag() == tag);
        let base = format!("/records/{}", shown.item.id);
        Tab {
            text: own.map_or_else(|| page.language_name(tag), |language| language.own_name().to_owned()),
            lang: own.map(super::language::Language::tag),
            href: match own {
                Some(language) => format!("/{}{base}", language.tag()),
                None => page.href(&format!("{base}?{}", super::link::query(&[("text", tag)]))),
            },
            is_here: title.is_some_and(|title| title.tag == tag),
        }
    };
    let known = tags.into_iter().filter(|tag| language_of(tag).is_some());
    known.map(tab).collect()
}

/// Returns what is to be known before a record is read.
fn banners(page: &Page, shown: &Record, derived: &Derived) -> Vec<Banner> {
    let mut banners = Vec::new();
    if let Derived::Adoption(newer) = derived {
        banners.push(Banner {
            text: page.fill("spread-newer", "date", &page.day(newer.time)),
            said: page.passage(&newer.title),
            href: Some((page.record_href(&newer.current), page.say("banner-newer"))),
        });
    }
    if let Some(id) = &shown.replaced_by {
        let href = Some((page.record_href(id), page.say("banner-newer")));
        banners.push(Banner { text: page.say("banner-older"), said: None, href });
    }
    if let Some(hiding) = &shown.hidden {
        let text = page.tell("hidden-since", &[("date", page.day(hiding.since).into())]);
        banners.push(Banner { text, said: Some(quote(page, &hiding.reason)), href: None });
        let href = Some(("#provenance".to_owned(), page.say("hidden-check")));
        banners.push(Banner { text: page.say("hidden-why"), said: None, href });
    }
    if let Some(withdrawal) = &shown.withdrawal {
        banners.extend(withdrawn(page, withdrawal));
    } else if let Some(disowned) = &shown.item.disowned {
        let said = disowned.reason.as_deref().map(|reason| quote(page, reason));
        let text = page.tell("banner-disowned", &[("date", page.day(disowned.time).into())]);
        banners.push(Banner { text, said, href: None });
    } else if let Some(text) =
        warning(page, &shown.item).filter(|_| shown.replaced_by.is_none() && shown.hidden.is_none())
    {
        banners.push(Banner { text, said: None, href: None });
    }
    if let Some(why) = &shown.unreadable {
        banners.push(Banner {
            text: page.say("banner-unreadable"),
            said: Some(quote(page, why)),
            href: None,
        });
    }
    if matches!(derived, Derived::SelfAssessment) {
        banners.push(Banner { text: page.say("self-assessment"), said: None, href: None });
    }
    let successor = |author: &AuthorRef| Banner {
        text: page.say("banner-continued"),
        said: Some(page.author(&author.names, author.author)),
        href: Some((page.member_href(&author.author), page.say("banner-continued-by"))),
    };
    banners.extend(shown.continued_by.iter().map(successor));
    banners
}

fn withdrawn(page: &Page, withdrawal: &WithdrawalInfo) -> Vec<Banner> {
    let id = if withdrawal.ordered { "banner-withdrawn-by-order" } else { "banner-withdrawn" };
    let banner = |by: &crate::api::types::Withdrawer| Banner {
        text: page.tell(id, &[("date", page.day(by.time).into())]),
        said: Some(quote(page, &by.reason)),
        href: None,
    };
    withdrawal.by.iter().map(banner).collect()
}

/// Returns what somebody wrote in no stated language.
fn quote(page: &Page, text: &str) -> Passage {
    Passage { text: page.plain(text), tag: String::new(), direction: "auto", is_foreign: true }
}

/// Returns the records that this one names, by title where they are held; none where its sections do so.
fn links(page: &Page, named: &Named, shown: &Record, body: Option<&Body>) -> Vec<(String, Cell)> {
    if !matches!(body, Some(Body::Practice(_) | Body::Plan(_) | Body::Profile(_) | Body::Other) | None) {
        return Vec::new();
    }
    let link = |link: &crate::api::types::Link| {
        let field = link.field.split(['.', '[']).next().unwrap_or_default();
        (page.code("link", field), named.cell(page, Some(&link.target)))
    };
    shown.links.iter().map(link).collect()
}

/// Returns what a body of an unknown kind says, or one that cannot be read as its kind.
fn raw(shown: &Record, body: Option<&Body>) -> Option<String> {
    let is_shown = body.is_some_and(|body| !matches!(body, Body::Other));
    let fields = shown.fields.as_ref().filter(|_| !is_shown)?;
    let text = serde_json::to_string_pretty(fields).expect("a body is plain data with text keys");
    Some(disarm(&text).into_owned())
}
