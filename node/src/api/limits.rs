//! What this node allows: its ban list, for the office alone, and the quota of each author.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use multaqa_protocol::engine::Engine;
use multaqa_protocol::engine::quota::Room;
use multaqa_protocol::id::AuthorId;

use super::failure::Failure;
use super::types::{BANS, Ban, BanRequest, LIFTED, Lifted, List, QUOTAS, Quota, RoomLeft, UnbanRequest};
use super::{Api, reply};
use crate::ban::{NoSubject, Subject};

/// Lists the bans in force.
#[utoipa::path(get, path = "/bans", tag = "office", responses((status = 200, body = List<Ban>)))]
pub(super) async fn bans(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &List::whole(BANS, api.node.bans().await?)))
}

/// Bans a peer or a range of addresses.
#[utoipa::path(
    post,
    path = "/bans",
    tag = "office",
    request_body = BanRequest,
    responses((status = 201, description = "The ban as it stands", body = List<Ban>))
)]
pub(super) async fn ban(State(api): State<Api>, bytes: Bytes) -> Result<Response, Failure> {
    let request: BanRequest = reply::request(&bytes)?;
    let subject = subject(&request.subject)?;
    let lasting = request.seconds.map(Duration::from_secs);
    api.node.ban(subject, request.reason, lasting).await?;
    let bans = api.node.bans().await?;
    let made = bans.into_iter().filter(|ban| ban.subject == subject).collect();
    Ok(reply::created(&List::whole(BANS, made)))
}

/// Lifts a ban.
#[utoipa::path(
    post,
    path = "/bans/lift",
    tag = "office",
    request_body = UnbanRequest,
    responses((status = 200, body = Lifted))
)]
pub(super) async fn lift(
    State(api): State<Api>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<Response, Failure> {
    let request: UnbanRequest = reply::request(&bytes)?;
    let lifted = api.node.unban(subject(&request.subject)?).await?;
    Ok(reply::json(&headers, &Lifted { schema: LIFTED.into(), lifted }))
}

fn subject(text: &str) -> Result<Subject, Failure> {
    text.parse().map_err(|error: NoSubject| Failure::BadParameter(error.to_string()))
}

/// Shows how much of each author is held here, the largest first.
#[utoipa::path(get, path = "/quotas", tag = "node", responses((status = 200, body = List<Quota>)))]
pub(super) async fn quotas(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let mut rows = api.node.with(rows).await?;
    rows.sort_by_key(|quota| std::cmp::Reverse(quota.bytes));
    let answer = api.ask(move |view| {
        for row in &mut rows {
            row.names = view.names_of(row.author);
        }
        Ok(List::whole(QUOTAS, rows))
    });
    Ok(reply::json(&headers, &answer.await?))
}

fn rows(engine: &Engine) -> Vec<Quota> {
    let row = |author: &AuthorId| Quota {
        author: *author,
        names: Default::default(),
        bytes: engine.quotas().held(author),
        quota: engine.quotas().allowance().quota(author),
        room: match engine.room(author) {
            Room::Open if engine.leaves_content_out(author) => RoomLeft::Headers,
            Room::Open => RoomLeft::Everything,
            Room::Headers => RoomLeft::Headers,
            Room::Recovery => RoomLeft::Rotations,
            Room::Evidence => RoomLeft::Evidence,
            Room::Full => RoomLeft::Nothing,
        },
    };
    engine.logs().keys().map(row).collect()
}

/// Returns of how many authors not everything is taken.
pub(super) fn over_quota(engine: &Engine) -> usize {
    engine.logs().keys().filter(|author| engine.leaves_content_out(author)).count()
}
