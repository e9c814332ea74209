//! What a record rests on: its aims, its sources, its names elsewhere, and how it came to be written.

use multaqa_protocol::record::evidence::{Collected, ExternalId, Source, Translation};
use multaqa_protocol::record::{OgpValue, Outcome};

use super::part::{Cell, Part, Piece};
use crate::ui::page::Page;

/// Returns what a record aims at, beside the principles, which stand above it.
pub(super) fn aims(
    page: &Page,
    outcomes: &[Outcome],
    values: &[OgpValue],
    themes: &[String],
    sdgs: &[u64],
) -> Option<Part> {
    let listed =
        |texts: Vec<String>| if texts.is_empty() { Cell::default() } else { Cell::ours(page.list(&texts)) };
    Part::facts(vec![
        (
            page.say("fact-outcomes"),
            listed(outcomes.iter().map(|code| page.code("outcome", code.as_str())).collect()),
        ),
        (page.say("fact-themes"), listed(themes.iter().map(|code| page.code("policy_area", code)).collect())),
        (
            page.say("fact-ogp"),
            listed(values.iter().map(|code| page.code("ogp_value", code.as_str())).collect()),
        ),
        (page.say("fact-sdgs"), listed(sdgs.iter().map(|number| goal(page, *number)).collect())),
    ])
}

/// Returns a Sustainable Development Goal by its number and name.
fn goal(page: &Page, number: u64) -> String {
    let code = number.to_string();
    match page.code("goal", &code) {
        name if name == code => page.number(number),
        name => page.tell("goal", &[("number", page.number(number).into()), ("name", name.into())]),
    }
}

/// Returns the public pages on which it rests.
pub(super) fn sources(page: &Page, sources: &[Source]) -> Option<Part> {
    let row = |source: &Source| {
        let address = match page.passage(&source.title) {
            Some(title) => Piece::named_address(page, title.text, &source.address),
            None => Piece::address(page, &source.address),
        };
        let read = source.read.map(|date| page.tell("source-read", &[("date", page.date(date).into())]));
        Cell::default().and(Some(address)).and(Piece::words(page, &source.note)).and(read.map(Piece::Ours))
    };
    Part::list(sources.iter().map(row).collect())
}

/// Returns its names in other registers.
pub(super) fn external_ids(page: &Page, ids: &[ExternalId]) -> Option<Part> {
    let row = |id: &ExternalId| {
        let name = page.plain(&id.id);
        let piece = match &id.address {
            Some(address) => Piece::named_address(page, name, address),
            None => Piece::Name(name),
        };
        Cell::ours(page.code("register", &id.scheme)).and(Some(piece))
    };
    Part::list(ids.iter().map(row).collect())
}

/// Returns how it was written: from which languages, by whom collected, under which licence.
pub(super) fn making(
    page: &Page,
    translation: &Translation,
    collected: &Collected,
    licence: Option<&str>,
) -> Option<Part> {
    let languages = |tags: &[String]| {
        let names: Vec<String> = tags.iter().map(|tag| page.language_name(tag)).collect();
        if names.is_empty() { Cell::default() } else { Cell::ours(page.list(&names)) }
    };
    let code = |vocabulary: &str, code: Option<&str>| {
        code.map(|code| Cell::ours(page.code(vocabulary, code))).unwrap_or_default()
    };
    Part::facts(vec![
        (page.say("fact-original"), languages(&translation.original)),
        (page.say("fact-translated"), languages(&translation.translated)),
        (page.say("fact-translation-note"), Cell::words(page, &translation.note)),
        (
            page.say("fact-confidence"),
            code("confidence", collected.confidence.as_ref().map(|code| code.as_str())),
        ),
        (page.say("fact-status-basis"), Cell::words(page, &collected.status)),
        (page.say("fact-place-basis"), Cell::words(page, &collected.place)),
        (page.say("fact-themes-by"), code("origin", collected.themes.as_ref().map(|code| code.as_str()))),
        (
            page.say("fact-licence"),
            licence.map(|name| Cell(vec![Piece::Name(page.plain(name))])).unwrap_or_default(),
        ),
    ])
}
