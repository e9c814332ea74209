//! A draft as it would be published: as readers will see it, and what exactly the node will sign.

use axum::extract::{Path, State};
use axum::response::Response;

use multaqa_protocol::codec::Value;

use super::around::{Around, id_of};
use super::check::{Ready, as_record, ready};
use super::list::told;
use super::publish::settle;
use super::shown::label;
use super::{address, go_on, load, title_of};
use crate::api::types::Warning;
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::office::draft::{Draft, State as DraftState, WITHDRAWAL};
use crate::office::form::{Input, walk};
use crate::office::{Role, SignedIn};
use crate::ui::Visit;
use crate::ui::page::{Page, short};
use crate::ui::record::{Preview, Shelf};

#[derive(Debug, askama::Template)]
#[template(path = "office/preview.html")]
struct PreviewPage {
    /// As readers see it, in each language.
    shown: Vec<Preview>,
    links: Vec<Named>,
    /// The body as data, all of it.
    data: String,
    /// The reason of a withdrawal, with what it takes back.
    withdrawal: Option<(String, String, String)>,
    kind: String,
    hash: String,
    size: String,
    moment: String,
    version: u64,
    here: String,
    /// What its author must know before it is signed.
    warnings: Vec<String>,
    waiting: Option<String>,
    changed: String,
    may: May,
    page: Page,
}

/// A record that the draft names.
#[derive(Debug)]
struct Named {
    /// What it is to the draft.
    label: String,
    /// Where it is, if it is held.
    href: Option<String>,
    /// What it is called.
    title: String,
}

/// What whoever looks may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum May {
    /// Only look.
    Look,
    /// Ask somebody else to publish it.
    Ask,
    /// Publish it.
    Publish,
    /// Wait for somebody else's approval, since they wrote it or asked for it.
    Wait,
    /// Nothing: the node is signing it.
    Nothing,
}

impl May {
    fn of(draft: &Draft, account: &crate::office::Account, four_eyes: bool) -> Self {
        let is_waiting = matches!(draft.state, DraftState::Waiting { .. });
        match (&draft.state, account.role) {
            (DraftState::Signing { .. }, _) => Self::Nothing,
            (_, Role::Reader) => Self::Look,
            (_, Role::Author) if is_waiting => Self::Wait,
            (_, Role::Author) => Self::Ask,
            _ if !four_eyes => Self::Publish,
            _ if is_waiting && draft.is_seen_by_another(account.id) => Self::Publish,
            _ if is_waiting => Self::Wait,
            _ => Self::Ask,
        }
    }
}

/// `GET /office/drafts/{id}/preview`.
pub(super) async fn preview(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let draft = settle(&api, load(&api, &id).await?).await?;
    if let Some(entry) = draft.entry() {
        return Ok(go_on(&format!("/{}/records/{entry}", visit.language.tag())));
    }
    let ready = match ready(&api, &draft).await {
        Ok(ready) => ready,
        // What is wrong stands in the form.
        Err(Failure::Draft(_)) if signed_in.account.role >= Role::Author => {
            return Ok(go_on(&address(visit.language, &draft.id, "?check=1#faults")));
        }
        Err(error) => return Err(error),
    };
    let around = Around::of(&api, &draft.kind, &draft.fields).await?;
    let held = api.node.attachments().clone();
    let may = May::of(&draft, &signed_in.account, api.office.four_eyes()?);
    let author = api.node.author();
    api.show_in_office(visit, move |page, view| {
        let record = as_record(&draft, &ready);
        let shelf = Shelf::Draft(address(page.language, &draft.id, ""));
        let show = |tag: &String| {
            let record = record.as_ref()?;
            Some(Preview::new(&page, &view, author, (&draft.kind, record), tag, (&shelf, &held)))
        };
        let shown = draft.languages.iter().filter_map(show).collect();
        let links = links(&page, &draft, &around);
        let withdrawal = match draft.target.filter(|_| draft.kind == WITHDRAWAL) {
            Some(target) => {
                let taken = view.record(&target.to_string())?;
                let title = page.passage(&taken.item.title).map(|passage| passage.text);
                let title = title.unwrap_or_else(|| page.code("kind", &taken.item.kind));
                let reason = title_of(&page, &draft.fields).unwrap_or_default();
                Some((page.record_href(&target), title, reason))
            }
            None => None,
        };
        Ok(PreviewPage::new(page, &draft, &ready, (shown, links), withdrawal, may))
    })
    .await
}

impl PreviewPage {
    fn new(
        page: Page,
        draft: &Draft,
        ready: &Ready,
        (shown, links): (Vec<Preview>, Vec<Named>),
        withdrawal: Option<(String, String, String)>,
        may: May,
    ) -> Self {
        Self {
            shown,
            links,
            data: {
                let data = serde_json::to_string_pretty(&Value::Map(ready.body().clone()));
                page.plain(&data.expect("a body is plain data with text keys"))
            },
            withdrawal,
            kind: page.code("kind", &draft.kind),
            hash: ready.hash.to_string(),
            size: page.count("draft-bytes", ready.len as u64),
            moment: page.language.moment(now()),
            version: draft.version,
            here: address(page.language, &draft.id, ""),
            warnings: ready.warnings.iter().map(|warning| warned(&page, warning)).collect(),
            waiting: match &draft.state {
                DraftState::Waiting { asked } => Some(told(&page, "draft-asked-by", asked)),
                _ => None,
            },
            changed: told(&page, "draft-changed-by", &draft.changed),
            may,
            page,
        }
    }
}

/// Returns the records that a draft names.
fn links(page: &Page, draft: &Draft, around: &Around) -> Vec<Named> {
    let mut links = Vec::new();
    walk(&draft.kind, &draft.fields, &mut |path, field, value| {
        let (Input::Record(_) | Input::Records(_), Some(value)) = (field.input, value) else { return };
        for id in value.as_array().into_iter().flatten().chain([value]).filter_map(id_of) {
            let label = label(page, &draft.kind, path);
            let known = around.records.get(&id);
            links.push(Named {
                label,
                href: known.map(|_| page.record_href(&id)),
                title: match known {
                    Some(known) => page
                        .passage(&known.title)
                        .map_or_else(|| page.code("kind", &known.kind), |passage| passage.text),
                    None => page.fill("form-not-held", "id", &short(&id.to_string())),
                },
            });
        }
    });
    links
}

/// Returns a warning, for people.
fn warned(page: &Page, warning: &Warning) -> String {
    let id = format!("form-warning-{}", warning.code.replace('_', "-"));
    let found = page.language.catalogue().find(&id, &[]);
    found.unwrap_or_else(|| page.fill("form-problem-other", "text", &warning.message))
}
