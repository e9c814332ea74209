//! `export parquet`: made here of the lines that the node gives, so that the node needs no form of its own for it.

use std::io::{self, Write};
use std::path::Path;

use multaqa_node::api::types::{Network, RecordItem};
use multaqa_node::sheet::parquet::File;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::bundle::Part;
use super::{asked, say_done};
use crate::args::Which;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// One line of the export.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    item: RecordItem,
    fields: Option<Map<String, Value>>,
}

/// Takes lines and writes records.
struct Lines<W: Write + Send> {
    file: File<W>,
    /// What has come of a line whose end has not: at most one record.
    begun: Vec<u8>,
}

impl<W: Write + Send> Write for Lines<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        let Some(end) = self.begun.iter().rposition(|byte| *byte == b'\n') else { return Ok(bytes.len()) };
        let rest = self.begun.split_off(end + 1);
        for line in serde_json::Deserializer::from_slice(&self.begun).into_iter::<Line>() {
            let Line { item, fields } = line?;
            self.file.push(&item, fields).map_err(io::Error::other)?;
        }
        self.begun = rest;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes records to a file.
pub(super) async fn write(which: &Which, out: &Path, context: &Context) -> Outcome {
    let limit = which.limit.map(|limit| limit.to_string());
    let query: Vec<(&str, &str)> = asked(which, limit.as_deref()).collect();
    let client = Client::connect(context).await?;
    let progress = context.out.progress(say!(context.catalogue, "export-records-progress"), None);
    let written = written(&client, &query, out).await;
    client.close().await;
    progress.finish_and_clear();
    say_done(out, written?, context);
    Ok(Exit::Ok)
}

async fn written(client: &Client, query: &[(&str, &str)], out: &Path) -> Outcome<u64> {
    let licence = client.get::<Network>("/network", &[]).await?.licence;
    let part = Part::open(out, 0o666)?;
    let name = part.name.clone();
    let not_written = |error: &dyn std::fmt::Display| {
        failure!(Exit::Other, "error-write", path = name.clone()).detail(error)
    };
    let handle = part.file.try_clone().map_err(|error| not_written(&error))?;
    let file = File::begin(handle, &licence).map_err(|error| not_written(&error))?;
    let mut lines = Lines { file, begun: Vec::new() };
    client.download("/export.jsonl", query, &mut lines, &part.name).await?;
    lines.file.finish().map_err(|error| not_written(&error))?;
    let bytes = part.file.metadata().map_err(|error| not_written(&error))?.len();
    part.keep()?;
    Ok(bytes)
}
