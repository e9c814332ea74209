//! The network of the node, for administrators: entered by an invitation, at once or later.

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use multaqa_protocol::id::NetworkId;
use serde::Deserialize;

use super::SignedIn;
use super::account::Role;
use super::signed::Signature;
use crate::api::{Api, Failure};
use crate::invitation::Invitation;
use crate::ui::Visit;
use crate::ui::page::Page;

/// The form.
#[derive(Debug, Deserialize)]
pub(super) struct Join {
    invitation: String,
}

#[derive(Debug, askama::Template)]
#[template(path = "office/network.html")]
struct NetworkPage {
    network: Option<NetworkId>,
    invitation: String,
    is_refused: bool,
    /// Whether it is a step of the set-up.
    is_set_up: bool,
    page: Page,
}

/// `GET /office/network`.
pub(super) async fn form(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let network = api.node.network();
    api.show_in_office(visit, move |page, _| {
        Ok(NetworkPage {
            network,
            invitation: String::new(),
            is_refused: false,
            is_set_up: page.is_first_visit(),
            page,
        })
    })
    .await
}

/// `POST /office/network`: asks to be a member of the network that an invitation names.
pub(super) async fn join(
    State(api): State<Api>,
    signed_in: SignedIn,
    visit: Visit,
    Form(Join { invitation }): Form<Join>,
) -> Result<Response, Failure> {
    signed_in.require(Role::Administrator)?;
    let Ok(read) = Invitation::read(invitation.trim()) else {
        let network = api.node.network();
        let shown = api.show_in_office(visit, move |page, _| {
            Ok(NetworkPage { network, invitation, is_refused: true, is_set_up: page.is_first_visit(), page })
        });
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, shown.await?).into_response());
    };
    let (entry, is_new) = api.enter(read, None).await?;
    if is_new {
        api.office.note(Signature::now(&signed_in.account, None, "join", entry)).await?;
    }
    Ok(Redirect::to(&format!("/{}/office", visit.language.tag())).into_response())
}
