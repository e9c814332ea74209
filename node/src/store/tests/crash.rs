//! A killed process loses nothing that it acknowledged.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::*;

const FOLDER: &str = "MULTAQA_TEST_STORE";

/// Not a test: what the killed process runs. It appends one entry after the other and prints each
/// sequence number once it is acknowledged.
#[test]
#[ignore = "run by the test below as a process of its own"]
fn appends_until_killed() {
    let Some(dir) = std::env::var_os(FOLDER) else { return };
    let (store, ..) = open_with(Path::new(&dir), Options { segment_size: 64 << 10, ..options() });
    let log = log(1, 20_000, 300);
    let from = store.status().entries as usize;
    for (at, part) in log[from..].chunks(3).enumerate() {
        store.append(&batch(part)).unwrap();
        if at % 20 == 19 {
            store.checkpoint();
        }
        println!("acknowledged {}", part[part.len() - 1].0.seq());
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 20_000, 300);
    for round in 1..=6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::tests::crash::appends_until_killed", "--ignored", "--nocapture"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = None;
        let mut count = 0;
        for line in lines {
            let line = line.unwrap();
            if let Some((_, seq)) = line.rsplit_once("acknowledged ") {
                acknowledged = Some(seq.parse::<usize>().unwrap());
                count += 1;
                // Goes on to read what was printed before the kill reached the child.
                if count == 13 * round {
                    child.kill().unwrap();
                }
            }
        }
        child.wait().unwrap();
        let acknowledged = acknowledged.unwrap() + 1;
        assert!(count >= 13 * round);
        if round % 3 == 0 {
            std::fs::remove_dir_all(dir.path().join("index")).unwrap();
        }
        let (store, ..) = open(dir.path());
        assert_eq!(intact(&store, &log[..acknowledged]), acknowledged, "round {round}");
    }
}
