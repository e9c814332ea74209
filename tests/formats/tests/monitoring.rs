//! What a node tells whoever watches it, and the rules and the dashboard for that, judged by Prometheus's own program.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::process::{Command, Stdio};

use multaqa_cluster::{Place, found, join, string, text, until};
use multaqa_formats::repository;
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";

fn promtool(args: &[&str], input: Stdio) {
    let output = Command::new("promtool").args(args).stdin(input).output();
    let output =
        output.unwrap_or_else(|error| panic!("promtool: {error}: Debian's package prometheus has it"));
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "promtool {args:?}: {}", String::from_utf8_lossy(&said));
}

#[test]
fn the_alerts_hold_what_they_promise() {
    let folder = repository().join("examples/monitoring");
    let path = |name: &str| text(&folder.join(name)).to_owned();
    promtool(&["check", "rules", &path("alerts.yml")], Stdio::null());
    promtool(&["check", "config", &path("prometheus.yml")], Stdio::null());
    promtool(&["test", "rules", &path("alerts-test.yml")], Stdio::null());
}

#[test]
fn figures_are_clean_and_every_rule_and_panel_is_about_one_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, author) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&settat);
    let running = settat.run(&[]);
    let _member = join(&settat, &hajeb, &author, HAJEB);
    let public = string(&running.ready, "public");
    let fetched = |accept: &str, name: &str| {
        let file = dir.path().join(name);
        let header = format!("Accept: {accept}");
        let url = format!("{public}metrics");
        let status =
            Command::new("curl").args(["-fsS", "-H", &header, "-o", text(&file), &url]).status().unwrap();
        assert!(status.success(), "{url} is not served");
        file
    };
    // A mesh takes a moment.
    let mut plain = fetched("*/*", "plain");
    until("the two gossip", || {
        plain = fetched("*/*", "plain");
        fs::read_to_string(&plain).unwrap().contains("gossipsub_mesh_peer_counts{")
    });
    promtool(&["check", "metrics"], File::open(&plain).unwrap().into());
    let open = fs::read_to_string(fetched("application/openmetrics-text", "open")).unwrap();
    assert!(open.ends_with("# EOF\n"));

    let figures = fs::read_to_string(plain).unwrap();
    let mut known: BTreeSet<&str> =
        figures.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    // Prometheus makes the first itself, the second is of the histogram's form, and the third begins with the first
    // refusal.
    known.extend(["up", "libp2p_ping_rtt_seconds_bucket", "multaqa_refused_total"]);
    let rules = fs::read_to_string(repository().join("examples/monitoring/alerts.yml")).unwrap();
    let dashboard = fs::read_to_string(repository().join("examples/monitoring/dashboard.json")).unwrap();
    let dashboard: Value = serde_json::from_str(&dashboard).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let shown = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let shown = shown.map(|target| target["expr"].as_str().unwrap());
    let asked = rules.lines().filter_map(|line| line.trim().strip_prefix("expr: "));
    let mut named = 0;
    for expression in asked.chain(shown) {
        let words = expression.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        for word in words.filter(|word| word.contains('_') || *word == "up") {
            let is_function = ["predict_linear", "histogram_quantile"].contains(&word);
            assert!(is_function || known.contains(word), "{expression}: there is no figure {word}");
            named += 1;
        }
    }
    assert!(named > 30, "only {named} figures are used");
}
