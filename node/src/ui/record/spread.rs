//! How a practice spread: who took it up, since when, in which version, with which changes, and what came
//! of it there.

use super::part::{Cell, Part, Piece, Section, Table};
use super::people;
use crate::api::types::{AdopterOf, Adoptions, NewerVersion};
use crate::ui::chart::{Meter, Share, shade};
use crate::ui::page::{Page, short};
use crate::vocabulary;

/// Returns who took a practice up.
pub(super) fn section(page: &Page, spread: &Adoptions) -> Option<Section> {
    let incomplete = (!spread.complete).then(|| Part::Note(Cell::ours(page.say("plan-incomplete"))));
    let meter = meter(page, spread).map(|meter| Part::Meter(Box::new(meter)));
    let rows = spread.items.iter().map(|adopter| row(page, adopter)).collect();
    let head = [
        "column-adopter",
        "column-state",
        "column-taken-up",
        "column-version",
        "column-adaptation",
        "column-own-results",
    ];
    let caption = page.count("table-adopters", spread.items.len() as u64);
    let table = Table::part(caption, head.map(|id| page.say(id)).to_vec(), rows);
    Section::of(page, "adoptions", vec![incomplete, meter, table])
}

/// Returns the practices that an author took up and of which there are newer versions.
pub(in crate::ui) fn newer(page: &Page, newer: &[NewerVersion]) -> Option<Section> {
    let row = |newer: &NewerVersion| {
        let title =
            page.passage(&newer.title).unwrap_or_else(|| page.unnamed(&short(&newer.current.to_string())));
        let author = Piece::Inside {
            href: page.member_href(&newer.author.author),
            text: page.author(&newer.author.names, newer.author.author),
        };
        let adoption = Piece::Inside {
            href: page.record_href(&newer.adoption),
            text: page.ours(page.say("spread-own-adoption")),
        };
        vec![
            Cell(vec![Piece::Inside { href: page.record_href(&newer.current), text: title }]),
            Cell(vec![author]),
            Cell::ours(page.day(newer.time)),
            Cell(vec![adoption]),
        ]
    };
    let head =
        ["column-practice", "column-author", "column-signed", "column-adoption"].map(|id| page.say(id));
    let table = Table::part(page.say("spread-newer-table"), head.to_vec(), newer.iter().map(row).collect());
    Section::of(page, "newer", vec![table])
}

fn meter(page: &Page, spread: &Adoptions) -> Option<Meter> {
    // The farthest first; those who gave it up and states that are unknown at the end.
    let rank =
        |code: &str| match vocabulary::terms("adoption_state").iter().position(|term| term.code == code) {
            Some(_) if code == "abandoned" => 1,
            Some(at) => at + 2,
            None => 0,
        };
    let mut states: Vec<(&String, &u64)> = spread.by_state.iter().collect();
    states.sort_by_key(|(code, _)| std::cmp::Reverse(rank(code)));
    let share = |(code, count): (&String, &u64)| Share {
        shade: shade(code),
        count: *count,
        text: page.state_of("adoption_state", code, *count),
    };
    let shares: Vec<Share> = states.into_iter().map(share).collect();
    let spoken = page.list(&shares.iter().map(|share| share.text.clone()).collect::<Vec<_>>());
    Meter::new(spoken, shares, page.language.is_rtl())
}

fn row(page: &Page, adopter: &AdopterOf) -> Vec<Cell> {
    let who = Piece::Inside {
        href: page.record_href(&adopter.latest.id),
        text: page.author(&adopter.latest.by.names, adopter.latest.by.author),
    };
    let place = adopter.place.as_deref().map(|code| people::place(page, &code.into()));
    let period = page.language.period(&adopter.period).map(Piece::Ours);
    let since = page.fill("spread-since", "date", &page.day(adopter.since));
    let number = match adopter.number {
        Some(number) => page.ours(page.fill("spread-version", "number", &page.number(number))),
        None => page.unnamed(&short(&adopter.version.to_string())),
    };
    let version = Piece::Inside { href: page.record_href(&adopter.version), text: number };
    let behind = adopter.behind.then(|| Piece::Ours(page.say("spread-behind")));
    let results = adopter.results.iter().flat_map(|measure| {
        let value = Piece::Ours(page.language.figure(measure.value.as_str()));
        let unit = measure.unit.as_deref().map(|unit| Piece::Name(page.plain(unit)));
        Piece::words(page, &measure.indicator).into_iter().chain([value]).chain(unit)
    });
    vec![
        Cell(vec![who]).and(place),
        Cell::ours(page.code("adoption_state", &adopter.state)),
        Cell::default().and(period).and(Some(Piece::Ours(since))),
        Cell(vec![version]).and(behind),
        Cell::words(page, &adopter.adaptation),
        Cell(results.collect()).and(Piece::words(page, &adopter.lessons)),
    ]
}
