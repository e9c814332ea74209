mod kinds;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::code::{Level, Role, Stage};
use super::date::Precision;
use super::evidence::{Attachment, Declared, Figure, Measure, Participation, Source};
use super::party::{Contact, Partner, Party};
use super::plan::{Axis, Commitment, Milestone, StageHeld};
use super::practice::Resources;
use super::profile::Node;
use super::*;
use crate::codec;
use crate::entry::{decode_body, encode_body};
use crate::id::{AuthorId, Bytes32, EntryId, Seq};

fn words() -> impl Strategy<Value = Words> {
    proptest::collection::btree_map("[a-z]{2}(-[A-Z]{2})?", "[a-zé ]{0,6}[a-zءيأ]", 1..3).prop_map(|texts| {
        let mut words = Words::default();
        texts.into_iter().for_each(|(tag, text)| words.insert(tag, text));
        words
    })
}

fn date() -> impl Strategy<Value = Date> {
    (1900..2100i32, 1..=12u8, 1..=28u8, 0..3u8).prop_map(|(year, month, day, precision)| {
        let text = match precision {
            0 => format!("{year}"),
            1 => format!("{year}-{month:02}"),
            _ => format!("{year}-{month:02}-{day:02}"),
        };
        text.parse().unwrap()
    })
}

fn period() -> impl Strategy<Value = Period> {
    (option::of(date()), any::<bool>()).prop_map(|(start, ongoing)| Period { start, end: start, ongoing })
}

fn target() -> impl Strategy<Value = Ref> {
    any::<([u8; 32], u32, [u8; 32])>().prop_map(|(author, seq, id)| Ref {
        author: AuthorId(author),
        seq,
        id: EntryId(id),
    })
}

fn milestone() -> impl Strategy<Value = Milestone> {
    (words(), option::of(date()), option::of(words())).prop_map(|(title, date, output)| Milestone {
        title,
        date,
        output: output.unwrap_or_default(),
        ..Milestone::default()
    })
}

fn partner() -> impl Strategy<Value = Partner> {
    words().prop_map(|name| Partner { name, role: Some(Role::from("lead")), place: Some(Place::from("05")) })
}

prop_compose! {
    fn practice()(
        (title, summary, context) in (words(), words(), words()),
        period in period(),
        milestones in vec(milestone(), 0..3),
        partners in vec(partner(), 0..3),
        (figure, percent, budget) in (-9_999..9_999i32, 0..100u64, option::of(0..codec::MAX_INT)),
        (answers, part_of, replaces) in (vec(target(), 0..3), option::of(target()), option::of(target())),
        (hash, author) in any::<([u8; 32], [u8; 32])>(),
        principles in vec(prop::sample::select(Principle::KNOWN), 1..3),
    ) -> Practice {
        Practice {
            title,
            summary,
            context: context.clone(),
            principles: principles.into_iter().map(Principle::from).collect(),
            outcomes: vec![Outcome::from("trust"), Outcome::from("ma.later")],
            sdgs: vec![percent % 17 + 1],
            period,
            milestones,
            partners,
            parties: vec![Party { place: None, author: Some(AuthorId(author)) }],
            results: vec![Measure {
                indicator: context.clone(),
                value: Figure::from(figure.to_string().as_str()),
                ..Measure::default()
            }],
            participation: vec![Participation { people: Some(percent), ..Participation::default() }],
            resources: Resources { budget, ..Resources::default() },
            attachments: vec![Attachment {
                name: "budget.pdf".into(),
                hash: Some(Bytes32(hash)),
                size: Some(percent),
                chunks: Some(Bytes32(hash)),
                mime: "application/pdf".into(),
                alt: context,
            }],
            answers,
            part_of,
            replaces,
            ..Practice::default()
        }
    }
}

prop_compose! {
    fn plan()(
        (title, summary) in (words(), words()),
        period in period(),
        milestones in vec(milestone(), 0..3),
        lead in option::of(partner()),
        date in option::of(date()),
        percent in option::of(0..=100u64),
    ) -> Plan {
        Plan {
            title: title.clone(),
            summary: summary.clone(),
            principles: vec![Principle::from("accountability")],
            period,
            declared: vec![Declared { percent, note: summary, ..Declared::default() }],
            stages: vec![StageHeld { stage: Stage::from("axes"), start: date, ..StageHeld::default() }],
            axes: vec![Axis { id: "a1".into(), title: title.clone(), note: Words::default() }],
            commitments: vec![Commitment {
                id: "c1".into(),
                axis: Some("a1".into()),
                title,
                lead,
                milestones,
                ..Commitment::default()
            }],
            ..Plan::default()
        }
    }
}

prop_compose! {
    fn profile()(names in words(), function in words(), peer in "[a-zA-Z0-9]{10}") -> Profile {
        Profile {
            names,
            level: Level::from("region"),
            code: Some(Place::from("MA-05")),
            contacts: vec![Contact { function, email: Some("a@example.ma".into()), ..Contact::default() }],
            nodes: vec![Node { peer, name: None }],
            sources: vec![Source { address: "https://example.ma".into(), ..Source::default() }],
            ..Profile::default()
        }
    }
}

/// Returns what a peer reads after `map` went through the bytes of a body.
fn through_bytes(map: &Map) -> Map {
    decode_body(&encode_body([7; 16], map)).unwrap()
}

/// Returns `map` as an author's file would hold it.
fn as_file(map: &Map) -> Value {
    serde_json::from_str(&serde_json::to_string(&Value::Map(map.clone())).unwrap()).unwrap()
}

/// Any value, small.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        vec(any::<u8>(), 0..3).prop_map(Value::Bytes),
        ".{0,4}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::Array),
            vec((field_name(), inner), 0..3).prop_map(|pairs| Value::Map(pairs.into_iter().collect())),
        ]
    })
}

fn field_name() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "title",
            "results",
            "value",
            "period",
            "start",
            "replaces",
            "id",
            "seq",
            "author",
            "parties",
            "sdgs",
            "milestones",
            "commitments",
            "lead",
            "hash",
            "attachments",
            "declared",
            "percent",
            "stage",
            "stages",
        ])
        .prop_map(str::to_owned),
        ".{0,3}",
    ]
}

proptest! {
    #[test]
    fn whatever_an_author_writes_is_taken_or_refused_with_its_faults(
        practice in practice(),
        plan in plan(),
        changes in vec((field_name(), any_value()), 0..4),
    ) {
        for (kind, mut map) in [(PRACTICE, body(&practice)), (PLAN, body(&plan))] {
            for (name, value) in &changes {
                map.insert(name.clone(), value.clone());
            }
            match draft(kind, Value::Map(map)) {
                Ok(body) => {
                    prop_assert!(read(kind, &body).is_ok());
                    prop_assert_eq!(draft(kind, Value::Map(body.clone())), Ok(body));
                }
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }

    #[test]
    fn a_practice_comes_back_as_written(practice in practice()) {
        let map = body(&practice);
        prop_assert_eq!(read(PRACTICE, &through_bytes(&map)), Ok(Record::Practice(Box::new(practice))));
        prop_assert_eq!(draft(PRACTICE, as_file(&map)), Ok(map));
    }

    #[test]
    fn a_plan_comes_back_as_written(plan in plan()) {
        let map = body(&plan);
        prop_assert_eq!(read(PLAN, &through_bytes(&map)), Ok(Record::Plan(Box::new(plan))));
        // An empty table in a list says nothing: readers take it, authors may not write it.
        if map.get("declared").is_some_and(|list| *list != Value::Array(vec![Value::Map(Map::default())])) {
            prop_assert_eq!(draft(PLAN, as_file(&map)), Ok(map));
        }
    }

    #[test]
    fn a_profile_comes_back_as_written(profile in profile()) {
        let map = body(&profile);
        prop_assert_eq!(read(PROFILE, &through_bytes(&map)), Ok(Record::Profile(Box::new(profile))));
        prop_assert_eq!(draft(PROFILE, as_file(&map)), Ok(map));
    }

    #[test]
    fn a_date_means_its_first_to_its_last_day(date in date()) {
        prop_assert_eq!(date.to_string().parse(), Ok(date));
        prop_assert!(date.first() <= date.last());
        let days = (date.last() - date.first()).get_days();
        prop_assert_eq!(days == 0, date.precision() == Precision::Day);
    }
}

#[test]
fn a_newer_writer_s_fields_and_codes_survive() {
    let mut map = body(&Practice {
        title: Words::from([("fr", "Budget citoyen")]),
        principles: vec![Principle::from("foresight")],
        status: Some(Status::from("paused")),
        ..Practice::default()
    });
    map.insert("mood", Value::Array(vec![Value::Bool(true)]));
    let received = through_bytes(&map);
    assert_eq!(received, map);
    let record = read(PRACTICE, &received).unwrap();
    assert_eq!(record.principles()[0].as_str(), "foresight");
    assert!(!record.principles()[0].is_known());
    assert_eq!(record.status().map(Status::as_str), Some("paused"));
    assert!(matches!(read("org.example.kind", &received), Ok(Record::Other)));
}

#[test]
fn a_body_that_breaks_its_schema_is_unreadable() {
    let untitled = body(&Practice::default());
    assert_eq!(read(PRACTICE, &untitled), Err(ReadError::Lacks { kind: PRACTICE, field: "title" }));
    let mut wrong = body(&Practice { title: Words::from([("fr", "x")]), ..Practice::default() });
    assert!(read(PRACTICE, &wrong).is_ok());
    wrong.insert("place", Value::Int(5));
    assert!(matches!(read(PRACTICE, &wrong), Err(ReadError::Schema { kind: PRACTICE, .. })));
    // Ids are bytes in a body, hex text only in a draft.
    let mut hex = body(&Practice { title: Words::from([("fr", "x")]), ..Practice::default() });
    hex.insert("replaces", as_file(&body(&Ref { author: AuthorId([1; 32]), seq: 1, id: EntryId([2; 32]) })));
    assert!(matches!(read(PRACTICE, &hex), Err(ReadError::Schema { .. })));
    assert_eq!(replaces(&hex), None);
}

#[test]
fn absent_fields_are_absent() {
    let map = body(&Practice { title: Words::from([("fr", "x")]), ..Practice::default() });
    assert_eq!(map.len(), 1);
}

#[test]
fn words_are_shown_in_the_first_language_that_there_is() {
    let words = Words::from([("ar", "ملتقى"), ("fr", "Rencontre")]);
    assert_eq!(words.best(&["en", "fr"]), Some(("fr", "Rencontre")));
    assert_eq!(words.best(&["en"]), Some(("ar", "ملتقى")));
    assert_eq!(Words::default().best(&["ar"]), None);
}

#[test]
fn a_place_tells_its_level() {
    let levels = [
        ("05", Some("region")),
        ("MA-05", Some("region")),
        ("01.571", Some("province")),
        ("MA-TET", Some("province")),
        ("01.571.01.11", Some("commune")),
        ("01.511.01.0", Some("commune")),
        ("01.511.01", None),
        ("+1", None),
        ("FR-75", None),
    ];
    for (code, level) in levels {
        assert_eq!(Place::from(code).level(), level, "{code}");
    }
}

const AUTHOR: AuthorId = AuthorId([9; 32]);

fn entry(seq: Seq, kind: &str, replaces: Option<Ref>) -> Version {
    Version { id: id(seq), seq, kind: kind.into(), replaces }
}

fn id(seq: Seq) -> EntryId {
    EntryId([u8::try_from(seq).unwrap(); 32])
}

fn to(seq: Seq) -> Option<Ref> {
    Some(Ref { author: AUTHOR, seq, id: id(seq) })
}

#[test]
fn r2_versions_of_versions_are_one_record_known_by_its_first() {
    let entries = [
        entry(1, PRACTICE, None),
        entry(2, PRACTICE, None),
        entry(3, PRACTICE, to(1)),
        entry(5, PRACTICE, to(3)),
        entry(6, PRACTICE, to(1)),
    ];
    let chains = chains(AUTHOR, &entries);
    assert_eq!(chains.len(), 2);
    assert_eq!(chains[&id(1)].versions, [id(1), id(3), id(5), id(6)]);
    assert_eq!(chains[&id(1)].current(), id(6));
    assert_eq!(chains[&id(2)].current(), id(2));
    assert_eq!(chains[&id(1)].stray, None);
}

#[test]
fn r2_what_replaces_no_earlier_entry_of_its_author_and_kind_stands_alone_and_says_so() {
    let of_another = Some(Ref { author: AuthorId([8; 32]), ..to(1).unwrap() });
    let at_another_seq = Some(Ref { seq: 4, ..to(1).unwrap() });
    for replaces in [of_another, at_another_seq, to(3), to(2), to(7)] {
        let entries = [entry(1, PRACTICE, None), entry(2, PRACTICE, replaces), entry(3, PRACTICE, None)];
        let chains = chains(AUTHOR, &entries);
        assert_eq!(chains.len(), 3);
        assert_eq!(chains[&id(2)].stray, replaces);
    }
    let entries = [entry(1, PLAN, None), entry(2, PRACTICE, to(1)), entry(3, PRACTICE, to(2))];
    let chains = chains(AUTHOR, &entries);
    assert_eq!(chains[&id(2)].versions, [id(2), id(3)]);
    assert_eq!(chains[&id(2)].stray, to(1));
}
