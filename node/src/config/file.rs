//! The file of settings, and what is wrong in it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use super::{Given, nearest};

/// The file's name in the data folder.
pub const FILE: &str = "config.toml";
/// Longest file that is read; some hundred addresses fit.
pub const MAX_FILE: u64 = 64 * 1024;

/// Why a file of settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file is longer than any configuration.
    #[error("{} has more than {MAX_FILE} bytes", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
    },
    /// A key in it is not known.
    #[error("{}:{line}: the key {key} is not known", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// The known key that was most likely meant.
        near: Option<String>,
    },
    /// The file is no TOML, or a value in it is not one of its key's.
    #[error("{}:{line}: {reason}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
}

/// A file of settings, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// What it says.
    pub given: Given,
    /// On which line each key stands, from 1.
    pub lines: BTreeMap<String, usize>,
}

impl File {
    /// Reads a file; one that is not there says nothing.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let io = |source| ConfigError::Io { path: path.to_owned(), source };
        match fs::metadata(path) {
            Ok(meta) if meta.len() > MAX_FILE => Err(ConfigError::TooLong { path: path.to_owned() }),
            Ok(_) => Self::read(path, &fs::read_to_string(path).map_err(io)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { path: path.to_owned(), ..Self::default() })
            }
            Err(source) => Err(io(source)),
        }
    }

    /// Reads the text of a file, which is not opened.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Unknown`], [`ConfigError::Content`].
    pub fn read(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let refused = |error: toml::de::Error| {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            let (path, message) = (path.to_owned(), error.message());
            match unknown_key(message) {
                Some((key, near)) => ConfigError::Unknown { path, line, key, near },
                None => ConfigError::Content { path, line, reason: message.to_owned() },
            }
        };
        let given = toml::from_str(text).map_err(refused)?;
        let table = DeTable::parse(text).map_err(refused)?;
        let keys = table.get_ref().keys();
        let lines = keys.map(|key| (key.get_ref().to_string(), line_of(text, key.span().start))).collect();
        Ok(Self { path: path.to_owned(), given, lines })
    }
}

/// Returns the line of a byte, from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Returns the key that serde refused as unknown, in whatever table, and the nearest of those that it names as known.
fn unknown_key(message: &str) -> Option<(String, Option<String>)> {
    let mut named = message.strip_prefix("unknown field `")?.split('`').step_by(2).map(str::to_owned);
    let key = named.next()?;
    let near = nearest(&key, named);
    Some((key, near))
}
