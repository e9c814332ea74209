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
use crate::api::types::{Behind, ContradictionKind, HeadContradiction, ListedHead, Peer};
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
    /// When and by whom heads were last listed.
    listed: Option<String>,
    contradictions: Vec<Proof>,
    not_supplied: Vec<Proof>,
    is_old: bool,
    page: Page,
}

/// What does not fit together, and the checkpoints that prove it.
#[derive(Debug)]
struct Proof {
    text: String,
    /// Addresses of the checkpoints, with their dates.
    checkpoints: Vec<(String, String)>,
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
        let checkpoints = view.checkpoints(now())?;
        Ok(NetworkPage {
            listed: checkpoints.last.as_ref().map(|listing| {
                let (by, date) = (page.author(&listing.by.names, listing.by.author), page.day(listing.time));
                page.tell("heads-last", &[("by", by.text.into()), ("date", date.into())])
            }),
            contradictions: checkpoints
                .contradictions
                .iter()
                .map(|found| contradiction(&page, found))
                .collect(),
            not_supplied: checkpoints.not_supplied.iter().map(|head| not_supplied(&page, head)).collect(),
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

/// Says in which way two checkpoints contradict each other.
fn contradiction(page: &Page, found: &HeadContradiction) -> Proof {
    let text = match found.kind {
        ContradictionKind::TwoHeads => "heads-two",
        ContradictionKind::SteppedBack => "heads-back",
    };
    let [one, other] = [&found.one, &found.other];
    let author = page.author(&one.author.names, one.author.author).text;
    let steward = |head: &ListedHead| page.author(&head.listed.by.names, head.listed.by.author).text;
    let args = [
        ("author", author.into()),
        ("seq", page.number(u64::from(one.seq)).into()),
        ("back", page.number(u64::from(other.seq)).into()),
        ("one", steward(one).into()),
        ("other", steward(other).into()),
    ];
    Proof { text: page.tell(text, &args), checkpoints: vec![address(page, one), address(page, other)] }
}

/// Says which head nobody has supplied.
fn not_supplied(page: &Page, head: &ListedHead) -> Proof {
    let args = [
        ("author", page.author(&head.author.names, head.author.author).text.into()),
        ("seq", page.number(u64::from(head.seq)).into()),
        ("by", page.author(&head.listed.by.names, head.listed.by.author).text.into()),
    ];
    Proof { text: page.tell("heads-not-supplied", &args), checkpoints: vec![address(page, head)] }
}

/// Returns where the signed bytes of the checkpoint are that names a head, and its date.
fn address(page: &Page, head: &ListedHead) -> (String, String) {
    (format!("/api/v1/entries/{}", head.listed.entry), page.language.moment(head.listed.time))
}
