//! `import csv`: rows of a spreadsheet as drafts, or, of what this node exported itself, as records.
//!
//! What was exported and is unchanged is left alone; a row that was changed becomes a new version; a row
//! without an id becomes a new record, unless one says the same: the same file twice signs nothing twice. Rows of another system are never signed at once: they become drafts
//! that somebody reads.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use multaqa_node::api::types::{NodeStatus, Published, Record, RecordRequest, ReviseRequest};
use multaqa_protocol::id::{AuthorId, EntryId};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::args::ImportCsv;
use crate::client::{Client, escape};
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;
use crate::sheet::{self, Draft, Mapping};

/// Schema of the answer.
const SCHEMA: &str = "multaqa/import-csv/1";

/// What came of a file.
#[derive(Default, Serialize)]
struct Answer {
    schema: &'static str,
    /// The drafts that were written.
    drafts: Vec<PathBuf>,
    /// What was signed.
    signed: Vec<Signed>,
    /// Rows that say what is published already.
    unchanged: usize,
    /// Rows without content.
    empty: usize,
    /// Columns that the mapping does not name.
    unused: Vec<String>,
}

#[derive(Serialize)]
struct Signed {
    line: u64,
    id: EntryId,
    /// The version that it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<EntryId>,
}

/// What is to be done with a row.
enum Act {
    Nothing,
    Publish,
    Revise(EntryId),
}

/// Takes the rows of a file.
pub(crate) async fn import(args: ImportCsv, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let mapping = args.mapping.as_deref().map(|path| Mapping::read(path, catalogue)).transpose()?;
    let found = sheet::read(&args.file, mapping.as_ref(), catalogue)?;
    let mut answer = Answer { schema: SCHEMA, empty: found.empty, unused: found.unused, ..Answer::default() };
    let mut failed = None;
    match &args.out {
        Some(folder) => answer.drafts = sheet::write(&found.drafts, &args.file, folder, catalogue)?,
        None => {
            let client = Client::connect(context).await?;
            let signed = sign(&found.drafts, &client, &args.file, &mut answer, context).await;
            client.close().await;
            failed = signed.err();
        }
    }
    if context.out.json && failed.is_none() {
        context.out.object(&answer);
    } else {
        show(&answer, args.out.as_deref(), context);
    }
    failed.map_or(Ok(Exit::Ok), Err)
}

fn show(answer: &Answer, folder: Option<&Path>, context: &Context) {
    let catalogue = &context.catalogue;
    for path in &answer.drafts {
        context.out.line(path.display().to_string());
    }
    for signed in &answer.signed {
        context.out.line(signed.id.to_string());
    }
    if !answer.unused.is_empty() {
        let columns = answer.unused.join(", ");
        context.out.note(say!(catalogue, "csv-unused", columns = columns));
    }
    if answer.empty > 0 {
        context.out.note(say!(catalogue, "csv-empty", count = answer.empty));
    }
    match folder {
        Some(folder) => {
            let folder = folder.display().to_string();
            context.out.note(say!(catalogue, "csv-drafts", count = answer.drafts.len(), folder = folder));
        }
        None => {
            let revised = answer.signed.iter().filter(|signed| signed.replaces.is_some()).count();
            let new = answer.signed.len() - revised;
            let unchanged = answer.unchanged;
            context.out.note(say!(
                catalogue,
                "csv-signed",
                new = new,
                revised = revised,
                unchanged = unchanged
            ));
        }
    }
}

/// Signs what differs from what is published; all rows are looked at before the first is signed.
async fn sign(
    drafts: &[Draft],
    client: &Client,
    file: &Path,
    answer: &mut Answer,
    context: &Context,
) -> Outcome<()> {
    let status: NodeStatus = client.get("/status", &[]).await?;
    let published = if drafts.iter().any(|draft| draft.id.is_none()) {
        published(status.author, client).await?
    } else {
        BTreeSet::new()
    };
    let mut acts = Vec::new();
    let mut faults = Vec::new();
    for draft in drafts {
        match act(draft, (status.author, &published), client, context).await? {
            Ok(act) => acts.push((draft, act)),
            Err(text) => {
                let (file, line) = (file.display().to_string(), draft.line);
                faults.push(say!(context.catalogue, "fault", file = file, line = line, text = text));
            }
        }
    }
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    for (draft, act) in acts {
        let fields = Value::Object(draft.fields.clone());
        let (published, replaces): (Published, _) = match act {
            Act::Nothing => {
                answer.unchanged += 1;
                continue;
            }
            Act::Publish => {
                let request = RecordRequest { kind: draft.kind.clone(), fields };
                (client.post("/records", &request).await?, None)
            }
            Act::Revise(id) => {
                let path = format!("/records/{id}/revise");
                (client.post(&path, &ReviseRequest { fields }).await?, Some(id))
            }
        };
        answer.signed.push(Signed { line: draft.line, id: published.id, replaces });
    }
    Ok(())
}

/// Returns what is to be done with a row, or why nothing can be.
async fn act(
    draft: &Draft,
    (me, published): (AuthorId, &BTreeSet<String>),
    client: &Client,
    context: &Context,
) -> Outcome<Result<Act, String>> {
    let catalogue = &context.catalogue;
    let Some(id) = &draft.id else {
        let act =
            if published.contains(&text(&draft.kind, &draft.fields)) { Act::Nothing } else { Act::Publish };
        return Ok(Ok(act));
    };
    let record = record(client, id).await?;
    let Some(fields) = content(&record) else {
        return Ok(Err(say!(catalogue, "problem-row-no-content")));
    };
    if record.item.author != me {
        return Ok(Err(say!(catalogue, "problem-row-other-author", author = record.item.author.to_string())));
    }
    if record.item.kind != draft.kind {
        let (text, kind) = (draft.kind.clone(), record.item.kind);
        return Ok(Err(say!(catalogue, "problem-other-kind", text = text, kind = kind)));
    }
    if fields == draft.fields {
        return Ok(Ok(Act::Nothing));
    }
    let Some(later) = record.replaced_by else { return Ok(Ok(Act::Revise(record.item.id))) };
    // Somebody takes the same file in again.
    let is_same = content(&self::record(client, &later.to_string()).await?).as_ref() == Some(&draft.fields);
    let replaced = || say!(catalogue, "problem-row-replaced", id = later.to_string());
    Ok(if is_same { Ok(Act::Nothing) } else { Err(replaced()) })
}

async fn record(client: &Client, id: &str) -> Outcome<Record> {
    client.get(&format!("/records/{}", escape(id)), &[]).await
}

/// Returns what a record says but for the version that it replaces, where that is here.
fn content(record: &Record) -> Option<Map<String, Value>> {
    let fields = record.fields.as_ref()?.as_object()?.clone();
    Some(sheet::without_replaces(fields))
}

/// Returns the current records of this node's author, each as a text that says all of it.
async fn published(me: AuthorId, client: &Client) -> Outcome<BTreeSet<String>> {
    let mut lines = Vec::new();
    client.download("/export.jsonl", &[("author", &me.to_string())], &mut lines, "-").await?;
    let read = |line: &[u8]| {
        let mut record: Map<String, Value> = serde_json::from_slice(line).ok()?;
        let Some(Value::Object(fields)) = record.remove("fields") else { return None };
        Some(text(record.get("kind")?.as_str()?, &sheet::without_replaces(fields)))
    };
    Ok(lines.split(|byte| *byte == b'\n').filter_map(read).collect())
}

fn text(kind: &str, fields: &Map<String, Value>) -> String {
    json!([kind, fields]).to_string()
}

fn refused(faults: Vec<String>) -> Box<Failure> {
    failure!(Exit::Usage, "error-rows").items(faults)
}
