//! `doctor`: faults that are planted, each named with its remedy, and what `--fix` mends.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::Desk;

/// A quiet configuration: ports that are free, so that what else runs on the machine is no fault.
const CONFIG: &str = r#"public = "127.0.0.1:0"
office = "127.0.0.1:0"
listen = ["/ip4/127.0.0.1/tcp/0"]
"#;

/// Returns what is found, by code; what the machine under the test may have itself is left out.
fn found(desk: &Desk, flags: &str, code: i32) -> Vec<(String, String)> {
    let (out, _) = desk.ends(&format!("--json --data a doctor{flags}"), code);
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["schema"], "multaqa/doctor/1");
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let findings = findings.map(|finding| (text(finding, "code"), text(finding, "severity")));
    findings
        .filter(|(code, _)| {
            !["disk-scarce", "disk-full", "route-missing", "files-few"].contains(&code.as_str())
        })
        .collect()
}

fn codes(desk: &Desk, flags: &str, code: i32) -> Vec<String> {
    found(desk, flags, code).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn a_node_without_a_fault_is_well() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", CONFIG);
    assert_eq!(found(&desk, "", 0), []);
    assert_eq!(found(&desk, " --deep", 0), []);
}

#[test]
fn faults_are_named_with_their_remedy_and_what_loses_nothing_is_mended() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", CONFIG);
    fs::set_permissions(desk.path("a/signing.key"), fs::Permissions::from_mode(0o644)).unwrap();
    desk.write("a/journal/000002.new", "half");
    let (out, _) = desk.ends("--data a doctor", 8);
    for shown in ["Others can read a key", "a/signing.key", "multaqa doctor --fix", "a/journal/000002.new"] {
        assert!(out.contains(shown), "{shown}: {out}");
    }
    let (out, _) = desk.ends("--data a doctor --fix", 0);
    assert_eq!(out.matches("mended").count(), 2, "{out}");
    assert_eq!(codes(&desk, "", 0), [""; 0]);
    assert!(!desk.path("a/journal/000002.new").exists());
}

#[test]
fn a_fault_that_keeps_a_node_from_opening_is_told_and_not_met_twice() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", CONFIG);
    desk.write("a/version", "9");
    assert_eq!(codes(&desk, "", 8), ["data-version"]);
    desk.ends("--data nowhere doctor", 8);
}

#[test]
fn a_wrong_configuration_a_lost_guard_and_a_changed_journal_are_found() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", "publik = \"127.0.0.1:0\"\n");
    assert!(codes(&desk, "", 8).contains(&"config-invalid".to_owned()));

    desk.write("a/config.toml", CONFIG);
    fs::remove_file(desk.path("a/guard")).unwrap();
    let guard = found(&desk, "", 0);
    assert!(guard.contains(&("guard-missing".into(), "warning".into())), "{guard:?}");
    assert!(guard.contains(&("quarantine".into(), "warning".into())), "the node says so too: {guard:?}");

    let segment = desk.path("a/journal/000001.seg");
    let mut bytes = fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&segment, bytes).unwrap();
    assert!(codes(&desk, " --deep", 8).contains(&"journal-damaged".to_owned()));
}

#[test]
fn faults_are_told_in_arabic_and_french() {
    let desk = Desk::with_network();
    desk.write("a/config.toml", CONFIG);
    fs::set_permissions(desk.path("a/node.key"), fs::Permissions::from_mode(0o640)).unwrap();
    for (language, text) in [("ar", "يمكن لغير المالك قراءة مفتاح"), ("fr", "D’autres peuvent lire une clé")]
    {
        let (out, _) = desk.ends(&format!("--data a --lang {language} doctor"), 8);
        assert!(out.contains(text), "{out}");
        assert_eq!(
            out.lines().filter(|line| line.contains("chmod") || line.contains("--fix")).count(),
            1,
            "{out}"
        );
    }
}
