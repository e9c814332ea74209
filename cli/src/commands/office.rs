//! `office`: what opens the office, for the owner of the machine.

use multaqa_node::api::types::{OfficeLink, OfficeLinkRequest, OfficeToken, OfficeTokenRequest};

use super::settings;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::say;

/// Makes a link for one use: for whose password is lost, or for the first administrator.
pub(crate) async fn link(account: Option<String>, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let made: Outcome<OfficeLink> = client.post("/office/links", &OfficeLinkRequest { account }).await;
    client.close().await;
    let made = made?;
    if context.out.json {
        context.out.object(&made);
        return Ok(Exit::Ok);
    }
    let address = match made.address {
        Some(address) => address,
        None => settings(context)?.office,
    };
    context.out.line(format!("http://{address}{}", made.path));
    context.out.note(match made.address {
        Some(_) => say!(context.catalogue, "office-link-made"),
        None => say!(context.catalogue, "office-link-made-stopped"),
    });
    Ok(Exit::Ok)
}

/// Makes a token for a program.
pub(crate) async fn token(name: String, role: String, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let made: Outcome<OfficeToken> = client.post("/office/tokens", &OfficeTokenRequest { name, role }).await;
    client.close().await;
    let made = made?;
    if context.out.json {
        context.out.object(&made);
    } else {
        context.out.line(&made.token);
        context.out.note(say!(context.catalogue, "office-token-made"));
    }
    Ok(Exit::Ok)
}
