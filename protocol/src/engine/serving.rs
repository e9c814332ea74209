//! Asking for a log and answering for one: what `have` names, and which runs answer a `want` (Y3, Y5).

use std::collections::BTreeMap;

use super::answer::Fault;
use super::{Arriving, Effect, Engine, Index, SessionId, Turn};
use crate::codec::MAX_FRAME;
use crate::id::{AuthorId, EntryId, Seq};
use crate::log::{Head, Place, Status, Stretch};
use crate::sync::session::Session;
use crate::sync::{Carried, EndCode, Frame, Want};

impl Engine {
    /// Returns ids of our canonical log at head, head-1, -2, -4 ... 0, of durable entries only.
    pub(super) fn have(&self, author: &AuthorId, index: &dyn Index) -> Vec<EntryId> {
        let (Some(view), Some(public)) = (self.views.get(author), self.held_head(author)) else {
            return Vec::new();
        };
        let top = public.seq.min(view.choice.head.seq);
        let steps = std::iter::once(0).chain((0..32).map(|power| 1_u32 << power));
        let mut seqs: Vec<u32> = steps.map_while(|step| top.checked_sub(step)).collect();
        if seqs.last() != Some(&0) {
            seqs.push(0);
        }
        let ids = seqs.into_iter().filter_map(|seq| {
            let id = self.id_at(author, view.choice.at(seq)?, index)?;
            (!view.pending.contains_key(&id)).then_some(id)
        });
        ids.collect()
    }

    /// Returns the durable head of an author, listed or not.
    fn held_head(&self, author: &AuthorId) -> Option<Head> {
        self.heads.get(author).or_else(|| self.views.get(author)?.head)
    }

    /// Answers a `want` (Y3).
    pub(super) fn want(
        &self,
        id: SessionId,
        session: &Session,
        want: &Want,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        let author = want.author;
        if session.theirs.is_none() {
            return Err("Y7");
        }
        if let Some(entries) = self.candidates.entries(&author) {
            for frame in carry(entries) {
                turn.out.push(Effect::Send { session: id, frame });
            }
            let frame = Frame::End { code: EndCode::Sent, author };
            turn.out.push(Effect::Send { session: id, frame });
            return Ok(());
        }
        let served = self.governance.replicates(author) || (self.me == Some(author) && self.is_applicant());
        let runs = if served { self.runs(session, want, index) } else { None };
        turn.out.push(match runs {
            Some(runs) => Effect::Serve { session: id, author, runs, code: EndCode::Sent },
            None => Effect::Serve { session: id, author, runs: Vec::new(), code: EndCode::NotHeld },
        });
        Ok(())
    }

    /// Returns what answers a `want`: the canonical log after the last shared entry, or the path to the
    /// tip; then the evidence. A branch begins with the rotation that it ends in (Y5).
    fn runs(&self, session: &Session, want: &Want, index: &dyn Index) -> Option<Vec<Stretch>> {
        let author = &want.author;
        let (known, view) = (self.logs.get(author)?, self.views.get(author)?);
        let tree = known.log.tree();
        // What is on its way to the disk, the end of a branch or all of it, is not public.
        let mut on_the_way: BTreeMap<u16, Seq> = BTreeMap::new();
        for place in view.pending.values() {
            let first = on_the_way.entry(place.branch).or_insert(place.seq);
            *first = place.seq.min(*first);
        }
        let durable = |run: &Stretch| {
            let mut run = *run;
            if let Some(first) = on_the_way.get(&run.branch) {
                run.last = run.last.min(first.checked_sub(1)?);
            }
            (run.first <= run.last).then_some(run)
        };
        let shared = want
            .have
            .iter()
            .filter_map(|id| self.locate(author, id, index))
            .filter(|place| view.choice.contains(*place))
            .map(|place| place.seq)
            .max();
        if let Some(tip) = &want.tip {
            let place = self.locate(author, tip, index)?;
            // It may branch off below the last entry that is shared.
            let held = want.have.iter().filter_map(|id| self.locate(author, id, index));
            let shared = held.filter(|held| tree.is_above(*held, place)).map(|held| held.seq).max();
            let after = shared.map_or(0, |seq| seq + 1);
            let path = tree.path(place).into_iter().map(|run| Stretch { first: run.first.max(after), ..run });
            return Some(path.filter(|run| run.first <= run.last).filter_map(|run| durable(&run)).collect());
        }
        let canonical = shared.map_or_else(|| view.choice.path().to_vec(), |seq| view.choice.after(seq));
        let evidence = tree.evidence(&view.choice, view.cut);
        let theirs = session.their_heads.get(author);
        let frozen = theirs.is_some_and(|head| head.status != Status::Ok);
        let on_path = want
            .have
            .first()
            .is_none_or(|id| self.locate(author, id, index).is_some_and(|place| view.choice.contains(place)));
        let mut runs = canonical;
        let mut led = frozen || !on_path;
        if led && let Some(rotation) = tree.first_rotation(&runs) {
            runs = lead(runs, rotation);
            led = false;
        }
        for path in evidence {
            match tree.first_rotation(&path) {
                // The lead may stand in the evidence: it then leads the whole answer.
                Some(rotation) if led => {
                    runs.extend(path);
                    runs = lead(runs, rotation);
                    led = false;
                }
                Some(rotation) => runs.extend(lead(path, rotation)),
                None => runs.extend(path),
            }
        }
        Some(runs.iter().filter_map(durable).collect())
    }
}

/// Moves the entry at `rotation` to the front of `runs`.
fn lead(runs: Vec<Stretch>, rotation: Place) -> Vec<Stretch> {
    let alone = Stretch { branch: rotation.branch, first: rotation.seq, last: rotation.seq };
    let mut out = vec![alone];
    for run in runs {
        if run.branch != rotation.branch || !(run.first..=run.last).contains(&rotation.seq) {
            out.push(run);
            continue;
        }
        if run.first < rotation.seq {
            out.push(Stretch { last: rotation.seq - 1, ..run });
        }
        if run.last > rotation.seq {
            out.push(Stretch { first: rotation.seq + 1, ..run });
        }
    }
    out
}

/// Returns the frames that carry a small log.
fn carry(entries: &[Arriving]) -> Vec<Frame> {
    let mut frames = vec![Vec::new()];
    let mut bytes = 0;
    for arriving in entries {
        bytes += super::answer::size(arriving);
        if bytes > MAX_FRAME / 2 {
            frames.push(Vec::new());
            bytes = super::answer::size(arriving);
        }
        let body = arriving.body.as_ref().map(|body| body.to_vec());
        let carried = Carried { envelope: arriving.signed.envelope().to_vec(), body };
        frames.last_mut().expect("one at least").push(carried);
    }
    frames.into_iter().filter(|carried| !carried.is_empty()).map(Frame::Entries).collect()
}
