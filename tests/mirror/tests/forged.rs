//! A node whose answers are altered on the way: the mirror sees it by itself, writes nothing of it, and says so.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use multaqa_cluster::{Place, found, string, text, write_practice};
use multaqa_mirror::Postgres;
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const SOCKET: &str = "multaqa.sock";

/// The list of logs, and the pages of one.
const LOGS: &str = "multaqa/mirror-logs/1";
const PAGE: &str = "multaqa/mirror-page/1";

/// What is done to an answer.
type Alter = fn(&mut Value);

/// Stands between a mirror and a running node, in a folder of its own, and alters its answers of a schema.
fn between(dir: PathBuf, node: PathBuf, schema: &'static str, alter: Alter) -> Place {
    fs::create_dir(&dir).unwrap();
    fs::copy(node.join("version"), dir.join("version")).unwrap();
    let listener = UnixListener::bind(dir.join(SOCKET)).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if stream.read(&mut byte).unwrap() == 0 {
                    break;
                }
                request.push(byte[0]);
            }
            if request.is_empty() {
                // Somebody looked whether anybody answers.
                continue;
            }
            let request = String::from_utf8(request).unwrap();
            let mut asked = UnixStream::connect(node.join(SOCKET)).unwrap();
            asked.write_all(request.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).unwrap();
            let mut answer = Vec::new();
            asked.read_to_end(&mut answer).unwrap();
            let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
            let mut body = answer.split_off(end);
            let mut value: Value = serde_json::from_slice(&body).unwrap();
            if value["schema"] == schema {
                alter(&mut value);
                body = value.to_string().into_bytes();
            }
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
            stream.write_all(format!("{head}{}\r\n\r\n", body.len()).as_bytes()).unwrap();
            stream.write_all(&body).unwrap();
        }
    });
    Place::new(dir)
}

/// Alters bytes that stand as Base64 in the last entry of a page.
fn last(page: &mut Value, field: &str, alter: impl FnOnce(&mut Vec<u8>)) {
    let last = page["items"].as_array_mut().unwrap().last_mut().unwrap();
    let mut bytes = STANDARD.decode(last[field].as_str().unwrap()).unwrap();
    alter(&mut bytes);
    last[field] = STANDARD.encode(bytes).into();
}

#[test]
fn nothing_is_written_of_what_its_author_did_not_sign() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Jardin partagé");
    let id = string(&settat.object(["publish", text(&file)]), "id");
    let running = settat.run(&[]);
    let hub = Postgres::new();

    let alterations: [(&str, &str, Alter); 5] = [
        // Another signature, another header, another body, an entry left out, and another's entry.
        ("signature", "V5", |page| last(page, "envelope", |bytes| *bytes.last_mut().unwrap() ^= 1)),
        ("header", "V5", |page| {
            last(page, "envelope", |bytes| {
                let at = bytes.windows(8).position(|window| window == b"practice").unwrap();
                bytes[at] = b'q';
            });
        }),
        ("body", "V7", |page| last(page, "bytes", |bytes| *bytes.last_mut().unwrap() ^= 1)),
        ("gap", "V3", |page| {
            let items = page["items"].as_array_mut().unwrap();
            items.remove(items.len() - 2);
        }),
        ("author", "V3", |page| {
            let other = "00".repeat(32);
            page["log"]["author"] = other.into();
        }),
    ];
    for (name, rule, alter) in alterations {
        let altered = between(dir.path().join(name), settat.dir.clone(), PAGE, alter);
        let refused = altered.ask(["mirror", "--once", "--to", &hub.address()]).ends(3);
        assert!(
            refused.err.contains(rule) && refused.err.contains("not what its author signed"),
            "{name}: {}",
            refused.err
        );
        assert_eq!(hub.number("SELECT count(*) FROM multaqa.entries"), 0, "{name}");
        assert_eq!(hub.number("SELECT batch FROM multaqa.mirror"), 0, "{name}");
    }

    // Unaltered on the same way it is taken.
    let honest = between(dir.path().join("honest"), settat.dir.clone(), PAGE, |_| ());
    let done = honest.object(["mirror", "--once", "--to", &hub.address()]);
    assert_eq!(done["new"].as_u64(), Some(hub.number("SELECT count(*) FROM multaqa.entries")));
    assert_eq!(hub.number(&format!("SELECT count(*) FROM multaqa.records WHERE id = '\\x{id}'")), 1);

    // A log that the node lets go is marked, and counts again once it is back.
    let standing = "SELECT string_agg(DISTINCT status, ' '), count(*) FROM multaqa.entries";
    let before = (hub.ask(standing), hub.fingerprint());
    let without: Alter = |logs| {
        logs["items"] = Value::Array(Vec::new());
        logs["state"] = "without".into();
    };
    let forgetful = between(dir.path().join("forgetful"), settat.dir.clone(), LOGS, without);
    let _ = forgetful.object(["mirror", "--once", "--to", &hub.address()]);
    assert_eq!(hub.ask(standing), before.0.replace("canonical", "not-held"));
    assert_eq!(hub.number("SELECT count(*) FROM multaqa.records WHERE is_current"), 0);
    let _ = honest.object(["mirror", "--once", "--to", &hub.address()]);
    assert_eq!((hub.ask(standing), hub.fingerprint()), before);

    // The node of another network does not mix with the copy.
    let (other, _) = Place::init(dir.path().join("other"), "03.171.01.05");
    let _ = found(&other);
    let refused = other.ask(["mirror", "--once", "--to", &hub.address()]).ends(8);
    assert!(refused.err.contains("another network"), "{}", refused.err);
    let _ = other.ask(["mirror", "--once", "--to", "http://nowhere"]).ends(2);
    running.stop();
}
