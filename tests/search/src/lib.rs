//! A node that holds the network's example records, each in the log of its collectivity, and as many
//! more as a measurement wants; and the questions that were judged against them.
//!
//! What is asked goes through the router, as a reader's question does.

pub mod judged;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use ed25519_dalek::SigningKey;
use multaqa_node::api::{self, types::Records};
use multaqa_node::folder::{Init, init};
use multaqa_node::{Config, Node};
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::{Map, Value};
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::id::{AuthorId, BodyHash, Bytes32, EntryId, NetworkId, sha256};
use multaqa_protocol::network::{Body as _, Join};
use multaqa_protocol::record::{self, PROFILE, Record};
use serde::de::DeserializeOwned;
use serde_json::json;
use tower::ServiceExt;

/// Claimed time of the first entry of each log.
const BEGIN: u64 = 1_700_000_000_000;
/// How long the index may take to come up with what was carried in.
const PATIENCE: Duration = Duration::from_secs(120);

/// A node with records of many collectivities.
pub struct Corpus {
    /// The node.
    pub node: Node,
    /// Its office.
    pub office: Router,
    /// The names of the example records (`rp055`), by entry.
    pub keys: BTreeMap<EntryId, String>,
    dir: tempfile::TempDir,
}

impl std::fmt::Debug for Corpus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Corpus").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

/// The folder of a collectivity among the examples.
struct Folder {
    place: String,
    /// Kind, body and name of each record, its profile first.
    records: Vec<(String, Map, String)>,
}

impl Corpus {
    /// Returns a node with every example record `copies` times over. The first copy is the record as it
    /// is; later ones take words of other records, so that no two are alike.
    ///
    /// # Panics
    ///
    /// When anything fails: it is for tests.
    pub async fn new(copies: u64) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let data = dir.path().join("data");
        let profile = profile();
        init(&Init { dir: data.clone(), profile }).expect("a new folder");
        let node = Node::open(Config::alone(data)).await.expect("the folder opens");
        let office = api::office(node.clone());
        let mut corpus = Self { node, office, keys: BTreeMap::new(), dir };
        let network =
            json!({ "names": { "fr": "Essai" }, "text": { "fr": "Charte" }, "licence": "CC-BY-4.0" });
        corpus.post("/network", &network).await;
        let net = corpus.node.network().expect("it was founded");
        let folders = folders();
        let texts: Vec<Map> =
            folders.iter().flat_map(|folder| &folder.records).map(|(_, body, _)| body.clone()).collect();
        for (number, folder) in folders.iter().enumerate() {
            corpus.carry(number as u8, folder, net, copies, &texts).await;
        }
        corpus
    }

    /// Returns the node's data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Signs a collectivity's records as its own, and has it admitted.
    async fn carry(&mut self, number: u8, folder: &Folder, net: NetworkId, copies: u64, texts: &[Map]) {
        let keys = [0, 1].map(|turn| SigningKey::from_bytes(&[number.wrapping_mul(2) + turn + 1; 32]));
        let next = Bytes32(sha256(&multaqa_protocol::envelope::PublicKey::from(&keys[1]).to_bytes().0));
        let salt = [number; entry::SALT_LEN];
        let mut log = vec![entry::incept(&keys[0], next, BEGIN, salt)];
        let author = log[0].0.author();
        let write = |kind: &str, body: &Map, log: &mut Vec<(Entry, Vec<u8>)>| {
            let before = &log[log.len() - 1].0;
            let seq = before.seq() + 1;
            let position = Position { author, seq, prev: before.id(), time: BEGIN + u64::from(seq) };
            let body = entry::encode_body(salt, body);
            let written = entry::write(position, kind, &body, &keys[0]);
            let id = written.id();
            log.push((written, body));
            id
        };
        let (kind, profile, _) = &folder.records[0];
        write(kind, profile, &mut log);
        write("join", &Join { act: None, net, charter: BodyHash(net.0) }.to_map(), &mut log);
        self.import(author, net, &log).await;
        self.post("/admissions", &json!({ "author": author, "place": folder.place })).await;
        for copy in 0..copies {
            for (at, (kind, body, key)) in folder.records.iter().enumerate().skip(1) {
                if copy == 0 {
                    self.keys.insert(write(kind, body, &mut log), key.clone());
                } else {
                    let other = copy.wrapping_mul(31) + at as u64 * 7 + u64::from(number) * 13;
                    write(kind, &varied(body, texts, other, copy), &mut log);
                }
            }
        }
        // In pieces, as a bundle is held in memory.
        for piece in log[2..].chunks(4_096) {
            self.import(author, net, piece).await;
        }
    }

    async fn import(&self, author: AuthorId, net: NetworkId, log: &[(Entry, Vec<u8>)]) {
        let start =
            Start { net, made: 0, about: Some(Bytes32(author.0)), scope: Scope::Author, bundle: VERSION };
        let (mut writer, mut bytes) = Writer::begin(&start);
        for (entry, body) in log {
            bytes.extend(writer.body(body));
            bytes.extend(writer.envelope(entry.envelope()));
        }
        bytes.extend(writer.finish());
        self.node.import(&bytes).await.expect("the entries are sound");
    }

    /// Asks for records; `query` is what stands after the question mark.
    ///
    /// # Panics
    ///
    /// When the answer is a refusal.
    pub async fn ask(&self, query: &str) -> Records {
        self.get(&format!("/records?{query}")).await
    }

    /// Returns an answer's status and bytes.
    ///
    /// # Panics
    ///
    /// When the answer breaks off.
    pub async fn answer(&self, path: &str) -> (u16, Vec<u8>) {
        self.request(Method::GET, path, Body::empty()).await
    }

    /// Waits until the index holds all that the store does.
    ///
    /// # Panics
    ///
    /// When it does not come up in two minutes.
    pub async fn settle(&self) -> Records {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.ask("limit=1").await;
            if answer.complete && answer.total.is_some() {
                return answer;
            }
            assert!(tokio::time::Instant::now() < deadline, "the index does not come up with the store");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Publishes a record of the node's own.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn publish(&self) {
        let title = json!({ "fr": "Registre des travaux" });
        let fields = json!({ "title": title, "summary": title, "principles": ["transparency"] });
        self.post("/records", &json!({ "kind": "practice", "fields": fields })).await;
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let (status, bytes) = self.request(Method::GET, path, Body::empty()).await;
        assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).expect("the answer is what its type says")
    }

    async fn post(&self, path: &str, request: &serde_json::Value) {
        let (status, bytes) = self.request(Method::POST, path, request.to_string().into()).await;
        assert_eq!(status, 201, "{path}: {}", String::from_utf8_lossy(&bytes));
    }

    async fn request(&self, method: Method, path: &str, body: Body) -> (u16, Vec<u8>) {
        let request =
            Request::builder().method(method).uri(format!("/api/v1{path}")).header("host", "localhost");
        let request = request.body(body).expect("the path is escaped");
        let Ok(response) = self.office.clone().oneshot(request).await;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("an answer from memory");
        (status, bytes.to_vec())
    }
}

fn profile() -> record::Profile {
    let draft: Value = serde_json::from_value(json!({ "names": { "fr": "Garant" }, "level": "association" }))
        .expect("JSON without floats");
    let body = record::draft(PROFILE, draft).expect("a valid draft");
    match record::read(PROFILE, &body) {
        Ok(Record::Profile(profile)) => *profile,
        _ => unreachable!("it is a profile"),
    }
}

/// Reads the examples as the clerks' files that they are.
fn folders() -> Vec<Folder> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/records");
    let mut dirs: Vec<PathBuf> = listed(&root);
    dirs.sort();
    dirs.iter()
        .map(|dir| {
            let mut files = listed(dir);
            files.sort_by_key(|file| (!file.ends_with("profile.toml"), file.clone()));
            let records: Vec<_> = files.iter().map(|file| read(file)).collect();
            let place = match record::read(PROFILE, &records[0].1) {
                Ok(Record::Profile(profile)) => profile.code.expect("a collectivity has a code").to_string(),
                _ => unreachable!("the first file is the profile"),
            };
            Folder { place, records }
        })
        .collect()
}

fn listed(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("the examples are in the repository");
    entries.map(|entry| entry.expect("a folder that can be read").path()).collect()
}

fn read(file: &Path) -> (String, Map, String) {
    let text = fs::read_to_string(file).expect("a file that can be read");
    let value: Value = toml::from_str(&text).expect("TOML");
    let (kind, value) = record::take_kind(value).expect("a kind");
    let body = record::draft(&kind, value).expect("a valid draft");
    let key = match body.get("collected") {
        Some(Value::Map(collected)) => collected.get("key").and_then(|key| key.to::<String>().ok()),
        _ => None,
    };
    let folder = file.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    (kind, body, key.or(folder).unwrap_or_default())
}

/// Returns a body with words of others, and a number in its title, so that no two are alike.
fn varied(body: &Map, texts: &[Map], other: u64, copy: u64) -> Map {
    let mut varied = body.clone();
    for (step, (field, from)) in
        [("summary", "summary"), ("context", "summary"), ("actions", "title"), ("lessons", "title")]
            .into_iter()
            .enumerate()
    {
        let of = &texts[(other as usize + step) % texts.len()];
        if let Some(words) = of.get(from) {
            varied.insert(field, words.clone());
        }
    }
    let numbered = |words: &record::Words| {
        let mut numbered = record::Words::default();
        words.iter().for_each(|(tag, text)| numbered.insert(tag, format!("{text} {copy}")));
        numbered
    };
    if let Some(title) = body.get("title").and_then(|title| title.to::<record::Words>().ok()) {
        let words = serde_json::to_value(numbered(&title)).expect("texts by tag");
        varied.insert("title", serde_json::from_value(words).expect("texts by tag"));
    }
    varied
}
