//! Figures for whoever watches the node, in the text format of OpenMetrics, which Prometheus reads, and in Prometheus's own
//! for whoever asks for nothing in particular.
//!
//! They say how much there is and how the node is, and nothing of whom: no peer, author or address is a
//! label, so a stranger can add no series. Beside the node's own there are libp2p's, as far as that holds for them.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::failure::Failure;
use super::{Api, status};
use crate::driver::Health;
use crate::net::{PeerInfo, PeerState};
use crate::store;
use crate::view::Table;

/// The media type of OpenMetrics' text.
const OPEN: &str = "application/openmetrics-text";
/// The same with the version and the encoding that are given.
const OPEN_TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The media type of Prometheus's own text.
const PROMETHEUS_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Tells figures, at the address where Prometheus looks.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures in the text format of OpenMetrics, or of Prometheus", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn scraped(state: State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    metrics(state, headers).await
}

/// Tells figures of the node for whoever watches it.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "node",
    responses((status = 200, description = "Figures in the text format of OpenMetrics, or of Prometheus", body = String, content_type = "application/openmetrics-text"))
)]
pub(super) async fn metrics(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let text = figures(&api).await?;
    let is_open = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(OPEN));
    Ok(if is_open {
        ([(CONTENT_TYPE, OPEN_TEXT)], text).into_response()
    } else {
        ([(CONTENT_TYPE, PROMETHEUS_TEXT)], prometheus(&text)).into_response()
    })
}

/// Returns the figures in OpenMetrics.
async fn figures(api: &Api) -> Result<String, Failure> {
    let health = api.node.health().await?;
    let peers = api.node.peers().await;
    let bans = api.node.bans().await?.len() as u64;
    let (members, authors) =
        api.node.with(|engine| (Table::of(engine).members(), engine.logs().len())).await?;
    let behind = api.node.index().behind(&*api.node.snapshot().await?);
    let ready = status::lacking(api).await?.is_empty();
    let dir = api.node.dir().to_owned();
    let store = api.node.store().clone();
    // A question does not panic; a runtime that is shutting down has no use for the answer.
    let read = tokio::task::spawn_blocking(move || (store.status(), store::room(&dir, None)));
    let (store, room) = read.await.map_err(|_| Failure::Stopped)?;

    let mut registry = Registry::with_prefix("multaqa");
    let build = Family::<[(&str, &str); 1], Gauge>::default();
    build.get_or_create(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
    registry.register("build_info", "The program", build);
    about_node(&mut registry, &health, &peers);
    about_store(&mut registry, &store);
    let gauges = [
        ("ready", "Whether the node does all that it is for, as /readyz says", u64::from(ready)),
        ("members", "Members of the network", members),
        ("authors", "Authors whose logs are held", authors as u64),
        ("bans", "Bans of peers and addresses that hold now", bans),
        ("search_entries_behind", "Entries that the search index has not taken up", behind),
    ];
    for (name, help, value) in gauges {
        gauge(&mut registry, name, help, value);
    }
    if let Ok((free, floor)) = room {
        gauge(&mut registry, "disk_free_bytes", "Bytes free on the disk of the data folder", free);
        gauge(
            &mut registry,
            "disk_floor_bytes",
            "Bytes free below which the node takes and signs nothing",
            floor,
        );
    }
    if let Some(memory) = memory_stats::memory_stats() {
        gauge(
            &mut registry,
            "memory_resident_bytes",
            "Memory that the process holds",
            memory.physical_mem as u64,
        );
    }
    let mut text = String::new();
    let written = encode_registry(&mut text, &registry)
        .and_then(|()| api.node.net().map_or(Ok(()), |net| net.write_figures(&mut text)))
        .and_then(|()| encode_eof(&mut text));
    written.expect("a string takes all that is written to it");
    Ok(text)
}

/// Returns figures in OpenMetrics in Prometheus's own format, in which a counter is described under the name of its
/// sample, and which knows neither units nor an end.
fn prometheus(open: &str) -> String {
    let counters: BTreeSet<&str> =
        open.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let mut text = String::with_capacity(open.len());
    for line in open.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some("EOF" | "UNIT"), ..) => continue,
            (Some("#"), Some(what), Some(name), Some(rest)) if counters.contains(name) => {
                text.push_str(&format!("# {what} {name}_total {rest}"));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

fn about_node(registry: &mut Registry, health: &Health, peers: &[PeerInfo]) {
    let connected = peers.iter().filter(|peer| peer.state == PeerState::Connected).count();
    let gauges = [
        ("writable", "Whether the store takes writes", u64::from(health.writable)),
        (
            "elsewhere",
            "Own entries that came from elsewhere since the start",
            health.elsewhere.map_or(0, |_| 1),
        ),
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
        (
            "store_damaged",
            "Whether a read has found damage to the journal",
            u64::from(store.damage.is_some()),
        ),
    ];
    for (name, help, value) in gauges {
        gauge(registry, name, help, value);
    }
}

fn gauge(registry: &mut Registry, name: &str, help: &str, value: u64) {
    registry.register(name, help, ConstGauge::new(value));
}
