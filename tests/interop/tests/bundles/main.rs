//! `examples/verify.py` and `examples/verify.mjs`, written from the specification, come to what
//! `multaqa verify` says: the same verdict, findings (severity, rule, entry), authors, members and counts.
//! On what a node exports, on the demo's bundle, on the vectors, and on a corpus of altered bundles that
//! is made anew in every run.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod corpus;
mod encoded;
mod network;
mod signed;
mod statements;
mod vectors;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use multaqa_cluster::{Answer, Place, found, multaqa, string, text, write_practice};
use multaqa_interop::{node, python};
use multaqa_protocol::audit::Auditor;
use serde_json::Value;

use corpus::{Altered, Corpus};

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
/// The corpus has at least so many bundles, of so many kinds.
const CORPUS: (usize, usize) = (1_000, 100);

/// The scripts, each with the name of its language.
fn scripts() -> [(&'static str, Command); 2] {
    [("Python", python("examples/verify.py")), ("JavaScript", node("examples/verify.mjs"))]
}

/// Returns what the program says of a bundle.
fn program(bytes: &[u8]) -> Value {
    let mut auditor = Auditor::new(2);
    auditor.push(bytes);
    serde_json::to_value(auditor.finish()).unwrap()
}

/// What all three report.
const FIELDS: [&str; 9] =
    ["verdict", "scope", "network", "made", "about", "authors", "members", "entries", "bodies"];

/// What a report says, without the words that it says it in, where in the file, and how often.
fn substance(report: &Value) -> BTreeMap<&'static str, Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    let findings: BTreeSet<String> = findings
        .map(|found| format!("{} {} {}", found["severity"], found["rule"], found["entry"]).replace('"', ""))
        .collect();
    let fields = FIELDS.into_iter().map(|field| (field, report.get(field).unwrap().clone()));
    fields.chain([("findings", findings.into_iter().collect())]).collect()
}

/// Returns the verdict of a report and the rules of what led to it.
fn told(report: &Value) -> String {
    let verdict = string(report, "verdict");
    let findings = report["findings"].as_array().unwrap().iter();
    let rules: BTreeSet<String> = findings
        .filter(|found| verdict != "verified" && found["severity"] == *verdict)
        .map(|found| string(found, "rule"))
        .collect();
    format!("{verdict} {}", Vec::from_iter(rules).join(" ")).trim_end().to_owned()
}

/// Returns each script's reports on the files, by one process of it.
fn reports(files: &[PathBuf]) -> Vec<(&'static str, Vec<Value>)> {
    let run = |(name, mut script): (&'static str, Command)| {
        let answer = Answer::of(script.args(files));
        let all: Vec<Value> = answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(all.len(), files.len(), "{name}: {}", answer.err);
        (name, all)
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = scripts().into_iter().map(|script| scope.spawn(|| run(script))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// What is told of the bundles of one kind.
#[derive(Default)]
struct Row {
    bundles: usize,
    /// On how many each script agrees with the program.
    agreed: [usize; 2],
    told: BTreeMap<String, usize>,
}

/// Holds the scripts against the program on every bundle. Prints the kinds, how many of each all three
/// agree on, and what was told of them; fails with the first disagreements.
fn agree(bundles: &[Altered]) -> BTreeMap<String, usize> {
    let dir = tempfile::tempdir().unwrap();
    let write = |(at, bundle): (usize, &Altered)| {
        let file = dir.path().join(at.to_string());
        fs::write(&file, &bundle.bytes).unwrap();
        file
    };
    let files: Vec<PathBuf> = bundles.iter().enumerate().map(write).collect();
    let others = reports(&files);
    let mut table: BTreeMap<&str, Row> = BTreeMap::new();
    let (mut differences, mut verdicts) = (Vec::new(), BTreeMap::new());
    for (at, bundle) in bundles.iter().enumerate() {
        let own = program(&bundle.bytes);
        *verdicts.entry(string(&own, "verdict")).or_default() += 1;
        let row = table.entry(bundle.kind).or_default();
        row.bundles += 1;
        *row.told.entry(told(&own)).or_default() += 1;
        for (number, (name, reports)) in others.iter().enumerate() {
            let (mine, theirs) = (substance(&own), substance(&reports[at]));
            if mine == theirs {
                row.agreed[number] += 1;
                continue;
            }
            let differing = mine.iter().filter(|(field, value)| **value != theirs[*field]);
            let lines =
                differing.map(|(field, value)| format!("  {field}: {value}\n  {name}: {}", theirs[field]));
            differences.push(format!("{} ({at}):\n{}", bundle.kind, Vec::from_iter(lines).join("\n")));
        }
    }
    println!(
        "| alteration | bundles | {} | verdict and rules |",
        others.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | ")
    );
    println!("|---|---|---|---|---|");
    for (kind, row) in &table {
        let agreed = row.agreed.map(|agreed| agreed.to_string()).join(" | ");
        let told = row.told.iter().map(|(told, times)| format!("{told} ({times})")).collect::<Vec<_>>();
        println!("| {kind} | {} | {agreed} | {} |", row.bundles, told.join(", "));
    }
    let shown = differences.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} differences:\n{shown}", differences.len());
    verdicts
}

#[test]
fn all_say_the_same_of_every_altered_bundle() {
    let made = Corpus::new(7).made;
    let kinds: BTreeSet<&str> = made.iter().map(|bundle| bundle.kind).collect();
    assert!(made.len() >= CORPUS.0 && kinds.len() >= CORPUS.1, "{} of {} kinds", made.len(), kinds.len());
    let verdicts = agree(&made);
    println!("{} bundles of {} kinds: {verdicts:?}", made.len(), kinds.len());
    assert!(verdicts.len() == 3 && verdicts.values().all(|count| *count >= 40), "{verdicts:?}");
}

#[test]
fn all_say_the_same_of_every_vector_that_a_bundle_can_hold() {
    let bundles = vectors::bundles();
    let verdicts = agree(&bundles);
    println!("{} vectors: {verdicts:?}", bundles.len());
    assert!(bundles.len() >= 480 && verdicts.len() == 3, "{}: {verdicts:?}", bundles.len());
}

#[test]
fn all_say_the_same_of_what_nodes_export() {
    let dir = tempfile::tempdir().unwrap();
    let (steward, _) = Place::init(dir.path().join("settat"), SETTAT);
    let (member, member_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&steward);
    let line = string(&steward.object(["invite", "--address", "/ip4/127.0.0.1/tcp/9"]), "line");
    let stick = dir.path().join("stick");
    let _ = member.text(["join", &line, "--out", text(&stick)]);
    let _ = steward.text(["admit", text(&stick), "--place", HAJEB]);
    let all = |from: &Place, to: &Place| {
        let _ = from.text(["export", "bundle", "--out", text(&stick)]);
        let _ = to.text(["import", "bundle", text(&stick)]);
    };
    all(&steward, &member);
    let practice = dir.path().join("practice.toml");
    write_practice(&practice, "Essai");
    let record = string(&member.object(["publish", text(&practice)]), "id");
    all(&member, &steward);

    let mut exported = Vec::new();
    for (name, which) in
        [("network", &[][..]), ("author", &["--author", &member_id]), ("entry", &["--entry", &record])]
    {
        let file = dir.path().join(name);
        let _ = steward.text(["export", "bundle", "--out", text(&file)].iter().chain(which));
        ends_as_the_program(&file, 0);
        exported.push(Altered { kind: name, bytes: fs::read(&file).unwrap() });
    }
    assert_eq!(agree(&exported), BTreeMap::from([("verified".to_owned(), 3)]));

    let bytes = &exported[0].bytes;
    let file = dir.path().join("altered");
    fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    ends_as_the_program(&file, 3);
    fs::write(&file, b"\x82\x00\xa1\x66bundle\x02").unwrap();
    ends_as_the_program(&file, 4);
    for (_, mut script) in scripts() {
        let _ = Answer::of(script.arg("no-such-file")).ends(1);
    }
}

/// Holds the scripts' exit codes and reports on one file against the command itself.
fn ends_as_the_program(file: &Path, code: i32) {
    let own = Answer::of(multaqa().args(["--json", "verify", text(file)])).ends(code).object();
    for (_, mut script) in scripts() {
        let report = serde_json::from_str(&Answer::of(script.arg(file)).ends(code).out).unwrap();
        assert_eq!(substance(&report), substance(&own), "{}", file.display());
    }
}

#[test]
fn all_say_the_same_of_the_demo() {
    let dir = tempfile::tempdir().unwrap();
    let demo = multaqa().args(["demo", "--once", "--json", "--dir", text(dir.path())]).output().unwrap();
    let report: Value = serde_json::from_slice(&demo.stdout).unwrap();
    let place = Place::new(string(&report["nodes"][0], "data"));
    let file = dir.path().join("bundle");
    let _ = place.text(["export", "bundle", "--out", text(&file)]);
    let bytes = fs::read(&file).unwrap();
    let entries = report["entries"].as_u64().unwrap();
    let cut = |at: usize| Altered { kind: "the demo, cut", bytes: bytes[..at].to_vec() };
    let plans = place.object(["list", "--kind", "plan"]);
    let plan = string(&plans["items"][0], "id");
    let proof = |without: &[&str]| {
        let _ =
            place.text(["export", "bundle", "--entry", &plan, "--out", text(&file)].iter().chain(without));
        Altered { kind: "the proof of a plan", bytes: fs::read(&file).unwrap() }
    };
    let proofs = [proof(&[]), proof(&["--no-witnesses"])];
    let of_whole =
        [&bytes, &proofs[0].bytes, &proofs[1].bytes].map(|bytes| program(bytes)["members"].clone());
    assert!(of_whole.iter().all(Value::is_array), "who belongs is decided without most checkpoints");
    let bundles =
        [Altered { kind: "the demo", bytes: bytes.clone() }, cut(bytes.len() / 3), cut(bytes.len() - 1)];
    let verdicts = agree(&bundles.into_iter().chain(proofs).collect::<Vec<_>>());
    assert_eq!(verdicts, BTreeMap::from([("verified".to_owned(), 3), ("forged".to_owned(), 2)]));
    assert_eq!(program(&bytes)["entries"]["canonical"], entries, "all that the demo published is in it");
}
