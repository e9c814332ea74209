//! What a question costs: through the whole router, at 10,000 records that are made from the real ones
//! (`--records N` for another number), with counts, passages and the reasons of twenty records.
//!
//! `--quick` asks everything once of a few records and measures nothing that means anything.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use multaqa_search::{Corpus, judged};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let given =
        arguments.iter().position(|argument| argument == "--records").and_then(|at| arguments.get(at + 1));
    let records: u64 = match given {
        Some(records) => records.parse().expect("--records takes a number"),
        None if quick => 40,
        None => 10_000,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(measure(records, if quick { 1 } else { 20 }));
}

async fn measure(records: u64, rounds: usize) {
    let corpus = Corpus::new(records.div_ceil(40)).await;
    let begin = Instant::now();
    let all = corpus.settle().await;
    let total = all.total.unwrap_or_default();
    println!("{total} records indexed in {:.2} s after they were stored", begin.elapsed().as_secs_f64());
    println!(
        "index {:.1} MB in {} segments, journal {:.1} MB",
        size(&corpus.data().join("search")),
        segments(&corpus.data().join("search")),
        size(&corpus.data().join("journal"))
    );

    rebuild(&corpus, total).await;
    println!("memory {} MB (the whole process, the records in it too)", resident_megabytes());

    let questions: Vec<String> = judged::all().iter().map(|judged| escape(&judged.query)).collect();
    let asked =
        |prefix: &str| questions.iter().map(|question| format!("{prefix}q={question}&limit=20")).collect();
    let beginning = |question: &str| escape(&question.chars().take(6).collect::<String>());
    let typed =
        judged::all().iter().map(|judged| format!("q={}&limit=20", beginning(&judged.query))).collect();
    let filters =
        ["", "kind=plan", "place=01", "theme=public_participation", "principle=transparency", "year=2024"];
    let filters = filters
        .iter()
        .map(|filter| format!("{filter}&limit=20").trim_start_matches('&').to_owned())
        .collect();
    for (name, queries) in [
        ("questions", asked("")),
        ("questions in a region", asked("place=01&")),
        ("while typing", typed),
        ("filters alone", filters),
    ] {
        let queries: Vec<String> = queries;
        times(name, &corpus, &queries, rounds).await;
    }
    corpus.node.clone().shutdown().await;
}

/// Deletes the index under the node and times how long it takes to come back once something happens;
/// readers are answered meanwhile.
async fn rebuild(corpus: &Corpus, total: u64) {
    fs::remove_dir_all(corpus.data().join("search")).expect("there is an index");
    let (begin, mut answered) = (Instant::now(), 0);
    corpus.publish().await;
    let total = total + 1;
    loop {
        let answer = corpus.ask("limit=1").await;
        answered += 1;
        if answer.complete && answer.total == Some(total) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let rate = total as f64 / seconds;
    println!("rebuilt in {seconds:.2} s ({rate:.0} records a second), {answered} answers meanwhile");
}

/// Asks everything `rounds` times; says what the slowest question was, by its fastest answer.
async fn times(name: &str, corpus: &Corpus, queries: &[String], rounds: usize) {
    let mut times = Vec::with_capacity(queries.len() * rounds);
    let mut best = vec![Duration::MAX; queries.len()];
    for _ in 0..rounds {
        for (query, best) in queries.iter().zip(&mut best) {
            let begin = Instant::now();
            let answer = corpus.ask(query).await;
            let took = begin.elapsed();
            times.push(took);
            *best = took.min(*best);
            assert!(answer.complete && answer.total.is_some());
        }
    }
    times.sort_unstable();
    let slowest = best.iter().zip(queries).max().expect("something is asked");
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    println!(
        "{name:24} p50 {:7.3} ms  p99 {:7.3} ms  max {:7.3} ms  ({} asked)",
        at(0.5),
        at(0.99),
        at(1.0),
        times.len()
    );
    println!("{:24} slowest {:7.3} ms  {}", "", slowest.0.as_secs_f64() * 1_000.0, slowest.1);
}

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn size(dir: &Path) -> f64 {
    fn bytes(path: &Path) -> u64 {
        match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| bytes(&entry.path())).sum(),
            Err(_) => fs::metadata(path).map(|file| file.len()).unwrap_or(0),
        }
    }
    bytes(dir) as f64 / 1e6
}

/// Returns how many segments the index has, each of which is asked by itself.
fn segments(dir: &Path) -> usize {
    let folders = fs::read_dir(dir).into_iter().flatten().flatten();
    let metas = folders.filter_map(|folder| fs::read_to_string(folder.path().join("meta.json")).ok());
    metas.map(|meta| meta.matches("\"segment_id\"").count()).sum()
}

/// Returns what the process holds in memory; 0 where the system does not tell.
fn resident_megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
