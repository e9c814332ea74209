//! What goes in comes out, before and after a restart.

use super::*;
use multaqa_protocol::id::NetworkId;

#[test]
fn everything_appended_is_read_back_after_a_restart_without_a_replay() {
    let dir = tempfile::tempdir().unwrap();
    let logs = [log(1, 70, 300), log(2, 40, 20)];
    {
        let (store, findings, _) = open(dir.path());
        assert_eq!(findings, []);
        for log in &logs {
            for part in log.chunks(9) {
                store.append(&batch(part)).unwrap();
            }
            assert_eq!(intact(&store, log), log.len());
        }
    }
    let (store, findings, replayed) = open(dir.path());
    assert_eq!((findings, replayed), (vec![], 0));
    for log in &logs {
        assert_eq!(intact(&store, log), log.len());
    }
    let status = store.status();
    assert_eq!((status.entries, status.bodies, status.missing), (110, 110, 0));
    assert_eq!(status.read_only, None);
}

#[test]
fn ids_places_rows_and_prefixes_agree() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = open(dir.path());
    let log = log(1, 100, 50);
    store.append(&batch(&log)).unwrap();
    let author = author(&log);
    for (entry, body) in &log {
        assert_eq!(store.id_at(author, place(entry.seq())).unwrap(), Some(entry.id()));
        assert_eq!(store.place_of(author, &entry.id()).unwrap(), Some(place(entry.seq())));
        assert_eq!(store.body(&entry.header().body.hash).unwrap().as_deref(), Some(&**body));
        for digits in [8, 9, 15, 16, 17, 40, 64] {
            let prefix = &entry.id().to_string()[..digits];
            assert_eq!(store.find(prefix).unwrap(), [(entry.id(), author, place(entry.seq()))]);
        }
    }
    assert_eq!(store.find(&log[0].0.id().to_string()[..7]).unwrap(), []);
    assert_eq!(store.find("zzzzzzzz").unwrap(), []);
    assert_eq!(store.id_at(author, place(100)).unwrap(), None);
    assert_eq!(store.id_at(author, Place { branch: 1, seq: 3 }).unwrap(), None);
    let rows = store.rows(author, 0, 30..=70).unwrap();
    assert_eq!(rows.iter().map(|row| row.place.seq).collect::<Vec<_>>(), (30..=70).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.kind == "practice" && row.body == BodyMark::Present));
    assert!(rows.iter().all(|row| row.time == 1_000 + u64::from(row.place.seq)));
    assert_eq!(store.rows(author, 0, 0..=Seq::MAX).unwrap().len(), 100);
    assert_eq!(store.rows(author, 1, 0..=Seq::MAX).unwrap(), []);
}

#[test]
fn branches_keep_entries_of_one_seq_apart() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = open(dir.path());
    let (log, other) = (log(1, 5, 50), log(2, 5, 50));
    store.append(&batch(&log)).unwrap();
    let mut fork = new_entry(&other[3]);
    (fork.author, fork.place) = (author(&log), Place { branch: 1, seq: 3 });
    store.append(&Batch { entries: vec![fork], ..Batch::default() }).unwrap();
    assert_eq!(store.id_at(author(&log), Place { branch: 1, seq: 3 }).unwrap(), Some(other[3].0.id()));
    assert_eq!(store.id_at(author(&log), place(3)).unwrap(), Some(log[3].0.id()));
}

#[test]
fn a_body_is_written_once_and_before_its_envelope() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = open(dir.path());
    let log = log(1, 2, 2_000);
    store.append(&batch(&log)).unwrap();
    let bytes = store.status().bytes;
    store.append(&batch(&log)).unwrap();
    store
        .append(&Batch {
            bodies: vec![(log[1].0.header().body.hash, Arc::clone(&log[1].1))],
            ..Batch::default()
        })
        .unwrap();
    assert_eq!(store.status().bytes, bytes, "nothing is written twice");
    let segment = std::fs::read(dir.path().join("journal/000001.seg")).unwrap();
    let at = |part: &[u8]| segment.windows(part.len()).position(|window| window == part).unwrap();
    assert!(at(&log[1].1) < at(log[1].0.envelope()));
}

#[test]
fn a_late_body_ends_that_it_was_missing_for_every_entry_that_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 3, 100);
    let late = (log[2].0.header().body.hash, Arc::clone(&log[2].1));
    {
        let (store, ..) = open(dir.path());
        let mut batch = batch(&log);
        batch.entries[2].body = None;
        let mut again = batch.entries[2].clone();
        again.place.branch = 1;
        batch.entries.push(again);
        store.append(&batch).unwrap();
        assert_eq!(store.missing(None, 10).unwrap().len(), 2);
        assert_eq!(store.missing(Some(&late.0), 10).unwrap(), []);
        assert_eq!(store.rows(author(&log), 0, 2..=2).unwrap()[0].body, BodyMark::Missing);
        assert_eq!(store.entry(author(&log), place(2)).unwrap().unwrap().body, BodyState::Missing);
    }
    let (store, ..) = open(dir.path());
    store.append(&Batch { bodies: vec![late], ..Batch::default() }).unwrap();
    assert_eq!(store.missing(None, 10).unwrap(), []);
    for branch in [0, 1] {
        assert_eq!(store.rows(author(&log), branch, 2..=2).unwrap()[0].body, BodyMark::Present);
    }
    assert_eq!(intact(&store, &log), 3);
    assert_eq!(store.status().missing, 0);
}

#[test]
fn a_withdrawn_body_is_not_served_and_not_asked_for_until_its_withdrawal_falls() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = open(dir.path());
    let log = log(1, 3, 100);
    let mut first = batch(&log);
    first.entries[2].body = None;
    first.marks = vec![(author(&log), place(1), Mark::Withdrawn), (author(&log), place(2), Mark::Withdrawn)];
    store.append(&first).unwrap();
    for seq in [1, 2] {
        assert_eq!(store.entry(author(&log), place(seq)).unwrap().unwrap().body, BodyState::Withdrawn);
    }
    assert_eq!(store.missing(None, 10).unwrap(), []);
    let marks = vec![(author(&log), place(1), Mark::Standing), (author(&log), place(2), Mark::Standing)];
    store.append(&Batch { marks, ..Batch::default() }).unwrap();
    assert_eq!(
        store.entry(author(&log), place(1)).unwrap().unwrap().body,
        BodyState::Present(log[1].1.to_vec())
    );
    assert_eq!(store.missing(None, 10).unwrap(), [(log[2].0.header().body.hash, author(&log), place(2))]);
}

#[test]
fn rows_of_the_engine_come_back_whole_and_shrink() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 1, 0);
    let long: Vec<u8> = (0..30_000_u32).flat_map(u32::to_be_bytes).collect();
    for bytes in [long.clone(), vec![7; 3]] {
        let (store, ..) = open(dir.path());
        let logs = vec![(author(&log), bytes.clone())];
        store.append(&Batch { logs, ..Batch::default() }).unwrap();
        drop(store);
        let (_, recovered) = Store::open(dir.path(), options()).unwrap();
        assert_eq!(recovered.logs, [(author(&log), bytes.clone())]);
    }
}

#[test]
fn the_segments_joined_are_a_sequence_of_items_that_begins_with_the_network() {
    let dir = tempfile::tempdir().unwrap();
    let network = NetworkId([9; 32]);
    let log = log(1, 60, 2_000);
    {
        let (store, ..) = open_with(dir.path(), Options { segment_size: 16 << 10, ..options() });
        assert_eq!(store.status().network, None);
        for part in log.chunks(3) {
            store.append(&batch(part)).unwrap();
        }
        assert!(store.status().segments > 5);
        store.set_network(network).unwrap();
    }
    let (store, findings, _) = open(dir.path());
    assert_eq!((store.status().network, findings), (Some(network), vec![]));
    let joined: Vec<u8> = files(&dir.path().join("journal")).into_values().flatten().collect();
    let mut rest = &joined[..];
    let mut tags = Vec::new();
    while !rest.is_empty() {
        let Ok(multaqa_protocol::codec::Scan::Complete(len)) = multaqa_protocol::codec::prefix(rest, 1 << 20)
        else {
            panic!("not an item at {}", joined.len() - rest.len());
        };
        tags.push(rest[1]);
        rest = &rest[len..];
    }
    let expected: Vec<u8> = std::iter::once(0).chain([1, 2].repeat(60)).collect();
    assert_eq!(tags, expected);
}

#[test]
fn a_second_opener_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (store, ..) = open(dir.path());
    assert!(matches!(Store::open(dir.path(), options()), Err(OpenError::Locked { .. })));
    drop(store);
    assert!(Store::open(dir.path(), options()).is_ok());
}

#[test]
fn a_newer_data_version_is_refused_with_both_versions_named() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    std::fs::write(dir.path().join("version"), "7\n").unwrap();
    let error = Store::open(dir.path(), options()).unwrap_err().to_string();
    assert!(error.contains("version 7") && error.contains("up to 2"), "{error}");
    std::fs::remove_file(dir.path().join("version")).unwrap();
    assert!(matches!(Store::open(dir.path(), options()), Err(OpenError::Version { .. })));
}

#[test]
fn nothing_new_is_taken_before_a_replay_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 4, 10);
    open(dir.path()).0.append(&batch(&log[..3])).unwrap();
    std::fs::remove_dir_all(dir.path().join("index")).unwrap();
    let (store, recovered) = Store::open(dir.path(), options()).unwrap();
    assert!(recovered.replay.bytes() > 0);
    assert!(matches!(store.append(&batch(&log[3..])), Err(AppendError::Replay)));
    assert!(matches!(store.erase(&[]), Err(EraseError::Replay)));
    store.finish_replay();
    store.append(&batch(&log[3..])).unwrap();
}
