//! The answer to a `want`, or an imported bundle, as it comes in: what extends the head is taken at
//! once; a branch waits until the rotation that may crown it is reached (Y4, Y5).

use std::collections::BTreeMap;

use super::authors::{Taken, Weight};
use super::{Arriving, Effect, Engine, Index, Turn};
use crate::entry::{Entry, Form};
use crate::id::{AuthorId, EntryId};
use crate::sync::session::Purpose;

/// Bytes of envelopes and bodies that one answer may hold back: some 40,000 entries of a branch whose
/// bodies are left for later.
pub(super) const MAX_STAGED: usize = 16 << 20;

/// Why an answer is refused: the rule that the peer broke.
pub(super) type Fault = &'static str;

/// One answer on its way in.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) author: Option<AuthorId>,
    pub(super) purpose: Option<Purpose>,
    /// The rotation that the branch to come ends in (Y5).
    lead: Option<Arriving>,
    /// The answer began with the lead, so the peer owes the branch to it.
    owed: bool,
    /// An entry came.
    begun: bool,
    /// Entries of branches that nothing has crowned yet.
    staged: BTreeMap<EntryId, Arriving>,
    bytes: usize,
    /// Everything, for the purposes that judge a log as a whole.
    gathered: Vec<Arriving>,
    gathered_bytes: usize,
    /// An entry of a later version came (V2), the rest was left for later, or more came than is held
    /// back: what follows cannot be judged.
    pub(super) newer: bool,
    /// There was no room for an entry (Y7): the rest of the answer is passed over, and nobody is to blame.
    over_quota: bool,
    /// That entry, until it is seen whether the next stands beside it.
    refused: Option<Arriving>,
}

impl Answer {
    /// Returns the answer to come for a `want`.
    pub(super) fn to(author: AuthorId, purpose: Purpose) -> Self {
        Self { author: Some(author), purpose: Some(purpose), ..Self::import() }
    }

    /// Returns what takes an imported bundle, of any authors.
    pub(super) fn import() -> Self {
        Self {
            author: None,
            purpose: None,
            lead: None,
            owed: false,
            begun: false,
            staged: BTreeMap::new(),
            bytes: 0,
            gathered: Vec::new(),
            gathered_bytes: 0,
            newer: false,
            over_quota: false,
            refused: None,
        }
    }

    /// Returns the bytes that are held back until something crowns or judges them.
    pub(super) fn held_back(&self) -> usize {
        self.bytes + self.gathered_bytes
    }

    /// Adds to what is judged as a whole.
    pub(super) fn gather(&mut self, arriving: Arriving) {
        self.gathered_bytes += size(&arriving);
        self.gathered.push(arriving);
    }

    /// Returns how many entries are gathered, and their bytes.
    pub(super) const fn gathered_size(&self) -> (usize, usize) {
        (self.gathered.len(), self.gathered_bytes)
    }

    /// Takes what was gathered, to be judged entry by entry.
    pub(super) fn take_gathered(&mut self) -> Vec<Arriving> {
        self.gathered_bytes = 0;
        std::mem::take(&mut self.gathered)
    }

    /// Holds an entry back. Where room gets short, bodies that may come later are left for later; where
    /// that does not help, the entry is forgotten, and what follows it cannot be judged.
    fn stage(&mut self, mut arriving: Arriving) {
        if self.bytes + size(&arriving) > MAX_STAGED {
            self.staged.values_mut().for_each(leave_body);
            self.bytes = self.staged.values().map(size).sum();
            leave_body(&mut arriving);
        }
        let len = size(&arriving);
        if self.bytes + len > MAX_STAGED {
            self.newer = true;
            return;
        }
        self.bytes += len;
        self.staged.insert(arriving.signed.id(), arriving);
    }

    /// Returns the staged path that ends in `last`, parents first.
    fn path_to(&self, last: &Arriving) -> Vec<Arriving> {
        let mut path = vec![last.clone()];
        while let Some(above) = path.last().and_then(|entry| self.staged.get(&entry.signed.prev()?)) {
            path.push(above.clone());
        }
        path.reverse();
        path
    }

    fn drop_path(&mut self, path: &[Arriving]) {
        for entry in path {
            if self.staged.remove(&entry.signed.id()).is_some() {
                self.bytes -= size(entry);
            }
        }
    }
}

/// Leaves a body for later, where its entry may be stored without it (V7).
fn leave_body(arriving: &mut Arriving) {
    if !arriving.signed.is_network_kind() {
        arriving.body = None;
    }
}

/// Returns the bytes that an entry holds in memory.
pub(super) fn size(arriving: &Arriving) -> usize {
    arriving.signed.envelope().len() + arriving.body.as_ref().map_or(0, |body| body.len())
}

impl Engine {
    /// Takes the next entry of an answer.
    pub(super) fn receive(
        &mut self,
        answer: &mut Answer,
        arriving: Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, Fault> {
        if answer.over_quota {
            return match answer.refused.take() {
                Some(first) if first.signed.prev() == arriving.signed.prev() => {
                    let taken = self.take_fork([&first, &arriving], turn, index);
                    taken.map(|[_, second]| second).map_err(|error| error.rule())
                }
                _ => Ok(Taken::OverQuota),
            };
        }
        if answer.author.is_some()
            && self.extends_head(&arriving.signed)
            && self.is_over_quota(&arriving, turn)
        {
            answer.over_quota = true;
            answer.refused = Some(arriving);
            return Ok(Taken::OverQuota);
        }
        self.receive_next(answer, arriving, turn, index)
    }

    fn receive_next(
        &mut self,
        answer: &mut Answer,
        arriving: Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, Fault> {
        let entry = arriving.signed.entry();
        let id = entry.id();
        let author = entry.author();
        let first = !std::mem::replace(&mut answer.begun, true);
        let begins = entry.form() == Form::Inception && !self.logs.contains_key(&author);
        if begins || self.extends_head(entry) {
            let taken = self.take(&arriving, turn, index).map_err(|error| error.rule())?;
            if taken == Taken::Bodiless {
                return Err("V7");
            }
            self.follow_lead(answer, id, turn, index)?;
            return Ok(taken);
        }
        if self.locate(&author, &id, index).is_some() {
            let taken = self.take(&arriving, turn, index).map_err(|error| error.rule())?;
            self.follow_lead(answer, id, turn, index)?;
            return Ok(taken);
        }
        if self.is_beyond_cut(entry) {
            return Ok(Taken::Idle);
        }
        self.branch_off(answer, arriving, first, turn, index)
    }

    /// Takes an entry that lies off the canonical log.
    fn branch_off(
        &mut self,
        answer: &mut Answer,
        arriving: Arriving,
        first: bool,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, Fault> {
        let entry = arriving.signed.entry();
        let (id, author) = (entry.id(), entry.author());
        let Some(prev) = entry.prev() else { return Ok(Taken::Orphan) };
        let parent = self.locate(&author, &prev, index);
        let rotation = entry.form() == Form::Rotation;
        if parent.is_none() && !answer.staged.contains_key(&prev) {
            if rotation && answer.purpose == Some(Purpose::Log) {
                if self.owes_lead(answer) {
                    return Err("Y5");
                }
                answer.lead = Some(arriving);
                answer.owed = first;
            }
            return Ok(Taken::Orphan);
        }
        if let Some(Purpose::Tip(_)) = answer.purpose {
            answer.stage(arriving);
            return Ok(Taken::Idle);
        }
        if rotation {
            return self.weigh_staged(answer, &arriving, turn, index);
        }
        if let Some(parent) = parent {
            // The lead vouches for the branch: only the owner's rotation key can have made it.
            let known = &self.logs[&author].log;
            let leads = answer.lead.as_ref().is_some_and(|lead| known.admits_rotation(parent, &lead.signed));
            if answer.lead.is_some() && answer.owed && !leads {
                return Err("V5");
            }
            if !leads {
                let branch = std::slice::from_ref(&arriving);
                let taken = self.weigh(branch, Weight::Moves, turn, index);
                let taken = taken.map_err(|error| error.rule())?;
                match taken {
                    // The peer could not know where we branched off, or in a file nothing leads: the
                    // rotation may follow.
                    Taken::Idle => answer.stage(arriving),
                    Taken::Bodiless if answer.purpose.is_some() => return Err("V7"),
                    _ => {}
                }
                return Ok(taken);
            }
        }
        answer.stage(arriving);
        self.follow_lead(answer, id, turn, index)?;
        Ok(Taken::Idle)
    }

    /// Takes the lead once the entry that it follows is here.
    fn follow_lead(
        &mut self,
        answer: &mut Answer,
        id: EntryId,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        if answer.lead.as_ref().and_then(|lead| lead.signed.prev()) != Some(id) {
            return Ok(());
        }
        let Some(lead) = answer.lead.take() else { return Ok(()) };
        answer.owed = false;
        self.weigh_staged(answer, &lead, turn, index).map(drop)
    }

    /// Tells whether a peer still has to show what its lead hangs on. It does not where that lies beyond a cut: the
    /// suspension may have come while the answer did, and then what follows is passed over here (N7).
    fn owes_lead(&self, answer: &Answer) -> bool {
        let lead = answer.lead.as_ref().filter(|_| answer.owed && !answer.newer);
        lead.is_some_and(|lead| !self.is_beyond_cut(lead.signed.entry()))
    }

    fn weigh_staged(
        &mut self,
        answer: &mut Answer,
        last: &Arriving,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<Taken, Fault> {
        let path = answer.path_to(last);
        let taken = self.weigh(&path, Weight::Moves, turn, index).map_err(|error| error.rule())?;
        match taken {
            Taken::Stored => answer.drop_path(&path),
            Taken::Bodiless if answer.purpose.is_some() => return Err("V7"),
            _ => {}
        }
        Ok(taken)
    }

    /// Ends an answer: takes a tip that came whole, and finds fault with a lead that was not reached.
    pub(super) fn conclude(
        &mut self,
        answer: Answer,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        match (answer.purpose, answer.author) {
            (Some(Purpose::Tip(tip)), _) => {
                let Some(last) = answer.staged.get(&tip) else { return Ok(()) };
                let path = answer.path_to(last);
                self.weigh(&path, Weight::Kept, turn, index).map(drop).map_err(|error| error.rule())
            }
            (Some(Purpose::Log), _) if self.owes_lead(&answer) => {
                if answer.over_quota {
                    Ok(())
                } else {
                    Err("Y5")
                }
            }
            (Some(Purpose::Candidate), Some(author)) => {
                self.keep_candidate(author, answer.gathered, turn);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Tells that an own entry came from elsewhere, or exists there (W1). One whose parent is not held
    /// counts if the key in force signed it: anybody can name a parent, and a thief whose key was
    /// rotated away must not be able to stop its owner again.
    pub(super) fn note_own(&self, entry: &Entry, taken: Taken, turn: &mut Turn) {
        let signed = || {
            let held = self.logs.get(&entry.author()).zip(self.views.get(&entry.author()));
            held.is_some_and(|(known, view)| entry.is_signed_by(known.log.signing_key(view.choice.head)))
        };
        let unknown = match taken {
            Taken::Stored => true,
            Taken::Orphan | Taken::Bodiless => self.me == Some(entry.author()) && signed(),
            Taken::Known | Taken::Idle | Taken::OverQuota => false,
        };
        if self.me == Some(entry.author()) && unknown {
            turn.out.push(Effect::OwnUnknown { id: entry.id() });
        }
    }
}
