//! The files that records name, in `attachments/` of the data folder, each under its hash.
//!
//! A file lies beside its note: what it is, and for which records it is kept. Nothing here decides which
//! file may be served: that follows from the records, which are the view's.
//!
//! Invariant: a file under its own name is whole, durable, and what its name says.

mod holding;
pub(crate) mod kind;
pub(crate) mod serve;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use multaqa_protocol::attachment::{Arriving, CHUNK, MAX_FILE, Named, Summing, TransferError};
use multaqa_protocol::id::{Bytes32, EntryId, Millis};
use serde::{Deserialize, Serialize};

use crate::clock::now;
use crate::store::has_room;
pub(crate) use holding::{Wanted, named_by};
pub(crate) use kind::accepted;

/// Bytes of files that are kept for readers alone, neither the author's own nor of practices that it
/// adopted: two hundred scans of 5 MB.
pub(crate) const MAX_KEPT: u64 = 1 << 30;
/// Bytes of files that no record names yet, those of all drafts of an office together: twenty-five of the largest, or
/// some hundred scans. A record that is published makes room again, and so does a draft that is thrown away.
pub(crate) const MAX_WAITING: u64 = 512 << 20;
/// How long a file is kept that neither a record nor a draft names: a program hands it over before the record.
const UNNAMED_FOR: Millis = 30 * 24 * 60 * 60 * 1_000;
/// Most records that a note names; a file that more share is kept all the same.
const MAX_RECORDS: usize = 64;

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeError {
    /// It is too large.
    #[error("F1: a file may have {MAX_FILE} bytes at most")]
    TooLarge,
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is of a type that is not taken.
    #[error("files of this type are not taken ({})", .found.unwrap_or("unknown"))]
    Type {
        /// What it is, where that is known.
        found: Option<&'static str>,
    },
    /// It is not of the type that was declared.
    #[error("declared as {declared}, and it is {found}")]
    OtherType {
        /// What was declared.
        declared: String,
        /// What it is.
        found: &'static str,
    },
    /// The disk has no room for it.
    #[error("the disk has no room for it")]
    NoRoom,
    /// Files that wait for their records have taken all the room that is theirs.
    #[error(
        "files that no record names yet have {MAX_WAITING} bytes at most; publish some drafts or throw some away"
    )]
    TooManyWaiting,
    /// It is not what was asked for.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// The folder cannot be written.
    #[error("the folder of attachments cannot be written")]
    Io(#[from] io::Error),
}

/// What is known of a file beside its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) mime: String,
    pub(crate) size: u64,
    /// When it was last asked for.
    pub(crate) asked: Millis,
    /// The records for which it is kept.
    pub(crate) records: BTreeSet<EntryId>,
}

/// A file that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) named: Named,
    pub(crate) mime: String,
}

/// The folder; a clone is the same one.
#[derive(Clone, Debug)]
pub(crate) struct Attachments {
    dir: Arc<PathBuf>,
    /// One writer of notes at a time.
    notes: Arc<Mutex<()>>,
    parts: Arc<AtomicU64>,
    /// Bytes for which room is kept among the files that wait, while they arrive.
    arriving: Arc<AtomicU64>,
    most: u64,
}

impl Attachments {
    /// Opens the folder in the data folder `dir`, and removes what was left half written.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        Self::with_room(dir, MAX_KEPT)
    }

    fn with_room(dir: &Path, most: u64) -> io::Result<Self> {
        let dir = dir.join("attachments");
        fs::create_dir_all(&dir)?;
        for file in fs::read_dir(&dir)? {
            let path = file?.path();
            // A note or a list was written before its file was given its name, or was to go after it.
            let is_left = match path.extension().and_then(|end| end.to_str()) {
                Some("part") => true,
                Some("json" | "chunks") => !path.with_extension("").exists(),
                _ => false,
            };
            if is_left {
                fs::remove_file(path)?;
            }
        }
        Ok(Self {
            dir: Arc::new(dir),
            notes: Arc::default(),
            parts: Arc::default(),
            arriving: Arc::default(),
            most,
        })
    }

    /// Returns where a file lies that is held.
    pub(crate) fn path(&self, hash: &Bytes32) -> PathBuf {
        self.dir.join(hash.to_string())
    }

    fn with_ending(&self, hash: &Bytes32, ending: &str) -> PathBuf {
        self.dir.join(format!("{hash}.{ending}"))
    }

    /// Returns the note of a file that is held.
    pub(crate) fn note(&self, hash: &Bytes32) -> Option<Note> {
        if !self.path(hash).exists() {
            return None;
        }
        serde_json::from_slice(&fs::read(self.with_ending(hash, "json")).ok()?).ok()
    }

    /// Returns the list of a file's chunks, and the file to read them from, at the chunk of the number `from`.
    fn chunks(&self, hash: &Bytes32, from: u32) -> io::Result<(Vec<u8>, File)> {
        let mut file = File::open(self.path(hash))?;
        file.seek(SeekFrom::Start(u64::from(from) * CHUNK as u64))?;
        Ok((fs::read(self.with_ending(hash, "chunks"))?, file))
    }

    /// Changes a note, if the file is held.
    pub(crate) fn change(&self, hash: &Bytes32, change: impl FnOnce(&mut Note)) -> io::Result<()> {
        let _one = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut note) = self.note(hash) else { return Ok(()) };
        change(&mut note);
        self.write_note(hash, &note)
    }

    /// Notes that a record names a file.
    pub(crate) fn keep_for(&self, hash: &Bytes32, record: EntryId) -> io::Result<()> {
        self.change(hash, |note| {
            note.asked = now();
            if note.records.len() < MAX_RECORDS {
                note.records.insert(record);
            }
        })
    }

    fn write_note(&self, hash: &Bytes32, note: &Note) -> io::Result<()> {
        let part = self.part();
        fs::write(&part, serde_json::to_vec(note).map_err(io::Error::other)?)?;
        fs::rename(part, self.with_ending(hash, "json"))
    }

    fn part(&self) -> PathBuf {
        self.dir.join(format!("{}.part", self.parts.fetch_add(1, Ordering::Relaxed)))
    }

    /// Begins to take a file of which up to `size` bytes may come.
    pub(crate) fn begin(&self, size: u64, declared: Option<&str>) -> Result<Incoming, TakeError> {
        if size > MAX_FILE {
            return Err(TakeError::TooLarge);
        }
        if !has_room(&self.dir, size)? {
            return Err(TakeError::NoRoom);
        }
        let path = self.part();
        let file = File::options().write(true).create_new(true).open(&path)?;
        Ok(Incoming {
            of: self.clone(),
            part: Part(path),
            file,
            summing: Summing::default(),
            head: Vec::new(),
            found: None,
            declared: declared.map(str::to_owned),
            most: size,
            _room: None,
        })
    }

    /// Begins to take a file that no record names yet, of which up to `size` bytes may come.
    pub(crate) fn begin_waiting(&self, size: u64, declared: Option<&str>) -> Result<Incoming, TakeError> {
        let room = Room::keep(&self.arriving, size.min(MAX_FILE));
        if self.waiting()? + room.all > MAX_WAITING {
            return Err(TakeError::TooManyWaiting);
        }
        Ok(Incoming { _room: Some(room), ..self.begin(size, declared)? })
    }

    /// Returns how many bytes the files have that no record names yet.
    fn waiting(&self) -> io::Result<u64> {
        let notes = self.held()?.into_iter().filter_map(|hash| self.note(&hash));
        Ok(notes.filter(|note| note.records.is_empty()).map(|note| note.size).sum())
    }

    /// Removes a file that no draft names any more, unless a record does.
    pub(crate) fn release(&self, hash: &Bytes32) -> io::Result<()> {
        let _one = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        match self.note(hash) {
            Some(note) if note.records.is_empty() => self.remove(hash),
            _ => Ok(()),
        }
    }

    /// Removes the files that nothing needs: all but those that are `needed`, of which the ones that are
    /// pinned stay whatever the room. Returns how many were removed.
    pub(crate) fn sweep(&self, needs: impl Fn(&Bytes32, &Note) -> Need, room_for: u64) -> io::Result<usize> {
        let mut kept: Vec<(Millis, u64, Bytes32)> = Vec::new();
        let mut removed = 0;
        for hash in self.held()? {
            let Some(note) = self.note(&hash) else { continue };
            match needs(&hash, &note) {
                Need::Pinned => {}
                Need::Readers => kept.push((note.asked, note.size, hash)),
                Need::None if note.records.is_empty() && now() < note.asked.saturating_add(UNNAMED_FOR) => {}
                Need::None => {
                    self.remove(&hash)?;
                    removed += 1;
                }
            }
        }
        kept.sort_unstable();
        let mut total: u64 = kept.iter().map(|(_, size, _)| size).sum();
        for (_, size, hash) in kept {
            if total + room_for <= self.most {
                break;
            }
            self.remove(&hash)?;
            total -= size;
            removed += 1;
        }
        Ok(removed)
    }

    fn held(&self) -> io::Result<Vec<Bytes32>> {
        let names = fs::read_dir(&*self.dir)?.map(|file| file.map(|file| file.file_name()));
        let names: Vec<_> = names.collect::<Result<_, _>>()?;
        Ok(names.iter().filter_map(|name| name.to_str()?.parse().ok()).collect())
    }

    fn remove(&self, hash: &Bytes32) -> io::Result<()> {
        fs::remove_file(self.path(hash))?;
        for ending in ["chunks", "json"] {
            match fs::remove_file(self.with_ending(hash, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Why a file is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A record of this node's author, one that it adopted, or a draft names it.
    Pinned,
    /// Readers asked for it.
    Readers,
    /// No record that can be shown names it.
    None,
}

/// A file that is written nowhere else, removed unless it is given its name.
#[derive(Debug)]
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // It is gone where it was given its name; a next start removes it otherwise.
        let _ = fs::remove_file(&self.0);
    }
}

/// Room that is kept for a file while it arrives.
#[derive(Debug)]
struct Room {
    of: Arc<AtomicU64>,
    size: u64,
    /// What is kept for all, this one with them.
    all: u64,
}

impl Room {
    fn keep(of: &Arc<AtomicU64>, size: u64) -> Self {
        let all = of.fetch_add(size, Ordering::Relaxed) + size;
        Self { of: Arc::clone(of), size, all }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.of.fetch_sub(self.size, Ordering::Relaxed);
    }
}

/// A file on its way in. Its calls block.
#[derive(Debug)]
pub(crate) struct Incoming {
    of: Attachments,
    part: Part,
    file: File,
    summing: Summing,
    head: Vec<u8>,
    found: Option<&'static str>,
    declared: Option<String>,
    most: u64,
    _room: Option<Room>,
}

impl Incoming {
    /// Takes the next bytes; refuses a lie about size or type as soon as it shows.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), TakeError> {
        if self.summing.size() + bytes.len() as u64 > self.most {
            return Err(TakeError::TooLarge);
        }
        self.summing.update(bytes);
        self.file.write_all(bytes)?;
        if self.found.is_none() {
            let lacks = kind::HEAD.saturating_sub(self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..lacks]);
            if self.head.len() >= kind::HEAD {
                self.look()?;
            }
        }
        Ok(())
    }

    fn look(&mut self) -> Result<&'static str, TakeError> {
        if let Some(found) = self.found {
            return Ok(found);
        }
        let found = kind::of(&self.head).map_err(|found| TakeError::Type { found })?;
        match &self.declared {
            Some(declared) if !kind::agrees(declared, found) => {
                Err(TakeError::OtherType { declared: declared.clone(), found })
            }
            _ => Ok(*self.found.insert(found)),
        }
    }

    /// Makes it durable under its name.
    pub(crate) fn finish(mut self, records: BTreeSet<EntryId>) -> Result<Taken, TakeError> {
        if self.summing.size() == 0 {
            return Err(TakeError::Empty);
        }
        let found = self.look()?;
        let mime =
            self.declared.filter(|declared| kind::is_finer(declared)).unwrap_or_else(|| found.to_owned());
        if kind::is_text(found) {
            kind::check_text(&self.part.0)?;
        }
        self.file.sync_all()?;
        let (named, list) = self.summing.finish();
        let of = &self.of;
        let note = Note { mime: mime.clone(), size: named.size, asked: now(), records };
        if let Some(held) = of.note(&named.hash) {
            of.change(&named.hash, |kept| kept.records.extend(note.records))?;
            return Ok(Taken { named, mime: held.mime });
        }
        fs::write(of.with_ending(&named.hash, "chunks"), list)?;
        of.write_note(&named.hash, &note)?;
        fs::rename(&self.part.0, of.path(&named.hash))?;
        File::open(&*of.dir)?.sync_all()?;
        Ok(Taken { named, mime })
    }

    /// Takes a whole file from a peer's stream, chunk by chunk.
    pub(crate) fn take(&mut self, arriving: &mut Arriving, chunk: &[u8]) -> Result<(), TakeError> {
        arriving.take(chunk)?;
        self.write(chunk)
    }
}

/// Reads the next chunk of a file that is served.
fn next_chunk(file: &mut File, chunk: &mut Vec<u8>) -> io::Result<bool> {
    chunk.clear();
    file.take(CHUNK as u64).read_to_end(chunk)?;
    Ok(!chunk.is_empty())
}
