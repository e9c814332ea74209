//! One's own account: its role, and another password.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tower_sessions::Session;

use super::password::Password;
use super::{AccountError, SignedIn};
use crate::api::{Api, Failure};
use crate::ui::Visit;
use crate::ui::page::Page;

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    old: Password,
    password: Password,
    again: Password,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/account.html")]
struct AccountPage {
    refused: Option<String>,
    page: Page,
}

/// `GET /office/account`.
pub(super) async fn form(
    State(api): State<Api>,
    _signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    api.show_in_office(visit, |page, _| Ok(AccountPage { refused: None, page })).await
}

/// `POST /office/account`: another password. It ends the sessions of this account elsewhere.
pub(super) async fn change(
    State(api): State<Api>,
    signed_in: SignedIn,
    session: Session,
    visit: Visit,
    Form(Change { old, password, again }): Form<Change>,
) -> Result<Response, Failure> {
    let changed = match password.is(&again) {
        true => api.office.change_password(&signed_in.account, old, password).await,
        false => Err(AccountError::Differ),
    };
    match changed {
        Ok(()) => {
            api.office.begin(&session, signed_in.account.id).await?;
            Ok(Redirect::to(&format!("/{}/office", visit.language.tag())).into_response())
        }
        Err(error) => {
            api.show_again(visit, error, |page, why| AccountPage { refused: Some(why), page }).await
        }
    }
}
