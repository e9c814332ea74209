//! Runs every case of every file in `data/`, and holds the files against how they were made.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_vectors::{Expect, Group, folder, judge, make, to_json};

/// Returns the text of every file in the folder, whatever its name.
fn files() -> BTreeMap<String, String> {
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let entry = entry.expect("the folder is readable");
        let name = entry.file_name().into_string().expect("names are UTF-8");
        (name, std::fs::read_to_string(entry.path()).expect("the file is text"))
    };
    std::fs::read_dir(folder()).expect("the folder is there").map(read).collect()
}

fn groups() -> Vec<Group> {
    let parse = |(name, text): (String, String)| {
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    files().into_iter().map(parse).collect()
}

#[test]
fn every_case_has_its_verdict() {
    let mut wrong = vec![];
    for case in groups().into_iter().flat_map(|group| group.cases) {
        let verdict = judge(&case.input);
        if verdict != case.expect {
            wrong.push(format!("{} ({}): expected {:?}, got {verdict:?}", case.name, case.rule, case.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_is_read_whole() {
    for (name, text) in files() {
        let group: Group = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(to_json(&group), text, "{name} has something that is not read");
    }
}

#[test]
fn the_files_are_as_they_were_made() {
    let made: BTreeMap<_, _> =
        make::groups().into_iter().map(|(name, group)| (name.to_owned(), to_json(&group))).collect();
    let files = files();
    assert_eq!(made.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    for (name, text) in made {
        assert!(files[&name] == text, "{name} differs from how it was made");
    }
}

#[test]
fn every_rule_has_good_cases_and_bad() {
    let (mut good, mut bad) = (BTreeMap::<_, u32>::new(), BTreeMap::<_, u32>::new());
    for case in groups().into_iter().flat_map(|group| group.cases) {
        let counts = if matches!(case.expect, Expect::Broken(_)) { &mut bad } else { &mut good };
        *counts.entry(case.rule).or_default() += 1;
    }
    for rule in
        ["B5", "C1", "C2", "C3", "C4", "C5", "R1", "R3", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8"]
    {
        println!("{rule}: {} good, {} bad", good.get(rule).unwrap_or(&0), bad.get(rule).unwrap_or(&0));
        assert!(good.contains_key(rule) && bad.contains_key(rule), "{rule} has cases of one side only");
    }
}

#[test]
fn a_name_is_unique_in_its_file() {
    for group in groups() {
        let mut names = BTreeSet::new();
        for case in group.cases {
            assert!(names.insert(case.name.clone()), "two cases are named {}", case.name);
        }
    }
}

/// The tests above would fail if a file were altered: an unknown kind, an unread field, another id.
#[test]
fn what_is_not_known_is_refused() {
    let case = |text: &str| serde_json::from_str::<Group>(&format!(r#"{{"about": "", "cases": [{text}]}}"#));
    let known = r#"{"name": "n", "rule": "C2", "kind": "cbor", "hex": "00", "expect": {"broken": "C2"}}"#;
    assert_ne!(judge(&case(known).unwrap().cases[0].input), Expect::Broken("C2".into()));
    assert!(case(&known.replace("cbor", "cbors")).is_err());
    assert!(case(&known.replace("broken", "brocken")).is_err());
    let extra = known.replace("\"hex\"", "\"hexx\": \"\", \"hex\"");
    assert!(case(&extra).map_or(true, |group| !to_json(&group).contains("hexx")));
}
