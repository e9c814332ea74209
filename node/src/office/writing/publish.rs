//! From a draft to a signed record, once.
//!
//! What the node is about to sign is noted before it signs, and what it signed before anybody is told. A draft that
//! was left between the two is settled by looking into the own log for the body: the draft's salt makes that one.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use multaqa_protocol::id::{BodyHash, EntryId, Seq};
use url::form_urlencoded;

use super::check::{problems, ready};
use super::saved::drafts;
use super::{address, go_on, load, with_drafts};
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::office::draft::{Draft, DraftError, DraftId, Remark, Stamp, State as DraftState};
use crate::office::signed::{Signature, Who};
use crate::office::{Role, SignedIn};
use crate::ui::Visit;

/// Longest remark with which a draft is given back.
const MAX_REMARK: usize = 2_000;

/// What a button beside a preview sends.
#[derive(Debug, Default)]
struct Sent {
    version: u64,
    hash: String,
    remark: String,
}

impl Sent {
    fn read(body: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "draft-version" => sent.version = value.parse().unwrap_or(0),
                "draft-hash" => sent.hash = value.into_owned(),
                "draft-remark" => sent.remark = value.trim().chars().take(MAX_REMARK).collect(),
                _ => {}
            }
        }
        sent
    }
}

/// `POST /office/drafts/{id}/publish`: has the node sign what the preview showed.
pub(super) async fn publish(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Publisher)?;
    let sent = Sent::read(&body);
    let draft = load(&api, &id).await?;
    let preview = address(visit.language, &draft.id, "/preview");
    // A browser that goes away does not stop what is half done.
    let id = draft.id.clone();
    let job = tokio::spawn(async move { sign(&api, &id, &sent, &signed_in).await });
    match job.await.map_err(|_| Failure::Stopped)? {
        Ok(entry) => Ok(go_on(&format!("/{}/records/{entry}", visit.language.tag()))),
        // It is not what was shown any more: it is shown again.
        Err(Failure::DraftFile(DraftError::Stale { .. })) => Ok(go_on(&preview)),
        Err(error) => Err(error),
    }
}

async fn sign(api: &Api, id: &DraftId, sent: &Sent, signed_in: &SignedIn) -> Result<EntryId, Failure> {
    let _signing = api.office.drafts().signing.lock().await;
    let draft = settle_held(api, load(api, &id.to_string()).await?).await?;
    if let Some(entry) = draft.entry() {
        return Ok(entry);
    }
    let stale = |draft: &Draft| DraftError::Stale { current: Box::new(draft.clone()) };
    if draft.version != sent.version {
        return Err(stale(&draft).into());
    }
    let is_waiting = matches!(draft.state, DraftState::Waiting { .. });
    if api.office.four_eyes()? && !(is_waiting && draft.is_seen_by_another(signed_in.account.id)) {
        return Err(Failure::FourEyes);
    }
    let ready = ready(api, &draft).await?;
    if ready.hash.to_string() != sent.hash {
        return Err(stale(&draft).into());
    }
    let asked = match &draft.state {
        DraftState::Waiting { asked } => Some(asked.clone()),
        _ => None,
    };
    let signed = Stamp::now(&signed_in.account);
    let after = api.node.with(|engine| engine.own_head().map_or(0, |head| head.seq)).await?;
    let intended = DraftState::Signing { asked, signed, body: ready.hash, after };
    set_state(api, id, intended).await?;
    let result = api.sign(ready.drafts, 0).await;
    // Whatever the answer says, the log knows.
    let settled = settle_held(api, load(api, &id.to_string()).await?).await?;
    match (settled.entry(), result) {
        (Some(entry), _) => Ok(entry),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Failure::Stopped),
    }
}

async fn set_state(api: &Api, id: &DraftId, state: DraftState) -> Result<Draft, Failure> {
    let id = id.clone();
    Ok(with_drafts(api, move |drafts| drafts.set_state(&id, state)).await?)
}

/// Finds out what became of a draft that the node was about to sign when it stopped. One that it is signing just now
/// is left as it is.
pub(super) async fn settle(api: &Api, draft: Draft) -> Result<Draft, Failure> {
    if !matches!(draft.state, DraftState::Signing { .. }) {
        return Ok(draft);
    }
    let Ok(_signing) = api.office.drafts().signing.try_lock() else { return Ok(draft) };
    settle_held(api, load(api, &draft.id.to_string()).await?).await
}

async fn settle_held(api: &Api, draft: Draft) -> Result<Draft, Failure> {
    let DraftState::Signing { asked, signed, body, after } = draft.state.clone() else { return Ok(draft) };
    let state = match find(api, body, after).await? {
        Some(entry) => {
            // Noted before the draft says so: killed in between, it is noted twice, not never.
            let who = |stamp: &Stamp| Who { id: stamp.account, name: stamp.name.clone() };
            let approved = asked.as_ref().map(|_| who(&signed));
            let asked_by = who(asked.as_ref().unwrap_or(&signed));
            let kind = draft.kind.clone();
            api.office.note(Signature { time: now(), asked: asked_by, approved, kind, entry }).await?;
            // Whoever signed it was killed before that, perhaps.
            let node = api.node.clone();
            tokio::spawn(async move { node.keep_files_of(entry).await });
            DraftState::Published { entry, asked, signed }
        }
        None => asked.map_or(DraftState::Writing, |asked| DraftState::Waiting { asked }),
    };
    set_state(api, &draft.id, state).await
}

/// Returns the own entry of a body, among those after a place of the own log.
async fn find(api: &Api, body: BodyHash, after: Seq) -> Result<Option<EntryId>, Failure> {
    let author = api.node.author();
    let Some(head) = api.node.with(|engine| engine.own_choice().map(|choice| choice.head)).await? else {
        return Ok(None);
    };
    api.ask(move |view| {
        let mut next = after.saturating_add(1);
        while next <= head.seq {
            let rows = view.store().rows(author, head.branch, next..=head.seq)?;
            let Some(last) = rows.last() else { break };
            next = last.place.seq.saturating_add(1);
            for row in rows {
                let stored = view.store().entry(author, row.place)?;
                if stored.is_some_and(|stored| stored.entry.header().body.hash == body) {
                    return Ok(Some(row.id));
                }
            }
        }
        Ok(None)
    })
    .await
}

/// `POST /office/drafts/{id}/ask`: asks that somebody else publish it as it stands.
pub(super) async fn ask(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    let sent = Sent::read(&body);
    let draft = load(&api, &id).await?;
    if !problems(&api, &draft).await?.is_empty() {
        return Ok(go_on(&address(visit.language, &draft.id, "?check=1#faults")));
    }
    let by = Stamp::now(&signed_in.account);
    let asked = by.clone();
    let change = move |draft: &mut Draft| {
        draft.state = DraftState::Waiting { asked };
        draft.remark = None;
    };
    go_on_after(&api, &visit, &draft.id, (sent.version, by), change).await
}

/// `POST /office/drafts/{id}/return`: gives it back to be written in, with a remark.
pub(super) async fn give_back(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Author)?;
    let sent = Sent::read(&body);
    let id: DraftId = id.parse().map_err(|_| Failure::NoRoute)?;
    let by = Stamp::now(&signed_in.account);
    let remark = (!sent.remark.is_empty()).then(|| Remark { text: sent.remark, by: by.clone() });
    let change = move |draft: &mut Draft| {
        draft.state = DraftState::Writing;
        draft.remark = remark;
    };
    go_on_after(&api, &visit, &id, (sent.version, by), change).await
}

/// Changes a draft and goes on to the list, or shows again what somebody changed meanwhile.
async fn go_on_after(
    api: &Api,
    visit: &Visit,
    id: &DraftId,
    (version, by): (u64, Stamp),
    change: impl FnOnce(&mut Draft) + Send + 'static,
) -> Result<Response, Failure> {
    let of = id.clone();
    match with_drafts(api, move |drafts| drafts.change(&of, version, by, change)).await {
        Ok(_) => Ok(go_on(&drafts(visit.language))),
        Err(DraftError::Stale { .. } | DraftError::Closed { .. }) => {
            Ok(go_on(&address(visit.language, id, "/preview")))
        }
        Err(error) => Err(error.into()),
    }
}
