//! The one thread that writes: it takes all appends that wait, writes them with one flush, and says
//! which are on disk.

use std::sync::mpsc as blocking;

use multaqa_protocol::engine::{self, Ticket};
use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::{AuthorId, EntryId};
use tokio::sync::mpsc;

use crate::store::{AppendError, Batch, Location, MAX_BATCH, NewEntry, Store};

/// What became of an append.
#[derive(Debug)]
pub(super) enum Written {
    /// It is on disk.
    Appended { ticket: Ticket, stored: Vec<(AuthorId, EntryId, String, BodyRef)> },
    /// It is not, and neither is any later one.
    Failed(AppendError),
}

/// The driver's end of the writing thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Appender {
    /// Bounded by the driver: it stops reading at [`super::MAX_APPENDS`].
    appends: blocking::Sender<(Ticket, Batch)>,
    written: mpsc::UnboundedReceiver<Written>,
    thread: std::thread::JoinHandle<()>,
}

impl Appender {
    pub(super) fn start(store: Store) -> Self {
        let (appends, receiver) = blocking::channel();
        let (sender, written) = mpsc::unbounded_channel();
        let thread = std::thread::spawn(move || write_all(&store, &receiver, &sender));
        Self { appends, written, thread }
    }

    pub(super) fn append(&self, ticket: Ticket, batch: Batch) {
        // After a failure the thread is gone; the driver hears of it and begins again.
        let _ = self.appends.send((ticket, batch));
    }

    /// Waits until the thread has written what it was given and let go of the store.
    pub(super) async fn close(self) {
        drop(self.appends);
        let joined = tokio::task::spawn_blocking(move || self.thread.join());
        if !matches!(joined.await, Ok(Ok(()))) {
            tracing::error!("the writing thread panicked");
        }
    }

    pub(super) async fn written(&mut self) -> Option<Written> {
        self.written.recv().await
    }
}

fn write_all(
    store: &Store,
    appends: &blocking::Receiver<(Ticket, Batch)>,
    written: &mpsc::UnboundedSender<Written>,
) {
    let mut next = None;
    while let Some((ticket, batch)) = next.take().or_else(|| appends.recv().ok()) {
        let mut tickets = vec![(ticket, stored(&batch))];
        let mut bytes = size(&batch);
        let mut group = batch;
        while let Ok((ticket, batch)) = appends.try_recv() {
            bytes += size(&batch);
            if bytes > MAX_BATCH / 2 {
                next = Some((ticket, batch));
                break;
            }
            tickets.push((ticket, stored(&batch)));
            group.entries.extend(batch.entries);
            group.bodies.extend(batch.bodies);
            group.logs.extend(batch.logs);
        }
        if let Err(error) = store.append(&group) {
            let _ = written.send(Written::Failed(error));
            return;
        }
        for (ticket, stored) in tickets {
            let _ = written.send(Written::Appended { ticket, stored });
        }
    }
}

fn stored(batch: &Batch) -> Vec<(AuthorId, EntryId, String, BodyRef)> {
    let entries = batch.entries.iter().map(|new| (&new.author, &new.entry));
    entries
        .map(|(author, entry)| (*author, entry.id(), entry.kind().to_owned(), entry.header().body))
        .collect()
}

fn size(batch: &Batch) -> usize {
    let entries = batch
        .entries
        .iter()
        .map(|new| new.entry.envelope().len() + new.body.as_ref().map_or(0, |body| body.len()));
    entries.chain(batch.bodies.iter().map(|(_, body)| body.len())).sum()
}

impl From<engine::Batch> for Batch {
    fn from(batch: engine::Batch) -> Self {
        let entries = batch.entries.into_iter().map(|write| NewEntry {
            author: write.entry.author(),
            place: write.place,
            entry: write.entry,
            body: write.body,
            at: write.at.map(Location::from),
        });
        Self { entries: entries.collect(), bodies: batch.bodies, logs: batch.authors, ..Self::default() }
    }
}
