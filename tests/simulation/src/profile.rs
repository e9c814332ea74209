//! How large a simulated network is, who is in it, and how much goes wrong: drawn from the seed.

use multaqa_protocol::id::Millis;
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::adversary::Role;

/// One seed in so many of an ordinary run is of the large size: a run of 300 has two.
const LARGE_EVERY: u64 = 150;
/// One seed in so many of an ordinary run is of the nightly size.
const NIGHTLY_EVERY: u64 = 5;

/// How large a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Ten nodes that follow the protocol and two to four that do not.
    Small,
    /// Twenty nodes, up to six of which do not follow the protocol.
    Nightly,
    /// Two hundred nodes, sixty of which do not follow the protocol.
    Large,
}

impl Size {
    /// Returns the size that a seed has in an ordinary run.
    #[must_use]
    pub const fn of(seed: u64) -> Self {
        if seed % LARGE_EVERY == LARGE_EVERY - 1 {
            Self::Large
        } else if seed % NIGHTLY_EVERY == NIGHTLY_EVERY - 1 {
            Self::Nightly
        } else {
            Self::Small
        }
    }

    /// Returns the size by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Small, Self::Nightly, Self::Large].into_iter().find(|size| size.name() == name)
    }

    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Nightly => "nightly",
            Self::Large => "large",
        }
    }
}

/// Who is in a network, and how often what happens.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) size: Size,
    /// Nodes that follow the protocol; the first of them are stewards.
    pub(crate) honest: usize,
    /// What each node that does not follow it tries; turned stewards come first.
    pub(crate) roles: Vec<Role>,
    /// Stewards of the first charter whose nodes follow the protocol.
    pub(crate) stewards: usize,
    /// Stewards of the first charter who turn; fewer than `k`.
    pub(crate) turned: usize,
    pub(crate) k: usize,
    /// How long authors write and faults happen.
    pub(crate) busy: Millis,
    /// Between two acts of one node's people.
    pub(crate) act: (Millis, Millis),
    /// Between two comparisons that one node opens.
    pub(crate) compare: (Millis, Millis),
    /// Between two acts of one node that does not follow the protocol.
    pub(crate) mischief: (Millis, Millis),
    /// How many of each fault at most.
    pub(crate) crashes: usize,
    pub(crate) motions: usize,
    /// Clocks are hours off at one node in four.
    pub(crate) wild_clocks: bool,
}

impl Profile {
    pub(crate) fn draw(size: Size, rng: &mut ChaCha8Rng) -> Self {
        let (nodes, hostile, stewards, k) = match size {
            Size::Small => {
                let hostile = rng.random_range(2..=4);
                (10 + hostile, hostile, 3, 2)
            }
            Size::Nightly => (20, rng.random_range(0..=6), 5, 3),
            Size::Large => (200, 60, 7, 4),
        };
        let turned = rng.random_range(0..k).min(hostile);
        let turned = if size == Size::Large { k - 1 } else { turned };
        // A large network has all kinds of adversaries, six of each.
        let roles = (0..hostile).map(|i| match i {
            i if i < turned => Role::Turncoat,
            i if size == Size::Large => Role::ALL[i % Role::ALL.len()],
            _ => *Role::ALL.choose(rng).expect("not empty"),
        });
        let roles = roles.collect();
        let large = size == Size::Large;
        Self {
            size,
            honest: nodes - hostile,
            roles,
            stewards: stewards - turned,
            turned,
            k,
            busy: if large { 120_000 } else { 240_000 },
            act: if large { (45_000, 90_000) } else { (5_000, 18_000) },
            compare: if large { (15_000, 45_000) } else { (8_000, 25_000) },
            mischief: if large { (15_000, 45_000) } else { (6_000, 25_000) },
            crashes: if large { 30 } else { 12 },
            motions: if large { 8 } else { 7 },
            wild_clocks: rng.random_bool(0.5),
        }
    }

    /// Between two acts of this node's people: stewards have more to say.
    pub(crate) fn pace(&self, node: usize) -> (Millis, Millis) {
        if node < self.stewards { (5_000, 18_000) } else { self.act }
    }

    /// Honest nodes and hostile ones.
    pub(crate) fn nodes(&self) -> usize {
        self.honest + self.roles.len()
    }

    /// Returns the stewards of the first charter, by author.
    pub(crate) fn founders(&self) -> Vec<usize> {
        (0..self.stewards).chain(self.honest..self.honest + self.turned).collect()
    }
}
