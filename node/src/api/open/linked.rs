//! Records in the words of schema.org, as JSON-LD.

use multaqa_protocol::id::EntryId;
use multaqa_protocol::record::{self, Words};
use serde_json::{Map, Value, json};

use super::Base;
use crate::api::types::{BodyStatus, Record, RecordItem, Status};
use crate::sheet::moment;
use crate::view::Filter;

/// What comes before the first record.
pub(super) const HEAD: &str = "{\"@context\":\"https://schema.org\",\"@graph\":[";
/// What comes after the last.
pub(super) const FOOT: &str = "\n]}\n";

/// Returns a text in all its languages.
pub(super) fn words(words: &Words) -> Value {
    words.iter().map(|(tag, text)| json!({ "@language": tag, "@value": text })).collect()
}

/// Returns a record as a creative work, without what it does not say.
pub(super) fn describe(item: &RecordItem, fields: Option<&Map<String, Value>>, base: &Base) -> Value {
    let text = |path: &[&str]| at(fields?, path).filter(|value| value.is_string()).cloned();
    let list = |name: &str| fields.and_then(|fields| fields.get(name)?.as_array());
    let keywords: Vec<Value> =
        ["principles", "themes"].iter().filter_map(|name| list(name)).flatten().cloned().collect();
    let sources = list("sources").into_iter().flatten().filter_map(|source| source.get("address").cloned());
    let span = [text(&["period", "start"]), text(&["period", "end"])];
    let span = match span {
        [None, None] => None,
        span => Some(
            span.map(|day| {
                day.and_then(|day| day.as_str().map(str::to_owned)).unwrap_or_else(|| "..".into())
            })
            .join("/"),
        ),
    };
    let place = item.place.as_ref().map(|code| {
        let names = words(&item.confirmation.place_names);
        json!({ "@type": "AdministrativeArea", "identifier": code, "name": names })
    });
    let author = json!({
        "@type": if item.place.is_some() { "GovernmentOrganization" } else { "Organization" },
        "@id": base.to(&format!("/api/v1/members/{}", item.author)),
        "identifier": item.author,
        "name": words(&item.names),
    });
    let at = |id: &EntryId| base.to(&format!("/api/v1/records/{id}"));
    let id = at(&item.id);
    let encoding = json!({
        "@type": "MediaObject",
        "contentUrl": base.to(&format!("/api/v1/entries/{}", item.id)),
        "encodingFormat": "application/cose",
    });
    if item.kind == record::EVENT {
        return without_nothing(json!({
            "@type": "Event",
            "@id": id,
            "identifier": item.id,
            "url": id,
            "name": words(&item.title),
            "description": words(&item.summary),
            "inLanguage": item.title.iter().map(|(tag, _)| tag).collect::<Vec<_>>(),
            "organizer": author,
            "startDate": text(&["period", "start"]),
            "endDate": text(&["period", "end"]),
            "keywords": keywords,
            "location": place,
            "subjectOf": encoding,
        }));
    }
    let (kind, subject, said) = terms(&item.kind);
    let mut described = json!({
        "@type": kind,
        "@id": id,
        "identifier": item.id,
        "genre": item.kind,
        "url": id,
        "name": words(&item.title),
        "abstract": words(&item.summary),
        "inLanguage": item.title.iter().map(|(tag, _)| tag).collect::<Vec<_>>(),
        "author": author,
        "dateCreated": moment(item.time),
        "keywords": keywords,
        "temporalCoverage": span,
        "spatialCoverage": place,
        "creativeWorkStatus": text(&["status"]),
        "license": text(&["licence"]),
        "citation": sources.collect::<Vec<_>>(),
        "encoding": encoding,
    });
    if let Some(about) = &item.about {
        described[subject] = json!({ "@id": at(&about.link.target.id) });
    }
    if let Some(said) = said {
        described[said] = words(&item.summary);
    }
    without_nothing(described)
}

/// Returns the type that schema.org has for a kind, the property by which it names what it is about, and the
/// one that holds what it says, where there is a narrower one than the abstract.
fn terms(kind: &str) -> (&'static str, &'static str, Option<&'static str>) {
    match kind {
        record::CHALLENGE => ("Question", "about", None),
        record::REPLY => ("Comment", "parentItem", Some("text")),
        record::EVALUATION => ("Review", "itemReviewed", Some("reviewBody")),
        record::PROGRESS => ("Report", "about", None),
        record::ADOPTION => ("CreativeWork", "isBasedOn", None),
        _ => ("CreativeWork", "about", None),
    }
}

/// Returns the description of one record as a document of its own: the same that `GET /export.jsonld` has of
/// it. Nothing of what is no record, does not count or is not here.
pub(crate) fn document(shown: &Record, base: &Base) -> Option<Value> {
    let item = &shown.item;
    let is_told = Filter::default().wants_kind(&item.kind)
        && item.status == Status::Canonical
        && item.body == BodyStatus::Present;
    let mut described =
        is_told.then(|| describe(item, shown.fields.as_ref().and_then(Value::as_object), base))?;
    described.as_object_mut()?.insert("@context".to_owned(), "https://schema.org".into());
    Some(described)
}

fn at<'a>(fields: &'a Map<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let (name, deeper) = path.split_first()?;
    deeper.iter().try_fold(fields.get(*name)?, |value, name| value.get(name))
}

/// Returns an object without the fields that say nothing.
pub(super) fn without_nothing(mut object: Value) -> Value {
    if let Value::Object(fields) = &mut object {
        fields.retain(|_, value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        });
    }
    object
}
