//! What the pages of the office have in common: who may see them, where they lead, and forms that are shown again.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::AccountError;
use super::account::Role;
use crate::api::{Api, Failure};
use crate::ui::Visit;
use crate::ui::page::{Item, Page, Section};
use crate::view::{View, ViewError};

/// The pages of the office: the path, the message that names it, and the role that it takes.
const PAGES: [(&str, &str, Role); 7] = [
    ("/office", "office-home", Role::Reader),
    ("/office/drafts", "draft-list", Role::Reader),
    ("/office/people", "office-people", Role::Administrator),
    ("/office/settings", "office-settings", Role::Administrator),
    ("/office/network", "office-network", Role::Administrator),
    ("/office/signatures", "office-signatures", Role::Administrator),
    ("/office/account", "office-account", Role::Reader),
];

impl Page {
    /// Returns the navigation within the office, for who is signed in.
    pub(crate) fn office_navigation(&self) -> Vec<Item> {
        let Some(account) = self.account() else { return Vec::new() };
        let item = |(path, id, _): (&str, &str, Role)| Item {
            href: self.href(path),
            text: self.say(id),
            is_here: self.is_at(path),
        };
        PAGES.into_iter().filter(|(_, _, role)| account.role >= *role).map(item).collect()
    }

    /// Returns why something about accounts was not done.
    pub(crate) fn refusal(&self, error: &AccountError) -> String {
        self.say(&format!("office-refused-{}", error.code()))
    }
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

    /// Answers with a form that is shown again because what it said could not be done. A fault of this node is no
    /// matter of the form.
    pub(crate) async fn show_again<T: askama::Template>(
        &self,
        visit: Visit,
        error: AccountError,
        make: impl FnOnce(Page, String) -> T + Send + 'static,
    ) -> Result<Response, Failure> {
        let status = match error {
            AccountError::Folder(error) => return Err(error.into()),
            AccountError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let shown = self.show_in_office(visit, move |page, _| {
            let why = page.refusal(&error);
            Ok(make(page, why))
        });
        Ok((status, shown.await?).into_response())
    }
}
