//! The node's two keys and the guard file, each in a file of the data folder.
//!
//! The *log key* signs entries and nothing else (C6); the *peer key* is the libp2p identity. A
//! rotation secret is never stored here ([`rotation`]). Both files are readable by their owner only and
//! wiped from memory when dropped; nothing prints them. A key file is never overwritten but by the key
//! that a rotation in the journal names: that one is on disk, in a file of its own, before the rotation
//! is signed, so a node that is killed at any moment finds the key that fits its log. The [`guard`]
//! keeps the log key from signing two entries in one place (W2).

pub mod guard;
pub mod rotation;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use libp2p::identity::Keypair;
use multaqa_protocol::envelope::PublicKey;
use zeroize::Zeroizing;

/// File of the log key.
pub const LOG_KEY_FILE: &str = "signing.key";
/// File of the log key that a rotation under way names.
pub const NEXT_KEY_FILE: &str = "signing.key.next";
/// File of the peer key.
pub const PEER_KEY_FILE: &str = "node.key";
/// Bytes of either: an Ed25519 seed.
pub(crate) const SEED: usize = 32;

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such file.
    #[error("{} does not exist", path.display())]
    Absent {
        /// The file.
        path: PathBuf,
    },
    /// There is one already; a key is never overwritten.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner can read it.
    #[error("{} can be read by others than its owner (mode {mode:o}); `chmod 600` it", path.display())]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It is not a key of 32 bytes.
    #[error("{} is not a key of 32 bytes", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes")]
    Random(#[source] getrandom::Error),
    /// The disk failed.
    #[error("{} cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The key that signs this node's log.
pub struct LogKey(SigningKey);

impl LogKey {
    /// Makes a new key and stores it in `dir`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Exists`] when there is one.
    pub fn create(dir: &Path) -> Result<Self, KeyError> {
        create(&dir.join(LOG_KEY_FILE)).map(|seed| Self(SigningKey::from_bytes(&seed)))
    }

    /// Reads the key in `dir`.
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn load(dir: &Path) -> Result<Self, KeyError> {
        load(&dir.join(LOG_KEY_FILE)).map(|seed| Self(SigningKey::from_bytes(&seed)))
    }

    /// Makes the key that a rotation will name, in its own file beside the key in force. One that an
    /// earlier rotation left there came to nothing.
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn prepare(dir: &Path) -> Result<Self, KeyError> {
        let path = dir.join(NEXT_KEY_FILE);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(KeyError::Io { path, source }),
            _ => create(&path).map(|seed| Self(SigningKey::from_bytes(&seed))),
        }
    }

    /// Reads the key that a rotation under way may name, `None` where there is none. One that was not
    /// written whole is none: no rotation was signed before it was.
    ///
    /// # Errors
    ///
    /// [`KeyError::Readable`], [`KeyError::Io`].
    pub fn prepared(dir: &Path) -> Result<Option<Self>, KeyError> {
        match load(&dir.join(NEXT_KEY_FILE)) {
            Ok(seed) => Ok(Some(Self(SigningKey::from_bytes(&seed)))),
            Err(KeyError::Absent { .. } | KeyError::Malformed { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts the prepared key in the place of the one before, which is gone then.
    ///
    /// # Errors
    ///
    /// [`KeyError::Io`].
    pub fn take_over(dir: &Path) -> Result<(), KeyError> {
        let path = dir.join(LOG_KEY_FILE);
        let moved = fs::rename(dir.join(NEXT_KEY_FILE), &path).and_then(|()| sync_folder_of(&path));
        moved.map_err(|source| KeyError::Io { path, source })
    }

    /// Returns the public part.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey::from(&self.0)
    }

    /// Returns the key itself, for signing an entry that the guard has let through.
    #[must_use]
    pub const fn signing(&self) -> &SigningKey {
        &self.0
    }
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({:?})", self.public())
    }
}

/// The key that is this node's identity among peers.
pub struct PeerKey(Keypair);

impl PeerKey {
    /// Makes a new key and stores it in `dir`.
    ///
    /// # Errors
    ///
    /// [`KeyError::Exists`] when there is one.
    pub fn create(dir: &Path) -> Result<Self, KeyError> {
        let path = dir.join(PEER_KEY_FILE);
        let seed = create(&path)?;
        Self::read(path, seed)
    }

    /// Reads the key in `dir`.
    ///
    /// # Errors
    ///
    /// See [`KeyError`].
    pub fn load(dir: &Path) -> Result<Self, KeyError> {
        let path = dir.join(PEER_KEY_FILE);
        let seed = load(&path)?;
        Self::read(path, seed)
    }

    fn read(path: PathBuf, mut seed: Zeroizing<[u8; SEED]>) -> Result<Self, KeyError> {
        Keypair::ed25519_from_bytes(&mut seed[..]).map(Self).map_err(|_| KeyError::Malformed { path })
    }

    /// Returns the key pair, for the swarm.
    #[must_use]
    pub const fn keypair(&self) -> &Keypair {
        &self.0
    }
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerKey({})", self.0.public().to_peer_id())
    }
}

fn create(path: &Path) -> Result<Zeroizing<[u8; SEED]>, KeyError> {
    let failed = |source| KeyError::Io { path: path.into(), source };
    let mut seed = Zeroizing::new([0; SEED]);
    getrandom::fill(&mut seed[..]).map_err(KeyError::Random)?;
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists { path: path.into() },
        _ => failed(error),
    })?;
    file.write_all(&seed[..]).and_then(|()| file.sync_all()).map_err(failed)?;
    sync_folder_of(path).map_err(failed)?;
    Ok(seed)
}

fn load(path: &Path) -> Result<Zeroizing<[u8; SEED]>, KeyError> {
    let failed = |source| KeyError::Io { path: path.into(), source };
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyError::Absent { path: path.into() },
        _ => failed(error),
    })?;
    let about = file.metadata().map_err(failed)?;
    let mode = about.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyError::Readable { path: path.into(), mode });
    }
    let mut seed = Zeroizing::new([0; SEED]);
    if about.len() != SEED as u64 {
        return Err(KeyError::Malformed { path: path.into() });
    }
    file.read_exact(&mut seed[..]).map_err(failed)?;
    Ok(seed)
}

/// Makes a file's name durable.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
