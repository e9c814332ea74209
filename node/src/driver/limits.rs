//! How much one peer may ask of this node, so that none takes what belongs to the others.
//!
//! What a peer sends is never wrong for being much: beyond its pace gossip is ignored unread and a stream
//! is read no further until there is budget again. Useful bytes cost nothing: what was stored is given
//! back, so a first copy of everything runs at the speed of the line, and only what brings nothing is
//! slowed down.
//!
//! Strikes are for what a peer alone can be guilty of, because a ban must never be something that others
//! bring upon it. An honest node checks what it forwards, so a rejected message is its sender's fault. An
//! honest node keeps below [`SENT`] whatever others publish, half of the pace that is heard here, so a
//! peer far beyond that floods. What a damaged disk or a race between two honest nodes could cause costs
//! score in gossip and no strike.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use libp2p::PeerId;
use multaqa_protocol::engine::quota::{Bucket, Pace, Rate};
use multaqa_protocol::id::Millis;

use crate::clock::now;

/// Gossip that this node announces and forwards to each peer: more in one go than an office publishes in
/// months, then a hundred a second. What is beyond is left to sync, which is asked for at once. Not more,
/// because a stranger has the same burst under each new identity, and gossip remembers what it heard.
const SENT: Rate = Rate { burst: 500, per_second: 100 };
/// The same in bytes.
const SENT_BYTES: Rate = Rate { burst: 32 << 20, per_second: 2 << 20 };
/// Gossip that is read from one peer: twice what an honest one sends, since its clock, its start and its
/// queue are not ours. A signature check takes 50 µs, so 20 peers at this pace cost a fifth of one core.
const HEARD: Rate = Rate { burst: 1_000, per_second: 200 };
/// The same in bytes.
const HEARD_BYTES: Rate = Rate { burst: 64 << 20, per_second: 4 << 20 };
/// Messages ignored unread that make one flood: the peer is then three times beyond what it may send.
const UNREAD: u32 = 500;
/// Bytes of sync frames from one peer that brought nothing: one session's worth, then 1 MiB a second.
const USELESS: Rate = Rate { burst: 64 << 20, per_second: 1 << 20 };
/// Entries in them, each a signature check: some three seconds of one core, then a fortieth of one.
const USELESS_ENTRIES: Rate = Rate { burst: 65_536, per_second: 500 };
/// Bytes of entries and bodies sent to one peer in answers: more than most networks will hold, at the
/// speed of the line, then 4 MiB a second, which is 14 GiB an hour.
const SERVED: Rate = Rate { burst: 8 << 30, per_second: 4 << 20 };
/// Sync streams that one peer opens: a bulk transfer ends one session and begins the next within a
/// second, and honest nodes compare heads every few seconds.
const OPENED: Rate = Rate { burst: 60, per_second: 2 };
/// Peers whose accounts are kept, connected or not; some 400 KB. A peer that comes back within minutes
/// finds its account as it left it.
const MAX_ACCOUNTS: usize = 1_024;
/// Strikes at which a peer is banned for a time.
const BAN_AT: u32 = 10;
/// Strikes for a message that is rejected. It is proof, and after the second gossip hears the peer no
/// more, so the second ends the connection too.
const REJECTED: u32 = 5;
/// Strikes for a flood: two of them, so that one hiccup of a clock is none.
const FLOODED: u32 = 5;
/// Strikes for another broken rule.
const BROKEN: u32 = 1;
/// A strike is forgiven after this time.
const FORGIVEN: Duration = Duration::from_mins(10);
/// Longest sleep of a stream that waits for budget, so that it sees when bytes are given back.
const LOOK: Duration = Duration::from_millis(500);

/// Rules that a damaged store or a race between two honest nodes can break.
const NOT_PROOF: [&str; 5] = ["B1", "V7", "Y3", "Y5", "N12"];

/// Why the node bans a peer; the codes stand in the ban list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offence {
    /// Invalid gossip.
    Rejected,
    /// More gossip than any honest node sends.
    Flooded,
    /// Broken rules of the exchange.
    Broken,
}

impl Offence {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Rejected => "invalid-messages",
            Self::Flooded => "flood",
            Self::Broken => "broken-rules",
        }
    }

    const fn strikes(self) -> u32 {
        match self {
            Self::Rejected => REJECTED,
            Self::Flooded => FLOODED,
            Self::Broken => BROKEN,
        }
    }

    /// Returns what breaking a rule in an exchange is, if it is proof of anything.
    pub(super) fn of(rule: &str) -> Option<Self> {
        (!NOT_PROOF.contains(&rule)).then_some(Self::Broken)
    }
}

/// What the reader and the writer of a stream may spend; shared by all streams of one peer.
#[derive(Debug)]
pub(super) struct Budget {
    /// What came and brought nothing: bytes, entries.
    read: Mutex<[Bucket; 2]>,
    served: Mutex<Bucket>,
}

impl Budget {
    fn new(now: Millis) -> Self {
        let read = [USELESS, USELESS_ENTRIES].map(|rate| Bucket::full(rate, now));
        Self { read: Mutex::new(read), served: Mutex::new(Bucket::full(SERVED, now)) }
    }

    /// Waits until the peer owes nothing for what it sent.
    pub(super) async fn may_read(&self) {
        wait(|now| {
            let mut buckets = self.read.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.iter_mut().map(|bucket| bucket.ready_in(now)).max().unwrap_or(0)
        })
        .await;
    }

    pub(super) fn has_read(&self, bytes: usize, entries: usize) {
        let now = now();
        let mut buckets = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        buckets[0].spend(bytes as u64, now);
        buckets[1].spend(entries as u64, now);
    }

    /// Gives back what turned out to be useful.
    pub(super) fn was_useful(&self, bytes: usize, entries: usize) {
        let mut buckets = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        buckets[0].give_back(bytes as u64);
        buckets[1].give_back(entries as u64);
    }

    /// Waits until more may be sent to the peer.
    pub(super) async fn may_serve(&self) {
        wait(|now| self.served.lock().unwrap_or_else(PoisonError::into_inner).ready_in(now)).await;
    }

    pub(super) fn has_served(&self, bytes: usize) {
        self.served.lock().unwrap_or_else(PoisonError::into_inner).spend(bytes as u64, now());
    }
}

async fn wait(mut ready_in: impl FnMut(Millis) -> Millis) {
    loop {
        match ready_in(now()) {
            0 => return,
            millis => tokio::time::sleep(Duration::from_millis(millis).min(LOOK)).await,
        }
    }
}

/// One peer's account.
#[derive(Debug)]
struct Account {
    heard: Pace,
    unread: u32,
    opened: Bucket,
    budget: Arc<Budget>,
    strikes: u32,
    /// When a strike was last made or forgiven.
    struck: Millis,
    seen: Millis,
    connected: bool,
}

impl Account {
    fn new(now: Millis) -> Self {
        Self {
            heard: Pace::full(HEARD, HEARD_BYTES, now),
            unread: 0,
            opened: Bucket::full(OPENED, now),
            budget: Arc::new(Budget::new(now)),
            strikes: 0,
            struck: now,
            seen: now,
            connected: false,
        }
    }

    fn forgive(&mut self, now: Millis) {
        let each = u64::try_from(FORGIVEN.as_millis()).unwrap_or(u64::MAX);
        let forgiven = now.saturating_sub(self.struck) / each;
        self.strikes = self.strikes.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX));
        self.struck = self.struck.saturating_add(forgiven * each).min(now);
    }
}

/// The accounts of all peers, and what this node itself may send.
#[derive(Debug)]
pub(super) struct Limits {
    accounts: BTreeMap<PeerId, Account>,
    sent: Pace,
}

impl Limits {
    pub(super) fn new(now: Millis) -> Self {
        Self { accounts: BTreeMap::new(), sent: Pace::full(SENT, SENT_BYTES, now) }
    }

    /// Returns a peer's account; where there are too many, the one away longest is forgotten.
    fn account(&mut self, peer: PeerId, now: Millis) -> &mut Account {
        if !self.accounts.contains_key(&peer) && self.accounts.len() >= MAX_ACCOUNTS {
            let away = self.accounts.iter().filter(|(_, account)| !account.connected);
            let oldest = away.min_by_key(|(_, account)| account.seen).map(|(peer, _)| *peer);
            if let Some(oldest) = oldest {
                self.accounts.remove(&oldest);
            }
        }
        let account = self.accounts.entry(peer).or_insert_with(|| Account::new(now));
        account.seen = now;
        account
    }

    pub(super) fn connected(&mut self, peer: PeerId, connected: bool, now: Millis) {
        self.account(peer, now).connected = connected;
    }

    pub(super) fn budget(&mut self, peer: PeerId, now: Millis) -> Arc<Budget> {
        Arc::clone(&self.account(peer, now).budget)
    }

    /// Tells whether a message of `len` bytes is within the peer's pace, and if it is not, whether the
    /// peer floods.
    pub(super) fn hears(&mut self, peer: PeerId, len: usize, now: Millis) -> Heard {
        let account = self.account(peer, now);
        if account.heard.take(len, now) {
            return Heard::Read;
        }
        account.unread += 1;
        if account.unread < UNREAD {
            return Heard::Unread;
        }
        account.unread = 0;
        Heard::Flood
    }

    /// Tells whether the peer may open another stream.
    pub(super) fn may_open(&mut self, peer: PeerId, now: Millis) -> bool {
        self.account(peer, now).opened.take(1, now)
    }

    /// Tells whether this node may send another message of `len` bytes to everyone.
    pub(super) fn may_send(&mut self, len: usize, now: Millis) -> bool {
        self.sent.take(len, now)
    }

    /// Counts an offence and tells whether the peer is to be banned; it then begins anew.
    pub(super) fn strike(&mut self, peer: PeerId, offence: Offence, now: Millis) -> bool {
        let account = self.account(peer, now);
        account.forgive(now);
        account.strikes += offence.strikes();
        let banned = account.strikes >= BAN_AT;
        if banned {
            account.strikes = 0;
        }
        banned
    }
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// It is read.
    Read,
    /// It is ignored unread.
    Unread,
    /// So are too many others.
    Flood,
}
