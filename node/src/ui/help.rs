//! How to read, check and reuse what is here.

use axum::extract::State;
use axum::response::Response;

use super::page::{Page, Section};
use super::{Asked, Visit};
use crate::api::Failure;

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
const ROUTES: [(&str, &str); 6] = [
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
