use std::fs;

use multaqa_protocol::id::EntryId;

use super::guard::{GUARD_FILE, Guard, GuardError, GuardState};
use multaqa_protocol::id::Seq;

use super::*;

fn guard(dir: &Path) -> Guard {
    Guard::open(dir, &key(1)).unwrap()
}

fn key(seed: u8) -> PublicKey {
    PublicKey::from(&SigningKey::from_bytes(&[seed; 32]))
}

fn id(byte: u8) -> EntryId {
    EntryId([byte; 32])
}

#[test]
fn a_key_is_made_once_and_read_back() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(LogKey::load(dir.path()), Err(KeyError::Absent { .. })));
    let made = LogKey::create(dir.path()).unwrap();
    assert!(matches!(LogKey::create(dir.path()), Err(KeyError::Exists { .. })));
    assert_eq!(LogKey::load(dir.path()).unwrap().public(), made.public());
    let peer = PeerKey::create(dir.path()).unwrap().keypair().public();
    assert_eq!(PeerKey::load(dir.path()).unwrap().keypair().public(), peer);
    assert_ne!(peer.try_into_ed25519().unwrap().to_bytes(), made.public().to_bytes().0, "C6: two keys");
    for file in [LOG_KEY_FILE, PEER_KEY_FILE] {
        assert_eq!(fs::metadata(dir.path().join(file)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    LogKey::create(dir.path()).unwrap();
    let path = dir.path().join(LOG_KEY_FILE);
    for mode in [0o640, 0o604, 0o620, 0o666] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = LogKey::load(dir.path()).unwrap_err();
        assert!(matches!(error, KeyError::Readable { mode: found, .. } if found == mode));
        assert!(error.to_string().contains("chmod 600"));
    }
}

#[test]
fn a_key_of_another_length_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    LogKey::create(dir.path()).unwrap();
    for len in [0, 31, 33] {
        fs::write(dir.path().join(LOG_KEY_FILE), vec![7; len]).unwrap();
        assert!(matches!(LogKey::load(dir.path()), Err(KeyError::Malformed { .. })));
    }
}

#[test]
fn no_key_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let shown =
        format!("{:?} {:?}", LogKey::create(dir.path()).unwrap(), PeerKey::create(dir.path()).unwrap());
    for file in [LOG_KEY_FILE, PEER_KEY_FILE] {
        let seed = fs::read(dir.path().join(file)).unwrap();
        assert!(!shown.contains(&hex::encode(&seed[..4])) && !shown.contains(&format!("{:?}", &seed[..4])));
    }
}

#[test]
fn w2_another_entry_at_the_same_place_or_below_is_refused_across_restarts() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(guard(dir.path()).record(4, id(4), b"four").unwrap(), b"four");
    for _ in 0..2 {
        let mut guard = guard(dir.path());
        assert!(matches!(guard.record(4, id(9), b"other"), Err(GuardError::Signed { last: 4, asked: 4 })));
        assert!(matches!(guard.record(3, id(3), b"three"), Err(GuardError::Signed { last: 4, asked: 3 })));
        assert_eq!(guard.record(4, id(4), b"signed anew").unwrap(), b"four", "the same bytes again");
    }
    let mut guard = guard(dir.path());
    for seq in 5..20 {
        guard.record(Seq::from(seq), id(seq), &[seq; 1_100]).unwrap();
    }
    assert!(matches!(guard.record(20, id(20), &[0; 1_101]), Err(GuardError::TooLong { .. })));
    assert_eq!(super::tests::guard(dir.path()).last().unwrap().envelope, [19; 1_100]);
}

#[test]
fn w2_the_guard_is_compared_with_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut guard = guard(dir.path());
    assert_eq!(guard.state(None), GuardState::InStep);
    assert_eq!(guard.state(Some((0, id(0)))), GuardState::Missing);
    guard.record(7, id(7), b"seven").unwrap();
    assert_eq!(guard.state(Some((7, id(7)))), GuardState::InStep);
    assert_eq!(guard.state(Some((7, id(8)))), GuardState::Differs);
    assert_eq!(guard.state(Some((8, id(8)))), GuardState::Older);
    assert_eq!(guard.state(Some((6, id(6)))), GuardState::Newer);
    assert_eq!(guard.state(None), GuardState::Newer);
}

#[test]
fn a_record_cut_short_at_any_byte_leaves_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut open = guard(dir.path());
    open.record(1, id(1), b"one").unwrap();
    open.record(2, id(2), b"two").unwrap();
    let path = dir.path().join(GUARD_FILE);
    let before = fs::read(&path).unwrap();
    open.record(3, id(3), b"three").unwrap();
    let after = fs::read(&path).unwrap();
    let changed: Vec<_> = (0..after.len()).filter(|at| before[*at] != after[*at]).collect();
    assert!(changed.len() > 40);
    for cut in &changed {
        // The first bytes reached the disk and the rest did not, or the other way round.
        let torn =
            [[&after[..*cut], &before[*cut..]].concat(), [&before[..*cut + 1], &after[*cut + 1..]].concat()];
        for bytes in torn {
            fs::write(&path, bytes).unwrap();
            assert_eq!(guard(dir.path()).last().unwrap().seq, 2);
        }
    }
    fs::write(&path, &after).unwrap();
    assert_eq!(guard(dir.path()).last().unwrap().seq, 3);
    fs::write(&path, b"garbage").unwrap();
    assert_eq!(guard(dir.path()).state(Some((3, id(3)))), GuardState::Missing);
}

#[test]
fn after_a_rotation_places_are_used_again_under_the_new_key_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut old = guard(dir.path());
    old.record(9, id(9), b"nine").unwrap();
    assert!(matches!(old.begin(4, id(4), b"rotation"), Err(GuardError::SameKey)));
    drop(old);
    let mut new = Guard::open(dir.path(), &key(2)).unwrap();
    assert_eq!(new.state(Some((4, id(4)))), GuardState::Missing);
    assert!(matches!(new.record(5, id(5), b"five"), Err(GuardError::OtherKey)));
    new.begin(4, id(4), b"rotation").unwrap();
    new.record(5, id(5), b"five").unwrap();
    drop(new);
    assert_eq!(Guard::open(dir.path(), &key(2)).unwrap().state(Some((5, id(5)))), GuardState::InStep);
    assert!(matches!(guard(dir.path()).record(10, id(10), b"ten"), Err(GuardError::OtherKey)));
}
