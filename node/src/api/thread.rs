//! The routes of dialogue: threads, and what is asked of a member.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::failure::Failure;
use super::types::{List, RecordItem, Thread};
use super::{Api, query, reply};
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::view::ViewError;

/// Shows what was said about a record: replies, the newest first, each with the replies to it, and of a challenge
/// the practices that answer it. Only what counts is part of it.
#[utoipa::path(
    get,
    path = "/records/{id}/thread",
    tag = "records",
    params(query::EntryPath, query::Thread),
    responses((status = 200, body = Thread))
)]
pub(super) async fn thread(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let page = query::parameters::<query::Thread>(&uri)?.page()?;
    Ok(reply::json(&headers, &api.thread(id, page).await?))
}

/// Lists what is asked of a member and what it has answered with nothing, the newest first.
#[utoipa::path(
    get,
    path = "/members/{author}/questions",
    tag = "members",
    params(query::AuthorPath),
    responses((status = 200, body = List<RecordItem>))
)]
pub(super) async fn questions(
    State(api): State<Api>,
    Path(query::AuthorPath { author }): Path<query::AuthorPath>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let answer = api.talk(move |dialogue| dialogue.unanswered(dialogue.view.find_author(&author)?));
    Ok(reply::json(&headers, &answer.await?))
}

impl Api {
    /// Returns a page of a thread.
    pub(super) async fn thread(&self, id: String, page: query::Page) -> Result<Thread, Failure> {
        self.talk(move |dialogue| dialogue.thread(&id, page.cursor, page.limit)).await
    }

    /// Answers a question about dialogue, off the runtime's threads.
    async fn talk<T: Send + 'static>(
        &self,
        question: impl FnOnce(Dialogue<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (index, snapshot, is_whole) = self.searched().await?;
        self.ask_of(snapshot, move |view| {
            question(Dialogue { view: &view, index: &index, is_whole, now: now() })
        })
        .await
    }
}
