//! The routes by which the owner of the machine opens the office: links for one use, and tokens of programs.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;

use super::failure::Failure;
use super::types::{
    OFFICE_LINK, OFFICE_TOKEN, OfficeLink, OfficeLinkRequest, OfficeToken, OfficeTokenRequest,
};
use super::{Api, reply};
use crate::clock::now;
use crate::office::{AccountError, Role, link_until};

/// Makes a link for one use, by which an account chooses a password, or the first administrator is made.
#[utoipa::path(
    post,
    path = "/office/links",
    tag = "office",
    request_body = OfficeLinkRequest,
    responses((status = 201, description = "It is made, and told this once", body = OfficeLink))
)]
pub(super) async fn link(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let OfficeLinkRequest { account } = reply::request(&body)?;
    let set_up = if account.is_none() { api.office.set_up_path().await? } else { None };
    let path = match set_up {
        Some(path) => path,
        None => api.office.password_path(account).await?,
    };
    let (address, until) = (api.office.address(), link_until());
    Ok(reply::created(&OfficeLink { schema: OFFICE_LINK.into(), path, address, until }))
}

/// Makes a token for a program.
#[utoipa::path(
    post,
    path = "/office/tokens",
    tag = "office",
    request_body = OfficeTokenRequest,
    responses((status = 201, description = "It is made, and told this once", body = OfficeToken))
)]
pub(super) async fn token(State(api): State<Api>, body: Bytes) -> Result<Response, Failure> {
    let OfficeTokenRequest { name, role } = reply::request(&body)?;
    let role = Role::of_code(&role).ok_or(AccountError::NoSuchRole)?;
    let secret = api.office.change(move |book| book.add_token(&name, role, now())).await?;
    Ok(reply::created(&OfficeToken { schema: OFFICE_TOKEN.into(), token: secret.text().to_owned() }))
}
