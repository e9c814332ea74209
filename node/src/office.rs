//! The office: where the people of a collectivity work, signed in, each with a role.
//!
//! Its pages are on a listener of their own, together with the public's, and are made as those are
//! ([`crate::ui`]). What people write becomes a draft for the [`crate::Node`] as any other; nothing here decides
//! about entries. Invariant: on this listener nothing is written for whoever is not signed in with the role that
//! it takes. The Unix socket in the data folder asks for no account: it is the machine owner's.

pub mod account;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

pub use self::account::{Account, Role};
use crate::api::{Api, Failure};
use crate::ui::Visit;
use crate::ui::language::Language;
use crate::ui::page::{Page, Section};
use crate::view::{View, ViewError};

/// The folder of the office in the data folder.
const FOLDER: &str = "office";

/// What the office keeps; a clone is another handle to the same.
#[derive(Clone, Debug)]
pub struct Office(Arc<PathBuf>);

impl Office {
    /// Returns the office of a data folder.
    pub(crate) fn new(data: &Path) -> Self {
        Self(Arc::new(data.join(FOLDER)))
    }

    /// Returns the folder in which it keeps what it must not lose.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0
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
        Err(match Language::of_path(parts.uri.path()) {
            Some(language) => Redirect::to(&format!("/{}/office/sign-in", language.tag())).into_response(),
            None => Failure::NotSignedIn.into_response(),
        })
    }
}

/// Returns the routes of the office's pages.
pub(crate) fn router() -> Router<Api> {
    let mut router = Router::new();
    for language in Language::ALL {
        let at = |path: &str| format!("/{}/office{path}", language.tag());
        router = router.route(&at(""), get(home));
    }
    router.layer(from_fn(keep_nothing))
}

/// Says of every answer of the office that nobody keeps it.
async fn keep_nothing(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Finds out who sends each request.
pub(crate) fn recognise(router: Router<Api>, _api: &Api, _address: SocketAddr) -> Router<Api> {
    router.layer(from_fn(async |mut request: Request, next: Next| {
        request.extensions_mut().insert(Visitor(None));
        next.run(request).await
    }))
}

/// Passes on what writes for whoever may: records take a publisher, everything else an administrator.
pub(crate) async fn guard(signed_in: SignedIn, request: Request, next: Next) -> Result<Response, Failure> {
    let is_record = request.method() == Method::POST && request.uri().path().starts_with("/api/v1/records");
    signed_in.require(if is_record { Role::Publisher } else { Role::Administrator })?;
    Ok(next.run(request).await)
}

impl Api {
    /// Answers with a page of the office that `make` fills, as [`Api::show`] does.
    pub(crate) async fn show_in_office<T: askama::Template>(
        &self,
        visit: Visit,
        make: impl FnOnce(Page, View<'_>) -> Result<T, ViewError> + Send + 'static,
    ) -> Result<Response, Failure> {
        self.show(visit, Section::Office, make).await
    }
}

#[derive(Debug, askama::Template)]
#[template(path = "office/home.html")]
struct HomePage {
    page: Page,
}

/// `GET /office`: what waits for whoever is signed in.
async fn home(
    axum::extract::State(api): axum::extract::State<Api>,
    _signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    api.show_in_office(visit, |page, _| Ok(HomePage { page })).await
}
