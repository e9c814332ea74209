//! From what a clerk wrote to a body that can be signed: the one check of drafts for every way in.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::record::{self, PROFILE};

use super::failure::Failure;
use super::types::{CHECK, Checked, RecordRequest, Warning};
use super::write::check_new_kind;
use super::{Api, reply};
use crate::attachment::{Attachments, named_by};
use crate::keys::PeerKey;

/// A body that can be signed.
#[derive(Debug)]
pub(crate) struct Drafted {
    pub(crate) body: Map,
    /// What its author must know before signing.
    pub(crate) warnings: Vec<Warning>,
}

impl Api {
    /// Checks fields as strictly as what is signed for good deserves, by themselves and against the
    /// records that are held here.
    pub(crate) async fn draft(&self, kind: &str, fields: serde_json::Value) -> Result<Drafted, Failure> {
        let mut value: Value = serde_json::from_value(fields)
            .map_err(|error| Failure::field("", "wrong_type", format!("not a value of a record: {error}")))?;
        let name = kind.to_owned();
        let (value, faults) = self
            .ask(move |view| {
                let faults = view.refer(&name, &mut value)?;
                Ok((value, faults))
            })
            .await?;
        if !faults.is_empty() {
            return Err(Failure::Draft(faults));
        }
        let mut body = record::draft(kind, value)?;
        if kind == PROFILE && body.get("nodes").is_none() {
            self.keep_nodes(&mut body).await?;
        }
        let (me, name) = (self.node.author(), kind.to_owned());
        let (body, checked) = self
            .ask(move |view| {
                let checked = view.check_pointers(me, &name, &body)?;
                Ok((body, checked))
            })
            .await?;
        let (kind, files) = (kind.to_owned(), self.node.attachments().clone());
        let held = tokio::task::spawn_blocking(move || {
            let mut checked = checked;
            check_files(&kind, &body, &files, &mut checked);
            (body, checked)
        });
        let (body, checked) = held.await.map_err(|_| Failure::Stopped)?;
        match checked.faults.is_empty() {
            true => Ok(Drafted { body, warnings: checked.warnings }),
            false => Err(Failure::Draft(checked.faults)),
        }
    }

    /// Puts the nodes of the present profile, and this one, into a new one that says nothing of nodes: by
    /// them others know this node (N12), and no clerk knows them by heart. A node that took the place of a
    /// lost one is not among those of the present profile.
    async fn keep_nodes(&self, body: &mut Map) -> Result<(), Failure> {
        let me = self.node.author();
        let mut peers = self.ask(move |view| Ok(view.peers_of(me))).await?;
        let dir = self.node.dir().to_owned();
        let key = tokio::task::spawn_blocking(move || PeerKey::load(&dir)).await;
        if let Ok(Ok(key)) = key {
            let own = key.keypair().public().to_peer_id().to_string();
            if !peers.contains(&own) {
                peers.push(own);
            }
        }
        let nodes = peers
            .into_iter()
            .map(|peer| Value::Map([("peer".to_owned(), Value::Text(peer))].into_iter().collect()));
        let nodes: Vec<Value> = nodes.collect();
        if !nodes.is_empty() {
            body.insert("nodes", Value::Array(nodes));
        }
        Ok(())
    }
}

/// Checks what a record says of files against those that are held here.
fn check_files(kind: &str, body: &Map, files: &Attachments, checked: &mut crate::view::Checked) {
    let Ok(record) = record::read(kind, body) else { return };
    for file in named_by(&record) {
        let Some(hash) = file.hash else { continue };
        let path = format!("attachments {}", file.name);
        if file.alt.is_empty() {
            checked.warn(&path, "file_alt", "say what it shows, for those who cannot see it (`alt`)", None);
        }
        match files.note(&hash) {
            None => checked.warn(&path, "file_missing", "the file is not held here: attach it first", None),
            Some(note) => {
                if file.size != Some(note.size) {
                    checked.fault(
                        &path,
                        "file_size",
                        "the file has another length",
                        vec![note.size.to_string()],
                    );
                }
                if file.mime != note.mime {
                    checked.fault(&path, "file_type", "the file is of another type", vec![note.mime]);
                }
            }
        }
    }
}

/// Checks a record as `POST /records` does, and signs nothing.
#[utoipa::path(
    post,
    path = "/records/check",
    tag = "office",
    request_body = RecordRequest,
    responses((status = 200, description = "It can be signed; what would be", body = Checked))
)]
pub(super) async fn check(
    State(api): State<Api>,
    asked: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let RecordRequest { kind, fields } = reply::request(&body)?;
    check_new_kind(&kind)?;
    let Drafted { body, warnings } = api.draft(&kind, fields).await?;
    // A map of plain values under text keys always has a form in JSON.
    let fields = serde_json::to_value(Value::Map(body)).unwrap_or_default();
    Ok(reply::json(&asked, &Checked { schema: CHECK.into(), kind, fields, warnings }))
}
