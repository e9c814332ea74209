//! The routes that read records, entries, members and logs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::id::{AuthorId, Millis, Seq};

use super::failure::Failure;
use super::reply::{self, Lasting};
use super::types::{
    Arrivals, Candidate, History, List, LogRow, MemberDetail, Members, Provenance, Record, Records, Stats,
};
use super::{Api, query};
use crate::clock::now;
use crate::store::BodyState;
use crate::view::{LogFilter, Snapshot, Table, last_by};

/// The signed bytes of an entry.
const COSE: &str = "application/cose; cose-type=\"cose-sign1\"";
/// A body's bytes.
const CBOR: &str = "application/cbor";

/// Finds records by words and by what they say, with counts; without words the newest first.
#[utoipa::path(
    get,
    path = "/records",
    tag = "records",
    params(query::Records),
    responses((status = 200, body = Records))
)]
pub(super) async fn records(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked = query::parameters(&uri)?;
    Ok(reply::json(&headers, &api.records(asked).await?))
}

/// Lists the records that arrived at this node after an entry did, in the order of arrival: what is new since
/// somebody last looked. Times in records are claims; this order is the node's own.
#[utoipa::path(
    get,
    path = "/arrivals",
    tag = "records",
    params(query::Arrivals),
    responses((status = 200, body = Arrivals))
)]
pub(super) async fn arrivals(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Arrivals = query::parameters(&uri)?;
    let limit = asked.limit();
    let answer = api.ask(move |view| view.arrivals(asked.after.as_deref(), limit));
    Ok(reply::json(&headers, &answer.await?))
}

/// Shows one entry of any kind in full.
#[utoipa::path(
    get,
    path = "/records/{id}",
    tag = "records",
    params(query::EntryPath),
    responses((status = 200, body = Record))
)]
pub(super) async fn record(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.record(&id)).await?))
}

/// Shows all versions of a record.
#[utoipa::path(
    get,
    path = "/records/{id}/history",
    tag = "records",
    params(query::EntryPath),
    responses((status = 200, body = History))
)]
pub(super) async fn history(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.history(&id)).await?))
}

/// Shows who signed a record, with which key, and how to verify it without this node.
#[utoipa::path(
    get,
    path = "/records/{id}/provenance",
    tag = "records",
    params(query::EntryPath),
    responses((status = 200, body = Provenance))
)]
pub(super) async fn provenance(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.provenance(&id)).await?))
}

/// Returns the signed bytes of an entry as they were received, or those of its body.
#[utoipa::path(
    get,
    path = "/entries/{id}",
    tag = "records",
    params(query::EntryPath, query::Entry),
    responses((status = 200, description = "The bytes", content((Vec<u8> = "application/cose"), (Vec<u8> = "application/cbor"))))
)]
pub(super) async fn entry(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Entry = query::parameters(&uri)?;
    let (name, stored) = api
        .ask(move |view| {
            let found = view.find(&id)?;
            Ok((found.id, view.stored(&found)?))
        })
        .await?;
    if !asked.wants_body()? {
        let envelope = stored.entry.envelope().to_vec();
        return Ok(reply::bytes(&headers, &name.to_string(), COSE, Lasting::Forever, envelope));
    }
    let hash = stored.entry.header().body.hash.to_string();
    match stored.body {
        BodyState::Present(body) => Ok(reply::bytes(&headers, &hash, CBOR, Lasting::WhileThere, body)),
        BodyState::Missing => Err(Failure::BodyMissing),
        BodyState::Withdrawn => Err(Failure::BodyWithdrawn),
    }
}

/// Lists what an author has signed, newest first.
#[utoipa::path(
    get,
    path = "/authors/{author}/log",
    tag = "members",
    params(query::AuthorPath, query::Log),
    responses((status = 200, body = List<LogRow>))
)]
pub(super) async fn log(
    State(api): State<Api>,
    Path(query::AuthorPath { author }): Path<query::AuthorPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Log = query::parameters(&uri)?;
    let filter = LogFilter { after: asked.after, marked: asked.marked()?, dated: asked.dated()? };
    let page = asked.page()?;
    let answer = api.ask(move |view| {
        let author = view.find_author(&author)?;
        view.log(author, filter, page.cursor, page.limit, now())
    });
    Ok(reply::json(&headers, &answer.await?))
}

/// Shows the member table with its totals, now or as of a date (N9).
#[utoipa::path(
    get,
    path = "/members",
    tag = "members",
    params(query::Members),
    responses((status = 200, body = Members))
)]
pub(super) async fn members(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Members = query::parameters(&uri)?;
    let (snapshot, table) = api.table(asked.as_of()?).await?;
    let answer = api.ask_of(snapshot, move |view| Ok(view.members(&table)));
    Ok(reply::json(&headers, &answer.await?))
}

/// Counts records and members, now or as of a date (N9).
#[utoipa::path(get, path = "/stats", tag = "members", params(query::Members), responses((status = 200, body = Stats)))]
pub(super) async fn stats(State(api): State<Api>, headers: HeaderMap, uri: Uri) -> Result<Response, Failure> {
    let asked: query::Members = query::parameters(&uri)?;
    // It reads the rows of every log.
    let place = api.streams.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
    let (snapshot, table, last) = api.table_and_last(asked.as_of()?).await?;
    let answer = api.ask_of(snapshot, move |view| {
        let _place = place;
        view.statistics(&table, last.as_ref())
    });
    Ok(reply::json(&headers, &answer.await?))
}

impl Api {
    /// Returns the member table, now or as of a date (N9), with the snapshot that it was taken beside.
    pub(crate) async fn table(&self, as_of: Option<Millis>) -> Result<(Arc<Snapshot>, Table), Failure> {
        let (snapshot, table, _) = self.table_and_last(as_of).await?;
        Ok((snapshot, table))
    }

    /// Returns the same, with the last entry of each author up to the date.
    async fn table_and_last(
        &self,
        as_of: Option<Millis>,
    ) -> Result<(Arc<Snapshot>, Table, Option<BTreeMap<AuthorId, Seq>>), Failure> {
        let Some(date) = as_of else {
            let (snapshot, table) =
                self.node.with(|engine| (Snapshot::of(engine), Table::of(engine))).await?;
            return Ok((Arc::new(snapshot), table, None));
        };
        let snapshot = self.node.snapshot().await?;
        let (store, then) = (self.node.store().clone(), snapshot.clone());
        let last = tokio::task::spawn_blocking(move || last_by(&then, &store, date));
        // It does not panic; a runtime that is shutting down has no use for the answer.
        let last = last.await.map_err(|_| Failure::Stopped)??;
        let for_table = last.clone();
        let table = self.node.with(move |engine| Table::as_of(engine, date, &for_table)).await?;
        Ok((snapshot, table, Some(last)))
    }
}

/// Shows one author in full.
#[utoipa::path(
    get,
    path = "/members/{author}",
    tag = "members",
    params(query::AuthorPath),
    responses((status = 200, body = MemberDetail))
)]
pub(super) async fn member(
    State(api): State<Api>,
    Path(query::AuthorPath { author }): Path<query::AuthorPath>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (snapshot, table) = api.table(None).await?;
    let answer = api.ask_of(snapshot, move |view| view.member(&table, view.find_author(&author)?));
    Ok(reply::json(&headers, &answer.await?))
}

/// Lists those who apply, for stewards.
#[utoipa::path(get, path = "/candidates", tag = "office", responses((status = 200, body = List<Candidate>)))]
pub(super) async fn candidates(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(|view| Ok(view.candidates())).await?))
}
