//! The connections of a listener: how many, how long a silent one stays, and how they end.
//!
//! HTTP/1.1 only: what a proxy speaks to what stands behind it, and the smaller surface. A client that
//! sends its head slowly, or does not read its answer, loses its place.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::head::{Caller, Door};

/// Connections of one listener: a meeting's hall of 350 people with a browser's six each. Others wait
/// until one ends.
pub const MAX_CONNECTIONS: usize = 2_048;
/// How long a client may take to send the head of a request, and a connection may stay without one.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take nothing of its answer.
pub const STALLED: Duration = Duration::from_secs(30);
/// How long answers under way may take to end when the node stops.
pub const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// What is read of a connection at once; a longer head is refused before it is looked at.
const BUFFER: usize = 64 << 10;

/// Returns how many connections a listener may hold: at most [`MAX_CONNECTIONS`], and at most a quarter
/// of the files that this process may open, so that the journal, the index, the other listener and the
/// network always have theirs. Raises that limit as far as the system lets it.
pub(super) fn places() -> usize {
    let files = getrlimit(Resource::Nofile);
    let wanted = files.maximum.unwrap_or(u64::MAX).min(4 * MAX_CONNECTIONS as u64);
    if files.current.is_some_and(|current| current < wanted) {
        // Where it cannot be raised, fewer connections are held.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: files.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(files / 4).unwrap_or(usize::MAX).clamp(1, MAX_CONNECTIONS)
}

/// Answers the connections of a listener until told to stop, then waits [`LAST_ANSWERS`] for those under
/// way. `ends` says of a connection where it comes from and to which address of this machine.
pub(super) async fn serve<L: Listener>(
    mut listener: L,
    router: Router,
    door: Door,
    ends: impl Fn(&L::Io, &L::Addr) -> (Option<IpAddr>, Option<IpAddr>),
    stop: watch::Receiver<bool>,
) {
    let door = Arc::new(door);
    let places = Arc::new(Semaphore::new(places()));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stopped = pin!(asked(stop));
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.expect("the places are never closed");
            (place, listener.accept().await)
        };
        let (place, (io, address)) = tokio::select! {
            next = next => next,
            () = &mut stopped => break,
        };
        while connections.try_join_next().is_some() {}
        let (from, to) = ends(&io, &address);
        let canonical = |address: Option<IpAddr>| address.map(|address| address.to_canonical());
        let caller = Caller { from: canonical(from), to: canonical(to), door: door.clone() };
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(caller.clone());
            let answer = router.clone().oneshot(request);
            async { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let mut io = TimeoutStream::new(io);
        io.set_write_timeout(Some(STALLED));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(Box::pin(io)), service);
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(place);
        });
    }
    drop(listener);
    // Whoever takes longer is cut off as the set is dropped.
    let _ = timeout(LAST_ANSWERS, graceful.shutdown()).await;
}

async fn asked(mut told: watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it the one who would ask.
    let _ = told.wait_for(|stop| *stop).await;
}
