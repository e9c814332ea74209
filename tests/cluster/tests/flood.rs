//! A node that twenty hostile peers attack at once goes on serving its readers and its honest peers, and
//! its memory stays where it was. The attackers share this machine's cores with it.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

#[path = "flood/hostile.rs"]
mod hostile;
mod public;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use hostile::{Attack, Done, Target, attack};
use multaqa_cluster::{DEADLINE, Place, found, items, join, string, text, until, write_practice};
use multaqa_protocol::entry::Position;
use public::get;

/// How long they attack.
const FLOOD: Duration = Duration::from_secs(20);
/// Time between two requests of the reader.
const READ_EVERY: Duration = Duration::from_millis(50);
/// Longest answer: a reader that waits longer has gone.
const ANSWER: Duration = Duration::from_secs(10);
/// Records that each honest member publishes meanwhile.
const RECORDS: usize = 5;
/// Growth of the node's memory in bytes: what twenty connections may hold, and no more.
const GROWTH: u64 = 64 << 20;

/// Reads pages until the attackers stop; returns how long each answer took.
async fn read(public: String, done: Arc<Done>) -> Vec<Duration> {
    let mut times = Vec::new();
    let paths = ["/api/v1/status", "/api/v1/records"];
    for path in paths.into_iter().cycle() {
        if done.stop.load(Ordering::Relaxed) {
            break;
        }
        let began = Instant::now();
        let answer = tokio::time::timeout(ANSWER, get(&public, path)).await;
        assert!(answer.is_ok(), "no answer to {path} within {ANSWER:?}");
        times.push(began.elapsed());
        tokio::time::sleep(READ_EVERY).await;
    }
    times.sort_unstable();
    times
}

#[test]
fn a_node_under_a_flood_serves_its_readers_and_its_honest_peers() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, steward) = Place::init(dir.path().join("settat"), "06.461.01.15");
    let network = found(&settat);
    let node = settat.run(&[]);
    let (hajeb, hajeb_author) = Place::init(dir.path().join("hajeb"), "03.171.01.05");
    let hajeb_node = join(&settat, &hajeb, &hajeb_author, "03.171.01.05");
    let (assilah, assilah_author) = Place::init(dir.path().join("assilah"), "01.511.01.01");
    let assilah_node = join(&settat, &assilah, &assilah_author, "01.511.01.01");

    let file = dir.path().join("practice.toml");
    write_practice(&file, "Budget participatif");
    let first = settat.text(["publish", text(&file)]).trim().to_owned();
    let seq = u32::try_from(settat.log(&steward).len()).unwrap();
    let public = string(&node.ready, "public");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let part = |part: &str| runtime.block_on(get(&public, &format!("/api/v1/entries/{first}{part}")));
    let target = Arc::new(Target {
        address: node.addresses()[0].parse().unwrap(),
        network: network.parse().unwrap(),
        authors: [&steward, &hajeb_author, &assilah_author].map(|author| author.parse().unwrap()).into(),
        entry: (part(""), part("?part=body")),
        next: Position { author: steward.parse().unwrap(), seq, prev: first.parse().unwrap(), time: 0 },
    });

    let quiet = runtime.block_on(read_for(Duration::from_secs(2), &public));
    let before = node.memory();
    let done = Arc::new(Done::default());
    let attackers: Vec<_> = (0..)
        .zip(Attack::twenty())
        .map(|(number, what)| runtime.spawn(attack(what, number, Arc::clone(&target), Arc::clone(&done))))
        .collect();
    let reader = runtime.spawn(read(public.clone(), Arc::clone(&done)));

    let began = Instant::now();
    let mut most = before;
    let mut published = vec![first];
    while began.elapsed() < FLOOD || published.len() <= 2 * RECORDS {
        if published.len() <= 2 * RECORDS {
            let (member, number) = if published.len() % 2 == 0 { (&hajeb, 0) } else { (&assilah, 1) };
            write_practice(&file, &format!("Portail {number} {}", published.len()));
            published.push(member.text(["publish", text(&file)]).trim().to_owned());
        }
        most = most.max(node.memory());
        std::thread::sleep(Duration::from_millis(500));
        assert!(began.elapsed() < DEADLINE, "the honest members cannot publish");
    }
    let arriving = Instant::now();
    until("the honest records arrive during the flood", || {
        most = most.max(node.memory());
        let held = settat.records();
        published.iter().all(|id| held.contains(id))
    });
    let late = arriving.elapsed();
    done.stop.store(true, Ordering::Relaxed);
    let times = runtime.block_on(reader).unwrap();
    attackers.iter().for_each(tokio::task::JoinHandle::abort);

    let at = |times: &[Duration], of: f64| times[((times.len() - 1) as f64 * of) as usize];
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    println!(
        "{} hostile connections, {} messages, {} streams, {} MiB fetched in {:?}",
        count(&done.connections),
        count(&done.messages),
        count(&done.streams),
        count(&done.bytes_fetched) >> 20,
        began.elapsed(),
    );
    println!(
        "answers: p50 {:?}, p99 {:?}, {} of them; before the flood p50 {:?}, p99 {:?}",
        at(&times, 0.5),
        at(&times, 0.99),
        times.len(),
        at(&quiet, 0.5),
        at(&quiet, 0.99),
    );
    println!(
        "memory: {} MiB before, {} MiB at most; the last record {late:?} after the others",
        before >> 20,
        most >> 20
    );

    // Whoever forged or flooded is banned, and the honest are not.
    let bans = settat.object(["peers", "bans"]);
    println!("{} bans", items(&bans).len());
    let reasons: Vec<&str> = items(&bans).iter().filter_map(|ban| ban["reason"].as_str()).collect();
    assert!(reasons.contains(&"invalid-messages"), "{bans}");
    let peers = settat.object(["peers"]);
    for place in [&hajeb, &assilah] {
        let id = string(&place.object(["key", "show"]), "peer");
        let peer = items(&peers).iter().find(|peer| peer["peer"] == id.as_str());
        assert_eq!(peer.map(|peer| peer["state"].clone()), Some("connected".into()), "{peers}");
    }
    assert!(most.saturating_sub(before) <= GROWTH, "the node's memory grew by {} bytes", most - before);
    for running in [node, hajeb_node, assilah_node] {
        running.stop();
    }
}

/// Reads pages for a while with nobody attacking.
async fn read_for(time: Duration, public: &str) -> Vec<Duration> {
    let done = Arc::new(Done::default());
    let reading = tokio::spawn(read(public.to_owned(), Arc::clone(&done)));
    tokio::time::sleep(time).await;
    done.stop.store(true, Ordering::Relaxed);
    reading.await.unwrap()
}
