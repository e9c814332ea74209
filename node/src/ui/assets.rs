//! The stylesheet, the fonts and the icon, which are part of the program.
//!
//! Their folder is named by the hash of all of them, so a browser keeps them for good and a new version
//! of the program is seen at once. The stylesheet names the fonts beside it.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use multaqa_protocol::id::sha256;

use crate::api::Failure;

/// Name, media type and bytes of each.
const ASSETS: [(&str, &str, &[u8]); 6] = [
    ("style.css", "text/css; charset=utf-8", include_bytes!("../../assets/style.css")),
    ("office.js", "text/javascript; charset=utf-8", include_bytes!("../../assets/office.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../assets/icon.svg")),
    ("arabic-400.woff2", "font/woff2", include_bytes!("../../assets/arabic-400.woff2")),
    ("arabic-700.woff2", "font/woff2", include_bytes!("../../assets/arabic-700.woff2")),
    ("tifinagh-400.woff2", "font/woff2", include_bytes!("../../assets/tifinagh-400.woff2")),
];

/// How long they may be kept: under one address there is never anything else.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// The folder's name.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let all: Vec<u8> = ASSETS.iter().flat_map(|(_, _, bytes)| sha256(bytes)).collect();
    hex::encode(&sha256(&all)[..8])
});

/// Returns the path of one of them.
pub(crate) fn path(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// `GET /assets/{version}/{name}`.
pub(crate) async fn asset(Path((version, name)): Path<(String, String)>) -> Result<Response, Failure> {
    let found = ASSETS.iter().find(|(known, _, _)| *known == name && version == *VERSION);
    let (_, kind, bytes) = found.ok_or(Failure::NoRoute)?;
    let headers = [
        (header::CONTENT_TYPE, *kind),
        (header::CACHE_CONTROL, FOREVER),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, *bytes).into_response())
}
