//! Backups: a data folder as one tar file, taken while the node runs, checked and put back without one.
//!
//! The journal is the truth and is only appended to, so its segments up to the moment of the backup are whole; the
//! other files are small and are replaced as a whole when they change. The index is built from the journal again. The
//! guard stays behind on purpose (W2): a restored node asks its peers what was signed since before it signs.
//!
//! The archive begins with [`MANIFEST`] and ends with [`SUMS`], in the form of `sha256sum`, so that whoever has neither
//! this program nor its source can check and unpack it. It holds the node's keys.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use multaqa_protocol::audit::{Auditor, Verdict};
use multaqa_protocol::id::{AuthorId, Millis, NetworkId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::api::socket::SOCKET;
use crate::keys::guard::GUARD_FILE;
use crate::store::{Store, VERSION};

/// Schema of the manifest.
const SCHEMA: &str = "multaqa/backup/1";
/// The first file of a backup: what it is of.
pub const MANIFEST: &str = "backup.json";
/// The last file: the SHA-256 of every one before it.
pub const SUMS: &str = "SHA256SUMS";
/// An empty file in the data folder, as old as the last backup.
pub(crate) const TAKEN: &str = "backup.taken";
/// What can be made again, or must not be copied.
const LEFT_OUT: [&str; 6] = ["index", "search", "lock", TAKEN, GUARD_FILE, SOCKET];
/// Longest manifest and longest list of sums that are read: those of a hundred thousand files.
const MAX_LIST: u64 = 16 << 20;
/// What is read at once.
const PIECE: usize = 256 << 10;

/// What a backup is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `multaqa/backup/1`.
    pub schema: String,
    /// When it was taken, by the machine's clock.
    pub made: Millis,
    /// Whose node it is.
    pub author: AuthorId,
    /// Its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkId>,
    /// Version of the data folder.
    pub data: u32,
}

/// Why a backup cannot be taken, checked or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file or the folder cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no backup, or not all of one.
    #[error("this is no whole backup: {0}")]
    NotWhole(&'static str),
    /// A file in it is not what it was.
    #[error("{0} is not as it was when the backup was taken")]
    Altered(String),
    /// The journal in it does not verify.
    #[error("the journal in it does not verify")]
    Journal,
    /// It was made by a later version of the program.
    #[error("it is of data version {found}, and this program knows {VERSION}")]
    Version {
        /// The version of the data folder.
        found: u32,
    },
    /// The folder has something in it.
    #[error("the folder {} is not empty", .0.display())]
    NotEmpty(PathBuf),
}

/// A backup that was found to be whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What it is of.
    pub manifest: Manifest,
    /// Its files, those of its own left out.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// A file that goes along: its name in the archive, and as much of it as there was.
struct Part {
    name: String,
    file: File,
    len: u64,
}

/// Everything that a backup holds, at one moment.
pub(crate) struct Contents {
    manifest: Manifest,
    parts: Vec<Part>,
}

impl Contents {
    /// Opens all files of a data folder whose store is open. Blocking.
    pub(crate) fn open(dir: &Path, store: &Store, manifest: Manifest) -> io::Result<Self> {
        let segments = store.segments()?;
        let journal =
            segments.into_iter().map(|(name, file, len)| Part { name: format!("journal/{name}"), file, len });
        let mut parts: Vec<Part> = journal.collect();
        open_all(dir, Path::new(""), &mut parts)?;
        Ok(Self { manifest, parts })
    }

    /// Writes the archive. Blocking.
    pub(crate) fn write(self, to: impl Write) -> io::Result<()> {
        let mut archive = tar::Builder::new(to);
        let manifest = serde_json::to_vec(&self.manifest)?;
        let mut sums = sum_line(MANIFEST, &manifest[..])?;
        append(&mut archive, MANIFEST, manifest.len() as u64, &manifest[..])?;
        for Part { name, file, len } in self.parts {
            let mut hashed = Hashed { from: file.take(len), hash: Sha256::new() };
            append(&mut archive, &name, len, &mut hashed)?;
            sums.push_str(&format!("{}  {name}\n", hex::encode(hashed.hash.finalize())));
        }
        append(&mut archive, SUMS, sums.len() as u64, sums.as_bytes())?;
        archive.into_inner()?.flush()
    }
}

/// Opens the files of a folder and of those below it, but for the journal and what is left out.
fn open_all(dir: &Path, below: &Path, parts: &mut Vec<Part>) -> io::Result<()> {
    for entry in fs::read_dir(dir.join(below))? {
        let name = below.join(entry?.file_name());
        let Some(text) = name.to_str() else { continue };
        let is_unfinished = name.extension().is_some_and(|end| end == "new" || end == "part");
        if is_unfinished || text == "journal" || LEFT_OUT.contains(&text) {
            continue;
        }
        let path = dir.join(&name);
        if path.is_dir() {
            open_all(dir, &name, parts)?;
            continue;
        }
        // One that was removed meanwhile is not part of this moment.
        if let Ok(file) = File::open(&path) {
            let len = file.metadata()?.len();
            parts.push(Part { name: text.to_owned(), file, len });
        }
    }
    Ok(())
}

fn append<W: Write>(archive: &mut tar::Builder<W>, name: &str, len: u64, from: impl Read) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(len);
    header.set_mode(0o600);
    archive.append_data(&mut header, name, from)
}

/// Hashes what is read.
struct Hashed<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(to)?;
        self.hash.update(&to[..read]);
        Ok(read)
    }
}

fn sum_line(name: &str, from: impl Read) -> io::Result<String> {
    let mut hashed = Hashed { from, hash: Sha256::new() };
    io::copy(&mut hashed, &mut io::sink())?;
    Ok(format!("{}  {name}\n", hex::encode(hashed.hash.finalize())))
}

/// Checks a backup as it is read: every file against its sum, and the journal as an auditor does. Blocking.
///
/// # Errors
///
/// See [`BackupError`].
pub fn verify(from: impl Read) -> Result<Checked, BackupError> {
    read(from, |_, _| Ok(()))
}

/// Puts a backup back into a folder that is empty or absent, once it was found to be whole: it is unpacked beside the
/// folder first. The guard is not in it, so the node signs nothing before it has asked its peers (W2). Blocking.
///
/// # Errors
///
/// See [`BackupError`]; the folder is as it was then.
pub fn restore(from: impl Read, dir: &Path) -> Result<Checked, BackupError> {
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(BackupError::NotEmpty(dir.to_owned()));
    }
    let beside = dir.with_added_extension("restoring");
    match fs::remove_dir_all(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => make_folder(&beside)?,
    }
    let written = read(from, |name, piece| {
        let path = beside.join(name);
        make_folder(path.parent().unwrap_or(&beside))?;
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        file.write_all(piece)?;
        file.sync_data()
    });
    let done = written.and_then(|checked| {
        let _ = fs::remove_dir(dir);
        fs::rename(&beside, dir)?;
        Ok(checked)
    });
    if done.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    done
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Reads a backup, handing on each piece of a file under its name.
fn read(
    from: impl Read,
    mut piece_of: impl FnMut(&Path, &[u8]) -> io::Result<()>,
) -> Result<Checked, BackupError> {
    let mut archive = tar::Archive::new(from);
    let (mut manifest, mut sums) = (None, None);
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut auditor = Auditor::new(1);
    let (mut files, mut bytes) = (0, 0);
    let mut piece = vec![0; PIECE];
    for entry in archive.entries().map_err(of_archive)? {
        let mut entry = entry.map_err(of_archive)?;
        let path = entry.path().map_err(of_archive)?.into_owned();
        let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        let Some(name) = path.to_str().filter(|_| is_inside && entry.header().entry_type().is_file()) else {
            return Err(BackupError::NotWhole("it has something in it that is no file of a data folder"));
        };
        if sums.is_some() {
            return Err(BackupError::NotWhole("something follows its end"));
        }
        if name == SUMS {
            let mut text = String::new();
            entry.take(MAX_LIST).read_to_string(&mut text).map_err(of_archive)?;
            sums = Some(text);
            continue;
        }
        let (mut hash, mut whole) = (Sha256::new(), Vec::new());
        loop {
            let read = entry.read(&mut piece).map_err(of_archive)?;
            if read == 0 {
                break;
            }
            hash.update(&piece[..read]);
            if name == MANIFEST {
                if (whole.len() + read) as u64 > MAX_LIST {
                    return Err(BackupError::NotWhole("its first file is too long"));
                }
                whole.extend_from_slice(&piece[..read]);
                continue;
            }
            if path.starts_with("journal") {
                auditor.push(&piece[..read]);
            }
            piece_of(&path, &piece[..read])?;
            bytes += read as u64;
        }
        if name == MANIFEST {
            manifest = Some(manifest_of(&whole)?);
        } else if manifest.is_none() {
            return Err(BackupError::NotWhole("it does not begin with its manifest"));
        } else {
            files += 1;
        }
        found.insert(name.to_owned(), hex::encode(hash.finalize()));
    }
    let manifest = manifest.ok_or(BackupError::NotWhole("it has no manifest"))?;
    let sums = sums.ok_or(BackupError::NotWhole("its end is missing"))?;
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").ok_or(BackupError::NotWhole("its list of sums is none"))?;
        match found.remove(name) {
            Some(of) if of == sum => {}
            Some(_) => return Err(BackupError::Altered(name.to_owned())),
            None => return Err(BackupError::NotWhole("a file is missing")),
        }
    }
    if !found.is_empty() {
        return Err(BackupError::NotWhole("it has a file that its list of sums does not name"));
    }
    if auditor.finish().verdict != Verdict::Verified {
        return Err(BackupError::Journal);
    }
    Ok(Checked { manifest, files, bytes })
}

/// Tells a disk that fails from bytes that are no archive, or not all of one.
fn of_archive(error: io::Error) -> BackupError {
    let mut next: Option<&dyn std::error::Error> = Some(&error);
    while let Some(cause) = next {
        if cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.raw_os_error().is_some()) {
            return BackupError::Io(error);
        }
        next = cause.source();
    }
    BackupError::NotWhole("it is cut off, or no archive")
}

fn manifest_of(bytes: &[u8]) -> Result<Manifest, BackupError> {
    let manifest: Manifest =
        serde_json::from_slice(bytes).map_err(|_| BackupError::NotWhole("its manifest is none"))?;
    match manifest.data {
        _ if manifest.schema != SCHEMA => Err(BackupError::NotWhole("its manifest is of another form")),
        // A start brings an older one to this program's version.
        data if data <= VERSION => Ok(manifest),
        found => Err(BackupError::Version { found }),
    }
}

impl Manifest {
    pub(crate) fn new(made: Millis, author: AuthorId, network: Option<NetworkId>) -> Self {
        Self { schema: SCHEMA.into(), made, author, network, data: VERSION }
    }
}
