//! The library: records by words and by what they say, with how many there are of each.

use axum::extract::State;
use axum::response::Response;

use super::card::Card;
use super::page::{Page, Section};
use super::parameters::{Chip, Parameters};
use super::{Asked, Visit};
use crate::api::types::{FacetCount, Facets};
use crate::api::{Failure, query};

/// Records of a page: what a reader looks through before asking for less.
const PAGE: usize = 20;
/// Values of a filter that are shown at once; the others are behind a word.
const CHOICES: usize = 6;

#[derive(Debug, askama::Template)]
#[template(path = "library.html")]
struct LibraryPage {
    /// The words that were looked for, as they were written.
    words: String,
    /// What else is chosen, for the form that looks for words.
    kept: Vec<(String, String)>,
    filters: Vec<Filter>,
    chips: Vec<Chip>,
    found: String,
    is_incomplete: bool,
    cards: Vec<Card>,
    next: Option<String>,
    first: Option<String>,
    all: String,
    here: String,
    /// The same selection as files: where, and in which form.
    files: Vec<(String, String)>,
    page: Page,
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
    count: String,
    /// The library with it chosen, or no longer.
    href: String,
    is_chosen: bool,
}

/// `GET /library`.
pub(super) async fn library(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let mut asked: query::Records = query::parameters(&visit.uri)?;
    asked.limit.get_or_insert(PAGE);
    let parameters = Parameters::of(visit.uri.query().unwrap_or_default());
    let found = api.records(asked).await?;
    api.show(visit, Section::Library, move |page, _| {
        let is_asked = parameters.first("q").is_some_and(|words| !words.trim().is_empty());
        let order = if is_asked { "library-by-fit" } else { "library-newest" };
        let count = found.total.map(|total| page.count("library-found", total));
        Ok(LibraryPage {
            words: page.plain(parameters.first("q").unwrap_or_default()),
            kept: parameters.kept(),
            filters: filters(&page, &parameters, &found.facets),
            chips: parameters.chips(&page),
            found: count.into_iter().chain([page.say(order)]).collect::<Vec<_>>().join(" · "),
            is_incomplete: !found.complete,
            cards: found.items.iter().map(|item| Card::new(&page, item)).collect(),
            next: found.next.map(|cursor| parameters.with(&page, "cursor", Some(&cursor))),
            first: parameters.first("cursor").is_some().then(|| parameters.with(&page, "cursor", None)),
            all: page.href("/library"),
            here: parameters.with(&page, "cursor", None),
            files: if found.complete { files(&page, &parameters) } else { Vec::new() },
            page,
        })
    })
    .await
}

/// Returns the addresses of the same selection as files. A table begins with the mark by which Excel knows UTF-8.
/// A feed is of what is new, so there is none of what answers words; nor of one language, since `lang`
/// there says in which language titles are.
fn files(page: &Page, parameters: &Parameters) -> Vec<(String, String)> {
    let mut files = vec![
        (parameters.file("/export.csv", &[("bom", "true")]), page.say("selection-csv")),
        (parameters.file("/export.jsonld", &[]), page.say("selection-jsonld")),
    ];
    if parameters.first("q").is_none_or(|words| words.trim().is_empty()) && parameters.first("lang").is_none()
    {
        let language = ("lang", page.language.tag());
        files.push((parameters.file("/feed.atom", &[language]), page.say("selection-atom")));
    }
    files
}

/// Returns the filters: each value that records have, with how many. One value that all have chooses
/// nothing, so it is left out unless it was chosen.
fn filters(page: &Page, parameters: &Parameters, facets: &Facets) -> Vec<Filter> {
    let lists: [(&str, &str, &[FacetCount]); 8] = [
        ("kind", "kind", &facets.kind),
        ("principle", "principle", &facets.principle),
        ("region", "place", &facets.region),
        ("level", "level", &facets.level),
        ("status", "status", &facets.status),
        ("theme", "theme", &facets.theme),
        ("language", "lang", &facets.language),
        ("year", "year", &facets.year),
    ];
    let filter = |(title, name, counts): (&str, &str, &[FacetCount])| {
        let choice = |counted: &FacetCount| Choice {
            text: parameters.value_name(page, name, &counted.value),
            count: page.number(counted.count),
            href: parameters.toggled(page, name, &counted.value),
            is_chosen: parameters.has(name, &counted.value),
        };
        let mut choices: Vec<Choice> = counts.iter().map(choice).collect();
        let more = choices.split_off(choices.len().min(CHOICES));
        let says_something = choices.len() > 1 || choices.iter().any(|choice| choice.is_chosen);
        says_something.then(|| Filter { title: page.code("filter", title), choices, more })
    };
    lists.into_iter().filter_map(filter).collect()
}
