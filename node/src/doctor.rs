//! What may be wrong with a data folder and the machine under it, found without opening the folder: a node that
//! cannot start is the one that is asked about. What only a node can tell of itself is in its status.
//!
//! Nothing here changes anything but [`Finding::mend`], and that only what loses nothing.

mod folder;
mod machine;
#[cfg(test)]
mod tests;

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::config::Settings;

/// How much a fault matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The node does not work, or loses something.
    Error,
    /// It works less well, or soon will.
    Warning,
    /// Good to know.
    Note,
}

/// A fault that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// A stable code; what it means and what to do are texts of the command.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about: a file, an address, a number; empty where the code says it all.
    pub subject: String,
    /// How it is mended, where that loses nothing.
    #[serde(skip)]
    pub mend: Option<Mend>,
}

/// A change that loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Give a file or folder these permissions.
    Mode(PathBuf, u32),
    /// Remove a file that nobody needs.
    Remove(PathBuf),
}

impl Finding {
    fn new(code: &'static str, severity: Severity, subject: impl Into<String>) -> Self {
        Self { code, severity, subject: subject.into(), mend: None }
    }

    fn of_file(code: &'static str, severity: Severity, path: &Path) -> Self {
        Self::new(code, severity, path.display().to_string())
    }

    fn mended_by(self, mend: Mend) -> Self {
        Self { mend: Some(mend), ..self }
    }

    /// Mends the fault, and tells whether it can be.
    ///
    /// # Errors
    ///
    /// When the file system refuses.
    pub fn mend(&self) -> io::Result<bool> {
        match &self.mend {
            Some(Mend::Mode(path, mode)) => fs::set_permissions(path, Permissions::from_mode(*mode))?,
            Some(Mend::Remove(path)) => fs::remove_file(path)?,
            None => return Ok(false),
        }
        Ok(true)
    }
}

/// Looks at a data folder and the machine. `running` tells whether a node answers in it: its own ports and files in
/// use are no faults then. The gravest come first.
#[must_use]
pub fn examine(dir: &Path, settings: &Settings, running: bool) -> Vec<Finding> {
    let mut found = folder::examine(dir, running);
    found.extend(machine::examine(dir, settings, running));
    found.sort_by_key(|finding| finding.severity);
    found
}
