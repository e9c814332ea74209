//! The pages: what is held here, for people, in Arabic, French and English.
//!
//! A page is made on the server out of the same answers as the JSON, needs no script and asks no other
//! host for anything. Its language is the first part of its path. What a record says is data: it is
//! escaped, keeps its own language and direction, and is passed through [`text`] first.
//!
//! Nothing here decides anything, and nothing is written: the pages are on the public router. The office shows
//! them too, and has pages of its own ([`crate::office`]).

pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod card;
mod chart;
mod charter;
mod date;
mod dialogue;
mod error;
mod file;
mod help;
mod history;
mod home;
pub(crate) mod language;
mod library;
pub(crate) mod link;
mod log;
mod member;
mod members;
mod mention;
mod network;
pub(crate) mod page;
mod parameters;
mod place;
pub(crate) mod record;
#[cfg(test)]
pub(crate) mod tests;
pub(crate) mod text;
mod thread;
pub(crate) mod title;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use std::convert::Infallible;

use crate::api::{Api, Base, Failure};
use crate::office::Visitor;
use crate::view::{Snapshot, View, ViewError};
pub(crate) use error::as_page;
use language::Language;
pub(crate) use language::{PLAN_RULE, SIMILAR_RULE, in_all_languages};
use page::{Page, Section};
pub(crate) use title::made as made_title;

/// What a page may load and do: its own stylesheet, fonts and forms. No script runs, whatever a record
/// says; the description of a record for programs is data in an element that has the name of a script.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Returns the routes of the pages.
pub(crate) fn pages() -> Router<Api> {
    let mut router =
        Router::new().route("/", get(choose)).route("/assets/{version}/{name}", get(assets::asset));
    for language in Language::ALL {
        let at = |path: &str| format!("/{}{path}", language.tag());
        let home = at("/");
        router = router
            .route(&at(""), get(async move || Redirect::permanent(&home)))
            .route(&at("/"), get(home::home))
            .route(&at("/library"), get(library::library))
            .route(&at("/dialogue"), get(dialogue::dialogue))
            .route(&at("/records/{id}"), get(record::record))
            .route(&at("/records/{id}/history"), get(history::history))
            .route(&at("/records/{id}/files/{hash}"), get(file::file))
            .route(&at("/members"), get(members::members))
            .route(&at("/members/{author}"), get(member::member))
            .route(&at("/members/{author}/log"), get(log::log))
            .route(&at("/places/{codes}"), get(place::place))
            .route(&at("/network"), get(network::network))
            .route(&at("/charters/{version}"), get(charter::charter))
            .route(&at("/help"), get(help::help))
            .route(&at("/help/terms"), get(help::terms))
            .route(&at("/data"), get(help::data));
    }
    router
}

/// `GET /`: the first page in the language that the reader's browser asks for.
async fn choose(headers: HeaderMap) -> Response {
    let language = Language::accepted(&headers);
    ([(header::VARY, "Accept-Language")], Redirect::temporary(&format!("/{}/", language.tag())))
        .into_response()
}

/// What a request for a page says besides its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    pub(crate) language: Language,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) base: Base,
    /// Who looks at it, on the office's listener.
    pub(crate) visitor: Option<Visitor>,
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let language = Language::of_path(parts.uri.path()).unwrap_or_default();
        let base = Base::from_request_parts(parts, state).await?;
        let visitor = parts.extensions.get::<Visitor>().cloned();
        Ok(Self { language, uri: parts.uri.clone(), headers: parts.headers.clone(), base, visitor })
    }
}

impl Api {
    /// Answers with the page that `make` fills from the view, off the runtime's threads.
    pub(crate) async fn show<T: askama::Template>(
        &self,
        visit: Visit,
        section: Section,
        make: impl FnOnce(Page, View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<Response, Failure> {
        let snapshot = self.node.snapshot().await?;
        self.show_of(snapshot, visit, section, make).await
    }

    /// The same from a snapshot that was taken already.
    pub(crate) async fn show_of<T: askama::Template>(
        &self,
        snapshot: Arc<Snapshot>,
        visit: Visit,
        section: Section,
        make: impl FnOnce(Page, View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<Response, Failure> {
        let connected = self.node.health().await?.connected as u64;
        let author = self.node.author();
        let Visit { language, uri, headers, visitor, .. } = visit;
        let html = self.ask_of(snapshot, move |view| {
            let page = Page::new(language, section, &uri).beside(&view, author, connected).seen_by(visitor);
            Ok(render(&make(page, view)?))
        });
        Ok(crate::api::page(&headers, html.await?))
    }
}

/// Returns the text of a page.
pub(crate) fn render(template: &impl askama::Template) -> String {
    template.render().expect("templates write into memory and call nothing that fails")
}

/// Returns a page that says that something went wrong.
pub(crate) fn with_status(status: StatusCode, html: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, html).into_response()
}

type Asked = State<Api>;
