//! What waits for whoever is signed in, what is new since they were last here, and how the node is.

use axum::extract::State;
use axum::response::Response;

use super::SignedIn;
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::ui::Visit;
use crate::ui::card::Card;
use crate::ui::page::Page;
use crate::view::Filter;

/// New records that are shown; the library has all.
const NEWEST: usize = 8;

#[derive(Debug, askama::Template)]
#[template(path = "office/home.html")]
struct HomePage {
    /// The title above what is new.
    title: String,
    newest: Vec<Card>,
    /// How the node is, each with whether that is well.
    health: Vec<(bool, String)>,
    /// Whether it belongs to a network.
    has_network: bool,
    page: Page,
}

/// `GET /office`.
pub(super) async fn home(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    let health = api.node.health().await?;
    let (has_network, me) = (api.node.network().is_some(), api.node.author());
    let is_online = api.node.is_online();
    let since = signed_in.account.visited_before;
    api.show_in_office(visit, move |page, view| {
        let filter = Filter { since, ..Filter::default() };
        let newest = view.records(&filter, None, NEWEST, now())?.items;
        let newest = newest.iter().filter(|item| item.author != me).map(|item| Card::new(&page, item));
        let title = match since {
            Some(since) => page.fill("office-new-since", "time", &page.language.moment(since)),
            None => page.say("office-new"),
        };
        let connected = health.connected as u64;
        let told = vec![
            (
                health.writable,
                page.say(if health.writable { "office-disk-well" } else { "office-disk-unwell" }),
            ),
            (
                health.quarantine.is_none(),
                page.say(if health.quarantine.is_none() { "office-signs" } else { "office-signs-not" }),
            ),
            (!is_online || connected > 0, page.count("footer-connected", connected)),
            (health.missing_bodies == 0, page.count("office-missing", health.missing_bodies as u64)),
        ];
        Ok(HomePage { title, newest: newest.collect(), health: told, has_network, page })
    })
    .await
}
