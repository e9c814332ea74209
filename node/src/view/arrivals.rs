//! What arrived here since an entry did, in the order of arrival: what is new since somebody last looked.
//!
//! The times in entries are claims (W4), and a log that was cut off for a month brings old ones; the order of
//! arrival is this node's own, the order of its journal. An entry arrives after those before it in its log, so each
//! log is read backwards only as far as it is new.

use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::PROFILE;

use super::list::MAX_ROWS_READ;
use super::snapshot::is_record_kind;
use super::walk::Walk;
use super::{MAX_PAGE, View, ViewError};
use crate::api::types::{ARRIVALS, Arrivals, Status};
use crate::store::{Location, Row};

impl View<'_> {
    /// Lists the records that arrived after an entry, by its id or the beginning of it, the earliest first, at most
    /// `limit` and at most [`MAX_PAGE`]; without an entry only which one came last.
    ///
    /// Only what is canonical, current and shown is part of it, and at most [`MAX_ROWS_READ`] rows are read.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub(crate) fn arrivals(&self, after: Option<&str>, limit: usize) -> Result<Arrivals, ViewError> {
        let mark = match after {
            None => None,
            Some(text) => {
                let found = self.find(text)?;
                Some(self.load(&found, text)?.0.at)
            }
        };
        let mut arrived: Vec<(Location, AuthorId, Row)> = Vec::new();
        let (mut latest, mut rows) = (None, 0);
        for (author, held) in &self.snapshot.authors {
            let mut walk = Walk::new(*author, held.choice.path().to_vec(), u64::MAX);
            while let Some((_, row)) = walk.next(self.store)? {
                latest = latest.max(Some((row.at, row.id)));
                rows += 1;
                if mark.is_none_or(|mark| row.at <= mark) || rows > MAX_ROWS_READ {
                    break;
                }
                let is_told = is_record_kind(&row.kind)
                    && row.kind != PROFILE
                    && self.snapshot.status(*author, held, &row) == Status::Canonical
                    && self.next_time(*author, row.id)?.is_none()
                    && self.hiding(*author, row.id).is_none();
                if is_told {
                    arrived.push((row.at, *author, row));
                }
            }
        }
        arrived.sort_by_key(|(at, ..)| *at);
        let (total, limit) = (arrived.len() as u64, limit.clamp(1, MAX_PAGE));
        let has_more = arrived.len() > limit;
        arrived.truncate(limit);
        let mut items = Vec::with_capacity(arrived.len());
        for (_, author, row) in &arrived {
            let held = self.held(*author)?;
            items.push(self.item_of(*author, held, row, self.opened(*author, row)?.gist.clone())?);
        }
        let next = items.last().filter(|_| has_more).map(|item| item.id);
        Ok(Arrivals { schema: ARRIVALS.into(), items, next, latest: latest.map(|(_, id)| id), total })
    }
}
