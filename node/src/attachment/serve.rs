//! `/multaqa/attachment/1`: one node asks another for a file by its hash (F3 to F5).
//!
//! The asker sends the 32 bytes of the hash, after them the number of the chunk at which to begin where it has those
//! before already, and closes its half. The holder answers with a frame that holds the list of the chunks' hashes,
//! and then one frame for each chunk; an empty first frame says that it does not hold the file, or may not give it. A
//! frame is a length (u32, big-endian) and so many bytes.
//!
//! What came before a peer went away is kept until the node stops, and the next peer is asked for the rest.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream};
use multaqa_protocol::attachment::{Arriving, CHUNK, MAX_LIST, TransferError};
use multaqa_protocol::id::Bytes32;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::{Attachments, Incoming, TakeError, Wanted, next_chunk};
use crate::Node;
use crate::node::WeakNode;

/// Files that are given to peers at once: each holds a chunk in memory and reads the disk.
const MAX_GIVEN: usize = 8;
/// Of these to one peer.
const MAX_GIVEN_TO_ONE: usize = 2;
/// Files that are fetched at once.
const MAX_FETCHED: usize = 4;
/// Files of which a part is kept that came before the peer went away: as much again.
const MAX_CUT_OFF: usize = 4;
/// Peers that are asked for one file, its author's nodes first.
const MAX_ASKED: usize = 8;
/// Time for one frame: a chunk at 16 KB/s.
const FRAME: Duration = Duration::from_secs(16);
/// Time for a file from all who are asked: the largest at 35 KB/s; what came is kept for the next time. A peer that
/// only delays holds a place no longer.
const FETCH: Duration = Duration::from_mins(10);
/// Bytes of a request: the hash, and the number of a chunk.
const REQUEST: u64 = 32 + 4;

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// No peer that is connected gave it.
    #[error("no connected node gave the file")]
    Nobody,
    /// This node takes no part in its network.
    #[error("the node does not run in its network")]
    Offline,
    /// It is being fetched already.
    #[error("the file is on its way")]
    OnItsWay,
    /// [`MAX_FETCHED`] others are on their way.
    #[error("{MAX_FETCHED} files are being fetched")]
    Busy,
    /// It cannot be kept here.
    #[error(transparent)]
    Take(#[from] TakeError),
}

/// Why a peer did not give a file.
#[derive(Debug, thiserror::Error)]
enum GiveError {
    #[error("the stream broke")]
    Broken(#[from] io::Error),
    #[error("no answer in time")]
    TimedOut,
    #[error("a frame of {0} bytes")]
    Frame(usize),
    #[error("a request of {0} bytes")]
    Request(usize),
    #[error("the time for one file is over")]
    TooLong,
    #[error("not held there")]
    NotHeld,
    #[error(transparent)]
    Take(#[from] TakeError),
}

impl GiveError {
    /// Tells whether the peer lied.
    const fn is_fault(&self) -> bool {
        matches!(self, Self::Frame(_))
            || matches!(
                self,
                Self::Take(TakeError::Transfer(TransferError::Length { .. } | TransferError::Chunk { .. }))
            )
    }
}

/// Gives files to peers until the node is gone.
pub(crate) async fn give(node: WeakNode, mut streams: libp2p_stream::IncomingStreams) {
    let places = Arc::new(Semaphore::new(MAX_GIVEN));
    let by_peer: Arc<Mutex<BTreeMap<PeerId, usize>>> = Arc::default();
    while let Some((peer, stream)) = streams.next().await {
        let Some(node) = node.upgrade() else { return };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let Some(turn) = Turn::take(&by_peer, peer) else { continue };
        tokio::spawn(async move {
            if let Err(error) = answer(&node, stream).await {
                tracing::debug!(%peer, %error, "a file was not given whole");
            }
            drop((place, turn));
        });
    }
}

/// A peer's use of one of its places.
struct Turn(Arc<Mutex<BTreeMap<PeerId, usize>>>, PeerId);

impl Turn {
    fn take(of: &Arc<Mutex<BTreeMap<PeerId, usize>>>, peer: PeerId) -> Option<Self> {
        let mut taken = lock(of);
        let count = taken.entry(peer).or_default();
        if *count >= MAX_GIVEN_TO_ONE {
            return None;
        }
        *count += 1;
        Some(Self(Arc::clone(of), peer))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut taken = lock(&self.0);
        if let Some(count) = taken.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

async fn answer(node: &Node, mut stream: Stream) -> Result<(), GiveError> {
    let (hash, from) = asked(&mut stream).await?;
    if !node.may_give(hash).await {
        send(&mut stream, &[]).await?;
        return timed(stream.close()).await;
    }
    send_file(node.attachments(), hash, from, stream).await
}

/// Reads which file is asked for, and from which chunk on.
async fn asked(stream: &mut (impl AsyncRead + Unpin)) -> Result<(Bytes32, u32), GiveError> {
    let mut asked = Vec::new();
    timed(stream.take(REQUEST + 1).read_to_end(&mut asked)).await?;
    let (hash, from) = asked.split_first_chunk::<32>().ok_or(GiveError::Request(asked.len()))?;
    let from = match from.try_into() {
        Ok(from) => u32::from_be_bytes(from),
        Err(_) if from.is_empty() => 0,
        Err(_) => return Err(GiveError::Request(asked.len())),
    };
    Ok((Bytes32(*hash), from))
}

async fn send_file(
    files: &Attachments,
    hash: Bytes32,
    from: u32,
    mut stream: impl AsyncWrite + Unpin,
) -> Result<(), GiveError> {
    let files = files.clone();
    let opened =
        tokio::task::spawn_blocking(move || files.chunks(&hash, from)).await.map_err(io::Error::other)?;
    let (list, mut file) = opened?;
    send(&mut stream, &list).await?;
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        // A disk that reads one chunk at a time keeps no thread from others.
        let (read, back) =
            tokio::task::spawn_blocking(move || (next_chunk(&mut file, &mut chunk), (file, chunk)))
                .await
                .map_err(io::Error::other)?;
        (file, chunk) = back;
        if !read? {
            break;
        }
        send(&mut stream, &chunk).await?;
    }
    timed(stream.close()).await
}

/// Files that are on their way, and what came of those that were cut off.
#[derive(Debug)]
pub(crate) struct Fetches {
    places: Semaphore,
    running: Mutex<BTreeSet<Bytes32>>,
    cut_off: Mutex<VecDeque<(Bytes32, Half)>>,
}

/// What came of a file before it was cut off: every chunk of it held against the record.
#[derive(Debug)]
struct Half {
    incoming: Incoming,
    arriving: Arriving,
}

/// The one place of a file among those that are fetched.
#[derive(Debug)]
struct Fetching<'a> {
    of: &'a Fetches,
    hash: Bytes32,
    _place: SemaphorePermit<'a>,
}

impl Fetches {
    pub(crate) fn new() -> Self {
        Self { places: Semaphore::new(MAX_FETCHED), running: Mutex::default(), cut_off: Mutex::default() }
    }

    /// Takes a place for a file; nothing else fetches it until that is given back.
    fn begin(&self, hash: Bytes32) -> Result<Fetching<'_>, FetchError> {
        let mut running = lock(&self.running);
        if running.contains(&hash) {
            return Err(FetchError::OnItsWay);
        }
        let place = self.places.try_acquire().map_err(|_| FetchError::Busy)?;
        running.insert(hash);
        Ok(Fetching { of: self, hash, _place: place })
    }

    fn resume(&self, hash: &Bytes32) -> Option<Half> {
        let mut cut_off = lock(&self.cut_off);
        let at = cut_off.iter().position(|(of, _)| of == hash)?;
        cut_off.remove(at).map(|(_, half)| half)
    }

    fn keep(&self, hash: Bytes32, half: Half) {
        let mut cut_off = lock(&self.cut_off);
        cut_off.push_back((hash, half));
        while cut_off.len() > MAX_CUT_OFF {
            cut_off.pop_front();
        }
    }
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        lock(&self.of.running).remove(&self.hash);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is behind it is changed by single calls, so a panic leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Fetches a file that a record names from whoever holds it, its author's nodes first.
pub(crate) async fn fetch(node: &Node, wanted: &Wanted, first: &BTreeSet<PeerId>) -> Result<(), FetchError> {
    let fetches = node.fetches();
    let _fetching = fetches.begin(wanted.named.hash)?;
    node.make_room(wanted.named.size).await;
    let mut half = fetches.resume(&wanted.named.hash);
    let fetched = fetch_from(node, wanted, first, &mut half).await;
    // Without the record's word about the chunks, nobody knows which of two holders lied about one.
    if let Some(half) = half.filter(|_| wanted.named.chunks.is_some()) {
        fetches.keep(wanted.named.hash, half);
    }
    fetched
}

async fn fetch_from(
    node: &Node,
    wanted: &Wanted,
    first: &BTreeSet<PeerId>,
    half: &mut Option<Half>,
) -> Result<(), FetchError> {
    let net = node.net().ok_or(FetchError::Offline)?;
    let connected = net.peers().await.map_err(|_| FetchError::Offline)?;
    let mut peers: Vec<PeerId> =
        connected.iter().filter(|info| info.is_connected()).map(|info| info.peer).collect();
    peers.sort_by_key(|peer| !first.contains(peer));
    let until = Instant::now() + FETCH;
    for peer in peers.into_iter().take(MAX_ASKED) {
        let stream = match net.open_attachment(peer).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%peer, %error, "a peer gives no files");
                continue;
            }
        };
        if wanted.named.chunks.is_none() {
            *half = None;
        }
        match take(node.attachments(), wanted, stream, half, until).await {
            Ok(()) => return Ok(()),
            Err(GiveError::Take(error)) if !matches!(error, TakeError::Transfer(_)) => {
                return Err(error.into());
            }
            Err(GiveError::TooLong) => break,
            Err(error) => {
                tracing::debug!(%peer, %error, "a peer did not give a file");
                if error.is_fault() {
                    // Where the network is shutting down, it counts no more.
                    let _ = net.penalise(peer).await;
                }
            }
        }
    }
    Err(FetchError::Nobody)
}

/// Takes from a peer what lacks of a file. What came stays in `half` where the peer goes away or lies.
async fn take(
    files: &Attachments,
    wanted: &Wanted,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    half: &mut Option<Half>,
    until: Instant,
) -> Result<(), GiveError> {
    timed(stream.write_all(&wanted.named.hash.0)).await?;
    if let Some(half) = half {
        timed(stream.write_all(&half.arriving.at().to_be_bytes())).await?;
    }
    timed(stream.close()).await?;
    let list = receive(&mut stream, MAX_LIST).await?;
    if list.is_empty() {
        return Err(GiveError::NotHeld);
    }
    // With the record's word about it, it is the list that the first holder sent.
    let arriving = Arriving::new(wanted.named, list).map_err(TakeError::from)?;
    if half.is_none() {
        let (files, size, mime) = (files.clone(), wanted.named.size, wanted.mime.clone());
        let incoming = blocking(move || files.begin(size, Some(&mime))).await??;
        *half = Some(Half { incoming, arriving });
    }
    while let Some(expected) = half.as_ref().and_then(|half| half.arriving.expected()) {
        if Instant::now() >= until {
            return Err(GiveError::TooLong);
        }
        let chunk = receive(&mut stream, expected).await?;
        let Some(mut taking) = half.take() else { break };
        let taken = blocking(move || {
            let taken = taking.incoming.take(&mut taking.arriving, &chunk);
            (taken, taking)
        });
        let (taken, taking) = taken.await?;
        if let Err(error) = taken {
            // A lie was not written; what cannot be kept is not tried again.
            *half = matches!(error, TakeError::Transfer(_)).then_some(taking);
            return Err(error.into());
        }
        *half = Some(taking);
    }
    let Some(Half { incoming, arriving }) = half.take() else { return Ok(()) };
    arriving.finish().map_err(TakeError::from)?;
    let record = wanted.record;
    blocking(move || incoming.finish([record].into())).await??;
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)
}

async fn timed<T>(work: impl Future<Output = io::Result<T>>) -> Result<T, GiveError> {
    Ok(timeout(FRAME, work).await.map_err(|_| GiveError::TimedOut)??)
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> Result<(), GiveError> {
    let length = u32::try_from(frame.len()).expect("a frame is bounded");
    timed(stream.write_all(&length.to_be_bytes())).await?;
    timed(stream.write_all(frame)).await
}

/// Receives a frame; a longer one is refused before any room is made for it.
async fn receive(stream: &mut (impl AsyncRead + Unpin), most: usize) -> Result<Vec<u8>, GiveError> {
    let mut length = [0; 4];
    timed(stream.read_exact(&mut length)).await?;
    let length = u32::from_be_bytes(length) as usize;
    if length > most {
        return Err(GiveError::Frame(length));
    }
    let mut frame = vec![0; length];
    timed(stream.read_exact(&mut frame)).await?;
    Ok(frame)
}

#[cfg(test)]
mod tests;
