//! What follows from records about other records: how far plans have come, who took up practices.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use jiff::civil::Date;

use super::failure::Failure;
use super::types::{Adoptions, PlanFollowUp};
use super::{Api, query, reply};
use crate::view::ViewError;
use crate::view::follow_up::Referrers;

/// Shows how far a plan had come at the end of a day: derived from signed reports, beside what was declared.
#[utoipa::path(
    get,
    path = "/plans/{id}",
    tag = "records",
    params(query::EntryPath, query::AsOf),
    responses((status = 200, body = PlanFollowUp))
)]
pub(super) async fn plan(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::AsOf = query::parameters(&uri)?;
    let answer = api.derive(asked.day()?, move |referrers| referrers.plan(&id));
    Ok(reply::json(&headers, &answer.await?))
}

/// Shows how a practice spread: who took it up, when, in which version, with which changes and results.
#[utoipa::path(
    get,
    path = "/records/{id}/adoptions",
    tag = "records",
    params(query::EntryPath, query::AsOf),
    responses((status = 200, body = Adoptions))
)]
pub(super) async fn adoptions(
    State(api): State<Api>,
    Path(query::EntryPath { id }): Path<query::EntryPath>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let asked: query::AsOf = query::parameters(&uri)?;
    let answer = api.derive(asked.day()?, move |referrers| referrers.adoptions(&id));
    Ok(reply::json(&headers, &answer.await?))
}

impl Api {
    /// Derives something as of a day, off the runtime's threads.
    pub(crate) async fn derive<T: Send + 'static>(
        &self,
        day: Date,
        question: impl FnOnce(Referrers<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (index, snapshot, is_whole) = self.searched().await?;
        self.ask_of(snapshot, move |view| question(Referrers::new(view, &index, is_whole, day))).await
    }
}
