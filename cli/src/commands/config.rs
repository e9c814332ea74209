//! `config`: the settings of a node, as flags, variables of the environment and its file say them.

use std::env;
use std::fs;
use std::io;
use std::path::Path;

use multaqa_node::config::{ConfigError, File, Given, Layers, Settings, Source, TextError, keys, variable};
use serde_json::json;
use toml_edit::{DocumentMut, Item};

use super::causes;
use super::run::addresses;
use crate::args::{Config, Run};
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;

/// Schema of the settings.
const SCHEMA: &str = "multaqa/config/1";

/// Runs a verb on settings.
pub(super) fn config(verb: &Config, context: &Context) -> Outcome {
    match verb {
        Config::Show(args) => show(args, context),
        Config::Check(args) => check(args, context),
        Config::Template => template(context),
        Config::Set { key, value } => set(key, Some(value), context),
        Config::Unset { key } => set(key, None, context),
    }
}

/// Returns the settings in force for a verb that has no flags for them.
pub(crate) fn settings(context: &Context) -> Outcome<Settings> {
    Ok(layers(None, context)?.settings())
}

/// Returns what each place says: the flags of `run`, the variables, and the file.
pub(super) fn layers(args: Option<&Run>, context: &Context) -> Outcome<Layers> {
    let variables =
        Given::from_variables(|name| env::var(name).ok()).map_err(|error| not_set(error, str::to_owned))?;
    let flags = args.map(flags).transpose()?.unwrap_or_default();
    Ok(Layers { flags, variables, file: file(context)? })
}

/// Returns what the flags of `run` say. Those of a setting's own stand before `--set`.
fn flags(args: &Run) -> Outcome<Given> {
    let list = |texts: &[String]| if texts.is_empty() { Ok(None) } else { addresses(texts).map(Some) };
    let own = Given {
        listen: list(&args.listen)?,
        external: list(&args.external)?,
        dial: list(&args.dial)?,
        public: args.public,
        office: args.office,
        mdns: args.no_mdns.then_some(false),
        relay: args.relay,
        upnp: args.no_upnp.then_some(false),
        ..Given::default()
    };
    let mut set = Given::default();
    for text in &args.set {
        let Some((key, value)) = text.split_once('=') else {
            return Err(failure!(Exit::Usage, "error-set-form", text = text.clone()));
        };
        set.set(key.trim(), value.trim()).map_err(|error| not_set(error, |key| format!("--set {key}")))?;
    }
    Ok(own.or(set))
}

/// Returns the failure for a text that sets nothing; `name` says where the key stood.
fn not_set(error: TextError, name: impl Fn(&str) -> String) -> Box<Failure> {
    match error {
        TextError::Unknown { key, near } => unknown(name(&key), key, near),
        TextError::Value { key, reason } => {
            failure!(Exit::Config, "error-setting-value", name = name(&key)).detail(reason)
        }
    }
}

fn unknown(place: String, key: String, near: Option<String>) -> Box<Failure> {
    match near {
        Some(near) => {
            failure!(Exit::Config, "error-setting-unknown-near", place = place, key = key, near = near)
        }
        None => failure!(Exit::Config, "error-setting-unknown", place = place, key = key),
    }
}

/// Returns what the file says.
fn file(context: &Context) -> Outcome<File> {
    let path = context.config_file();
    if context.named_config().is_some() && !path.exists() {
        return Err(failure!(Exit::Config, "error-config-missing", path = path.display().to_string()));
    }
    File::load(&path).map_err(not_read)
}

/// Returns the failure for a file that cannot be used.
fn not_read(error: ConfigError) -> Box<Failure> {
    let failed = |place: String, error: &ConfigError| {
        failure!(Exit::Config, "error-config", place = place).detail(causes(error))
    };
    match error {
        ConfigError::Unknown { path, line, key, near } => {
            unknown(format!("{}:{line}", path.display()), key, near)
        }
        ConfigError::Io { ref path, .. } | ConfigError::TooLong { ref path } => {
            failed(path.display().to_string(), &error)
        }
        ConfigError::Content { ref path, line, .. } => failed(format!("{}:{line}", path.display()), &error),
    }
}

/// Shows the settings in force, and where each comes from.
fn show(args: &Run, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let layers = layers(Some(args), context)?;
    let settings = serde_json::to_value(layers.settings()).expect("settings are plain values");
    let sources = layers.sources();
    if context.out.json {
        let sources: serde_json::Map<_, _> =
            sources.into_iter().map(|(key, source)| (key, json!(source))).collect();
        context.out.object(&json!({
            "schema": SCHEMA, "file": layers.file.path, "settings": settings, "sources": sources,
        }));
        return Ok(Exit::Ok);
    }
    for (key, source) in sources {
        let source = match source {
            Source::Flag => say!(catalogue, "from-flag"),
            Source::Variable { name } => say!(catalogue, "from-variable", name = name),
            Source::File { path, line } => format!("{}:{line}", path.display()),
            Source::Default => say!(catalogue, "from-default"),
        };
        let value = settings[&key].to_string();
        context.out.line(say!(catalogue, "config-row", key = key, value = value, source = source));
    }
    Ok(Exit::Ok)
}

/// Checks what each place says, and runs nothing.
fn check(args: &Run, context: &Context) -> Outcome {
    let path = layers(Some(args), context)?.file.path;
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

/// Shows a file that says nothing, in which every setting stands with its default and what it is for.
fn template(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let defaults = Settings::new(Given::default(), Given::default());
    let defaults = toml::Table::try_from(&defaults).expect("settings are plain values");
    let mut text = comment(&say!(catalogue, "config-template"));
    for key in keys() {
        let about = catalogue.with(&format!("setting-{key}"), &[]);
        text.push_str(&format!("\n{}#{key} = {}\n", comment(&about), defaults[&key]));
    }
    context.out.raw(text);
    Ok(Exit::Ok)
}

fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

/// Writes a value to the file, or takes it out; what else stands there stays as it is.
fn set(key: &str, value: Option<&str>, context: &Context) -> Outcome {
    let mut given = Given::default();
    // Where the key is to go, no text is a value of it; whether it is known is told all the same.
    match (given.set(key, value.unwrap_or_default()), value) {
        (Err(TextError::Value { .. }), None) | (Ok(()), _) => {}
        (Err(error), _) => return Err(not_set(error, str::to_owned)),
    }
    let path = context.config_file();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(not_written(&path, &error)),
    };
    // A file that is wrong is not made worse.
    File::read(&path, &text).map_err(not_read)?;
    let mut document: DocumentMut = text.parse().expect("it was just read");
    if value.is_some() {
        let value = toml::Table::try_from(&given).expect("settings are plain values")[key].to_string();
        document[key] = Item::Value(value.parse().expect("it was just written"));
    } else {
        document.remove(key);
    }
    write(&path, &document.to_string()).map_err(|error| not_written(&path, &error))?;
    let path = path.display().to_string();
    if env::var_os(variable(key)).is_some_and(|value| !value.is_empty()) {
        let name = variable(key);
        context.out.note(say!(context.catalogue, "config-overruled", path = path, name = name));
    } else {
        context.out.note(say!(context.catalogue, "config-written", path = path));
    }
    Ok(Exit::Ok)
}

fn not_written(path: &Path, error: &io::Error) -> Box<Failure> {
    failure!(Exit::Config, "error-config-write", path = path.display().to_string()).detail(error)
}

/// Writes a file as a whole, with the permissions that it had.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let unfinished = path.with_extension("toml.new");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&unfinished, text)?;
    if let Ok(meta) = fs::metadata(path) {
        fs::set_permissions(&unfinished, meta.permissions())?;
    }
    fs::rename(&unfinished, path)
}
