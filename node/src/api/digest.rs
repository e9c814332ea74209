//! `GET /digest`: the e-mail digest as it would be sent now, for whoever owns the machine.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::failure::Failure;
use super::{Api, query};
use crate::digest::{Language, Letter, preview};

/// How a digest is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// The language: ar, fr or en; Arabic if none is named.
    #[serde(default)]
    lang: Language,
    /// Where readers reach the node: what comes before the paths of its links, of which there are none without it.
    base: Option<String>,
}

/// Shows the e-mail digest as it would be sent now.
#[utoipa::path(get, path = "/digest", tag = "office", params(Wanted), responses((status = 200, body = Letter)))]
pub(super) async fn digest(State(api): State<Api>, uri: Uri) -> Result<Json<Letter>, Failure> {
    let wanted: Wanted = query::parameters(&uri)?;
    Ok(Json(preview(&api, wanted.lang, wanted.base.as_deref()).await?))
}
