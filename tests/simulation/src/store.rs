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
    Entry(Arc<Entry>),
    Body(Arc<[u8]>),
    /// A body was here (B3).
    Erased,
}

/// What the index holds of the journal up to a length.
#[derive(Clone, Debug, Default)]
struct Rows {
    /// Items of the journal that are in it.
    len: usize,
    by_place: BTreeMap<(AuthorId, Place), Arc<Entry>>,
    by_id: BTreeMap<(AuthorId, EntryId), Place>,
    /// The entries that name a body.
    naming: BTreeMap<BodyHash, BTreeSet<(AuthorId, EntryId)>>,
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
    /// Entries that are held and withdrawn.
    pub(crate) withdrawn: BTreeSet<(AuthorId, EntryId)>,
}

impl Index for Store {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.rows.by_place.get(&(*author, place)).map(|entry| entry.id())
    }

    fn place_of(&self, author: &AuthorId, id: &EntryId) -> Option<Place> {
        self.rows.by_id.get(&(*author, *id)).copied()
    }
}

impl Store {
    /// Makes a batch durable and indexes it.
    pub(crate) fn append(&mut self, batch: &Batch) {
        for write in &batch.entries {
            let entry = Arc::new(write.entry.clone());
            if write.at.is_none() {
                self.write(&entry, write.body.as_ref());
            }
            let (author, id) = (entry.author(), entry.id());
            self.rows.naming.entry(entry.header().body.hash).or_default().insert((author, id));
            self.rows.by_place.insert((author, write.place), entry);
            self.rows.by_id.insert((author, id), write.place);
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
            self.write(&Arc::new(write.entry.clone()), write.body.as_ref());
        }
    }

    fn write(&mut self, entry: &Arc<Entry>, body: Option<&Arc<[u8]>>) {
        self.journal.extend(body.cloned().map(Item::Body));
        self.journal.push(Item::Entry(entry.clone()));
    }

    /// Erases a body from the journal and the index; tells whether it was there.
    pub(crate) fn erase(&mut self, hash: &BodyHash) -> bool {
        self.checkpoint.bodies.remove(hash);
        let Some(body) = self.rows.bodies.remove(hash) else { return false };
        for item in &mut self.journal {
            if matches!(item, Item::Body(found) if *found == body) {
                *item = Item::Erased;
            }
        }
        true
    }

    /// Tells whether all entries that name a body are withdrawn (B2: a body that another entry names
    /// stays with that one).
    pub(crate) fn is_hidden(&self, hash: &BodyHash) -> bool {
        let naming = self.rows.naming.get(hash);
        naming.is_some_and(|entries| entries.iter().all(|entry| self.withdrawn.contains(entry)))
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
                Item::Erased => {}
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
        self.rows.by_place.get(&(author, place)).map(|entry| &**entry)
    }

    pub(crate) fn body(&self, hash: &BodyHash) -> Option<&Arc<[u8]>> {
        self.rows.bodies.get(hash)
    }

    pub(crate) fn holds(&self, author: &AuthorId, id: &EntryId) -> bool {
        self.rows.by_id.contains_key(&(*author, *id))
    }

    /// Returns every entry with its place.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (AuthorId, Place, &Entry)> {
        self.rows.by_place.iter().map(|((author, place), entry)| (*author, *place, &**entry))
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
        bodies.filter(|body| self.lacks(&body.hash)).map(|body| (body.hash, body.len)).collect()
    }

    /// Tells whether a body that an entry here names is not here, and is to be asked for.
    pub(crate) fn lacks(&self, hash: &BodyHash) -> bool {
        self.rows.naming.contains_key(hash) && !self.rows.bodies.contains_key(hash) && !self.is_hidden(hash)
    }
}
