//! What the node does not show, in `hidden.json`.

use super::{Folder, FolderError, read_json, write_whole};
use crate::hidden::{Hidden, Hiding};

impl Folder {
    /// Returns the records that were hidden; none where there never were any.
    pub(crate) fn hidden(&self) -> Result<Hidden, FolderError> {
        Ok(read_json(&self.dir.join("hidden.json"))?.map(Hidden::new).unwrap_or_default())
    }

    pub(crate) fn keep_hidden(&self, hidden: &Hidden) -> Result<(), FolderError> {
        let kept: Vec<&Hiding> = hidden.iter().collect();
        let bytes = serde_json::to_vec_pretty(&kept).expect("it is plain data");
        write_whole(&self.dir.join("hidden.json"), &bytes)
    }
}
