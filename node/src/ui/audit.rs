//! The page on which anybody checks a bundle, and compares two.
//!
//! The file is read as it comes, by the same code as the command `verify`, and is not kept. What a stranger can
//! make a node work at is bounded: the size of a file, and how many are checked at once.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use multaqa_protocol::audit::{Auditor, Report};
use multaqa_report::{Checked, Source, Words};
use tokio::sync::mpsc;

use super::language::Language;
use super::page::{Page, Section};
use super::{Asked, Visit};
use crate::api::{Api, Failure};
use crate::clock::now;

/// Largest request: two files. The bundle of one record of a network of 1,590 members has 2 MB; whole networks are
/// for the command.
pub(crate) const MAX_AUDIT: usize = 32 << 20;
/// Requests that are checked at once: each takes a core for at most some two seconds.
pub(crate) const MAX_AUDITS: usize = 2;
/// How long one may take, slow lines counted in; then its place is for others.
pub(crate) const TIMEOUT: Duration = Duration::from_mins(2);
/// Pieces of a file that wait for the auditor; then reading waits too.
const PIECES: usize = 4;
/// Longest name of a file that is shown.
const MAX_NAME: usize = 120;

#[derive(Debug, askama::Template)]
#[template(path = "audit.html")]
struct AuditPage {
    fault: Option<String>,
    report: Option<String>,
    page: Page,
}

/// Returns the routes of the page; they take larger requests than others.
pub(crate) fn audits() -> Router<Api> {
    let at = |language: Language| format!("/{}/audit", language.tag());
    let routes = Language::ALL
        .into_iter()
        .fold(Router::new(), |router, language| router.route(&at(language), get(form).post(audit)));
    routes.layer(DefaultBodyLimit::max(MAX_AUDIT))
}

/// `GET /audit`.
async fn form(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    api.show(visit, Section::Help, |page, _| Ok(AuditPage { fault: None, report: None, page })).await
}

/// `POST /audit`: the report on a bundle, compared with another one where there is one.
async fn audit(State(api): Asked, visit: Visit, form: Multipart) -> Result<Response, Failure> {
    let place = api.audits.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
    let found = receive(form).await;
    drop(place);
    let status = match &found {
        Ok(Some(_)) => StatusCode::OK,
        Ok(None) => StatusCode::UNPROCESSABLE_ENTITY,
        Err(error) => error.status(),
    };
    let response = api.show(visit, Section::Help, move |page, _| {
        let (fault, report) = match found {
            Ok(Some((file, against))) => (None, Some(shown(&page, &file, against.as_ref()))),
            Ok(None) => (Some(page.say("audit-no-file")), None),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                (Some(page.count("audit-too-large", (MAX_AUDIT >> 20) as u64)), None)
            }
            Err(_) => (Some(page.say("audit-cut-off")), None),
        };
        Ok(AuditPage { fault, report, page })
    });
    let mut response = response.await?;
    *response.status_mut() = status;
    Ok(response)
}

/// Checks the files of a form: the first, and the one to compare it with; `None` where nobody chose one.
async fn receive(mut form: Multipart) -> Result<Option<(Audited, Option<Audited>)>, MultipartError> {
    let (mut bundle, mut against) = (None, None);
    while let Some(field) = form.next_field().await? {
        let chosen = field.file_name().is_some_and(|name| !name.is_empty());
        match field.name() {
            Some("bundle") if chosen && bundle.is_none() => bundle = Some(check(field).await?),
            Some("against") if chosen && against.is_none() => against = Some(check(field).await?),
            _ => {}
        }
    }
    Ok(bundle.map(|bundle| (bundle, against)))
}

/// A file, and what was found in it.
struct Audited {
    source: Source,
    report: Report,
}

impl Audited {
    const fn checked(&self) -> Checked<'_> {
        Checked { source: &self.source, report: &self.report }
    }
}

/// Checks a file as it comes, off the runtime's threads.
async fn check(mut field: Field<'_>) -> Result<Audited, MultipartError> {
    let name = field.file_name().unwrap_or_default().chars().take(MAX_NAME).collect();
    let (sender, mut pieces) = mpsc::channel::<Bytes>(PIECES);
    let work = tokio::task::spawn_blocking(move || {
        let (mut auditor, mut bytes) = (Auditor::new(1), 0);
        while let Some(piece) = pieces.blocking_recv() {
            auditor.push(&piece);
            bytes += piece.len() as u64;
        }
        let source = Source { name, bytes, sha256: auditor.sha256().to_string(), checked: now() };
        Audited { source, report: auditor.finish() }
    });
    while let Some(piece) = field.chunk().await? {
        // The auditor takes all there is.
        let _ = sender.send(piece).await;
    }
    drop(sender);
    Ok(work.await.expect("an audit does not panic"))
}

/// Returns the report in the page's language.
fn shown(page: &Page, file: &Audited, against: Option<&Audited>) -> String {
    multaqa_report::fragment(file.checked(), against.map(Audited::checked), Words::new(page.language.tag()))
}
