//! What a node has acknowledged outlives every kill: on its own disk, and at its peers.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::time::Duration;
use std::{env, fs, thread};

use multaqa_cluster::{Place, Publisher, found, join, random, text, until};

/// Seed of the moments at which the node is killed; a failure shows with which the run can be repeated.
const SEED: u64 = 0x6d75_6c74_6171_6100;
/// How often it is killed, unless `MULTAQA_KILLS` says otherwise.
const KILLS: u64 = 100;
/// Longest life of the node between two kills, in milliseconds.
const LIFE: u64 = 400;

#[test]
fn every_acknowledged_record_survives_a_hundred_kills_and_a_lost_index() {
    let dir = tempfile::tempdir().unwrap();
    let (other, _) = Place::init(dir.path().join("settat"), "06.461.01.15");
    let (killed, author) = Place::init(dir.path().join("hajeb"), "03.171.01.05");
    let _ = found(&other);
    let running_other = other.run(&[]);
    let running = join(&other, &killed, &author, "03.171.01.05");

    let mut state = SEED;
    let kills = env::var("MULTAQA_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let addresses = other.reached_at(&running_other);
    let publisher = Publisher::default();
    publisher.wait(true);
    let mut running = thread::scope(|scope| {
        scope.spawn(|| publisher.publish(&killed, "essai"));
        let _stopping = publisher.stopping();
        let mut running = running;
        for _ in 0..kills {
            publisher.wait(false);
            thread::sleep(Duration::from_millis(random(&mut state) % LIFE));
            publisher.wait(true);
            running.kill();
            running = killed.run(&addresses);
        }
        // The last life is long enough for one more.
        publisher.wait(false);
        let before = killed.log(&author).len();
        until("it publishes again", || killed.log(&author).len() > before);
        running
    });
    let acknowledged = publisher.acknowledged();
    assert!(!acknowledged.is_empty(), "seed {SEED:#x}");

    // Nothing acknowledged is missing, and no seq was used twice: one log, the same at both.
    let log = killed.log(&author);
    for id in &acknowledged {
        assert!(log.contains(id), "seed {SEED:#x}: {id} was acknowledged and is lost");
    }
    // Between two looks the node may sign a checkpoint of what it has seen.
    until("the other holds all", || other.log(&author).starts_with(&log));
    until("and lists all", || {
        let (here, there) = (killed.records(), other.records());
        acknowledged.iter().all(|id| here.contains(id) && there.contains(id))
    });
    let members = other.object(["members"]);
    let row = multaqa_cluster::items(&members).iter().find(|member| member["author"] == author.as_str());
    assert_eq!(row.map(|row| &row["log"]), Some(&"ok".into()), "seed {SEED:#x}: {members}");

    // The index can be lost or spoilt: it is made again from the journal.
    let index = killed.dir.join("index");
    running.kill();
    fs::remove_dir_all(&index).unwrap();
    running = killed.run(&[]);
    assert!(killed.log(&author).starts_with(&log));
    running.kill();
    spoil(&index, &mut state);
    running = killed.run(&[]);
    assert!(killed.log(&author).starts_with(&log));
    let records = killed.records();
    assert!(acknowledged.iter().all(|id| records.contains(id)));
    running.stop();
    running_other.stop();

    // The journals are whole, and so is a bundle of them.
    for place in [&killed, &other] {
        assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified");
        let bundle = place.dir.with_extension("bundle");
        let _ = place.text(["export", "bundle", "--out", text(&bundle)]);
        assert_eq!(place.object(["verify", text(&bundle)])["verdict"], "verified");
    }
}

/// Fills every file of a folder with bytes that mean nothing.
fn spoil(folder: &std::path::Path, state: &mut u64) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            spoil(&entry.path(), state);
        } else {
            let len = entry.metadata().unwrap().len().min(1 << 20);
            let bytes: Vec<u8> = (0..len / 8 + 1).flat_map(|_| random(state).to_le_bytes()).collect();
            fs::write(entry.path(), bytes).unwrap();
        }
    }
}
