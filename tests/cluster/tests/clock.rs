//! A log that is ahead of the clock (W3): real processes, some of them under a clock that is fast
//! (Debian's `faketime`).

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use multaqa_cluster::{Answer, Place, found, string, text, write_practice};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";

fn code_of(answer: Answer) -> Value {
    let error: Value = serde_json::from_str(answer.ends(6).err.lines().last().unwrap()).unwrap();
    error["code"].clone()
}

#[test]
fn a_clock_before_the_own_last_entry_signs_once_somebody_says_that_it_is_right() {
    let dir = tempfile::tempdir().unwrap();
    let (place, author) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&place);
    let file = dir.path().join("practice.toml");
    let publish = ["--json", "publish", text(&file)];
    write_practice(&file, "Publié trop tôt");
    let early = Answer::of(&mut place.command_under(&["faketime", "-f", "+3h"], publish)).ends(0).object();

    write_practice(&file, "Publié à l'heure");
    assert_eq!(code_of(place.ask(publish)), "clock-behind");
    // The word is kept by a node that runs.
    let _ = place.ask(["key", "resume", "--clock-is-right"]).ends(5);
    let running = place.run(&[]);
    assert_eq!(code_of(place.ask(publish)), "clock-behind");
    let _ = place.object(["key", "resume", "--clock-is-right"]);
    let first = place.object(publish);
    running.stop();

    // From here on the log goes by this clock: nobody is asked again.
    let second = place.object(publish);
    let log = place.log(&author);
    let [early, first, second] = [&early, &first, &second].map(|published| string(published, "id"));
    assert_eq!(log[..3], [second, first, early], "newest first");
}
