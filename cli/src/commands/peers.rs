//! `peers`: the other nodes, and how this one and they reach each other.

use multaqa_node::api::types::{Ban, List, Peer, ReachStatus};

use super::init::best;
use super::member::time;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::{Catalogue, say};

/// Letters of a peer id that tell it apart, from its end: all ids begin alike.
const SHORT: usize = 8;

/// Shows the other nodes.
pub(crate) async fn peers(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect_running(context).await?;
    let list: List<Peer> = client.get("/peers", &[]).await?;
    let bans: List<Ban> = client.get("/bans", &[]).await?;
    if context.out.json {
        context.out.object(&list);
        return Ok(Exit::Ok);
    }
    if list.items.is_empty() {
        context.out.note(say!(catalogue, "peers-none"));
        super::limits::show_bans(&bans.items, context);
        return Ok(Exit::Ok);
    }
    let head = [
        "head-peer",
        "head-name",
        "head-state",
        "head-path",
        "head-seen",
        "head-behind",
        "head-introduced",
        "head-address",
    ];
    let rows = list.items.iter().map(|peer| {
        vec![
            peer.peer.clone(),
            name(peer, context),
            state(peer, catalogue),
            path(peer, &list.items, context),
            peer.last_seen.map(time).unwrap_or_default(),
            behind(peer, catalogue),
            introduced(peer, &list.items, context),
            peer.addresses.first().cloned().unwrap_or_default(),
        ]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    super::limits::show_bans(&bans.items, context);
    Ok(Exit::Ok)
}

/// Returns how a node is reached, and on what that rests.
pub(super) fn reach(reach: &ReachStatus, catalogue: &Catalogue) -> String {
    let basis = match reach.basis.as_str() {
        "configured" => say!(catalogue, "basis-configured"),
        "mapped" => say!(catalogue, "basis-mapped"),
        "dialled-back" => say!(catalogue, "basis-dialled-back"),
        "not-dialled-back" => say!(catalogue, "basis-not-dialled-back"),
        _ => say!(catalogue, "basis-not-asked"),
    };
    match reach.state.as_str() {
        "public" => say!(catalogue, "reach-public", basis = basis),
        _ if !reach.relays.is_empty() => {
            let relays: Vec<&str> = reach.relays.iter().map(|relay| short(relay)).collect();
            say!(catalogue, "reach-relayed", relays = relays.join(", "), basis = basis)
        }
        "private" => say!(catalogue, "reach-private", basis = basis),
        _ => say!(catalogue, "reach-unknown", basis = basis),
    }
}

fn name(peer: &Peer, context: &Context) -> String {
    peer.author.as_ref().map(|author| best(&author.names, context)).unwrap_or_default()
}

/// Returns what a peer is called: its author's name, else the end of its id.
fn called(id: &str, all: &[Peer], context: &Context) -> String {
    let known = all.iter().find(|peer| peer.peer == id).map(|peer| name(peer, context));
    known.filter(|name| !name.is_empty()).unwrap_or_else(|| short(id).to_owned())
}

fn short(peer: &str) -> &str {
    // Peer ids are ASCII; anything else is shown whole.
    peer.len().checked_sub(SHORT).and_then(|at| peer.get(at..)).unwrap_or(peer)
}

fn state(peer: &Peer, catalogue: &Catalogue) -> String {
    let state = match peer.state.as_str() {
        "connected" => say!(catalogue, "peer-connected"),
        "dialling" => say!(catalogue, "peer-dialling"),
        "banned" => say!(catalogue, "peer-banned"),
        _ => say!(catalogue, "peer-away"),
    };
    match &peer.why {
        Some(why) => format!("{state} ({})", reason(why, catalogue)),
        None => state,
    }
}

fn reason(why: &str, catalogue: &Catalogue) -> String {
    match why {
        "unreachable" => say!(catalogue, "why-unreachable"),
        "other-peer" => say!(catalogue, "why-other-peer"),
        "own-address" => say!(catalogue, "why-own-address"),
        "full" => say!(catalogue, "why-full"),
        "closed" => say!(catalogue, "why-closed"),
        "broken" => say!(catalogue, "why-broken"),
        "silent" => say!(catalogue, "why-silent"),
        "other-network" => say!(catalogue, "why-other-network"),
        "banned" => say!(catalogue, "why-banned"),
        // A reason that a later node gives.
        other => other.to_owned(),
    }
}

fn path(peer: &Peer, all: &[Peer], context: &Context) -> String {
    let catalogue = &context.catalogue;
    match (peer.path.as_deref(), &peer.relay) {
        (Some("lan"), _) => say!(catalogue, "path-lan"),
        (Some("direct"), _) => say!(catalogue, "path-direct"),
        (Some("relayed"), Some(relay)) => {
            say!(catalogue, "path-relayed", relay = called(relay, all, context))
        }
        _ => String::new(),
    }
}

fn behind(peer: &Peer, catalogue: &Catalogue) -> String {
    match peer.behind {
        None => say!(catalogue, "behind-unknown"),
        Some(behind) if behind.here == 0 && behind.there == 0 => say!(catalogue, "behind-none"),
        Some(behind) => say!(catalogue, "behind-some", here = behind.here, there = behind.there),
    }
}

fn introduced(peer: &Peer, all: &[Peer], context: &Context) -> String {
    let catalogue = &context.catalogue;
    match peer.introduced.as_str() {
        "invitation" => say!(catalogue, "from-invitation"),
        "lan" => say!(catalogue, "from-lan"),
        "itself" => say!(catalogue, "from-itself"),
        by => say!(catalogue, "from-peer", peer = called(by, all, context)),
    }
}
