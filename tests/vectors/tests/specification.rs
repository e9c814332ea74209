//! Holds the examples in `docs/protocol.md` against the vectors, and the rules that vectors name
//! against those that it defines.

use std::collections::BTreeSet;

use multaqa_vectors::{Case, Group, Input, folder};

fn specification() -> String {
    let path = folder().join("../../../docs/protocol.md");
    std::fs::read_to_string(path).expect("the specification is there")
}

fn cases(file: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(folder().join(file)).expect("the file is there");
    serde_json::from_str::<Group>(&text).expect("the file is a group").cases
}

/// Returns the bytes that the verdict on a case is about.
fn hex_of(input: &Input) -> &str {
    match input {
        Input::Chain { chain } => chain.last().expect("a chain has an envelope"),
        Input::Signature { hex, .. } | Input::Stored { hex, .. } => hex,
        Input::Cbor(bytes)
        | Input::Header(bytes)
        | Input::Envelope(bytes)
        | Input::Body(bytes)
        | Input::Frame(bytes)
        | Input::Message(bytes) => &bytes.hex,
    }
}

#[test]
fn examples_are_vectors() {
    let text = specification();
    let mut found = 0;
    // A block begins "```hex FILE: NAME"; its lines are bytes, then a semicolon and words.
    for block in text.split("\n```hex ").skip(1) {
        let (title, rest) = block.split_once('\n').expect("a block has lines");
        let (lines, _) = rest.split_once("\n```").expect("a block ends");
        let (file, name) = title.split_once(": ").expect("a block names its vector");
        let bytes: String = lines
            .lines()
            .flat_map(|line| line.split(';').next())
            .flat_map(|bytes| bytes.split_whitespace())
            .collect();
        let case = cases(file).into_iter().find(|case| case.name == name);
        let case = case.unwrap_or_else(|| panic!("{file} has no case {name}"));
        assert_eq!(bytes, hex_of(&case.input), "{file}: {name}");
        found += 1;
    }
    assert!(found >= 10, "{found} examples were found");
}

#[test]
fn every_rule_that_a_vector_names_is_defined() {
    let text = specification();
    let defined: BTreeSet<_> =
        text.lines().filter_map(|line| line.strip_prefix("- ")?.split_whitespace().next()).collect();
    for (file, group) in multaqa_vectors::make::groups() {
        for case in group.cases {
            assert!(defined.contains(case.rule.as_str()), "{file}: {} names {}", case.name, case.rule);
        }
    }
}
