//! A record in a list: what it is called, whose it is, what it says in short, and why it was found.

use super::page::Page;
use super::text::{Passage, isolated};
use super::title;
use crate::api::types::{Alike, BodyStatus, Matched, Piece, RecordItem, SignatureStatus, Status, Way, Why};

/// A record in a list.
#[derive(Debug, askama::Template)]
#[template(path = "card.html")]
pub(crate) struct Card {
    page: Page,
    href: String,
    title: Option<Marked>,
    author: Passage,
    level: Option<String>,
    region: Option<Passage>,
    summary: Option<Marked>,
    kind: String,
    /// How far it has come, as its author says.
    progress: Vec<String>,
    principles: Vec<String>,
    /// How it stands, where that is not simply well.
    warning: Option<String>,
    is_verified: bool,
    time: String,
    /// In which language it is, where that is not the page's.
    language: Option<String>,
    /// How far a plan has come, where that was asked for.
    figure: Option<String>,
    /// Why it was found, where the words do not stand in it as they were written.
    why: Vec<String>,
}

/// A text of which some words are what was looked for.
#[derive(Debug)]
struct Marked {
    pieces: Vec<(String, bool)>,
    /// Its language and direction.
    frame: Passage,
}

impl Marked {
    fn plain(passage: Passage) -> Self {
        Self { pieces: vec![(passage.text.clone(), false)], frame: passage }
    }

    /// Returns the pieces in which something was found; nothing where there are none.
    fn found(page: &Page, pieces: &[Piece], tag: &str) -> Option<Self> {
        let frame = page.passage_in(tag, "");
        let shown = pieces.iter().map(|piece| (page.plain(&piece.text), piece.marked));
        (!pieces.is_empty()).then(|| Self { pieces: shown.collect(), frame })
    }
}

impl Card {
    /// Returns what a list shows of a record.
    pub(crate) fn new(page: &Page, item: &RecordItem) -> Self {
        let none = Matched::default();
        let matched = item.matched.as_ref().unwrap_or(&none);
        let found = Marked::found(page, &matched.title, &matched.title_language);
        let own = title::of(page, item).map(Marked::plain);
        // Words found in another language give way to a title in the page's own.
        let gives_way = own.as_ref().is_some_and(|own| !own.frame.is_foreign);
        let title = found.filter(|found| !(found.frame.is_foreign && gives_way)).or(own);
        let summary = Marked::found(page, &matched.snippet, &matched.snippet_language)
            .or_else(|| page.passage(&item.summary).map(Marked::plain));
        let foreign = [&title, &summary].into_iter().flatten().find(|marked| marked.frame.is_foreign);
        let place = item.place.as_deref();
        Self {
            href: page.record_href(&item.id),
            author: page.author(&item.names, item.author),
            level: item.confirmation.level.as_deref().map(|level| page.level(level, place)),
            region: page.region_of(place),
            kind: page.code("kind", &item.kind),
            progress: item.progress.iter().map(|code| page.progress(code)).collect(),
            principles: item.principles.iter().map(|code| page.code("principle", code)).collect(),
            warning: warning(page, item),
            is_verified: item.signature == SignatureStatus::Verified,
            time: page.day(item.time),
            language: foreign.map(|marked| page.language_name(&marked.frame.tag)),
            why: matched
                .why
                .iter()
                .map(|why| reason(page, why))
                .chain(item.alike.as_ref().and_then(|alike| likeness(page, alike)))
                .collect(),
            figure: None,
            title,
            summary,
            page: page.clone(),
        }
    }
}

impl Card {
    /// Adds how far a plan has come.
    pub(super) fn with_figure(mut self, figure: Option<String>) -> Self {
        self.figure = figure;
        self
    }
}

/// Returns in what the author of a record is like the one for whom likeness was asked.
fn likeness(page: &Page, alike: &Alike) -> Option<String> {
    let themes: Vec<String> = alike.themes.iter().map(|code| page.code("policy_area", code)).collect();
    let same = [
        alike.population.then(|| page.say("similar-population")),
        alike.region.then(|| page.say("similar-region")),
        (!themes.is_empty()).then(|| page.fill("similar-themes", "themes", &page.list(&themes))),
    ];
    let same: Vec<String> = same.into_iter().flatten().collect();
    (!same.is_empty()).then(|| page.fill("similar-why", "why", &page.list(&same)))
}

/// Returns why a record was found, as a sentence.
fn reason(page: &Page, why: &Why) -> String {
    let way = match why.way {
        Way::Concept => "why-found-concept",
        Way::Place => "why-found-place",
        Way::Spelling => "why-found-spelling",
        Way::Beginning => "why-found-beginning",
    };
    let name = page.passage(&why.names).map(|name| isolated(&name.text));
    let words: Vec<String> = why.words.iter().map(|word| isolated(word)).collect();
    let found = if words.is_empty() { name.clone().unwrap_or_default() } else { page.list(&words) };
    let name = name.unwrap_or_else(|| found.clone());
    let asked = isolated(&why.asked);
    page.tell(way, &[("asked", asked.into()), ("name", name.into()), ("found", found.into())])
}

/// Returns how a record stands in a word or two, where that is to be known before it is read.
pub(crate) fn warning(page: &Page, item: &RecordItem) -> Option<String> {
    let standing = |code: &str| Some(page.code("standing", code));
    match (item.status, item.body) {
        (Status::Disputed, _) => standing("disputed"),
        (Status::Disowned, _) => standing("disowned"),
        (Status::BeyondCut, _) => standing("beyond-cut"),
        (Status::Withdrawn, _) | (_, BodyStatus::Withdrawn) => standing("withdrawn"),
        (_, BodyStatus::Hidden) => standing("hidden"),
        (_, BodyStatus::Missing) => standing("missing"),
        (_, BodyStatus::Unreadable) => standing("unreadable"),
        (Status::Canonical, BodyStatus::Present) if !item.current => standing("older"),
        (Status::Canonical, BodyStatus::Present) => None,
    }
}
