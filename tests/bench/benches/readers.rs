//! A library read over HTTP by a hall full of people: how long a node takes to answer when many ask at
//! once.
//!
//! The node is a process of its own, as it is in life; its readers are connections of this one, each of
//! which asks for the next page a moment after it has the last. The time of an answer is from the request to
//! its last byte, so it holds the time in the queue. `--quick` proves that the bench works and says nothing
//! about speed; `--readers`, `--records`, `--seconds` choose another measure. The design's target is a p99 of
//! 50 ms with 350 readers at 10,000 records.

use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use multaqa_bench::network::found;
use multaqa_bench::{Error, Written, bundle, logs};
use multaqa_node::api::Api;
use multaqa_node::api::socket::{Addresses, Serving};
use multaqa_node::api::types::Records;
use multaqa_node::{Config, Node};
use multaqa_protocol::id::AuthorId;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Entries in one imported file.
const FILE: usize = 1_000;
/// Authors of the records.
const AUTHORS: u16 = 50;
/// How long a reader looks at a page before asking for the next.
const READING: Duration = Duration::from_secs(1);
/// Longest wait for one answer.
const DEADLINE: Duration = Duration::from_secs(30);
/// What readers ask for, in turn: the library as a page in two languages, filters and words as a person
/// would set them, the members, and what a program asks.
const PAGES: [&str; 6] = [
    "/ar/library",
    "/fr/library?kind=practice",
    "/ar/library?principle=participation",
    "/fr/library?q=budget",
    "/fr/members",
    "/api/v1/records?limit=25",
];

#[tokio::main]
async fn main() -> Result<(), Error> {
    // cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let ["serve", dir] = args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        return serve(Path::new(dir)).await;
    }
    let quick = args.iter().any(|arg| arg == "--quick");
    let after = |name: &str, otherwise: u32| {
        let at = args.iter().position(|arg| arg == name);
        at.and_then(|at| args.get(at + 1)?.parse().ok()).unwrap_or(otherwise)
    };
    let readers = after("--readers", if quick { 20 } else { 350 });
    let records = after("--records", if quick { 200 } else { 10_000 });
    let seconds = after("--seconds", if quick { 2 } else { 20 });
    measure(readers, records, Duration::from_secs(seconds.into())).await
}

/// Opens a node without a network, serves it, and says where, until standard input ends.
async fn serve(dir: &Path) -> Result<(), Error> {
    let node = Node::open(Config::alone(dir.to_owned())).await?;
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let serving =
        Serving::start(&Api::new(node.clone()), Addresses { public: anywhere, office: anywhere }, &[])
            .await?;
    println!("{}", serving.public());
    tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await??;
    serving.stop().await;
    node.shutdown().await;
    Ok(())
}

async fn measure(readers: u32, records: u32, lasting: Duration) -> Result<(), Error> {
    let dir = tempfile::tempdir()?;
    let folder = dir.path().join("node");
    let logs = logs(AUTHORS, records.div_ceil(AUTHORS.into()));
    let authors: Vec<AuthorId> = logs.iter().map(|log| log.entries[0].entry.author()).collect();
    let (node, network) = found(&folder, &authors).await?;
    let entries: Vec<Written> = logs.into_iter().flat_map(|log| log.entries).collect();
    for chunk in entries.chunks(FILE) {
        node.import(&bundle(network, chunk)).await?;
    }
    node.shutdown().await;

    let mut server = Command::new(std::env::current_exe()?)
        .args(["serve", folder.to_str().ok_or("a temporary folder has a plain name")?])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut address = String::new();
    BufReader::new(server.stdout.take().ok_or("it is piped")?).read_line(&mut address)?;
    let address: SocketAddr = address.trim().parse()?;
    while !is_indexed(address).await? {
        sleep(Duration::from_millis(100)).await;
    }

    let tasks: Vec<_> =
        (0..readers).map(|number| tokio::spawn(read(address, lasting, number as usize))).collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    drop(server.stdin.take());
    server.wait()?;
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let rate = times.len() as f64 / lasting.as_secs_f64();
    println!("| readers | records | answers/s | p50 | p99 | target of p99 |\n|---|---|---|---|---|---|");
    println!(
        "| {readers} | {} | {rate:.0} | {:.1} ms | {:.1} ms | ≤ 50 ms |",
        entries.len() - usize::from(AUTHORS),
        at(0.5),
        at(0.99)
    );
    Ok(())
}

/// Tells whether the node's index answers for all that it holds.
async fn is_indexed(address: SocketAddr) -> Result<bool, Error> {
    let mut sender = connect(address).await?;
    let answer = sender.send_request(request("/api/v1/records?limit=1")?).await?;
    let bytes = answer.into_body().collect().await?.to_bytes();
    let records: Records = serde_json::from_slice(&bytes)?;
    Ok(records.complete && records.total.is_some())
}

/// Opens a connection; it ends with its sender.
async fn connect(address: SocketAddr) -> Result<SendRequest<Empty<Bytes>>, Error> {
    let stream = TcpStream::connect(address).await?;
    let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

fn request(path: &str) -> Result<Request<Empty<Bytes>>, Error> {
    Ok(Request::get(path).header("host", "localhost").body(Empty::new())?)
}

/// Reads page after page over one connection, at least one, and returns how long each took.
async fn read(address: SocketAddr, lasting: Duration, number: usize) -> Result<Vec<Duration>, Error> {
    let mut sender = connect(address).await?;
    // Readers do not turn their pages in step.
    sleep(READING.mul_f64(number as f64 * 0.618 % 1.0).min(lasting)).await;
    let (begin, mut times) = (Instant::now(), Vec::new());
    loop {
        let page = PAGES[(number + times.len()) % PAGES.len()];
        let mut request = request(page)?;
        request.headers_mut().insert("accept-encoding", HeaderValue::from_static("gzip"));
        let asked = Instant::now();
        let answer = timeout(DEADLINE, sender.send_request(request)).await??;
        let status = answer.status();
        timeout(DEADLINE, answer.into_body().collect()).await??;
        if !status.is_success() {
            return Err(format!("{page} is answered {status}").into());
        }
        times.push(asked.elapsed());
        if begin.elapsed() >= lasting {
            break;
        }
        sleep(READING).await;
    }
    Ok(times)
}
