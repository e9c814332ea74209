//! After an erasure no file holds the body, and a crash at any step leaves a store that fits.

use super::*;
use std::fs;

fn holds(dir: &Path, body: &[u8]) -> bool {
    // A part from the middle, so that a fragment counts too.
    let part = &body[body.len() / 2..body.len() / 2 + 64];
    files(dir).values().any(|bytes| bytes.windows(part.len()).any(|window| window == part))
}

/// Returns the number of the segment that holds a body.
fn segment_of(dir: &Path, body: &[u8]) -> usize {
    let segments = files(&dir.join("journal"));
    1 + segments.values().position(|bytes| bytes.windows(body.len()).any(|window| window == body)).unwrap()
}

fn written() -> (tempfile::TempDir, Vec<Written>, Store) {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 60, 900);
    let (store, ..) = open_with(dir.path(), Options { segment_size: 16 << 10, ..options() });
    for part in log.chunks(5) {
        store.append(&batch(part)).unwrap();
    }
    (dir, log, store)
}

/// Erases the bodies at `seqs` as the driver does.
fn erase(store: &Store, log: &[Written], seqs: &[usize]) -> usize {
    let marks = seqs.iter().map(|seq| (author(log), place(*seq as Seq), Mark::Withdrawn)).collect();
    store.append(&Batch { marks, ..Batch::default() }).unwrap();
    store.erase(&seqs.iter().map(|seq| log[*seq].0.header().body.hash).collect::<Vec<_>>()).unwrap()
}

fn check(store: &Store, log: &[Written], erased: &[usize]) {
    for (seq, (entry, body)) in log.iter().enumerate() {
        let stored = store.entry(entry.author(), place(seq as Seq)).unwrap().unwrap();
        assert_eq!(stored.entry.envelope(), entry.envelope());
        let expected =
            if erased.contains(&seq) { BodyState::Withdrawn } else { BodyState::Present(body.to_vec()) };
        assert_eq!(stored.body, expected, "entry {seq}");
    }
}

#[test]
fn an_erased_body_is_in_no_file_and_everything_else_is_where_it_was() {
    let (dir, log, store) = written();
    let erased = [3, 4, 30, 58, 59];
    assert!(holds(dir.path(), &log[30].1));
    assert_eq!(erase(&store, &log, &erased), 5);
    assert_eq!(erase(&store, &log, &erased), 0, "once is enough");
    check(&store, &log, &erased);
    let more = super::log(2, 10, 900);
    store.append(&batch(&more)).unwrap();
    assert_eq!(intact(&store, &more), 10);
    drop(store);
    for seq in erased {
        assert!(!holds(dir.path(), &log[seq].1), "entry {seq}");
    }
    let (store, findings, replayed) = open(dir.path());
    assert_eq!((findings, replayed), (vec![], 0));
    check(&store, &log, &erased);
    drop(store);
    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let (store, findings, _) = open(dir.path());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(store.missing(None, 100).unwrap().len(), 5);
    assert_eq!(intact(&store, &log), 55);
}

#[test]
fn a_restored_entry_asks_for_its_erased_body_again() {
    let (_dir, log, store) = written();
    erase(&store, &log, &[7]);
    let marks = vec![(author(&log), place(7), Mark::Standing)];
    store.append(&Batch { marks, ..Batch::default() }).unwrap();
    assert_eq!(store.missing(None, 9).unwrap(), [(log[7].0.header().body.hash, author(&log), place(7))]);
    store.append(&batch(&log[7..8])).unwrap();
    check(&store, &log, &[]);
}

#[test]
fn a_body_is_named_as_long_as_one_entry_stands() {
    let (_dir, log, store) = written();
    let sign = SigningKey::from_bytes(&[9; 32]);
    let (first, _) = entry::incept(&sign, Bytes32([9; 32]), 1_000, [9; 16]);
    let (original, body) = &log[7];
    let position = Position { author: first.author(), seq: 1, prev: first.id(), time: 1_001 };
    let copy = entry::write(position, "practice", body, &sign);
    let (taken, own) = ((first.author(), place(1)), (author(&log), place(7)));
    store.append(&batch(&[(copy, Arc::clone(body))])).unwrap();
    let named = || store.named(&[original.header().body, log[8].0.header().body]).unwrap().len();
    let mark = |(author, place), mark| {
        store.append(&Batch { marks: vec![(author, place, mark)], ..Batch::default() }).unwrap();
    };
    assert_eq!(named(), 2);
    mark(taken, Mark::Withdrawn);
    assert_eq!(named(), 2, "the original stands");
    mark(own, Mark::Withdrawn);
    assert_eq!(named(), 1, "neither stands");
    mark(taken, Mark::Standing);
    assert_eq!(named(), 2);
}

#[test]
fn a_crash_at_any_step_of_an_erasure_leaves_a_store_that_fits() {
    for seq in [30, 59] {
        let (dir, log, store) = written();
        drop(store);
        let number = segment_of(dir.path(), &log[seq].1);
        let before = tempfile::tempdir().unwrap();
        copy(dir.path(), before.path());
        let name = |extension: &str| format!("journal/{number:06}.{extension}");
        let (store, ..) = open_with(dir.path(), Options { segment_size: 16 << 10, ..options() });
        erase(&store, &log, &[seq]);
        drop(store);
        let rewritten = fs::read(dir.path().join(name("seg"))).unwrap();
        assert!(
            rewritten.len() < fs::read(before.path().join(name("seg"))).unwrap().len(),
            "the body lies in that segment"
        );

        // While the new file was being written.
        let case = tempfile::tempdir().unwrap();
        copy(before.path(), case.path());
        fs::write(case.path().join(name("new")), &rewritten[..rewritten.len() / 2]).unwrap();
        let (store, findings, replayed) = open(case.path());
        assert_eq!((findings, replayed), (vec![], 0));
        check(&store, &log, &[]);
        assert!(!case.path().join(name("new")).exists());

        // Before the rename.
        let case = tempfile::tempdir().unwrap();
        copy(before.path(), case.path());
        fs::write(case.path().join(name("new")), &rewritten).unwrap();
        fs::write(case.path().join(name("erase")), []).unwrap();
        let (store, findings, replayed) = open(case.path());
        assert_eq!((findings, replayed), (vec![], 0));
        check(&store, &log, &[]);

        // Before the index was written.
        let case = tempfile::tempdir().unwrap();
        copy(before.path(), case.path());
        fs::write(case.path().join(name("seg")), &rewritten).unwrap();
        fs::write(case.path().join(name("erase")), []).unwrap();
        let (store, findings, replayed) = open(case.path());
        assert_eq!((findings, replayed), (vec![], 0));
        let marks = vec![(author(&log), place(seq as Seq), Mark::Withdrawn)];
        store.append(&Batch { marks, ..Batch::default() }).unwrap();
        check(&store, &log, &[seq]);
        assert!(!case.path().join(name("erase")).exists());
        store.append(&batch(&super::log(2, 3, 10))).unwrap();

        // The same, and the index is gone too.
        let case = tempfile::tempdir().unwrap();
        copy(before.path(), case.path());
        fs::remove_dir_all(case.path().join("index")).unwrap();
        fs::write(case.path().join(name("seg")), &rewritten).unwrap();
        fs::write(case.path().join(name("erase")), []).unwrap();
        let (store, _, replayed) = open(case.path());
        assert_eq!((replayed, intact(&store, &log)), (60, 59));

        // Before the marker was removed.
        let case = tempfile::tempdir().unwrap();
        copy(dir.path(), case.path());
        fs::write(case.path().join(name("erase")), []).unwrap();
        let (store, findings, replayed) = open(case.path());
        assert_eq!((findings, replayed), (vec![], 0));
        check(&store, &log, &[seq]);
        drop(store);
        assert!(!holds(case.path(), &log[seq].1));
    }
}

#[test]
fn a_damaged_copy_is_erased_too() {
    let (dir, log, store) = written();
    drop(store);
    let body = &log[8].1;
    for (path, mut bytes) in files(&dir.path().join("journal")) {
        if let Some(at) = bytes.windows(body.len()).position(|window| window == &**body) {
            bytes[at + 40] ^= 1;
            fs::write(path, bytes).unwrap();
        }
    }
    let (store, ..) = open(dir.path());
    assert!(holds(dir.path(), body));
    erase(&store, &log, &[8]);
    check(&store, &log, &[8]);
    assert!(!holds(dir.path(), body));
}
