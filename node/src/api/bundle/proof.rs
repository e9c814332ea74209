//! The proof of one entry: as little of each log as lets an auditor judge it (A5, scope `entry`).
//!
//! A log is a chain, so what is wanted of it brings all envelopes before along, some 330 bytes each; of bodies go
//! along only those that are wanted and those that decide who belongs and what is withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::entry::{NETWORK_KINDS, ROTATE};
use multaqa_protocol::id::{AuthorId, EntryId, Seq};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::network::Body;
use multaqa_protocol::witness::{Checkpoint, Witness};

use super::ROWS;
use crate::store::Row;
use crate::view::{Found, View, ViewError};

/// Bytes of stewards' and members' logs that go along to say by when an entry existed, besides what decides who
/// belongs: all of 230 members in a young network, so that the proof stays below a megabyte.
const EVIDENCE: u64 = 700_000;
/// The same for each member, where that is more: of 1,590 members the proof stays below two megabytes.
const EVIDENCE_EACH: u64 = 600;
/// Least bytes left for members' logs where those of the stewards are long: a dozen members after years.
const WITNESSES: u64 = 100_000;
/// Bytes of an envelope with what is between items.
const ENVELOPE: u64 = 330;
/// Bytes of the bodies of a member's log that go along: its joining and its confirmation.
const WORDS: u64 = 600;

/// What goes along of which logs.
#[derive(Debug)]
pub(super) struct Proof<'a, 'v> {
    view: &'a View<'v>,
    /// By branch.
    logs: BTreeMap<AuthorId, BTreeMap<u16, Stretch>>,
    /// Entries whose bodies are wanted.
    wanted: BTreeSet<EntryId>,
}

impl<'a, 'v> Proof<'a, 'v> {
    /// Begins with an entry and its path.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(super) fn of(view: &'a View<'v>, entry: &Found) -> Result<Self, ViewError> {
        let mut proof = Self { view, logs: BTreeMap::new(), wanted: BTreeSet::new() };
        proof.take_entry(entry)?;
        Ok(proof)
    }

    /// Takes an entry with its body, and what its author's log says against it, so that an audit finds what is shown.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(super) fn take_entry(&mut self, entry: &Found) -> Result<(), ViewError> {
        self.take(entry.author, entry.place);
        self.wanted.insert(entry.id);
        for place in self.view.unmade_by(entry)? {
            self.take(entry.author, place);
        }
        Ok(())
    }

    /// Takes the path to a place of a log.
    fn take(&mut self, author: AuthorId, place: Place) {
        let Some(held) = self.view.snapshot().authors().get(&author) else { return };
        let runs = self.logs.entry(author).or_default();
        for run in held.log().tree().path(place) {
            let taken = runs.entry(run.branch).or_insert(run);
            taken.last = taken.last.max(run.last);
        }
    }

    /// Takes of each steward's log what decides who belongs: the path to the last statement that does, or all of
    /// it where it has branches.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(super) fn take_stewards(&mut self) -> Result<(), ViewError> {
        let snapshot = self.view.snapshot();
        for &steward in snapshot.governance().all_stewards() {
            let Some(held) = snapshot.authors().get(&steward) else { continue };
            let runs: Vec<Stretch> = held.log().tree().branches().collect();
            for run in &runs {
                let last = match runs.len() {
                    1 => self.last_decision(steward, run)?,
                    _ => run.last,
                };
                self.take(steward, Place { branch: run.branch, seq: last });
            }
        }
        Ok(())
    }

    fn last_decision(&self, author: AuthorId, run: &Stretch) -> Result<Seq, ViewError> {
        let mut last = run.last;
        loop {
            let first = run.first.max(last.saturating_sub(ROWS - 1));
            let rows = self.view.store().rows(author, run.branch, first..=last)?;
            if let Some(row) = rows.iter().rev().find(|row| decides(&row.kind)) {
                return Ok(row.place.seq);
            }
            if first == run.first {
                return Ok(first);
            }
            last = first - 1;
        }
    }

    /// Takes what says by when entries existed: the checkpoint that shows each, and the logs of members who confirmed
    /// it, the shortest first, as many as fit.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(super) fn take_dates(&mut self, entries: &[&Found]) -> Result<(), ViewError> {
        let before = self.envelopes();
        let mut witnesses = Vec::new();
        for entry in entries {
            let evidence = self.view.evidence(entry)?;
            for (author, head) in evidence.heads {
                self.take(author, head);
            }
            if let Some(shown) = evidence.checkpoint {
                self.take(shown.by, shown.place);
                self.wanted.insert(shown.entry);
            }
            witnesses.extend(evidence.witnesses);
        }
        witnesses.sort_unstable_by_key(|word| (word.place.seq, word.by, word.entry));
        // One checkpoint may show them all.
        witnesses.dedup_by_key(|word| word.entry);
        let stewards = (self.envelopes() - before) * ENVELOPE;
        let most = EVIDENCE.max(EVIDENCE_EACH * witnesses.len() as u64);
        let mut left = most.saturating_sub(stewards).max(WITNESSES);
        for word in witnesses {
            let cost = WORDS + ENVELOPE * (u64::from(word.place.seq) + 1);
            let Some(rest) = left.checked_sub(cost) else { break };
            left = rest;
            self.take(word.by, word.place);
            self.wanted.insert(word.entry);
        }
        Ok(())
    }

    fn envelopes(&self) -> u64 {
        let runs = self.logs.values().flat_map(BTreeMap::values);
        runs.map(|run| u64::from(run.last - run.first) + 1).sum()
    }

    /// Returns the logs, the stewards' first, and the entries whose bodies are wanted.
    pub(super) fn finish(self) -> (Vec<(AuthorId, Vec<Stretch>)>, BTreeSet<EntryId>) {
        let governance = self.view.snapshot().governance();
        let logs = self.logs.into_iter().map(|(author, runs)| (author, runs.into_values().collect()));
        let (mut stewards, others): (Vec<_>, Vec<_>) =
            logs.partition(|(author, _)| governance.was_steward(*author));
        stewards.extend(others);
        (stewards, self.wanted)
    }
}

/// Tells whether an entry's body goes along in a proof in which those of `wanted` are wanted.
pub(super) fn takes_body(wanted: &BTreeSet<EntryId>, row: &Row) -> bool {
    wanted.contains(&row.id) || decides(&row.kind)
}

/// Tells whether entries of a kind decide who belongs, what counts or what is withdrawn.
fn decides(kind: &str) -> bool {
    kind == ROTATE || (NETWORK_KINDS.contains(&kind) && kind != Checkpoint::KIND && kind != Witness::KIND)
}
