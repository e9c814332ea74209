//! A file of a record that may be on another node: asked for by a reader, and what is said where it does not come.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use multaqa_protocol::id::AuthorId;
use tokio::time::timeout;

use super::page::{Page, Section};
use super::record::bytes;
use super::{Asked, Visit};
use crate::api::Failure;
use crate::attachment::TakeError;
use crate::attachment::serve::FetchError;

/// How long a reader waits for a file before the page says that it is on its way: it comes all the same.
const WAIT: Duration = Duration::from_secs(10);

#[derive(Debug, askama::Template)]
#[template(path = "file.html")]
struct FilePage {
    /// What became of it.
    title: String,
    why: String,
    name: String,
    record: String,
    /// Whom to ask for it by other means.
    author: String,
    again: String,
    page: Page,
}

/// `GET /records/{id}/files/{hash}`: leads to the bytes of a file, and has it fetched before where it is not here.
pub(super) async fn file(
    State(api): Asked,
    Path((id, hash)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Failure> {
    let hash = hash.parse().map_err(|_| Failure::NoRoute)?;
    let wanted = api.named_by(id, hash).await?;
    let (why, status) = match timeout(WAIT, api.node.obtain(&wanted)).await {
        Ok(Ok(())) => return Ok(Redirect::to(&bytes(&hash, &wanted.record)).into_response()),
        Err(_) | Ok(Err(FetchError::Busy | FetchError::OnItsWay)) => {
            ("error-file-on-its-way", StatusCode::ACCEPTED)
        }
        Ok(Err(FetchError::Nobody)) => ("error-file-nobody", StatusCode::NOT_FOUND),
        Ok(Err(FetchError::Offline)) => ("error-file-offline", StatusCode::NOT_FOUND),
        Ok(Err(FetchError::Take(TakeError::NoRoom))) => {
            ("error-file-no-room", StatusCode::INSUFFICIENT_STORAGE)
        }
        Ok(Err(FetchError::Take(error))) => {
            tracing::warn!(%hash, %error, "an attachment cannot be kept");
            ("error-file-unfit", StatusCode::BAD_GATEWAY)
        }
    };
    let (name, record, author): (_, _, AuthorId) = (wanted.name, wanted.record, wanted.author);
    let mut response = api
        .show(visit, Section::Library, move |page, _| {
            Ok(FilePage {
                title: page.say(why),
                why: page.say(&format!("{why}.why")),
                name: page.plain(&name),
                record: page.record_href(&record),
                author: page.member_href(&author),
                again: format!("{}/files/{hash}", page.record_href(&record)),
                page,
            })
        })
        .await?;
    *response.status_mut() = status;
    Ok(response)
}
