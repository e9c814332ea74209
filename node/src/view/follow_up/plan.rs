//! How far a plan had come at the end of a day.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::follow_up::plan::{self, Comparison, Followed, Step};
use multaqa_protocol::follow_up::{FollowUp, follow_up};
use multaqa_protocol::id::{AuthorId, EntryId, Millis};
use multaqa_protocol::record::plan::Commitment;
use multaqa_protocol::record::{PLAN, PROGRESS, Plan, Progress, Record, Ref};

use super::{Chosen, MAX_REPORTS, Referrers, Signed};
use crate::api::types::{
    self, CommitmentFollowUp, DeclaredRate, Pace, PlanFollowUp, ReportRef, StepFollowUp, StepName,
    StepReport, Tally, UnresolvedState,
};
use crate::ui;
use crate::view::ViewError;

/// Most reports by others that are named, the newest first; they are counted all.
const MAX_BY_OTHERS: usize = 12;

/// Most reports that are read for one row of a list: a quarter's worth of a large plan.
const MAX_QUICK_REPORTS: usize = 100;
/// Most parties of a plan whose signatures and reports are read for one row of a list: each is two more questions to the
/// index, and a plan of a province with its communes names fewer.
const MAX_QUICK_PARTIES: usize = 8;

fn plan(record: Record) -> Option<Box<Plan>> {
    if let Record::Plan(plan) = record { Some(plan) } else { None }
}

fn progress(record: Record) -> Option<Box<Progress>> {
    if let Record::Progress(progress) = record { Some(progress) } else { None }
}

/// The reports about a plan.
struct Reports {
    all: Vec<Signed<Progress>>,
    by_others: u64,
    is_whole: bool,
}

impl Referrers<'_> {
    /// Returns how far a plan had come, by any of its versions.
    ///
    /// # Errors
    ///
    /// As [`crate::view::View::find`]; [`ViewError::OtherKind`], [`ViewError::NoBody`].
    pub(crate) fn plan(&self, text: &str) -> Result<PlanFollowUp, ViewError> {
        let (chosen, signed) = self.open(text, PLAN, plan)?;
        let cosigned = self.cosigned(&chosen, &signed.body.parties)?;
        let implementers: BTreeSet<AuthorId> =
            cosigned.parties.iter().copied().chain([chosen.author]).collect();
        let reports = self.reports(&chosen, &implementers)?;
        let derived = follow_up(&signed.body, &implementers, self.day, reports.all.iter().map(Signed::said));
        let proposals = self.proposals(&chosen, &signed.body)?;
        let origins = self.origins(chosen.first, &signed.body, &proposals);
        let (evaluations, has_all_verdicts) = self.verdicts(&chosen, &implementers)?;
        let commitments = derived.commitments.iter().zip(origins);
        let is_others = |signed: &&Signed<Progress>| derived.by_others.contains(&signed.id);
        let mut counted: Vec<ReportRef> = reports
            .all
            .iter()
            .filter(|signed| !is_others(signed))
            .map(|signed| self.report(signed))
            .collect();
        counted.sort_by_key(|report| (report.time, report.id));
        let is_whole = cosigned.is_whole && reports.is_whole && proposals.is_whole && has_all_verdicts;
        Ok(PlanFollowUp {
            schema: types::PLAN.into(),
            first: chosen.first,
            version: chosen.row.id,
            version_time: chosen.row.time,
            signed_later: chosen.is_later,
            author: self.view.author_ref(chosen.author),
            title: signed.body.title.clone(),
            as_of: self.day.to_string(),
            rule: ui::in_all_languages(ui::PLAN_RULE),
            progress: tally(&derived.tally),
            declared: derived.declared.as_ref().and_then(declared),
            implementers: implementers.iter().map(|author| self.view.author_ref(*author)).collect(),
            commitments: commitments
                .map(|(followed, origins)| CommitmentFollowUp {
                    id: followed.commitment.id.clone(),
                    title: followed.commitment.title.clone(),
                    period: followed.commitment.period.clone(),
                    progress: tally(&followed.tally),
                    declared: followed.declared.as_ref().and_then(declared),
                    steps: self.steps(followed),
                    origins,
                })
                .collect(),
            overdue: derived.overdue().map(|(commitment, step)| name(commitment, step)).collect(),
            stalled: derived.stalled().map(|(commitment, step)| name(commitment, step)).collect(),
            reports: counted,
            unresolved: unresolved(&derived),
            reports_by_others: reports.by_others,
            by_others: reports.all.iter().filter(is_others).map(|signed| self.report(signed)).collect(),
            proposals: self.fates(&proposals),
            evaluations,
            cosigned: cosigned.shown,
            complete: is_whole,
        })
    }

    /// Returns the entries on which the figures of a plan rest, the newest last: its first version and the one that
    /// counts, reports, co-signatures, evaluations and proposals. Nothing of what is no plan, or has no body.
    ///
    /// # Errors
    ///
    /// As [`Referrers::plan`].
    pub(crate) fn figures(&self, text: &str) -> Result<Vec<EntryId>, ViewError> {
        let followed = match self.plan(text) {
            Err(ViewError::OtherKind { .. } | ViewError::NoBody { .. }) => return Ok(Vec::new()),
            followed => followed?,
        };
        let others = followed.evaluations.iter().map(|verdict| &verdict.said);
        let others = others.chain(followed.cosigned.by.iter().map(|signature| &signature.said));
        let others = others.chain(followed.proposals.iter().map(|proposal| &proposal.said));
        let reports = followed.reports.iter().chain(&followed.by_others).chain(others);
        let mut said: Vec<(Millis, EntryId)> = reports.map(|report| (report.time, report.id)).collect();
        said.sort_unstable();
        Ok([followed.first, followed.version].into_iter().chain(said.into_iter().map(|(_, id)| id)).collect())
    }

    /// Returns the count of a plan where that is quick: nothing where it has more parties or reports than
    /// a list reads for one of its rows, or the index is behind; the plan's own page then has it.
    ///
    /// # Errors
    ///
    /// As [`Referrers::plan`].
    pub(crate) fn quick_tally(&self, text: &str) -> Result<Option<Tally>, ViewError> {
        let (chosen, signed) = match self.open(text, PLAN, plan) {
            Err(ViewError::NoBody { .. }) => return Ok(None),
            opened => opened?,
        };
        if signed.body.parties.len() > MAX_QUICK_PARTIES {
            return Ok(None);
        }
        let (implementers, mut is_whole) = self.implementers(&chosen, &signed.body)?;
        let mut reports = Vec::new();
        for author in &implementers {
            let found = self.find(PROGRESS, &chosen.targets(), Some(*author), MAX_QUICK_REPORTS, progress)?;
            is_whole &= found.is_whole;
            reports.extend(found.entries);
        }
        let derived = follow_up(&signed.body, &implementers, self.day, reports.iter().map(Signed::said));
        Ok(is_whole.then(|| tally(&derived.tally)))
    }

    /// Returns who carries a plan out, its author and the parties that co-signed it, and whether these are all.
    fn implementers(&self, chosen: &Chosen, body: &Plan) -> Result<(BTreeSet<AuthorId>, bool), ViewError> {
        let alone = BTreeSet::from([chosen.author]);
        if body.parties.is_empty() {
            return Ok((alone, true));
        }
        let cosigned = self.cosigned(chosen, &body.parties)?;
        Ok((alone.into_iter().chain(cosigned.parties).collect(), cosigned.is_whole))
    }

    /// Tells whether somebody who judges a record carries it out: its author, or of a plan a party that co-signed it.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn carries_out(&self, author: AuthorId, judged: &Ref) -> Result<bool, ViewError> {
        if author == judged.author {
            return Ok(true);
        }
        let Some(chosen) = self.choose(judged.author, judged.id)? else { return Ok(false) };
        match self.read_row(judged.author, &chosen.row, plan)? {
            Some(signed) => Ok(self.implementers(&chosen, &signed.body)?.0.contains(&author)),
            None => Ok(false),
        }
    }

    /// Reads the reports of those who carry a plan out, and the newest by others.
    fn reports(&self, chosen: &Chosen, implementers: &BTreeSet<AuthorId>) -> Result<Reports, ViewError> {
        let targets = chosen.targets();
        let (mut all, mut ours, mut is_whole) = (BTreeMap::new(), 0, true);
        for author in implementers {
            let found = self.find(PROGRESS, &targets, Some(*author), MAX_REPORTS, progress)?;
            ours += found.total;
            is_whole &= found.is_whole;
            all.extend(found.entries.into_iter().map(|signed| (signed.id, signed)));
        }
        let newest = self.find(PROGRESS, &targets, None, MAX_BY_OTHERS, progress)?;
        all.extend(newest.entries.into_iter().map(|signed| (signed.id, signed)));
        Ok(Reports {
            all: all.into_values().collect(),
            by_others: newest.total.saturating_sub(ours),
            is_whole,
        })
    }

    fn steps(&self, followed: &Followed<'_>) -> Vec<StepFollowUp> {
        let report = |report: &plan::Report<'_>| StepReport {
            report: ReportRef {
                id: report.said.id,
                by: self.view.author_ref(report.said.author),
                time: report.said.time,
            },
            date: report.state.date.or(report.said.body.as_of),
            note: report.state.note.clone(),
            results: report.state.results.clone(),
            attachments: report.state.attachments.clone(),
            sources: report.state.sources.clone(),
        };
        let step = |step: &Step<'_>| StepFollowUp {
            name: name(followed.commitment, step),
            status: step.status.as_str().to_owned(),
            since: step.since().map(|day| day.to_string()),
            start: match step.milestone {
                Some(milestone) => milestone.start,
                None => followed.commitment.period.start,
            },
            evidenced: step.has_evidence(),
            reports: step.reports.iter().map(report).collect(),
        };
        followed.steps.iter().map(step).collect()
    }
}

fn name(commitment: &Commitment, step: &Step<'_>) -> StepName {
    let (pace, days) = match step.pace {
        plan::Pace::Settled => (Pace::Settled, None),
        plan::Pace::OnTime => (Pace::OnTime, None),
        plan::Pace::Overdue { days } => (Pace::Overdue, Some(days)),
        plan::Pace::Stalled { days } => (Pace::Stalled, Some(days)),
    };
    StepName {
        commitment: commitment.id.clone(),
        milestone: step.milestone.and_then(|milestone| milestone.id.clone()),
        title: step.milestone.map_or_else(|| commitment.title.clone(), |milestone| milestone.title.clone()),
        due: step.due,
        pace,
        days,
    }
}

fn tally(tally: &plan::Tally) -> Tally {
    Tally {
        steps: tally.steps(),
        complete: tally.complete(),
        counted: tally.counted(),
        percent: tally.percent(),
        evidenced: tally.evidenced,
        by_status: tally.by_status.clone(),
    }
}

fn declared(compared: &Comparison<'_>) -> Option<DeclaredRate> {
    Some(DeclaredRate {
        percent: compared.declared.percent?,
        as_of: compared.declared.as_of,
        source: compared.declared.source.clone(),
        note: compared.declared.note.clone(),
        differs: compared.differs,
    })
}

fn unresolved(derived: &FollowUp<'_>) -> Vec<UnresolvedState> {
    let state = |state: &plan::Unresolved<'_>| UnresolvedState {
        report: state.report,
        commitment: state.commitment.to_owned(),
        milestone: state.milestone.map(str::to_owned),
    };
    derived.unresolved.iter().map(state).collect()
}
