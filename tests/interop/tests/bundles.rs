//! Auditors' scripts in two other languages come to the verdict of `multaqa verify`: on what a node
//! exports, on the same altered in many ways, and on every chain of the vectors.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_cluster::{Answer, Place, found, multaqa, string, text, write_practice};
use multaqa_interop::{node, python, repository};
use multaqa_protocol::bundle::{Item, Reader, Scope, Start, Writer};
use multaqa_protocol::entry::Entry;
use multaqa_protocol::id::{Bytes32, NetworkId};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
/// Places at which each bundle is altered.
const ALTERED: usize = 24;

/// A folder of bundles, and the bundles as they were exported.
struct Files {
    dir: tempfile::TempDir,
    exported: Vec<(&'static str, Vec<u8>)>,
}

impl Files {
    /// Exports the three kinds of bundles of a steward who admitted a member.
    fn new() -> Self {
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

        let export = |name, which: &[&str]| {
            let file = dir.path().join(name);
            let _ = steward.text(["export", "bundle", "--out", text(&file)].iter().chain(which));
            (name, fs::read(file).unwrap())
        };
        let exported = vec![
            export("network", &[]),
            export("author", &["--author", &member_id]),
            export("entry", &["--entry", &record]),
        ];
        Self { dir, exported }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.dir.path().join(name);
        fs::write(&file, bytes).unwrap();
        file
    }
}

/// Returns what the program says of a bundle: the word, and the code that goes with it.
fn verdict(file: &Path) -> (String, i32) {
    let answer = Answer::of(multaqa().args(["--json", "verify", text(file)]));
    let code = answer.code;
    (string(&answer.ends(code).object(), "verdict"), code)
}

/// Holds the scripts' verdicts against the program's; returns how many were of each kind.
fn agree(files: &[PathBuf]) -> [usize; 3] {
    let scripts = [python("tests/interop/checks/bundles.py"), node("tests/interop/checks/bundles.mjs")];
    let said_by = scripts.map(|mut script| {
        let out = Answer::of(script.args(files)).ends(0).out;
        out.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    let mut counts = [0; 3];
    for (at, file) in files.iter().enumerate() {
        let (word, _) = verdict(file);
        for script in &said_by {
            let line = script.get(at).map_or("", String::as_str);
            assert_eq!(line.split_whitespace().next(), Some(&*word), "{}: {line}", file.display());
        }
        counts[["verified", "forged", "undecided"].iter().position(|known| *known == word).unwrap()] += 1;
    }
    counts
}

#[test]
fn the_scripts_verify_what_a_node_exports() {
    let files = Files::new();
    for (name, bytes) in &files.exported {
        let file = files.write(name, bytes);
        assert_eq!(verdict(&file), ("verified".to_owned(), 0));
        let scripts = ["examples/python/verify_bundle.py", "examples/javascript/verify_bundle.js"];
        let [report, other] = [python(scripts[0]), node(scripts[1])].map(|mut script| -> Value {
            serde_json::from_str(&Answer::of(script.arg(&file)).ends(0).out).unwrap()
        });
        assert_eq!((&report["verdict"], &report["scope"]), (&"verified".into(), &(*name).into()), "{report}");
        assert_eq!(report["authors"], other["authors"]);
        let own = Answer::of(multaqa().args(["--json", "verify", text(&file)])).ends(0).object();
        let heads = |report: &Value| -> Vec<(String, Value)> {
            let authors = report["authors"].as_array().unwrap();
            authors.iter().map(|author| (string(author, "author"), author["seq"].clone())).collect()
        };
        assert_eq!(heads(&report), heads(&own), "{name}");
    }
    let _ = Answer::of(python("examples/python/verify_bundle.py").arg("no-such-file")).ends(1);
    let _ = Answer::of(node("examples/javascript/verify_bundle.js").arg("no-such-file")).ends(1);
}

#[test]
fn all_say_the_same_of_altered_bundles() {
    let files = Files::new();
    let mut altered = Vec::new();
    for (name, bytes) in &files.exported {
        for place in 0..ALTERED {
            let at = bytes.len() * place / ALTERED;
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (place % 8);
            altered.push(files.write(&format!("{name}-flipped-{at}"), &flipped));
            altered.push(files.write(&format!("{name}-cut-{at}"), &bytes[..at]));
        }
        let (start, items) = read(bytes);
        for without in 0..items.len() {
            let mut rest = items.clone();
            rest.remove(without);
            altered.push(files.write(&format!("{name}-without-{without}"), &write(start, &rest)));
        }
        let reversed: Vec<Item> = items.iter().rev().cloned().collect();
        altered.push(files.write(&format!("{name}-reversed"), &write(start, &reversed)));
        let twice: Vec<Item> = items.iter().chain(&items).cloned().collect();
        altered.push(files.write(&format!("{name}-twice"), &write(start, &twice)));
    }
    let [verified, forged, undecided] = agree(&altered);
    // The reversed and the doubled are verified; both other verdicts occur.
    assert!(verified >= 6 && forged > 2 * ALTERED && undecided > 0, "{verified} {forged} {undecided}");
}

#[test]
fn all_say_the_same_of_every_chain_of_the_vectors() {
    let files = Files { dir: tempfile::tempdir().unwrap(), exported: Vec::new() };
    let mut chains = Vec::new();
    for group in fs::read_dir(repository().join("tests/vectors/data")).unwrap() {
        let group: Value = serde_json::from_str(&fs::read_to_string(group.unwrap().path()).unwrap()).unwrap();
        for case in group["cases"].as_array().unwrap().iter().filter(|case| case["kind"] == "chain") {
            let envelopes = case["chain"].as_array().unwrap().iter().map(|hex| unhex(hex.as_str().unwrap()));
            let envelopes: Vec<Item> = envelopes.map(Item::Envelope).collect();
            let Item::Envelope(first) = &envelopes[0] else { unreachable!("they are envelopes") };
            // What it is about is the first entry's author, where that can be read.
            let about = Entry::decode(first).map_or([0; 32], |entry| entry.author().0);
            let net = NetworkId([7; 32]);
            let start = Start { net, made: 0, about: Some(Bytes32(about)), scope: Scope::Author, bundle: 1 };
            let name = format!("chain-{}", chains.len());
            chains.push(files.write(&name, &write(start, &envelopes)));
        }
    }
    let [verified, forged, undecided] = agree(&chains);
    assert!(verified >= 28 && forged >= 37 && undecided >= 1, "{verified} {forged} {undecided}");
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Returns the first item of a bundle, and its bodies and envelopes.
fn read(bytes: &[u8]) -> (Start, Vec<Item>) {
    let mut reader = Reader::new();
    reader.push(bytes);
    let mut items: Vec<Item> = std::iter::from_fn(|| reader.next_item()).map(|(_, item)| item).collect();
    let Item::Start(start) = items.remove(0) else { panic!("a bundle begins with its first item") };
    items.retain(|item| matches!(item, Item::Body(_) | Item::Envelope(_)));
    (start, items)
}

/// Makes a bundle that is whole as a file, whatever it holds.
fn write(start: Start, items: &[Item]) -> Vec<u8> {
    let (mut writer, mut bytes) = Writer::begin(&start);
    for item in items {
        bytes.extend(match item {
            Item::Body(body) => writer.body(body),
            Item::Envelope(envelope) => writer.envelope(envelope),
            Item::Start(_) | Item::End(_) => unreachable!("they are added here"),
        });
    }
    bytes.extend(writer.finish());
    bytes
}
