//! Who writes: an author's keys, and entries really signed with them.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;
use multaqa_protocol::codec::Map;
use multaqa_protocol::engine::Arriving;
use multaqa_protocol::entry::{self, Entry, Position, Signed};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{AuthorId, Bytes32, EntryId, Millis, Seq, sha256};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// The keys from one establishment entry on: what signs, and what may rotate.
#[derive(Clone, Debug)]
pub(crate) struct Era {
    pub(crate) sign: SigningKey,
    pub(crate) reveal: SigningKey,
}

impl Era {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        let mut key = || SigningKey::from_bytes(&rng.random());
        Self { sign: key(), reveal: key() }
    }

    pub(crate) fn key(&self) -> PublicKey {
        PublicKey::from(&self.sign)
    }

    fn next(&self) -> Bytes32 {
        Bytes32(sha256(&PublicKey::from(&self.reveal).to_bytes().0))
    }
}

/// An entry that its author stands by, and the era that signs after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own {
    pub(crate) seq: Seq,
    pub(crate) id: EntryId,
    pub(crate) era: usize,
}

/// One author.
#[derive(Debug)]
pub(crate) struct Author {
    pub(crate) id: AuthorId,
    pub(crate) eras: Vec<Era>,
    /// The eras by the establishment entries that begin them.
    begun: BTreeMap<EntryId, usize>,
    /// The log as its author sees it.
    pub(crate) own: Vec<Own>,
    /// Whether a restored backup, and all whom it asked, had forgotten something that was signed: what is
    /// signed from then on may be beside it, and an own rotation among what was forgotten decides (S1).
    pub(crate) forgot: bool,
    pub(crate) inception: Arriving,
}

impl Author {
    pub(crate) fn new(rng: &mut ChaCha8Rng, time: Millis) -> Self {
        let era = Era::new(rng);
        let (entry, body) = entry::incept(&era.sign, era.next(), time, rng.random());
        let (id, first) = (entry.author(), entry.id());
        let inception = arriving(entry, body, &era.key());
        let own = vec![Own { seq: 0, id: first, era: 0 }];
        Self { id, eras: vec![era], begun: BTreeMap::from([(first, 0)]), own, forgot: false, inception }
    }

    /// Returns the place after `parent`.
    pub(crate) const fn after(&self, parent: Own, time: Millis) -> Position {
        Position { author: self.id, seq: parent.seq + 1, prev: parent.id, time }
    }

    /// Signs a plain entry in the era `era`.
    pub(crate) fn write(&self, era: usize, position: Position, kind: &str, body: Vec<u8>) -> Arriving {
        let era = &self.eras[era];
        arriving(entry::write(position, kind, &body, &era.sign), body, &era.key())
    }

    /// Signs a rotation at `position`, in the era `era`, and begins the next one.
    pub(crate) fn rotate(&mut self, rng: &mut ChaCha8Rng, era: usize, position: Position) -> Arriving {
        let next = Era::new(rng);
        let body = entry::encode_body(rng.random(), &Map::default());
        let reveal = self.eras[era].reveal.clone();
        let entry = entry::rotate(position, &next.key(), next.next(), &reveal, &body);
        self.begun.insert(entry.id(), self.eras.len());
        self.eras.push(next);
        arriving(entry, body, &PublicKey::from(&reveal))
    }

    /// Notes an entry as the last one that the author stands by.
    pub(crate) fn stand_by(&mut self, entry: &Entry, era: usize) {
        self.own.retain(|own| own.seq < entry.seq());
        self.own.push(Own { seq: entry.seq(), id: entry.id(), era });
    }

    /// Stands by these entries, from the inception on, and by no others.
    pub(crate) fn adopt(&mut self, path: impl Iterator<Item = EntryId>) {
        let mut era = 0;
        let before = std::mem::take(&mut self.own);
        for (seq, id) in (0..).zip(path) {
            era = self.begun.get(&id).copied().unwrap_or(era);
            self.own.push(Own { seq, id, era });
        }
        let kept = |own: &Own| self.own.get(own.seq as usize).is_some_and(|now| now.id == own.id);
        self.forgot |= !before.iter().all(kept);
    }

    pub(crate) fn last(&self) -> Own {
        self.own[self.own.len() - 1]
    }
}

fn arriving(entry: Entry, body: Vec<u8>, key: &PublicKey) -> Arriving {
    Arriving { signed: Signed::check(entry, key), body: Some(body.into()), at: None }
}
