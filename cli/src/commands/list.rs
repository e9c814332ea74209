//! `list` and `log`: records by what they say, and entries in the order in which they were signed.

use multaqa_node::api::types::{
    BodyStatus, Disowning, ExistedBefore, List, LogHealth, LogRow, MemberDetail, Status,
};

use super::init::best;
use super::member::{also, place, time};
use super::search;
use crate::args;
use crate::client::{Client, escape};
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::{Catalogue, say};
use crate::output::short;

/// Records asked for at once where no limit is given.
const PAGE: u32 = 100;

/// Shows records.
pub(crate) async fn list(args: args::List, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let list = search::ask("", &args, PAGE, context).await?;
    if context.out.json {
        context.out.object(&list);
        return Ok(Exit::Ok);
    }
    if args.facets {
        search::facets(&list, context);
        return Ok(Exit::Ok);
    }
    if list.items.is_empty() {
        context.out.note(say!(catalogue, "list-none"));
        return Ok(Exit::Ok);
    }
    let head =
        ["head-id", "head-kind", "head-author", "head-place", "head-title", "head-time", "head-status"];
    let rows = list.items.iter().map(|item| {
        let mut place = place(item.place.as_deref(), &item.confirmation.place_names, context);
        if !item.confirmation.confirmed && !place.is_empty() {
            place = say!(catalogue, "place-claimed", place = place);
        }
        vec![
            short(&item.id.to_string()),
            kind(&item.kind, catalogue),
            best(&item.names, context),
            place,
            best(&item.title, context),
            time(item.time),
            marked(item.status, item.body, item.disowned.as_ref(), catalogue),
        ]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    more(list.next.as_deref(), context);
    Ok(Exit::Ok)
}

/// Shows an author's log.
pub(crate) async fn log(author: &str, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let path = format!("/authors/{}/log", escape(author));
    let asked = [("marked", "true"), ("dated", "true")];
    let mut list: List<LogRow> = client.get(&path, &asked).await?;
    while let Some(cursor) = list.next.take() {
        let page: List<LogRow> = client.get(&path, &[&asked[..], &[("cursor", &cursor)]].concat()).await?;
        list.items.extend(page.items);
        list.next = page.next;
    }
    let detail: Outcome<MemberDetail> = client.get(&format!("/members/{}", escape(author)), &[]).await;
    client.close().await;
    let detail = detail?;
    if context.out.json {
        context.out.object(&list);
        return Ok(Exit::Ok);
    }
    let head = ["head-seq", "head-id", "head-kind", "head-time", "head-existed-before", "head-status"];
    let rows = list.items.iter().map(|row| {
        vec![
            row.seq.to_string(),
            short(&row.id.to_string()),
            kind(&row.kind, catalogue),
            time(row.time),
            row.existed_before.map_or_else(String::new, |before| existed_before(before, catalogue)),
            marked(row.status, row.body, row.disowned.as_ref(), catalogue),
        ]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    frozen(&detail, context);
    Ok(Exit::Ok)
}

fn existed_before(before: ExistedBefore, catalogue: &Catalogue) -> String {
    let date = time(before.date);
    say!(catalogue, "log-witnessed", date = date, witnesses = before.witnesses, members = before.members)
}

/// Shows what contradicts itself in a frozen log, and what to do about it.
pub(super) fn frozen(detail: &MemberDetail, context: &Context) {
    let catalogue = &context.catalogue;
    if detail.contest.is_empty() {
        return;
    }
    context.out.line("");
    for entry in &detail.contest {
        let pins = entry.pinned_by.len();
        let reason = reason(entry.reason.as_deref(), catalogue);
        let (id, time) = (entry.id.to_string(), time(entry.time));
        context.out.line(match detail.member.log {
            LogHealth::Contested => {
                let k = detail.member.admitted.k;
                say!(catalogue, "contest-row", id = id, reason = reason, time = time, by = pins, k = k)
            }
            _ => say!(catalogue, "fork-row", id = id, kind = kind(&entry.kind, catalogue), time = time),
        });
    }
    context.out.line(match detail.member.log {
        LogHealth::Contested if detail.member.steward => say!(catalogue, "contest-steward"),
        LogHealth::Contested => {
            let author = detail.member.author.to_string();
            say!(catalogue, "contest-fix", author = author)
        }
        _ => say!(catalogue, "fork-fix"),
    });
}

/// Returns why a key was changed.
pub(super) fn reason(reason: Option<&str>, catalogue: &Catalogue) -> String {
    match reason {
        Some("scheduled") => say!(catalogue, "reason-scheduled"),
        Some("handover") => say!(catalogue, "reason-handover"),
        Some("theft") => say!(catalogue, "reason-theft"),
        Some("fork") => say!(catalogue, "reason-fork"),
        Some("restore") => say!(catalogue, "reason-restore"),
        Some(other) => other.to_owned(),
        None => say!(catalogue, "reason-none"),
    }
}

/// Returns how an entry stands, and by what it was disowned if it was.
pub(super) fn marked(
    status: Status,
    body: BodyStatus,
    disowned: Option<&Disowning>,
    catalogue: &Catalogue,
) -> String {
    match disowned {
        None => standing(status, body, catalogue),
        Some(found) => {
            let by = short(&found.by.to_string());
            let reason = reason(found.reason.as_deref(), catalogue);
            say!(catalogue, "disowned-by", by = by, reason = reason, time = time(found.time))
        }
    }
}

pub(super) fn more(next: Option<&str>, context: &Context) {
    if let Some(cursor) = next {
        context.out.note(say!(context.catalogue, "list-more", cursor = cursor.to_owned()));
    }
}

/// Returns how an entry stands, and what there is of its body where that is not all.
pub(super) fn standing(status: Status, body: BodyStatus, catalogue: &Catalogue) -> String {
    let status = match status {
        Status::Canonical => say!(catalogue, "status-canonical"),
        Status::Disputed => say!(catalogue, "status-disputed"),
        Status::Disowned => say!(catalogue, "status-disowned"),
        Status::BeyondCut => say!(catalogue, "status-beyond-cut"),
        Status::Withdrawn => return say!(catalogue, "status-withdrawn"),
    };
    match body {
        BodyStatus::Present => status,
        BodyStatus::Unreadable => also(status, say!(catalogue, "body-unreadable"), catalogue),
        BodyStatus::Missing => also(status, say!(catalogue, "body-missing"), catalogue),
        BodyStatus::Hidden => also(status, say!(catalogue, "body-hidden"), catalogue),
        BodyStatus::Withdrawn => say!(catalogue, "status-withdrawn"),
    }
}

/// Returns what a kind is called; a kind that this version does not know stands for itself.
pub(super) fn kind(kind: &str, catalogue: &Catalogue) -> String {
    match kind {
        "inception" => say!(catalogue, "kind-inception"),
        "rotate" => say!(catalogue, "kind-rotate"),
        "charter" => say!(catalogue, "kind-charter"),
        "join" => say!(catalogue, "kind-join"),
        "leave" => say!(catalogue, "kind-leave"),
        "admit" => say!(catalogue, "kind-admit"),
        "suspend" => say!(catalogue, "kind-suspend"),
        "close" => say!(catalogue, "kind-close"),
        "withdraw" => say!(catalogue, "kind-withdraw"),
        "checkpoint" => say!(catalogue, "kind-checkpoint"),
        "witness" => say!(catalogue, "kind-witness"),
        "profile" => say!(catalogue, "kind-profile"),
        "practice" => say!(catalogue, "kind-practice"),
        "plan" => say!(catalogue, "kind-plan"),
        "challenge" => say!(catalogue, "kind-challenge"),
        "proposal" => say!(catalogue, "kind-proposal"),
        "progress" => say!(catalogue, "kind-progress"),
        "evaluation" => say!(catalogue, "kind-evaluation"),
        "adoption" => say!(catalogue, "kind-adoption"),
        "reply" => say!(catalogue, "kind-reply"),
        "event" => say!(catalogue, "kind-event"),
        "endorse" => say!(catalogue, "kind-endorse"),
        other => other.to_owned(),
    }
}
