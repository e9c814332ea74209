//! `debug bundle`: what whoever helps needs to know of a node, in one file, without what nobody may know.
//!
//! Nothing is copied from the data folder but the settings, and of those no value that names a secret or a person. Of all
//! other files there are the name, the length and the permissions.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use jiff::Timestamp;
use multaqa_node::store::VERSION;
use serde_json::{Value, json};

use super::doctor;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of what is said of a written file.
const SCHEMA: &str = "multaqa/debug/1";
/// Most files of the data folder that are listed.
const MAX_FILES: usize = 10_000;
/// Parts of a key's name by which its value is left out.
const SECRET: [&str; 5] = ["password", "secret", "token", "key", "credential"];
/// What stands in the place of a value that is left out.
const LEFT_OUT: &str = "(left out)";
/// Files of the system that tell about the machine.
const MACHINE: [&str; 5] =
    ["/etc/os-release", "/proc/version", "/proc/meminfo", "/proc/loadavg", "/proc/self/limits"];

/// Writes the file.
pub(crate) async fn bundle(out: &Path, context: &Context) -> Outcome {
    let data = context.data();
    let mut parts = vec![
        ("about.json".to_owned(), about(&data)),
        ("doctor.json".to_owned(), pretty(&json!(doctor::faults(false, false, context).await?))),
        ("config.toml".to_owned(), settings(&data)),
        ("files.txt".to_owned(), listing(&data)),
    ];
    for path in MACHINE {
        let name = format!("machine/{}", path.trim_start_matches('/').replace('/', "-"));
        parts.push((name, fs::read(path).unwrap_or_else(|error| error.to_string().into_bytes())));
    }
    match Client::connect(context).await {
        Ok(client) => {
            for (path, name) in
                [("/status", "status.json"), ("/peers", "peers.json"), ("/metrics", "metrics.txt")]
            {
                let mut answer = Vec::new();
                let got = client.download(path, &[], &mut answer, name).await;
                parts.push((
                    name.to_owned(),
                    got.map_or_else(|error| error.line(&context.catalogue).into_bytes(), |_| answer),
                ));
            }
            client.close().await;
        }
        Err(error) => parts.push(("status.json".to_owned(), error.line(&context.catalogue).into_bytes())),
    }
    let shown = out.display().to_string();
    write(out, &parts)
        .map_err(|error| failure!(Exit::Other, "error-write", path = shown.clone()).detail(error))?;
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "file": shown, "parts": names }));
    } else {
        context.out.line(say!(context.catalogue, "debug-done", path = shown, parts = names.join(", ")));
    }
    Ok(Exit::Ok)
}

fn pretty(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).expect("a value is JSON")
}

fn about(data: &Path) -> Vec<u8> {
    let version = fs::read_to_string(data.join("version")).unwrap_or_default();
    pretty(&json!({
        "program": env!("CARGO_PKG_VERSION"), "data_version": version.trim(), "data_version_known": VERSION,
        "made": Timestamp::now().to_string(), "data": data.display().to_string(),
    }))
}

/// Returns the settings without what is secret; a file that cannot be read is not shown at all.
fn settings(data: &Path) -> Vec<u8> {
    let text = match fs::read_to_string(data.join("config.toml")) {
        Ok(text) => text,
        Err(error) => return format!("# {error}\n").into_bytes(),
    };
    match text.parse::<toml::Table>() {
        Ok(mut table) => {
            table.iter_mut().for_each(|(key, value)| leave_out(key, value));
            table.to_string().into_bytes()
        }
        Err(error) => format!("# not TOML: {}\n", error.message()).into_bytes(),
    }
}

/// Leaves out a value whose key names a secret, and texts with an `@`: addresses of people, or a name and a password.
fn leave_out(key: &str, value: &mut toml::Value) {
    let key = key.to_lowercase();
    match value {
        toml::Value::Table(table) => table.iter_mut().for_each(|(key, value)| leave_out(key, value)),
        toml::Value::Array(items) => items.iter_mut().for_each(|item| leave_out(&key, item)),
        toml::Value::String(text) if text.contains('@') => LEFT_OUT.clone_into(text),
        value if SECRET.iter().any(|part| key.contains(part)) => *value = LEFT_OUT.into(),
        _ => {}
    }
}

/// Lists the files of the data folder: permissions, owner, length, time of the last change, name.
fn listing(data: &Path) -> Vec<u8> {
    let mut lines = Vec::new();
    let mut folders = vec![data.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                folders.push(entry.path());
            }
            let path = entry.path();
            let name = path.strip_prefix(data).unwrap_or(&path).display().to_string();
            let changed =
                Timestamp::from_second(about.mtime()).map(|time| time.to_string()).unwrap_or_default();
            let (mode, owner, len) = (about.permissions().mode(), about.uid(), about.len());
            lines.push(format!("{mode:o} {owner} {len:>12} {changed} {name}\n"));
            if lines.len() == MAX_FILES {
                lines.push("...\n".to_owned());
                return lines.concat().into_bytes();
            }
        }
    }
    lines.concat().into_bytes()
}

fn write(out: &Path, parts: &[(String, Vec<u8>)]) -> io::Result<()> {
    let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(out)?;
    let mut archive = tar::Builder::new(file);
    for (name, bytes) in parts {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        archive.append_data(&mut header, format!("multaqa-debug/{name}"), bytes.as_slice())?;
    }
    archive.into_inner()?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_shown_without_secrets_and_people() {
        let dir = tempfile::tempdir().unwrap();
        let text = "relay = true\n[digest]\nto = [\"greffier@settat.ma\"]\nsmtp-password = \"planted\"\nsmtp = \"smtp://u:planted@host\"\n\
                    [[webhooks]]\nurl = \"https://open.settat.ma/hook\"\nsecret = [\"planted\", \"planted\"]\n";
        fs::write(dir.path().join("config.toml"), text).unwrap();
        let shown = String::from_utf8(settings(dir.path())).unwrap();
        assert!(!shown.contains("planted") && !shown.contains("greffier"), "{shown}");
        assert!(shown.contains("relay = true") && shown.contains("https://open.settat.ma/hook"), "{shown}");
        assert_eq!(shown.matches(LEFT_OUT).count(), 5, "{shown}");

        fs::write(dir.path().join("config.toml"), "password = planted").unwrap();
        assert!(!String::from_utf8(settings(dir.path())).unwrap().contains("planted"));
    }
}
