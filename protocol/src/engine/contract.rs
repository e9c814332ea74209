//! What goes into the engine and what comes out: inputs and effects, and what they are made of.
//!
//! These are data. What an input does is told in [`super`]; how an effect is carried out is the
//! driver's affair, and no effect needs an answer but [`Effect::Append`].

use std::sync::Arc;

use crate::entry::{Entry, Signed};
use crate::gossip::Verdict;
use crate::id::{AuthorId, BodyHash, EntryId, MessageId};
use crate::log::{Place, Stretch};
use crate::network::{Ref, Withdrawal};
use crate::sync::{EndCode, Frame};

/// A connected node, numbered by the driver; never used again within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer(pub u64);

/// One sync stream, numbered by the driver; never used again within a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// One append to the store; they are confirmed in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

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
    /// The engine's own row for each author that changed; `Engine::restore` reads them.
    pub authors: Vec<(AuthorId, Vec<u8>)>,
}

impl Batch {
    pub(super) const fn is_empty(&self) -> bool {
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
    /// Entries that change nothing here: of authors who are not replicated or have had their share, beyond
    /// a cut or a frozen head, or without their parents.
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
    /// A body is withdrawn: neither serve nor show it (B3). `None`: no longer withdrawn. It may be in an append that is
    /// on its way, so it is erased once that is written ([`super::Engine::last_append`]).
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
