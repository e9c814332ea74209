//! `debug bundle`: what is in it, and that no secret is.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;

use super::Desk;

/// Ports that are free.
const CONFIG: &str = r#"public = "127.0.0.1:0"
office = "127.0.0.1:0"
listen = ["/ip4/127.0.0.1/tcp/0"]
names = ["open.settat.ma"]
"#;
/// What is planted: a password, a token, a draft.
const PLANTED: [&str; 3] = ["planted-password-41", "planted-token-42", "planted-draft-43"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_file_for_whoever_helps_has_no_secret_in_it() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", CONFIG);
    fs::create_dir_all(desk.path("a/office/drafts")).unwrap();
    desk.write("a/office/accounts-planted.json", PLANTED[0]);
    desk.write("a/office/sessions-planted.json", PLANTED[1]);
    desk.write("a/office/drafts/planted.json", PLANTED[2]);
    let (out, _) = desk.ends("--data a debug bundle --out help.tar", 0);
    assert!(out.contains("help.tar") && out.contains("doctor.json"), "{out}");
    let mode = fs::metadata(desk.path("help.tar")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let mut archive = tar::Archive::new(File::open(desk.path("help.tar")).unwrap());
    let (mut names, mut all) = (Vec::new(), Vec::new());
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        names.push(entry.path().unwrap().file_name().unwrap().to_string_lossy().into_owned());
        entry.read_to_end(&mut all).unwrap();
    }
    for name in [
        "about.json",
        "doctor.json",
        "config.toml",
        "files.txt",
        "status.json",
        "metrics.txt",
        "proc-version",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
    let all = String::from_utf8_lossy(&all).into_owned();
    for shown in ["multaqa_ready", "open.settat.ma", "signing.key", "\"program\""] {
        assert!(all.contains(shown), "{shown} is not in it");
    }
    for secret in PLANTED {
        assert!(!all.contains(secret) && !all.contains(&hex(secret.as_bytes())), "{secret} is in it");
    }
    let raw = fs::read(desk.path("help.tar")).unwrap();
    for file in ["a/signing.key", "a/node.key", "a/guard"] {
        let bytes = fs::read(desk.path(file)).unwrap();
        let part = &bytes[..32];
        assert!(!raw.windows(part.len()).any(|window| window == part), "{file} is in it");
        assert!(!all.contains(&hex(part)), "{file} is in it as text");
    }
}
