//! Runs seeds, and shows that a seed replays.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use multaqa_simulation::{Failure, Report, Size, run};

/// Seeds of an ordinary run; `SEEDS=n` for more, `FIRST=n` to begin elsewhere, `SIZE=nightly` or
/// another one for networks of one size only.
const SEEDS: u64 = 300;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn size_of(seed: u64) -> Size {
    let named = std::env::var("SIZE").ok();
    let named = named.map(|name| Size::named(&name).expect("SIZE is small, nightly or large"));
    named.unwrap_or_else(|| Size::of(seed))
}

/// Runs a seed; a panic is a failure of it like another.
fn run_seed(seed: u64) -> Result<Report, Box<Failure>> {
    let size = size_of(seed);
    catch_unwind(AssertUnwindSafe(|| run(seed, size))).unwrap_or_else(|cause| {
        let what = cause.downcast_ref::<String>().cloned();
        let what = what.or_else(|| cause.downcast_ref::<&str>().map(|&text| text.to_owned()));
        let what = what.unwrap_or_else(|| "no message".to_owned());
        Err(Box::new(Failure { seed, size, rule: "panic", what, trace: Vec::new() }))
    })
}

#[test]
fn every_seed_holds_all_invariants() {
    let seed = number("SEED");
    let first = seed.or_else(|| number("FIRST")).unwrap_or(0);
    let count = if seed.is_some() { 1 } else { number("SEEDS").unwrap_or(SEEDS) };
    // The large ones first: they take longest.
    let mut seeds: Vec<u64> = (first..first + count).collect();
    seeds.sort_by_key(|seed| size_of(*seed) != Size::Large);
    let next = AtomicU64::new(0);
    let reports = Mutex::new(Vec::<(Size, Report)>::new());
    let failures = Mutex::new(Vec::<Box<Failure>>::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = number("THREADS").map_or(threads, |threads| usize::try_from(threads).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(seed) =
                    seeds.get(usize::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
                {
                    match run_seed(*seed) {
                        Ok(report) => reports.lock().unwrap().push((size_of(*seed), report)),
                        Err(failure) => {
                            println!("{failure}\n");
                            failures.lock().unwrap().push(failure);
                        }
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort_by_key(|failure| failure.seed);
    let reports = reports.into_inner().unwrap();
    for size in [Size::Small, Size::Nightly, Size::Large] {
        let of_size: Vec<&Report> =
            reports.iter().filter(|(found, _)| *found == size).map(|(_, r)| r).collect();
        if !of_size.is_empty() {
            print_quality(size, &of_size);
        }
    }
    for failure in &failures {
        let first_line = failure.what.lines().next().unwrap_or_default();
        println!("SEED={} SIZE={}: {}: {first_line}", failure.seed, failure.size.name(), failure.rule);
    }
    if let Some(failure) = failures.first() {
        panic!("{} of {count} seeds failed; the first:\n{failure}", failures.len());
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for (seed, size) in [(7, Size::Small), (8, Size::Nightly)] {
        match (run(seed, size), run(seed, size)) {
            (Ok(one), Ok(two)) => assert_eq!(one, two),
            (Err(one), Err(two)) => assert_eq!(one.trace, two.trace),
            _ => panic!("one of two runs of a seed failed"),
        }
    }
}

fn print_quality(size: Size, reports: &[&Report]) {
    let runs = reports.len().max(1) as u64;
    let sum = |read: fn(&Report) -> u64| reports.iter().map(|report| read(report)).sum::<u64>();
    let mean = |read: fn(&Report) -> u64| sum(read) / runs;
    let most = |read: fn(&Report) -> u64| reports.iter().map(|report| read(report)).max().unwrap_or(0);
    println!("{} {} seeds held; means a run:", reports.len(), size.name());
    println!(
        "  entries {}, crashes {}, disk errors {}, restored backups {} (in all)",
        mean(|r| r.quality.entries),
        mean(|r| r.quality.crashes),
        sum(|r| r.quality.disk_errors),
        sum(|r| r.quality.restores),
    );
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
        "  records of honest authors at every honest node {}; blamed hostile nodes {} times",
        sum(|r| r.quality.delivered),
        sum(|r| r.quality.blamed),
    );
    println!(
        "  at most: branches of an author {}, bytes held back {}, sessions {}, statements {}",
        most(|r| r.quality.branches),
        most(|r| r.quality.staged),
        most(|r| r.quality.open_sessions),
        most(|r| r.quality.statements),
    );
    println!(
        "  at rest in all: frozen {}, withdrawals {}, erased {}, amended {}, listed {}, suspended {}",
        sum(|r| r.quality.frozen),
        sum(|r| r.quality.withdrawals),
        sum(|r| r.quality.erased),
        reports.iter().filter(|r| r.quality.versions > 1).count(),
        sum(|r| r.quality.listed),
        sum(|r| r.quality.suspended),
    );
}
