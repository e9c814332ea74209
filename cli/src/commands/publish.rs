//! `publish`, `revise` and `withdraw`: what a clerk signs in the collectivity's name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use multaqa_node::api::types::{
    Checked, Published, Record, RecordRequest, ReviseRequest, Warning, WithdrawRequest,
};
use multaqa_protocol::id::{AuthorId, EntryId};
use serde::Serialize;

use super::attach::send;
use super::fields::{Named, fields_of};
use super::list::kind;
use super::member::signed;
use crate::args::{Publish, Withdraw};
use crate::client::{Client, escape};
use crate::context::Context;
use crate::draft::{Draft, Fault, Source};
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of the answer.
const SCHEMA: &str = "multaqa/publish/1";
/// Schema of the answer where nothing is signed.
const CHECK: &str = "multaqa/publish-check/1";

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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
}

#[derive(Serialize)]
struct CheckAnswer<'a> {
    schema: &'static str,
    items: Vec<CheckItem<'a>>,
}

#[derive(Serialize)]
struct CheckItem<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(flatten)]
    checked: &'a Checked,
}

/// Signs the records in files; all are checked before the first is signed. A file may name another one
/// of them where a reference belongs, and is signed after it.
pub(crate) async fn publish(args: &Publish, context: &Context) -> Outcome {
    let drafts = order(read(&args.files, context)?, context)?;
    let client = Client::connect(context).await?;
    let outcome = if args.dry_run {
        check(drafts, &client, context).await
    } else {
        sign(drafts, &client, context).await
    };
    client.close().await;
    outcome
}

async fn sign(drafts: Vec<Draft>, client: &Client, context: &Context) -> Outcome {
    let mut items: Vec<Item> = Vec::new();
    let mut failed = None;
    for mut draft in drafts {
        if let Err(failure) = attach(&mut draft, client).await {
            failed = Some(failure);
            break;
        }
        let known = |name: &str| items.iter().find(|item| item.file == name).map(|item| item.id.to_string());
        let request = request(&draft, known);
        let published: Published = match client.post("/records", &request).await {
            Ok(published) => published,
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        if !context.out.json {
            context.out.line(published.id.to_string());
            warn(&published.warnings, context);
        }
        items.push(Item {
            file: draft.name,
            id: published.id,
            kind: published.kind,
            author: published.author,
            warnings: published.warnings,
        });
    }
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

/// Has the node check drafts and signs none. What names another of the files is left out of that: the
/// other has no id yet.
async fn check(drafts: Vec<Draft>, client: &Client, context: &Context) -> Outcome {
    let mut checked = Vec::new();
    let mut waiting: Vec<String> = Vec::new();
    for draft in drafts {
        if draft.files().next().is_some() {
            waiting.push(draft.name);
            continue;
        }
        if !draft.paths().is_empty() {
            waiting.push(draft.name);
            continue;
        }
        let answer: Checked = client.post("/records/check", &request(&draft, |_| None)).await?;
        checked.push((Some(draft.name), answer));
    }
    show_check(&checked, context);
    if !waiting.is_empty() {
        let files = waiting.join(", ");
        context.out.note(say!(context.catalogue, "check-waiting", files = files));
    }
    Ok(Exit::Ok)
}

/// Hands the files to the node that a draft names by where they lie.
async fn attach(draft: &mut Draft, client: &Client) -> Outcome<()> {
    let mut taken = BTreeMap::new();
    for path in draft.paths() {
        let file = send(client, Path::new(&path)).await?;
        taken.insert(path, file);
    }
    draft.attach(&taken);
    Ok(())
}

/// Returns what asks for a record, the files that it names replaced by the ids of what they became.
fn request(draft: &Draft, known: impl Fn(&str) -> Option<String>) -> RecordRequest {
    let kind = draft.kind.clone().unwrap_or_default();
    let fields = draft.with_files(|name| known(name));
    RecordRequest { kind, fields }
}

/// Puts each file after those that it names.
fn order(mut drafts: Vec<Draft>, context: &Context) -> Outcome<Vec<Draft>> {
    let names: BTreeSet<String> = drafts.iter().map(|draft| draft.name.clone()).collect();
    let unknown = |draft: &Draft| {
        let missing = draft.files().find(|(_, file)| !names.contains(file));
        missing.map(|(path, file)| {
            let text = say!(context.catalogue, "problem-file-not-given", file = file);
            say!(context.catalogue, "fault-in-file", file = draft.name.clone(), path = path, text = text)
        })
    };
    let faults: Vec<Fault> = drafts.iter().filter_map(unknown).collect();
    if !faults.is_empty() {
        return Err(refused(faults));
    }
    let mut ordered: Vec<Draft> = Vec::new();
    while !drafts.is_empty() {
        let is_next =
            |draft: &Draft| draft.files().all(|(_, file)| ordered.iter().any(|before| before.name == file));
        let Some(at) = drafts.iter().position(is_next) else {
            let files: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
            return Err(refused(vec![say!(
                context.catalogue,
                "problem-files-circle",
                files = files.join(", ")
            )]));
        };
        ordered.push(drafts.remove(at));
    }
    Ok(ordered)
}

/// Shows what would be signed.
pub(super) fn show_check(checked: &[(Option<String>, Checked)], context: &Context) {
    if context.out.json {
        let items: Vec<CheckItem<'_>> =
            checked.iter().map(|(file, checked)| CheckItem { file: file.as_deref(), checked }).collect();
        context.out.object(&CheckAnswer { schema: CHECK, items });
        return;
    }
    for (file, checked) in checked {
        let kind = kind(&checked.kind, &context.catalogue);
        match file {
            Some(file) => {
                context.out.line(say!(context.catalogue, "status-row", name = file.clone(), value = kind));
            }
            None => context.out.line(kind),
        }
        fields_of(&checked.kind, &checked.fields, &Named::new(), context);
        warn(&checked.warnings, context);
    }
    context.out.note(say!(context.catalogue, "check-done", count = checked.len()));
}

/// Tells an author what it must know of a record.
pub(super) fn warn(warnings: &[Warning], context: &Context) {
    let catalogue = &context.catalogue;
    for warning in warnings {
        let id = warning.target.map(|target| target.to_string()).unwrap_or_default();
        let text = match warning.code.as_str() {
            "unresolved" => say!(catalogue, "warning-unresolved", id = id),
            "withdrawn" => say!(catalogue, "warning-withdrawn", id = id),
            "not_counting" => say!(catalogue, "warning-not-counting", id = id),
            "older_version" => say!(catalogue, "warning-older-version", id = id),
            "self_assessment" => say!(catalogue, "warning-self-assessment"),
            "not_implementer" => say!(catalogue, "warning-not-implementer"),
            "file_missing" => say!(catalogue, "warning-file-missing"),
            "file_alt" => say!(catalogue, "warning-file-alt"),
            "own_record" => say!(catalogue, "warning-own-record"),
            _ => warning.message.clone(),
        };
        context.out.note(say!(catalogue, "warning", path = warning.path.clone(), text = text));
    }
}

/// Signs a new version of a record.
pub(crate) async fn revise(id: &str, file: &Path, context: &Context) -> Outcome {
    let source = Source::read(file)?;
    let client = Client::connect(context).await?;
    let path = format!("/records/{}", escape(id));
    let record: Record = client.get(&path, &[]).await?;
    let mut draft = source.revision(&record.item.kind, &context.catalogue).map_err(refused)?;
    attach(&mut draft, &client).await?;
    let request = ReviseRequest { fields: draft.fields };
    let published: Outcome<Published> =
        client.post(&format!("/records/{}/revise", record.item.id), &request).await;
    client.close().await;
    let published = published?;
    if !context.out.json {
        warn(&published.warnings, context);
    }
    signed(&published, &say!(context.catalogue, "revise-done"), context)
}

/// Signs a withdrawal.
pub(crate) async fn withdraw(args: Withdraw, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let request = WithdrawRequest { reason: args.reason, basis: args.basis, all_versions: args.all_versions };
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
