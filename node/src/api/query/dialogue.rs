//! Parameters of threads, their feeds and what is new.

use axum::http::Uri;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DEFAULT_LANGUAGE, DEFAULT_PAGE, Page, parameters};
use crate::api::failure::Failure;

/// Parameters of `GET /arrivals`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Arrivals {
    /// The entry after which to begin, by its id or the first 8 digits or more: `latest` or `next` of an earlier
    /// answer. Without it the answer only says which entry came last.
    pub(in crate::api) after: Option<String>,
    /// Most records.
    limit: Option<usize>,
}

impl Arrivals {
    pub(in crate::api) fn limit(&self) -> usize {
        self.limit.unwrap_or(DEFAULT_PAGE)
    }
}

/// Parameters of `GET /records/{id}/thread`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::api) struct Thread {
    /// Where to go on, as the page before says in `next`.
    cursor: Option<String>,
    /// Most replies to the record itself.
    limit: Option<usize>,
}

impl Thread {
    pub(in crate::api) fn page(&self) -> Result<Page, Failure> {
        Page::read(self.cursor.as_deref(), self.limit)
    }
}

/// The one parameter of a feed that has no filters.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::api) struct Language {
    lang: Option<String>,
}

impl Language {
    /// Returns the language that is preferred.
    pub(in crate::api) fn read(uri: &Uri) -> Result<String, Failure> {
        let Self { lang } = parameters(uri)?;
        Ok(lang.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned()))
    }
}
