//! Files: taken from the office, and given to readers for a record that names them.

use std::collections::BTreeSet;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use futures::{Stream, StreamExt, TryStreamExt};
use multaqa_protocol::attachment::MAX_FILE;
use multaqa_protocol::id::Bytes32;
use tokio::sync::OwnedSemaphorePermit;
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::failure::Failure;
use super::types::{ATTACHED, Attached};
use super::{Api, query, reply};
use crate::attachment::{Incoming, Note, TakeError, Taken, Wanted};

/// What a browser may do with a file: show it, and nothing that the file asks for.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";
/// Types that a browser shows by itself; others are saved.
const SHOWN: [&str; 6] =
    ["application/pdf", "image/gif", "image/jpeg", "image/png", "image/webp", "text/plain"];
/// What characters of a file's name, beyond letters and digits of any script, stay in the one that is offered.
const KEPT: &str = "-_. ()";
/// Longest name that is offered, in characters.
const MAX_NAME: usize = 120;

/// Takes a file for a record that is still to be signed, and tells how the record names it. Its type is told
/// by its content; a `Content-Type` other than that, `application/octet-stream` apart, is refused.
#[utoipa::path(
    post,
    path = "/attachments",
    tag = "office",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, description = "It is kept", body = Attached))
)]
pub(super) async fn upload(
    State(api): State<Api>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let length: Option<u64> = text(header::CONTENT_LENGTH).and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > MAX_FILE) {
        return Err(TakeError::TooLarge.into());
    }
    let declared = text(header::CONTENT_TYPE).map(str::to_owned);
    let pieces = body
        .into_data_stream()
        .map_err(|error| Failure::BadParameter(format!("the file broke off: {error}")));
    let taken = api.take_waiting(length.unwrap_or(MAX_FILE), declared, pieces).await?;
    Ok(reply::created(&Attached {
        schema: ATTACHED.into(),
        hash: taken.named.hash,
        size: taken.named.size,
        mime: taken.mime,
        chunks: taken.named.chunks,
    }))
}

fn write(mut incoming: Incoming, piece: &[u8]) -> Result<Incoming, TakeError> {
    incoming.write(piece)?;
    Ok(incoming)
}

/// Runs what blocks off the runtime's threads.
async fn off<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, TakeError> + Send + 'static,
) -> Result<T, Failure> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Stopped)??)
}

/// Returns a file that a record names; one that is not here is fetched from the nodes that hold it.
#[utoipa::path(
    get,
    path = "/attachments/{hash}",
    tag = "records",
    params(query::FilePath, query::OfRecord),
    responses((status = 200, description = "The file, in the type that its content has", body = Vec<u8>))
)]
pub(super) async fn download(
    State(api): State<Api>,
    Path(query::FilePath { hash }): Path<query::FilePath>,
    request: Request,
) -> Result<Response, Failure> {
    let hash: Bytes32 =
        hash.parse().map_err(|_| Failure::BadParameter("a file is named by 64 hexadecimal digits".into()))?;
    let query::OfRecord { record } = query::parameters(request.uri())?;
    let wanted = match record {
        Some(record) => Some(api.named_by(record, hash).await?),
        None => api.node.named_somewhere(hash).await,
    };
    let wanted = wanted.ok_or(Failure::NoFile)?;
    api.node.obtain(&wanted).await?;
    api.give(request, &hash, &wanted.name).await
}

/// Keeps a place among the large answers until the last piece of one: a reader who takes it slowly holds a file open.
fn keeping(body: Body, place: OwnedSemaphorePermit) -> Body {
    Body::from_stream(body.into_data_stream().map(move |piece| {
        let _ = &place;
        piece
    }))
}

impl Api {
    /// Returns the file of that hash that a record names.
    pub(crate) async fn named_by(&self, record: String, hash: Bytes32) -> Result<Wanted, Failure> {
        let files = self.ask(move |view| view.attachments(&record)).await?;
        files.into_iter().find(|file| file.named.hash == hash).ok_or(Failure::NoFile)
    }

    /// Takes a file that no record names yet, of up to `size` bytes, piece by piece.
    pub(crate) async fn take_waiting(
        &self,
        size: u64,
        declared: Option<String>,
        mut pieces: impl Stream<Item = Result<Bytes, Failure>> + Unpin,
    ) -> Result<Taken, Failure> {
        let files = self.node.attachments().clone();
        let mut incoming = off(move || files.begin_waiting(size, declared.as_deref())).await?;
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            incoming = off(move || write(incoming, &piece)).await?;
        }
        off(move || incoming.finish(BTreeSet::new())).await
    }

    /// Returns a file that is here, or the part of it that is asked for, in such a form that no browser runs anything
    /// of it.
    pub(crate) async fn give(
        &self,
        request: Request,
        hash: &Bytes32,
        name: &str,
    ) -> Result<Response, Failure> {
        let place = self.streams.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
        let files = self.node.attachments().clone();
        let Note { mime, .. } = files.note(hash).ok_or(Failure::NoFile)?;
        let Ok(answer) = ServeFile::new(files.path(hash)).oneshot(request).await;
        let mut response = answer.map(|body| keeping(Body::new(body), place));
        let kind = if mime.starts_with("text/") { format!("{mime}; charset=utf-8") } else { mime.clone() };
        let way = if SHOWN.contains(&mime.as_str()) { "inline" } else { "attachment" };
        let offered = percent(&offered(name));
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, format!("{way}; filename*=UTF-8''{offered}")),
            (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
            // It may be withdrawn.
            (header::CACHE_CONTROL, reply::ASK_AGAIN.to_owned()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        Ok(response)
    }
}

/// Returns what a file is called when it is saved: nothing that leads out of a folder.
fn offered(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_alphanumeric() || KEPT.contains(c) { c } else { '_' });
    let kept: String = kept.take(MAX_NAME).collect();
    let kept = kept.trim_matches(['.', ' ']);
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// Returns text as RFC 8187 writes it in a header.
fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_out_of_no_folder() {
        assert_eq!(offered("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(offered("محضر 12-2025.pdf"), "محضر 12-2025.pdf");
        assert_eq!(offered("a\"; x=\r\n"), "a__ x___");
        assert_eq!(offered(".."), "file");
        assert_eq!(percent("é b.pdf"), "%C3%A9%20b.pdf");
    }
}
