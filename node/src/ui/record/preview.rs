//! A record that is not signed yet, as its page will show it.

use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::Record as Body;

use super::files::{Files, Shelf};
use super::named::Named;
use super::part::{Section, Text};
use super::{others, plan, practice};
use crate::attachment::Attachments;
use crate::ui::page::Page;
use crate::ui::text::Passage;
use crate::view::View;

/// Stands for the entry that there is not yet; nothing is followed up of it.
const UNSIGNED: EntryId = EntryId([0; 32]);

/// What the page of a record shows of what it says, in one language where it has that one.
#[derive(Debug, askama::Template)]
#[template(path = "office/record.html")]
pub(crate) struct Preview {
    /// The language, by name.
    pub(crate) language: String,
    kind: String,
    title: Option<Passage>,
    author: Passage,
    principles: Vec<String>,
    progress: Option<String>,
    period: Option<String>,
    summary: Option<Text>,
    sections: Vec<Section>,
    files: Option<Files>,
    page: Page,
}

impl Preview {
    /// Shows what a record of the node's author says.
    pub(crate) fn new(
        page: &Page,
        view: &View<'_>,
        author: AuthorId,
        (kind, body): (&str, &Body),
        tag: &str,
        (shelf, held): (&Shelf, &Attachments),
    ) -> Self {
        let page = page.clone().preferring(Some(tag.to_owned()));
        let words =
            |words: Option<&multaqa_protocol::record::Words>| words.and_then(|words| page.passage(words));
        let named = Named::of(view, body);
        let summary = words(body.summary()).map(|passage| Text::new(&page, None, passage));
        Self {
            language: page.language_name(tag),
            kind: page.code("kind", kind),
            title: words(body.title()),
            author: page.author(&view.names_of(author), author),
            principles: body.principles().iter().map(|code| page.code("principle", code.as_str())).collect(),
            progress: body.status().map(|code| page.code("status", code.as_str())),
            period: body.period().and_then(|period| page.language.period(period)),
            summary,
            sections: match body {
                Body::Practice(practice) => practice::sections(&page, practice, None),
                Body::Plan(plan) => plan::sections(&page, plan, UNSIGNED, None),
                body => others(&page, view, &named, body),
            },
            files: Files::new(&page, &named, body, shelf, held),
            page,
        }
    }
}
