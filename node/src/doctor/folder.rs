//! Faults of the data folder.

use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::Severity::{Error, Note, Warning};
use super::{Finding, Mend};
use crate::api::socket::SOCKET;
use crate::backup::TAKEN;
use crate::keys::guard::GUARD_FILE;
use crate::keys::{LOG_KEY_FILE, NEXT_KEY_FILE, PEER_KEY_FILE, SEED};
use crate::store;

/// Data files in JSON, all of which a node reads at its start.
const JSON: [&str; 3] = ["network.json", "bans.json", "hidden.json"];
/// Ends of the names of files that were being written.
const UNFINISHED: [&str; 2] = ["new", "part"];
/// How far the clock may be behind the newest write without being wrong: file systems and clocks that are being set
/// differ by seconds.
const CLOCK: Duration = Duration::from_mins(10);
/// Days after which a backup is old: what was published since is on other nodes, the office's drafts are not.
const BACKUP_DAYS: u64 = 31;
/// Most files that are looked at for their owner: the journal, the index and the attachments of many years.
const MAX_FILES: usize = 100_000;

pub(super) fn examine(dir: &Path, running: bool) -> Vec<Finding> {
    let Ok(version) = fs::read_to_string(dir.join("version")) else {
        return vec![Finding::of_file("folder-missing", Error, dir)];
    };
    let mut found = Vec::new();
    if store::version_of(dir).is_err() {
        found.push(Finding::new("data-version", Error, version.trim()));
    }
    if !dir.join("journal").join("000001.seg").exists() {
        found.push(Finding::of_file("journal-missing", Error, &dir.join("journal")));
    }
    found.extend(keys(dir));
    found.extend(access(dir));
    found.extend(in_use(dir, running));
    if !dir.join("index").join("stamp").exists() {
        found.push(Finding::new("index-missing", Note, ""));
    }
    if !dir.join("network.json").exists() {
        found.push(Finding::new("network-missing", Note, ""));
    }
    for path in JSON.map(|name| dir.join(name)) {
        let text = fs::read_to_string(&path).unwrap_or_default();
        if !text.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err() {
            found.push(Finding::of_file("file-damaged", Error, &path));
        }
    }
    let damaged = dir.join("peers.json.damaged");
    if damaged.exists() {
        found.push(Finding::of_file("peers-damaged", Note, &damaged).mended_by(Mend::Remove(damaged)));
    }
    if !running {
        found.extend(unfinished(dir));
    }
    found.extend(clock(dir));
    found.extend(backup(dir));
    found
}

fn keys(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in [LOG_KEY_FILE, PEER_KEY_FILE].map(|name| dir.join(name)) {
        match fs::metadata(&path) {
            Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
                let finding = Finding::of_file("key-readable", Error, &path);
                found.push(finding.mended_by(Mend::Mode(path, 0o600)));
            }
            Ok(meta) if meta.len() != SEED as u64 => {
                found.push(Finding::of_file("key-damaged", Error, &path))
            }
            Ok(_) => {}
            Err(_) => found.push(Finding::of_file("key-missing", Error, &path)),
        }
    }
    if !dir.join(GUARD_FILE).exists() {
        found.push(Finding::new("guard-missing", Warning, ""));
    }
    let next = dir.join(NEXT_KEY_FILE);
    if next.exists() {
        found.push(Finding::of_file("rotation-unfinished", Warning, &next));
    }
    found
}

/// Finds files of another owner than the folder's, and a folder in which others may write.
fn access(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    let Ok(meta) = fs::metadata(dir) else { return found };
    let mode = meta.permissions().mode() & 0o7777;
    if mode & 0o022 != 0 {
        let finding = Finding::of_file("folder-writable", Warning, dir);
        found.push(finding.mended_by(Mend::Mode(dir.to_owned(), mode & !0o022)));
    }
    let mut waiting = vec![dir.to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            looked_at += 1;
            let Ok(file) = entry.metadata() else { continue };
            if file.uid() != meta.uid() {
                found.push(Finding::of_file("owner-differs", Error, &entry.path()));
                return found;
            }
            if file.is_dir() && looked_at < MAX_FILES {
                waiting.push(entry.path());
            }
        }
    }
    found
}

fn in_use(dir: &Path, running: bool) -> Option<Finding> {
    if running {
        return None;
    }
    let lock = File::open(dir.join("lock")).ok();
    if lock.is_some_and(|lock| matches!(lock.try_lock(), Err(TryLockError::WouldBlock))) {
        return Some(Finding::of_file("folder-in-use", Error, dir));
    }
    let socket = dir.join(SOCKET);
    socket.exists().then(|| Finding::of_file("socket-stale", Note, &socket).mended_by(Mend::Remove(socket)))
}

/// Finds what was being written when a node was killed.
fn unfinished(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    for folder in [dir.to_owned(), dir.join("journal"), dir.join("attachments"), dir.join("candidates")] {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|end| UNFINISHED.iter().any(|known| end == *known)) {
                found.push(Finding::of_file("file-unfinished", Note, &path).mended_by(Mend::Remove(path)));
            }
        }
    }
    found
}

/// Tells how old the last backup is, or the folder where none was ever taken.
fn backup(dir: &Path) -> Option<Finding> {
    let changed = |name: &str| fs::metadata(dir.join(name)).and_then(|file| file.modified()).ok();
    let age = SystemTime::now().duration_since(changed(TAKEN).or_else(|| changed("author"))?).ok()?;
    let days = age.as_secs() / (24 * 60 * 60);
    (days > BACKUP_DAYS).then(|| Finding::new("backup-old", Warning, days.to_string()))
}

/// Compares the clock with the newest write to the journal: a clock that was set back signs nothing (W3).
fn clock(dir: &Path) -> Option<Finding> {
    let segments = fs::read_dir(dir.join("journal")).into_iter().flatten().flatten();
    let newest = segments.filter_map(|entry| entry.metadata().ok()?.modified().ok()).max()?;
    let ahead = newest.duration_since(SystemTime::now()).ok().filter(|ahead| *ahead > CLOCK)?;
    Some(Finding::new("clock-behind", Error, (ahead.as_secs() / 60).to_string()))
}
