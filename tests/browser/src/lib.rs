//! The pages of real nodes, for a real browser to look at: a network with the example records and some
//! that mean harm, and a node on which there is nothing yet.
//!
//! `check.mjs` beside this drives the browser; what it needs is installed by `tests/run`.

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_cluster::{Answer, Place, Running, found, multaqa, string, text, until};
use serde_json::{Value, json};

/// The collectivity of the node on which there is nothing yet.
const FIGUIG: &str = "02.251.01.03";

/// Nodes that run, with the addresses of their pages.
#[derive(Debug)]
pub struct World {
    /// What the browser is told.
    pub about: Value,
    _nodes: Vec<Running>,
    _dir: tempfile::TempDir,
}

impl World {
    /// Makes the nodes and their records, and runs them.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[must_use]
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let demo = dir.path().join("demo");
        let made =
            Answer::of(multaqa().args(["demo", "--once", "--json", "--nodes", "5", "--dir", text(&demo)]));
        let made = made.ends(0).object();
        let folders: Vec<Place> = made["nodes"]
            .as_array()
            .expect("the demo names its nodes")
            .iter()
            .map(|node| Place::new(string(node, "data")))
            .collect();
        let records = publish_harm(&folders[0], dir.path());
        let first = folders[0].run(&[]);
        let second = folders[1].run(&first.addresses());
        until("the two know each other", || folders[0].object(["status"])["peers"]["connected"] == 1);

        let (empty, _) = Place::init(dir.path().join("empty"), FIGUIG);
        let _ = found(&empty);
        let alone = empty.run(&[]);
        let about = json!({
            "pages": first.ready["public"],
            "empty": alone.ready["public"],
            "member": first.ready["author"],
            "records": records,
        });
        Self { about, _nodes: vec![first, second, alone], _dir: dir }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// Publishes records whose text would do harm where it could, one that was revised and taken over, and one
/// that was withdrawn; returns their ids by what they show.
fn publish_harm(place: &Place, dir: &Path) -> Value {
    let publish = |name: &str| {
        let id = place.text(["publish", text(&record(name))]);
        id.trim().to_owned()
    };
    let full = publish("full");
    let revised = place.text(["revise", &full, text(&record("full-revised"))]).trim().to_owned();
    // The record is taken over by another, which names its older version.
    let shown = place.object(["show", &full]);
    let adopting = dir.join("adopting.json");
    let draft = json!({
        "kind": "practice",
        "principles": ["transparency"],
        "title": { "fr": "Reprise de la pratique", "ar": "أخذ بالممارسة" },
        "summary": { "fr": "Avec un tiers du budget.", "ar": "بثلث الميزانية." },
        "adopted_from": [{ "author": shown["author"], "seq": shown["seq"], "id": shown["id"] }],
    });
    fs::write(&adopting, draft.to_string()).expect("the file can be written");
    let _ = place.text(["publish", text(&adopting)]);
    let withdrawn = publish("withdrawn");
    let _ = place.text(["withdraw", &withdrawn, "--reason", "Publié par erreur"]);
    let mut harmful = serde_json::Map::new();
    for (name, title) in harm() {
        let file = dir.join(format!("{name}.json"));
        let draft = json!({
            "kind": "practice",
            "principles": ["transparency"],
            "title": { "fr": title, "ar": title },
            "summary": { "fr": title, "ar": title },
            "actions": { "fr": title },
            "partners": [{ "name": { "fr": title } }],
        });
        fs::write(&file, draft.to_string()).expect("the file can be written");
        let id = place.text(["publish", text(&file)]);
        harmful.insert(name.to_owned(), id.trim().into());
    }
    json!({ "full": revised, "withdrawn": withdrawn, "harmful": harmful })
}

/// Returns the example of that name beside this crate.
fn record(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("records").join(format!("{name}.toml"))
}

/// Returns texts that mean harm, by what they try.
fn harm() -> Vec<(&'static str, String)> {
    let markup = "<script>window.harmed = 1</script><img src=x onerror=\"window.harmed = 1\"> \
        </h1></main><style>body{display:none}</style> {{ 7 * 7 }} &amp; \" ' `";
    vec![
        ("markup", markup.to_owned()),
        (
            "direction",
            "Rapport \u{202e}fdp.exe\u{202c} \u{2066}isolé \u{202d}sans fin \u{2067}שלום".to_owned(),
        ),
        ("word", format!("Mot {} fin", "interminable".repeat(80))),
        ("marks", format!("Z{}ut et ك{}ت", "\u{0317}\u{0346}".repeat(500), "\u{0651}\u{064e}".repeat(500))),
    ]
}
