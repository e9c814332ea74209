//! The description of the API against the routers, the documents and the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// Where the description is kept.
const SNAPSHOT: &str = "docs/openapi.json";

fn repository(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

async fn document(router: &Router) -> Json {
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    read(router.clone().oneshot(request).await.unwrap(), StatusCode::OK).await
}

/// The code of the answer to a request without a body.
async fn code(router: &Router, method: &str, path: &str) -> String {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice::<Problem>(&bytes).map(|problem| problem.code).unwrap_or_default()
}

#[tokio::test]
async fn the_routers_answer_what_the_document_describes_and_nothing_else() {
    let desk = Desk::founder().await;
    for router in [&desk.public, &desk.office] {
        let document = document(router).await;
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().unwrap();
        assert!(paths.len() > 20);
        for (path, item) in paths {
            let path = path.replace("{id}", "00000000").replace("{author}", "00000000");
            for method in ["get", "post", "put", "patch", "delete"] {
                let described = item.get(method).is_some();
                let refused = matches!(
                    code(router, &method.to_uppercase(), &path).await.as_str(),
                    "no-route" | "no-method"
                );
                assert_eq!(described, !refused, "{method} {path}");
            }
        }
    }
    let public = document(&desk.public).await;
    let office = document(&desk.office).await;
    let writes = |document: &Json| {
        document["paths"].as_object().unwrap().values().filter(|item| item.get("post").is_some()).count()
    };
    assert_eq!(writes(&public), 0);
    assert!(writes(&office) > 10);
}

#[test]
fn no_route_is_made_without_its_description() {
    let source = fs::read_to_string(repository("node/src/api.rs")).unwrap();
    assert!(source.contains(".routes(routes!("));
    assert!(!source.contains(".route("), "a route of the API is made with `routes!`, which describes it");
}

#[test]
fn the_description_is_the_one_in_the_documents() {
    let written = crate::api::document::whole();
    let path = repository(SNAPSHOT);
    if std::env::var_os("MULTAQA_RENEW").is_some() {
        fs::write(&path, &written).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == written,
        "{SNAPSHOT} is not what the routes say. If the change is meant: MULTAQA_RENEW=1 cargo test -p multaqa-node described"
    );
}

#[test]
fn every_schema_that_is_named_is_there() {
    let document: Json = serde_json::from_str(&crate::api::document::whole()).unwrap();
    let there: BTreeSet<&str> =
        document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
    let text = document.to_string();
    for piece in text.split("#/components/schemas/").skip(1) {
        let name = piece.split('"').next().unwrap();
        assert!(there.contains(name), "{name}");
    }
}

#[test]
fn the_guide_names_every_code_of_a_problem() {
    let source = fs::read_to_string(repository("node/src/api/failure.rs")).unwrap();
    let guide = fs::read_to_string(repository("docs/api.md")).unwrap();
    let mut codes: BTreeSet<&str> = source
        .split("(S::")
        .skip(1)
        .filter_map(|piece| piece.split_once(", \"")?.1.split_once('"'))
        .map(|(code, _)| code)
        .collect();
    codes.extend(["too-large", "too-late", "bad-request"]);
    assert!(codes.len() > 40, "{codes:?}");
    let table: BTreeSet<&str> = guide
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, rest)| rest.starts_with(|first: char| first.is_ascii_digit()))
        .map(|(code, _)| code)
        .collect();
    assert_eq!(table, codes);
}
