//! One entry in full, and where it comes from.

use std::collections::BTreeSet;

use multaqa_protocol::entry::Keys;
use multaqa_protocol::id::{AuthorId, EntryId, Millis, Seq};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::network::Withdrawal;
use multaqa_protocol::record;

use super::body::Gist;
use super::follow_up::MAX_VERSIONS;
use super::snapshot::Held;
use super::{Found, View, ViewError};
use crate::api::types::{
    Link, PROVENANCE, Provenance, RECORD, Record, RecordItem, Replaces, Resolved, Signature, SignatureStatus,
    SignedBy, Status, WithdrawalInfo, Withdrawer,
};
use crate::store::{BodyState, Row, StoredEntry};

/// The keys that hold at the head of a log.
#[derive(Clone, Copy, Debug)]
pub struct KeysInForce {
    /// Place of the inception or rotation that names them.
    pub seq: Seq,
    /// That entry.
    pub establishment: EntryId,
    /// Its claim of when.
    pub time: Millis,
    /// The keys.
    pub keys: Keys,
    /// How many rotations there are up to the head.
    pub rotations: u64,
}

impl View<'_> {
    /// Shows one entry of any kind.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn record(&self, text: &str) -> Result<Record, ViewError> {
        Ok(self.reading(text)?.0)
    }

    /// Shows one entry of any kind, with its body as the record that it is; nothing where the body is not
    /// here or not readable.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn reading(&self, text: &str) -> Result<(Record, Option<record::Record>), ViewError> {
        let found = self.find(text)?;
        let held = self.held(found.author)?;
        let (row, stored) = self.load(&found, text)?;
        let shown = self.read_body(found.author, &row, &stored.body);
        let item = self.item_of(found.author, held, &row, shown.gist())?;
        let (continues, continued_by) = self.succession(found.author);
        let shelf = self.library.shelf(found.author).unwrap_or_default();
        let first = shelf.first_of(found.id);
        let replaces = shown.map.as_ref().and_then(record::replaces);
        let links = shown.references(&row.kind);
        let withdrawal = self.snapshot.withdrawal(found.author, row.place.seq, row.id, &row.kind);
        let answer = Record {
            schema: RECORD.into(),
            fields: shown.fields(),
            body_len: row.body_len,
            body_hash: stored.entry.header().body.hash,
            prev: stored.entry.prev(),
            signed: self.signature(held, &found, &stored),
            dates: self.dates(&found, held)?,
            hidden: self.hiding(found.author, found.id),
            withdrawal: withdrawal.map(|withdrawal| self.withdrawal_info(withdrawal)),
            continues,
            continued_by,
            first,
            versions: shelf.chain(first).map_or(1, |chain| chain.len() as u64),
            replaced_by: shelf.replaced_by(found.id),
            replaces: replaces.map(|target| Replaces { target, holds: shelf.is_revision(found.id) }),
            links: links
                .map(|(field, target)| {
                    let held = self.store.place_of(target.author, &target.id)?;
                    let resolved = if held.is_some() { Resolved::Held } else { Resolved::NotHeld };
                    Ok(Link { field, target, resolved })
                })
                .collect::<Result<_, ViewError>>()?,
            unreadable: shown.unreadable,
            item,
        };
        Ok((answer, shown.record))
    }

    /// Returns what a list says of an entry whose body was read.
    pub(super) fn item_of(
        &self,
        author: AuthorId,
        held: &Held,
        row: &Row,
        gist: Gist,
    ) -> Result<RecordItem, ViewError> {
        let (place, confirmation) = self.place_of(author);
        let shelf = self.library.shelf(author);
        let about = gist.subject.map(|subject| self.about(subject)).transpose()?;
        Ok(RecordItem {
            id: row.id,
            kind: row.kind.clone(),
            author,
            names: self.names(author),
            place,
            confirmation,
            title: gist.title,
            summary: gist.summary,
            about,
            principles: gist.principles,
            progress: gist.progress,
            time: row.time,
            status: self.snapshot.status(author, held, row),
            disowned: self.disowning(author, held, row)?,
            current: shelf.is_none_or(|shelf| shelf.replaced_by(row.id).is_none()),
            seq: row.place.seq,
            body: gist.status,
            signature: SignatureStatus::Verified,
            matched: None,
            alike: None,
        })
    }

    /// Shows who signed an entry, with which key, and who confirms its author.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn provenance(&self, text: &str) -> Result<Provenance, ViewError> {
        let found = self.find(text)?;
        let held = self.held(found.author)?;
        let (row, stored) = self.load(&found, text)?;
        let (place, confirmation) = self.place_of(found.author);
        let admits = self.snapshot.governance.standing(found.author).map(|standing| &standing.admits);
        let mut keys = Vec::new();
        for place in establishments(held, found.place) {
            let Some((_, establishment)) = self.load_at(found.author, place)? else { continue };
            let header = establishment.entry.header();
            keys.extend(header.keys.map(|keys| SignedBy {
                establishment: establishment.entry.id(),
                seq: place.seq,
                time: header.time,
                key: keys.sign,
            }));
        }
        Ok(Provenance {
            schema: PROVENANCE.into(),
            id: found.id,
            author: self.author_ref(found.author),
            seq: row.place.seq,
            status: self.snapshot.status(found.author, held, &row),
            signed: self.signature(held, &found, &stored),
            keys,
            place,
            confirmation,
            admitted_by: admits.into_iter().flatten().map(|steward| self.author_ref(*steward)).collect(),
            dates: self.dates(&found, held)?,
            bundle: format!("/api/v1/bundle?entry={}", found.id),
        })
    }

    /// Returns the keys that hold at the head of an author's log, with the entry that names them.
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub fn keys(&self, author: AuthorId) -> Result<KeysInForce, ViewError> {
        let held = self.held(author)?;
        let places = establishments(held, held.choice.head);
        let loaded = places.last().map(|place| self.load_at(author, *place)).transpose()?.flatten();
        let found = loaded.and_then(|(row, stored)| {
            Some(KeysInForce {
                seq: row.place.seq,
                establishment: row.id,
                time: row.time,
                keys: stored.entry.header().keys?,
                rotations: places.len() as u64 - 1,
            })
        });
        found.ok_or_else(|| ViewError::NotFound { text: author.to_string() })
    }

    /// Returns how an entry that was found stands.
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub fn status_of(&self, found: &Found) -> Result<Status, ViewError> {
        let held = self.held(found.author)?;
        let (row, _) = self.load(found, &found.id.to_string())?;
        Ok(self.snapshot.status(found.author, held, &row))
    }

    /// Returns the bytes of an entry that was found, its body as withdrawn where it is.
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub fn stored(&self, found: &Found) -> Result<StoredEntry, ViewError> {
        let (row, mut stored) = self.load(found, &found.id.to_string())?;
        if self.snapshot.is_withdrawn(found.author, &row) {
            stored.body = BodyState::Withdrawn;
        }
        Ok(stored)
    }

    /// Returns what a withdrawn record said, where its body is not erased yet. It is for nobody to see: only what
    /// hangs on it is kept.
    pub(crate) fn withdrawn_record(&self, text: &str) -> Result<Option<record::Record>, ViewError> {
        let found = self.find(text)?;
        let stored = self.stored(&found)?;
        if stored.body != BodyState::Withdrawn {
            return Ok(None);
        }
        let Some(body) = self.store.body(&stored.entry.header().body.hash)? else { return Ok(None) };
        let said = multaqa_protocol::entry::decode_body(&body).ok();
        Ok(said.and_then(|map| record::read(&found.kind, &map).ok()))
    }

    /// Reads an entry that was found.
    pub(super) fn load(&self, found: &Found, text: &str) -> Result<(Row, StoredEntry), ViewError> {
        let gone = || ViewError::NotFound { text: text.to_owned() };
        self.load_at(found.author, found.place)?.ok_or_else(gone)
    }

    pub(super) fn load_at(
        &self,
        author: AuthorId,
        place: Place,
    ) -> Result<Option<(Row, StoredEntry)>, ViewError> {
        let row = self.store.rows(author, place.branch, place.seq..=place.seq)?.pop();
        Ok(row.zip(self.store.entry(author, place)?))
    }

    /// Checks the signature of a stored entry again, by the key that the author's log names (V5).
    fn signature(&self, held: &Held, found: &Found, stored: &StoredEntry) -> Signature {
        let own = stored.entry.keys().map(|(sign, reveal)| reveal.unwrap_or(*sign));
        let key = own.unwrap_or_else(|| *held.log.signing_key(found.place));
        let status = match stored.entry.is_signed_by(&key) {
            true => SignatureStatus::Verified,
            false => SignatureStatus::Forged,
        };
        let establishment =
            establishments(held, found.place).last().and_then(|at| held.log.tree().id_of(*at));
        Signature { status, key: Some(key.to_bytes()), establishment }
    }

    fn withdrawal_info(&self, withdrawal: &Withdrawal) -> WithdrawalInfo {
        let by = withdrawal.by().map(|order| Withdrawer {
            who: self.author_ref(order.by),
            entry: order.entry,
            time: order.time,
            reason: order.reason.clone(),
            basis: order.basis.clone(),
        });
        WithdrawalInfo { ordered: withdrawal.is_ordered(), by: by.collect() }
    }

    /// Returns the current version of the record of which an entry is one, by id and place.
    ///
    /// # Errors
    ///
    /// [`ViewError::NotFound`], [`ViewError::Read`].
    pub fn current_version(&self, found: &Found) -> Result<(EntryId, Seq), ViewError> {
        let shelf = self.library.shelf(found.author).unwrap_or_default();
        let chain = shelf.chain(shelf.first_of(found.id));
        Ok(chain.and_then(|chain| chain.last()).map_or((found.id, found.place.seq), |(seq, id)| (*id, *seq)))
    }

    /// Returns all versions of the record of which an entry is one.
    #[must_use]
    pub fn versions(&self, found: &Found) -> Vec<(Seq, EntryId)> {
        let shelf = self.library.shelf(found.author).unwrap_or_default();
        let chain = shelf.chain(shelf.first_of(found.id));
        chain.map_or_else(|| vec![(found.place.seq, found.id)], <[_]>::to_vec)
    }
}

impl View<'_> {
    /// Returns the last [`MAX_VERSIONS`] versions of the record of which an entry is one, by its id or the
    /// beginning of it.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub(crate) fn latest_versions(&self, text: &str) -> Result<BTreeSet<EntryId>, ViewError> {
        let versions = self.versions(&self.find(text)?);
        Ok(versions.iter().rev().take(MAX_VERSIONS).map(|(_, id)| *id).collect())
    }

    /// Returns the fields by which a listed record refers to one of some entries.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn referring_fields(
        &self,
        item: &RecordItem,
        targets: &BTreeSet<EntryId>,
    ) -> Result<BTreeSet<String>, ViewError> {
        let Some(row) = self.row_of(item.author, &item.id)? else { return Ok(BTreeSet::new()) };
        let shown = self.shown(item.author, &row)?;
        let fields = shown.references(&row.kind).filter(|(_, target)| targets.contains(&target.id));
        Ok(fields.filter_map(|(field, _)| Some(field.split(['.', '[']).next()?.to_owned())).collect())
    }
}

/// Returns the places of the inception and the rotations on the path to `place`, in order.
pub(super) fn establishments(held: &Held, place: Place) -> Vec<Place> {
    let tree = held.log.tree();
    let mut found = vec![Place { branch: 0, seq: 0 }];
    let mut runs = tree.path(place);
    while let Some(rotation) = tree.first_rotation(&runs) {
        found.push(rotation);
        runs = later(&runs, rotation.seq);
    }
    found
}

fn later(runs: &[Stretch], seq: Seq) -> Vec<Stretch> {
    let later = runs.iter().map(|run| Stretch { first: run.first.max(seq.saturating_add(1)), ..*run });
    later.filter(|run| run.first <= run.last).collect()
}
