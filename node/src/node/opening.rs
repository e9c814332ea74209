//! How a node is opened: what it is told, what its data folder holds, and why it may not start.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use libp2p::Multiaddr;
use multaqa_protocol::engine::Engine;
use multaqa_protocol::engine::quota::Allowance;
use multaqa_protocol::id::AuthorId;

use crate::ban::Bans;
use crate::clock;
use crate::config::Settings;
use crate::driver::own::Own;
use crate::folder::{self, Folder, FolderError, Membership};
use crate::hidden::Hidden;
use crate::net::{self, NetError};
use crate::store::{Options, Store};

/// How a node is opened.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its data folder.
    pub dir: PathBuf,
    /// How it takes part in its network; `None` to work on the folder alone.
    pub network: Option<NetConfig>,
    /// What it takes and from whom, whether the network part runs or not.
    pub limits: Limits,
}

impl Config {
    /// Returns how a folder is worked on alone, with the limits that hold unless told otherwise.
    #[must_use]
    pub fn alone(dir: PathBuf) -> Self {
        Self { dir, network: None, limits: Limits::default() }
    }
}

/// What a node takes and from whom; by default a quota for each author, and nobody denied.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// How much of each author is taken.
    pub allowance: Allowance,
    /// Addresses with which it has no connection.
    pub deny: Vec<IpNet>,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self { allowance: settings.allowance(), deny: settings.deny.clone() }
    }
}

/// How a node takes part in its network; by default it listens nowhere and does nothing beyond.
#[derive(Clone, Debug, Default)]
pub struct NetConfig {
    /// Where it listens.
    pub listen: Vec<Multiaddr>,
    /// Addresses at which others reach it though it cannot find them out.
    pub external: Vec<Multiaddr>,
    /// Whom it dials, beside those that it remembers.
    pub dial: Vec<Multiaddr>,
    /// Whether it looks for members on the local network.
    pub mdns: bool,
    /// Whether it passes on connections of members that nobody can dial.
    pub relay: bool,
    /// Whether it asks the router to pass on a port.
    pub upnp: bool,
}

impl From<Settings> for NetConfig {
    fn from(settings: Settings) -> Self {
        // Quotas and denied ranges are limits of their own.
        let Settings { listen, external, dial, public: _, office: _, mdns, relay, upnp, .. } = settings;
        Self { listen, external, dial, mdns, relay, upnp }
    }
}

/// Why a node does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The network.
    #[error(transparent)]
    Net(#[from] NetError),
    /// It was to take part in its network, and has none.
    #[error("this node belongs to no network yet")]
    NoNetwork,
}

/// A data folder, read.
pub(super) struct Opened {
    pub(super) folder: Folder,
    pub(super) author: AuthorId,
    pub(super) membership: Option<Membership>,
    pub(super) known: Vec<net::Known>,
    pub(super) store: Store,
    pub(super) engine: Engine,
    pub(super) own: Own,
    pub(super) bans: Bans,
    pub(super) hidden: Hidden,
}

/// Opens a data folder for a node that is told to dial `dial`.
pub(super) fn open_folder(dir: &Path, dial: &[Multiaddr], limits: Limits) -> Result<Opened, FolderError> {
    let folder = Folder::open(dir)?;
    let bans = Bans::new(folder.bans()?, &limits.deny, clock::now());
    let hidden = folder.hidden()?;
    let author = folder.author()?;
    let membership = folder.membership()?;
    let network = membership.as_ref().map(|membership| membership.network);
    let (store, recovered) = Store::open(dir, Options::default())?;
    let mut engine = folder::restore(&store, network, Some(author), limits.allowance)?;
    folder::replay(&mut engine, &store, recovered)?;
    let known = folder.peers();
    let invited = membership.iter().flat_map(|membership| &membership.addresses).chain(dial);
    let met = known.iter().map(|known| known.peer);
    let remembered = met.chain(invited.filter_map(net::peer_of)).collect::<BTreeSet<_>>().len();
    let own = Own::open(dir.to_owned(), author, &engine, &store, network.is_some(), remembered)?;
    Ok(Opened { folder, author, membership, known, store, engine, own, bans, hidden })
}
