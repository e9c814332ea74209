//! What there is to take, for programs that harvest it: a DCAT-AP catalogue, and the data package that
//! describes the CSV.

#[cfg(test)]
mod tests;

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use multaqa_protocol::record::Words;
use serde_json::{Value, json};

use super::Base;
use super::linked::{without_nothing, words};
use super::texts::{About, TEXTS, best};
use crate::api::failure::Failure;
use crate::api::{Api, query, reply};
use crate::clock::now;
use crate::sheet::{COLUMNS, Column, Content, Form, moment};
use crate::view::Filter;

/// The languages of the texts, as the Publications Office of the European Union names them.
const TONGUES: [&str; 3] = ["ARA", "FRA", "ENG"];
/// Where the Publications Office keeps its lists.
const LISTS: &str = "http://publications.europa.eu/resource/authority";

/// Returns the catalogue of what this node gives out (DCAT-AP 3), as JSON-LD.
#[utoipa::path(
    get,
    path = "/catalog.jsonld",
    tag = "open data",
    responses((status = 200, description = "The catalogue", body = Object, content_type = "application/ld+json"))
)]
pub(in crate::api) async fn catalog(
    State(api): State<Api>,
    headers: HeaderMap,
    base: Base,
) -> Result<Response, Failure> {
    let me = api.node.author();
    let answer = api.ask(move |view| {
        let network = view.network();
        let latest =
            view.records(&Filter::default(), None, 1, now())?.items.pop().map(|item| moment(item.time));
        let names = if network.names.is_empty() { view.names_of(me) } else { network.names };
        Ok(of(&names, &network.licence, latest.as_deref(), &view.names_of(me), &base))
    });
    let catalog = serde_json::to_vec_pretty(&answer.await?).expect("answers are plain data with text keys");
    Ok(reply::text(&headers, "application/ld+json", catalog))
}

fn of(names: &Words, licence: &str, latest: Option<&str>, publisher: &Words, base: &Base) -> Value {
    let licence = licence_address(licence);
    let about = |about: &About| {
        let keywords = about.keywords.iter().flat_map(|(tag, keywords)| {
            keywords.iter().map(move |keyword| json!({ "@language": tag, "@value": keyword }))
        });
        (words(&about.title), words(&about.description), keywords.collect::<Vec<_>>())
    };
    let publisher = json!({ "@type": "foaf:Agent", "foaf:name": words(publisher) });
    let modified = latest.map(|time| json!({ "@type": "xsd:dateTime", "@value": time }));
    let dataset = |id: &str, texts: &About, distributions: Vec<Value>| {
        let (title, description, keywords) = about(texts);
        without_nothing(json!({
            "@id": base.to(&format!("/api/v1/catalog.jsonld#dataset-{id}")),
            "@type": "dcat:Dataset",
            "dct:title": title,
            "dct:description": description,
            "dcat:keyword": keywords,
            "dct:publisher": publisher,
            "dct:modified": modified,
            "dct:spatial": { "@id": format!("{LISTS}/country/MAR") },
            "dct:accrualPeriodicity": { "@id": format!("{LISTS}/frequency/CONT") },
            "dct:license": licence,
            "dcat:distribution": distributions,
        }))
    };
    let distribution = |file: &str, title: &str, kind: &str, format: &str, standard: Option<String>| {
        let at = json!({ "@id": base.to(&format!("/api/v1/{file}")) });
        without_nothing(json!({
            "@id": base.to(&format!("/api/v1/catalog.jsonld#file-{file}")),
            "@type": "dcat:Distribution",
            "dct:title": title,
            "dcat:accessURL": at,
            "dcat:downloadURL": at,
            "dcat:mediaType": { "@id": format!("https://www.iana.org/assignments/media-types/{kind}") },
            "dct:format": { "@id": format!("{LISTS}/file-type/{format}") },
            "dct:license": licence,
            "dct:conformsTo": standard.map(|standard| json!({ "@id": standard })),
        }))
    };
    let package = Some(base.to("/api/v1/datapackage.json"));
    let described = Some(base.to("/api/v1/openapi.json"));
    let records = vec![
        distribution("export.csv", "CSV", "text/csv", "CSV", package),
        distribution("export.jsonl", "JSON Lines", "application/jsonl", "JSON", described.clone()),
        distribution(
            "export.jsonld",
            "JSON-LD",
            "application/ld+json",
            "JSON_LD",
            Some("https://schema.org".into()),
        ),
        distribution(
            "feed.atom",
            "Atom",
            "application/atom+xml",
            "ATOM",
            Some("https://www.rfc-editor.org/rfc/rfc4287".into()),
        ),
    ];
    let members = vec![distribution("members", "JSON", "application/json", "JSON", described)];
    let tongues = TONGUES.map(|tongue| json!({ "@id": format!("{LISTS}/language/{tongue}") }));
    without_nothing(json!({
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": base.to("/api/v1/catalog.jsonld"),
        "@type": "dcat:Catalog",
        "dct:title": words(names),
        "dct:description": words(&TEXTS.catalog.description),
        "dct:publisher": publisher,
        "dct:language": tongues,
        "dct:license": licence,
        "dct:modified": modified,
        "foaf:homepage": { "@id": base.to("/") },
        "dcat:dataset": [dataset("records", &TEXTS.records, records), dataset("members", &TEXTS.members, members)],
    }))
}

/// Returns where a licence is found: its own address, or that of its SPDX code.
fn licence_address(licence: &str) -> Option<Value> {
    let is_code = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+');
    let address = match licence {
        "" => return None,
        address if address.starts_with("https://") || address.starts_with("http://") => address.to_owned(),
        code if code.chars().all(is_code) => format!("https://spdx.org/licenses/{code}"),
        _ => return None,
    };
    Some(json!({ "@id": address }))
}

/// Returns the data package (frictionless) that describes the columns of `export.csv`.
#[utoipa::path(
    get,
    path = "/datapackage.json",
    tag = "open data",
    params(query::Package),
    responses((status = 200, description = "The data package", body = Object))
)]
pub(in crate::api) async fn package(
    State(api): State<Api>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Failure> {
    let language = query::parameters::<query::Package>(&uri)?.language();
    let licence = api.ask(|view| Ok(view.network().licence)).await?;
    let fields: Vec<Value> = COLUMNS.iter().map(|column| described(column, &language)).collect();
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let licences: Vec<Value> = Some(licence)
        .filter(|licence| !licence.is_empty() && licence.chars().all(is_name))
        .map(|licence| json!({ "name": licence }))
        .into_iter()
        .collect();
    let package = without_nothing(json!({
        "profile": "tabular-data-package",
        "name": "multaqa-records",
        "title": best(&TEXTS.records.title, &language),
        "description": best(&TEXTS.records.description, &language),
        "licenses": licences,
        "resources": [{
            "profile": "tabular-data-resource",
            "name": "records",
            "path": "export.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": { "delimiter": ",", "quoteChar": "\"", "doubleQuote": true, "lineTerminator": "\r\n" },
            "schema": { "fields": fields, "primaryKey": "id", "missingValues": [""] },
        }],
    }));
    let package = serde_json::to_vec_pretty(&package).expect("answers are plain data with text keys");
    Ok(reply::text(&headers, "application/json", package))
}

fn described(column: &Column, language: &str) -> Value {
    let (kind, constraints) = match (column.content, column.name) {
        (_, "id") => ("string", json!({ "required": true, "unique": true, "pattern": "[0-9a-f]{64}" })),
        (_, "author") => ("string", json!({ "required": true, "pattern": "[0-9a-f]{64}" })),
        (Content::Kind, _) => ("string", json!({ "required": true })),
        (_, "time") => ("datetime", Value::Null),
        (_, "place_confirmed" | "current") => ("boolean", json!({ "required": true })),
        (Content::Field(_, Form::Number), _) => ("integer", Value::Null),
        (Content::Field(_, Form::Mark), _) => ("boolean", Value::Null),
        _ => ("string", Value::Null),
    };
    let text = TEXTS.columns.get(column.name).map(|words| best(words, language));
    without_nothing(json!({ "name": column.name, "type": kind, "title": text, "constraints": constraints }))
}
