//! A node's store in memory: a journal that is the truth, an index over it that a crash can lose.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::engine::{Arriving, Batch, Index, Location};
use multaqa_protocol::entry::{Entry, Signed};
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, sha256};
use multaqa_protocol::log::Place;

/// One item of the journal.
#[derive(Clone, Debug)]
enum Item {
    Entry(Box<Entry>),
    Body(Arc<[u8]>),
}

/// What the index holds of the journal up to a length.
#[derive(Clone, Debug, Default)]
struct Rows {
    /// Items of the journal that are in it.
    len: usize,
    by_place: BTreeMap<(AuthorId, Place), Entry>,
    by_id: BTreeMap<(AuthorId, EntryId), Place>,
    bodies: BTreeMap<BodyHash, Arc<[u8]>>,
    authors: BTreeMap<AuthorId, Vec<u8>>,
}

/// How much of the index a crash leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Survives {
    /// All of it.
    Index,
    /// What it was at its last checkpoint.
    Checkpoint,
    /// Nothing.
    Journal,
}

/// One node's store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    journal: Vec<Item>,
    rows: Rows,
    checkpoint: Rows,
    pub(crate) withdrawn: BTreeSet<BodyHash>,
}

impl Index for Store {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.rows.by_place.get(&(*author, place)).map(Entry::id)
    }

    fn place_of(&self, author: &AuthorId, id: &EntryId) -> Option<Place> {
        self.rows.by_id.get(&(*author, *id)).copied()
    }
}

impl Store {
    /// Makes a batch durable and indexes it.
    pub(crate) fn append(&mut self, batch: &Batch) {
        for write in &batch.entries {
            if write.at.is_none() {
                self.write(&write.entry, write.body.as_ref());
            }
            let author = write.entry.author();
            self.rows.by_place.insert((author, write.place), write.entry.clone());
            self.rows.by_id.insert((author, write.entry.id()), write.place);
        }
        for (_, body) in &batch.bodies {
            self.journal.push(Item::Body(body.clone()));
        }
        self.index_bodies();
        self.rows.authors.extend(batch.authors.iter().cloned());
    }

    /// Writes the first `count` entries of a batch, and leaves the index without them: a write that a
    /// crash cut short.
    pub(crate) fn tear(&mut self, batch: &Batch, count: usize) {
        for write in batch.entries.iter().take(count) {
            self.write(&write.entry, write.body.as_ref());
        }
    }

    fn write(&mut self, entry: &Entry, body: Option<&Arc<[u8]>>) {
        self.journal.extend(body.cloned().map(Item::Body));
        self.journal.push(Item::Entry(Box::new(entry.clone())));
    }

    fn index_bodies(&mut self) {
        for item in &self.journal[self.rows.len..] {
            if let Item::Body(body) = item {
                self.rows.bodies.insert(BodyHash(sha256(body)), body.clone());
            }
        }
        self.rows.len = self.journal.len();
    }

    pub(crate) fn checkpoint(&mut self) {
        self.checkpoint = self.rows.clone();
    }

    /// Loses what a crash loses of the index, and returns the engine's rows.
    pub(crate) fn reopen(&mut self, survives: Survives) -> Vec<(AuthorId, Vec<u8>)> {
        match survives {
            Survives::Index => {}
            Survives::Checkpoint => self.rows = self.checkpoint.clone(),
            Survives::Journal => self.rows = Rows::default(),
        }
        self.rows.authors.clone().into_iter().collect()
    }

    /// Returns the entries that the index lacks, in the journal's order, with the network bodies that
    /// stand before them.
    pub(crate) fn replay(&mut self) -> Vec<Arriving> {
        let mut lacking = Vec::new();
        for (at, item) in self.journal.iter().enumerate().skip(self.rows.len) {
            match item {
                Item::Body(body) => drop(self.rows.bodies.insert(BodyHash(sha256(body)), body.clone())),
                Item::Entry(entry) => {
                    let body = self.rows.bodies.get(&entry.header().body.hash);
                    let body = body.filter(|_| entry.is_network_kind()).cloned();
                    let signed = Signed::unchecked(Entry::clone(entry));
                    lacking.push(Arriving {
                        signed,
                        body,
                        at: Some(Location([0, 0, u32::try_from(at).expect("a short journal")])),
                    });
                }
            }
        }
        self.rows.len = self.journal.len();
        lacking
    }

    pub(crate) fn entry(&self, author: AuthorId, place: Place) -> Option<&Entry> {
        self.rows.by_place.get(&(author, place))
    }

    pub(crate) fn body(&self, hash: &BodyHash) -> Option<&Arc<[u8]>> {
        self.rows.bodies.get(hash)
    }

    pub(crate) fn holds(&self, author: &AuthorId, id: &EntryId) -> bool {
        self.rows.by_id.contains_key(&(*author, *id))
    }

    /// Returns every entry with its place.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (AuthorId, Place, &Entry)> {
        self.rows.by_place.iter().map(|((author, place), entry)| (*author, *place, entry))
    }

    /// Returns every entry that the journal holds, indexed or not.
    pub(crate) fn journal(&self) -> impl Iterator<Item = &Entry> {
        self.journal
            .iter()
            .filter_map(|item| if let Item::Entry(entry) = item { Some(&**entry) } else { None })
    }

    /// Returns the bodies that are not here and not withdrawn.
    pub(crate) fn missing(&self) -> Vec<(BodyHash, u64)> {
        let bodies = self.rows.by_place.values().map(|entry| entry.header().body);
        let lacks = |hash: &BodyHash| !self.rows.bodies.contains_key(hash) && !self.withdrawn.contains(hash);
        bodies.filter(|body| lacks(&body.hash)).map(|body| (body.hash, body.len)).collect()
    }
}
