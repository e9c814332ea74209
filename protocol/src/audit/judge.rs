//! The judgement: from the rows of a whole bundle to its report (A6, A7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finding::Cause;
use super::intake::{Intake, Row, Waiting};
use super::standing::Standing;
use super::testimony::Testimony;
use super::{AuthorReport, BodyCounts, BodyState, EntryCounts, EntryReport, Mark, Report, records};
use crate::bundle::Scope;
use crate::id::{AuthorId, BodyHash, EntryId};
use crate::log::{self, CheckError, Place, Status};

/// What a report answers from when it is asked for one entry: to keep every answer would take more than
/// what they follow from.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) intake: Intake,
    pub(super) standing: Standing,
    /// Bodies of withdrawn entries that another entry names, and that stay with that one (B2).
    shared: BTreeSet<BodyHash>,
    /// Entries whose parent never came.
    unplaced: BTreeMap<EntryId, EntryReport>,
}

impl Judged {
    fn new(intake: Intake, standing: Standing, unplaced: BTreeMap<EntryId, EntryReport>) -> Self {
        let mut found = Self { intake, standing, shared: BTreeSet::new(), unplaced };
        found.shared = found.find_shared();
        found
    }

    fn find_shared(&self) -> BTreeSet<BodyHash> {
        let (rows, withdrawn) = (&self.intake.rows, &self.standing.withdrawals);
        let hash = |row| self.intake.body_of(row).0;
        let doubtful: BTreeSet<BodyHash> = withdrawn.keys().filter_map(|id| rows.get(id)).map(hash).collect();
        if doubtful.is_empty() {
            return doubtful;
        }
        let others =
            rows.iter().filter(|(id, row)| doubtful.contains(&hash(row)) && !withdrawn.contains_key(*id));
        others.map(|(_, row)| hash(row)).collect()
    }

    /// Returns what is true of a placed entry.
    pub(super) fn judge(&self, id: &EntryId, row: &Row) -> EntryReport {
        let index = row.log as usize;
        let (log, choice) = (&self.intake.logs[index], &self.standing.choices[index]);
        let author = log.author();
        let is_network = self.intake.network_entries.contains_key(id);
        let cut = if is_network { self.standing.cut(author) } else { self.standing.records_cut(author) };
        let mark = match log.tree().mark(row.place, choice, cut) {
            log::Mark::Canonical => Mark::Canonical,
            log::Mark::Disputed => Mark::Disputed,
            log::Mark::BeyondCut => Mark::BeyondCut,
            log::Mark::Disowned { by } => {
                Mark::Disowned { by: log.tree().id_of(by).expect("a skeleton knows its rotations") }
            }
        };
        let (hash, body) = self.intake.body_of(row);
        let body = match (body.present, self.standing.withdrawals.contains_key(id)) {
            (true, true) if self.shared.contains(&hash) => BodyState::Withdrawn,
            (true, true) => BodyState::PresentThoughWithdrawn,
            (true, false) => BodyState::Present,
            (false, true) => BodyState::Withdrawn,
            (false, false) => BodyState::Absent,
        };
        EntryReport { author, seq: row.place.seq, mark, body }
    }

    /// Returns what is true of an entry, and its place where that is known.
    pub(super) fn entry(&self, id: &EntryId) -> Option<(EntryReport, Option<Place>)> {
        match self.intake.rows.get(id) {
            Some(row) => Some((self.judge(id, row), Some(row.place))),
            None => self.unplaced.get(id).map(|found| (*found, None)),
        }
    }

    /// Returns the entries in the file, by id.
    #[cfg(test)]
    pub(super) fn entries(&self) -> BTreeMap<EntryId, EntryReport> {
        let placed = self.intake.rows.iter().map(|(id, row)| (*id, self.judge(id, row)));
        placed.chain(self.unplaced.iter().map(|(id, found)| (*id, *found))).collect()
    }
}

pub(super) fn judge(mut intake: Intake) -> Report {
    if let Some(at) = intake.full_at {
        intake.findings.add(Some(at), None, Cause::TooLarge);
    }
    // What is found follows the ids, not the order of the file.
    intake.rows.sort_unstable_keys();
    let unplaced = judge_waiting(&mut intake);
    judge_about(&mut intake, &unplaced);
    let standing = Standing::compute(&intake);
    standing.find_missing(&mut intake);
    let testimony = Testimony::gather(&mut intake, &standing);
    let mut judged = Judged::new(intake, standing, unplaced);
    let (logs, entries, bodies) = judge_entries(&mut judged);
    judge_bodies(&mut judged.intake);
    let authors = report_authors(&mut judged, &testimony, &logs);
    let (records, unlisted_records) = records::list(&judged, &testimony);
    let found = std::mem::take(&mut judged.intake.findings);
    let verdict = found.verdict();
    let (findings, unlisted) = found.list();
    let start = judged.intake.start;
    Report {
        verdict,
        scope: start.map(|start| start.scope),
        network: start.map(|start| start.net),
        made: start.map(|start| start.made),
        about: start.and_then(|start| start.about),
        authors,
        members: judged.standing.members.clone(),
        records,
        unlisted_records,
        entries,
        bodies,
        findings,
        unlisted,
        judged,
        testimony,
    }
}

/// Judges the entries whose parent never came: forged where they break a rule whatever the parent is,
/// or hang on what does, else unplaced.
fn judge_waiting(intake: &mut Intake) -> BTreeMap<EntryId, EntryReport> {
    let waiting = std::mem::take(&mut intake.waiting);
    let ids: BTreeSet<EntryId> =
        waiting.values().flat_map(BTreeMap::values).map(|waiting| waiting.entry.id()).collect();
    let roots: Vec<EntryId> = waiting.keys().filter(|id| !ids.contains(id)).copied().collect();
    let forged = find_forged(intake, &waiting, &roots);
    for parent in roots {
        if intake.invalid.contains(&parent) {
            continue;
        }
        let children = waiting[&parent].values().map(|child| child.entry.id());
        if let Some(first) = children.filter(|id| !forged.contains(id)).min() {
            intake.findings.add(None, Some(first), Cause::ParentMissing { parent });
        }
    }
    let mut unplaced = BTreeMap::new();
    for Waiting { at, entry } in waiting.values().flat_map(BTreeMap::values) {
        let id = entry.id();
        if forged.contains(&id) {
            continue;
        }
        let log = intake.log_of(entry.author()).map(|log| &intake.logs[log as usize]);
        let known_signer = log.is_some_and(|log| log.knows_signer_of(entry));
        if known_signer {
            intake.findings.add(Some(*at), Some(id), Cause::Unplaced);
        }
        let present = intake.has_body(&entry.header().body);
        let body = if present { BodyState::Present } else { BodyState::Absent };
        let mark = Mark::Unplaced { known_signer };
        unplaced.insert(id, EntryReport { author: entry.author(), seq: entry.seq(), mark, body });
    }
    unplaced
}

/// Finds, from the `roots` down, the waiting entries that are not valid: their parent is not (V3), or
/// what a rotation reveals has not signed it (V5). An entry is as good as the best envelope it came in.
fn find_forged(
    intake: &mut Intake,
    waiting: &BTreeMap<EntryId, BTreeMap<Arc<[u8]>, Waiting>>,
    roots: &[EntryId],
) -> BTreeSet<EntryId> {
    let mut open: Vec<(EntryId, bool)> =
        roots.iter().map(|root| (*root, intake.invalid.contains(root))).collect();
    let mut forged = BTreeSet::new();
    while let Some((parent, is_broken)) = open.pop() {
        let mut children: BTreeMap<EntryId, bool> = BTreeMap::new();
        for Waiting { at, entry } in waiting.get(&parent).into_iter().flat_map(BTreeMap::values) {
            let cause = match entry.keys() {
                _ if is_broken => Some(Cause::ParentInvalid),
                Some((_, Some(reveal))) if !entry.is_signed_by(reveal) => {
                    Some(Cause::Check(CheckError::Signature))
                }
                _ => None,
            };
            *children.entry(entry.id()).or_default() |= cause.is_none();
            if let Some(cause) = cause {
                intake.findings.add(Some(*at), Some(entry.id()), cause);
            }
        }
        for (id, is_sound) in children {
            if !is_sound {
                forged.insert(id);
            }
            open.push((id, !is_sound));
        }
    }
    forged
}

fn judge_about(intake: &mut Intake, unplaced: &BTreeMap<EntryId, EntryReport>) {
    let Some(start) = intake.start else { return };
    let Some(about) = start.about else { return };
    let included = match start.scope {
        Scope::Author => intake.log_of(AuthorId(about.0)).is_some(),
        _ => {
            let entry = EntryId(about.0);
            intake.rows.contains_key(&entry) || unplaced.contains_key(&entry)
        }
    };
    if !included {
        intake.findings.add(None, None, Cause::AboutMissing { about });
    }
}

/// What the pass over all entries learns of one log.
#[derive(Clone, Debug, Default)]
struct LogCount {
    entries: u64,
    head: Option<EntryId>,
    /// Entries that each rotation disowns.
    disowned: BTreeMap<EntryId, u64>,
}

/// Marks every entry and its body, and counts.
fn judge_entries(judged: &mut Judged) -> (Vec<LogCount>, EntryCounts, BodyCounts) {
    let mut logs = vec![LogCount::default(); judged.intake.logs.len()];
    let mut entries = EntryCounts { newer: judged.intake.newer.len() as u64, ..EntryCounts::default() };
    let mut bodies = BodyCounts::default();
    let mut findings = std::mem::take(&mut judged.intake.findings);
    for (&id, row) in &judged.intake.rows {
        let count = &mut logs[row.log as usize];
        let found = judged.judge(&id, row);
        count.entries += 1;
        if row.place == judged.standing.choices[row.log as usize].head {
            count.head = Some(id);
        }
        if let Mark::Disowned { by } = found.mark {
            *count.disowned.entry(by).or_default() += 1;
        }
        if found.body == BodyState::PresentThoughWithdrawn {
            findings.add(None, Some(id), Cause::PresentThoughWithdrawn);
        }
        let (hash, body) = judged.intake.body_of(row);
        if body.malformed {
            findings.add(None, Some(id), Cause::BodyMalformed { hash });
        }
        count_one(&mut entries, &mut bodies, &found);
    }
    judged.unplaced.values().for_each(|found| count_one(&mut entries, &mut bodies, found));
    judged.intake.findings = findings;
    (logs, entries, bodies)
}

/// Looks for bodies that belong to no entry. An entry of a later version may name any, and so may one that
/// was not taken in.
fn judge_bodies(intake: &mut Intake) {
    if !intake.newer.is_empty() || intake.full_at.is_some() {
        return;
    }
    let unclaimed = intake.bodies.iter().filter(|(_, row)| row.present && !row.claimed);
    let unclaimed: BTreeSet<(BodyHash, u32)> = unclaimed.map(|(key, _)| *key).collect();
    if unclaimed.is_empty() {
        return;
    }
    let hashes: BTreeSet<BodyHash> = unclaimed.iter().map(|(hash, _)| *hash).collect();
    let claimed = intake.bodies.iter().filter(|((hash, _), row)| row.claimed && hashes.contains(hash));
    let mut named: BTreeMap<BodyHash, u32> = BTreeMap::new();
    for ((hash, len), _) in claimed {
        named.entry(*hash).and_modify(|least| *least = *len.min(least)).or_insert(*len);
    }
    let is_journal = intake.start.is_some_and(|start| start.scope == Scope::Journal);
    for (hash, found) in unclaimed {
        let cause = match named.get(&hash) {
            Some(named) => Cause::BodyLength { hash, found: found.into(), named: (*named).into() },
            None if is_journal => Cause::BodyCutOff { hash },
            None => Cause::BodyUnclaimed { hash },
        };
        intake.findings.add(None, None, cause);
    }
}

fn report_authors(judged: &mut Judged, testimony: &Testimony, counts: &[LogCount]) -> Vec<AuthorReport> {
    let Judged { intake, standing, .. } = judged;
    let mut authors = Vec::with_capacity(intake.logs.len());
    for ((log, choice), count) in intake.logs.iter().zip(&standing.choices).zip(counts) {
        let head = count.head.expect("the head of a log is one of its entries");
        let (status, cause) = match choice.status {
            Status::Ok => ("ok", None),
            Status::Forked => ("forked", Some(Cause::Forked)),
            Status::Contested => ("contested", Some(Cause::Contested)),
        };
        if let Some(cause) = cause {
            intake.findings.add(None, Some(head), cause);
        }
        for (by, count) in &count.disowned {
            intake.findings.add(None, Some(*by), Cause::Disowns { count: *count });
        }
        let (shown_to, witnessed_to) = testimony.reach(log.author(), choice);
        authors.push(AuthorReport {
            author: log.author(),
            seq: choice.head.seq,
            id: head,
            status,
            entries: count.entries,
            cut: standing.cut(log.author()),
            closed: log.is_closed(choice),
            shown_to,
            witnessed_to,
        });
    }
    authors.sort_by_key(|found| found.author);
    authors
}

fn count_one(entries: &mut EntryCounts, bodies: &mut BodyCounts, found: &EntryReport) {
    *match found.mark {
        Mark::Canonical => &mut entries.canonical,
        Mark::Disputed => &mut entries.disputed,
        Mark::Disowned { .. } => &mut entries.disowned,
        Mark::BeyondCut => &mut entries.beyond_cut,
        Mark::Unplaced { .. } => &mut entries.unplaced,
    } += 1;
    *match found.body {
        BodyState::Present => &mut bodies.present,
        BodyState::Withdrawn => &mut bodies.withdrawn,
        BodyState::PresentThoughWithdrawn => &mut bodies.present_though_withdrawn,
        BodyState::Absent => &mut bodies.absent,
    } += 1;
}
