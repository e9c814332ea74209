//! `status`: how a node is.

use multaqa_node::api::types::{Health, LogHealth, MemberState, NodeStatus};

use super::init::best;
use super::member::also;
use super::peers;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::{Catalogue, say};
use crate::output::short;

/// Columns of the screen that all is shown on.
const WIDTH: usize = 80;
/// Addresses that are shown of those at which a node listens.
const MAX_LISTENERS: usize = 3;

/// Shows how the node is, health first.
pub(crate) async fn status(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let status: Outcome<NodeStatus> = client.get("/status", &[]).await;
    let running = client.is_running();
    client.close().await;
    let status = status?;
    if context.out.json {
        context.out.object(&status);
        return Ok(Exit::Ok);
    }
    context.out.line(match status.health {
        Health::Ok => say!(catalogue, "health-ok"),
        Health::Warning => say!(catalogue, "health-warning"),
        Health::Degraded => say!(catalogue, "health-degraded"),
    });
    for (code, detail) in &status.notes {
        context.out.line(fit(&format!("  {code}: {detail}")));
    }
    signing(&status, context);
    let mut rows = vec![
        (say!(catalogue, "status-name"), best(&status.names, context)),
        (say!(catalogue, "status-author"), status.author.to_string()),
    ];
    let run = if running { say!(catalogue, "status-running") } else { say!(catalogue, "status-stopped") };
    rows.push((say!(catalogue, "status-node"), run));
    match &status.network {
        Some(network) => {
            let name = best(&network.names, context);
            let named = if name.is_empty() {
                network.id.to_string()
            } else {
                format!("{name} ({})", short(&network.id.to_string()))
            };
            rows.push((say!(catalogue, "status-network"), named));
            let mut state = state(network.state, catalogue);
            if network.steward {
                state = also(state, say!(catalogue, "state-steward"), catalogue);
            }
            rows.push((say!(catalogue, "status-standing"), state));
            let admitted = say!(catalogue, "status-admitted", by = network.admitted_by, k = network.k);
            rows.push((say!(catalogue, "status-admissions"), admitted));
            rows.push((say!(catalogue, "status-members"), network.members.to_string()));
            rows.push((say!(catalogue, "status-candidates"), network.candidates.to_string()));
        }
        None => rows.push((say!(catalogue, "status-network"), say!(catalogue, "status-no-network"))),
    }
    let others =
        say!(catalogue, "status-peers", connected = status.peers.connected, known = status.peers.known);
    rows.push((say!(catalogue, "head-peers"), others));
    if let Some(reach) = &status.reach {
        rows.push((say!(catalogue, "status-reach"), peers::reach(reach, catalogue)));
    }
    let store = &status.store;
    let held = say!(
        catalogue,
        "status-store",
        entries = store.entries,
        authors = status.authors,
        missing = store.missing,
        bytes = store.bytes
    );
    rows.push((say!(catalogue, "status-holds"), held));
    if !store.writable {
        rows.push((say!(catalogue, "status-disk"), say!(catalogue, "status-read-only")));
    }
    let refused: u64 = status.refused.values().sum();
    if refused > 0 {
        let rules: Vec<String> =
            status.refused.iter().map(|(rule, count)| format!("{rule}: {count}")).collect();
        rows.push((say!(catalogue, "status-refused"), rules.join(", ")));
    }
    // The end of each is the node's own id, the same for all.
    let listeners: Vec<&str> =
        status.listeners.iter().filter_map(|address| address.split("/p2p/").next()).collect();
    for address in listeners.iter().take(MAX_LISTENERS) {
        rows.push((say!(catalogue, "status-listens"), (*address).to_owned()));
    }
    if let Some(more @ 1..) = listeners.len().checked_sub(MAX_LISTENERS) {
        rows.push((say!(catalogue, "status-listens"), say!(catalogue, "status-listens-more", count = more)));
    }
    for (name, value) in rows {
        context.out.line(fit(&say!(catalogue, "status-row", name = name, value = value)));
    }
    Ok(Exit::Ok)
}

/// Returns a line that a screen shows as one; `--json` has the rest.
fn fit(line: &str) -> String {
    if line.chars().count() <= WIDTH {
        return line.to_owned();
    }
    line.chars().take(WIDTH - 1).chain(['…']).collect()
}

/// Returns why a node signs nothing.
pub(super) fn quarantine(why: &str, catalogue: &Catalogue) -> String {
    match why {
        "guard-missing" => say!(catalogue, "quarantine-guard-missing"),
        "guard-older" => say!(catalogue, "quarantine-guard-older"),
        "guard-newer" => say!(catalogue, "quarantine-guard-newer"),
        "own-unknown" => say!(catalogue, "quarantine-own-unknown"),
        "log-missing" => say!(catalogue, "quarantine-log-missing"),
        "other-key" => say!(catalogue, "quarantine-other-key"),
        other => other.to_owned(),
    }
}

/// Returns how a log is.
pub(super) fn log_health(log: LogHealth, catalogue: &Catalogue) -> String {
    match log {
        LogHealth::Ok => say!(catalogue, "log-ok"),
        LogHealth::Forked => say!(catalogue, "log-forked"),
        LogHealth::Contested => say!(catalogue, "log-contested"),
        LogHealth::NotHeld => say!(catalogue, "log-not-held"),
    }
}

/// Shows what keeps this node from signing, and what to do: what an operator must know first.
fn signing(status: &NodeStatus, context: &Context) {
    let catalogue = &context.catalogue;
    if let Some(found) = &status.quarantine {
        let (asked, needed) = (found.asked, found.needed);
        let why = quarantine(&found.why, catalogue);
        context.out.line(say!(catalogue, "status-quarantine", why = why, asked = asked, needed = needed));
        context.out.line(match found.why.as_str() {
            "other-key" => say!(catalogue, "status-quarantine-key"),
            "log-missing" => say!(catalogue, "status-quarantine-log"),
            _ => say!(catalogue, "status-quarantine-wait"),
        });
    }
    match status.log {
        LogHealth::Forked => context.out.line(say!(catalogue, "status-own-forked")),
        LogHealth::Contested => context.out.line(say!(catalogue, "contest-own")),
        LogHealth::Ok | LogHealth::NotHeld => {}
    }
    if let Some(found) = &status.elsewhere {
        let first = short(&found.first.to_string());
        context.out.line(say!(catalogue, "status-elsewhere", count = found.count, first = first));
    }
}

/// Returns what a standing is called.
pub(super) fn state(state: MemberState, catalogue: &Catalogue) -> String {
    match state {
        MemberState::Member => say!(catalogue, "state-member"),
        MemberState::Admitted => say!(catalogue, "state-admitted"),
        MemberState::Suspended => say!(catalogue, "state-suspended"),
        MemberState::Left => say!(catalogue, "state-left"),
        MemberState::Closed => say!(catalogue, "state-closed"),
        MemberState::Candidate => say!(catalogue, "state-candidate"),
        MemberState::Outside => say!(catalogue, "state-outside"),
    }
}
