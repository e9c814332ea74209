//! The library: records by words and by what they say, with how many there are of each.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::record::{self, Principle};
use url::form_urlencoded;

use super::page::{Page, Section};
use super::text::Passage;
use super::{Asked, Visit, link};
use crate::api::types::{BodyStatus, RecordItem, SignatureStatus, Status};
use crate::api::{Failure, query};
use crate::clock::now;
use crate::gazetteer;

/// Records of a page: what a reader looks through before asking for less.
const PAGE: usize = 20;
/// Values of a filter that are shown at once; the others are behind a word.
const CHOICES: usize = 12;

#[derive(Debug, askama::Template)]
#[template(path = "library.html")]
struct LibraryPage {
    page: Page,
    filters: Vec<Filter>,
    chips: Vec<Chip>,
    found: String,
    cards: Vec<Card>,
    next: Option<String>,
    first: Option<String>,
    all: String,
    here: String,
}

/// The values by which records can be chosen, of one parameter.
#[derive(Debug)]
struct Filter {
    title: String,
    choices: Vec<Choice>,
    /// Those that are behind a word.
    more: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug, askama::Template)]
#[template(path = "choice.html")]
struct Choice {
    text: String,
    count: Option<String>,
    /// The library with it chosen, or no longer.
    href: String,
    is_chosen: bool,
}

/// A value that is chosen, with the way to the library without it.
#[derive(Debug)]
struct Chip {
    text: String,
    href: String,
}

/// A record in a list.
#[derive(Debug, askama::Template)]
#[template(path = "card.html")]
pub(super) struct Card {
    page: Page,
    href: String,
    title: Option<Passage>,
    author: Passage,
    level: Option<String>,
    region: Option<Passage>,
    summary: Option<Passage>,
    kind: String,
    principles: Vec<String>,
    /// How it stands, where that is not simply well.
    warning: Option<String>,
    is_verified: bool,
    time: String,
    /// In which language it is, where that is not the page's.
    language: Option<String>,
}

impl Card {
    /// Returns what a list shows of a record.
    pub(super) fn new(page: &Page, item: &RecordItem) -> Self {
        let (title, summary) = (page.passage(&item.title), page.passage(&item.summary));
        let foreign = [&title, &summary].into_iter().flatten().find(|passage| passage.is_foreign);
        let place = item.place.as_deref();
        Self {
            href: page.record_href(&item.id),
            author: page.author(&item.names, item.author),
            level: item.confirmation.level.as_deref().map(|level| page.level(level, place)),
            region: page.region_of(place),
            kind: page.code("kind", &item.kind),
            principles: item.principles.iter().map(|code| page.code("principle", code)).collect(),
            warning: warning(page, item),
            is_verified: item.signature == SignatureStatus::Verified,
            time: page.day(item.time),
            language: foreign.map(|passage| page.language_name(&passage.tag)),
            title,
            summary,
            page: page.clone(),
        }
    }
}

/// Returns how a record stands in a word or two, where that is to be known before it is read.
pub(super) fn warning(page: &Page, item: &RecordItem) -> Option<String> {
    let standing = |code: &str| Some(page.code("standing", code));
    match (item.status, item.body) {
        (Status::Disputed, _) => standing("disputed"),
        (Status::Disowned, _) => standing("disowned"),
        (Status::BeyondCut, _) => standing("beyond-cut"),
        (Status::Withdrawn, _) | (_, BodyStatus::Withdrawn) => standing("withdrawn"),
        (_, BodyStatus::Missing) => standing("missing"),
        (_, BodyStatus::Unreadable) => standing("unreadable"),
        (Status::Canonical, BodyStatus::Present) if !item.current => standing("older"),
        (Status::Canonical, BodyStatus::Present) => None,
    }
}

/// What the address of the library asks for, as it stands there.
#[derive(Clone, Debug)]
struct Parameters(BTreeMap<String, String>);

impl Parameters {
    fn of(query: &str) -> Self {
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).map(String::as_str).unwrap_or_default().split(',').filter(|value| !value.is_empty())
    }

    /// Tells whether nothing is asked for but a page of all.
    fn is_plain(&self) -> bool {
        self.0.keys().all(|name| name == "cursor")
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|chosen| chosen == value)
    }

    /// Returns the address with a value chosen, or no longer, from the first page.
    fn toggled(&self, page: &Page, name: &str, value: &str) -> String {
        let mut values: Vec<&str> = self.values(name).filter(|chosen| *chosen != value).collect();
        if !self.has(name, value) {
            values.push(value);
        }
        let joined = values.join(",");
        self.with(page, name, (!joined.is_empty()).then_some(joined.as_str()))
    }

    /// Returns the address with another value of a parameter; from the first page, but for `cursor`.
    fn with(&self, page: &Page, name: &str, value: Option<&str>) -> String {
        let others = self.0.iter().filter(|(other, _)| *other != name && *other != "cursor");
        let mut pairs: Vec<(&str, &str)> =
            others.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        pairs.extend(value.map(|value| (name, value)));
        let query = link::query(&pairs);
        page.href(&if query.is_empty() { "/library".to_owned() } else { format!("/library?{query}") })
    }
}

/// `GET /library`.
pub(super) async fn library(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let asked: query::Records = query::parameters(&visit.uri)?;
    let found = asked.page()?;
    let mut filter = asked.filter()?;
    let parameters = Parameters::of(visit.uri.query().unwrap_or_default());
    api.show(visit, Section::Library, move |page, view| {
        asked.complete(&mut filter, &view)?;
        let list = view.records(&filter, found.cursor, PAGE, now())?;
        let filters = filters(&page, &parameters);
        Ok(LibraryPage {
            chips: chips(&filters),
            found: page.say(if parameters.is_plain() { "library-newest" } else { "library-chosen" }),
            cards: list.items.iter().map(|item| Card::new(&page, item)).collect(),
            next: list.next.map(|cursor| parameters.with(&page, "cursor", Some(&cursor))),
            first: found.cursor.is_some().then(|| parameters.with(&page, "cursor", None)),
            all: page.href("/library"),
            here: parameters.with(&page, "cursor", None),
            filters,
            page,
        })
    })
    .await
}

/// Returns the filters that the page offers.
fn filters(page: &Page, parameters: &Parameters) -> Vec<Filter> {
    let kinds = [record::PRACTICE, record::PLAN].map(|kind| (kind, page.code("kind", kind)));
    let principles = Principle::KNOWN.iter().map(|code| (*code, page.code("principle", code)));
    let regions = gazetteer::all().iter().filter(|territory| territory.parent.is_none());
    let regions = regions.map(|region| (region.code.as_str(), place_name(page, &region.code)));
    vec![
        filter(page, parameters, "kind", kinds.to_vec()),
        filter(page, parameters, "principle", principles.collect()),
        filter(page, parameters, "place", regions.collect()),
    ]
}

fn filter(page: &Page, parameters: &Parameters, name: &str, values: Vec<(&str, String)>) -> Filter {
    let choice = |(value, text): (&str, String)| Choice {
        text,
        count: None,
        href: parameters.toggled(page, name, value),
        is_chosen: parameters.has(name, value),
    };
    let mut choices: Vec<Choice> = values.into_iter().map(choice).collect();
    let more = choices.split_off(choices.len().min(CHOICES));
    Filter { title: page.code("filter", name), choices, more }
}

fn place_name(page: &Page, code: &str) -> String {
    let names = gazetteer::find(code).and_then(|territory| page.passage(&territory.names()));
    names.map_or_else(|| page.plain(code), |name| name.text)
}

/// Returns what is chosen, whether or not a filter offers it.
fn chips(filters: &[Filter]) -> Vec<Chip> {
    let offered = filters.iter().flat_map(|filter| filter.choices.iter().chain(&filter.more));
    let chosen = offered.filter(|choice| choice.is_chosen);
    chosen.map(|choice| Chip { text: choice.text.clone(), href: choice.href.clone() }).collect()
}
