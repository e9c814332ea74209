//! What a copy elsewhere follows, for whoever owns the machine: the logs of everyone with their signed bytes, also
//! where they do not count.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::log::Place;

use super::failure::Failure;
use super::types::{MIRROR_LOGS, MirrorLogs, MirrorPage};
use super::{Api, query, reply};

/// Tells how all logs stand, unless nothing changed.
#[utoipa::path(
    get,
    path = "/mirror",
    tag = "office",
    params(query::MirrorLogs),
    responses((status = 200, body = MirrorLogs))
)]
pub(super) async fn logs(State(api): State<Api>, headers: HeaderMap, uri: Uri) -> Result<Response, Failure> {
    let asked: query::MirrorLogs = query::parameters(&uri)?;
    let snapshot = api.node.snapshot().await?;
    let state = hex::encode(snapshot.fingerprint(api.node.store(), &api.node.hidden()));
    if asked.unless.as_ref() == Some(&state) {
        let network = api.node.network();
        let same = MirrorLogs { schema: MIRROR_LOGS.into(), network, state, items: Vec::new() };
        return Ok(reply::json(&headers, &same));
    }
    Ok(reply::json(&headers, &api.ask_of(snapshot, move |view| view.mirror_logs(state)).await?))
}

/// Gives the entries of a log after a place, on all branches, with their bytes.
#[utoipa::path(
    get,
    path = "/mirror/{author}",
    tag = "office",
    params(query::AuthorPath, query::MirrorPage),
    responses((status = 200, body = MirrorPage))
)]
pub(super) async fn page(
    State(api): State<Api>,
    Path(query::AuthorPath { author }): Path<query::AuthorPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::MirrorPage = query::parameters(&uri)?;
    let after = asked.branch.zip(asked.seq).map(|(branch, seq)| Place { branch, seq });
    let answer = api.ask(move |view| view.mirror_page(view.find_author(&author)?, after));
    Ok(reply::json(&headers, &answer.await?))
}
