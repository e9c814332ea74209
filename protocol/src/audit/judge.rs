//! The judgement: from the rows of a whole bundle to its report (A6, A7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finding::Cause;
use super::intake::{Intake, Waiting};
use super::standing::Standing;
use super::testimony::Testimony;
use super::{AuthorReport, BodyCounts, BodyState, EntryCounts, EntryReport, Judged, Mark, Report, records};
use crate::bundle::Scope;
use crate::id::{AuthorId, BodyHash, EntryId};
use crate::log::{self, CheckError, Status};

pub(super) fn judge(mut intake: Intake) -> Report {
    let mut judged = judge_waiting(&mut intake);
    judge_about(&mut intake, &judged);
    let standing = Standing::compute(&intake);
    standing.find_missing(&mut intake);
    let testimony = Testimony::gather(&mut intake, &standing);
    let logs = judge_entries(&mut intake, &standing, &mut judged);
    let scope = intake.start.map(|start| start.scope);
    judge_bodies(&mut intake, scope);
    let (entries, bodies) = count(&judged, intake.newer.len() as u64);
    let authors = report_authors(&mut intake, &standing, &testimony, &logs);
    let (records, unlisted_records) = records::list(&intake, &standing, &testimony, &judged);
    let verdict = intake.findings.verdict();
    let (findings, unlisted) = intake.findings.list();
    let start = intake.start;
    Report {
        verdict,
        scope: start.map(|start| start.scope),
        network: start.map(|start| start.net),
        made: start.map(|start| start.made),
        about: start.and_then(|start| start.about),
        authors,
        members: standing.members,
        records,
        unlisted_records,
        entries,
        bodies,
        findings,
        unlisted,
        judged,
        testimony,
        withdrawals: standing.withdrawals,
    }
}

/// Judges the entries whose parent never came: forged where they break a rule whatever the parent is,
/// or hang on what does, else unplaced.
fn judge_waiting(intake: &mut Intake) -> BTreeMap<EntryId, Judged> {
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
        let body = entry.header().body;
        let present = intake.bodies.get(&(body.hash, body.len)).is_some_and(|row| row.present);
        let body = if present { BodyState::Present } else { BodyState::Absent };
        let mark = Mark::Unplaced { known_signer };
        let report = EntryReport { author: entry.author(), seq: entry.seq(), mark, body };
        unplaced.insert(id, Judged { report, place: None });
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

fn judge_about(intake: &mut Intake, unplaced: &BTreeMap<EntryId, Judged>) {
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

/// Marks every placed entry, and its body.
fn judge_entries(
    intake: &mut Intake,
    standing: &Standing,
    judged: &mut BTreeMap<EntryId, Judged>,
) -> Vec<LogCount> {
    let mut logs = vec![LogCount::default(); intake.logs.len()];
    let withdrawn = &standing.withdrawals;
    // A body that another entry names stays with that one (B2).
    let doubtful: BTreeSet<BodyHash> =
        withdrawn.keys().filter_map(|id| intake.rows.get(id)).map(|row| row.body.hash).collect();
    let shared: BTreeSet<BodyHash> = intake
        .rows
        .iter()
        .filter(|(id, row)| doubtful.contains(&row.body.hash) && !withdrawn.contains_key(id))
        .map(|(_, row)| row.body.hash)
        .collect();

    let rows = std::mem::take(&mut intake.rows);
    for (&id, row) in &rows {
        let index = row.log as usize;
        let (log, choice, count) = (&intake.logs[index], &standing.choices[index], &mut logs[index]);
        let author = log.author();
        count.entries += 1;
        if row.place == choice.head {
            count.head = Some(id);
        }
        let is_network = intake.network_entries.contains_key(&id);
        let cut = if is_network { standing.cut(author) } else { standing.records_cut(author) };
        let mark = match log.tree().mark(row.place, choice, cut) {
            log::Mark::Canonical => Mark::Canonical,
            log::Mark::Disputed => Mark::Disputed,
            log::Mark::BeyondCut => Mark::BeyondCut,
            log::Mark::Disowned { by } => {
                let by = log.tree().id_of(by).expect("a skeleton knows its rotations");
                *count.disowned.entry(by).or_default() += 1;
                Mark::Disowned { by }
            }
        };
        let found = intake.bodies.get(&(row.body.hash, row.body.len)).copied().unwrap_or_default();
        let body = match (found.present, withdrawn.contains_key(&id)) {
            (true, true) if shared.contains(&row.body.hash) => BodyState::Withdrawn,
            (true, true) => BodyState::PresentThoughWithdrawn,
            (true, false) => BodyState::Present,
            (false, true) => BodyState::Withdrawn,
            (false, false) => BodyState::Absent,
        };
        if body == BodyState::PresentThoughWithdrawn {
            intake.findings.add(None, Some(id), Cause::PresentThoughWithdrawn);
        }
        if found.malformed {
            intake.findings.add(None, Some(id), Cause::BodyMalformed { hash: row.body.hash });
        }
        let report = EntryReport { author, seq: row.place.seq, mark, body };
        judged.insert(id, Judged { report, place: Some(row.place) });
    }
    intake.rows = rows;
    logs
}

/// Looks for bodies that belong to no entry. An entry of a later version may name any.
fn judge_bodies(intake: &mut Intake, scope: Option<Scope>) {
    if !intake.newer.is_empty() {
        return;
    }
    for (&(hash, found), row) in &intake.bodies {
        if !row.present || row.claimed {
            continue;
        }
        let mut others = intake.bodies.range((hash, 0)..=(hash, u64::MAX));
        let named = others.find(|(_, other)| other.claimed).map(|((_, named), _)| *named);
        let cause = match named {
            Some(named) => Cause::BodyLength { hash, found, named },
            None if scope == Some(Scope::Journal) => Cause::BodyCutOff { hash },
            None => Cause::BodyUnclaimed { hash },
        };
        intake.findings.add(None, None, cause);
    }
}

fn report_authors(
    intake: &mut Intake,
    standing: &Standing,
    testimony: &Testimony,
    counts: &[LogCount],
) -> Vec<AuthorReport> {
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

fn count(judged: &BTreeMap<EntryId, Judged>, newer: u64) -> (EntryCounts, BodyCounts) {
    let mut entries = EntryCounts { newer, ..EntryCounts::default() };
    let mut bodies = BodyCounts::default();
    for Judged { report: found, .. } in judged.values() {
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
    (entries, bodies)
}
