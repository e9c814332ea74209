//! `digest`: the e-mail digest as it would be sent now, shown or sent. What the node itself has sent, and when, is
//! not touched.

use multaqa_node::config::Settings;
use multaqa_node::digest::{Letter, Post, base};
use serde_json::json;

use super::causes;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Schema of what is shown.
const SCHEMA: &str = "multaqa/digest/1";

/// Shows the digest.
pub(crate) async fn preview(context: &Context) -> Outcome {
    let (_, letter) = made(context).await?;
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "digest": letter }));
    } else {
        context.out.raw(&letter.text);
    }
    Ok(Exit::Ok)
}

/// Sends the digest to those whom the settings name, whether one is due or not.
pub(crate) async fn send(context: &Context) -> Outcome {
    let (settings, letter) = made(context).await?;
    let id = format!("<try.{}@multaqa.invalid>", jiff::Timestamp::now().as_nanosecond());
    let sent = async { Post::new(&settings.digest)?.send(&letter, &id).await }.await;
    sent.map_err(|error| failure!(Exit::Unreachable, "error-digest").detail(causes(&error)))?;
    let count = settings.digest.to.len();
    if context.out.json {
        context.out.object(&json!({ "schema": SCHEMA, "sent": count }));
    } else {
        context.out.note(say!(context.catalogue, "digest-sent", count = count));
    }
    Ok(Exit::Ok)
}

/// Has the node write it, by the settings of its file.
async fn made(context: &Context) -> Outcome<(Settings, Letter)> {
    let settings = super::settings(context)?;
    let lang = serde_json::to_value(settings.digest.lang).expect("a language is plain data");
    let base = base(&settings.names);
    let mut query = vec![("lang", lang.as_str().unwrap_or_default())];
    query.extend(base.as_deref().map(|base| ("base", base)));
    let client = Client::connect(context).await?;
    let letter: Outcome<Letter> = client.get("/digest", &query).await;
    client.close().await;
    Ok((settings, letter?))
}
