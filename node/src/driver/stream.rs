//! The two halves of a sync stream, each its own task: reading frames and checking them ahead of the
//! engine, and writing what the engine ordered, entries straight from the store.

use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use futures::StreamExt;
use multaqa_protocol::codec::MAX_FRAME;
use multaqa_protocol::engine::SessionId;
use multaqa_protocol::entry::MAX_CARRIED_BODY;
use multaqa_protocol::id::{AuthorId, BodyHash};
use multaqa_protocol::log::{Place, Stretch};
use multaqa_protocol::sync::session::{MAX_BYTES, MAX_REQUESTS};
use multaqa_protocol::sync::{Carried, EndCode, Frame};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::limits::Budget;
use crate::ingest::{Checked, FRAMES_AHEAD, Foreseen, Ingest, Prepared};
use crate::net::{FrameReader, FrameWriter};
use crate::store::{BodyState, ReadError, Store};

/// Bytes of entries after which a frame is closed: large enough for bulk, small enough that a slow
/// line shows progress; one body of the largest size still fits.
const FRAME_BYTES: usize = MAX_FRAME / 2;
/// Bytes of entries that are sent in one session; the rest is left for later. The peer would end the
/// session at [`MAX_BYTES`], and what is on its way then was sent in vain.
const SESSION_BYTES: usize = MAX_BYTES - 2 * MAX_FRAME;

/// What a stream's reader tells the driver.
#[derive(Debug)]
pub(super) enum Heard {
    /// A frame other than `entries`, and its length.
    Frame(Frame, usize),
    /// A frame of entries, its length, and its place among those that wait.
    Entries(Checked, usize, OwnedSemaphorePermit),
    /// The peer closed its half.
    HalfClosed,
    /// The stream broke, or the peer broke a rule.
    Broken(Option<&'static str>),
}

impl Heard {
    /// Returns the bytes that carried something, and how many entries or bodies that was; at least one,
    /// to be divided by.
    pub(super) fn brought(&self) -> (usize, usize) {
        match self {
            Self::Entries(checked, len, _) => (*len, checked.entries.len().max(1)),
            Self::Frame(Frame::BodyIs(_, Some(_)), len) => (*len, 1),
            _ => (0, 1),
        }
    }
}

/// What all streams share, each waiting for its turn: places for frames that are ahead of the engine, and
/// reads of the store for answers.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    ahead: Arc<Semaphore>,
    serving: Arc<Semaphore>,
}

impl Lanes {
    /// Returns lanes with `ahead` places for frames. As many answers are read at the same time as there
    /// are cores, so that peers which ask without end leave the disk to others too.
    pub(super) fn new(ahead: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { ahead: Arc::new(Semaphore::new(ahead)), serving: Arc::new(Semaphore::new(cores)) }
    }
}

/// What the two halves of a stream work with.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) ingest: Ingest,
    pub(super) store: Store,
    pub(super) hidden: Hidden,
    pub(super) budget: Arc<Budget>,
    pub(super) lanes: Lanes,
}

/// Bodies that were withdrawn: held perhaps, and not given to anyone (B3).
#[derive(Clone, Debug, Default)]
pub(super) struct Hidden(Arc<RwLock<BTreeSet<BodyHash>>>);

impl Hidden {
    pub(super) fn set(&self, hash: BodyHash, hidden: bool) {
        let mut hashes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if hidden {
            hashes.insert(hash)
        } else {
            hashes.remove(&hash)
        };
    }

    pub(super) fn contains(&self, hash: &BodyHash) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(hash)
    }
}

/// What a stream's writer is to send.
#[derive(Debug)]
pub(super) enum Order {
    Frame(Frame),
    Serve { author: AuthorId, runs: Vec<Stretch>, code: EndCode },
    Bodies(Vec<BodyHash>),
}

/// The driver's end of a stream's writer.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    sender: mpsc::UnboundedSender<Order>,
    requests: Arc<AtomicUsize>,
}

impl Orders {
    /// Gives an order. `false` where the peer has more requests open than it may (Y7), which is what
    /// bounds this queue: everything else in it the protocol bounds.
    pub(super) fn give(&self, order: Order) -> bool {
        let request = matches!(order, Order::Serve { .. } | Order::Bodies(_));
        if request && self.requests.fetch_add(1, Ordering::Relaxed) >= MAX_REQUESTS {
            return false;
        }
        // A writer that is gone has told the driver so by ending the session.
        let _ = self.sender.send(order);
        true
    }
}

/// What the reader makes of a frame before its signatures are checked.
enum Step {
    Plain(Heard),
    Entries(Prepared, usize, OwnedSemaphorePermit),
}

/// Reads a stream to its end and tells the driver, in order, with [`FRAMES_AHEAD`] frames being
/// checked while the next is read. Not reading is the back-pressure: the channel is small.
pub(super) async fn read(
    id: SessionId,
    reader: FrameReader,
    shared: Shared,
    heard: mpsc::Sender<(SessionId, Heard)>,
) {
    let ingest = shared.ingest.clone();
    let begin = Some((reader, Foreseen::default(), shared));
    let steps = futures::stream::unfold(begin, |state| async move {
        let (mut reader, mut foreseen, shared) = state?;
        shared.budget.may_read().await;
        let step = match reader.next().await {
            Ok(Some(bytes)) => decode(&bytes, &shared, &mut foreseen).await,
            Ok(None) => Step::Plain(Heard::HalfClosed),
            Err(_) => Step::Plain(Heard::Broken(None)),
        };
        let ends = matches!(step, Step::Plain(Heard::HalfClosed | Heard::Broken(_)));
        Some((step, (!ends).then_some((reader, foreseen, shared))))
    });
    let checked = steps
        .map(move |step| {
            let ingest = ingest.clone();
            async move {
                match step {
                    Step::Plain(heard) => heard,
                    Step::Entries(prepared, len, place) => match ingest.check(prepared).await {
                        Ok(checked) => Heard::Entries(checked, len, place),
                        Err(error) => Heard::Broken(Some(error.rule())),
                    },
                }
            }
        })
        .buffered(FRAMES_AHEAD);
    let mut checked = std::pin::pin!(checked);
    while let Some(item) = checked.next().await {
        let broken = matches!(item, Heard::Broken(_));
        if heard.send((id, item)).await.is_err() || broken {
            return;
        }
    }
}

async fn decode(bytes: &[u8], shared: &Shared, foreseen: &mut Foreseen) -> Step {
    let place = Arc::clone(&shared.lanes.ahead).acquire_owned().await.expect("it is never closed");
    match Frame::decode(bytes) {
        Ok(Frame::Entries(carried)) => {
            shared.budget.has_read(bytes.len(), carried.len());
            match shared.ingest.prepare(carried, foreseen) {
                Ok(prepared) => Step::Entries(prepared, bytes.len(), place),
                Err(error) => Step::Plain(Heard::Broken(Some(error.rule()))),
            }
        }
        Ok(frame) => {
            shared.budget.has_read(bytes.len(), 0);
            Step::Plain(Heard::Frame(frame, bytes.len()))
        }
        Err(_) => Step::Plain(Heard::Broken(Some("Y7"))),
    }
}

/// Starts the writer of a stream; dropping every [`Orders`] ends it.
pub(super) fn write(
    id: SessionId,
    mut writer: FrameWriter,
    shared: Shared,
    heard: mpsc::Sender<(SessionId, Heard)>,
) -> (Orders, JoinHandle<()>) {
    let (sender, mut orders) = mpsc::unbounded_channel();
    let requests = Arc::new(AtomicUsize::new(0));
    let open = requests.clone();
    let task = tokio::spawn(async move {
        let mut left = SESSION_BYTES;
        while let Some(order) = orders.recv().await {
            let request = matches!(order, Order::Serve { .. } | Order::Bodies(_));
            let sent = match order {
                Order::Frame(frame) => writer.send(&frame.encode()).await.map_err(drop),
                Order::Serve { author, runs, code } => {
                    serve(&mut writer, &shared, author, runs, code, &mut left).await
                }
                Order::Bodies(hashes) => serve_bodies(&mut writer, &shared, hashes).await,
            };
            if request {
                open.fetch_sub(1, Ordering::Relaxed);
            }
            let flushed =
                if sent.is_ok() && orders.is_empty() { writer.flush().await.map_err(drop) } else { sent };
            if flushed.is_err() {
                let _ = heard.send((id, Heard::Broken(None))).await;
                return;
            }
        }
        // The session is over: the peer learns it from the closed half.
        let _ = writer.close().await;
    });
    (Orders { sender, requests }, task)
}

/// Sends the entries of `runs` while any of the `left` bytes are, then `end`.
async fn serve(
    writer: &mut FrameWriter,
    shared: &Shared,
    author: AuthorId,
    runs: Vec<Stretch>,
    code: EndCode,
    left: &mut usize,
) -> Result<(), ()> {
    let mut runs = VecDeque::from(runs);
    let mut code = code;
    while !runs.is_empty() {
        if *left == 0 {
            code = EndCode::Later;
            break;
        }
        shared.budget.may_serve().await;
        let turn = Arc::clone(&shared.lanes.serving).acquire_owned().await.map_err(drop)?;
        let reading = shared.store.clone();
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let carried = next_entries(&reading, author, &mut runs);
            (carried, runs)
        });
        let (carried, rest) = read.await.map_err(drop)?;
        runs = rest;
        match carried {
            Ok(carried) if carried.is_empty() => {}
            Ok(carried) => {
                let frame = Frame::Entries(carried).encode();
                *left = left.saturating_sub(frame.len());
                shared.budget.has_served(frame.len());
                writer.send(&frame).await.map_err(drop)?;
            }
            Err(error) => {
                tracing::warn!(%author, %error, "a log cannot be served");
                code = EndCode::Later;
                break;
            }
        }
    }
    writer.send(&Frame::End { code, author }.encode()).await.map_err(drop)
}

/// Takes entries off the front of `runs` until a frame is full.
fn next_entries(
    store: &Store,
    author: AuthorId,
    runs: &mut VecDeque<Stretch>,
) -> Result<Vec<Carried>, ReadError> {
    let mut carried = Vec::new();
    let mut bytes = 0;
    while bytes < FRAME_BYTES {
        let Some(run) = runs.front_mut() else { break };
        let place = Place { branch: run.branch, seq: run.first };
        if run.first == run.last {
            runs.pop_front();
        } else {
            run.first += 1;
        }
        let Some(stored) = store.entry(author, place)? else { continue };
        let travels = stored.entry.is_network_kind() || stored.entry.header().body.len <= MAX_CARRIED_BODY;
        let body = match stored.body {
            BodyState::Present(body) if travels => Some(body),
            _ => None,
        };
        let envelope = stored.entry.envelope().to_vec();
        bytes += envelope.len() + body.as_ref().map_or(0, Vec::len);
        carried.push(Carried { envelope, body });
    }
    Ok(carried)
}

/// Sends `body-is` for each hash, in order.
async fn serve_bodies(writer: &mut FrameWriter, shared: &Shared, hashes: Vec<BodyHash>) -> Result<(), ()> {
    for hash in hashes {
        shared.budget.may_serve().await;
        let turn = Arc::clone(&shared.lanes.serving).acquire_owned().await.map_err(drop)?;
        let (reading, hidden) = (shared.store.clone(), shared.hidden.contains(&hash));
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            if hidden { Ok(None) } else { reading.body(&hash) }
        });
        let frame = Frame::BodyIs(hash, read.await.map_err(drop)?.unwrap_or_default()).encode();
        shared.budget.has_served(frame.len());
        writer.send(&frame).await.map_err(drop)?;
    }
    Ok(())
}
