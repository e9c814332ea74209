//! `backup`: the data folder as one file, checked and put back.

use std::fs::File;
use std::io;
use std::path::Path;

use multaqa_node::backup::{self, BackupError, Checked};
use serde_json::json;

use super::bundle::download_as;
use super::member::time;
use super::run::causes;
use crate::args::Backup;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;
use crate::output::short;

/// Schema of what is said of a backup.
const SCHEMA: &str = "multaqa/backup/1";

/// Takes, checks or puts back a backup.
pub(crate) async fn backup(verb: Backup, context: &Context) -> Outcome {
    match verb {
        Backup::Create { out } => create(&out, context).await,
        Backup::Verify { file } => {
            let checked = read(&file, context, backup::verify)?;
            let author = short(&checked.manifest.author.to_string());
            let (made, files, bytes) = (time(checked.manifest.made), checked.files, checked.bytes);
            show(&checked, context, || {
                say!(
                    context.catalogue,
                    "backup-whole",
                    author = author,
                    time = made,
                    files = files,
                    bytes = bytes
                )
            });
            Ok(Exit::Ok)
        }
        Backup::Restore { file } => {
            let data = context.data();
            let checked = read(&file, context, |from| backup::restore(from, &data))?;
            show(&checked, context, || {
                say!(context.catalogue, "backup-restored", data = data.display().to_string())
            });
            Ok(Exit::Ok)
        }
    }
}

async fn create(out: &Path, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let progress = context.out.progress(say!(context.catalogue, "backup-progress"), None);
    let written = match out == Path::new("-") {
        true => client.download("/backup", &[], &mut io::stdout(), "-").await,
        // It holds the keys.
        false => download_as(&client, "/backup", &[], out, 0o600).await,
    };
    client.close().await;
    progress.finish_and_clear();
    let bytes = written?;
    if out == Path::new("-") {
        return Ok(Exit::Ok);
    }
    let path = out.display().to_string();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "file": path, "bytes": bytes }));
    } else {
        context.out.note(say!(context.catalogue, "backup-done", path = path, bytes = bytes));
    }
    Ok(Exit::Ok)
}

/// Opens a file, or standard input for `-`, and has it checked.
fn read(
    file: &Path,
    context: &Context,
    check: impl FnOnce(Box<dyn io::Read>) -> Result<Checked, BackupError>,
) -> Outcome<Checked> {
    let path = file.display().to_string();
    let from: Box<dyn io::Read> = match file == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => Box::new(
            File::open(file)
                .map_err(|error| failure!(Exit::Usage, "error-read", path = path.clone()).detail(error))?,
        ),
    };
    let progress = context.out.progress(say!(context.catalogue, "backup-checking"), None);
    let checked = check(from);
    progress.finish_and_clear();
    checked.map_err(|error| refused(&error, path))
}

fn refused(error: &BackupError, path: String) -> Box<Failure> {
    match error {
        BackupError::NotEmpty(dir) => {
            failure!(Exit::Config, "error-backup-not-empty", dir = dir.display().to_string())
        }
        BackupError::Version { .. } => failure!(Exit::Undecided, "error-backup-version", path = path),
        BackupError::Io(_) => failure!(Exit::Other, "error-read", path = path),
        BackupError::NotWhole(_) | BackupError::Altered(_) | BackupError::Journal => {
            failure!(Exit::Forged, "error-backup-broken", path = path)
        }
    }
    .detail(causes(error))
}

fn show(checked: &Checked, context: &Context, text: impl FnOnce() -> String) {
    if context.out.json {
        context.out.object(checked);
    } else {
        context.out.line(text());
    }
}
