//! How many records and members there are, now or as of a date.

use std::collections::BTreeMap;

use multaqa_protocol::id::{AuthorId, Seq};
use multaqa_protocol::log::Stretch;
use multaqa_protocol::record::PROFILE;

use super::snapshot::is_record_kind;
use super::{Table, View, ViewError};
use crate::api::types::{RecordTotals, STATS, Stats};

/// Rows read at once.
const ROWS: Seq = 1_024;

impl View<'_> {
    /// Counts records and members. `last` is the last entry of each author that counts, as [`last_by`]
    /// finds it for a date; all of them where it is `None`. It reads the rows of every log.
    ///
    /// [`last_by`]: super::last_by
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn statistics(
        &self,
        table: &Table,
        last: Option<&BTreeMap<AuthorId, Seq>>,
    ) -> Result<Stats, ViewError> {
        let mut totals = RecordTotals::default();
        for (author, held) in &self.snapshot.authors {
            let last = last.map_or(Some(Seq::MAX), |last| last.get(author).copied());
            let last = last.map(|last| last.min(held.cut.unwrap_or(Seq::MAX)));
            let Some(last) = last else { continue };
            let before = totals.records;
            for run in held.choice.path().iter().filter(|run| run.first <= last) {
                self.count(*author, Stretch { last: run.last.min(last), ..*run }, &mut totals)?;
            }
            totals.authors += u64::from(totals.records > before);
        }
        let members = self.members(table);
        Ok(Stats { schema: STATS.into(), as_of: members.as_of, members: members.totals, records: totals })
    }

    fn count(&self, author: AuthorId, run: Stretch, totals: &mut RecordTotals) -> Result<(), ViewError> {
        let shelf = self.library.shelf(author).unwrap_or_default();
        let mut from = run.first;
        loop {
            let to = run.last.min(from.saturating_add(ROWS - 1));
            for row in self.store.rows(author, run.branch, from..=to)? {
                if !is_record_kind(&row.kind) || row.kind == PROFILE {
                    continue;
                }
                if self.snapshot.is_withdrawn(author, &row) {
                    totals.withdrawn += 1;
                } else if shelf.is_revision(row.id) {
                    totals.revisions += 1;
                } else {
                    totals.records += 1;
                    *totals.kinds.entry(row.kind).or_default() += 1;
                }
            }
            if to == run.last {
                return Ok(());
            }
            from = to + 1;
        }
    }
}
