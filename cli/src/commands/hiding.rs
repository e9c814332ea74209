//! `hide` and `unhide`: what this node does not show, and why.

use multaqa_node::api::types::{HideRequest, Hiding, List, ShowRequest, ShownAgain};

use super::member::time;
use crate::args;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::say;

/// Hides a record, or lists what is hidden.
pub(crate) async fn hide(args: args::Hide, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let list: Outcome<List<Hiding>> = match (args.id, args.reason) {
        (Some(record), Some(reason)) => client.post("/hidden", &HideRequest { record, reason }).await,
        _ => client.get("/hidden", &[]).await,
    };
    client.close().await;
    let list = list?;
    if context.out.json {
        context.out.object(&list);
    } else if list.items.is_empty() {
        context.out.note(say!(context.catalogue, "hidden-none"));
    } else {
        let head = ["head-id", "head-reason", "head-since"].map(|id| say!(context.catalogue, id));
        let row =
            |hiding: &Hiding| vec![hiding.record.to_string(), hiding.reason.clone(), time(hiding.since)];
        context.out.table(head.to_vec(), list.items.iter().map(row).collect());
    }
    Ok(Exit::Ok)
}

/// Shows a record again.
pub(crate) async fn unhide(id: &str, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let shown: Outcome<ShownAgain> =
        client.post("/hidden/lift", &ShowRequest { record: id.to_owned() }).await;
    client.close().await;
    let shown = shown?;
    if !shown.shown {
        return Err(failure!(Exit::Undecided, "error-not-hidden", id = id.to_owned()));
    }
    if context.out.json {
        context.out.object(&shown);
    } else {
        context.out.note(say!(context.catalogue, "hidden-lifted", id = id.to_owned()));
    }
    Ok(Exit::Ok)
}
