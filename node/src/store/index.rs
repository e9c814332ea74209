//! The index: ordered rows in sled, with the newest ones held in memory until a checkpoint.
//!
//! This is the only file that names sled. Nothing here is the truth: every row can be rebuilt from
//! the journal. sled alone loses acknowledged rows at a power cut and can open a damaged file as an
//! empty or shorter store, so three rules hold. Rows reach it only in checkpoints, whose last batch has
//! the *cursor*, the point of the journal up to which they are complete; a crash costs a replay from
//! there, over rows that may be there already. After its own flush the `db` file is fsynced here too, then the cursor is written to a
//! *stamp* beside the folder: a sled that opens behind its stamp has lost rows and is not trusted.
//! Every call runs under `catch_unwind`, and after an error nothing more is written.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::{ControlFlow, Deref};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use multaqa_protocol::id::Millis;

/// Version of the rows; another one is rebuilt from the journal.
const FORMAT: u32 = 2;
/// Cache of sled in bytes; the process takes up to four times that (measured).
const CACHE: u64 = 16 << 20;
/// Attempts to open, as a killed process's lock can outlive it for a moment.
const ATTEMPTS: u32 = 20;
/// Pause between them.
const PAUSE: Duration = Duration::from_millis(50);

/// Rows of one batch of a checkpoint.
const BATCH_ROWS: usize = 256;
/// Kinds of rows that other rows rely on: the authors' numbers.
const FIRST: &[u8] = b"a";
/// Kinds of rows that are true at the cursor only: the engine's, segments, counts.
const LAST: &[u8] = b"lns";

const CURSOR_KEY: &[u8] = b"!cursor";
const FORMAT_KEY: &[u8] = b"!format";

/// The point of the journal up to which the index is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    /// The segment.
    pub(crate) segment: u32,
    /// The first byte in it that is not yet indexed.
    pub(crate) offset: u64,
}

impl Cursor {
    fn to_bytes(self) -> [u8; 12] {
        let mut out = [0; 12];
        out[..4].copy_from_slice(&self.segment.to_be_bytes());
        out[4..].copy_from_slice(&self.offset.to_be_bytes());
        out
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (segment, offset) = bytes.split_first_chunk::<4>()?;
        let offset = offset.try_into().ok()?;
        Some(Self { segment: u32::from_be_bytes(*segment), offset: u64::from_be_bytes(offset) })
    }
}

/// Why the index cannot be used; the journal is untouched, and the next start rebuilds.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// Its files cannot be read or written.
    #[error("the index's files failed")]
    Disk(#[source] io::Error),
    /// sled reported another error, such as a damaged page.
    #[error("the index is damaged: {0}")]
    Damaged(String),
    /// sled panicked.
    #[error("the index panicked: {0}")]
    Panicked(String),
    /// It was written in another format.
    #[error("the index has format {found:?}, this program writes {FORMAT}")]
    Format {
        /// The format found.
        found: Option<u32>,
    },
    /// It lost rows that were on disk.
    #[error("the index has lost rows")]
    Behind,
    /// A row is not of the form that belongs here.
    #[error("a row of the index is malformed")]
    Row,
    /// It was marked as not to be trusted.
    #[error("the index was marked for a rebuild")]
    Condemned,
}

/// A value, borrowed from memory or shared with sled.
pub(crate) enum Bytes<'a> {
    Held(&'a [u8]),
    Stored(sled::IVec),
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Held(bytes) => bytes,
            Self::Stored(bytes) => bytes,
        }
    }
}

/// Ordered rows; see the module's head.
pub(crate) struct Index {
    db: sled::Db,
    folder: PathBuf,
    /// Rows newer than sled's; `None` is a removed one.
    held: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    held_bytes: usize,
}

impl Index {
    /// Opens the index in `folder`, with the cursor it is complete up to; `None` for a new one.
    pub(crate) fn open(folder: &Path) -> Result<(Self, Option<Cursor>), IndexError> {
        if condemned(folder).exists() {
            return Err(IndexError::Condemned);
        }
        fs::create_dir_all(folder).map_err(IndexError::Disk)?;
        let existed = data(folder).exists();
        let db = open_db(&data(folder))?;
        let index = Self { db, folder: folder.into(), held: BTreeMap::new(), held_bytes: 0 };
        let stamp = fs::read(stamp(folder)).ok().and_then(|bytes| Cursor::from_bytes(&bytes));
        if !existed && stamp.is_none() {
            return Ok((index, None));
        }
        let format =
            index.get(FORMAT_KEY)?.and_then(|bytes| Some(u32::from_be_bytes((*bytes).try_into().ok()?)));
        let cursor = index.get(CURSOR_KEY)?.and_then(|bytes| Cursor::from_bytes(&bytes));
        match (format, cursor) {
            // A folder that no checkpoint reached, or the first only in part.
            (None | Some(FORMAT), None) if stamp.is_none() => Ok((index, None)),
            (None, _) => Err(IndexError::Behind),
            (Some(FORMAT), _) if stamp.is_some() && cursor < stamp => Err(IndexError::Behind),
            (Some(FORMAT), cursor) => Ok((index, cursor)),
            (found, _) => Err(IndexError::Format { found }),
        }
    }

    /// Moves an index that cannot be trusted aside, deletes it and opens an empty one.
    pub(crate) fn replace(folder: &Path) -> Result<Self, IndexError> {
        let aside = folder.with_extension("broken");
        let _ = fs::remove_dir_all(&aside);
        if folder.exists() {
            fs::rename(folder, &aside).map_err(IndexError::Disk)?;
        }
        fs::remove_file(condemned(folder)).or_else(absent_is_fine).map_err(IndexError::Disk)?;
        // What is left of it costs room only; the next start tries again.
        let _ = fs::remove_dir_all(&aside);
        Self::open(folder).map(|(index, _)| index)
    }

    /// Marks the index in `folder`, so that the next start rebuilds it.
    pub(crate) fn condemn(folder: &Path) -> io::Result<()> {
        File::create(condemned(folder))?.sync_all()
    }

    /// Returns the value of `key`.
    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Bytes<'_>>, IndexError> {
        match self.held.get(key) {
            Some(value) => Ok(value.as_deref().map(Bytes::Held)),
            None => Ok(guarded(|| self.db.get(key))?.map(Bytes::Stored)),
        }
    }

    /// Sets the value of `key`.
    pub(crate) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.hold(key, Some(value));
    }

    /// Removes `key`.
    pub(crate) fn remove(&mut self, key: Vec<u8>) {
        self.hold(key, None);
    }

    /// Changes the value of `key` in place; one left empty is removed.
    pub(crate) fn update(
        &mut self,
        key: Vec<u8>,
        change: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), IndexError> {
        let mut value = match self.held.get_mut(&key) {
            Some(held) => held.take().inspect(|held| self.held_bytes -= held.len()),
            None => guarded(|| self.db.get(&key))?.map(|value| value.to_vec()),
        }
        .unwrap_or_default();
        change(&mut value);
        self.hold(key, (!value.is_empty()).then_some(value));
        Ok(())
    }

    fn hold(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.held_bytes += value.as_ref().map_or(0, Vec::len);
        let key_len = key.len();
        match self.held.insert(key, value) {
            Some(before) => self.held_bytes -= before.map_or(0, |before| before.len()),
            None => self.held_bytes += key_len,
        }
    }

    /// Returns how many bytes of rows wait for a checkpoint.
    pub(crate) const fn held_bytes(&self) -> usize {
        self.held_bytes
    }

    /// Visits the rows whose key begins with `prefix`, from `from` on, in order.
    pub(crate) fn scan(
        &self,
        prefix: &[u8],
        from: &[u8],
        mut visit: impl FnMut(&[u8], &[u8]) -> ControlFlow<()>,
    ) -> Result<(), IndexError> {
        let mut stored = self.db.range(from..);
        let mut next = guarded(|| stored.next().transpose())?;
        let mut held = self.held.range(from.to_vec()..).peekable();
        loop {
            let take_held = match (held.peek(), &next) {
                (Some((held, _)), Some((stored, _))) => held.as_slice() <= stored.as_ref(),
                (held, _) => held.is_some(),
            };
            let flow = if take_held {
                let Some((key, value)) = held.next() else { return Ok(()) };
                if next.as_ref().is_some_and(|(stored, _)| stored.as_ref() == key.as_slice()) {
                    next = guarded(|| stored.next().transpose())?;
                }
                match value {
                    _ if !key.starts_with(prefix) => ControlFlow::Break(()),
                    Some(value) => visit(key, value),
                    None => ControlFlow::Continue(()),
                }
            } else {
                let Some((key, value)) = next.take() else { return Ok(()) };
                next = guarded(|| stored.next().transpose())?;
                if key.starts_with(prefix) { visit(&key, &value) } else { ControlFlow::Break(()) }
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }

    /// Writes all held rows and `cursor` to sled, durably. The rows stay held until
    /// [`Self::release`], so that readers need not wait for this.
    pub(crate) fn checkpoint(&self, cursor: Cursor) -> Result<(), IndexError> {
        for batch in self.batches(cursor) {
            guarded(|| self.db.apply_batch(batch))?;
        }
        guarded(|| self.db.flush())?;
        File::open(data(&self.folder).join("db")).and_then(|db| db.sync_all()).map_err(IndexError::Disk)?;
        self.write_stamp(cursor).map_err(IndexError::Disk)
    }

    /// Returns the held rows in batches, of which a crash can leave the first ones: the `first` kinds
    /// together, then rows that a replay writes the same again, then the `last` kinds with the cursor.
    /// In one batch sled would keep every page that it replaces until the end: 100 MB for 8 MB of rows.
    fn batches(&self, cursor: Cursor) -> Vec<sled::Batch> {
        let (mut first, mut last) = (sled::Batch::default(), sled::Batch::default());
        let mut middle = Vec::new();
        let mut rows = 0;
        for (key, value) in &self.held {
            let batch = match key.first() {
                Some(kind) if FIRST.contains(kind) => &mut first,
                Some(kind) if LAST.contains(kind) => &mut last,
                _ => {
                    if rows % BATCH_ROWS == 0 {
                        middle.push(sled::Batch::default());
                    }
                    rows += 1;
                    middle.last_mut().expect("one was pushed")
                }
            };
            match value {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        first.insert(FORMAT_KEY, FORMAT.to_be_bytes().as_slice());
        last.insert(CURSOR_KEY, cursor.to_bytes().as_slice());
        std::iter::once(first).chain(middle).chain(std::iter::once(last)).collect()
    }

    /// Writes only the first batches of a checkpoint, as a crash would leave them.
    #[cfg(test)]
    pub(crate) fn checkpoint_partly(&self, cursor: Cursor, batches: usize) -> usize {
        let all = self.batches(cursor);
        let count = all.len();
        for batch in all.into_iter().take(batches) {
            guarded(|| self.db.apply_batch(batch)).expect("the index works");
        }
        guarded(|| self.db.flush()).expect("the index works");
        count
    }

    /// Forgets the held rows after a checkpoint.
    pub(crate) fn release(&mut self) {
        self.held.clear();
        self.held_bytes = 0;
    }

    fn write_stamp(&self, cursor: Cursor) -> io::Result<()> {
        let path = stamp(&self.folder);
        let temporary = path.with_extension("new");
        let mut file = File::create(&temporary)?;
        file.write_all(&cursor.to_bytes())?;
        file.sync_data()?;
        fs::rename(temporary, path)
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("sled")
}

fn stamp(folder: &Path) -> PathBuf {
    folder.join("stamp")
}

fn condemned(folder: &Path) -> PathBuf {
    folder.with_extension("condemned")
}

fn absent_is_fine(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Returns what the rows of data version 1 say of withdrawals: the entry's id as text, and when the node learnt of it.
/// Nothing where there is no index.
pub(super) fn dates_of_version_1(folder: &Path) -> Result<Vec<(String, Millis)>, IndexError> {
    const PREFIX: &[u8] = b"xwithdrawn/";
    if !data(folder).exists() {
        return Ok(Vec::new());
    }
    let db = open_db(&data(folder))?;
    let mut rows = db.scan_prefix(PREFIX);
    let mut dates = Vec::new();
    while let Some((key, value)) = guarded(|| rows.next().transpose())? {
        let name = key.get(PREFIX.len()..).and_then(|name| name.split(|byte| *byte == 0).next());
        let at = value.as_ref().try_into().ok().map(Millis::from_be_bytes);
        if let (Some(name), Some(at)) = (name, at) {
            dates.push((String::from_utf8_lossy(name).into_owned(), at));
        }
    }
    Ok(dates)
}

fn open_db(path: &Path) -> Result<sled::Db, IndexError> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity(CACHE)
        .use_compression(false)
        .mode(sled::Mode::LowSpace)
        .flush_every_ms(None);
    let mut attempt = 1;
    loop {
        // Only a file error can pass by itself; a damaged file stays damaged.
        match guarded(|| Ok(config.open()))? {
            Err(sled::Error::Io(_)) if attempt < ATTEMPTS => {
                attempt += 1;
                std::thread::sleep(PAUSE);
            }
            other => return other.map_err(failed),
        }
    }
}

fn failed(error: sled::Error) -> IndexError {
    match error {
        sled::Error::Io(error) => IndexError::Disk(error),
        error => IndexError::Damaged(error.to_string()),
    }
}

/// Runs a call into sled; a panic in it is an error like another.
fn guarded<T>(call: impl FnOnce() -> sled::Result<T>) -> Result<T, IndexError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(result) => result.map_err(failed),
        Err(panic) => Err(IndexError::Panicked(
            panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
                .unwrap_or_default(),
        )),
    }
}
