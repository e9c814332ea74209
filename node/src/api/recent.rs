//! `GET /recent`: the last lines of the node's log, for whoever owns the machine.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::recent;

/// Returns the last lines of the log of the process that answers.
#[utoipa::path(
    get,
    path = "/recent",
    tag = "office",
    responses((status = 200, description = "Lines of the log, the oldest first", body = String, content_type = "text/plain"))
)]
pub(super) async fn lines() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], recent::text()).into_response()
}
