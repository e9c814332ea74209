//! Collectivities become one network by hand, and read what another publishes.

use std::fs;

use multaqa_cluster::{Answer, Place, found, items, join, multaqa, string, text, until, write_practice};

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const AMMELNE: &str = "09.581.09.05";

#[test]
fn two_collectivities_exchange_a_record_and_a_third_that_comes_late_holds_all() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, settat_id) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, hajeb_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let network = found(&settat);
    assert_eq!(settat.object(["network", "show"])["id"], network.as_str());

    let running = settat.run(&[]);
    let running_hajeb = join(&settat, &hajeb, &hajeb_id, HAJEB);
    assert_eq!(running.ready["author"], settat_id.as_str());
    assert_eq!(running_hajeb.ready["author"], hajeb_id.as_str());

    let file = dir.path().join("practice.toml");
    write_practice(&file, "Budget participatif");
    let published = hajeb.object(["publish", text(&file)]);
    let id = string(&published, "id");
    assert_eq!(published["items"][0]["author"], hajeb_id.as_str());
    until("the record arrives", || settat.records().contains(&id));

    // What a list says of it, and what it says alone: the place as the steward confirmed it.
    let list = settat.object(["list", "--kind", "practice"]);
    let item = &items(&list)[0];
    for (field, value) in
        [("id", &*id), ("kind", "practice"), ("author", &hajeb_id), ("place", HAJEB), ("status", "canonical")]
    {
        assert_eq!(item[field], value, "{field}: {list}");
    }
    assert_eq!(item["title"]["fr"], "Budget participatif");
    until("the body arrives", || settat.object(["show", &id])["body"] == "present");
    let record = settat.object(["show", &id]);
    assert_eq!(record["signed"]["status"], "verified", "{record}");
    assert_eq!(record["confirmation"]["confirmed"], true, "{record}");
    assert_eq!((&record["confirmation"]["by"], &record["confirmation"]["of"]), (&1.into(), &1.into()));
    assert_eq!(record["fields"]["title"]["fr"], "Budget participatif");
    let shown = settat.text(["show", &id[..8]]);
    for part in ["Budget participatif", &hajeb_id, HAJEB, "confirmed by 1 of 1 stewards", "verified, key"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let listed = settat.text(["list"]);
    assert!(listed.contains("Budget participatif") && listed.contains(&id[..12]), "{listed}");

    for place in [&settat, &hajeb] {
        let members = place.object(["members"]);
        assert_eq!(members["totals"]["members"], 2, "{members}");
        assert_eq!(members["totals"]["levels"]["commune"], 2, "{members}");
        assert_eq!(members["totals"]["unconfirmed"], 0, "{members}");
    }
    assert!(settat.text(["members"]).contains("Members: 2"));
    let peers = settat.object(["peers"]);
    let peer = items(&peers).iter().find(|peer| peer["author"]["author"] == hajeb_id.as_str());
    assert_eq!(peer.map(|peer| &peer["state"]), Some(&"connected".into()), "{peers}");
    assert_eq!(peer.unwrap()["path"], "lan");

    // The third learns of the first only from the second.
    let (late, late_id) = Place::init(dir.path().join("late"), AMMELNE);
    let address = &running_hajeb.addresses()[0];
    let peer = string(&hajeb.object(["key", "show"]), "peer");
    let address = if address.contains("/p2p/") { address.clone() } else { format!("{address}/p2p/{peer}") };
    let invitation = hajeb.object(["invite", "--address", &address]);
    assert_eq!(invitation["network"], network.as_str());
    let _ = late.text(["join", &string(&invitation, "line")]);
    let running_late = late.run(&[]);
    until("the application passes on", || {
        items(&settat.object(["candidates"])).iter().any(|candidate| candidate["author"] == late_id.as_str())
    });
    let _ = settat.text(["admit", &late_id, "--place", AMMELNE]);
    until("the third is a member", || late.object(["status"])["network"]["state"] == "member");
    until("the third holds all", || {
        [&settat_id, &hajeb_id, &late_id]
            .iter()
            .all(|author| !late.log(author).is_empty() && late.log(author) == settat.log(author))
    });
    until("the third reads it", || late.object(["show", &id])["body"] == "present");
    for place in [&settat, &hajeb, &late] {
        until("three members", || place.object(["members"])["totals"]["members"] == 3);
    }

    // What all three hold is there without any of them running.
    for (place, running) in [(&settat, running), (&hajeb, running_hajeb), (&late, running_late)] {
        running.stop();
        assert!(place.records().contains(&id));
        assert!(place.log(&hajeb_id).contains(&id));
    }
}

#[test]
fn a_file_with_an_error_names_line_and_field_and_nothing_is_signed() {
    let dir = tempfile::tempdir().unwrap();
    let (settat, author) = Place::init(dir.path().join("settat"), SETTAT);
    let before = settat.log(&author);
    let (good, bad) = (dir.path().join("good.toml"), dir.path().join("bad.toml"));
    write_practice(&good, "Bonne");
    fs::write(&bad, fs::read_to_string(&good).unwrap().replace("\n[title]", "sumary = \"x\"\n\n[title]"))
        .unwrap();
    let refused = settat.ask(["publish", text(&good), text(&bad)]).ends(2);
    assert!(refused.out.is_empty(), "{refused:?}");
    for part in ["bad.toml", "3", "sumary", "summary"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    let refused = settat.ask(["--json", "publish", text(&bad)]).ends(2);
    let error: serde_json::Value = serde_json::from_str(refused.err.trim()).unwrap();
    assert_eq!((&error["code"], &error["exit"]), (&"files".into(), &2.into()), "{error}");
    assert_eq!(settat.log(&author), before);

    // A place that does not exist, in a record.
    fs::write(&bad, format!("place = \"99.999.99.99\"\n{}", fs::read_to_string(&good).unwrap())).unwrap();
    let refused = settat.ask(["publish", text(&bad)]).ends(2);
    assert!(refused.err.contains("place") && refused.err.contains("99.999.99.99"), "{refused:?}");
    assert_eq!(settat.log(&author), before);
    assert_eq!(settat.records().len(), 0);
}

#[test]
fn every_refusal_has_its_exit_code_and_says_what_why_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let says = |answer: Answer, code: i32, part: &str| {
        let answer = answer.ends(code);
        assert!(answer.err.contains(part), "{part}: {answer:?}");
        for label in ["Why:", "What to do:"] {
            assert!(answer.err.contains(label), "{label}: {answer:?}");
        }
    };
    // No folder, a code that is no place, an option that does not exist.
    let nowhere = Place::new(dir.path().join("nowhere"));
    says(nowhere.ask(["list"]), 8, "nowhere");
    let key = dir.path().join("key");
    let init = ["init", "--place", "99.999.99.99", "--rotation-key-out", text(&key)];
    says(nowhere.ask(init), 2, "99.999.99.99");
    assert!(!nowhere.dir.exists() && !key.exists(), "a refused init leaves nothing");
    let _ = nowhere.ask(["list", "--colour"]).ends(2);

    let (settat, author) = Place::init(dir.path().join("settat"), SETTAT);
    let init = ["init", "--place", SETTAT, "--rotation-key-out", text(&key)];
    says(settat.ask(init), 8, "settat");
    assert!(!key.exists());
    says(settat.ask(["peers"]), 5, "settat");
    let _ = settat.ask(["show", &"ab".repeat(32)]).ends(4);

    // A second node of one folder; the first goes on.
    let _ = found(&settat);
    says(settat.ask(["invite"]), 5, "");
    let running = settat.run(&[]);
    let mut second = settat.command(["run", "--no-mdns", "--public", "127.0.0.1:0"]);
    says(Answer::of(second.args(["--listen", "/ip4/127.0.0.1/tcp/0"])), 8, "settat");
    assert_eq!(settat.object(["status"])["author"], author.as_str());
    running.stop();

    // Who is no steward admits nobody.
    let (hajeb, hajeb_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let line = string(&settat.object(["invite", "--address", "/ip4/127.0.0.1/tcp/9"]), "line");
    let application = dir.path().join("hajeb.application");
    let _ = hajeb.text(["join", &line, "--out", text(&application)]);
    let bundle = dir.path().join("settat.bundle");
    let _ = settat.text(["export", "bundle", "--out", text(&bundle)]);
    let _ = hajeb.text(["import", "bundle", text(&bundle)]);
    says(hajeb.ask(["admit", &hajeb_id, "--place", HAJEB]), 6, "");

    // By a stick alone: the application one way, everything the other way.
    let _ = settat.text(["admit", text(&application), "--place", HAJEB]);
    let _ = settat.text(["export", "bundle", "--out", text(&bundle)]);
    let _ = hajeb.text(["import", "bundle", text(&bundle)]);
    assert_eq!(hajeb.object(["status"])["network"]["state"], "member");
    assert!(Answer::of(multaqa().arg("--version")).ends(0).out.starts_with("multaqa "));
}
