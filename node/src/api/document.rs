//! The description of the API (OpenAPI 3.1), made of the routes themselves.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Router};
use utoipa::openapi::path::Operation;
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, PathItem, Ref, RefOr, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::failure::PROBLEM_JSON;
use super::types::Problem;
use super::{Api, metrics, reads, ready, reply, writes};

/// Where the routes of version 1 are.
const BASE: &str = "/api/v1";

/// The document as it is served.
#[derive(Clone, Debug)]
pub(super) struct Document(Arc<Bytes>);

/// Returns this description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "node",
    responses((status = 200, description = "An OpenAPI 3.1 document", body = Object))
)]
pub(super) async fn document(
    Extension(Document(document)): Extension<Document>,
    headers: HeaderMap,
) -> Response {
    reply::text(&headers, "application/json", document.to_vec())
}

/// Returns the description of everything that the office can ask for, of which the public's is a part.
///
/// # Panics
///
/// Never: a description is plain data.
#[must_use]
pub fn whole() -> String {
    let (_, document) = parts(reads().merge(writes()));
    let mut text = serde_json::to_string_pretty(&document).expect("a description is plain data");
    text.push('\n');
    text
}

/// Returns the router of version 1 with the addresses that stand outside of it, and its description.
pub(super) fn describe(version: OpenApiRouter<Api>) -> (Router<Api>, Document) {
    let (router, document) = parts(version);
    let document = serde_json::to_vec(&document).expect("a description is plain data");
    (router, Document(Arc::new(document.into())))
}

fn parts(version: OpenApiRouter<Api>) -> (Router<Api>, OpenApi) {
    let all = OpenApiRouter::new()
        .routes(routes!(ready::alive))
        .routes(routes!(ready::prepared))
        .routes(routes!(metrics::scraped))
        .nest(BASE, version);
    let (router, mut document) = all.split_for_parts();
    document.info = InfoBuilder::new()
        .title("Multaqa")
        .version("1")
        .description(Some(
            "Version 1 of the HTTP interface of a Multaqa node. docs/api.md says how to use it.",
        ))
        .license(Some(LicenseBuilder::new().name(env!("CARGO_PKG_LICENSE")).build()))
        .build();
    for item in document.paths.paths.values_mut() {
        operations(item).for_each(refuse);
    }
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    let mut parts = Vec::new();
    Problem::schemas(&mut parts);
    components.schemas.extend(parts);
    (router, document)
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post].into_iter().flatten()
}

/// Says that whatever is not as described is a problem.
fn refuse(operation: &mut Operation) {
    let problem = Ref::from_schema_name(Problem::name());
    let answer = ResponseBuilder::new()
        .description("A problem, with a stable code (RFC 9457)")
        .content(PROBLEM_JSON, ContentBuilder::new().schema(Some(problem)).build())
        .build();
    operation.responses.responses.insert("default".into(), RefOr::T(answer));
}
