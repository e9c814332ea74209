//! Applications: logs of authors who ask to be admitted and are not listed (N12).
//!
//! They are kept outside the store, a bounded number of small logs, the newest first, so that
//! strangers can fill nothing. Once stewards have listed an author, its application enters the store
//! by the ordinary way.

use std::collections::BTreeMap;

use super::answer::size;
use super::{Arriving, Effect, Engine, Index, Turn};
use crate::id::{AuthorId, Millis};
use crate::log::Log;
use crate::network::{Says, Statement};

/// Most applications kept.
pub(super) const MAX_CANDIDATES: usize = 100;
/// Most entries of one.
pub(super) const MAX_ENTRIES: usize = 64;
/// Most bytes of one.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// Most bytes of all together; an honest application has a few thousand.
pub(super) const MAX_BYTES_IN_ALL: usize = 16 << 20;

#[derive(Clone, Debug)]
struct Candidate {
    entries: Vec<Arriving>,
    bytes: usize,
    since: Millis,
}

/// The applications kept here.
#[derive(Clone, Debug, Default)]
pub struct Candidates(BTreeMap<AuthorId, Candidate>);

impl Candidates {
    /// Returns the applicants.
    pub fn authors(&self) -> impl Iterator<Item = AuthorId> + '_ {
        self.0.keys().copied()
    }

    /// Returns an applicant's log, parents first.
    #[must_use]
    pub fn entries(&self, author: &AuthorId) -> Option<&[Arriving]> {
        self.0.get(author).map(|candidate| candidate.entries.as_slice())
    }

    /// Tells whether an applicant's log is here.
    #[must_use]
    pub fn contains(&self, author: &AuthorId) -> bool {
        self.0.contains_key(author)
    }

    /// Returns the bytes of all that is kept.
    pub(super) fn bytes(&self) -> usize {
        self.0.values().map(|candidate| candidate.bytes).sum()
    }

    /// Makes room for `bytes` more and returns who was forgotten, the oldest first.
    fn make_room(&mut self, bytes: usize) -> Vec<AuthorId> {
        let mut dropped = Vec::new();
        let over = |kept: &Self| kept.0.len() >= MAX_CANDIDATES || kept.bytes() + bytes > MAX_BYTES_IN_ALL;
        while over(self) {
            let oldest = self.0.iter().min_by_key(|(_, candidate)| candidate.since);
            let Some(author) = oldest.map(|(author, _)| *author) else { break };
            self.0.remove(&author);
            dropped.push(author);
        }
        dropped
    }
}

impl Engine {
    /// Keeps an application if it is one: a small valid log, in one line, that asks to join this
    /// network. Tells whether it was kept.
    pub(super) fn keep_candidate(
        &mut self,
        author: AuthorId,
        entries: Vec<Arriving>,
        turn: &mut Turn,
    ) -> bool {
        let bytes = entries.iter().map(size).sum();
        let within = entries.len() <= MAX_ENTRIES && bytes <= MAX_BYTES;
        if !within || self.replicated.contains(&author) || !self.is_application(author, &entries) {
            return false;
        }
        self.candidates.0.remove(&author);
        for dropped in self.candidates.make_room(bytes) {
            turn.out.push(Effect::DropCandidate { author: dropped });
        }
        turn.out.push(Effect::KeepCandidate { author, entries: entries.clone() });
        self.candidates.0.insert(author, Candidate { entries, bytes, since: turn.now });
        true
    }

    fn is_application(&self, author: AuthorId, entries: &[Arriving]) -> bool {
        let Some((inception, rest)) = entries.split_first() else { return false };
        let Ok(mut log) = Log::begin(&inception.signed) else { return false };
        let mut head = inception.signed.id();
        let mut joined = false;
        for arriving in rest {
            let entry = arriving.signed.entry();
            let place = log.tree().choose(None, None).head;
            if entry.prev() != Some(head) || log.extend(place, &arriving.signed).is_err() {
                return false;
            }
            head = entry.id();
            let says = arriving
                .body
                .as_ref()
                .and_then(|body| Says::read(entry.kind(), entry.header().body.hash, body));
            match says {
                Some(Says::Join { net, .. }) if Some(net) == self.net => joined = true,
                Some(Says::Leave { net }) if Some(net) == self.net => joined = false,
                _ => {}
            }
        }
        log.author() == author && joined
    }

    /// Moves the application of an author who is now listed into the store.
    pub(super) fn promote(&mut self, author: &AuthorId, turn: &mut Turn, index: &dyn Index) {
        let Some(candidate) = self.candidates.0.remove(author) else { return };
        turn.out.push(Effect::DropCandidate { author: *author });
        for arriving in &candidate.entries {
            // It was checked when it was kept; a log that came by another way meanwhile wins.
            if self.take(arriving, turn, index).is_err() {
                return;
            }
        }
    }

    /// Tells whether our own log asks to join and is not listed yet.
    pub(super) fn is_applicant(&self) -> bool {
        let Some(me) = self.me.filter(|me| !self.governance.replicates(*me)) else { return false };
        let asks = |statement: &Statement| matches!(&statement.says, Says::Join { net, .. } if Some(*net) == self.net);
        self.logs.get(&me).is_some_and(|known| known.statements.iter().any(asks))
    }
}
