use super::*;
use crate::messages::Language;

fn source(name: &str, text: &str) -> Source {
    let format = if name.ends_with(".json") { Format::Json } else { Format::Toml };
    Source { name: name.into(), text: text.into(), format }
}

fn faults(source: &Source) -> Vec<Fault> {
    source.draft(&Catalogue::new(Language::En)).err().unwrap_or_default()
}

const PRACTICE: &str = r#"kind = "practice"
title.en = "Open day"
summary.en = "Residents met the council."
principles = ["participation"]
licence = "CC-BY-4.0"
"#;

#[test]
fn a_good_file_has_no_fault() {
    let draft = source("a.toml", PRACTICE).draft(&Catalogue::new(Language::En)).unwrap();
    assert_eq!(draft.kind.as_deref(), Some("practice"));
    assert_eq!(draft.fields["title"]["en"], "Open day");
    assert!(draft.fields.get("kind").is_none());
}

#[test]
fn a_misspelt_field_is_named_with_its_line_and_what_was_meant() {
    let text = PRACTICE.replace("summary.en", "sumary.en");
    let faults = faults(&source("a.toml", &text));
    assert!(faults.iter().any(|fault| fault.starts_with("a.toml:3: sumary")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.contains("summary")), "{faults:?}");
}

#[test]
fn a_fault_in_a_list_has_the_line_of_its_item() {
    let text = format!("{PRACTICE}\n[[sources]]\naddress = \"https://example.ma/\"\n\n[[sources]]\naddress = 7\n");
    let faults = faults(&source("a.toml", &text));
    assert!(faults.iter().any(|fault| fault.starts_with("a.toml:11: sources[1].address")), "{faults:?}");
}

#[test]
fn a_syntax_error_has_its_line() {
    let faults = faults(&source("a.toml", "kind = \"practice\"\ntitle = \n"));
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("a.toml:2: "), "{faults:?}");
}

#[test]
fn a_place_that_does_not_exist_is_named() {
    let text = format!("{PRACTICE}place = \"01.571.99.99\"\n");
    let faults = faults(&source("a.toml", &text));
    assert!(faults[0].starts_with("a.toml:6: place"), "{faults:?}");
}

#[test]
fn json_has_lines_too() {
    let text = "{\n  \"kind\": \"practice\",\n  \"title\": {\"en\": \"a \\\" }\"},\n  \"principles\": [\"openess\"],\n  \
                \"sources\": [{\"address\": \"https://example.ma/\"},\n    {\"address\": 7}]\n}";
    let faults = faults(&source("a.json", text));
    assert!(faults.iter().any(|fault| fault.starts_with("a.json:4: principles")), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.starts_with("a.json:6: sources[1].address")), "{faults:?}");
}

#[test]
fn a_new_version_keeps_its_kind() {
    let catalogue = Catalogue::new(Language::En);
    let source = source("a.toml", PRACTICE);
    assert!(source.revision("practice", &catalogue).is_ok());
    let faults = source.revision("plan", &catalogue).err().unwrap();
    assert!(faults[0].starts_with("a.toml:1: kind"), "{faults:?}");
}
