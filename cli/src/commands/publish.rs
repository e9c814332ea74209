//! `publish`, `revise` and `withdraw`: what a clerk signs in the collectivity's name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use multaqa_node::api::types::{Published, Record, RecordRequest, ReviseRequest, WithdrawRequest};
use multaqa_protocol::id::{AuthorId, EntryId};
use serde::Serialize;

use super::member::signed;
use crate::args::Withdraw;
use crate::client::{Client, escape};
use crate::context::Context;
use crate::draft::{Draft, Fault, Source};
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of the answer.
const SCHEMA: &str = "multaqa/publish/1";

#[derive(Serialize)]
struct Answer {
    schema: &'static str,
    /// The entry, where one file was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<EntryId>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    file: String,
    id: EntryId,
    kind: String,
    author: AuthorId,
}

/// Signs the records in files; all are checked before the first is signed.
pub(crate) async fn publish(files: &[PathBuf], context: &Context) -> Outcome {
    let drafts = read(files, context)?;
    let client = Client::connect(context).await?;
    let mut items = Vec::new();
    let mut failed = None;
    for draft in drafts {
        let kind = draft.kind.unwrap_or_default();
        let request = RecordRequest { kind, fields: draft.fields };
        let published: Published = match client.post("/records", &request).await {
            Ok(published) => published,
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        if !context.out.json {
            context.out.line(published.id.to_string());
        }
        items.push(Item {
            file: draft.name,
            id: published.id,
            kind: published.kind,
            author: published.author,
        });
    }
    client.close().await;
    let count = items.len();
    if context.out.json && failed.is_none() {
        let id = (count == 1).then(|| items[0].id);
        context.out.object(&Answer { schema: SCHEMA, id, items });
    } else if count > 0 {
        // What was signed is final, so that a later file was refused must not hide it.
        context.out.note(say!(context.catalogue, "publish-done", count = count));
    }
    failed.map_or(Ok(Exit::Ok), Err)
}

/// Signs a new version of a record.
pub(crate) async fn revise(id: &str, file: &Path, context: &Context) -> Outcome {
    let source = Source::read(file)?;
    let client = Client::connect(context).await?;
    let path = format!("/records/{}", escape(id));
    let record: Record = client.get(&path, &[]).await?;
    let draft = source.revision(&record.item.kind, &context.catalogue).map_err(refused)?;
    let request = ReviseRequest { fields: draft.fields };
    let published: Outcome<Published> =
        client.post(&format!("/records/{}/revise", record.item.id), &request).await;
    client.close().await;
    signed(&published?, &say!(context.catalogue, "revise-done"), context)
}

/// Signs a withdrawal.
pub(crate) async fn withdraw(args: Withdraw, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let request = WithdrawRequest { reason: args.reason, basis: None, all_versions: args.all_versions };
    let path = format!("/records/{}/withdraw", escape(&args.id));
    let published: Outcome<Published> = client.post(&path, &request).await;
    client.close().await;
    signed(&published?, &say!(context.catalogue, "withdraw-done"), context)
}

fn read(files: &[PathBuf], context: &Context) -> Outcome<Vec<Draft>> {
    let mut drafts = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files {
        // The same file twice would be signed twice, for good.
        if !seen.insert(file) {
            continue;
        }
        match Source::read(file)?.draft(&context.catalogue) {
            Ok(draft) => drafts.push(draft),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(drafts) } else { Err(refused(faults)) }
}

fn refused(faults: Vec<Fault>) -> Box<crate::error::Failure> {
    failure!(Exit::Usage, "error-files").items(faults)
}
