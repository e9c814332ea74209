//! The records of a bundle as a reader of a report wants them: who signed what, when, what became of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::intake::{Fields, Intake};
use super::standing::Standing;
use super::testimony::Testimony;
use super::{BodyState, Judged, Mark};
use crate::codec::{self, Value};
use crate::entry::{INCEPTION, NETWORK_KINDS, ROTATE};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis, Seq};
use crate::record::{Ref, Words};
use crate::witness::Dates;

/// Most records that a report lists: some ten pages on paper, and one megabyte as JSON.
pub const MAX_RECORDS: usize = 1_000;
/// Longest title that is kept, in bytes as encoded: the longest of the real records in three languages has 700.
const MAX_TITLE: usize = 2_048;
/// Longest reference: three fields.
const MAX_REF: usize = 128;

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
    /// What others say of when it existed (A3).
    pub dates: Dates,
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
    /// Takes what is to be known of a body.
    pub(super) fn take(&mut self, fields: &Fields<'_>, hash: BodyHash) {
        // A profile has names.
        let title = fields.get("title").or_else(|| fields.get("names"));
        let title = title.filter(|_| self.titles.len() < MAX_RECORDS);
        if let Some(title) = title.and_then(|title| read(title, MAX_TITLE)) {
            self.titles.insert(hash, title);
        }
        if let Some(target) = fields.get("replaces").and_then(|target| read(target, MAX_REF)) {
            self.replaces.insert(hash, target);
        }
    }
}

fn read<T: DeserializeOwned>(value: &[u8], limit: usize) -> Option<T> {
    codec::decode::<Value>(value, limit).ok()?.to().ok()
}

/// Lists the records of a bundle, and counts those that are not listed.
pub(super) fn list(
    intake: &Intake,
    standing: &Standing,
    testimony: &Testimony,
    judged: &BTreeMap<EntryId, Judged>,
) -> (Vec<RecordReport>, u64) {
    let about = intake.start.and_then(|start| start.about);
    let others: BTreeSet<&str> = NETWORK_KINDS.into_iter().chain([INCEPTION, ROTATE]).collect();
    let replaced = replaced(intake, judged);
    let is_remarkable = |judged: &Judged| {
        judged.report.mark != Mark::Canonical
            || matches!(judged.report.body, BodyState::Withdrawn | BodyState::PresentThoughWithdrawn)
    };
    let rank = |id: &EntryId, judged: &Judged| match judged.report.body {
        _ if about == Some(Bytes32(id.0)) => Some(0),
        _ if is_remarkable(judged) => Some(1),
        BodyState::Present => Some(2),
        _ => None,
    };
    let mut wanted: Vec<_> = intake
        .rows
        .iter()
        .filter(|(_, row)| !others.contains(intake.kinds.name(row.kind)))
        .filter_map(|(id, row)| {
            let judged = judged.get(id)?;
            Some((rank(id, judged)?, judged.report.author, judged.report.seq, *id, row, judged))
        })
        .collect();
    wanted.sort_unstable_by_key(|(rank, author, seq, id, ..)| (*rank, *author, *seq, *id));
    let unlisted = wanted.len().saturating_sub(MAX_RECORDS) as u64;
    let listed = wanted.into_iter().take(MAX_RECORDS).map(|(_, author, seq, entry, row, judged)| {
        let place = judged.place;
        RecordReport {
            entry,
            author,
            seq,
            kind: intake.kinds.name(row.kind).to_owned(),
            time: row.time,
            title: intake.told.titles.get(&row.body.hash).cloned(),
            mark: judged.report.mark,
            body: judged.report.body,
            replaced_by: replaced.get(&entry).copied(),
            withdrawn: standing
                .withdrawals
                .get(&entry)
                .and_then(|found| Some(found.by().next()?.reason.clone())),
            dates: place.map(|place| testimony.dates(author, place)).unwrap_or_default(),
        }
    });
    (listed.collect(), unlisted)
}

/// Returns for each entry the next version of the same record, among those that count (R2).
fn replaced(intake: &Intake, judged: &BTreeMap<EntryId, Judged>) -> BTreeMap<EntryId, EntryId> {
    let mut next: BTreeMap<EntryId, (Seq, EntryId)> = BTreeMap::new();
    for (id, row) in &intake.rows {
        let Some(target) = intake.told.replaces.get(&row.body.hash) else { continue };
        let Some(earlier) = intake.rows.get(&target.id) else { continue };
        let counts = judged.get(id).is_some_and(|judged| judged.report.mark == Mark::Canonical);
        let is_same_record = earlier.log == row.log && earlier.kind == row.kind;
        if counts && is_same_record && earlier.place.seq == target.seq && target.seq < row.place.seq {
            let found = (row.place.seq, *id);
            next.entry(target.id).and_modify(|first| *first = found.min(*first)).or_insert(found);
        }
    }
    next.into_iter().map(|(earlier, (_, later))| (earlier, later)).collect()
}
