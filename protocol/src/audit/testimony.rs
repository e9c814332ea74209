//! Testimony: what the checkpoints and witnesses of a bundle say of its entries (A3, A4).
//!
//! A network's checkpoints repeat almost the same rows every week, so a row is kept once and a
//! checkpoint is a list of numbers. What counts is decided when the whole bundle is known: whose
//! statements, and on which path.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::Cause;
use super::intake::{Intake, NetworkEntry};
use super::standing::Standing;
use crate::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};
use crate::log::{Choice, Place, Tree};
use crate::network::Body;
use crate::witness::{Checkpoint, Confirmation, Dates, Shown, Witness};

/// The bodies of checkpoints and witnesses, as they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Statements {
    rows: Vec<(AuthorId, Seq, EntryId)>,
    numbers: BTreeMap<(AuthorId, Seq, EntryId), u32>,
    checkpoints: BTreeMap<BodyHash, (NetworkId, Vec<u32>)>,
    witnesses: BTreeMap<BodyHash, Witness>,
}

impl Statements {
    /// Takes what the body with this hash says, as either of the two.
    pub(super) fn take(&mut self, hash: BodyHash, checkpoint: Option<Checkpoint>, witness: Option<Witness>) {
        if let Some(checkpoint) = checkpoint {
            let rows = checkpoint.heads.iter().filter_map(|row| row.head());
            let rows = rows.map(|(author, head)| self.number((author, head.seq, head.id))).collect();
            self.checkpoints.insert(hash, (checkpoint.net, rows));
        }
        if let Some(witness) = witness {
            self.witnesses.insert(hash, witness);
        }
    }

    fn number(&mut self, row: (AuthorId, Seq, EntryId)) -> u32 {
        let next = u32::try_from(self.rows.len()).expect("fewer rows than a file has bytes");
        *self.numbers.entry(row).or_insert_with(|| {
            self.rows.push(row);
            next
        })
    }
}

/// A head that a checkpoint names, where the bundle holds it.
#[derive(Clone, Copy, Debug)]
struct Named {
    head: Place,
    /// Index in [`Testimony::checkpoints`].
    checkpoint: usize,
}

/// A member's word for a checkpoint.
#[derive(Clone, Debug)]
struct Word {
    confirmation: Confirmation,
    except: BTreeSet<AuthorId>,
}

/// What counts of it all.
#[derive(Clone, Debug, Default)]
pub(super) struct Testimony {
    checkpoints: Vec<Shown>,
    /// By the index of the checkpoint.
    words: Vec<Vec<Word>>,
    named: BTreeMap<AuthorId, Vec<Named>>,
    /// Each author's own confirmations: where they lie, and what they confirm.
    own: BTreeMap<AuthorId, Vec<(Place, Shown)>>,
    trees: BTreeMap<AuthorId, Tree>,
}

impl Testimony {
    /// Gathers what counts; nothing where the members are not known. Finds what checkpoints say of
    /// logs that the bundle contradicts, or does not go up to (A4).
    pub(super) fn gather(intake: &mut Intake, standing: &Standing) -> Self {
        let (Some(start), Some(members)) = (intake.start, &standing.members) else { return Self::default() };
        let members: BTreeSet<AuthorId> = members.iter().map(|member| member.author).collect();
        let mut found = Self::default();
        let shortfalls = found.take_checkpoints(intake, standing, start.net);
        found.take_words(intake, standing, start.net, &members);
        for (shown, cause) in shortfalls.into_values() {
            intake.findings.add(None, Some(shown.checkpoint), cause);
        }
        let authors: BTreeSet<&AuthorId> = found.named.keys().chain(found.own.keys()).collect();
        let tree =
            |author: AuthorId| Some((author, intake.logs[intake.log_of(author)? as usize].tree().clone()));
        found.trees = authors.into_iter().filter_map(|author| tree(*author)).collect();
        found
    }

    /// Takes the checkpoints of current stewards. Returns for each author the latest of those that
    /// name a head which is not in the bundle.
    fn take_checkpoints(
        &mut self,
        intake: &Intake,
        standing: &Standing,
        net: NetworkId,
    ) -> BTreeMap<AuthorId, (Shown, Cause)> {
        let mut shortfalls: BTreeMap<AuthorId, (Shown, Cause)> = BTreeMap::new();
        for (id, entry, by) in canonical(intake, standing, Checkpoint::KIND) {
            let Some((named, rows)) = intake.statements.checkpoints.get(&entry.body.hash) else { continue };
            if *named != net || !standing.is_steward(by) {
                continue;
            }
            let checkpoint = self.checkpoints.len();
            let shown = Shown { time: entry.time, checkpoint: id, by };
            self.checkpoints.push(shown);
            for (author, seq, id) in rows.iter().map(|number| intake.statements.rows[*number as usize]) {
                let Some(log) = intake.log_of(author) else { continue };
                if let Some(row) = intake.rows.get(&id).filter(|row| row.log == log && row.place.seq == seq) {
                    self.named.entry(author).or_default().push(Named { head: row.place, checkpoint });
                    continue;
                }
                let runs = intake.logs[log as usize].tree().branches();
                let last = runs.map(|run| run.last).max().unwrap_or_default();
                let cause = match seq > last {
                    true => Cause::LogCutOff { author, seq, last },
                    false => Cause::HeadNotHere { author, seq, id },
                };
                if shortfalls.get(&author).is_none_or(|(latest, _)| *latest < shown) {
                    shortfalls.insert(author, (shown, cause));
                }
            }
        }
        shortfalls
    }

    /// Takes the members' confirmations of the checkpoints.
    fn take_words(
        &mut self,
        intake: &Intake,
        standing: &Standing,
        net: NetworkId,
        members: &BTreeSet<AuthorId>,
    ) {
        let numbered = self.checkpoints.iter().enumerate();
        let numbers: BTreeMap<EntryId, usize> =
            numbered.map(|(number, shown)| (shown.checkpoint, number)).collect();
        self.words.resize(self.checkpoints.len(), Vec::new());
        for (id, entry, by) in canonical(intake, standing, Witness::KIND) {
            let Some(witness) = intake.statements.witnesses.get(&entry.body.hash) else { continue };
            let Some(&number) = numbers.get(&witness.checkpoint.id) else { continue };
            if witness.net != net || !members.contains(&by) {
                continue;
            }
            let checkpoint = witness.checkpoint.id;
            let confirmation = Confirmation { time: entry.time, by, witness: id, checkpoint };
            let except = witness.except.iter().copied().collect();
            self.words[number].push(Word { confirmation, except });
            self.own.entry(by).or_default().push((intake.rows[&id].place, self.checkpoints[number]));
        }
    }

    /// Returns what is said of the entry of `author` at `place`.
    pub(super) fn dates(&self, author: AuthorId, place: Place) -> Dates {
        let Some(tree) = self.trees.get(&author) else { return Dates::default() };
        let named = self.named.get(&author).into_iter().flatten();
        let showing = named.filter(|named| tree.is_above(place, named.head));
        let showing: Vec<usize> = showing.map(|named| named.checkpoint).collect();
        let words = showing.iter().flat_map(|number| &self.words[*number]);
        let words = words.filter(|word| !word.except.contains(&author));
        let own = self.own.get(&author).into_iter().flatten();
        let own = own.filter(|(at, _)| *at != place && tree.is_above(*at, place));
        Dates::new(
            showing.iter().map(|number| self.checkpoints[*number]),
            words.map(|word| word.confirmation),
            own.map(|(_, shown)| *shown),
        )
    }

    /// Returns the last entry on the path `choice` of `author` that a checkpoint shows, and the last
    /// that a member confirmed.
    pub(super) fn reach(&self, author: AuthorId, choice: &Choice) -> (Option<Seq>, Option<Seq>) {
        let mut reach = (None, None);
        let Some(tree) = self.trees.get(&author) else { return reach };
        for named in self.named.get(&author).into_iter().flatten() {
            let seq = Some(tree.last_common(named.head, choice.head).seq);
            reach.0 = seq.max(reach.0);
            if self.words[named.checkpoint].iter().any(|word| !word.except.contains(&author)) {
                reach.1 = seq.max(reach.1);
            }
        }
        reach
    }
}

/// Returns the canonical entries of a network kind whose bodies are in the bundle, with their authors.
fn canonical<'a>(
    intake: &'a Intake,
    standing: &'a Standing,
    kind: &'static str,
) -> impl Iterator<Item = (EntryId, &'a NetworkEntry, AuthorId)> {
    intake.network_entries.iter().filter_map(move |(id, entry)| {
        let row = intake.rows.get(id)?;
        let is_said = entry.kind == kind && intake.has_body(&entry.body);
        let counts = is_said && standing.is_canonical(row.log, row.place);
        counts.then(|| (*id, entry, intake.logs[row.log as usize].author()))
    })
}
