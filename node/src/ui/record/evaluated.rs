//! Verdicts on a record: by whom, on which version, in the IRM's terms, and who stands by them.

use multaqa_protocol::record::evaluation::{Opening, Recommendation};

use super::part::{Cell, Group, Part, Piece, Section};
use super::people;
use crate::api::types::{CoSignature, CoSignatures, CommitmentFollowUp, ExpectedParty, Verdict};
use crate::ui::page::{Page, short};

/// Returns the verdicts on a record and its commitments.
pub(super) fn section(
    page: &Page,
    verdicts: &[Verdict],
    commitments: &[CommitmentFollowUp],
) -> Option<Section> {
    let verdict = |(at, verdict): (usize, &Verdict)| Some(group(page, at, verdict, commitments));
    Section::of(page, "evaluated", verdicts.iter().enumerate().map(verdict).collect())
}

/// Returns the name by which a link reaches a verdict.
fn anchor(at: usize) -> String {
    format!("evaluation-{}", at + 1)
}

/// Returns links to the verdicts on one commitment.
pub(super) fn on_commitment(page: &Page, verdicts: &[Verdict], id: &str) -> Cell {
    let own = verdicts.iter().enumerate().filter(|(_, verdict)| verdict.commitment.as_deref() == Some(id));
    let link = |(at, verdict): (usize, &Verdict)| Piece::Inside {
        href: format!("#{}", anchor(at)),
        text: page.ours(page.code("completion", &verdict.completion)),
    };
    Cell(own.map(link).collect())
}

fn group(page: &Page, at: usize, verdict: &Verdict, commitments: &[CommitmentFollowUp]) -> Part {
    let whose = if verdict.self_assessment { "evaluated-self" } else { "evaluated-other" };
    let chips = vec![page.say(whose), page.code("completion", &verdict.completion)];
    let author = Piece::Inside {
        href: page.member_href(&verdict.said.by.author),
        text: page.author(&verdict.said.by.names, verdict.said.by.author),
    };
    let record = Piece::Inside {
        href: page.record_href(&verdict.said.id),
        text: page.ours(page.day(verdict.said.time)),
    };
    let label = |vocabulary: &str, code: &Option<String>| {
        code.as_deref().map(|code| Cell::ours(page.code(vocabulary, code))).unwrap_or_default()
    };
    let mut parts: Vec<Part> = [
        Part::text(page, None, &verdict.summary),
        Part::facts(vec![
            (page.say("fact-evaluated-by"), Cell(vec![author, record])),
            (page.say("fact-evaluated-what"), judged(page, verdict, commitments)),
            (page.say("fact-evaluated-version"), version(page, verdict)),
            (page.say("fact-completion"), Cell::ours(page.code("completion", &verdict.completion))),
            (page.say("fact-early-results"), label("early_result", &verdict.early_results)),
            (page.say("fact-ambition"), label("ambition", &verdict.ambition)),
            (page.say("fact-verifiable"), label("answer", &verdict.verifiable)),
            (page.say("fact-relevant"), label("answer", &verdict.relevant)),
        ]),
        opened(page, &verdict.opened),
        Part::text(page, Some("heading-evaluated-lessons"), &verdict.lessons),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.extend(recommendations(page, &verdict.recommendations));
    parts.extend(cosigned(page, &verdict.cosigned));
    let title = page.passage(&verdict.title).unwrap_or_else(|| page.ours(page.say("evaluated-untitled")));
    Part::Group(Box::new(Group {
        anchor: anchor(at),
        title: Some(title),
        chips,
        level: 4,
        page_language: page.language.tag(),
        parts,
    }))
}

/// Returns what was judged: the whole record, or one commitment of it.
fn judged(page: &Page, verdict: &Verdict, commitments: &[CommitmentFollowUp]) -> Cell {
    let Some(id) = &verdict.commitment else { return Cell::ours(page.say("evaluated-whole")) };
    let at = commitments.iter().position(|commitment| commitment.id == *id);
    let text = at.and_then(|at| page.passage(&commitments[at].title));
    match at.zip(text) {
        Some((at, text)) => Cell(vec![Piece::Inside { href: format!("#{}", super::plan::anchor(at)), text }]),
        // It judged a version that had such a commitment.
        None => Cell(vec![Piece::Code(page.plain(id))]),
    }
}

/// Returns the exact version that was judged, and whether there is a newer one.
fn version(page: &Page, verdict: &Verdict) -> Cell {
    let link = |id| Piece::Inside { href: page.record_href(id), text: page.unnamed(&short(&id.to_string())) };
    let cell = Cell(vec![link(&verdict.judged)]);
    match &verdict.newer {
        Some(newer) => cell.and(Some(Piece::Ours(page.say("evaluated-newer")))).and(Some(link(newer))),
        None => cell.and(Some(Piece::Ours(page.say("evaluated-current")))),
    }
}

fn opened(page: &Page, opened: &[Opening]) -> Option<Part> {
    let facts = opened.iter().map(|opening| {
        let result = Cell::ours(page.code("early_result", opening.result.as_str()));
        (page.code("ogp_value", opening.value.as_str()), result.and(Piece::words(page, &opening.note)))
    });
    Part::facts(facts.collect())
}

fn recommendations(page: &Page, recommendations: &[Recommendation]) -> Vec<Part> {
    let row = |said: &Recommendation| {
        let places = said.addressees.iter().filter_map(|party| party.place.as_ref());
        let mut cell = Cell::words(page, &said.text);
        cell.0.extend(places.map(|code| people::place(page, code)));
        cell
    };
    Part::titled_list(page, "heading-recommendations", recommendations.iter().map(row).collect())
}

/// Returns who co-signed, and who is expected to and has not.
pub(super) fn cosigned(page: &Page, cosigned: &CoSignatures) -> Vec<Part> {
    let signed = |signature: &CoSignature| {
        let link = Piece::Inside {
            href: page.record_href(&signature.said.id),
            text: page.author(&signature.said.by.names, signature.said.by.author),
        };
        let capacity = signature.capacity.as_deref().map(|code| Piece::Ours(page.code("capacity", code)));
        let earlier = (!signature.current).then(|| Piece::Ours(page.say("evaluated-earlier")));
        let day = Piece::Ours(page.day(signature.said.time));
        Cell(vec![link]).and(capacity).and(Some(day)).and(earlier).and(Piece::words(page, &signature.note))
    };
    let awaited = |party: &ExpectedParty| {
        let place = party.place.as_deref().map(|code| people::place(page, &code.into()));
        let author = party.author.map(|author| Piece::Inside {
            href: page.member_href(&author),
            text: page.author(&Default::default(), author),
        });
        Cell::default().and(place).and(author).and(Some(Piece::Ours(page.say("evaluated-awaited"))))
    };
    let lacking = cosigned.expected.iter().filter(|party| party.signed.is_none()).map(awaited);
    let rows = cosigned.by.iter().map(signed).chain(lacking).collect();
    Part::titled_list(page, "heading-cosigned", rows)
}
