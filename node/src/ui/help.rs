//! How to read, check and reuse what is here.

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::record::Words;

use super::page::{Page, Section};
use super::text::Passage;
use super::{Asked, Visit};
use crate::api::Failure;
use crate::index::concepts;

/// Parts of the help, by the names of their messages: a title, then paragraphs.
const PARTS: [(&str, &[&str]); 5] = [
    ("help-read", &["help-read-first", "help-read-state", "help-read-language"]),
    ("help-trust", &["help-trust-signed", "help-trust-place", "help-trust-copies"]),
    ("help-verify", &["help-verify-how", "help-verify-verdict"]),
    ("help-publish", &["help-publish-how", "help-publish-revise"]),
    ("help-absent", &["help-absent-late", "help-absent-withdrawn"]),
];

/// Verdicts and states that pages show, with the messages that explain them.
const TERMS: [(&str, &str); 7] = [
    ("signature-verified", "term-verified"),
    ("signature-forged", "term-forged"),
    ("signature-undecided", "term-undecided"),
    ("standing-disputed", "term-disputed"),
    ("standing-disowned", "term-disowned"),
    ("standing-withdrawn", "term-withdrawn"),
    ("standing-beyond-cut", "term-beyond-cut"),
];

/// What programs can ask for: path, and the message that says what it gives.
const ROUTES: [(&str, &str); 11] = [
    ("/api/v1/export.csv", "route-csv"),
    ("/api/v1/export.jsonld", "route-jsonld"),
    ("/api/v1/feed.atom", "route-atom"),
    ("/api/v1/catalog.jsonld", "route-catalog"),
    ("/api/v1/openapi.json", "route-openapi"),
    ("/api/v1/records", "route-records"),
    ("/api/v1/members", "route-members"),
    ("/api/v1/network", "route-network"),
    ("/api/v1/peers", "route-peers"),
    ("/api/v1/status", "route-status"),
    ("/api/v1/bundle?all=true", "route-bundle"),
];

#[derive(Debug, askama::Template)]
#[template(path = "help.html")]
struct HelpPage {
    parts: Vec<(&'static str, String, Vec<String>)>,
    terms: Vec<(String, String)>,
    page: Page,
}

#[derive(Debug, askama::Template)]
#[template(path = "terms.html")]
struct TermsPage {
    /// Each with the library asked for it, and its word in Arabic, French and English.
    concepts: Vec<(String, Vec<Passage>)>,
    caption: String,
    page: Page,
}

#[derive(Debug, askama::Template)]
#[template(path = "data.html")]
struct DataPage {
    routes: Vec<(&'static str, String)>,
    licence: Option<String>,
    page: Page,
}

/// `GET /help`.
pub(super) async fn help(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    api.show(visit, Section::Help, |page, _| {
        let part = |(title, texts): (&'static str, &[&str])| {
            (title, page.say(title), texts.iter().map(|id| page.say(id)).collect())
        };
        Ok(HelpPage {
            parts: PARTS.into_iter().map(part).collect(),
            terms: TERMS.map(|(term, about)| (page.say(term), page.say(about))).to_vec(),
            page,
        })
    })
    .await
}

/// `GET /help/terms`: the concepts by which a question in one language finds what was written in another.
pub(super) async fn terms(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    api.show(visit, Section::Help, |page, _| {
        let concept = |words: &Words| {
            let own = words.get(page.language.tag()).or_else(|| words.get("en")).unwrap_or_default();
            let in_each =
                ["ar", "fr", "en"].map(|tag| page.passage_in(tag, words.get(tag).unwrap_or_default()));
            (page.library_href("q", own), in_each.to_vec())
        };
        let concepts: Vec<_> = concepts().map(concept).collect();
        Ok(TermsPage { caption: page.count("terms-table", concepts.len() as u64), concepts, page })
    })
    .await
}

/// `GET /data`.
pub(super) async fn data(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    api.show(visit, Section::Elsewhere, |page, view| {
        let licence = view.network().licence;
        Ok(DataPage {
            routes: ROUTES.map(|(path, about)| (path, page.say(about))).to_vec(),
            licence: (!licence.is_empty()).then(|| page.plain(&licence)),
            page,
        })
    })
    .await
}
