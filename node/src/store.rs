//! The store: a journal of everything accepted, and an index to find it again.
//!
//! The journal (`journal`, `item`) is the truth: numbered segments that, joined, are a bundle
//! (A8). One fdatasync a batch makes it durable; nothing is acknowledged before. The index
//! (`index`, `rows`) can be deleted at any time and costs a replay (`rebuild`). A body is erased
//! by rewriting its segment (`erasure`).
//!
//! One thread writes, many read. It is blocking. It stores what it is given: whether an entry is
//! valid and where it lies in its author's tree is the engine's part, and when a body is to be erased
//! the driver's. It keeps these invariants: what was acknowledged is in the journal; the index never
//! names what is not; damage is reported with its place, never passed over in silence.

mod append;
mod erasure;
mod health;
mod index;
mod item;
mod journal;
mod learnt;
mod naming;
mod parts;
mod read;
mod rebuild;
mod record;
mod rows;
#[cfg(test)]
mod tests;
mod upgrade;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use multaqa_protocol::id::NetworkId;

pub use append::{AppendError, Batch, MAX_BATCH, Mark, NewEntry};
pub use erasure::EraseError;
pub use health::{DamagedBody, RETRY, ReadOnly};
pub(crate) use health::{has_room, room};
pub use index::IndexError;
pub use item::Location;
pub use journal::SEGMENT_SIZE;
pub use read::{BodyMark, BodyState, MAX_FOUND, MAX_ROWS, MIN_PREFIX, ReadError, Row, Status, StoredEntry};
pub use rebuild::{Finding, OpenError, Recovered, Replay, Replayed};
pub use upgrade::{VERSION, version_of};

use health::Health;
use index::{Cursor, Index};
use journal::{Journal, Writer};
use learnt::Learnt;
use rows::Rows;

/// Bytes of index rows after which they are written to sled. They are in memory until then.
const CHECKPOINT_ROWS: usize = 4 << 20;
/// Bytes of the journal after which the same happens: what a start after a crash has to read again.
const CHECKPOINT_BYTES: u64 = 32 << 20;

/// Writes a small file of a folder durably: beside it, then in its place.
fn write_whole(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    let temporary = dir.join(name).with_extension("new");
    let mut file = File::create(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(temporary, dir.join(name))?;
    File::open(dir)?.sync_all()
}

/// Makes the next start of a data folder's node rebuild the index from the journal.
///
/// # Errors
///
/// When the mark cannot be written.
pub fn condemn_index(dir: &Path) -> io::Result<()> {
    Index::condemn(&dir.join("index"))
}

/// What can be chosen at opening.
#[derive(Clone, Debug)]
pub struct Options {
    /// Size at which a new segment is begun.
    pub segment_size: u64,
    /// Free space below which the store is read-only; the larger of 500 MB and 5 % if `None`.
    pub floor: Option<u64>,
    /// How long a read-only store waits before it tries again.
    pub retry: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { segment_size: SEGMENT_SIZE, floor: None, retry: RETRY }
    }
}

/// The store; a clone is another handle to the same one.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.0.dir).finish_non_exhaustive()
    }
}

/// Locks are taken in the order `end`, `health`, `state`, and readers take one at a time.
struct Inner {
    dir: PathBuf,
    journal: Journal,
    end: Mutex<End>,
    state: RwLock<State>,
    learnt: Learnt,
    health: Mutex<Health>,
    options: Options,
    /// Held as long as the store is open, so that no second process writes.
    _lock: File,
}

/// What only the writer touches.
struct End {
    writer: Writer,
    /// Up to where the index will be complete at the next checkpoint.
    cursor: Cursor,
    /// Up to where it was at the last.
    settled: Cursor,
    /// Bytes appended since.
    since: u64,
    /// Whether a replay has begun and not ended.
    replaying: bool,
}

/// What readers see.
struct State {
    rows: Rows,
    segments: BTreeMap<u32, u64>,
    network: Option<NetworkId>,
}

impl Store {
    /// Writes all index rows that are still in memory to disk, so that the next start has nothing to
    /// replay. Called from time to time by the store itself and when the last handle is dropped.
    pub fn checkpoint(&self) {
        let mut end = self.end();
        self.checkpoint_at(&mut end);
    }

    /// Opens the journal's segments as they are at this moment, with their names and lengths: nothing is appended
    /// meanwhile, and one that is rewritten later is another file.
    ///
    /// # Errors
    ///
    /// When one cannot be opened.
    pub(crate) fn segments(&self) -> io::Result<Vec<(String, File, u64)>> {
        let _end = self.end();
        let segments = self.state().segments.clone();
        let open = |(segment, len)| {
            let path = self.0.journal.path(segment);
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Ok((name, File::open(path)?, len))
        };
        segments.into_iter().map(open).collect()
    }

    /// Makes the next start rebuild the index from the journal.
    ///
    /// # Errors
    ///
    /// When the mark cannot be written.
    pub fn condemn_index(&self) -> io::Result<()> {
        condemn_index(&self.0.dir)
    }

    /// Writes the network into the journal's first item.
    ///
    /// # Errors
    ///
    /// When the disk fails.
    pub fn set_network(&self, network: NetworkId) -> io::Result<()> {
        let _end = self.end();
        self.0.journal.set_network(network)?;
        self.state_mut().network = Some(network);
        Ok(())
    }

    /// Writes the held rows to sled. Readers go on meanwhile: only this thread, which holds the end,
    /// adds rows.
    fn checkpoint_at(&self, end: &mut End) {
        {
            let mut health = self.health();
            let rows = self.state().rows.index.held_bytes();
            if !health.has_room_for_rows(&self.0.dir, rows) {
                return;
            }
        }
        {
            let mut state = self.state_mut();
            let State { rows, segments, .. } = &mut *state;
            rows.settle(segments.range(end.settled.segment..));
        }
        let written = self.state().rows.index.checkpoint(end.cursor);
        match written {
            Ok(()) => {
                self.state_mut().rows.index.release();
                end.settled = end.cursor;
                end.since = 0;
            }
            Err(error) => self.fail_index(&error),
        }
    }

    /// Takes out the bodies that reads have found to be damaged since it was last asked, each to be marked
    /// [`Mark::Damaged`] and fetched again.
    #[must_use]
    pub fn take_damaged(&self) -> Vec<DamagedBody> {
        self.health().take_damaged()
    }

    /// Notes that the index failed: no more writes, a rebuild at the next start.
    fn fail_index(&self, error: &dyn std::error::Error) {
        let mut health = self.health();
        if !matches!(health.reason(), Some(ReadOnly::Index { .. })) {
            tracing::error!(%error, "the index failed; the next start rebuilds it");
            health.fail_index(error.to_string());
            // Without the mark the next start notices by itself, or the index was sound after all.
            let _ = self.condemn_index();
        }
    }

    /// Notes that the journal was found to be damaged: the next start reads all of it.
    fn note_damage(&self, error: &dyn std::error::Error) {
        let mut health = self.health();
        if health.damage().is_none() {
            tracing::error!(%error, "the journal is damaged; the next start steps over it and asks peers for what is lost");
            health.note_damage(error.to_string());
            let _ = self.condemn_index();
        }
    }

    fn end(&self) -> MutexGuard<'_, End> {
        self.0.end.lock().expect("no holder panics")
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.0.state.read().expect("no holder panics")
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.0.state.write().expect("no holder panics")
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.0.health.lock().expect("no holder panics")
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let (Ok(end), Ok(state), Ok(health)) =
            (self.end.get_mut(), self.state.get_mut(), self.health.get_mut())
        else {
            return;
        };
        let rows = state.rows.index.held_bytes();
        if end.since > 0 && health.has_room_for_rows(&self.dir, rows) {
            state.rows.settle(state.segments.range(end.settled.segment..));
            // A failure costs a replay at the next start.
            let _ = state.rows.index.checkpoint(end.cursor);
        }
    }
}
