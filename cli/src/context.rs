//! What every command needs: the texts, where to show things, and the data folder.

#[cfg(feature = "node")]
use std::env;
#[cfg(feature = "node")]
use std::fs;
#[cfg(feature = "node")]
use std::os::unix::fs::MetadataExt;
#[cfg(feature = "node")]
use std::path::{Path, PathBuf};

#[cfg(feature = "node")]
use multaqa_node::config::FILE;

use crate::args::Global;
use crate::messages::Catalogue;
use crate::output::Output;

/// Where the node of a machine keeps its data, if it runs as a service under a user of its own.
#[cfg(feature = "node")]
pub(crate) const MACHINE_DATA: &str = "/var/lib/multaqa";
/// Where its settings are.
#[cfg(feature = "node")]
const MACHINE_CONFIG: &str = "/etc/multaqa/config.toml";

/// What every command needs.
pub(crate) struct Context {
    pub(crate) catalogue: Catalogue,
    pub(crate) out: Output,
    #[cfg(feature = "node")]
    pub(crate) verbose: u8,
    #[cfg(feature = "node")]
    data: Option<PathBuf>,
    #[cfg(feature = "node")]
    config: Option<PathBuf>,
}

impl Context {
    pub(crate) fn new(global: Global, catalogue: Catalogue) -> Self {
        Self {
            catalogue,
            out: Output { json: global.json, quiet: global.quiet },
            #[cfg(feature = "node")]
            verbose: global.verbose,
            #[cfg(feature = "node")]
            data: global.data,
            #[cfg(feature = "node")]
            config: global.config,
        }
    }

    /// Returns the data folder: the flag or its variable, else the service's state folder, else the machine's for the
    /// user whose it is, else the user's.
    #[cfg(feature = "node")]
    pub(crate) fn data(&self) -> PathBuf {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        self.data
            .clone()
            .or_else(|| set("STATE_DIRECTORY"))
            .or_else(|| is_own(Path::new(MACHINE_DATA)).then(|| PathBuf::from(MACHINE_DATA)))
            .or_else(|| set("XDG_STATE_HOME").map(|state| state.join("multaqa")))
            .or_else(|| set("HOME").map(|home| home.join(".local/state/multaqa")))
            .unwrap_or_else(|| PathBuf::from("multaqa"))
    }

    /// Returns the file of settings that the flag or its variable names.
    #[cfg(feature = "node")]
    pub(crate) fn named_config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    /// Returns the file of settings, which need not be there: the one named, else the one in the data folder, else for
    /// the machine's data folder the machine's.
    #[cfg(feature = "node")]
    pub(crate) fn config_file(&self) -> PathBuf {
        let data = self.data();
        let own = data.join(FILE);
        match &self.config {
            Some(file) => file.clone(),
            None if data == Path::new(MACHINE_DATA) && !own.exists() => PathBuf::from(MACHINE_CONFIG),
            None => own,
        }
    }
}

/// Tells whether a folder belongs to the user of this process. Root works as the one whose folder it is, not beside.
#[cfg(feature = "node")]
fn is_own(folder: &Path) -> bool {
    let user = rustix::process::geteuid();
    !user.is_root() && fs::metadata(folder).is_ok_and(|meta| meta.uid() == user.as_raw())
}
