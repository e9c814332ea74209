//! How one field is filled in.

use multaqa_protocol::record::plan::Commitment;
use multaqa_protocol::record::{Plan, Words};
use serde_json::Value as Json;

use super::{Source, anchor};
use crate::gazetteer;
use crate::office::form::{Field, Input, PlanPart, Tree, follow, pin};
use crate::office::writing::around::{Known, id_of, places};
use crate::ui::page::Page;
use crate::ui::text::Passage;
use crate::vocabulary;

/// Boxes from which on a list stands closed.
const MANY: usize = 8;
/// Languages in which a record can say that it was written.
const TONGUES: [&str; 5] = ["ar", "fr", "en", "zgh", "es"];

/// How a field is filled in.
#[derive(Debug)]
pub(in crate::office::writing) enum Control {
    /// A text in each language.
    Words(Vec<Tongued>),
    /// A line: its value, its type for browsers, the keyboard that phones offer, an example.
    Line { value: String, kind: &'static str, mode: &'static str, example: Option<String> },
    /// A tick.
    Flag { is_set: bool },
    /// One of several.
    Select { options: Vec<Choice> },
    /// Any of several.
    Boxes { boxes: Vec<Choice>, is_long: bool, chosen: String },
    /// A place: what is written, which one that is, and which it could be.
    Place { value: String, named: Option<String>, offers: Vec<Choice> },
    /// Records: those chosen, the words that are looked for, and what was found.
    Records { chosen: Vec<Choice>, is_one: bool, words: String, offers: Vec<Choice>, is_unknown: bool },
    /// What the form keeps by itself.
    Hidden { value: String },
    /// Nothing to see.
    Nothing,
}

/// A text in one language.
#[derive(Debug)]
pub(in crate::office::writing) struct Tongued {
    pub(in crate::office::writing) id: String,
    pub(in crate::office::writing) name: String,
    pub(in crate::office::writing) tag: String,
    pub(in crate::office::writing) language: String,
    pub(in crate::office::writing) direction: &'static str,
    pub(in crate::office::writing) value: String,
    pub(in crate::office::writing) rows: usize,
}

/// A value that can be chosen.
#[derive(Debug)]
pub(in crate::office::writing) struct Choice {
    pub(in crate::office::writing) value: String,
    pub(in crate::office::writing) text: String,
    /// What else is known of it.
    pub(in crate::office::writing) more: Option<Passage>,
    pub(in crate::office::writing) is_chosen: bool,
}

impl Control {
    /// Makes the control of a field of a tree.
    pub(super) fn new(source: Source<'_>, field: &Field, tree: &Tree, name: &str) -> Self {
        let page = source.page;
        let value = tree.get(field.name);
        let text = || value.map(text_of).unwrap_or_default();
        let line = |kind, mode, example: Option<&str>| Self::Line {
            value: text(),
            kind,
            mode,
            example: example.map(str::to_owned),
        };
        match field.input {
            Input::Line => Self::Words(words(source, value, name, 1)),
            Input::Prose => Self::Words(words(source, value, name, 3)),
            Input::Text => line(if field.name == "email" { "email" } else { "text" }, "text", None),
            Input::Address => line("url", "url", Some("https://")),
            Input::Figure => line("text", "decimal", None),
            Input::Count => line("text", "numeric", None),
            Input::Date => line("text", "text", Some("2026-11-30")),
            Input::Flag => Self::Flag { is_set: value.and_then(Json::as_bool).unwrap_or(false) },
            Input::Code(vocabulary) => Self::Select { options: codes(page, vocabulary, &[text()]) },
            Input::Codes(vocabulary) | Input::Numbers(vocabulary) => {
                boxes(page, codes(page, vocabulary, &texts(value)))
            }
            Input::Tongues => {
                let chosen = texts(value);
                let known = TONGUES.map(str::to_owned);
                let others = chosen.iter().filter(|tag| !known.contains(tag)).cloned();
                let choice = |tag: String| Choice {
                    text: page.language_name(&tag),
                    is_chosen: chosen.contains(&tag),
                    more: None,
                    value: tag,
                };
                boxes(page, known.clone().into_iter().chain(others).map(choice).collect())
            }
            Input::Place => place(page, text()),
            Input::Record(kinds) | Input::Records(kinds) => {
                records(source, value, name, matches!(field.input, Input::Record(_)), kinds)
            }
            Input::Part(part) => parts(source, part, tree, text()),
            Input::Id(_) => Self::Hidden { value: text() },
            Input::Kept | Input::Group(_) | Input::Groups(_) => Self::Nothing,
        }
    }

    /// Returns the id of the first thing that takes the keyboard.
    pub(super) fn first_id(&self, id: &str) -> String {
        match self {
            Self::Words(tongues) => tongues.first().map_or_else(|| id.to_owned(), |first| first.id.clone()),
            Self::Boxes { is_long: false, .. } => format!("{id}-0"),
            _ => id.to_owned(),
        }
    }
}

/// Returns a value as an input shows it.
fn text_of(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn texts(value: Option<&Json>) -> Vec<String> {
    value.and_then(Json::as_array).into_iter().flatten().map(text_of).collect()
}

fn words(source: Source<'_>, value: Option<&Json>, name: &str, rows: usize) -> Vec<Tongued> {
    let page = source.page;
    let words = value.and_then(Json::as_object);
    let written = words.into_iter().flat_map(Tree::keys).filter(|tag| !source.languages.contains(tag));
    let tongue = |tag: &String| {
        let value = words.and_then(|words| words.get(tag)).map(text_of).unwrap_or_default();
        let name = format!("{name}.{tag}");
        let passage = page.passage_in(tag, "");
        Tongued {
            id: anchor(&name),
            name,
            language: page.language_name(tag),
            direction: passage.direction,
            tag: passage.tag,
            // A line with an end of line in it is shown whole.
            rows: if rows == 1 && value.contains('\n') { 2 } else { rows },
            value,
        }
    };
    source.languages.iter().chain(written).map(tongue).collect()
}

fn codes(page: &Page, vocabulary: &str, chosen: &[String]) -> Vec<Choice> {
    let own = page.language.tag();
    let known = vocabulary::terms(vocabulary);
    let choice = |code: &str, label: &str| Choice {
        value: code.to_owned(),
        text: page.plain(label),
        more: None,
        is_chosen: chosen.iter().any(|chosen| chosen == code),
    };
    let mut choices: Vec<Choice> =
        known.iter().map(|term| choice(&term.code, term.label(own).unwrap_or(&term.code))).collect();
    // A code that this version does not know stays, and is shown as it is (R3).
    let others =
        chosen.iter().filter(|code| !code.is_empty() && known.iter().all(|term| term.code != **code));
    choices.extend(others.map(|code| choice(code, code)));
    choices
}

fn boxes(page: &Page, boxes: Vec<Choice>) -> Control {
    let chosen: Vec<String> =
        boxes.iter().filter(|choice| choice.is_chosen).map(|choice| choice.text.clone()).collect();
    let chosen = if chosen.is_empty() { page.say("form-none-chosen") } else { page.list(&chosen) };
    Control::Boxes { is_long: boxes.len() > MANY, boxes, chosen }
}

fn place(page: &Page, value: String) -> Control {
    let name_of = |territory: &gazetteer::Territory| {
        let name = page.passage(&territory.names()).map(|passage| passage.text).unwrap_or_default();
        let level = page.level(territory.level.as_str(), Some(&territory.code));
        format!("{name} ({level})")
    };
    let named = gazetteer::find(&value).map(name_of);
    let offers = match &named {
        None if !value.is_empty() => places(&value),
        _ => Vec::new(),
    };
    let offer = |territory: &'static gazetteer::Territory| Choice {
        value: territory.code.clone(),
        text: name_of(territory),
        more: territory.parent().and_then(|parent| page.passage(&parent.names())),
        is_chosen: false,
    };
    Control::Place { offers: offers.into_iter().map(offer).collect(), named, value }
}

fn records(source: Source<'_>, value: Option<&Json>, name: &str, is_one: bool, kinds: &[&str]) -> Control {
    let page = source.page;
    let values: Vec<&Json> = match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    let show = |known: &Known, is_chosen: bool| {
        let title = page.passage(&known.title).map(|passage| passage.text);
        let kind = page.code("kind", &known.kind);
        Choice {
            value: known.pin.clone(),
            text: match title {
                Some(title) if kinds.len() == 1 => title,
                Some(title) => format!("{title} ({kind})"),
                None => kind,
            },
            more: page.passage(&known.author),
            is_chosen,
        }
    };
    let chosen = values.iter().filter_map(|value| {
        let pin = pin(value)?;
        Some(match id_of(value).and_then(|id| source.around.records.get(&id)) {
            Some(known) => show(known, true),
            None => Choice {
                text: page.fill("form-not-held", "id", &pin.chars().take(12).collect::<String>()),
                value: pin,
                more: None,
                is_chosen: true,
            },
        })
    });
    let chosen: Vec<Choice> = chosen.collect();
    let words = values.iter().find_map(|value| value.as_str()).unwrap_or_default().to_owned();
    let offers = source.around.offers.get(name).map_or(&[][..], Vec::as_slice);
    let offers: Vec<Choice> = offers.iter().map(|known| show(known, false)).collect();
    Control::Records { is_unknown: !words.is_empty() && offers.is_empty(), chosen, is_one, words, offers }
}

/// Offers the parts of the plan that a field names; where that is not known here, the id is written.
fn parts(source: Source<'_>, part: PlanPart, beside: &Tree, value: String) -> Control {
    let page = source.page;
    let around = source.around;
    let title = |words: &Words| page.passage(words).map(|passage| passage.text);
    let commitments = |plan: &Plan| -> Vec<(String, Option<String>)> {
        plan.commitments.iter().map(|one| (one.id.clone(), title(&one.title))).collect()
    };
    let root = |field: &str| source.tree.get(field);
    let found: Option<Vec<(String, Option<String>)>> = match part {
        PlanPart::Commitment => around.plan(beside.get("plan").or_else(|| root("plan"))).map(commitments),
        PlanPart::CommitmentJudged => around.plan(root("about")).map(commitments),
        PlanPart::Answered => around.plan(root("to")).map(commitments),
        PlanPart::Axis => around
            .plan(root("plan"))
            .map(|plan| plan.axes.iter().map(|axis| (axis.id.clone(), title(&axis.title))).collect()),
        PlanPart::Milestone => around.plan(root("plan")).and_then(|plan| {
            let id = root("commitment")?.as_str()?;
            let commitment: &Commitment = plan.commitments.iter().find(|one| one.id == id)?;
            let milestones = commitment.milestones.iter();
            Some(milestones.filter_map(|one| Some((one.id.clone()?, title(&one.title)))).collect())
        }),
        PlanPart::OwnAxis => root("axes").and_then(Json::as_array).map(|axes| {
            let title = |at: usize| {
                let words = follow(source.tree, &format!("axes[{at}].title"))?.as_object()?;
                let own = words.get(page.language.tag()).or_else(|| words.values().next())?;
                Some(page.plain(own.as_str()?))
            };
            let axes = axes.iter().enumerate();
            axes.filter_map(|(at, axis)| Some((axis.get("id")?.as_str()?.to_owned(), title(at)))).collect()
        }),
    };
    let Some(found) = found.filter(|found| !found.is_empty()) else {
        return Control::Line { value, kind: "text", mode: "text", example: None };
    };
    let mut options: Vec<Choice> = found
        .into_iter()
        .map(|(id, title)| Choice {
            text: title.map_or_else(|| id.clone(), |title| format!("{title} ({id})")),
            is_chosen: id == value,
            more: None,
            value: id,
        })
        .collect();
    if !value.is_empty() && options.iter().all(|option| !option.is_chosen) {
        options.push(Choice { text: page.plain(&value), value, more: None, is_chosen: true });
    }
    Control::Select { options }
}
