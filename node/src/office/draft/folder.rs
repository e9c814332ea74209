//! The files of drafts, in the folder `drafts` of the office: one each, for the node's user alone, replaced as a whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use multaqa_protocol::id::{Bytes32, EntryId};

use super::{Draft, DraftId, SCHEMA, Stamp, State};
use crate::folder::{FolderError, write_whole};

/// Most drafts that are not published yet: a collectivity publishes some tens of records a year, and all are read for
/// the list.
pub(crate) const MAX_DRAFTS: usize = 500;
/// Most bytes of a draft: twice the largest body, since a form holds ids as text and what is not finished yet.
pub(crate) const MAX_DRAFT: usize = 512 << 10;
/// Drafts kept after they were published, the latest: so long a form that is sent again finds that it was published.
const MAX_PUBLISHED: usize = 500;

/// Why a draft was not read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DraftError {
    /// No such draft.
    #[error("there is no draft {id}; it may have been thrown away")]
    Absent {
        /// The id.
        id: DraftId,
    },
    /// Somebody else has changed it.
    #[error("the draft was changed meanwhile by {}", current.changed.name)]
    Stale {
        /// The draft as it is.
        current: Box<Draft>,
    },
    /// It is signed, or the node is about to sign it.
    #[error("the draft can no longer be changed: it is signed")]
    Closed {
        /// The draft as it is.
        current: Box<Draft>,
    },
    /// Too many.
    #[error("there are {MAX_DRAFTS} drafts; publish some or throw some away")]
    Full,
    /// Too long.
    #[error("the draft is longer than {MAX_DRAFT} bytes; make two records of it")]
    TooLong,
    /// The disk, or a file that somebody else wrote.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// All drafts of a node. Its calls block.
#[derive(Debug)]
pub(crate) struct Drafts {
    dir: PathBuf,
    /// Held from reading a draft to writing it.
    writing: Mutex<()>,
    /// Held by whoever has a draft signed, from the intention to the result.
    pub(crate) signing: tokio::sync::Mutex<()>,
}

impl Drafts {
    /// Returns the drafts of the office in a folder.
    pub(crate) fn new(office: &Path) -> Self {
        Self { dir: office.join("drafts"), writing: Mutex::new(()), signing: tokio::sync::Mutex::new(()) }
    }

    /// Returns all drafts, those changed last first. A file that cannot be understood is left out, with a warning.
    pub(crate) fn all(&self) -> Result<Vec<Draft>, DraftError> {
        let mut drafts = Vec::new();
        for id in self.ids()? {
            match self.read(&id) {
                Ok(draft) => drafts.push(draft),
                Err(DraftError::Absent { .. }) => {}
                Err(error) => tracing::warn!(%error, %id, "a draft cannot be read"),
            }
        }
        drafts.sort_by(|a, b| b.changed.at.cmp(&a.changed.at).then_with(|| a.id.cmp(&b.id)));
        Ok(drafts)
    }

    /// Returns the files that drafts name, those that were published last among them: their records may not say yet for
    /// what the files are kept.
    pub(crate) fn files(&self) -> Result<BTreeSet<Bytes32>, DraftError> {
        Ok(self.all()?.iter().flat_map(|draft| draft.files().into_keys()).collect())
    }

    /// Returns a draft.
    pub(crate) fn read(&self, id: &DraftId) -> Result<Draft, DraftError> {
        let path = self.path(id);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DraftError::Absent { id: id.clone() });
            }
            Err(source) => return Err(FolderError::Io { path, source }.into()),
        };
        let draft: Draft = serde_json::from_slice(&bytes)
            .map_err(|error| FolderError::Damaged { path: path.clone(), reason: error.to_string() })?;
        if draft.schema == SCHEMA && draft.id == *id {
            return Ok(draft);
        }
        Err(FolderError::Damaged { path, reason: "not a draft of this version".to_owned() }.into())
    }

    /// Keeps a new draft.
    pub(crate) fn add(&self, draft: &Draft) -> Result<(), DraftError> {
        let _writing = self.lock();
        let mut published: Vec<Draft> = self.all()?;
        let open = published.extract_if(.., |draft| draft.entry().is_none()).count();
        if open >= MAX_DRAFTS {
            return Err(DraftError::Full);
        }
        for old in published.iter().skip(MAX_PUBLISHED) {
            self.remove(&old.id)?;
        }
        self.write(draft)
    }

    /// Changes a draft that is open, from the version of which `change` knows, and returns it as it is then. One to
    /// which `change` changes nothing stays as it is.
    pub(crate) fn change(
        &self,
        id: &DraftId,
        version: u64,
        by: Stamp,
        change: impl FnOnce(&mut Draft),
    ) -> Result<Draft, DraftError> {
        let _writing = self.lock();
        let current = self.read(id)?;
        if !current.is_open() {
            return Err(DraftError::Closed { current: Box::new(current) });
        }
        if current.version != version {
            return Err(DraftError::Stale { current: Box::new(current) });
        }
        let mut changed = current.clone();
        change(&mut changed);
        if changed == current {
            return Ok(current);
        }
        let is_rewritten = changed.fields != current.fields || changed.languages != current.languages;
        if is_rewritten {
            // Who asks for publication asks for what stands there, not for what somebody else makes of it.
            changed.state = State::Writing;
            changed.changed = by;
        }
        changed.version += 1;
        self.write(&changed)?;
        Ok(changed)
    }

    /// Writes how far a draft has come; what it says stays.
    pub(crate) fn set_state(&self, id: &DraftId, state: State) -> Result<Draft, DraftError> {
        let _writing = self.lock();
        let mut draft = self.read(id)?;
        draft.state = state;
        draft.version += 1;
        self.write(&draft)?;
        Ok(draft)
    }

    /// Throws a draft away, of the version that whoever wants that has seen.
    pub(crate) fn discard(&self, id: &DraftId, version: u64) -> Result<(), DraftError> {
        let _writing = self.lock();
        let current = self.read(id)?;
        if !current.is_open() {
            return Err(DraftError::Closed { current: Box::new(current) });
        }
        if current.version != version {
            return Err(DraftError::Stale { current: Box::new(current) });
        }
        self.remove(id)
    }

    /// Removes the drafts that became one of these entries, whose bodies were erased.
    pub(crate) fn forget(&self, erased: &BTreeSet<EntryId>) -> Result<usize, DraftError> {
        let _writing = self.lock();
        let mut forgotten = 0;
        for draft in self.all()? {
            if draft.entry().is_some_and(|entry| erased.contains(&entry)) {
                self.remove(&draft.id)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        // The lock guards files, which are whole whatever stopped whoever held it.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, id: &DraftId) -> PathBuf {
        self.dir.join(format!("{id}.json"))
    }

    fn ids(&self) -> Result<Vec<DraftId>, DraftError> {
        let io = |source| FolderError::Io { path: self.dir.clone(), source };
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(io(source).into()),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(io)?.file_name();
            ids.extend(name.to_str().and_then(|name| name.strip_suffix(".json")?.parse().ok()));
        }
        Ok(ids)
    }

    fn write(&self, draft: &Draft) -> Result<(), DraftError> {
        let bytes = serde_json::to_vec_pretty(draft).expect("a draft is plain values with text keys");
        if bytes.len() > MAX_DRAFT {
            return Err(DraftError::TooLong);
        }
        let io = |source| FolderError::Io { path: self.dir.clone(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir).map_err(io)?;
        Ok(write_whole(&self.path(&draft.id), &bytes)?)
    }

    fn remove(&self, id: &DraftId) -> Result<(), DraftError> {
        let path = self.path(id);
        fs::remove_file(&path).map_err(|source| FolderError::Io { path, source }.into())
    }
}
