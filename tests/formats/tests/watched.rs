//! What a node tells of itself: a screen for people, a file for helpers and a log, and in none of them what is
//! nobody's business.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use multaqa_cluster::{Answer, Place, found, string, text, until, write_practice};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
/// Words that stand where secrets do.
const PASSWORD: &str = "mot-de-passe-1f9c27";
const SESSION: &str = "session-44ab90ce17";
const DRAFT: &str = "brouillon-confidentiel-77d1";
const ACCOUNT: &str = "Fatima-Zahra-e21b";
const LOOKED_FOR: &str = "recherche-privee-5be3";

/// Returns the forms in which bytes could stand in a file: as they are, in hex, and in base64 at any offset.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for skipped in 0..3 {
        let whole = &secret[skipped..];
        let whole = &whole[..whole.len() / 3 * 3];
        forms
            .extend([STANDARD_NO_PAD.encode(whole).into_bytes(), URL_SAFE_NO_PAD.encode(whole).into_bytes()]);
    }
    forms
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Returns all files below a folder, with what is in them.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push((text(&path).to_owned(), fs::read(&path).unwrap()));
        }
    }
    all
}

#[test]
fn a_bundle_for_helpers_holds_none_of_the_secrets_of_a_node() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let running = settat.run(&[]);
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Budget participatif");
    let _ = settat.text(["publish", text(&file)]);
    let token = settat.text(["office", "token", "--name", ACCOUNT]).trim().to_owned();
    assert!(token.len() > 16, "{token}");
    let rotation = fs::read_to_string(settat.rotation_key()).unwrap();
    // Beside what a node in use has written, the same in places where a careless copy would take it up.
    for (path, secret) in [
        ("office/drafts/planted.json", DRAFT),
        ("office/planted.json", SESSION),
        ("smtp.password", PASSWORD),
        ("signing.key.next", PASSWORD),
        ("rotation.key", rotation.trim()),
    ] {
        let path = settat.dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, secret).unwrap();
    }
    let config = format!("names = [\"open.example.ma\"]\n# {PASSWORD}\n");
    fs::write(settat.dir.join("config.toml"), config).unwrap();

    let mut secrets: Vec<(&str, Vec<u8>)> = [PASSWORD, SESSION, DRAFT, ACCOUNT, &token, rotation.trim()]
        .into_iter()
        .map(|secret| ("a word", secret.as_bytes().to_vec()))
        .collect();
    for name in ["signing.key", "node.key", "guard"] {
        secrets.push((name, fs::read(settat.dir.join(name)).unwrap()));
    }
    let look = |bundle: &Path, holds: &[&str]| {
        let out = bundle.with_extension("");
        fs::create_dir_all(&out).unwrap();
        let unpacked = Command::new("tar").arg("-xzf").arg(bundle).arg("-C").arg(&out).status().unwrap();
        assert!(unpacked.success());
        let all = files(&out);
        let names: Vec<&str> = all.iter().map(|(name, _)| name.rsplit('/').next().unwrap()).collect();
        for name in holds {
            assert!(names.contains(name), "{name} is not among {names:?}");
        }
        for (name, content) in &all {
            assert!(!content.is_empty() || name.ends_with("log.txt"), "{name} is empty");
            for (what, secret) in &secrets {
                for form in forms(secret) {
                    assert!(
                        !contains(content, &form),
                        "{name} holds {what}: {}",
                        String::from_utf8_lossy(&form)
                    );
                }
            }
        }
        all
    };
    let bundle = dir.path().join("running.tar.gz");
    let told = settat.ask(["debug", "bundle", "--out", text(&bundle)]).ends(0);
    assert!(told.err.contains("look at it before you send it"), "{}", told.err);
    let common = ["about.json", "config.json", "findings.json", "folder.json", "status.json", "metrics.txt"];
    let all = look(&bundle, &[&common[..], &["log.txt", "peers.json", "network.json"]].concat());
    let part = |name: &str| &all.iter().find(|(path, _)| path.ends_with(name)).unwrap().1;
    let status: Value = serde_json::from_slice(part("status.json")).unwrap();
    assert_eq!(status["schema"], "multaqa/status/1");
    let folder = String::from_utf8_lossy(part("folder.json")).into_owned();
    assert!(folder.contains("\"signing.key\"") && folder.contains("\"600\""), "{folder}");
    running.stop();

    // A node that cannot even be opened is the one that is asked about.
    fs::write(settat.dir.join("config.toml"), format!("smtp = \"{PASSWORD}\"\n")).unwrap();
    let stopped = dir.path().join("stopped.tar.gz");
    let _ = settat.ask(["debug", "bundle", "--out", text(&stopped)]).ends(0);
    look(&stopped, &common[..4]);
}

#[test]
fn the_status_of_a_node_fits_one_screen() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let listen = ["/ip4/127.0.0.1/tcp/0"; 6].join(",");
    let mut command = settat.command(["run", "--json", "--no-mdns", "--listen", &listen]);
    command.args(["--public", "127.0.0.1:0", "--office", "127.0.0.1:0"]);
    let running = settat.start(command);
    for lang in ["ar", "fr", "en"] {
        let screen = Answer::of(settat.command(["status"]).args(["--lang", lang])).ends(0).out;
        let lines: Vec<&str> = screen.lines().collect();
        assert!(lines.len() <= 24, "{} lines\n{screen}", lines.len());
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{screen}");
    }
    let screen = settat.text(["status"]);
    assert!(screen.starts_with("It works, and something deserves a look:\n  no-peers"), "{screen}");
    running.stop();
}

#[test]
fn the_log_of_a_node_in_use_names_no_person_and_no_reader() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let mut command = settat.command(["-vv", "run", "--json", "--no-mdns", "--log", "json"]);
    command.args(["--listen", "/ip4/127.0.0.1/tcp/0", "--public", "127.0.0.1:0", "--office", "127.0.0.1:0"]);
    let running = settat.start(command);
    let token = settat.text(["office", "token", "--name", ACCOUNT]).trim().to_owned();
    let link = settat.text(["office", "link"]).trim().to_owned();
    let ask = |door: &str, request: &str| {
        let base = string(&running.ready, door);
        let mut stream =
            TcpStream::connect(base.strip_prefix("http://").unwrap().trim_end_matches('/')).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let get = |path: &str| {
        format!(
            "GET {path} HTTP/1.0\r\nhost: localhost\r\ncookie: id={SESSION}\r\nx-forwarded-for: 198.51.100.77\r\n\r\n"
        )
    };
    assert!(ask("public", &get(&format!("/fr/library?q={LOOKED_FOR}"))).contains(" 200 "));
    assert!(ask("public", &get(&format!("/api/v1/search?q={LOOKED_FOR}"))).starts_with("HTTP/1."));
    let form = format!("name={ACCOUNT}&password={PASSWORD}");
    let post = format!(
        "POST /fr/office/sign-in HTTP/1.0\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    let _ = ask("office", &post);
    let body = format!("{{\"kind\":\"practice\",\"fields\":{{\"title\":{{\"fr\":\"{DRAFT}\"}}}}}}");
    let post = format!(
        "POST /api/v1/drafts HTTP/1.0\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let _ = ask("office", &post);
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Budget participatif");
    let _ = settat.text(["publish", text(&file)]);
    until("the log is written", || fs::read_to_string(settat.log_file()).unwrap().lines().count() > 3);
    running.stop();

    let log = fs::read_to_string(settat.log_file()).unwrap();
    let opens_once = link.rsplit('/').next().unwrap();
    for secret in [PASSWORD, SESSION, DRAFT, ACCOUNT, LOOKED_FOR, "198.51.100.77", &token, opens_once] {
        assert!(!log.contains(secret), "the log holds {secret}:\n{log}");
    }
    let objects = log.lines().filter(|line| line.starts_with('{'));
    let objects: Vec<Value> = objects.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!objects.is_empty() && objects.iter().all(|object| object["level"].is_string()), "{log}");
}
