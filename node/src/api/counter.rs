//! The office's listener, which stays while the node behind it is made, or starts again in its network: whoever
//! asks meanwhile waits instead of finding nobody.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpStream;
use tokio::sync::{OwnedRwLockWriteGuard, RwLock, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower::ServiceExt;

use super::connections;
use super::failure::Failure;
use super::head::{Door, HostName};
use super::socket::{ServeError, listen_for_office};

/// How long a request waits while the counter is closed: a large folder takes some seconds to open.
pub const WAIT: Duration = Duration::from_secs(30);

type Behind = Arc<RwLock<Option<Router>>>;

/// The listener, and the router behind it.
#[derive(Debug)]
pub struct Counter {
    address: SocketAddr,
    behind: Behind,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// A counter that nobody is served at until it opens again.
#[derive(Debug)]
pub struct Closed(OwnedRwLockWriteGuard<Option<Router>>);

impl Closed {
    /// Serves who waits, and who comes, by a router.
    pub fn open(mut self, router: Router) {
        *self.0 = Some(router);
    }
}

impl Counter {
    /// Listens at an address; whoever comes waits until the counter is opened. It answers to the names of this
    /// machine and to those given.
    ///
    /// # Errors
    ///
    /// [`ServeError::Listen`].
    pub async fn listen(address: SocketAddr, names: &[HostName]) -> Result<(Self, Closed), ServeError> {
        let (address, listener) = listen_for_office(address).await?;
        let (stop, told) = watch::channel(false);
        let behind = Behind::default();
        let closed = Closed(behind.clone().write_owned().await);
        let ends =
            |io: &TcpStream, from: &SocketAddr| (Some(from.ip()), io.local_addr().ok().map(|own| own.ip()));
        let asked = behind.clone();
        let front = Router::new().fallback(async move |request: Request| pass(asked, request).await);
        let door = Door::new(names.iter().cloned());
        let task = tokio::spawn(connections::serve(listener, front, door, ends, told));
        Ok((Self { address, behind, stop, task }, closed))
    }

    /// Returns where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes it once the requests under way are answered.
    pub async fn close(&self) -> Closed {
        let mut behind = self.behind.clone().write_owned().await;
        // What the router holds is let go, the node's data folder among it.
        *behind = None;
        Closed(behind)
    }

    /// Stops listening, leaving answers under way [`connections::LAST_ANSWERS`] to end.
    pub async fn stop(self) {
        // Nobody listens where it has ended by itself.
        let _ = self.stop.send(true);
        // One that panicked has ended too.
        let _ = self.task.await;
        *self.behind.write().await = None;
    }
}

async fn pass(behind: Behind, request: Request) -> Response {
    let Ok(behind) = timeout(WAIT, behind.read_owned()).await else {
        return Failure::Stopped.into_response();
    };
    match &*behind {
        Some(router) => router.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
        None => Failure::Stopped.into_response(),
    }
}
