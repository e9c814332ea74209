//! What this node's administrator does not want shown here ([`crate::hidden`]).

use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, EntryId};

use super::body::Shown;
use super::{Found, View};
use crate::hidden::Hiding;
use crate::store::{BodyState, Row};

impl View<'_> {
    /// Returns since when and why this node hides the record of which an entry is a version, if it does.
    pub(crate) fn hiding(&self, author: AuthorId, id: EntryId) -> Option<Hiding> {
        let hidden = self.library.hidden();
        if hidden.is_empty() {
            return None;
        }
        let first = self.library.shelf(author).map_or(id, |shelf| shelf.first_of(id));
        hidden.of(&first).cloned()
    }

    /// Returns the first version of the record of which an entry is one, by which it is hidden.
    pub(crate) fn first_version(&self, found: &Found) -> EntryId {
        self.library.shelf(found.author).map_or(found.id, |shelf| shelf.first_of(found.id))
    }

    /// Returns all versions of all records that this node hides, as far as they are held.
    pub(crate) fn hidden_entries(&self) -> BTreeSet<EntryId> {
        let mut entries = BTreeSet::new();
        for hiding in self.library.hidden().iter() {
            entries.insert(hiding.record);
            if let Some(shelf) = self.library.shelf(hiding.author) {
                entries.extend(shelf.chain(hiding.record).into_iter().flatten().map(|(_, id)| *id));
            }
        }
        entries
    }

    /// Reads a body for people: nothing of one that is withdrawn (B3), or that this node hides.
    pub(super) fn read_body(&self, author: AuthorId, row: &Row, state: &BodyState) -> Shown {
        let withdrawn = self.snapshot.is_withdrawn(author, row);
        match self.hiding(author, row.id).filter(|_| !withdrawn) {
            Some(_) => Shown::hidden(),
            None => Shown::read(&row.kind, state, withdrawn),
        }
    }
}
