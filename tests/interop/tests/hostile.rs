//! A real node survives everything bad that the vectors know, sent by another program over gossip and
//! sync: it counts each by the rule that it breaks, and goes on serving who does no harm.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::collections::BTreeMap;

use multaqa_cluster::{Place, found, string, text, until, write_practice};
use multaqa_interop::{Client, of, python};
use serde_json::Value;

/// Bad messages and frames, and bad envelopes and headers that fit a message, there are at least.
const BAD: u64 = 170;

fn counts(rules: &Value) -> BTreeMap<String, u64> {
    rules.as_object().into_iter().flatten().map(|(rule, n)| (rule.clone(), n.as_u64().unwrap())).collect()
}

#[test]
fn a_node_refuses_every_bad_vector_by_its_rule_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, author) = Place::init(dir.path().join("settat"), "06.461.01.15");
    let _ = found(&settat);
    let running = settat.run(&[]);
    let invitation = string(&settat.object(["invite"]), "line");
    let mut honest = Client::start(python("examples/python/client.py").args([&invitation, "--listen", "1"]));
    let _ = honest.until("listening");
    let entries = settat.object(["status"])["store"]["entries"].clone();

    let mut hostile = Client::start(python("tests/interop/checks/hostile.py").arg(&invitation));
    let mut expected = BTreeMap::<String, u64>::new();
    loop {
        let lines = hostile.until("sent");
        let sent = lines.last().unwrap();
        for (rule, count) in counts(&sent["rules"]) {
            *expected.entry(rule).or_default() += count;
        }
        until(&format!("refused are {expected:?}"), || {
            counts(&settat.object(["status"])["refused"]) == expected
        });
        hostile.go_on();
        if sent["left"] == 0 {
            break;
        }
    }
    hostile.ends();
    assert!(expected.values().sum::<u64>() >= BAD, "{expected:?}");

    // Nothing of it was kept; what is published still reaches who listens, and is found by who comes.
    let status = settat.object(["status"]);
    assert_eq!(status["store"]["entries"], entries, "{status}");
    let practice = dir.path().join("practice.toml");
    write_practice(&practice, "Puits");
    let id = string(&settat.object(["publish", text(&practice)]), "id");
    assert_eq!(honest.until("gossip").last().unwrap()["id"], *id);
    honest.ends();
    let mut late = Client::start(python("examples/python/client.py").arg(&invitation));
    let lines = late.until("listening");
    assert_eq!(of(&lines, "log")[0]["head"], *id, "{lines:#?}");
    assert_eq!(of(&lines, "log")[0]["author"], *author);
    late.ends();
    running.stop();
}
