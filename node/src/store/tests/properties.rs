//! Any order of writes, restarts and lost indexes reads back as a plain map would.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Act {
    Append { author: usize, count: usize, bodies: bool },
    LateBodies,
    Checkpoint,
    Reopen,
    LoseIndex,
    Erase { author: usize, seq: usize },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..3_usize, 1..6_usize, any::<bool>())
            .prop_map(|(author, count, bodies)| Act::Append { author, count, bodies }),
        1 => Just(Act::LateBodies),
        1 => Just(Act::Checkpoint),
        1 => Just(Act::Reopen),
        1 => Just(Act::LoseIndex),
        1 => (0..3_usize, 0..40_usize).prop_map(|(author, seq)| Act::Erase { author, seq }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn reads_agree_with_a_model(acts in proptest::collection::vec(act(), 1..24)) {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { segment_size: 6 << 10, ..options() };
        let logs: Vec<_> = (1..4).map(|seed| log(seed, 60, 200)).collect();
        let mut heads = [0_usize; 3];
        // Whether the body is there, by author and seq.
        let mut model: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        let mut store = open_with(dir.path(), options.clone()).0;
        for act in acts {
            match act {
                Act::Append { author, count, bodies } => {
                    let part = &logs[author][heads[author]..(heads[author] + count).min(60)];
                    let mut batch = batch(part);
                    for new in batch.entries.iter_mut().filter(|_| !bodies) {
                        new.body = None;
                    }
                    store.append(&batch).unwrap();
                    for at in 0..part.len() {
                        model.insert((author, heads[author] + at), bodies);
                    }
                    heads[author] += part.len();
                }
                Act::LateBodies => {
                    let mut bodies = Vec::new();
                    for ((author, seq), present) in model.iter_mut().filter(|(_, present)| !**present).take(5) {
                        let (entry, body) = &logs[*author][*seq];
                        bodies.push((entry.header().body.hash, Arc::clone(body)));
                        *present = true;
                    }
                    store.append(&Batch { bodies, ..Batch::default() }).unwrap();
                }
                Act::Checkpoint => store.checkpoint(),
                Act::Reopen | Act::LoseIndex => {
                    drop(store);
                    if matches!(act, Act::LoseIndex) {
                        std::fs::remove_dir_all(dir.path().join("index")).unwrap();
                    }
                    let (again, findings, _) = open_with(dir.path(), options.clone());
                    let only = findings.iter().all(|finding| matches!(finding, Finding::IndexRebuilt { .. }));
                    prop_assert!(only, "{:?}", findings);
                    store = again;
                }
                Act::Erase { author, seq } => {
                    if let Some(present) = model.get_mut(&(author, seq)) {
                        let (entry, _) = &logs[author][seq];
                        let erased = store.erase(&[entry.header().body.hash]).unwrap();
                        prop_assert_eq!(erased, usize::from(*present));
                        let marks = vec![(entry.author(), place(seq as Seq), Mark::Standing)];
                        store.append(&Batch { marks, ..Batch::default() }).unwrap();
                        *present = false;
                    }
                }
            }
        }
        for ((author, seq), present) in &model {
            let (entry, body) = &logs[*author][*seq];
            let stored = store.entry(entry.author(), place(*seq as Seq)).unwrap().unwrap();
            prop_assert_eq!(stored.entry.envelope(), entry.envelope());
            let expected = if *present { BodyState::Present(body.to_vec()) } else { BodyState::Missing };
            prop_assert_eq!(stored.body, expected);
            prop_assert_eq!(store.place_of(entry.author(), &entry.id()).unwrap(), Some(place(*seq as Seq)));
        }
        let missing = model.values().filter(|present| !**present).count() as u64;
        let status = store.status();
        prop_assert_eq!((status.entries, status.missing), (model.len() as u64, missing));
        prop_assert_eq!(status.bodies, model.len() as u64 - missing);
        prop_assert_eq!(store.missing(None, 1_000).unwrap().len() as u64, missing);
    }
}
