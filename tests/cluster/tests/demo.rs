//! `demo --once`: what programs read of it, the folders that it leaves, and how it fails.

use std::path::Path;

use multaqa_cluster::{Answer, Place, items, multaqa, string, text};
use serde_json::Value;

fn demo(dir: &Path, args: &[&str]) -> Answer {
    Answer::of(multaqa().args(["demo", "--once", "--json", "--dir", text(dir)]).args(args))
}

#[test]
fn every_node_ends_with_everything_and_its_folder_works_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let report = demo(dir.path(), &["--nodes", "3"]).ends(0).object();
    assert_eq!(report["converged"], true, "{report}");
    assert!(report["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0), "{report}");
    let entries = report["entries"].as_u64().unwrap();
    let nodes = report["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 3);
    let mut records: Option<Vec<String>> = None;
    for node in nodes {
        for field in ["author", "place", "data", "public", "office"] {
            assert!(!string(node, field).is_empty(), "{field}: {node}");
        }
        assert_eq!(node["entries"].as_u64(), Some(entries), "{report}");
        assert_eq!(node["heads"], nodes[0]["heads"], "{report}");
        let data = string(node, "data");
        assert!(Path::new(&data).starts_with(dir.path()), "{data}");
        let place = Place::new(data);
        assert_eq!(place.object(["status"])["author"], node["author"]);
        assert_eq!(place.object(["members"])["totals"]["members"], 3);
        let mut list = place.records();
        list.sort();
        assert!(!list.is_empty());
        assert_eq!(*records.get_or_insert_with(|| list.clone()), list);
        for item in items(&place.object(["list"])) {
            assert_eq!(item["confirmation"]["confirmed"], true, "{item}");
        }
        assert_eq!(place.object(["verify", text(&place.dir)])["verdict"], "verified");
    }
}

#[test]
fn a_demo_without_time_says_who_lacks_what() {
    let dir = tempfile::tempdir().unwrap();
    let answer = demo(dir.path(), &["--nodes", "4", "--timeout", "0"]).ends(7);
    let line = answer.err.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(line).unwrap_or_else(|cause| panic!("{cause}: {answer:?}"));
    assert_eq!(error["exit"], 7, "{error}");
    assert!(error["items"].as_array().is_some_and(|lacks| !lacks.is_empty()), "{error}");

    // A folder that holds anything is left as it is.
    let again = demo(dir.path(), &["--nodes", "2"]).ends(8);
    assert!(again.out.is_empty(), "{again:?}");
}
