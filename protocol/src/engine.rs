//! The engine: everything a node decides, as one state machine (V, S, N, Y, G together).
//!
//! [`Engine::handle`] takes an [`Input`] and the time and answers with [`Effect`]s; it has no socket,
//! no file, no clock and no randomness of its own, so a simulation drives hundreds of engines, crashes
//! them between an append and its confirmation, and replays a failure from its seed. Reads of the
//! index are an argument ([`Index`]), writes are effects. Its memory follows authors, not history.
//!
//! Three invariants: every entry passes `authors`' one way in, wherever it came from; what depends
//! on an entry being on disk (its announcement, its acknowledgement, the head that peers are told) is
//! held back until [`Input::Appended`]; and the answers do not depend on the order in which entries
//! came.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::entry::Position;
use crate::id::{AuthorId, BodyHash, EntryId, Millis, NetworkId};
use crate::log::{Choice, Head, Status};
use crate::network::{Governance, Known, Ref, Withdrawal};
use crate::sync::heads::Heads;
use crate::sync::session::Session;

mod answer;
mod authors;
mod candidates;
mod comparing;
mod contract;
mod exchange;
mod load;
mod missing;
pub mod quota;
mod serving;
mod spread;

#[cfg(test)]
mod tests;

use answer::Answer;
pub use authors::View;
pub use candidates::Candidates;
pub use contract::{
    Arriving, Batch, Done, Effect, Ending, Index, Input, Location, Peer, SessionId, Ticket, Write,
};
pub use load::Load;
pub use missing::MAX_MISSING;
use missing::Missing;
use quota::Quotas;

/// Most heads that are sought at once: what a steward can make others ask for by naming what does not exist.
pub const MAX_SOUGHT: usize = 1_024;
/// Bytes of envelopes and bodies of one append of an [`Input::Import`]; a larger file takes several.
pub const MAX_APPEND: usize = 16 << 20;

/// What waits for one append.
#[derive(Debug, Default)]
struct Pending {
    ticket: Option<Ticket>,
    heads: Vec<(AuthorId, Option<Head>)>,
    placed: Vec<(AuthorId, EntryId)>,
    held: Vec<Effect>,
}

/// What one call of [`Engine::handle`] gathers.
#[derive(Debug, Default)]
struct Turn {
    now: Millis,
    out: Vec<Effect>,
    batch: Batch,
    touched: BTreeSet<AuthorId>,
    heads: BTreeSet<AuthorId>,
    /// Authors whose fork was found in this turn.
    forks: BTreeSet<AuthorId>,
    held: Vec<Effect>,
    /// What is being taken proves a fork, so the room kept for evidence is open to it.
    evidence: bool,
}

/// One node's decisions.
#[derive(Debug)]
pub struct Engine {
    net: Option<NetworkId>,
    me: Option<AuthorId>,
    logs: BTreeMap<AuthorId, Known>,
    views: BTreeMap<AuthorId, View>,
    governance: Governance,
    replicated: BTreeSet<AuthorId>,
    /// The governance must be computed again before the turn ends.
    stale: bool,
    withdrawals: BTreeMap<Ref, Withdrawal>,
    withdrawals_stale: bool,
    heads: Heads,
    candidates: Candidates,
    /// Each with the answers that it waits for, in order.
    sessions: BTreeMap<SessionId, (Session, VecDeque<Answer>)>,
    /// Bodies that are not here yet (B1).
    missing: Missing,
    /// Heads that checkpoints name and that are not held here, with their authors (Y6).
    sought: BTreeMap<EntryId, AuthorId>,
    /// Pinned and sought entries that were asked for and are not held: how often, and when next (Y6).
    tips: BTreeMap<EntryId, (u32, Millis)>,
    quotas: Quotas,
    pending: VecDeque<Pending>,
    next_ticket: u64,
}

impl Engine {
    /// Returns an engine that knows nothing yet. `me` is the author whose log this node writes, `net`
    /// the network that it belongs to or has been invited to.
    #[must_use]
    pub fn new(net: Option<NetworkId>, me: Option<AuthorId>) -> Self {
        Self {
            net,
            me,
            logs: BTreeMap::new(),
            views: BTreeMap::new(),
            governance: Governance::compute(net.unwrap_or(NetworkId([0; 32])), &BTreeMap::new()),
            replicated: me.into_iter().collect(),
            stale: false,
            withdrawals: BTreeMap::new(),
            withdrawals_stale: false,
            heads: Heads::default(),
            candidates: Candidates::default(),
            sessions: BTreeMap::new(),
            missing: Missing::default(),
            sought: BTreeMap::new(),
            tips: BTreeMap::new(),
            quotas: Quotas::default(),
            pending: VecDeque::new(),
            next_ticket: 0,
        }
    }

    /// Handles one input at the time `now` and returns what is to be done, in order.
    pub fn handle(&mut self, input: Input, now: Millis, index: &dyn Index) -> Vec<Effect> {
        let mut turn = Turn { now, ..Turn::default() };
        match input {
            Input::Publish { token, entries } => self.publish(token, &entries, &mut turn, index),
            Input::Import { token, entries } => self.import(token, entries, &mut turn, index),
            Input::Replay { entries } => self.replay(&entries, &mut turn, index),
            Input::Gossip { from, id, entry } => self.gossip(from, id, &entry, &mut turn, index),
            Input::ForkProof { from, id, entries } => self.fork_proof(from, id, &entries, &mut turn, index),
            Input::Opened { session, peer, steward_node } => {
                self.open(session, peer, steward_node, &mut turn);
            }
            Input::Frame { session, frame, len } => self.frame(session, frame, len, &mut turn, index),
            Input::Entries { session, entries, newer, len } => {
                self.entries(session, entries, newer, len, &mut turn, index);
            }
            Input::HalfClosed { session } => self.half_closed(session, &mut turn),
            Input::Closed { session } => drop(self.sessions.remove(&session)),
            Input::Appended { ticket } => self.appended(ticket, &mut turn),
            Input::Tick => self.tick(&mut turn),
        }
        self.finish(&mut turn, index);
        turn.out
    }

    /// Ends a turn: recompute what became stale, gather the append, and hold back what waits for it.
    fn finish(&mut self, turn: &mut Turn, index: &dyn Index) {
        while self.stale {
            self.stale = false;
            self.govern(turn, index);
        }
        if self.withdrawals_stale {
            self.withdrawals_stale = false;
            self.weigh_withdrawals(turn);
        }
        for author in std::mem::take(&mut turn.forks) {
            turn.held.extend(self.fork_of(author));
        }
        let touched = std::mem::take(&mut turn.touched);
        let rows = touched.iter().filter_map(|author| Some((*author, self.saved(author)?)));
        turn.batch.authors = rows.collect();
        let heads: Vec<_> = std::mem::take(&mut turn.heads)
            .into_iter()
            .map(|author| (author, self.public_head(&author)))
            .collect();
        if !turn.batch.is_empty() {
            self.next_ticket += 1;
            let ticket = Ticket(self.next_ticket);
            let batch = std::mem::take(&mut turn.batch);
            let placed = batch.entries.iter().map(|write| (write.entry.author(), write.entry.id())).collect();
            let held = std::mem::take(&mut turn.held);
            self.pending.push_back(Pending { ticket: Some(ticket), heads, placed, held });
            turn.out.push(Effect::Append { ticket, batch });
        } else if let Some(last) = self.pending.back_mut() {
            last.heads.extend(heads);
            last.held.append(&mut turn.held);
        } else {
            heads.into_iter().for_each(|(author, head)| self.heads.set(author, head));
            turn.out.append(&mut turn.held);
        }
    }

    fn appended(&mut self, ticket: Ticket, turn: &mut Turn) {
        if self.pending.front().and_then(|pending| pending.ticket) != Some(ticket) {
            return;
        }
        let Some(pending) = self.pending.pop_front() else { return };
        for (author, id) in pending.placed {
            if let Some(view) = self.views.get_mut(&author) {
                view.pending.remove(&id);
            }
        }
        pending.heads.into_iter().for_each(|(author, head)| self.heads.set(author, head));
        turn.out.extend(pending.held);
    }

    /// Makes this the engine of a node of `net`; for a node that had no network before.
    pub fn enter(&mut self, net: NetworkId) {
        if self.net.is_none() {
            self.net = Some(net);
            self.governance = Governance::compute(net, &self.logs);
            self.stale = true;
        }
    }

    /// Returns the network.
    #[must_use]
    pub const fn network(&self) -> Option<NetworkId> {
        self.net
    }

    /// Returns the author whose log this node writes.
    #[must_use]
    pub const fn author(&self) -> Option<AuthorId> {
        self.me
    }

    /// Returns the governance as computed from the stewards' logs.
    #[must_use]
    pub const fn governance(&self) -> &Governance {
        &self.governance
    }

    /// Returns what is known of every author held here.
    #[must_use]
    pub const fn logs(&self) -> &BTreeMap<AuthorId, Known> {
        &self.logs
    }

    /// Returns how an author's log is chosen here, what is on its way to the disk included.
    #[must_use]
    pub fn view(&self, author: &AuthorId) -> Option<&View> {
        self.views.get(author)
    }

    /// Returns the heads that peers are told: replicated authors, durable entries.
    #[must_use]
    pub const fn heads(&self) -> &Heads {
        &self.heads
    }

    /// Returns the withdrawals in force (B2).
    #[must_use]
    pub const fn withdrawals(&self) -> &BTreeMap<Ref, Withdrawal> {
        &self.withdrawals
    }

    /// Asks peers for heads that checkpoints which count name and that are not held here, instead of those that
    /// were sought before (Y6); for the first [`MAX_SOUGHT`] of them.
    pub fn seek(&mut self, heads: impl IntoIterator<Item = (EntryId, AuthorId)>) {
        self.sought = heads.into_iter().take(MAX_SOUGHT).collect();
    }

    /// Notes a body that the store lacks; it will be asked of every peer (B1).
    pub fn note_missing(&mut self, hash: BodyHash, len: u64) {
        self.missing.note(hash, len);
    }

    /// Forgets a body that need not be asked for: it is withdrawn (B3).
    pub fn forget_missing(&mut self, hash: &BodyHash) {
        self.missing.forget(hash);
    }

    /// Returns how many bodies are not here yet.
    #[must_use]
    pub fn missing_bodies(&self) -> usize {
        self.missing.count()
    }

    /// Tells whether a body is remembered as missing.
    #[must_use]
    pub fn is_missing(&self, hash: &BodyHash) -> bool {
        self.missing.len_of(hash).is_some()
    }

    /// Returns the applications kept here (N12).
    #[must_use]
    pub const fn candidates(&self) -> &Candidates {
        &self.candidates
    }

    /// Returns the number of appends that are not confirmed yet.
    #[must_use]
    pub fn appends_on_their_way(&self) -> usize {
        self.pending.len()
    }

    /// Returns the last append that is on its way to the disk.
    #[must_use]
    pub fn last_append(&self) -> Option<Ticket> {
        self.pending.iter().rev().find_map(|pending| pending.ticket)
    }

    /// Returns where the next own entry goes, at the time `now`; `None` where the own log is not held,
    /// or is frozen.
    #[must_use]
    pub fn position(&self, now: Millis) -> Option<Position> {
        let author = self.me?;
        let head = self.own_head().filter(|head| head.status == Status::Ok)?;
        Some(Position { author, seq: head.seq.checked_add(1)?, prev: head.id, time: now })
    }

    /// Returns the head of the own log with all that is held of it, what is beyond a cut included: a
    /// suspended author who signed after the cut would sign a second entry there (W2). `None` where
    /// the own log is not held.
    #[must_use]
    pub fn own_head(&self) -> Option<Head> {
        let author = self.me?;
        let Choice { head, status, .. } = self.own_choice()?;
        let id = self.logs.get(&author)?.log.tree().id_of(head);
        let id = id.or_else(|| Some(self.views.get(&author)?.head?.id))?;
        Some(Head { seq: head.seq, id, status })
    }

    /// Returns how the own log is chosen with all that is held of it, as [`Engine::own_head`] says.
    #[must_use]
    pub fn own_choice(&self) -> Option<Choice> {
        let author = self.me?;
        let pin = self.views.get(&author)?.pin.and_then(|(_, place)| place);
        Some(self.logs.get(&author)?.log.tree().choose(pin, None))
    }
}
