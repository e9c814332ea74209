//! The e-mail digest of a real node, sent to a real mail server and read as a mail program reads it.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use multaqa_cluster::{Place, found, join, string, text, until};
use multaqa_formats::{check, program};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const TITLE: &str = "الميزانية التشاركية <2026> & الشباب";

/// A mail server, which ends when it is dropped.
struct Server(Child);

impl Server {
    fn start(port: u16, folder: &Path) -> Self {
        let mut child = program("python")
            .args(["tests/formats/checks/mail.py", &port.to_string(), text(folder)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn messages(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|ending| ending == "eml")).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&check("read_mail", &[text(path)])).unwrap()
}

#[test]
fn a_digest_arrives_once_whatever_happens_to_the_server_and_the_node() {
    let dir = tempfile::tempdir().unwrap();
    let mail = dir.path().join("mail");
    fs::create_dir(&mail).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, hajeb_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&settat);
    let config = format!(
        "names = [\"open.example.ma\"]\n\n[digest]\nto = [\"Bureau <bureau@example.ma>\", \"maire@example.ma\"]\n\
         from = \"multaqa@example.ma\"\nsmtp = \"smtp://127.0.0.1:{port}\"\nevery = \"day\"\nlang = \"ar\"\n"
    );
    fs::write(settat.dir.join("config.toml"), config).unwrap();
    let running = settat.run(&[]);
    let state = settat.dir.join("digest.json");
    until("what is there already is noted", || state.exists());
    let other = join(&settat, &hajeb, &hajeb_id, HAJEB);
    let file = dir.path().join("practice.toml");
    let practice = format!(
        "kind = \"practice\"\nprinciples = [\"participation\"]\n\n[title]\nar = \"{TITLE}\"\n\n[summary]\nar = \"تجربة\"\n"
    );
    fs::write(&file, practice).unwrap();
    let id = string(&hajeb.object(["publish", text(&file)]), "id");
    until("the record arrives", || settat.records().contains(&id));
    until("it can be read", || settat.object(["show", &id])["body"] == "present");
    let preview = settat.text(["digest", "preview"]);
    assert!(preview.contains(TITLE), "{preview}");
    running.stop();

    // The node was off when the next one was due, and the mail server is off now.
    let mut kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    let due = kept["due"].as_str().unwrap().to_owned();
    kept["due"] = "2026-01-05T08:00:00".into();
    fs::write(&state, kept.to_string()).unwrap();
    let running = settat.run(&[]);
    let is_logged = |part: &str| fs::read_to_string(settat.log_file()).unwrap().contains(part);
    until("an attempt fails", || is_logged("the digest is sent again later"));
    assert!(messages(&mail).is_empty());
    let server = Server::start(port, &mail);
    until("it arrives", || messages(&mail).len() == 1);
    until("that is noted", || !fs::read_to_string(&state).unwrap().contains("2026-01-05"));
    running.stop();
    let kept: Value = serde_json::from_slice(&fs::read(&state).unwrap()).unwrap();
    assert!(kept["due"].as_str().unwrap() >= &*due, "{kept} after {due}");

    let message = read(&messages(&mail)[0]);
    assert_eq!(message["from"], "multaqa@example.ma");
    assert_eq!(message["to"], serde_json::json!(["bureau@example.ma", "maire@example.ma"]));
    assert_eq!(message["automatic"], "auto-generated");
    assert!(string(&message, "subject").contains("المستجدات"), "{message}");
    let (plain, html) = (string(&message, "text"), string(&message, "html"));
    let link = format!("https://open.example.ma/ar/records/{id}");
    assert!(plain.contains(TITLE) && plain.contains(&link), "{plain}");
    assert!(html.contains("dir=\"rtl\"") && html.contains(&format!("href=\"{link}\"")), "{html}");
    assert!(!html.contains("<2026>") && html.contains("2026"), "{html}");

    // A restart tells nothing twice. A try goes out all the same, and shows that the server takes what comes.
    let running = settat.run(&[]);
    let _ = settat.text(["digest", "send"]);
    until("the try arrives", || messages(&mail).len() == 2);
    running.stop();
    let ids: Vec<String> = messages(&mail).iter().map(|path| string(&read(path), "id")).collect();
    assert_eq!(ids.iter().filter(|id| id.starts_with("<digest.")).count(), 1, "{ids:?}");
    let log = fs::read_to_string(settat.log_file()).unwrap();
    assert!(!log.contains("example.ma"), "the log names people");
    drop(server);
    other.stop();

    // A password in the address, or in a file for all, is refused.
    let config = settat.dir.join("config.toml");
    let wrong = fs::read_to_string(&config).unwrap().replace("smtp://", "smtp://me:secret@");
    fs::write(&config, wrong).unwrap();
    let refused = settat.ask(["config", "check"]).ends(8);
    assert!(refused.err.contains("smtp-password-file") && !refused.err.contains("secret"), "{}", refused.err);
}
