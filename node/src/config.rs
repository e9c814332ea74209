//! The settings of a node: what its file says, what variables of the environment and flags say before it, and what
//! stands where nobody says anything.
//!
//! A flag stands before a variable, that before the file, which stands before the default. A key that is not known is
//! refused with its line and the nearest one: a limit or an address that is spelled wrongly must not be passed over in
//! silence. Nothing here opens a socket or reads the environment.
//!
//! A new setting is a field of [`Settings`], with its row in the macro's list below; its variable comes with it.

mod file;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use libp2p::Multiaddr;
use multaqa_protocol::engine::quota::{Allowance, QUOTA};
use multaqa_protocol::id::AuthorId;
use serde::{Deserialize, Serialize};

pub use self::file::{ConfigError, FILE, File, MAX_FILE};
pub use self::text::TextError;
use crate::api::HostName;
use crate::digest;

/// Where other nodes reach a node, unless told otherwise.
const LISTEN: [&str; 4] = [
    "/ip4/0.0.0.0/tcp/4480",
    "/ip4/0.0.0.0/udp/4480/quic-v1",
    "/ip6/::/tcp/4480",
    "/ip6/::/udp/4480/quic-v1",
];
/// Where readers reach it, unless told otherwise: this machine, behind which a proxy stands.
const PUBLIC: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
/// How alike a known key must be to be named for one that is not known: as much as the command line asks of flags.
const ALIKE: f64 = 0.7;
/// Where its own people work in the office, unless told otherwise: this machine alone.
pub const OFFICE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8470);

/// Where a setting's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Source {
    /// A flag of the command.
    Flag,
    /// A variable of the environment.
    Variable {
        /// Its name.
        name: String,
    },
    /// The file.
    File {
        /// Where it is.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
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
                let Given { $($name),+ } = options.or(file);
                Self { $($name: $name.unwrap_or_else(|| $default),)+ }
            }
        }

        impl Given {
            /// Returns what this says, and where it says nothing what `weaker` says.
            #[must_use]
            pub fn or(self, weaker: Self) -> Self {
                Self { $($name: self.$name.or(weaker.$name),)+ }
            }

            /// Sets the setting of a key to what a text says, as a variable or a flag has it.
            ///
            /// # Errors
            ///
            /// See [`TextError`].
            pub fn set(&mut self, key: &str, text: &str) -> Result<(), TextError> {
                $(if key == key_of(stringify!($name)) {
                    self.$name = Some(text::read(key, text)?);
                    return Ok(());
                })+
                Err(TextError::Unknown { key: key.to_owned(), near: nearest(key, keys()) })
            }

            /// Tells whether it says something of a key.
            fn says(&self, key: &str) -> bool {
                match key {
                    $(_ if key == key_of(stringify!($name)) => self.$name.is_some(),)+
                    _ => false,
                }
            }
        }

        /// Returns the keys of all settings, as the file has them.
        pub fn keys() -> impl Iterator<Item = String> {
            [$(stringify!($name)),+].into_iter().map(key_of)
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

/// What each place says of the settings, the strongest first.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The flags of the command.
    pub flags: Given,
    /// The variables of the environment.
    pub variables: Given,
    /// The file.
    pub file: File,
}

impl Layers {
    /// Returns the settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::new(self.flags.clone().or(self.variables.clone()), self.file.given.clone())
    }

    /// Returns where each setting in force comes from, by its key.
    #[must_use]
    pub fn sources(&self) -> Vec<(String, Source)> {
        keys().map(|key| (key.clone(), self.source(&key))).collect()
    }

    fn source(&self, key: &str) -> Source {
        if self.flags.says(key) {
            Source::Flag
        } else if self.variables.says(key) {
            Source::Variable { name: variable(key) }
        } else if let (true, Some(line)) = (self.file.given.says(key), self.file.lines.get(key)) {
            Source::File { path: self.file.path.clone(), line: *line }
        } else {
            Source::Default
        }
    }
}

fn key_of(field: &str) -> String {
    field.replace('_', "-")
}

/// Returns the variable of a key: `MULTAQA_QUOTA_MIB` for `quota-mib`.
#[must_use]
pub fn variable(key: &str) -> String {
    format!("MULTAQA_{}", key.replace('-', "_").to_ascii_uppercase())
}

/// Returns the one of `known` that was most likely meant.
fn nearest(key: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let alike = |known: &String| strsim::jaro_winkler(key, known);
    let best = known.into_iter().max_by(|one, other| alike(one).total_cmp(&alike(other)))?;
    (alike(&best) >= ALIKE).then_some(best)
}
