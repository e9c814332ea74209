//! Lists: records by what is asked for, newest first, and one author's log as it stands.

use std::collections::BTreeSet;

use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::log::Stretch;

use super::body::Shown;
use super::cursor::Cursor;
use super::filter::{Filter, Versions};
use super::snapshot::Held;
use super::text::Says;
use super::walk::{Merge, Walk};
use super::{View, ViewError};
use crate::api::types::{BodyStatus, LOG, List, LogRow, RECORDS, RecordItem};
use crate::gazetteer;
use crate::store::{BodyMark, BodyState, Row};

/// Most items of a page: what a browser shows and a script handles without thinking.
pub const MAX_PAGE: usize = 200;
/// Most rows that one page looks at: half a second of work. A page that ends there has a `next`.
pub const MAX_ROWS_READ: usize = 100_000;
/// Most bodies that one page reads to filter by what they say; each is a read of the journal.
pub const MAX_BODIES_READ: usize = 2_000;

/// Which entries of a log are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only entries after this sequence number.
    pub after: Option<Seq>,
    /// Also those off the canonical path, each with its mark (S5).
    pub marked: bool,
    /// Also by when each existed, and what checkpoints and confirmations say (A1 to A3).
    pub dated: bool,
}

impl View<'_> {
    /// Lists records, newest first, at most `limit` of them and at most [`MAX_PAGE`].
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn records(
        &self,
        filter: &Filter,
        cursor: Option<Cursor>,
        limit: usize,
        now: Millis,
    ) -> Result<List<RecordItem>, ViewError> {
        self.records_that(filter, None, cursor, limit, now)
    }

    /// Lists records as [`View::records`] does, those of whose texts `says` is true.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn records_that(
        &self,
        filter: &Filter,
        says: Option<&Says<'_>>,
        cursor: Option<Cursor>,
        limit: usize,
        now: Millis,
    ) -> Result<List<RecordItem>, ViewError> {
        let asks_bodies = says.is_some() || filter.asks_bodies();
        let limit = limit.clamp(1, MAX_PAGE);
        let ceiling = cursor.map_or(now, |cursor| cursor.ceiling);
        let mut merge = Merge::new(self.store, self.walks(filter, ceiling))?;
        let mut items = Vec::new();
        let (mut rows, mut bodies, mut last) = (0, 0, None);
        while let Some((position, row)) = merge.next()? {
            let is_later = filter.as_of.is_some_and(|as_of| position.time > as_of);
            if is_later || cursor.is_some_and(|cursor| position >= cursor.after) {
                continue;
            }
            if filter.since.is_some_and(|since| position.time < since) {
                break;
            }
            if items.len() == limit || rows == MAX_ROWS_READ || bodies == MAX_BODIES_READ {
                let next = last.map(|after| Cursor { ceiling, after, score: None }.to_string());
                return Ok(List { schema: RECORDS.into(), items, next });
            }
            rows += 1;
            last = Some(position);
            let Some(held) = self.snapshot.authors.get(&position.author) else { continue };
            if !self.wants_row(filter, position.author, held, &row)? {
                continue;
            }
            bodies += usize::from(asks_bodies);
            let shown = self.shown(position.author, &row)?;
            if filter.wants_body(&row.kind, &shown) && says.is_none_or(|says| says(&shown.texts())) {
                items.push(self.item_of(position.author, held, &row, shown.gist())?);
            }
        }
        Ok(List { schema: RECORDS.into(), items, next: None })
    }

    fn walks(&self, filter: &Filter, ceiling: Millis) -> Vec<Walk> {
        let mut walks = Vec::new();
        for (author, held) in &self.snapshot.authors {
            let is_wanted = filter.author.is_none_or(|wanted| wanted == *author)
                && filter.place.as_ref().is_none_or(|wanted| self.lies_within(*author, wanted))
                && (filter.levels.is_empty() || self.is_of(*author, &filter.levels));
            if is_wanted {
                walks.push(Walk::new(*author, held.choice.path().to_vec(), ceiling));
                if filter.wants_off_path() {
                    let runs = held.off_path().into_iter();
                    walks.extend(runs.map(|run| Walk::new(*author, vec![run], ceiling)));
                }
            }
        }
        walks
    }

    fn lies_within(&self, author: AuthorId, wanted: &str) -> bool {
        let (code, _) = self.place_of(author);
        code.is_some_and(|code| is_within(&code, wanted))
    }

    fn is_of(&self, author: AuthorId, levels: &BTreeSet<String>) -> bool {
        let (_, confirmation) = self.place_of(author);
        confirmation.level.is_some_and(|level| levels.contains(&level))
    }

    fn wants_row(
        &self,
        filter: &Filter,
        author: AuthorId,
        held: &Held,
        row: &Row,
    ) -> Result<bool, ViewError> {
        Ok(filter.wants_kind(&row.kind)
            && self.hiding(author, row.id).is_none()
            && filter.wants_status(self.snapshot.status(author, held, row))
            && (filter.versions == Versions::All || self.is_current(author, row, filter.as_of)?))
    }

    /// Tells whether no later version counts instead, or none that was written by `as_of` (R2).
    fn is_current(&self, author: AuthorId, row: &Row, as_of: Option<Millis>) -> Result<bool, ViewError> {
        let until = self.next_time(author, row.id)?;
        Ok(until.is_none_or(|until| as_of.is_some_and(|as_of| until > as_of)))
    }

    /// Returns the claimed time of the version that follows this one, if one does.
    pub(super) fn next_time(&self, author: AuthorId, id: EntryId) -> Result<Option<Millis>, ViewError> {
        let Some(shelf) = self.library.shelf(author) else { return Ok(None) };
        let Some((_, next)) = shelf.next_version(id) else { return Ok(None) };
        Ok(self.row_of(author, &next)?.map(|next| next.time))
    }

    /// Returns the row of an entry; nothing where it is not held.
    pub(super) fn row_of(&self, author: AuthorId, id: &EntryId) -> Result<Option<Row>, ViewError> {
        let Some(place) = self.store.place_of(author, id)? else { return Ok(None) };
        Ok(self.store.rows(author, place.branch, place.seq..=place.seq)?.pop())
    }

    /// Reads the body of an entry, as withdrawn or hidden where it is.
    pub(super) fn shown(&self, author: AuthorId, row: &Row) -> Result<Shown, ViewError> {
        let withdrawn = self.snapshot.is_withdrawn(author, row);
        let state = match self.store.entry(author, row.place)? {
            Some(stored) if !withdrawn => stored.body,
            _ => BodyState::Withdrawn,
        };
        Ok(self.read_body(author, row, &state))
    }

    /// Lists the log of an author, newest first, at most `limit` entries and at most [`MAX_PAGE`].
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub fn log(
        &self,
        author: AuthorId,
        filter: LogFilter,
        cursor: Option<Cursor>,
        limit: usize,
        now: Millis,
    ) -> Result<List<LogRow>, ViewError> {
        let held = self.held(author)?;
        let limit = limit.clamp(1, MAX_PAGE);
        let ceiling = cursor.map_or(now, |cursor| cursor.ceiling);
        let from = filter.after.map_or(0, |after| after.saturating_add(1));
        let mut walks = vec![Walk::new(author, clip(held.choice.path(), from), ceiling)];
        if filter.marked {
            let off = clip(&held.off_path(), from);
            walks.extend(off.into_iter().map(|run| Walk::new(author, vec![run], ceiling)));
        }
        let mut merge = Merge::new(self.store, walks)?;
        let (mut items, mut places, mut last, mut next) = (Vec::new(), Vec::new(), None, None);
        while let Some((position, row)) = merge.next()? {
            if cursor.is_some_and(|cursor| position >= cursor.after) {
                continue;
            }
            if items.len() == limit {
                next = last.map(|after| Cursor { ceiling, after, score: None }.to_string());
                break;
            }
            last = Some(position);
            let body = match row.body {
                _ if self.snapshot.is_withdrawn(author, &row) => BodyStatus::Withdrawn,
                BodyMark::Withdrawn => BodyStatus::Withdrawn,
                BodyMark::Present => BodyStatus::Present,
                BodyMark::Missing => BodyStatus::Missing,
            };
            places.push(row.place);
            items.push(LogRow {
                seq: row.place.seq,
                id: row.id,
                status: self.snapshot.status(author, held, &row),
                disowned: self.disowning(author, held, &row)?,
                kind: row.kind,
                time: row.time,
                body,
                existed_before: None,
                heads: None,
            });
        }
        if filter.dated {
            self.date_rows((author, held), &places, &mut items)?;
        }
        Ok(List { schema: LOG.into(), items, next })
    }

    pub(super) fn held(&self, author: AuthorId) -> Result<&Held, ViewError> {
        let missing = || ViewError::NotFound { text: author.to_string() };
        self.snapshot.authors.get(&author).ok_or_else(missing)
    }
}

fn clip(runs: &[Stretch], from: Seq) -> Vec<Stretch> {
    let later = runs.iter().map(|run| Stretch { first: run.first.max(from), ..*run });
    later.filter(|run| run.first <= run.last).collect()
}

/// Tells whether the place with the code `code` is the one with the code `wanted` or lies in it.
pub(super) fn is_within(code: &str, wanted: &str) -> bool {
    let official = |code: &str| gazetteer::find(code).map_or(code.to_owned(), |found| found.code.clone());
    let (mut at, wanted) = (official(code), official(wanted));
    if at == wanted {
        return true;
    }
    while let Some(above) = gazetteer::find(&at).and_then(|found| found.parent.clone()) {
        if above == wanted {
            return true;
        }
        at = above;
    }
    false
}
