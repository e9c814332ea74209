//! What is given out for others to use: records as CSV, JSON Lines and JSON-LD, feeds, and the catalogue
//! that names all of them. Read only, on both routers, with the filters of `GET /records`.
//!
//! A file is written while it is sent, so a node with little memory can give all that it holds; a feed
//! holds one page. What a record says is data: each form escapes it in its own way.

pub(super) mod catalog;
pub(super) mod feed;
pub(super) mod linked;
mod texts;

use std::convert::Infallible;
use std::io;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use multaqa_protocol::id::Millis;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use super::failure::Failure;
use super::head::Caller;
use super::reply::{self, Tag};
use super::types::RecordItem;
use super::{Api, query};
use crate::clock::now;
use crate::index::{Asked, Index, SearchError};
use crate::sheet;
use crate::view::{Cursor, Exported, Filter, MAX_PAGE, View};

/// Bytes gathered before they are handed to the connection.
const PIECE: usize = 64 << 10;
/// Pieces that wait for a slow reader; then reading the store waits too.
const PIECES: usize = 4;
/// What tells a spreadsheet that a file is UTF-8.
const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// One line of `GET /export.jsonl`.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedRecord {
    /// `multaqa/export/1`.
    schema: &'static str,
    /// What a list says of it.
    #[serde(flatten)]
    item: RecordItem,
    /// What its body says; absent where that is not here, not readable or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    fields: Option<serde_json::Map<String, Value>>,
}

/// Where readers reach this node: what comes before the path in an address.
#[derive(Clone, Debug)]
pub(crate) struct Base(String);

impl Base {
    /// Returns what comes before every path.
    pub(crate) fn root(&self) -> &str {
        &self.0
    }

    /// Returns the address of a path.
    fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for Base {
    type Rejection = Infallible;

    /// By the host that was asked for, which [`super::head`] has checked. What a proxy on this machine
    /// says of the scheme is believed.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let host: Option<Authority> = text("host").and_then(|host| host.parse().ok());
        let host = host.map_or_else(
            || "localhost".to_owned(),
            |host| host.as_str().rsplit('@').next().unwrap_or_default().to_owned(),
        );
        let caller = parts.extensions.get::<Caller>();
        let is_near = caller.and_then(|caller| caller.from).is_none_or(|from| from.is_loopback());
        let scheme = match text("x-forwarded-proto") {
            Some("https") if is_near => "https",
            _ => "http",
        };
        Ok(Self(format!("{scheme}://{host}")))
    }
}

/// A form of the file.
#[derive(Clone, Debug)]
enum Form {
    Csv { bom: bool },
    Lines,
    Linked { base: Base },
}

impl Form {
    const fn media_type(&self) -> &'static str {
        match self {
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
            Self::Lines => "application/jsonl",
            Self::Linked { .. } => "application/ld+json",
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::Csv { .. } => "records.csv",
            Self::Lines => "records.jsonl",
            Self::Linked { .. } => "records.jsonld",
        }
    }

    fn begin(&self, out: &mut Vec<u8>) {
        match self {
            Self::Csv { bom } => {
                out.extend(bom.then_some(BOM).into_iter().flatten());
                let names = sheet::COLUMNS.iter().map(|column| column.name.to_owned());
                csv_row(names, out);
            }
            Self::Lines => {}
            Self::Linked { .. } => out.extend(linked::HEAD.as_bytes()),
        }
    }

    /// Writes a record; `first` tells whether none came before it.
    fn record(&self, record: Exported, first: bool, out: &mut Vec<u8>) {
        let Exported { item, fields } = record;
        match self {
            Self::Csv { .. } => csv_row(sheet::write(&item, fields).into_iter(), out),
            Self::Lines => {
                json(&ExportedRecord { schema: "multaqa/export/1", item, fields }, out);
                out.push(b'\n');
            }
            Self::Linked { base } => {
                out.extend(if first { "\n" } else { ",\n" }.bytes());
                json(&linked::describe(&item, fields.as_ref(), base), out);
            }
        }
    }

    fn end(&self, out: &mut Vec<u8>) {
        if matches!(self, Self::Linked { .. }) {
            out.extend(linked::FOOT.as_bytes());
        }
    }
}

fn csv_row(cells: impl Iterator<Item = String>, out: &mut Vec<u8>) {
    let mut row = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    row.write_record(cells.map(String::into_bytes)).expect("a vector takes all that is written");
    row.flush().expect("a vector takes all that is written");
}

fn json(value: &impl Serialize, out: &mut Vec<u8>) {
    serde_json::to_writer(out, value).expect("answers are plain data with text keys");
}

/// Returns all records as CSV, one a row. Every row imports again to the same record; a cell that a
/// spreadsheet would take for a formula begins with an apostrophe. `datapackage.json` describes the columns.
#[utoipa::path(
    get,
    path = "/export.csv",
    tag = "open data",
    params(
        query::Records,
        ("bom" = Option<bool>, Query, description = "Whether the file begins with a byte order mark, by which Excel knows UTF-8")
    ),
    responses((status = 200, description = "The records", body = String, content_type = "text/csv"))
)]
pub(super) async fn export_csv(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let query::Export { records, bom } = query::Export::read(&uri)?;
    api.export(&headers, &uri, records, Form::Csv { bom }).await
}

/// Returns all records as JSON Lines, one a line.
#[utoipa::path(
    get,
    path = "/export.jsonl",
    tag = "open data",
    params(query::Records),
    responses((status = 200, description = "The records", body = ExportedRecord, content_type = "application/jsonl"))
)]
pub(super) async fn export_lines(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    api.export(&headers, &uri, query::parameters(&uri)?, Form::Lines).await
}

/// Returns all records as JSON-LD in the words of schema.org.
#[utoipa::path(
    get,
    path = "/export.jsonld",
    tag = "open data",
    params(query::Records),
    responses((status = 200, description = "The records", body = Object, content_type = "application/ld+json"))
)]
pub(super) async fn export_linked(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
    base: Base,
) -> Result<Response, Failure> {
    api.export(&headers, &uri, query::parameters(&uri)?, Form::Linked { base }).await
}

impl Api {
    /// Streams the records that are asked for, unless the client has them already.
    async fn export(
        &self,
        headers: &HeaderMap,
        uri: &Uri,
        asked: query::Records,
        form: Form,
    ) -> Result<Response, Failure> {
        let (mut filter, most, cursor) = (asked.filter()?, asked.most(), asked.page()?.cursor);
        let words = asked.words(&filter)?;
        if asked.alike()?.is_some() {
            return Err(Failure::BadParameter(
                "`similar_to` is a parameter of `GET /records` alone".to_owned(),
            ));
        }
        let snapshot = self.node.snapshot().await?;
        let tag = Tag::of(&[
            &snapshot.fingerprint(self.node.store(), &self.node.hidden()),
            format!("{uri} {form:?}").as_bytes(),
        ]);
        if tag.is_known(headers) {
            return Ok(tag.not_modified());
        }
        let index = self.node.index();
        // A file cannot say that it lacks something.
        if !words.is_empty() && !index.reaches(&snapshot, self.node.is_online()).await {
            return Err(Failure::SearchBehind);
        }
        let place = self.streams.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
        let shown = snapshot.clone();
        let filter = self
            .ask_of(snapshot, move |view| {
                asked.complete(&mut filter, &view)?;
                Ok(filter)
            })
            .await?;
        let (sender, receiver) = mpsc::channel(PIECES);
        let (store, library) = (self.node.store().clone(), self.node.library().clone());
        let headers = [
            (header::CONTENT_TYPE, form.media_type().to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", form.name())),
        ];
        tokio::task::spawn_blocking(move || {
            let source = Source { words, index, filter };
            let written = View::new(&shown, &store, &library)
                .map_err(SearchError::from)
                .and_then(|view| source.write(&view, (cursor, most), &form, &sender));
            if let Err(error) = written {
                tracing::warn!(%error, "an export was cut off");
                // The reader is told by a connection that breaks, so that no half file looks whole.
                let _ = sender.blocking_send(Err(io::Error::other("the store cannot be read")));
            }
            drop(place);
        });
        Ok((tag.headers(), headers, reply::pieces(receiver)).into_response())
    }
}

/// Where the records of an export come from: the store, newest first, or, where words are looked for, the index,
/// those first that answer best.
struct Source {
    words: String,
    index: Index,
    filter: Filter,
}

impl Source {
    /// Returns the next records, and where to go on.
    fn next(
        &self,
        view: &View<'_>,
        cursor: Option<Cursor>,
        limit: usize,
        now: Millis,
    ) -> Result<(Vec<Exported>, Option<Cursor>), SearchError> {
        let filter = &self.filter;
        if self.words.is_empty() {
            return Ok(view.exported(filter, cursor, limit, now)?);
        }
        let asked = Asked { words: &self.words, filter, cursor, limit: limit.clamp(1, MAX_PAGE), now };
        let found = self.index.search(view, &asked)?;
        Ok(view.told(found.items, found.next.as_deref())?)
    }

    /// Writes an export piece by piece; ends early where the reader is gone.
    fn write(
        &self,
        view: &View<'_>,
        (mut cursor, most): (Option<Cursor>, Option<usize>),
        form: &Form,
        to: &mpsc::Sender<io::Result<Bytes>>,
    ) -> Result<(), SearchError> {
        let (now, most, mut count, mut out) = (now(), most.unwrap_or(usize::MAX), 0, Vec::new());
        form.begin(&mut out);
        while count < most {
            let (records, next) = self.next(view, cursor, most - count, now)?;
            for record in records {
                form.record(record, count == 0, &mut out);
                count += 1;
                if out.len() >= PIECE && to.blocking_send(Ok(std::mem::take(&mut out).into())).is_err() {
                    return Ok(());
                }
            }
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        form.end(&mut out);
        // The reader may have gone; nobody is left to tell.
        let _ = to.blocking_send(Ok(out.into()));
        Ok(())
    }
}
