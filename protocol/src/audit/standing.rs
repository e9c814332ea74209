//! What the network of a bundle makes of its authors: which path of each log counts, who is a member,
//! what is withdrawn, and what is not included that this needs (N1 to N8, B2, A7).
//!
//! The decisions are [`crate::network`]'s; here they are asked of the logs that a bundle happens to
//! hold. Without the stewards' logs every log stands by itself.

use std::collections::BTreeMap;

use super::MemberReport;
use super::finding::{Cause, Role};
use super::intake::Intake;
use crate::bundle::Scope;
use crate::id::{AuthorId, EntryId, Seq};
use crate::log::{Choice, Log, Place};
use crate::network::{Body, Governance, Known, Membership, Statement, Withdrawal, withdrawals};
use crate::witness::{Checkpoint, Witness};

/// What the network makes of its authors.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    governance: Option<Governance>,
    /// By the index of the log.
    pub(super) choices: Vec<Choice>,
    /// `None` where what decides it is not included.
    pub(super) members: Option<Vec<MemberReport>>,
    /// The withdrawals in force of entries that the bundle holds.
    pub(super) withdrawals: BTreeMap<EntryId, Withdrawal>,
}

impl Standing {
    pub(super) fn compute(intake: &Intake) -> Self {
        let choose_alone = |log: &Log| log.tree().choose(None, None);
        let Some(start) = intake.start else {
            let choices = intake.logs.iter().map(choose_alone).collect();
            return Self { governance: None, choices, members: None, withdrawals: BTreeMap::new() };
        };
        let (known, lacking) = statements(intake);
        let governance = Governance::compute(start.net, &known);
        let choose = |log: &Log| {
            let author = log.author();
            let pin = governance.pin(author).and_then(|pin| intake.rows.get(&pin));
            let pin = pin.filter(|pin| Some(pin.log) == intake.log_of(author)).map(|pin| pin.place);
            log.tree().choose(pin, governance.cut(author))
        };
        let choices: Vec<Choice> = intake.logs.iter().map(choose).collect();
        let chosen = |author: AuthorId, known: &Known| {
            intake
                .log_of(author)
                .map_or_else(|| choose_alone(&known.log), |log| choices[log as usize].clone())
        };

        let is_decided = governance.charter_known()
            && stewards_ever(&governance).all(|steward| known.contains_key(&steward))
            && !lacking.iter().any(|(log, place)| {
                let index = *log as usize;
                governance.was_steward(intake.logs[index].author()) && choices[index].contains(*place)
            });
        let members = is_decided.then(|| {
            let rows = governance.members(&known, chosen).into_iter();
            rows.filter(|row| row.membership == Membership::Member)
                .map(|row| MemberReport { author: row.author, place: row.place, level: row.level })
                .collect()
        });
        let withdrawals = withdrawals(&known, &governance, chosen)
            .into_iter()
            .filter(|(target, _)| {
                // Author, seq and id agree, and network bodies are never withdrawn (B2).
                intake.rows.get(&target.id).is_some_and(|row| {
                    row.place.seq == target.seq && intake.logs[row.log as usize].author() == target.author
                }) && !intake.network_entries.contains_key(&target.id)
            })
            .map(|(target, withdrawal)| (target.id, withdrawal))
            .collect();
        Self { governance: Some(governance), choices, members, withdrawals }
    }

    /// Finds what a bundle of a whole network lacks (A7).
    pub(super) fn find_missing(&self, intake: &mut Intake) {
        let whole = intake.start.is_some_and(|start| matches!(start.scope, Scope::Network | Scope::Journal));
        let (true, Some(governance)) = (whole, &self.governance) else { return };
        if !governance.charter_known() {
            intake.findings.add(None, None, Cause::CharterMissing);
        }
        for author in governance.replicated() {
            if intake.log_of(author).is_none() {
                let role = if governance.was_steward(author) { Role::Steward } else { Role::Listed };
                intake.findings.add(None, None, Cause::LogMissing { author, role });
            }
        }
        for (id, entry) in &intake.network_entries {
            let row = intake.rows[id];
            if !intake.has_body(&entry.body) && self.choices[row.log as usize].contains(row.place) {
                intake.findings.add(None, Some(*id), Cause::NetworkBodyMissing { hash: entry.body.hash });
            }
        }
    }

    /// Returns the cut with which the log of `author` was chosen (N7).
    pub(super) fn cut(&self, author: AuthorId) -> Option<Seq> {
        self.governance.as_ref()?.cut(author)
    }

    /// Tells whether `author` is a current steward.
    pub(super) fn is_steward(&self, author: AuthorId) -> bool {
        self.governance.as_ref().is_some_and(|governance| governance.is_steward(author))
    }

    /// Tells whether the entry at `place` of a log, by its index, is on the path that counts.
    pub(super) fn is_canonical(&self, log: u32, place: Place) -> bool {
        self.choices[log as usize].contains(place)
    }

    /// Returns the cut of what is shown of the records of `author`: a steward's log is cut there only.
    pub(super) fn records_cut(&self, author: AuthorId) -> Option<Seq> {
        self.governance.as_ref()?.standing(author)?.cut
    }
}

fn stewards_ever(governance: &Governance) -> impl Iterator<Item = AuthorId> + '_ {
    governance.versions().iter().flat_map(|version| version.charter.stewards.iter().copied())
}

/// Returns the logs with what their entries say of the network, and where the bodies are not
/// included that say it.
fn statements(intake: &Intake) -> (BTreeMap<AuthorId, Known>, Vec<(u32, Place)>) {
    // A skeleton is small, and the rows go on naming logs by index.
    let mut known: Vec<Known> = intake.logs.iter().cloned().map(Known::new).collect();
    let mut lacking = Vec::new();
    for (&id, entry) in &intake.network_entries {
        let row = intake.rows[&id];
        if !intake.has_body(&entry.body) {
            // Who belongs does not depend on what is said of heads.
            if entry.kind != Checkpoint::KIND && entry.kind != Witness::KIND {
                lacking.push((row.log, row.place));
            }
            continue;
        }
        let sayings = intake.sayings.get(&entry.body.hash).into_iter().flatten();
        for (_, says) in sayings.filter(|(kind, _)| *kind == entry.kind) {
            known[row.log as usize].statements.push(Statement {
                place: row.place,
                id,
                seq: row.place.seq,
                time: entry.time,
                says: says.clone(),
            });
        }
    }
    (known.into_iter().map(|known| (known.log.author(), known)).collect(), lacking)
}
