//! `export csv`, `json`, `jsonld`, `atom` and `parquet`: records in the forms that others use.

mod parquet;

use std::io;
use std::path::Path;

use axum::http::Uri;
use serde_json::json;

use super::bundle::{Bundle, download};
use crate::args::{Export, ExportFile, Which};
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of what is said of a written file.
const SCHEMA: &str = "multaqa/export/1";

/// Writes records in a form.
pub(crate) async fn export(form: Export, context: &Context) -> Outcome {
    match form {
        Export::Csv { which, bom, file } => {
            let bom = bom.then_some(("bom", "true"));
            write("/export.csv", &which, bom, &file, context).await
        }
        Export::Json { which, file } => write("/export.jsonl", &which, None, &file, context).await,
        Export::Jsonld { which, file } => write("/export.jsonld", &which, None, &file, context).await,
        Export::Atom { which, file } => {
            let language = Some(("lang", context.catalogue.language().tag()));
            write("/feed.atom", &which, language, &file, context).await
        }
        Export::Parquet { which, out } => parquet::write(&which, &out, context).await,
        Export::Bundle { entry, author, no_witnesses, out } => {
            let which = match (entry, author) {
                (Some(entry), _) => Bundle::Entry { entry, with_witnesses: !no_witnesses },
                (None, Some(author)) => Bundle::Author(author),
                (None, None) => Bundle::All,
            };
            super::bundle::export(&which, out.as_deref(), context).await
        }
    }
}

async fn write(
    path: &str,
    which: &Which,
    own: Option<(&str, &str)>,
    file: &ExportFile,
    context: &Context,
) -> Outcome {
    let limit = which.limit.map(|limit| limit.to_string());
    let query: Vec<(&str, &str)> = asked(which, limit.as_deref()).chain(own).collect();
    let base = file.base.as_deref().map(base).transpose()?;
    let mut client = Client::connect(context).await?;
    if let Some(base) = base {
        client = client.asked_at(base);
    }
    let progress = context.out.progress(say!(context.catalogue, "export-records-progress"), None);
    let written = match &file.out {
        Some(out) => download(&client, path, &query, out).await,
        None => client.download(path, &query, &mut io::stdout(), "-").await,
    };
    client.close().await;
    progress.finish_and_clear();
    let bytes = written?;
    if let Some(out) = &file.out {
        say_done(out, bytes, context);
    }
    Ok(Exit::Ok)
}

/// Returns the parameters that say which records are exported.
fn asked<'a>(which: &'a Which, limit: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let given = [
        ("kind", which.kind.as_deref()),
        ("place", which.place.as_deref()),
        ("author", which.author.as_deref()),
        ("principle", which.principle.as_deref()),
        ("status", which.status.as_deref()),
        ("since", which.since.as_deref()),
        ("limit", limit),
    ];
    given.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)))
}

fn say_done(out: &Path, bytes: u64, context: &Context) {
    let path = out.display().to_string();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "file": path, "bytes": bytes }));
    } else {
        context.out.note(say!(context.catalogue, "export-records-done", path = path, bytes = bytes));
    }
}

/// Reads the address under which readers reach the node.
fn base(text: &str) -> Outcome<Uri> {
    let uri = text.parse::<Uri>().ok();
    let is_base = |uri: &Uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && matches!(uri.path(), "" | "/")
            && uri.query().is_none()
    };
    uri.filter(is_base).ok_or_else(|| failure!(Exit::Usage, "error-base", text = text.to_owned()))
}
