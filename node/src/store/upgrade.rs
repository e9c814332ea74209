//! The version of a data folder, and how an older one is brought to this program's.
//!
//! A folder says its version in the file `version`. A step makes of one version the next: it writes what is new beside
//! what there is, durably, and then the version; a stop at any moment leaves the older version, and the step begins
//! anew. So each step can be repeated, and takes nothing away that the older version needs.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use multaqa_protocol::id::EntryId;

use super::{OpenError, index, learnt, write_whole};

/// Version of the data folder's layout.
pub const VERSION: u32 = 2;
/// The oldest that this program can bring to it.
const OLDEST: u32 = 1;
const FILE: &str = "version";

/// Returns the version of a data folder, `None` for one that has no store yet, and changes nothing.
///
/// # Errors
///
/// [`OpenError::Version`] for one that is newer than this program or of no known version.
pub fn version_of(dir: &Path) -> Result<Option<u32>, OpenError> {
    let found = match fs::read_to_string(dir.join(FILE)) {
        Ok(text) => text.trim().to_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !dir.join("journal").exists() => {
            return Ok(None);
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => "none".into(),
        Err(error) => return Err(error.into()),
    };
    match found.parse() {
        Ok(version) if (OLDEST..=VERSION).contains(&version) => Ok(Some(version)),
        _ => Err(OpenError::Version { found }),
    }
}

/// Brings a folder to this program's version. The folder is locked.
pub(super) fn upgrade(dir: &Path) -> Result<(), OpenError> {
    let Some(found) = version_of(dir)? else { return Ok(write_version(dir, VERSION)?) };
    for version in found..VERSION {
        tracing::info!(from = version, to = version + 1, "the data folder is brought to the next version");
        match version {
            1 => keep_dates(dir)?,
            _ => unreachable!("every older version has a step"),
        }
        write_version(dir, version + 1)?;
    }
    Ok(())
}

/// From 1 to 2: when withdrawals were learnt of was in the index, which does not last. An index that cannot be read has
/// lost it, and the index of version 1 is then built anew, since its rows are of another format.
fn keep_dates(dir: &Path) -> io::Result<()> {
    let mut dates = BTreeMap::new();
    match index::dates_of_version_1(&dir.join("index")) {
        Ok(rows) => dates.extend(rows.into_iter().filter_map(|(name, at)| {
            let id: EntryId = name.parse().ok()?;
            Some((id, at))
        })),
        Err(error) => tracing::warn!(%error, "when withdrawals were learnt of cannot be read any more"),
    }
    learnt::write(dir, &dates)
}

fn write_version(dir: &Path, version: u32) -> io::Result<()> {
    write_whole(dir, FILE, &format!("{version}\n"))
}
