//! `show` and `history`: one record, who signed it, and how it came to be what it is.

use multaqa_node::api::types::{Confirmation, History, MemberDetail, Record, Resolved, SignatureStatus};
use multaqa_protocol::entry::INCEPTION;

use super::fields::{Named, fields_of};
use super::init::best;
use super::list::{frozen, kind, marked};
use super::member::{also, called, place, time};
use crate::client::{Client, escape};
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::say;
use crate::output::short;

/// Most records of which a shown one's references tell the name; each is asked for by itself.
const MAX_NAMED: usize = 16;

/// Shows a record with its author, its place and whether its signature is good.
pub(crate) async fn show(id: &str, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let record: Outcome<Record> = client.get(&format!("/records/{}", escape(id)), &[]).await;
    // An author's id is that of its first entry: whoever asks for it asks how its log is, too.
    let author = record.as_ref().ok().filter(|record| record.item.kind == INCEPTION);
    let detail: Option<MemberDetail> = match author {
        Some(record) => client.get(&format!("/members/{}", record.item.author), &[]).await.ok(),
        None => None,
    };
    let named = match &record {
        Ok(record) if !context.out.json => named(record, &client, context).await,
        _ => Named::new(),
    };
    client.close().await;
    let record = record?;
    if context.out.json {
        context.out.object(&record);
    } else {
        text(&record, &named, context);
        detail.iter().for_each(|detail| frozen(detail, context));
    }
    Ok(match record.signed.status {
        SignatureStatus::Verified => Exit::Ok,
        SignatureStatus::Forged => Exit::Forged,
        SignatureStatus::Undecided => Exit::Undecided,
    })
}

fn text(record: &Record, named: &Named, context: &Context) {
    let catalogue = &context.catalogue;
    let item = &record.item;
    let title = best(&item.title, context);
    if !title.is_empty() {
        context.out.line(title);
        context.out.line("");
    }
    let author = format!("{} ({})", best(&item.names, context), item.author);
    let mut rows = vec![
        (say!(catalogue, "head-id"), item.id.to_string()),
        (say!(catalogue, "head-kind"), kind(&item.kind, catalogue)),
        (say!(catalogue, "head-author"), author),
        (say!(catalogue, "head-place"), confirmed(item.place.as_deref(), &item.confirmation, context)),
        (say!(catalogue, "head-time"), say!(catalogue, "time-claimed", time = time(item.time))),
        (say!(catalogue, "head-status"), marked(item.status, item.body, item.disowned.as_ref(), catalogue)),
        (say!(catalogue, "head-signature"), signature(record, context)),
    ];
    if record.versions > 1 || record.replaced_by.is_some() {
        let versions = match record.replaced_by {
            Some(newer) => say!(catalogue, "show-replaced", id = newer.to_string()),
            None => say!(catalogue, "show-versions", count = record.versions),
        };
        rows.push((say!(catalogue, "head-versions"), versions));
    }
    if let Some(hiding) = &record.hidden {
        let text = say!(catalogue, "show-hidden", time = time(hiding.since), reason = hiding.reason.clone());
        rows.push((say!(catalogue, "body-hidden"), text));
    }
    if let Some(withdrawal) = &record.withdrawal {
        for by in &withdrawal.by {
            let name = best(&by.who.names, context);
            let name = if name.is_empty() { by.who.author.to_string() } else { name };
            let text = say!(
                catalogue,
                "show-withdrawn",
                name = name,
                time = time(by.time),
                reason = by.reason.clone()
            );
            rows.push((say!(catalogue, "status-withdrawn"), text));
        }
    }
    for before in &record.continues {
        rows.push((say!(catalogue, "head-continues"), called(before, context)));
    }
    for after in &record.continued_by {
        rows.push((say!(catalogue, "head-continued-by"), called(after, context)));
    }
    if let Some(reason) = &record.unreadable {
        rows.push((say!(catalogue, "body-unreadable"), reason.clone()));
    }
    for (name, value) in rows {
        context.out.line(say!(catalogue, "status-row", name = name, value = value));
    }
    if let Some(fields) = &record.fields {
        context.out.line("");
        fields_of(&item.kind, fields, named, context);
    }
}

fn signature(record: &Record, context: &Context) -> String {
    let catalogue = &context.catalogue;
    let key = record.signed.key.map(|key| short(&key.to_string())).unwrap_or_default();
    match record.signed.status {
        SignatureStatus::Verified => say!(catalogue, "signature-verified", key = key),
        SignatureStatus::Forged => say!(catalogue, "signature-forged", key = key),
        SignatureStatus::Undecided => say!(catalogue, "signature-undecided"),
    }
}

fn confirmed(code: Option<&str>, confirmation: &Confirmation, context: &Context) -> String {
    let catalogue = &context.catalogue;
    let place = place(code, &confirmation.place_names, context);
    if place.is_empty() {
        return say!(catalogue, "place-none");
    }
    let stewards = confirmation.stewards;
    if confirmation.confirmed {
        say!(catalogue, "place-confirmed", place = place, by = stewards.by, of = stewards.of)
    } else {
        say!(catalogue, "place-claimed", place = place)
    }
}

/// Returns what the records are called that a record points at, the first [`MAX_NAMED`] of them.
async fn named(record: &Record, client: &Client, context: &Context) -> Named {
    let mut named = Named::new();
    for link in record.links.iter().take(MAX_NAMED) {
        let id = link.target.id.to_string();
        let name = match link.resolved {
            Resolved::NotHeld => Some(say!(context.catalogue, "show-unresolved")),
            Resolved::Held => {
                let target: Outcome<Record> = client.get(&format!("/records/{id}"), &[]).await;
                target.ok().map(|target| {
                    let (kind, title) =
                        (kind(&target.item.kind, &context.catalogue), best(&target.item.title, context));
                    if title.is_empty() { kind } else { format!("{kind}: {title}") }
                })
            }
        };
        named.extend(name.map(|name| (id, name)));
    }
    named
}

/// Shows the versions of a record.
pub(crate) async fn history(id: &str, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let history: Outcome<History> = client.get(&format!("/records/{}/history", escape(id)), &[]).await;
    client.close().await;
    let history = history?;
    if context.out.json {
        context.out.object(&history);
        return Ok(Exit::Ok);
    }
    let head = ["head-seq", "head-id", "head-time", "head-title", "head-status", "head-changed"];
    let rows = history.items.iter().map(|version| {
        let mut status = marked(version.status, version.body, version.disowned.as_ref(), catalogue);
        if version.current {
            status = also(status, say!(catalogue, "version-current"), catalogue);
        }
        vec![
            version.seq.to_string(),
            short(&version.id.to_string()),
            time(version.time),
            best(&version.title, context),
            status,
            version.changed.join(", "),
        ]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    Ok(Exit::Ok)
}
