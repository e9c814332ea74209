use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use multaqa_protocol::codec::Value;
use multaqa_protocol::record::{self, KINDS};
use serde_json::{Value as Json, json};

use super::tree::described;
use super::*;
use crate::vocabulary;

fn tree(json: Json) -> Tree {
    json.as_object().unwrap().clone()
}

fn pairs(sent: &[(&str, &str)]) -> Pairs {
    let mut pairs = Pairs::new();
    for (name, value) in sent {
        pairs.entry((*name).to_owned()).or_default().push((*value).to_owned());
    }
    pairs
}

/// What a browser sends of a form that shows a tree: every input with what stands in it.
fn sent(kind: &str, tree: &Tree) -> Pairs {
    let mut pairs = Pairs::new();
    walk(kind, tree, &mut |path, field, value| {
        let text = |value: &Json| match value {
            Json::String(text) => text.clone(),
            other => pin(other).unwrap_or_else(|| other.to_string()),
        };
        let values: Vec<String> = match (field.input, value) {
            (Input::Kept | Input::Group(_), _) | (_, None) => return,
            (Input::Groups(_), Some(value)) => {
                let count = value.as_array().unwrap().len();
                return drop(pairs.insert(format!("{path}#"), vec![count.to_string()]));
            }
            (Input::Line | Input::Prose, Some(words)) => {
                for (tag, value) in words.as_object().unwrap() {
                    // A browser sends the ends of lines so.
                    let value = value.as_str().unwrap().replace('\n', "\r\n");
                    pairs.insert(format!("{path}.{tag}"), vec![value]);
                }
                return;
            }
            (_, Some(Json::Array(items))) => items.iter().map(text).collect(),
            (_, Some(value)) => vec![text(value)],
        };
        pairs.insert(path.to_owned(), values);
    });
    pairs
}

/// Returns a tree without what its form has, but for what nobody can change there.
fn bare(kind: &str, tree: &Tree) -> Tree {
    let kept = |inputs: &[Field]| inputs.iter().any(|field| matches!(field.input, Input::Kept));
    let mut bare = tree.clone();
    for section in sections(kind) {
        for field in section.fields {
            let holds_kept = matches!(field.input, Input::Groups(fields) if kept(fields) || holds(fields));
            if !holds_kept && !matches!(field.input, Input::Codes(_) | Input::Numbers(_) | Input::Records(_))
            {
                bare.remove(field.name);
            }
        }
    }
    bare
}

/// Tells whether a list of groups has lists of its own, whose order is that of what was there before.
fn holds(fields: &[Field]) -> bool {
    fields.iter().any(|field| {
        matches!(field.input, Input::Groups(_) | Input::Codes(_) | Input::Numbers(_) | Input::Records(_))
            || matches!(field.input, Input::Group(inner) if holds(inner))
    })
}

fn round(kind: &str, json: Json) {
    let body = record::draft(kind, serde_json::from_value::<Value>(json).unwrap()).unwrap();
    let before = tree(serde_json::to_value(Value::Map(body.clone())).unwrap());
    let mut after = bare(kind, &before);
    apply(kind, &mut after, &sent(kind, &before));
    clean(kind, &mut after);
    assert_eq!(after, before, "{kind}");
    let value: Value = serde_json::from_value(Json::Object(after)).unwrap();
    assert_eq!(record::draft(kind, value).unwrap(), body, "{kind}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

#[test]
fn the_example_records_come_back_out_of_their_forms_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/records");
    let mut count = 0;
    for path in files(&folder) {
        let value: Value = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (kind, value) = record::take_kind(value).unwrap();
        let fields = serde_json::to_value(&value).unwrap();
        if record::draft(&kind, value).is_ok() {
            round(&kind, fields);
            count += 1;
        }
    }
    assert!(count > 50, "only {count} records were tried");
}

fn reference(digit: &str) -> Json {
    json!({ "author": "ab".repeat(32), "seq": 7, "id": digit.repeat(64) })
}

#[test]
fn a_record_of_every_kind_comes_back_out_of_its_form_as_it_was() {
    let text = json!({ "ar": "نص", "fr": "Texte\nen deux lignes" });
    let party = json!([{ "place": "01.573.01.01", "author": "cd".repeat(32) }]);
    let results = json!([{ "indicator": text, "baseline": "1.5", "value": "-2", "unit": "%",
        "date": "2024-11", "source": "https://example.org/a", "note": text }]);
    let period = json!({ "start": "2024", "end": "2025-02", "ongoing": true });
    let aims = json!({ "title": text, "summary": text, "principles": ["participation", "transparency", "ma.more"],
        "themes": ["youth", "water"], "sdgs": [16, 11], "outcomes": ["trust"], "ogp_values": ["civic_participation"] });
    let with = |more: Json| {
        let mut all = aims.as_object().unwrap().clone();
        all.extend(more.as_object().unwrap().clone());
        Json::Object(all)
    };
    round(
        "practice",
        with(json!({ "results": results, "period": period, "answers": [reference("b"), reference("a")],
        "part_of": reference("c"), "resources": { "budget": 400_000, "staff": 2, "note": text },
        "attachments": [{ "name": "a", "hash": "00".repeat(32), "size": 1, "mime": "b/c", "alt": text }],
        "collected": { "confidence": "low" } })),
    );
    round("challenge", with(json!({ "sought": text, "addressees": party, "answered_by": [reference("a")] })));
    round(
        "plan",
        with(json!({ "cycle": 2, "programme": "pacto", "period": period,
        "stages": [{ "stage": "outreach", "start": "2024", "participation": [{ "people": 3, "occasion": text }] }],
        "axes": [{ "id": "a1", "title": text }],
        "commitments": [{ "id": "c1", "title": text, "axis": "a1", "lead": { "name": text, "role": "lead" },
            "milestones": [{ "id": "m1", "title": text, "end": "2025" }, { "title": text }],
            "proposals": [reference("e")], "resources": { "budget": 1 } }],
        "declared": [{ "percent": 44, "as_of": "2024-11-08" }] })),
    );
    round(
        "proposal",
        with(json!({ "plan": reference("a"), "axis": "a1", "stage": "co_creation",
        "became": { "state": "commitment", "plan": reference("a"), "commitment": "c1", "date": "2024" } })),
    );
    round(
        "progress",
        json!({ "plan": reference("a"), "commitment": "c1", "as_of": "2026-01-01",
        "milestones": [{ "milestone": "m1", "status": "limited", "results": results, "note": text }] }),
    );
    round(
        "evaluation",
        json!({ "about": reference("a"), "commitment": "c1", "summary": text,
        "completion": "limited", "verifiable": "yes", "judged": [reference("b")],
        "opened": [{ "value": "civic_participation", "result": "moderate", "note": text }],
        "recommendations": [{ "id": "r1", "text": text, "addressees": party }], "parties": party }),
    );
    round(
        "adoption",
        json!({ "practice": reference("a"), "state": "planned", "adaptation": text, "period": period }),
    );
    round(
        "reply",
        json!({ "to": reference("a"), "part": "c1", "text": { "zgh": "ⴰⴱⴳ" }, "practices": [reference("b")] }),
    );
    round(
        "event",
        with(
            json!({ "period": period, "venue": text, "online": "https://example.org", "part_of": reference("a"),
        "participation": [{ "people": 350, "women": 10, "date": "2024-11-12" }] }),
        ),
    );
    round(
        "endorse",
        json!({ "endorses": reference("a"), "capacity": "monitoring_committee", "date": "2024" }),
    );
    round(
        "profile",
        json!({ "names": text, "level": "commune", "code": "01.573.01.01", "parent": "01.573",
        "frameworks": [{ "framework": "remacto", "since": "2022" }], "nodes": [{ "peer": "x" }] }),
    );
}

#[test]
fn every_kind_has_a_form_and_its_vocabularies_are_known() {
    for kind in KINDS {
        assert!(!sections(kind).is_empty(), "{kind}");
        let mut names = BTreeSet::new();
        for field in sections(kind).iter().flat_map(|section| section.fields) {
            assert!(names.insert(field.name), "{kind}.{} stands twice", field.name);
            check(kind, field);
        }
    }
    assert!(sections("org.example.kind").is_empty());
}

fn check(kind: &str, field: &Field) {
    match field.input {
        Input::Code(name) | Input::Codes(name) | Input::Numbers(name) => {
            assert!(!vocabulary::terms(name).is_empty(), "{kind}: {name}");
        }
        Input::Group(fields) | Input::Groups(fields) => fields.iter().for_each(|field| check(kind, field)),
        _ => {}
    }
}

#[test]
fn what_the_record_layer_requires_is_marked_as_required() {
    for kind in KINDS {
        let faults = record::draft(kind, Value::Map(Default::default())).unwrap_err();
        let lacking: BTreeSet<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
        let marked = Meter::of(kind, &Tree::new()).lacking;
        let marked: BTreeSet<&str> =
            marked.iter().filter(|lack| lack.is_required).map(|lack| lack.name).collect();
        assert_eq!(marked, lacking, "{kind}");
    }
}

#[test]
fn faults_stand_under_the_names_of_inputs() {
    let draft = json!({ "title": { "fr": "x" }, "summary": { "fr": "y" }, "principles": ["transparency"],
        "results": [{ "indicator": { "fr": "z" }, "value": "many" }, { "value": "1" }],
        "period": { "start": "soon" } });
    let value: Value = serde_json::from_value(draft.clone()).unwrap();
    for fault in record::draft("practice", value).unwrap_err() {
        assert!(described("practice", &fault.path).is_some(), "{}", fault.path);
    }
    assert_eq!(follow(&tree(draft), "results[1].value"), Some(&json!("1")));
}

#[test]
fn items_are_added_moved_and_taken_away() {
    let mut form = Tree::new();
    let add = |form: &mut Tree, list: &str| change("plan", form, &Deed::Add(list.into()));
    assert_eq!(add(&mut form, "commitments").as_deref(), Some("commitments[0]"));
    assert_eq!(add(&mut form, "commitments").as_deref(), Some("commitments[1]"));
    assert_eq!(add(&mut form, "commitments[1].milestones").as_deref(), Some("commitments[1].milestones[0]"));
    assert_eq!(add(&mut form, "title"), None, "no list");
    assert_eq!(add(&mut form, "commitments[7].milestones"), None, "no such item");
    let ids = |form: &Tree| -> Vec<String> {
        let items = form["commitments"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&form), ["c1", "c2"]);
    assert_eq!(
        change("plan", &mut form, &Deed::Earlier("commitments[1]".into())).as_deref(),
        Some("commitments[0]")
    );
    assert_eq!(ids(&form), ["c2", "c1"]);
    assert_eq!(change("plan", &mut form, &Deed::Earlier("commitments[0]".into())), None);
    assert_eq!(change("plan", &mut form, &Deed::Later("commitments[1]".into())), None);
    assert_eq!(
        change("plan", &mut form, &Deed::Remove("commitments[0]".into())).as_deref(),
        Some("commitments")
    );
    assert_eq!(add(&mut form, "commitments").as_deref(), Some("commitments[1]"));
    assert_eq!(ids(&form), ["c1", "c2"], "an id that is free again");
    assert_eq!(change("plan", &mut form, &Deed::Remove("commitments[5]".into())), None);
    clean("plan", &mut form);
    assert_eq!(form, Tree::new(), "an item that has only its id says nothing");
}

#[test]
fn what_is_typed_is_read_as_people_write_it() {
    let mut form = Tree::new();
    let typed = [
        ("period.start", "30/11/2026"),
        ("period.end", "١٢/٢٠٢٦"),
        ("resources.budget", "400\u{a0}000"),
        ("resources.staff", "viele"),
        ("results#", "1"),
        ("results[0].value", "١٢٫٥"),
        ("title.ar", " عنوان "),
        ("title.fr", "   "),
        ("place", " 01.573 "),
    ];
    apply("practice", &mut form, &pairs(&typed));
    assert_eq!(
        Json::Object(form),
        json!({
            "period": { "start": "2026-11-30", "end": "2026-12" },
            "resources": { "budget": 400_000, "staff": "viele" },
            "results": [{ "value": "12.5" }],
            "title": { "ar": " عنوان " },
            "place": "01.573",
        })
    );
}

#[test]
fn a_form_cannot_make_a_list_without_end() {
    let mut form = Tree::new();
    apply("practice", &mut form, &pairs(&[("results#", "4000000000")]));
    assert_eq!(form["results"].as_array().unwrap().len(), MAX_ITEMS);
    assert_eq!(change("practice", &mut form, &Deed::Add("results".into())).as_deref(), Some("results"));
    assert_eq!(form["results"].as_array().unwrap().len(), MAX_ITEMS);
}

#[test]
fn the_meter_tells_what_lacks_and_the_tongues_what_is_not_translated() {
    let form = tree(json!({ "title": { "ar": "ا", "fr": "a" }, "summary": { "ar": "ب" }, "principles": [],
        "results": [{ "indicator": { "ar": "ج" } }], "period": { "start": " " } }));
    let meter = Meter::of("practice", &form);
    assert_eq!((meter.filled, meter.filled + meter.lacking.len()), (3, meter.wanted));
    let lacking: Vec<&str> = meter.lacking.iter().map(|lack| lack.name).collect();
    assert!(lacking.contains(&"principles") && lacking.contains(&"period") && !lacking.contains(&"title"));
    let tongues = Tongue::all("practice", &form, &["ar".into(), "fr".into()]);
    assert_eq!((tongues[0].written, tongues[0].lacking.len()), (3, 0));
    assert_eq!(
        (tongues[1].written, tongues[1].lacking.clone()),
        (1, vec!["summary".into(), "results[0].indicator".into()])
    );
}
