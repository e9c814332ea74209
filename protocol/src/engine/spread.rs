//! What comes outside of a session: own entries, files, gossip (G3).

use super::answer::Answer;
use super::authors::{Taken, Weight};
use super::{Arriving, Done, Effect, Engine, Index, MAX_APPEND, Peer, Turn};
use crate::entry::Form;
use crate::gossip::{Message, Verdict};
use crate::id::MessageId;
use crate::sync::session::Purpose;

impl Engine {
    /// Takes entries signed here; announces them once they are durable.
    pub(super) fn publish(&mut self, token: u64, entries: &[Arriving], turn: &mut Turn, index: &dyn Index) {
        let mut done = Done::default();
        for arriving in entries {
            let id = arriving.signed.id();
            // Written during a suspension: kept, and told when stewards admit again (N7).
            let untold = self.is_beyond_cut(&arriving.signed);
            let taken = match self.take(arriving, turn, index) {
                Ok(Taken::Idle) if untold => {
                    self.weigh(std::slice::from_ref(arriving), Weight::Kept, turn, index)
                }
                taken => taken,
            };
            match taken {
                Ok(Taken::Stored) => {
                    done.stored.push(id);
                    if !untold {
                        turn.held.push(Effect::Announce { message: message(arriving) });
                    }
                }
                Ok(Taken::Known) => done.known += 1,
                Ok(Taken::Idle | Taken::Orphan | Taken::OverQuota) => done.ignored += 1,
                Ok(Taken::Bodiless) => done.refused.push((id, "V7")),
                Err(error) => done.refused.push((id, error.rule())),
            }
        }
        turn.held.push(Effect::Done { token, done });
    }

    /// Takes the entries of a file: of replicated authors by the ordinary way, stewards' first because
    /// writers put them first; other authors as applications.
    pub(super) fn import(&mut self, token: u64, entries: Vec<Arriving>, turn: &mut Turn, index: &dyn Index) {
        let mut done = Done::default();
        let mut answer = Answer::import();
        let mut strangers: Vec<Arriving> = Vec::new();
        let mut bytes = 0;
        for arriving in entries {
            let entry = arriving.signed.entry().clone();
            bytes += super::answer::size(&arriving);
            if !self.replicated.contains(&entry.author())
                && !self.found(&arriving, &mut strangers, turn, index)
            {
                strangers.push(arriving);
                continue;
            }
            match self.receive(&mut answer, arriving, turn, index) {
                Ok(taken) => {
                    self.note_own(&entry, taken, turn);
                    match taken {
                        Taken::Stored => done.stored.push(entry.id()),
                        Taken::Known => done.known += 1,
                        Taken::Idle | Taken::Orphan | Taken::Bodiless | Taken::OverQuota => {
                            done.ignored += 1;
                        }
                    }
                }
                Err(rule) => done.refused.push((entry.id(), rule)),
            }
            while self.stale {
                self.stale = false;
                self.govern(turn, index);
            }
            if bytes >= MAX_APPEND {
                bytes = 0;
                self.finish(turn, index);
            }
        }
        self.apply(strangers, &mut done, turn);
        turn.held.push(Effect::Done { token, done });
    }

    /// Where no charter is known yet, looks in a stranger's entry for the charter's version 0; with it
    /// the stewards are known, and what came before of them is taken.
    fn found(
        &mut self,
        arriving: &Arriving,
        strangers: &mut Vec<Arriving>,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> bool {
        if !self.is_founding(arriving) {
            return false;
        }
        let author = arriving.signed.author();
        let (theirs, others) = std::mem::take(strangers)
            .into_iter()
            .partition(|earlier: &Arriving| earlier.signed.author() == author);
        *strangers = others;
        let mut answer = Answer::import();
        for earlier in theirs {
            if self.receive(&mut answer, earlier, turn, index).is_err() {
                return false;
            }
        }
        true
    }

    fn apply(&mut self, strangers: Vec<Arriving>, done: &mut Done, turn: &mut Turn) {
        let mut logs = std::collections::BTreeMap::<_, Vec<Arriving>>::new();
        for arriving in strangers {
            logs.entry(arriving.signed.author()).or_default().push(arriving);
        }
        for (author, entries) in logs {
            let count = entries.len();
            if self.keep_candidate(author, entries, turn) {
                done.candidates.push(author);
            } else {
                done.ignored += count;
            }
        }
    }

    /// Takes a gossiped entry and judges the message.
    pub(super) fn gossip(
        &mut self,
        from: Peer,
        id: MessageId,
        arriving: &Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        let entry = arriving.signed.entry();
        if !self.replicated.contains(&entry.author()) || self.is_beyond_cut(entry) {
            return judge(turn, from, id, Verdict::Ignore);
        }
        let (author, size) = (entry.author(), super::answer::size(arriving));
        if !self.quotas.keeps_pace(&author, size, turn.now) {
            return judge(turn, from, id, Verdict::Ignore);
        }
        match self.take(arriving, turn, index) {
            Ok(Taken::Stored) => {
                self.quotas.note_pace(&author, size, turn.now);
                self.note_own(entry, Taken::Stored, turn);
                // Forwarded, and so public, only once it is on disk here.
                turn.held.push(Effect::Judge { from, id, verdict: Verdict::Accept });
                if arriving.body.is_none() {
                    turn.held.push(Effect::Pull { peer: from });
                }
            }
            Ok(Taken::Known | Taken::Idle | Taken::OverQuota) => judge(turn, from, id, Verdict::Ignore),
            Ok(taken @ (Taken::Orphan | Taken::Bodiless)) => {
                self.note_own(entry, taken, turn);
                judge(turn, from, id, Verdict::Ignore);
                turn.out.push(Effect::Pull { peer: from });
            }
            Err(error) => {
                judge(turn, from, id, Verdict::Reject);
                turn.out.push(Effect::Penalise { peer: from, rule: error.rule() });
            }
        }
    }

    /// Takes the proof of a fork: two plain entries with one parent.
    pub(super) fn fork_proof(
        &mut self,
        from: Peer,
        id: MessageId,
        entries: &[Arriving; 2],
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        let [a, b] = entries.each_ref().map(|arriving| arriving.signed.entry());
        let proves = a.id() < b.id()
            && a.prev() == b.prev()
            && a.author() == b.author()
            && [a, b].iter().all(|entry| entry.form() == Form::Plain);
        if !proves {
            judge(turn, from, id, Verdict::Reject);
            return turn.out.push(Effect::Penalise { peer: from, rule: "G1" });
        }
        if !self.replicated.contains(&a.author()) {
            return judge(turn, from, id, Verdict::Ignore);
        }
        let mut verdict = Verdict::Ignore;
        let author = a.author();
        let taken = match self.take_fork(entries.each_ref(), turn, index) {
            Ok(taken) => taken,
            Err(error) => {
                judge(turn, from, id, Verdict::Reject);
                return turn.out.push(Effect::Penalise { peer: from, rule: error.rule() });
            }
        };
        for taken in taken {
            match taken {
                Taken::Stored => verdict = Verdict::Accept,
                Taken::Known | Taken::Idle | Taken::OverQuota => {}
                Taken::Orphan | Taken::Bodiless => turn.out.push(Effect::Pull { peer: from }),
            }
        }
        // The proof itself goes on to everyone.
        turn.forks.remove(&author);
        turn.held.push(Effect::Judge { from, id, verdict });
    }

    /// Tells whether this entry holds the charter's version 0 while no charter is known, and its author
    /// is one of the stewards that it names (N1).
    pub(super) fn is_founding(&self, arriving: &Arriving) -> bool {
        let entry = arriving.signed.entry();
        let hash = entry.header().body.hash;
        let read = || crate::network::Says::read(entry.kind(), hash, arriving.body.as_ref()?);
        if self.governance.charter_known() || Some(hash.as_network()) != self.net {
            return false;
        }
        matches!(read(), Some(crate::network::Says::Charter { charter, .. })
            if charter.stewards.contains(&entry.author()))
    }
}

fn judge(turn: &mut Turn, from: Peer, id: MessageId, verdict: Verdict) {
    turn.out.push(Effect::Judge { from, id, verdict });
}

/// Returns the gossip message that announces an entry.
fn message(arriving: &Arriving) -> Vec<u8> {
    let entry = arriving.signed.entry();
    let body = arriving.body.as_ref().filter(|_| entry.carries_body());
    Message::Entry { envelope: entry.envelope().to_vec(), body: body.map(|body| body.to_vec()) }.encode()
}

/// Tells for which purposes a log is gathered before it is judged.
pub(super) const fn gathers(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Candidate | Purpose::Founding)
}
