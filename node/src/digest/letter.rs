//! What a digest says: out of the same answers as the pages, in their words.

use axum::http::Uri;
use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::PLAN;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::types::{RecordItem, StepName};
use crate::api::{Api, Failure};
use crate::clock::now;
use crate::dialogue::Dialogue;
use crate::driver::Health;
use crate::office::draft::State;
use crate::ui::language::Language;
use crate::ui::page::{Page, Section as Part};
use crate::ui::{render, title};
use crate::view::follow_up::Referrers;
use crate::view::{Filter, MAX_PAGE, View, ViewError};

/// Most records, questions or steps under one heading: what is read on the way to work; the pages have all.
const MAX_LINES: usize = 15;
/// Newest plans of one's own that are looked through for what is late.
const MAX_PLANS: usize = 20;

/// A digest, to be read as text or as a page.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Letter {
    /// What it is about.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As a page.
    pub html: String,
    /// Whether there is nothing to tell.
    pub is_empty: bool,
    /// The entry that had arrived last when it was written.
    #[schema(value_type = Option<String>)]
    pub latest: Option<EntryId>,
}

/// A heading and what stands below it.
#[derive(Debug)]
struct Section {
    title: String,
    lines: Vec<Line>,
    /// That there is more than is told.
    more: Option<String>,
}

#[derive(Debug)]
struct Line {
    text: String,
    href: Option<String>,
}

#[derive(Debug, askama::Template)]
#[template(path = "digest.html")]
struct Sheet<'a> {
    lang: &'static str,
    direction: &'static str,
    subject: &'a str,
    sections: &'a [Section],
    foot: &'a str,
}

/// Writes a digest of what arrived after `since`, and of what waits now. Links lead to `base`, where there is one.
pub(super) async fn compose(
    api: &Api,
    language: Language,
    base: Option<&str>,
    since: Option<EntryId>,
) -> Result<Letter, Failure> {
    let health = api.node.health().await?;
    let (me, is_online) = (api.node.author(), api.node.is_online());
    let waiting = waiting(api).await?;
    let base = base.map(str::to_owned);
    let (index, snapshot, is_whole) = api.searched().await?;
    let question = move |view: View<'_>| {
        let page = Page::new(language, Part::Elsewhere, &Uri::from_static("/"));
        let arrived = match since.map(|since| view.arrivals(Some(&since.to_string()), MAX_PAGE)) {
            // An entry that is held no longer: what is new cannot be told from it, and the pages have it.
            None | Some(Err(ViewError::NotFound { .. })) => view.arrivals(None, 1)?,
            Some(arrived) => arrived?,
        };
        let dialogue = Dialogue { view: &view, index: &index, is_whole, now: now() };
        let asked = dialogue.unanswered(me)?.items;
        let own = Filter { author: Some(me), kinds: [PLAN.to_owned()].into(), ..Filter::default() };
        let plans = dialogue.latest(own, MAX_PLANS)?.items;
        let new: Vec<RecordItem> = arrived.items.into_iter().filter(|item| item.author != me).collect();
        let link =
            |item: &RecordItem| base.as_ref().map(|base| format!("{base}{}", page.record_href(&item.id)));
        let named = |item: &RecordItem| {
            let title = title::of(&page, item).map_or_else(|| item.kind.clone(), |title| title.text);
            let author = page.author(&item.names, item.author).text;
            Line {
                text: page.tell("digest-by", &[("title", title.into()), ("author", author.into())]),
                href: link(item),
            }
        };
        let new = section(&page, "digest-new", new.iter().map(named));
        let asked = section(&page, "office-questions", asked.iter().map(named));
        let links: Vec<_> = plans.iter().map(|plan| (plan.id.to_string(), link(plan))).collect();
        let referrers = Referrers::new(view, &index, is_whole, crate::today());
        let mut late = Vec::new();
        for (plan, href) in links {
            let steps = referrers.plan(&plan)?.overdue;
            late.extend(steps.iter().map(|step| Line { text: overdue(&page, step), href: href.clone() }));
        }
        let late = section(&page, "digest-overdue", late.into_iter());
        let mut rest = Vec::new();
        if waiting > 0 {
            rest.push(page.count("office-waiting", waiting));
        }
        rest.extend(faults(&page, &health, is_online));
        let rest = section(&page, "digest-rest", rest.into_iter().map(|text| Line { text, href: None }));
        let sections: Vec<Section> = [new, asked, late, rest].into_iter().flatten().collect();
        let subject = page.fill("digest-subject", "time", &page.language.day(now()));
        let foot = page.say("digest-foot");
        Ok(Letter {
            text: text(&subject, &sections, &foot),
            html: render(&Sheet {
                lang: language.tag(),
                direction: language.direction(),
                subject: &subject,
                sections: &sections,
                foot: &foot,
            }),
            subject,
            is_empty: sections.is_empty(),
            latest: arrived.latest,
        })
    };
    api.ask_of(snapshot, question).await
}

/// Returns how many drafts wait for somebody's approval.
async fn waiting(api: &Api) -> Result<u64, Failure> {
    let office = api.office.clone();
    let drafts = tokio::task::spawn_blocking(move || office.drafts().all());
    let drafts = drafts.await.expect("reading files does not panic")?;
    Ok(drafts.iter().filter(|draft| matches!(draft.state, State::Waiting { .. })).count() as u64)
}

fn section(page: &Page, title: &str, lines: impl Iterator<Item = Line>) -> Option<Section> {
    let mut lines: Vec<Line> = lines.collect();
    let more = lines.len().saturating_sub(MAX_LINES) as u64;
    lines.truncate(MAX_LINES);
    let more = (more > 0).then(|| page.count("digest-more", more));
    (!lines.is_empty()).then(|| Section { title: page.say(title), lines, more })
}

fn overdue(page: &Page, step: &StepName) -> String {
    let title = page.passage(&step.title).map_or_else(|| step.commitment.clone(), |title| title.text);
    match step.due {
        Some(due) => {
            page.tell("digest-due", &[("title", title.into()), ("date", page.language.date(due).into())])
        }
        None => title,
    }
}

/// Returns what is not well with the node.
fn faults(page: &Page, health: &Health, is_online: bool) -> Vec<String> {
    let faults = [
        (!health.writable).then(|| page.say("office-disk-unwell")),
        health.quarantine.is_some().then(|| page.say("office-signs-not")),
        (is_online && health.connected == 0)
            .then(|| page.fill("digest-alone", "nodes", &page.count("footer-connected", 0))),
    ];
    faults.into_iter().flatten().collect()
}

fn text(subject: &str, sections: &[Section], foot: &str) -> String {
    let mut text = format!("{subject}\n");
    for section in sections {
        text.push_str(&format!("\n{}\n", section.title));
        for line in &section.lines {
            text.push_str(&format!("- {}\n", line.text));
            if let Some(href) = &line.href {
                text.push_str(&format!("  {href}\n"));
            }
        }
        if let Some(more) = &section.more {
            text.push_str(&format!("- {more}\n"));
        }
    }
    text.push_str(&format!("\n{foot}\n"));
    text
}
