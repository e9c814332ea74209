//! Figures for whoever watches the node: its own and libp2p's, in the text format of OpenMetrics, or in the older
//! one where that is not asked for.
//!
//! They say how much there is and how the node is, and nothing of whom: no peer, author or address is a
//! label, so a stranger can add no series.

mod plain;

use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use self::plain::plain;
use super::Api;
use super::failure::Failure;
use super::status::frozen;
use crate::driver::Health;
use crate::net::{self, PeerInfo, PeerState};
use crate::store::{self, room};
use crate::view::Table;

/// The media type of OpenMetrics' text.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The media type of the older text.
const PLAIN: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Tells figures, at the address where Prometheus looks.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures, in the text format of OpenMetrics where it is accepted, else in that of Prometheus", content((String = "application/openmetrics-text"), (String = "text/plain"))))
)]
pub(super) async fn scraped(state: State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    metrics(state, headers).await
}

/// Tells figures of the node for whoever watches it.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures, in the text format of OpenMetrics where it is accepted, else in that of Prometheus", content((String = "application/openmetrics-text"), (String = "text/plain"))))
)]
pub(super) async fn metrics(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let text = api.figures().await?;
    let is_open = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|accepted| accepted.to_str().ok())
        .any(|accepted| accepted.contains("application/openmetrics-text"));
    let (kind, text) = if is_open { (TEXT, text) } else { (PLAIN, plain(&text)) };
    Ok(([(CONTENT_TYPE, kind), (VARY, "accept")], text).into_response())
}

impl Api {
    /// Returns all figures in OpenMetrics' text.
    async fn figures(&self) -> Result<String, Failure> {
        let node = &self.node;
        let (health, snapshot) = (node.health().await?, node.snapshot().await?);
        let peers = node.peers().await;
        let (members, authors) =
            node.with(|engine| (Table::of(engine).members(), engine.logs().len())).await?;
        let (store, dir) = (node.store().clone(), node.dir().to_owned());
        let disk = move || (store.status(), room(&dir, None).ok(), memory_stats::memory_stats());
        // A question does not panic; a runtime that is shutting down has no use for the answer.
        let (store, disk, memory) = tokio::task::spawn_blocking(disk).await.map_err(|_| Failure::Stopped)?;

        let mut registry = Registry::with_prefix("multaqa");
        registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let ready = self.waits_for().await.is_empty();
        gauge(
            &mut registry,
            "ready",
            "Whether readers find all that it holds, and others reach it",
            ready.into(),
        );
        about_node(&mut registry, &health, &peers);
        about_store(&mut registry, &store);
        gauge(&mut registry, "members", "Members of the network", members);
        gauge(&mut registry, "authors", "Authors whose logs are held", authors as u64);
        gauge(&mut registry, "logs_frozen", "Logs that are forked or contested", frozen(&snapshot));
        let own = snapshot.authors().get(&node.author()).is_some_and(super::status::is_frozen);
        gauge(&mut registry, "own_log_frozen", "Whether the own log is forked or contested", own.into());
        let behind = node.index().behind(&snapshot);
        gauge(&mut registry, "search_behind", "Entries that the search index has not taken up", behind);
        gauge(&mut registry, "bans", "Peers and ranges that are banned", node.bans().await?.len() as u64);
        counter(
            &mut registry,
            "entries_checked",
            "Entries whose signature was checked, since the start",
            node.checked(),
        );
        if let Some((free, floor)) = disk {
            bytes(&mut registry, "disk_free", "Free on the disk of the data folder", free);
            bytes(&mut registry, "disk_floor", "Below this much free nothing more is written", floor);
        }
        if let Some(memory) = memory {
            bytes(&mut registry, "memory", "Memory of the process", memory.physical_mem as u64);
        }
        let mut text = String::new();
        let whole = "a string takes all that is written to it";
        if let Some(net) = node.net() {
            about_net(&mut registry, net);
            encode_registry(&mut text, net.registry()).expect(whole);
        }
        encode_registry(&mut text, &registry).expect(whole);
        encode_eof(&mut text).expect(whole);
        Ok(text)
    }
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
    let elsewhere = health.elsewhere.map_or(0, |found| found.count);
    gauge(registry, "own_entries_from_elsewhere", "Own entries that came from other nodes (W1)", elsewhere);
    if let Some(offset) = health.clock_offset {
        let help = "How far the median of the peers' clocks is ahead";
        let offset = ConstGauge::new(offset as f64 / 1_000.0);
        registry.register_with_unit("clock_offset", help, Unit::Seconds, offset);
    }
    counter(
        registry,
        "comparisons",
        "Comparisons of heads with a peer that ended, since the start",
        health.synced as u64,
    );
    let refused = Family::<[(&str, &str); 1], Counter<u64, AtomicU64>>::default();
    // A counter that is not there until it counts cannot be watched: the first increase would be missed.
    drop(refused.get_or_create(&[("rule", "G1")]));
    for (rule, count) in &health.refused {
        refused.get_or_create(&[("rule", *rule)]).inc_by(*count);
    }
    registry.register("refused", "Entries, frames and messages that broke a rule, since the start", refused);
}

fn about_net(registry: &mut Registry, net: &net::Handle) {
    let passed = Family::<[(&str, &str); 1], Counter<u64, AtomicU64>>::default();
    passed.get_or_create(&[("direction", "in")]).inc_by(net.traffic().received());
    passed.get_or_create(&[("direction", "out")]).inc_by(net.traffic().sent());
    let help = "Passed on all connections, since the start";
    registry.register_with_unit("net", help, Unit::Bytes, passed);
    let shed = net.shed();
    counter(registry, "shed_messages", "Gossip messages unread because the node was behind", shed.messages);
    counter(registry, "shed_streams", "Sync streams refused because the node was behind", shed.streams);
}

fn about_store(registry: &mut Registry, store: &store::Status) {
    let gauges = [
        ("store_entries", "Entries held", store.entries),
        ("store_bodies", "Bodies held", store.bodies),
        ("store_bodies_missing", "Bodies that an entry names and that are not here", store.missing),
        ("store_segments", "Files of the journal", store.segments),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
    bytes(registry, "store", "The journal", store.bytes);
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value));
}

fn bytes(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register_with_unit(name, help, Unit::Bytes, ConstGauge::new(value));
}

fn counter(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstCounter::new(value));
}
