use std::collections::BTreeSet;

use multaqa_protocol::record::code;

use super::*;

/// The vocabularies of which the types of records know the codes.
const TYPED: [(&str, &[&str]); 18] = [
    ("principle", code::Principle::KNOWN),
    ("outcome", code::Outcome::KNOWN),
    ("ogp_value", code::OgpValue::KNOWN),
    ("stage", code::Stage::KNOWN),
    ("status", code::Status::KNOWN),
    ("milestone_status", code::MilestoneStatus::KNOWN),
    ("proposal_state", code::ProposalState::KNOWN),
    ("adoption_state", code::AdoptionState::KNOWN),
    ("completion", code::Completion::KNOWN),
    ("early_result", code::EarlyResult::KNOWN),
    ("ambition", code::Ambition::KNOWN),
    ("answer", code::Answer::KNOWN),
    ("capacity", code::Capacity::KNOWN),
    ("level", code::Level::KNOWN),
    ("role", code::Role::KNOWN),
    ("framework", code::Framework::KNOWN),
    ("confidence", code::Confidence::KNOWN),
    ("origin", code::Origin::KNOWN),
];
/// Vocabularies whose codes stand in open lists, or in no record, with how many there are at least.
const OPEN: [(&str, usize); 4] = [("value", 2), ("charter_commitment", 5), ("policy_area", 50), ("goal", 17)];

fn codes(vocabulary: &str) -> Vec<&str> {
    terms(vocabulary).iter().map(|term| term.code.as_str()).collect()
}

#[test]
fn every_code_that_records_know_has_labels_and_no_other() {
    for (vocabulary, known) in TYPED {
        assert_eq!(codes(vocabulary), known, "{vocabulary}");
    }
    for (vocabulary, least) in OPEN {
        assert!(codes(vocabulary).len() >= least, "{vocabulary}");
    }
    let named: BTreeSet<&str> =
        TYPED.iter().map(|(name, _)| *name).chain(OPEN.map(|(name, _)| name)).collect();
    assert_eq!(VOCABULARIES.vocabularies.keys().map(String::as_str).collect::<BTreeSet<_>>(), named);
    let goals: Vec<String> = (1..=17).map(|goal| goal.to_string()).collect();
    assert_eq!(codes("goal"), goals);
    assert_eq!(version(), 1);
}

#[test]
fn every_label_is_in_the_script_of_its_language_and_stands_once() {
    let is_arabic = |letter: char| ('\u{600}'..='\u{6ff}').contains(&letter);
    for (vocabulary, terms) in &VOCABULARIES.vocabularies {
        for tag in ["ar", "fr", "en"] {
            let labels: BTreeSet<&str> = terms.iter().filter_map(|term| term.label(tag)).collect();
            assert_eq!(labels.len(), terms.len(), "{vocabulary}: a label in {tag} stands twice");
            for label in labels {
                let in_arabic = label.chars().filter(|letter| is_arabic(*letter)).count();
                let letters = label.chars().filter(|letter| letter.is_alphabetic()).count();
                assert!(letters > 1 && label.trim() == label, "{vocabulary}: {label}");
                let expected = if tag == "ar" { in_arabic > 0 } else { in_arabic == 0 };
                assert!(expected, "{vocabulary}: {label} is not in {tag}");
            }
        }
        let codes: BTreeSet<&str> = terms.iter().map(|term| term.code.as_str()).collect();
        assert_eq!(codes.len(), terms.len(), "{vocabulary}: a code stands twice");
    }
}

#[test]
fn what_is_not_known_is_shown_as_it_is() {
    assert_eq!(label("principle", "transparency", "ar"), "الشفافية");
    assert_eq!(label("principle", "ma.foresight", "ar"), "ma.foresight");
    assert_eq!(label("principle", "transparency", "zgh"), "transparency");
    assert_eq!(label("mood", "glad", "fr"), "glad");
}
