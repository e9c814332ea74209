//! `candidates`, `admit`, `suspend` and `members`: who belongs, and what stewards say of it.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use multaqa_node::api::types::{
    AdmissionRequest, AuthorRef, Candidate, ImportReport, List, LogHealth, Member, Members, Published,
    SuspensionRequest,
};
use multaqa_protocol::bundle::{Item, Reader};
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::record::Words;

use super::bundle::{read, short_author};
use super::init::{best, find};
use super::status::state;
use crate::args::{Admit, Suspend};
use crate::client::Client;
use crate::context::Context;
use crate::draft::level_name;
use crate::error::{Exit, Outcome, failure};
use crate::messages::{Catalogue, say};

/// Shows who applies.
pub(crate) async fn candidates(context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let list: List<Candidate> = client.get("/candidates", &[]).await?;
    client.close().await;
    if context.out.json {
        context.out.object(&list);
        return Ok(Exit::Ok);
    }
    if list.items.is_empty() {
        context.out.note(say!(catalogue, "candidates-none"));
        return Ok(Exit::Ok);
    }
    let head = ["head-author", "head-name", "head-claims", "head-since", "head-admitted"];
    let rows = list.items.iter().map(|candidate| {
        let place = place(candidate.place.as_deref(), &candidate.place_names, context);
        vec![
            short_author(&candidate.author),
            best(&candidate.names, context),
            place,
            candidate.since.map(time).unwrap_or_default(),
            say!(catalogue, "so-many-of", by = candidate.admitted.by, of = candidate.admitted.of),
        ]
    });
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    Ok(Exit::Ok)
}

/// Signs a steward's word for an author.
pub(crate) async fn admit(args: Admit, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    if let Some(code) = &args.place {
        find(code)?;
    }
    let client = Client::connect(context).await?;
    let file = Path::new(&args.who);
    let author = if file.is_file() {
        let bundle = read(file)?;
        let author = applicant(&bundle)
            .ok_or_else(|| failure!(Exit::Usage, "error-no-application", path = args.who.clone()))?;
        let _: ImportReport = client.send("/bundle", bundle).await?;
        author.to_string()
    } else {
        args.who.clone()
    };
    let request = AdmissionRequest {
        author,
        place: args.place,
        level: args.level,
        stands: args.stands,
        succeeds: args.succeeds,
    };
    let published: Outcome<Published> = client.post("/admissions", &request).await;
    client.close().await;
    signed(&published?, &say!(catalogue, "admit-done"), context)
}

/// Signs a steward's word against an author.
pub(crate) async fn suspend(args: Suspend, context: &Context) -> Outcome {
    let client = Client::connect(context).await?;
    let request = SuspensionRequest {
        author: args.author,
        upto: args.upto,
        reason: args.reason,
        note: Words::default(),
    };
    let published: Outcome<Published> = client.post("/suspensions", &request).await;
    client.close().await;
    signed(&published?, &say!(context.catalogue, "suspend-done"), context)
}

/// Shows the member table with the totals for each level.
pub(crate) async fn members(as_of: Option<&str>, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let client = Client::connect(context).await?;
    let query: Vec<(&str, &str)> = as_of.map(|date| ("as_of", date)).into_iter().collect();
    let members: Outcome<Members> = client.get("/members", &query).await;
    client.close().await;
    let members = members?;
    if context.out.json {
        context.out.object(&members);
        return Ok(Exit::Ok);
    }
    let head = [
        "head-author",
        "head-name",
        "head-level",
        "head-place",
        "head-state",
        "head-admitted",
        "head-entries",
    ];
    let rows = members.items.iter().map(|member| row(member, context)).collect();
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows);
    let totals = &members.totals;
    let mut parts: Vec<String> = totals
        .levels
        .iter()
        .map(|(level, count)| {
            say!(catalogue, "members-level", level = level_name(level, catalogue), count = *count)
        })
        .collect();
    if totals.unconfirmed > 0 {
        parts.push(say!(catalogue, "members-unconfirmed", count = totals.unconfirmed));
    }
    context.out.line("");
    context.out.line(if parts.is_empty() {
        say!(catalogue, "members-none")
    } else {
        say!(catalogue, "members-total", count = totals.members, parts = parts.join(" + "))
    });
    if let Some(date) = members.as_of {
        context.out.note(say!(catalogue, "members-as-of", date = time(date)));
    }
    Ok(Exit::Ok)
}

fn row(member: &Member, context: &Context) -> Vec<String> {
    let catalogue = &context.catalogue;
    let mut place = place(member.place.as_deref(), &member.place_names, context);
    if !member.confirmed && !place.is_empty() {
        place = say!(catalogue, "place-claimed", place = place);
    }
    let mut state = state(member.state, catalogue);
    if member.steward {
        state = also(state, say!(catalogue, "state-steward"), catalogue);
    }
    match member.log {
        LogHealth::Ok => {}
        LogHealth::Forked => state = also(state, say!(catalogue, "log-forked"), catalogue),
        LogHealth::Contested => state = also(state, say!(catalogue, "log-contested"), catalogue),
        LogHealth::NotHeld => state = also(state, say!(catalogue, "log-not-held"), catalogue),
    }
    for before in &member.continues {
        state = also(state, say!(catalogue, "continues", name = called(before, context)), catalogue);
    }
    for after in &member.continued_by {
        state = also(state, say!(catalogue, "continued-by", name = called(after, context)), catalogue);
    }
    vec![
        short_author(&member.author),
        best(&member.names, context),
        member.level.as_deref().map(|level| level_name(level, catalogue)).unwrap_or_default(),
        place,
        state,
        say!(catalogue, "so-many-of", by = member.admitted.by, of = member.admitted.of),
        member.entries.to_string(),
    ]
}

/// Shows what was signed.
pub(super) fn signed(published: &Published, note: &str, context: &Context) -> Outcome {
    if context.out.json {
        context.out.object(published);
    } else {
        context.out.line(published.id.to_string());
        context.out.note(note);
    }
    Ok(Exit::Ok)
}

/// Returns two things that are both so.
pub(super) fn also(first: String, second: String, catalogue: &Catalogue) -> String {
    say!(catalogue, "and-also", first = first, second = second)
}

/// Returns an author by its name, where it has one, and the beginning of its id.
pub(super) fn called(author: &AuthorRef, context: &Context) -> String {
    let name = best(&author.names, context);
    let id = short_author(&author.author);
    if name.is_empty() { id } else { format!("{name} ({id})") }
}

/// Returns a place by code and name.
pub(super) fn place(code: Option<&str>, names: &Words, context: &Context) -> String {
    let name = best(names, context);
    match code {
        Some(code) if name.is_empty() => code.to_owned(),
        Some(code) => format!("{code} {name}"),
        None => String::new(),
    }
}

/// Returns a claimed time as people read it, in the local time zone.
pub(super) fn time(millis: u64) -> String {
    i64::try_from(millis)
        .ok()
        .and_then(|millis| Timestamp::from_millisecond(millis).ok())
        .map(|time| time.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_else(|| millis.to_string())
}

/// Returns whose application a bundle is.
fn applicant(bundle: &[u8]) -> Option<AuthorId> {
    let mut reader = Reader::new();
    reader.push(bundle);
    match reader.next_item()? {
        (_, Item::Start(start)) => start.about.map(|about| AuthorId(about.0)),
        _ => None,
    }
}
