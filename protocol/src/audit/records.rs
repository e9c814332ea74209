//! The records of a bundle as a reader of a report wants them: who signed what, when, what became of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::judge::Judged;
use super::testimony::Testimony;
use super::{BodyState, EntryReport, Mark};
use crate::entry::{INCEPTION, NETWORK_KINDS, ROTATE};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, Seq};
use crate::record::{Ref, Words};
use crate::witness::Dates;

/// Most records that a report lists: some ten pages on paper, and one megabyte as JSON.
pub const MAX_RECORDS: usize = 1_000;
/// One record entry of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecordReport {
    /// The entry.
    pub entry: EntryId,
    /// Who signed it.
    pub author: AuthorId,
    /// Its place in the log.
    pub seq: Seq,
    /// Its kind; empty where the bundle has more kinds than a report can name.
    pub kind: String,
    /// When it was signed, as its author claims (W4); Unix milliseconds.
    pub time: Millis,
    /// Its title, where its body is here and has one.
    pub title: Option<Words>,
    /// Whether it counts.
    #[serde(flatten)]
    pub mark: Mark,
    /// Its body.
    pub body: BodyState,
    /// The version of the same record that came after it (R2).
    pub replaced_by: Option<EntryId>,
    /// The code of the reason for which it was withdrawn.
    pub withdrawn: Option<String>,
    /// Who withdrew it (B2).
    pub withdrawn_by: Option<WithdrawnBy>,
    /// What others say of when it existed (A3).
    pub dates: Dates,
}

/// Who withdrew an entry (B2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithdrawnBy {
    /// Its author.
    Author,
    /// k stewards ordered it, whatever its author said.
    Stewards,
}

/// The kinds of a bundle's entries, each kept once.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    names: Vec<String>,
    numbers: BTreeMap<String, u16>,
}

impl Kinds {
    /// Stands for all kinds after the first 65,535, so that a hostile file cannot fill the memory.
    const OTHER: u16 = u16::MAX;

    /// Returns the number of a kind.
    pub(super) fn number(&mut self, kind: &str) -> u16 {
        if let Some(number) = self.numbers.get(kind) {
            return *number;
        }
        let number = u16::try_from(self.names.len()).unwrap_or(Self::OTHER);
        if number != Self::OTHER {
            self.names.push(kind.to_owned());
            self.numbers.insert(kind.to_owned(), number);
        }
        number
    }

    fn name(&self, number: u16) -> &str {
        self.names.get(usize::from(number)).map_or("", String::as_str)
    }
}

/// What the bodies of records say of themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// The first that came, at most [`MAX_RECORDS`].
    titles: BTreeMap<BodyHash, Words>,
    replaces: BTreeMap<BodyHash, Ref>,
}

impl Told {
    /// Tells whether a title more is wanted.
    pub(super) fn has_room(&self) -> bool {
        self.titles.len() < MAX_RECORDS
    }

    /// Takes what is to be known of a body.
    pub(super) fn take(&mut self, hash: BodyHash, title: Option<Words>, replaces: Option<Ref>) {
        if let Some(title) = title.filter(|_| self.has_room()) {
            self.titles.insert(hash, title);
        }
        if let Some(target) = replaces {
            self.replaces.insert(hash, target);
        }
    }
}

/// Lists the records of a bundle, and counts those that are not listed.
pub(super) fn list(judged: &Judged, testimony: &Testimony) -> (Vec<RecordReport>, u64) {
    let (intake, standing) = (&judged.intake, &judged.standing);
    let about = intake.start.and_then(|start| start.about);
    let others: BTreeSet<u16> = NETWORK_KINDS
        .into_iter()
        .chain([INCEPTION, ROTATE])
        .filter_map(|kind| intake.kinds.numbers.get(kind).copied())
        .collect();
    let replaced = replaced(judged);
    let rank = |id: &EntryId, found: &EntryReport| match found.body {
        _ if about == Some(Bytes32(id.0)) => Some(0),
        _ if found.mark != Mark::Canonical => Some(1),
        BodyState::Withdrawn | BodyState::PresentThoughWithdrawn => Some(1),
        BodyState::Present => Some(2),
        BodyState::Absent => None,
    };
    // The first ones, kept sorted: all of them would take more than the rows do.
    let mut wanted: BTreeSet<(u8, AuthorId, Seq, EntryId)> = BTreeSet::new();
    let mut count = 0_u64;
    for (id, row) in intake.rows.iter().filter(|(_, row)| !others.contains(&row.kind)) {
        let found = judged.judge(id, row);
        let Some(rank) = rank(id, &found) else { continue };
        count += 1;
        wanted.insert((rank, found.author, found.seq, *id));
        if wanted.len() > MAX_RECORDS {
            wanted.pop_last();
        }
    }
    let unlisted = count - wanted.len() as u64;
    let listed = wanted.into_iter().map(|(_, author, seq, entry)| {
        let row = &intake.rows[&entry];
        let found = judged.judge(&entry, row);
        let withdrawal = standing.withdrawals.get(&entry);
        RecordReport {
            entry,
            author,
            seq,
            kind: intake.kinds.name(row.kind).to_owned(),
            time: row.time,
            title: intake.told.titles.get(&intake.body_of(row).0).cloned(),
            mark: found.mark,
            body: found.body,
            replaced_by: replaced.get(&entry).copied(),
            withdrawn: withdrawal.and_then(|found| Some(found.by().next()?.reason.clone())),
            withdrawn_by: withdrawal.map(|found| match found.is_ordered() {
                true => WithdrawnBy::Stewards,
                false => WithdrawnBy::Author,
            }),
            dates: testimony.dates(author, row.place),
        }
    });
    (listed.collect(), unlisted)
}

/// Returns for each entry the next version of the same record, among those that count (R2).
fn replaced(judged: &Judged) -> BTreeMap<EntryId, EntryId> {
    let intake = &judged.intake;
    let mut next: BTreeMap<EntryId, (Seq, EntryId)> = BTreeMap::new();
    if intake.told.replaces.is_empty() {
        return BTreeMap::new();
    }
    for (id, row) in &intake.rows {
        let Some(target) = intake.told.replaces.get(&intake.body_of(row).0) else { continue };
        let Some(earlier) = intake.rows.get(&target.id) else { continue };
        let is_same_record = earlier.log == row.log && earlier.kind == row.kind;
        let is_later = earlier.place.seq == target.seq && target.seq < row.place.seq;
        if is_same_record && is_later && judged.judge(id, row).mark == Mark::Canonical {
            let found = (row.place.seq, *id);
            next.entry(target.id).and_modify(|first| *first = found.min(*first)).or_insert(found);
        }
    }
    next.into_iter().map(|(earlier, (_, later))| (earlier, later)).collect()
}
