//! How much of one author is taken: bytes in all (Y7), and entries and bytes a second by gossip (G3).
//!
//! Nothing here makes an entry invalid, and nothing that was taken is ever dropped for it (S5): a quota
//! only puts off taking more. The content goes first, then growth, then recovery, and the evidence of a
//! fork last, so that what all nodes must agree on (heads, membership, withdrawals, forks) still agrees
//! long after the content is left out. `docs/decisions/0006-quotas.md` argues the order. What an author
//! holds does not depend on the order in which its entries came: each is charged once, by its header.

use std::collections::BTreeMap;

use super::authors::Taken;
use super::{Arriving, Engine, Index, Turn};
use crate::entry::{Entry, Form};
use crate::id::{AuthorId, Millis};
use crate::log::CheckError;

/// Bytes of one author beyond which its content is left out, unless the administrator of this node says
/// otherwise: 60 records of 4 KB in every week for twenty years.
pub const QUOTA: u64 = 256 << 20;
/// Bytes of headers and network bodies beyond the quota until a log grows no further: some 200,000
/// entries, which nobody makes by mistake. Stewards, past and present, are never stopped (N7).
pub const GROWTH: u64 = 64 << 20;
/// Bytes beyond that for rotations and for branches that they crown: one branch of the largest size that
/// is staged, and 64 rotations, so that the owner of a stolen key can always take its log back.
pub const RECOVERY: u64 = 20 << 20;
/// Bytes beyond that for the evidence of forks and contests (S4): the first pair always fits, and with
/// it the log is frozen. What does not fit could only move the head of a frozen log further back.
pub const EVIDENCE: u64 = 16 << 20;
/// What a rotation is charged beside its bytes: it stays in memory for ever, so an author can make some
/// thousands, a hundred times what a log needs.
pub const ROTATION: u64 = 64 << 10;
/// Entries of one author taken by gossip: a thousand at once is an import of years, and ten a second are
/// 864,000 a day. What is beyond comes by sync.
pub const ENTRIES: Rate = Rate { burst: 1_000, per_second: 10 };
/// Bytes of one author taken by gossip: 16 MiB at once, then a quarter of a MiB a second.
pub const BYTES: Rate = Rate { burst: 16 << 20, per_second: 256 << 10 };

/// How fast something may come: so much at once, then so much a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Most at once.
    pub burst: u64,
    /// How much more each second allows.
    pub per_second: u64,
}

/// What is left of a [`Rate`]: a token bucket, whose time is an argument.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    rate: Rate,
    /// In thousandths; below zero after more was spent than there was.
    level: i64,
    at: Millis,
}

impl Bucket {
    /// Returns a bucket that is full at the time `now`.
    #[must_use]
    pub fn full(rate: Rate, now: Millis) -> Self {
        Self { rate, level: thousandths(rate.burst), at: now }
    }

    /// Tells whether `amount` may come now.
    pub fn has(&mut self, amount: u64, now: Millis) -> bool {
        self.refill(now);
        self.level >= thousandths(amount)
    }

    /// Takes `amount` out if it is there, and tells whether it was.
    pub fn take(&mut self, amount: u64, now: Millis) -> bool {
        let has = self.has(amount, now);
        if has {
            self.level -= thousandths(amount);
        }
        has
    }

    /// Takes `amount` out whatever there is: it has come already.
    pub fn spend(&mut self, amount: u64, now: Millis) {
        self.refill(now);
        self.level = self.level.saturating_sub(thousandths(amount));
    }

    /// Puts `amount` back.
    pub fn give_back(&mut self, amount: u64) {
        self.level = self.level.saturating_add(thousandths(amount)).min(thousandths(self.rate.burst));
    }

    /// Returns in how many milliseconds nothing is owed any more; 0 where nothing is.
    pub fn ready_in(&mut self, now: Millis) -> Millis {
        self.refill(now);
        let owed = u64::try_from(-self.level).unwrap_or(0);
        owed.div_ceil(self.rate.per_second.max(1))
    }

    /// Tells whether nothing is missing, so that a new bucket is the same.
    pub fn is_full(&mut self, now: Millis) -> bool {
        self.refill(now);
        self.level >= thousandths(self.rate.burst)
    }

    /// Fills up for the time that has passed; a clock that was set back costs nothing but that time.
    fn refill(&mut self, now: Millis) {
        let gained = now.saturating_sub(self.at).saturating_mul(self.rate.per_second);
        self.at = now;
        let gained = i64::try_from(gained).unwrap_or(i64::MAX);
        self.level = self.level.saturating_add(gained).min(thousandths(self.rate.burst));
    }
}

/// What is left of two rates, of things and of their bytes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    things: Bucket,
    bytes: Bucket,
}

impl Pace {
    /// Returns a pace of which nothing is used up at the time `now`.
    #[must_use]
    pub fn full(things: Rate, bytes: Rate, now: Millis) -> Self {
        Self { things: Bucket::full(things, now), bytes: Bucket::full(bytes, now) }
    }

    /// Tells whether one more, of `size` bytes, may come now.
    pub fn has(&mut self, size: usize, now: Millis) -> bool {
        self.things.has(1, now) && self.bytes.has(size as u64, now)
    }

    /// Takes out one of `size` bytes if both are there, and tells whether they were.
    pub fn take(&mut self, size: usize, now: Millis) -> bool {
        let has = self.has(size, now);
        if has {
            self.spend(size, now);
        }
        has
    }

    /// Takes out one of `size` bytes whatever there is: it has come already.
    pub fn spend(&mut self, size: usize, now: Millis) {
        self.things.spend(1, now);
        self.bytes.spend(size as u64, now);
    }
}

fn thousandths(amount: u64) -> i64 {
    i64::try_from(amount.saturating_mul(1_000)).unwrap_or(i64::MAX)
}

/// How much the administrator of this node allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Bytes of an author of whom nothing else is said.
    pub each: u64,
    /// Bytes of some.
    pub of: BTreeMap<AuthorId, u64>,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { each: QUOTA, of: BTreeMap::new() }
    }
}

impl Allowance {
    /// Returns the quota of an author.
    #[must_use]
    pub fn quota(&self, author: &AuthorId) -> u64 {
        self.of.get(author).copied().unwrap_or(self.each)
    }
}

/// What is still taken of an author, from the least to the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// Nothing.
    Full,
    /// Evidence of a fork or a contest.
    Evidence,
    /// And rotations, with the branches that they crown.
    Recovery,
    /// And whatever extends the head, without its content.
    Headers,
    /// Everything.
    Open,
}

/// What one author holds here, and how fast it has come by gossip.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    bytes: u64,
    pace: Option<Pace>,
}

/// The account of every author, a constant for each.
#[derive(Clone, Debug, Default)]
pub struct Quotas {
    allowance: Allowance,
    held: BTreeMap<AuthorId, Held>,
}

impl Quotas {
    /// Returns the bytes charged to an author.
    #[must_use]
    pub fn held(&self, author: &AuthorId) -> u64 {
        self.held.get(author).map_or(0, |held| held.bytes)
    }

    /// Returns what the administrator allows.
    #[must_use]
    pub const fn allowance(&self) -> &Allowance {
        &self.allowance
    }

    /// Tells whether an author has reached its quota.
    #[must_use]
    pub fn is_reached(&self, author: &AuthorId) -> bool {
        self.held(author) >= self.allowance.quota(author)
    }

    /// Returns what is still taken of an author who is nothing special here.
    #[must_use]
    pub fn room(&self, author: &AuthorId) -> Room {
        let over = self.held(author).checked_sub(self.allowance.quota(author));
        match over {
            None => Room::Open,
            Some(over) if over < GROWTH => Room::Headers,
            Some(over) if over < GROWTH + RECOVERY => Room::Recovery,
            Some(over) if over < GROWTH + RECOVERY + EVIDENCE => Room::Evidence,
            Some(_) => Room::Full,
        }
    }

    pub(super) fn set_held(&mut self, author: AuthorId, bytes: u64) {
        self.held.entry(author).or_default().bytes = bytes;
    }

    fn charge(&mut self, author: AuthorId, bytes: u64) {
        let held = self.held.entry(author).or_default();
        held.bytes = held.bytes.saturating_add(bytes);
    }

    /// Tells whether another entry of `size` bytes may come by gossip now.
    pub(super) fn keeps_pace(&mut self, author: &AuthorId, size: usize, now: Millis) -> bool {
        let pace = self.held.get_mut(author).and_then(|held| held.pace.as_mut());
        pace.is_none_or(|pace| pace.has(size, now))
    }

    /// Notes that one came and was taken. Only what is valid counts, so nobody else can use up an
    /// author's pace.
    pub(super) fn note_pace(&mut self, author: &AuthorId, size: usize, now: Millis) {
        let held = self.held.entry(*author).or_default();
        held.pace.get_or_insert_with(|| Pace::full(ENTRIES, BYTES, now)).spend(size, now);
    }
}

impl Engine {
    /// Says how much of each author is taken from now on. What is here stays (S5).
    pub fn allow(&mut self, allowance: Allowance) {
        self.quotas.allowance = allowance;
    }

    /// Returns the account of every author.
    #[must_use]
    pub const fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// Returns what is still taken of an author. The own log has no quota, and of stewards the content
    /// alone is left out: who is a member depends on their logs (N7).
    #[must_use]
    pub fn room(&self, author: &AuthorId) -> Room {
        let room = self.quotas.room(author);
        if self.me == Some(*author) {
            Room::Open
        } else if self.governance.was_steward(*author) {
            room.max(Room::Headers)
        } else {
            room
        }
    }

    /// Tells whether the content of an author's further entries is left out here.
    #[must_use]
    pub fn leaves_content_out(&self, author: &AuthorId) -> bool {
        self.me != Some(*author) && self.quotas.is_reached(author)
    }

    /// Tells whether there is no room for an entry at the head. What the journal holds already has its
    /// room.
    pub(super) fn is_over_quota(&self, arriving: &Arriving, turn: &Turn) -> bool {
        let entry = arriving.signed.entry();
        let needed = match entry.form() {
            _ if turn.evidence => Room::Evidence,
            Form::Rotation => Room::Recovery,
            Form::Inception | Form::Plain => Room::Headers,
        };
        arriving.at.is_none() && self.room(&entry.author()) < needed
    }

    /// Takes two entries with one parent: with no room left to grow, a log that forks at its head is
    /// still seen to fork (S4). Returns what became of the second.
    pub(super) fn take_fork(
        &mut self,
        pair: [&Arriving; 2],
        turn: &mut Turn,
        index: &dyn Index,
    ) -> Result<[Taken; 2], CheckError> {
        turn.evidence = true;
        let taken = pair.map(|arriving| self.take(arriving, turn, index));
        turn.evidence = false;
        let [first, second] = taken;
        Ok([first?, second?])
    }

    /// Charges an entry to its author and tells whether its content is kept. The charge is by the header,
    /// whether the body is here already or not.
    pub(super) fn charge(&mut self, entry: &Entry) -> bool {
        let author = entry.author();
        let decides = entry.is_network_kind() || entry.form() == Form::Rotation;
        let kept = decides || !self.leaves_content_out(&author);
        let content = if kept { entry.header().body.len } else { 0 };
        let rotation = if entry.form() == Form::Rotation { ROTATION } else { 0 };
        self.quotas.charge(author, entry.envelope().len() as u64 + content + rotation);
        kept
    }
}
