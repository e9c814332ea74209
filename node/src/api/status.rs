//! How the node is: health first, its peers, its network.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use libp2p::PeerId;
use multaqa_protocol::engine::Engine;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::log;

use super::failure::Failure;
use super::limits::over_quota;
use super::types::{
    self, Health, List, Network, NetworkStatus, NodeStatus, PEERS, PeerCount, QuarantineStatus, ReachStatus,
    STATUS, StoreStatus,
};
use super::{Api, reply};
use crate::clock::now;
use crate::driver::{self, Behind};
use crate::net::{self, PeerInfo, PeerState};
use crate::view::{Held, Snapshot, Table, View};

/// Shows how the node is, its health first.
#[utoipa::path(get, path = "/status", tag = "node", responses((status = 200, body = NodeStatus)))]
pub(super) async fn status(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let health = api.node.health().await?;
    let peers = api.node.peers().await;
    let listeners = api.node.listeners().await;
    let reach = api.node.reachability().await.map(reach_status);
    let author = api.node.author();
    let read = move |engine: &Engine| {
        let own = (engine.quotas().held(&author), engine.quotas().allowance().quota(&author));
        (Arc::new(Snapshot::of(engine)), Table::of(engine), over_quota(engine), own)
    };
    let (snapshot, table, over, own) = api.node.with(read).await?;
    let online = api.node.is_online();
    let answer = api.ask_of(snapshot, move |view| {
        let store = view.store().status();
        let mut notes = notes(&health, online, author, &view);
        if let Some(damage) = &store.damage {
            notes.insert("journal-unreadable".into(), damage.clone());
        }
        if over > 0 {
            notes.insert("over-quota".into(), format!("{over} authors have more than their quota"));
        }
        let (bytes, quota) = own;
        if bytes >= quota {
            let detail = format!("the own log has {bytes} bytes; nodes with the same quota hold no more");
            notes.insert("own-log-large".into(), detail);
        }
        let network = view.network();
        let (log, _) = view.log_state(author)?;
        let is_frozen = matches!(log, types::LogHealth::Forked | types::LogHealth::Contested);
        let signs = health.writable && health.quarantine.is_none() && !is_frozen;
        Ok(NodeStatus {
            schema: STATUS.into(),
            health: match (signs, notes.is_empty()) {
                (false, _) => Health::Degraded,
                (true, false) => Health::Warning,
                (true, true) => Health::Ok,
            },
            notes,
            quarantine: quarantine(&health),
            elsewhere: health
                .elsewhere
                .map(|found| types::Elsewhere { first: found.first, count: found.count }),
            log,
            version: env!("CARGO_PKG_VERSION").into(),
            author,
            names: view.names_of(author),
            online,
            network: network.id.map(|id| NetworkStatus {
                id,
                names: network.names,
                charter_known: network.charter_known,
                state: table.state(author),
                steward: view.snapshot().governance().is_steward(author),
                k: network.k,
                admitted_by: table.admitted_by(author),
                members: table.members(),
                candidates: view.candidates().items.len() as u64,
            }),
            peers: PeerCount {
                connected: peers.iter().filter(|peer| peer.state == PeerState::Connected).count() as u64,
                known: peers.len() as u64,
            },
            listeners: listeners.iter().map(ToString::to_string).collect(),
            reach,
            store: StoreStatus {
                writable: store.read_only.is_none(),
                entries: store.entries,
                bodies: store.bodies,
                missing: store.missing,
                bytes: store.bytes,
                segments: store.segments,
            },
            authors: view.snapshot().authors().len() as u64,
            frozen: frozen(view.snapshot()),
            refused: health.refused.iter().map(|(rule, count)| ((*rule).to_owned(), *count)).collect(),
        })
    });
    Ok(reply::json(&headers, &answer.await?))
}

fn reach_status(reachability: net::Reachability) -> ReachStatus {
    ReachStatus {
        state: match reachability.reach {
            net::Reach::Public => "public",
            net::Reach::Private => "private",
            net::Reach::Unknown => "unknown",
        }
        .into(),
        basis: reachability.basis.code().into(),
        relays: reachability.relays.iter().map(ToString::to_string).collect(),
        addresses: reachability.addresses.iter().map(ToString::to_string).collect(),
    }
}

/// Why the node is not simply well, by stable codes.
fn notes(
    health: &driver::Health,
    online: bool,
    author: AuthorId,
    view: &crate::view::View<'_>,
) -> BTreeMap<String, String> {
    let mut notes = BTreeMap::new();
    let mut note = |code: &str, detail: String| drop(notes.insert(code.to_owned(), detail));
    if !health.writable {
        note("store-read-only", health.reason.clone().unwrap_or_default());
    } else if let Some(reason) = &health.reason {
        note("fault", reason.clone());
    }
    if let Some(quarantine) = &health.quarantine {
        note("quarantine", quarantine.to_string());
    }
    if let Some(found) = health.elsewhere {
        note(
            "own-entries-from-elsewhere",
            format!("{} own entries came, the first {}", found.count, found.first),
        );
    }
    if let Some(own) = view.snapshot().authors().get(&author)
        && own.choice().status != log::Status::Ok
    {
        note("own-log-frozen", format!("{:?}", own.choice().status).to_lowercase());
    }
    if online && health.connected == 0 {
        note("no-peers", "no other node is connected".into());
    }
    if health.missing_bodies > 0 {
        note("bodies-missing", format!("{} bodies are not here yet", health.missing_bodies));
    }
    if let Ok(checkpoints) = view.checkpoints(now()) {
        if !checkpoints.contradictions.is_empty() {
            let pairs = checkpoints.contradictions.len();
            note("checkpoints-contradict", format!("{pairs} pairs of listed heads cannot both be honest"));
        }
        if !checkpoints.not_supplied.is_empty() {
            let heads = checkpoints.not_supplied.len();
            note("heads-not-supplied", format!("{heads} heads that checkpoints name came from nobody"));
        }
    }
    let frozen = frozen(view.snapshot());
    if frozen > 0 {
        note("logs-frozen", format!("{frozen} logs are forked or contested"));
    }
    let governance = view.snapshot().governance();
    if view.network().id.is_some() && !governance.charter_known() {
        note("no-charter", "the charter of the network is not held here yet".into());
    }
    notes
}

/// Why the node signs nothing, and how far it is.
fn quarantine(health: &driver::Health) -> Option<QuarantineStatus> {
    let why = health.quarantine.as_ref()?;
    let (asked, needed) = health.answers;
    Some(QuarantineStatus { why: why.code().into(), asked: asked as u64, needed: needed as u64 })
}

pub(super) fn frozen(snapshot: &Snapshot) -> u64 {
    snapshot.authors().values().filter(|held| is_frozen(held)).count() as u64
}

pub(super) fn is_frozen(held: &Held) -> bool {
    held.choice().status != log::Status::Ok
}

/// Lists the other nodes that this one knows.
#[utoipa::path(get, path = "/peers", tag = "node", responses((status = 200, body = List<types::Peer>)))]
pub(super) async fn peers(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let peers = api.node.peers().await;
    let behind = api.node.behind().await?;
    let answer = api.ask(move |view| Ok(List::whole(PEERS, described(&view, peers, &behind))));
    Ok(reply::json(&headers, &answer.await?))
}

/// Returns what is shown of other nodes, with whose they are and how far apart they are.
pub(crate) fn described(
    view: &View<'_>,
    peers: Vec<PeerInfo>,
    behind: &BTreeMap<PeerId, Behind>,
) -> Vec<types::Peer> {
    let named =
        view.authors_of_peers(&peers.iter().map(|peer| peer.peer.to_string()).collect::<BTreeSet<_>>());
    let describe = |peer: PeerInfo| {
        let author = named.get(&peer.peer.to_string()).cloned();
        let behind = behind.get(&peer.peer).copied();
        let behind = behind.map(|Behind { here, there, at }| types::Behind { there, here, at });
        types::Peer { author, behind, ..shown(peer) }
    };
    peers.into_iter().map(describe).collect()
}

fn shown(peer: PeerInfo) -> types::Peer {
    types::Peer {
        peer: peer.peer.to_string(),
        state: match peer.state {
            PeerState::Connected => "connected",
            PeerState::Dialling => "dialling",
            PeerState::Away => "away",
            PeerState::Banned => "banned",
        }
        .into(),
        why: peer.why.as_ref().map(|why| why.code().into()),
        detail: peer.why.as_ref().map(ToString::to_string),
        path: peer.path.map(|path| {
            match path {
                net::Path::Lan => "lan",
                net::Path::Direct => "direct",
                net::Path::Relayed => "relayed",
            }
            .into()
        }),
        relay: peer.relay.map(|relay| relay.to_string()),
        introduced: peer.introducer.to_string(),
        offers_relay: peer.offers_relay,
        behind: None,
        direction: peer.direction.map(|direction| {
            match direction {
                net::Direction::Inbound => "inbound",
                net::Direction::Outbound => "outbound",
            }
            .into()
        }),
        addresses: peer.addresses.iter().map(ToString::to_string).collect(),
        since: peer.since,
        last_seen: peer.last_seen,
        rtt_ms: peer.rtt.map(|rtt| u64::try_from(rtt.as_millis()).unwrap_or(u64::MAX)),
        agent: peer.agent,
        author: None,
    }
}

/// Shows the network: its charter and its stewards.
#[utoipa::path(get, path = "/network", tag = "members", responses((status = 200, body = types::Network)))]
pub(super) async fn network(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    let network = |view: View<'_>| Ok(Network { checkpoints: view.checkpoints(now())?, ..view.network() });
    Ok(reply::json(&headers, &api.ask(network).await?))
}
