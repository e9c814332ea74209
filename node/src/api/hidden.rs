//! What this node does not show, for the office alone.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::PROFILE;

use super::failure::Failure;
use super::types::{HIDDEN, HideRequest, Hiding, List, SHOWN_AGAIN, ShowRequest, ShownAgain};
use super::{Api, reply};
use crate::view::Filter;

/// Lists the records that this node hides, with the reasons.
#[utoipa::path(get, path = "/hidden", tag = "office", responses((status = 200, body = List<Hiding>)))]
pub(super) async fn list(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.hidden()))
}

/// Hides a record on this node, in all its versions: on pages, in lists, search, files and feeds. Its signed bytes
/// and its author's log are served as before.
#[utoipa::path(
    post,
    path = "/hidden",
    tag = "office",
    request_body = HideRequest,
    responses((status = 201, description = "The hiding as it stands", body = List<Hiding>))
)]
pub(super) async fn hide(State(api): State<Api>, bytes: Bytes) -> Result<Response, Failure> {
    let HideRequest { record, reason } = reply::request(&bytes)?;
    let (author, record) = api.record_named(record).await?;
    api.node.hide(author, record, reason).await?;
    let made = api.hidden().items.into_iter().filter(|hiding| hiding.record == record).collect();
    Ok(reply::created(&List::whole(HIDDEN, made)))
}

/// Shows a record again.
#[utoipa::path(
    post,
    path = "/hidden/lift",
    tag = "office",
    request_body = ShowRequest,
    responses((status = 200, body = ShownAgain))
)]
pub(super) async fn show(
    State(api): State<Api>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let ShowRequest { record } = reply::request(&bytes)?;
    let (_, record) = api.record_named(record).await?;
    let shown = api.node.show_again(record).await?;
    Ok(reply::json(&headers, &ShownAgain { schema: SHOWN_AGAIN.into(), shown }))
}

impl Api {
    fn hidden(&self) -> List<Hiding> {
        List::whole(HIDDEN, self.node.hidden().iter().cloned().collect())
    }

    /// Returns the first version of a record that people read; statements and profiles say who belongs, and are
    /// not hidden.
    async fn record_named(&self, text: String) -> Result<(AuthorId, EntryId), Failure> {
        let (kind, first) = self
            .ask(move |view| {
                let found = view.find(&text)?;
                let first = view.first_version(&found);
                Ok((found.kind, (found.author, first)))
            })
            .await?;
        match Filter::default().wants_kind(&kind) && kind != PROFILE {
            true => Ok(first),
            false => Err(Failure::NotARecord(kind)),
        }
    }
}
