//! Serving: the office on a Unix socket in the data folder, the public on a TCP port, and stopping both.
//!
//! The socket's mode is 0600: who may write into the data folder may ask the office. A socket that was
//! left by a node that was killed is taken away, one that somebody answers on is not.

use std::fs;
use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::Api;

/// The socket's name in the data folder.
pub const SOCKET: &str = "multaqa.sock";
/// How long answers under way may take to end when the node stops.
pub const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Why a node cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another node answers on the socket.
    #[error("another node answers on {}", path.display())]
    InUse {
        /// The socket.
        path: PathBuf,
    },
    /// The socket cannot be made.
    #[error("the socket {} cannot be made", path.display())]
    Socket {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The address cannot be listened on.
    #[error("{address} cannot be listened on")]
    Public {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// The two listeners of a node.
#[derive(Debug)]
pub struct Serving {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<io::Result<()>>>,
    public: SocketAddr,
    office: PathBuf,
}

impl Serving {
    /// Serves a node's office on [`SOCKET`] in its folder, and its public side on `public`.
    ///
    /// # Errors
    ///
    /// See [`ServeError`].
    pub async fn start(api: &Api, public: SocketAddr) -> Result<Self, ServeError> {
        let office = api.node.dir().join(SOCKET);
        let socket = bind(&office).await?;
        let listening = async {
            let listener = TcpListener::bind(public).await?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) =
            listening.await.map_err(|source| ServeError::Public { address: public, source })?;
        let (stop, told) = watch::channel(false);
        let tasks = vec![
            spawn(axum::serve(socket, api.office()).with_graceful_shutdown(asked(told.clone()))),
            spawn(axum::serve(listener, api.public()).with_graceful_shutdown(asked(told))),
        ];
        Ok(Self { stop, tasks, public: address, office })
    }

    /// Returns where the public side listens.
    #[must_use]
    pub const fn public(&self) -> SocketAddr {
        self.public
    }

    /// Returns the office's socket.
    #[must_use]
    pub fn office(&self) -> &Path {
        &self.office
    }

    /// Stops both, leaving answers under way [`LAST_ANSWERS`] to end.
    pub async fn stop(self) {
        // Nobody listens where both have ended by themselves.
        let _ = self.stop.send(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if timeout(LAST_ANSWERS, task).await.is_err() {
                abort.abort();
            }
        }
        let _ = fs::remove_file(&self.office);
    }
}

fn spawn(
    serve: impl IntoFuture<Output = io::Result<()>, IntoFuture: Send + 'static>,
) -> JoinHandle<io::Result<()>> {
    tokio::spawn(serve.into_future())
}

async fn asked(mut told: watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it the one who would ask.
    let _ = told.wait_for(|stop| *stop).await;
}

/// Makes the socket, in place of one that nobody answers on.
async fn bind(path: &Path) -> Result<UnixListener, ServeError> {
    if UnixStream::connect(path).await.is_ok() {
        return Err(ServeError::InUse { path: path.to_owned() });
    }
    let make = || {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(path)?;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    };
    make().map_err(|source| ServeError::Socket { path: path.to_owned(), source })
}
