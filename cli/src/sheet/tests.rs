use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::*;
use crate::messages::Language;

fn english() -> Catalogue {
    Catalogue::new(Language::En)
}

/// Reads a table with a mapping, both as text, and returns what came of it.
fn mapped(mapping: &str, table: &str) -> Outcome<Drafts> {
    let dir = tempfile::tempdir().unwrap();
    let (map, csv) = (dir.path().join("map.toml"), dir.path().join("table.csv"));
    fs::write(&map, mapping).unwrap();
    fs::write(&csv, table).unwrap();
    let mapping = Mapping::read(&map, &english())?;
    read(&csv, Some(&mapping), &english())
}

/// Returns the faults without the name of the folder in which the file was.
fn faults(mapping: &str, table: &str) -> Vec<String> {
    let failure = mapped(mapping, table).unwrap_err();
    let plain = |item: &String| {
        item.rsplit_once("table.csv:")
            .or_else(|| item.rsplit_once("map.toml:"))
            .map_or(item.clone(), |(_, rest)| rest.to_owned())
    };
    failure.faults().iter().map(plain).collect()
}

const MAP: &str = r#"
kind = "practice"
separator = ";"
name = "Titre"
ignore = ["Notes"]
[fixed]
principles = ["participation"]
[columns]
"Titre" = "title.fr"
"Résumé" = "summary.fr"
"Début" = { to = "period.start", as = "date", form = "%m/%Y" }
"Budget" = { to = "resources.budget", as = "number" }
"Thèmes" = { to = "themes", split = "," }
"État" = { to = "status", codes = "etat" }
[codes.etat]
"En cours" = "in_progress"
"#;

#[test]
fn a_row_becomes_a_draft_as_the_mapping_says() {
    let table = "\u{feff}Titre;Résumé;Début;Budget;Thèmes;État;Notes;Autre\r\nPuits à Figuig;'=texte;03/2024;1 200 000;water, youth;En cours;n;a\r\n;;;;;;;\r\n";
    let found = mapped(MAP, table).unwrap();
    assert_eq!((found.drafts.len(), found.empty, found.unused), (1, 1, vec!["Autre".to_owned()]));
    let draft = &found.drafts[0];
    assert_eq!((draft.name.as_str(), draft.line, draft.kind.as_str()), ("puits-a-figuig", 2, "practice"));
    let expected = json!({
        "principles": ["participation"], "title": { "fr": "Puits à Figuig" }, "summary": { "fr": "=texte" },
        "period": { "start": "2024-03" }, "resources": { "budget": 1_200_000 }, "themes": ["water", "youth"], "status": "in_progress",
    });
    assert_eq!(Value::Object(draft.fields.clone()), expected);
}

#[test]
fn faults_name_line_and_column() {
    let head = "Titre;Résumé;Début;Budget;Thèmes;État\n";
    let rows = "A;b;2024;many;;Arrêté\nB;;03/2024;;;\n";
    let found = faults(MAP, &format!("{head}{rows}"));
    for (start, part) in [
        ("2: column Début", "%m/%Y"),
        ("2: column Budget", "many"),
        ("2: column État", "Arrêté"),
        ("3: column", "summary"),
    ] {
        assert!(
            found.iter().any(|fault| fault.starts_with(start) && fault.contains(part)),
            "{start}: {found:#?}"
        );
    }
    let found = faults(MAP, "Titre;Résumé\nA;b\n");
    assert!(found.iter().any(|fault| fault.starts_with("1: column Budget")), "{found:#?}");
    // What the checks of a draft find is told by the cell that it came from.
    let found = faults(&MAP.replace(", form = \"%m/%Y\"", ""), &format!("{head}A;b;soon;;;\n"));
    assert!(
        found.iter().any(|fault| fault.starts_with("2: column Début") && fault.contains("soon")),
        "{found:#?}"
    );
    let found = faults(&MAP.replace("\"title.fr\"", "\"title..fr\""), head);
    assert!(found.iter().any(|fault| fault.contains("title..fr")), "{found:#?}");
    let found = faults(&MAP.replace("[columns]", "[colums]"), head);
    assert!(!found.is_empty());
}

#[test]
fn rows_of_one_group_are_one_draft_and_must_agree() {
    let map = "kind = \"plan\"\ngroup = \"P\"\n[fixed]\nprinciples = [\"transparency\"]\n\"summary.fr\" = \"s\"\n[columns]\n\"P\" = \"title.fr\"\n\"I\" = \"commitments[].id\"\n\"T\" = \"commitments[].title.fr\"\n\"L\" = \"licence\"\n";
    let found = mapped(map, "P,I,T,L\nx,1,a,CC0\ny,1,b,\nx,2,c,CC0\n").unwrap();
    assert_eq!(found.drafts.len(), 2);
    let commitments = json!([{ "id": "1", "title": { "fr": "a" } }, { "id": "2", "title": { "fr": "c" } }]);
    assert_eq!(found.drafts[0].fields["commitments"], commitments);
    let found = faults(map, "P,I,T,L\nx,1,a,CC0\nx,2,c,MIT\n");
    assert!(found[0].starts_with("3: column L"), "{found:#?}");
    let found = faults(map, "P,I,T,L\n,1,a,CC0\n");
    assert!(found[0].starts_with("2: column P"), "{found:#?}");
}

#[test]
fn a_draft_as_a_file_is_read_as_the_same_draft() {
    let found =
        mapped(MAP, "Titre;Résumé;Début;Budget;Thèmes;État\n\"A \"\"b\"\"\nc\";'-x;03/2024;1;a;En cours\n")
            .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let paths = write(&found.drafts, "table.csv".as_ref(), &dir.path().join("new"), &english()).unwrap();
    let source = crate::draft::Source::read(&paths[0]).unwrap();
    let draft = source.draft(&english()).unwrap();
    assert_eq!(
        (draft.kind.as_deref(), draft.fields),
        (Some("practice"), Value::Object(found.drafts[0].fields.clone()))
    );
    // Somebody may have worked on it since.
    let again = write(&found.drafts, "table.csv".as_ref(), &dir.path().join("new"), &english());
    assert!(again.is_err());
}

#[test]
fn the_example_of_commitments_becomes_plans() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/ogp");
    let mapping = Mapping::read(&folder.join("mapping.toml"), &english()).unwrap();
    let found = read(&folder.join("commitments.csv"), Some(&mapping), &english()).unwrap();
    assert_eq!((found.drafts.len(), found.unused.len()), (2, 0));
    let plan = &found.drafts[0];
    assert_eq!(plan.fields["commitments"].as_array().unwrap().len(), 3);
    assert_eq!(plan.fields["commitments"][1]["external_ids"][0]["id"], "MATET0002");
    assert_eq!(plan.fields["commitments"][0]["period"]["start"], "2021-01-01");
}
