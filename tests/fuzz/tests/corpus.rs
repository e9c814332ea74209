//! Replays what fuzzing found, and the seeds that it started from.
//!
//! One test alone in its process, because a target's memory is measured as the process's.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::time::Instant;

use multaqa_fuzz::{TARGETS, corpus, found, run, seed, within};

/// Fewest inputs of a target: fewer mean that its corpus was not found.
const FEWEST: usize = 10;

#[test]
fn what_was_found_holds() {
    check_that_memory_is_bounded();
    let mut broken = Vec::new();
    for (target, _) in TARGETS {
        let mut inputs = read(&corpus(target));
        assert!(inputs.len() >= FEWEST, "the corpus of {target} has {} inputs", inputs.len());
        if found(target).exists() {
            inputs.extend(read(&found(target)));
        }
        let seeds = seed::seeds(target).into_iter().enumerate();
        inputs.extend(seeds.map(|(number, data)| (format!("seed {number} of {target}"), data)));
        let (begin, count) = (Instant::now(), inputs.len());
        for (name, data) in inputs {
            if panic::catch_unwind(AssertUnwindSafe(|| run(target, &data))).is_err() {
                broken.push(name);
            }
        }
        println!("{target}: {count} inputs in {:.1} s", begin.elapsed().as_secs_f64());
    }
    assert!(broken.is_empty(), "what must hold of any bytes does not hold of these:\n{}", broken.join("\n"));
}

/// Returns the files of a folder, by path.
fn read(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

fn check_that_memory_is_bounded() {
    let greedy = || within(10, || drop(std::hint::black_box(vec![1_u8; 1 << 20])));
    assert!(panic::catch_unwind(greedy).is_err(), "the bound of memory bounds nothing");
}
