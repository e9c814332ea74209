//! Whether the store takes writes: room on the disk, and what happened at the last write; and what reads have found
//! of damage.
//!
//! A full disk or a failed write makes the store read-only with a reason; reads go on. It tries again
//! by itself, at most once in [`RETRY`], so a caller that goes on offering entries finds it writable
//! soon after there is room. An index that failed stays failed until the next start rebuilds it.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use multaqa_protocol::entry::BodyRef;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::log::Place;

use super::item::Location;

/// Least free space that is left to others, in bytes.
const FLOOR: u64 = 500_000_000;
/// The same as a share of the disk: one part in this many.
const FLOOR_SHARE: u64 = 20;
/// The most that the share can come to, in bytes: a twentieth of a large disk is room enough for years.
const FLOOR_MOST: u64 = 5_000_000_000;
/// How often the free space is looked at while all is well; half the second within which a full
/// disk must be noticed.
const CHECK_EVERY: Duration = Duration::from_millis(500);
/// Bytes written after which it is looked at whatever the time.
const CHECK_BYTES: u64 = 32 << 20;
/// How long a read-only store waits before it tries again; half of the ten seconds within which it
/// must be back.
pub const RETRY: Duration = Duration::from_secs(5);

/// Free space, in bytes, without which rows are not written to the index: a few of sled's segments.
const ROWS_ROOM: u64 = 2 << 20;
/// What one byte of rows can need of it.
const ROWS_FACTOR: u64 = 4;

/// Most damaged bodies that wait to be marked; others are met again.
const MAX_DAMAGED: usize = 64;

/// Why the store takes no writes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadOnly {
    /// Too little room on the disk.
    #[error("{free} bytes are free on the disk, {floor} must stay so")]
    NoRoom {
        /// Bytes free.
        free: u64,
        /// Bytes that must stay free.
        floor: u64,
    },
    /// A write failed; nothing of it counts.
    #[error("a write to the journal failed: {text}")]
    Write {
        /// What the system said.
        text: String,
    },
    /// The index failed; the journal is whole, and the next start rebuilds the index.
    #[error("the index failed and will be rebuilt at the next start: {text}")]
    Index {
        /// What happened.
        text: String,
    },
}

/// A body that a read found to be damaged, and one of the entries that name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DamagedBody {
    /// The entry's author.
    pub author: AuthorId,
    /// Where it lies in its author's tree.
    pub place: Place,
    /// What it names.
    pub body: BodyRef,
}

/// The state behind [`ReadOnly`].
pub(crate) struct Health {
    reason: Option<ReadOnly>,
    /// What was found of damage to the journal; reads and writes go on.
    damage: Option<String>,
    /// Bodies that are to be fetched again.
    damaged: Vec<DamagedBody>,
    looked: Option<Instant>,
    written: u64,
    floor: Option<u64>,
    retry: Duration,
}

impl Health {
    pub(crate) const fn new(floor: Option<u64>, retry: Duration) -> Self {
        Self { reason: None, damage: None, damaged: Vec::new(), looked: None, written: 0, floor, retry }
    }

    /// Returns the reason, if the store is read-only.
    pub(crate) const fn reason(&self) -> Option<&ReadOnly> {
        self.reason.as_ref()
    }

    /// Returns what was found of damage to the journal.
    pub(crate) fn damage(&self) -> Option<&str> {
        self.damage.as_deref()
    }

    pub(crate) fn note_damage(&mut self, text: String) {
        self.damage = Some(text);
    }

    pub(crate) fn note_damaged(&mut self, body: DamagedBody, at: Location) {
        if self.damaged.len() < MAX_DAMAGED && !self.damaged.contains(&body) {
            tracing::error!(?at, hash = %body.body.hash, "a content in the journal is damaged; other nodes are asked for it");
            self.damage
                .get_or_insert_with(|| format!("the content {} is not as it was written", body.body.hash));
            self.damaged.push(body);
        }
    }

    /// Takes out the bodies that are to be fetched again.
    pub(crate) fn take_damaged(&mut self) -> Vec<DamagedBody> {
        std::mem::take(&mut self.damaged)
    }

    /// Tells whether a write may be tried now, looking at the free space when that is due.
    pub(crate) fn check(&mut self, folder: &Path) -> Result<(), ReadOnly> {
        let due = match (&self.reason, self.looked) {
            (Some(reason @ ReadOnly::Index { .. }), _) => return Err(reason.clone()),
            (Some(reason), Some(looked)) if looked.elapsed() < self.retry => return Err(reason.clone()),
            (Some(_), _) | (None, None) => true,
            (None, Some(looked)) => self.written >= CHECK_BYTES || looked.elapsed() >= CHECK_EVERY,
        };
        if due {
            self.looked = Some(Instant::now());
            self.written = 0;
            let (free, floor) = room(folder, self.floor).map_err(|error| self.fail(&error))?;
            if free < floor {
                let reason = ReadOnly::NoRoom { free, floor };
                self.reason = Some(reason.clone());
                return Err(reason);
            }
            if matches!(self.reason, Some(ReadOnly::NoRoom { .. })) {
                self.reason = None;
            }
        }
        Ok(())
    }

    /// Looks at the free space when that is due, so that a full disk shows, and heals, without a write.
    pub(crate) fn observe(&mut self, folder: &Path) {
        // After a failed write only another one can tell; looking would put it off.
        if matches!(self.reason, None | Some(ReadOnly::NoRoom { .. })) {
            let _ = self.check(folder);
        }
    }

    /// Tells whether the index's rows can be written: sled does not survive a disk that fills up under
    /// it, so it is kept from seeing one, and the rows wait in memory.
    pub(crate) fn has_room_for_rows(&mut self, folder: &Path, rows: usize) -> bool {
        if matches!(self.reason, Some(ReadOnly::Index { .. })) {
            return false;
        }
        let floor = ROWS_ROOM + ROWS_FACTOR * rows as u64;
        match room(folder, Some(floor)) {
            Ok((free, _)) if free >= floor => true,
            Ok((free, _)) => {
                self.looked = Some(Instant::now());
                self.reason = Some(ReadOnly::NoRoom { free, floor });
                false
            }
            Err(error) => {
                self.fail(&error);
                false
            }
        }
    }

    /// Notes a write that succeeded.
    pub(crate) fn wrote(&mut self, bytes: u64) {
        self.written += bytes;
        if !matches!(self.reason, Some(ReadOnly::Index { .. })) {
            self.reason = None;
        }
    }

    /// Notes a write that failed and returns the reason.
    pub(crate) fn fail(&mut self, error: &io::Error) -> ReadOnly {
        let reason = ReadOnly::Write { text: error.to_string() };
        self.looked = Some(Instant::now());
        self.reason = Some(reason.clone());
        reason
    }

    /// Notes that the index failed.
    pub(crate) fn fail_index(&mut self, text: String) {
        self.reason = Some(ReadOnly::Index { text });
    }
}

/// Tells whether a disk has room for `size` more bytes beside what must stay free.
pub(crate) fn has_room(folder: &Path, size: u64) -> io::Result<bool> {
    let (free, floor) = room(folder, None)?;
    Ok(free >= floor.saturating_add(size))
}

/// Returns the bytes free on the disk and those that must stay so.
pub(crate) fn room(folder: &Path, floor: Option<u64>) -> io::Result<(u64, u64)> {
    let disk = rustix::fs::statvfs(folder)?;
    let size = disk.f_blocks.saturating_mul(disk.f_frsize);
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    Ok((free, floor.unwrap_or_else(|| floor_of(size))))
}

/// Returns the bytes that must stay free on a disk of `size` bytes.
const fn floor_of(size: u64) -> u64 {
    let share = size / FLOOR_SHARE;
    if share < FLOOR {
        FLOOR
    } else if share > FLOOR_MOST {
        FLOOR_MOST
    } else {
        share
    }
}

#[cfg(test)]
mod tests {
    use super::floor_of;

    #[test]
    fn floor_is_a_twentieth_of_the_disk_within_bounds() {
        let disks = [64_000_000, 10_000_000_000, 40_000_000_000, 100_000_000_000, 4_000_000_000_000];
        assert_eq!(
            disks.map(floor_of),
            [500_000_000, 500_000_000, 2_000_000_000, 5_000_000_000, 5_000_000_000]
        );
    }
}
