//! What waits for whoever is signed in, what is new since they were last here, and how the node is.

use axum::extract::State;
use axum::response::Response;
use multaqa_protocol::id::EntryId;

use super::draft::{Drafts, State as DraftState};
use super::writing::with_drafts;
use super::{Account, SignedIn};
use crate::api::types::RecordItem;
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::ui::Visit;
use crate::ui::card::Card;
use crate::ui::page::{Page, Section};
use crate::view::{Filter, MAX_PAGE, View, ViewError};

/// New records that are shown; the library has all.
const NEWEST: usize = 8;

#[derive(Debug, askama::Template)]
#[template(path = "office/home.html")]
struct HomePage {
    /// Drafts that wait for a publisher.
    waiting: Option<String>,
    /// What is asked of this collectivity and not answered yet.
    asked: Vec<Card>,
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
    let drafts = with_drafts(&api, Drafts::all).await?;
    let waiting = drafts.iter().filter(|draft| matches!(draft.state, DraftState::Waiting { .. })).count();
    let (index, snapshot, is_whole) = api.searched().await?;
    let account = signed_in.account;
    let latest = api.ask_of(snapshot.clone(), |view| Ok(view.arrivals(None, 1)?.latest)).await?;
    api.looked(&account, latest).await?;
    api.show_of(snapshot, visit, Section::Office, move |page, view| {
        let newest = arrived(&view, &account)?;
        let newest = newest.iter().filter(|item| item.author != me).take(NEWEST);
        let dialogue = Dialogue { view: &view, index: &index, is_whole, now: now() };
        let asked = dialogue.unanswered(me)?.items;
        let title = match account.visited_before {
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
        Ok(HomePage {
            waiting: (waiting > 0).then(|| page.count("office-waiting", waiting as u64)),
            asked: asked.iter().map(|item| Card::new(&page, item)).collect(),
            title,
            newest: newest.map(|item| Card::new(&page, item)).collect(),
            health: told,
            has_network,
            page,
        })
    })
    .await
}

/// Returns what arrived since the account looked last before this visit, the latest first; on its first visit
/// the newest there is.
fn arrived(view: &View<'_>, account: &Account) -> Result<Vec<RecordItem>, ViewError> {
    let since = account.seen_before.map(|seen| view.arrivals(Some(&seen.to_string()), MAX_PAGE));
    match since {
        Some(Ok(found)) => Ok(found.items.into_iter().rev().collect()),
        // Whoever was never here, or looked at an entry that is held no longer.
        None | Some(Err(ViewError::NotFound { .. })) => {
            Ok(view.records(&Filter::default(), None, NEWEST * 2, now())?.items)
        }
        Some(Err(error)) => Err(error),
    }
}

impl Api {
    /// Notes what had arrived when somebody looked at what is new.
    async fn looked(&self, account: &Account, latest: Option<EntryId>) -> Result<(), Failure> {
        let id = account.id;
        let Some(latest) = latest else { return Ok(()) };
        if !self.office.look(|book| book.has_seen(id, latest))? {
            self.office.change(move |book| book.note_seen(id, latest)).await?;
        }
        Ok(())
    }
}
