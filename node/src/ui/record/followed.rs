//! How far a plan had come at the end of a day: the figure with its rule, what is late, and from what all
//! of it was counted.

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::Date;

use super::part::{Cell, Part, Piece, Section, Table};
use super::{files, work};
use crate::api::types::{
    AuthorRef, CommitmentFollowUp, DeclaredRate, Pace, PlanFollowUp, ReportRef, StepFollowUp, StepName,
    StepReport, Tally,
};
use crate::ui::chart::{Meter, Share, shade};
use crate::ui::page::{Page, short};
use crate::vocabulary;

/// Most reports that are named under the figure, the newest; the open data has all.
const MAX_REPORTS: usize = 20;

/// The figure, with the form that asks for another day.
#[derive(Debug, askama::Template)]
#[template(path = "followed.html")]
pub(in crate::ui) struct Panel {
    done: String,
    meter: Option<Meter>,
    derived: String,
    evidence: Option<String>,
    rule: String,
    how: String,
    /// How many entries the figure rests on, and which.
    rests: (String, Vec<Cell>),
    action: String,
    date_label: String,
    as_of: String,
    show: String,
    /// The way back to today, where another day is shown.
    today: Option<String>,
}

/// Returns the section that a plan begins with. `shown` is the version that the page shows.
pub(super) fn section(page: &Page, followed: &PlanFollowUp, shown: EntryId) -> Option<Section> {
    let mut parts = vec![Some(Part::Panel(Box::new(panel(page, followed, shown))))];
    parts.extend(notes(page, followed, shown));
    parts.extend(
        followed.declared.iter().map(|rate| Some(declared(page, rate, &followed.progress, followed))),
    );
    parts.push(late(page, "plan-overdue", &followed.overdue, followed));
    parts.push(late(page, "plan-stalled", &followed.stalled, followed));
    Section::of(page, "followed", parts)
}

fn panel(page: &Page, followed: &PlanFollowUp, shown: EntryId) -> Panel {
    let progress = &followed.progress;
    let is_today = followed.as_of == crate::view::follow_up::today().to_string();
    let date = civil(page, &followed.as_of);
    Panel {
        done: done(page, progress),
        meter: meter(page, progress),
        derived: match progress.percent {
            Some(percent) => {
                page.tell("plan-derived", &[("percent", page.number(percent).into()), ("date", date.into())])
            }
            None => page.fill("plan-as-of", "date", &date),
        },
        evidence: (progress.complete > 0).then(|| page.count("plan-evidenced", progress.evidenced)),
        rule: page.passage(&followed.rule).map(|rule| rule.text).unwrap_or_default(),
        how: page.say("plan-how"),
        rests: rests(page, followed),
        action: page.record_href(&shown),
        date_label: page.say("members-date"),
        as_of: followed.as_of.clone(),
        show: page.say("members-show"),
        today: (!is_today).then(|| page.say("members-today")),
    }
}

/// Returns the signed entries on which the figure rests, each with its record and its proof: the version of the
/// plan, then the newest reports.
fn rests(page: &Page, followed: &PlanFollowUp) -> (String, Vec<Cell>) {
    let check = |id: &EntryId, more: &str, text: &str| Piece::Inside {
        href: format!("/api/v1/bundle?entry={id}&witnesses=true{more}"),
        text: page.ours(page.say(text)),
    };
    let row = |link: Piece, id: &EntryId, by: &AuthorRef| {
        let author =
            Piece::Inside { href: page.member_href(&by.author), text: page.author(&by.names, by.author) };
        Cell(vec![link, author, Piece::Code(short(&id.to_string())), check(id, "", "plan-check")])
    };
    let mut rows = vec![row(version(page, followed), &followed.version, &followed.author)];
    let newest = followed.reports.iter().rev().take(MAX_REPORTS);
    rows.extend(newest.map(|report| row(report_of(page, report), &report.id, &report.by)));
    let unnamed = followed.reports.len().saturating_sub(MAX_REPORTS) as u64;
    let mut all = Cell::default();
    if unnamed > 0 {
        all = all.and(Some(Piece::Ours(page.count("plan-rests-more", unnamed))));
    }
    rows.push(all.and(Some(check(&followed.version, "&figures=true", "plan-check-all"))));
    (page.count("plan-rests", followed.reports.len() as u64 + 1), rows)
}

/// Returns a link to the version of a plan that counts.
fn version(page: &Page, followed: &PlanFollowUp) -> Piece {
    let text = page.fill("plan-version-of", "date", &page.day(followed.version_time));
    Piece::Inside { href: page.record_href(&followed.version), text: page.ours(text) }
}

/// Returns a link to a report.
fn report_of(page: &Page, report: &ReportRef) -> Piece {
    let text = page.fill("plan-report-of", "date", &page.day(report.time));
    Piece::Inside { href: page.record_href(&report.id), text: page.ours(text) }
}

/// Returns "3 of 8 steps complete".
pub(in crate::ui) fn done(page: &Page, tally: &Tally) -> String {
    if tally.counted == 0 {
        return page.say("plan-nothing");
    }
    page.tell(
        "plan-done",
        &[
            ("some", page.number(tally.complete).into()),
            ("count", tally.counted.into()),
            ("shown", page.number(tally.counted).into()),
        ],
    )
}

fn meter(page: &Page, tally: &Tally) -> Option<Meter> {
    let order = |code: &str| vocabulary::terms("milestone_status").iter().position(|term| term.code == code);
    let mut states: Vec<(&String, &u64)> = tally.by_status.iter().collect();
    // The farthest first; what is given up and what is unknown at the end.
    states.sort_by_key(|(code, _)| match code.as_str() {
        "abandoned" => (1, 0, *code),
        code_text => {
            (usize::from(order(code_text).is_none()) * 2, usize::MAX - order(code_text).unwrap_or(0), *code)
        }
    });
    let share = |(code, count): (&String, &u64)| Share {
        shade: shade(code),
        count: *count,
        text: page.state_of("milestone_status", code, *count),
    };
    let shares: Vec<Share> = states.into_iter().map(share).collect();
    let spoken = page.list(&shares.iter().map(|share| share.text.clone()).collect::<Vec<_>>());
    Meter::new(spoken, shares, page.language.is_rtl())
}

/// Returns what a reader must know before trusting the figure.
fn notes(page: &Page, followed: &PlanFollowUp, shown: EntryId) -> Vec<Option<Part>> {
    let note = |text: String| Some(Part::Note(Cell::ours(text)));
    let mut notes = Vec::new();
    if !followed.complete {
        notes.push(note(page.say("plan-incomplete")));
    }
    if followed.signed_later {
        notes.push(note(page.say("plan-signed-later")));
    } else if followed.version != shown {
        let link = Piece::Inside {
            href: page.record_href(&followed.version),
            text: page.ours(page.say("plan-other-version-link")),
        };
        notes.push(Some(Part::Note(Cell::ours(page.say("plan-other-version")).and(Some(link)))));
    }
    notes
}

/// Returns a rate that somebody published, beside the derived one, in words, with the version of the plan that says it.
pub(super) fn declared(page: &Page, rate: &DeclaredRate, tally: &Tally, followed: &PlanFollowUp) -> Part {
    let percent = page.number(rate.percent);
    let text = match rate.as_of {
        Some(date) => {
            page.tell("plan-declared-as-of", &[("percent", percent.into()), ("date", page.date(date).into())])
        }
        None => page.fill("plan-declared", "percent", &percent),
    };
    let beside = match tally.percent {
        Some(derived) if rate.differs => page.fill("plan-differs", "percent", &page.number(derived)),
        None => page.say("plan-nothing-derived"),
        Some(_) => page.say("plan-agrees"),
    };
    let source = rate.source.as_ref().map(|source| Piece::address(page, source));
    let cell = Cell::ours(text)
        .and(Some(Piece::Ours(beside)))
        .and(Piece::words(page, &rate.note))
        .and(source)
        .and(Some(version(page, followed)));
    if rate.differs { Part::Note(cell) } else { Part::List(vec![cell]) }
}

/// Returns a list of steps that are late, each with what says when it was due and how far it came.
fn late(page: &Page, title: &str, steps: &[StepName], followed: &PlanFollowUp) -> Option<Part> {
    let row = |step: &StepName| {
        let at = followed.commitments.iter().position(|commitment| commitment.id == step.commitment);
        let of = at.and_then(|at| Some((at, page.passage(&followed.commitments[at].title)?)));
        let mut found = at.into_iter().flat_map(|at| &followed.commitments[at].steps);
        let last = found.find(|found| found.name == *step).and_then(|found| found.reports.last());
        let link = of.map(|(at, text)| Piece::Inside { href: format!("#{}", super::plan::anchor(at)), text });
        vec![
            Cell::words(page, &step.title),
            Cell::default().and(link),
            step.due.map(|due| Cell::ours(page.date(due))).unwrap_or_default(),
            step.days.map(|days| Cell::ours(page.count("plan-days", days.into()))).unwrap_or_default(),
            Cell(vec![version(page, followed)]).and(last.map(|last| report_of(page, &last.report))),
        ]
    };
    let head = ["column-step", "column-commitment", "column-due", "column-days", "column-rests"];
    let head = head.map(|id| page.say(id));
    Table::part(page.count(title, steps.len() as u64), head.to_vec(), steps.iter().map(row).collect())
}

/// Returns the steps of a commitment, each with its state, what shows it, and the entries that say so: where nobody
/// has reported, the version of the plan.
pub(super) fn steps(page: &Page, followed: &CommitmentFollowUp, plan: &PlanFollowUp) -> Option<Part> {
    let row = |step: &StepFollowUp| {
        let days = step.name.days.unwrap_or_default();
        let pace = match step.name.pace {
            Pace::Overdue => Some(page.count("plan-pace-overdue", days.into())),
            Pace::Stalled => Some(page.count("plan-pace-stalled", days.into())),
            Pace::OnTime | Pace::Settled => None,
        };
        let mut evidence = Cell::default();
        step.reports.iter().for_each(|report| evidence.0.extend(shown_by(page, report)));
        if evidence.is_empty() && !step.reports.is_empty() {
            evidence = Cell::ours(page.say("plan-no-evidence"));
        }
        let mut reports: Vec<Piece> =
            step.reports.iter().map(|report| report_of(page, &report.report)).collect();
        if reports.is_empty() {
            reports.push(version(page, plan));
        }
        vec![
            Cell::words(page, &step.name.title),
            work::period(page, step.start, step.name.due),
            Cell::ours(page.code("milestone_status", &step.status)).and(pace.map(Piece::Ours)),
            step.since.as_deref().map(|since| Cell::ours(civil(page, since))).unwrap_or_default(),
            evidence,
            Cell(reports),
        ]
    };
    let head = [
        "column-step",
        "column-when",
        "column-state",
        "column-state-since",
        "column-evidence",
        "column-report",
    ];
    let rows = followed.steps.iter().map(row).collect();
    Table::part(page.say("table-steps"), head.map(|id| page.say(id)).to_vec(), rows)
}

/// Returns what a report gives to check a step by.
fn shown_by(page: &Page, report: &StepReport) -> Vec<Piece> {
    let mut shown: Vec<Piece> = Vec::new();
    for measure in &report.results {
        shown.extend(Piece::words(page, &measure.indicator));
        let value = page.language.figure(measure.value.as_str());
        let text = match &measure.baseline {
            Some(before) => page.tell(
                "figure-from-to",
                &[("before", page.language.figure(before.as_str()).into()), ("value", value.into())],
            ),
            None => value,
        };
        shown.push(Piece::Ours(text));
        shown.extend(measure.unit.as_deref().map(|unit| Piece::Name(page.plain(unit))));
        shown.extend(measure.source.as_ref().map(|source| Piece::address(page, source)));
    }
    for source in &report.sources {
        shown.push(match page.passage(&source.title) {
            Some(title) => Piece::named_address(page, title.text, &source.address),
            None => Piece::address(page, &source.address),
        });
    }
    shown.extend(report.attachments.iter().map(|file| files::link(page, &report.report.id, file)));
    shown.extend(Piece::words(page, &report.note));
    shown
}

/// Returns how the figure was counted, and what did not count.
pub(super) fn counting(page: &Page, followed: &PlanFollowUp) -> Option<Section> {
    let who = followed.implementers.iter().map(|who| Piece::Inside {
        href: page.member_href(&who.author),
        text: page.author(&who.names, who.author),
    });
    let rule = page.passage(&followed.rule).map(|rule| rule.text);
    let rules = rule.into_iter().chain([page.say("plan-stalled-rule")]).map(Cell::ours);
    let rules = Part::list(rules.collect());
    let facts = Part::facts(vec![
        (page.say("fact-implementers"), Cell(who.collect())),
        (page.say("fact-as-of"), Cell::ours(civil(page, &followed.as_of))),
    ]);
    let others = page.count("plan-by-others", followed.reports_by_others);
    let others = match followed.by_others.is_empty() {
        false => reports(page, others, &followed.by_others),
        true if followed.reports_by_others > 0 => Some(Part::Note(Cell::ours(others))),
        true => None,
    };
    let lost = |state: &crate::api::types::UnresolvedState| {
        let named = [Some(&state.commitment), state.milestone.as_ref()];
        let named = named.into_iter().flatten().map(|name| Piece::Code(page.plain(name)));
        let report = Piece::Inside {
            href: page.record_href(&state.report),
            text: page.unnamed(&short(&state.report.to_string())),
        };
        vec![Cell(named.collect()), Cell(vec![report])]
    };
    let unresolved = Table::part(
        page.count("plan-unresolved", followed.unresolved.len() as u64),
        ["column-names", "column-report"].map(|id| page.say(id)).to_vec(),
        followed.unresolved.iter().map(lost).collect(),
    );
    let data = Piece::Inside {
        href: format!("/api/v1/plans/{}?as_of={}", followed.version, followed.as_of),
        text: page.ours(page.say("plan-data")),
    };
    let data = Part::List(vec![Cell(vec![data])]);
    Section::of(page, "counting", vec![rules, facts, others, unresolved, Some(data)])
}

fn reports(page: &Page, caption: String, reports: &[ReportRef]) -> Option<Part> {
    let row = |report: &ReportRef| {
        let link =
            Piece::Inside { href: page.record_href(&report.id), text: page.ours(page.day(report.time)) };
        let author = Piece::Inside {
            href: page.member_href(&report.by.author),
            text: page.author(&report.by.names, report.by.author),
        };
        vec![Cell(vec![link]), Cell(vec![author])]
    };
    let head = ["column-signed", "column-author"].map(|id| page.say(id));
    Table::part(caption, head.to_vec(), reports.iter().map(row).collect())
}

/// Writes a day that an answer gives as text.
pub(super) fn civil(page: &Page, text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| page.plain(text), |date| page.date(date))
}
