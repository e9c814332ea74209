//! Records that others name, as they are shown there: by what they and their parts are called.

use std::sync::Arc;

use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::{Ref, Words};

use super::body::Subject;
use super::opened::Opened;
use super::{View, ViewError};
use crate::api::types::{About, Link, RecordItem, Resolved};
use crate::store::Row;

impl View<'_> {
    /// Returns a record that another one names, as lists show it, with what was read of it; `None` where it
    /// has not arrived (R1).
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn named(&self, target: &Ref) -> Result<Option<(RecordItem, Arc<Opened>)>, ViewError> {
        let Some(row) = self.row_of(target.author, &target.id)? else { return Ok(None) };
        let Some(held) = self.snapshot.authors.get(&target.author) else { return Ok(None) };
        let opened = self.opened(target.author, &row)?;
        let item = self.item_of(target.author, held, &row, opened.gist.clone())?;
        Ok(Some((item, opened)))
    }

    /// Returns a record as it was read, a moment ago or now.
    pub(super) fn opened(&self, author: AuthorId, row: &Row) -> Result<Arc<Opened>, ViewError> {
        let is_shown = !self.snapshot.is_withdrawn(author, row) && self.hiding(author, row.id).is_none();
        self.library.kept.opened(row.id, is_shown, || self.shown(author, row))
    }

    /// Returns what is told of the record that another one is about.
    pub(super) fn about(&self, subject: Subject) -> Result<About, ViewError> {
        let Subject { field, target, part } = subject;
        let row = self.row_of(target.author, &target.id)?;
        let opened = row.as_ref().map(|row| self.opened(target.author, row)).transpose()?;
        let part_title = part.as_deref().zip(opened.as_ref()).and_then(|(id, opened)| opened.part(id, None));
        let resolved = if row.is_some() { Resolved::Held } else { Resolved::NotHeld };
        let title = opened.as_ref().map_or_else(Words::default, |opened| opened.gist.title.clone());
        let is_untitled = row.is_some() && title.is_empty();
        Ok(About {
            link: Link { field: field.to_owned(), target, resolved },
            kind: row.map(|row| row.kind),
            part_title: part_title.cloned().unwrap_or_default(),
            names: if is_untitled { self.names_of(target.author) } else { Words::default() },
            title,
            part,
        })
    }
}
