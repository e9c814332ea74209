//! The copy is what the node shows: as many, as true, as findable; and it follows what happens afterwards.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use multaqa_cluster::{Answer, Place, found, items, multaqa, string, text, until, write_practice};
use multaqa_mirror::Postgres;
use serde_json::Value;

/// Makes a network of three real collectivities with their records; returns the first one's node.
fn network(dir: &Path) -> Place {
    let report = Answer::of(multaqa().args(["demo", "--once", "--json", "--nodes", "3", "--dir", text(dir)]));
    Place::new(string(&report.ends(0).object()["nodes"][0], "data"))
}

fn copy(place: &Place, to: &Postgres) -> Value {
    place.object(["mirror", "--once", "--to", &to.address()])
}

/// All that each log holds, those entries that do not count included.
fn entries(place: &Place) -> u64 {
    let members = place.object(["members"]);
    items(&members).iter().map(|member| place.log(&string(member, "author")).len() as u64).sum()
}

#[test]
fn the_copy_holds_what_the_node_holds_and_a_second_run_adds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (place, hub) = (network(dir.path()), Postgres::new());
    let done = copy(&place, &hub);
    let records = place.records().len() as u64;
    assert_eq!(done["entries"].as_u64(), Some(entries(&place)), "{done}");
    assert_eq!((&done["new"], &done["records"]), (&done["entries"], &records.into()), "{done}");
    assert_eq!(hub.number("SELECT count(*) FROM multaqa.entries"), entries(&place));
    assert_eq!(
        hub.number("SELECT count(*) FROM multaqa.records WHERE is_current AND kind <> 'profile'"),
        records
    );
    assert!(records > 5, "a demo without records");

    // Every body is the one that its entry names, and every id its header's hash, by another program's SHA-256.
    assert_eq!(
        hub.number("SELECT count(*) FROM multaqa.entries WHERE sha256(body) IS DISTINCT FROM body_hash"),
        0
    );
    let id = place.records().remove(0);
    let shown = place.object(["show", &id]);
    let row = format!("SELECT kind, place, body->'title'->>'fr' FROM multaqa.records WHERE id = '\\x{id}'");
    let title = shown["fields"]["title"]["fr"].as_str().unwrap_or_default();
    assert_eq!(hub.ask(&row), format!("{}|{}|{title}", string(&shown, "kind"), string(&shown, "place")));

    // Members with the names of their places, as the node tells them; a plan with its parts.
    let members = place.object(["members"]);
    for member in items(&members) {
        let sql = format!(
            "SELECT place, status, level, place_ar FROM multaqa.members WHERE author = '\\x{}'",
            string(member, "author")
        );
        let told = ["place", "state", "level"].map(|field| string(member, field)).join("|");
        assert_eq!(hub.ask(&sql), format!("{told}|{}", string(&member["place_names"], "ar")));
    }
    let list = place.object(["list", "--kind", "plan"]);
    for plan in items(&list) {
        let id = string(plan, "id");
        let fields = &place.object(["show", &id])["fields"]["commitments"];
        let sql = format!("SELECT count(*) FROM multaqa.commitments WHERE plan = '\\x{id}'");
        assert_eq!(hub.number(&sql), fields.as_array().map_or(0, Vec::len) as u64, "{id}");
    }
    assert!(hub.number("SELECT count(*) FROM multaqa.places") > 1_500);
    assert_eq!(
        hub.ask("SELECT fr FROM multaqa.labels WHERE (vocabulary, code) = ('principle', 'participation')"),
        "participation citoyenne"
    );

    let before = hub.fingerprint();
    let again = copy(&place, &hub);
    assert_eq!((&again["new"], &again["changed"], &again["batch"]), (&0.into(), &0.into(), &done["batch"]));
    assert_eq!(hub.fingerprint(), before);

    // A copy that is begun anew is the same one.
    let _ = hub.ask("DROP SCHEMA multaqa CASCADE");
    let _ = copy(&place, &hub);
    assert_eq!(hub.fingerprint(), before);
}

#[test]
fn search_dates_and_withdrawals_are_those_of_the_node() {
    let dir = tempfile::tempdir().unwrap();
    let (place, hub) = (network(dir.path()), Postgres::new());
    let file = dir.path().join("record.toml");
    let record = "kind = \"practice\"\nprinciples = [\"participation\"]\n[title]\nar = \"الميزانيّة التشاركية للأحياء\"\nfr = \"Délibérations publiées\"\nen = \"Published deliberations\"\n[summary]\nfr = \"Les procès-verbaux zqxjkvbw\"\n";
    fs::write(&file, record).unwrap();
    let id = string(&place.object(["publish", text(&file)]), "id");
    let _ = copy(&place, &hub);

    // In three languages, by another form of a word, and in Arabic without vowel signs and by its root alone.
    for words in ["ميزانية الاحياء", "délibération publiée", "publishing deliberation", "zqxjkvbw"]
    {
        let found = hub.ask(&format!("SELECT encode(id, 'hex') FROM multaqa.search('{words}')"));
        assert!(found.lines().any(|found| found == id), "{words}: {found}");
    }
    assert_eq!(hub.ask("SELECT id FROM multaqa.search('zqxjkvbw -publiées')"), "");

    // A new version counts instead, and the first one counted before.
    fs::write(&file, record.replace("publiées", "ouvertes")).unwrap();
    let next = string(&place.object(["revise", &id, text(&file)]), "id");
    let _ = copy(&place, &hub);
    let versions = format!(
        "SELECT encode(id, 'hex'), is_current, revised_at IS NULL FROM multaqa.records WHERE record = '\\x{id}' ORDER BY seq"
    );
    assert_eq!(hub.ask(&versions), format!("{id}|f|f\n{next}|t|t"));
    let as_of = "SELECT count(*) FROM multaqa.records_as_of(current_date + 1) WHERE kind <> 'profile'";
    assert_eq!(hub.number(as_of), place.records().len() as u64);
    assert_eq!(hub.number("SELECT count(*) FROM multaqa.records_as_of('2020-01-01')"), 0);
    let members = place.object(["members"])["totals"]["members"].as_u64().unwrap();
    let as_of = "SELECT count(*) FROM multaqa.members_as_of(current_date + 1) WHERE status = 'member'";
    assert_eq!(hub.number(as_of), members);
    assert_eq!(hub.number("SELECT count(*) FROM multaqa.members_as_of('2020-01-01')"), 0);

    // What is withdrawn is in no column of any table, and neither are its words; its signed header is.
    let _ = place.text(["withdraw", &id, "--all-versions", "--reason", "Essai"]);
    let done = copy(&place, &hub);
    assert_eq!(done["changed"], 2, "{done}");
    let dump = Answer::of(dump(&hub).args(["--data-only", "--inserts"])).ends(0).out;
    assert!(dump.contains(&id) && !dump.contains("zqxjkvbw") && !dump.contains(&hex("zqxjkvbw")));
    let state = format!(
        "SELECT e.body_state, e.status, r.withdrawn_at IS NOT NULL, r.is_current, length(e.envelope) > 100 \
         FROM multaqa.entries AS e JOIN multaqa.records AS r USING (id) WHERE id = '\\x{next}'"
    );
    assert_eq!(hub.ask(&state), "withdrawn|withdrawn|t|t|t");

    // What this node hides is hidden in its copy, and shown again with it.
    let other = place.object(["list", "--kind", "practice", "--status", "canonical"]);
    let other = string(&items(&other)[0], "id");
    let told = format!("SELECT body IS NOT NULL, body_state FROM multaqa.records WHERE id = '\\x{other}'");
    let before = hub.fingerprint();
    let _ = place.text(["hide", &other, "--reason", "Essai"]);
    let _ = copy(&place, &hub);
    assert_eq!(hub.ask(&told), "f|hidden");
    let _ = place.text(["unhide", &other]);
    let _ = copy(&place, &hub);
    assert_eq!(hub.ask(&told), "t|present");
    assert_eq!(hub.fingerprint(), before);
}

fn dump(hub: &Postgres) -> std::process::Command {
    let mut command = std::process::Command::new(multaqa_mirror::programs().join("pg_dump"));
    command.arg("--host").arg(hub.dir()).args(["--username", "postgres", "--dbname", "hub"]);
    command
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_running_node_is_followed_and_who_listens_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let (place, hub) = (network(dir.path()), Postgres::new());
    let running = place.run(&[]);
    let mut mirror = place.command(["mirror", "--to", &hub.address()]).spawn().unwrap();
    until("the copy is made", || {
        hub.ask("SELECT to_regclass('multaqa.mirror') IS NOT NULL") == "t"
            && hub.ask("SELECT state <> '' FROM multaqa.mirror") == "t"
    });
    let before = hub.number("SELECT count(*) FROM multaqa.entries");

    let mut listener = hub.listener();
    let mut to = listener.stdin.take().unwrap();
    writeln!(to, "LISTEN multaqa;\nSELECT 'hears';").unwrap();
    let mut from = listener.stdout.take().unwrap();
    let mut heard = vec![0; 6];
    from.read_exact(&mut heard).unwrap();
    let file = dir.path().join("practice.toml");
    write_practice(&file, "Jardin partagé");
    let id = string(&place.object(["publish", text(&file)]), "id");
    until("the entry is copied", || {
        hub.number(&format!("SELECT count(*) FROM multaqa.records WHERE id = '\\x{id}'")) == 1
    });
    assert!(hub.number("SELECT count(*) FROM multaqa.entries") > before);
    writeln!(to, "SELECT 1;").unwrap();
    drop(to);
    let mut said = String::new();
    from.read_to_string(&mut said).unwrap();
    listener.wait().unwrap();
    let author = string(&running.ready, "author");
    assert!(said.contains("\"schema\":\"multaqa/mirror-batch/1\"") && said.contains(&author), "{said}");

    // A second mirror into the same database writes nothing.
    let second = place.ask(["mirror", "--once", "--to", &hub.address()]).ends(7);
    assert!(second.err.contains("Another mirror"), "{}", second.err);
    let told = std::process::Command::new("kill").arg(mirror.id().to_string()).status();
    assert!(told.unwrap().success());
    assert_eq!(mirror.wait().unwrap().code(), Some(0));
}

#[test]
fn the_queries_of_the_document_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let (place, hub) = (network(dir.path()), Postgres::new());
    let file = dir.path().join("record.toml");
    let record = "kind = \"practice\"\nprinciples = [\"participation\"]\n[title]\nar = \"الميزانية التشاركية\"\nfr = \"Budget participatif\"\n[summary]\nfr = \"Essai\"\n";
    fs::write(&file, record).unwrap();
    let _ = place.text(["publish", text(&file)]);
    let _ = copy(&place, &hub);
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/hub.md");
    let document = fs::read_to_string(document).unwrap();
    let blocks = document.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap());
    let answers: Vec<(&str, String)> = blocks.map(|sql| (sql, hub.ask(sql))).collect();
    assert!(answers.len() >= 10);
    let silent = |sql: &str| {
        // What only gives rights, and what is not in so small a network: days of the past.
        ["CREATE ROLE", "LISTEN", "2026-06-30", "reports", "adoptions"].iter().any(|word| sql.contains(word))
    };
    for (sql, answer) in answers {
        assert!(silent(sql) || !answer.is_empty(), "nothing answers {sql}");
        if sql.contains("<> body_hash") {
            assert_eq!(answer, "0");
        }
    }

    // Every table says what it is.
    let mute = "SELECT relname FROM pg_class WHERE relnamespace = 'multaqa'::regnamespace AND relkind = 'r' \
                AND obj_description(oid, 'pg_class') IS NULL";
    assert_eq!(hub.ask(mute), "");
}

#[test]
fn what_no_column_can_hold_stops_no_copy() {
    let dir = tempfile::tempdir().unwrap();
    let (place, _) = Place::init(dir.path().join("settat"), "06.461.01.15");
    let _ = found(&place);
    let file = dir.path().join("record.toml");
    let (long, words) =
        ("m".repeat(9_000), (0..25_000).map(|number| format!("m{number}x ")).collect::<String>());
    let record = format!(
        "kind = \"plan\"\nprinciples = [\"participation\"]\n[title]\nfr = \"a\\u0000b\"\n[summary]\nfr = \"{words}\"\n\
         [period]\nstart = \"0000\"\nend = \"9999-12\"\n\
         [[commitments]]\nid = \"{long}\"\n[commitments.title]\nfr = \"x\"\n[commitments.period]\nstart = \"0000\"\n\
         end = \"9999\"\n[commitments.resources]\nbudget = 9007199254740991\ncurrency = \"MAD\"\n"
    );
    fs::write(&file, record).unwrap();
    let id = string(&place.object(["publish", text(&file)]), "id");
    let hub = Postgres::new();
    let done = copy(&place, &hub);
    assert_eq!(done["records"], 1, "{done}");
    let told = format!("SELECT title_fr, body IS NOT NULL FROM multaqa.records WHERE id = '\\x{id}'");
    assert_eq!(hub.ask(&told), "a\u{fffd}b|t");
    let told = "SELECT starts IS NULL, ends, budget, length(commitment) FROM multaqa.commitments";
    assert_eq!(hub.ask(told), "t|9999-12-31|9007199254740991|9000");
    assert_eq!(copy(&place, &hub)["changed"], 0);
}
