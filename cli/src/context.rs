//! What every command needs: the texts, where to show things, and the data folder.

#[cfg(feature = "node")]
use std::env;
#[cfg(feature = "node")]
use std::path::PathBuf;

use crate::args::Global;
use crate::messages::Catalogue;
use crate::output::Output;

/// What every command needs.
pub(crate) struct Context {
    pub(crate) catalogue: Catalogue,
    pub(crate) out: Output,
    #[cfg(feature = "node")]
    pub(crate) verbose: u8,
    #[cfg(feature = "node")]
    data: Option<PathBuf>,
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
        }
    }

    /// Returns the data folder: the flag or its variable, else the service's state folder, else the
    /// user's.
    #[cfg(feature = "node")]
    pub(crate) fn data(&self) -> PathBuf {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        self.data
            .clone()
            .or_else(|| set("STATE_DIRECTORY"))
            .or_else(|| set("XDG_STATE_HOME").map(|state| state.join("multaqa")))
            .or_else(|| set("HOME").map(|home| home.join(".local/state/multaqa")))
            .unwrap_or_else(|| PathBuf::from("multaqa"))
    }
}
