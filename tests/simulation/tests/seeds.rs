//! Runs seeds, and shows that a seed replays.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use multaqa_simulation::{Failure, Report, run};

/// Seeds of an ordinary run; `SEEDS=n` for more.
const SEEDS: u64 = 200;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_seed_holds_all_invariants() {
    let (first, count) =
        number("SEED").map_or_else(|| (0, number("SEEDS").unwrap_or(SEEDS)), |seed| (seed, 1));
    let next = AtomicU64::new(first);
    let reports = Mutex::new(Vec::<Report>::new());
    let failures = Mutex::new(Vec::<Box<Failure>>::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    match run(seed) {
                        Ok(report) => reports.lock().unwrap().push(report),
                        Err(failure) => failures.lock().unwrap().push(failure),
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort_by_key(|failure| failure.seed);
    for failure in &failures {
        println!("seed {}: {}: {}", failure.seed, failure.rule, failure.what);
    }
    print_quality(&reports.into_inner().unwrap());
    if let Some(failure) = failures.first() {
        panic!("{} of {count} seeds failed; the first:\n{failure}", failures.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let (one, two) = (run(7), run(7));
    match (one, two) {
        (Ok(one), Ok(two)) => assert_eq!(one, two),
        (Err(one), Err(two)) => assert_eq!(one.trace, two.trace),
        _ => panic!("one of two runs of a seed failed"),
    }
}

fn print_quality(reports: &[Report]) {
    let runs = reports.len().max(1) as u64;
    let mean = |read: fn(&Report) -> u64| reports.iter().map(read).sum::<u64>() / runs;
    let most = |read: fn(&Report) -> u64| reports.iter().map(read).max().unwrap_or(0);
    println!("{} seeds held; means a run:", reports.len());
    println!("  entries {}, crashes {}", mean(|r| r.quality.entries), mean(|r| r.quality.crashes));
    println!(
        "  sessions {}, frames {}, bytes {}; between equal nodes at most {} bytes",
        mean(|r| r.quality.sessions),
        mean(|r| r.quality.frames),
        mean(|r| r.quality.sync_bytes),
        most(|r| r.quality.equal_bytes),
    );
    println!("  gossip {}, new {}", mean(|r| r.quality.gossip), mean(|r| r.quality.gossip_new));
    println!("  to rest {} ms, at most {} ms", mean(|r| r.quality.to_rest), most(|r| r.quality.to_rest));
    println!(
        "  at rest in all: frozen {}, withdrawals {}, amended {}, listed {}, suspended {}",
        reports.iter().map(|r| r.quality.frozen).sum::<u64>(),
        reports.iter().map(|r| r.quality.withdrawals).sum::<u64>(),
        reports.iter().filter(|r| r.quality.versions > 1).count(),
        reports.iter().map(|r| r.quality.listed).sum::<u64>(),
        reports.iter().map(|r| r.quality.suspended).sum::<u64>(),
    );
}
