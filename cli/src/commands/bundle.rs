//! `export bundle` and `import bundle`: logs as a file, for auditors and for sticks in a pocket.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use multaqa_node::api::types::ImportReport;
use multaqa_protocol::id::AuthorId;
use serde_json::json;

use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;
use crate::output::short;

/// Schema of what is said of a written bundle.
const SCHEMA: &str = "multaqa/export/1";

/// What a bundle is of.
#[derive(Debug)]
pub(crate) enum Bundle {
    /// One entry, with what says who belongs and, of a plan, with what its figures rest on.
    Entry {
        /// Its id, or the beginning of it.
        entry: String,
        /// Whether what says by when it existed goes along.
        with_witnesses: bool,
    },
    /// One author's log, with the stewards'.
    Author(String),
    /// Everything.
    All,
}

/// Writes a bundle.
pub(crate) async fn export(which: &Bundle, out: Option<&Path>, context: &Context) -> Outcome {
    let query: Vec<(&str, &str)> = match which {
        Bundle::Entry { entry, with_witnesses } => {
            let with = if *with_witnesses { "witnesses" } else { "stewards" };
            vec![("entry", entry), (with, "true"), ("figures", "true")]
        }
        // Without the stewards' logs nobody can tell what they ordered to be withdrawn.
        Bundle::Author(author) => vec![("author", author), ("stewards", "true")],
        Bundle::All => vec![("all", "true")],
    };
    let client = Client::connect(context).await?;
    let progress = context.out.progress(say!(context.catalogue, "export-progress"), None);
    let written = match out {
        Some(path) => download(&client, "/bundle", &query, path).await,
        None => client.download("/bundle", &query, &mut io::stdout(), "-").await,
    };
    client.close().await;
    progress.finish_and_clear();
    let bytes = written?;
    if let Some(path) = out {
        let path = path.display().to_string();
        if context.out.json {
            context.out.object(&json!({ "schema": SCHEMA, "file": path, "bytes": bytes }));
        } else {
            context.out.note(say!(context.catalogue, "export-done", path = path, bytes = bytes));
        }
    }
    Ok(Exit::Ok)
}

/// Takes what a bundle holds.
pub(crate) async fn import(file: &Path, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let bundle = read(file)?;
    let client = Client::connect(context).await?;
    let progress = context.out.progress(say!(catalogue, "import-progress"), None);
    let report: Outcome<ImportReport> = client.send("/bundle", bundle).await;
    client.close().await;
    progress.finish_and_clear();
    let report = report?;
    if context.out.json {
        context.out.object(&report);
    } else {
        context.out.line(say!(
            catalogue,
            "import-done",
            stored = report.stored,
            known = report.known,
            ignored = report.ignored,
            refused = report.refused.len()
        ));
        for entry in &report.refused {
            context.out.line(format!("  {} {}", entry.rule, entry.id));
        }
        for author in &report.candidates {
            context.out.line(say!(catalogue, "import-candidate", author = author.to_string()));
        }
    }
    Ok(if report.refused.is_empty() { Exit::Ok } else { Exit::Forged })
}

/// Writes the own application to a file, to be sent by other means.
pub(super) async fn write_application(client: &Client, path: &Path) -> Outcome<u64> {
    download(client, "/application", &[], path).await
}

/// Reads a file whole: a bundle is taken or refused as one.
pub(crate) fn read(file: &Path) -> Outcome<Vec<u8>> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    bytes
        .map_err(|error| failure!(Exit::Usage, "error-read", path = file.display().to_string()).detail(error))
}

/// Writes what is downloaded to a file, which has its name once it is whole.
pub(super) async fn download(
    client: &Client,
    from: &str,
    query: &[(&str, &str)],
    path: &Path,
) -> Outcome<u64> {
    download_as(client, from, query, path, 0o666).await
}

/// The same with permissions of its own, before the umask.
pub(super) async fn download_as(
    client: &Client,
    from: &str,
    query: &[(&str, &str)],
    path: &Path,
    mode: u32,
) -> Outcome<u64> {
    let mut part = Part::open(path, mode)?;
    let bytes = client.download(from, query, &mut part.file, &part.name).await?;
    part.keep()?;
    Ok(bytes)
}

/// A file that is being written under another name: half a file under the right one would be taken for a whole or a
/// forged one. It is taken away again unless it is kept.
pub(super) struct Part {
    pub(super) file: File,
    path: PathBuf,
    part: PathBuf,
    /// Its name for people.
    pub(super) name: String,
    is_kept: bool,
}

impl Part {
    /// Begins a file with permissions, before the umask.
    pub(super) fn open(path: &Path, mode: u32) -> Outcome<Self> {
        let (name, part) = (path.display().to_string(), path.with_added_extension("part"));
        let mut open = File::options();
        let file = open.write(true).create_new(true).mode(mode).open(&part).or_else(|error| {
            // One that was cut short has been left by an earlier try, and may be open to others.
            if error.kind() != io::ErrorKind::AlreadyExists {
                return Err(error);
            }
            fs::remove_file(&part).and_then(|()| open.open(&part))
        });
        let file = file.map_err(|error| not_written(&name, &error))?;
        Ok(Self { file, path: path.to_owned(), part, name, is_kept: false })
    }

    /// Gives the file its name, once it is on disk.
    pub(super) fn keep(mut self) -> Outcome<()> {
        let kept = self.file.flush().and_then(|()| self.file.sync_all());
        kept.and_then(|()| fs::rename(&self.part, &self.path))
            .map_err(|error| not_written(&self.name, &error))?;
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn not_written(name: &str, error: &io::Error) -> Box<Failure> {
    failure!(Exit::Other, "error-write", path = name.to_owned()).detail(error)
}

/// Returns an author's id for a table.
pub(super) fn short_author(author: &AuthorId) -> String {
    short(&author.to_string())
}
