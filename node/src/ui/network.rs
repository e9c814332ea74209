//! The network as this node sees it: which other nodes there are, in which state and why, by which path,
//! and how far apart they are; and the charter that makes it a network.

use axum::extract::State;
use axum::response::Response;

use super::chart::{Graph, Spoke};
use super::charter::Version;
use super::page::{Page, Section};
use super::record::Text;
use super::text::{Passage, isolated};
use super::{Asked, Visit};
use crate::api::types::{Behind, Peer};
use crate::api::{Failure, status};
use crate::clock::now;

/// How old the stewards' last word may be before the page says so: a quarter of a year, since admissions
/// come by cohorts.
const OLD: u64 = 90 * 24 * 60 * 60 * 1_000;

/// Versions of the charter that the page lists, the latest first; older ones are a page further.
const MAX_CHARTERS: usize = 12;

#[derive(Debug, askama::Template)]
#[template(path = "network.html")]
struct NetworkPage {
    name: Option<Passage>,
    graph: Graph,
    summary: String,
    peers: Vec<Row>,
    charter: Option<Text>,
    stewards: Vec<(String, Passage)>,
    k: String,
    versions: Vec<Version>,
    licence: Option<String>,
    id: Option<String>,
    last_statement: Option<String>,
    is_old: bool,
    page: Page,
}

/// A node in the table.
#[derive(Debug)]
struct Row {
    name: Passage,
    href: Option<String>,
    peer: String,
    state: String,
    is_connected: bool,
    why: Option<String>,
    path: Option<String>,
    lag: String,
    last_seen: Option<String>,
    round_trip: Option<String>,
}

/// `GET /network`.
pub(super) async fn network(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let (peers, behind) = (api.node.peers().await, api.node.behind().await?);
    let own = api.node.author();
    api.show(visit, Section::Network, move |page, view| {
        let peers = status::described(&view, peers, &behind);
        let rows: Vec<Row> = peers.iter().map(|peer| Row::new(&page, peer)).collect();
        let network = view.network();
        let connected = rows.iter().filter(|row| row.is_connected).count() as u64;
        let own = page.author(&view.names_of(own), own);
        let charter = page.passage(&network.text);
        let charters = view.charter_versions().rev().take(MAX_CHARTERS).collect::<Vec<_>>();
        let charters =
            charters.into_iter().map(|number| view.charter(number)).collect::<Result<Vec<_>, _>>()?;
        Ok(NetworkPage {
            name: page.passage(&network.names),
            graph: graph(&page, &own, &peers),
            summary: page.out_of(connected, rows.len() as u64),
            charter: charter.map(|passage| Text::new(&page, None, passage)),
            stewards: network
                .stewards
                .iter()
                .map(|steward| {
                    (page.member_href(&steward.author), page.author(&steward.names, steward.author))
                })
                .collect(),
            k: page.count("network-k", network.k),
            versions: charters.iter().flatten().map(|charter| Version::new(&page, charter)).collect(),
            licence: (!network.licence.is_empty()).then(|| isolated(&network.licence)),
            id: network.id.map(|id| id.to_string()),
            last_statement: network.last_statement.map(|time| page.day(time)),
            is_old: network.last_statement.is_some_and(|time| now().saturating_sub(time) > OLD),
            peers: rows,
            page,
        })
    })
    .await
}

impl Row {
    fn new(page: &Page, peer: &Peer) -> Self {
        let lag = |behind: &Behind| match (behind.here, behind.there) {
            (0, 0) => page.say("lag-none"),
            (0, there) => page.count("lag-there", there),
            (here, _) => page.count("lag-here", here),
        };
        Self {
            name: name(page, peer),
            href: peer.author.as_ref().map(|author| page.member_href(&author.author)),
            peer: page.plain(&peer.peer),
            state: page.code("peer", &peer.state),
            is_connected: is_connected(peer),
            why: peer.why.as_deref().map(|why| page.code("why", why)),
            path: peer.path.as_deref().map(|path| page.code("path", path)),
            lag: peer.behind.as_ref().map_or_else(|| page.say("lag-unknown"), lag),
            last_seen: peer.last_seen.map(|time| page.language.moment(time)),
            round_trip: peer.rtt_ms.map(|time| page.count("milliseconds", time)),
        }
    }
}

fn is_connected(peer: &Peer) -> bool {
    peer.state == "connected"
}

/// Returns who keeps a node; the end of its id where nobody's profile names it.
fn name(page: &Page, peer: &Peer) -> Passage {
    match &peer.author {
        Some(author) => page.author(&author.names, author.author),
        None => {
            // Ids of one kind begin alike.
            let end = peer.peer.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
            page.unnamed(&peer.peer[end..])
        }
    }
}

fn graph(page: &Page, own: &Passage, peers: &[Peer]) -> Graph {
    let spoke = |peer: &Peer| Spoke {
        name: name(page, peer).text,
        style: match (is_connected(peer), peer.path.as_deref()) {
            (true, Some("relayed")) => "relayed",
            (true, _) => "direct",
            (false, _) => "away",
        },
    };
    Graph::new(page.say("graph-title"), page.say("graph-about"), own.text.clone(), peers.iter().map(spoke))
}
