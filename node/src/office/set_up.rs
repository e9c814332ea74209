//! The first administrator, by the one-time link that the console shows while there is none.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;

use super::AccountError;
use super::book::Purpose;
use super::password::Password;
use super::secret::Secret;
use super::settings::{languages, values};
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::ui::Visit;
use crate::ui::page::Page;

#[derive(Debug, askama::Template)]
#[template(path = "office/set_up.html")]
struct SetUpPage {
    /// Whether the link opens.
    is_open: bool,
    name: String,
    languages: Vec<(&'static str, String, bool)>,
    refused: Option<String>,
    page: Page,
}

impl Api {
    fn is_open(&self, secret: &Secret) -> Result<(), AccountError> {
        match self.office.look(|book| book.purpose(secret, now()))?? {
            Purpose::SetUp => Ok(()),
            Purpose::Password(_) => Err(AccountError::BadLink),
        }
    }
}

fn closed(page: Page, why: String) -> SetUpPage {
    SetUpPage { is_open: false, name: String::new(), languages: Vec::new(), refused: Some(why), page }
}

/// `GET /office/setup/{secret}`.
pub(super) async fn form(
    State(api): State<Api>,
    Path(secret): Path<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    if let Err(error) = api.is_open(&Secret::brought(&secret)) {
        return api.show_again(visit, error, closed).await;
    }
    let settings = api.office.settings()?;
    api.show_in_office(visit, move |page, _| {
        let languages = languages(&settings.languages, &page);
        Ok(SetUpPage { is_open: true, name: String::new(), languages, refused: None, page })
    })
    .await
}

/// `POST /office/setup/{secret}`.
pub(super) async fn make(
    State(api): State<Api>,
    Path(secret): Path<String>,
    session: Session,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    let secret = Secret::brought(&secret);
    if let Err(error) = api.is_open(&secret) {
        return api.show_again(visit, error, closed).await;
    }
    let one = |name: &str| values(&body, name).pop().unwrap_or_default();
    let (name, chosen) = (one("name"), values(&body, "language"));
    let (password, again) = (Password::from(one("password")), Password::from(one("again")));
    let entered = match password.is(&again) {
        true => api.office.enter(secret, Some(name.clone()), password, Some(chosen.clone())).await,
        false => Err(AccountError::Differ),
    };
    match entered {
        Ok(id) => {
            api.office.begin(&session, id).await?;
            // A node without a network asks for an invitation first.
            let next = if api.node.network().is_none() { "/office/network" } else { "/office" };
            Ok(Redirect::to(&format!("/{}{next}", visit.language.tag())).into_response())
        }
        Err(error) => {
            api.show_again(visit, error, move |page, why| {
                let languages = languages(&chosen, &page);
                SetUpPage { is_open: true, name, languages, refused: Some(why), page }
            })
            .await
        }
    }
}
