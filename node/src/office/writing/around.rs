//! What a form shows besides its own values: the records to which it refers, and those that it offers.

use std::collections::BTreeMap;

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::{Plan, Record as Body, Words};
use serde_json::Value as Json;

use crate::api::query::Records;
use crate::api::{Api, Failure};
use crate::gazetteer::{self, Territory};
use crate::index::Plain;
use crate::office::form::{Field, Input, Need, Tree, pin, reference, walk};
use crate::view::{Part, Text, View, ViewError};

/// Records offered for one field: what a person looks through before writing other words.
const OFFERED: usize = 6;
/// Fields of one form for which records are looked for; each is a search.
const MAX_SEARCHES: usize = 12;
/// Longest words that are looked for.
const MAX_WORDS: usize = 200;

/// A record as a form shows it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Its kind.
    pub(super) kind: String,
    /// What it is called.
    pub(super) title: Words,
    /// What its author is called.
    pub(super) author: Words,
    /// The reference to it, as inputs hold it.
    pub(super) pin: String,
}

/// What a form shows besides its own values.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// Records to which the form refers, those that are held.
    pub(super) records: BTreeMap<EntryId, Known>,
    /// Those of them that are plans.
    plans: BTreeMap<EntryId, Plan>,
    /// Records offered, by the name of the field.
    pub(super) offers: BTreeMap<String, Vec<Known>>,
}

impl Around {
    /// Looks for what a form of a kind needs.
    pub(super) async fn of(api: &Api, kind: &str, tree: &Tree) -> Result<Self, Failure> {
        let mut around = Self::default();
        let mut ids = Vec::new();
        let mut searches = Vec::new();
        walk(kind, tree, &mut |path, field, value| {
            let (Input::Record(kinds) | Input::Records(kinds)) = field.input else { return };
            let values: Vec<&Json> = match value {
                Some(Json::Array(items)) => items.iter().collect(),
                Some(value) => vec![value],
                None => Vec::new(),
            };
            ids.extend(values.iter().filter_map(|value| id_of(value)));
            let words = values.iter().find_map(|value| value.as_str()).map(str::to_owned);
            if words.is_some() || values.is_empty() && field.need != Need::Optional {
                searches.push((path.to_owned(), kinds, words));
            }
        });
        for (path, kinds, words) in searches.into_iter().take(MAX_SEARCHES) {
            let words = words.filter(|words| words.len() <= MAX_WORDS);
            let asked = Records {
                q: words,
                kind: (!kinds.is_empty()).then(|| kinds.join(",")),
                limit: Some(OFFERED),
                ..Records::default()
            };
            let found = api.records(asked).await?;
            let offers = found.items.into_iter().filter_map(|item| {
                let pin = pin(&reference(&item.id, item.seq, &item.author))?;
                Some(Known { kind: item.kind, title: item.title, author: item.names, pin })
            });
            around.offers.insert(path, offers.collect());
        }
        api.ask(move |view| {
            for id in ids {
                around.look_up(&view, id)?;
            }
            Ok(around)
        })
        .await
    }

    fn look_up(&mut self, view: &View<'_>, id: EntryId) -> Result<(), ViewError> {
        let (shown, body) = match view.reading(&id.to_string()) {
            Ok(found) => found,
            // It may not have arrived.
            Err(ViewError::NotFound { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let item = shown.item;
        let pin = pin(&reference(&item.id, item.seq, &item.author)).unwrap_or_default();
        self.records.insert(id, Known { kind: item.kind, title: item.title, author: item.names, pin });
        if let Some(Body::Plan(plan)) = body {
            self.plans.insert(id, *plan);
        }
        Ok(())
    }

    /// Returns the plan to which a reference of a form points, where it is held.
    pub(super) fn plan(&self, value: Option<&Json>) -> Option<&Plan> {
        self.plans.get(&id_of(value?)?)
    }
}

/// Returns the entry to which a reference of a form points.
pub(super) fn id_of(value: &Json) -> Option<EntryId> {
    value.get("id")?.as_str()?.parse().ok()
}

/// Puts references in place of what people wrote for one: the address of a record's page, or its id. Words that are
/// neither stay, to be looked for.
pub(super) async fn resolve(api: &Api, kind: &str, tree: &mut Tree) -> Result<(), Failure> {
    let mut written = Vec::new();
    walk(kind, tree, &mut |_, field: &Field, value| {
        if let (Input::Record(_) | Input::Records(_), Some(value)) = (field.input, value) {
            let texts = value.as_array().into_iter().flatten().chain([value]).filter_map(Json::as_str);
            written.extend(texts.filter_map(|text| Some((text.to_owned(), named(text)?))));
        }
    });
    if written.is_empty() {
        return Ok(());
    }
    let found: BTreeMap<String, Json> = api
        .ask(move |view| {
            let found = written.into_iter().filter_map(|(text, id)| {
                let found = view.find(&id).ok()?;
                Some((text, reference(&found.id, found.place.seq, &found.author)))
            });
            Ok(found.collect())
        })
        .await?;
    for value in tree.values_mut() {
        replace(value, &found);
    }
    Ok(())
}

/// Returns the id in an address of a record's page, or the text where it can be one.
fn named(text: &str) -> Option<String> {
    let last = text.trim().trim_end_matches('/').rsplit('/').next()?;
    let last = last.split(['?', '#']).next()?;
    let is_id = (8..=64).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| last.to_ascii_lowercase())
}

fn replace(value: &mut Json, found: &BTreeMap<String, Json>) {
    match value {
        Json::String(text) => {
            if let Some(reference) = found.get(text) {
                *value = reference.clone();
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| replace(item, found)),
        Json::Object(fields) => fields.values_mut().for_each(|field| replace(field, found)),
        _ => {}
    }
}

/// Returns the collectivities that a text which is no code can mean, the largest first.
pub(super) fn places(text: &str) -> Vec<&'static Territory> {
    let plain = Plain::new(text);
    let is_named = |territory: &&Territory| {
        territory.names().iter().any(|(_, name)| {
            plain.is_said(&[Text { part: Part::Title, language: String::new(), text: name.to_owned() }])
        })
    };
    gazetteer::all().iter().filter(is_named).take(OFFERED).collect()
}
