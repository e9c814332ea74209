use super::*;

fn take(files: &Attachments, bytes: &[u8], record: Option<EntryId>) -> Taken {
    let mut incoming = files.begin(bytes.len() as u64, None).unwrap();
    bytes.chunks(700).for_each(|piece| incoming.write(piece).unwrap());
    incoming.finish(record.into_iter().collect()).unwrap()
}

fn record(number: u8) -> EntryId {
    EntryId([number; 32])
}

#[test]
fn a_file_lies_under_its_hash_once_and_half_a_file_under_none() {
    let dir = tempfile::tempdir().unwrap();
    let files = Attachments::open(dir.path()).unwrap();
    let text = "سطر\n".repeat(5_000);
    let taken = take(&files, text.as_bytes(), Some(record(1)));
    assert_eq!(taken.mime, "text/plain");
    assert_eq!(taken, take(&files, text.as_bytes(), Some(record(2))));
    let (note, bytes) = files.read(&taken.named.hash).unwrap().unwrap();
    assert_eq!((note.records.len(), bytes), (2, text.into_bytes()));

    let mut torn = files.begin(10, None).unwrap();
    torn.write(b"half").unwrap();
    assert!(matches!(torn.write(&[b'x'; 7]), Err(TakeError::TooLarge)));
    std::mem::forget(torn);
    assert_eq!(fs::read_dir(&*files.dir).unwrap().count(), 4);
    drop(Attachments::open(dir.path()).unwrap());
    assert_eq!(fs::read_dir(&*files.dir).unwrap().count(), 3, "a start removes what was cut off");
}

#[test]
fn what_readers_asked_for_gives_way_and_what_is_pinned_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let files = Attachments::with_room(dir.path(), 3_000).unwrap();
    let named: Vec<Bytes32> = (1..=4_u8)
        .map(|number| take(&files, &vec![b'a' + number; 1_000], Some(record(number))).named.hash)
        .collect();
    for (at, hash) in named.iter().enumerate() {
        files.change(hash, |note| note.asked = at as u64).unwrap();
    }
    let needs = |_: &Bytes32, note: &Note| match note.records.first() {
        Some(first) if *first == record(1) => Need::Pinned,
        Some(first) if *first == record(4) => Need::None,
        _ => Need::Readers,
    };
    // The fourth is needed by nobody; the second was asked for the longest ago.
    assert_eq!(files.sweep(needs, 1_500).unwrap(), 2);
    let held = |at: usize| files.note(&named[at]).is_some();
    assert_eq!([held(0), held(1), held(2), held(3)], [true, false, true, false]);
}

#[test]
fn a_file_that_no_record_names_yet_waits_for_its_draft() {
    let dir = tempfile::tempdir().unwrap();
    let files = Attachments::open(dir.path()).unwrap();
    let hash = take(&files, b"minutes", None).named.hash;
    let needs = |_: &Bytes32, _: &Note| Need::None;
    assert_eq!(files.sweep(needs, 0).unwrap(), 0);
    files.change(&hash, |note| note.asked = 0).unwrap();
    assert_eq!(files.sweep(needs, 0).unwrap(), 1);
    assert_eq!(fs::read_dir(&*files.dir).unwrap().count(), 0);
}
