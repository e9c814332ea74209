//! Files that are not as they were left: what can be had is had, the rest is reported.

use super::*;
use std::fs;

/// A folder with 40 entries in several segments, and the log.
fn written(segment_size: u64) -> (tempfile::TempDir, Vec<Written>) {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 40, 500);
    let (store, ..) = open_with(dir.path(), Options { segment_size, ..options() });
    for part in log.chunks(4) {
        store.append(&batch(part)).unwrap();
    }
    drop(store);
    (dir, log)
}

fn index(dir: &Path) -> PathBuf {
    dir.join("index")
}

fn segment(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("journal/{number:06}.seg"))
}

fn is_rebuild(finding: &Finding) -> bool {
    matches!(finding, Finding::IndexRebuilt { .. })
}

#[test]
fn a_torn_end_is_cut_at_every_byte_of_the_last_item() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 3, 40);
    let (store, ..) = open(dir.path());
    store.append(&batch(&log[..2])).unwrap();
    store.checkpoint();
    let sound = store.status().bytes as usize;
    let before = tempfile::tempdir().unwrap();
    copy(dir.path(), before.path());
    store.append(&batch(&log[2..])).unwrap();
    drop(store);
    let whole = fs::read(segment(dir.path(), 1)).unwrap();
    let body = sound + log[2].1.len() + 4;
    for cut in sound..whole.len() {
        for keep_index in [true, false] {
            let torn = tempfile::tempdir().unwrap();
            copy(before.path(), torn.path());
            fs::write(segment(torn.path(), 1), &whole[..cut]).unwrap();
            if !keep_index {
                fs::remove_dir_all(index(torn.path())).unwrap();
            }
            let (store, recovered) = Store::open(torn.path(), options()).unwrap();
            let expected = if cut < body { sound } else { body };
            assert_eq!((recovered.torn as usize, store.status().bytes as usize), (cut - expected, expected));
            drop((store, recovered.replay));
            let (store, ..) = open(torn.path());
            assert_eq!(intact(&store, &log), 2);
            store.append(&batch(&log[2..])).unwrap();
            assert_eq!(intact(&store, &log), 3);
        }
    }
}

#[test]
fn an_end_of_zeros_is_cut() {
    let (dir, log) = written(1 << 20);
    let mut bytes = fs::read(segment(dir.path(), 1)).unwrap();
    let sound = bytes.len();
    bytes.resize(sound + 1_000_000, 0);
    fs::write(segment(dir.path(), 1), bytes).unwrap();
    let (_store, recovered) = Store::open(dir.path(), options()).unwrap();
    assert_eq!((recovered.torn, recovered.damage), (1_000_000, vec![]));
    assert_eq!(fs::metadata(segment(dir.path(), 1)).unwrap().len(), sound as u64);
    drop((_store, recovered.replay));
    assert_eq!(intact(&open(dir.path()).0, &log), 40);
}

#[test]
fn more_nonsense_at_the_end_than_a_write_leaves_is_kept_and_reported() {
    let (dir, log) = written(1 << 20);
    let mut bytes = fs::read(segment(dir.path(), 1)).unwrap();
    let sound = bytes.len() as u64;
    bytes.resize(bytes.len() + 400_000, 0xee);
    fs::write(segment(dir.path(), 1), &bytes).unwrap();
    let (store, findings, _) = open(dir.path());
    assert_eq!(findings, [Finding::Unreadable { segment: 1, offset: sound, len: 400_000 }]);
    let more = super::log(2, 5, 100);
    store.append(&batch(&more)).unwrap();
    assert_eq!((intact(&store, &log), intact(&store, &more)), (40, 5));
    assert_eq!(fs::read(segment(dir.path(), 1)).unwrap(), bytes);
}

#[test]
fn a_deleted_index_costs_a_replay_and_nothing_else() {
    for part in ["index", "index/sled", "index/sled/db"] {
        let (dir, log) = written(8 << 10);
        let path = dir.path().join(part);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        let (store, findings, replayed) = open(dir.path());
        assert!(findings.iter().all(is_rebuild) && findings.len() == 1, "{findings:?}");
        assert_eq!((replayed, intact(&store, &log)), (40, 40));
        drop(store);
        assert_eq!(open(dir.path()).2, 0, "the index is complete again");
    }
}

#[test]
fn an_index_of_an_older_checkpoint_is_not_trusted_unless_it_fits() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 20, 500);
    let (store, ..) = open(dir.path());
    store.append(&batch(&log[..10])).unwrap();
    drop(store);
    let old = tempfile::tempdir().unwrap();
    copy(&index(dir.path()), old.path());
    open(dir.path()).0.append(&batch(&log[10..])).unwrap();
    let stamp = fs::read(index(dir.path()).join("stamp")).unwrap();
    fs::remove_dir_all(index(dir.path())).unwrap();
    copy(old.path(), &index(dir.path()));
    // Behind the journal, as after a crash: the rest is replayed.
    let (store, findings, replayed) = open(dir.path());
    assert_eq!((findings, replayed, intact(&store, &log)), (vec![], 10, 20));
    drop(store);
    // Behind what it had on disk, as after a power cut that sled did not survive.
    fs::remove_dir_all(index(dir.path())).unwrap();
    copy(old.path(), &index(dir.path()));
    fs::write(index(dir.path()).join("stamp"), stamp).unwrap();
    let (store, findings, replayed) = open(dir.path());
    assert!(findings.iter().any(is_rebuild));
    assert_eq!((replayed, intact(&store, &log)), (20, 20));
}

#[test]
fn a_checkpoint_cut_short_after_any_batch_is_made_up_for_by_the_replay() {
    let logs = [log(1, 300, 10), log(2, 200, 10), log(3, 150, 10)];
    let mut batches = 0..usize::MAX;
    loop {
        let dir = tempfile::tempdir().unwrap();
        let written = batches.next().unwrap();
        let (store, ..) = open(dir.path());
        store.append(&batch(&logs[0][..100])).unwrap();
        store.checkpoint();
        let mut rest = batch(&logs[2]);
        rest.entries.extend(batch(&logs[1]).entries);
        rest.entries.extend(batch(&logs[0][100..]).entries);
        rest.entries[70].body = None;
        // Numbers are given in another order than the replay would give them.
        rest.logs = vec![(author(&logs[1]), vec![1]), (author(&logs[2]), vec![2])];
        store.append(&rest).unwrap();
        let all = {
            let end = store.end();
            store.state().rows.index.checkpoint_partly(end.cursor, written)
        };
        let crashed = tempfile::tempdir().unwrap();
        copy(dir.path(), crashed.path());
        let (store, findings, replayed) = open(crashed.path());
        assert_eq!((findings, replayed), (vec![], if written < all { 550 } else { 0 }), "batch {written}");
        assert_eq!(logs.iter().map(|log| intact(&store, log)).sum::<usize>(), 649);
        for (entry, _) in logs.iter().flatten() {
            assert_eq!(store.place_of(entry.author(), &entry.id()).unwrap(), Some(place(entry.seq())));
        }
        if written < all {
            let status = store.status();
            assert_eq!((status.entries, status.bodies, status.missing), (650, 649, 1));
        } else {
            break;
        }
    }
}

#[test]
fn a_damaged_index_is_noticed_and_rebuilt() {
    let (dir, log) = written(8 << 10);
    let file = index(dir.path()).join("sled/db");
    let sound = fs::read(&file).unwrap();
    let pristine = tempfile::tempdir().unwrap();
    copy(dir.path(), pristine.path());
    for round in 0..24_usize {
        let case = tempfile::tempdir().unwrap();
        copy(pristine.path(), case.path());
        let mut bytes = sound.clone();
        let at = round * 7_919 * 13 % bytes.len();
        match round % 3 {
            0 => bytes[at] ^= 1 << (round % 8),
            1 => (at..bytes.len().min(at + 4_096)).for_each(|at| bytes[at] = (at * 31) as u8),
            _ => bytes.truncate(at),
        }
        fs::write(index(case.path()).join("sled/db"), bytes).unwrap();
        // Damage shows at opening, or at a read, after which the next opening rebuilds.
        let opened = std::panic::catch_unwind(|| {
            let (store, ..) = open(case.path());
            log.iter().all(|(entry, _)| {
                store.entry(entry.author(), place(entry.seq())).is_ok_and(|found| found.is_some())
            })
        });
        if !opened.is_ok_and(|all| all) {
            let (store, ..) = open(case.path());
            assert_eq!(intact(&store, &log), 40, "round {round}");
        }
    }
}

#[test]
fn a_condemned_index_is_rebuilt_once() {
    let (dir, log) = written(1 << 20);
    open(dir.path()).0.condemn_index().unwrap();
    let (store, findings, replayed) = open(dir.path());
    assert_eq!((findings.len(), replayed, intact(&store, &log)), (1, 40, 40));
    drop(store);
    assert_eq!(open(dir.path()).2, 0);
}

#[test]
fn a_flipped_bit_loses_at_most_its_own_items_and_is_reported() {
    let (dir, log) = written(1 << 20);
    let sound = fs::read(segment(dir.path(), 1)).unwrap();
    let end = sound.len() - log[39].0.envelope().len() - log[39].1.len() - 20;
    for at in (93..end).step_by(61) {
        for bit in [0, 3, 7] {
            let case = tempfile::tempdir().unwrap();
            copy(dir.path(), case.path());
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << bit;
            fs::write(segment(case.path(), 1), &bytes).unwrap();
            fs::remove_dir_all(index(case.path())).unwrap();
            let (store, recovered) = Store::open(case.path(), options()).unwrap();
            assert_eq!(recovered.torn, 0, "byte {at} bit {bit}");
            let (mut findings, mut sound_entries) = (0, 0);
            for step in recovered.replay {
                match step.unwrap() {
                    Replayed::Damage(_) => findings += 1,
                    // A flip inside a header or signature leaves an entry that the engine refuses.
                    Replayed::Entry { entry, .. } => {
                        let same = log
                            .get(entry.seq() as usize)
                            .is_some_and(|(same, _)| same.envelope() == entry.envelope());
                        if same { sound_entries += 1 } else { findings += 1 }
                    }
                }
            }
            assert!(findings >= 1, "byte {at} bit {bit} passed in silence");
            assert!(sound_entries >= 39, "byte {at} bit {bit}: {sound_entries}");
            let bodies =
                log.iter().filter(|(entry, _)| store.body(&entry.header().body.hash).unwrap().is_some());
            assert!(bodies.count() >= 39, "byte {at} bit {bit}");
        }
    }
}

#[test]
fn damage_that_a_read_meets_is_told_and_can_be_fetched_again() {
    let (dir, log) = written(1 << 20);
    let mut bytes = fs::read(segment(dir.path(), 1)).unwrap();
    let find = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part).unwrap();
    let (body, envelope) = (find(&log[5].1) + 100, find(log[9].0.envelope()) + 60);
    bytes[body] ^= 4;
    bytes[envelope] ^= 4;
    fs::write(segment(dir.path(), 1), bytes).unwrap();
    let (store, findings, _) = open(dir.path());
    assert_eq!(findings, []);
    assert!(matches!(store.entry(author(&log), place(9)), Err(ReadError::Damaged { .. })));
    for _ in 0..2 {
        let stored = store.entry(author(&log), place(5)).unwrap().unwrap();
        assert!(matches!(stored.body, BodyState::Missing));
    }
    assert!(store.status().damage.is_some());
    let body = log[5].0.header().body;
    let damaged = DamagedBody { author: author(&log), place: place(5), body };
    assert_eq!((store.take_damaged(), store.take_damaged()), (vec![damaged], Vec::new()));
    assert_eq!(store.body(&log[5].0.header().body.hash).unwrap(), None);
    let marks = vec![(author(&log), place(5), Mark::Damaged)];
    store.append(&Batch { marks, ..Batch::default() }).unwrap();
    let (hash, ..) = store.missing(None, 10).unwrap()[0];
    assert_eq!(hash, log[5].0.header().body.hash);
    store.append(&Batch { bodies: vec![(hash, Arc::clone(&log[5].1))], ..Batch::default() }).unwrap();
    assert_eq!(intact(&store, &log[5..6]), 1);
}

#[test]
fn a_missing_segment_is_reported_and_the_others_are_read() {
    for number in [1, 3] {
        let (dir, log) = written(8 << 10);
        fs::remove_file(segment(dir.path(), number)).unwrap();
        let (store, findings, replayed) = open(dir.path());
        if number == 1 {
            // It is begun again with its first item, so it is too short rather than absent.
            assert!(matches!(findings[0], Finding::Shortened { segment: 1, .. }), "{findings:?}");
        } else {
            assert_eq!(findings[0], Finding::MissingSegment { segment: 3 });
        }
        assert!(findings.iter().any(is_rebuild));
        let left = intact(&store, &log);
        assert_eq!(left, replayed);
        assert!((20..40).contains(&left));
        store.append(&batch(&log)).unwrap();
        assert_eq!(intact(&store, &log), 40);
    }
}

#[test]
fn a_shortened_segment_is_reported() {
    let (dir, log) = written(8 << 10);
    let bytes = fs::read(segment(dir.path(), 2)).unwrap();
    fs::write(segment(dir.path(), 2), &bytes[..bytes.len() / 2 + 10]).unwrap();
    let (store, findings, _) = open(dir.path());
    assert!(matches!(findings[0], Finding::Shortened { segment: 2, .. }), "{findings:?}");
    assert!(findings.iter().any(|finding| matches!(finding, Finding::Unreadable { segment: 2, .. })));
    assert!((30..40).contains(&intact(&store, &log)));
}
