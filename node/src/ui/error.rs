//! What a reader sees where there is no page: what happened, and where to go on.
//!
//! Handlers of pages refuse as those of the API do. Outside both, a refusal of something that was asked
//! for as a page is turned into one, whoever refused: a handler, the router, or a limit around them.

use axum::extract::Request;
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::language::Language;
use super::page::{Page, Section};
use super::{render, with_status};

#[derive(Debug, askama::Template)]
#[template(path = "error.html")]
struct ErrorPage {
    title: String,
    why: String,
    next: String,
    status: String,
    page: Page,
}

/// Gives a refusal the form of a page, where a page was asked for.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let Some(language) = language_for(&request) else { return next.run(request).await };
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // A form that is shown again says itself what is wrong.
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    if is_page || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let mut page = with_status(status, error_page(language, &uri, status));
    // When to ask again, or by which methods.
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = response.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// Returns the language in which to refuse, where a page was asked for: by its path, or by a browser.
fn language_for(request: &Request) -> Option<Language> {
    let path = request.uri().path();
    if let Some(language) = Language::of_path(path) {
        return Some(language);
    }
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let is_read = accepts.is_some_and(|accepts| accepts.contains("text/html"));
    let is_for_programs = path.starts_with("/api/") || path.starts_with("/assets/");
    (is_read && !is_for_programs).then(|| Language::accepted(request.headers()))
}

fn error_page(language: Language, uri: &Uri, status: StatusCode) -> String {
    let name = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => "not-found",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => "busy",
        StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => "forbidden",
        StatusCode::TOO_MANY_REQUESTS => "too-often",
        StatusCode::CONFLICT => "ambiguous",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        _ if status.is_server_error() => "fault",
        _ => "bad-request",
    };
    // The same address is offered in the other languages only where it is a page's.
    let home = Uri::from_static("/");
    let uri = if Language::of_path(uri.path()).is_some() { uri } else { &home };
    let page = Page::new(language, Section::Elsewhere, uri);
    render(&ErrorPage {
        title: page.say(&format!("error-{name}")),
        why: page.say(&format!("error-{name}.why")),
        next: page.say(&format!("error-{name}.next")),
        status: status.as_str().to_owned(),
        page,
    })
}
