//! The answer to a question for records: words, filters, or both.

use super::failure::Failure;
use super::types::{Facets, RECORDS, Records};
use super::{Api, query};
use crate::clock::now;
use crate::view::{Says, Text};

impl Api {
    /// Returns a page of the records that are asked for; the JSON and the pages show the same.
    pub(crate) async fn records(&self, asked: query::Records) -> Result<Records, Failure> {
        let page = asked.page()?;
        let mut filter = asked.filter()?;
        self.ask(move |view| {
            asked.complete(&mut filter, &view)?;
            let words = words(asked.q.as_deref().unwrap_or_default());
            let says = |texts: &[Text]| says_all(texts, &words);
            let says: Option<&Says<'_>> = if words.is_empty() { None } else { Some(&says) };
            let list = view.records_that(&filter, says, page.cursor, page.limit, now())?;
            Ok(Records {
                schema: RECORDS.into(),
                items: list.items,
                next: list.next,
                total: None,
                complete: words.is_empty(),
                facets: Facets::default(),
            })
        })
        .await
    }
}

fn words(question: &str) -> Vec<String> {
    question.split_whitespace().map(str::to_lowercase).collect()
}

/// Tells whether each word stands in one of the texts, letter for letter but for capitals.
fn says_all(texts: &[Text], words: &[String]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.text.to_lowercase()).collect();
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}
