//! `/multaqa/peers/1`: one node asks another whom it knows (protocol.md, "Introductions").
//!
//! The asker opens a stream and sends nothing; the other writes one frame and closes. The form of the
//! frame, its bounds, and how often it may be asked are here. What is told to whom, and what becomes of
//! it, is the book's business.

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::codec::{self, CodecError};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};

use super::book::Told;

/// Most peers in one answer: most of what a node is connected to.
pub(super) const MAX_PEERS: usize = 32;
/// Most addresses of one peer: TCP and QUIC on four interfaces.
pub(super) const MAX_TOLD_ADDRESSES: usize = 8;
/// Longest address as text: a relayed one of an IPv6 relay has some 140 characters.
pub(super) const MAX_ADDRESS: usize = 160;
/// Longest answer: 32 peers with 8 addresses of 160 bytes are 44 KB.
pub(super) const MAX_ANSWER: usize = 48 * 1024;
/// How often this node asks a peer while it is connected.
const ASK_EVERY: Duration = Duration::from_secs(300);
/// When it asks for the second time: two newcomers that ask at one moment do not hear of each other.
const ASK_SOON: Duration = Duration::from_secs(15);
/// Time that news of this node takes to the peers that others ask: two round trips of a bad line.
const NEWS: Duration = Duration::from_secs(2);
/// Answers that a peer gets within [`ANSWERS_IN`]: one when it connects, one when it has found a relay, and one
/// soon after.
const MAX_ANSWERS: usize = 3;
/// See [`MAX_ANSWERS`]; shorter than the time between two questions, since lines differ.
const ANSWERS_IN: Duration = Duration::from_secs(240);
/// Time for the whole of it.
const DEADLINE: Duration = Duration::from_secs(20);

/// The first number of an answer.
const PEERS: u64 = 0;

/// Why an answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum AnswerError {
    #[error("the stream broke")]
    Broken(#[from] std::io::Error),
    #[error("no answer in time")]
    TimedOut,
    #[error("an answer of {0} bytes")]
    TooLong(usize),
    #[error("not the canonical CBOR of an answer")]
    Codec(#[from] CodecError),
    #[error("a peer or an address that cannot be read, or too many")]
    Parts,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    peer: String,
    addresses: Vec<String>,
}

/// Returns the CBOR of an answer; what is beyond the bounds is left out.
pub(super) fn encode(told: &[Told]) -> Vec<u8> {
    let entries: Vec<Entry> = told
        .iter()
        .take(MAX_PEERS)
        .map(|told| Entry {
            peer: told.peer.to_string(),
            addresses: told
                .addresses
                .iter()
                .map(ToString::to_string)
                .filter(|text| text.len() <= MAX_ADDRESS)
                .take(MAX_TOLD_ADDRESSES)
                .collect(),
        })
        .filter(|entry| !entry.addresses.is_empty())
        .collect();
    codec::encode(&(PEERS, entries))
}

/// Reads an answer.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Told>, AnswerError> {
    let (kind, entries): (u64, Vec<Entry>) = codec::decode(bytes, MAX_ANSWER)?;
    if kind != PEERS || entries.len() > MAX_PEERS {
        return Err(AnswerError::Parts);
    }
    entries.into_iter().map(|entry| read(&entry).ok_or(AnswerError::Parts)).collect()
}

fn read(entry: &Entry) -> Option<Told> {
    let peer: PeerId = entry.peer.parse().ok()?;
    let fits = (1..=MAX_TOLD_ADDRESSES).contains(&entry.addresses.len())
        && entry.addresses.iter().all(|text| text.len() <= MAX_ADDRESS);
    let addresses: Result<Vec<Multiaddr>, _> = entry.addresses.iter().map(|text| text.parse()).collect();
    fits.then_some(Told { peer, addresses: addresses.ok()? })
}

/// Asks on a stream that this node opened.
pub(super) async fn ask(mut stream: libp2p::Stream) -> Result<Vec<Told>, AnswerError> {
    let answer = async {
        stream.close().await?;
        let mut length = [0; 4];
        stream.read_exact(&mut length).await?;
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_ANSWER {
            return Err(AnswerError::TooLong(length));
        }
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes).await?;
        decode(&bytes)
    };
    timeout(DEADLINE, answer).await.unwrap_or(Err(AnswerError::TimedOut))
}

/// Answers on a stream that a peer opened.
pub(super) async fn answer(mut stream: libp2p::Stream, bytes: Vec<u8>) {
    let answer = async {
        let length = u32::try_from(bytes.len()).expect("an answer is bounded");
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(&bytes).await?;
        stream.close().await
    };
    // Whoever asked may have gone.
    let _ = timeout(DEADLINE, answer).await;
}

impl AnswerError {
    /// Says whether the peer broke a rule; a line that breaks is nobody's fault.
    pub(super) const fn is_fault(&self) -> bool {
        matches!(self, Self::TooLong(_) | Self::Codec(_) | Self::Parts)
    }
}

/// When a connected peer is to be asked next, and when it was answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    next: Option<Instant>,
    /// Whether the question after the next one comes soon as well.
    soon: bool,
    answered: Vec<Instant>,
}

impl Turns {
    /// Notes that the peer is asked for the first time on this connection, unless it was.
    pub(super) fn begin(&mut self, now: Instant) -> bool {
        let first = self.next.is_none();
        if first {
            self.next = Some(now + ASK_SOON);
        }
        first
    }

    /// Says whether the peer is to be asked again now, and notes it.
    pub(super) fn again(&mut self, now: Instant) -> bool {
        let due = self.next.is_some_and(|next| now >= next);
        if due {
            let soon = std::mem::take(&mut self.soon);
            self.next = Some(now + if soon { ASK_SOON } else { ASK_EVERY });
        }
        due
    }

    /// Has the peer asked again in a moment, and once more soon after: there is news of this node, which
    /// travels meanwhile, so there may be of others.
    pub(super) fn hurry(&mut self, now: Instant) {
        if let Some(next) = &mut self.next {
            *next = (*next).min(now + NEWS);
            self.soon = true;
        }
    }

    /// Says whether to answer now (I3), and notes it.
    pub(super) fn answer(&mut self, now: Instant) -> bool {
        self.answered.retain(|at| now.duration_since(*at) < ANSWERS_IN);
        let allowed = self.answered.len() < MAX_ANSWERS;
        if allowed {
            self.answered.push(now);
        }
        allowed
    }
}
