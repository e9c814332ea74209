//! The routes that sign records: publish, revise, withdraw.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use multaqa_protocol::entry::{INCEPTION, NETWORK_KINDS, ROTATE};
use multaqa_protocol::id::{EntryId, NetworkId};
use multaqa_protocol::network::{Body, Ref, Withdraw};
use multaqa_protocol::record;

use super::draft::Drafted;
use super::failure::Failure;
use super::types::{PUBLISHED, Published, RecordRequest, ReviseRequest, Status, WithdrawRequest};
use super::{Api, query, reply};
use crate::driver::Draft;
use crate::node::may_name_files;
use crate::view::Found;

/// The kinds of records that the specification names; another one needs a dot, so that a misspelt one
/// is not signed.
const RECORD_KINDS: [&str; 11] = [
    "adoption",
    "challenge",
    "endorse",
    "evaluation",
    "event",
    "plan",
    "practice",
    "profile",
    "progress",
    "proposal",
    "reply",
];
/// Longest kind.
const MAX_KIND: usize = 64;

impl Api {
    /// Signs drafts and tells what was signed; `main` is the one that was asked for.
    pub(crate) async fn sign(&self, drafts: Vec<Draft>, main: usize) -> Result<Published, Failure> {
        let kind = drafts.get(main).map(|draft| draft.kind.clone()).unwrap_or_default();
        let entries = self.node.publish(drafts).await?;
        let id = entries.get(main).copied().ok_or(Failure::Stopped)?;
        self.keep_files(&kind, id);
        Ok(Published {
            schema: PUBLISHED.into(),
            id,
            kind,
            author: self.node.author(),
            network: None,
            entries,
            warnings: Vec::new(),
        })
    }

    /// Has the files kept that a record names, and those of a practice that it takes up; fetching them takes
    /// its time, and the record is signed all the same.
    fn keep_files(&self, kind: &str, id: EntryId) {
        if may_name_files(kind) {
            let node = self.node.clone();
            tokio::spawn(async move { node.keep_files_of(id).await });
        }
    }

    /// Finds an own record that counts.
    async fn own_record(&self, id: String) -> Result<Found, Failure> {
        let me = self.node.author();
        let (found, status) = self
            .ask(move |view| {
                let found = view.find(&id)?;
                let status = view.status_of(&found)?;
                Ok((found, status))
            })
            .await?;
        check_record_kind(&found.kind)?;
        if found.author != me {
            return Err(Failure::NotOwn);
        }
        match status {
            Status::Canonical | Status::Withdrawn => Ok(found),
            Status::Disputed => Err(Failure::NotCanonical("disputed")),
            Status::Disowned => Err(Failure::NotCanonical("disowned")),
            Status::BeyondCut => Err(Failure::NotCanonical("beyond the cut of a suspension")),
        }
    }

    /// Makes the body of a record of what an author wrote, as `POST /records` does, or of a new version of an own
    /// record, which is then its current one.
    pub(crate) async fn compose(
        &self,
        kind: &str,
        fields: serde_json::Value,
        replaces: Option<String>,
    ) -> Result<Drafted, Failure> {
        check_new_kind(kind)?;
        let mut drafted = self.draft(kind, fields).await?;
        if let Some(id) = replaces {
            let found = self.own_record(id).await?;
            let author = found.author;
            let (id, seq) = self.ask(move |view| view.current_version(&found)).await?;
            record::set_replaces(&mut drafted.body, record::Ref { author, seq, id });
        }
        Ok(drafted)
    }

    /// Makes what withdraws a record: the author's own, or a steward's part of an order (B2).
    pub(crate) async fn withdrawal(
        &self,
        id: String,
        request: WithdrawRequest,
    ) -> Result<Vec<Draft>, Failure> {
        let WithdrawRequest { reason, basis, all_versions } = request;
        if reason.trim().is_empty() {
            return Err(Failure::field("reason", "missing", "a withdrawal says why"));
        }
        let me = self.node.author();
        let (found, versions, is_steward) = self
            .ask(move |view| {
                let found = view.find(&id)?;
                let versions = view.versions(&found);
                Ok((found, versions, view.snapshot().governance().is_steward(me)))
            })
            .await?;
        check_record_kind(&found.kind)?;
        let net: Option<NetworkId> = match (found.author == me, is_steward) {
            (true, _) => None,
            (false, true) => self.node.network(),
            (false, false) => return Err(Failure::NotOwn),
        };
        let target = |(seq, id): (u32, EntryId)| Ref { author: found.author, seq, id };
        let mut entries = vec![target((found.place.seq, found.id))];
        if all_versions {
            entries = versions.into_iter().map(target).collect();
        }
        let order = |entries: &[Ref]| {
            let order =
                Withdraw { net, basis: basis.clone(), reason: reason.clone(), entries: entries.to_vec() };
            Draft { kind: Withdraw::KIND.into(), body: order.to_map(), salt: None }
        };
        Ok(entries.chunks(multaqa_protocol::network::MAX_WITHDRAWN).map(order).collect())
    }
}

/// Refuses kinds that are no records.
fn check_record_kind(kind: &str) -> Result<(), Failure> {
    let is_other = NETWORK_KINDS.contains(&kind) || kind == INCEPTION || kind == ROTATE;
    if is_other { Err(Failure::NotARecord(kind.to_owned())) } else { Ok(()) }
}

pub(super) fn check_new_kind(kind: &str) -> Result<(), Failure> {
    check_record_kind(kind)?;
    let letters =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let is_kind = kind.len() <= MAX_KIND
        && kind.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && kind.bytes().all(letters);
    if is_kind && (RECORD_KINDS.contains(&kind) || kind.contains('.')) {
        return Ok(());
    }
    let known = RECORD_KINDS.join(", ");
    Err(Failure::field("kind", "unknown_code", format!("`{kind}` is none of {known}, and has no dot")))
}

/// Signs a record.
#[utoipa::path(
    post,
    path = "/records",
    tag = "office",
    request_body = RecordRequest,
    responses((status = 201, description = "It is signed and durable", body = Published))
)]
pub(super) async fn publish(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let RecordRequest { kind, fields } = reply::request(&body)?;
    let Drafted { body, warnings } = api.compose(&kind, fields, None).await?;
    let published = api.sign(vec![Draft { kind, body, salt: None }], 0).await?;
    Ok(reply::created(&Published { warnings, ..published }))
}

/// Signs a new version of the record of which the entry is one (R2).
#[utoipa::path(
    post,
    path = "/records/{id}/revise",
    tag = "office",
    params(query::EntryPath),
    request_body = ReviseRequest,
    responses((status = 201, description = "It is signed and durable", body = Published))
)]
pub(super) async fn revise(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    body: Bytes,
) -> Result<Response, Failure> {
    let ReviseRequest { fields } = reply::request(&body)?;
    let kind = api.own_record(id.clone()).await?.kind;
    let Drafted { body, warnings } = api.compose(&kind, fields, Some(id)).await?;
    let published = api.sign(vec![Draft { kind, body, salt: None }], 0).await?;
    Ok(reply::created(&Published { warnings, ..published }))
}

/// Signs a withdrawal: of the author's own record, or a steward's part of an order (B2).
#[utoipa::path(
    post,
    path = "/records/{id}/withdraw",
    tag = "office",
    params(query::EntryPath),
    request_body = WithdrawRequest,
    responses((status = 201, description = "It is signed and durable", body = Published))
)]
pub(super) async fn withdraw(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    body: Bytes,
) -> Result<Response, Failure> {
    let drafts = api.withdrawal(id, reply::request(&body)?).await?;
    let last = drafts.len() - 1;
    Ok(reply::created(&api.sign(drafts, last).await?))
}
