use super::*;

pub(super) fn take(files: &Attachments, bytes: &[u8], record: Option<EntryId>) -> Taken {
    let mut incoming = files.begin(bytes.len() as u64, None).unwrap();
    bytes.chunks(700).for_each(|piece| incoming.write(piece).unwrap());
    incoming.finish(record.into_iter().collect()).unwrap()
}

/// Text of so many bytes, no two chunks of it the same.
pub(super) fn lines(bytes: usize) -> Vec<u8> {
    (0..).flat_map(|line: u32| format!("{line}\n").into_bytes()).take(bytes).collect()
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
    let (note, bytes) =
        (files.note(&taken.named.hash).unwrap(), fs::read(files.path(&taken.named.hash)).unwrap());
    assert_eq!((note.records.len(), bytes), (2, text.into_bytes()));

    let mut torn = files.begin(10, None).unwrap();
    torn.write(b"half").unwrap();
    assert!(matches!(torn.write(&[b'x'; 7]), Err(TakeError::TooLarge)));
    std::mem::forget(torn);
    // As if it was killed before the file was given its name.
    fs::write(files.with_ending(&Bytes32([9; 32]), "json"), "{}").unwrap();
    fs::write(files.with_ending(&Bytes32([9; 32]), "chunks"), [0; 32]).unwrap();
    assert_eq!(fs::read_dir(&*files.dir).unwrap().count(), 6);
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

#[test]
fn what_waits_for_its_record_is_bounded_and_goes_when_its_draft_does() {
    let dir = tempfile::tempdir().unwrap();
    let files = Attachments::open(dir.path()).unwrap();
    // As much as the largest files that are on their way at once.
    let full = usize::try_from(MAX_WAITING / MAX_FILE).unwrap();
    let arriving: Vec<Incoming> = (0..full).map(|_| files.begin_waiting(MAX_FILE, None).unwrap()).collect();
    assert!(matches!(files.begin_waiting(MAX_FILE, None), Err(TakeError::TooManyWaiting)));
    assert!(files.begin(MAX_FILE, None).is_ok(), "what readers ask for is another matter");
    drop(arriving);
    let waiting = take(&files, b"minutes", None).named.hash;
    let published = take(&files, b"published", Some(record(1))).named.hash;
    assert_eq!(files.waiting().unwrap(), 7);
    for hash in [waiting, published] {
        files.release(&hash).unwrap();
    }
    assert_eq!((files.note(&waiting), files.note(&published).is_some()), (None, true));
}
