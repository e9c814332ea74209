//! What was done and what it took: resources, milestones, results, declared rates.

use multaqa_protocol::record::evidence::{Declared, Measure};
use multaqa_protocol::record::plan::Milestone;
use multaqa_protocol::record::practice::Resources;
use multaqa_protocol::record::{Date, Period};

use super::part::{Cell, Part, Piece, Table};
use crate::ui::page::Page;

/// The currency of a budget that names none: the dirham (ISO 4217).
const DIRHAM: &str = "MAD";

/// Returns what something took.
pub(super) fn resources(page: &Page, resources: &Resources) -> Option<Part> {
    let budget = resources.budget.map(|amount| {
        let currency = resources.currency.as_deref().unwrap_or(DIRHAM);
        let (amount, currency) = (page.number(amount), page.code("currency", currency));
        page.tell("amount", &[("amount", amount.into()), ("currency", currency.into())])
    });
    Part::facts(vec![
        (page.say("fact-budget"), budget.map(Cell::ours).unwrap_or_default()),
        (page.say("fact-funding"), Cell::words(page, &resources.funding)),
        (
            page.say("fact-staff"),
            resources.staff.map(|posts| Cell::ours(page.number(posts))).unwrap_or_default(),
        ),
        (page.say("fact-note"), Cell::words(page, &resources.note)),
    ])
}

/// Returns when something ran, as a sentence.
pub(super) fn period(page: &Page, start: Option<Date>, end: Option<Date>) -> Cell {
    let period = Period { start, end, ongoing: false };
    page.language.period(&period).map(Cell::ours).unwrap_or_default()
}

/// Returns dated steps.
pub(super) fn milestones(page: &Page, milestones: &[Milestone]) -> Option<Part> {
    let row = |milestone: &Milestone| {
        let when = match milestone.date {
            Some(date) => Cell::ours(page.date(date)),
            None => period(page, milestone.start, milestone.end),
        };
        vec![when, Cell::words(page, &milestone.title), Cell::words(page, &milestone.output)]
    };
    let head = ["column-when", "column-step", "column-output"].map(|id| page.say(id));
    Table::part(page.say("table-milestones"), head.to_vec(), milestones.iter().map(row).collect())
}

/// Returns what came of it, each figure with what shows it.
pub(super) fn results(page: &Page, results: &[Measure]) -> Option<Part> {
    let row = |measure: &Measure| {
        let unit = measure.unit.as_deref().map(|unit| Piece::Name(page.plain(unit)));
        let figure = |text: &str| Cell::ours(page.language.figure(text));
        let source = measure.source.as_ref().map(|source| Piece::address(page, source));
        vec![
            Cell::words(page, &measure.indicator).and(Piece::words(page, &measure.note)),
            measure.baseline.as_ref().map(|before| figure(before.as_str())).unwrap_or_default(),
            figure(measure.value.as_str()).and(unit),
            measure.date.map(|date| Cell::ours(page.date(date))).unwrap_or_default(),
            Cell::default().and(source),
        ]
    };
    let head = ["column-indicator", "column-baseline", "column-value", "column-date", "column-evidence"];
    let head = head.map(|id| page.say(id)).to_vec();
    Table::part(page.say("table-results"), head, results.iter().map(row).collect())
}

/// Returns the completion rates that others published, each as what it is: a claim.
pub(super) fn declared(page: &Page, declared: &[Declared]) -> Vec<Option<Part>> {
    let note = |rate: &Declared| {
        let percent = page.number(rate.percent?);
        let text = match rate.as_of {
            Some(date) => {
                page.tell("declared-as-of", &[("percent", percent.into()), ("date", page.date(date).into())])
            }
            None => page.tell("declared", &[("percent", percent.into())]),
        };
        let source = rate.source.as_ref().map(|source| Piece::address(page, source));
        Some(Part::Note(Cell::ours(text).and(Piece::words(page, &rate.note)).and(source)))
    };
    declared.iter().map(note).collect()
}
