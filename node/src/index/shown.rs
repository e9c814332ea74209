//! Where and why a record answers a question: its own text in pieces, never altered.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use multaqa_protocol::record::Words;

use super::analysis::arabic::without_article;
use super::analysis::{Analysers, Language, TextTerm, words};
use super::question::{Group, Question};
use super::thesaurus::{Thesaurus, by_position};
use crate::api::types::{Matched, Piece, Way, Why};
use crate::view::{Part, Text};

/// Longest passage, in characters: three lines of a page.
const PASSAGE: usize = 240;
/// Characters of a passage before what is marked.
const LEAD: usize = 60;
/// Most texts of one record that are looked into for a passage.
const MAX_TEXTS: usize = 24;
/// Most bytes of one text that are looked into.
const MAX_LOOKED_INTO: usize = 8 << 10;

/// A place in a text that answers a group of the question.
struct Mark {
    range: Range<usize>,
    group: usize,
    /// Whether it is the very word, and otherwise how it answers.
    way: Option<Way>,
}

/// Returns where and why a record with these texts answers.
pub(super) fn matched(question: &Question, analysers: &mut Analysers, texts: &[Text]) -> Matched {
    let mut matched = Matched::default();
    let mut direct: BTreeSet<usize> = BTreeSet::new();
    let mut other: Vec<(usize, Way, String)> = Vec::new();
    let mut note = |text: &Text, marks: &[Mark]| {
        for mark in marks {
            match mark.way {
                None => drop(direct.insert(mark.group)),
                Some(way) => {
                    let words = text.text[mark.range.clone()].to_owned();
                    if !other.contains(&(mark.group, way, words.clone())) {
                        other.push((mark.group, way, words));
                    }
                }
            }
        }
    };
    let (mut most_in_title, mut most) = (0, 0);
    for text in texts.iter().take(MAX_TEXTS) {
        if text.part == Part::Body && most > 0 {
            break;
        }
        let marks = marks(question, analysers, text);
        let groups = marks.iter().map(|mark| mark.group).collect::<BTreeSet<_>>().len();
        note(text, &marks);
        if text.part == Part::Title && groups > most_in_title {
            most_in_title = groups;
            matched.title = pieces(&text.text, 0..text.text.len(), &marks);
            matched.title_language.clone_from(&text.language);
        } else if text.part != Part::Title && groups > most {
            most = groups;
            matched.snippet = pieces(&text.text, passage(&text.text, &marks), &marks);
            matched.snippet_language.clone_from(&text.language);
        }
    }
    for (at, group) in question.groups.iter().enumerate().filter(|(at, _)| !direct.contains(at)) {
        matched.why.extend(why(
            group,
            other.iter().filter(|(of, ..)| *of == at).map(|(_, way, words)| (*way, words)),
        ));
    }
    matched
}

/// Returns how a group is answered of which no word stands in the texts that were looked into.
fn why<'a>(group: &Group, found: impl Iterator<Item = (Way, &'a String)>) -> Option<Why> {
    let found: Vec<(Way, &String)> = found.collect();
    let way = found.iter().map(|(way, _)| *way).min();
    let words = |wanted: Way| {
        found.iter().filter(|(way, _)| *way == wanted).map(|(_, words)| (*words).clone()).collect::<Vec<_>>()
    };
    let asked = group.asked.clone();
    match way {
        Some(Way::Concept) | None
            if !group.concepts.is_empty() && (way.is_some() || group.places.is_empty()) =>
        {
            let concept = group.concepts[0];
            let thesaurus = Thesaurus::get();
            let (names, key) = (thesaurus.names(concept).clone(), thesaurus.key(concept).to_owned());
            Some(Why { way: Way::Concept, asked, names, key, words: words(Way::Concept) })
        }
        None if !group.places.is_empty() => {
            let place = group.places[0];
            Some(Why {
                way: Way::Place,
                asked,
                names: place.names(),
                key: place.code.clone(),
                words: Vec::new(),
            })
        }
        Some(way) => {
            let words = words(way);
            Some(Why { way, asked, names: Words::default(), key: String::new(), words })
        }
        None => None,
    }
}

/// Finds what answers in a text, in its order.
fn marks(question: &Question, analysers: &mut Analysers, text: &Text) -> Vec<Mark> {
    let mut end = text.text.len().min(MAX_LOOKED_INTO);
    while !text.text.is_char_boundary(end) {
        end -= 1;
    }
    let looked_into = &text.text[..end];
    let language = Language::of(&text.language);
    let terms = analysers.of(language).terms(looked_into);
    let mut marks: Vec<Mark> = Vec::new();
    for (group, asked) in question.groups.iter().enumerate() {
        for term in &terms {
            let is_of = |(of, word): &(Language, Arc<str>)| *of == language && *word == term.text;
            if asked.words.iter().any(|word| word.terms.iter().any(is_of)) {
                marks.push(Mark { range: term.range.clone(), group, way: None });
            } else if asked.spellings.iter().any(|word| word.terms.iter().any(is_of)) {
                marks.push(Mark { range: term.range.clone(), group, way: Some(Way::Spelling) });
            }
        }
    }
    if question.groups.iter().any(|group| !group.concepts.is_empty()) {
        mark_concepts(question, language, &terms, &mut marks);
    }
    if question.groups.iter().any(|group| group.beginning.is_some()) {
        mark_beginnings(question, looked_into, &mut marks);
    }
    marks.sort_by_key(|mark| (mark.range.start, mark.way.is_some()));
    let mut end = 0;
    marks.retain(|mark| {
        let is_new = mark.range.start >= end;
        end = end.max(mark.range.end);
        is_new
    });
    marks
}

fn mark_concepts(question: &Question, language: Language, terms: &[TextTerm], marks: &mut Vec<Mark>) {
    let by_word = by_position(terms);
    for ((from, to), concept) in Thesaurus::get().find(language, terms) {
        let range = by_word[from][0].range.start..by_word[to][0].range.end;
        for (group, asked) in question.groups.iter().enumerate() {
            let is_direct = marks.iter().any(|mark| {
                mark.group == group && mark.range.start < range.end && range.start < mark.range.end
            });
            if asked.concepts.contains(&concept) && !is_direct {
                marks.push(Mark { range: range.clone(), group, way: Some(Way::Concept) });
            }
        }
    }
}

fn mark_beginnings(question: &Question, text: &str, marks: &mut Vec<Mark>) {
    for word in words(text) {
        for (group, asked) in question.groups.iter().enumerate() {
            let begins = |beginning: &String| {
                word.text.starts_with(beginning) || without_article(&word.text).starts_with(beginning)
            };
            if asked.beginning.as_ref().is_some_and(begins) {
                let range = word.offset_from..word.offset_to;
                marks.push(Mark { range, group, way: Some(Way::Beginning) });
            }
        }
    }
}

/// Returns the passage of a text around its first mark, whole words of it.
fn passage(text: &str, marks: &[Mark]) -> Range<usize> {
    let first = marks.first().map_or(0, |mark| mark.range.start);
    let start = text[..first].char_indices().rev().take(LEAD).last().map_or(first, |(at, _)| at);
    let start = match start {
        0 => 0,
        start => text[start..first].find(char::is_whitespace).map_or(first, |space| start + space + 1),
    };
    let end = text[start..].char_indices().nth(PASSAGE).map_or(text.len(), |(at, _)| start + at);
    let end = match end == text.len() {
        true => end,
        false => text[start..end].rfind(char::is_whitespace).map_or(end, |space| start + space),
    };
    let last = marks.iter().find(|mark| mark.range.contains(&end)).map_or(end, |mark| mark.range.end);
    start..last.max(end)
}

/// Cuts a passage of a text at its marks.
fn pieces(text: &str, passage: Range<usize>, marks: &[Mark]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = passage.start;
    for mark in marks.iter().filter(|mark| mark.range.start >= passage.start && mark.range.end <= passage.end)
    {
        if at < mark.range.start {
            pieces.push(Piece { text: text[at..mark.range.start].to_owned(), marked: false });
        }
        pieces.push(Piece { text: text[mark.range.clone()].to_owned(), marked: true });
        at = mark.range.end;
    }
    if at < passage.end {
        pieces.push(Piece { text: text[at..passage.end].to_owned(), marked: false });
    }
    pieces
}
