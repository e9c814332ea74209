//! `/multaqa/attachment/1`: one node asks another for a file by its hash (F3 to F5).
//!
//! The asker sends the 32 bytes of the hash and closes its half. The holder answers with a frame that holds
//! the list of the chunks' hashes, and then one frame for each chunk; an empty first frame says that it
//! does not hold the file, or may not give it. A frame is a length (u32, big-endian) and so many bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream};
use multaqa_protocol::attachment::{Arriving, CHUNK, MAX_LIST, TransferError};
use multaqa_protocol::id::Bytes32;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{TakeError, Wanted, next_chunk};
use crate::Node;
use crate::node::WeakNode;

/// Files that are given to peers at once: each holds a chunk in memory and reads the disk.
const MAX_GIVEN: usize = 8;
/// Of these to one peer.
const MAX_GIVEN_TO_ONE: usize = 2;
/// Files that are fetched at once.
pub(crate) const MAX_FETCHED: usize = 4;
/// Peers that are asked for one file, its author's nodes first.
const MAX_ASKED: usize = 8;
/// Time for one frame: a chunk at 16 KB/s.
const FRAME: Duration = Duration::from_secs(16);

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    /// No peer that is connected gave it.
    #[error("no connected node gave the file")]
    Nobody,
    /// This node takes no part in its network.
    #[error("the node does not run in its network")]
    Offline,
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
        let mut taken = of.lock().unwrap_or_else(PoisonError::into_inner);
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
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.1);
            }
        }
    }
}

async fn answer(node: &Node, mut stream: Stream) -> Result<(), GiveError> {
    let mut hash = [0; 32];
    timed(stream.read_exact(&mut hash)).await?;
    let hash = Bytes32(hash);
    if !node.may_give(hash).await {
        send(&mut stream, &[]).await?;
        return timed(stream.close()).await;
    }
    let files = node.attachments().clone();
    let opened = tokio::task::spawn_blocking(move || files.chunks(&hash)).await.map_err(io::Error::other)?;
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

/// Fetches a file that a record names from whoever holds it, its author's nodes first.
pub(crate) async fn fetch(node: &Node, wanted: &Wanted, first: &BTreeSet<PeerId>) -> Result<(), FetchError> {
    let net = node.net().ok_or(FetchError::Offline)?;
    let connected = net.peers().await.map_err(|_| FetchError::Offline)?;
    let mut peers: Vec<PeerId> =
        connected.iter().filter(|info| info.is_connected()).map(|info| info.peer).collect();
    peers.sort_by_key(|peer| !first.contains(peer));
    for peer in peers.into_iter().take(MAX_ASKED) {
        let stream = match net.open_attachment(peer).await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::debug!(%peer, %error, "a peer gives no files");
                continue;
            }
        };
        match take(node, wanted, stream).await {
            Ok(()) => return Ok(()),
            Err(GiveError::Take(error)) if !matches!(error, TakeError::Transfer(_)) => {
                return Err(error.into());
            }
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

async fn take(node: &Node, wanted: &Wanted, mut stream: Stream) -> Result<(), GiveError> {
    timed(stream.write_all(&wanted.named.hash.0)).await?;
    timed(stream.close()).await?;
    let list = receive(&mut stream, MAX_LIST).await?;
    if list.is_empty() {
        return Err(GiveError::NotHeld);
    }
    let mut arriving = Arriving::new(wanted.named, list).map_err(TakeError::from)?;
    let (files, size, mime) = (node.attachments().clone(), wanted.named.size, wanted.mime.clone());
    let mut incoming = blocking(move || files.begin(size, Some(&mime))).await??;
    while let Some(expected) = arriving.expected() {
        let chunk = receive(&mut stream, expected).await?;
        let taken = blocking(move || {
            let taken = incoming.take(&mut arriving, &chunk);
            taken.map(|()| (incoming, arriving))
        });
        (incoming, arriving) = taken.await??;
    }
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

async fn send(stream: &mut Stream, frame: &[u8]) -> Result<(), GiveError> {
    let length = u32::try_from(frame.len()).expect("a frame is bounded");
    timed(stream.write_all(&length.to_be_bytes())).await?;
    timed(stream.write_all(frame)).await
}

/// Receives a frame; a longer one is refused before any room is made for it.
async fn receive(stream: &mut Stream, most: usize) -> Result<Vec<u8>, GiveError> {
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
