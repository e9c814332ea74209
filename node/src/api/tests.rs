//! Real nodes without a network, asked through their routers.

use std::path::Path;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, Response, StatusCode, header};
use multaqa_protocol::codec::Value;
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::record::{self, Record};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tower::ServiceExt;

use super::Api;
use super::socket::Addresses;
use super::types::*;
use crate::folder::{Init, init};
use crate::{Config, Node};

mod bundles;
mod dating;
mod described;
mod drafting;
pub(crate) mod following;
mod guarding;
mod limits;
mod metrics;
pub(crate) mod networks;
mod opened;
mod proofs;
mod records;
mod searching;
mod serving;
mod talking;

/// A node with its office and its public side.
pub(crate) struct Desk {
    pub(crate) node: Node,
    pub(crate) office: Router,
    pub(crate) public: Router,
    pub(crate) author: AuthorId,
    _dir: tempfile::TempDir,
}

/// Free ports of this machine.
pub(crate) fn anywhere() -> Addresses {
    let here = ([127, 0, 0, 1], 0).into();
    Addresses { public: here, office: here }
}

pub(crate) fn profile(name: &str, code: Option<&str>) -> record::Profile {
    let mut draft = json!({ "names": { "fr": name }, "level": "association" });
    if let Some(code) = code {
        draft["level"] = json!("commune");
        draft["code"] = json!(code);
    }
    let value: Value = serde_json::from_value(draft).unwrap();
    let body = record::draft("profile", value).unwrap();
    let Record::Profile(profile) = record::read("profile", &body).unwrap() else { unreachable!() };
    *profile
}

async fn open(dir: &Path) -> Node {
    Node::open(Config::alone(dir.to_owned())).await.unwrap()
}

impl Desk {
    pub(crate) async fn new(name: &str, code: Option<&str>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("data");
        let author = init(&Init { dir: folder.clone(), profile: profile(name, code) }).unwrap().author;
        let node = open(&folder).await;
        let api = Api::new(node.clone());
        Self { node, office: api.office(), public: api.public(), author, _dir: dir }
    }

    /// A steward, member of the network that it founded.
    pub(crate) async fn founder() -> Self {
        let desk = Self::new("Fnideq", Some("01.573.01.01")).await;
        let request =
            json!({ "names": { "fr": "Essai" }, "text": { "fr": "Charte" }, "licence": "CC-BY-4.0" });
        desk.post::<Published>("/network", &request).await;
        desk
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> Response<Body> {
        let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        self.office.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap()
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        read(self.ask(Method::GET, path, Body::empty()).await, StatusCode::OK).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, request: &Json) -> T {
        read(self.ask(Method::POST, path, request.to_string()).await, StatusCode::CREATED).await
    }

    /// Asks what is to be refused, and returns the problem.
    pub(crate) async fn refused(&self, method: Method, path: &str, request: &Json) -> Problem {
        problem(self.ask(method, path, request.to_string()).await).await
    }

    pub(crate) async fn publish(&self, title: &str, principle: &str) -> EntryId {
        let fields = practice(title, principle);
        self.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await.id
    }

    /// Hands a file over for a record, and returns its hash.
    pub(crate) async fn attach(&self, mime: &str, bytes: &'static [u8]) -> String {
        let request = Request::post("/api/v1/attachments").header(header::CONTENT_TYPE, mime);
        let response = self.office.clone().oneshot(request.body(Body::from(bytes)).unwrap()).await.unwrap();
        read::<crate::api::types::Attached>(response, StatusCode::CREATED).await.hash.to_string()
    }

    pub(crate) async fn bytes(&self, path: &str) -> Vec<u8> {
        let response = self.ask(Method::GET, path, Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }
}

pub(crate) fn practice(title: &str, principle: &str) -> Json {
    json!({ "title": { "fr": title }, "summary": { "fr": "Essai" }, "principles": [principle] })
}

pub(crate) async fn read<T: DeserializeOwned>(response: Response<Body>, expected: StatusCode) -> T {
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(status, expected, "{text}");
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn problem(response: Response<Body>) -> Problem {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).cloned();
    let found: Problem = read(response, status).await;
    assert!(status.is_client_error() || status.is_server_error());
    assert_eq!(kind.unwrap(), "application/problem+json");
    assert_eq!((found.schema.as_str(), found.status), (PROBLEM, status.as_u16()));
    found
}
