//! HTTP, version 1: JSON under `/api/v1`, on two routers.
//!
//! [`Api::public`] only reads: no route on it writes. [`Api::office`] is the same and what writes, for
//! the Unix socket in the data folder and for use within the process. Handlers turn requests into
//! questions to the [`crate::view`] and into drafts for the [`Node`]; they decide nothing about
//! entries. Every refusal is a problem with a stable code.

mod bundle;
mod failure;
mod govern;
mod key;
mod limits;
pub(crate) mod query;
mod read;
mod reply;
pub mod socket;
pub(crate) mod status;
#[cfg(test)]
pub(crate) mod tests;
pub mod types;
mod write;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, map_response};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::Node;
use crate::ui;
use crate::view::{Library, Snapshot, View, ViewError};
pub(crate) use failure::Failure;
use failure::as_problem;
pub(crate) use reply::page;

/// Largest JSON request: four of the largest bodies, since hex and escapes make text longer.
pub const MAX_REQUEST: usize = 1 << 20;
/// Largest bundle that is taken in one request; it is held in memory.
pub const MAX_IMPORT: usize = 256 << 20;
/// Requests of the public that are answered at the same time; others wait in their sockets.
pub const MAX_PUBLIC: usize = 64;
/// The same for the office: a few people and their scripts.
pub const MAX_OFFICE: usize = 32;
/// How long an answer to the public may take to begin.
pub const PUBLIC_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for the office: a first signature waits for a peer, a bundle is checked and written.
pub const OFFICE_TIMEOUT: Duration = Duration::from_mins(10);

/// What handlers share; a clone is another handle to the same.
#[derive(Clone, Debug)]
pub struct Api {
    pub(crate) node: Node,
    library: Arc<Library>,
}

/// Returns the router that only reads.
pub fn public(node: Node) -> Router {
    Api::new(node).public()
}

/// Returns the router that reads and writes.
pub fn office(node: Node) -> Router {
    Api::new(node).office()
}

impl Api {
    /// Returns the API of a node.
    #[must_use]
    pub fn new(node: Node) -> Self {
        Self { node, library: Arc::default() }
    }

    /// Returns the router that only reads, pages among what it gives.
    pub fn public(&self) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PUBLIC_TIMEOUT))
            .layer(GlobalConcurrencyLimitLayer::new(MAX_PUBLIC))
            .layer(RequestBodyLimitLayer::new(MAX_REQUEST));
        let router = finish(reads().merge(ui::pages())).layer(layers).layer(map_response(as_problem));
        router.layer(from_fn(ui::as_page)).with_state(self.clone())
    }

    /// Returns the router that reads and writes.
    pub fn office(&self) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, OFFICE_TIMEOUT))
            .layer(GlobalConcurrencyLimitLayer::new(MAX_OFFICE));
        finish(reads().merge(writes())).layer(layers).layer(map_response(as_problem)).with_state(self.clone())
    }

    /// Answers a question to the view, off the runtime's threads.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let snapshot = self.node.with(Snapshot::of).await?;
        self.ask_of(snapshot, question).await
    }

    pub(crate) async fn ask_of<T: Send + 'static>(
        &self,
        snapshot: Snapshot,
        question: impl FnOnce(View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (store, library) = (self.node.store().clone(), self.library.clone());
        let answer = tokio::task::spawn_blocking(move || question(View::new(&snapshot, &store, &library)?));
        // A question does not panic; a runtime that is shutting down has no use for the answer.
        Ok(answer.await.map_err(|_| Failure::Stopped)??)
    }
}

fn reads() -> Router<Api> {
    Router::new()
        .route("/healthz", get(status::healthz))
        .route("/api/v1/healthz", get(status::healthz))
        .route("/api/v1/status", get(status::status))
        .route("/api/v1/peers", get(status::peers))
        .route("/api/v1/network", get(status::network))
        .route("/api/v1/records", get(read::records))
        .route("/api/v1/records/{id}", get(read::record))
        .route("/api/v1/records/{id}/history", get(read::history))
        .route("/api/v1/records/{id}/provenance", get(read::provenance))
        .route("/api/v1/entries/{id}", get(read::entry))
        .route("/api/v1/members", get(read::members))
        .route("/api/v1/members/{author}", get(read::member))
        .route("/api/v1/authors/{author}/log", get(read::log))
        .route("/api/v1/quotas", get(limits::quotas))
        .route("/api/v1/bundle", get(bundle::download))
}

fn writes() -> Router<Api> {
    let large = DefaultBodyLimit::max(MAX_IMPORT);
    Router::new()
        .route("/api/v1/bans", get(limits::bans).post(limits::ban))
        .route("/api/v1/bans/lift", post(limits::lift))
        .route("/api/v1/candidates", get(read::candidates))
        .route("/api/v1/application", get(bundle::application))
        .route("/api/v1/key", get(key::show))
        .route("/api/v1/key/rotation", post(key::begin))
        .route("/api/v1/key/rotation/signed", post(key::rotate))
        .route("/api/v1/key/resume", post(key::resume))
        .route("/api/v1/clock/confirm", post(key::confirm_clock))
        .route("/api/v1/records", post(write::publish))
        .route("/api/v1/records/{id}/revise", post(write::revise))
        .route("/api/v1/records/{id}/withdraw", post(write::withdraw))
        .route("/api/v1/network", post(govern::found))
        .route("/api/v1/network/amend", post(govern::amend))
        .route("/api/v1/network/enter", post(govern::enter))
        .route("/api/v1/network/sign", post(govern::sign))
        .route("/api/v1/invitations", post(govern::invite))
        .route("/api/v1/admissions", post(govern::admit))
        .route("/api/v1/suspensions", post(govern::suspend))
        .route("/api/v1/bundle", post(bundle::upload).layer(large))
        .route("/api/v1/import", post(bundle::upload).layer(large))
}

fn finish(router: Router<Api>) -> Router<Api> {
    router
        .fallback(async || Failure::NoRoute)
        .method_not_allowed_fallback(async || Failure::NoMethod)
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
}
