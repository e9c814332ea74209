//! The disk is full.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use multaqa_cluster::{Place, found, text, until};

use super::disk::Mounted;
use super::{SETTAT, code, publish};

/// Writes a file of so many MiB, or as much of it as there is room for.
fn fill(path: &Path, mebibytes: usize) {
    let mut file = File::create(path).unwrap();
    for _ in 0..mebibytes {
        if file.write_all(&vec![7; 1 << 20]).is_err() {
            break;
        }
    }
}

#[test]
fn a_full_disk_stops_the_writing_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let mounted = Mounted::memory(800, dir.path().join("small"));
    let (place, author) = Place::init(mounted.root.join("node"), SETTAT);
    let _ = found(&place);
    let running = place.run(&[]);
    let _ = publish(&place, "Avant").ends(0);
    let filler = mounted.root.join("filler");

    // Below the room that is left to others, and with none at all.
    for mebibytes in [400, 800] {
        fill(&filler, mebibytes);
        until("it stops writing", || {
            let answer = publish(&place, "Sans place");
            answer.code != 0 && code(&answer.ends(1)) == "disk"
        });
        assert_eq!(place.object(["status"])["store"]["writable"], false);
        let held = place.log(&author);
        assert!(!place.records().is_empty(), "readers are served");
        let named = place.ask(["--json", "doctor"]).ends(8);
        assert!(named.out.contains("disk"), "{}", named.out);

        fs::remove_file(&filler).unwrap();
        until("it writes again", || publish(&place, "De nouveau").code == 0);
        assert_eq!(place.log(&author).len(), held.len() + 1, "nothing else was signed");
    }

    // A start on a disk without any room serves what there is.
    running.stop();
    fill(&filler, 800);
    let running = place.run(&[]);
    assert_eq!(code(&publish(&place, "Sans place").ends(1)), "disk");
    fs::remove_file(&filler).unwrap();
    until("it writes again", || publish(&place, "Encore").code == 0);
    running.stop();
    assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified");
}
