//! `search`: records by words, and the counts of what was found.

use multaqa_node::api::types::{FacetCount, Matched, Piece, RecordItem, Records, Way, Why};

use super::init::best;
use super::list::{kind, more};
use super::member::place;
use crate::args;
use crate::client::Client;
use crate::context::Context;
use crate::error::{Exit, Outcome};
use crate::messages::say;
use crate::output::short;

/// Records asked for at once where no limit is given: what one looks at.
const PAGE: u32 = 20;

/// Shows the records that answer a question, the best first.
pub(crate) async fn search(args: args::Search, context: &Context) -> Outcome {
    let catalogue = &context.catalogue;
    let found = ask(&args.query, &args.filter, PAGE, context).await?;
    if context.out.json {
        context.out.object(&found);
        return Ok(Exit::Ok);
    }
    if args.filter.facets {
        facets(&found, context);
        return Ok(Exit::Ok);
    }
    if !found.items.is_empty() {
        let head = ["head-id", "head-kind", "head-place", "head-title", "head-passage"];
        let rows = found.items.iter().map(|item| row(item, context));
        context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
    }
    if let Some(total) = found.total {
        context.out.note(say!(catalogue, "search-total", total = total));
    } else if found.items.is_empty() {
        context.out.note(say!(catalogue, "list-none"));
    }
    if !found.complete {
        context.out.note(say!(catalogue, "search-incomplete"));
    }
    more(found.next.as_deref(), context);
    Ok(Exit::Ok)
}

/// Asks for records; no words are looked for where there are none.
pub(super) async fn ask(words: &str, args: &args::List, page: u32, context: &Context) -> Outcome<Records> {
    let limit = args.limit.unwrap_or(page).to_string();
    let given = [
        ("kind", &args.kind),
        ("place", &args.place),
        ("level", &args.level),
        ("author", &args.author),
        ("principle", &args.principle),
        ("theme", &args.theme),
        ("lang", &args.written_in),
        ("status", &args.status),
        ("year", &args.year),
        ("since", &args.since),
        ("as_of", &args.as_of),
        ("cursor", &args.cursor),
    ];
    let mut query: Vec<(&str, &str)> =
        given.iter().filter_map(|(name, value)| value.as_deref().map(|value| (*name, value))).collect();
    if !words.is_empty() {
        query.push(("q", words));
    }
    query.push(("limit", &limit));
    let client = Client::connect(context).await?;
    let found: Outcome<Records> = client.get("/records", &query).await;
    client.close().await;
    found
}

/// Shows how many records there are of each value.
pub(super) fn facets(found: &Records, context: &Context) {
    let catalogue = &context.catalogue;
    if found.total.is_none() {
        context.out.note(say!(catalogue, "search-uncounted"));
        return;
    }
    let facets = &found.facets;
    let all = [
        ("facet-kind", &facets.kind),
        ("facet-region", &facets.region),
        ("facet-place", &facets.place),
        ("facet-level", &facets.level),
        ("facet-principle", &facets.principle),
        ("facet-theme", &facets.theme),
        ("facet-status", &facets.status),
        ("facet-language", &facets.language),
        ("facet-year", &facets.year),
    ];
    let rows = all.iter().flat_map(|(name, counts)| {
        counts
            .iter()
            .map(|counted| vec![say!(catalogue, *name), value(counted, context), counted.count.to_string()])
    });
    let head = ["head-facet", "head-value", "head-count"];
    context.out.table(head.map(|id| say!(catalogue, id)).to_vec(), rows.collect());
}

fn value(counted: &FacetCount, context: &Context) -> String {
    match best(&counted.names, context) {
        name if name.is_empty() => counted.value.clone(),
        name => format!("{} {name}", counted.value),
    }
}

fn row(item: &RecordItem, context: &Context) -> Vec<String> {
    let matched = item.matched.clone().unwrap_or_default();
    let title = match matched.title.is_empty() {
        true => best(&item.title, context),
        false => whole(&matched.title),
    };
    vec![
        short(&item.id.to_string()),
        kind(&item.kind, &context.catalogue),
        place(item.place.as_deref(), &item.confirmation.place_names, context),
        title,
        passage(&matched, context),
    ]
}

fn passage(matched: &Matched, context: &Context) -> String {
    let why = matched.why.iter().map(|why| said(why, context));
    let passage = Some(whole(&matched.snippet)).filter(|passage| !passage.is_empty());
    passage.into_iter().chain(why).collect::<Vec<_>>().join(" · ")
}

fn whole(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

fn said(why: &Why, context: &Context) -> String {
    let catalogue = &context.catalogue;
    let (asked, name) = (why.asked.clone(), best(&why.names, context));
    let words = if why.words.is_empty() { name.clone() } else { why.words.join(" · ") };
    match why.way {
        Way::Concept => say!(catalogue, "why-concept", asked = asked, words = words),
        Way::Place => say!(catalogue, "why-place", words = name),
        Way::Spelling => say!(catalogue, "why-spelling", asked = asked, words = words),
        Way::Beginning => say!(catalogue, "why-beginning", asked = asked, words = words),
    }
}
