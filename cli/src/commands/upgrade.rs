//! `upgrade`: brings a data folder to the version of this program, or says what that would do.

use std::path::Path;

use multaqa_node::store::{OpenError, VERSION, version_of};
use serde_json::json;

use super::run::causes;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;

/// Schema of what is said of a folder's version.
const SCHEMA: &str = "multaqa/upgrade/1";

/// Upgrades the data folder; with `check`, only says whether that is needed.
pub(crate) async fn upgrade(check: bool, context: &Context) -> Outcome {
    let data = context.data();
    let shown = data.display().to_string();
    let found = version_of(&data)
        .map_err(|error| unknown(&error, &data))?
        .ok_or_else(|| failure!(Exit::Config, "error-no-folder", data = shown.clone()))?;
    let is_due = found < VERSION;
    if is_due && !check {
        // Whoever opens a folder upgrades it first.
        Client::connect(context).await?.close().await;
    }
    if context.out.json {
        let upgraded = is_due && !check;
        context.out.object(&json!({
            "schema": SCHEMA, "data": shown, "found": found, "program": VERSION, "due": is_due, "upgraded": upgraded,
        }));
        return Ok(Exit::Ok);
    }
    let (catalogue, version) = (&context.catalogue, VERSION.to_string());
    let found = found.to_string();
    context.out.line(match (is_due, check) {
        (false, _) => say!(catalogue, "upgrade-current", data = shown, version = version),
        (true, true) => say!(catalogue, "upgrade-due", data = shown, found = found, version = version),
        (true, false) => say!(catalogue, "upgrade-done", data = shown, found = found, version = version),
    });
    Ok(Exit::Ok)
}

/// Returns the failure for a folder whose version this program does not know.
pub(crate) fn unknown(error: &OpenError, data: &Path) -> Box<Failure> {
    let data = data.display().to_string();
    match error {
        OpenError::Version { found } => {
            let known = VERSION.to_string();
            failure!(Exit::Config, "error-folder-version", data = data, found = found.clone(), known = known)
        }
        error => failure!(Exit::Config, "error-folder", data = data).detail(causes(error)),
    }
}
