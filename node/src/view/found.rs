//! Records that an index found, shown as they stand now.

use std::ops::Bound;
use std::sync::Arc;

use multaqa_protocol::id::{AuthorId, Millis, Seq};
use multaqa_protocol::log::Place;

use super::cursor::Cursor;
use super::filter::{Filter, Versions};
use super::opened::Opened;
use super::walk::Position;
use super::{View, ViewError};
use crate::api::types::RecordItem;

/// Where a record that was found lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// The first eight bytes of its author.
    pub(crate) author: u64,
    /// Its place in the author's tree.
    pub(crate) place: Place,
}

impl View<'_> {
    /// Returns a record that was found, with its texts; `None` where it is not what was asked for any
    /// more, because the index is behind.
    pub(crate) fn found(
        &self,
        spot: Spot,
        filter: &Filter,
    ) -> Result<Option<(RecordItem, Arc<Opened>)>, ViewError> {
        let Some(author) = self.author_at(spot.author) else { return Ok(None) };
        let Some(held) = self.snapshot.authors.get(&author) else { return Ok(None) };
        let Place { branch, seq } = spot.place;
        let Some(row) = self.store.rows(author, branch, seq..=seq)?.pop() else { return Ok(None) };
        let is_current = self.library.shelf(author).is_none_or(|shelf| shelf.replaced_by(row.id).is_none());
        let wants_version = is_current || filter.as_of.is_some() || filter.versions == Versions::All;
        if self.hiding(author, row.id).is_some() {
            return Ok(None);
        }
        if !wants_version || !filter.wants_status(self.snapshot.status(author, held, &row)) {
            return Ok(None);
        }
        let kept = self.opened(author, &row)?;
        let item = self.item_of(author, held, &row, kept.gist.clone())?;
        Ok(Some((item, kept)))
    }

    fn author_at(&self, column: u64) -> Option<AuthorId> {
        let mut first = [0; 32];
        first[..8].copy_from_slice(&column.to_be_bytes());
        let from = (Bound::Included(AuthorId(first)), Bound::Unbounded);
        let (author, _) = self.snapshot.authors.range(from).next()?;
        author.0.starts_with(&column.to_be_bytes()).then_some(*author)
    }

    /// Returns the cursor after a record that was found.
    pub(crate) fn cursor_after(
        &self,
        spot: Spot,
        time: Millis,
        ceiling: Millis,
        score: Option<u32>,
    ) -> Option<Cursor> {
        let author = self.author_at(spot.author)?;
        let after = Position { time, author, place: (spot.place.seq, spot.place.branch) };
        Some(Cursor { ceiling, after, score })
    }
}

impl Cursor {
    /// Returns the moment of the first page.
    pub(crate) const fn ceiling(&self) -> Millis {
        self.ceiling
    }

    /// Returns the last record's time, author and place.
    pub(crate) const fn after(&self) -> (Millis, AuthorId, (Seq, u16)) {
        (self.after.time, self.after.author, self.after.place)
    }

    /// Returns the bits of the last record's score, where words were looked for.
    pub(crate) const fn score(&self) -> Option<u32> {
        self.score
    }
}
