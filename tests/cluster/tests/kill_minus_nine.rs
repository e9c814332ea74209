//! What a node has acknowledged outlives every kill: on its own disk, and at its peers.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use multaqa_cluster::{Answer, Place, found, join, string, text, until, write_practice};

/// Seed of the moments at which the node is killed; a failure shows with which the run can be repeated.
const SEED: u64 = 0x6d75_6c74_6171_6100;
/// How often it is killed.
const KILLS: u64 = 20;
/// Longest life of the node between two kills, in milliseconds.
const LIFE: u64 = 400;

/// The next number of a sequence that a seed determines (SplitMix64).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What the publisher is told.
#[derive(Default)]
struct Told {
    /// Whether the node can serve: a command without one opens the folder itself, which would keep the
    /// next node from starting. One that is under way at a kill may still do so.
    up: AtomicBool,
    stop: AtomicBool,
}

/// Ends the publisher, also when the test fails.
struct Stopping<'a>(&'a Told);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.stop.store(true, Ordering::Relaxed);
    }
}

/// Publishes through the socket of the running node until told to stop; returns what was acknowledged.
fn publish(place: &Place, told: &Told) -> Vec<String> {
    let file = place.dir.with_extension("practice.toml");
    let mut acknowledged = Vec::new();
    for number in 0.. {
        if told.stop.load(Ordering::Relaxed) {
            break;
        }
        if !told.up.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(10));
            continue;
        }
        write_practice(&file, &format!("Essai {number}"));
        let answer = Answer::of(&mut place.command(["--json", "publish", text(&file)]));
        if answer.code == 0 {
            acknowledged.push(string(&answer.object(), "id"));
        }
    }
    acknowledged
}

#[test]
fn every_acknowledged_record_survives_twenty_kills_and_a_lost_index() {
    let dir = tempfile::tempdir().unwrap();
    let (other, _) = Place::init(dir.path().join("settat"), "06.461.01.15");
    let (killed, author) = Place::init(dir.path().join("hajeb"), "03.171.01.05");
    let _ = found(&other);
    let running_other = other.run(&[]);
    let mut running = join(&other, &killed, &author, "03.171.01.05");

    let mut state = SEED;
    let told = Told::default();
    let (acknowledged, mut running) = thread::scope(|scope| {
        let publisher = scope.spawn(|| publish(&killed, &told));
        let stopping = Stopping(&told);
        for _ in 0..KILLS {
            told.up.store(true, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(next(&mut state) % LIFE));
            told.up.store(false, Ordering::Relaxed);
            running.kill();
            running = killed.run(&other_addresses(&running_other, &other));
        }
        // The last life is long enough for one more.
        told.up.store(true, Ordering::Relaxed);
        let before = killed.log(&author).len();
        until("it publishes again", || killed.log(&author).len() > before);
        drop(stopping);
        (publisher.join().unwrap(), running)
    });
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
    assert!(acknowledged.iter().all(|id| killed.records().contains(id)));
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

fn other_addresses(running: &multaqa_cluster::Running, place: &Place) -> Vec<String> {
    let peer = string(&place.object(["key", "show"]), "peer");
    let whole = |address: String| {
        if address.contains("/p2p/") { address } else { format!("{address}/p2p/{peer}") }
    };
    running.addresses().into_iter().map(whole).collect()
}

/// Fills every file of a folder with bytes that mean nothing.
fn spoil(folder: &std::path::Path, state: &mut u64) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            spoil(&entry.path(), state);
        } else {
            let len = entry.metadata().unwrap().len().min(1 << 20);
            let bytes: Vec<u8> = (0..len / 8 + 1).flat_map(|_| next(state).to_le_bytes()).collect();
            fs::write(entry.path(), bytes).unwrap();
        }
    }
}
