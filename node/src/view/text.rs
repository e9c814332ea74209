//! What a record says in words, by part and language: what is searched and shown as a passage.

use multaqa_protocol::codec::{Map, Value};

use super::body::Shown;

/// Most texts of one record that are looked at: a plan with a hundred commitments has fewer.
const MAX_TEXTS: usize = 2_000;
/// How deep texts are looked for; the deepest known lies in a partner of a commitment of a plan.
const MAX_DEPTH: usize = 6;
/// Fields that are about the record's making and not about what it tells.
const ASIDE: [&str; 6] = ["translation", "collected", "sources", "attachments", "licence", "nodes"];
/// Lists whose items have titles of their own.
const LISTS: [&str; 3] = ["commitments", "axes", "stages"];

/// Which part of a record a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What the record is called.
    Title,
    /// Its summary, and what its commitments and axes are called.
    Summary,
    /// Anything else.
    Body,
}

/// A text of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Which part it is.
    pub part: Part,
    /// The tag of its language; `und` for names in registers, which have none.
    pub language: String,
    /// The text as it stands in the record.
    pub text: String,
}

/// What is asked of the texts of a record.
pub type Says<'a> = dyn Fn(&[Text]) -> bool + 'a;

impl Shown {
    /// Returns what the body says in words, the title first; nothing of one that is not held or
    /// withdrawn.
    pub(super) fn texts(&self) -> Vec<Text> {
        let mut texts = Vec::new();
        if let Some(map) = &self.map {
            collect(map, Part::Body, 0, &mut texts);
        }
        texts.sort_by_key(|text| text.part);
        texts
    }
}

fn collect(map: &Map, within: Part, depth: usize, texts: &mut Vec<Text>) {
    for (field, value) in map.iter() {
        if ASIDE.contains(&field) || texts.len() >= MAX_TEXTS || depth > MAX_DEPTH {
            continue;
        }
        let part = match (field, depth) {
            ("title" | "names", 0) => Part::Title,
            // A reply has its text where others have a summary.
            ("summary" | "text", 0) => Part::Summary,
            ("title", 1) => within,
            _ => Part::Body,
        };
        match value {
            Value::Map(words) if is_words(words) => {
                texts.extend(words.iter().filter_map(|(tag, text)| text_of(part, tag, text)));
            }
            Value::Map(inner) => collect(inner, Part::Body, depth + 1, texts),
            Value::Array(items) => {
                let within = if LISTS.contains(&field) { Part::Summary } else { Part::Body };
                for item in items {
                    if let Value::Map(inner) = item {
                        collect(inner, within, depth + 1, texts);
                    }
                }
            }
            Value::Text(_) if field == "id" => texts.extend(text_of(Part::Body, "und", value)),
            Value::Bool(_) | Value::Int(_) | Value::Bytes(_) | Value::Text(_) => {}
        }
    }
}

fn text_of(part: Part, tag: &str, value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(Text { part, language: tag.to_owned(), text: text.clone() }),
        _ => None,
    }
}

/// Tells whether a map is a text in several languages: tags to texts.
fn is_words(map: &Map) -> bool {
    let is_tag = |tag: &str| {
        let language = tag.split('-').next().unwrap_or_default();
        matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    map.iter().next().is_some()
        && map.iter().all(|(tag, value)| is_tag(tag) && matches!(value, Value::Text(_)))
}
