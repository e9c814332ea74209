//! What other records say of one: those that refer to it, out of the search index.
//!
//! The store has no rows by what is referred to, and reading it through for every page would let any reader
//! keep the node busy. So while the index has not taken up all records, the page says that some may be missing.

use std::collections::BTreeSet;

use multaqa_protocol::record::REPLY;

use crate::clock::now;
use crate::index::{Asked, Index, SearchError};
use crate::ui::page::{Page, short};
use crate::ui::text::Passage;
use crate::ui::title;
use crate::view::{Filter, View, ViewError};

/// Most records that are shown, the newest first; the library lists all.
const MAX_SHOWN: usize = 12;

/// What refers to a record.
#[derive(Debug, Default)]
pub(super) struct Referring {
    pub(super) rows: Vec<Row>,
    /// The library with all of them, where there are more.
    pub(super) all: Option<(String, String)>,
    /// Whether some may be missing.
    pub(super) is_incomplete: bool,
}

/// A record that refers to another.
#[derive(Debug)]
pub(super) struct Row {
    /// How it does: what the fields are called that name the other.
    pub(super) how: String,
    pub(super) href: String,
    pub(super) title: Option<Passage>,
    pub(super) id: String,
    pub(super) author: Passage,
    pub(super) day: String,
}

impl Referring {
    /// Returns what refers to a record in any of its versions; `is_whole` tells whether the index has taken up
    /// all records.
    pub(super) fn new(
        page: &Page,
        view: &View<'_>,
        id: &str,
        (index, is_whole): (&Index, bool),
    ) -> Result<Self, ViewError> {
        // Replies to it are in its thread.
        let but_kinds = BTreeSet::from([REPLY.to_owned()]);
        let filter = Filter { refers_to: view.latest_versions(id)?, but_kinds, ..Filter::default() };
        let asked = Asked { words: "", filter: &filter, cursor: None, limit: MAX_SHOWN, now: now() };
        let found = match index.search(view, &asked) {
            Ok(found) => found,
            Err(SearchError::View(error)) => return Err(error),
            Err(SearchError::NotBuilt | SearchError::Damaged) => {
                return Ok(Self { is_incomplete: true, ..Self::default() });
            }
        };
        let mut rows = Vec::with_capacity(found.items.len());
        for item in &found.items {
            let fields = view.referring_fields(item, &filter.refers_to)?;
            rows.push(Row {
                how: page.list(&fields.iter().map(|field| page.code("referring", field)).collect::<Vec<_>>()),
                href: page.record_href(&item.id),
                title: title::of(page, item),
                id: short(&item.id.to_string()),
                author: page.author(&item.names, item.author),
                day: page.day(item.time),
            });
        }
        let total = found.total.unwrap_or_default();
        let all = || {
            let text = page.fill("referring-all", "number", &page.number(total));
            (page.library_href("refers_to", id), text)
        };
        Ok(Self { rows, all: (total > MAX_SHOWN as u64).then(all), is_incomplete: !is_whole })
    }
}
