//! A disk that fills up: read-only with a reason, nothing lost, writable again when there is room.

use std::process::Command;

use super::*;

/// A small file system of its own, gone when dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(size: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "multaqa-test"])
            .arg(dir.path())
            .status();
        assert!(mounted.is_ok_and(|status| status.success()), "this test mounts a tmpfs, so it runs as root");
        Self(dir)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_stops_writes_keeps_reads_and_recovers_by_itself() {
    let disk = Disk::new("8m");
    let dir = disk.0.path().join("data");
    let (store, ..) = open(&dir);
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![1; 4 << 20]).unwrap();
    let log = log(1, 3_000, 4_000);
    let mut parts = log.chunks(50);
    let mut kept = 0;
    let failed = loop {
        let part = parts.next().unwrap();
        match store.append(&batch(part)) {
            Ok(()) => kept += part.len(),
            Err(AppendError::Write(_)) => break part,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(matches!(store.status().read_only, Some(ReadOnly::Write { .. })));
    assert!(kept > 0);
    assert_eq!(intact(&store, &log[..kept]), kept);
    assert_eq!(store.id_at(author(&log), place(kept as Seq)).unwrap(), None, "nothing of the batch counts");
    assert!(store.append(&batch(failed)).is_err());
    std::fs::remove_file(ballast).unwrap();
    store.append(&batch(failed)).unwrap();
    assert_eq!(store.status().read_only, None);
    kept += failed.len();
    drop(store);
    let (store, findings, _) = open(&dir);
    assert_eq!(findings, []);
    assert_eq!(intact(&store, &log[..kept]), kept);
}

#[test]
fn a_full_disk_keeps_the_rows_of_the_index_in_memory_and_they_are_not_lost() {
    let disk = Disk::new("12m");
    let dir = disk.0.path().join("data");
    let (store, ..) = open(&dir);
    let log = log(1, 600, 1_000);
    store.append(&batch(&log[..300])).unwrap();
    store.checkpoint();
    store.append(&batch(&log[300..])).unwrap();
    let ballast = disk.0.path().join("ballast");
    let mut room = 12 << 20;
    while room > 0 && std::fs::write(&ballast, vec![1; room]).is_err() {
        room -= 64 << 10;
    }
    store.checkpoint();
    assert!(matches!(store.status().read_only, None | Some(ReadOnly::NoRoom { .. })));
    assert_eq!(intact(&store, &log), 600);
    std::fs::remove_file(ballast).unwrap();
    store.checkpoint();
    let more = super::log(2, 5, 100);
    store.append(&batch(&more)).unwrap();
    assert_eq!(store.status().read_only, None);
    drop(store);
    let (store, findings, replayed) = open(&dir);
    assert_eq!((findings, replayed), (vec![], 0));
    assert_eq!((intact(&store, &log), intact(&store, &more)), (600, 5));
}

#[test]
fn a_read_only_store_answers_at_once_until_it_is_time_to_try_again() {
    let disk = Disk::new("4m");
    let dir = disk.0.path().join("data");
    let (store, ..) = open_with(&dir, Options { retry: Duration::from_secs(3_600), ..options() });
    let ballast = disk.0.path().join("ballast");
    let log = log(1, 1_500, 4_000);
    let kept = log.chunks(20).take_while(|part| store.append(&batch(part)).is_ok()).count() * 20;
    assert!((20..1_500).contains(&kept));
    // Room alone does not end it: the hour has not passed.
    let _ = std::fs::remove_file(ballast);
    assert!(matches!(store.append(&batch(&log[kept..kept + 1])), Err(AppendError::ReadOnly(_))));
    assert_eq!(intact(&store, &log[..kept]), kept);
}

#[test]
fn too_little_room_is_seen_before_the_disk_is_full() {
    let disk = Disk::new("8m");
    let (store, ..) = open_with(&disk.0.path().join("data"), Options { floor: Some(4 << 20), ..options() });
    let log = log(1, 10, 100);
    store.append(&batch(&log[..5])).unwrap();
    drop(store);
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![1; 5 << 20]).unwrap();
    let (store, ..) = open_with(&disk.0.path().join("data"), Options { floor: Some(4 << 20), ..options() });
    assert!(matches!(store.append(&batch(&log[5..])), Err(AppendError::ReadOnly(ReadOnly::NoRoom { .. }))));
    assert!(matches!(store.status().read_only, Some(ReadOnly::NoRoom { .. })));
    assert_eq!(intact(&store, &log[..5]), 5);
    std::fs::remove_file(ballast).unwrap();
    assert_eq!(store.status().read_only, None);
    store.append(&batch(&log[5..])).unwrap();
}
