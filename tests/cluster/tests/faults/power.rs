//! The power is cut.
//!
//! A node writes to an ext4 in a file. At a random moment it is stopped, the file copied as it is, and the copy mounted,
//! which replays the file system's journal: what the node had not made durable is not there. Then a node is started on
//! the copy, once with what the cut left of the index and once without any.

use std::time::{Duration, Instant};
use std::{env, fs, thread};

use multaqa_cluster::{Place, Publisher, found, random, text};

use super::disk::{Mounted, copy_sparse, ext4};
use super::{SETTAT, code, publish};

/// Seed of the moments of the cuts.
const SEED: u64 = 0x6d75_6c74_6171_6101;
/// How many cuts, unless `MULTAQA_CUTS` says otherwise.
const CUTS: u64 = 10;
/// Longest time between two, in milliseconds.
const APART: u64 = 600;

#[test]
fn what_was_acknowledged_is_there_after_the_power_was_cut() {
    let dir = tempfile::tempdir().unwrap();
    let [disk, cut] = ["disk", "cut"].map(|name| dir.path().join(name));
    ext4(&disk);
    let mounted = Mounted::image(&disk, dir.path().join("live"));
    let (place, author) = Place::init(mounted.root.join("node"), SETTAT);
    let _ = found(&place);
    let running = place.run(&[]);
    let publishers = [Publisher::default(), Publisher::default()];

    let mut state = SEED;
    let cuts = env::var("MULTAQA_CUTS").map_or(CUTS, |cuts| cuts.parse().unwrap());
    let (mut slowest, mut most, mut waited) = (Duration::ZERO, 0, 0);
    thread::scope(|scope| {
        let _stopping = publishers.each_ref().map(Publisher::stopping);
        for (publisher, name) in publishers.iter().zip(["un", "deux"]) {
            let place = &place;
            scope.spawn(move || publisher.publish(place, name));
        }
        for number in 0..cuts {
            thread::sleep(Duration::from_millis(random(&mut state) % APART));
            running.signal("STOP");
            let acknowledged = publishers.each_ref().map(Publisher::acknowledged).concat();
            copy_sparse(&disk, &cut);
            running.signal("CONT");

            let restored = Mounted::image(&cut, dir.path().join(format!("cut{number}")));
            let place = Place::new(restored.root.join("node"));
            for lost in ["nothing", "index"] {
                let _ = fs::remove_dir_all(place.dir.join(lost));
                let began = Instant::now();
                let running = place.run(&[]);
                slowest = slowest.max(began.elapsed());
                let log = place.log(&author);
                for id in &acknowledged {
                    assert!(
                        log.contains(id),
                        "seed {SEED:#x}, cut {number}: {id} was acknowledged and is lost"
                    );
                }
                // It signs on. Where the cut came between the guard and the journal, it waits for the word of
                // other nodes first (W2); as there are none, its operator gives it.
                let answer = publish(&place, "Après la coupure");
                if answer.code != 0 {
                    assert_eq!(code(&answer.ends(6)), "quarantine");
                    let _ = place.text(["key", "resume", "--in-full-knowledge"]);
                    let _ = publish(&place, "Après la coupure").ends(0);
                    waited += 1;
                }
                running.stop();
            }
            assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified", "cut {number}");
            most = acknowledged.len();
        }
    });
    assert!(most > 0, "nothing was acknowledged before the last cut");
    println!("{cuts} power cuts, {most} records acknowledged before the last, slowest start {slowest:?}");
    println!("after {waited} starts the guard was ahead of the journal");
    running.stop();
}
