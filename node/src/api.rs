//! HTTP, version 1: JSON under `/api/v1`, on three routers.
//!
//! [`Api::public`] only reads: no route on it writes. [`Api::office`] is the same and what writes, for
//! the Unix socket in the data folder and for use within the process. [`Api::desk`] has the pages of the office
//! too, and asks for every write who is signed in. Handlers turn requests into
//! questions to the [`crate::view`] and into drafts for the [`Node`]; they decide nothing about
//! entries. Every refusal is a problem with a stable code.

mod attachment;
mod backup;
mod bundle;
pub mod connections;
pub mod counter;
mod digest;
pub mod document;
mod draft;
mod failure;
mod follow_up;
mod govern;
mod head;
mod hidden;
mod key;
mod limits;
mod metrics;
mod mirror;
mod office;
pub mod open;
pub(crate) mod query;
mod read;
mod ready;
mod recent;
mod records;
mod reply;
pub mod socket;
pub(crate) mod status;
#[cfg(test)]
pub(crate) mod tests;
mod thread;
pub mod types;
mod write;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::IntoResponse;
use axum::{Extension, Router};
use tokio::sync::Semaphore;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

use crate::Node;
use crate::index::Index;
use crate::office::{Office, guard, recognise, router as rooms};
use crate::ui::{self, audit};
use crate::view::{Snapshot, View, ViewError};
pub(crate) use failure::Failure;
use failure::as_problem;
pub use head::{HostName, NotAHost};
pub(crate) use open::Base;
pub(crate) use open::linked::document as described;
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

/// Large answers (bundles, exports) that are written at once; each holds a thread and reads the store.
pub const MAX_STREAMS: usize = 8;
/// What a browser may do with an answer that is no page: nothing. Pages say what they need.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Shortest answer that is compressed; shorter ones fit one packet anyway.
const COMPRESSED: u64 = 1_024;

/// What handlers share; a clone is another handle to the same.
#[derive(Clone, Debug)]
pub struct Api {
    pub(crate) node: Node,
    pub(crate) office: Office,
    streams: Arc<Semaphore>,
    pub(crate) audits: Arc<Semaphore>,
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
        let [streams, audits] = [MAX_STREAMS, audit::MAX_AUDITS].map(|most| Arc::new(Semaphore::new(most)));
        Self { office: node.office().clone(), node, streams, audits }
    }

    /// Returns the router that only reads, pages among what it gives.
    pub fn public(&self) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PUBLIC_TIMEOUT))
            .layer(GlobalConcurrencyLimitLayer::new(MAX_PUBLIC))
            .layer(RequestBodyLimitLayer::new(MAX_REQUEST));
        let compressed = CompressionLayer::new().compress_when(SizeAbove::new(COMPRESSED).and(is_text));
        // What limits the others would cut off a bundle; it has limits of its own.
        let audits = audit::audits()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, audit::TIMEOUT));
        let routes = finish(reads(), ui::pages()).layer(layers).merge(audits);
        let router = refuse(routes).layer(from_fn(ui::as_page));
        tell(router).layer(compressed).with_state(self.clone())
    }

    /// Returns the router that reads and writes.
    pub fn office(&self) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, OFFICE_TIMEOUT))
            .layer(GlobalConcurrencyLimitLayer::new(MAX_OFFICE));
        let routes = reads().merge(writes()).merge(secrets());
        tell(refuse(finish(routes, Router::new()).layer(layers))).with_state(self.clone())
    }

    /// Returns the router of the office's listener, which people reach at `address`: all pages, and what writes
    /// for those whose role allows it.
    pub fn desk(&self, address: SocketAddr) -> Router {
        let layers = ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, OFFICE_TIMEOUT))
            .layer(GlobalConcurrencyLimitLayer::new(MAX_OFFICE));
        let writes = writes().route_layer(from_fn_with_state(self.clone(), guard));
        let routes = finish(reads().merge(writes), ui::pages().merge(audit::audits()).merge(rooms()));
        let known = recognise(routes, self, address);
        guarded(known.layer(layers)).with_state(self.clone())
    }

    /// Returns the search index, the snapshot that it is asked for, and whether it has taken up all of that.
    pub(crate) async fn searched(&self) -> Result<(Index, Arc<Snapshot>, bool), Failure> {
        let (index, snapshot) = (self.node.index(), self.node.snapshot().await?);
        let is_whole = index.reaches(&snapshot, self.node.is_online()).await;
        Ok((index, snapshot, is_whole))
    }

    /// Answers a question to the view, off the runtime's threads.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let snapshot = self.node.snapshot().await?;
        self.ask_of(snapshot, question).await
    }

    pub(crate) async fn ask_of<T: Send + 'static>(
        &self,
        snapshot: Arc<Snapshot>,
        question: impl FnOnce(View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (store, library) = (self.node.store().clone(), self.node.library().clone());
        let answer = tokio::task::spawn_blocking(move || question(View::new(&snapshot, &store, &library)?));
        // A question does not panic; a runtime that is shutting down has no use for the answer.
        Ok(answer.await.map_err(|_| Failure::Stopped)??)
    }
}

/// The routes that read. Every route is made of its handler's description, so that none is left out of
/// the document.
fn reads() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(ready::healthz))
        .routes(routes!(ready::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(status::status))
        .routes(routes!(status::peers))
        .routes(routes!(status::network))
        .routes(routes!(read::records))
        .routes(routes!(read::arrivals))
        .routes(routes!(read::record))
        .routes(routes!(read::history))
        .routes(routes!(read::provenance))
        .routes(routes!(follow_up::adoptions))
        .routes(routes!(follow_up::plan))
        .routes(routes!(thread::thread))
        .routes(routes!(thread::questions))
        .routes(routes!(open::feed::thread_feed))
        .routes(routes!(read::entry))
        .routes(routes!(read::members))
        .routes(routes!(read::member))
        .routes(routes!(read::stats))
        .routes(routes!(read::log))
        .routes(routes!(limits::quotas))
        .routes(routes!(bundle::download))
        .routes(routes!(attachment::download))
        .routes(routes!(open::export_csv))
        .routes(routes!(open::export_lines))
        .routes(routes!(open::export_linked))
        .routes(routes!(open::catalog::catalog))
        .routes(routes!(open::catalog::package))
        .routes(routes!(open::feed::network_feed))
        .routes(routes!(open::feed::member_feed))
        .routes(routes!(document::document))
}

fn writes() -> OpenApiRouter<Api> {
    let large = DefaultBodyLimit::max(MAX_IMPORT);
    OpenApiRouter::new()
        .routes(routes!(limits::bans, limits::ban))
        .routes(routes!(limits::lift))
        .routes(routes!(hidden::list, hidden::hide))
        .routes(routes!(hidden::show))
        .routes(routes!(read::candidates))
        .routes(routes!(bundle::application))
        .routes(routes!(key::show))
        .routes(routes!(key::begin))
        .routes(routes!(key::rotate))
        .routes(routes!(key::resume))
        .routes(routes!(key::confirm_clock))
        .routes(routes!(office::link))
        .routes(routes!(office::token))
        .routes(routes!(write::publish))
        .routes(routes!(draft::check))
        .routes(routes!(write::revise))
        .routes(routes!(write::withdraw))
        .routes(routes!(govern::found))
        .routes(routes!(govern::amend))
        .routes(routes!(govern::enter))
        .routes(routes!(govern::sign))
        .routes(routes!(govern::invite))
        .routes(routes!(govern::admit))
        .routes(routes!(govern::suspend))
        .routes(routes!(attachment::upload).layer(DefaultBodyLimit::disable()))
        .routes(routes!(bundle::upload).layer(large))
}

/// What only the owner of the machine may have.
fn secrets() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(backup::download))
        .routes(routes!(mirror::logs))
        .routes(routes!(mirror::page))
        .routes(routes!(recent::lines))
        .routes(routes!(digest::digest))
}

fn finish(version: OpenApiRouter<Api>, others: Router<Api>) -> Router<Api> {
    let (router, document) = document::describe(version);
    router
        .merge(others)
        .fallback(async || Failure::NoRoute)
        .method_not_allowed_fallback(async || Failure::NoMethod)
        .layer(Extension(document))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
}

/// Returns a router whose requests are looked at before, and whose answers say what a browser may do with them.
pub(crate) fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    tell(refuse(router).layer(from_fn(ui::as_page)))
}

/// Refuses what no handler should see.
fn refuse<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router
        .layer(CsrfLayer::new().with_rejection_response(|_| Failure::CrossSite.into_response()))
        .layer(from_fn(head::check))
        .layer(map_response(as_problem))
}

/// Says of every answer what a browser may do with it, unless the answer says so itself.
fn tell<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let always = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    router
        .layer(always(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(header::REFERRER_POLICY, "same-origin"))
        .layer(always(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .layer(always(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
}

/// Tells whether an answer shrinks: signed bytes do not, and are compared as they are.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    [
        "text/",
        "application/json",
        "application/problem+json",
        "application/ld+json",
        "application/atom+xml",
        "application/jsonl",
        "image/svg+xml",
    ]
    .iter()
    .any(|text| kind.starts_with(text))
}
