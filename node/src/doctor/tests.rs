use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::*;
use crate::config::Given;
use crate::folder::{Init, init};
use crate::keys::{LOG_KEY_FILE, NEXT_KEY_FILE, PEER_KEY_FILE};

/// Returns settings with ports that are free.
fn settings() -> Settings {
    let anywhere = ([127, 0, 0, 1], 0).into();
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let given =
        Given { listen: Some(listen), public: Some(anywhere), office: Some(anywhere), ..Given::default() };
    Settings::new(given, Given::default())
}

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let profile = crate::api::tests::profile("Fnideq", None);
    init(&Init { dir: dir.path().join("data"), profile }).unwrap();
    dir
}

/// Returns the codes of what is found, but for what this machine may have itself.
fn codes(dir: &Path) -> Vec<&'static str> {
    let found = examine(dir, &settings(), false).into_iter().map(|finding| finding.code);
    found.filter(|code| !["disk-full", "disk-scarce", "route-missing", "files-few"].contains(code)).collect()
}

/// Makes a fault in a folder.
type Plant = fn(&Path);

/// Faults, each planted in one of its own, with the code under which it must be found.
const PLANTED: [(&str, Plant); 18] = [
    ("folder-missing", |dir| fs::remove_file(dir.join("version")).unwrap()),
    ("data-version", |dir| fs::write(dir.join("version"), "7").unwrap()),
    ("journal-missing", |dir| fs::remove_dir_all(dir.join("journal")).unwrap()),
    ("key-readable", |dir| {
        fs::set_permissions(dir.join(LOG_KEY_FILE), fs::Permissions::from_mode(0o640)).unwrap();
    }),
    ("key-missing", |dir| fs::remove_file(dir.join(PEER_KEY_FILE)).unwrap()),
    ("key-damaged", |dir| {
        File::options().write(true).open(dir.join(PEER_KEY_FILE)).unwrap().set_len(16).unwrap()
    }),
    ("guard-missing", |dir| fs::remove_file(dir.join("guard")).unwrap()),
    ("rotation-unfinished", |dir| drop(File::create(dir.join(NEXT_KEY_FILE)).unwrap())),
    ("folder-writable", |dir| fs::set_permissions(dir, fs::Permissions::from_mode(0o777)).unwrap()),
    ("owner-differs", |dir| chown(dir.join("author"), Some(1), None).unwrap()),
    ("index-missing", |dir| fs::remove_dir_all(dir.join("index")).unwrap()),
    ("file-damaged", |dir| fs::write(dir.join("bans.json"), "{").unwrap()),
    ("peers-damaged", |dir| fs::write(dir.join("peers.json.damaged"), "{").unwrap()),
    ("socket-stale", |dir| drop(std::os::unix::net::UnixListener::bind(dir.join("multaqa.sock")).unwrap())),
    ("file-unfinished", |dir| fs::write(dir.join("journal").join("000002.new"), "").unwrap()),
    ("clock-behind", |dir| {
        let segment = File::open(dir.join("journal").join("000001.seg")).unwrap();
        segment.set_modified(SystemTime::now() + Duration::from_hours(24)).unwrap();
    }),
    ("backup-old", |dir| {
        let author = File::options().write(true).open(dir.join("author")).unwrap();
        author.set_modified(SystemTime::now() - Duration::from_hours(40 * 24)).unwrap();
    }),
    ("network-missing", |_| ()),
];

#[test]
fn each_planted_fault_is_found_by_its_code_and_no_other() {
    for (code, plant) in PLANTED {
        let folder = folder();
        let dir = folder.path().join("data");
        assert_eq!(codes(&dir), ["network-missing"], "a folder without a fault");
        plant(&dir);
        let found = codes(&dir);
        let others: Vec<_> = found.iter().filter(|found| **found != "network-missing").collect();
        match code {
            "network-missing" => assert_eq!(found, [code]),
            _ => assert_eq!(others, [&code], "planted {code}"),
        }
    }
}

#[test]
fn what_can_be_mended_is_gone_afterwards_and_nothing_else_is_touched() {
    for (code, plant) in PLANTED {
        let folder = folder();
        let dir = folder.path().join("data");
        plant(&dir);
        let found = examine(&dir, &settings(), false);
        let Some(finding) = found.iter().find(|finding| finding.code == code && finding.mend.is_some())
        else {
            continue;
        };
        let files = || walk(&dir).len();
        let before = files();
        assert!(finding.mend().unwrap());
        assert!(!codes(&dir).contains(&code), "{code} is still there");
        let removed = matches!(finding.mend, Some(Mend::Remove(_)));
        assert_eq!(before - files(), usize::from(removed), "{code}");
    }
}

fn walk(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] });
    below.collect()
}

#[test]
fn a_port_that_another_program_has_is_named() {
    let folder = folder();
    let dir = folder.path().join("data");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port());
    let settings = Settings { listen: vec![listen.parse().unwrap()], ..settings() };
    let found = examine(&dir, &settings, false);
    assert!(
        found.iter().any(|finding| finding.code == "port-taken" && finding.subject == listen),
        "{found:?}"
    );
    let while_running = examine(&dir, &settings, true);
    assert!(while_running.iter().all(|finding| finding.code != "port-taken"));
}

#[test]
fn a_folder_that_another_process_has_open_is_in_use() {
    let folder = folder();
    let dir = folder.path().join("data");
    let lock = File::options().write(true).open(dir.join("lock")).unwrap();
    lock.try_lock().unwrap();
    assert!(codes(&dir).contains(&"folder-in-use"));
}
