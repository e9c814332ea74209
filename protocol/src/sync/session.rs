//! One sync session from one side: how far it got, what it has asked for, and its bounds (Y7).
//!
//! It decides nothing about entries; the engine feeds it frames and asks it what is next.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Hello, Row};
use crate::engine::Peer;
use crate::id::{AuthorId, BodyHash, Bytes32, EntryId, Millis};
use crate::log::Head;

/// Bytes received after which a session ends; another follows at once if it made progress.
pub const MAX_BYTES: usize = 64 << 20;
/// Longest session in milliseconds.
pub const MAX_DURATION: Millis = 10 * 60_000;
/// Longest time without a frame in milliseconds.
pub const MAX_SILENCE: Millis = 60_000;
/// Most `want`s of ours that are unanswered: enough to hide a round trip, few enough that the peer's
/// queue stays short.
pub const MAX_WANTS: usize = 16;
/// Most unanswered `want`s and `ask`s that a peer may have; more is a fault. Four times what we send.
pub const MAX_REQUESTS: usize = 64;
/// Most `stewards` frames of one side.
pub const MAX_STEWARDS: u8 = 17;
/// Most `want`s for one author in a session.
pub const MAX_WANTS_AN_AUTHOR: u8 = 2;
/// Most bodies that one session asks for.
pub const MAX_BODIES: usize = 10_000;

/// How far a side has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Waiting for the peer's `hello`.
    Hello,
    /// Comparing and pulling stewards' logs.
    Stewards,
    /// Our `buckets` are sent, the peer's are awaited.
    Buckets,
    /// Our `rows` are sent, the peer's are awaited.
    Rows,
    /// Pulling what differs.
    Pull,
    /// No more questions; only answering.
    Done,
}

/// What a `want` is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The canonical log of a replicated author.
    Log,
    /// One entry off it, with its path (Y6).
    Tip(EntryId),
    /// The log of someone who asks to be admitted (N12).
    Candidate,
    /// A log said to be a steward's, until the charter's version 0 is found in it (N1).
    Founding,
}

/// One side of a session.
#[derive(Debug)]
pub struct Session {
    /// With whom.
    pub peer: Peer,
    /// Whether the peer is a steward's node (N12).
    pub steward_node: bool,
    /// How far we are.
    pub stage: Stage,
    /// The root that we sent.
    pub root: Bytes32,
    /// The peer's `hello`.
    pub theirs: Option<Hello>,
    /// The peer's heads, as it has shown them.
    pub their_heads: BTreeMap<AuthorId, Head>,
    /// The bucket hashes that we sent.
    pub our_buckets: Vec<Bytes32>,
    /// The bucket hashes that the peer sent.
    pub their_buckets: Vec<Bytes32>,
    /// The peer sent its `rows`.
    pub rows_received: bool,
    /// `stewards` frames that we sent.
    pub stewards_sent: u8,
    /// `stewards` frames that came.
    pub stewards_received: u8,
    /// How many stewards we knew when we last sent them.
    pub stewards_known: usize,
    /// We sent `stewards` again and wait for the answer.
    pub awaits_stewards: bool,
    /// Requests to send.
    pub queue: VecDeque<(AuthorId, Purpose)>,
    /// How often each author was asked for.
    pub asked: BTreeMap<AuthorId, u8>,
    /// Candidates and tips already asked for in this session.
    pub tried: BTreeSet<[u8; 32]>,
    /// Bodies to ask for.
    pub bodies: VecDeque<BodyHash>,
    /// Bodies asked for and not answered, in order.
    pub asked_bodies: VecDeque<BodyHash>,
    /// Bodies asked for in all.
    pub bodies_in_all: usize,
    /// Requests of the peer that are not answered yet are the driver's to count; this is when the
    /// session began.
    pub opened: Millis,
    /// When a frame last came.
    pub heard: Millis,
    /// Bytes received.
    pub bytes: usize,
    /// Something new was stored.
    pub progressed: bool,
    /// The peer left part of an answer for later: it has sent what one session may carry.
    pub later: bool,
    /// The peer has no more questions.
    pub peer_done: bool,
}

impl Session {
    /// Returns a session that begins now.
    #[must_use]
    pub fn new(peer: Peer, steward_node: bool, root: Bytes32, now: Millis) -> Self {
        Self {
            peer,
            steward_node,
            stage: Stage::Hello,
            root,
            theirs: None,
            their_heads: BTreeMap::new(),
            our_buckets: Vec::new(),
            their_buckets: Vec::new(),
            rows_received: false,
            stewards_sent: 0,
            stewards_received: 0,
            stewards_known: 0,
            awaits_stewards: false,
            queue: VecDeque::new(),
            asked: BTreeMap::new(),
            tried: BTreeSet::new(),
            bodies: VecDeque::new(),
            asked_bodies: VecDeque::new(),
            bodies_in_all: 0,
            opened: now,
            heard: now,
            bytes: 0,
            progressed: false,
            later: false,
            peer_done: false,
        }
    }

    /// Notes the heads that the peer shows of the authors in `of`, and returns all its authors. The
    /// peer could name any others without end.
    pub fn note_heads(&mut self, rows: &[Row], of: &BTreeSet<AuthorId>) -> Vec<AuthorId> {
        let heads: Vec<_> = rows.iter().filter_map(Row::head).collect();
        self.their_heads.extend(heads.iter().filter(|(author, _)| of.contains(author)).copied());
        heads.into_iter().map(|(author, _)| author).collect()
    }

    /// Queues a request, unless the author was asked for too often (Y7).
    pub fn queue(&mut self, author: AuthorId, purpose: Purpose) {
        let asked = self.asked.entry(author).or_default();
        if *asked < MAX_WANTS_AN_AUTHOR && !self.queue.contains(&(author, purpose)) {
            *asked += 1;
            self.queue.push_back((author, purpose));
        }
    }

    /// Queues a body to ask for, within [`MAX_BODIES`].
    pub fn queue_body(&mut self, hash: BodyHash) {
        if self.bodies_in_all < MAX_BODIES {
            self.bodies_in_all += 1;
            self.bodies.push_back(hash);
        }
    }

    /// Tells for each bucket whether the two sides differ in it.
    #[must_use]
    pub fn differs(&self, bucket: usize) -> bool {
        self.our_buckets.get(bucket) != self.their_buckets.get(bucket)
    }
}
