//! Whether the node lives, and whether it is ready: two questions of whoever starts, restarts and watches it.
//!
//! It lives while its driver answers; a restart helps where it does not. It is ready once readers find all that it
//! holds and other nodes can reach it; until then waiting helps. A node that takes no writes is ready: it goes on
//! answering readers, and `status` says what it lacks.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::Api;
use super::failure::Failure;
use crate::driver::Stopped;
use crate::index::NEAR;

/// How often [`Api::ready`] looks.
const LOOK: Duration = Duration::from_millis(100);
/// Schema of [`Ready`].
const READY: &str = "multaqa/ready/1";

/// What a node waits for.
const INDEX_BEHIND: &str = "index-behind";
/// It listens for no other node yet.
const NOT_LISTENING: &str = "not-listening";
/// It ends.
const STOPPING: &str = "stopping";

/// Where a node is ready.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Ready {
    /// `multaqa/ready/1`.
    schema: &'static str,
    /// Always so: where it is not, the answer is a problem.
    ready: bool,
}

impl Api {
    /// Returns what the node waits for: nothing once it is ready.
    pub(crate) async fn waits_for(&self) -> Vec<&'static str> {
        let Ok(snapshot) = self.node.snapshot().await else { return vec![STOPPING] };
        let mut waits_for = Vec::new();
        // What was published a moment ago is taken up while an answer waits.
        if self.node.index().behind(&snapshot) > NEAR || !self.node.index().is_built() {
            waits_for.push(INDEX_BEHIND);
        }
        if self.node.is_online() && self.node.listeners().await.is_empty() {
            waits_for.push(NOT_LISTENING);
        }
        waits_for
    }

    /// Returns once the node is ready, or has stopped.
    pub async fn ready(&self) {
        loop {
            let waits_for = self.waits_for().await;
            if waits_for.is_empty() || waits_for.contains(&STOPPING) {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Tells whether the node lives, at the address where service managers look.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "node",
    responses((status = 200, description = "It answers", body = String, content_type = "text/plain"))
)]
pub(super) async fn alive(state: State<Api>) -> Result<&'static str, Failure> {
    healthz(state).await
}

/// Tells whether the node lives, for whoever restarts it.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "node",
    responses((status = 200, description = "It answers", body = String, content_type = "text/plain"))
)]
pub(super) async fn healthz(State(api): State<Api>) -> Result<&'static str, Failure> {
    api.node.health().await.map_err(|Stopped| Failure::Stopped)?;
    Ok("ok\n")
}

/// Tells whether the node is ready, at the address where service managers look.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "node",
    responses((status = 200, description = "Readers find all that it holds, and other nodes can reach it; otherwise 503, `not-ready`, whose detail names `index-behind`, `not-listening` or `stopping`", body = Ready))
)]
pub(super) async fn prepared(state: State<Api>) -> Result<Response, Failure> {
    readyz(state).await
}

/// Tells whether the node is ready, for whoever sends readers to it.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "node",
    responses((status = 200, description = "Readers find all that it holds, and other nodes can reach it; otherwise 503, `not-ready`, whose detail names `index-behind`, `not-listening` or `stopping`", body = Ready))
)]
pub(super) async fn readyz(State(api): State<Api>) -> Result<Response, Failure> {
    let waits_for = api.waits_for().await;
    if !waits_for.is_empty() {
        return Err(Failure::NotReady(waits_for));
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(Ready { schema: READY, ready: true })).into_response())
}
