//! The reader: bytes in as they come, items out, with one rule for how a bundle may end (A5, A7, A8).

use super::{END, Item, ItemError, MAX_TORN, Part, START, Scope, Sums, measure};
use crate::codec::Scan;
use crate::id::Bytes32;

/// Why a bundle cannot be read on, with the offset in the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An item breaks C or A5, or the bundle is of another version.
    #[error("at byte {at}: {source}")]
    Item {
        /// Offset of the item.
        at: u64,
        /// The rule broken.
        source: ItemError,
    },
    /// A5: the first item is not there, not whole, or another.
    #[error("A5: the bundle does not begin with its first item")]
    NoStart,
    /// A5: a second first item.
    #[error("A5: the first item stands again at byte {at}")]
    StartAgain {
        /// Offset of the item.
        at: u64,
    },
    /// A7: the last item is absent.
    #[error("A7: the bundle ends at byte {at} without its last item")]
    NoEnd {
        /// Offset of the end of the last whole item.
        at: u64,
    },
    /// A7: the last item disagrees with what stands before it.
    #[error("A7: the last item, at byte {at}, disagrees with the {what} before it")]
    EndDisagrees {
        /// Offset of the last item.
        at: u64,
        /// What differs.
        what: &'static str,
    },
    /// A5: bytes after the last item.
    #[error("A5: bytes follow the last item, at byte {at}")]
    AfterEnd {
        /// Offset of the first byte too many.
        at: u64,
    },
    /// A8: a journal is damaged in the middle.
    #[error("A8: items stop making sense at byte {at}, and {len} bytes follow: the journal is damaged")]
    Damaged {
        /// Offset of the first item that makes no sense.
        at: u64,
        /// Bytes from there to the end.
        len: u64,
    },
}

impl BundleError {
    /// Returns the id of the broken rule.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Item { source, .. } => source.rule(),
            Self::NoStart | Self::StartAgain { .. } | Self::AfterEnd { .. } => "A5",
            Self::NoEnd { .. } | Self::EndDisagrees { .. } => "A7",
            Self::Damaged { .. } => "A8",
        }
    }

    /// Tells whether nobody can be blamed: another version, or a damaged journal (A7, A8).
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Item { source: ItemError::Version { .. }, .. })
    }
}

/// How a bundle that can be read ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last item, which agrees.
    Closed,
    /// After a whole item; in scope `journal` only.
    Open,
    /// Inside an item or in bytes that are none, as a write that was cut off leaves it; in scope
    /// `journal` only.
    Torn {
        /// Offset of the end of the last whole item.
        at: u64,
        /// Bytes after it, at most [`MAX_TORN`].
        len: u64,
    },
}

#[derive(Clone, Debug)]
enum State {
    /// The first item has not come.
    Fresh,
    Within(Scope),
    /// The last item has come.
    Ended,
    /// Items make no sense any more in a journal; how much follows decides what it means.
    Lost,
    Failed(BundleError),
}

/// Takes a bundle apart. The caller pushes bytes in pieces of any size, and takes all items out
/// before the next piece; so the reader holds at most one item and one piece.
#[derive(Clone, Debug)]
pub struct Reader {
    state: State,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that were taken.
    taken: usize,
    /// Offset of the next item in the file.
    at: u64,
    /// Bytes dropped after the point at which reading stopped.
    dropped: u64,
    sums: Sums,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// Returns a reader at the start of a bundle.
    #[must_use]
    pub fn new() -> Self {
        Self { state: State::Fresh, buffer: Vec::new(), taken: 0, at: 0, dropped: 0, sums: Sums::default() }
    }

    /// Adds bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        if matches!(self.state, State::Lost | State::Failed(_)) {
            self.dropped += bytes.len() as u64;
            self.sums.add(bytes);
            return;
        }
        self.buffer.drain(..self.taken);
        self.taken = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Takes out the next item and its offset; `None` until more bytes come, and for good once the
    /// bundle cannot be read on, for which [`Reader::finish`] says why.
    pub fn next_item(&mut self) -> Option<(u64, Item)> {
        self.next_part().map(|(at, part)| (at, part.into()))
    }

    /// Takes out the next item as [`Reader::next_item`] does, without copying its bytes.
    pub fn next_part(&mut self) -> Option<(u64, Part<'_>)> {
        if matches!(self.state, State::Lost | State::Failed(_)) {
            return None;
        }
        match self.take() {
            Ok(taken) => {
                let (at, len) = taken?;
                let bytes = &self.buffer[self.taken - len..self.taken];
                // That it can be decoded was seen as it was taken.
                Part::decode(bytes).ok().map(|part| (at, part))
            }
            Err(error) => {
                self.state = match (&self.state, &error) {
                    (
                        State::Within(Scope::Journal),
                        BundleError::Item { .. } | BundleError::StartAgain { .. },
                    ) => State::Lost,
                    _ => State::Failed(error),
                };
                self.dropped = self.rest();
                self.sums.add(&self.buffer[self.taken..]);
                self.buffer = Vec::new();
                self.taken = 0;
                None
            }
        }
    }

    /// Ends the bundle, once all items were taken out: tells how it ends.
    ///
    /// # Errors
    ///
    /// The rule that made it unreadable, or that its end breaks.
    pub fn finish(self) -> Result<Ending, BundleError> {
        let (at, rest) = (self.at, self.rest());
        match self.state {
            State::Failed(error) => Err(error),
            State::Fresh => Err(BundleError::NoStart),
            State::Ended => Ok(Ending::Closed),
            State::Lost if self.dropped > MAX_TORN => Err(BundleError::Damaged { at, len: self.dropped }),
            State::Lost => Ok(Ending::Torn { at, len: self.dropped }),
            State::Within(Scope::Journal) if rest == 0 => Ok(Ending::Open),
            State::Within(Scope::Journal) => Ok(Ending::Torn { at, len: rest }),
            State::Within(_) => Err(BundleError::NoEnd { at }),
        }
    }

    /// Returns the SHA-256 of all bytes so far: the last item needs almost the same one, and to hash a large
    /// file twice would cost a tenth of an audit.
    #[must_use]
    pub fn sha256(&self) -> Bytes32 {
        let mut sums = self.sums.clone();
        sums.add(&self.buffer[self.taken..]);
        sums.end().hash
    }

    pub(super) fn rest(&self) -> u64 {
        (self.buffer.len() - self.taken) as u64
    }

    /// Takes an item from the buffer; returns its offset in the file and its length.
    fn take(&mut self) -> Result<Option<(u64, usize)>, BundleError> {
        let at = self.at;
        let bytes = &self.buffer[self.taken..];
        if bytes.is_empty() {
            return Ok(None);
        }
        if matches!(self.state, State::Ended) {
            return Err(BundleError::AfterEnd { at });
        }
        self.check_place(bytes)?;
        let broken = |source| BundleError::Item { at, source };
        let len = match measure(bytes).map_err(broken)? {
            Scan::Complete(len) => len,
            Scan::Incomplete => return Ok(None),
        };
        let bytes = &bytes[..len];
        match Part::decode(bytes).map_err(broken)? {
            Part::Start(start) => self.state = State::Within(start.scope),
            Part::Body(_) => self.sums.bodies += 1,
            Part::Envelope(_) => self.sums.envelopes += 1,
            Part::End(end) => {
                let sums = self.sums.end();
                let what = if (end.envelopes, end.bodies) != (sums.envelopes, sums.bodies) {
                    Some("number of items")
                } else {
                    (end.hash != sums.hash).then_some("bytes")
                };
                if let Some(what) = what {
                    return Err(BundleError::EndDisagrees { at, what });
                }
                self.state = State::Ended;
            }
        }
        self.sums.add(bytes);
        self.taken += len;
        self.at += len as u64;
        Ok(Some((at, len)))
    }

    /// Checks that the first item, and it alone, stands first. The second byte tells, so another item
    /// need not be whole; it does so only after the head of an array, because any other first byte is
    /// refused before a second one has come.
    fn check_place(&self, bytes: &[u8]) -> Result<(), BundleError> {
        let Some(number) = bytes.get(1).map(|number| u64::from(*number)) else { return Ok(()) };
        match self.state {
            State::Fresh if matches!(bytes[0], 0x81..=0x97) && (START + 1..=END).contains(&number) => {
                Err(BundleError::NoStart)
            }
            State::Within(_) if bytes[0] == 0x82 && number == START => {
                Err(BundleError::StartAgain { at: self.at })
            }
            _ => Ok(()),
        }
    }
}
