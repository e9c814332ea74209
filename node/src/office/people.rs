//! Who works in the office, and which programs write by a token: for administrators.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::account::{AccountId, Role};
use super::book::{Person, Program, Purpose};
use super::secret::Secret;
use super::{AccountError, SignedIn, link_path, link_until};
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::ui::Visit;
use crate::ui::page::Page;

/// Somebody, or a program, that is added.
#[derive(Debug, Deserialize)]
pub(super) struct New {
    name: String,
    role: String,
}

/// What an account may do from now on.
#[derive(Debug, Deserialize)]
pub(super) struct Change {
    role: String,
    #[serde(default)]
    active: Option<String>,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/people.html")]
struct PeoplePage {
    people: Vec<Person>,
    programs: Vec<Program>,
    refused: Option<String>,
    page: Page,
}

impl PeoplePage {
    fn roles(&self) -> Vec<(Role, String)> {
        Role::ALL.map(|role| (role, self.page.code("office-role", role.code()))).to_vec()
    }
}

#[derive(Debug, askama::Template)]
#[template(path = "office/handed.html")]
struct HandedPage {
    title: String,
    about: String,
    /// What is shown this once.
    text: String,
    page: Page,
}

fn role(code: &str) -> Result<Role, AccountError> {
    Role::of_code(code).ok_or(AccountError::NoSuchRole)
}

impl Api {
    /// Shows the page, or goes back to it, after something was done or not.
    async fn back_to_people(
        &self,
        visit: Visit,
        done: Result<(), AccountError>,
    ) -> Result<Response, Failure> {
        let people = self.office.look(|book| (book.people(), book.programs()))?;
        match done {
            Ok(()) => Ok(Redirect::to(&format!("/{}/office/people", visit.language.tag())).into_response()),
            Err(error) => {
                self.show_again(visit, error, |page, why| {
                    let (people, programs) = people;
                    PeoplePage { people, programs, refused: Some(why), page }
                })
                .await
            }
        }
    }

    /// Shows a link once to who hands it on.
    async fn hand(&self, visit: Visit, name: String, secret: Secret) -> Result<Response, Failure> {
        let text = format!("{}{}", visit.base.root(), link_path(visit.language, &secret));
        self.show_in_office(visit, move |page, _| {
            let about = page.tell(
                "office-link-about",
                &[
                    ("name", crate::ui::text::isolated(&name).into()),
                    ("until", page.language.moment(link_until()).into()),
                ],
            );
            Ok(HandedPage { title: page.say("office-link-title"), about, text, page })
        })
        .await
    }
}

/// `GET /office/people`.
pub(super) async fn people(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let (people, programs) = api.office.look(|book| (book.people(), book.programs()))?;
    api.show_in_office(visit, |page, _| Ok(PeoplePage { people, programs, refused: None, page })).await
}

/// `POST /office/people`: adds somebody, and shows the link by which they choose a password.
pub(super) async fn add(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
    Form(New { name, role: code }): Form<New>,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let called = name.clone();
    let added = api.office.change(move |book| {
        let id = book.add(&called, role(&code)?, now())?;
        Ok(book.link(Purpose::Password(id), now()))
    });
    match added.await {
        Ok(secret) => api.hand(visit, name, secret).await,
        Err(error) => api.back_to_people(visit, Err(error)).await,
    }
}

/// `POST /office/people/{id}`: another role, no work any longer, or work again.
pub(super) async fn change(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<u32>,
    visit: Visit,
    Form(Change { role: code, active }): Form<Change>,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let changed =
        api.office.change(move |book| book.set(AccountId(id), role(&code)?, active.is_some())).await;
    api.back_to_people(visit, changed).await
}

/// `POST /office/people/{id}/link`: a new link for a password that is lost. The old password holds until the link
/// is used.
pub(super) async fn link(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<u32>,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let made = api.office.change(move |book| {
        let name = book.name_of(AccountId(id)).ok_or(AccountError::Unknown)?;
        book.active(AccountId(id)).ok_or(AccountError::Unknown)?;
        Ok((name, book.link(Purpose::Password(AccountId(id)), now())))
    });
    match made.await {
        Ok((name, secret)) => api.hand(visit, name, secret).await,
        Err(error) => api.back_to_people(visit, Err(error)).await,
    }
}

/// `POST /office/programs`: a token for a program, shown once.
pub(super) async fn add_program(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
    Form(New { name, role: code }): Form<New>,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let made = api.office.change(move |book| book.add_token(&name, role(&code)?, now()));
    match made.await {
        Ok(secret) => {
            api.show_in_office(visit, move |page, _| {
                let (title, about) = (page.say("office-token-title"), page.say("office-token-about"));
                Ok(HandedPage { title, about, text: secret.text().to_owned(), page })
            })
            .await
        }
        Err(error) => api.back_to_people(visit, Err(error)).await,
    }
}

/// `POST /office/programs/{id}/end`: the token opens nothing any longer.
pub(super) async fn end_program(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<u32>,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let ended = api.office.change(move |book| book.drop_token(AccountId(id))).await;
    api.back_to_people(visit, ended).await
}
