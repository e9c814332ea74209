//! Bundles: streamed out from the store, and taken in (A5).
//!
//! Writing one reads the store row by row, so a node with little memory can give all that it holds.
//! Withdrawn bodies stay out of it (B3), and so do entries beyond a suspension (N7).

mod proof;

use std::collections::BTreeSet;
use std::io;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::id::{AuthorId, Bytes32, EntryId, NetworkId, Seq};
use multaqa_protocol::log::Stretch;
use tokio::sync::mpsc;

use self::proof::Proof;
use super::failure::Failure;
use super::types::{IMPORT, ImportReport, RefusedEntry};
use super::{Api, query, reply};
use crate::clock::now;
use crate::store::{BodyState, Store};
use crate::view::follow_up::today;
use crate::view::{Snapshot, View, ViewError};

/// Bytes gathered before they are handed to the connection.
const PIECE: usize = 256 << 10;
/// Pieces that wait for a slow reader; then reading the store waits too.
const PIECES: usize = 4;
/// Rows read at once.
const ROWS: Seq = 1_024;
/// What a bundle is on the wire: a CBOR sequence.
const CBOR_SEQUENCE: &str = "application/cbor-seq";

/// What a bundle is to hold.
#[derive(Debug)]
struct Plan {
    start: Start,
    /// The logs, or parts of them, in order.
    parts: Vec<Part>,
    /// The entries whose bodies go along beside those that decide who belongs; all where there is none.
    wanted: Option<BTreeSet<EntryId>>,
}

/// A log, or the part of it that goes along: parents come first.
type Part = (AuthorId, Vec<Stretch>);

/// What goes along with an entry.
#[derive(Clone, Copy, Debug)]
struct With {
    stewards: bool,
    witnesses: bool,
}

/// Returns a bundle: entries and bodies as one file that anyone can check offline.
#[utoipa::path(
    get,
    path = "/bundle",
    tag = "records",
    params(query::Bundle),
    responses((status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/cbor-seq"))
)]
pub(super) async fn download(State(api): State<Api>, uri: Uri) -> Result<Response, Failure> {
    let asked: query::Bundle = query::parameters(&uri)?;
    let net = api.node.network().ok_or(Failure::NoNetwork)?;
    let with = With { stewards: asked.with_stewards()?, witnesses: asked.with_witnesses()? };
    let with_figures = asked.with_figures()?;
    let named = [asked.entry.is_some(), asked.author.is_some(), asked.all.is_some()];
    if named.iter().filter(|named| **named).count() != 1 {
        return Err(Failure::BadParameter("one of `entry`, `author` and `all` says what to put in".into()));
    }
    if asked.entry.is_none() && (with.witnesses || with_figures) {
        let text = "`witnesses` and `figures` go with `entry`; other bundles hold whole logs";
        return Err(Failure::BadParameter(text.into()));
    }
    let figures = match &asked.entry {
        Some(entry) if with_figures => {
            let entry = entry.clone();
            api.derive(today(), move |referrers| referrers.figures(&entry)).await?
        }
        _ => Vec::new(),
    };
    api.send(net, move |view| match (&asked.entry, &asked.author) {
        (Some(entry), _) => of_entry(&view, net, entry, with, &figures),
        (_, Some(author)) => of_author(&view, net, view.find_author(author)?, with.stewards),
        _ => Ok(of_network(view.snapshot(), net)),
    })
    .await
}

/// Returns the own log, to be handed to stewards by other means (N12).
#[utoipa::path(
    get,
    path = "/application",
    tag = "office",
    responses((status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/cbor-seq"))
)]
pub(super) async fn application(State(api): State<Api>) -> Result<Response, Failure> {
    let net = api.node.network().ok_or(Failure::NoNetwork)?;
    let me = api.node.author();
    api.send(net, move |view| of_author(&view, net, me, false)).await
}

/// Takes the entries of a bundle, as if another node had sent them.
#[utoipa::path(
    post,
    path = "/bundle",
    tag = "office",
    request_body(content = Vec<u8>, content_type = "application/cbor-seq"),
    responses((status = 201, description = "What came of each entry", body = ImportReport))
)]
pub(super) async fn upload(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let done = api.node.import(&body).await?;
    let refused = done.refused.iter().map(|(id, rule)| RefusedEntry { id: *id, rule: (*rule).to_owned() });
    Ok(reply::created(&ImportReport {
        schema: IMPORT.into(),
        stored: done.stored.len() as u64,
        known: done.known as u64,
        ignored: done.ignored as u64,
        refused: refused.collect(),
        candidates: done.candidates,
    }))
}

fn start(net: NetworkId, scope: Scope, about: Option<Bytes32>) -> Start {
    Start { net, made: now(), about, scope, bundle: VERSION }
}

/// The stewards' logs, which say who belongs.
fn stewards(snapshot: &Snapshot, but: AuthorId) -> Vec<Part> {
    let stewards = snapshot.governance().all_stewards().iter().filter(|steward| **steward != but);
    stewards.filter_map(|steward| whole(snapshot, *steward)).collect()
}

/// All of a log that is shown here: parents come first, since a branch begins at an earlier one.
fn whole(snapshot: &Snapshot, author: AuthorId) -> Option<Part> {
    let held = snapshot.authors().get(&author)?;
    let cut = snapshot.governance().cut(author).unwrap_or(Seq::MAX);
    let runs = held.log().tree().branches().map(|run| Stretch { last: run.last.min(cut), ..run });
    Some((author, runs.filter(|run| run.first <= run.last).collect()))
}

fn of_network(snapshot: &Snapshot, net: NetworkId) -> Plan {
    let governance = snapshot.governance();
    let (first, others): (Vec<_>, Vec<_>) =
        governance.replicated().into_iter().partition(|author| governance.was_steward(*author));
    let authors = first.into_iter().chain(others);
    Plan {
        start: start(net, Scope::Network, None),
        parts: authors.filter_map(|author| whole(snapshot, author)).collect(),
        wanted: None,
    }
}

fn of_author(
    view: &View<'_>,
    net: NetworkId,
    author: AuthorId,
    with_stewards: bool,
) -> Result<Plan, ViewError> {
    let snapshot = view.snapshot();
    let log = whole(snapshot, author).ok_or_else(|| ViewError::NotFound { text: author.to_string() })?;
    let mut parts = if with_stewards { stewards(snapshot, author) } else { Vec::new() };
    parts.push(log);
    Ok(Plan { start: start(net, Scope::Author, Some(Bytes32(author.0))), parts, wanted: None })
}

fn of_entry(
    view: &View<'_>,
    net: NetworkId,
    text: &str,
    with: With,
    figures: &[EntryId],
) -> Result<Plan, ViewError> {
    let entry = view.find(text)?;
    let mut proof = Proof::of(view, &entry)?;
    let mut newest = None;
    for id in figures {
        let found = view.find(&id.to_string())?;
        proof.take_entry(&found)?;
        newest = Some(found);
    }
    if with.stewards || with.witnesses {
        proof.take_stewards()?;
    }
    if with.witnesses {
        // A checkpoint that shows the newest figure shows those before it, too.
        proof.take_dates(&[&entry].into_iter().chain(&newest).collect::<Vec<_>>())?;
    }
    let (parts, wanted) = proof.finish();
    let start = start(net, Scope::Entry, Some(Bytes32(entry.id.0)));
    Ok(Plan { start, parts, wanted: Some(wanted) })
}

impl Api {
    /// Streams the bundle that `plan` asks for.
    async fn send(
        &self,
        net: NetworkId,
        plan: impl FnOnce(View<'_>) -> Result<Plan, ViewError> + Send + 'static,
    ) -> Result<Response, Failure> {
        let place = self.streams.clone().try_acquire_owned().map_err(|_| Failure::Busy)?;
        let snapshot = self.node.snapshot().await?;
        let shown = snapshot.clone();
        let plan = self.ask_of(snapshot, plan).await?;
        let name = format!("multaqa-{}-{}.bundle", plan.start.scope, &name_of(&plan, net)[..8]);
        let (sender, receiver) = mpsc::channel(PIECES);
        let store = self.node.store().clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = write(&plan, &shown, &store, &sender) {
                tracing::warn!(%error, "a bundle was cut off");
                // The reader is told by a connection that breaks, so that no half bundle looks whole.
                let _ = sender.blocking_send(Err(io::Error::other("the store cannot be read")));
            }
            drop(place);
        });
        let headers = [
            (header::CONTENT_TYPE, CBOR_SEQUENCE.to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        ];
        Ok((headers, reply::pieces(receiver)).into_response())
    }
}

fn name_of(plan: &Plan, net: NetworkId) -> String {
    plan.start.about.map_or_else(|| net.to_string(), |about| about.to_string())
}

type Pieces = mpsc::Sender<io::Result<Bytes>>;

/// Writes a bundle piece by piece; ends early where the reader is gone.
fn write(plan: &Plan, snapshot: &Snapshot, store: &Store, to: &Pieces) -> Result<(), ViewError> {
    let (mut writer, mut piece) = Writer::begin(&plan.start);
    for (author, runs) in &plan.parts {
        for run in runs {
            let mut from = run.first;
            loop {
                let last = run.last.min(from.saturating_add(ROWS - 1));
                for row in store.rows(*author, run.branch, from..=last)? {
                    let Some(stored) = store.entry(*author, row.place)? else { continue };
                    let is_wanted = plan.wanted.as_ref().is_none_or(|wanted| proof::takes_body(wanted, &row));
                    if let BodyState::Present(body) = &stored.body
                        && is_wanted
                        && !snapshot.hides(*author, &row)
                    {
                        piece.extend(writer.body(body));
                    }
                    piece.extend(writer.envelope(stored.entry.envelope()));
                    if piece.len() >= PIECE
                        && to.blocking_send(Ok(std::mem::take(&mut piece).into())).is_err()
                    {
                        return Ok(());
                    }
                }
                if last == run.last {
                    break;
                }
                from = last + 1;
            }
        }
    }
    piece.extend(writer.finish());
    // The reader may have gone; nobody is left to tell.
    let _ = to.blocking_send(Ok(piece.into()));
    Ok(())
}
