//! What the node's keeper does not want shown here ([`crate::hidden`]).

use std::sync::Arc;

use multaqa_protocol::id::{AuthorId, EntryId};

use super::Node;
use crate::clock;
use crate::folder::FolderError;
use crate::hidden::{Hidden, HideError};

/// Why what is hidden was not changed.
#[derive(Debug, thiserror::Error)]
pub enum HidingError {
    /// See [`HideError`].
    #[error(transparent)]
    Hide(#[from] HideError),
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl Node {
    /// Returns what this node does not show.
    #[must_use]
    pub fn hidden(&self) -> Arc<Hidden> {
        self.0.library.hidden()
    }

    /// Hides a record on this node, by its first version; it is kept in the data folder. Nobody else's node and
    /// nobody's log are touched.
    ///
    /// # Errors
    ///
    /// See [`HidingError`]; nothing has changed then.
    pub async fn hide(&self, author: AuthorId, record: EntryId, reason: String) -> Result<(), HidingError> {
        self.change_hidden(move |hidden| hidden.hide((author, record), &reason, clock::now())).await
    }

    /// Shows a record again and tells whether it was hidden.
    ///
    /// # Errors
    ///
    /// See [`HidingError`].
    pub async fn show_again(&self, record: EntryId) -> Result<bool, HidingError> {
        self.change_hidden(move |hidden| Ok(hidden.show(&record))).await
    }

    async fn change_hidden<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Hidden) -> Result<T, HideError> + Send + 'static,
    ) -> Result<T, HidingError> {
        let inner = self.0.clone();
        let changed = tokio::task::spawn_blocking(move || {
            inner.library.change_hidden(|hidden| -> Result<T, HidingError> {
                let answer = change(hidden)?;
                inner.folder.keep_hidden(hidden)?;
                Ok(answer)
            })
        });
        changed.await.expect("changing the list does not panic")
    }
}
