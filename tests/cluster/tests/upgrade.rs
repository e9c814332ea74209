//! A data folder of an earlier version: brought to this one, whatever stops it meanwhile, and never opened by a program
//! that is older than the folder.
//!
//! `data/version-1.tar.gz` was written by the program before data version 2: a node that founded a network, published
//! four records and withdrew the last of them, and a backup of it.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use multaqa_cluster::{Place, items, random, string, text, write_practice};
use serde_json::Value;

/// Seed of the moments at which a start is killed.
const SEED: u64 = 0x6d75_6c74_6171_6102;
/// How often.
const KILLS: u64 = 20;
/// Longest life of a start, in milliseconds.
const LIFE: u64 = 300;
/// Entries in the folder.
const ENTRIES: usize = 10;

fn unpacked(dir: &Path) -> Place {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/version-1.tar.gz");
    let status = Command::new("tar").arg("-xzf").arg(data).arg("-C").arg(dir).status();
    assert!(status.unwrap().success());
    Place::new(dir.join("settat"))
}

/// Returns the withdrawal in the log of a folder, and the entry that it withdraws.
fn withdrawal(place: &Place) -> (Value, Value) {
    let author = fs::read_to_string(place.dir.join("author")).unwrap();
    let log = place.object(["log", author.trim()]);
    assert_eq!(items(&log).len(), ENTRIES, "{log}");
    (items(&log)[0].clone(), items(&log)[1].clone())
}

#[test]
fn a_folder_of_version_1_is_upgraded_though_every_start_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let place = unpacked(dir.path());
    let due = place.object(["upgrade", "--check"]);
    assert_eq!((&due["found"], &due["program"], &due["due"]), (&1.into(), &2.into(), &true.into()), "{due}");
    assert_eq!(fs::read_to_string(place.dir.join("version")).unwrap(), "1\n", "a check changes nothing");

    let mut state = SEED;
    for kill in 0..KILLS {
        let mut command = place.serving(&[], &[]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(random(&mut state) % LIFE));
        assert!(child.try_wait().unwrap().is_none(), "seed {SEED:#x}, kill {kill}: it ended by itself");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let running = place.run(&[]);
    let (withdrawal, withdrawn) = withdrawal(&place);
    assert_eq!((&withdrawal["kind"], &withdrawn["status"]), (&"withdraw".into(), &"withdrawn".into()));
    // The days until the erasure go on from when the older program learnt of it.
    let kept = fs::read_to_string(place.dir.join("withdrawals.jsonl")).unwrap();
    let kept: Value = serde_json::from_str(kept.trim()).unwrap();
    let [learnt, signed] = [&kept["learnt"], &withdrawal["time"]].map(|time| time.as_u64().unwrap());
    assert!(learnt.abs_diff(signed) < 10_000, "{kept}, {withdrawal}");
    assert_eq!(kept["entry"], withdrawn["id"]);
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Après la mise à niveau");
    let _ = place.object(["publish", text(&file)]);
    running.stop();
    assert_eq!(place.object(["upgrade"])["due"], false);
    assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified");
}

#[test]
fn a_backup_of_version_1_is_restored() {
    let dir = tempfile::tempdir().unwrap();
    let before = unpacked(dir.path());
    let file = dir.path().join("settat.backup");
    let place = Place::new(dir.path().join("restored"));
    let _ = place.text(["backup", "verify", text(&file)]);
    let _ = place.text(["backup", "restore", text(&file)]);
    assert_eq!(place.object(["upgrade"])["upgraded"], true);
    assert_eq!(withdrawal(&place), withdrawal(&before));
    let ids = |place: &Place| {
        items(&place.object(["list"])).iter().map(|item| string(item, "id")).collect::<Vec<_>>()
    };
    assert_eq!(ids(&place), ids(&before));
}

#[test]
fn a_newer_folder_is_refused_in_one_line_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let place = unpacked(dir.path());
    fs::write(place.dir.join("version"), "3\n").unwrap();
    for verb in [&["run"][..], &["list"], &["upgrade"], &["upgrade", "--check"]] {
        let refused = place.ask(verb).ends(8);
        let first = refused.err.lines().next().unwrap_or_default();
        assert!(first.contains("version 3") && first.contains("up to 2"), "{verb:?}: {refused:?}");
    }
    assert_eq!(fs::read_to_string(place.dir.join("version")).unwrap(), "3\n");
}
