//! Figures for whoever watches the node, in the text format of OpenMetrics, which Prometheus reads.
//!
//! They say how much there is and how the node is, and nothing of whom: no peer, author or address is a
//! label, so a stranger can add no series.

use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::Api;
use super::failure::Failure;
use crate::driver::Health;
use crate::net::{PeerInfo, PeerState};
use crate::store;
use crate::view::Table;

/// The media type of OpenMetrics' text.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Tells figures, at the address where Prometheus looks.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures in the text format of OpenMetrics", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn scraped(state: State<Api>) -> Result<Response, Failure> {
    metrics(state).await
}

/// Tells figures of the node for whoever watches it.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures in the text format of OpenMetrics", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn metrics(State(api): State<Api>) -> Result<Response, Failure> {
    let health = api.node.health().await?;
    let peers = api.node.peers().await;
    let (members, authors) =
        api.node.with(|engine| (Table::of(engine).members(), engine.logs().len())).await?;
    let store = api.node.store().clone();
    // A question does not panic; a runtime that is shutting down has no use for the answer.
    let store = tokio::task::spawn_blocking(move || store.status()).await.map_err(|_| Failure::Stopped)?;

    let mut registry = Registry::with_prefix("multaqa");
    registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    about_node(&mut registry, &health, &peers);
    about_store(&mut registry, &store);
    gauge(&mut registry, "members", "Members of the network", members);
    gauge(&mut registry, "authors", "Authors whose logs are held", authors as u64);
    let mut text = String::new();
    encode(&mut text, &registry).expect("a string takes all that is written to it");
    Ok(([(CONTENT_TYPE, TEXT)], text).into_response())
}

fn about_node(registry: &mut Registry, health: &Health, peers: &[PeerInfo]) {
    let connected = peers.iter().filter(|peer| peer.state == PeerState::Connected).count();
    let gauges = [
        ("writable", "Whether the store takes writes", u64::from(health.writable)),
        ("quarantined", "Whether the node may not sign (W1, W2)", u64::from(health.quarantine.is_some())),
        ("appends_pending", "Appends on their way to the disk", health.appends as u64),
        ("peers_connected", "Peers that are connected", connected as u64),
        ("peers_known", "Peers in the address book", peers.len() as u64),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
    let synced = ConstCounter::new(health.synced as u64);
    registry.register("comparisons", "Comparisons of heads with a peer that ended, since the start", synced);
    let refused = Family::<[(&str, &str); 1], Counter<u64, AtomicU64>>::default();
    for (rule, count) in &health.refused {
        refused.get_or_create(&[("rule", *rule)]).inc_by(*count);
    }
    registry.register("refused", "Entries, frames and messages that broke a rule, since the start", refused);
}

fn about_store(registry: &mut Registry, store: &store::Status) {
    let gauges = [
        ("store_entries", "Entries held", store.entries),
        ("store_bodies", "Bodies held", store.bodies),
        ("store_bodies_missing", "Bodies that an entry names and that are not here", store.missing),
        ("store_bytes", "Bytes of the journal", store.bytes),
        ("store_segments", "Files of the journal", store.segments),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value));
}
