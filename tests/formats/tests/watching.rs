//! The figures of a node in use, read by Prometheus' own program; the alerts and the dashboard of
//! `examples/monitoring`, held against them.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use multaqa_cluster::{Answer, Place, found, join, string, until, write_practice};
use multaqa_formats::repository;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
/// How the names of figures begin.
const PREFIXES: [&str; 2] = ["multaqa_", "libp2p_"];

/// Asks a node, and returns the status and the body.
fn get(base: &str, path: &str) -> (u16, String) {
    let host = base.strip_prefix("http://").unwrap().trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\nhost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Returns a command of Prometheus' program; `tests/run` installs it.
fn promtool(args: &[&str]) -> Command {
    let mut command = Command::new("promtool");
    command.args(args).current_dir(repository().join("examples/monitoring"));
    command
}

/// Returns the figures that a text names.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| PREFIXES.iter().any(|prefix| word.starts_with(prefix))).map(str::to_owned).collect()
}

#[test]
fn prometheus_reads_the_figures_and_every_alert_and_panel_names_one_that_exists() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, hajeb_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&settat);
    let running = settat.run(&[]);
    let other = join(&settat, &hajeb, &hajeb_id, HAJEB);
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Budget participatif");
    let id = string(&hajeb.object(["publish", file.to_str().unwrap()]), "id");
    until("the record arrives", || settat.records().contains(&id));
    let base = string(&running.ready, "public");
    until("the clocks are compared and pings answered", || {
        let (_, text) = get(&base, "/metrics");
        text.contains("multaqa_clock_offset_seconds") && !text.contains("libp2p_ping_rtt_seconds_count 0\n")
    });
    until("it is ready", || get(&base, "/readyz").0 == 200);
    assert_eq!(get(&base, "/healthz"), (200, "ok\n".to_owned()));

    let (status, text) = get(&base, "/metrics");
    assert_eq!(status, 200);
    let mut checked = promtool(&["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool is there: tests/run installs it");
    checked.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let answer = checked.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&answer.stderr).into_owned();
    assert!(answer.status.success() && said.is_empty(), "{said}");

    let there: BTreeSet<String> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(['{', ' ']).next().unwrap().to_owned())
        .collect();
    for file in ["alerts.yml", "dashboard.json"] {
        let wanted = names(&fs::read_to_string(repository().join("examples/monitoring").join(file)).unwrap());
        assert!(wanted.len() > 8, "{file} names {wanted:?}");
        for name in wanted {
            assert!(there.contains(&name), "{file} names {name}, which does not exist");
        }
    }
    // No label says of whom a figure is.
    let peers = settat.text(["--json", "peers"]);
    for peer in peers.split('"').filter(|word| word.starts_with("12D3")) {
        assert!(!text.contains(peer), "{peer}");
    }
    assert!(!text.contains(&hajeb_id) && !text.contains("127.0.0.1"), "{text}");
    running.stop();
    other.stop();
}

#[test]
fn the_alerts_fire_when_they_should() {
    for args in [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
        ["check", "config", "prometheus.yml"],
    ] {
        let _ = Answer::of(&mut promtool(&args)).ends(0);
    }
}
