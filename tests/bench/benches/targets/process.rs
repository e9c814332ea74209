//! The two nodes of a sync as processes of their own, and what the system says of them (Linux).

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use multaqa_node::{Config, NetConfig, Node};
use multaqa_protocol::audit::{Auditor, Verdict};

use super::{DEADLINE, Error, REST, held};

/// Ticks of the system's clock of processor time.
const TICKS: f64 = 100.0;

/// What a process used.
pub(crate) struct Usage {
    /// Seconds that its task took.
    pub(crate) seconds: f64,
    /// Seconds of processor time.
    pub(crate) cpu: f64,
    /// Bytes resident now.
    pub(crate) resident: u64,
    /// Bytes resident at most.
    pub(crate) peak: u64,
}

impl Usage {
    fn now(seconds: f64) -> Result<Self, Error> {
        let status = fs::read_to_string("/proc/self/status")?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1_024)
        };
        let stat = fs::read_to_string("/proc/self/stat")?;
        // The name of the program, in parentheses, may hold spaces.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        let (resident, peak) = (bytes("VmRSS"), bytes("VmHWM"));
        let missing = "no memory in /proc/self/status";
        Ok(Self {
            seconds,
            cpu: ticks / TICKS,
            resident: resident.ok_or(missing)?,
            peak: peak.ok_or(missing)?,
        })
    }

    fn print(&self) {
        let Self { seconds, cpu, resident, peak } = self;
        println!("{seconds} {cpu} {resident} {peak}");
    }
}

impl std::str::FromStr for Usage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [seconds, cpu, resident, peak] = fields[..] else { return Err(format!("usage: {text}").into()) };
        Ok(Self {
            seconds: seconds.parse()?,
            cpu: cpu.parse()?,
            resident: resident.parse()?,
            peak: peak.parse()?,
        })
    }
}

/// Another process of this program.
pub(crate) struct Child {
    process: std::process::Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Child {
    pub(crate) fn start(args: &[&str]) -> Result<Self, Error> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take();
        let stdout = BufReader::new(process.stdout.take().ok_or("its output")?);
        Ok(Self { process, stdin, stdout })
    }

    /// Returns the next line that it prints.
    pub(crate) fn line(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// Lets it end and returns the rest of what it prints.
    pub(crate) fn output(mut self) -> Result<String, Error> {
        drop(self.stdin.take());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        let status = self.process.wait()?;
        if status.success() { Ok(rest) } else { Err(format!("a node's process: {status}").into()) }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It has ended, unless the bench failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Opens a node on loopback.
async fn online(dir: &Path, dial: &[&str]) -> Result<Node, Error> {
    let dial = dial.iter().map(|address| address.parse()).collect::<Result<_, _>>()?;
    let network = NetConfig { listen: vec!["/ip4/127.0.0.1/tcp/0".parse()?], dial, ..NetConfig::default() };
    Ok(Node::open(Config { network: Some(network), ..Config::alone(dir.to_owned()) }).await?)
}

/// Serves a folder until the input ends: prints its address, its usage at rest and its usage at the end.
pub(crate) async fn serve(dir: &Path) -> Result<(), Error> {
    let node = online(dir, &[]).await?;
    println!("{}", node.listeners().await.first().ok_or("it listens nowhere")?);
    tokio::time::sleep(REST).await;
    Usage::now(0.0)?.print();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Usage::now(0.0)?.print();
    node.shutdown().await;
    Ok(())
}

/// Fetches everything from the node at `address` and prints what it took until all was on disk.
pub(crate) async fn fetch(dir: &Path, address: &str, entries: u64) -> Result<(), Error> {
    let begin = Instant::now();
    let node = online(dir, &[address]).await?;
    while held(&node).await? < entries {
        if begin.elapsed() > DEADLINE {
            return Err(format!("{} of {entries} entries came", held(&node).await?).into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    Usage::now(begin.elapsed().as_secs_f64())?.print();
    node.shutdown().await;
    Ok(())
}

/// Audits the file at `path` as the command `verify` does, and prints what that took.
pub(crate) fn audit(path: &Path) -> Result<(), Error> {
    let begin = Instant::now();
    let mut auditor = Auditor::new(std::thread::available_parallelism()?.get());
    let (mut file, mut piece) = (fs::File::open(path)?, vec![0; 256 << 10]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            read => auditor.push(&piece[..read]),
        }
    }
    let report = auditor.finish();
    if report.verdict == Verdict::Forged {
        return Err(format!("{:?}", report.findings).into());
    }
    Usage::now(begin.elapsed().as_secs_f64())?.print();
    Ok(())
}

/// Returns the bytes that have passed the loopback device.
pub(crate) fn loopback_bytes() -> Result<u64, Error> {
    let devices = fs::read_to_string("/proc/net/dev")?;
    let line = devices.lines().find_map(|line| line.trim().strip_prefix("lo:")).ok_or("no loopback")?;
    Ok(line.split_whitespace().next().ok_or("no count")?.parse()?)
}

/// Returns the bytes that a folder takes on disk.
pub(crate) fn disk_bytes(dir: &Path) -> Result<u64, Error> {
    let mut bytes = 0;
    for file in fs::read_dir(dir)? {
        let file = file?;
        let metadata = file.metadata()?;
        bytes += if metadata.is_dir() { disk_bytes(&file.path())? } else { metadata.blocks() * 512 };
    }
    Ok(bytes)
}
