//! What no longer counts, or is gone, is shown the same wherever somebody looks: on pages, by the API, by commands, in
//! an exported bundle as an audit judges it, and in the report of that audit.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod public;

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_cluster::{Answer, Place, Running, found, items, multaqa, string, text, until};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const AMMELNE: &str = "09.581.09.05";
/// What a folder has only while a process has it open.
const LOCK: [&str; 2] = ["lock", "multaqa.sock"];

/// What became of a record, and what each surface says of it.
#[derive(Clone, Copy, Debug)]
struct Standing {
    name: &'static str,
    /// Whether its words can still be read.
    is_readable: bool,
    /// `status` and `body` of the API and of `--json`.
    status: &'static str,
    body: &'static str,
    /// What its page says, and its line of the log's page.
    page: &'static str,
    line: &'static str,
    /// What `show` and `log` say.
    said: &'static str,
    /// What an audit says: whether it counts, what there is of its body, and the sentence of the report.
    mark: &'static str,
    audited: &'static str,
    report: &'static str,
}

const STANDINGS: [Standing; 5] = [
    Standing {
        name: "counted",
        is_readable: true,
        status: "canonical",
        body: "present",
        page: "verified signature",
        line: "counts",
        said: "counts",
        mark: "canonical",
        audited: "present",
        report: "counts",
    },
    Standing {
        name: "disowned",
        is_readable: true,
        status: "disowned",
        body: "present",
        page: "Disowned by its author with the change of key of",
        line: "disowned",
        said: "disowned on",
        mark: "disowned",
        audited: "present",
        report: "disowned by a change of key",
    },
    Standing {
        name: "disputed",
        is_readable: true,
        status: "disputed",
        body: "present",
        page: "disputed",
        line: "disputed",
        said: "disputed",
        mark: "disputed",
        audited: "present",
        report: "disputed: the log is forked",
    },
    Standing {
        name: "withdrawn",
        is_readable: false,
        status: "withdrawn",
        body: "withdrawn",
        page: "Withdrawn by its author on",
        line: "withdrawn",
        said: "withdrawn",
        mark: "canonical",
        audited: "withdrawn",
        report: "withdrawn by its author, for this reason: privacy",
    },
    Standing {
        name: "erased",
        is_readable: false,
        status: "withdrawn",
        body: "withdrawn",
        page: "Withdrawn by order of the stewards on",
        line: "withdrawn",
        said: "withdrawn",
        mark: "canonical",
        audited: "withdrawn",
        report: "withdrawn by order of the stewards, for this reason: court_order",
    },
];

/// Returns a word that stands in one record alone.
fn marker(name: &str) -> String {
    format!("zqx{name}")
}

/// A record of each standing, at the steward's node.
struct Archive {
    steward: Place,
    /// By the name of its standing: whose log it is in, and the entry.
    records: Vec<(Standing, String, String)>,
    /// The other branch of the log that contradicts itself.
    other_branch: String,
    erased_at: Place,
    dir: tempfile::TempDir,
}

impl Archive {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let (steward, _) = Place::init(path("settat"), SETTAT);
        let (member, member_id) = Place::init(path("hajeb"), HAJEB);
        let (forking, forking_id) = Place::init(path("ammelne"), AMMELNE);
        let _ = found(&steward);
        for (place, code) in [(&member, HAJEB), (&forking, AMMELNE)] {
            steward.admit_by_file(place, code);
        }
        let publish = |place: &Place, name: &str| place.publish(&marker(name));
        for place in [&member, &forking] {
            steward.carry_to(place);
        }

        // Three of the member's, one of a thief, who is then disowned.
        let [erased, withdrawn, counted] =
            ["erased", "withdrawn", "counted"].map(|name| publish(&member, name));
        let thief = member.copied(path("thief"), &LOCK);
        let disowned = publish(&thief, "disowned");
        thief.carry_to(&steward);
        steward.carry_to(&member);
        let (key, next) = (member.rotation_key(), path("next.key"));
        let rotation = ["key", "rotate", "--rotation-key", text(&key), "--rotation-key-out", text(&next)];
        let _ = member.text(rotation.into_iter().chain(["--reason", "theft", "--from", &counted]));
        let _ = member.text(["withdraw", &withdrawn, "--reason", "privacy"]);
        member.carry_to(&steward);

        // Two branches of a third log.
        let twin = forking.copied(path("twin"), &LOCK);
        let (disputed, other_branch) = (publish(&forking, "disputed"), publish(&twin, "otherbranch"));
        forking.carry_to(&steward);
        twin.carry_to(&steward);

        let _ = steward.text(["withdraw", &erased, "--reason", "court_order"]);
        steward.carry_to(&member);
        let id = |name: &str| match name {
            "counted" => (&member_id, &counted),
            "disowned" => (&member_id, &disowned),
            "disputed" => (&forking_id, &disputed),
            "withdrawn" => (&member_id, &withdrawn),
            _ => (&member_id, &erased),
        };
        let records = STANDINGS.map(|standing| {
            let (author, id) = id(standing.name);
            (standing, author.clone(), id.clone())
        });
        Self { steward, records: records.into(), other_branch, erased_at: member, dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Exports a bundle, and returns what an audit says of it, and the report as a page.
    fn audit(&self, which: &[&str]) -> (Vec<u8>, Value, String) {
        let (file, page) = (self.path("audited.bundle"), self.path("report.html"));
        let _ = fs::remove_file(&file);
        let _ = self.steward.text(["export", "bundle", "--out", text(&file)].iter().chain(which));
        let verify = ["--json", "verify", text(&file), "--report", text(&page)];
        let report = Answer::of(multaqa().args(verify)).ends(0).object();
        (fs::read(&file).unwrap(), report, fs::read_to_string(&page).unwrap())
    }
}

/// Returns whether a file below a folder holds some bytes.
fn holds(dir: &Path, bytes: &[u8]) -> bool {
    let Ok(entries) = fs::read_dir(dir) else { return false };
    entries.flatten().any(|entry| match entry.file_type() {
        Ok(about) if about.is_dir() => holds(&entry.path(), bytes),
        Ok(about) if about.is_file() => fs::read(entry.path()).is_ok_and(|file| has(&file, bytes)),
        _ => false,
    })
}

fn has(file: &[u8], bytes: &[u8]) -> bool {
    file.windows(bytes.len()).any(|window| window == bytes)
}

/// Returns the row of a table that names something, as HTML.
fn row_of<'a>(page: &'a str, named: &str) -> &'a str {
    page.split("<tr")
        .skip(1)
        .find(|row| row.contains(named))
        .unwrap_or_else(|| panic!("no row with {named}: {page}"))
}

fn item<'a>(list: &'a Value, id: &str) -> &'a Value {
    items(list).iter().find(|row| row["id"] == *id).unwrap_or_else(|| panic!("no {id}: {list}"))
}

#[test]
fn what_became_of_a_record_is_shown_the_same_everywhere() {
    let archive = Archive::new();
    let running: Running = archive.steward.run(&[]);
    let public = string(&running.ready, "public");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let get = |path: &str| String::from_utf8(runtime.block_on(public::get(&public, path))).unwrap();
    let json = |path: &str| -> Value { serde_json::from_str(&get(path)).unwrap() };
    let (bytes, all, report) = archive.audit(&[]);
    for (standing, author, id) in &archive.records {
        let Standing { name, is_readable, .. } = standing;
        let marker = marker(name);
        let readable = |surface: &str, text: &str| {
            assert_eq!(text.contains(&marker), *is_readable, "{name} on {surface}: {text}");
        };
        let says = |surface: &str, text: &str, words: &str| {
            assert!(text.contains(words), "{name} on {surface} lacks {words:?}: {text}");
        };

        // Pages: its own, and its line in the log.
        let page = get(&format!("/en/records/{id}"));
        says("its page", &page, standing.page);
        readable("its page", &page);
        let log = get(&format!("/en/members/{author}/log"));
        says("the log's page", row_of(&log, &id[..12]), standing.line);

        // The API, and the commands that ask it.
        for record in [json(&format!("/api/v1/records/{id}")), archive.steward.object(["show", id])] {
            assert_eq!(
                (&record["status"], &record["body"]),
                (&standing.status.into(), &standing.body.into()),
                "{name}"
            );
            assert_eq!(record["withdrawal"].is_null(), *is_readable, "{name}");
            readable("the API", &record.to_string());
        }
        for log in
            [json(&format!("/api/v1/authors/{author}/log?marked")), archive.steward.object(["log", author])]
        {
            let row = item(&log, id);
            assert_eq!(
                (&row["status"], &row["body"]),
                (&standing.status.into(), &standing.body.into()),
                "{name}"
            );
        }
        let shown = archive.steward.text(["show", id]);
        says("show", &shown, standing.said);
        readable("show", &shown);
        let log = archive.steward.text(["log", author]);
        let line = log.lines().find(|line| line.contains(&id[..8])).unwrap();
        says("log", line, standing.said);

        // Bundles: of the network, of the log, and of the record, and the report on each.
        let (of_author, author_report, author_page) = archive.audit(&["--author", author]);
        let (of_entry, entry_report, entry_page) = archive.audit(&["--entry", id]);
        let audits = [
            ("the network's bundle", &bytes, &all, &report),
            ("its log's bundle", &of_author, &author_report, &author_page),
            ("its own bundle", &of_entry, &entry_report, &entry_page),
        ];
        for (bundle, bytes, audit, page) in audits {
            assert_eq!(has(bytes, marker.as_bytes()), *is_readable, "{name} in {bundle}");
            let records = audit["records"].as_array().unwrap();
            let row = records
                .iter()
                .find(|row| row["entry"] == **id)
                .unwrap_or_else(|| panic!("{bundle}: {audit}"));
            assert_eq!(
                (&row["mark"], &row["body"]),
                (&standing.mark.into(), &standing.audited.into()),
                "{name} in {bundle}: {row}"
            );
            says(bundle, row_of(page, id), standing.report);
            readable(bundle, page);
        }
    }

    // The branches of a log that contradicts itself stand the same, and the log as a whole is marked.
    let (_, _, forked) = &archive.records[2];
    let list = json("/api/v1/records?status=disputed");
    for id in [forked, &archive.other_branch] {
        assert_eq!(item(&list, id)["status"], "disputed", "{list}");
    }
    assert!(report.contains("disputed: the log is forked"), "{report}");

    // What stewards ordered is gone at once from every file, at the node that signed the order and at its author's;
    // what its author withdrew can be undone for thirty days.
    let [erased, withdrawn] = ["erased", "withdrawn"].map(marker);
    until("erased at the steward's", || !holds(&archive.steward.dir, erased.as_bytes()));
    assert!(holds(&archive.steward.dir, withdrawn.as_bytes()));
    let running_member = archive.erased_at.run(&[]);
    until("erased at its author's", || !holds(&archive.erased_at.dir, erased.as_bytes()));
    assert!(holds(&archive.erased_at.dir, withdrawn.as_bytes()));
    running_member.stop();
    running.stop();
}
