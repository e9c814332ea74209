//! The commands of `docs/operating.md` and `docs/auditing.md`, run in a shell exactly as they stand there.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use multaqa_cluster::{Answer, Place, found, multaqa, program, string, text, write_practice};

/// The manual.
const MANUAL: &str = include_str!("../../../docs/operating.md");
/// What an auditor reads.
const AUDITING: &str = include_str!("../../../docs/auditing.md");
/// A plan, as its collectivity wrote it.
const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/records/settat/plan.toml");
/// Any command that fails ends a script, and whatever still runs then is ended with it.
const STRICT: &str = "set -euo pipefail\ntrap 'kill -9 $(jobs -p) 2>/dev/null || true' EXIT\n";
/// The ports that it names.
const PORTS: [&str; 4] = ["4481", "4482", "8481", "8482"];
/// Most seconds for all of it, far beyond what it takes.
const SECONDS: &str = "300";

/// Returns the commands of a manual: its blocks marked `sh`, each told when it begins.
fn commands(manual: &str) -> String {
    let mut script = String::new();
    let mut within = false;
    for (number, line) in manual.lines().enumerate() {
        match line {
            "```sh" => {
                within = true;
                script.push_str(&format!("printf '\\n@%s\\n' {}\n", number + 1));
            }
            "```" => within = false,
            line if within => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

/// Returns as many free ports as the manual names; they are in use by nobody else on this machine for
/// as long as nobody asks for just these.
fn free_ports() -> Vec<String> {
    let taken: Vec<TcpListener> = PORTS.iter().map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    taken.iter().map(|listener| listener.local_addr().unwrap().port().to_string()).collect()
}

#[test]
fn the_manual_can_be_followed_word_by_word() {
    let home = tempfile::tempdir().unwrap();
    let mut script = commands(MANUAL);
    assert!(script.lines().count() > 30, "the manual has lost its commands: {script}");
    for (port, free) in PORTS.iter().zip(free_ports()) {
        assert!(script.contains(port), "the manual names port {port} no more");
        script = script.replace(port, &free);
    }
    let file = home.path().join("manual.sh");
    fs::write(&file, format!("{STRICT}{script}printf '\\n@end\\n'\n")).unwrap();

    let answer = Answer::of(&mut shell(home.path(), &file));
    assert_eq!(answer.code, 0, "{}\n{}\n{script}", answer.out, answer.err);
    assert!(answer.out.ends_with("\n@end\n"), "{}", answer.out);
    for part in [
        "06.461.01.15",
        "03.171.01.05",
        "Members: 2",
        "confirmed by 1 of 1 stewards",
        "verified, key",
        "Verified",
    ] {
        assert!(answer.out.to_lowercase().contains(&part.to_lowercase()), "{part}: {}", answer.out);
    }
    assert!(!answer.out.to_lowercase().contains("forged"), "{}", answer.out);
    // What the manual calls folders is there, and whole.
    for name in ["settat", "hajeb"] {
        let verified = Answer::of(multaqa().arg("verify").arg(home.path().join(name))).ends(0);
        assert!(verified.out.to_lowercase().contains("verified"), "{verified:?}");
    }
}

#[test]
fn an_auditor_can_follow_the_page_word_by_word() {
    let home = tempfile::tempdir().unwrap();
    let (settat, author) = Place::init(home.path().join("settat"), "06.461.01.15");
    let (hajeb, member) = Place::init(home.path().join("hajeb"), "03.171.01.05");
    let _ = found(&settat);
    let line = string(&settat.object(["invite", "--address", "/ip4/127.0.0.1/tcp/9"]), "line");
    let stick = home.path().join("stick");
    let _ = hajeb.text(["join", &line, "--out", text(&stick)]);
    let _ = settat.text(["admit", text(&stick), "--place", "03.171.01.05"]);
    let practice = home.path().join("practice.toml");
    write_practice(&practice, "Budget participatif");
    let record = string(&settat.object(["publish", text(&practice)]), "id");
    let plan = string(&settat.object(["publish", PLAN]), "id");
    let _ = settat.text(["export", "bundle", "--out", text(&stick)]);
    let _ = hajeb.text(["import", "bundle", text(&stick)]);

    let script = commands(AUDITING);
    assert!(script.lines().count() > 12, "the page has lost its commands: {script}");
    let file = home.path().join("auditing.sh");
    fs::write(&file, format!("{STRICT}{script}printf '\\n@end\\n'\n")).unwrap();
    let mut shell = shell(home.path(), &file);
    shell.env("RECORD", &record).env("SETTAT", &author).env("PLAN", &plan);
    let answer = Answer::of(&mut shell);
    assert_eq!(answer.code, 0, "{}\n{}\n{script}", answer.out, answer.err);
    for part in ["VERIFIED", "FORGED", "the same", &member[..12]] {
        assert!(answer.out.contains(part), "{part}: {}", answer.out);
    }
    let report = fs::read_to_string(home.path().join("rapport.html")).unwrap();
    assert!(report.contains("Budget participatif") && report.contains("<html lang=\"fr\""), "{report}");
}

fn shell(home: &Path, file: &Path) -> Command {
    let folder = program().parent().unwrap().to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = [folder].into_iter().chain(env::split_paths(&path));
    let mut shell = Command::new("timeout");
    shell.arg(SECONDS).arg("bash").arg(file);
    shell
        .current_dir(home)
        .env_clear()
        .env("HOME", home)
        .env("LC_ALL", "en_GB.UTF-8")
        .env("LANG", "en_GB.UTF-8");
    shell.env("PATH", env::join_paths(folders).unwrap());
    shell
}
