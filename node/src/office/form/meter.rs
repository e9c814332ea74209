//! How complete a record is, and how far its texts are translated.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::field::{Field, Input, Need};
use super::kind::sections;
use super::tree::{Tree, walk};

/// How much of what a good record has is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meter {
    /// Fields that are filled in.
    pub(crate) filled: usize,
    /// Fields that a good record has.
    pub(crate) wanted: usize,
    /// Those that lack, in the order of the form.
    pub(crate) lacking: Vec<Lack>,
}

/// A field that a good record has and this one has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether nothing is signed without it.
    pub(crate) is_required: bool,
}

/// How far the texts of a record are written in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tongue {
    /// The language's tag.
    pub(crate) tag: String,
    /// Texts that are there in it.
    pub(crate) written: usize,
    /// The names of those that are there in another language only.
    pub(crate) lacking: Vec<String>,
}

impl Meter {
    /// Measures a form of a kind.
    pub(crate) fn of(kind: &str, tree: &Tree) -> Self {
        let fields: Vec<&Field> = sections(kind).iter().flat_map(|section| section.fields).collect();
        let counted: Vec<&Field> = fields.into_iter().filter(|field| field.need != Need::Optional).collect();
        let lacks = |field: &&&Field| !tree.get(field.name).is_some_and(says_something);
        let lacking: Vec<Lack> = counted
            .iter()
            .filter(lacks)
            .map(|field| Lack { name: field.name, is_required: field.need == Need::Required })
            .collect();
        Self { filled: counted.len() - lacking.len(), wanted: counted.len(), lacking }
    }
}

/// Tells whether anything is filled in, at any depth.
fn says_something(value: &Json) -> bool {
    match value {
        Json::Object(inner) => inner.iter().any(|(name, value)| name != "id" && says_something(value)),
        Json::Array(items) => items.iter().any(says_something),
        Json::String(text) => !text.trim().is_empty(),
        Json::Bool(is_set) => *is_set,
        Json::Number(_) => true,
        Json::Null => false,
    }
}

impl Tongue {
    /// Tells of each of some languages which texts there are in it. A text that nobody wrote in any language
    /// is not one to be translated.
    pub(crate) fn all(kind: &str, tree: &Tree, tags: &[String]) -> Vec<Self> {
        let mut tongues: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
        walk(kind, tree, &mut |path, field, value| {
            let Some(Json::Object(words)) =
                value.filter(|_| matches!(field.input, Input::Line | Input::Prose))
            else {
                return;
            };
            for tag in tags {
                let (written, lacking) = tongues.entry(tag).or_default();
                match words.get(tag).and_then(Json::as_str).is_some_and(|text| !text.trim().is_empty()) {
                    true => *written += 1,
                    false => lacking.push(path.to_owned()),
                }
            }
        });
        let tongue = |tag: &String| {
            let (written, lacking) = tongues.remove(tag.as_str()).unwrap_or_default();
            Self { tag: tag.clone(), written, lacking }
        };
        tags.iter().map(tongue).collect()
    }
}
