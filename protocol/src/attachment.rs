//! Files that records name (F1 to F4): cut into chunks, so that each can be checked as it arrives.
//!
//! A record names a file by the SHA-256 of its bytes, and by that of the list of its chunks' hashes. A
//! holder sends that list first; from then on a lie shows within one chunk. Pure: bytes in, verdicts out.

use sha2::{Digest, Sha256};

use crate::id::{Bytes32, sha256};

#[cfg(test)]
mod tests;

/// Bytes of every chunk but the last: a second or so of a slow line, and a list of 80 for the largest file.
pub const CHUNK: usize = 256 * 1024;
/// Most chunks of a file.
const MAX_CHUNKS: usize = 80;
/// Largest file: so many chunks. The Open Government Partnership's own form takes evidence of 10 MB; scanned minutes of a
/// council are twice that.
pub const MAX_FILE: u64 = 20 * 1024 * 1024;
/// Bytes of a hash in the list.
const HASH: usize = 32;
/// Longest list of hashes: that of the largest file.
pub const MAX_LIST: usize = MAX_CHUNKS * HASH;

/// A file as a record names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// SHA-256 of its bytes.
    pub hash: Bytes32,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its chunks' hashes joined; a record that lacks it leaves the check to the end.
    pub chunks: Option<Bytes32>,
}

/// Why what a peer sends is not the file that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// F1: a record names a file that no node keeps.
    #[error("F1: a file of {size} bytes where {MAX_FILE} are allowed")]
    TooLarge {
        /// Its length.
        size: u64,
    },
    /// F3: the list of hashes is not the one that the record names.
    #[error("F3: not the list of chunks that the record names")]
    List,
    /// F3: a chunk is longer or shorter than it must be.
    #[error("F3: a chunk of {found} bytes where {expected} belong")]
    Length {
        /// The length that it must have.
        expected: usize,
        /// The length that it has.
        found: usize,
    },
    /// F3: a chunk is not the one that the list names.
    #[error("F3: chunk {at} is not the one that the list names")]
    Chunk {
        /// Its number.
        at: usize,
    },
    /// F2: the whole is not what the record names, though each chunk was what the list named.
    #[error("F2: the file is not the one that the record names")]
    Hash,
}

/// Takes a file piece by piece and tells how a record names it.
#[derive(Clone, Debug, Default)]
pub struct Summing {
    whole: Sha256,
    chunk: Sha256,
    filled: usize,
    size: u64,
    list: Vec<u8>,
}

impl Summing {
    /// Takes the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        self.whole.update(bytes);
        self.size += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.filled));
            self.chunk.update(now);
            self.filled += now.len();
            bytes = later;
            if self.filled == CHUNK {
                self.end_chunk();
            }
        }
    }

    fn end_chunk(&mut self) {
        self.list.extend_from_slice(&std::mem::take(&mut self.chunk).finalize());
        self.filled = 0;
    }

    /// Returns how many bytes were taken.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Returns the file's names, and the list of its chunks' hashes.
    #[must_use]
    pub fn finish(mut self) -> (Named, Vec<u8>) {
        if self.filled > 0 {
            self.end_chunk();
        }
        let chunks = Some(Bytes32(sha256(&self.list)));
        let named = Named { hash: Bytes32(self.whole.finalize().into()), size: self.size, chunks };
        (named, self.list)
    }
}

/// Checks a file as it arrives from a peer.
#[derive(Clone, Debug)]
pub struct Arriving {
    named: Named,
    list: Vec<u8>,
    at: usize,
    whole: Sha256,
}

impl Arriving {
    /// Begins with the list that the holder sent.
    ///
    /// # Errors
    ///
    /// [`TransferError::TooLarge`], [`TransferError::List`].
    pub fn new(named: Named, list: Vec<u8>) -> Result<Self, TransferError> {
        if named.size > MAX_FILE {
            return Err(TransferError::TooLarge { size: named.size });
        }
        let wanted = usize::try_from(named.size).expect("it is below MAX_FILE").div_ceil(CHUNK) * HASH;
        let is_named = named.chunks.is_none_or(|chunks| chunks.0 == sha256(&list));
        if list.len() != wanted || !is_named {
            return Err(TransferError::List);
        }
        Ok(Self { named, list, at: 0, whole: Sha256::default() })
    }

    /// Returns the number of the next chunk.
    ///
    /// # Panics
    ///
    /// Never: a file has at most 80 chunks.
    #[must_use]
    pub fn at(&self) -> u32 {
        u32::try_from(self.at).expect("a file has at most MAX_CHUNKS")
    }

    /// Returns how many bytes the next chunk must have; nothing after the last.
    #[must_use]
    pub fn expected(&self) -> Option<usize> {
        let left = self.named.size.saturating_sub((self.at * CHUNK) as u64);
        let left = usize::try_from(left).expect("it is below MAX_FILE");
        (left > 0).then(|| left.min(CHUNK))
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    ///
    /// [`TransferError::Length`], [`TransferError::Chunk`].
    pub fn take(&mut self, chunk: &[u8]) -> Result<(), TransferError> {
        let expected = self.expected().unwrap_or_default();
        if chunk.len() != expected || expected == 0 {
            return Err(TransferError::Length { expected, found: chunk.len() });
        }
        if self.list[self.at * HASH..][..HASH] != sha256(chunk) {
            return Err(TransferError::Chunk { at: self.at });
        }
        self.whole.update(chunk);
        self.at += 1;
        Ok(())
    }

    /// Ends after the last chunk, and returns the list of hashes.
    ///
    /// # Errors
    ///
    /// [`TransferError::Length`] where chunks lack, [`TransferError::Hash`].
    pub fn finish(self) -> Result<Vec<u8>, TransferError> {
        if let Some(expected) = self.expected() {
            return Err(TransferError::Length { expected, found: 0 });
        }
        let whole: [u8; 32] = self.whole.finalize().into();
        if whole == self.named.hash.0 { Ok(self.list) } else { Err(TransferError::Hash) }
    }
}
