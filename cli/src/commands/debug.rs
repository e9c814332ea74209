//! `debug bundle`: a file for whoever helps, with what a node says of itself and nothing that is secret.
//!
//! Nothing is copied out of the data folder. Each part is made of an answer or a table that is known to hold no
//! secret; the settings, which may name one, are told part by part, and addresses that may hold one are cut.

mod folder;

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;
use multaqa_node::config::{Given, Settings};
use multaqa_node::doctor::examine;
use serde_json::{Value, json};

use super::config::layers;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of what is said of a bundle, and of its own description.
const SCHEMA: &str = "multaqa/debug/1";
/// What the node is asked, and the files that its answers become.
const ASKED: [(&str, &str); 4] = [
    ("status.json", "/status"),
    ("peers.json", "/peers"),
    ("network.json", "/network"),
    ("metrics.txt", "/metrics"),
];
/// What only the running node has.
const RECENT: (&str, &str) = ("log.txt", "/recent");

/// The files of a bundle, by their names.
type Files = Vec<(&'static str, Vec<u8>)>;

/// Makes a bundle.
pub(crate) async fn bundle(out: &Path, context: &Context) -> Outcome {
    let data = context.data();
    let running = Client::is_answered(&data).await;
    let mut files: Files = vec![("about.json", pretty(&about(running)))];
    let (settings, told) = settings(context);
    files.push(("config.json", pretty(&told)));
    files.push(("findings.json", pretty(&json!(examine(&data, &settings, running)))));
    files.push(("folder.json", pretty(&folder::listing(&data))));
    ask(&mut files, context).await;
    let path = out.display().to_string();
    let write = || -> io::Result<u64> {
        let mut archive = tar::Builder::new(GzEncoder::new(create(out)?, Compression::default()));
        for (name, content) in &files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o600);
            archive.append_data(&mut header, format!("multaqa-debug/{name}"), content.as_slice())?;
        }
        let file = archive.into_inner()?.finish()?;
        file.sync_all()?;
        Ok(file.metadata()?.len())
    };
    let bytes =
        write().map_err(|error| failure!(Exit::Other, "error-write", path = path.clone()).detail(error))?;
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "file": path, "bytes": bytes, "holds": names }));
        return Ok(Exit::Ok);
    }
    let names = names.join(", ");
    context.out.note(say!(context.catalogue, "debug-done", path = path, bytes = bytes, names = names));
    context.out.note(say!(context.catalogue, "debug-look"));
    Ok(Exit::Ok)
}

/// Makes the file, for this user's eyes: it is for who asked for it to look at, and to send.
fn create(path: &Path) -> io::Result<File> {
    File::options().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Asks the node, running or opened for this; one that cannot be asked is told as such.
async fn ask(files: &mut Files, context: &Context) {
    let client = match Client::connect(context).await {
        Ok(client) => client,
        Err(failure) => {
            let line = failure.line(&context.catalogue);
            return files.push(("node.json", pretty(&json!({ "not_asked": line }))));
        }
    };
    let recent = client.is_running().then_some(RECENT);
    for (name, path) in ASKED.into_iter().chain(recent) {
        let mut content = Vec::new();
        if let Err(failure) = client.download(path, &[], &mut content, name).await {
            content = failure.line(&context.catalogue).into_bytes();
        }
        files.push((name, content));
    }
    client.close().await;
}

/// Returns the program and the machine.
fn about(running: bool) -> Value {
    let system = rustix::system::uname();
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let release =
        release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map(|name| name.trim_matches('"'));
    let text = |part: &std::ffi::CStr| part.to_string_lossy().into_owned();
    json!({
        "schema": SCHEMA,
        "version": env!("CARGO_PKG_VERSION"),
        "made": jiff::Timestamp::now().to_string(),
        "running": running,
        // The machine's own name is nobody's business.
        "system": [text(system.sysname()), text(system.release()), text(system.machine())],
        "release": release,
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
        "memory": fs::read_to_string("/proc/meminfo").ok().and_then(|text| text.lines().next().map(str::to_owned)),
        "service": env::var_os("NOTIFY_SOCKET").is_some(),
    })
}

/// Returns the settings in force and what is told of them. What cannot be used may quote anything, so only
/// that is told; `config check` tells the rest.
fn settings(context: &Context) -> (Settings, Value) {
    match layers(None, context) {
        Ok(layers) => {
            let (sources, settings) = (layers.sources(), layers.settings());
            let mut told = serde_json::to_value(&settings).expect("settings are plain values");
            cut(&mut told);
            let sources: serde_json::Map<_, _> =
                sources.into_iter().map(|(key, source)| (key, json!(source))).collect();
            (settings, json!({ "settings": told, "sources": sources }))
        }
        Err(_) => (Settings::new(Given::default(), Given::default()), json!({ "unusable": true })),
    }
}

/// Cuts whatever may be a secret within an address: all but its scheme and host.
fn cut(value: &mut Value) {
    match value {
        Value::String(text) if text.contains("://") => {
            let host = text
                .parse::<axum::http::Uri>()
                .ok()
                .and_then(|uri| Some(format!("{}://{}/…", uri.scheme_str()?, uri.host()?)));
            *text = host.unwrap_or_else(|| "…".into());
        }
        // An e-mail address is somebody's.
        Value::String(text) if text.contains('@') => *text = "…".into(),
        Value::Array(items) => items.iter_mut().for_each(cut),
        Value::Object(fields) => fields.values_mut().for_each(cut),
        _ => {}
    }
}

fn pretty(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("what is told can be written as JSON")
}
