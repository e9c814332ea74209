//! The settings of a node: what the file `config.toml` in its data folder says, and what stands where
//! nobody says anything.
//!
//! A setting given with an option or a variable stands before the file's, which stands before the
//! default. A key that is not known is refused with its line: a limit or an address that is spelled
//! wrongly must not be passed over in silence. Nothing here opens a socket or reads the environment.
//!
//! A new setting is a field of [`Settings`], with its row in the macro's list below.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use libp2p::Multiaddr;
use multaqa_protocol::engine::quota::{Allowance, QUOTA};
use multaqa_protocol::id::AuthorId;
use serde::{Deserialize, Serialize};

use crate::api::HostName;
use crate::digest;

/// The file's name in the data folder.
pub const FILE: &str = "config.toml";
/// Longest file that is read; some hundred addresses fit.
pub const MAX_FILE: u64 = 64 * 1024;
/// Where other nodes reach a node, unless told otherwise.
const LISTEN: [&str; 4] = [
    "/ip4/0.0.0.0/tcp/4480",
    "/ip4/0.0.0.0/udp/4480/quic-v1",
    "/ip6/::/tcp/4480",
    "/ip6/::/udp/4480/quic-v1",
];
/// Where readers reach it, unless told otherwise: this machine, behind which a proxy stands.
const PUBLIC: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
/// Where its own people work in the office, unless told otherwise: this machine alone.
pub const OFFICE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8470);

/// Why a configuration cannot be used.
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
    /// The file is no TOML, or a key or a value in it is not known.
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

/// Where a setting's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// An option of the command, or its variable.
    Option,
    /// The file.
    File,
    /// Nobody says anything.
    Default,
}

/// Declares [`Given`] and [`Settings`] side by side, so that no setting can be in one and not in the
/// other: the name, the type, its first sentence, and its default.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr;)+) => {
        /// Settings as one place gives them: `None` where it says nothing.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        pub struct Given {
            $($(#[doc = $doc])+
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $name: Option<$kind>,)+
        }

        /// The settings in force.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub struct Settings {
            $($(#[doc = $doc])+
            pub $name: $kind,)+
        }

        impl Settings {
            /// Returns the settings in force: what the options say, else the file, else the default.
            #[must_use]
            pub fn new(options: Given, file: Given) -> Self {
                Self { $($name: options.$name.or(file.$name).unwrap_or_else(|| $default),)+ }
            }
        }

        /// Returns where each setting of [`Settings::new`] comes from, by its key in the file.
        #[must_use]
        pub fn sources(options: &Given, file: &Given) -> Vec<(String, Source)> {
            vec![$((
                stringify!($name).replace('_', "-"),
                match (&options.$name, &file.$name) {
                    (Some(_), _) => Source::Option,
                    (None, Some(_)) => Source::File,
                    (None, None) => Source::Default,
                },
            ),)+]
        }
    };
}

settings! {
    /// Where other nodes reach this one: `/ip4/.../tcp/...` and `/ip4/.../udp/.../quic-v1`.
    listen: Vec<Multiaddr> = LISTEN.map(|text| text.parse().expect("the defaults are addresses")).to_vec();
    /// Addresses at which others reach it though it cannot find them out: a port that a router passes on.
    external: Vec<Multiaddr> = Vec::new();
    /// Nodes to connect to, beside those of the invitation and those remembered.
    dial: Vec<Multiaddr> = Vec::new();
    /// Where readers reach it.
    public: SocketAddr = PUBLIC;
    /// Where its own people work in the office.
    office: SocketAddr = OFFICE;
    /// Names under which readers reach it, beside this machine's own: those that a proxy passes on.
    names: Vec<HostName> = Vec::new();
    /// Whether it looks for nodes on the local network.
    mdns: bool = true;
    /// Whether it passes on connections of members that nobody can dial; of use at a public address only.
    relay: bool = false;
    /// Whether it asks the router to pass on a port.
    upnp: bool = true;
    /// MiB of one author beyond which its content is left out here.
    quota_mib: u64 = QUOTA >> 20;
    /// The same for some authors, by their ids.
    quotas_mib: BTreeMap<AuthorId, u64> = BTreeMap::new();
    /// Addresses and ranges with which this node has no connection.
    deny: Vec<IpNet> = Vec::new();
    /// The e-mail digest: to whom it goes, when, and by which server.
    digest: digest::Settings = digest::Settings::default();
}

impl Settings {
    /// Returns how much of each author is taken (Y7).
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        let bytes = |mib: u64| mib.saturating_mul(1 << 20);
        let of = self.quotas_mib.iter().map(|(author, mib)| (*author, bytes(*mib)));
        Allowance { each: bytes(self.quota_mib), of: of.collect() }
    }
}

impl Given {
    /// Reads the file of a data folder; a file that is not there says nothing.
    ///
    /// # Errors
    ///
    /// See [`ConfigError`].
    pub fn load(dir: &Path) -> Result<Self, ConfigError> {
        let path = dir.join(FILE);
        let io = |source| ConfigError::Io { path: path.clone(), source };
        match fs::metadata(&path) {
            Ok(meta) if meta.len() > MAX_FILE => Err(ConfigError::TooLong { path }),
            Ok(_) => Self::read(&path, &fs::read_to_string(&path).map_err(io)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(io(source)),
        }
    }

    /// Reads the text of a file, which is named in errors only.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Content`].
    pub fn read(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            ConfigError::Content { path: path.to_owned(), line, reason: error.message().to_owned() }
        })
    }
}
