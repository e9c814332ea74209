//! When the node learnt of each withdrawal, from which the days until an erasure are counted (B3).
//!
//! The journal says who withdrew what; when this node heard of it is in no signed byte. So it is a file of its own,
//! which outlives the index and goes along in a backup: one line of JSON for each change, the last of an entry holds.
//! It is synced before the change counts. A line that a crash cut short is dropped at the next start, which writes the
//! file anew where it says more than holds.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use multaqa_protocol::id::{EntryId, Millis};
use serde::{Deserialize, Serialize};

use super::{Store, write_whole};

/// The file, in the data folder.
pub(crate) const FILE: &str = "withdrawals.jsonl";

/// A line.
#[derive(Serialize, Deserialize)]
struct Line {
    entry: EntryId,
    /// None: its withdrawal no longer stands.
    learnt: Option<Millis>,
}

/// The file and what it says: as many dates as there are withdrawals in the journal.
#[derive(Debug)]
pub(crate) struct Learnt(Mutex<Kept>);

#[derive(Debug)]
struct Kept {
    file: File,
    dates: BTreeMap<EntryId, Millis>,
}

impl Learnt {
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let path = dir.join(FILE);
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let (mut dates, mut lines, mut unread) = (BTreeMap::new(), 0, 0);
        for line in text.lines() {
            lines += 1;
            match serde_json::from_str(line) {
                Ok(Line { entry, learnt: Some(at) }) => drop(dates.insert(entry, at)),
                Ok(Line { entry, learnt: None }) => drop(dates.remove(&entry)),
                Err(_) => unread += 1,
            }
        }
        // One is what a crash leaves; for more, what they said is lost, and those days begin anew.
        if unread > 1 {
            tracing::warn!(lines = unread, file = FILE, "lines cannot be read and are dropped");
        }
        if lines > dates.len() {
            write(dir, &dates)?;
        }
        let file = File::options().append(true).create(true).open(path)?;
        Ok(Self(Mutex::new(Kept { file, dates })))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, changes: &[(EntryId, Option<Millis>)]) -> io::Result<()> {
        let mut kept = self.kept();
        let lines = changes.iter().map(|(entry, learnt)| line(*entry, *learnt));
        let len = kept.file.metadata()?.len();
        let written = kept.file.write_all(lines.collect::<String>().as_bytes());
        if let Err(error) = written.and_then(|()| kept.file.sync_data()) {
            // What is left of it would run into the next line.
            let _ = kept.file.set_len(len);
            return Err(error);
        }
        for (entry, learnt) in changes {
            match learnt {
                Some(at) => drop(kept.dates.insert(*entry, *at)),
                None => drop(kept.dates.remove(entry)),
            }
        }
        Ok(())
    }
}

fn line(entry: EntryId, learnt: Option<Millis>) -> String {
    serde_json::to_string(&Line { entry, learnt }).expect("an id and a number are JSON") + "\n"
}

/// Writes the file anew, as a whole.
pub(crate) fn write(dir: &Path, dates: &BTreeMap<EntryId, Millis>) -> io::Result<()> {
    let lines = dates.iter().map(|(entry, at)| line(*entry, Some(*at)));
    write_whole(dir, FILE, &lines.collect::<String>())
}

impl Store {
    /// Returns when the node learnt that an entry was withdrawn, where its withdrawal stands.
    #[must_use]
    pub fn learnt(&self, entry: &EntryId) -> Option<Millis> {
        self.0.learnt.kept().dates.get(entry).copied()
    }

    /// Notes when the node learnt of withdrawals, or that one no longer stands; durable when it returns. Blocking.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; nothing is noted then.
    pub fn note_learnt(&self, changes: &[(EntryId, Option<Millis>)]) -> io::Result<()> {
        self.0.learnt.note(changes)
    }
}
