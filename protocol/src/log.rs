//! One author's log: validity of an entry among its ancestors (V3 to V6), and the choice of what
//! counts ([`tree`], S1 to S6).
//!
//! A [`Log`] holds the author's keys and the skeleton of its entries, a constant for an honest
//! author however long its history. It does not hold entries, looks into no body, and does not know
//! the network; a pin or a cut is given to it (N6, N7). Everything it accepts is valid, and the
//! choice depends on the set of accepted entries only.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::codec;
use crate::entry::{Entry, Form, Signed};
use crate::envelope::PublicKey;
use crate::id::{AuthorId, Bytes32, EntryId, Seq, sha256};

pub mod tree;

pub use tree::{Choice, MAX_BRANCHES, Mark, Place, Status, Stretch, Tree};

#[cfg(test)]
mod tests;

/// Kind of the entry after which only a rotation may follow (V6).
pub const CLOSE: &str = "close";

/// Why an entry is invalid among its ancestors, or cannot be kept; the first four rules blame the
/// sender, [`CheckError::TooManyBranches`] nobody but the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckError {
    /// V3: an inception where another entry belongs, or the other way round.
    #[error("V3: only the first entry of a log is an inception")]
    Inception,
    /// V3: `author` is not the id of the parent's inception.
    #[error("V3: the author is not that of the parent")]
    Author,
    /// V3: `seq` does not follow the parent's.
    #[error("V3: seq is {found}, where {expected} follows the parent")]
    Seq {
        /// One more than the parent's.
        expected: u64,
        /// What the header says.
        found: Seq,
    },
    /// V3: `prev` is not the parent's id.
    #[error("V3: prev does not name the parent")]
    Prev,
    /// V4: a signing or rotation key that stood on this path before.
    #[error("V4: a key is used again")]
    KeyReused,
    /// V4: a `next` that stood on this path before.
    #[error("V4: a `next` is used again")]
    NextReused,
    /// V4: `next` is the hash of a key shown already.
    #[error("V4: `next` is the hash of a key that was shown")]
    NextShown,
    /// V5: the revealed key is not the one that `next` announced.
    #[error("V5: the revealed key is not the one announced")]
    Reveal,
    /// V5: not signed by the key that must sign it.
    #[error("V5: the signature is not by the key that must sign")]
    Signature,
    /// V6: a plain entry after a `close`.
    #[error("V6: the log is closed")]
    Closed,
    /// The author has forked or stepped back more often than is kept.
    #[error("more than {MAX_BRANCHES} branches in one log")]
    TooManyBranches,
}

impl CheckError {
    /// Returns the id of the broken rule; S4 for the bound on branches.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Inception | Self::Author | Self::Seq { .. } | Self::Prev => "V3",
            Self::KeyReused | Self::NextReused | Self::NextShown => "V4",
            Self::Reveal | Self::Signature => "V5",
            Self::Closed => "V6",
            Self::TooManyBranches => "S4",
        }
    }
}

/// The keys that an establishment entry named.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeyEvent {
    next: Bytes32,
    sign: PublicKey,
    reveal: Option<Bytes32>,
}

/// One author's log, as a skeleton.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Log {
    author: AuthorId,
    tree: Tree,
    /// As many as the tree has establishment entries, in the same order.
    keys: Vec<KeyEvent>,
    /// Places of `close` entries.
    closes: BTreeSet<Place>,
}

impl Log {
    /// Begins a log with its inception.
    ///
    /// # Errors
    ///
    /// V3, V4, V5 as they apply to an inception.
    pub fn begin(inception: &Signed) -> Result<Self, CheckError> {
        let (Form::Inception, Some((sign, None)), Some(keys)) =
            (inception.form(), inception.keys(), inception.header().keys)
        else {
            return Err(CheckError::Inception);
        };
        if keys.next.0 == sha256(&keys.sign.0) {
            return Err(CheckError::NextShown);
        }
        if !inception.is_signed_by(sign) {
            return Err(CheckError::Signature);
        }
        Ok(Self {
            author: inception.author(),
            tree: Tree::new(inception.id()),
            keys: vec![KeyEvent { next: keys.next, sign: *sign, reveal: None }],
            closes: BTreeSet::new(),
        })
    }

    /// Adds `entry` as a child of the entry at `parent`, if it is valid there, and returns its place.
    /// The caller has found `parent` by the entry's `prev`, and made sure that the entry is new.
    ///
    /// # Errors
    ///
    /// The first rule of V3 to V6 that it breaks.
    pub fn extend(&mut self, parent: Place, entry: &Signed) -> Result<Place, CheckError> {
        let event = self.check(parent, entry)?;
        let prev = entry.prev().ok_or(CheckError::Inception)?;
        let place =
            self.tree.grow(parent, prev, entry.id(), event.is_some()).ok_or(CheckError::TooManyBranches)?;
        self.keys.extend(event);
        if entry.kind() == CLOSE {
            self.closes.insert(place);
        }
        Ok(place)
    }

    /// Checks V3 to V6; returns the keys that a rotation names.
    fn check(&self, parent: Place, entry: &Signed) -> Result<Option<KeyEvent>, CheckError> {
        if entry.form() == Form::Inception {
            return Err(CheckError::Inception);
        }
        if entry.author() != self.author {
            return Err(CheckError::Author);
        }
        let expected = u64::from(parent.seq) + 1;
        if u64::from(entry.seq()) != expected {
            return Err(CheckError::Seq { expected, found: entry.seq() });
        }
        if self.tree.id_of(parent).is_some_and(|id| Some(id) != entry.prev()) {
            return Err(CheckError::Prev);
        }
        let establishment = self.tree.establishment(parent);
        match (entry.keys(), entry.header().keys) {
            (Some((sign, Some(reveal))), Some(keys)) => {
                let event = KeyEvent { next: keys.next, sign: *sign, reveal: keys.reveal };
                self.check_rotation(establishment, &event, reveal)?;
                if entry.is_signed_by(reveal) { Ok(Some(event)) } else { Err(CheckError::Signature) }
            }
            _ if self.closes.contains(&parent) => Err(CheckError::Closed),
            _ if entry.is_signed_by(&self.keys[establishment].sign) => Ok(None),
            _ => Err(CheckError::Signature),
        }
    }

    fn check_rotation(&self, above: usize, event: &KeyEvent, reveal: &PublicKey) -> Result<(), CheckError> {
        let (sign, reveal) = (event.sign.to_bytes(), reveal.to_bytes());
        if sha256(&reveal.0) != self.keys[above].next.0 {
            return Err(CheckError::Reveal);
        }
        if sign == reveal {
            return Err(CheckError::KeyReused);
        }
        let shows = |key: &Bytes32| sha256(&key.0) == event.next.0;
        if shows(&sign) || shows(&reveal) {
            return Err(CheckError::NextShown);
        }
        let mut at = Some(above);
        while let Some(index) = at {
            let earlier = &self.keys[index];
            let shown = [Some(earlier.sign.to_bytes()), earlier.reveal];
            if shown.iter().flatten().any(|key| *key == sign || *key == reveal) {
                return Err(CheckError::KeyReused);
            }
            if earlier.next == event.next {
                return Err(CheckError::NextReused);
            }
            if shown.iter().flatten().any(shows) {
                return Err(CheckError::NextShown);
            }
            at = self.tree.above(index);
        }
        Ok(())
    }

    /// Returns the author.
    #[must_use]
    pub const fn author(&self) -> AuthorId {
        self.author
    }

    /// Returns the skeleton.
    #[must_use]
    pub const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Returns the key that signs a plain child of the entry at `place`.
    #[must_use]
    pub fn signing_key(&self, place: Place) -> &PublicKey {
        &self.keys[self.tree.establishment(place)].sign
    }

    /// Returns the hash of the key that a rotation after the entry at `place` reveals (V5).
    #[must_use]
    pub fn announced(&self, place: Place) -> Bytes32 {
        self.keys[self.tree.establishment(place)].next
    }

    /// Returns the first rotation known, on whichever branch, that revealed `key`: it is used up then.
    #[must_use]
    pub fn revealed_by(&self, key: &PublicKey) -> Option<Place> {
        let key = Some(key.to_bytes());
        let index = self.keys.iter().position(|event| event.reveal == key)?;
        Some(self.tree.establishment_entry(index).0)
    }

    /// Tells whether `rotation` could follow the establishment entry above `place`: it reveals the
    /// announced key and is signed by it (V4, V5), wherever after that entry it steps back to.
    #[must_use]
    pub fn admits_rotation(&self, place: Place, rotation: &Signed) -> bool {
        let establishment = self.tree.establishment(place);
        match (rotation.keys(), rotation.header().keys) {
            (Some((sign, Some(reveal))), Some(keys)) if rotation.author() == self.author => {
                let event = KeyEvent { next: keys.next, sign: *sign, reveal: keys.reveal };
                self.check_rotation(establishment, &event, reveal).is_ok() && rotation.is_signed_by(reveal)
            }
            _ => false,
        }
    }

    /// Tells whether the log is closed under `choice`: its last canonical entry that is no rotation is
    /// a `close` (N5).
    #[must_use]
    pub fn is_closed(&self, choice: &Choice) -> bool {
        let mut at = Some(choice.head);
        while let Some(place) = at {
            if self.closes.contains(&place) {
                return true;
            }
            if !self.tree.is_rotation(place) {
                return false;
            }
            at = self.tree.parent(place);
        }
        false
    }

    /// Tells whether any key of this log signed `entry`, whose place is unknown (A6, *unplaced*).
    #[must_use]
    pub fn knows_signer_of(&self, entry: &Entry) -> bool {
        self.keys.iter().any(|event| entry.is_signed_by(&event.sign))
    }

    /// Returns the log's bytes for the store; [`Log::restore`] reads them.
    #[must_use]
    pub fn save(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// Reads what [`Log::save`] wrote, `None` where the bytes are something else.
    #[must_use]
    pub fn restore(bytes: &[u8]) -> Option<Self> {
        let log: Self = codec::decode_own(bytes)?;
        (log.keys.len() == log.tree.establishment_count()).then_some(log)
    }
}

/// A head as nodes compare it: equal (id, status) means agreement (S6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its sequence number.
    pub seq: Seq,
    /// Its id.
    pub id: EntryId,
    /// Whether the log goes on.
    pub status: Status,
}
