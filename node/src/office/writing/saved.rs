//! What is sent from a form: saved, and then whatever the button asked for. Two who write in one draft are told of each
//! other; neither writes over the other's text.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::around::resolve;
use super::check::problems;
use super::list::told;
use super::sent::{Sent, release};
use super::shown::{anchor, label};
use super::{address, go_on, load, with_drafts};
use crate::api::{Api, Failure};
use crate::office::draft::{Draft, DraftError, DraftId, Stamp};
use crate::office::form::{Deed, Tree, apply, change, clean, sections};
use crate::office::{Role, SignedIn};
use crate::ui::Visit;
use crate::ui::language::Language;
use crate::ui::page::Page;

/// What the script is answered.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether it was saved.
    saved: bool,
    /// The version from which to go on.
    version: u64,
    /// What to show.
    text: String,
}

/// `POST /office/drafts/{id}`.
pub(super) async fn save(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    request: Request,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    let current = load(&api, &id).await?;
    let id = current.id.clone();
    let sent = Sent::receive(&api, &current, request).await?;
    // What was typed lies over the fields that the form does not have.
    let mut fields = current.fields.clone();
    apply(&current.kind, &mut fields, &sent.pairs);
    resolve(&api, &current.kind, &mut fields).await?;
    let is_whole = matches!(sent.button.as_str(), "check" | "preview");
    if is_whole {
        clean(&current.kind, &mut fields);
    }
    let at = Deed::read(&sent.button).and_then(|deed| change(&current.kind, &mut fields, &deed));
    let typed = fields.clone();
    let at = sent.attach_to(&current.kind, &mut fields).or(at);
    let (version, languages, written) = (sent.version, sent.languages.clone(), fields.clone());
    let by = Stamp::now(&signed_in.account);
    let changed = {
        let (id, by) = (id.clone(), by.clone());
        with_drafts(&api, move |drafts| {
            drafts.change(&id, version, by, move |draft| {
                draft.fields = written;
                if !languages.is_empty() {
                    draft.languages = languages;
                }
            })
        })
        .await
    };
    // Files that were taken out of it, and those that came for a draft that somebody else had changed.
    let mut gone: BTreeSet<_> = current.files().into_keys().chain(sent.hashes()).collect();
    if let Ok(draft) = &changed {
        let named = draft.files();
        gone.retain(|hash| !named.contains_key(hash));
    }
    release(&api, gone.into_iter().collect()).await;
    match changed {
        Ok(draft) if sent.refused.is_some() => Ok(refused(&visit, &draft, &sent)),
        Ok(draft) if sent.is_script => Ok(saved_answer(&visit, &draft)),
        Ok(draft) => on(&api, &visit, &draft, &sent.button, at).await,
        // The same once more: a form sent twice, or a browser that came back to a page it had left.
        Err(DraftError::Stale { current } | DraftError::Closed { current }) if current.fields == fields => {
            match sent.is_script {
                true => Ok(saved_answer(&visit, &current)),
                false => on(&api, &visit, &current, &sent.button, None).await,
            }
        }
        Err(DraftError::Stale { current }) if sent.is_script => Ok(stale_answer(&visit, &current)),
        Err(DraftError::Stale { current }) => conflict(&api, visit, *current, typed, &sent).await,
        Err(error) => Err(error.into()),
    }
}

/// Comes back to the place of a file that was not taken; what was typed beside it is saved.
fn refused(visit: &Visit, draft: &Draft, sent: &Sent) -> Response {
    let Some((list, why)) = &sent.refused else { return go_on(&drafts(visit.language)) };
    let query = crate::ui::link::query(&[("at", list), ("refused", why)]);
    go_on(&address(visit.language, &draft.id, &format!("?{query}#faults")))
}

/// Goes where the button wanted.
async fn on(
    api: &Api,
    visit: &Visit,
    draft: &Draft,
    button: &str,
    at: Option<String>,
) -> Result<Response, Failure> {
    let to = |rest: &str| go_on(&address(visit.language, &draft.id, rest));
    if let Some(at) = at {
        let query = crate::ui::link::query(&[("at", &at)]);
        return Ok(to(&format!("?{query}#{}", anchor(&at))));
    }
    match button {
        "preview" if problems(api, draft).await?.is_empty() => Ok(to("/preview")),
        "preview" | "check" => Ok(to("?check=1#faults")),
        button => match button.split_once(':') {
            Some((_, name)) => {
                let query = crate::ui::link::query(&[("at", name)]);
                Ok(to(&format!("?{query}#{}", anchor(name))))
            }
            None => Ok(to("?saved=1")),
        },
    }
}

fn saved_answer(visit: &Visit, draft: &Draft) -> Response {
    let page = Page::new(visit.language, crate::ui::page::Section::Office, &visit.uri);
    let text = page.tell("draft-saved-at", &[("when", page.time(draft.changed.at).into())]);
    Json(Answer { saved: true, version: draft.version, text }).into_response()
}

fn stale_answer(visit: &Visit, current: &Draft) -> Response {
    let page = Page::new(visit.language, crate::ui::page::Section::Office, &visit.uri);
    let text = told(&page, "draft-conflict-script", &current.changed);
    Json(Answer { saved: false, version: current.version, text }).into_response()
}

#[derive(Debug, askama::Template)]
#[template(path = "office/conflict.html")]
struct ConflictPage {
    who: String,
    here: String,
    version: u64,
    rows: Vec<Difference>,
    /// All that was sent, to send it again.
    kept: Vec<(String, String)>,
    page: Page,
}

/// A field in which two versions differ.
#[derive(Debug)]
struct Difference {
    label: String,
    theirs: Vec<String>,
    own: Vec<String>,
}

/// Shows both versions to whoever came second, who chooses.
async fn conflict(
    api: &Api,
    visit: Visit,
    current: Draft,
    own: Tree,
    sent: &Sent,
) -> Result<Response, Failure> {
    let pairs =
        sent.pairs.iter().flat_map(|(name, values)| values.iter().map(|value| (name.clone(), value.clone())));
    let mut kept: Vec<(String, String)> = pairs.collect();
    kept.extend(sent.languages.iter().map(|tag| ("draft-language".to_owned(), tag.clone())));
    let mut response = api
        .show_in_office(visit, move |page, _| {
            let fields = sections(&current.kind).iter().flat_map(|section| section.fields);
            let rows = fields.filter_map(|field| {
                let (theirs, own) = (current.fields.get(field.name), own.get(field.name));
                (theirs != own).then(|| Difference {
                    label: label(&page, &current.kind, field.name),
                    theirs: texts(&page, theirs),
                    own: texts(&page, own),
                })
            });
            Ok(ConflictPage {
                who: told(&page, "draft-conflict-who", &current.changed),
                here: address(page.language, &current.id, ""),
                version: current.version,
                rows: rows.collect(),
                kept,
                page,
            })
        })
        .await?;
    *response.status_mut() = StatusCode::CONFLICT;
    Ok(response)
}

/// Returns all that a value says, piece by piece.
fn texts(page: &Page, value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Object(inner)) => inner.values().flat_map(|value| texts(page, Some(value))).collect(),
        Some(Value::Array(items)) => items.iter().flat_map(|value| texts(page, Some(value))).collect(),
        Some(Value::String(text)) => vec![page.plain(text)],
        Some(Value::Number(number)) => vec![number.to_string()],
        Some(Value::Bool(_)) => vec![page.say("form-yes")],
        Some(Value::Null) | None => Vec::new(),
    }
}

/// `POST /office/drafts/{id}/discard`.
pub(super) async fn discard(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    bytes: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    let id: DraftId = id.parse().map_err(|_| Failure::NoRoute)?;
    let version = Sent::read(&visit.headers, &bytes).version;
    let result = with_drafts(&api, move |drafts| {
        let files = drafts.read(&id)?.files();
        drafts.discard(&id, version)?;
        Ok(files)
    });
    match result.await {
        // Sent twice.
        Err(DraftError::Absent { .. }) => Ok(go_on(&drafts(visit.language))),
        Ok(files) => {
            release(&api, files.into_keys().collect()).await;
            Ok(go_on(&drafts(visit.language)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the address of the list of drafts.
pub(super) fn drafts(language: Language) -> String {
    format!("/{}/office/drafts", language.tag())
}
