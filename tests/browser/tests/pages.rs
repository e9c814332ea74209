//! What `check.mjs` finds wrong with the pages is a failure here.
//!
//! `MULTAQA_PICTURES=1` renews the pictures of the README; `MULTAQA_SHOTS=DIR` writes a picture of every
//! page in every language, width and scheme.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use multaqa_browser::World;

#[test]
fn every_page_is_sound_in_every_language_width_and_scheme() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(own.join("node_modules").is_dir(), "run tests/run, or `npm ci` in tests/browser");
    let world = World::new();
    let mut check = Command::new("node");
    check.arg(own.join("check.mjs")).stdin(Stdio::piped());
    let mut check = check.spawn().expect("Node runs");
    let mut input = check.stdin.take().expect("it is piped");
    input.write_all(world.about.to_string().as_bytes()).expect("it listens");
    drop(input);
    let status = check.wait().expect("it is a child");
    assert!(status.success(), "the pages have faults; they stand above");
}
