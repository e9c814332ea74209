//! The routes that read records, entries, members and logs.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::id::Millis;

use super::failure::Failure;
use super::reply::{self, Lasting};
use super::{Api, query};
use crate::clock::now;
use crate::store::BodyState;
use crate::view::{LogFilter, Snapshot, Table, last_by};

/// The signed bytes of an entry.
const COSE: &str = "application/cose; cose-type=\"cose-sign1\"";
/// A body's bytes.
const CBOR: &str = "application/cbor";

/// `GET /records`.
pub(super) async fn records(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Records = query::parameters(&uri)?;
    let page = asked.page()?;
    let mut filter = asked.filter()?;
    let answer = api.ask(move |view| {
        asked.complete(&mut filter, &view)?;
        view.records(&filter, page.cursor, page.limit, now())
    });
    Ok(reply::json(&headers, &answer.await?))
}

/// `GET /records/{id}`: an entry of any kind.
pub(super) async fn record(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.record(&id)).await?))
}

/// `GET /records/{id}/history`.
pub(super) async fn history(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.history(&id)).await?))
}

/// `GET /records/{id}/provenance`.
pub(super) async fn provenance(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(move |view| view.provenance(&id)).await?))
}

/// `GET /entries/{id}`: the signed bytes as received, or the body's.
pub(super) async fn entry(
    State(api): State<Api>,
    Path(id): Path<String>,
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

/// `GET /authors/{author}/log`.
pub(super) async fn log(
    State(api): State<Api>,
    Path(author): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::Log = query::parameters(&uri)?;
    let (page, filter) = (asked.page()?, LogFilter { after: asked.after, marked: asked.marked()? });
    let answer = api.ask(move |view| {
        let author = view.find_author(&author)?;
        view.log(author, filter, page.cursor, page.limit, now())
    });
    Ok(reply::json(&headers, &answer.await?))
}

/// `GET /members`, now or as of a date (N9).
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

impl Api {
    /// Returns the member table, now or as of a date (N9), with the snapshot that it was taken beside.
    pub(crate) async fn table(&self, as_of: Option<Millis>) -> Result<(Snapshot, Table), Failure> {
        let Some(date) = as_of else {
            return Ok(self.node.with(|engine| (Snapshot::of(engine), Table::of(engine))).await?);
        };
        let snapshot = self.node.with(Snapshot::of).await?;
        let (store, then) = (self.node.store().clone(), snapshot.clone());
        let last = tokio::task::spawn_blocking(move || last_by(&then, &store, date));
        let last = last.await.map_err(|_| Failure::Stopped)??;
        let table = self.node.with(move |engine| Table::as_of(engine, date, &last)).await?;
        Ok((snapshot, table))
    }
}

/// `GET /members/{author}`.
pub(super) async fn member(
    State(api): State<Api>,
    Path(author): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (snapshot, table) = api.table(None).await?;
    let answer = api.ask_of(snapshot, move |view| view.member(&table, view.find_author(&author)?));
    Ok(reply::json(&headers, &answer.await?))
}

/// `GET /candidates`: those who apply, for stewards.
pub(super) async fn candidates(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Failure> {
    Ok(reply::json(&headers, &api.ask(|view| Ok(view.candidates())).await?))
}
