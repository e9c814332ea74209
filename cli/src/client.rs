//! How a verb asks a node: the running one through the Unix socket in its data folder, or, where none
//! runs, one that this process opens for the length of the verb, without a network. Both answer by
//! the same router, so a verb cannot tell them apart.

mod answer;

pub(crate) use answer::not_opened;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Response, Uri, header};
use axum::{Router, body};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use multaqa_node::api::socket::SOCKET;
use multaqa_node::{Config, Limits, Node, StartError, api};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::commands::settings;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};

/// Where the routes of version 1 are.
const BASE: &str = "/api/v1";
/// How a proxy says by which scheme it was asked; so does this client.
const FORWARDED_PROTO: &str = "x-forwarded-proto";
/// How long a node may take to begin its answer, and to go on with it.
const ANSWER: Duration = Duration::from_secs(60);
/// How long it may take to check and store a bundle.
const IMPORT: Duration = Duration::from_mins(10);
/// What a bundle is on the wire.
const BUNDLE: &str = "application/cbor-seq";
/// What a file is on the wire, whose type the node tells from its content.
const FILE: &str = "application/octet-stream";
/// How long a verb waits for another one that has the data folder open.
const FOLDER: Duration = Duration::from_secs(10);
/// How often it looks meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// Longest JSON answer that is read, far above a page of records.
const MAX_ANSWER: usize = 64 << 20;

/// Opens a node, waiting up to [`FOLDER`] for another verb that has its folder open.
pub(crate) async fn open_when_free(config: Config) -> Result<Node, StartError> {
    let deadline = tokio::time::Instant::now() + FOLDER;
    loop {
        match Node::open(config.clone()).await {
            Err(error) if answer::is_locked(&error) && tokio::time::Instant::now() < deadline => {
                sleep(LOOK).await;
            }
            opened => return opened,
        }
    }
}

/// A way to ask a node.
pub(crate) struct Client {
    way: Way,
    /// The address under which readers reach the node, for the links in what it gives out.
    base: Uri,
}

enum Way {
    /// The node that runs, by its socket.
    Running(PathBuf),
    /// A node of this process.
    Opened { router: Router, node: Option<Node> },
}

impl Client {
    /// Returns the running node, or else opens the folder.
    pub(crate) async fn connect(context: &Context) -> Outcome<Self> {
        let (data, deadline) = (context.data(), tokio::time::Instant::now() + FOLDER);
        loop {
            if let Some(client) = Self::running(context).await? {
                return Ok(client);
            }
            let limits = Limits::from(&settings(context)?);
            match Node::open(Config { limits, ..Config::alone(data.clone()) }).await {
                Ok(node) => {
                    let router = api::office(node.clone());
                    return Ok(Self::by(Way::Opened { router, node: Some(node) }));
                }
                // The other one may be a node that is just starting.
                Err(error) if answer::is_locked(&error) && tokio::time::Instant::now() < deadline => {
                    sleep(LOOK).await;
                }
                Err(error) => return Err(not_opened(&error, &data)),
            }
        }
    }

    /// Returns the running node; a failure where none runs.
    pub(crate) async fn connect_running(context: &Context) -> Outcome<Self> {
        let data = context.data().display().to_string();
        Self::running(context).await?.ok_or_else(|| failure!(Exit::NoNode, "error-no-node", data = data))
    }

    /// Returns a client of a node that this process runs anyway.
    pub(crate) fn of(router: Router) -> Self {
        Self::by(Way::Opened { router, node: None })
    }

    fn by(way: Way) -> Self {
        // The office answers to its own names only.
        Self { way, base: Uri::from_static("http://localhost") }
    }

    /// Asks as readers do who reach the node at `base`, an address with a host.
    pub(crate) fn asked_at(self, base: Uri) -> Self {
        Self { base, ..self }
    }

    async fn running(context: &Context) -> Outcome<Option<Self>> {
        let data = context.data();
        if !data.join("version").exists() {
            return Err(failure!(Exit::Config, "error-no-folder", data = data.display().to_string()));
        }
        Ok(Self::is_answered(&data).await.then(|| Self::by(Way::Running(data.join(SOCKET)))))
    }

    /// Tells whether a node runs in a folder. A socket that nobody listens on was left by one that was
    /// killed.
    pub(crate) async fn is_answered(data: &Path) -> bool {
        UnixStream::connect(data.join(SOCKET)).await.is_ok()
    }

    /// Tells whether a node runs.
    pub(crate) const fn is_running(&self) -> bool {
        matches!(self.way, Way::Running(_))
    }

    /// Closes the node that was opened for this verb.
    pub(crate) async fn close(self) {
        if let Way::Opened { node: Some(node), .. } = self.way {
            node.shutdown().await;
        }
    }

    /// Asks for a JSON answer.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Outcome<T> {
        read(self.ask(Method::GET, path, query, Body::empty(), None).await?).await
    }

    /// Sends a JSON request and reads the JSON answer.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, request: &impl Serialize) -> Outcome<T> {
        let bytes = serde_json::to_vec(request).expect("requests are plain values");
        read(self.ask(Method::POST, path, &[], Body::from(bytes), Some("application/json")).await?).await
    }

    /// Sends a bundle and reads the JSON answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, path: &str, bundle: Vec<u8>) -> Outcome<T> {
        read(self.ask(Method::POST, path, &[], Body::from(bundle), Some(BUNDLE)).await?).await
    }

    /// Sends a file and reads the JSON answer.
    pub(crate) async fn attach<T: DeserializeOwned>(&self, path: &str, file: Vec<u8>) -> Outcome<T> {
        read(self.ask(Method::POST, path, &[], Body::from(file), Some(FILE)).await?).await
    }

    /// Asks for bytes and writes them as they come; returns how many there were.
    pub(crate) async fn download(
        &self,
        path: &str,
        query: &[(&str, &str)],
        to: &mut (impl Write + ?Sized),
        name: &str,
    ) -> Outcome<u64> {
        let mut body = self.ask(Method::GET, path, query, Body::empty(), None).await?.into_body();
        let mut total = 0;
        while let Some(frame) = timed(ANSWER, body.frame()).await? {
            let frame = frame.map_err(|error| failure!(Exit::Unreachable, "error-answer").detail(error))?;
            if let Some(bytes) = frame.data_ref() {
                let written = to.write_all(bytes);
                written.map_err(|error| {
                    failure!(Exit::Other, "error-write", path = name.to_owned()).detail(error)
                })?;
                total += bytes.len() as u64;
            }
        }
        Ok(total)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Body,
        content: Option<&str>,
    ) -> Outcome<Response<Body>> {
        let mut request = Request::builder()
            .method(method)
            .uri(uri(path, query))
            .header(header::HOST, self.base.authority().map_or("localhost", |host| host.as_str()))
            .header(FORWARDED_PROTO, self.base.scheme_str().unwrap_or("http"))
            .body(body)
            .expect("a path and a query make a request");
        if let Some(content) = content {
            let value = content.parse().expect("content types are valid headers");
            request.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        let limit = if content == Some(BUNDLE) { IMPORT } else { ANSWER };
        let response = match &self.way {
            Way::Running(socket) => timed(limit, over(socket, request)).await??,
            Way::Opened { router, .. } => {
                let Ok(response) = timed(limit, router.clone().oneshot(request)).await?;
                response
            }
        };
        if response.status().is_success() { Ok(response) } else { Err(answer::refused(response).await) }
    }
}

async fn over(socket: &Path, request: Request<Body>) -> Outcome<Response<Body>> {
    let broken = |error: &dyn std::fmt::Display| failure!(Exit::Unreachable, "error-answer").detail(error);
    let stream = UnixStream::connect(socket).await.map_err(|error| broken(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    // It ends with the body of the answer.
    tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
    Ok(response.map(Body::new))
}

async fn timed<T>(limit: Duration, work: impl Future<Output = T>) -> Outcome<T> {
    let seconds = limit.as_secs();
    timeout(limit, work).await.map_err(|_| failure!(Exit::Unreachable, "error-timeout", seconds = seconds))
}

async fn read<T: DeserializeOwned>(response: Response<Body>) -> Outcome<T> {
    let bytes: Bytes = timed(ANSWER, body::to_bytes(response.into_body(), MAX_ANSWER))
        .await?
        .map_err(|error| failure!(Exit::Unreachable, "error-answer").detail(error))?;
    serde_json::from_slice(&bytes).map_err(|error| failure!(Exit::Other, "error-answer").detail(error))
}

fn uri(path: &str, query: &[(&str, &str)]) -> Uri {
    let mut text = format!("{BASE}{path}");
    for (at, (name, value)) in query.iter().enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        text.push('=');
        text.push_str(&escape(value));
    }
    text.parse().expect("escaped text makes a path")
}

/// Returns text as it stands in a path or query.
pub(crate) fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => (byte as char).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
