//! `peers bans`, `peers ban`, `peers unban` and `quota`: whom the node has nothing to do with, and how much
//! of each author it takes.

use jiff::{Span, SpanRelativeTo};
use multaqa_node::api::types::{Ban, BanRequest, By, Lifted, List, Quota, RoomLeft, Subject, UnbanRequest};

use super::init::best;
use super::member::time;
use crate::args;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// Shows the bans in force.
pub(crate) async fn bans(context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let list: Outcome<List<Ban>> = client.get("/bans", &[]).await;
    client.close().await;
    let list = list?;
    if context.out.json {
        context.out.object(&list);
    } else if list.items.is_empty() {
        context.out.note(say!(context.catalogue, "bans-none"));
    } else {
        show_bans(&list.items, context);
    }
    Ok(Exit::Ok)
}

/// Bans a peer or a range of addresses.
pub(crate) async fn ban(args: args::Ban, context: &Context) -> Outcome {
    check_subject(&args.who)?;
    let seconds = args.lasting.as_deref().map(seconds).transpose()?;
    let request = BanRequest { subject: args.who, reason: args.reason, seconds };
    let client = Client::connect(context).await?;
    let made: Outcome<List<Ban>> = client.post("/bans", &request).await;
    client.close().await;
    let made = made?;
    if context.out.json {
        context.out.object(&made);
    } else {
        show_bans(&made.items, context);
    }
    Ok(Exit::Ok)
}

/// Lifts a ban.
pub(crate) async fn unban(who: &str, context: &Context) -> Outcome {
    check_subject(who)?;
    let client = Client::connect(context).await?;
    let lifted: Outcome<Lifted> = client.post("/bans/lift", &UnbanRequest { subject: who.to_owned() }).await;
    client.close().await;
    let lifted = lifted?;
    if !lifted.lifted {
        return Err(failure!(Exit::Undecided, "error-no-ban", who = who.to_owned()));
    }
    if context.out.json {
        context.out.object(&lifted);
    } else {
        context.out.note(say!(context.catalogue, "ban-lifted", who = who.to_owned()));
    }
    Ok(Exit::Ok)
}

fn check_subject(who: &str) -> Outcome<Subject> {
    who.parse().map_err(|_| failure!(Exit::Usage, "error-no-subject", who = who.to_owned()))
}

/// Reads a duration such as `12h`, `7 days` or `2w`.
fn seconds(text: &str) -> Outcome<u64> {
    let read = || {
        let span: Span = text.parse().ok()?;
        let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
        u64::try_from(duration.as_secs()).ok().filter(|seconds| *seconds > 0)
    };
    read().ok_or_else(|| failure!(Exit::Usage, "error-duration", text = text.to_owned()))
}

/// Shows bans as a table; nothing where there are none.
pub(super) fn show_bans(bans: &[Ban], context: &Context) {
    if bans.is_empty() {
        return;
    }
    let catalogue = &context.catalogue;
    let head = ["head-banned", "head-reason", "head-since", "head-until", "head-by"];
    let rows = bans.iter().map(|ban| {
        let until = ban.until.map_or_else(|| say!(catalogue, "ban-lasting"), time);
        vec![ban.subject.to_string(), reason(ban, catalogue), time(ban.since), until, by(ban.by, catalogue)]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
}

fn reason(ban: &Ban, catalogue: &Catalogue) -> String {
    match (ban.by, ban.reason.as_str()) {
        (By::Node, "invalid-messages") => say!(catalogue, "ban-invalid-messages"),
        (By::Node, "flood") => say!(catalogue, "ban-flood"),
        (By::Node, "broken-rules") => say!(catalogue, "ban-broken-rules"),
        (By::Configuration, _) => say!(catalogue, "ban-denied"),
        (By::Node | By::Administrator, words) => words.to_owned(),
    }
}

fn by(by: By, catalogue: &Catalogue) -> String {
    match by {
        By::Node => say!(catalogue, "by-node"),
        By::Administrator => say!(catalogue, "by-administrator"),
        By::Configuration => say!(catalogue, "by-configuration"),
    }
}

/// Shows how much of each author is held, and what is still taken.
pub(crate) async fn quota(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let list: Outcome<List<Quota>> = client.get("/quotas", &[]).await;
    client.close().await;
    let list = list?;
    if context.out.json {
        context.out.object(&list);
        return Ok(Exit::Ok);
    }
    let head = ["head-author", "head-name", "head-bytes", "head-quota", "head-taken"];
    let rows = list.items.iter().map(|quota| {
        let taken = match quota.room {
            RoomLeft::Everything => say!(catalogue, "room-everything"),
            RoomLeft::Headers => say!(catalogue, "room-headers"),
            RoomLeft::Rotations => say!(catalogue, "room-rotations"),
            RoomLeft::Evidence => say!(catalogue, "room-evidence"),
            RoomLeft::Nothing => say!(catalogue, "room-nothing"),
        };
        let name = best(&quota.names, context);
        vec![quota.author.to_string(), name, mebibytes(quota.bytes), mebibytes(quota.quota), taken]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    Ok(Exit::Ok)
}

/// Returns bytes in MiB, as the configuration counts them, with one digit after the point.
fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{}", tenths / 10, tenths % 10)
}
