//! What the node does not show, in `hidden.json`.

use std::{fs, io};

use super::{Folder, FolderError, write_whole};
use crate::hidden::{Hidden, Hiding};

impl Folder {
    /// Returns the records that were hidden; none where there never were any.
    pub(crate) fn hidden(&self) -> Result<Hidden, FolderError> {
        let path = self.dir.join("hidden.json");
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Hidden::new)
                .map_err(|error| FolderError::Damaged { path, reason: error.to_string() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Hidden::default()),
            Err(source) => Err(FolderError::Io { path, source }),
        }
    }

    pub(crate) fn keep_hidden(&self, hidden: &Hidden) -> Result<(), FolderError> {
        let kept: Vec<&Hiding> = hidden.iter().collect();
        let bytes = serde_json::to_vec_pretty(&kept).expect("it is plain data");
        write_whole(&self.dir.join("hidden.json"), &bytes)
    }
}
