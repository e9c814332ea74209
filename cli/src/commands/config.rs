//! `config`: the settings of a node, as its file, the options of `run` and the variables say them.

use std::path::Path;

use multaqa_node::config::{ConfigError, FILE, Given, Settings, Source, sources};
use serde_json::json;

use super::causes;
use super::run::addresses;
use crate::args::Run;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of the settings.
const SCHEMA: &str = "multaqa/config/1";

/// Returns what the options of `run`, and the variables behind them, say.
pub(super) fn given(args: &Run) -> Outcome<Given> {
    let list = |texts: &[String]| {
        if texts.is_empty() { Ok(None) } else { addresses(texts).map(Some) }
    };
    Ok(Given {
        listen: list(&args.listen)?,
        external: list(&args.external)?,
        dial: list(&args.dial)?,
        public: args.public,
        office: args.office,
        mdns: args.no_mdns.then_some(false),
        relay: args.relay,
        upnp: args.no_upnp.then_some(false),
        ..Given::default()
    })
}

/// Returns what the file in a data folder says.
pub(super) fn file(data: &Path) -> Outcome<Given> {
    Given::load(data).map_err(|error| {
        let place = match &error {
            ConfigError::Io { path, .. } | ConfigError::TooLong { path } => path.display().to_string(),
            ConfigError::Content { path, line, .. } => format!("{}:{line}", path.display()),
        };
        failure!(Exit::Config, "error-config", place = place).detail(causes(&error))
    })
}

/// Shows the settings in force.
pub(crate) fn show(args: &Run, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let data = context.data();
    let (options, file) = (given(args)?, file(&data)?);
    let sources = sources(&options, &file);
    let settings = Settings::new(options, file);
    let settings = serde_json::to_value(&settings).expect("settings are plain values");
    if context.out.json {
        let sources: serde_json::Map<_, _> =
            sources.into_iter().map(|(key, source)| (key, json!(source))).collect();
        context.out.object(&json!({
            "schema": SCHEMA, "file": data.join(FILE), "settings": settings, "sources": sources,
        }));
        return Ok(Exit::Ok);
    }
    for (key, source) in sources {
        let source = match source {
            Source::Option => say!(catalogue, "setting-option"),
            Source::File => say!(catalogue, "setting-file"),
            Source::Default => say!(catalogue, "setting-default"),
        };
        let value = settings[&key].to_string();
        context.out.line(say!(catalogue, "setting-row", key = key, value = value, source = source));
    }
    Ok(Exit::Ok)
}

/// Checks the file.
pub(crate) fn check(context: &Context) -> Outcome {
    let data = context.data();
    file(&data)?;
    let path = data.join(FILE);
    let name = path.display().to_string();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "file": path, "fine": true }));
    } else if path.exists() {
        context.out.note(say!(context.catalogue, "config-fine", path = name));
    } else {
        context.out.note(say!(context.catalogue, "config-absent", path = name));
    }
    Ok(Exit::Ok)
}
