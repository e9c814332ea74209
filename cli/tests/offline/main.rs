//! The command without a running node: what a person types, what it answers, and how it ends.

#![cfg(feature = "node")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod config;
mod doctor;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const PRACTICE: &str = r#"kind = "practice"
title.en = "Open day"
summary.en = "Residents met the council."
principles = ["participation"]
licence = "CC-BY-4.0"
"#;

/// A folder to work in, as a person does.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_multaqa"));
        for name in
            ["MULTAQA_DATA", "MULTAQA_CONFIG", "STATE_DIRECTORY", "LC_ALL", "LC_MESSAGES", "LANG", "RUST_LOG"]
        {
            command.env_remove(name);
        }
        command.env("MULTAQA_LANG", "en").current_dir(self.0.path()).args(line.split(' '));
        command
    }

    fn run(&self, line: &str) -> Output {
        self.command(line).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a command that must end with `code`, and returns its standard output and standard error.
    fn ends(&self, line: &str, code: i32) -> (String, String) {
        let output = self.run(line);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "multaqa {line}\n{out}\n{err}");
        (out, err)
    }

    fn json(&self, line: &str) -> Value {
        let (out, _) = self.ends(&format!("{line} --json"), 0);
        assert_eq!(out.lines().count(), 1, "{line}: one object on one line");
        serde_json::from_str(&out).unwrap()
    }

    /// Sets up a node that has founded a network.
    fn with_network() -> Self {
        let desk = Self::new();
        desk.ends("--data a init --place 06.461.01.15", 0);
        let (charter, _) = desk.ends("template charter", 0);
        desk.write("charter.toml", &charter);
        desk.ends("--data a network create --charter charter.toml", 0);
        desk
    }
}

#[test]
fn a_template_is_published_as_it_is_but_for_its_place() {
    let desk = Desk::with_network();
    for language in ["ar", "fr", "en"] {
        for kind in ["practice", "plan"] {
            let (text, _) = desk.ends(&format!("--lang {language} template {kind}"), 0);
            let file = format!("{kind}.{language}.toml");
            desk.write(&file, &text);
            let published = desk.json(&format!("--data a publish {file}"));
            assert_eq!(published["schema"], "multaqa/publish/1");
            assert_eq!(published["items"][0]["kind"], kind);
        }
    }
    let (_, err) = desk.ends("template poem", 2);
    assert!(err.contains("practice") && err.contains("proposal"), "{err}");
}

const PLAN: &str = r#"kind = "plan"
title.en = "Programme of openness"
summary.en = "Two years."
principles = ["participation"]

[[commitments]]
id = "portal"
title.en = "A portal"

[[commitments.milestones]]
id = "m1"
title.en = "It opens"
end = "2026-06"

[[commitments]]
id = "training"
title.en = "Training"
"#;

#[test]
fn each_verb_signs_one_record_about_the_version_that_was_named() {
    let desk = Desk::with_network();
    desk.write("plan.toml", PLAN);
    desk.write("practice.toml", PRACTICE);
    let published = desk.json("--data a publish plan.toml practice.toml");
    let id = |at: usize| published["items"][at]["id"].as_str().unwrap().to_owned();
    let (plan, practice) = (id(0), id(1));
    let short = &plan[..10];
    let line = format!(
        "--data a progress {short} --commitment portal --milestone m1 --status complete --note Open \
         --evidence https://example.ma/ --as-of 2026-06-30"
    );
    let progress = desk.json(&line);
    let shown = desk.json(&format!("--data a show {}", progress["id"].as_str().unwrap()));
    let fields = &shown["fields"];
    assert_eq!((&shown["kind"], &fields["plan"]["id"]), (&"progress".into(), &plan.as_str().into()));
    assert_eq!(fields["milestones"][0]["sources"][0]["address"], "https://example.ma/");
    assert_eq!(
        (&fields["as_of"], &fields["milestones"][0]["note"]["en"]),
        (&"2026-06-30".into(), &"Open".into())
    );

    let progress = progress["id"].as_str().unwrap().to_owned();
    let line = format!(
        "--data a --lang fr evaluate {plan} --commitment portal --completion complete --summary Tenu \
         --judged {progress} --recommend Continuer --early-results moderate --verifiable yes"
    );
    let evaluation = desk.json(&line);
    assert_eq!(evaluation["warnings"][0]["code"], "self_assessment", "{evaluation}");
    let evaluation = evaluation["id"].as_str().unwrap().to_owned();
    let shown = desk.json(&format!("--data a show {evaluation}"));
    assert_eq!(shown["fields"]["recommendations"][0]["text"]["fr"], "Continuer");
    let (text, _) = desk.ends(&format!("--data a show {evaluation}"), 0);
    for part in ["evaluation", "complete", "programme of openness: Programme of openness", "progress"] {
        assert!(text.contains(part), "{part} in {text}");
    }

    // To one's own record they add nothing, which is said and not forbidden.
    for line in [
        format!("--data a adopt {practice} --state adopted --note Smaller --start 2026-11"),
        format!("--data a endorse {practice} --capacity monitoring_committee --reference 12/2026"),
    ] {
        assert_eq!(desk.json(&line)["warnings"][0]["code"], "own_record", "{line}");
    }
    let mut reply =
        desk.command(&format!("--data a --json reply {plan} --part portal --text - --text-language zgh"));
    let mut child = reply.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("ⴰⵣⵓⵍ\n".as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let reply: Value = serde_json::from_slice(&output.stdout).unwrap();
    let shown = desk.json(&format!("--data a show {}", reply["id"].as_str().unwrap()));
    assert_eq!(shown["fields"]["text"]["zgh"], "ⴰⵣⵓⵍ");
}

#[test]
fn a_record_about_what_is_not_there_is_refused_and_nothing_is_signed() {
    let desk = Desk::with_network();
    desk.write("plan.toml", PLAN);
    desk.write("practice.toml", PRACTICE);
    let published = desk.json("--data a publish plan.toml practice.toml");
    let id = |at: usize| published["items"][at]["id"].as_str().unwrap().to_owned();
    let (plan, practice) = (id(0), id(1));
    let before = desk.json("--data a list --limit 100")["items"].as_array().unwrap().len();
    for (line, parts) in [
        (
            format!("progress {plan} --commitment portl --status complete"),
            ["commitment:", "portal, training"],
        ),
        (
            format!("progress {plan} --commitment portal --milestone m9 --status complete"),
            ["milestones[0].milestone:", "it has: m1"],
        ),
        (
            format!("progress {plan} --commitment portal --status complete"),
            ["milestones[0].milestone:", "m1"],
        ),
        (
            format!("progress {plan} --commitment training --milestone m1 --status limited"),
            ["milestones[0].milestone:", "remove this field"],
        ),
        (format!("progress {practice} --commitment portal --status complete"), ["plan:", "another kind"]),
        (format!("adopt {plan} --state adopted"), ["practice:", "practice"]),
        (format!("adopt {practice} --state adoptd"), ["state:", "did you mean adopted"]),
        (
            format!("evaluate {plan} --commitment x --completion limited --summary s"),
            ["commitment:", "portal"],
        ),
        ("reply 00000000 --text Hello".to_owned(), ["to:", "no record of this id"]),
        ("reply nonsense --text Hello".to_owned(), ["to:", "neither an id"]),
    ] {
        let (out, err) = desk.ends(&format!("--data a {line}"), 2);
        assert_eq!(out, "");
        assert!(parts.iter().all(|part| err.contains(part)), "{line}: {err}");
        assert!(err.contains("Why:") && err.contains("What to do:"), "{err}");
    }
    let (out, err) = desk.ends(&format!("--data a adopt {practice} --state adopted --dry-run"), 0);
    assert!(out.contains("state: adopted") && err.contains("Nothing was signed"), "{out}{err}");
    let checked = desk.json("--data a publish --dry-run practice.toml");
    assert_eq!(checked["items"][0]["kind"], "practice", "{checked}");
    let after = desk.json("--data a list --limit 100")["items"].as_array().unwrap().len();
    assert_eq!(before, after);
}

#[test]
fn files_that_name_each_other_are_signed_in_order() {
    let desk = Desk::with_network();
    desk.write("plan.toml", PLAN);
    let progress = r#"kind = "progress"
plan = "plan.toml"
commitment = "training"
as_of = "2026-06-30"
milestones = [{ status = "limited" }]
"#;
    desk.write("a-progress.toml", progress);
    let published = desk.json("--data a publish a-progress.toml plan.toml");
    let items = published["items"].as_array().unwrap();
    assert_eq!((&items[0]["file"], &items[1]["file"]), (&"plan.toml".into(), &"a-progress.toml".into()));
    let shown = desk.json(&format!("--data a show {}", items[1]["id"].as_str().unwrap()));
    assert_eq!(shown["fields"]["plan"]["id"], items[0]["id"]);
    assert_eq!(shown["links"][0]["resolved"], "held", "{shown}");

    let (_, err) = desk.ends("--data a publish a-progress.toml", 2);
    assert!(err.contains("plan.toml"), "{err}");
    desk.write("b.toml", "kind = \"reply\"\nto = \"c.toml\"\ntext.en = \"x\"\n");
    desk.write("c.toml", "kind = \"reply\"\nto = \"b.toml\"\ntext.en = \"x\"\n");
    let (_, err) = desk.ends("--data a publish b.toml c.toml", 2);
    assert!(err.contains("b.toml, c.toml"), "{err}");
}

#[test]
fn init_makes_one_identity_and_keeps_its_rotation_key_out_of_the_folder() {
    let desk = Desk::new();
    let made = desk.json("--data a init --place MA-05 --rotation-key-out a.key");
    assert_eq!(made["place"], "05");
    assert!(made.get("rotation_key").is_none());
    assert_eq!(fs::metadata(desk.path("a.key")).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read_to_string(desk.path("a.key")).unwrap();
    assert_eq!(key.trim().len(), 64);
    assert!(!holds(&desk.path("a"), &hex::decode(key.trim()).unwrap()));
    assert_eq!(desk.json("--data a key show")["author"], made["author"]);
    // Neither the folder nor the key is ever written over.
    desk.ends("--data a init --place 05", 8);
    desk.ends("--data b init --place 05 --rotation-key-out a.key", 2);
    assert!(!desk.path("b").exists());
    assert_eq!(fs::read_to_string(desk.path("a.key")).unwrap(), key);
}

/// Tells whether any file below `folder` holds `bytes`.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, bytes);
        }
        fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn init_refuses_what_is_no_place() {
    let desk = Desk::new();
    desk.ends("--data a init --place 99.999", 2);
    desk.ends("--data a init --place 05 --kind commune", 2);
    desk.ends("--data a init", 2);
    desk.ends("--data a init --kind association", 2);
    assert!(!desk.path("a").exists());
    desk.ends("--data a init --kind association --name Impact", 0);
}

#[test]
fn a_faulty_file_names_the_line_and_the_field_and_publishes_nothing() {
    let desk = Desk::with_network();
    desk.write("good.toml", PRACTICE);
    desk.write("bad.toml", &PRACTICE.replace("summary.en", "sumary.en"));
    let (out, err) = desk.ends("--data a publish good.toml bad.toml", 2);
    assert_eq!(out, "");
    assert!(err.contains("bad.toml:3: sumary"), "{err}");
    let list = desk.json("--data a list --kind practice");
    assert_eq!(list["items"], serde_json::json!([]));
    let (_, err) = desk.ends("--data a --json publish bad.toml", 2);
    let error: Value = serde_json::from_str(&err).unwrap();
    assert_eq!((&error["code"], &error["exit"]), (&"files".into(), &2.into()));
}

#[test]
fn a_record_is_published_shown_revised_and_withdrawn() {
    let desk = Desk::with_network();
    let mut publish = desk.command("--data a --json publish -");
    let mut child = publish.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PRACTICE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let published: Value = serde_json::from_slice(&output.stdout).unwrap();
    let id = published["id"].as_str().unwrap();
    let short = &id[..8];

    let list = desk.json("--data a list --kind practice");
    let item = &list["items"][0];
    for field in ["id", "kind", "author", "place", "title", "time", "status"] {
        assert!(!item[field].is_null(), "{field} in {item}");
    }
    let (shown, _) = desk.ends(&format!("--data a show {short}"), 0);
    for part in ["Open day", "06.461.01.15", "confirmed by 1 of 1", "verified"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }

    desk.write("new.toml", &PRACTICE.replace("Open day", "Open week"));
    let revised = desk.json(&format!("--data a revise {short} new.toml"));
    let history = desk.json(&format!("--data a history {short}"));
    assert_eq!(history["items"].as_array().unwrap().len(), 2);
    assert_eq!(history["current"], revised["id"]);

    desk.ends(&format!("--data a withdraw {short} --reason mistake --all-versions"), 0);
    let (shown, _) = desk.ends(&format!("--data a show {short}"), 0);
    assert!(shown.contains("withdrawn") && !shown.contains("Residents met"), "{shown}");
    desk.ends("--data a show 00000000", 4);
    desk.ends("--data a show xyz", 2);
}

#[test]
fn verify_tells_verified_from_forged_from_undecided() {
    let desk = Desk::with_network();
    desk.write("good.toml", PRACTICE);
    let published = desk.json("--data a publish good.toml");
    desk.ends("--data a export bundle --out all.cbor", 0);
    let report = desk.json("verify all.cbor");
    assert_eq!((&report["schema"], &report["verdict"]), (&"multaqa/verify/1".into(), &"verified".into()));
    assert_eq!(report["members"].as_array().unwrap().len(), 1);
    let entry = published["id"].as_str().unwrap();
    desk.ends(&format!("--data a export bundle --entry {entry} --out entry.cbor"), 0);
    desk.ends("verify entry.cbor", 0);
    // A data folder is read as it lies there.
    desk.ends("verify a", 0);

    let record =
        report["records"].as_array().unwrap().iter().find(|record| record["entry"] == entry).unwrap();
    assert_eq!((&record["kind"], &record["mark"]), (&"practice".into(), &"canonical".into()));
    desk.ends("verify all.cbor --lang fr --report report.html", 0);
    let page = fs::read_to_string(desk.path("report.html")).unwrap();
    for shown in ["<html lang=\"fr\"", "Rapport de vérification", "all.cbor", entry] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    desk.ends("verify all.cbor --report nowhere/report.html", 1);

    desk.write("later.toml", PRACTICE);
    desk.ends("--data a publish later.toml", 0);
    desk.ends("--data a export bundle --out later.cbor", 0);
    let compared = desk.json("verify all.cbor --against later.cbor");
    assert_eq!(compared["comparison"][0]["relation"], "second-further");
    let (out, _) = desk.ends("verify later.cbor --against all.cbor", 0);
    assert!(out.contains("this file goes further"), "{out}");

    let good = fs::read(desk.path("all.cbor")).unwrap();
    let mut altered = good.clone();
    let at = good.windows(10).position(|window| window == b"Residents ").unwrap();
    altered[at] = b'r';
    fs::write(desk.path("altered.cbor"), altered).unwrap();
    let (out, _) = desk.ends("verify --json altered.cbor", 3);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["verdict"], "forged");
    for field in ["rule", "severity", "entry", "text"] {
        assert!(report["findings"][0].get(field).is_some(), "{field} in {report}");
    }
    fs::write(desk.path("cut.cbor"), &good[..good.len() - 60]).unwrap();
    desk.ends("verify cut.cbor", 3);
    desk.ends("verify nothing.cbor", 1);
}

#[test]
fn an_undecidable_bundle_ends_with_4() {
    let desk = Desk::with_network();
    desk.ends("--data a export bundle --out all.cbor", 0);
    // The first item's `bundle` of another version cannot be decided.
    let mut newer = fs::read(desk.path("all.cbor")).unwrap();
    let at = newer.windows(7).position(|window| window == b"\x66bundle").unwrap();
    newer[at + 7] = 2;
    fs::write(desk.path("newer.cbor"), newer).unwrap();
    let (out, _) = desk.ends("verify newer.cbor --json", 4);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["verdict"], "undecided");
}

#[test]
fn a_newcomer_joins_by_files_alone() {
    let desk = Desk::with_network();
    desk.ends("--data b init --place 03.171.01.05", 0);
    desk.ends("--data a invite --address /ip4/127.0.0.1/tcp/4480 --qr --out invitation.txt", 0);
    desk.ends("--data b join invitation.txt --out b.application", 0);
    desk.ends("--data a admit b.application --place 03.171.01.05", 0);
    let members = desk.json("--data a members");
    assert_eq!(members["totals"]["members"], 2);
    desk.ends("--data a export bundle --out all.cbor", 0);
    desk.ends("--data b import bundle all.cbor", 0);
    let status = desk.json("--data b status");
    assert_eq!(status["network"]["state"], "member");
    desk.ends("--data b admit 00000000 --place 03.171.01.05", 6);
}

#[test]
fn what_needs_a_node_or_a_folder_says_so() {
    let desk = Desk::new();
    desk.ends("--data a status", 8);
    desk.ends("--data a init --place 05", 0);
    desk.ends("--data a peers", 5);
    desk.ends("--data a network show", 8);
    desk.ends("--data a join multaqa:nonsense", 2);
    desk.ends("demo --once --nodes 0", 2);
    desk.ends("demo --once --dir a", 8);
}

#[test]
fn the_papers_for_packagers_are_made() {
    let desk = Desk::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (script, _) = desk.ends(&format!("completions {shell}"), 0);
        assert!(script.contains("withdraw"), "{shell}");
    }
    let (page, _) = desk.ends("man", 0);
    assert!(page.contains(".TH multaqa"), "{page}");
    desk.ends("man --dir pages", 0);
    assert!(desk.path("pages/multaqa-publish.1").exists());
}

#[test]
fn a_file_is_handed_to_the_node_and_named_by_the_record_that_has_it() {
    let desk = Desk::with_network();
    desk.write("minutes.csv", "point;decision\n1;adopted\n");
    let taken = desk.json("--data a attach minutes.csv");
    assert_eq!((&taken["mime"], &taken["size"]), (&"text/plain".into(), &25.into()), "{taken}");
    let (table, _) = desk.ends("--data a attach minutes.csv", 0);
    assert!(table.starts_with("[[attachments]]\n"), "{table}");
    // What is shown can be pasted, and so can the path alone.
    let alt = "alt.en = \"Decisions of the session\"\n";
    let pasted = format!("{PRACTICE}\n{table}{alt}");
    desk.write("pasted.toml", &pasted);
    desk.write("named.toml", &format!("{PRACTICE}\n[[attachments]]\npath = \"minutes.csv\"\n{alt}"));
    for file in ["pasted.toml", "named.toml"] {
        let published = desk.json(&format!("--data a publish {file}"));
        assert!(published["items"][0].get("warnings").is_none(), "{published}");
        let shown = desk.json(&format!("--data a show {}", published["id"].as_str().unwrap()));
        let attachment = &shown["fields"]["attachments"][0];
        for field in ["hash", "size", "mime", "chunks"] {
            assert_eq!(attachment[field], taken[field], "{field}: {file}");
        }
        assert_eq!(attachment["name"], "minutes.csv");
    }
    // Neither a lie nor a file that is not there is signed.
    desk.write("lie.toml", &pasted.replace("size = 25", "size = 26"));
    let (_, err) = desk.ends("--data a publish lie.toml", 2);
    assert!(err.contains("another length"), "{err}");
    desk.write("nowhere.toml", &format!("{PRACTICE}\n[[attachments]]\npath = \"nowhere.pdf\"\n{alt}"));
    desk.ends("--data a publish nowhere.toml", 2);
    desk.write("picture.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>");
    let (_, err) = desk.ends("--data a attach picture.svg", 2);
    assert!(err.contains("Why:") && err.contains("SVG"), "{err}");
    fs::File::create(desk.path("huge.bin")).unwrap().set_len(2 << 30).unwrap();
    let (_, err) = desk.ends("--data a attach huge.bin", 2);
    assert!(err.contains("2147483648"), "{err}");
}
