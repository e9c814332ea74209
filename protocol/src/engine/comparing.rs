//! Which logs a peer and this node have in different states: stewards' heads first, then buckets, then
//! rows (Y1, Y2), and the pins that are not held (Y6). What differs is queued; [`super::exchange`] asks
//! for it.

use std::collections::BTreeMap;

use super::answer::Fault;
use super::quota::Room;
use super::{Effect, Engine, Index, SessionId, Turn};
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis};
use crate::log::Status;
use crate::sync::session::{MAX_STEWARDS, Purpose, Session, Stage};
use crate::sync::{Frame, MAX_HEADS, Row, Stewards};

/// Most logs that a node which knows no charter has queued to look for it in: four charters of 64
/// stewards. A peer could name 3,000 in each of its frames.
const MAX_FOUNDING: usize = 256;
/// Most heads that checkpoints name and one session asks for.
const MAX_TIPS: usize = 64;
/// How long a pinned entry that was asked for and is not held is not asked for again, at first: some
/// peers may be asked before it grows.
pub(super) const FIRST_TIP_DELAY: Millis = 5_000;
/// The longest such time: an entry that nobody holds costs one question in ten minutes.
pub(super) const MAX_TIP_DELAY: Millis = 10 * 60_000;

impl Engine {
    pub(super) fn send_stewards(&self, id: SessionId, session: &mut Session, turn: &mut Turn) {
        let stewards = self.governance.all_stewards();
        let heads: Vec<Row> =
            stewards.iter().filter_map(|author| Some(Row::new(*author, self.heads.get(author)?))).collect();
        let net = self.net.map_or(BodyHash([0; 32]), |net| BodyHash(net.0));
        let charter = self.governance.charter().map_or(net, |version| version.hash);
        session.stewards_known = stewards.len();
        session.stewards_sent += 1;
        let frame = Frame::Stewards(Stewards { heads, charter });
        turn.out.push(Effect::Send { session: id, frame });
    }

    pub(super) fn stewards(
        &mut self,
        id: SessionId,
        session: &mut Session,
        stewards: &Stewards,
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<(), Fault> {
        if session.stage == Stage::Hello || session.stewards_received == MAX_STEWARDS {
            return Err("Y7");
        }
        session.stewards_received += 1;
        let first = session.stewards_received == 1;
        for author in session.note_heads(&stewards.heads, &self.replicated) {
            if !self.governance.charter_known() {
                if session.queue.len() < MAX_FOUNDING {
                    session.queue(author, Purpose::Founding);
                }
            } else if self.governance.was_steward(author) && self.differs(session, &author, index) {
                session.queue(author, Purpose::Log);
            }
        }
        if session.awaits_stewards {
            session.awaits_stewards = false;
        } else if !first && session.stewards_sent < MAX_STEWARDS {
            self.send_stewards(id, session, turn);
        }
        Ok(())
    }

    pub(super) fn buckets(
        &mut self,
        id: SessionId,
        session: &mut Session,
        hashes: Vec<Bytes32>,
        turn: &mut Turn,
    ) -> Result<(), Fault> {
        if session.stage == Stage::Hello || !session.their_buckets.is_empty() {
            return Err("Y7");
        }
        session.their_buckets = hashes;
        if session.stage == Stage::Buckets {
            self.send_rows(id, session, turn);
        }
        Ok(())
    }

    pub(super) fn send_rows(&self, id: SessionId, session: &mut Session, turn: &mut Turn) {
        if (0..session.our_buckets.len()).any(|bucket| session.differs(bucket)) {
            let rows = fitting(self.heads.rows(|bucket| session.differs(bucket)), turn.now);
            turn.out.push(Effect::Send { session: id, frame: Frame::Rows(rows) });
        } else {
            session.rows_received = true;
        }
        session.stage = Stage::Rows;
    }

    pub(super) fn rows(
        &mut self,
        session: &mut Session,
        rows: &[Row],
        index: &dyn Index,
    ) -> Result<(), Fault> {
        if session.their_buckets.is_empty() || session.rows_received {
            return Err("Y7");
        }
        session.rows_received = true;
        for author in session.note_heads(rows, &self.replicated) {
            if self.replicated.contains(&author) && self.differs(session, &author, index) {
                session.queue(author, Purpose::Log);
            }
        }
        Ok(())
    }

    /// Tells whether the peer may have something of this author that is missing here: its head is
    /// neither ours nor an earlier entry of our canonical log.
    fn differs(&self, session: &Session, author: &AuthorId, index: &dyn Index) -> bool {
        let Some(theirs) = session.their_heads.get(author) else { return false };
        let Some(view) = self.views.get(author) else { return true };
        if view.head == Some(*theirs) {
            return false;
        }
        let behind = theirs.status == Status::Ok
            && view.choice.status == Status::Ok
            && view
                .choice
                .at(theirs.seq)
                .is_some_and(|place| self.id_at(author, place, index) == Some(theirs.id));
        // More of the same is not asked for while there is no room for it; a rotation, or the evidence of
        // a fork, is.
        let grows = theirs.status == Status::Ok && view.choice.status == Status::Ok;
        let no_room = match self.room(author) {
            Room::Full => true,
            Room::Evidence | Room::Recovery => grows && theirs.seq > view.choice.head.seq,
            Room::Headers | Room::Open => false,
        };
        let beyond_cut = view.cut.is_some_and(|cut| theirs.seq > cut && view.choice.head.seq == cut);
        !behind && !beyond_cut && !no_room
    }

    /// Queues pinned entries that are not held here: at once where the peer shows another head of that
    /// log, which the pin may have decided; otherwise when their time has come, as heads that checkpoints name
    /// are (Y6). Of these at most [`MAX_TIPS`], so that a session has room for what differs.
    pub(super) fn queue_tips(&mut self, session: &mut Session, now: Millis, index: &dyn Index) {
        let unheld = self.views.iter().filter_map(|(author, view)| match view.pin {
            Some((pin, None)) if self.room(author) >= Room::Recovery => Some((pin, *author)),
            _ => None,
        });
        let pinned: BTreeMap<EntryId, AuthorId> = unheld.collect();
        let mut unheld = pinned.clone();
        let replicated = self.sought.iter().filter(|(_, author)| self.replicated.contains(author));
        let sought = replicated.filter(|(tip, author)| {
            self.logs.contains_key(author)
                && self.room(author) >= Room::Recovery
                && self.locate(author, tip, index).is_none()
        });
        unheld.extend(sought.map(|(tip, author)| (*tip, *author)));
        self.tips.retain(|tip, _| unheld.contains_key(tip));
        let mut queued = 0;
        for (pin, author) in unheld {
            let is_pin = pinned.contains_key(&pin);
            if !is_pin && queued == MAX_TIPS {
                continue;
            }
            let (times, due) = self.tips.entry(pin).or_default();
            let theirs = session.their_heads.get(&author).filter(|_| is_pin);
            let shows_another = theirs
                .is_some_and(|head| self.views.get(&author).is_some_and(|view| view.head != Some(*head)));
            if !shows_another {
                // Later than the longest delay: the clock was set back.
                if *due > now && *due <= now.saturating_add(MAX_TIP_DELAY) {
                    continue;
                }
                *due = now.saturating_add((FIRST_TIP_DELAY << *times).min(MAX_TIP_DELAY));
                *times = (*times + 1).min(16);
            }
            queued += usize::from(!is_pin);
            session.tried.insert(pin.0);
            session.queue(author, Purpose::Tip(pin));
        }
    }
}

/// Returns as many rows as one frame holds; where there are more, others from one second to the next, so
/// that sessions after one another come to all of them.
fn fitting(mut rows: Vec<Row>, now: Millis) -> Vec<Row> {
    let more = rows.len().saturating_sub(MAX_HEADS);
    if more > 0 {
        let first = usize::try_from(now / 1_000 % (more as u64 + 1)).unwrap_or(0);
        rows.drain(..first);
        rows.truncate(MAX_HEADS);
    }
    rows
}
