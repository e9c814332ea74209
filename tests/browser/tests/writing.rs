//! What people write in the office, in a real browser: `writing.mjs` goes the ways on two nodes of one network, and
//! what it finds wrong is a failure here.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use multaqa_cluster::{Place, found, join, string, text};
use serde_json::json;

const SETTAT: &str = "06.461.01.15";
const EL_HAJEB: &str = "03.171.01.05";

#[test]
fn people_write_what_others_answer_take_up_and_judge() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(own.join("node_modules").is_dir(), "run tests/run, or `npm ci` in tests/browser");
    for language in ["ar", "fr"] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (first, _) = Place::init(dir.path().join("first"), SETTAT);
        let (second, author) = Place::init(dir.path().join("second"), EL_HAJEB);
        let _ = found(&first);
        let steward = first.run(&[]);
        let member = join(&first, &second, &author, EL_HAJEB);
        let office = |place: &Place, ready: &serde_json::Value| {
            json!({
                "link": place.text(["office", "link"]).trim(),
                "office": string(ready, "office"),
                "data": text(&place.dir),
            })
        };
        let about = json!({
            "language": language,
            "first": office(&first, &steward.ready),
            "second": office(&second, &member.ready),
        });
        let mut check = Command::new("node");
        check.arg(own.join("writing.mjs")).stdin(Stdio::piped());
        let mut check = check.spawn().expect("Node runs");
        let mut input = check.stdin.take().expect("it is piped");
        input.write_all(about.to_string().as_bytes()).expect("it listens");
        drop(input);
        let status = check.wait().expect("it is a child");
        assert!(status.success(), "the journeys have faults; they stand above");
    }
}
