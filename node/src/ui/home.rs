//! The first page: what the network is, how many belong, and what is new.

use axum::extract::State;
use axum::response::Response;

use super::card::Card;
use super::page::{Page, Section};
use super::text::Passage;
use super::{Asked, Visit};
use crate::api::Failure;
use crate::clock::now;
use crate::view::Filter;

/// New records that are shown: a glance, the library has all.
const NEWEST: usize = 6;
/// The levels of territorial collectivities, in the order in which they are counted.
pub(super) const LEVELS: [&str; 3] = ["region", "province", "commune"];

#[derive(Debug, askama::Template)]
#[template(path = "home.html")]
struct HomePage {
    network: Option<Passage>,
    /// What the form for words needs: nothing is looked for yet.
    words: String,
    kept: Vec<(String, String)>,
    figures: Vec<Figure>,
    newest: Vec<Card>,
    page: Page,
}

/// A number with what it counts, and where to see what was counted.
#[derive(Debug)]
struct Figure {
    number: String,
    text: String,
    detail: String,
    href: String,
}

/// `GET /`.
pub(super) async fn home(State(api): Asked, visit: Visit) -> Result<Response, Failure> {
    let (snapshot, table) = api.table(None).await?;
    let connected = api.node.health().await?.connected as u64;
    api.show_of(snapshot, visit, Section::Home, move |page, view| {
        let members = view.members(&table).totals;
        let levels = LEVELS.map(|level| {
            page.count(&format!("count-{level}"), members.levels.get(level).copied().unwrap_or_default())
        });
        let entries = view.store().status().entries;
        let figures = vec![
            Figure {
                number: page.number(members.members),
                text: page.count("figure-members", members.members),
                detail: page.list(&levels),
                href: page.href("/members"),
            },
            Figure {
                number: page.number(connected),
                text: page.count("figure-nodes", connected),
                detail: page.count("figure-nodes-detail", entries),
                href: page.href("/network"),
            },
        ];
        let newest = view.records(&Filter::default(), None, NEWEST, now())?.items;
        Ok(HomePage {
            network: page.passage(&view.network().names),
            words: String::new(),
            kept: Vec::new(),
            figures,
            newest: newest.iter().map(|item| Card::new(&page, item)).collect(),
            page,
        })
    })
    .await
}
