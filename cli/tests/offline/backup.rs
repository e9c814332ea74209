//! `backup`: taken, checked and put back by hand.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Desk, PRACTICE};

#[test]
fn a_folder_is_backed_up_wiped_and_restored() {
    let desk = Desk::with_network();
    desk.write("good.toml", PRACTICE);
    desk.ends("--data a publish good.toml", 0);
    let (before, _) = desk.ends("--data a list", 0);
    desk.ends("--data a backup create --out a.backup", 0);
    let mode = fs::metadata(desk.path("a.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds the keys");
    let (told, _) = desk.ends("backup verify a.backup", 0);
    assert!(told.contains("The backup is whole"), "{told}");

    desk.ends("--data a backup restore a.backup", 8);
    fs::remove_dir_all(desk.path("a")).unwrap();
    desk.ends("--data a backup restore a.backup", 0);
    assert_eq!(desk.ends("--data a list", 0).0, before);
    // What was signed since is not known here: nothing is signed in its place.
    desk.ends("--data a publish good.toml", 6);
    let status = desk.json("--data a status");
    assert_eq!(status["quarantine"]["why"], "guard-missing");
}

#[test]
fn what_is_no_whole_backup_is_refused() {
    let desk = Desk::with_network();
    desk.ends("--data a backup create --out a.backup", 0);
    let mut bytes = fs::read(desk.path("a.backup")).unwrap();
    fs::write(desk.path("cut"), &bytes[..bytes.len() / 2]).unwrap();
    bytes[700] ^= 1;
    fs::write(desk.path("altered"), bytes).unwrap();
    for file in ["cut", "altered", "a/journal/000001.seg"] {
        let (_, told) = desk.ends(&format!("backup verify {file}"), 3);
        assert!(told.contains("no backup that can be relied on"), "{told}");
        desk.ends(&format!("--data b backup restore {file}"), 3);
        assert!(!desk.path("b").exists());
    }
    desk.ends("backup verify nowhere", 2);
}
