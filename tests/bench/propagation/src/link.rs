//! Links between nodes in one process: a libp2p transport whose bytes arrive after a constant time.
//!
//! A link carries as much as is put on it; what is measured is how often and how far, not how fast a
//! line is. It counts each copy of a record that it carries, whole, for the node that receives it.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::{AsyncRead, AsyncWrite, FutureExt};
use futures_timer::Delay;
use libp2p::core::muxing::{StreamMuxer, StreamMuxerBox, StreamMuxerEvent};
use libp2p::core::transport::{DialOpts, ListenerId, Transport, TransportError, TransportEvent};
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use web_time::Instant;

use crate::record;

/// Time that bytes are under way.
pub(crate) const LATENCY: Duration = Duration::from_millis(100);

/// All nodes, and what their links have carried.
#[derive(Default)]
pub(crate) struct Hub {
    peers: Vec<PeerId>,
    arriving: Vec<(VecDeque<(usize, Link)>, Option<Waker>)>,
    /// Copies of each record that each node received.
    pub(crate) copies: BTreeMap<(u32, usize), u32>,
    /// Bytes of all links.
    pub(crate) bytes: u64,
}

/// The hub, shared by the transports.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Hub>>);

impl Shared {
    pub(crate) fn hub(&self) -> MutexGuard<'_, Hub> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a node and returns its transport.
    pub(crate) fn transport(&self, peer: PeerId) -> Links {
        let mut hub = self.hub();
        hub.peers.push(peer);
        hub.arriving.push((VecDeque::new(), None));
        Links { hub: self.clone(), node: hub.peers.len() - 1, listener: None }
    }
}

/// Returns the address of a node.
pub(crate) fn address(node: usize) -> Multiaddr {
    Protocol::Memory(node as u64).into()
}

/// One node's transport.
pub(crate) struct Links {
    hub: Shared,
    node: usize,
    listener: Option<ListenerId>,
}

type Connected = (PeerId, StreamMuxerBox);

impl Transport for Links {
    type Output = Connected;
    type Error = Infallible;
    type ListenerUpgrade = Ready<Result<Connected, Infallible>>;
    type Dial = Pin<Box<dyn Future<Output = Result<Connected, Infallible>> + Send>>;

    fn listen_on(&mut self, id: ListenerId, _: Multiaddr) -> Result<(), TransportError<Infallible>> {
        self.listener = Some(id);
        Ok(())
    }

    fn remove_listener(&mut self, _: ListenerId) -> bool {
        self.listener.take().is_some()
    }

    fn dial(&mut self, to: Multiaddr, _: DialOpts) -> Result<Self::Dial, TransportError<Infallible>> {
        let Some(Protocol::Memory(number)) = to.iter().next() else {
            return Err(TransportError::MultiaddrNotSupported(to));
        };
        let (hub, from) = (self.hub.clone(), self.node);
        let to = usize::try_from(number).expect("a node's number");
        Ok(Box::pin(async move {
            Delay::new(LATENCY).await;
            let (ours, theirs) = link(&hub, from, to);
            let mut all = hub.hub();
            let peer = all.peers[to];
            let (queue, waker) = &mut all.arriving[to];
            queue.push_back((from, theirs));
            waker.take().into_iter().for_each(Waker::wake);
            Ok((peer, StreamMuxerBox::new(ours)))
        }))
    }

    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Infallible>> {
        let Some(listener_id) = self.listener else { return Poll::Pending };
        let mut hub = self.hub.hub();
        let (queue, waker) = &mut hub.arriving[self.node];
        let Some((from, link)) = queue.pop_front() else {
            *waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        Poll::Ready(TransportEvent::Incoming {
            listener_id,
            upgrade: ready(Ok((hub.peers[from], StreamMuxerBox::new(link)))),
            local_addr: address(self.node),
            send_back_addr: address(from),
        })
    }
}

/// Streams that one side of a link opened and the other has not taken, and who waits for one.
type Opened = Arc<Mutex<(VecDeque<Stream>, Option<Waker>)>>;

/// One side of a link.
pub(crate) struct Link {
    hub: Shared,
    own: usize,
    other: usize,
    coming: Opened,
    going: Opened,
}

fn link(hub: &Shared, from: usize, to: usize) -> (Link, Link) {
    let (a, b) = (Opened::default(), Opened::default());
    let ours = Link { hub: hub.clone(), own: from, other: to, coming: a.clone(), going: b.clone() };
    (ours, Link { hub: hub.clone(), own: to, other: from, coming: b, going: a })
}

impl StreamMuxer for Link {
    type Substream = Stream;
    type Error = io::Error;

    fn poll_inbound(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        let mut coming = locked(&self.coming);
        match coming.0.pop_front() {
            Some(stream) => Poll::Ready(Ok(stream)),
            None => {
                coming.1 = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn poll_outbound(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        let (a, b) = (Arc::<Mutex<Pipe>>::default(), Arc::<Mutex<Pipe>>::default());
        let stream = |read: &Arc<_>, write: &Arc<_>, reader| Stream {
            hub: self.hub.clone(),
            reader,
            read: Arc::clone(read),
            write: Arc::clone(write),
            delay: None,
        };
        let ours = stream(&a, &b, self.other);
        let theirs = stream(&b, &a, self.own);
        let mut going = locked(&self.going);
        going.0.push_back(theirs);
        going.1.take().into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(ours))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
        Poll::Pending
    }
}

/// One direction of a stream: what is under way, by when it arrives.
#[derive(Default)]
struct Pipe {
    under_way: VecDeque<(Instant, VecDeque<u8>)>,
    closed: bool,
    reader: Option<Waker>,
}

/// One side of a stream.
pub(crate) struct Stream {
    hub: Shared,
    /// Who reads what is written here.
    reader: usize,
    read: Arc<Mutex<Pipe>>,
    write: Arc<Mutex<Pipe>>,
    delay: Option<Delay>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let read = Arc::clone(&self.read);
        let mut pipe = locked(&read);
        let now = Instant::now();
        let Some((at, bytes)) = pipe.under_way.front_mut() else {
            if pipe.closed {
                return Poll::Ready(Ok(0));
            }
            pipe.reader = Some(cx.waker().clone());
            return Poll::Pending;
        };
        if *at > now {
            let delay = self.delay.insert(Delay::new(*at - now));
            let _ = delay.poll_unpin(cx);
            return Poll::Pending;
        }
        let len = io::Read::read(bytes, buffer)?;
        if bytes.is_empty() {
            pipe.under_way.pop_front();
        }
        Poll::Ready(Ok(len))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut hub = self.hub.hub();
        hub.bytes += bytes.len() as u64;
        for number in record::whole_in(bytes) {
            *hub.copies.entry((number, self.reader)).or_default() += 1;
        }
        drop(hub);
        let mut pipe = locked(&self.write);
        pipe.under_way.push_back((Instant::now() + LATENCY, bytes.to_vec().into()));
        pipe.reader.take().into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut pipe = locked(&self.write);
        pipe.closed = true;
        pipe.reader.take().into_iter().for_each(Waker::wake);
        Poll::Ready(Ok(()))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let mut pipe = locked(&self.write);
        pipe.closed = true;
        pipe.reader.take().into_iter().for_each(Waker::wake);
    }
}
