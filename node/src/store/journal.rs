//! The journal's files: numbered segments of items, read at a location and written at the end.
//!
//! Segments joined in order are a bundle without its last item (A8). A segment is only ever appended
//! to, or replaced as a whole by a shorter one (erasure). What was written and not synced does not
//! count: after a failed write the file is cut back to the last length that was. Space is not
//! allocated ahead: a segment that ends in zeros would be no bundle.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use multaqa_protocol::id::{Millis, NetworkId};

use super::item::{Kind, Location, MAX_ITEM, NET_OFFSET, Parsed, Scanner, Start, parse};
use super::read::ReadError;

/// Size at which a new segment is begun: small enough to rewrite for an erasure in under a second,
/// large enough that a million entries are some seventy files.
pub const SEGMENT_SIZE: u64 = 64 << 20;
/// Segments kept open for reading; the rest are opened when asked for.
const MAX_OPEN: usize = 64;

/// The folder of segments, as readers see it.
pub(crate) struct Journal {
    folder: PathBuf,
    open: Mutex<BTreeMap<u32, Arc<File>>>,
}

impl Journal {
    /// Opens the folder, begins a journal where there is none, and returns the segments' lengths.
    pub(crate) fn open(folder: PathBuf, made: Millis) -> io::Result<(Self, BTreeMap<u32, u64>)> {
        fs::create_dir_all(&folder)?;
        let journal = Self { folder, open: Mutex::new(BTreeMap::new()) };
        let mut segments = BTreeMap::new();
        for file in fs::read_dir(&journal.folder)? {
            let file = file?;
            let name = file.file_name();
            let path = Path::new(&name);
            if path.extension().is_some_and(|extension| extension == "new") {
                // A rewrite that a crash cut short; the segment itself is whole.
                fs::remove_file(file.path())?;
            } else if let Some(number) = number(path, "seg") {
                segments.insert(number, file.metadata()?.len());
            }
        }
        if let Entry::Vacant(first) = segments.entry(1) {
            first.insert(journal.begin(made)?);
        }
        Ok((journal, segments))
    }

    /// Writes the first segment with its first item only and returns its length.
    pub(crate) fn begin(&self, made: Millis) -> io::Result<u64> {
        let start = Start::item(NetworkId([0; 32]), made);
        let mut file = File::create(self.temporary(1))?;
        file.write_all(&start)?;
        file.sync_all()?;
        self.swap(1)?;
        Ok(start.len() as u64)
    }

    /// Returns the path of a segment.
    pub(crate) fn path(&self, segment: u32) -> PathBuf {
        self.folder.join(format!("{segment:06}.seg"))
    }

    /// Returns the path at which a segment is rewritten.
    pub(crate) fn temporary(&self, segment: u32) -> PathBuf {
        self.folder.join(format!("{segment:06}.new"))
    }

    fn marker(&self, segment: u32) -> PathBuf {
        self.folder.join(format!("{segment:06}.erase"))
    }

    /// Puts a rewritten segment, already synced, in the place of the old one.
    pub(crate) fn swap(&self, segment: u32) -> io::Result<()> {
        self.open.lock().expect("no holder panics").remove(&segment);
        fs::rename(self.temporary(segment), self.path(segment))?;
        self.sync_folder()
    }

    /// Notes that a segment is about to be swapped, so that a start after a crash looks at it.
    pub(crate) fn mark(&self, segment: u32) -> io::Result<()> {
        File::create(self.marker(segment))?.sync_all()?;
        self.sync_folder()
    }

    /// Removes the note, once the index knows where everything lies.
    pub(crate) fn unmark(&self, segment: u32) -> io::Result<()> {
        fs::remove_file(self.marker(segment))?;
        self.sync_folder()
    }

    /// Returns the segments that were about to be swapped.
    pub(crate) fn marked(&self) -> io::Result<Vec<u32>> {
        let mut marked = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            marked.extend(number(Path::new(&file?.file_name()), "erase"));
        }
        Ok(marked)
    }

    pub(crate) fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    /// Starts to read a segment in order from `offset`.
    pub(crate) fn scan(&self, segment: u32, offset: u64) -> io::Result<Scanner> {
        Scanner::new(File::open(self.path(segment))?, segment, offset)
    }

    /// Returns the network in the first item, `None` before one is known.
    pub(crate) fn network(&self) -> io::Result<Option<NetworkId>> {
        let mut bytes = [0; 256];
        let len = self.handle(1)?.read_at(&mut bytes, 0)?;
        let start = Start::read(&bytes[..len]);
        Ok(start.map(|start| start.net).filter(|net| net.0 != [0; 32]))
    }

    /// Writes the network into the first item, in place: 32 bytes of one sector, so no crash can
    /// leave half of them.
    pub(crate) fn set_network(&self, network: NetworkId) -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(self.path(1))?;
        file.write_all_at(&network.0, NET_OFFSET)?;
        file.sync_data()
    }

    /// Reads the payload of the item of `kind` at a location.
    pub(crate) fn read(&self, kind: Kind, at: Location) -> Result<Vec<u8>, ReadError> {
        let file = self.handle(at.segment).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ReadError::Damaged { at, reason: "the segment is missing" },
            _ => ReadError::Io(error),
        })?;
        if at.len as usize > MAX_ITEM {
            return Err(ReadError::Damaged { at, reason: "too long for an item" });
        }
        let mut bytes = vec![0; at.len as usize];
        file.read_exact_at(&mut bytes, u64::from(at.offset)).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => ReadError::Damaged { at, reason: "the segment is too short" },
            _ => ReadError::Io(error),
        })?;
        match parse(&bytes) {
            Parsed::Item(found, payload, len) if found == kind && len == bytes.len() => {
                bytes.drain(..payload.start);
                Ok(bytes)
            }
            _ => Err(ReadError::Damaged { at, reason: "no such item" }),
        }
    }

    fn handle(&self, segment: u32) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().expect("no holder panics");
        if let Some(file) = open.get(&segment) {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(File::open(self.path(segment))?);
        if open.len() >= MAX_OPEN {
            open.pop_first();
        }
        open.insert(segment, Arc::clone(&file));
        Ok(file)
    }
}

fn number(path: &Path, extension: &str) -> Option<u32> {
    let fits = path.extension().is_some_and(|found| found == extension);
    let number = path.file_stem()?.to_str()?.parse().ok()?;
    (fits && number > 0).then_some(number)
}

/// The end of the journal, where its one writer appends.
pub(crate) struct Writer {
    file: File,
    segment: u32,
    /// Length up to which everything is whole and synced.
    len: u64,
    /// Whether the file may hold more than that, from a write that failed.
    soiled: bool,
    limit: u64,
}

impl Writer {
    /// Opens the last segment for appending; `len` is its sound length.
    pub(crate) fn open(journal: &Journal, segment: u32, len: u64, limit: u64) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(journal.path(segment))?;
        if file.metadata()?.len() != len {
            file.set_len(len)?;
            file.sync_all()?;
        }
        journal.sync_folder()?;
        Ok(Self { file, segment, len, soiled: false, limit })
    }

    pub(crate) const fn segment(&self) -> u32 {
        self.segment
    }

    pub(crate) const fn len(&self) -> u64 {
        self.len
    }

    /// Makes room for `bytes` more, in a new segment where this one would grow over the limit.
    pub(crate) fn reserve(&mut self, journal: &Journal, bytes: u64) -> io::Result<()> {
        self.clean()?;
        if self.len > 0 && self.len + bytes > self.limit {
            *self = Self::open(journal, self.segment + 1, 0, self.limit)?;
        }
        Ok(())
    }

    /// Writes at the end, durably, or leaves everything as it was.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.soiled = true;
        let written = self.file.write_all_at(bytes, self.len).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => {
                self.len += bytes.len() as u64;
                self.soiled = false;
                Ok(())
            }
            Err(error) => {
                // Tried again before the next write if it fails now.
                let _ = self.clean();
                Err(error)
            }
        }
    }

    fn clean(&mut self) -> io::Result<()> {
        if self.soiled {
            self.file.set_len(self.len)?;
            self.file.sync_all()?;
            self.soiled = false;
        }
        Ok(())
    }
}
