//! When a node signs checkpoints and confirmations by itself, and what it puts in them (A1, A2).
//!
//! Nothing here is a rule of validity: a steward that signs more often, or a member that never does,
//! breaks nothing. It keeps the network's own statements a small part of what it holds, and sees to it
//! that 1,590 members do not answer one checkpoint in the same minute. All of it is a function of what
//! the logs say, so a node that starts again does not sign a second time.

use super::{Checkpoint, Witness};
use crate::id::{AuthorId, BodyHash, Millis, NetworkId};
use crate::log::Head;
use crate::network::Ref;
use crate::sync::{MAX_HEADS, Row};

#[cfg(test)]
mod tests;

/// The least time between two checkpoints of one steward, and between two confirmations of one member.
pub const PERIOD: Millis = 7 * DAY;
/// How long after its inception a steward's log has its first checkpoint at the earliest: a network that
/// is being founded has little to list.
pub const FIRST_AFTER: Millis = DAY / 24;
/// The time over which stewards' first checkpoints are spread, and with them all later ones.
pub const STEWARDS_SPREAD: Millis = DAY / 4;
/// The time over which the members' answers to one checkpoint are spread: 1,590 of them are one in 54
/// seconds.
pub const MEMBERS_SPREAD: Millis = DAY;
/// How long a member waits for entries that a checkpoint lists and that are not here, before it confirms
/// the others alone: more than a weekend without a line.
pub const PATIENCE: Millis = 3 * DAY;
/// A year of checkpoints takes at most this part of their author's quota. Weekly ones of 1,590 members
/// are just within it; of 3,000, or where the quota was made smaller, they come more rarely.
pub const SHARE: u64 = 40;

const DAY: Millis = 24 * 60 * 60_000;
const YEAR: Millis = 365 * DAY;

/// Returns when a steward whose log began at `since` signs its next checkpoint, of about `len` bytes,
/// after the one of the time `last`, within a quota of `quota` bytes.
#[must_use]
pub fn next_checkpoint(
    author: AuthorId,
    since: Millis,
    last: Option<Millis>,
    len: u64,
    quota: u64,
) -> Millis {
    let Some(last) = last else {
        return since.saturating_add(FIRST_AFTER).saturating_add(spread(author, STEWARDS_SPREAD));
    };
    let a_year = (quota / SHARE).max(1);
    let within_share = YEAR.saturating_mul(len) / a_year;
    last.saturating_add(PERIOD.max(within_share))
}

/// Returns when a member confirms a checkpoint of the time `checkpoint`, after its own last
/// confirmation at the time `last`.
#[must_use]
pub fn next_witness(author: AuthorId, checkpoint: Millis, last: Option<Millis>) -> Millis {
    let answers = checkpoint.saturating_add(spread(author, MEMBERS_SPREAD));
    last.map_or(answers, |last| answers.max(last.saturating_add(PERIOD)))
}

/// Returns the part of `over` that belongs to an author: ids are hashes, so authors are spread evenly.
fn spread(author: AuthorId, over: Millis) -> Millis {
    let bytes = author.0.first_chunk().copied().unwrap_or_default();
    u64::from_be_bytes(bytes) % over
}

/// Tells whether `now` says more than `before`: an author came or went, a head moved back or changed its
/// status, or moved on by an entry that is none of A1 and A2, which `is_news` tells of what lies after
/// one head and up to the other. Otherwise statements about statements would never end. Both are by
/// author.
pub fn has_news(before: &[Row], now: &[Row], mut is_news: impl FnMut(AuthorId, Head, Head) -> bool) -> bool {
    if before.len() != now.len() {
        return true;
    }
    before.iter().zip(now).filter(|(before, now)| before != now).any(|(before, now)| {
        let (Some((author, old)), Some((other, new))) = (before.head(), now.head()) else { return true };
        let moved_on = author == other && old.status == new.status && old.seq < new.seq;
        !moved_on || is_news(author, old, new)
    })
}

/// Returns a checkpoint of `heads`, which are by author; of the first [`MAX_HEADS`] where there are more.
#[must_use]
pub fn list(net: NetworkId, charter: BodyHash, mut heads: Vec<Row>) -> Checkpoint {
    heads.truncate(MAX_HEADS);
    Checkpoint { net, heads, charter }
}

/// Returns what a member says at the time `now` of a checkpoint that lists `heads` and was made at the
/// time `made`; `holds` tells whether a head lies on the canonical log here. Nothing while entries that
/// are not here may still come, and nothing where more than half of them never came: such a member has
/// nothing to say of the network.
pub fn confirm(
    (net, checkpoint, made): (NetworkId, Ref, Millis),
    heads: &[Row],
    now: Millis,
    mut holds: impl FnMut(AuthorId, Head) -> bool,
) -> Option<Witness> {
    let lacks = |row: &Row| row.head().filter(|(author, head)| !holds(*author, *head));
    let except: Vec<AuthorId> = heads.iter().filter_map(lacks).map(|(author, _)| author).collect();
    let waits = !except.is_empty() && now < made.saturating_add(PATIENCE);
    if waits || except.len() * 2 > heads.len() {
        return None;
    }
    Some(Witness { net, except, checkpoint })
}
