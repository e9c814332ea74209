//! The head of a request that came by a listener: to whom it is addressed, how long it may be, and how
//! often its sender may come. What is asked within the process has no [`Caller`], and only its length is
//! looked at.
//!
//! Invariant: a request that names a host which is not this node's is answered by no handler, so that a
//! page of another site cannot read or command a node through a name that it makes point here (DNS
//! rebinding).

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use multaqa_protocol::engine::quota::Rate;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::clock::now;
use crate::knocks::Knocks;

/// Longest address with its parameters: what every filter at once takes, several times over.
pub(super) const MAX_ADDRESS: usize = 8 << 10;
/// Most bytes of all headers: a browser sends some two KiB.
pub(super) const MAX_HEADERS: usize = 16 << 10;
/// Requests of one address: 350 readers behind one router who open a page with its parts at once, then a
/// hundred a second, which is about half of one core. What comes from this machine is not counted: it is
/// a proxy, which has many readers behind it and limits of its own.
pub(super) const PACE: Rate = Rate { burst: 3_500, per_second: 100 };

/// A name under which readers reach a node: a host without a port, in small letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HostName(String);

/// Why a text is not the name of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not the name of a host, as open.tetouan.ma: no scheme, no port, no path")]
pub struct NotAHost {
    /// What was given.
    pub text: String,
}

impl TryFrom<String> for HostName {
    type Error = NotAHost;

    fn try_from(text: String) -> Result<Self, NotAHost> {
        let authority: Option<Authority> = text.parse().ok();
        let is_host = authority.as_ref().is_some_and(|authority| authority.host() == text);
        if is_host { Ok(Self(text.to_ascii_lowercase())) } else { Err(NotAHost { text }) }
    }
}

impl From<HostName> for String {
    fn from(name: HostName) -> Self {
        name.0
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a listener knows of all that come.
#[derive(Debug)]
pub(super) struct Door {
    names: BTreeSet<HostName>,
    knocks: Mutex<Knocks>,
}

impl Door {
    pub(super) fn new(names: impl IntoIterator<Item = HostName>) -> Self {
        Self { names: names.into_iter().collect(), knocks: Mutex::new(Knocks::new(PACE)) }
    }
}

/// Who sent a request, and where it came in.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The sender's address; none on a Unix socket.
    pub(super) from: Option<IpAddr>,
    /// The address of this machine to which it connected; none on a Unix socket.
    pub(super) to: Option<IpAddr>,
    pub(super) door: Arc<Door>,
}

impl Caller {
    /// Tells whether the sender may come once more.
    fn keeps_pace(&self) -> bool {
        let Some(from) = self.from.filter(|from| !from.is_loopback()) else { return true };
        // A table that a panic left behind counts on.
        self.door.knocks.lock().unwrap_or_else(PoisonError::into_inner).take(from, now())
    }

    /// Tells whether a host is this node: by a configured name, as this machine, or by the address to
    /// which the sender connected.
    fn is_own(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        match address.map(|address| address.to_canonical()) {
            Some(address) => address.is_loopback() || Some(address) == self.to,
            None => host == "localhost" || self.door.names.contains(&HostName(host)),
        }
    }
}

/// Passes a request on whose head is as it must be.
pub(super) async fn check(request: Request, next: Next) -> Result<Response, Failure> {
    check_length(request.uri(), request.headers())?;
    if let Some(caller) = request.extensions().get::<Caller>() {
        if !caller.keeps_pace() {
            return Err(Failure::TooOften);
        }
        check_host(caller, request.uri(), request.headers())?;
    }
    Ok(next.run(request).await)
}

fn check_length(uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    if uri.path_and_query().map_or(0, |path| path.as_str().len()) > MAX_ADDRESS {
        return Err(Failure::LongAddress);
    }
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > MAX_HEADERS { Err(Failure::LongHeaders) } else { Ok(()) }
}

fn check_host(caller: &Caller, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
    let mut named = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else { return Err(Failure::BadHost) };
    let host: Authority = host.to_str().ok().and_then(|host| host.parse().ok()).ok_or(Failure::BadHost)?;
    // The address of a request can name a host too, and handlers would go by that one.
    for host in [Some(&host), uri.authority()].into_iter().flatten() {
        if !caller.is_own(host.host()) {
            return Err(Failure::ForeignHost(host.host().chars().take(100).collect()));
        }
    }
    Ok(())
}
