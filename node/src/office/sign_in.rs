//! Signing in and out.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::password::Password;
use crate::api::{Api, Failure};
use crate::ui::Visit;
use crate::ui::language::Language;
use crate::ui::page::Page;

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Then {
    #[serde(default)]
    then: String,
}

impl Then {
    /// Returns the address, which is one of this node's pages whatever was asked for.
    fn path(self, language: Language) -> String {
        let is_page = Language::of_path(&self.then).is_some()
            && self.then.starts_with('/')
            && !self.then.starts_with("//")
            && !self.then.contains(['\\', '\r', '\n']);
        if is_page { self.then } else { format!("/{}/office", language.tag()) }
    }
}

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct SignIn {
    name: String,
    password: Password,
    #[serde(default)]
    then: String,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/sign_in.html")]
struct SignInPage {
    name: String,
    then: String,
    refused: Option<String>,
    /// Whether there is nobody yet who could.
    is_new: bool,
    /// Whether the browser would keep the cookie to itself: it sends it by HTTPS only.
    needs_https: bool,
    page: Page,
}

impl Api {
    /// Tells whether signing in cannot work the way in which somebody came.
    fn needs_https(&self, visit: &Visit) -> bool {
        let is_far = self.office.address().is_some_and(|address| !address.ip().is_loopback());
        is_far && !visit.base.root().starts_with("https:")
    }
}

/// `GET /office/sign-in`.
pub(super) async fn form(
    State(api): State<Api>,
    Query(then): Query<Then>,
    visit: Visit,
) -> Result<Response, Failure> {
    let then = then.path(visit.language);
    if visit.visitor.as_ref().is_some_and(|visitor| visitor.account().is_some()) {
        return Ok(Redirect::to(&then).into_response());
    }
    let is_new = !api.office.has_administrator()?;
    let needs_https = api.needs_https(&visit);
    api.show_in_office(visit, move |page, _| {
        Ok(SignInPage { name: String::new(), then, refused: None, is_new, needs_https, page })
    })
    .await
}

/// `POST /office/sign-in`.
pub(super) async fn sign_in(
    State(api): State<Api>,
    session: Session,
    visit: Visit,
    Form(SignIn { name, password, then }): Form<SignIn>,
) -> Result<Response, Failure> {
    let then = Then { then }.path(visit.language);
    match api.office.check(&name, password).await {
        Ok(id) => {
            api.office.begin(&session, id).await?;
            Ok(Redirect::to(&then).into_response())
        }
        Err(error) => {
            let needs_https = api.needs_https(&visit);
            api.show_again(visit, error, move |page, why| SignInPage {
                name,
                then,
                refused: Some(why),
                is_new: false,
                needs_https,
                page,
            })
            .await
        }
    }
}

/// `POST /office/sign-out`.
pub(super) async fn sign_out(session: Session, visit: Visit) -> Result<Response, Failure> {
    session.flush().await?;
    Ok(Redirect::to(&format!("/{}/office/sign-in", visit.language.tag())).into_response())
}
