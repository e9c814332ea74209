//! The settings of the office: the rule of four eyes, and the languages in which the collectivity writes.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::account::Role;
use super::book::LANGUAGES;
use super::{OfficeSettings, SignedIn};
use crate::api::{Api, Failure};
use crate::ui::Visit;
use crate::ui::page::Page;

#[derive(Debug, askama::Template)]
#[template(path = "office/settings.html")]
struct SettingsPage {
    settings: OfficeSettings,
    languages: Vec<(&'static str, String, bool)>,
    refused: Option<String>,
    page: Page,
}

impl SettingsPage {
    fn new(settings: OfficeSettings, refused: Option<String>, page: Page) -> Self {
        Self { languages: languages(&settings.languages, &page), settings, refused, page }
    }
}

/// Returns the languages that may be chosen, with their names, and whether each is.
pub(super) fn languages(chosen: &[String], page: &Page) -> Vec<(&'static str, String, bool)> {
    let language = |tag: &'static str| (tag, page.language_name(tag), chosen.iter().any(|one| one == tag));
    LANGUAGES.map(language).to_vec()
}

/// Returns the values that a form gives for a name which may stand in it several times.
pub(super) fn values(form: &[u8], name: &str) -> Vec<String> {
    let pairs = url::form_urlencoded::parse(form);
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect()
}

/// `GET /office/settings`.
pub(super) async fn form(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let settings = api.office.settings()?;
    api.show_in_office(visit, |page, _| Ok(SettingsPage::new(settings, None, page))).await
}

/// `POST /office/settings`.
pub(super) async fn choose(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
    body: Bytes,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let four_eyes = !values(&body, "four_eyes").is_empty();
    let languages = values(&body, "language");
    match api.office.change(move |book| book.choose(four_eyes, &languages)).await {
        Ok(()) => Ok(Redirect::to(&format!("/{}/office/settings", visit.language.tag())).into_response()),
        Err(error) => {
            let settings = api.office.settings()?;
            api.show_again(visit, error, |page, why| SettingsPage::new(settings, Some(why), page)).await
        }
    }
}
