//! All drafts: those that wait for somebody else, those that are being written, and what became of others.

use axum::extract::State;
use axum::response::Response;

use super::publish::settle;
use super::{address, title_of, with_drafts};
use crate::api::{Api, Failure};
use crate::office::draft::{Draft, Stamp, State as DraftState};
use crate::office::form::Meter;
use crate::office::{Account, Role, SignedIn};
use crate::ui::Visit;
use crate::ui::page::Page;

/// Published drafts that are listed: the latest weeks; the library has all records.
const PUBLISHED: usize = 20;

#[derive(Debug, askama::Template)]
#[template(path = "office/drafts.html")]
struct DraftsPage {
    waiting: Vec<Row>,
    writing: Vec<Row>,
    published: Vec<Row>,
    is_author: bool,
    page: Page,
}

/// A draft in the list.
#[derive(Debug)]
struct Row {
    href: String,
    title: Option<String>,
    kind: String,
    /// Who did what to it last.
    done: String,
    /// How complete it is: filled, wanted.
    meter: Option<(usize, usize, String)>,
    /// Whether whoever looks can approve it.
    is_for_reader: bool,
    remark: Option<String>,
}

/// `GET /office/drafts`.
pub(super) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    let mut drafts = with_drafts(&api, crate::office::draft::Drafts::all).await?;
    for draft in &mut drafts {
        if matches!(draft.state, DraftState::Signing { .. }) {
            *draft = settle(&api, draft.clone()).await?;
        }
    }
    let (account, four_eyes) = (signed_in.account.clone(), api.office.four_eyes()?);
    api.show_in_office(visit, move |page, _| {
        let row = |draft: &Draft| Row::new(&page, draft, &account, four_eyes);
        let rows = |wanted: fn(&DraftState) -> bool| {
            drafts.iter().filter(|draft| wanted(&draft.state)).map(row).collect::<Vec<_>>()
        };
        let mut published = rows(|state| matches!(state, DraftState::Published { .. }));
        published.truncate(PUBLISHED);
        Ok(DraftsPage {
            waiting: rows(|state| matches!(state, DraftState::Waiting { .. } | DraftState::Signing { .. })),
            writing: rows(|state| matches!(state, DraftState::Writing)),
            published,
            is_author: account.role >= Role::Author,
            page,
        })
    })
    .await
}

impl Row {
    fn new(page: &Page, draft: &Draft, account: &Account, four_eyes: bool) -> Self {
        let by = |id: &str, stamp: &Stamp| told(page, id, stamp);
        let meter = Meter::of(&draft.kind, &draft.fields);
        Self {
            href: match draft.entry() {
                Some(entry) => page.record_href(&entry),
                None if matches!(draft.state, DraftState::Waiting { .. }) => {
                    address(page.language, &draft.id, "/preview")
                }
                None => address(page.language, &draft.id, ""),
            },
            title: title_of(page, &draft.fields),
            kind: page.code("kind", &draft.kind),
            done: match &draft.state {
                DraftState::Writing => by("draft-changed-by", &draft.changed),
                DraftState::Waiting { asked } => by("draft-asked-by", asked),
                DraftState::Signing { signed, .. } => by("draft-signing-by", signed),
                DraftState::Published { signed, .. } => by("draft-published-by", signed),
            },
            meter: (draft.entry().is_none() && meter.wanted > 0).then(|| {
                let text = page.out_of(meter.filled as u64, meter.wanted as u64);
                (meter.filled, meter.wanted, text)
            }),
            is_for_reader: matches!(draft.state, DraftState::Waiting { .. })
                && account.role >= Role::Publisher
                && (!four_eyes || draft.is_seen_by_another(account.id)),
            remark: draft.remark.as_ref().map(|remark| page.plain(&remark.text)),
        }
    }
}

/// Returns a sentence about who did something, and when.
pub(super) fn told(page: &Page, id: &str, stamp: &Stamp) -> String {
    let name = crate::ui::text::isolated(&stamp.name);
    page.tell(id, &[("name", name.into()), ("when", page.language.moment(stamp.at).into())])
}
