//! What there is in a data folder: names, sizes and permissions, and not a byte of what is in it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::{Value, json};

/// Most files that are told; of the rest their number is.
const MAX_FILES: usize = 500;
/// How deep folders are looked into.
const MAX_DEPTH: usize = 3;
/// Folders whose files are named by what is in them, or by people: only how many there are, and how large.
const COUNTED: [&str; 4] = ["attachments", "candidates", "office", "drafts"];

/// Returns the listing of a folder.
pub(super) fn listing(dir: &Path) -> Value {
    let (mut rows, mut left) = (Vec::new(), 0);
    look(dir, "", 0, &mut rows, &mut left);
    json!({ "files": rows, "left_out": left })
}

fn look(dir: &Path, prefix: &str, depth: usize, rows: &mut Vec<Value>, left: &mut usize) {
    let Ok(entries) = fs::read_dir(dir) else {
        return rows.push(json!({ "path": prefix, "unreadable": true }));
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(about) = entry.metadata() else { continue };
        if rows.len() >= MAX_FILES {
            *left += 1;
            continue;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let mode = format!("{:o}", about.mode() & 0o7777);
        if !about.is_dir() {
            rows.push(json!({ "path": path, "bytes": about.len(), "mode": mode, "owner": about.uid() }));
            continue;
        }
        if COUNTED.contains(&name.as_str()) || depth + 1 >= MAX_DEPTH {
            let (files, bytes) = count(&entry.path());
            rows.push(
                json!({ "path": path, "files": files, "bytes": bytes, "mode": mode, "owner": about.uid() }),
            );
            continue;
        }
        rows.push(json!({ "path": path, "mode": mode, "owner": about.uid() }));
        look(&entry.path(), &path, depth + 1, rows, left);
    }
}

/// Returns the number of files in a folder and below, and their bytes.
fn count(dir: &Path) -> (u64, u64) {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    entries.fold((0, 0), |(files, bytes), entry| match entry.metadata() {
        Ok(about) if about.is_dir() => {
            let (more, larger) = count(&entry.path());
            (files + more, bytes + larger)
        }
        Ok(about) => (files + 1, bytes + about.len()),
        Err(_) => (files, bytes),
    })
}
