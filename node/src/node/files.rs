//! The files that records name: kept for one's own and adopted records, fetched when they are asked for.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use libp2p::PeerId;
use multaqa_protocol::id::{Bytes32, EntryId};
use multaqa_protocol::record::{self, ADOPTION, Record};

use super::{Node, WeakNode};
use crate::attachment::serve::{self, FetchError, Fetches};
use crate::attachment::{Attachments, Need, Note, Wanted};
use crate::view::{View, ViewError};

/// How often it is looked for files that nothing needs any more.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

impl Node {
    /// Gives files to peers, and lets go of those that nothing needs, for as long as the node is there.
    pub(super) fn tend_files(&self) {
        let weak = WeakNode(Arc::downgrade(&self.0));
        if let Some(streams) = self.net().and_then(crate::net::Handle::attachment_streams) {
            tokio::spawn(serve::give(weak.clone(), streams));
        }
        tokio::spawn(async move {
            let mut turn = tokio::time::interval(SWEEP_EVERY);
            loop {
                turn.tick().await;
                let Some(node) = weak.upgrade() else { return };
                node.make_room(0).await;
            }
        });
    }

    /// Returns the folder of attachments; its calls block.
    pub(crate) fn attachments(&self) -> &Attachments {
        &self.0.attachments
    }

    /// Returns the files that are on their way.
    pub(crate) fn fetches(&self) -> &Fetches {
        &self.0.fetches
    }

    /// Returns the network, where the node takes part in it.
    pub(crate) fn net(&self) -> Option<&crate::net::Handle> {
        self.0.net.as_ref()
    }

    /// Answers a question to the view, off the runtime's threads; nothing where it cannot be answered.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        question: impl FnOnce(View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Option<T> {
        let snapshot = self.snapshot().await.ok()?;
        let (store, library) = (self.store().clone(), Arc::clone(self.library()));
        let answer = move || question(View::new(&snapshot, &store, &library)?);
        tokio::task::spawn_blocking(answer).await.ok()?.ok()
    }

    /// Returns a file that is held, by any record that still names it.
    pub(crate) async fn named_somewhere(&self, hash: Bytes32) -> Option<Wanted> {
        let note = self.attachments().note(&hash)?;
        self.look(move |view| {
            for record in &note.records {
                // A record that is gone names nothing.
                let files = view.attachments(&record.to_string()).unwrap_or_default();
                if let Some(file) = files.into_iter().find(|file| file.named.hash == hash) {
                    return Ok(Some(file));
                }
            }
            Ok(None)
        })
        .await?
    }

    /// Tells whether a peer may have a file: it is held, and a record that is shown names it (F4).
    pub(crate) async fn may_give(&self, hash: Bytes32) -> bool {
        self.named_somewhere(hash).await.is_some()
    }

    /// Sees to it that a file is here, and notes that it was asked for.
    pub(crate) async fn obtain(&self, wanted: &Wanted) -> Result<(), FetchError> {
        let hash = wanted.named.hash;
        if self.attachments().note(&hash).is_none() {
            let author = wanted.author;
            let first: BTreeSet<PeerId> = self
                .look(move |view| Ok(view.peers_of(author)))
                .await
                .unwrap_or_default()
                .iter()
                .filter_map(|peer| peer.parse().ok())
                .collect();
            let (node, wanted) = (self.clone(), wanted.clone());
            // Whoever asked may go away; what is on its way is for the next one too.
            let fetching = tokio::spawn(async move { serve::fetch(&node, &wanted, &first).await });
            fetching.await.map_err(|_| FetchError::Offline)??;
        }
        let (files, record) = (self.attachments().clone(), wanted.record);
        let noted = tokio::task::spawn_blocking(move || files.keep_for(&hash, record)).await;
        if let Ok(Err(error)) = noted {
            tracing::warn!(%error, "the note of an attachment cannot be written");
        }
        Ok(())
    }

    /// Removes the files that nothing needs any more, and of those kept for readers the oldest, until
    /// `size` more bytes have room.
    pub(crate) async fn make_room(&self, size: u64) {
        let (me, files, office) = (self.author(), self.attachments().clone(), self.office().clone());
        let swept = self
            .look(move |view| {
                let adopted = view.adopted_by(me)?;
                let drafts = match office.drafts().files() {
                    Ok(drafts) => drafts,
                    Err(error) => return Ok(Err(io::Error::other(error))),
                };
                let needs = |hash: &Bytes32, note: &Note| match drafts.contains(hash) {
                    true => Need::Pinned,
                    false => view.need_of(me, &adopted, hash, note),
                };
                Ok(files.sweep(needs, size))
            })
            .await;
        match swept {
            Some(Ok(0)) | None => {}
            Some(Ok(removed)) => tracing::info!(removed, "attachments that nothing needs were removed"),
            Some(Err(error)) => tracing::warn!(%error, "attachments cannot be removed"),
        }
    }

    /// Notes for which record its files are kept, and fetches those of a practice that was adopted.
    pub(crate) async fn keep_files_of(&self, id: EntryId) {
        let found = self.look(move |view| {
            let (_, record) = view.reading(&id.to_string())?;
            let adopted = match &record {
                Some(Record::Adoption(adoption)) => adoption.practice,
                _ => None,
            };
            let mut files = view.attachments(&id.to_string())?;
            if let Some(practice) = adopted {
                // One that has not arrived is asked for when somebody opens it.
                files.extend(view.attachments(&practice.id.to_string()).unwrap_or_default());
            }
            Ok(files)
        });
        for wanted in found.await.unwrap_or_default() {
            if let Err(error) = self.obtain(&wanted).await {
                tracing::info!(hash = %wanted.named.hash, %error, "an attachment is not here yet");
            }
        }
    }
}

/// Tells whether files are to be kept for a record of a kind.
pub(crate) fn may_name_files(kind: &str) -> bool {
    kind == ADOPTION || (record::KINDS.contains(&kind) && kind != record::PROFILE && kind != record::ENDORSE)
}
