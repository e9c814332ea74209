//! Answers: JSON, text and bytes, with an `ETag` by which a client that has them already is told so.

use std::io;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use multaqa_protocol::id::sha256;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::failure::Failure;
use crate::ui::POLICY;

/// How long an answer that cannot change may be kept.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// An answer that can change is asked for again, which its tag makes cheap.
pub(super) const ASK_AGAIN: &str = "no-cache";

/// Whether the bytes at an address can ever be others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lasting {
    /// Never.
    Forever,
    /// They may be withdrawn.
    WhileThere,
}

/// What tells one answer at an address from another.
#[derive(Clone, Debug)]
pub(super) struct Tag(String);

impl Tag {
    /// Returns the tag of an answer that is made of these parts. It is weak, since the same answer may go
    /// out compressed or not.
    pub(super) fn of(parts: &[&[u8]]) -> Self {
        Self(format!("W/\"{}\"", hex::encode(&sha256(&parts.concat())[..16])))
    }

    /// Tells whether the client has the answer already.
    pub(super) fn is_known(&self, asked: &HeaderMap) -> bool {
        let known =
            asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
        known == "*" || known.split(',').any(|known| opaque(known.trim()) == opaque(&self.0))
    }

    /// Returns the headers of an answer that is asked for again.
    pub(super) fn headers(&self) -> [(HeaderName, String); 2] {
        [(header::ETAG, self.0.clone()), (header::CACHE_CONTROL, ASK_AGAIN.to_owned())]
    }

    /// Returns the answer for a client that has it.
    pub(super) fn not_modified(&self) -> Response {
        (StatusCode::NOT_MODIFIED, self.headers()).into_response()
    }
}

/// Returns the part of a tag by which two are the same for whoever only reads (RFC 9110, 8.8.3.2).
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Returns a JSON answer, or that it has not changed.
pub(super) fn json<T: Serialize>(asked: &HeaderMap, answer: &T) -> Response {
    text(
        asked,
        "application/json",
        serde_json::to_vec(answer).expect("answers are plain data with text keys"),
    )
}

/// Returns an answer that is text in some form, or that it has not changed.
pub(super) fn text(asked: &HeaderMap, kind: &'static str, text: impl Into<Vec<u8>>) -> Response {
    let text = text.into();
    let tag = Tag::of(&[&text]);
    match tag.is_known(asked) {
        true => tag.not_modified(),
        false => (tag.headers(), [(header::CONTENT_TYPE, kind)], Body::from(text)).into_response(),
    }
}

/// Returns a page for people, or that it has not changed. It may load and do what [`POLICY`] says.
pub(crate) fn page(asked: &HeaderMap, html: String) -> Response {
    let mut response = text(asked, "text/html; charset=utf-8", html);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
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
    let tag = Tag(format!("\"{name}\""));
    let headers = [(header::ETAG, tag.0.as_str()), (header::CACHE_CONTROL, keep)];
    match tag.is_known(asked) {
        true => (StatusCode::NOT_MODIFIED, headers).into_response(),
        false => (headers, [(header::CONTENT_TYPE, kind)], Body::from(bytes)).into_response(),
    }
}

/// Returns a body that is sent while it is written. An error breaks the connection, so that half an answer
/// does not look whole.
pub(super) fn pieces(receiver: mpsc::Receiver<io::Result<Bytes>>) -> Body {
    let pieces =
        futures::stream::unfold(receiver, |mut receiver| async { Some((receiver.recv().await?, receiver)) });
    // Whoever compresses it asks once more after its end.
    Body::from_stream(pieces.fuse())
}

/// Returns the answer to a request that made something.
pub(super) fn created<T: Serialize>(answer: &T) -> Response {
    (StatusCode::CREATED, axum::Json(answer)).into_response()
}

/// Reads a JSON request, whatever its content type.
pub(super) fn request<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| Failure::BadJson(error.to_string()))
}
