//! The design's figures that a whole node shows: append, import, publishing, sync; as a table, each
//! beside the primitive that bounds it, measured in the same run.
//!
//! `--quick` runs everything once on a small set of entries, which proves that the bench works and
//! says nothing about speed. `--authors` and `--entries` choose another set. The two nodes of a sync
//! are processes of their own, as they would be in life, so that the memory and the time of each can be
//! told apart.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use multaqa_bench::network::{found, make};
use multaqa_bench::{Error, Written, batch, bundle, logs, payload, practice, raw};
use multaqa_node::driver::Draft;
use multaqa_node::net;
use multaqa_node::store::{Options, Store};
use multaqa_node::{Config, Node};
use multaqa_protocol::codec::{MAX_HEADER, decode};
use multaqa_protocol::entry::{Entry, Header, decode_body};
use multaqa_protocol::envelope::Envelope;
use multaqa_protocol::id::{AuthorId, Bytes32, NetworkId};
use multaqa_protocol::record;
use multaqa_protocol::sync::{Frame, Hello};

mod process;
mod spread;

use process::{Child, Usage};

/// Entries in one imported file.
const FILE: usize = 1_000;
/// Most authors of a network that are measured: one list of members names 2,048, the steward among them.
const MOST_AUTHORS: u32 = 2_047;
/// Longest wait for a sync; far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(600);
/// Time in which a node that has just started or connected comes to rest.
const REST: Duration = Duration::from_secs(1);

/// How much is measured.
struct Size {
    authors: u16,
    records: u32,
    published: usize,
    /// Records of the twenty nodes.
    spread: usize,
    sample: Duration,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    // cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let after = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)?.parse::<u32>().ok()
    };
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", dir] => process::serve(Path::new(dir)).await,
        ["audit", path] => process::audit(Path::new(path)),
        ["fetch", dir, address, entries] => process::fetch(Path::new(dir), address, entries.parse()?).await,
        _ => {
            let quick = args.iter().any(|arg| arg == "--quick");
            let authors = after("--authors").unwrap_or(if quick { 3 } else { 10 });
            let entries = after("--entries").unwrap_or(if quick { 120 } else { 10_000 });
            let size = Size {
                authors: u16::try_from(authors.clamp(1, MOST_AUTHORS))?,
                records: (entries / authors.clamp(1, MOST_AUTHORS)).max(2) - 1,
                published: if quick { 5 } else { 300 },
                spread: if quick { 3 } else { 100 },
                sample: Duration::from_millis(if quick { 1 } else { 200 }),
            };
            measure(&size).await
        }
    }
}

async fn measure(size: &Size) -> Result<(), Error> {
    let dir = tempfile::tempdir()?;
    let logs = logs(size.authors, size.records);
    let entries: Vec<Written> = logs.iter().flat_map(|log| log.entries.iter().cloned()).collect();
    let count = entries.len();
    println!(
        "{count} entries of {} authors, {} bytes each\n",
        size.authors,
        payload(&entries) / count as u64
    );
    println!("| what | measured | primitive of this run | ratio | target |\n|---|---|---|---|---|");

    let verify = decoding(size, &entries[1], &logs[0].key);
    appending(size, &entries, dir.path())?;
    let authors: Vec<AuthorId> = logs.iter().map(|log| log.entries[0].entry.author()).collect();
    let sender = dir.path().join("sender");
    let (node, network) = found(&sender, &authors).await?;
    auditing(dir.path(), network, &entries, verify)?;
    importing(&node, network, &entries, verify).await?;
    publishing(&node, size, dir.path()).await?;
    let root = node.with(|engine| engine.heads().clone().root()).await?;
    let held = held(&node).await?;
    node.shutdown().await;
    syncing(dir.path(), &sender, network, held, verify, root).await?;
    spread::measure(dir.path(), size.spread).await
}

/// Prints one line of the table.
fn line(what: &str, measured: &str, primitive: &str, ratio: &str, target: &str) {
    println!("| {what} | {measured} | {primitive} | {ratio} | {target} |");
}

fn per_second(seconds: f64) -> String {
    format!("{:.0}/s", 1.0 / seconds)
}

fn micros(seconds: f64) -> String {
    format!("{:.1} µs", seconds * 1e6)
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

/// Measures what one entry costs on one core, and returns the seconds of a `verify_strict`.
fn decoding(size: &Size, written: &Written, key: &multaqa_protocol::envelope::PublicKey) -> f64 {
    let Written { entry, body } = written;
    let envelope = entry.envelope();
    let header = Envelope::parse(envelope).expect("our own").header;
    let took = raw::seconds(size.sample, || drop(decode::<Header>(header, MAX_HEADER)));
    let hash = raw::hash(size.sample, header.len());
    let name = format!("SHA-256 of it {}", micros(hash));
    line("header: scan and typed decode", &micros(took), &name, &format!("{:.1}", took / hash), "0.5 µs");

    let took = raw::seconds(size.sample, || {
        let map = decode_body(body).expect("our own");
        drop(record::read(multaqa_bench::PRACTICE, &map).expect("our own"));
    });
    let hash = raw::hash(size.sample, body.len());
    let name = format!("SHA-256 of it {}", micros(hash));
    line("practice: scan and typed decode", &micros(took), &name, &format!("{:.1}", took / hash), "6 µs");

    let (verify, sign) = raw::signature(size.sample);
    let took = raw::seconds(size.sample, || {
        let entry = Entry::decode(envelope).expect("our own");
        assert!(entry.is_signed_by(key) && entry.has_body(body));
    });
    let name = format!("verify_strict {}, sign {}", per_second(verify), per_second(sign));
    line("verify an entry, one core", &per_second(took), &name, &format!("{:.2}", verify / took), "≥ 0.9");
    verify
}

/// Measures appends with a flush each 1, 64 and 512 entries.
fn appending(size: &Size, entries: &[Written], dir: &Path) -> Result<(), Error> {
    for each in [1, 64, 512] {
        let folder = dir.join(format!("append-{each}"));
        let options = Options { floor: Some(0), ..Options::default() };
        let (store, _) = Store::open(&folder, options)?;
        store.finish_replay();
        let wanted = if each == 1 { size.published } else { usize::MAX };
        let batches: Vec<_> = entries.chunks(each).take(wanted).map(batch).collect();
        let appended: usize = batches.iter().map(|batch| batch.entries.len()).sum();
        let disk = raw::Disk::new(dir)?;
        let (mut took, mut flush) = (0.0, 0.0);
        for (batch, entries) in batches.iter().zip(entries.chunks(each)) {
            let begin = Instant::now();
            store.append(batch)?;
            took += begin.elapsed().as_secs_f64() / appended as f64;
            flush += disk.write(usize::try_from(payload(entries))?) / appended as f64;
        }
        let name = format!("write and fdatasync {}", per_second(flush));
        let target = if each == 512 { "≥ 40,000/s" } else { "" };
        let what = format!("append, a flush each {each}");
        line(&what, &per_second(took), &name, &format!("{:.2}", flush / took), target);
        drop(store);
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Audits a bundle of all entries in a process of its own.
fn auditing(dir: &Path, net: NetworkId, entries: &[Written], verify: f64) -> Result<(), Error> {
    let file = dir.join("all.bundle");
    std::fs::write(&file, bundle(net, entries))?;
    let used: Usage = Child::start(&["audit", path(&file)?])?.output()?.parse()?;
    let took = used.seconds / entries.len() as f64;
    let cores = std::thread::available_parallelism()?.get() as f64;
    let name = format!("verify_strict on {cores} cores {}", per_second(verify / cores));
    line("audit of a bundle", &per_second(took), &name, &format!("{:.2}", verify / cores / took), "≥ 0.9");
    let name = format!("a bundle of {}", megabytes(std::fs::metadata(&file)?.len()));
    line("auditor, peak memory", &megabytes(used.peak), &name, "", "≤ 100 MB at 1 GB");
    std::fs::remove_file(file)?;
    Ok(())
}

/// Imports all entries as files of some 4 MB.
async fn importing(node: &Node, net: NetworkId, entries: &[Written], verify: f64) -> Result<(), Error> {
    let files: Vec<Vec<u8>> = entries.chunks(FILE).map(|chunk| bundle(net, chunk)).collect();
    let begin = Instant::now();
    let mut stored = 0;
    for file in &files {
        stored += node.import(file).await?.stored.len();
    }
    let took = begin.elapsed().as_secs_f64() / entries.len() as f64;
    if stored != entries.len() {
        return Err(format!("{stored} of {} entries were imported", entries.len()).into());
    }
    let cores = std::thread::available_parallelism()?.get() as f64;
    let name = format!("verify_strict on {cores} cores {}", per_second(verify / cores));
    line("import", &per_second(took), &name, &format!("{:.2}", verify / cores / took), "≥ 10,000/s");
    Ok(())
}

/// Publishes records one at a time.
async fn publishing(node: &Node, size: &Size, dir: &Path) -> Result<(), Error> {
    let disk = raw::Disk::new(dir)?;
    let mut samples = Vec::with_capacity(size.published);
    let mut flushes = Vec::with_capacity(size.published);
    for number in 0..size.published {
        let body = practice(number as u64);
        let draft = Draft { kind: multaqa_bench::PRACTICE.into(), body, salt: None };
        let begin = Instant::now();
        node.publish(vec![draft]).await?;
        samples.push(begin.elapsed().as_secs_f64());
        flushes.push(disk.write(4_400));
    }
    let took = median(samples);
    let flush = median(flushes);
    let name = format!("write and fdatasync {}", micros(flush));
    line("publish one record, p50", &micros(took), &name, &format!("{:.2}", took / flush), "≤ 2.5");
    Ok(())
}

/// Returns how many entries of replicated authors are durable at a node.
async fn held(node: &Node) -> Result<u64, Error> {
    Ok(node.with(|engine| engine.heads().iter().map(|(_, head)| u64::from(head.seq) + 1).sum()).await?)
}

/// Syncs everything into an empty node, then compares two nodes that hold the same.
async fn syncing(
    dir: &Path,
    sender: &Path,
    network: NetworkId,
    held: u64,
    verify: f64,
    root: Bytes32,
) -> Result<(), Error> {
    let receiver = dir.join("receiver");
    make(&receiver, "Receiver")?;
    let node = Node::open(Config::alone(receiver.clone())).await?;
    node.enter(network, Vec::new()).await?;
    node.shutdown().await;

    let mut serving = Child::start(&["serve", path(sender)?])?;
    let address = serving.line()?;
    let idle: Usage = serving.line()?.parse()?;
    line("idle node, resident memory", &megabytes(idle.resident), "", "", "≤ 80 MB");
    let bytes = journal(sender)?;
    let (bulk, trip) = raw::tcp(usize::try_from(bytes)?);

    let wire = process::loopback_bytes()?;
    let fetching = Child::start(&["fetch", path(&receiver)?, &address, &held.to_string()])?;
    let fetched: Usage = fetching.output()?.parse()?;
    let wire = (process::loopback_bytes()? - wire) as f64;
    let cores = std::thread::available_parallelism()?.get() as f64;
    let took = fetched.seconds / held as f64;
    let name = format!(
        "verify_strict on {cores} cores {}; TCP {:.0} MB/s",
        per_second(verify / cores),
        bytes as f64 / bulk / 1e6
    );
    let ratio = format!("{:.2}", verify / cores / took);
    line("full sync into an empty node", &per_second(took), &name, &ratio, "≥ 20,000/s");
    line("receiver, peak memory", &megabytes(fetched.peak), "", "", "≤ 150 MB");
    line("bytes on the wire / payload", &format!("{:.3}", wire / bytes as f64), "", "", "≤ 1.10");

    let (seconds, frames) = compare(network, &address, root).await?;
    let name = format!("TCP round trip {}", micros(trip));
    line("sync of equal nodes", &micros(seconds), &name, &format!("{:.1}", seconds / trip), "≤ 5 ms");
    line("bytes of its frames, both ways", &frames.to_string(), "", "", "≤ 1,024");

    let served: Usage = serving.output()?.parse()?;
    let text = format!("{:.1} s, {:.1} s", served.cpu - idle.cpu, fetched.cpu);
    line("processor time of sender, receiver", &text, "", "", "");
    line("sender, peak memory", &megabytes(served.peak), "", "", "");
    let disk = |name: &str| process::disk_bytes(&receiver.join(name)).map(|len| len as f64 / bytes as f64);
    let (index, journal) = (disk("index")?, disk("journal")?);
    let text = format!("{:.3} ({index:.3} the index)", index + journal);
    line("disk / payload", &text, "", "", "≤ 1.15");
    Ok(())
}

/// Compares heads with the node at `address` as one that holds the same: returns how long that took
/// on an open connection, and the bytes of all frames.
async fn compare(network: NetworkId, address: &str, root: Bytes32) -> Result<(f64, usize), Error> {
    let quiet = net::Config::new(net::Keypair::generate_ed25519(), network);
    let (handle, mut events) = net::start(net::Config { dial: vec![address.parse()?], ..quiet })?;
    let peer = loop {
        match events.recv().await.ok_or("the network ended")? {
            net::Event::Connected { peer, .. } => break peer,
            _ => continue,
        }
    };
    tokio::time::sleep(REST).await;
    let mut samples = Vec::new();
    let mut bytes = 0;
    for _ in 0..9 {
        let begin = Instant::now();
        let (mut reader, mut writer) = handle.open_sync(peer).await?.split();
        bytes = 0;
        for frame in [Frame::Hello(Hello { net: network, root, time: 0, candidates: None }), Frame::Done] {
            let frame = frame.encode();
            bytes += 4 + frame.len();
            writer.send(&frame).await?;
        }
        writer.flush().await?;
        loop {
            let frame = reader.next().await?.ok_or("the node closed its stream")?;
            bytes += 4 + frame.len();
            match Frame::decode(&frame)? {
                Frame::Hello(hello) if hello.root != root => return Err("the nodes are not equal".into()),
                Frame::Hello(_) => {}
                Frame::Done => break,
                other => return Err(format!("a comparison of equals goes on: {other:?}").into()),
            }
        }
        samples.push(begin.elapsed().as_secs_f64());
        writer.close().await?;
    }
    handle.shutdown().await;
    Ok((median(samples), bytes))
}

fn path(dir: &Path) -> Result<&str, Error> {
    dir.to_str().ok_or_else(|| "a path of text".into())
}

/// Returns the payload in a node's folder: what its journal holds.
fn journal(dir: &Path) -> Result<u64, Error> {
    let mut bytes = 0;
    for file in std::fs::read_dir(PathBuf::from(dir).join("journal"))? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0} MB", bytes as f64 / 1e6)
}
