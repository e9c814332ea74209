use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;

fn names() -> Vec<&'static str> {
    COLUMNS.iter().map(|column| column.name).collect()
}

fn item() -> RecordItem {
    let id = "0".repeat(64);
    let item = json!({
        "id": id, "kind": "practice", "author": id, "names": { "fr": "=1+1", "ar": "فنيدق" }, "place": "01.573.01.01",
        "confirmation": { "confirmed": true, "by": 1, "of": 1, "k": 1 }, "title": {}, "time": 1_732_000_000_000_u64,
        "status": "canonical", "current": true, "seq": 3, "body": "present", "signature": "verified",
    });
    serde_json::from_value(item).unwrap()
}

fn round(fields: &Map<String, Value>) -> (Vec<String>, Row) {
    let cells = write(&item(), Some(fields.clone()));
    let columns = read_head(names().into_iter()).unwrap();
    let row = read(&columns, cells.iter().map(String::as_str)).unwrap();
    (cells, row)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn a_record_stands_in_its_columns_and_the_rest_beside_them() {
    let fields = object(json!({
        "title": { "fr": "Budget", "zgh": "ⵜⴰⵙⵏⵉ" }, "principles": ["transparency", "participation"], "sdgs": [11, 16],
        "period": { "start": "2024-03", "ongoing": true }, "resources": { "budget": 400_000 }, "lessons": { "fr": "x" },
    }));
    let (cells, row) = round(&fields);
    let cell = |name: &str| cells[names().iter().position(|found| *found == name).unwrap()].as_str();
    assert_eq!(
        (cell("title_fr"), cell("principles"), cell("sdgs")),
        ("Budget", "transparency;participation", "11;16")
    );
    assert_eq!((cell("start"), cell("ongoing"), cell("budget")), ("2024-03", "true", "400000"));
    assert_eq!(cell("rest"), r#"{"lessons":{"fr":"x"},"title":{"zgh":"ⵜⴰⵙⵏⵉ"}}"#);
    assert_eq!(
        (cell("time"), cell("author_fr"), cell("author_ar")),
        ("2024-11-19T07:06:40Z", "'=1+1", "فنيدق")
    );
    assert_eq!((row.fields, row.kind.as_str(), row.id.len()), (fields, "practice", 64));
}

#[test]
fn what_fits_no_column_stays_what_it_is() {
    for fields in [
        json!({ "title": "no words" }),
        json!({ "title": { "fr": "" } }),
        json!({ "principles": [] }),
        json!({ "principles": ["a;b"] }),
        json!({ "principles": [" a"] }),
        json!({ "principles": ["a", 1] }),
        json!({ "sdgs": [1, "2"] }),
        json!({ "period": {} }),
        json!({ "period": { "ongoing": false } }),
        json!({ "resources": { "budget": "12" } }),
        json!({ "status": ["x"] }),
        json!({ "rest": { "id": 1 }, "kind": "other", "id": "x" }),
    ] {
        let fields = object(fields);
        assert_eq!(round(&fields).1.fields, fields);
    }
}

#[test]
fn a_formula_is_guarded_and_an_apostrophe_is_kept() {
    for (text, cell) in [
        ("=HYPERLINK(\"http://evil\")", "'=HYPERLINK(\"http://evil\")"),
        ("+212 5", "'+212 5"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tx", "'\tx"),
        ("\nx", "'\nx"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("plain", "plain"),
    ] {
        assert_eq!(guarded(text), cell);
        assert_eq!(unguarded(cell), text);
    }
}

#[test]
fn faults_name_their_column() {
    let columns = read_head(["kind", "budget", "rest", "title_fr"].into_iter()).unwrap();
    let read = |cells: [&'static str; 4]| read(&columns, cells.into_iter());
    assert!(matches!(read(["practice", "many", "", ""]), Err(RowError::Cell { column: 1, .. })));
    assert!(matches!(read(["practice", "", "[1]", ""]), Err(RowError::Cell { column: 2, .. })));
    let twice = read(["practice", "", r#"{"title":{"fr":"a"}}"#, "b"]);
    assert_eq!(twice, Err(RowError::Twice { column: 3, field: "title.fr".into() }));
    assert!(matches!(read_head(["kind", "titre"].into_iter()), Err(HeadError::Unknown { column: 1, .. })));
    assert!(matches!(read_head(["kind", "kind"].into_iter()), Err(HeadError::Twice { column: 1, .. })));
    assert_eq!(read_head(["id"].into_iter()).unwrap_err(), HeadError::Missing { name: "kind" });
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(name(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Text as it is found, and as somebody would write it who wants to break a spreadsheet.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,6}", "['=+@;,\"\r\n\t-]{0,6}", any::<String>()]
}

/// Names that are on the paths of columns.
const KNOWN: [&str; 12] = [
    "title",
    "fr",
    "ar",
    "summary",
    "principles",
    "sdgs",
    "period",
    "start",
    "ongoing",
    "status",
    "budget",
    "resources",
];

/// Names that columns have, and others.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![4 => proptest::sample::select(&KNOWN[..]).prop_map(str::to_owned), 1 => text()]
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(fields in btree_map(name(), value(), 0..6)) {
        let fields: Map<String, Value> = fields.into_iter().collect();
        prop_assert_eq!(round(&fields).1.fields, fields);
    }

    #[test]
    fn whole_files_are_read_again(records in vec(btree_map(name(), value(), 0..5), 1..4)) {
        let records: Vec<Map<String, Value>> = records.into_iter().map(|map| map.into_iter().collect()).collect();
        let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        file.write_record(names()).unwrap();
        for fields in &records {
            file.write_record(write(&item(), Some(fields.clone()))).unwrap();
        }
        let bytes = file.into_inner().unwrap();
        let mut file = csv::Reader::from_reader(bytes.as_slice());
        let columns = read_head(file.headers().unwrap().iter()).unwrap();
        let read: Vec<_> = file.records().map(|row| read(&columns, row.unwrap().iter()).unwrap().fields).collect();
        prop_assert_eq!(read, records);
    }

    #[test]
    fn no_cell_begins_as_a_formula(text in text()) {
        let cell = guarded(&text).into_owned();
        prop_assert!(!cell.starts_with(FORMULA));
        prop_assert_eq!(unguarded(&cell).into_owned(), text);
    }
}
