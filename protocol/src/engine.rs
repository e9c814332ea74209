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
use std::sync::Arc;

use crate::entry::{Entry, Position, Signed};
use crate::gossip::Verdict;
use crate::id::{AuthorId, BodyHash, EntryId, MessageId, Millis, NetworkId};
use crate::log::{Choice, Head, Place, Status, Stretch};
use crate::network::{Governance, Known, Ref, Withdrawal};
use crate::sync::heads::Heads;
use crate::sync::session::Session;
use crate::sync::{EndCode, Frame};

mod answer;
mod authors;
mod candidates;
mod exchange;
mod spread;

#[cfg(test)]
mod tests;

use answer::Answer;
pub use authors::View;
pub use candidates::Candidates;

/// A connected node, numbered by the driver; never used again within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer(pub u64);

/// One sync stream, numbered by the driver; never used again within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// One append to the store; they are confirmed in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Most bodies that are remembered as missing and asked of every peer; more are found again at the
/// next start.
pub const MAX_MISSING: usize = 10_000;

/// Where an item lies in the journal; opaque here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location(pub [u32; 3]);

/// What the engine asks of the index while it handles an input. Both answer for entries whose append
/// was confirmed; what is on its way the engine knows itself.
pub trait Index {
    /// Returns the id of the entry at a place.
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId>;
    /// Returns the place of an entry.
    fn place_of(&self, author: &AuthorId, id: &EntryId) -> Option<Place>;
}

/// An entry on its way in: decoded, its signature checked ahead where the key was foreseen, its body
/// matching (C1 to C5, V1 are behind it).
#[derive(Clone, Debug)]
pub struct Arriving {
    /// The entry.
    pub signed: Signed,
    /// Its body, if it came along.
    pub body: Option<Arc<[u8]>>,
    /// Where the journal has it already, when an index is rebuilt.
    pub at: Option<Location>,
}

/// What happens to a node.
#[derive(Clone, Debug)]
pub enum Input {
    /// Entries signed here, parents first; answered by [`Effect::Done`].
    Publish {
        /// Names the request in the answer.
        token: u64,
        /// The entries.
        entries: Vec<Arriving>,
    },
    /// Entries of a bundle or an application file, parents first; answered by [`Effect::Done`].
    Import {
        /// Names the request in the answer.
        token: u64,
        /// The entries.
        entries: Vec<Arriving>,
    },
    /// Entries that the journal holds and the index lost, in the journal's order.
    Replay {
        /// The entries.
        entries: Vec<Arriving>,
    },
    /// A gossip message with one entry (G1).
    Gossip {
        /// Who passed it on.
        from: Peer,
        /// Its id.
        id: MessageId,
        /// The entry.
        entry: Box<Arriving>,
    },
    /// A gossip message that proves a fork (S3).
    ForkProof {
        /// Who passed it on.
        from: Peer,
        /// Its id.
        id: MessageId,
        /// The two entries.
        entries: Box<[Arriving; 2]>,
    },
    /// A sync stream was opened, by either side.
    Opened {
        /// Its number.
        session: SessionId,
        /// With whom.
        peer: Peer,
        /// Whether a steward's profile names that node (N12).
        steward_node: bool,
    },
    /// A frame other than `entries` came.
    Frame {
        /// On which stream.
        session: SessionId,
        /// The frame.
        frame: Frame,
        /// Its length in bytes.
        len: usize,
    },
    /// A frame of entries came, checked ahead.
    Entries {
        /// On which stream.
        session: SessionId,
        /// The entries, parents first; those after one of a later version are left out.
        entries: Vec<Arriving>,
        /// Whether the frame went on with an entry of a later version (V2).
        newer: bool,
        /// The frame's length in bytes.
        len: usize,
    },
    /// The peer closed its half of a stream.
    HalfClosed {
        /// Which stream.
        session: SessionId,
    },
    /// A stream is gone.
    Closed {
        /// Which stream.
        session: SessionId,
    },
    /// An append is on disk and in the index.
    Appended {
        /// Which append.
        ticket: Ticket,
    },
    /// Time has passed; at least every few seconds.
    Tick,
}

/// An entry to be stored.
#[derive(Clone, Debug)]
pub struct Write {
    /// Where it lies in its author's tree.
    pub place: Place,
    /// The entry.
    pub entry: Entry,
    /// Its body, if it is here.
    pub body: Option<Arc<[u8]>>,
    /// Where the journal has it already.
    pub at: Option<Location>,
}

/// What is to be made durable together.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// New entries, parents first.
    pub entries: Vec<Write>,
    /// Bodies that came after their entries.
    pub bodies: Vec<(BodyHash, Arc<[u8]>)>,
    /// The engine's own row for each author that changed; [`Engine::restore`] reads them.
    pub authors: Vec<(AuthorId, Vec<u8>)>,
}

impl Batch {
    const fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.bodies.is_empty() && self.authors.is_empty()
    }
}

/// The answer to a [`Input::Publish`] or [`Input::Import`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Entries that were stored.
    pub stored: Vec<EntryId>,
    /// Entries that were known already.
    pub known: usize,
    /// Entries that change nothing here: of authors who are not replicated, beyond a cut or a frozen
    /// head, or without their parents.
    pub ignored: usize,
    /// Entries refused, with the id of the rule that they break.
    pub refused: Vec<(EntryId, &'static str)>,
    /// Applications that were kept (N12).
    pub candidates: Vec<AuthorId>,
}

/// Why a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Neither side has a question left.
    Complete,
    /// It reached its bound and made progress: another may follow at once (Y7).
    Bound,
    /// Nothing moved for a minute (Y7).
    Stalled,
    /// The peer is of another network.
    OtherNetwork,
    /// The peer broke a rule.
    Fault(&'static str),
}

/// What a node is to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Write a batch, then say [`Input::Appended`].
    Append {
        /// Names the append.
        ticket: Ticket,
        /// What to write.
        batch: Batch,
    },
    /// Send a frame.
    Send {
        /// On which stream.
        session: SessionId,
        /// The frame.
        frame: Frame,
    },
    /// Send the entries of these runs, in this order and in frames, with bodies of at most 48 KiB and
    /// network bodies, then `end` (Y3).
    Serve {
        /// On which stream.
        session: SessionId,
        /// Whose log.
        author: AuthorId,
        /// Which entries.
        runs: Vec<Stretch>,
        /// How the answer ends.
        code: EndCode,
    },
    /// Send `body-is` for each of these.
    ServeBodies {
        /// On which stream.
        session: SessionId,
        /// Which bodies.
        hashes: Vec<BodyHash>,
    },
    /// The session is over: drop the stream.
    EndSession {
        /// Which stream.
        session: SessionId,
        /// Why.
        ending: Ending,
    },
    /// Tell gossip what to do with a message.
    Judge {
        /// Who passed it on.
        from: Peer,
        /// Its id.
        id: MessageId,
        /// What to do.
        verdict: Verdict,
    },
    /// Announce an entry to everyone.
    Announce {
        /// The message's bytes (G1).
        message: Vec<u8>,
    },
    /// Announce that two entries prove a fork; their envelopes are in the store.
    AnnounceFork {
        /// Whose log.
        author: AuthorId,
        /// Where the two lie.
        places: [Place; 2],
    },
    /// Think less of a peer.
    Penalise {
        /// Which peer.
        peer: Peer,
        /// The rule that it broke.
        rule: &'static str,
    },
    /// Open a session with a peer: it has something that is missing here.
    Pull {
        /// Which peer.
        peer: Peer,
    },
    /// A request is done, and what it stored is durable.
    Done {
        /// Which request.
        token: u64,
        /// What came of it.
        done: Done,
    },
    /// Keep an application outside the store, as a file (N12).
    KeepCandidate {
        /// Who applies.
        author: AuthorId,
        /// Its log, parents first.
        entries: Vec<Arriving>,
    },
    /// Forget an application.
    DropCandidate {
        /// Whose.
        author: AuthorId,
    },
    /// A body is withdrawn: neither serve nor show it (B3). `None`: no longer withdrawn.
    Withdraw {
        /// The entry whose body it is.
        target: Ref,
        /// By whom and why.
        withdrawal: Option<Withdrawal>,
    },
    /// An entry of the journal could not be attached: the journal is damaged before it.
    Unplaced {
        /// The entry.
        id: EntryId,
    },
    /// An own entry exists that is not held here: sign nothing until it is (W1).
    OwnUnknown {
        /// The entry.
        id: EntryId,
    },
}

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
    /// Bodies that are not here yet, with their lengths (B1).
    missing: BTreeMap<BodyHash, u64>,
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
            missing: BTreeMap::new(),
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

    /// Notes a body that the store lacks; it will be asked of every peer (B1).
    pub fn note_missing(&mut self, hash: BodyHash, len: u64) {
        if self.missing.len() < MAX_MISSING {
            self.missing.insert(hash, len);
        }
    }

    /// Forgets a body that need not be asked for: it is withdrawn (B3).
    pub fn forget_missing(&mut self, hash: &BodyHash) {
        self.missing.remove(hash);
    }

    /// Returns how many bodies are not here yet.
    #[must_use]
    pub fn missing_bodies(&self) -> usize {
        self.missing.len()
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
        let (known, view) = (self.logs.get(&author)?, self.views.get(&author)?);
        let tree = known.log.tree();
        let Choice { head, status, .. } = tree.choose(view.pin.and_then(|(_, place)| place), None);
        let id = tree.id_of(head).or_else(|| Some(view.head?.id))?;
        Some(Head { seq: head.seq, id, status })
    }
}
