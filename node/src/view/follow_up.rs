//! What follows from records about other records, out of what is held: which entries count at the end of
//! a day, for `multaqa_protocol::follow_up` to derive from.
//!
//! What counts are canonical entries that are not withdrawn and do not lie beyond a cut, of each record
//! the version that was current at that moment. They are found by the index's reverse references, so an
//! answer costs as much as there is to say and not as much as is held. While the index is behind, an
//! answer says that it is not complete.
//!
//! What strangers write about a record can make nobody's word disappear: the entries of those whose word
//! counts are looked up one author after the other, each with a bound of its own.

mod cosigned;
mod evaluations;
mod plan;
mod proposals;
mod spread;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use multaqa_protocol::follow_up::Said;
use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::record::{Record, Words};

use super::{Cursor, Filter, MAX_PAGE, View, ViewError};
use crate::api::types::{BodyStatus, Records, ReportRef, Status};
use crate::clock::{day_in_morocco, in_morocco, now};
use crate::index::{Asked, Index, SearchError};
use crate::store::Row;

/// Most reports of one implementer about one plan that are read: one a week for each of ten commitments
/// over the two years of a programme, twice over. Of more, the newest count, and the answer says so.
const MAX_REPORTS: usize = 2_000;
/// Most records of another kind that are read about one record: more than there are collectivities that
/// could take up a practice at present. Of more, the newest count, and the answer says so.
const MAX_FOUND: usize = 500;
/// Most bytes of bodies that are read for one answer: two thousand reports of the usual size, and with 64
/// readers at a time 256 MB at the very worst. Of more, the newest count, and the answer says so.
const MAX_BYTES: u64 = 4 << 20;
/// Most versions of a record of which references are looked for, the latest first: one a day for most of a
/// year, and each is a term to look up.
pub(super) const MAX_VERSIONS: usize = 256;

/// Looks up what refers to records, as of the end of a day.
#[derive(Clone, Debug)]
pub(crate) struct Referrers<'a> {
    view: View<'a>,
    index: &'a Index,
    is_whole: bool,
    /// The day, in Morocco.
    day: Date,
    /// Its last moment.
    until: Millis,
    /// Bytes of bodies that may still be read for this answer.
    left: Cell<u64>,
}

/// A record with what it says, and who signed it when.
#[derive(Clone, Debug)]
struct Signed<T> {
    id: EntryId,
    author: AuthorId,
    seq: Seq,
    time: Millis,
    body: Box<T>,
}

/// What was found, and whether that is all.
#[derive(Debug)]
struct Gathered<T> {
    /// The newest first.
    entries: Vec<Signed<T>>,
    /// How many there are, as the index counts.
    total: u64,
    is_whole: bool,
}

/// A record of which the version that counts was chosen.
#[derive(Clone, Debug)]
struct Chosen {
    author: AuthorId,
    /// The first version.
    first: EntryId,
    /// The version that counts at the moment, and its row.
    row: Row,
    /// Whether it was signed after that moment, because there was none before.
    is_later: bool,
    /// The latest versions up to the moment, the one that counts among them; in the order of the log.
    versions: Vec<EntryId>,
}

impl<T> Signed<T> {
    fn said(&self) -> Said<'_, T> {
        Said { id: self.id, author: self.author, seq: self.seq, time: self.time, body: &self.body }
    }
}

impl<T> Gathered<T> {
    fn nothing(is_whole: bool) -> Self {
        Self { entries: Vec::new(), total: 0, is_whole }
    }
}

/// Returns the newest records that a filter lets through, with how many there are; nothing while there is no
/// index.
pub(super) fn newest(
    view: &View<'_>,
    index: &Index,
    filter: &Filter,
    cursor: Option<Cursor>,
    limit: usize,
    now: Millis,
) -> Result<Option<Records>, ViewError> {
    match index.search(view, &Asked { words: "", filter, cursor, limit, now }) {
        Ok(found) => Ok(Some(found)),
        Err(SearchError::View(error)) => Err(error),
        Err(SearchError::NotBuilt | SearchError::Damaged) => Ok(None),
    }
}

/// Returns today's date in Morocco.
#[must_use]
pub fn today() -> Date {
    in_morocco(now()).map_or(Date::MAX, |at| at.date())
}

impl<'a> Referrers<'a> {
    /// Joins a view with the index; `is_whole` tells whether the index has taken up all that the view shows.
    pub(crate) fn new(view: View<'a>, index: &'a Index, is_whole: bool, day: Date) -> Self {
        // A day before 1970 has no moment in which anything was signed.
        let until = day_in_morocco(day).map_or(0, |(_, last)| last);
        Self { view, index, is_whole, day, until, left: Cell::new(MAX_BYTES) }
    }

    /// Returns the records of `kind`, by `author` where one is given, that refer to one of `targets`; the
    /// newest, at most `limit`.
    fn find<T>(
        &self,
        kind: &str,
        targets: &BTreeSet<EntryId>,
        author: Option<AuthorId>,
        limit: usize,
        typed: fn(Record) -> Option<Box<T>>,
    ) -> Result<Gathered<T>, ViewError> {
        if targets.is_empty() {
            return Ok(Gathered::nothing(true));
        }
        let filter = Filter {
            kinds: BTreeSet::from([kind.to_owned()]),
            refers_to: targets.clone(),
            author,
            as_of: Some(self.until),
            statuses: BTreeSet::from([Status::Canonical]),
            ..Filter::default()
        };
        let (mut entries, mut total, mut seen, mut cursor) = (Vec::new(), None, 0, None);
        loop {
            // Page by page: what a list says of a record is longer than what is needed here.
            let most = limit.min(MAX_PAGE);
            let Some(page) = newest(&self.view, self.index, &filter, cursor, most, now())? else {
                return Ok(Gathered::nothing(false));
            };
            let total = *total.get_or_insert(page.total.unwrap_or_default());
            for item in page.items {
                let Some(row) = self.view.row_of(item.author, &item.id)? else { continue };
                seen += 1;
                if seen > limit || !self.spends(row.body_len) {
                    return Ok(Gathered { entries, total, is_whole: false });
                }
                entries.extend(self.read_row(item.author, &row, typed)?);
            }
            match page.next {
                Some(next) if seen < limit => cursor = Some(next.parse()?),
                _ => {
                    return Ok(Gathered { entries, total, is_whole: self.is_whole && total <= limit as u64 });
                }
            }
        }
    }

    /// Takes the bytes of a body out of what one answer may read; tells whether there was enough left.
    fn spends(&self, bytes: u64) -> bool {
        let left = self.left.get().checked_sub(bytes);
        self.left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Reads a record; nothing where it is not held, not readable or of another kind.
    fn read<T>(
        &self,
        author: AuthorId,
        id: &EntryId,
        typed: fn(Record) -> Option<Box<T>>,
    ) -> Result<Option<Signed<T>>, ViewError> {
        let Some(row) = self.view.row_of(author, id)? else { return Ok(None) };
        self.read_row(author, &row, typed)
    }

    fn read_row<T>(
        &self,
        author: AuthorId,
        row: &Row,
        typed: fn(Record) -> Option<Box<T>>,
    ) -> Result<Option<Signed<T>>, ViewError> {
        let body = self.view.shown(author, row)?.record.and_then(typed);
        Ok(body.map(|body| Signed { id: row.id, author, seq: row.place.seq, time: row.time, body }))
    }

    /// Chooses the version of a record that counted at the moment, the first one where all are later.
    fn choose(&self, author: AuthorId, id: EntryId) -> Result<Option<Chosen>, ViewError> {
        let shelf = self.view.library.shelf(author).unwrap_or_default();
        let first = shelf.first_of(id);
        let chain = shelf.chain(first).map_or_else(
            || vec![id],
            |chain| chain.iter().rev().take(MAX_VERSIONS).rev().map(|(_, id)| *id).collect(),
        );
        let (mut rows, mut earliest) = (Vec::with_capacity(chain.len()), None);
        for id in &chain {
            let Some(row) = self.view.row_of(author, id)? else { continue };
            if row.time <= self.until {
                rows.push(row);
            } else if earliest.is_none() {
                earliest = Some(row);
            }
        }
        let versions = rows.iter().map(|row| row.id).collect();
        let chosen = match rows.pop() {
            Some(row) => Some((row, false)),
            None => earliest.map(|row| (row, true)),
        };
        Ok(chosen.map(|(row, is_later)| Chosen { author, first, row, is_later, versions }))
    }

    /// Finds a record of `kind` and reads the version that counted.
    fn open<T>(
        &self,
        text: &str,
        kind: &'static str,
        typed: fn(Record) -> Option<Box<T>>,
    ) -> Result<(Chosen, Signed<T>), ViewError> {
        let found = self.view.find(text)?;
        if found.kind != kind {
            return Err(ViewError::OtherKind { id: found.id, kind: found.kind, wanted: kind });
        }
        let gone = || ViewError::NotFound { text: text.to_owned() };
        let chosen = self.choose(found.author, found.id)?.ok_or_else(gone)?;
        match self.read_row(found.author, &chosen.row, typed)? {
            Some(signed) => Ok((chosen, signed)),
            None => {
                let body = self.view.shown(found.author, &chosen.row)?.status;
                Err(ViewError::NoBody { id: chosen.row.id, body })
            }
        }
    }

    /// Names an entry with its author.
    fn report<T>(&self, signed: &Signed<T>) -> ReportRef {
        ReportRef { id: signed.id, by: self.view.author_ref(signed.author), time: signed.time }
    }

    /// Returns what an entry that is held is called.
    fn title(&self, author: AuthorId, id: &EntryId) -> Result<Words, ViewError> {
        let Some(row) = self.view.row_of(author, id)? else { return Ok(Words::default()) };
        Ok(self.view.shown(author, &row)?.title())
    }
}

impl Chosen {
    /// Returns the versions up to the moment, to look for what refers to one of them. What refers to a
    /// version that was signed later counts from the day on which it was signed itself.
    fn targets(&self) -> BTreeSet<EntryId> {
        self.versions.iter().copied().chain([self.row.id, self.first]).collect()
    }
}

/// The first version of each record of which an entry is a version, of those that were looked at.
type Firsts = BTreeMap<EntryId, EntryId>;

/// Tells whether a body that lacks can come, or is gone for good.
pub(super) const fn lacks(body: BodyStatus) -> &'static str {
    match body {
        BodyStatus::Missing => "is not here yet",
        BodyStatus::Withdrawn => "is withdrawn",
        BodyStatus::Hidden => "is hidden on this node",
        BodyStatus::Unreadable | BodyStatus::Present => "cannot be read as one of its kind",
    }
}
