//! Every kind with every field: taken as a draft, read as it was written, and asked for what it lacks.

use serde_json::{Value as Json, json};

use super::*;

/// Returns a draft of a kind with all its fields.
fn whole(kind: &str) -> Json {
    let words = json!({ "ar": "ساقية", "fr": "Séguia" });
    let id = "ab".repeat(32);
    let target = json!({ "author": id, "seq": 3, "id": id });
    let period = json!({ "start": "2024-02", "end": "2025", "ongoing": true });
    let partner = json!({ "name": words, "role": "funding", "place": "06.461" });
    let party = json!({ "place": "MA-06", "author": id });
    let contact =
        json!({ "function": words, "email": "a@example.ma", "phone": "0", "page": "https://example.ma/" });
    let file = json!({ "name": "pv.pdf", "hash": id, "size": 7, "mime": "application/pdf", "alt": words });
    let source =
        json!({ "address": "https://example.ma/", "title": words, "note": words, "read": "2025-01-31" });
    let external = json!({ "scheme": "ogp", "id": "MATET0003", "address": "https://example.ma/" });
    let measure = json!({
        "indicator": words, "baseline": "12", "value": "-4.5", "unit": "%", "date": "2025-06",
        "source": "https://example.ma/", "note": words,
    });
    let participation = json!({
        "occasion": words, "date": "2025-03-18", "people": 60, "women": 31, "youth": 12, "organisations": 9,
    });
    let resources =
        json!({ "budget": 400_000, "currency": "MAD", "funding": words, "staff": 2, "note": words });
    let recommendation = json!({ "id": "r1", "text": words, "addressees": [party] });
    let milestone = json!({
        "id": "m1", "title": words, "date": "2025", "start": "2024-05", "end": "2025-06", "output": words,
    });
    let declared =
        json!({ "percent": 44, "as_of": "2024-11-12", "source": "https://example.ma/", "note": words });
    let around = json!({
        "licence": "CC-BY-4.0", "sources": [source], "replaces": target,
        "translation": { "original": ["ar"], "translated": ["fr"], "note": words },
        "collected": { "key": "rp001", "confidence": "high", "themes": "collector", "status": words, "place": words },
    });
    let aims = json!({
        "principles": ["transparency"], "outcomes": ["trust"], "ogp_values": ["civic_participation"],
        "themes": ["water"], "sdgs": [6, 16],
    });
    let named = json!({
        "title": words, "summary": words, "place": "06.461.01.15", "attachments": [file],
        "external_ids": [external],
    });
    let commitment = join(&[
        &aims,
        &json!({
            "id": "c1", "title": words, "summary": words, "axis": "a1", "problem": words, "status_quo": words,
            "action": words, "contribution": words, "goal": words, "lead": partner, "partners": [partner],
            "period": period, "resources": resources, "milestones": [milestone], "status": "limited",
            "declared": [declared], "proposals": [target], "external_ids": [external], "sources": [source],
            "translation": around["translation"], "collected": around["collected"],
        }),
    ]);
    let commitment = without(commitment, &["outcomes"]);
    let own = match kind {
        PROFILE => json!({
            "names": words, "level": "commune", "code": "06.461.01.15", "parent": "06.461", "summary": words,
            "contacts": [contact], "site": "https://example.ma/", "external_ids": [external],
            "frameworks": [{ "framework": "remacto", "since": "2022-10", "source": "https://example.ma/" }],
            "nodes": [{ "peer": "12D3KooW", "name": "example.ma" }],
        }),
        PRACTICE => join(&[
            &aims,
            &named,
            &json!({
                "period": period, "status": "complete", "context": words, "actions": words, "beneficiaries": words,
                "resources": resources, "partners": [partner], "parties": [party], "milestones": [milestone],
                "results": [measure], "participation": [participation], "difficulties": words, "lessons": words,
                "conditions": words, "transferability": words, "contacts": [contact], "answers": [target],
                "adopted_from": [target], "part_of": target,
            }),
        ]),
        CHALLENGE => join(&[
            &aims,
            &named,
            &json!({
                "context": words, "beneficiaries": words, "attempts": words, "sought": words, "addressees": [party],
                "answered_by": [target], "contacts": [contact],
            }),
        ]),
        PLAN => join(&[
            &aims,
            &named,
            &json!({
                "programme": "pacto", "cycle": 2, "period": period, "status": "in_progress", "declared": [declared],
                "stages": [{
                    "stage": "co_creation", "start": "2024-03", "end": "2024-04", "title": words,
                    "participation": [participation], "reference": "12/2024", "source": "https://example.ma/",
                }],
                "milestones": [milestone], "axes": [{ "id": "a1", "title": words, "note": words }],
                "commitments": [commitment], "partners": [partner], "parties": [party], "contacts": [contact],
            }),
        ]),
        PROPOSAL => join(&[
            &aims,
            &named,
            &json!({
                "plan": target, "axis": "a1", "stage": "co_creation", "occasion": words, "date": "2024-03-18",
                "became": {
                    "state": "merged", "plan": target, "commitment": "c1", "merged_into": target, "reason": words,
                    "date": "2024-06",
                },
            }),
        ]),
        PROGRESS => json!({
            "plan": target, "commitment": "c1", "as_of": "2025-06-30", "summary": words, "difficulties": words,
            "milestones": [{
                "milestone": "m1", "status": "complete", "date": "2025-06", "note": words, "results": [measure],
                "attachments": [file], "sources": [source],
            }],
            "participation": [participation], "next": words,
        }),
        EVALUATION => json!({
            "about": target, "commitment": "c1", "judged": [target], "title": words, "summary": words,
            "period": period, "method": words, "partners": [partner], "verifiable": "yes", "relevant": "no",
            "ambition": "modest", "completion": "substantial", "early_results": "marginal",
            "opened": [{ "value": "civic_participation", "result": "did_not_change", "note": words }],
            "results": [measure], "lessons": words, "recommendations": [recommendation], "parties": [party],
            "attachments": [file],
        }),
        ADOPTION => json!({
            "practice": target, "state": "in_progress", "place": "06.461", "period": period, "adaptation": words,
            "resources": resources, "partners": [partner], "results": [measure], "lessons": words,
            "contacts": [contact], "attachments": [file],
        }),
        REPLY => json!({
            "to": target, "part": "c1", "text": words, "practices": [target], "addressees": [party],
            "attachments": [file],
        }),
        EVENT => join(&[
            &aims,
            &named,
            &json!({
                "venue": words, "online": "https://example.ma/", "period": period, "part_of": target,
                "stage": "outreach", "agenda": words, "partners": [partner], "parties": [party],
                "participation": [participation], "outputs": words, "recommendations": [recommendation],
                "contacts": [contact],
            }),
        ]),
        ENDORSE => json!({
            "endorses": target, "capacity": "monitoring_committee", "note": words, "reference": "3/2025",
            "date": "2025-07-10",
        }),
        other => panic!("{other} has no draft here"),
    };
    let has_not: &[&str] = match kind {
        PROFILE => &["licence"],
        PROGRESS => &["sources"],
        REPLY => &["licence", "collected"],
        ENDORSE => &["licence", "translation", "collected"],
        _ => &[],
    };
    join(&[&without(around, has_not), &own])
}

fn join(parts: &[&Json]) -> Json {
    let pairs = parts.iter().flat_map(|part| part.as_object().unwrap().clone());
    Json::Object(pairs.collect())
}

fn without(mut fields: Json, names: &[&str]) -> Json {
    names.iter().for_each(|name| drop(fields.as_object_mut().unwrap().remove(*name)));
    fields
}

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

/// Returns the paths of the faults of a draft.
fn faults(kind: &str, fields: Json) -> Vec<(String, &'static str)> {
    let errors = draft(kind, value(fields)).unwrap_err();
    errors.into_iter().map(|error| (error.path, error.problem.code())).collect()
}

fn with(kind: &str, field: &str, json: Json) -> Json {
    join(&[&whole(kind), &json!({ field: json })])
}

fn fault(path: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(path.to_owned(), code)]
}

/// Were a field missing in `whole`, the types of the other tests would not see it: every table is
/// full, so an emptied one differs from its default in all of them.
#[test]
fn every_field_of_every_kind_is_kept() {
    for kind in KINDS {
        let fields = whole(kind);
        let body = draft(kind, value(fields.clone())).unwrap_or_else(|errors| panic!("{kind}: {errors:?}"));
        assert_eq!(body.len(), fields.as_object().unwrap().len(), "{kind}");
        let record = read(kind, &through_bytes(&body)).unwrap();
        assert_eq!(record.to_body().as_ref(), Some(&body), "{kind}");
        assert!(record.title().is_some() || record.summary().is_some(), "{kind} can be shown");
        assert_eq!(draft(kind, as_file(&body)), Ok(body), "{kind}");
    }
}

#[test]
fn a_kind_is_nothing_without_what_it_needs() {
    let needed: [(&str, &[&str]); 11] = [
        (PROFILE, &["names"]),
        (PRACTICE, &["title"]),
        (CHALLENGE, &["title"]),
        (PLAN, &["title"]),
        (PROPOSAL, &["title"]),
        (PROGRESS, &["commitment", "plan"]),
        (EVALUATION, &["about"]),
        (ADOPTION, &["practice", "state"]),
        (REPLY, &["text", "to"]),
        (EVENT, &["title"]),
        (ENDORSE, &["endorses"]),
    ];
    assert_eq!(needed.map(|(kind, _)| kind).as_slice(), KINDS);
    for (kind, fields) in needed {
        let body = draft(kind, value(whole(kind))).unwrap();
        for (name, _) in body.iter() {
            let lacking: Map = body
                .iter()
                .filter(|(other, _)| *other != name)
                .map(|(name, value)| (name.to_owned(), value.clone()))
                .collect();
            let expected = fields.iter().find(|field| **field == name).map(|field| ReadError::Lacks {
                kind: KINDS.iter().find(|known| **known == kind).unwrap(),
                field,
            });
            assert_eq!(read(kind, &lacking).err(), expected, "{kind} without {name}");
        }
    }
}

#[test]
fn what_an_author_must_say_is_asked_for() {
    let asked: [(&str, &[&str]); 8] = [
        (CHALLENGE, &["principles", "summary", "title"]),
        (PROPOSAL, &["principles", "summary", "title"]),
        (PROGRESS, &["as_of", "commitment", "milestones", "plan"]),
        (EVALUATION, &["about", "completion", "summary"]),
        (ADOPTION, &["practice", "state"]),
        (REPLY, &["text", "to"]),
        (EVENT, &["period", "principles", "summary", "title"]),
        (ENDORSE, &["endorses"]),
    ];
    for (kind, fields) in asked {
        let faults = faults(kind, json!({}));
        assert_eq!(faults.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), fields, "{kind}");
        assert!(faults.iter().all(|(_, code)| matches!(*code, "missing" | "no_principle")), "{kind}");
    }
}

#[test]
fn misspelt_fields_and_codes_are_named_in_every_kind() {
    for kind in KINDS {
        assert_eq!(
            faults(kind, with(kind, "replces", json!(1))),
            fault("replces", "unknown_field"),
            "{kind}"
        );
    }
    for (kind, field, code) in [
        (EVALUATION, "completion", "compleet"),
        (EVALUATION, "ambition", "hi"),
        (ADOPTION, "state", "adoptd"),
        (ENDORSE, "capacity", "partie"),
    ] {
        assert_eq!(faults(kind, with(kind, field, json!(code))), fault(field, "unknown_code"), "{kind}");
        assert!(draft(kind, value(with(kind, field, json!("ma.own")))).is_ok(), "{kind}");
    }
}

#[test]
fn a_proposal_says_what_became_of_it() {
    let became = |became: Json| with(PROPOSAL, "became", became);
    let target = &whole(PROPOSAL)["plan"];
    let state = |state: &str| faults(PROPOSAL, became(json!({ "state": state })));
    assert_eq!(
        state("commitment"),
        [("became.commitment".to_owned(), "missing"), ("became.plan".to_owned(), "missing")]
    );
    assert_eq!(state("merged"), fault("became.merged_into", "missing"));
    assert_eq!(state("declined"), fault("became.reason", "missing"));
    for good in [
        json!({ "state": "pending" }),
        json!({ "state": "commitment", "plan": target, "commitment": "c1" }),
        json!({ "state": "merged", "merged_into": target }),
        json!({ "state": "declined", "reason": { "fr": "Hors compétence." } }),
    ] {
        assert!(draft(PROPOSAL, value(became(good.clone()))).is_ok(), "{good}");
    }
}

#[test]
fn a_milestone_has_one_state_in_a_report_and_an_abandoned_one_a_reason() {
    let states = |states: Json| with(PROGRESS, "milestones", states);
    let state = |id: &str| json!({ "milestone": id, "status": "limited" });
    assert!(draft(PROGRESS, value(states(json!([state("m1"), state("m2")])))).is_ok());
    assert!(draft(PROGRESS, value(states(json!([{ "status": "limited" }])))).is_ok());
    assert_eq!(
        faults(PROGRESS, states(json!([state("m1"), state("m1")]))),
        fault("milestones[1].milestone", "repeated")
    );
    assert_eq!(
        faults(PROGRESS, states(json!([state("m1"), { "status": "limited" }]))),
        fault("milestones[1].milestone", "missing")
    );
    assert_eq!(
        faults(PROGRESS, states(json!([{ "milestone": "m1", "status": "abandoned" }]))),
        fault("milestones[0].note", "missing")
    );
}

proptest! {
    #[test]
    fn whatever_stands_in_a_field_is_taken_or_refused_with_its_faults(
        kind in prop::sample::select(KINDS),
        changes in vec((any::<prop::sample::Index>(), any_value()), 1..3),
        extra in option::of((field_name(), any_value())),
    ) {
        let Value::Map(mut map) = value(whole(kind)) else { panic!() };
        let names: Vec<String> = map.iter().map(|(name, _)| name.to_owned()).collect();
        for (at, value) in changes {
            map.insert(at.get(&names).clone(), value);
        }
        if let Some((name, value)) = extra {
            map.insert(name, value);
        }
        match draft(kind, Value::Map(map.clone())) {
            Ok(body) => {
                prop_assert!(read(kind, &body).is_ok());
                prop_assert_eq!(draft(kind, Value::Map(body.clone())), Ok(body));
            }
            Err(errors) => prop_assert!(!errors.is_empty()),
        }
        // As a body of somebody else's program: what can be read is written and read again alike.
        if let Ok(record) = read(kind, &map) {
            prop_assert_eq!(read(kind, &record.to_body().unwrap()), Ok(record));
        }
    }
}
