//! Whichever side dies, and whenever: every entry is there once.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::process::Child;
use std::thread;
use std::time::Duration;

use multaqa_cluster::{Place, found, string, text, until, write_practice};
use multaqa_mirror::Postgres;

const SETTAT: &str = "06.461.01.15";
/// Records of the log: several pages, of at most 500 entries and 2 MiB each.
const RECORDS: usize = 1_300;

fn mirror(place: &Place, hub: &Postgres) -> Child {
    place.command(["mirror", "--quiet", "--to", &hub.address()]).spawn().unwrap()
}

fn copied(hub: &Postgres) -> u64 {
    // Before the first transaction there is no table.
    let has_any = "SELECT to_regclass('multaqa.entries') IS NOT NULL";
    if hub.ask(has_any) == "t" { hub.number("SELECT count(*) FROM multaqa.entries") } else { 0 }
}

#[test]
fn every_entry_is_there_once_whoever_is_killed_and_when() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let files: Vec<_> = (0..RECORDS)
        .map(|number| {
            let file = dir.path().join(format!("{number}.toml"));
            write_practice(&file, &format!("Pratique {number}"));
            file
        })
        .collect();
    for files in files.chunks(200) {
        let _ = settat.text(["publish"].into_iter().chain(files.iter().map(|file| text(file))));
    }

    // What a copy is that nobody disturbed.
    let calm = Postgres::new();
    let done = settat.object(["mirror", "--once", "--to", &calm.address()]);
    assert!(
        done["entries"].as_u64().unwrap() > RECORDS as u64 && done["batch"].as_u64().unwrap() > 2,
        "{done}"
    );

    // The mirror is killed again and again, each time a little later; then the database is, in the middle of a copy
    // and between two.
    let mut hub = Postgres::new();
    let running = settat.run(&[]);
    let whole = done["entries"].as_u64().unwrap();
    let mut lapse = Duration::from_millis(20);
    let mut kills = 0;
    while copied(&hub) < whole {
        let mut child = mirror(&settat, &hub);
        thread::sleep(lapse);
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        lapse = lapse.mul_f64(1.3);
    }
    assert!(kills > 1, "it was never killed before it was done");
    assert_eq!(hub.fingerprint_of_entries(), calm.fingerprint_of_entries());

    let _ = hub.ask("DROP SCHEMA multaqa CASCADE");
    let mut child = mirror(&settat, &hub);
    until("it has begun", || copied(&hub) > 0);
    hub.crash();
    hub.start();
    until("it has gone on by itself", || copied(&hub) == whole);
    hub.crash();
    let file = dir.path().join("last.toml");
    write_practice(&file, "Pendant la panne");
    let id = string(&settat.object(["publish", text(&file)]), "id");
    hub.start();
    until("it has caught up", || copied(&hub) == whole + 1);

    // The node dies, and comes back.
    running.kill();
    fs::remove_file(&file).unwrap();
    let running = settat.run(&[]);
    write_practice(&file, "Après la panne");
    let _ = settat.text(["publish", text(&file)]);
    until("it has caught up", || copied(&hub) == whole + 2);
    assert_eq!(hub.number(&format!("SELECT count(*) FROM multaqa.records WHERE id = '\\x{id}'")), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    running.stop();

    let _ = settat.object(["mirror", "--once", "--to", &calm.address()]);
    let last = settat.object(["mirror", "--once", "--to", &hub.address()]);
    assert_eq!((&last["new"], &last["changed"]), (&0.into(), &0.into()), "{last}");
    assert_eq!(hub.fingerprint(), calm.fingerprint());
}
