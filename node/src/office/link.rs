//! Choosing a password by a link for one use: for somebody new, or whose password is lost.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::AccountError;
use super::book::Purpose;
use super::password::Password;
use super::secret::Secret;
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::ui::Visit;
use crate::ui::page::Page;

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    password: Password,
    again: Password,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/choose.html")]
struct ChoosePage {
    /// Whose password it is; nobody's where the link opens nothing.
    name: Option<String>,
    refused: Option<String>,
    page: Page,
}

impl Api {
    /// Returns whose password a link is for.
    fn name_for(&self, secret: &Secret) -> Result<String, AccountError> {
        match self.office.look(|book| book.purpose(secret, now()))?? {
            Purpose::Password(id) => self.office.look(|book| book.name_of(id))?.ok_or(AccountError::BadLink),
            Purpose::SetUp => Err(AccountError::BadLink),
        }
    }
}

/// `GET /office/link/{secret}`. Looking at it does not use it up.
pub(super) async fn form(
    State(api): State<Api>,
    Path(secret): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    match api.name_for(&Secret::brought(&secret)) {
        Ok(name) => {
            let name = Some(name);
            api.show_in_office(visit, |page, _| Ok(ChoosePage { name, refused: None, page })).await
        }
        Err(error) => api.show_again(visit, error, closed).await,
    }
}

fn closed(page: Page, why: String) -> ChoosePage {
    ChoosePage { name: None, refused: Some(why), page }
}

/// `POST /office/link/{secret}`.
pub(super) async fn choose(
    State(api): State<Api>,
    Path(secret): Path<String>,
    session: Session,
    visit: Visit,
    Form(Choice { password, again }): Form<Choice>,
) -> Result<Response, Failure> {
    let secret = Secret::brought(&secret);
    let name = match api.name_for(&secret) {
        Ok(name) => name,
        Err(error) => return api.show_again(visit, error, closed).await,
    };
    let entered = match password.is(&again) {
        true => api.office.enter(secret, None, password, None).await,
        false => Err(AccountError::Differ),
    };
    match entered {
        Ok(id) => {
            api.office.begin(&session, id).await?;
            Ok(Redirect::to(&format!("/{}/office", visit.language.tag())).into_response())
        }
        Err(error) => {
            let name = Some(name);
            api.show_again(visit, error, |page, why| ChoosePage { name, refused: Some(why), page }).await
        }
    }
}
