//! The address book's file: the peers that were met, for the next start.
//!
//! It is a convenience, not a record: a file that is damaged is set aside with a warning, and the node
//! starts with the addresses of its invitation.

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Folder, FolderError, write_whole};
use crate::net::{Known, MAX_KNOWN_PEERS};

/// The file's name in the data folder.
const FILE: &str = "peers.json";
/// The name of one that was set aside.
const DAMAGED: &str = "peers.json.damaged";
/// The form of the file.
const SCHEMA: &str = "multaqa/peers-file/1";
/// Longest file that is read, above what all peers can take.
const MAX_FILE: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Book {
    schema: String,
    peers: Vec<Known>,
}

impl Folder {
    /// Returns the peers that were met in earlier runs.
    pub(crate) fn peers(&self) -> Vec<Known> {
        let path = self.dir.join(FILE);
        match read(&path) {
            Ok(peers) => peers,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the address book cannot be read and is set aside");
                if let Err(error) = fs::rename(&path, self.dir.join(DAMAGED)) {
                    tracing::warn!(%error, "the address book cannot be set aside");
                }
                Vec::new()
            }
        }
    }

    /// Writes the peers that were met. Blocking.
    pub(crate) fn set_peers(&self, peers: &[Known]) -> Result<(), FolderError> {
        let book = Book { schema: SCHEMA.to_owned(), peers: peers.to_vec() };
        let bytes = serde_json::to_vec_pretty(&book).expect("peers are plain values");
        write_whole(&self.dir.join(FILE), &bytes)
    }
}

fn read(path: &Path) -> io::Result<Vec<Known>> {
    let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidData, reason);
    if fs::metadata(path)?.len() > MAX_FILE {
        return Err(invalid(format!("more than {MAX_FILE} bytes")));
    }
    let book: Book = serde_json::from_slice(&fs::read(path)?).map_err(|error| invalid(error.to_string()))?;
    if book.schema != SCHEMA || book.peers.len() > MAX_KNOWN_PEERS {
        return Err(invalid("not the address book of this version".to_owned()));
    }
    Ok(book.peers)
}
