//! The library: records by words and by what they say, with how many there are of each.

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::record::PLAN;

use super::card::Card;
use super::page::{Page, Section};
use super::parameters::{Chip, Parameters};
use super::text::Passage;
use super::{Asked, Visit, record};
use crate::api::types::{BodyStatus, FacetCount, Facets, RecordItem, Status};
use crate::api::{Failure, query};
use crate::view::ViewError;
use crate::view::follow_up::{Referrers, today};

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
    /// Whom the authors of these records are like, and how that is counted.
    like: Option<Like>,
    cards: Vec<Card>,
    next: Option<String>,
    first: Option<String>,
    all: String,
    here: String,
    /// The same selection as files: where, and in which form.
    files: Vec<(String, String)>,
    page: Page,
}

/// A collectivity for which others like it were looked for.
#[derive(Debug)]
struct Like {
    href: String,
    name: Passage,
    rule: String,
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
    let (index, snapshot, is_whole) = api.searched().await?;
    api.show_of(snapshot, visit, Section::Library, move |page, view| {
        let referrers = Referrers::new(view, &index, is_whole, today());
        let is_asked = parameters.first("q").is_some_and(|words| !words.trim().is_empty());
        let order = match found.similar_to {
            Some(_) => "similar-first",
            None if is_asked => "library-by-fit",
            None => "library-newest",
        };
        let count = found.total.map(|total| page.count("library-found", total));
        Ok(LibraryPage {
            words: page.plain(parameters.first("q").unwrap_or_default()),
            kept: parameters.kept(),
            filters: filters(&page, &parameters, &found.facets),
            chips: parameters.chips(&page),
            found: count.into_iter().chain([page.say(order)]).collect::<Vec<_>>().join(" · "),
            is_incomplete: !found.complete,
            cards: found.items.iter().map(|item| card(&page, &referrers, item)).collect::<Result<_, _>>()?,
            like: found.similar_to.as_ref().map(|like| Like {
                href: page.member_href(&like.author.author),
                name: page.author(&like.author.names, like.author.author),
                rule: page.passage(&like.rule).map(|rule| rule.text).unwrap_or_default(),
            }),
            next: found.next.map(|cursor| parameters.with(&page, "cursor", Some(&cursor))),
            first: parameters.first("cursor").is_some().then(|| parameters.with(&page, "cursor", None)),
            all: page.href("/library"),
            here: parameters.with(&page, "cursor", None),
            files: if found.complete && found.similar_to.is_none() {
                files(&page, &parameters)
            } else {
                Vec::new()
            },
            page,
        })
    })
    .await
}

/// Returns what is shown of a record; of a plan also how far it has come, where that is quickly said.
fn card(page: &Page, referrers: &Referrers<'_>, item: &RecordItem) -> Result<Card, ViewError> {
    let card = Card::new(page, item);
    if item.kind != PLAN || item.status != Status::Canonical || item.body != BodyStatus::Present {
        return Ok(card);
    }
    let tally = referrers.quick_tally(&item.id.to_string())?.filter(|tally| tally.counted > 0);
    Ok(card.with_figure(tally.map(|tally| record::done(page, &tally))))
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
