//! Serving: the office on a Unix socket in the data folder, the public on a TCP port, and stopping both.
//!
//! The socket's mode is 0600: who may write into the data folder may ask the office. A socket that was
//! left by a node that was killed is taken away, one that somebody answers on is not.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::head::{Door, HostName};
use super::{Api, connections};

/// The socket's name in the data folder.
pub const SOCKET: &str = "multaqa.sock";

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
    tasks: Vec<JoinHandle<()>>,
    public: SocketAddr,
    office: PathBuf,
}

impl Serving {
    /// Serves a node's office on [`SOCKET`] in its folder, and its public side on `public`. Both answer
    /// to the names of this machine and to those given; others are refused.
    ///
    /// # Errors
    ///
    /// See [`ServeError`].
    pub async fn start(api: &Api, public: SocketAddr, names: &[HostName]) -> Result<Self, ServeError> {
        let office = api.node.dir().join(SOCKET);
        let socket = bind(&office).await?;
        let listening = async {
            let listener = TcpListener::bind(public).await?;
            Ok((listener.local_addr()?, listener))
        };
        let (address, listener) =
            listening.await.map_err(|source| ServeError::Public { address: public, source })?;
        let (stop, told) = watch::channel(false);
        let door = || Door::new(names.iter().cloned());
        let ends =
            |io: &TcpStream, from: &SocketAddr| (Some(from.ip()), io.local_addr().ok().map(|own| own.ip()));
        let tasks = vec![
            tokio::spawn(connections::serve(socket, api.office(), door(), |_, _| (None, None), told.clone())),
            tokio::spawn(connections::serve(listener, api.public(), door(), ends, told)),
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

    /// Stops both, leaving answers under way [`connections::LAST_ANSWERS`] to end.
    pub async fn stop(self) {
        // Nobody listens where both have ended by themselves.
        let _ = self.stop.send(true);
        for task in self.tasks {
            // One that panicked has ended too.
            let _ = task.await;
        }
        let _ = fs::remove_file(&self.office);
    }
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
