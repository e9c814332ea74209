//! The files of a draft, for whoever may see it.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use multaqa_protocol::id::Bytes32;

use super::load;
use crate::api::{Api, Failure};
use crate::office::SignedIn;

/// `GET /office/drafts/{id}/files/{hash}`: the bytes of a file that a draft names.
pub(super) async fn file(
    State(api): State<Api>,
    _signed_in: SignedIn,
    Path((id, hash)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Failure> {
    let draft = load(&api, &id).await?;
    let hash: Bytes32 = hash.parse().map_err(|_| Failure::NoRoute)?;
    let name = draft.files().remove(&hash).ok_or(Failure::NoFile)?;
    api.give(request, &hash, &name).await
}
