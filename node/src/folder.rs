//! A node's data folder beyond the store: who the author is, which network, whom to dial, and the
//! applications that wait; and how a folder is made and read again.

mod hidden;
mod peers;

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use libp2p::{Multiaddr, PeerId};
use multaqa_protocol::bundle;
use multaqa_protocol::codec::Map;
use multaqa_protocol::engine::quota::Allowance;
use multaqa_protocol::engine::{Arriving, Effect, Engine, Index, Input};
use multaqa_protocol::entry::{self, Position, SALT_LEN, Signed};
use multaqa_protocol::id::{AuthorId, Bytes32, EntryId, NetworkId};
use multaqa_protocol::log::Place;
use multaqa_protocol::record::{self, Record};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::ban::{Ban, Bans};
use crate::clock;
use crate::config;
use crate::invitation::Invitation;
use crate::keys;
use crate::keys::guard::{Guard, GuardError};
use crate::keys::rotation::RotationKey;
use crate::store::{self, BodyState, OpenError, Options, ReadError, Recovered, Replayed, Store};

/// Entries of the journal that are checked and placed together when an index is rebuilt.
const REPLAY_CHUNK: usize = 512;
/// Rows of a log that are looked through for its profile, from the newest.
const PROFILE_ROWS: u32 = 256;

/// Why a data folder cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something in the folder already.
    #[error("the folder {} is not empty", dir.display())]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// No node was ever set up here.
    #[error("there is no node in {}", dir.display())]
    NoNode {
        /// The folder.
        dir: PathBuf,
    },
    /// A file of the folder is not what it should be.
    #[error("{} cannot be understood: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How.
        reason: String,
    },
    /// The disk failed.
    #[error("{} cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A key file.
    #[error(transparent)]
    Keys(#[from] keys::KeyError),
    /// The guard file.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store cannot be written.
    #[error(transparent)]
    Append(#[from] store::AppendError),
}

/// A data folder.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
}

/// What `network.json` holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Membership {
    pub(crate) network: NetworkId,
    /// Whom to dial: the invitation's addresses.
    pub(crate) addresses: Vec<Multiaddr>,
}

/// What a new node is made of.
#[derive(Clone, Debug)]
pub struct Init {
    /// The data folder, empty or absent.
    pub dir: PathBuf,
    /// The fields of its profile; the node's own peer id is added to `nodes`.
    pub profile: record::Profile,
}

/// A new node.
#[derive(Debug)]
pub struct Initialised {
    /// Its author.
    pub author: AuthorId,
    /// The rotation key as hex: to be kept offline. It is nowhere else.
    pub rotation_key: Zeroizing<String>,
    /// The node's peer id.
    pub peer: PeerId,
}

/// Makes a data folder: keys, inception, profile. Blocking.
///
/// # Errors
///
/// See [`FolderError`]; a folder that has anything in it but a configuration is left as it is.
pub fn init(init: &Init) -> Result<Initialised, FolderError> {
    init_with(init, &RotationKey::draw()?)
}

/// The same with a rotation key that was drawn before, and is on paper already.
///
/// # Errors
///
/// See [`init`].
pub fn init_with(init: &Init, rotation: &RotationKey) -> Result<Initialised, FolderError> {
    let dir = &init.dir;
    make_empty(dir)?;
    let sign = keys::LogKey::create(dir)?;
    let node = keys::PeerKey::create(dir)?;
    let peer = node.keypair().public().to_peer_id();

    let time = clock::now();
    let (inception, body) = entry::incept(sign.signing(), rotation.next(), time, salt());
    let author = inception.author();
    let mut profile = init.profile.clone();
    profile.nodes.push(record::profile::Node { peer: peer.to_string(), ..Default::default() });
    let profile_body = entry::encode_body(salt(), &record::body(&profile));
    let position = Position { author, seq: 1, prev: inception.id(), time };
    let profile = entry::write(position, "profile", &profile_body, sign.signing());

    let (store, recovered) = Store::open(dir, Options::default())?;
    drop(recovered);
    store.finish_replay();
    let mut guard = Guard::open(dir, &sign.public())?;
    guard.record(profile.seq(), profile.id(), profile.envelope())?;
    let key = sign.public();
    let arriving = [(inception, body), (profile, profile_body)].map(|(entry, body)| Arriving {
        signed: Signed::check(entry, &key),
        body: Some(body.into()),
        at: None,
    });
    let mut engine = Engine::new(None, Some(author));
    run(&mut engine, &store, Input::Publish { token: 0, entries: arriving.into() })?;
    write_whole(&dir.join("author"), author.to_string().as_bytes())?;
    Ok(Initialised { author, rotation_key: rotation.text(), peer })
}

/// What a node that was lost is made of again.
#[derive(Clone, Debug)]
pub struct Recover {
    /// The data folder, empty or absent.
    pub dir: PathBuf,
    /// Whose node it was.
    pub author: AuthorId,
    /// Its network, and whom to dial: other nodes hold its log.
    pub invitation: Invitation,
}

/// Makes a data folder for an author whose machine is lost: new keys and no log, which comes from other
/// nodes or a bundle. It signs nothing until a rotation names its signing key. Blocking.
///
/// # Errors
///
/// See [`FolderError`]; a folder that has anything in it is left as it is.
pub fn recover(recover: &Recover) -> Result<PeerId, FolderError> {
    let dir = &recover.dir;
    make_empty(dir)?;
    // A key that no log names: it makes the folder whole, and the first rotation replaces it.
    keys::LogKey::create(dir)?;
    let peer = keys::PeerKey::create(dir)?.keypair().public().to_peer_id();
    let (store, recovered) = Store::open(dir, Options::default())?;
    drop(recovered);
    store.finish_replay();
    let Invitation { network, addresses, .. } = recover.invitation.clone();
    let io = |source| FolderError::Io { path: dir.join("journal"), source };
    store.set_network(network).map_err(io)?;
    let folder = Folder { dir: dir.clone() };
    folder.set_membership(&Membership { network, addresses })?;
    write_whole(&dir.join("author"), recover.author.to_string().as_bytes())?;
    Ok(peer)
}

/// Makes a folder, which must be empty where it exists; its configuration may be there already.
fn make_empty(dir: &Path) -> Result<(), FolderError> {
    fs::create_dir_all(dir).map_err(|source| FolderError::Io { path: dir.to_owned(), source })?;
    if is_empty(dir)? { Ok(()) } else { Err(FolderError::NotEmpty { dir: dir.to_owned() }) }
}

/// Tells whether a node can be made in a folder: it is not there, or holds a configuration at most.
///
/// # Errors
///
/// [`FolderError::Io`].
pub fn is_empty(dir: &Path) -> Result<bool, FolderError> {
    let io = |source| FolderError::Io { path: dir.to_owned(), source };
    let files = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        files => files.map_err(io)?,
    };
    for file in files {
        if file.map_err(io)?.file_name() != config::FILE {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells whether there is a node in a folder, made to the end: its author is what is written last.
#[must_use]
pub fn is_made(dir: &Path) -> bool {
    dir.join("author").exists()
}

/// Hands the engine one input and writes what it orders, before the driver runs.
fn run(engine: &mut Engine, store: &Store, input: Input) -> Result<(), FolderError> {
    let mut inputs = vec![input];
    while let Some(input) = inputs.pop() {
        for effect in engine.handle(input, clock::now(), &Rows(store)) {
            match effect {
                Effect::Append { ticket, batch } => {
                    store.append(&store::Batch::from(batch))?;
                    inputs.push(Input::Appended { ticket });
                }
                Effect::Unplaced { id } => tracing::error!(%id, "an entry of the journal cannot be placed"),
                _ => {}
            }
        }
    }
    Ok(())
}

/// The index as the engine reads it before the driver runs; an index that fails makes the store
/// read-only by itself, and is rebuilt at the next start.
struct Rows<'a>(&'a Store);

impl Index for Rows<'_> {
    fn id_at(&self, author: &AuthorId, place: Place) -> Option<EntryId> {
        self.0.id_at(*author, place).ok().flatten()
    }

    fn place_of(&self, author: &AuthorId, id: &EntryId) -> Option<Place> {
        self.0.place_of(*author, id).ok().flatten()
    }
}

/// Returns an engine with what the store holds.
pub(crate) fn restore(
    store: &Store,
    network: Option<NetworkId>,
    me: Option<AuthorId>,
    allowance: Allowance,
) -> Result<Engine, FolderError> {
    let mut engine = Engine::new(network, me);
    engine.allow(allowance);
    let load = |author: &AuthorId, place| match store.entry(*author, place) {
        Ok(Some(stored)) => match stored.body {
            BodyState::Present(body) => Some((stored.entry, body)),
            _ => None,
        },
        _ => None,
    };
    let unfit = engine.restore(store.logs()?, &Rows(store), load);
    if !unfit.is_empty() {
        let marked = store.condemn_index();
        let reason = format!("{} logs do not fit the journal; the next start rebuilds it", unfit.len());
        let path = PathBuf::from("index");
        return Err(match marked {
            Ok(()) => FolderError::Damaged { path, reason },
            Err(source) => FolderError::Io { path, source },
        });
    }
    let mut after = None;
    while let Some(page) = Some(store.missing(after.as_ref(), 1_024)?).filter(|page| !page.is_empty()) {
        // What was left out because its author is over its quota is not asked for.
        let wanted = page.iter().filter(|(_, author, _)| !engine.leaves_content_out(author));
        for (hash, author, place) in wanted.copied().collect::<Vec<_>>() {
            let row = store.rows(author, place.branch, place.seq..=place.seq)?;
            row.iter().for_each(|row| engine.note_missing(hash, row.body_len));
        }
        after = page.last().map(|(hash, _, _)| *hash);
    }
    Ok(engine)
}

/// Places again what the index lacks, checking every signature, and returns how many entries.
pub(crate) fn replay(engine: &mut Engine, store: &Store, recovered: Recovered) -> Result<usize, FolderError> {
    for finding in &recovered.damage {
        tracing::warn!(%finding, "the store is damaged");
    }
    if recovered.torn > 0 {
        tracing::info!(bytes = recovered.torn, "a write that was never acknowledged is cut off");
    }
    let mut count = 0;
    let mut chunk = Vec::new();
    for replayed in recovered.replay {
        match replayed? {
            Replayed::Entry { entry, at } => {
                let body =
                    if entry.is_network_kind() { store.body(&entry.header().body.hash)? } else { None };
                let at = Some(at.into());
                let signed = Signed::unchecked(*entry);
                chunk.push(Arriving { signed, body: body.map(Into::into), at });
            }
            Replayed::Damage(finding) => tracing::warn!(%finding, "the store is damaged"),
        }
        if chunk.len() == REPLAY_CHUNK {
            count += chunk.len();
            run(engine, store, Input::Replay { entries: std::mem::take(&mut chunk) })?;
        }
    }
    count += chunk.len();
    if !chunk.is_empty() {
        run(engine, store, Input::Replay { entries: chunk })?;
    }
    store.finish_replay();
    Ok(count)
}

/// Tells whether the last profile of `author` names the node `peer` (N12).
pub(crate) fn names_node(store: &Store, engine: &Engine, author: AuthorId, peer: &str) -> bool {
    let Some(view) = engine.view(&author) else { return false };
    for run in view.choice.path().iter().rev() {
        let from = run.last.saturating_sub(PROFILE_ROWS).max(run.first);
        let Ok(rows) = store.rows(author, run.branch, from..=run.last) else { return false };
        let Some(row) = rows.iter().rev().find(|row| row.kind == "profile") else { continue };
        let Ok(Some(stored)) = store.entry(author, row.place) else { return false };
        let BodyState::Present(body) = stored.body else { return false };
        let read = entry::decode_body(&body).ok().and_then(|map: Map| record::read("profile", &map).ok());
        return match read {
            Some(Record::Profile(profile)) => profile.nodes.iter().any(|node| node.peer == peer),
            _ => false,
        };
    }
    false
}

impl Folder {
    /// Returns the folder `dir`, which holds a node.
    ///
    /// # Errors
    ///
    /// [`FolderError::NoNode`] where none was set up in it.
    pub fn open(dir: &Path) -> Result<Self, FolderError> {
        let folder = Self { dir: dir.to_owned() };
        if folder.dir.join("author").exists() {
            Ok(folder)
        } else {
            Err(FolderError::NoNode { dir: dir.to_owned() })
        }
    }

    /// Returns the folder's path.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Returns whose node this is.
    ///
    /// # Errors
    ///
    /// When the file `author` cannot be read.
    pub fn author(&self) -> Result<AuthorId, FolderError> {
        let path = self.dir.join("author");
        let text =
            fs::read_to_string(&path).map_err(|source| FolderError::Io { path: path.clone(), source })?;
        text.trim().parse().map_err(|_| FolderError::Damaged { path, reason: "not an id".into() })
    }

    /// Returns the network and whom to dial, `None` before a network was founded or joined.
    pub(crate) fn membership(&self) -> Result<Option<Membership>, FolderError> {
        read_json(&self.dir.join("network.json"))
    }

    pub(crate) fn set_membership(&self, membership: &Membership) -> Result<(), FolderError> {
        let bytes = serde_json::to_vec_pretty(membership).expect("an id and addresses");
        write_whole(&self.dir.join("network.json"), &bytes)
    }

    /// Returns the bans that were kept; none where there never were any.
    pub(crate) fn bans(&self) -> Result<Vec<Ban>, FolderError> {
        Ok(read_json(&self.dir.join("bans.json"))?.unwrap_or_default())
    }

    pub(crate) fn keep_bans(&self, bans: &Bans) -> Result<(), FolderError> {
        let kept: Vec<&Ban> = bans.kept().collect();
        let bytes = serde_json::to_vec_pretty(&kept).expect("a ban is plain data");
        write_whole(&self.dir.join("bans.json"), &bytes)
    }

    /// Keeps an application as a bundle of scope `author`, the form in which it can also be sent.
    pub(crate) fn keep_candidate(&self, author: AuthorId, entries: &[Arriving]) -> Result<(), FolderError> {
        let Some(membership) = self.membership()? else { return Ok(()) };
        let dir = self.dir.join("candidates");
        fs::create_dir_all(&dir).map_err(|source| FolderError::Io { path: dir.clone(), source })?;
        let carried =
            entries.iter().map(|arriving| (&**arriving.signed.envelope(), arriving.body.as_deref()));
        write_whole(&dir.join(format!("{author}.bundle")), &application(membership.network, author, carried))
    }

    pub(crate) fn drop_candidate(&self, author: AuthorId) {
        let path = self.dir.join("candidates").join(format!("{author}.bundle"));
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%author, %error, "an application cannot be removed");
        }
    }

    /// Returns the bundles of the applications kept here.
    pub(crate) fn candidates(&self) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.dir.join("candidates")).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read(file.path()).ok()).collect()
    }
}

/// Returns a bundle of scope `author` with these entries, parents first.
pub(crate) fn application<'a>(
    network: NetworkId,
    author: AuthorId,
    entries: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
) -> Vec<u8> {
    let (mut writer, mut out) = bundle::Writer::begin(&bundle::Start {
        net: network,
        made: clock::now(),
        about: Some(Bytes32(author.0)),
        scope: bundle::Scope::Author,
        bundle: bundle::VERSION,
    });
    for (envelope, body) in entries {
        if let Some(body) = body {
            out.extend(writer.body(body));
        }
        out.extend(writer.envelope(envelope));
    }
    out.extend(writer.finish());
    out
}

/// Draws a body's salt from the system's generator.
pub(crate) fn salt() -> [u8; SALT_LEN] {
    let mut salt = [0; SALT_LEN];
    getrandom::fill(&mut salt).expect("the system's generator works");
    salt
}

/// Reads a small file of JSON; nothing where there is none.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FolderError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| FolderError::Damaged { path: path.to_owned(), reason: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FolderError::Io { path: path.to_owned(), source }),
    }
}

/// Writes a small file whole: beside it, flushed, then in its place.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    let beside = path.with_extension("new");
    // For the node's user alone: what people have not signed is not public.
    let opened = File::options().write(true).create(true).truncate(true).mode(0o600).open(&beside);
    let mut file = opened.map_err(io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io)?;
    fs::rename(&beside, path).map_err(io)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}
