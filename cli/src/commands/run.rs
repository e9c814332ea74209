//! `run`: the node, until it is told to stop. The machine's owner asks it by the Unix socket in the data folder,
//! its own people by the office's TCP listener, readers by the public one, on which no route writes.

use std::env;
use std::net::SocketAddr;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{self, UnixDatagram};
use std::path::Path;
use std::pin::{Pin, pin};
use std::time::Duration;

use multaqa_node::api::counter::{Closed, Counter};
use multaqa_node::api::socket::{Addresses, ServeError, Serving};
use multaqa_node::api::{Api, HostName};
use multaqa_node::config::Settings;
use multaqa_node::digest;
use multaqa_node::net::Multiaddr;
use multaqa_node::office::founding::Founding;
use multaqa_node::{Config, Node, StartError, folder};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};

use super::config;
use crate::args::Run;
use crate::client::{Client, open_when_free};
use crate::context::Context;
use crate::error::{Exit, Failure, Outcome, failure};
use crate::log;
use crate::messages::say;

/// How often the service manager is told that a node which builds its search index anew is still on its way; it waits
/// four times as long.
const START_AGAIN: Duration = Duration::from_secs(15);
/// How often it looks whether somebody made a node.
const LOOK: Duration = Duration::from_millis(500);
/// Schema of what is said when the node can serve.
const SCHEMA: &str = "multaqa/run/1";

/// Runs the node. Where there is none yet, it is set up in the browser first; one that belongs to no network yet
/// works alone until it enters one, and then starts again in it.
pub(crate) async fn run(args: Run, context: &Context) -> Outcome {
    log::start(args.log, context.verbose, "info")?;
    let data = context.data();
    if Client::is_answered(&data).await {
        return Err(failure!(Exit::Config, "error-already-running", data = data.display().to_string()));
    }
    let settings = config::layers(Some(&args), context)?.settings();
    let mut stop = pin!(stop_asked());
    let (counter, closed) =
        Counter::listen(settings.office, &settings.names).await.map_err(|error| not_served(&error))?;
    let ran = tokio::select! {
        made = set_up(&data, &counter, closed, context) => {
            let (closed, is_new) = made;
            run_node(&data, settings, &counter, (closed, is_new), stop.as_mut(), context).await
        }
        () = stop.as_mut() => Ok(Exit::Ok),
    };
    counter.stop().await;
    ran
}

/// Has a node set up in the browser where there is none. Returns the counter, closed, and whether that was so.
async fn set_up(data: &Path, counter: &Counter, closed: Closed, context: &Context) -> (Closed, bool) {
    // A folder that cannot be read says so when it is opened.
    if !folder::is_empty(data).unwrap_or(false) {
        return (closed, false);
    }
    let founding = Founding::new(data);
    closed.open(founding.router());
    let url = format!("{}{}", office_url(counter.address()), founding.path().trim_start_matches('/'));
    context.out.note(say!(context.catalogue, "run-founding", url = url));
    notify("READY=1");
    let is_made_here = tokio::select! {
        () = founding.made() => true,
        () = appears(data) => false,
    };
    (counter.close().await, is_made_here)
}

/// Returns once there is a node in a folder, which `init` may make while this process waits for somebody to open its
/// link: so a service goes on by itself.
async fn appears(data: &Path) {
    while !folder::is_made(data) {
        sleep(LOOK).await;
    }
    // Where it was made by the link, that is told first.
    sleep(LOOK).await;
}

/// Runs the node of a data folder until the process is to stop.
async fn run_node(
    data: &Path,
    mut settings: Settings,
    counter: &Counter,
    (mut closed, is_new): (Closed, bool),
    mut stop: Pin<&mut impl Future<Output = ()>>,
    context: &Context,
) -> Outcome {
    let mut is_told = false;
    loop {
        let node = open(data, &settings).await.map_err(|error| not_started(&error, data))?;
        let api = Api::new(node.clone());
        let serving = match Serving::behind(&api, settings.public, &settings.names, counter).await {
            Ok(serving) => serving,
            Err(error) => {
                drop(api);
                node.shutdown().await;
                return Err(not_served(&error));
            }
        };
        closed.open(api.desk(counter.address()));
        if !is_told {
            tell(&node, &serving, context).await;
            if !is_new {
                tell_set_up(&node, counter, context).await?;
            }
            is_told = true;
        }
        let telling = tokio::spawn(tell_ready(api.clone()));
        let digests = tokio::spawn(digest::keep(api, settings.digest.clone(), settings.names.clone()));
        let has_entered = tokio::select! {
            () = stop.as_mut() => false,
            () = node.entered(), if !node.is_online() => true,
        };
        telling.abort();
        digests.abort();
        if !has_entered {
            notify("STOPPING=1");
            context.out.note(say!(context.catalogue, "run-stopping"));
        }
        // Requests under way are answered first.
        closed = counter.close().await;
        settings.public = serving.public();
        serving.stop().await;
        node.shutdown().await;
        if !has_entered {
            return Ok(Exit::Ok);
        }
    }
}

/// Tells the service manager when the node is ready, by the rule of `/readyz`; until then, that it is on its way.
async fn tell_ready(api: Api) {
    let mut ready = pin!(api.ready());
    loop {
        match timeout(START_AGAIN, ready.as_mut()).await {
            Ok(()) => return notify("READY=1"),
            Err(_) => notify(&format!("EXTEND_TIMEOUT_USEC={}", 4 * START_AGAIN.as_micros())),
        }
    }
}

/// Opens a node in its network, or alone where it has none yet.
async fn open(data: &Path, settings: &Settings) -> Result<Node, StartError> {
    let config = |network| Config { dir: data.to_owned(), network, limits: settings.into() };
    match open_when_free(config(Some(settings.clone().into()))).await {
        Err(StartError::NoNetwork) => open_when_free(config(None)).await,
        opened => opened,
    }
}

/// Says where a node can be reached.
async fn tell(node: &Node, serving: &Serving, context: &Context) {
    let (public, office) = (public_url(serving), office_url(serving.office()));
    let listeners: Vec<String> = node.listeners().await.iter().map(ToString::to_string).collect();
    if context.out.json {
        context.out.object(&json!({
            "schema": SCHEMA, "author": node.author(), "data": node.dir(), "public": public, "office": office,
            "socket": serving.socket(), "listeners": listeners,
        }));
    }
    context.out.note(say!(context.catalogue, "run-ready", url = public, office = office));
    if !node.is_online() {
        context.out.note(say!(context.catalogue, "run-alone"));
    }
}

/// Shows the link by which the first administrator of the office is made, while there is none. It is for who starts
/// the node, not for its log.
async fn tell_set_up(node: &Node, counter: &Counter, context: &Context) -> Outcome<()> {
    let data = node.dir().display().to_string();
    let path = node
        .office()
        .set_up_path()
        .await
        .map_err(|error| failure!(Exit::Config, "error-folder", data = data).detail(causes(&error)))?;
    if let Some(path) = path {
        let url = format!("{}{}", office_url(counter.address()), path.trim_start_matches('/'));
        context.out.note(say!(context.catalogue, "run-set-up", url = url));
    }
    Ok(())
}

/// Serves a node.
pub(super) async fn serve(node: &Node, at: Addresses, names: &[HostName]) -> Outcome<Serving> {
    Serving::start(&Api::new(node.clone()), at, names).await.map_err(|error| not_served(&error))
}

/// Returns the failure for a node that cannot be served.
fn not_served(error: &ServeError) -> Box<Failure> {
    let failed = match error {
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
    failed.detail(causes(error))
}

/// Returns where readers reach a node.
pub(super) fn public_url(serving: &Serving) -> String {
    format!("http://{}/", serving.public())
}

/// Returns where a node's own people work.
pub(super) fn office_url(address: SocketAddr) -> String {
    format!("http://{address}/")
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
