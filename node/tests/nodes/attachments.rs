//! Files that records name travel on demand between real nodes, and a lie about one shows.

use std::fs;
use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use multaqa_node::{Node, api};
use multaqa_protocol::attachment::CHUNK;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use super::{make, offline, online, until};

/// A picture of a few chunks, by its mark.
fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend((0..2 * CHUNK + 1_000).map(|at| u8::try_from(at * 7 % 253).unwrap()));
    bytes
}

async fn ask(router: &Router, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Response<Body> {
    let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    let request = request.header(header::CONTENT_TYPE, kind).header(header::HOST, "localhost");
    router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

async fn read(response: Response<Body>) -> (StatusCode, Vec<u8>) {
    let status = response.status();
    (status, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn json_of(response: Response<Body>) -> (StatusCode, Json) {
    let (status, bytes) = read(response).await;
    (status, serde_json::from_slice(&bytes).unwrap())
}

async fn attach(node: &Node, bytes: Vec<u8>, kind: &str) -> (StatusCode, Json) {
    json_of(ask(&api::office(node.clone()), Method::POST, "/attachments", kind, bytes).await).await
}

async fn publish(node: &Node, attached: &Json, name: &str) -> String {
    let mut file = attached.clone();
    file.as_object_mut().unwrap().remove("schema");
    file["name"] = json!(name);
    file["alt"] = json!({ "fr": "Un plan" });
    let fields = json!({
        "title": { "fr": "Portail" }, "summary": { "fr": "Essai" }, "principles": ["transparency"],
        "attachments": [file],
    });
    let request = json!({ "kind": "practice", "fields": fields }).to_string();
    let office = api::office(node.clone());
    let answer = ask(&office, Method::POST, "/records", "application/json", request.into()).await;
    let (status, published) = json_of(answer).await;
    assert_eq!(status, StatusCode::CREATED, "{published}");
    assert!(published.get("warnings").is_none(), "{published}");
    published["id"].as_str().unwrap().to_owned()
}

/// Asks for a file as a reader does.
async fn get(node: &Node, hash: &str, record: &str) -> Response<Body> {
    let path = format!("/attachments/{hash}{record}");
    ask(&api::public(node.clone()), Method::GET, &path, "text/plain", Vec::new()).await
}

async fn holds(node: &Node, id: &str) -> bool {
    let path = format!("/records/{id}");
    let answer = ask(&api::public(node.clone()), Method::GET, &path, "text/plain", Vec::new()).await;
    let (status, record) = json_of(answer).await;
    status == StatusCode::OK && record["body"] == "present"
}

/// A steward and a member that run and know each other.
async fn two(dir: &Path) -> (Node, Node) {
    let [a, b] = ["a", "b"].map(|name| dir.join(name));
    let member = make(&b, "B").0;
    make(&a, "A");
    let node = offline(&a).await;
    let net = super::found(&node, &[member]).await;
    node.shutdown().await;
    let first = online(&a, Vec::new()).await;
    let node = offline(&b).await;
    node.enter(net, first.listeners().await).await.unwrap();
    node.publish(vec![super::join(net)]).await.unwrap();
    node.shutdown().await;
    let second = online(&b, first.listeners().await).await;
    (first, second)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_from_its_author_when_somebody_asks_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let (author, reader) = two(dir.path()).await;
    let bytes = picture();
    let (status, attached) = attach(&author, bytes.clone(), "image/png").await;
    assert_eq!((status, &attached["mime"]), (StatusCode::CREATED, &"image/png".into()), "{attached}");
    assert_eq!(attached["size"], bytes.len() as u64);
    let hash = attached["hash"].as_str().unwrap();
    let id = publish(&author, &attached, "../plan final.png").await;
    until("the record arrives", async || holds(&reader, &id).await).await;

    // Nothing is fetched that no record is named for.
    assert_eq!(get(&reader, hash, "").await.status(), StatusCode::NOT_FOUND);
    let other = "ab".repeat(32);
    assert_eq!(get(&reader, &other, &format!("?record={id}")).await.status(), StatusCode::NOT_FOUND);
    assert!(!dir.path().join("b/attachments").join(hash).exists());

    let answer = get(&reader, hash, &format!("?record={id}")).await;
    let headers = answer.headers().clone();
    let (status, got) = read(answer).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&got));
    assert!(got == bytes, "{} bytes", got.len());
    for (name, value) in [
        (header::CONTENT_TYPE, "image/png"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "inline; filename*=UTF-8''_plan%20final.png"),
    ] {
        assert_eq!(headers[&name], value);
    }
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));

    // It is here now, and stays readable without its author.
    author.shutdown().await;
    let (status, again) = read(get(&reader, hash, "").await).await;
    assert!(status == StatusCode::OK && again == bytes);
    reader.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_lies_is_found_out_and_nothing_of_its_lie_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (author, reader) = two(dir.path()).await;
    let (_, attached) = attach(&author, picture(), "image/png").await;
    let hash = attached["hash"].as_str().unwrap();
    let id = publish(&author, &attached, "plan.png").await;
    until("the record arrives", async || holds(&reader, &id).await).await;

    let file = dir.path().join("a/attachments").join(hash);
    let good = fs::read(&file).unwrap();
    let mut altered = good.clone();
    altered[CHUNK + 3] ^= 1;
    fs::write(&file, &altered).unwrap();
    let (status, problem) = json_of(get(&reader, hash, &format!("?record={id}")).await).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &"file-missing".into()), "{problem}");
    // What came before the lie was checked, and waits for the next holder.
    let kept = fs::read_dir(dir.path().join("b/attachments")).unwrap().map(|file| file.unwrap().path());
    let kept: Vec<_> = kept.collect();
    let [part] = &kept[..] else { panic!("{kept:?}") };
    assert!(part.extension().is_some_and(|end| end == "part"), "{kept:?}");
    assert_eq!(fs::read(part).unwrap(), good[..CHUNK]);

    fs::write(&file, &good).unwrap();
    let (status, got) = read(get(&reader, hash, &format!("?record={id}")).await).await;
    assert!(status == StatusCode::OK && got == good);
    author.shutdown().await;
    reader.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_about_itself_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    make(&dir.path().join("a"), "A");
    let node = offline(&dir.path().join("a")).await;
    super::found(&node, &[]).await;
    for (bytes, kind, status, code) in [
        (b"<svg xmlns='x'><script>1</script></svg>".to_vec(), "image/svg+xml", 415, "file-type"),
        (b"<svg xmlns='x'/>".to_vec(), "text/plain", 415, "file-type"),
        (b"<!DOCTYPE html><p>".to_vec(), "application/octet-stream", 415, "file-type"),
        (picture(), "application/pdf", 422, "file-other-type"),
        (Vec::new(), "text/plain", 422, "file-empty"),
        (b"good at first\n".repeat(1_000).into_iter().chain([0]).collect(), "text/plain", 415, "file-type"),
        (vec![b'a'; 20 * 1024 * 1024 + 1], "text/plain", 413, "too-large"),
    ] {
        let (found, problem) = attach(&node, bytes, kind).await;
        assert_eq!((found.as_u16(), &problem["code"]), (status, &code.into()), "{problem}");
    }
    assert_eq!(fs::read_dir(dir.path().join("a/attachments")).unwrap().count(), 0);

    // One that announces 2 GB is turned away before anything is read.
    let request = Request::builder().method(Method::POST).uri("/api/v1/attachments");
    let request = request.header(header::HOST, "localhost").header(header::CONTENT_LENGTH, "2147483648");
    let answer = api::office(node.clone()).oneshot(request.body(Body::from("x")).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);

    // A record that says something else of a file than what it is.
    let (_, mut attached) = attach(&node, b"a;b\n1;2\n".to_vec(), "text/csv").await;
    assert_eq!(attached["mime"], "text/csv");
    attached["size"] = json!(7);
    attached["name"] = json!("table.csv");
    attached.as_object_mut().unwrap().remove("schema");
    let fields = json!({
        "title": { "fr": "Portail" }, "summary": { "fr": "Essai" }, "principles": ["transparency"],
        "attachments": [attached],
    });
    let request = json!({ "kind": "practice", "fields": fields }).to_string();
    let office = api::office(node.clone());
    let answer = ask(&office, Method::POST, "/records", "application/json", request.into()).await;
    let (status, problem) = json_of(answer).await;
    assert_eq!((status.as_u16(), &problem["fields"][0]["code"]), (422, &"file_size".into()), "{problem}");
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_withdrawn_record_is_given_to_nobody() {
    let dir = tempfile::tempdir().unwrap();
    make(&dir.path().join("a"), "A");
    let node = offline(&dir.path().join("a")).await;
    super::found(&node, &[]).await;
    let (_, attached) = attach(&node, picture(), "image/png").await;
    let hash = attached["hash"].as_str().unwrap();
    let id = publish(&node, &attached, "plan.png").await;
    until("the file has its note", async || get(&node, hash, "").await.status() == StatusCode::OK).await;
    let path = format!("/records/{id}/withdraw");
    let request = json!({ "reason": "personal data" }).to_string();
    let answer =
        ask(&api::office(node.clone()), Method::POST, &path, "application/json", request.into()).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    for record in [String::new(), format!("?record={id}")] {
        assert_eq!(get(&node, hash, &record).await.status(), StatusCode::NOT_FOUND, "{record}");
    }
    node.shutdown().await;
}
