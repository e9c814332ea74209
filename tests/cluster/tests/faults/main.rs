//! What befalls a machine: the power is cut, files are damaged, the disk is full, nothing can be opened, the clock
//! jumps. A node loses nothing that it acknowledged, says what is wrong, and goes on when it can.
//!
//! Needs root, for the disks that it makes of files.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod damage;
mod descriptors;
mod disk;
mod power;
mod room;

use multaqa_cluster::{Answer, Place, text, write_practice};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";

/// Has a folder's node publish a practice, whatever comes of it.
fn publish(place: &Place, title: &str) -> Answer {
    let file = place.dir.with_extension("toml");
    write_practice(&file, title);
    place.ask(["--json", "publish", text(&file)])
}

/// Returns the stable code of a refusal.
fn code(answer: &Answer) -> String {
    let said = answer.err.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(said).unwrap_or_else(|_| panic!("no refusal: {answer:?}"));
    error["code"].as_str().unwrap_or_default().to_owned()
}
