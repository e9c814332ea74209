//! A sync session's course: which frame answers which, and what is asked for next (Y1 to Y7).

use super::answer::{Answer, Fault, MAX_STAGED};
use super::authors::Taken;
use super::spread::gathers;
use super::{Arriving, Effect, Ending, Engine, Index, Peer, SessionId, Turn, candidates};
use crate::id::{AuthorId, BodyHash, sha256};
use crate::sync::session::{
    MAX_BYTES, MAX_DURATION, MAX_SILENCE, MAX_STEWARDS, MAX_WANTS, Purpose, Session, Stage,
};
use crate::sync::{EndCode, Frame, Hello, MAX_ASK, MAX_CANDIDATES, Want};

impl Engine {
    /// Begins a session: says hello.
    pub(super) fn open(&mut self, id: SessionId, peer: Peer, steward_node: bool, turn: &mut Turn) {
        let Some(net) = self.net else {
            return turn.out.push(Effect::EndSession { session: id, ending: Ending::OtherNetwork });
        };
        let root = self.heads.root();
        let candidates = self.candidates_for(steward_node);
        let hello = Hello { net, root, time: turn.now, candidates };
        turn.out.push(Effect::Send { session: id, frame: Frame::Hello(hello) });
        self.sessions.insert(id, (Session::new(peer, steward_node, root, turn.now), Vec::new().into()));
    }

    /// Our own application goes to everyone, others' to stewards' nodes only (N12).
    fn candidates_for(&self, steward_node: bool) -> Option<Vec<AuthorId>> {
        let own = self.me.filter(|_| self.is_applicant());
        let others = self.candidates.authors().filter(|_| steward_node);
        let named: Vec<AuthorId> = own.into_iter().chain(others).take(MAX_CANDIDATES).collect();
        (!named.is_empty()).then_some(named)
    }

    /// Takes a frame other than `entries`.
    pub(super) fn frame(
        &mut self,
        id: SessionId,
        frame: Frame,
        len: usize,
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        let Some((mut session, mut answers)) = self.sessions.remove(&id) else { return };
        session.heard = turn.now;
        session.bytes += len;
        let result = match frame {
            Frame::Hello(hello) if Some(hello.net) != self.net => {
                return turn.out.push(Effect::EndSession { session: id, ending: Ending::OtherNetwork });
            }
            Frame::Hello(hello) => self.hello(id, &mut session, hello, turn, index),
            Frame::Stewards(stewards) => self.stewards(id, &mut session, &stewards, turn, index),
            Frame::Buckets(hashes) => self.buckets(id, &mut session, hashes, turn),
            Frame::Rows(rows) => self.rows(&mut session, &rows, index),
            Frame::Want(want) => self.want(id, &session, &want, turn, index),
            Frame::Entries(_) => Err("Y7"),
            Frame::End { author, code } => match answers.pop_front() {
                Some(mut answer) if answer.author == Some(author) => {
                    // What was left for later is no fault of what came.
                    answer.newer |= code == EndCode::Later;
                    session.later |= code == EndCode::Later;
                    self.conclude(answer, turn, index)
                }
                _ => Err("Y7"),
            },
            Frame::Ask(_) if session.theirs.is_none() => Err("Y7"),
            Frame::Ask(hashes) => {
                turn.out.push(Effect::ServeBodies { session: id, hashes });
                Ok(())
            }
            Frame::BodyIs(hash, body) => self.body_is(&mut session, hash, body, turn),
            Frame::Done => {
                session.peer_done = true;
                Ok(())
            }
        };
        self.carry_on(id, session, answers, result, turn, index);
    }

    /// Takes a frame of entries: the answer to our oldest open `want`.
    pub(super) fn entries(
        &mut self,
        id: SessionId,
        entries: Vec<Arriving>,
        newer: bool,
        len: usize,
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        let Some((mut session, mut answers)) = self.sessions.remove(&id) else { return };
        session.heard = turn.now;
        session.bytes += len;
        let result = match answers.front_mut() {
            Some(answer) => {
                answer.newer |= newer;
                self.answered(&mut session, answer, entries, turn, index)
            }
            None => Err("Y7"),
        };
        self.carry_on(id, session, answers, result, turn, index);
    }

    fn answered(
        &mut self,
        session: &mut Session,
        answer: &mut Answer,
        entries: Vec<Arriving>,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        for arriving in entries {
            let entry = arriving.signed.entry().clone();
            if answer.author != Some(entry.author()) {
                return Err("Y3");
            }
            if answer.purpose == Some(Purpose::Founding) && self.governance.charter_known() {
                // Another steward's log brought the charter meanwhile.
                if !self.replicated.contains(&entry.author()) {
                    continue;
                }
                answer.purpose = Some(Purpose::Log);
                for earlier in answer.take_gathered() {
                    self.receive(answer, earlier, turn, index)?;
                }
            }
            if answer.purpose.is_some_and(gathers) {
                let founding = self.is_founding(&arriving);
                answer.gather(arriving);
                if founding {
                    answer.purpose = Some(Purpose::Log);
                    for earlier in answer.take_gathered() {
                        self.receive(answer, earlier, turn, index)?;
                    }
                    session.progressed = true;
                } else {
                    check_gathered(answer)?;
                }
                continue;
            }
            let lacks_body = arriving.body.is_none();
            let taken = self.receive(answer, arriving, turn, index)?;
            self.note_own(&entry, taken, turn);
            if taken == Taken::Stored {
                session.progressed = true;
                let hash = entry.header().body.hash;
                if lacks_body && self.missing.len_of(&hash).is_some() {
                    session.queue_body(hash);
                }
            }
        }
        Ok(())
    }

    /// Puts a session back, ends it where a rule was broken or a bound reached, asks what is next.
    fn carry_on(
        &mut self,
        id: SessionId,
        mut session: Session,
        mut answers: std::collections::VecDeque<Answer>,
        result: Result<(), Fault>,
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        while self.stale {
            self.stale = false;
            self.govern(turn, index);
        }
        if let Err(rule) = result {
            turn.out.push(Effect::Penalise { peer: session.peer, rule });
            return turn.out.push(Effect::EndSession { session: id, ending: Ending::Fault(rule) });
        }
        if session.bytes > MAX_BYTES {
            let ending = if session.progressed { Ending::Bound } else { Ending::Stalled };
            return turn.out.push(Effect::EndSession { session: id, ending });
        }
        self.ask(id, &mut session, &mut answers, turn, index);
        if session.stage == Stage::Done && session.peer_done {
            return turn.out.push(Effect::EndSession { session: id, ending: ending(&session) });
        }
        self.sessions.insert(id, (session, answers));
    }

    fn hello(
        &mut self,
        id: SessionId,
        session: &mut Session,
        hello: Hello,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        if session.theirs.is_some() {
            return Err("Y7");
        }
        for author in hello.candidates.iter().flatten() {
            if !self.replicated.contains(author) && !self.candidates.contains(author) {
                session.queue(*author, Purpose::Candidate);
            }
        }
        self.missing.newest_first().for_each(|hash| session.queue_body(hash));
        if hello.root == session.root && self.governance.charter_known() {
            self.queue_tips(session, turn.now, index);
            session.stage = Stage::Pull;
        } else if hello.root != session.root {
            self.send_stewards(id, session, turn);
            session.stage = Stage::Stewards;
        } else {
            session.stage = Stage::Pull;
        }
        session.theirs = Some(hello);
        Ok(())
    }

    /// Sends what is next: requests while there is room, then the next stage, then `done`.
    fn ask(
        &mut self,
        id: SessionId,
        session: &mut Session,
        answers: &mut std::collections::VecDeque<Answer>,
        turn: &mut Turn,
        index: &dyn Index,
    ) {
        while answers.len() < MAX_WANTS {
            let Some((author, purpose)) = session.queue.pop_front() else { break };
            let tip = if let Purpose::Tip(tip) = purpose { Some(tip) } else { None };
            let have = self.have(&author, index);
            turn.out.push(Effect::Send { session: id, frame: Frame::Want(Want { tip, have, author }) });
            answers.push_back(Answer::to(author, purpose));
        }
        if session.asked_bodies.is_empty() && !session.bodies.is_empty() {
            let count = session.bodies.len().min(MAX_ASK);
            let hashes: Vec<BodyHash> = session.bodies.drain(..count).collect();
            session.asked_bodies.extend(hashes.iter().copied());
            turn.out.push(Effect::Send { session: id, frame: Frame::Ask(hashes) });
        }
        if !answers.is_empty() || !session.queue.is_empty() {
            return;
        }
        match session.stage {
            Stage::Stewards if session.stewards_received > 0 && !session.awaits_stewards => {
                let grown = self.governance.all_stewards().len() > session.stewards_known;
                if grown && session.stewards_sent < MAX_STEWARDS {
                    session.awaits_stewards = true;
                    return self.send_stewards(id, session, turn);
                }
                session.our_buckets = self.heads.buckets();
                session.stage = Stage::Buckets;
                let frame = Frame::Buckets(session.our_buckets.clone());
                turn.out.push(Effect::Send { session: id, frame });
                if !session.their_buckets.is_empty() {
                    self.send_rows(id, session, turn);
                    self.ask(id, session, answers, turn, index);
                }
            }
            Stage::Rows if session.rows_received => {
                session.stage = Stage::Pull;
                self.queue_tips(session, turn.now, index);
                self.ask(id, session, answers, turn, index);
            }
            Stage::Pull if session.asked_bodies.is_empty() && session.bodies.is_empty() => {
                session.stage = Stage::Done;
                turn.out.push(Effect::Send { session: id, frame: Frame::Done });
            }
            _ => {}
        }
    }

    fn body_is(
        &mut self,
        session: &mut Session,
        hash: BodyHash,
        body: Option<Vec<u8>>,
        turn: &mut Turn,
    ) -> Result<(), Fault> {
        if session.asked_bodies.pop_front() != Some(hash) {
            return Err("Y7");
        }
        let Some(body) = body else { return Ok(()) };
        match self.missing.len_of(&hash) {
            Some(len) if len != body.len() as u64 || sha256(&body) != hash.0 => Err("B1"),
            Some(_) => {
                self.missing.forget(&hash);
                session.progressed = true;
                turn.batch.bodies.push((hash, body.into()));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The peer closed its half of the stream, which says no more than `done` does.
    pub(super) fn half_closed(&mut self, id: SessionId, turn: &mut Turn) {
        let Some((session, _)) = self.sessions.get_mut(&id) else { return };
        session.peer_done = true;
        if session.stage == Stage::Done {
            let ending = ending(session);
            self.sessions.remove(&id);
            turn.out.push(Effect::EndSession { session: id, ending });
        }
    }

    /// Ends sessions that reached their time or fell silent (Y7).
    pub(super) fn tick(&mut self, turn: &mut Turn) {
        let now = turn.now;
        for (session, _) in self.sessions.values_mut() {
            // A clock that was set back must not keep a silent peer's session until it has caught up.
            session.heard = session.heard.min(now);
            session.opened = session.opened.min(now);
        }
        let over: Vec<(SessionId, Ending)> = self
            .sessions
            .iter()
            .filter_map(|(id, (session, _))| {
                if now.saturating_sub(session.heard) > MAX_SILENCE {
                    Some((*id, Ending::Stalled))
                } else if now.saturating_sub(session.opened) > MAX_DURATION {
                    let ending = if session.progressed { Ending::Bound } else { Ending::Stalled };
                    Some((*id, ending))
                } else {
                    None
                }
            })
            .collect();
        for (id, ending) in over {
            self.sessions.remove(&id);
            turn.out.push(Effect::EndSession { session: id, ending });
        }
    }

    /// Returns the peer of a session.
    #[must_use]
    pub fn peer_of(&self, session: SessionId) -> Option<Peer> {
        self.sessions.get(&session).map(|(session, _)| session.peer)
    }
}

/// Returns how a session ends in which both sides have asked all they can.
const fn ending(session: &Session) -> Ending {
    match (session.later, session.progressed) {
        (false, _) => Ending::Complete,
        (true, true) => Ending::Bound,
        (true, false) => Ending::Stalled,
    }
}

/// What is gathered of a log that is judged as a whole is bounded.
fn check_gathered(answer: &Answer) -> Result<(), Fault> {
    let (entries, bytes) = answer.gathered_size();
    // A steward's log may have served another network for years before this one's charter.
    let within = if answer.purpose == Some(Purpose::Founding) {
        bytes <= MAX_STAGED
    } else {
        bytes <= candidates::MAX_BYTES && entries <= candidates::MAX_ENTRIES
    };
    if within { Ok(()) } else { Err("N12") }
}
