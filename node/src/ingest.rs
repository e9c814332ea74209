//! Checking what comes in, on all cores, before it reaches the engine: decoding, the body's hash, and
//! the signature under the key that is expected.
//!
//! A wrong guess of the key costs one more check in the engine and changes no decision. Work is
//! bounded by whoever hands it in: a session has [`FRAMES_AHEAD`] frames in it at most.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::try_join_all;
use multaqa_protocol::engine::Arriving;
use multaqa_protocol::entry::{Entry, EntryError, Form, Signed};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::sync::Carried;
use tokio::sync::Semaphore;

/// Frames of one session that are checked at the same time: enough that the next is read while one is
/// checked, few enough that a session holds 4 MiB at most.
pub(crate) const FRAMES_AHEAD: usize = 4;
/// Entries checked together: some milliseconds of work.
const CHUNK: usize = 64;

/// Why something from a peer is refused before the engine sees it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CheckError {
    /// An entry is invalid by its own bytes.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// V7, G3: the body is not the one that the header names.
    #[error("V7: a body that is not the entry's")]
    Body,
    /// G1: a body that does not belong in the message, or lacks there.
    #[error("G1: a body where none belongs, or none where one does")]
    Carriage,
}

impl CheckError {
    /// Returns the id of the broken rule.
    pub(crate) const fn rule(&self) -> &'static str {
        match self {
            Self::Entry(error) => error.rule(),
            Self::Body => "V7",
            Self::Carriage => "G1",
        }
    }

    /// Tells whether nobody is to blame: an entry of a later version (V2).
    pub(crate) const fn is_newer(&self) -> bool {
        matches!(self, Self::Entry(error) if error.is_newer())
    }
}

/// The cores, and the key that signs next in each log.
#[derive(Clone, Debug)]
pub(crate) struct Ingest {
    cores: Arc<Semaphore>,
    keys: Arc<Mutex<BTreeMap<AuthorId, PublicKey>>>,
    checked: Arc<AtomicU64>,
}

/// The keys foreseen along one stream of entries, rotations on the way included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Foreseen(BTreeMap<AuthorId, PublicKey>);

/// Entries of one frame, checked.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) entries: Vec<Arriving>,
    /// The frame went on with an entry of a later version; what follows it was left out (V2).
    pub(crate) newer: bool,
}

/// An entry with the key that should have signed it.
struct Expected {
    entry: Entry,
    body: Option<Vec<u8>>,
    key: Option<PublicKey>,
}

impl Ingest {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cores: Arc::new(Semaphore::new(cores)), keys: Arc::default(), checked: Arc::default() }
    }

    /// Returns how many entries were checked since the start.
    pub(crate) fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// Notes the key that signs next in a log.
    pub(crate) fn foresee(&self, author: AuthorId, key: PublicKey) {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).insert(author, key);
    }

    /// Checks carried entries in order; `foreseen` goes on from frame to frame of one stream.
    pub(crate) fn prepare(
        &self,
        carried: Vec<Carried>,
        foreseen: &mut Foreseen,
    ) -> Result<Prepared, CheckError> {
        let mut expected = Vec::with_capacity(carried.len());
        for Carried { envelope, body } in carried {
            match Entry::decode(&envelope) {
                Ok(entry) => {
                    let key = self.expect(&entry, foreseen);
                    expected.push(Expected { entry, body, key });
                }
                Err(error) if error.is_newer() => return Ok(Prepared { expected, newer: true }),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Prepared { expected, newer: false })
    }

    /// Returns the key that should have signed `entry`, and notes the one that signs after it.
    fn expect(&self, entry: &Entry, foreseen: &mut Foreseen) -> Option<PublicKey> {
        let author = entry.author();
        match (entry.form(), entry.keys()) {
            (Form::Inception, Some((sign, _))) => {
                foreseen.0.insert(author, *sign);
                Some(*sign)
            }
            (Form::Rotation, Some((sign, reveal))) => {
                foreseen.0.insert(author, *sign);
                *reveal
            }
            _ => {
                foreseen.0.get(&author).copied().or_else(|| {
                    self.keys.lock().unwrap_or_else(PoisonError::into_inner).get(&author).copied()
                })
            }
        }
    }

    /// Checks bodies and signatures on all cores, and gives the entries in their order.
    pub(crate) async fn check(&self, prepared: Prepared) -> Result<Checked, CheckError> {
        let mut rest = prepared.expected;
        self.checked.fetch_add(rest.len() as u64, Ordering::Relaxed);
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let tail = rest.split_off(rest.len().min(CHUNK));
            chunks.push(std::mem::replace(&mut rest, tail));
        }
        let checks = chunks.into_iter().map(|chunk| async {
            let permit = self.cores.clone().acquire_owned().await;
            let work = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                chunk.into_iter().map(check_one).collect::<Result<Vec<_>, _>>()
            });
            // A check does not panic; a runtime that is shutting down has no use for the answer.
            work.await.unwrap_or(Ok(Vec::new()))
        });
        let entries = try_join_all(checks).await?.into_iter().flatten().collect();
        Ok(Checked { entries, newer: prepared.newer })
    }

    /// Checks entries from a gossip message or a file, wherever they come from.
    pub(crate) async fn check_all(&self, carried: Vec<Carried>) -> Result<Checked, CheckError> {
        let prepared = self.prepare(carried, &mut Foreseen::default())?;
        self.check(prepared).await
    }
}

/// Entries decoded, their signatures not yet checked.
pub(crate) struct Prepared {
    expected: Vec<Expected>,
    newer: bool,
}

fn check_one(expected: Expected) -> Result<Arriving, CheckError> {
    let Expected { entry, body, key } = expected;
    if body.as_ref().is_some_and(|body| !entry.has_body(body)) {
        return Err(CheckError::Body);
    }
    let signed = match key {
        Some(key) => Signed::check(entry, &key),
        None => Signed::unchecked(entry),
    };
    Ok(Arriving { signed, body: body.map(Into::into), at: None })
}
