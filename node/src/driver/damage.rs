//! Bodies that a read found to be damaged: they are missing from then on, and fetched again (B1).

use super::Driver;
use crate::store::{Batch, Mark};

impl Driver {
    /// Has what was found to be damaged fetched from other nodes. Rare, so that this thread may wait for the disk.
    pub(super) fn fetch_damaged(&mut self) {
        let damaged = self.store.take_damaged();
        if damaged.is_empty() {
            return;
        }
        let marks = damaged.iter().map(|found| (found.author, found.place, Mark::Damaged)).collect();
        if let Err(error) = self.store.append(&Batch { marks, ..Batch::default() }) {
            // It is met again when there is room.
            tracing::warn!(%error, "damaged contents cannot be marked");
            return;
        }
        for found in damaged {
            if !self.engine.leaves_content_out(&found.author) {
                self.engine.note_missing(found.body.hash, found.body.len);
            }
        }
    }
}
