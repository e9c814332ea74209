//! `attach`: hands a file to the node, and shows how a record names it.

use std::fs;
use std::path::Path;

use multaqa_node::api::types::Attached;
use multaqa_protocol::attachment::MAX_FILE;

use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Hands a file to the node and shows the table to paste into a record.
pub(crate) async fn attach(file: &Path, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let taken = send(&client, file).await;
    client.close().await;
    let taken = taken?;
    if context.out.json {
        context.out.object(&taken);
        return Ok(Exit::Ok);
    }
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut table = toml::Table::new();
    table.insert("name".into(), name.into());
    table.insert("hash".into(), taken.hash.to_string().into());
    table.insert("size".into(), i64::try_from(taken.size).expect("a file is bounded").into());
    table.insert("mime".into(), taken.mime.clone().into());
    table.extend(taken.chunks.map(|chunks| ("chunks".to_owned(), chunks.to_string().into())));
    context.out.line("[[attachments]]");
    context.out.raw(toml::to_string(&table).expect("names and numbers make TOML"));
    let tag = context.catalogue.language().tag();
    context.out.line(format!("# alt.{tag} = \"{}\"", say!(context.catalogue, "attach-alt")));
    context.out.note(say!(context.catalogue, "attach-done"));
    Ok(Exit::Ok)
}

/// Hands a file to the node; one that is too large is not even read.
pub(super) async fn send(client: &Client, file: &Path) -> Outcome<Attached> {
    let path = file.display().to_string();
    let unread = |error| failure!(Exit::Usage, "error-read", path = path.clone()).detail(error);
    let size = fs::metadata(file).map_err(unread)?.len();
    if size > MAX_FILE {
        let (size, most) = (size.to_string(), MAX_FILE.to_string());
        return Err(failure!(Exit::Usage, "error-attachment-size", path = path, size = size, most = most));
    }
    let bytes = fs::read(file).map_err(unread)?;
    client.attach("/attachments", bytes).await
}
