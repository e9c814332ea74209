use std::fs;

use super::*;
use crate::store::learnt::FILE;

#[test]
fn when_a_withdrawal_was_learnt_of_outlives_the_index_and_a_line_cut_short() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 3, 10);
    let [one, two, three] = [0, 1, 2].map(|at| log[at].0.id());
    let (store, ..) = open(dir.path());
    store.note_learnt(&[(one, Some(7)), (two, Some(8))]).unwrap();
    store.note_learnt(&[(one, None), (three, Some(9))]).unwrap();
    let holds = |store: &Store| [one, two, three].map(|id| store.learnt(&id));
    assert_eq!(holds(&store), [None, Some(8), Some(9)]);
    drop(store);

    fs::remove_dir_all(dir.path().join("index")).unwrap();
    let path = dir.path().join(FILE);
    let mut text = fs::read(&path).unwrap();
    assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), 4, "a line for each change");
    text.truncate(text.len() - 5);
    fs::write(&path, text).unwrap();
    let (store, ..) = open(dir.path());
    assert_eq!(holds(&store), [None, Some(8), None]);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 1, "what holds, and nothing else: {text}");
    store.note_learnt(&[(three, Some(10))]).unwrap();
    drop(store);
    assert_eq!(holds(&open(dir.path()).0), [None, Some(8), Some(10)]);
}

#[test]
fn a_step_that_was_stopped_begins_anew() {
    let dir = tempfile::tempdir().unwrap();
    let log = log(1, 2, 10);
    let (store, ..) = open(dir.path());
    store.append(&batch(&log)).unwrap();
    drop(store);
    // Before anything was written, with a file half written, and with the file but not the version.
    for left in [None, Some("withdrawals.new"), Some(FILE)] {
        fs::write(dir.path().join("version"), "1\n").unwrap();
        if let Some(name) = left {
            fs::write(dir.path().join(name), "{\"entry\":").unwrap();
        }
        assert_eq!(version_of(dir.path()).unwrap(), Some(1));
        let (store, findings, _) = open(dir.path());
        assert_eq!((intact(&store, &log), findings), (2, Vec::new()));
        assert_eq!(version_of(dir.path()).unwrap(), Some(VERSION));
    }
}
