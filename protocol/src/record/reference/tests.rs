use serde_json::{Value as Json, json};

use super::*;
use crate::record::draft::Type;
use crate::record::{KINDS, Problem, draft};

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

/// Returns a draft in which `inner` stands at a path of tables; `commitments` is a list.
fn at(path: &[&str], inner: Json) -> Json {
    path.iter().rev().fold(inner, |inner, field| match *field {
        "commitments" => json!({ "commitments": [inner] }),
        field => json!({ field: inner }),
    })
}

/// A field that is listed takes a reference; in a list, it takes references.
#[test]
fn every_listed_field_takes_a_reference_and_no_text() {
    for reference in REFERENCES {
        assert!(KINDS.contains(&reference.kind) && reference.to.iter().all(|kind| KINDS.contains(kind)));
        let is_reference = |json: Json| {
            let errors = draft(reference.kind, value(at(reference.path, json))).unwrap_err();
            let field = *reference.path.last().unwrap();
            errors.iter().any(|error| {
                let wrong = Problem::WrongType { expected: Type::Table, found: Type::Text };
                error.path.contains(field) && error.problem == wrong
            })
        };
        assert!(is_reference(json!("abcd")) || is_reference(json!(["abcd"])), "{reference:?}");
    }
}

/// The sources of the kinds name no `Ref` that the table lacks.
#[test]
fn no_field_that_points_at_records_is_left_out() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/record");
    let mut fields = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            // The fields of a schema stand two levels deep.
            let lines = text.lines().filter(|line| line.starts_with("        pub "));
            let points = |line: &&str| line.ends_with(": Option<Ref>,") || line.ends_with(": Vec<Ref>,");
            fields += lines.filter(points).filter(|line| !line.contains("replaces:")).count();
        }
    }
    assert_eq!(fields, REFERENCES.len());
}

#[test]
fn text_becomes_the_reference_that_it_stands_for_and_pointers_tell_it() {
    let id = "ab".repeat(32);
    let target = json!({ "author": id, "seq": 7, "id": id });
    let mut plan = value(json!({
        "title": { "fr": "Programme" }, "summary": { "fr": "Deux ans." }, "principles": ["participation"],
        "commitments": [{ "id": "c", "title": { "fr": "x" }, "proposals": ["one", target, "two"] }],
    }));
    let mut asked = Vec::new();
    resolve(PLAN, &mut plan, &mut |path, text| {
        asked.push(format!("{path} {text}"));
        (text == "one").then(|| value(target.clone()))
    });
    assert_eq!(asked, ["commitments[0].proposals[0] one", "commitments[0].proposals[2] two"]);
    let errors = draft(PLAN, plan.clone()).unwrap_err();
    assert_eq!(errors[0].path, "commitments[0].proposals[2]");
    resolve(PLAN, &mut plan, &mut |_, _| Some(value(target.clone())));
    let body = draft(PLAN, plan).unwrap();
    let found = pointers(PLAN, &body);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2].path, "commitments[0].proposals[2]");
    assert_eq!((found[2].target.seq, found[2].to), (7, [PROPOSAL].as_slice()));
    assert!(pointers("org.example.kind", &body).is_empty());
}
