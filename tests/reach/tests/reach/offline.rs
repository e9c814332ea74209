//! An audit opens no connection: it runs in a namespace without any network, and every call that has to do with
//! one is noted by the kernel's tracer.

use std::fs;
use std::process::Command;

use multaqa_cluster::{Answer, Place, found, multaqa_under, string, text, write_practice};

use super::SETTAT;

#[test]
fn an_audit_makes_no_network_call() {
    let dir = tempfile::tempdir().unwrap();
    let (place, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&place);
    let practice = dir.path().join("practice.toml");
    write_practice(&practice, "Budget participatif");
    let _ = string(&place.object(["publish", text(&practice)]), "id");
    let [bundle, report, calls] = ["all.bundle", "report.html", "calls"].map(|name| dir.path().join(name));
    let _ = place.text(["export", "bundle", "--out", text(&bundle)]);

    let tracer = ["unshare", "--net", "strace", "-f", "-qq", "-e", "trace=network", "-o", text(&calls)];
    let made = || fs::read_to_string(&calls).expect("strace is installed and may trace");
    let mut audit = multaqa_under(&tracer);
    let answer = Answer::of(audit.args(["verify", text(&bundle), "--report", text(&report)]));
    assert_eq!((answer.code, made().as_str()), (0, ""), "{answer:?}");
    assert!(fs::read_to_string(&report).unwrap().contains("Budget participatif"));

    // The tracer sees such calls where there are any.
    let mut other = Command::new(tracer[0]);
    let answer =
        Answer::of(other.args(&tracer[1..]).args(["python3", "-c", "import socket; socket.socket()"]));
    assert!(made().contains("socket(AF_INET"), "{answer:?}");
}
