//! The ban list: peers and address ranges that this node has nothing to do with, why, since when, until
//! when, and by whom.
//!
//! It is data and decides by the time that it is given; the network's gate asks it, the driver keeps it
//! in the data folder. A ban by the node itself always ends, lasts twice as long each time, and names a
//! peer only: a range would hit whoever else lives behind one address.

#[cfg(test)]
mod tests;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use libp2p::PeerId;
use multaqa_protocol::id::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most entries of the list; some 300 KB in memory and on disk.
pub const MAX_BANS: usize = 1_024;
/// Longest reason in characters: a sentence or two.
pub const MAX_REASON: usize = 500;
/// How long the node's first ban of a peer lasts: long enough to end a flood, short enough that a
/// program's mistake which is mended is soon forgiven.
pub const FIRST_BAN: Duration = Duration::from_mins(10);
/// How long one lasts at most.
pub const LONGEST_BAN: Duration = Duration::from_hours(24);
/// How long a ban that has ended is remembered, so that the next is longer.
pub const REMEMBERED: Duration = Duration::from_hours(7 * 24);

/// Whom a ban hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Subject {
    /// One peer, wherever it is.
    Peer(PeerId),
    /// Whoever is at one of these addresses.
    Range(IpNet),
}

/// A text names neither a peer nor a range of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither a peer id nor an address range: {0}")]
pub struct NoSubject(pub String);

impl FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Self, NoSubject> {
        let text = text.trim();
        if let Ok(peer) = text.parse() {
            return Ok(Self::Peer(peer));
        }
        let range = text.parse::<IpNet>().ok();
        let range = range.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
        range.map(|range| Self::Range(range.trunc())).ok_or_else(|| NoSubject(text.to_owned()))
    }
}

impl TryFrom<String> for Subject {
    type Error = NoSubject;

    fn try_from(text: String) -> Result<Self, NoSubject> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Peer(peer) => peer.fmt(f),
            Self::Range(range) => range.fmt(f),
        }
    }
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The node, because of what the peer itself did.
    Node,
    /// Whoever runs the node, with a command.
    Administrator,
    /// The configuration file.
    Configuration,
}

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ban {
    /// Whom it hits.
    #[schema(value_type = String)]
    pub subject: Subject,
    /// Why: the administrator's words, or for the node's own bans a stable code.
    pub reason: String,
    /// Since when.
    #[schema(value_type = u64)]
    pub since: Millis,
    /// Until when; without it, until it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u64>)]
    pub until: Option<Millis>,
    /// Who decided.
    pub by: By,
    /// How often the node has banned it lately.
    #[serde(default)]
    pub times: u32,
}

impl Ban {
    /// Tells whether it is in force.
    #[must_use]
    pub fn holds(&self, now: Millis) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    fn is_worth_keeping(&self, now: Millis) -> bool {
        let remembered = if self.by == By::Node { millis(REMEMBERED) } else { 0 };
        self.until.is_none_or(|until| now < until.saturating_add(remembered))
    }
}

/// Why a ban is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BanError {
    /// The list is full of administrators' bans.
    #[error("the ban list holds {MAX_BANS} entries already")]
    Full,
    /// The reason is empty or too long.
    #[error("a reason of {len} characters, where 1 to {MAX_REASON} are allowed")]
    Reason {
        /// Its length.
        len: usize,
    },
    /// The configuration bans it, and only the file can change that.
    #[error("the configuration file bans it")]
    Configured,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bans(Vec<Ban>);

impl Bans {
    /// Returns the list that was kept, with the ranges that the configuration denies.
    #[must_use]
    pub fn new(kept: Vec<Ban>, denied: &[IpNet], now: Millis) -> Self {
        let configured = denied.iter().map(|range| Ban {
            subject: Subject::Range(range.trunc()),
            reason: "configuration".into(),
            since: now,
            until: None,
            by: By::Configuration,
            times: 0,
        });
        let kept = kept.into_iter().filter(|ban| ban.by != By::Configuration).take(MAX_BANS);
        Self(configured.chain(kept).collect())
    }

    /// Returns what is to be kept in the data folder.
    pub fn kept(&self) -> impl Iterator<Item = &Ban> {
        self.0.iter().filter(|ban| ban.by != By::Configuration)
    }

    /// Returns the bans in force.
    pub fn in_force(&self, now: Millis) -> impl Iterator<Item = &Ban> {
        self.0.iter().filter(move |ban| ban.holds(now))
    }

    /// Returns the ban of a peer that is in force.
    #[must_use]
    pub fn of_peer(&self, peer: &PeerId, now: Millis) -> Option<&Ban> {
        self.in_force(now).find(|ban| ban.subject == Subject::Peer(*peer))
    }

    /// Returns the ban of an address that is in force.
    #[must_use]
    pub fn of_address(&self, address: IpAddr, now: Millis) -> Option<&Ban> {
        let address = address.to_canonical();
        let hits = |ban: &&Ban| matches!(ban.subject, Subject::Range(range) if range.contains(&address));
        self.in_force(now).find(hits)
    }

    /// Adds an administrator's ban, in place of an earlier one of the same subject.
    ///
    /// # Errors
    ///
    /// See [`BanError`].
    pub fn add(
        &mut self,
        subject: Subject,
        reason: &str,
        lasting: Option<Duration>,
        now: Millis,
    ) -> Result<(), BanError> {
        let reason = reason.trim();
        let len = reason.chars().count();
        if !(1..=MAX_REASON).contains(&len) {
            return Err(BanError::Reason { len });
        }
        if self.0.iter().any(|ban| ban.subject == subject && ban.by == By::Configuration) {
            return Err(BanError::Configured);
        }
        let until = lasting.map(|lasting| now.saturating_add(millis(lasting)));
        let by = By::Administrator;
        self.put(Ban { subject, reason: reason.to_owned(), since: now, until, by, times: 0 }, now)
    }

    /// Bans a peer for what it did, twice as long as the time before; an administrator's ban stands.
    pub fn ban_for_a_time(&mut self, peer: PeerId, reason: &'static str, now: Millis) {
        let subject = Subject::Peer(peer);
        let earlier = self.0.iter().find(|ban| ban.subject == subject);
        if earlier.is_some_and(|ban| ban.by != By::Node && ban.holds(now)) {
            return;
        }
        let times = earlier.filter(|ban| ban.by == By::Node).map_or(0, |ban| ban.times);
        let lasting = FIRST_BAN.saturating_mul(1 << times.min(16)).min(LONGEST_BAN);
        let until = Some(now.saturating_add(millis(lasting)));
        let ban = Ban { subject, reason: reason.into(), since: now, until, by: By::Node, times: times + 1 };
        // A list that is full of administrators' bans takes no more; the peer is turned away all the same,
        // this time.
        if self.put(ban, now).is_err() {
            tracing::warn!(%peer, "the ban list is full");
        }
    }

    /// Lifts a ban and tells whether there was one.
    ///
    /// # Errors
    ///
    /// [`BanError::Configured`].
    pub fn lift(&mut self, subject: &Subject) -> Result<bool, BanError> {
        if self.0.iter().any(|ban| ban.subject == *subject && ban.by == By::Configuration) {
            return Err(BanError::Configured);
        }
        let before = self.0.len();
        self.0.retain(|ban| ban.subject != *subject);
        Ok(self.0.len() < before)
    }

    /// Puts an entry in; where the list is full, the node's own ban that ends first makes room.
    fn put(&mut self, ban: Ban, now: Millis) -> Result<(), BanError> {
        self.0.retain(|other| other.subject != ban.subject && other.is_worth_keeping(now));
        if self.kept().count() >= MAX_BANS {
            let own = self.0.iter().enumerate().filter(|(_, ban)| ban.by == By::Node);
            let first = own.min_by_key(|(_, ban)| ban.until).map(|(at, _)| at);
            self.0.remove(first.ok_or(BanError::Full)?);
        }
        self.0.push(ban);
        Ok(())
    }
}

fn millis(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}
