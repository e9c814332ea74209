//! What goes wrong without anybody's malice: links, crashes, disks, restored backups, clocks.

use multaqa_protocol::id::{BodyHash, EntryId, Millis};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::profile::Profile;
use crate::store::Survives;
use crate::world::{Event, World};

/// How far a clock can be off, in milliseconds.
const WILD: i64 = 10 * 3_600_000;
/// Peers that a restored node asks for its own log before it signs (W2).
const ASKED: usize = 3;

/// What goes wrong on links, and how often.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) on: bool,
    pub(crate) loss: f64,
    pub(crate) repeat: f64,
    pub(crate) breaks: f64,
    pub(crate) delay: Millis,
}

impl Faults {
    pub(crate) fn draw(rng: &mut ChaCha8Rng) -> Self {
        Self {
            on: true,
            loss: rng.random_range(0.0..0.3),
            repeat: rng.random_range(0.0..0.2),
            breaks: *[0.0, 0.002, 0.02].choose(rng).expect("three"),
            delay: *[30, 200, 2_000].choose(rng).expect("three"),
        }
    }
}

impl Profile {
    /// Returns how far a clock is ahead.
    pub(crate) fn skew(&self, rng: &mut ChaCha8Rng) -> i64 {
        if self.wild_clocks && rng.random_ratio(1, 4) {
            rng.random_range(-WILD..WILD)
        } else {
            rng.random_range(0..5_000)
        }
    }
}

impl World {
    /// Ends all faults, and starts whoever is down.
    pub(crate) fn end_faults(&mut self) {
        self.faults = Faults { on: false, loss: 0.0, repeat: 0.0, breaks: 0.0, delay: 60 };
        self.side.fill(0);
        self.note(format_args!("the faults end"));
        for node in 0..self.profile.honest {
            self.nodes[node].read_only_until = 0;
            if self.nodes[node].alive {
                self.hand_in_guarded(node);
            } else {
                self.start(node);
            }
        }
    }

    pub(crate) fn crash(&mut self, node: usize) {
        if !self.faults.on || !self.nodes[node].alive {
            return;
        }
        let count = self.nodes[node].appends.len();
        let whole = self.rng.random_range(0..=count);
        let torn = self.rng.random_range(0..4);
        self.quality.crashes += 1;
        self.note(format_args!(
            "n{node} crashes: {count} appends on their way, {whole} written, {torn} torn"
        ));
        self.nodes[node].crash(whole, torn);
        self.break_streams_of(node);
        let back = self.rng.random_range(500..20_000);
        self.at(back, Event::Start(node));
    }

    pub(crate) fn start(&mut self, node: usize) {
        if self.nodes[node].alive {
            return;
        }
        let modes = [Survives::Index, Survives::Index, Survives::Checkpoint, Survives::Journal];
        let survives = *modes.choose(&mut self.rng).expect("four");
        self.note(format_args!("n{node} starts, {survives:?} survives"));
        self.begin_again(node, survives);
        self.hand_in_guarded(node);
        let next = self.rng.random_range(100..3_000);
        let other = self.another(node, self.profile.nodes());
        self.at(next, Event::Connect { from: node, to: other });
    }

    /// Builds a node's engine again from its store.
    fn begin_again(&mut self, node: usize, survives: Survives) {
        let faults = self.nodes[node].restart(survives, self.now);
        if let Some(fault) = faults.first() {
            return self.fail("A8", format!("n{node} starts and {fault}"));
        }
        self.check_kept(node);
        for hash in self.nodes[node].hidden_bodies() {
            self.erase_later(node, hash, false);
        }
    }

    /// W2: what was signed is signed with the same bytes again.
    pub(crate) fn hand_in_guarded(&mut self, node: usize) {
        let entries = self.nodes[node].guard.clone();
        if self.nodes[node].alive && !entries.is_empty() {
            self.hand_in(node, entries);
        }
    }

    pub(crate) fn disk_fails(&mut self, node: usize) {
        if !self.faults.on || !self.nodes[node].alive {
            return;
        }
        let lasts = self.rng.random_range(3_000..30_000);
        self.nodes[node].read_only_until = self.now + lasts;
        self.quality.disk_errors += 1;
        self.note(format_args!("n{node} cannot write for {lasts} ms"));
        self.at(lasts, Event::DiskServes(node));
    }

    /// The disk refused an append: what is in memory goes too far, so the node begins again from what
    /// its store holds, in the same process.
    pub(crate) fn append_fails(&mut self, node: usize) {
        let lost = self.nodes[node].appends.len();
        self.note(format_args!("n{node} loses {lost} appends and begins again from its store"));
        self.break_streams_of(node);
        self.nodes[node].forget();
        self.begin_again(node, Survives::Index);
    }

    pub(crate) fn back_up(&mut self, node: usize) {
        if self.nodes[node].alive {
            self.nodes[node].back_up();
            self.note(format_args!("n{node} is backed up"));
        }
    }

    /// An old backup is restored: the guard is not part of it, so the node is in quarantine (W2).
    pub(crate) fn restore(&mut self, node: usize) {
        if !self.faults.on || !self.nodes[node].alive || !self.nodes[node].has_backup() {
            return;
        }
        self.quality.restores += 1;
        self.note(format_args!("n{node} is restored from its backup"));
        self.nodes[node].crash(0, 0);
        self.break_streams_of(node);
        self.nodes[node].take_back();
        self.start(node);
    }

    pub(crate) fn clock_jumps(&mut self, node: usize) {
        let skew = self.rng.random_range(-WILD..WILD);
        self.nodes[node].skew = skew;
        self.nodes[node].jumped = self.now;
        self.note(format_args!("the clock of n{node} jumps to {skew} ms"));
    }

    /// Notes that a node and a peer had no more questions: one more that was asked (W2).
    pub(crate) fn note_asked(&mut self, node: usize, peer: usize) {
        if let Some(asked) = &mut self.nodes[node].quarantine {
            asked.insert(peer);
        }
    }

    /// Tells whether a node may sign: not in quarantine, and nothing of its own log is known to be
    /// elsewhere (W1). Ends a quarantine that has lasted long enough.
    pub(crate) fn may_sign(&mut self, at: usize) -> bool {
        let author = self.authors[at].id;
        let node = &mut self.nodes[at];
        let store = &node.store;
        node.elsewhere.retain(|id| !store.holds(&author, id));
        if !node.elsewhere.is_empty() {
            return false;
        }
        let Some(asked) = &node.quarantine else { return true };
        if asked.len() < ASKED {
            return false;
        }
        self.nodes[at].quarantine = None;
        self.note(format_args!("n{at} ends its quarantine"));
        self.adopt_own(at);
        true
    }

    /// The people at a restored node stand by what the peers gave back of their log, at once or later.
    pub(crate) fn adopt_own(&mut self, at: usize) {
        let author = self.authors[at].id;
        let node = &mut self.nodes[at];
        let Some(choice) = node.engine.own_choice() else { return };
        let held = |seq| Some(node.store.entry(author, choice.at(seq)?)?.id());
        let path: Vec<EntryId> = (0..=choice.head.seq).map_while(held).collect();
        node.acked.extend(path.iter().map(|id| (author, *id)));
        self.authors[at].adopt(path.into_iter());
    }

    /// B3: a withdrawn body is erased, at once by order of stewards.
    pub(crate) fn erase_later(&mut self, node: usize, hash: BodyHash, ordered: bool) {
        let after = if ordered { 1 } else { self.rng.random_range(20_000..60_000) };
        self.at(after, Event::Erase { node, hash });
    }

    pub(crate) fn erase(&mut self, node: usize, hash: BodyHash) {
        if self.nodes[node].alive && self.nodes[node].engine.last_append().is_some() {
            // It may be on its way to the disk.
            return self.at(1, Event::Erase { node, hash });
        }
        let node = &mut self.nodes[node];
        if node.alive && node.is_hidden(&hash) && node.store.erase(&hash) {
            self.quality.erased += 1;
        }
    }
}
