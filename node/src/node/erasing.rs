//! What an erased body leaves behind besides the journal, and how it goes: files that records name, drafts that
//! became the record, and words in the search index (B3).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use multaqa_protocol::id::EntryId;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{Node, WeakNode};
use crate::driver::Event;
use crate::store::BodyState;
use crate::view::{View, ViewError};

/// How long erasures are gathered, to be cleaned up after together.
const GATHER: Duration = Duration::from_millis(200);

impl Node {
    /// Cleans up after what is erased, for as long as the node is there. At a start the driver tells of everything
    /// that was erased before, so that a stop in between leaves nothing.
    pub(super) fn tend_erasures(&self, mut events: Receiver<Event>) {
        let weak = WeakNode(Arc::downgrade(&self.0));
        tokio::spawn(async move {
            loop {
                match events.recv().await {
                    // Where some were missed, one of them may have told of an erasure.
                    Ok(Event::Erased { .. }) | Err(RecvError::Lagged(_)) => {}
                    Ok(_) => continue,
                    Err(RecvError::Closed) => return,
                }
                tokio::time::sleep(GATHER).await;
                while events.try_recv().is_ok() {}
                let Some(node) = weak.upgrade() else { return };
                node.clean_up().await;
            }
        });
    }

    async fn clean_up(&self) {
        self.make_room(0).await;
        let office = self.office().clone();
        let forgotten = self.look(move |view| {
            let drafts = office.drafts().all().unwrap_or_default();
            let mut erased = BTreeSet::new();
            for entry in drafts.iter().filter_map(crate::office::draft::Draft::entry) {
                if is_erased(&view, entry)? {
                    erased.insert(entry);
                }
            }
            Ok(office.drafts().forget(&erased))
        });
        if let Some(Err(error)) = forgotten.await {
            tracing::warn!(%error, "the draft of a record whose content was erased cannot be removed");
        }
        if let Some(index) = self.0.index.get() {
            index.purge();
        }
    }
}

/// Tells whether an entry is withdrawn and its body gone.
fn is_erased(view: &View<'_>, entry: EntryId) -> Result<bool, ViewError> {
    let found = match view.find(&entry.to_string()) {
        Ok(found) => found,
        Err(ViewError::NotFound { .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    let stored = view.stored(&found)?;
    let body = stored.entry.header().body.hash;
    Ok(stored.body == BodyState::Withdrawn && view.store().body(&body)?.is_none())
}
