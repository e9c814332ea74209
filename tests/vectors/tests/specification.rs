//! Holds the examples in `docs/protocol.md` against the vectors, the rules that vectors name against
//! those that it defines, and the records' fields and codes against the code's.

use std::cell::Cell;
use std::collections::BTreeSet;

use multaqa_protocol::record::{
    adoption, challenge, code, endorse, evaluation, event, evidence, link, party, plan, practice, profile,
    progress, proposal, reply,
};
use multaqa_vectors::{Case, Group, Input, folder};
use serde::de::{Deserialize, Deserializer, Error, Visitor, value};
use serde::forward_to_deserialize_any;

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
        Input::Signature { hex, .. } | Input::Stored { hex, .. } | Input::Record { hex, .. } => hex,
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

/// Notes the fields for which a struct asks, and gives it nothing.
struct Probe<'a>(&'a Cell<&'static [&'static str]>);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.set(fields);
        Err(Error::custom("asked"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn fields<'de, T: Deserialize<'de>>() -> BTreeSet<&'static str> {
    let asked = Cell::new(&[][..]);
    assert!(T::deserialize(Probe(&asked)).is_err());
    asked.get().iter().copied().collect()
}

#[test]
fn records_have_the_fields_of_the_specification() {
    let text = specification();
    let types = [
        ("profile", fields::<profile::Profile>()),
        ("practice", fields::<practice::Practice>()),
        ("plan", fields::<plan::Plan>()),
        ("challenge", fields::<challenge::Challenge>()),
        ("proposal", fields::<proposal::Proposal>()),
        ("became", fields::<proposal::Became>()),
        ("progress", fields::<progress::Progress>()),
        ("milestone-state", fields::<progress::MilestoneState>()),
        ("evaluation", fields::<evaluation::Evaluation>()),
        ("opening", fields::<evaluation::Opening>()),
        ("recommendation", fields::<evaluation::Recommendation>()),
        ("adoption", fields::<adoption::Adoption>()),
        ("reply", fields::<reply::Reply>()),
        ("event", fields::<event::Event>()),
        ("endorse", fields::<endorse::Endorse>()),
        ("commitment", fields::<plan::Commitment>()),
        ("stage", fields::<plan::StageHeld>()),
        ("axis", fields::<plan::Axis>()),
        ("milestone", fields::<plan::Milestone>()),
        ("resources", fields::<practice::Resources>()),
        ("measure", fields::<evidence::Measure>()),
        ("participation", fields::<evidence::Participation>()),
        ("declared", fields::<evidence::Declared>()),
        ("partner", fields::<party::Partner>()),
        ("party", fields::<party::Party>()),
        ("contact", fields::<party::Contact>()),
        ("membership", fields::<profile::Membership>()),
        ("node", fields::<profile::Node>()),
        ("source", fields::<evidence::Source>()),
        ("external-id", fields::<evidence::ExternalId>()),
        ("attachment", fields::<evidence::Attachment>()),
        ("translation", fields::<evidence::Translation>()),
        ("collected", fields::<evidence::Collected>()),
        ("period", fields::<multaqa_protocol::record::Period>()),
        ("ref", fields::<link::Ref>()),
    ];
    for (name, expected) in types {
        let is_this = |line: &&str| line.split_once('=').is_some_and(|(found, _)| found.trim() == name);
        let start = text.lines().position(|line| is_this(&line)).unwrap_or_else(|| panic!("no {name}"));
        let mut lines = text.lines().skip(start);
        let mut rule = lines.next().unwrap_or_default().to_owned();
        lines.take_while(|line| line.starts_with(' ')).for_each(|line| rule.push_str(line));
        // Quoted, and followed by a colon.
        let parts: Vec<&str> = rule.split('"').collect();
        let found = parts.windows(2).skip(1).step_by(2).filter(|pair| pair[1].starts_with(':'));
        assert_eq!(found.map(|pair| pair[0]).collect::<BTreeSet<_>>(), expected, "{name}: {rule}");
    }
}

#[test]
fn vocabularies_are_those_of_the_specification() {
    let text = specification();
    let vocabularies = [
        ("| `level` |", code::Level::KNOWN),
        ("| `principles` |", code::Principle::KNOWN),
        ("| `outcomes` |", code::Outcome::KNOWN),
        ("| `ogp_values` |", code::OgpValue::KNOWN),
        ("| `stage` |", code::Stage::KNOWN),
        ("| `status` |", code::Status::KNOWN),
        ("| `status` of a milestone's state |", code::MilestoneStatus::KNOWN),
        ("| `state` of what a proposal became |", code::ProposalState::KNOWN),
        ("| `state` of an adoption |", code::AdoptionState::KNOWN),
        ("| `completion` |", code::Completion::KNOWN),
        ("| `early_results`, `result` of an opening |", code::EarlyResult::KNOWN),
        ("| `ambition` |", code::Ambition::KNOWN),
        ("| `verifiable`, `relevant` |", code::Answer::KNOWN),
        ("| `capacity` |", code::Capacity::KNOWN),
        ("| `role` |", code::Role::KNOWN),
        ("| `programme`, `framework` |", code::Framework::KNOWN),
        ("| `confidence` |", code::Confidence::KNOWN),
        ("| `themes` of `collected` |", code::Origin::KNOWN),
    ];
    for (row, known) in vocabularies {
        let rest = text.lines().find_map(|line| line.strip_prefix(row)).unwrap_or_else(|| panic!("no {row}"));
        let (codes, _) = rest.split_once('|').expect("a row ends");
        let codes: Vec<&str> =
            codes.split(',').map(|code| code.split('(').next().unwrap_or_default().trim()).collect();
        assert_eq!(codes, known, "{row}");
    }
}
