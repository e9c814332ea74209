//! `run`: the node, until it is told to stop. The machine's owner asks it by the Unix socket in the data folder,
//! its own people by the office's TCP listener, readers by the public one, on which no route writes.

use std::env;
use std::io::IsTerminal;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{self, UnixDatagram};
use std::path::Path;

use multaqa_node::api::socket::{Addresses, ServeError, Serving};
use multaqa_node::api::{Api, HostName};
use multaqa_node::config::Settings;
use multaqa_node::net::Multiaddr;
use multaqa_node::{Config, Node, StartError};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::config;
use crate::args::Run;
use crate::client::{Client, open_when_free};
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::messages::say;

/// Schema of what is said when the node can serve.
const SCHEMA: &str = "multaqa/run/1";

/// Runs the node.
pub(crate) async fn run(args: Run, context: &Context) -> Outcome {
    log_to_stderr(context.verbose, "info");
    let data = context.data();
    if Client::is_answered(&data).await {
        return Err(failure!(Exit::Config, "error-already-running", data = data.display().to_string()));
    }
    let settings = Settings::new(config::given(&args)?, config::file(&data)?);
    let at = Addresses { public: settings.public, office: settings.office };
    let names = settings.names.clone();
    let node = open_when_free(Config { dir: data.clone(), network: Some(settings.into()) })
        .await
        .map_err(|error| not_started(&error, &data))?;
    let serving = match serve(&node, at, &names).await {
        Ok(serving) => serving,
        Err(failure) => {
            node.shutdown().await;
            return Err(failure);
        }
    };
    let (public, office) = (public_url(&serving), office_url(&serving));
    let listeners: Vec<String> = node.listeners().await.iter().map(ToString::to_string).collect();
    if context.out.json {
        context.out.object(&json!({
            "schema": SCHEMA, "author": node.author(), "data": data, "public": public, "office": office,
            "socket": serving.socket(), "listeners": listeners,
        }));
    }
    context.out.note(say!(context.catalogue, "run-ready", url = public, office = office));
    notify("READY=1");
    stop_asked().await;
    notify("STOPPING=1");
    context.out.note(say!(context.catalogue, "run-stopping"));
    serving.stop().await;
    node.shutdown().await;
    Ok(Exit::Ok)
}

/// Serves a node.
pub(super) async fn serve(node: &Node, at: Addresses, names: &[HostName]) -> Outcome<Serving> {
    Serving::start(&Api::new(node.clone()), at, names).await.map_err(|error| {
        let failed = match &error {
            ServeError::InUse { path } => {
                let data = path.parent().unwrap_or(path).display().to_string();
                failure!(Exit::Unreachable, "error-folder-locked", data = data)
            }
            ServeError::Socket { path, .. } => {
                failure!(Exit::Config, "error-socket", path = path.display().to_string())
            }
            ServeError::Listen { address, .. } => {
                failure!(Exit::Config, "error-public", address = address.to_string())
            }
        };
        failed.detail(causes(&error))
    })
}

/// Returns where readers reach a node.
pub(super) fn public_url(serving: &Serving) -> String {
    format!("http://{}/", serving.public())
}

/// Returns where a node's own people work.
pub(super) fn office_url(serving: &Serving) -> String {
    format!("http://{}/", serving.office())
}

/// Returns an error with its causes.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(&format!(": {source}"));
        next = source.source();
    }
    text
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
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
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
        StartError::Net(error) => failure!(Exit::Unreachable, "error-listen").detail(causes(error)),
        StartError::Folder(_) => crate::client::not_opened(error, Path::new(&data)),
    }
}

/// Tells the service manager, if there is one, how the node is.
fn notify(state: &str) {
    let Some(path) = env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    let sent = UnixDatagram::unbound().and_then(|socket| {
        match path.to_str().and_then(|path| path.strip_prefix('@')) {
            Some(name) => {
                let address = net::SocketAddr::from_abstract_name(name)?;
                socket.send_to_addr(state.as_bytes(), &address)
            }
            None => socket.send_to(state.as_bytes(), &path),
        }
    });
    if let Err(error) = sent {
        tracing::warn!(%error, "the service manager cannot be told");
    }
}
