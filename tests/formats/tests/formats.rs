//! A real node with real records and hostile ones, read by the programs of others.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_cluster::{Answer, Place, Running, found, string, text};
use multaqa_formats::{check, program, repository};
use tempfile::TempDir;

const SETTAT: &str = "06.461.01.15";
/// A record that would break a form which does not escape it.
const HOSTILE: &str = r#"kind = "practice"
principles = ["transparency", "participation"]
sdgs = [11, 16]

[title]
fr = "=HYPERLINK(\"http://evil.example\") <b>&amp;</b> ]]>"
ar = "\u202Eعنوان\u202C \"بين\", ;"

[summary]
fr = "\u0000\u000B\uFFFF<script>alert(1)</script>\r\n'=1+1"

[period]
start = "2024-03"
ongoing = true

[resources]
budget = 400000
"#;

/// A network of one node that holds records and runs.
struct Setting {
    dir: TempDir,
    place: Place,
    author: String,
    running: Running,
    records: usize,
}

impl Setting {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (place, author) = Place::init(dir.path().join("settat"), SETTAT);
        let _ = found(&place);
        let hostile = dir.path().join("hostile.toml");
        fs::write(&hostile, HOSTILE).unwrap();
        let mut files = vec![hostile];
        for folder in ["settat", "casablanca", "beni-mellal-khenifra", "tetouan"] {
            files.extend(drafts(&repository().join("examples/records").join(folder)));
        }
        let paths: Vec<&str> = files.iter().map(|file| text(file)).collect();
        let _ = place.text(["publish"].into_iter().chain(paths));
        let running = place.run(&[]);
        Self { dir, place, author, running, records: files.len() }
    }

    /// Where readers reach it.
    fn base(&self) -> String {
        string(&self.running.ready, "public")
    }
}

/// The files of records in a folder; profiles are of their own authors.
fn drafts(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("profile.toml"));
    files.sort();
    files
}

#[test]
fn the_open_data_of_a_node_is_read_by_the_programs_of_others() {
    let setting = Setting::new();
    let (base, count) = (setting.base(), setting.records.to_string());
    assert!(setting.records >= 10, "only {count} records");
    let folder = setting.dir.path().join("package");
    fs::create_dir(&folder).unwrap();
    assert_eq!(check("table", &[&base, text(&folder), &count]).trim(), count);
    assert_eq!(check("feed", &[&base, &setting.author, &count]).trim(), count);
    assert_eq!(check("catalog", &[&base, &count]).trim(), count);
    // The command writes what the node serves, but for the address in the links.
    let written = setting.dir.path().join("records.csv");
    let _ = setting.place.text(["export", "csv", "--out", text(&written)]);
    assert_eq!(fs::read(&written).unwrap(), fetch(&base, "export.csv"));
    let columns = setting.dir.path().join("records.parquet");
    let _ = setting.place.text(["export", "parquet", "--out", text(&columns)]);
    assert_eq!(check("columns", &[text(&columns), text(&written), &count]).trim(), count);
    let atom = setting.place.text(["export", "atom", "--base", base.trim_end_matches('/')]);
    assert!(atom.contains(&format!("{base}api/v1/records/")), "{atom}");
    let refused = setting.place.ask(["export", "atom", "--base", "https://open.example"]).ends(8);
    assert!(refused.err.contains("config.toml"), "{}", refused.err);
    setting.running.stop();
}

fn fetch(base: &str, file: &str) -> Vec<u8> {
    let script = "import sys,urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1]).read())";
    let output = program("python").args(["-c", script, &format!("{base}api/v1/{file}")]).output().unwrap();
    assert!(output.status.success());
    output.stdout
}

#[test]
fn schemathesis_finds_nothing() {
    let setting = Setting::new();
    let mut command = program("schemathesis");
    command
        .args(["run", &format!("{}api/v1/openapi.json", setting.base())])
        .args(["--max-examples", "25", "--seed", "1", "--generation-deterministic", "--no-color"])
        // A text that a schema allows may still name no date, no id and no place.
        .args(["--exclude-checks", "positive_data_acceptance"])
        // It keeps what it found where it runs.
        .current_dir(setting.dir.path());
    let answer = Answer::of(&mut command);
    assert_eq!(answer.code, 0, "{}\n{}", answer.out, answer.err);
    // It has asked, and did not only fail to begin.
    assert!(answer.out.contains("✅  Fuzzing"), "{}", answer.out);
    setting.running.stop();
}
