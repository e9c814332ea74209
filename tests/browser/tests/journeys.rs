//! What people do in the office, in a real browser: `journeys.mjs` goes the ways, and what it finds wrong is a
//! failure here. Each language has a node of its own, which does not exist before.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use multaqa_cluster::{multaqa, program, text, until};
use serde_json::{Value, json};

/// A node that is set up in the browser, killed when dropped.
struct Office {
    child: Child,
    data: PathBuf,
    log: PathBuf,
}

impl Office {
    /// Starts a node in a folder that is not there.
    fn start(dir: &Path, name: &str) -> Self {
        let (data, log) = (dir.join(name), dir.join(format!("{name}.log")));
        let mut command = multaqa();
        command.args(["--data", text(&data), "run", "--no-mdns", "--no-upnp"]);
        command.args([
            "--listen",
            "/ip4/127.0.0.1/tcp/0",
            "--public",
            "127.0.0.1:0",
            "--office",
            "127.0.0.1:0",
        ]);
        let file = File::create(&log).expect("the log can be written");
        let child = command.stdout(Stdio::null()).stderr(file).spawn().expect("the program starts");
        Self { child, data, log }
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Returns the link that the console shows.
    fn link(&self) -> String {
        until("the link is shown", || self.said().contains("/office/setup/"));
        let said = self.said();
        let from = said.find("http://").expect("it is an address");
        said[from..].split_whitespace().next().expect("it is a word").to_owned()
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn people_set_a_node_up_lose_a_password_and_are_refused_what_is_not_theirs() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(own.join("node_modules").is_dir(), "run tests/run, or `npm ci` in tests/browser");
    let dir = tempfile::tempdir().expect("a temporary folder");
    let offices: Vec<(&str, Office)> =
        ["ar", "fr"].into_iter().map(|tag| (tag, Office::start(dir.path(), tag))).collect();
    let told: Vec<Value> = offices
        .iter()
        .map(|(tag, office)| json!({ "language": tag, "link": office.link(), "data": office.data }))
        .collect();
    let about = json!({ "program": program(), "offices": told });
    let mut check = Command::new("node");
    check.arg(own.join("journeys.mjs")).stdin(Stdio::piped());
    let mut check = check.spawn().expect("Node runs");
    let mut input = check.stdin.take().expect("it is piped");
    input.write_all(about.to_string().as_bytes()).expect("it listens");
    drop(input);
    let status = check.wait().expect("it is a child");
    for (tag, office) in &offices {
        let said = office.said();
        assert!(!said.contains("panicked"), "{tag}: {said}");
    }
    assert!(status.success(), "the journeys have faults; they stand above");
}
