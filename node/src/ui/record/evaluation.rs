//! A verdict on a plan or a commitment, in the variables of the Independent Reporting Mechanism.

use multaqa_protocol::record::Evaluation;
use multaqa_protocol::record::evaluation::{Opening, Recommendation};

use super::named::Named;
use super::part::{Cell, Part, Piece, Section, Table};
use super::{basis, people, work};
use crate::ui::page::Page;
use crate::view::View;

/// Returns the sections of an evaluation.
pub(super) fn sections(page: &Page, view: &View<'_>, named: &Named, evaluation: &Evaluation) -> Vec<Section> {
    let text = |title, words| Part::text(page, title, words);
    let about = evaluation.about.as_ref();
    let commitment = evaluation.commitment.as_deref().unwrap_or_default();
    let judged = (!evaluation.judged.is_empty()).then(|| Part::heading(page, "heading-judged"));
    let sections = [
        Section::of(
            page,
            "judged",
            vec![
                Part::facts(vec![
                    (page.say("fact-plan"), named.cell(page, about)),
                    (page.say("fact-commitment"), named.part(page, about, commitment, None)),
                ]),
                judged,
                named.list(page, &evaluation.judged),
            ],
        ),
        Section::of(page, "verdict", vec![verdict(page, evaluation), opened(page, &evaluation.opened)]),
        Section::of(page, "method", vec![text(None, &evaluation.method)]),
        Section::of(page, "results", vec![work::results(page, &evaluation.results)]),
        Section::of(page, "lessons", vec![text(None, &evaluation.lessons)]),
        Section::of(page, "recommendations", vec![recommendations(page, view, &evaluation.recommendations)]),
        Section::of(
            page,
            "partners",
            vec![people::partners(page, &evaluation.partners), people::parties(page, &evaluation.parties)],
        ),
        Section::of(
            page,
            "sources",
            vec![
                basis::sources(page, &evaluation.sources),
                basis::making(
                    page,
                    &evaluation.translation,
                    &evaluation.collected,
                    evaluation.licence.as_deref(),
                ),
            ],
        ),
    ];
    sections.into_iter().flatten().collect()
}

fn verdict(page: &Page, evaluation: &Evaluation) -> Option<Part> {
    let code = |vocabulary: &str, code: Option<&str>| {
        code.map(|code| Cell::ours(page.code(vocabulary, code))).unwrap_or_default()
    };
    Part::facts(vec![
        (page.say("fact-completion"), code("completion", Some(evaluation.completion.as_str()))),
        (
            page.say("fact-early-results"),
            code("early_result", evaluation.early_results.as_ref().map(|code| code.as_str())),
        ),
        (page.say("fact-ambition"), code("ambition", evaluation.ambition.as_ref().map(|code| code.as_str()))),
        (
            page.say("fact-verifiable"),
            code("answer", evaluation.verifiable.as_ref().map(|code| code.as_str())),
        ),
        (page.say("fact-relevant"), code("answer", evaluation.relevant.as_ref().map(|code| code.as_str()))),
    ])
}

fn opened(page: &Page, opened: &[Opening]) -> Option<Part> {
    let row = |opening: &Opening| {
        vec![
            Cell::ours(page.code("ogp_value", opening.value.as_str())),
            Cell::ours(page.code("early_result", opening.result.as_str())),
            Cell::words(page, &opening.note),
        ]
    };
    let head = ["column-ogp-value", "column-early-result", "column-note"].map(|id| page.say(id)).to_vec();
    Table::part(page.say("table-opened"), head, opened.iter().map(row).collect())
}

/// Returns what should be done, and by whom.
pub(super) fn recommendations(
    page: &Page,
    view: &View<'_>,
    recommendations: &[Recommendation],
) -> Option<Part> {
    let row = |recommendation: &Recommendation| {
        let addressees = recommendation.addressees.iter();
        let addressees = addressees.flat_map(|party| people::party(page, view, party).0);
        let mut cell = Cell::words(page, &recommendation.text);
        for (at, piece) in addressees.enumerate() {
            cell = cell.and((at == 0).then(|| Piece::Ours(page.say("recommended-to")))).and(Some(piece));
        }
        cell
    };
    Part::list(recommendations.iter().map(row).collect())
}
