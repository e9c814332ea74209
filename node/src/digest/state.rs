//! When a digest was sent last and what had arrived by then, in `digest.json` in the data folder.

use std::path::Path;

use jiff::civil::DateTime;
use multaqa_protocol::id::EntryId;
use serde::{Deserialize, Serialize};

use crate::folder::{FolderError, read_json, write_whole};

/// The file's name.
pub(super) const FILE: &str = "digest.json";

/// What is kept between two digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// When the last one was due, in Morocco's time.
    pub(super) due: DateTime,
    /// The entry that had arrived last.
    pub(super) latest: Option<EntryId>,
}

impl State {
    /// Returns what was kept; nothing where there never was a digest, or the file cannot be read as one.
    pub(super) fn load(dir: &Path) -> Result<Option<Self>, FolderError> {
        read_json(&dir.join(FILE))
    }

    pub(super) fn keep(&self, dir: &Path) -> Result<(), FolderError> {
        let bytes = serde_json::to_vec_pretty(self).expect("it is plain data");
        write_whole(&dir.join(FILE), &bytes)
    }
}
