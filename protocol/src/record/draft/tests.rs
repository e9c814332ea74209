use serde_json::{Value as Json, json};

use super::*;
use crate::record::Principle;
use crate::record::{Record, Words, read};

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

fn practice() -> Json {
    json!({
        "title": { "fr": "Budget citoyen" },
        "summary": { "fr": "Le budget en langage clair." },
        "principles": ["transparency"],
    })
}

fn plan() -> Json {
    json!({
        "title": { "fr": "Programme d’ouverture" },
        "summary": { "fr": "Deux ans." },
        "principles": ["participation"],
    })
}

fn profile() -> Json {
    json!({ "names": { "fr": "Sefrou" }, "level": "commune", "code": "03.451.01.09" })
}

/// Returns `base` with the fields of `more` set.
fn with(mut base: Json, more: Json) -> Value {
    base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value(base)
}

fn faults(kind: &str, value: Value) -> Vec<(String, Problem)> {
    draft(kind, value).unwrap_err().into_iter().map(|error| (error.path, error.problem)).collect()
}

fn fault(kind: &str, value: Value) -> (String, Problem) {
    let mut faults = faults(kind, value);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.remove(0)
}

fn at(path: &str, problem: Problem) -> (String, Problem) {
    (path.to_owned(), problem)
}

#[test]
fn the_smallest_drafts_are_taken() {
    for (kind, json) in [("practice", practice()), ("plan", plan()), ("profile", profile())] {
        let body = draft(kind, value(json)).unwrap();
        assert!(read(kind, &body).unwrap().title().is_some());
    }
}

#[test]
fn an_unknown_field_is_named_with_the_one_that_was_meant() {
    let faults = faults(
        "practice",
        with(practice(), json!({ "sumary": { "fr": "x" }, "qqq": 1, "results": [{ "valeu": "1" }] })),
    );
    assert!(faults.contains(&at("sumary", Problem::UnknownField { nearest: Some("summary") })));
    assert!(faults.contains(&at("qqq", Problem::UnknownField { nearest: None })));
    assert!(faults.contains(&at("results[0].valeu", Problem::UnknownField { nearest: Some("value") })));
}

#[test]
fn missing_fields_are_all_named() {
    assert_eq!(
        faults("practice", value(json!({}))),
        [
            at("principles", Problem::NoPrinciple { known: Principle::KNOWN }),
            at("summary", Problem::Missing),
            at("title", Problem::Missing),
        ]
    );
    assert_eq!(
        faults("plan", with(plan(), json!({ "commitments": [{ "title": { "fr": "x" } }] }))),
        [at("commitments[0].id", Problem::Missing)]
    );
    assert_eq!(
        faults("profile", value(json!({ "names": { "fr": "Sefrou" }, "level": "commune" }))),
        [at("code", Problem::Missing)]
    );
    assert!(draft("profile", value(json!({ "names": { "fr": "ATIL" }, "level": "association" }))).is_ok());
}

#[test]
fn wrong_types_are_all_named_and_hide_nothing_else() {
    let wrong = |expected, found| Problem::WrongType { expected, found };
    let faults = faults(
        "practice",
        with(
            practice(),
            json!({
                "title": "Budget citoyen",
                "principles": "transparency",
                "results": [{ "indicator": { "fr": "x" }, "value": true }],
                "period": { "start": { "year": 2024 }, "ongoing": 1 },
                "resources": { "budget": "400000" },
                "themes": [1],
                "sources": {},
                "place": "Sefrou",
            }),
        ),
    );
    assert_eq!(
        faults,
        [
            at("period.ongoing", wrong(Type::Bool, Type::Integer)),
            at("period.start", wrong(Type::Date, Type::Table)),
            at("place", Problem::BadPlace { text: "Sefrou".into() }),
            at("principles", wrong(Type::List, Type::Text)),
            at("resources.budget", wrong(Type::Integer, Type::Text)),
            at("results[0].value", wrong(Type::Number, Type::Bool)),
            at("sources", wrong(Type::List, Type::Table)),
            at("themes[0]", wrong(Type::Text, Type::Integer)),
            at("title", wrong(Type::Table, Type::Text)),
        ]
    );
    assert_eq!(fault("plan", value(json!([]))), at("", wrong(Type::Table, Type::List)));
    assert_eq!(fault("reply", value(json!("x"))), at("", wrong(Type::Table, Type::Text)));
}

#[test]
fn text_with_nothing_in_it_is_refused() {
    let faults = faults(
        "practice",
        with(
            practice(),
            json!({ "title": { "fr": " " }, "licence": "", "themes": [""], "partners": [{}], "place": "" }),
        ),
    );
    let paths: Vec<_> = faults.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["licence", "partners[0]", "place", "themes[0]", "title.fr"]);
    assert!(faults.iter().all(|(_, problem)| *problem == Problem::Empty));
}

#[test]
fn dates_that_are_none_are_refused() {
    for text in
        ["", "24", "2024-13", "2024-02-30", "2024-2-3", "30/11/2024", "2024-11-30T10:00", "+2024-01-1"]
    {
        let draft = with(practice(), json!({ "period": { "start": text } }));
        assert_eq!(fault("practice", draft), at("period.start", Problem::BadDate { text: text.into() }));
    }
}

#[test]
fn an_end_before_its_start_is_refused_as_far_as_both_are_known() {
    let (start, end) = ("2024-05".parse().unwrap(), "2024-04-30".parse().unwrap());
    let draft = with(plan(), json!({ "period": { "start": "2024-05", "end": "2024-04-30" } }));
    assert_eq!(fault("plan", draft), at("period.end", Problem::EndBeforeStart { start, end }));
    let draft =
        with(plan(), json!({ "stages": [{ "stage": "axes", "start": "2024-05", "end": "2024-04-30" }] }));
    assert_eq!(fault("plan", draft), at("stages[0].end", Problem::EndBeforeStart { start, end }));
    let within_a_year = with(plan(), json!({ "period": { "start": "2024-05", "end": "2024" } }));
    assert!(super::draft("plan", within_a_year).is_ok());
}

#[test]
fn places_are_codes_of_the_right_level() {
    for text in ["Sefrou", "3", "03.45", "03.451.1.09", "MA-1", "MA-tet", "03.451.01.091"] {
        let draft = with(practice(), json!({ "place": text }));
        assert_eq!(fault("practice", draft), at("place", Problem::BadPlace { text: text.into() }));
    }
    let draft = with(profile(), json!({ "code": "MA-05" }));
    assert_eq!(fault("profile", draft), at("code", Problem::OtherLevel { level: "region" }));
}

#[test]
fn a_record_names_a_principle() {
    let none = Problem::NoPrinciple { known: Principle::KNOWN };
    for principles in [json!([]), json!(["ma.rural_access"])] {
        let draft = with(practice(), json!({ "principles": principles }));
        assert_eq!(fault("practice", draft), at("principles", none.clone()));
    }
}

#[test]
fn a_misspelt_code_is_refused_and_an_extension_is_not() {
    let problem = Problem::UnknownCode {
        text: "transparancy".into(),
        nearest: Some("transparency"),
        known: Principle::KNOWN,
    };
    let draft = with(practice(), json!({ "principles": ["participation", "transparancy"] }));
    assert_eq!(fault("practice", draft), at("principles[1]", problem));
    let extended = with(practice(), json!({ "principles": ["participation", "ma.rural_access"] }));
    assert!(super::draft("practice", extended).is_ok());
}

#[test]
fn languages_are_tags() {
    for tag in ["français", "FR", "f", "fr_MA", "fr-"] {
        let draft = with(practice(), json!({ "context": { tag: "x" } }));
        let (path, problem) = fault("practice", draft);
        assert!(path.starts_with("context.") && matches!(problem, Problem::BadLanguage { .. }), "{tag}");
    }
    assert!(draft("practice", with(practice(), json!({ "context": { "zgh-Latn-MA": "x" } }))).is_ok());
}

#[test]
fn figures_are_numbers() {
    let measure = |value: Json| {
        with(practice(), json!({ "results": [{ "indicator": { "fr": "Demandes" }, "value": value }] }))
    };
    for text in ["many", "1.", ".5", "1,5", "--1", "1e3"] {
        let expected = at("results[0].value", Problem::BadNumber { text: text.into() });
        assert_eq!(fault("practice", measure(json!(text))), expected);
    }
    for (written, kept) in [(json!(44), "44"), (json!(-1), "-1"), (json!("-2.50"), "-2.50")] {
        let body = draft("practice", measure(written)).unwrap();
        let Record::Practice(practice) = read("practice", &body).unwrap() else { panic!() };
        assert_eq!(practice.results[0].value.as_str(), kept);
    }
}

#[test]
fn numbers_are_in_range() {
    let out = |min, max| Problem::OutOfRange { min, max };
    let max = MAX_INT.cast_signed();
    assert_eq!(fault("plan", with(plan(), json!({ "cycle": -1 }))), at("cycle", out(0, max)));
    assert_eq!(fault("plan", with(plan(), json!({ "sdgs": [5, 18] }))), at("sdgs[1]", out(1, 17)));
    let draft = with(plan(), json!({ "declared": [{ "percent": 101 }] }));
    assert_eq!(fault("plan", draft), at("declared[0].percent", out(0, 100)));
    let draft = value(json!({ "deep": [{ "n": max + 1 }] }));
    assert_eq!(fault("org.example.kind", draft), at("deep[0].n", out(-max, max)));
}

#[test]
fn ids_are_hex_in_a_draft_and_bytes_in_a_body() {
    let id = "ab".repeat(32);
    let target = json!({ "author": id, "seq": 7, "id": id });
    for (kind, base) in [("practice", practice()), ("org.example.kind", json!({}))] {
        let body = draft(kind, with(base.clone(), json!({ "replaces": target }))).unwrap();
        assert_eq!(crate::record::replaces(&body).unwrap().seq, 7);
        let bad = with(base.clone(), json!({ "replaces": { "author": id, "seq": 7, "id": "abc" } }));
        assert_eq!(fault(kind, bad), at("replaces.id", Problem::BadId { text: "abc".into() }));
        let bad = with(base.clone(), json!({ "replaces": { "author": id, "seq": 1u64 << 32, "id": id } }));
        let problem = Problem::OutOfRange { min: 0, max: u32::MAX.into() };
        assert_eq!(fault(kind, bad), at("replaces.seq", problem));
        let bad = with(base, json!({ "replaces": { "author": id, "seq": 7 } }));
        assert_eq!(fault(kind, bad), at("replaces.id", Problem::Missing));
    }
}

#[test]
fn addresses_are_of_pages() {
    for text in ["ogptetouan.ma", "ftp://x", "https://", "https://a b"] {
        let draft = with(practice(), json!({ "sources": [{ "address": text }] }));
        assert_eq!(
            fault("practice", draft),
            at("sources[0].address", Problem::BadAddress { text: text.into() })
        );
    }
}

#[test]
fn parts_of_a_plan_are_told_apart() {
    let commitment = |id: &str, axis: &str| json!({ "id": id, "title": { "fr": "x" }, "axis": axis });
    let draft = with(
        plan(),
        json!({
            "axes": [{ "id": "a", "title": { "fr": "x" } }],
            "commitments": [commitment("c1", "a"), commitment("c1", "b")],
        }),
    );
    assert_eq!(
        faults("plan", draft),
        [
            at("commitments[1].axis", Problem::UnknownAxis { text: "b".into() }),
            at("commitments[1].id", Problem::Repeated { text: "c1".into() }),
        ]
    );
}

#[test]
fn a_record_fits_into_a_body() {
    let (path, problem) =
        fault("practice", with(practice(), json!({ "context": { "fr": "x".repeat(MAX_BODY) } })));
    assert!(path.is_empty() && matches!(problem, Problem::Encoding(CodecError::TooLong { .. })));
    let deep = (0..20).fold(json!(1), |inner, _| json!([inner]));
    let (_, problem) = fault("org.example.kind", value(json!({ "deep": deep })));
    assert!(matches!(problem, Problem::Encoding(CodecError::TooDeep { .. })));
}

#[test]
fn text_is_signed_in_nfc() {
    let body = draft("practice", with(practice(), json!({ "title": { "fr": "Te\u{301}touan" } }))).unwrap();
    let Record::Practice(practice) = read("practice", &body).unwrap() else { panic!() };
    assert_eq!(practice.title, Words::from([("fr", "T\u{e9}touan")]));
}

#[test]
fn an_unknown_kind_is_taken_as_it_is() {
    let json = json!({ "anything": [1, { "b": true }], "title": "x" });
    assert_eq!(draft("org.example.kind", value(json.clone())).map(Value::Map), Ok(value(json)));
}

#[test]
fn a_file_names_its_kind() {
    let (kind, rest) = take_kind(with(practice(), json!({ "kind": "practice" }))).unwrap();
    assert_eq!((kind.as_str(), rest), ("practice", value(practice())));
    assert_eq!(take_kind(value(practice())).unwrap_err().problem, Problem::Missing);
    assert_eq!(take_kind(value(json!({ "kind": 1 }))).unwrap_err().problem.code(), "wrong_type");
    assert_eq!(take_kind(value(json!(1))).unwrap_err().path, "");
}
