//! Opening: the lock, the version, the torn end, the index, and the replay of what it lacks.
//!
//! A start with a sound index reads only what was written since its last checkpoint. Any doubt about
//! the index (missing, of another format, behind its stamp, damaged, or a journal shorter than it
//! knows) moves it aside, and everything is read again. The end of the last segment is cut where it
//! stops making sense, if what follows is no more than one write can leave; damage elsewhere is
//! stepped over and reported with its place.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use multaqa_protocol::entry::Entry;
use multaqa_protocol::id::{AuthorId, BodyHash, sha256};

use super::erasure::relocate;
use super::health::Health;
use super::index::{Cursor, Index, IndexError};
use super::item::{Kind, Location, Scanner, Step};
use super::journal::{Journal, Writer};
use super::learnt::Learnt;
use super::read::ReadError;
use super::rows::Rows;
use super::upgrade::{VERSION, upgrade};
use super::{End, Inner, Options, State, Store};
use crate::clock;

/// Most bytes at the end of the journal that are taken for a write cut short (A8); zeros, as space
/// that was never written reads, are always.
const MAX_TORN: u64 = 300 << 10;

/// Attempts to lock the folder: a restart can overlap with the end of the process before.
const LOCK_ATTEMPTS: u32 = 20;
/// Pause between them.
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// Why a data folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{} is in use by another process", dir.display())]
    Locked {
        /// The folder.
        dir: PathBuf,
    },
    /// It was written by a newer version of the program, or is none.
    #[error("the data folder has version {found}, this program knows versions up to {VERSION}")]
    Version {
        /// The version found, as text.
        found: String,
    },
    /// The disk failed.
    #[error("the data folder cannot be read or written")]
    Io(#[from] io::Error),
    /// The index can neither be used nor begun anew.
    #[error("the index cannot be opened")]
    Index(#[from] IndexError),
    /// A segment could not be read again after an erasure that a crash cut short.
    #[error("a segment cannot be read")]
    Read(#[from] ReadError),
}

/// Something about the store's files that a person should hear of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// Bytes of the journal that are no item. What they held is lost here.
    #[error("{len} bytes of segment {segment} from byte {offset} on make no sense")]
    Unreadable {
        /// The segment.
        segment: u32,
        /// Where they begin.
        offset: u64,
        /// How many.
        len: u64,
    },
    /// A segment is not there.
    #[error("segment {segment} is missing")]
    MissingSegment {
        /// Its number.
        segment: u32,
    },
    /// A segment is shorter than it was.
    #[error("segment {segment} has {len} bytes, it had {expected}")]
    Shortened {
        /// Its number.
        segment: u32,
        /// Its length.
        len: u64,
        /// What the index knows of.
        expected: u64,
    },
    /// A body that no entry names: damaged, or its entry was lost.
    #[error("a body in segment {segment} at byte {offset} belongs to no entry")]
    OrphanBody {
        /// The segment.
        segment: u32,
        /// Where the item begins.
        offset: u32,
        /// The hash of the bytes, by which they can be erased.
        hash: BodyHash,
    },
    /// The index could not be used; it is built again from the journal.
    #[error("the index is built again: {reason}")]
    IndexRebuilt {
        /// Why.
        reason: String,
    },
}

/// What opening found.
#[derive(Debug)]
pub struct Recovered {
    /// The engine's row of each author as last saved; empty where the index is built again.
    pub logs: Vec<(AuthorId, Vec<u8>)>,
    /// The entries that the index lacks.
    pub replay: Replay,
    /// Bytes cut from the end of the journal: a write that was never acknowledged.
    pub torn: u64,
    /// What is wrong with the files.
    pub damage: Vec<Finding>,
}

/// One thing that a replay came across.
#[derive(Clone, Debug)]
pub enum Replayed {
    /// An entry, to be placed by the engine and appended with its location.
    Entry {
        /// The entry; its signature is not checked.
        entry: Box<Entry>,
        /// Where it lies.
        at: Location,
    },
    /// Damage.
    Damage(Finding),
}

impl Store {
    /// Opens the store in `dir`, begins one where there is none, and says what has to be done before
    /// it can be written: each entry of [`Recovered::replay`] is to be appended with its location, in
    /// order, then [`Store::finish_replay`] called.
    ///
    /// # Errors
    ///
    /// See [`OpenError`]. Damage is no error: it is in [`Recovered::damage`] and the replay.
    pub fn open(dir: &Path, options: Options) -> Result<(Self, Recovered), OpenError> {
        fs::create_dir_all(dir)?;
        let lock = lock(dir)?;
        upgrade(dir)?;
        let learnt = Learnt::open(dir)?;
        let (journal, mut segments) = Journal::open(dir.join("journal"), clock::now())?;
        let last = segments.last_key_value().map_or(1, |(last, _)| *last);
        let missing = (1..last).filter(|segment| !segments.contains_key(segment));
        let mut damage: Vec<_> = missing.map(|segment| Finding::MissingSegment { segment }).collect();

        let marked = journal.marked()?;
        let (mut rows, mut indexed) = open_index(&dir.join("index"), &segments, &marked, &mut damage)?;
        for segment in marked {
            if let Some(cursor) = &mut indexed
                && segments.contains_key(&segment)
            {
                let len = relocate(&journal, &mut rows, segment)?;
                // Everything was indexed before the erasure began.
                if cursor.segment == segment {
                    cursor.offset = len;
                }
                rows.index.checkpoint(*cursor)?;
                rows.index.release();
            }
            journal.unmark(segment)?;
        }
        let cursor = indexed.unwrap_or(Cursor { segment: 1, offset: 0 });

        let from = if cursor.segment == last { cursor.offset } else { 0 };
        let (sound, torn) = check_end(&journal, last, from)?;
        let writer = match sound {
            Some(0) if last == 1 => {
                segments.insert(1, journal.begin(clock::now())?);
                Writer::open(&journal, 1, segments[&1], options.segment_size)?
            }
            Some(len) => {
                segments.insert(last, len);
                Writer::open(&journal, last, len, options.segment_size)?
            }
            // Damage is left as it is; what is new goes after it.
            None => {
                segments.insert(last + 1, 0);
                Writer::open(&journal, last + 1, 0, options.segment_size)?
            }
        };
        let left: VecDeque<_> = segments
            .range(cursor.segment..)
            .map(|(segment, len)| {
                (*segment, if *segment == cursor.segment { cursor.offset } else { 0 }, *len)
            })
            .filter(|(_, from, len)| from < len)
            .collect();
        let logs = rows.logs()?;
        let state = State { rows, segments, network: journal.network()? };
        let store = Self(Arc::new(Inner {
            dir: dir.into(),
            journal,
            end: Mutex::new(End { writer, cursor, settled: cursor, since: 0, replaying: !left.is_empty() }),
            state: RwLock::new(state),
            learnt,
            health: Mutex::new(Health::new(options.floor, options.retry)),
            options,
            _lock: lock,
        }));
        let replay = Replay {
            store: store.clone(),
            bytes: left.iter().map(|(_, from, len)| len - from).sum(),
            left,
            scanner: None,
            unclaimed: BTreeMap::new(),
            wanting: BTreeSet::new(),
        };
        Ok((store, Recovered { logs, replay, torn, damage }))
    }
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let file = File::create(dir.join("lock"))?;
    let mut attempt = 1;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // A process that is ending, or a child that has not yet closed what it inherited.
            Err(TryLockError::WouldBlock) if attempt < LOCK_ATTEMPTS => {
                attempt += 1;
                std::thread::sleep(LOCK_PAUSE);
            }
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked { dir: dir.into() }),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
}

/// Opens the index if it can be trusted, or an empty one.
fn open_index(
    folder: &Path,
    segments: &BTreeMap<u32, u64>,
    marked: &[u32],
    damage: &mut Vec<Finding>,
) -> Result<(Rows, Option<Cursor>), OpenError> {
    let opened = Index::open(folder).and_then(|(index, cursor)| {
        let rows = Rows::load(index)?;
        let known = rows.segments()?;
        Ok((rows, cursor, known))
    });
    let reason = match opened {
        // A full disk passes; the index is not at fault.
        Err(IndexError::Disk(error)) if error.kind() == io::ErrorKind::StorageFull => {
            return Err(error.into());
        }
        Err(error) => error.to_string(),
        Ok((rows, None, _)) => {
            // 100 bytes: no more than the first item.
            if segments.len() > 1 || segments.values().any(|len| *len > 100) {
                damage.push(Finding::IndexRebuilt { reason: "there is none".into() });
            }
            return Ok((rows, None));
        }
        Ok((rows, Some(cursor), known)) => {
            let before = damage.len();
            for (segment, expected) in known {
                match segments.get(&segment) {
                    Some(len) if *len < expected && !marked.contains(&segment) => {
                        damage.push(Finding::Shortened { segment, len: *len, expected });
                    }
                    Some(_) => {}
                    None => {
                        let finding = Finding::MissingSegment { segment };
                        if !damage.contains(&finding) {
                            damage.push(finding);
                        }
                        damage.push(Finding::IndexRebuilt { reason: "a segment is missing".into() });
                    }
                }
            }
            if damage.len() == before {
                return Ok((rows, Some(cursor)));
            }
            damage.retain(|finding| !matches!(finding, Finding::IndexRebuilt { .. }));
            "the journal holds less than the index knows".into()
        }
    };
    damage.push(Finding::IndexRebuilt { reason });
    let index = Index::replace(folder)?;
    Ok((Rows::load(index)?, None))
}

/// Returns the length up to which the last segment is sound, and how much after it is to be cut;
/// `None` where more makes no sense than a write can leave.
fn check_end(journal: &Journal, segment: u32, from: u64) -> io::Result<(Option<u64>, u64)> {
    let mut scanner = journal.scan(segment, from)?;
    while let Some(step) = scanner.step()? {
        if let Step::Tail { offset, len, zeros } = step {
            let torn = zeros || len <= MAX_TORN;
            return Ok(if torn { (Some(offset), len) } else { (None, 0) });
        }
    }
    Ok((Some(scanner.offset()), 0))
}

/// The entries of the journal that the index lacks, in the order in which they were written. Bodies
/// are indexed on the way, each before the entries that it was written with.
pub struct Replay {
    store: Store,
    /// Segments still to be read: number, from, length.
    left: VecDeque<(u32, u64, u64)>,
    scanner: Option<Scanner>,
    bytes: u64,
    /// Bodies that no entry has named yet.
    unclaimed: BTreeMap<BodyHash, Location>,
    /// Bodies that entries named and that were not there yet.
    wanting: BTreeSet<BodyHash>,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Replay {
    /// Returns how many bytes of the journal it reads in all; 0 when there is nothing to replay.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    fn advance(&mut self) -> Result<Option<Replayed>, ReadError> {
        loop {
            let Some(scanner) = &mut self.scanner else {
                let Some((segment, from, _)) = self.left.pop_front() else { return Ok(self.orphan()) };
                self.scanner = Some(self.store.0.journal.scan(segment, from)?);
                continue;
            };
            let (kind, at, range) = match scanner.step()? {
                Some(Step::Item(kind, at, range)) => (kind, at, range),
                Some(Step::Gap { offset, len } | Step::Tail { offset, len, .. }) => {
                    let segment = scanner.segment();
                    return Ok(Some(Replayed::Damage(Finding::Unreadable { segment, offset, len })));
                }
                None => {
                    self.scanner = None;
                    continue;
                }
            };
            match kind {
                Kind::Start => {}
                Kind::Body => {
                    let hash = BodyHash(sha256(scanner.payload(&range)));
                    let missed = self.store.index_body(&hash, at)?;
                    if !self.wanting.remove(&hash) && !missed {
                        self.unclaimed.insert(hash, at);
                    }
                }
                Kind::Envelope => return self.envelope(at, &range).map(Some),
            }
        }
    }

    fn envelope(&mut self, at: Location, range: &std::ops::Range<usize>) -> Result<Replayed, ReadError> {
        let scanner = self.scanner.as_ref().expect("it gave the range");
        let Ok(entry) = Entry::decode(scanner.payload(range)) else {
            let (segment, offset) = (at.segment, u64::from(at.offset));
            return Ok(Replayed::Damage(Finding::Unreadable { segment, offset, len: u64::from(at.len) }));
        };
        let hash = entry.header().body.hash;
        if self.unclaimed.remove(&hash).is_none() && self.store.lacks(&hash)? {
            self.wanting.insert(hash);
        }
        Ok(Replayed::Entry { entry: Box::new(entry), at })
    }

    fn orphan(&mut self) -> Option<Replayed> {
        let (hash, at) = self.unclaimed.pop_first()?;
        Some(Replayed::Damage(Finding::OrphanBody { segment: at.segment, offset: at.offset, hash }))
    }
}

impl Iterator for Replay {
    type Item = Result<Replayed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.advance().transpose()
    }
}

impl Store {
    fn lacks(&self, hash: &BodyHash) -> Result<bool, ReadError> {
        self.reading(|state| Ok(state.rows.body_locations(hash)?.is_empty()))
    }
}
