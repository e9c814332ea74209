//! What was said about a record, as nested lists: each reply in its own language and direction, with who says it,
//! to which part, and whom it asks.

use askama::Template;
use multaqa_protocol::id::EntryId;

use super::card::Card;
use super::mention::{Paragraph, paragraphs};
use super::page::{Page, short};
use super::text::Passage;
use super::{link, title};
use crate::api::types::{Addressed, Resolved, Thread, ThreadReply};
use crate::view::{View, ViewError};

/// The section of a record's page.
#[derive(Debug, Template)]
#[template(path = "thread.html")]
pub(super) struct Talk {
    count: Option<String>,
    is_incomplete: bool,
    replies: Vec<Reply>,
    /// Practices that answer a challenge.
    answers: Vec<Card>,
    older: Option<String>,
    newest: String,
    feed: String,
    page: Page,
}

/// One reply.
#[derive(Debug, Template)]
#[template(path = "reply.html")]
struct Reply {
    href: String,
    anchor: String,
    author: Passage,
    author_href: String,
    day: String,
    part: Option<Passage>,
    text: Option<Passage>,
    paragraphs: Vec<Paragraph>,
    language: Option<String>,
    addressees: Vec<(String, Passage)>,
    practices: Vec<(Option<String>, Passage)>,
    replies: Vec<Self>,
    more: bool,
    page: Page,
}

impl Talk {
    /// Returns what a page shows of a thread.
    pub(super) fn new(page: &Page, view: &View<'_>, thread: Thread) -> Result<Self, ViewError> {
        let here = format!("/records/{}", thread.id);
        let older = thread
            .next
            .as_ref()
            .map(|cursor| page.href(&format!("{here}?{}#thread", link::query(&[("replies", cursor)]))));
        let replies = thread.items.into_iter().map(|reply| Reply::new(page, view, reply));
        Ok(Self {
            count: thread.total.map(|total| page.count("thread-count", total)),
            is_incomplete: !thread.complete,
            replies: replies.collect::<Result<_, _>>()?,
            answers: thread.answers.iter().map(|item| Card::new(page, item)).collect(),
            older,
            newest: page.href(&format!("{here}#thread")),
            feed: format!("/api/v1/records/{}/thread.atom", thread.id),
            page: page.clone(),
        })
    }
}

impl Reply {
    fn new(page: &Page, view: &View<'_>, reply: ThreadReply) -> Result<Self, ViewError> {
        let item = &reply.item;
        let text = page.passage(&item.summary);
        let about = item.about.as_ref();
        let part = about.and_then(|about| {
            let named = page.passage(&about.part_title);
            named.or_else(|| about.part.as_deref().map(|part| page.unnamed(part)))
        });
        let mut practices = Vec::new();
        for link in &reply.practices {
            let named = view.named(&link.target)?;
            let text = named.and_then(|(item, _)| title::of(page, &item));
            let href = (link.resolved == Resolved::Held).then(|| page.record_href(&link.target.id));
            practices.push((href, text.unwrap_or_else(|| page.unnamed(&short(&link.target.id.to_string())))));
        }
        Ok(Self {
            href: page.record_href(&item.id),
            anchor: anchor(&item.id),
            author: page.author(&item.names, item.author),
            author_href: page.member_href(&item.author),
            day: page.day(item.time),
            part,
            paragraphs: text.as_ref().map(|text| paragraphs(page, text)).unwrap_or_default(),
            language: text.as_ref().filter(|text| text.is_foreign).map(|text| page.language_name(&text.tag)),
            text,
            addressees: reply.addressees.iter().filter_map(|party| addressed(page, party)).collect(),
            practices,
            more: reply.more,
            replies: reply
                .replies
                .into_iter()
                .map(|below| Self::new(page, view, below))
                .collect::<Result<_, _>>()?,
            page: page.clone(),
        })
    }
}

fn anchor(id: &EntryId) -> String {
    format!("reply-{}", short(&id.to_string()))
}

fn addressed(page: &Page, party: &Addressed) -> Option<(String, Passage)> {
    if let Some(author) = &party.author {
        return Some((page.member_href(author), page.author(&party.names, *author)));
    }
    let place = party.place.as_ref()?;
    let name = page.passage(&party.place_names).unwrap_or_else(|| page.unnamed(place));
    Some((page.place_href(place), name))
}
