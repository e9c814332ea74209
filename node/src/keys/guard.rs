//! The guard file: what this node signed last, durable before the signature leaves (W2).
//!
//! The file has two slots of one page each, written in turn, so a write that is cut short spoils at
//! most the older record and one fdatasync is enough. (A new file renamed over the old one needs two
//! syncs of more than data: measured at five times the time.) A record holds the key, the place, the id and the envelope, under a
//! hash. It belongs to one log key: after a rotation places are used again by right, under another
//! key, with [`Guard::begin`]. The file is never part of a backup. What to do when it does not fit the
//! log is the driver's part; this one refuses to let two entries have one place.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use multaqa_protocol::codec::MAX_ENVELOPE;
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{Bytes32, EntryId, Seq, sha256};

use super::sync_folder_of;

/// File of the guard.
pub const GUARD_FILE: &str = "guard";
/// Bytes of a slot: a page, so that writing one never touches the other.
const SLOT: usize = 4_096;
/// First bytes of a record.
const MAGIC: [u8; 8] = *b"mltqgrd1";
/// Bytes of a record before the envelope: magic, turn, key, seq, id, length.
const HEAD: usize = 8 + 8 + 32 + 4 + 32 + 2;

/// Why the guard lets nothing through.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// W2: something else was signed at this place or beyond it.
    #[error("W2: entry {last} is signed already, and {asked} is another; nothing is signed there again")]
    Signed {
        /// Place of the last entry signed.
        last: Seq,
        /// Place asked for.
        asked: Seq,
    },
    /// The guard already belongs to this key.
    #[error("W2: the guard belongs to this key already")]
    SameKey,
    /// The guard belongs to another key, of before a rotation.
    #[error("W2: the guard belongs to another key")]
    OtherKey,
    /// The envelope is longer than any valid one.
    #[error("an envelope of {len} bytes, where {MAX_ENVELOPE} are allowed")]
    TooLong {
        /// Its bytes.
        len: usize,
    },
    /// The disk failed; the signature must not leave.
    #[error("the guard file cannot be read or written")]
    Io(#[from] io::Error),
}

/// What was signed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last {
    /// Its place in the log.
    pub seq: Seq,
    /// Its id.
    pub id: EntryId,
    /// Its envelope.
    pub envelope: Vec<u8>,
}

/// How the guard compares with the head of this node's own log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuardState {
    /// Both end with the same entry, or neither has one.
    InStep,
    /// The log has entries and the guard has none under this key: lost, damaged or not copied along.
    Missing,
    /// The log goes on beyond the guard: a copied folder wrote, or the guard is from a backup.
    Older,
    /// The guard goes on beyond the log: the log is from a backup, or a crash came between the
    /// signature and the journal.
    Newer,
    /// They name different entries at one place.
    Differs,
}

/// The guard of one log key.
#[derive(Debug)]
pub struct Guard {
    file: File,
    key: Bytes32,
    /// Counts records; its parity says which slot is next.
    turn: u64,
    last: Option<Last>,
    /// Whether the newest record is another key's.
    foreign: bool,
}

impl Guard {
    /// Opens the guard file in `dir`, or makes an empty one, for the log key `key`.
    ///
    /// # Errors
    ///
    /// [`GuardError::Io`].
    pub fn open(dir: &Path, key: &PublicKey) -> Result<Self, GuardError> {
        let path = dir.join(GUARD_FILE);
        let fresh = !path.exists();
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        if file.metadata()?.len() != 2 * SLOT as u64 {
            // Allocated once, so that a record never changes the file's length.
            file.set_len(2 * SLOT as u64)?;
        }
        if fresh {
            file.write_all_at(&[0; 2 * SLOT], 0)?;
            file.sync_all()?;
            sync_folder_of(&path)?;
        }
        let newest = (0..2_u64).filter_map(|slot| read(&file, slot)).max_by_key(|record| record.turn);
        let key = key.to_bytes();
        let foreign = newest.as_ref().is_some_and(|record| record.key != key);
        let turn = newest.as_ref().map_or(0, |record| record.turn);
        let last = newest.filter(|_| !foreign).map(|record| record.last);
        Ok(Self { file, key, turn, last, foreign })
    }

    /// Returns what was signed last under this key.
    #[must_use]
    pub const fn last(&self) -> Option<&Last> {
        self.last.as_ref()
    }

    /// Tells whether the newest record is another key's, of before a rotation.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Compares the guard with the head of this node's own log, `None` for an empty one.
    #[must_use]
    pub fn state(&self, head: Option<(Seq, EntryId)>) -> GuardState {
        match (&self.last, head) {
            (None, None) => GuardState::InStep,
            (None, Some(_)) => GuardState::Missing,
            (Some(_), None) => GuardState::Newer,
            (Some(last), Some((seq, id))) => match last.seq.cmp(&seq) {
                std::cmp::Ordering::Less => GuardState::Older,
                std::cmp::Ordering::Greater => GuardState::Newer,
                std::cmp::Ordering::Equal if last.id == id => GuardState::InStep,
                std::cmp::Ordering::Equal => GuardState::Differs,
            },
        }
    }

    /// Records an entry before its signature leaves, and returns the envelope to send: the given one,
    /// or for the entry recorded last the one that was recorded.
    ///
    /// # Errors
    ///
    /// [`GuardError::Signed`] for another entry at the same or a lower place;
    /// [`GuardError::OtherKey`] after a change of key that [`Self::begin`] has not followed.
    pub fn record(&mut self, seq: Seq, id: EntryId, envelope: &[u8]) -> Result<Vec<u8>, GuardError> {
        if self.foreign {
            return Err(GuardError::OtherKey);
        }
        match &self.last {
            Some(last) if last.seq == seq && last.id == id => return Ok(last.envelope.clone()),
            Some(last) if last.seq >= seq => {
                return Err(GuardError::Signed { last: last.seq, asked: seq });
            }
            _ => {}
        }
        self.write(Last { seq, id, envelope: envelope.to_vec() })?;
        Ok(envelope.to_vec())
    }

    /// Begins anew under this log key after a rotation to it, whose entry is given: places after it
    /// are used by right even where the key before used them.
    ///
    /// # Errors
    ///
    /// [`GuardError::SameKey`] when the guard has records of this key.
    pub fn begin(&mut self, seq: Seq, id: EntryId, envelope: &[u8]) -> Result<(), GuardError> {
        if self.last.is_some() {
            return Err(GuardError::SameKey);
        }
        self.write(Last { seq, id, envelope: envelope.to_vec() })?;
        self.foreign = false;
        Ok(())
    }

    /// Sets the guard to the head of the log, at the end of a quarantine: enough peers were asked, and
    /// nothing that was signed beyond it has ever left (W2).
    ///
    /// # Errors
    ///
    /// [`GuardError::Io`].
    pub fn settle(&mut self, seq: Seq, id: EntryId, envelope: &[u8]) -> Result<(), GuardError> {
        self.write(Last { seq, id, envelope: envelope.to_vec() })?;
        self.foreign = false;
        Ok(())
    }

    fn write(&mut self, last: Last) -> Result<(), GuardError> {
        let len = last.envelope.len();
        if len > MAX_ENVELOPE {
            return Err(GuardError::TooLong { len });
        }
        let turn = self.turn + 1;
        let mut slot = Vec::with_capacity(SLOT);
        slot.extend_from_slice(&MAGIC);
        slot.extend_from_slice(&turn.to_be_bytes());
        slot.extend_from_slice(&self.key.0);
        slot.extend_from_slice(&last.seq.to_be_bytes());
        slot.extend_from_slice(&last.id.0);
        slot.extend_from_slice(&(len as u16).to_be_bytes());
        slot.extend_from_slice(&last.envelope);
        let sum = sha256(&slot);
        slot.extend_from_slice(&sum);
        slot.resize(SLOT, 0);
        // After an error the turn is not used up: the same slot is written again, never the good one.
        self.file.write_all_at(&slot, turn % 2 * SLOT as u64)?;
        self.file.sync_data()?;
        (self.turn, self.last) = (turn, Some(last));
        Ok(())
    }
}

struct Record {
    turn: u64,
    key: Bytes32,
    last: Last,
}

/// Returns the record in a slot, `None` for an empty or spoilt one.
fn read(file: &File, slot: u64) -> Option<Record> {
    let mut bytes = [0; SLOT];
    file.read_exact_at(&mut bytes, slot * SLOT as u64).ok()?;
    let rest = bytes.strip_prefix(&MAGIC)?;
    let (turn, rest) = rest.split_first_chunk()?;
    let (key, rest) = rest.split_first_chunk::<32>()?;
    let (seq, rest) = rest.split_first_chunk()?;
    let (id, rest) = rest.split_first_chunk::<32>()?;
    let (len, rest) = rest.split_first_chunk()?;
    let len = usize::from(u16::from_be_bytes(*len));
    let (envelope, rest) = rest.split_at_checked(len)?;
    if rest.get(..32)? != sha256(&bytes[..HEAD + len]) {
        return None;
    }
    let last = Last { seq: Seq::from_be_bytes(*seq), id: EntryId(*id), envelope: envelope.to_vec() };
    Some(Record { turn: u64::from_be_bytes(*turn), key: Bytes32(*key), last })
}
