//! Which files the records name: the view's answer to what may be fetched, served and kept.

use std::collections::BTreeSet;

use multaqa_protocol::attachment::Named;
use multaqa_protocol::id::{AuthorId, Bytes32, EntryId};
use multaqa_protocol::record::evidence::Attachment;
use multaqa_protocol::record::{ADOPTION, Record};

use super::{Need, Note};
use crate::api::types::{BodyStatus, Status};
use crate::clock::now;
use crate::view::{Filter, View, ViewError};

/// Most adoptions of which the practices' files are kept: as many as a page has.
const MAX_ADOPTED: usize = 200;

/// A file that a record names, ready to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) named: Named,
    /// What its author calls it.
    pub(crate) name: String,
    pub(crate) mime: String,
    /// The record.
    pub(crate) record: EntryId,
    /// Its author, who is asked first.
    pub(crate) author: AuthorId,
}

impl View<'_> {
    /// Returns the files that a record names, by its id or the beginning of it; none of one that is
    /// withdrawn or whose body is not here.
    pub(crate) fn attachments(&self, id: &str) -> Result<Vec<Wanted>, ViewError> {
        let (answer, record) = self.reading(id)?;
        let item = &answer.item;
        let is_shown = item.status == Status::Canonical && item.body == BodyStatus::Present;
        let Some(record) = record.filter(|_| is_shown) else { return Ok(Vec::new()) };
        let named = named_by(&record).into_iter().filter_map(|attachment| {
            let named = Named { hash: attachment.hash?, size: attachment.size?, chunks: attachment.chunks };
            let (name, mime) = (attachment.name.clone(), attachment.mime.clone());
            Some(Wanted { named, name, mime, record: item.id, author: item.author })
        });
        Ok(named.collect())
    }

    /// Tells whether a record still names a file, or one that is withdrawn and not erased yet: a withdrawal can be
    /// undone until then, and the file would be gone everywhere (B3).
    fn still_names(&self, record: &EntryId, hash: &Bytes32) -> bool {
        let id = record.to_string();
        let files = self.attachments(&id);
        files.is_ok_and(|files| files.iter().any(|file| file.named.hash == *hash))
            || self.withdrawn_record(&id).is_ok_and(|withdrawn| {
                withdrawn.is_some_and(|record| {
                    named_by(&record).iter().any(|attachment| attachment.hash == Some(*hash))
                })
            })
    }

    /// Returns the practices that an author adopted, in the versions that it named.
    pub(crate) fn adopted_by(&self, author: AuthorId) -> Result<BTreeSet<EntryId>, ViewError> {
        let filter = Filter { kinds: [ADOPTION.into()].into(), author: Some(author), ..Filter::default() };
        let mut adopted = BTreeSet::new();
        let list = self.records(&filter, None, MAX_ADOPTED, now())?;
        for item in &list.items {
            if let (_, Some(Record::Adoption(adoption))) = self.reading(&item.id.to_string())? {
                adopted.extend(adoption.practice.map(|practice| practice.id));
            }
        }
        Ok(adopted)
    }

    /// Returns why a file is kept here by `me`, who adopted `adopted`.
    pub(crate) fn need_of(
        &self,
        me: AuthorId,
        adopted: &BTreeSet<EntryId>,
        hash: &Bytes32,
        note: &Note,
    ) -> Need {
        let naming: Vec<&EntryId> =
            note.records.iter().filter(|record| self.still_names(record, hash)).collect();
        let is_own = |record: &EntryId| self.find(&record.to_string()).is_ok_and(|found| found.author == me);
        match naming.iter().any(|record| adopted.contains(record) || is_own(record)) {
            true => Need::Pinned,
            false if naming.is_empty() => Need::None,
            false => Need::Readers,
        }
    }
}

/// Returns the files that a record names anywhere in it.
pub(crate) fn named_by(record: &Record) -> Vec<&Attachment> {
    match record {
        Record::Practice(record) => record.attachments.iter().collect(),
        Record::Challenge(record) => record.attachments.iter().collect(),
        Record::Plan(record) => record.attachments.iter().collect(),
        Record::Proposal(record) => record.attachments.iter().collect(),
        Record::Evaluation(record) => record.attachments.iter().collect(),
        Record::Adoption(record) => record.attachments.iter().collect(),
        Record::Reply(record) => record.attachments.iter().collect(),
        Record::Event(record) => record.attachments.iter().collect(),
        Record::Progress(record) => record.milestones.iter().flat_map(|state| &state.attachments).collect(),
        Record::Profile(_) | Record::Endorse(_) | Record::Other => Vec::new(),
    }
}
