//! The pages on which drafts are written, shown as what would be signed, asked for, approved and published.
//!
//! Every page works without a script: a button that adds or moves something saves the draft and comes back to the
//! same place. The script `office.js` only saves meanwhile, through the same route, and says so.

mod around;
mod begin;
mod check;
mod edit;
mod file;
mod list;
mod preview;
mod publish;
mod saved;
mod sent;
mod shown;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::draft::{Draft, DraftError, DraftId};
use super::form::Tree;
use crate::api::{Api, Failure};
use crate::ui::language::Language;
use crate::ui::page::Page;

/// What a page with a form may load and do: as every page, and the office's own script, which asks this node only.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Characters of a text by which a draft is told from others.
const MAX_GIST: usize = 90;

/// Returns the routes.
pub(super) fn routes() -> Router<Api> {
    let mut router = Router::new();
    for language in Language::ALL {
        let at = |path: &str| format!("/{}/office/drafts{path}", language.tag());
        router = router
            .route(&at(""), get(list::list).post(begin::begin))
            .route(&at("/new"), get(begin::choose))
            .route(
                &at("/{id}"),
                get(edit::form).post(saved::save).layer(DefaultBodyLimit::max(sent::MAX_SENT)),
            )
            .route(&at("/{id}/files/{hash}"), get(file::file))
            .route(&at("/{id}/preview"), get(preview::preview))
            .route(&at("/{id}/publish"), post(publish::publish))
            .route(&at("/{id}/ask"), post(publish::ask))
            .route(&at("/{id}/return"), post(publish::give_back))
            .route(&at("/{id}/discard"), post(saved::discard));
    }
    router
}

/// Runs what reads or writes the files of drafts off the runtime's threads.
pub(super) async fn with_drafts<T: Send + 'static>(
    api: &Api,
    work: impl FnOnce(&super::draft::Drafts) -> Result<T, DraftError> + Send + 'static,
) -> Result<T, DraftError> {
    let office = api.office.clone();
    tokio::task::spawn_blocking(move || work(office.drafts()))
        .await
        .expect("reading and writing files does not panic")
}

/// Returns the draft that an address names.
async fn load(api: &Api, id: &str) -> Result<Draft, Failure> {
    let id: DraftId = id.parse().map_err(|_| Failure::NoRoute)?;
    Ok(with_drafts(api, move |drafts| drafts.read(&id)).await?)
}

/// Returns the address of a page about a draft.
fn address(language: Language, id: &DraftId, rest: &str) -> String {
    format!("/{}/office/drafts/{id}{rest}", language.tag())
}

/// Sends a browser on after it has posted a form.
fn go_on(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// Lets a page run the office's own script.
fn with_script(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Returns what a draft is called: its title, otherwise the first of its texts, in the page's language where it has
/// that one.
fn title_of(page: &Page, fields: &Tree) -> Option<String> {
    let named = ["title", "names", "summary", "text", "adaptation", "note", "reason"];
    let value = named.iter().find_map(|name| fields.get(*name))?;
    let text = match value.as_object() {
        Some(words) => words.get(page.language.tag()).or_else(|| words.values().next())?.as_str()?,
        None => value.as_str()?,
    };
    let short: String = text.chars().take(MAX_GIST).collect();
    Some(page.plain(if short.len() < text.len() { &short } else { text }))
}
