//! Tables that go out of one node and come into another, or back.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::Path;

use multaqa_cluster::{Place, found, items, string, text};
use multaqa_formats::repository;
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";

/// What the records of a node say, without the versions that they replace, in no order.
fn contents(place: &Place) -> Vec<String> {
    let fields = place.records().into_iter().map(|id| {
        let mut fields = place.object(["show", &id])["fields"].clone();
        fields.as_object_mut().unwrap().remove("replaces");
        fields.to_string()
    });
    let mut all: Vec<String> = fields.collect();
    all.sort();
    all
}

/// Changes a table: each cell by its row, from 0, and its column.
fn change(from: &Path, to: &Path, cells: &[(usize, &str, &str)]) {
    let mut file = csv::Reader::from_path(from).unwrap();
    let head = file.headers().unwrap().clone();
    let mut rows: Vec<Vec<String>> =
        file.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    for (row, column, cell) in cells {
        let at = head.iter().position(|name| name == *column).unwrap();
        if *row == rows.len() {
            rows.push(vec![String::new(); head.len()]);
        }
        rows[*row][at] = (*cell).to_owned();
    }
    let mut out = csv::Writer::from_path(to).unwrap();
    out.write_record(&head).unwrap();
    rows.iter().for_each(|row| out.write_record(row).unwrap());
    out.flush().unwrap();
}

fn signed(answer: &Value) -> (usize, usize) {
    (
        answer["signed"].as_array().unwrap().len(),
        usize::try_from(answer["unchanged"].as_u64().unwrap()).unwrap(),
    )
}

#[test]
fn a_table_that_comes_back_signs_what_was_changed_and_only_once() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let examples = repository().join("examples/records/beni-mellal-khenifra");
    let mut files: Vec<_> = fs::read_dir(examples).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| !file.ends_with("profile.toml"));
    let _ = settat.text(["publish"].into_iter().chain(files.iter().map(|file| text(file))));
    let (table, changed) = (dir.path().join("table.csv"), dir.path().join("changed.csv"));
    let _ = settat.text(["export", "csv", "--bom", "--out", text(&table)]);
    let import = |file: &Path| settat.object(["import", "csv", text(file), "--publish"]);

    // Nothing was touched, and nothing is signed, however often.
    let before = contents(&settat);
    assert_eq!(signed(&import(&table)), (0, files.len()));
    assert_eq!(contents(&settat), before);

    // One cell of one row, and a row that is new.
    let count = files.len();
    change(
        &table,
        &changed,
        &[
            (0, "title_fr", "=Un autre titre"),
            (count, "kind", "practice"),
            (count, "title_fr", "Neuf"),
            (count, "summary_fr", "Essai"),
            (count, "principles", "participation"),
        ],
    );
    let answer = import(&changed);
    assert_eq!(signed(&answer), (2, count - 1));
    let revised =
        answer["signed"].as_array().unwrap().iter().find(|signed| signed["replaces"].is_string()).unwrap();
    let shown = settat.object(["show", &string(revised, "id")]);
    assert_eq!(shown["title"]["fr"], "=Un autre titre");
    assert_eq!(settat.records().len(), count + 1);
    assert_eq!(signed(&import(&changed)), (0, count + 1));

    // Faults name line and column, and nothing is signed.
    change(&table, &changed, &[(1, "budget", "many"), (2, "principles", "transparence")]);
    let refused = settat.ask(["import", "csv", text(&changed), "--publish"]).ends(2);
    assert!(refused.err.contains("changed.csv:3: column budget"), "{}", refused.err);
    assert!(refused.err.contains("changed.csv:4: column principles"), "{}", refused.err);
    assert_eq!(settat.records().len(), count + 1);
}

#[test]
fn a_table_becomes_drafts_that_publish_as_the_same_records() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, _) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&settat);
    let _ = found(&hajeb);
    let mut files = Vec::new();
    for folder in ["tetouan", "casablanca", "oriental", "sidi-bennour"] {
        let folder = fs::read_dir(repository().join("examples/records").join(folder)).unwrap();
        files.extend(folder.map(|file| file.unwrap().path()));
    }
    files.retain(|file| !file.ends_with("profile.toml"));
    let _ = settat.text(["publish"].into_iter().chain(files.iter().map(|file| text(file))));
    let (table, drafts) = (dir.path().join("table.csv"), dir.path().join("drafts"));
    let _ = settat.text(["export", "csv", "--out", text(&table)]);

    // Another's records cannot be published at once, and can be drafts.
    let refused = hajeb.ask(["import", "csv", text(&table), "--publish"]);
    assert!(refused.code == 4 || refused.code == 2, "{refused:?}");
    let answer = hajeb.object(["import", "csv", text(&table), "--out", text(&drafts)]);
    let written: Vec<&str> =
        answer["drafts"].as_array().unwrap().iter().map(|path| path.as_str().unwrap()).collect();
    assert_eq!(written.len(), files.len());
    assert!(hajeb.records().is_empty());
    let _ = hajeb.text(["publish"].into_iter().chain(written));
    assert_eq!(contents(&hajeb), contents(&settat));
    let again = hajeb.ask(["import", "csv", text(&table), "--out", text(&drafts)]).ends(2);
    assert!(again.err.contains("already"), "{}", again.err);
}

#[test]
fn the_commitments_of_another_system_become_plans() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
    let _ = found(&settat);
    let (example, drafts) = (repository().join("examples/ogp"), dir.path().join("drafts"));
    let (table, map) = (example.join("commitments.csv"), example.join("mapping.toml"));
    let answer =
        settat.object(["import", "csv", text(&table), "--mapping", text(&map), "--out", text(&drafts)]);
    assert_eq!(answer["drafts"].as_array().unwrap().len(), 2);
    assert!(settat.records().is_empty(), "an import with a mapping signs nothing");
    let _ = settat.ask(["import", "csv", text(&table), "--mapping", text(&map), "--publish"]).ends(2);
    let plan = drafts.join("tetouan-morocco-action-plan-2021-2022.toml");
    let _ = settat.text(["publish", text(&plan)]);
    let list = settat.object(["list", "--kind", "plan"]);
    assert_eq!(items(&list)[0]["title"]["en"], "Tétouan, Morocco Action Plan 2021-2022");
    let shown = settat.object(["show", &string(&items(&list)[0], "id")]);
    assert_eq!(shown["fields"]["commitments"].as_array().unwrap().len(), 3);
}
