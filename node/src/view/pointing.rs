//! What a draft points at, looked up before it is signed: the protocol checks a draft by itself, this
//! checks it against the records that are held here.
//!
//! A pointer to what is not held here is no fault: it may arrive (R1). A pointer to what is held and
//! cannot be meant is one, because what is signed is final (R4).

use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::plan::Commitment;
use multaqa_protocol::record::reference::{Pointer, resolve};
use multaqa_protocol::record::{self, Plan, Progress, Record, Ref};

use super::snapshot::is_record_kind;
use super::{View, ViewError};
use crate::api::types::{FieldProblem, Status, Warning};

/// Most pointers of one draft that are looked up, as many as are followed in a body that is shown.
const MAX_POINTERS: usize = 128;

/// What was found when a draft was held against the records that are held here.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// Why it is not to be signed.
    pub(crate) faults: Vec<FieldProblem>,
    /// What its author must know of it all the same.
    pub(crate) warnings: Vec<Warning>,
}

impl Checked {
    pub(crate) fn fault(&mut self, path: &str, code: &str, message: &str, known: Vec<String>) {
        let (path, code, message) = (path.to_owned(), code.to_owned(), message.to_owned());
        self.faults.push(FieldProblem { path, code, message, nearest: None, known });
    }

    pub(crate) fn warn(&mut self, path: &str, code: &str, message: &str, target: Option<EntryId>) {
        let (path, code, message) = (path.to_owned(), code.to_owned(), message.to_owned());
        self.warnings.push(Warning { path, code, message, target });
    }
}

impl View<'_> {
    /// Puts references where a draft of `kind` names records by their ids, or the beginnings of them, as
    /// text; returns the names that stand for no record here.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn refer(&self, kind: &str, draft: &mut Value) -> Result<Vec<FieldProblem>, ViewError> {
        let (mut checked, mut unread) = (Checked::default(), None);
        resolve(kind, draft, &mut |path, text| {
            let known = |found: &[super::Found]| found.iter().map(|found| found.id.to_string()).collect();
            let (code, message, known) = match self.find(text) {
                Ok(found) => {
                    let target = Ref { author: found.author, seq: found.place.seq, id: found.id };
                    // As a person would write it: ids in a draft are text.
                    return serde_json::to_value(target).and_then(serde_json::from_value).ok();
                }
                Err(ViewError::Ambiguous { matches, .. }) => {
                    ("ambiguous_id", "several ids begin so", known(&matches))
                }
                Err(ViewError::NotFound { .. }) => ("not_held", "no such record is held here", Vec::new()),
                Err(ViewError::BadId { .. }) => {
                    ("bad_id", "not an id, nor the first 8 digits or more of one", Vec::new())
                }
                Err(error) => {
                    unread.get_or_insert(error);
                    return None;
                }
            };
            checked.fault(path, code, message, known);
            None
        });
        unread.map_or(Ok(checked.faults), Err)
    }

    /// Holds a draft by `me` against the records that it points at.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn check_pointers(&self, me: AuthorId, kind: &str, body: &Map) -> Result<Checked, ViewError> {
        let mut checked = Checked::default();
        if let Some(target) = record::replaces(body) {
            self.check_replaced(me, kind, target, &mut checked)?;
        }
        for pointer in record::pointers(kind, body).into_iter().take(MAX_POINTERS) {
            self.check_pointer(&pointer, &mut checked)?;
        }
        match record::read(kind, body) {
            Ok(Record::Progress(progress)) => self.check_progress(me, &progress, &mut checked)?,
            Ok(Record::Evaluation(evaluation)) => {
                if let Some(about) = evaluation.about {
                    self.check_commitment(
                        about,
                        "commitment",
                        evaluation.commitment.as_deref(),
                        &mut checked,
                    )?;
                    if about.author == me {
                        let message = "you judge your own plan: it will be shown as a self-assessment";
                        checked.warn("about", "self_assessment", message, Some(about.id));
                    }
                }
            }
            Ok(Record::Proposal(proposal)) => {
                if let Some(became) = &proposal.became
                    && let Some(plan) = became.plan
                {
                    let field = "became.commitment";
                    self.check_commitment(plan, field, became.commitment.as_deref(), &mut checked)?;
                }
            }
            Ok(Record::Adoption(adoption)) => own(me, "practice", adoption.practice, &mut checked),
            Ok(Record::Endorse(endorse)) => own(me, "endorses", endorse.endorses, &mut checked),
            _ => {}
        }
        Ok(checked)
    }

    /// R2: a version replaces an earlier one of the same author and kind, or it stands alone.
    fn check_replaced(
        &self,
        me: AuthorId,
        kind: &str,
        target: Ref,
        checked: &mut Checked,
    ) -> Result<(), ViewError> {
        let Some(row) = self.row_of(target.author, &target.id)? else { return Ok(()) };
        if target.author != me {
            checked.fault("replaces", "not_own", "another author's record cannot be replaced", Vec::new());
        } else if row.kind != kind {
            other_kind("replaces", &[kind], checked);
        } else if row.place.seq != target.seq {
            other_place("replaces", checked);
        }
        Ok(())
    }

    fn check_pointer(&self, pointer: &Pointer, checked: &mut Checked) -> Result<(), ViewError> {
        let Pointer { path, target, to } = pointer;
        let Some(row) = self.row_of(target.author, &target.id)? else {
            let message = "not held here yet: it is shown as unresolved until it arrives";
            checked.warn(path, "unresolved", message, Some(target.id));
            return Ok(());
        };
        let fits = if to.is_empty() { is_record_kind(&row.kind) } else { to.contains(&row.kind.as_str()) };
        if !fits {
            other_kind(path, to, checked);
            return Ok(());
        }
        if row.place.seq != target.seq {
            other_place(path, checked);
            return Ok(());
        }
        let Some(held) = self.snapshot.authors.get(&target.author) else { return Ok(()) };
        match self.snapshot.status(target.author, held, &row) {
            Status::Canonical => {}
            Status::Withdrawn => checked.warn(path, "withdrawn", "it is withdrawn", Some(target.id)),
            Status::Disputed | Status::Disowned | Status::BeyondCut => {
                checked.warn(path, "not_counting", "it does not count", Some(target.id));
            }
        }
        let shelf = self.library.shelf(target.author);
        if let Some(newer) = shelf.and_then(|shelf| shelf.replaced_by(target.id)) {
            checked.warn(path, "older_version", "there is a newer version of it", Some(newer));
        }
        Ok(())
    }

    /// Returns the plan that an entry holds, where it is here and readable.
    fn plan_at(&self, target: Ref) -> Result<Option<Box<Plan>>, ViewError> {
        let Some(row) = self.row_of(target.author, &target.id)? else { return Ok(None) };
        Ok(match self.shown(target.author, &row)?.record {
            Some(Record::Plan(plan)) => Some(plan),
            _ => None,
        })
    }

    /// Checks that the plan, where it is held, has a commitment.
    fn check_commitment(
        &self,
        plan: Ref,
        path: &str,
        commitment: Option<&str>,
        checked: &mut Checked,
    ) -> Result<(), ViewError> {
        if let (Some(plan), Some(id)) = (self.plan_at(plan)?, commitment) {
            let _ = commitment_of(&plan, path, id, checked);
        }
        Ok(())
    }

    fn check_progress(
        &self,
        me: AuthorId,
        progress: &Progress,
        checked: &mut Checked,
    ) -> Result<(), ViewError> {
        let Some(target) = progress.plan else { return Ok(()) };
        let Some(plan) = self.plan_at(target)? else { return Ok(()) };
        if target.author != me && !self.is_party(me, &plan) {
            let message = "you do not carry this plan out: your report changes none of its figures";
            checked.warn("plan", "not_implementer", message, Some(target.id));
        }
        let Some(commitment) = commitment_of(&plan, "commitment", &progress.commitment, checked) else {
            return Ok(());
        };
        let ids: Vec<&str> =
            commitment.milestones.iter().filter_map(|milestone| milestone.id.as_deref()).collect();
        for (at, state) in progress.milestones.iter().enumerate() {
            let exists = match state.milestone.as_deref() {
                Some(id) => ids.contains(&id),
                None => commitment.milestones.is_empty(),
            };
            if !exists {
                let message = "the commitment has no such milestone";
                let known = ids.iter().map(|id| (*id).to_owned()).collect();
                checked.fault(&format!("milestones[{at}].milestone"), "no_milestone", message, known);
            }
        }
        Ok(())
    }

    /// Tells whether a plan names an author, or the place that stewards confirm for it, as a party.
    fn is_party(&self, me: AuthorId, plan: &Plan) -> bool {
        let (code, confirmation) = self.place_of(me);
        let place = code.filter(|_| confirmation.confirmed);
        plan.parties.iter().any(|party| {
            party.author == Some(me)
                || (place.is_some() && party.place.as_ref().map(record::Place::as_str) == place.as_deref())
        })
    }
}

fn commitment_of<'a>(plan: &'a Plan, path: &str, id: &str, checked: &mut Checked) -> Option<&'a Commitment> {
    let found = plan.commitments.iter().find(|commitment| commitment.id == id);
    if found.is_none() {
        let known = plan.commitments.iter().map(|commitment| commitment.id.clone()).collect();
        checked.fault(path, "no_commitment", "the plan has no such commitment", known);
    }
    found
}

fn other_kind(path: &str, wanted: &[&str], checked: &mut Checked) {
    let known = wanted.iter().map(|kind| (*kind).to_owned()).collect();
    checked.fault(path, "other_kind", "it is of another kind than what belongs here", known);
}

fn other_place(path: &str, checked: &mut Checked) {
    let message = "the entry lies in another place of its log than `seq` says";
    checked.fault(&format!("{path}.seq"), "other_place", message, Vec::new());
}

/// An author's word about its own record adds nothing to its signature.
fn own(me: AuthorId, path: &str, target: Option<Ref>, checked: &mut Checked) {
    if let Some(target) = target.filter(|target| target.author == me) {
        let message = "it is your own record: this adds nothing to it";
        checked.warn(path, "own_record", message, Some(target.id));
    }
}
