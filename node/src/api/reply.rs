//! Answers: JSON and bytes, with an `ETag` by which a client that has them already is told so.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use multaqa_protocol::id::sha256;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use crate::ui::POLICY;

/// How long an answer that cannot change may be kept.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// An answer that can change is asked for again, which its tag makes cheap.
const ASK_AGAIN: &str = "no-cache";

/// Whether the bytes at an address can ever be others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Never.
    Forever,
    /// They may be withdrawn.
    WhileThere,
}

/// Returns a JSON answer, or that it has not changed.
pub(super) fn json<T: Serialize>(asked: &HeaderMap, answer: &T) -> Response {
    let bytes = serde_json::to_vec(answer).expect("answers are plain data with text keys");
    let tag = format!("\"{}\"", hex::encode(&sha256(&bytes)[..16]));
    tagged(asked, tag, "application/json", ASK_AGAIN, bytes)
}

/// Returns bytes that are named by their own hash.
pub(super) fn bytes(
    asked: &HeaderMap,
    name: &str,
    kind: &'static str,
    lasting: Lasting,
    bytes: Vec<u8>,
) -> Response {
    let keep = if lasting == Lasting::Forever { FOREVER } else { ASK_AGAIN };
    tagged(asked, format!("\"{name}\""), kind, keep, bytes)
}

/// Returns a page for people, or that it has not changed. It may load and do what [`POLICY`] says.
pub(crate) fn page(asked: &HeaderMap, html: String) -> Response {
    let html = html.into_bytes();
    let tag = format!("\"{}\"", hex::encode(&sha256(&html)[..16]));
    let mut response = tagged(asked, tag, "text/html; charset=utf-8", ASK_AGAIN, html);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

fn tagged(
    asked: &HeaderMap,
    tag: String,
    kind: &'static str,
    keep: &'static str,
    bytes: Vec<u8>,
) -> Response {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    let is_known = known == "*" || known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
    let headers = [
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, keep),
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match is_known {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, Body::from(bytes)).into_response(),
    }
}

/// Returns the answer to a request that made something.
pub(super) fn created<T: Serialize>(answer: &T) -> Response {
    (StatusCode::CREATED, axum::Json(answer)).into_response()
}

/// Reads a JSON request, whatever its content type.
pub(super) fn request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| Failure::BadJson(error.to_string()))
}
