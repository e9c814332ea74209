//! Serving: the owner of the machine on a Unix socket in the data folder, the public and the office on a TCP
//! port each, and stopping all three.
//!
//! The socket's mode is 0600: who may write into the data folder may ask for everything. A socket that was
//! left by a node that was killed is taken away, one that somebody answers on is not.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::counter::Counter;
use super::head::{Door, HostName};
use super::{Api, connections};
use crate::config::OFFICE;

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
    /// The address for readers, or that of the office, cannot be listened on.
    #[error("{address} cannot be listened on")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Where a node is to be reached by TCP.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// By readers.
    pub public: SocketAddr,
    /// By its own people, who sign in. The default gives way to a free port where it is taken, since several
    /// nodes may run on one machine.
    pub office: SocketAddr,
}

/// The listeners of a node.
#[derive(Debug)]
pub struct Serving {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    public: SocketAddr,
    office: SocketAddr,
    /// The office's listener, where it ends with the others.
    counter: Option<Counter>,
    socket: PathBuf,
}

impl Serving {
    /// Serves the owner of the machine on [`SOCKET`] in the node's folder, readers and the office at their
    /// addresses. All answer to the names of this machine and to those given; others are refused.
    ///
    /// # Errors
    ///
    /// See [`ServeError`].
    pub async fn start(api: &Api, at: Addresses, names: &[HostName]) -> Result<Self, ServeError> {
        let (counter, closed) = Counter::listen(at.office, names).await?;
        let serving = Self::behind(api, at.public, names, &counter).await?;
        closed.open(api.desk(counter.address()));
        Ok(Self { counter: Some(counter), ..serving })
    }

    /// The same with an office whose counter is there already, and is for the caller to open.
    ///
    /// # Errors
    ///
    /// See [`ServeError`].
    pub async fn behind(
        api: &Api,
        public: SocketAddr,
        names: &[HostName],
        counter: &Counter,
    ) -> Result<Self, ServeError> {
        let path = api.node.dir().join(SOCKET);
        let socket = bind(&path).await?;
        let (public, readers) = listen(public).await?;
        let office = counter.address();
        api.office.is_at(office);
        let (stop, told) = watch::channel(false);
        let door = || Door::new(names.iter().cloned());
        let ends =
            |io: &TcpStream, from: &SocketAddr| (Some(from.ip()), io.local_addr().ok().map(|own| own.ip()));
        let tasks = vec![
            tokio::spawn(connections::serve(socket, api.office(), door(), |_, _| (None, None), told.clone())),
            tokio::spawn(connections::serve(readers, api.public(), door(), ends, told)),
        ];
        Ok(Self { stop, tasks, public, office, counter: None, socket: path })
    }

    /// Returns where the public side listens.
    #[must_use]
    pub const fn public(&self) -> SocketAddr {
        self.public
    }

    /// Returns where the office listens.
    #[must_use]
    pub const fn office(&self) -> SocketAddr {
        self.office
    }

    /// Returns the socket of the machine's owner.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Stops all, leaving answers under way [`connections::LAST_ANSWERS`] to end.
    pub async fn stop(self) {
        // Nobody listens where all have ended by themselves.
        let _ = self.stop.send(true);
        for task in self.tasks {
            // One that panicked has ended too.
            let _ = task.await;
        }
        if let Some(counter) = self.counter {
            counter.stop().await;
        }
        let _ = fs::remove_file(&self.socket);
    }
}

/// Listens at an address, and returns it with the port that was chosen.
async fn listen(address: SocketAddr) -> Result<(SocketAddr, TcpListener), ServeError> {
    let listening = async {
        let listener = TcpListener::bind(address).await?;
        Ok((listener.local_addr()?, listener))
    };
    listening.await.map_err(|source| ServeError::Listen { address, source })
}

/// Listens for the office: at another port where the default is taken.
pub(super) async fn listen_for_office(address: SocketAddr) -> Result<(SocketAddr, TcpListener), ServeError> {
    match listen(address).await {
        Err(ServeError::Listen { source, .. })
            if address == OFFICE && source.kind() == io::ErrorKind::AddrInUse =>
        {
            listen(SocketAddr::new(address.ip(), 0)).await
        }
        listening => listening,
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
