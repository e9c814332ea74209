//! Who sends a request: by the session of a browser, or by the token of a program; and what they may write.
//!
//! A browser holds the id of its session in a cookie that no script and no other site can use. The file of
//! sessions holds hashes of the ids, so that who reads it cannot take one over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use multaqa_protocol::id::{EntryId, Millis, sha256};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore, session_store};

use super::account::{Account, AccountId, Role};
use super::secret::Secret;
use super::signed::Signature;
use super::{AccountError, Office, lock, make_dir};
use crate::api::{Api, Failure, MAX_REQUEST};
use crate::clock::now;
use crate::folder::{FolderError, write_whole};
use crate::ui::language::Language;
use crate::ui::link;

/// The file of sessions in the office's folder.
const SESSIONS: &str = "sessions.json";
/// Sessions of one office, two for every account: a computer and a telephone. Beyond, the one that ends first
/// ends at once.
pub(super) const MAX_SESSIONS: usize = 400;
/// How long a session lasts in which nothing is asked for: a long meeting.
const IDLE: Millis = 4 * 60 * 60 * 1_000;
/// How long one lasts at most: a working day, after which whoever finds the computer open finds it signed out.
pub(super) const LONGEST: Millis = 12 * 60 * 60 * 1_000;
/// How often it is noted that a session is in use, since that writes to the disk.
const NOTED: Millis = 5 * 60 * 1_000;
/// What a session keeps, under this name.
const STAY: &str = "stay";

/// What a session keeps of who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stay {
    account: AccountId,
    epoch: u32,
    since: Millis,
    noted: Millis,
}

/// The sessions of an office.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    sessions: Mutex<Option<BTreeMap<String, Record>>>,
}

impl Kept {
    pub(super) fn new(dir: &Path) -> Self {
        Self { path: dir.join(SESSIONS), sessions: Mutex::new(None) }
    }

    /// Returns how many there are.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.with(|sessions| sessions.len())
    }

    /// Looks at the sessions. A file that cannot be understood is as none: people sign in again.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut BTreeMap<String, Record>) -> T) -> T {
        let mut sessions = lock(&self.sessions);
        let sessions = sessions.get_or_insert_with(|| {
            let bytes = std::fs::read(&self.path).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        });
        look(sessions)
    }

    /// Changes the sessions and writes them.
    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Record>) -> T) -> Result<T, FolderError> {
        self.with(|sessions| {
            let told = change(sessions);
            let now = OffsetDateTime::now_utc();
            sessions.retain(|_, record| record.expiry_date > now);
            while sessions.len() > MAX_SESSIONS {
                let first = sessions.iter().min_by_key(|(_, record)| record.expiry_date);
                let Some(first) = first.map(|(name, _)| name.clone()) else { break };
                sessions.remove(&first);
            }
            if let Some(dir) = self.path.parent() {
                make_dir(dir)?;
            }
            write_whole(&self.path, &serde_json::to_vec(sessions).expect("a session is plain data"))?;
            Ok(told)
        })
    }
}

/// Returns by what a session is kept.
pub(super) fn name(id: &Id) -> String {
    hex::encode(sha256(&id.0.to_le_bytes()))
}

/// The store of sessions that tower-sessions asks.
#[derive(Clone, Debug)]
struct Store(Office);

impl Store {
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, Record>) -> T + Send + 'static,
    ) -> session_store::Result<T> {
        let office = self.0.clone();
        let changed = tokio::task::spawn_blocking(move || office.0.sessions.change(change)).await;
        changed
            .expect("changing sessions does not panic")
            .map_err(|error| session_store::Error::Backend(error.to_string()))
    }

    /// Returns what is kept of a session: without its id.
    fn kept(record: &Record) -> Record {
        Record { id: Id(0), ..record.clone() }
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let mut new = record.clone();
        *record = self
            .change(move |sessions| {
                while sessions.contains_key(&name(&new.id)) {
                    new.id = Id::default();
                }
                sessions.insert(name(&new.id), Self::kept(&new));
                new
            })
            .await?;
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let (name, kept) = (name(&record.id), Self::kept(record));
        self.change(move |sessions| drop(sessions.insert(name, kept))).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self.0.0.sessions.with(|sessions| sessions.get(&name(id)).cloned());
        let found = found.filter(|record| record.expiry_date > OffsetDateTime::now_utc());
        Ok(found.map(|record| Record { id: *id, ..record }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let name = name(id);
        self.change(move |sessions| drop(sessions.remove(&name))).await
    }
}

/// Who sent a request to the office's listener.
#[derive(Clone, Debug)]
pub(crate) struct Visitor(Option<Arc<Account>>);

impl Visitor {
    /// Returns the account, of one who is signed in.
    pub(crate) fn account(&self) -> Option<&Account> {
        self.0.as_deref()
    }
}

/// Who is signed in. As an argument of a handler it refuses everybody else: a page sends them to sign in.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// Whose request it is.
    pub(crate) account: Arc<Account>,
}

impl SignedIn {
    /// Refuses whoever has a lower role.
    pub(crate) fn require(&self, role: Role) -> Result<(), Failure> {
        if self.account.role >= role { Ok(()) } else { Err(Failure::RoleNeeded(role)) }
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let visitor = parts.extensions.get::<Visitor>();
        if let Some(account) = visitor.and_then(|visitor| visitor.0.clone()) {
            return Ok(Self { account });
        }
        let Some(language) = Language::of_path(parts.uri.path()) else {
            return Err(Failure::NotSignedIn.into_response());
        };
        let form = format!("/{}/office/sign-in", language.tag());
        // What was asked for follows the sign-in, where it can be asked for again.
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let to = match parts.method == Method::GET {
            true => format!("{form}?{}", link::query(&[("then", path)])),
            false => form,
        };
        Err(Redirect::to(&to).into_response())
    }
}

/// Finds out who sends each request, by sessions whose cookie a browser brings back by HTTPS only, unless people
/// reach the office on this machine alone.
pub(crate) fn recognise(router: Router<Api>, api: &Api, address: SocketAddr) -> Router<Api> {
    let idle = Duration::milliseconds(i64::try_from(IDLE).expect("a few hours"));
    // Several nodes may be on one machine, and a browser does not keep their cookies apart.
    let cookie = format!("multaqa-{}", &api.node.author().to_string()[..8]);
    let sessions = SessionManagerLayer::new(Store(api.office.clone()))
        .with_name(cookie)
        .with_secure(!address.ip().is_loopback())
        .with_same_site(SameSite::Strict)
        .with_expiry(Expiry::OnInactivity(idle));
    router.layer(from_fn_with_state(api.clone(), find_out)).layer(sessions)
}

async fn find_out(
    State(api): State<Api>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let account = match token(request.headers()) {
        Some(secret) if request.uri().path().starts_with("/api/") => {
            api.office.look(|book| book.token(&secret))?
        }
        _ => api.office.account_of(&session).await?,
    };
    request.extensions_mut().insert(Visitor(account.map(Arc::new)));
    Ok(next.run(request).await)
}

/// Returns the token that a program brings.
fn token(headers: &HeaderMap) -> Option<Secret> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    Some(Secret::brought(text.strip_prefix("Bearer ")?))
}

impl Office {
    /// Begins a session for an account. Its id is a new one, so that nobody who knew the old one comes in.
    pub(super) async fn begin(&self, session: &Session, id: AccountId) -> Result<(), Failure> {
        let time = now();
        let found = self
            .change(move |book| {
                book.visit(id, time, true)?;
                Ok(book.active(id))
            })
            .await?;
        let (_, epoch) = found.ok_or(AccountError::Unknown)?;
        session.cycle_id().await?;
        session.insert(STAY, Stay { account: id, epoch, since: time, noted: time }).await?;
        Ok(())
    }

    /// Returns the account of a session that still holds.
    async fn account_of(&self, session: &Session) -> Result<Option<Account>, Failure> {
        let Some(stay) = session.get::<Stay>(STAY).await? else { return Ok(None) };
        let (time, id) = (now(), stay.account);
        let active = self.look(|book| book.active(id))?;
        let holds = time.saturating_sub(stay.since) < LONGEST;
        let Some((account, _)) = active.filter(|(_, epoch)| holds && *epoch == stay.epoch) else {
            session.flush().await?;
            return Ok(None);
        };
        if time.saturating_sub(stay.noted) >= NOTED {
            session.insert(STAY, Stay { noted: time, ..stay }).await?;
            self.change(move |book| book.visit(id, time, false)).await?;
        }
        Ok(Some(account))
    }
}

/// What an answer says of what was signed.
#[derive(Deserialize)]
struct Said {
    id: EntryId,
    kind: String,
}

/// Passes on what writes for whoever may: what only prepares a draft takes an author, records take a publisher,
/// everything else an administrator. What was signed is noted.
pub(crate) async fn guard(
    State(api): State<Api>,
    signed_in: SignedIn,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    let (path, is_post) = (request.uri().path(), request.method() == Method::POST);
    let prepares = is_post && (path.ends_with("/attachments") || path.ends_with("/records/check"));
    let is_record = is_post && !prepares && path.contains("/records");
    signed_in.require(match (prepares, is_record) {
        (true, _) => Role::Author,
        (_, true) => Role::Publisher,
        _ => Role::Administrator,
    })?;
    if is_record && api.office.four_eyes()? {
        return Err(Failure::FourEyes);
    }
    let response = next.run(request).await;
    if response.status() != StatusCode::CREATED {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, MAX_REQUEST).await.map_err(|_| Failure::Stopped)?;
    if let Ok(Said { id, kind }) = serde_json::from_slice(&bytes) {
        api.office.note(Signature::now(&signed_in.account, None, &kind, id)).await?;
    }
    Ok(Response::from_parts(head, Body::from(bytes)))
}
