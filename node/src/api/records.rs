//! The answer to a question for records: words, filters, or both.

use super::failure::Failure;
use super::types::{Facets, RECORDS, Records};
use super::{Api, query};
use crate::clock::now;
use crate::index::{Asked, Plain, SearchError};
use crate::view::{MAX_PAGE, Says, Text, View, ViewError};

impl Api {
    /// Returns a page of the records that are asked for; the JSON and the pages show the same.
    ///
    /// The index answers. While it is built or behind, and for records that do not count, the store is
    /// read through: without counts, and words then have to stand there as they are asked for.
    pub(crate) async fn records(&self, asked: query::Records) -> Result<Records, Failure> {
        let page = asked.page()?;
        let mut filter = asked.filter()?;
        let words = asked.words(&filter)?;
        let off_path = filter.wants_off_path();
        let index = self.node.index();
        let snapshot = self.node.snapshot().await?;
        let is_reached = !off_path && index.reaches(&snapshot, self.node.is_online()).await;
        let limit = page.limit.clamp(1, MAX_PAGE);
        let alike = asked.alike()?;
        self.ask_of(snapshot, move |view| {
            asked.complete(&mut filter, &view)?;
            if let Some(author) = alike {
                let author = view.find_author(&author)?;
                let found = view.similar(&index, author, &filter, limit, now())?;
                return Ok(Records { complete: found.complete && is_reached, ..found });
            }
            let asked = Asked { words: &words, filter: &filter, cursor: page.cursor, limit, now: now() };
            let is_asked = !off_path && (is_reached || !words.is_empty());
            match if is_asked { index.search(&view, &asked) } else { Err(SearchError::NotBuilt) } {
                Ok(answer) => Ok(Records { complete: is_reached, ..answer }),
                Err(SearchError::View(error)) => Err(error),
                Err(SearchError::NotBuilt | SearchError::Damaged) => read_through(&view, &asked),
            }
        })
        .await
    }
}

/// Answers from the store alone.
fn read_through(view: &View<'_>, asked: &Asked<'_>) -> Result<Records, ViewError> {
    let Asked { words, filter, cursor, limit, now } = *asked;
    let plain = Plain::new(words);
    let says = |texts: &[Text]| plain.is_said(texts);
    let says: Option<&Says<'_>> = if words.is_empty() { None } else { Some(&says) };
    let list = view.records_that(filter, says, cursor, limit, now)?;
    Ok(Records {
        schema: RECORDS.into(),
        items: list.items,
        next: list.next,
        total: None,
        complete: says.is_none(),
        facets: Facets::default(),
        similar_to: None,
    })
}
