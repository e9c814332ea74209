//! `run`: the node, until it is told to stop. Its office is the Unix socket in the data folder, its
//! public side a TCP listener without any route that writes.

use std::env;
use std::fs;
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use multaqa_node::{Config, Multiaddr, NetConfig, Node, StartError, api};
use serde_json::json;
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing_subscriber::EnvFilter;

use crate::args::Run;
use crate::client::SOCKET;
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;

/// Schema of what is said when the node can serve.
const SCHEMA: &str = "multaqa/run/1";
/// Where other nodes reach this one, unless told otherwise.
const LISTEN: [&str; 4] =
    ["/ip4/0.0.0.0/tcp/4480", "/ip4/0.0.0.0/udp/4480/quic-v1", "/ip6/::/tcp/4480", "/ip6/::/udp/4480/quic-v1"];
/// Where readers reach it, unless told otherwise: this machine, behind which a proxy stands.
const PUBLIC: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8480);
/// How long open answers may take to end when the node stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Runs the node.
pub(crate) async fn run(args: Run, context: &Context) -> Outcome {
    log_to_stderr(context.verbose, "info");
    let data = context.data();
    let listen = if args.listen.is_empty() { LISTEN.map(str::to_owned).to_vec() } else { args.listen };
    let network = NetConfig {
        listen: addresses(&listen)?,
        dial: addresses(&args.dial)?,
        mdns: !args.no_mdns,
    };
    let node = Node::open(Config { dir: data.clone(), network: Some(network) })
        .await
        .map_err(|error| not_started(&error, &data))?;
    let servers = Servers::start(&node, args.public.unwrap_or(PUBLIC)).await;
    let servers = match servers {
        Ok(servers) => servers,
        Err(failure) => {
            node.shutdown().await;
            return Err(failure);
        }
    };
    let public = servers.public_url();
    let listeners: Vec<String> = node.listeners().await.iter().map(ToString::to_string).collect();
    if context.out.json {
        let office = data.join(SOCKET);
        context.out.object(&json!({
            "schema": SCHEMA, "author": node.author(), "data": data, "public": public, "office": office,
            "listeners": listeners,
        }));
    }
    context.out.note(say!(context.catalogue, "run-ready", url = public));
    notify("READY=1");
    stop_asked().await;
    notify("STOPPING=1");
    context.out.note(say!(context.catalogue, "run-stopping"));
    servers.stop().await;
    node.shutdown().await;
    Ok(Exit::Ok)
}

/// The two listeners of a node.
pub(super) struct Servers {
    stop: watch::Sender<bool>,
    tasks: [JoinHandle<std::io::Result<()>>; 2],
    public: SocketAddr,
    socket: std::path::PathBuf,
}

impl Servers {
    /// Serves a node's office and its public side.
    pub(super) async fn start(node: &Node, public: SocketAddr) -> Outcome<Self> {
        let socket = node.dir().join(SOCKET);
        // The folder's lock is ours, so a socket that is there was left by a node that was killed.
        let _ = fs::remove_file(&socket);
        let office = UnixListener::bind(&socket)
            .and_then(|office| fs::set_permissions(&socket, fs::Permissions::from_mode(0o600)).map(|()| office))
            .map_err(|error| {
                failure!(Exit::Config, "error-socket", path = socket.display().to_string()).detail(error)
            })?;
        let listener = TcpListener::bind(public).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = listener.map_err(|error| {
            failure!(Exit::Config, "error-public", address = public.to_string()).detail(error)
        })?;
        let (stop, told) = watch::channel(false);
        let office = axum::serve(office, api::office(node.clone())).with_graceful_shutdown(wait(told.clone()));
        let readers = axum::serve(listener, api::public(node.clone())).with_graceful_shutdown(wait(told));
        let tasks = [tokio::spawn(office.into_future()), tokio::spawn(readers.into_future())];
        Ok(Self { stop, tasks, public: address, socket })
    }

    /// Returns where readers reach the node.
    pub(super) fn public_url(&self) -> String {
        format!("http://{}/", self.public)
    }

    /// Returns the office's socket.
    pub(super) fn office(&self) -> &Path {
        &self.socket
    }

    /// Stops both; answers under way are given a moment to end.
    pub(super) async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let abort = task.abort_handle();
            if timeout(LAST_ANSWERS, task).await.is_err() {
                abort.abort();
            }
        }
        let _ = fs::remove_file(&self.socket);
    }
}

async fn wait(mut told: watch::Receiver<bool>) {
    // An error means that the sender is gone, and with it the node.
    let _ = told.wait_for(|stop| *stop).await;
}

/// Returns once the process is asked to stop.
pub(super) async fn stop_asked() {
    let mut terminate = signal(SignalKind::terminate()).expect("the runtime handles signals");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Writes the log to standard error; `RUST_LOG` says what, otherwise the flags.
pub(super) fn log_to_stderr(verbose: u8, quiet: &str) {
    let level = match verbose {
        0 => quiet,
        1 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,multaqa={level},multaqa_node={level}")));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Returns addresses of nodes.
pub(super) fn addresses(texts: &[String]) -> Outcome<Vec<Multiaddr>> {
    texts
        .iter()
        .map(|text| {
            text.parse()
                .map_err(|error| failure!(Exit::Usage, "error-multiaddr", text = text.clone()).detail(error))
        })
        .collect()
}

/// Returns the failure for a node that does not start.
pub(super) fn not_started(error: &StartError, data: &Path) -> Box<Failure> {
    let data = data.display().to_string();
    match error {
        StartError::NoNetwork => failure!(Exit::Config, "error-no-network-yet", data = data),
        StartError::Net(error) => failure!(Exit::Unreachable, "error-listen").detail(error),
        StartError::Folder(_) => crate::client::not_opened(error, Path::new(&data)),
    }
}

/// Tells the service manager, if there is one, how the node is.
fn notify(state: &str) {
    let Some(path) = env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let sent = UnixDatagram::unbound().and_then(|socket| match path.to_str().and_then(|path| path.strip_prefix('@')) {
        Some(name) => {
            use std::os::linux::net::SocketAddrExt;
            let address = std::os::unix::net::SocketAddr::from_abstract_name(name)?;
            socket.send_to_addr(state.as_bytes(), &address)
        }
        None => socket.send_to(state.as_bytes(), &path),
    });
    if let Err(error) = sent {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
