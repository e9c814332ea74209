//! Whoever has a place: the address to which mentions and addressees lead, whether or not it is a member yet.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::page::{Page, Section};
use super::{Asked, Visit};
use crate::api::Failure;
use crate::gazetteer;

/// Most places that one address names: those of one name.
const MAX_PLACES: usize = 8;

/// `GET /places/{codes}`: leads to the first member among the places, otherwise to what the library has of the
/// first.
pub(super) async fn place(
    State(api): Asked,
    Path(codes): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let known = codes.split(',').take(MAX_PLACES).filter_map(gazetteer::find);
    let codes: Vec<&'static str> = known.map(|territory| territory.code.as_str()).collect();
    let first = codes.first().copied().ok_or(Failure::NoRoute)?;
    let (snapshot, table) = api.table(None).await?;
    let member = api.ask_of(snapshot, move |view| {
        let has = |code: &&str| view.member_of(&table, code);
        Ok(codes.iter().find_map(has))
    });
    let page = Page::new(visit.language, Section::Elsewhere, &visit.uri);
    let href = match member.await? {
        Some(author) => page.member_href(&author),
        None => page.library_href("place", first),
    };
    Ok(Redirect::temporary(&href).into_response())
}
