//! Signs of life: what passes on a peer's connections, counted beside the pings.
//!
//! A ping's answer queues behind whatever else is being sent. On a line of 1 Mbit/s in the middle of a
//! large transfer it comes tens of seconds late, and the peer is anything but gone. So every byte that
//! a peer sends is a sign of its life, and so is bulk that it takes: a cut line takes what fits into the
//! system's buffers and then nothing more. Small writes say nothing, since the buffers take them whether
//! anybody is there or not.
//!
//! [`Watched`] stands around the multiplexer of every connection, whatever the transport. It changes
//! nothing that passes, and closes nothing: what silence means is decided by the task.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::{AsyncRead, AsyncWrite};
use libp2p::PeerId;
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use tokio::time::Instant;

/// Bytes that a peer must have taken to have shown that it lives: eight times what the buffers of an
/// idle connection begin with, and half a second of a line of 1 Mbit/s.
const BULK: u64 = 64 * 1024;

/// What has passed with one peer.
#[derive(Debug, Default)]
struct Passed {
    /// When a byte last came, in milliseconds since the start of [`Lives`], plus one.
    heard: AtomicU64,
    /// Bytes that were taken.
    taken: AtomicU64,
}

/// Bytes that have passed on all connections since the start; what goes through a relay is counted on the
/// connection to the relay too.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Traffic {
    /// Returns the bytes that came.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Returns the bytes that went.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

/// What passes with every connected peer.
#[derive(Clone, Debug)]
pub(super) struct Lives {
    start: Instant,
    passed: Arc<Mutex<BTreeMap<PeerId, Weak<Passed>>>>,
    traffic: Arc<Traffic>,
}

impl Lives {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), passed: Arc::default(), traffic: Arc::default() }
    }

    /// Returns what counts the bytes of all.
    pub(super) fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.traffic)
    }

    /// Returns the connection, watched.
    pub(super) fn watch<M>(&self, peer: PeerId, muxer: M) -> Watched<M> {
        let mut all = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = all.get(&peer).and_then(Weak::upgrade).unwrap_or_else(|| {
            all.retain(|_, passed| passed.strong_count() > 0);
            let passed = Arc::default();
            all.insert(peer, Arc::downgrade(&passed));
            passed
        });
        Watched {
            inner: Box::pin(muxer),
            meter: Meter { start: self.start, passed, traffic: self.traffic() },
        }
    }

    /// Returns when a byte of the peer last came, and how many it has taken; `None` without a connection.
    fn of(&self, peer: &PeerId) -> Option<(Option<Instant>, u64)> {
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner).get(peer)?.upgrade()?;
        let heard = passed.heard.load(Ordering::Relaxed).checked_sub(1);
        let heard = heard.map(|millis| self.start + Duration::from_millis(millis));
        Some((heard, passed.taken.load(Ordering::Relaxed)))
    }
}

/// When a peer last showed that it lives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    last: Instant,
    taken: u64,
}

impl Pulse {
    /// Returns the pulse of a peer that has just connected.
    pub(super) const fn new(now: Instant) -> Self {
        Self { last: now, taken: 0 }
    }

    /// Looks at what has passed since, and returns how long the peer has been silent.
    pub(super) fn feel(&mut self, lives: &Lives, peer: &PeerId, now: Instant) -> Duration {
        if let Some((heard, taken)) = lives.of(peer) {
            self.last = self.last.max(heard.unwrap_or(self.last));
            if taken >= self.taken + BULK {
                self.taken = taken;
                self.last = now;
            }
        }
        now.duration_since(self.last)
    }
}

#[derive(Clone, Debug)]
struct Meter {
    start: Instant,
    passed: Arc<Passed>,
    traffic: Arc<Traffic>,
}

impl Meter {
    fn hear(&self, count: usize) {
        self.traffic.received.fetch_add(count as u64, Ordering::Relaxed);
        let millis = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.passed.heard.store(millis + 1, Ordering::Relaxed);
    }

    fn take(&self, count: usize) {
        self.traffic.sent.fetch_add(count as u64, Ordering::Relaxed);
        self.passed.taken.fetch_add(count as u64, Ordering::Relaxed);
    }
}

/// A connection, or one of its streams, that is watched.
#[derive(Debug)]
pub(super) struct Watched<T> {
    inner: Pin<Box<T>>,
    meter: Meter,
}

impl<T> Watched<T> {
    fn stream<S>(&self, stream: S) -> Watched<S> {
        Watched { inner: Box::pin(stream), meter: self.meter.clone() }
    }
}

impl<M: StreamMuxer> StreamMuxer for Watched<M> {
    type Substream = Watched<M::Substream>;
    type Error = M::Error;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let stream = ready!(self.inner.as_mut().poll_inbound(cx))?;
        Poll::Ready(Ok(self.stream(stream)))
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        let stream = ready!(self.inner.as_mut().poll_outbound(cx))?;
        Poll::Ready(Ok(self.stream(stream)))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.as_mut().poll_close(cx)
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
        self.inner.as_mut().poll(cx)
    }
}

impl<S: AsyncRead> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<std::io::Result<usize>> {
        let count = ready!(self.inner.as_mut().poll_read(cx, buffer))?;
        if count > 0 {
            self.meter.hear(count);
        }
        Poll::Ready(Ok(count))
    }

    fn poll_read_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &mut [std::io::IoSliceMut<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let count = ready!(self.inner.as_mut().poll_read_vectored(cx, buffers))?;
        if count > 0 {
            self.meter.hear(count);
        }
        Poll::Ready(Ok(count))
    }
}

impl<S: AsyncWrite> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let count = ready!(self.inner.as_mut().poll_write(cx, buffer))?;
        self.meter.take(count);
        Poll::Ready(Ok(count))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let count = ready!(self.inner.as_mut().poll_write_vectored(cx, buffers))?;
        self.meter.take(count);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.inner.as_mut().poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.inner.as_mut().poll_close(cx)
    }
}
