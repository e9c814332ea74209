//! Texts of records with the places that they address as links.

use askama::Template;

use super::page::Page;
use super::text::Passage;
use crate::index::mentions;

/// A paragraph of a text.
#[derive(Debug, Template)]
#[template(path = "paragraph.html")]
pub(crate) struct Paragraph(Vec<Run>);

/// A run of a paragraph.
#[derive(Debug)]
enum Run {
    /// Words.
    Said(String),
    /// A place that is addressed.
    Place { href: String, text: String },
}

/// Returns the paragraphs of a passage.
pub(crate) fn paragraphs(page: &Page, passage: &Passage) -> Vec<Paragraph> {
    passage.paragraphs().map(|line| paragraph(page, line)).collect()
}

fn paragraph(page: &Page, line: &str) -> Paragraph {
    let (mut runs, mut from) = (Vec::new(), 0);
    for mention in mentions(line) {
        let codes: Vec<&str> = mention.places.iter().map(|place| place.code.as_str()).collect();
        runs.push(Run::Said(line[from..mention.range.start].to_owned()));
        runs.push(Run::Place {
            href: page.place_href(&codes.join(",")),
            text: line[mention.range.clone()].to_owned(),
        });
        from = mention.range.end;
    }
    runs.push(Run::Said(line[from..].to_owned()));
    Paragraph(runs)
}
