//! The handle to a running node.

mod erasing;
mod files;
mod hiding;
mod opening;
mod peers;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, Weak};

use libp2p::Multiaddr;
use multaqa_protocol::bundle;
use multaqa_protocol::engine::Engine;
use multaqa_protocol::id::{AuthorId, EntryId, NetworkId};
use multaqa_protocol::network::{Body, Charter};
use multaqa_protocol::sync::Carried;
use tokio::sync::{Notify, broadcast, mpsc, oneshot};

pub(crate) use self::files::may_name_files;
pub use self::hiding::HidingError;
pub use self::opening::{Config, Limits, NetConfig, StartError};
use self::opening::{Opened, open_folder};
use crate::attachment::Attachments;
use crate::attachment::serve::Fetches;
use crate::clock::Clock;
use crate::driver::rotation::{RotateError, Rotated, RotationPlan, RotationRequest};
use crate::driver::{
    self, Command, Draft, Driver, Event, Health, ImportError, Imported, MAX_COMMANDS, Parts, PublishError,
    Stopped, TestifyError,
};
use crate::folder::{self, Folder, FolderError, Membership};
use crate::index::Index;
use crate::ingest::Ingest;
use crate::keys;
use crate::net;
use crate::office::Office;
use crate::store::Store;
use crate::view::{Library, Snapshot};

/// Why a node cannot enter a network.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// It belongs to another one.
    #[error("this node belongs to the network {0}")]
    Other(NetworkId),
    /// The node has stopped.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// Why a network cannot be founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundError {
    /// The charter breaks N2.
    #[error(transparent)]
    Charter(#[from] multaqa_protocol::network::CharterError),
    /// See [`EnterError`].
    #[error(transparent)]
    Enter(#[from] EnterError),
    /// See [`PublishError`].
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// A handle to a node; a clone is another handle to the same one. The node stops when
/// [`Node::shutdown`] is called or the last handle is dropped.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    author: AuthorId,
    folder: Arc<Folder>,
    network: OnceLock<NetworkId>,
    store: Store,
    /// What only bodies say, for views.
    library: Arc<Library>,
    /// The search index, once somebody asked for it.
    index: OnceLock<Index>,
    ingest: Ingest,
    net: Option<net::Handle>,
    office: Office,
    /// Told when it enters a network.
    entered: Notify,
    attachments: Attachments,
    /// Files that are on their way.
    fetches: Fetches,
    commands: mpsc::Sender<Command>,
    events: broadcast::Sender<Event>,
}

/// A handle that does not keep a node from stopping.
#[derive(Clone)]
pub(crate) struct WeakNode(Weak<Inner>);

impl WeakNode {
    /// Returns the node, if any other handle is left.
    pub(crate) fn upgrade(&self) -> Option<Node> {
        self.0.upgrade().map(Node)
    }
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("author", &self.0.author).finish_non_exhaustive()
    }
}

impl Node {
    /// Opens a node and starts its driver on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// See [`StartError`]: a folder in use, of another version or damaged, keys that others can read,
    /// an address that cannot be listened on.
    pub async fn open(config: Config) -> Result<Self, StartError> {
        Self::open_by(Clock::default(), config).await
    }

    /// Opens a node that decides by `clock`, as [`Node::open`] does by this machine's.
    ///
    /// # Errors
    ///
    /// See [`Node::open`].
    pub async fn open_by(clock: Clock, config: Config) -> Result<Self, StartError> {
        let dir = config.dir.clone();
        let dial = config.network.as_ref().map(|network| network.dial.clone()).unwrap_or_default();
        let limits = config.limits;
        let opened = tokio::task::spawn_blocking(move || open_folder(&dir, &dial, limits)).await;
        let Opened { folder, author, membership, known, store, engine, own, bans, hidden } =
            opened.expect("opening does not panic")?;
        let network = membership.as_ref().map(|membership| membership.network);
        let started = match (config.network, &membership) {
            (None, _) => None,
            (Some(_), None) => return Err(StartError::NoNetwork),
            (Some(wanted), Some(membership)) => {
                let NetConfig { listen, external, mut dial, mdns, relay, upnp } = wanted;
                dial.extend(membership.addresses.iter().cloned());
                Some(net::start(net::Config {
                    key: keys::PeerKey::load(folder.dir()).map_err(FolderError::from)?.keypair().clone(),
                    listen,
                    external,
                    dial,
                    known,
                    mdns,
                    relay,
                    upnp,
                    network: membership.network,
                    bans: bans.clone(),
                })?)
            }
        };
        let attachments = Attachments::open(folder.dir())
            .map_err(|source| FolderError::Io { path: folder.dir().join("attachments"), source })?;
        let (commands, receiver) = mpsc::channel(MAX_COMMANDS);
        let events = driver::events();
        let net = started.as_ref().map(|(handle, _)| handle.clone());
        let office = Office::new(folder.dir());
        let folder = Arc::new(folder);
        let ingest = Ingest::new();
        let library = Arc::new(Library::hiding(hidden));
        let driver = Driver::new(Parts {
            engine,
            store: store.clone(),
            library: library.clone(),
            clock,
            folder: folder.clone(),
            own,
            ingest: ingest.clone(),
            bans,
            net: started,
            commands: receiver,
            later: commands.downgrade(),
            events: events.clone(),
        });
        let erasures = events.subscribe();
        tokio::spawn(driver.run());
        let node = Self(Arc::new(Inner {
            author,
            folder,
            network: network.map_or_else(OnceLock::new, OnceLock::from),
            store,
            library,
            index: OnceLock::new(),
            ingest,
            net,
            office,
            entered: Notify::new(),
            attachments,
            fetches: Fetches::new(),
            commands,
            events,
        }));
        node.tend_files();
        node.tend_erasures(erasures);
        if node.is_online() {
            // Whoever asks first finds it ready.
            drop(node.index());
        }
        for candidate in node.0.folder.candidates() {
            if let Err(error) = node.import(&candidate).await {
                tracing::warn!(%error, "an application that was kept cannot be read");
            }
        }
        Ok(node)
    }

    /// Returns whose node this is.
    #[must_use]
    pub fn author(&self) -> AuthorId {
        self.0.author
    }

    /// Returns the network, once founded or entered.
    #[must_use]
    pub fn network(&self) -> Option<NetworkId> {
        self.0.network.get().copied()
    }

    /// Returns the data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.0.folder.dir()
    }

    /// Returns the store, for reading; its calls block.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Returns what views keep of bodies.
    pub(crate) fn library(&self) -> &Arc<Library> {
        &self.0.library
    }

    /// Returns the search index; the first to ask starts what keeps it up.
    pub(crate) fn index(&self) -> Index {
        let start = || Index::start(WeakNode(Arc::downgrade(&self.0)), self.dir());
        self.0.index.get_or_init(start).clone()
    }

    /// Returns what the office keeps.
    #[must_use]
    pub fn office(&self) -> &Office {
        &self.0.office
    }

    /// Tells whether the node takes part in its network.
    #[must_use]
    pub fn is_online(&self) -> bool {
        self.0.net.is_some()
    }

    /// Runs `read` on the engine, between two inputs; it must be quick.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn with<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Engine) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let read = |reply: oneshot::Sender<T>| {
            Command::With(Box::new(move |engine: &Engine| drop(reply.send(read(engine)))))
        };
        self.ask(read).await
    }

    /// Returns what the engine has decided; the same one while nothing happens, so that many readers cost
    /// one copy.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, Stopped> {
        self.ask(Command::Snapshot).await
    }

    /// Signs drafts in order and returns their ids once they are durable.
    ///
    /// # Errors
    ///
    /// See [`PublishError`]; nothing of the request is published then.
    pub async fn publish(&self, drafts: Vec<Draft>) -> Result<Vec<EntryId>, PublishError> {
        self.ask(|reply| Command::Publish(drafts, reply)).await?
    }

    /// Says now what this node holds, without waiting for the week to pass: a steward's checkpoint, and a
    /// member's confirmation of another's (A1, A2). Returns what was signed; nothing where nothing is new.
    ///
    /// # Errors
    ///
    /// See [`TestifyError`].
    pub async fn testify(&self) -> Result<Vec<EntryId>, TestifyError> {
        self.ask(Command::Testify).await.map_err(PublishError::from)?
    }

    /// Prepares a change of the signing key: makes the new one, in its own file, and says what is to be
    /// signed with the rotation key, which does not come here. What was prepared before is forgotten.
    ///
    /// # Errors
    ///
    /// See [`RotateError`]; nothing has changed then.
    pub async fn begin_rotation(&self, request: RotationRequest) -> Result<RotationPlan, RotateError> {
        self.ask(|reply| Command::BeginRotation(request, reply)).await.map_err(PublishError::from)?
    }

    /// Publishes the rotation that was prepared, signed with the rotation key; it is durable when this
    /// returns, and the new key signs from then on, unless the log is contested.
    ///
    /// # Errors
    ///
    /// See [`RotateError`].
    pub async fn rotate(&self, envelope: Vec<u8>, body: Vec<u8>) -> Result<Rotated, RotateError> {
        self.ask(|reply| Command::Rotate(envelope, body, reply)).await.map_err(PublishError::from)?
    }

    /// Ends a quarantine by an operator's order in full knowledge (W2): that nothing was signed for this
    /// author that is not held here.
    ///
    /// # Errors
    ///
    /// [`PublishError::Frozen`], or [`PublishError::Quarantine`] where no order helps: another key is in
    /// force, or the log is not here.
    pub async fn resume(&self) -> Result<(), PublishError> {
        self.ask(Command::Resume).await?
    }

    /// Takes an operator's word that this machine's clock is right where the last own entry is ahead of it,
    /// so that the node signs by the clock (W3).
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn confirm_clock(&self) -> Result<(), Stopped> {
        self.ask(Command::ConfirmClock).await
    }

    /// Takes the entries of a bundle: what the network replicates, and applications. Nothing here
    /// depends on the bundle's completeness; that is what `verify` judges.
    ///
    /// # Errors
    ///
    /// See [`ImportError`].
    pub async fn import(&self, bundle: &[u8]) -> Result<Imported, ImportError> {
        let checked = self.0.ingest.check_all(read_bundle(bundle)?).await;
        let entries = checked.map_err(|error| ImportError::Invalid { rule: error.rule() })?.entries;
        self.ask(|reply| Command::Import(entries, reply)).await?
    }

    /// Founds a network: signs version 0 of its charter. Its id is the hash of that body (N1).
    ///
    /// # Errors
    ///
    /// See [`FoundError`].
    pub async fn found(&self, charter: Charter) -> Result<NetworkId, FoundError> {
        charter.check()?;
        if let Some(network) = self.network() {
            return Err(EnterError::Other(network).into());
        }
        let salt = folder::salt();
        let body = multaqa_protocol::entry::encode_body(salt, &charter.to_map());
        let network = multaqa_protocol::entry::body_ref(&body).hash.as_network();
        self.enter(network, Vec::new()).await?;
        let draft = Draft { kind: "charter".into(), body: charter.to_map(), salt: Some(salt) };
        self.publish(vec![draft]).await?;
        Ok(network)
    }

    /// Makes this a node of `network`, to dial `addresses`, at once where it runs. Those of an earlier
    /// invitation stay behind them. It asks to be admitted by publishing a `join`.
    ///
    /// # Errors
    ///
    /// See [`EnterError`].
    pub async fn enter(&self, network: NetworkId, addresses: Vec<Multiaddr>) -> Result<(), EnterError> {
        if let Some(other) = self.network().filter(|other| *other != network) {
            return Err(EnterError::Other(other));
        }
        let (folder, store) = (self.0.folder.clone(), self.0.store.clone());
        let mut known = addresses.clone();
        let written = tokio::task::spawn_blocking(move || {
            store
                .set_network(network)
                .map_err(|source| FolderError::Io { path: folder.dir().join("journal"), source })?;
            let before = folder.membership()?.map(|membership| membership.addresses).unwrap_or_default();
            known.extend(before);
            let mut addresses: Vec<Multiaddr> = Vec::new();
            for address in known {
                if addresses.len() < net::MAX_SEEDS && !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
            folder.set_membership(&Membership { network, addresses })
        });
        written.await.expect("writing does not panic")?;
        self.ask(|reply| Command::Enter(network, reply)).await?;
        let _ = self.0.network.set(network);
        self.0.entered.notify_waiters();
        if let Some(net) = &self.0.net {
            for address in addresses {
                // A network that has been shut down dials nobody.
                let _ = net.dial(address).await;
            }
        }
        Ok(())
    }

    /// Returns once it belongs to a network.
    pub async fn entered(&self) {
        let mut told = std::pin::pin!(self.0.entered.notified());
        told.as_mut().enable();
        if self.network().is_none() {
            told.await;
        }
    }

    /// Returns how the node is.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn health(&self) -> Result<Health, Stopped> {
        self.ask(Command::Health).await
    }

    /// Returns how many entries were checked since the start.
    pub(crate) fn checked(&self) -> u64 {
        self.0.ingest.checked()
    }

    /// Returns what happens from now on; a slow reader misses the oldest.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Stops the node: what was accepted is on disk when this returns, and the folder is free once the
    /// other handles are dropped.
    pub async fn shutdown(self) {
        if let Some(index) = self.0.index.get() {
            index.stop().await;
        }
        let _ = self.ask(Command::Shutdown).await;
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        self.0.commands.send(command(reply)).await.map_err(|_| Stopped)?;
        answer.await.map_err(|_| Stopped)
    }
}

/// Reads the entries of a bundle, each with its body wherever that stands in the file.
fn read_bundle(bytes: &[u8]) -> Result<Vec<Carried>, ImportError> {
    let mut reader = bundle::Reader::new();
    reader.push(bytes);
    let mut bodies = BTreeMap::new();
    let mut envelopes = Vec::new();
    while let Some((_, item)) = reader.next_item() {
        match item {
            bundle::Item::Body(body) => {
                bodies.insert(multaqa_protocol::id::sha256(&body), body);
            }
            bundle::Item::Envelope(envelope) => envelopes.push(envelope),
            bundle::Item::Start(_) | bundle::Item::End(_) => {}
        }
    }
    let mut carried = Vec::with_capacity(envelopes.len());
    for envelope in envelopes {
        let hash = match multaqa_protocol::entry::Entry::decode(&envelope) {
            Ok(entry) => entry.header().body.hash,
            Err(error) if error.is_newer() => continue,
            Err(error) => return Err(ImportError::Invalid { rule: error.rule() }),
        };
        carried.push(Carried { envelope, body: bodies.get(&hash.0).cloned() });
    }
    Ok(carried)
}
