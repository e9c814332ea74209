//! What this node does not show, by its administrator's decision: which records, why and since when.
//!
//! It is data in the data folder, beside the ban list, and only about what this node shows: on pages, in lists,
//! search, files and feeds. The signed bytes and the logs are served as ever, others show what they will, and
//! nobody's log is touched. A record is hidden in all its versions, by the first.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::types::schema::Id;

/// Most records that a node hides: some 2 MB on disk at the very worst, and far more than anybody judges one by
/// one. Whoever publishes nothing else is suspended by the stewards.
pub const MAX_HIDDEN: usize = 1_024;
/// Longest reason in characters: a sentence or two.
pub const MAX_REASON: usize = 500;

/// One record that is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hiding {
    /// The first version of the record.
    #[schema(value_type = Id)]
    pub record: EntryId,
    /// Whose it is.
    #[schema(value_type = Id)]
    pub author: AuthorId,
    /// Why, in the administrator's words.
    pub reason: String,
    /// Since when.
    #[schema(value_type = u64)]
    pub since: Millis,
}

/// Why a record is not hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HideError {
    /// The list is full.
    #[error("{MAX_HIDDEN} records are hidden already; show one of them again")]
    Full,
    /// The reason is empty or too long.
    #[error("a reason of {len} characters, where 1 to {MAX_REASON} are allowed")]
    Reason {
        /// Its length.
        len: usize,
    },
}

/// All records that are hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden(BTreeMap<EntryId, Hiding>);

impl Hidden {
    /// Returns the list that was kept.
    #[must_use]
    pub fn new(kept: Vec<Hiding>) -> Self {
        Self(kept.into_iter().take(MAX_HIDDEN).map(|hiding| (hiding.record, hiding)).collect())
    }

    /// Returns what is hidden, by record.
    pub fn iter(&self) -> impl Iterator<Item = &Hiding> {
        self.0.values()
    }

    /// Tells whether nothing is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns since when and why a record is hidden, by its first version, if it is.
    #[must_use]
    pub fn of(&self, record: &EntryId) -> Option<&Hiding> {
        self.0.get(record)
    }

    /// Hides a record of an author, with a new reason one that is hidden already.
    ///
    /// # Errors
    ///
    /// See [`HideError`].
    pub fn hide(
        &mut self,
        (author, record): (AuthorId, EntryId),
        reason: &str,
        now: Millis,
    ) -> Result<(), HideError> {
        let reason = reason.trim();
        let len = reason.chars().count();
        if !(1..=MAX_REASON).contains(&len) {
            return Err(HideError::Reason { len });
        }
        if self.0.len() >= MAX_HIDDEN && !self.0.contains_key(&record) {
            return Err(HideError::Full);
        }
        self.0.insert(record, Hiding { record, author, reason: reason.to_owned(), since: now });
        Ok(())
    }

    /// Shows a record again and tells whether it was hidden.
    pub fn show(&mut self, record: &EntryId) -> bool {
        self.0.remove(record).is_some()
    }
}
