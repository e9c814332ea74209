//! A client in another language, written from the specification, joins gossip and sync of a real node
//! and finds everything as it is; the node takes it for a good peer.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::process::Command;

use multaqa_cluster::{Place, found, items, join, string, text, until, write_practice};
use multaqa_interop::{Client, node, of, python};
use serde_json::Value;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";

#[test]
fn a_javascript_client_reads_the_network_and_hears_what_is_published() {
    reads_and_hears(&mut node("examples/javascript/client.js"));
}

#[test]
fn a_python_client_reads_the_network_and_hears_what_is_published() {
    reads_and_hears(&mut python("examples/python/client.py"));
}

fn reads_and_hears(program: &mut Command) {
    let dir = tempfile::tempdir().unwrap();
    let (settat, settat_id) = Place::init(dir.path().join("settat"), SETTAT);
    let (hajeb, hajeb_id) = Place::init(dir.path().join("hajeb"), HAJEB);
    let _ = found(&settat);
    let practice = dir.path().join("practice.toml");
    // One record whose body travels with its entry, one whose body is asked for by hash (Y4).
    write_practice(&practice, "Budget participatif");
    let small = string(&settat.object(["publish", text(&practice)]), "id");
    let large = fs::read_to_string(&practice).unwrap().replace("Essai", &"Essai ".repeat(10_000));
    fs::write(&practice, large).unwrap();
    let large = string(&settat.object(["publish", text(&practice)]), "id");

    let running = settat.run(&[]);
    let running_hajeb = join(&settat, &hajeb, &hajeb_id, HAJEB);
    until("both hold both logs", || {
        [&settat_id, &hajeb_id].iter().all(|author| settat.log(author) == hajeb.log(author))
    });

    let invitation = string(&settat.object(["invite"]), "line");
    let mut client = Client::start(program.args([&invitation, "--listen", "2"]));
    let lines = client.until("listening");

    let charter = of(&lines, "charter");
    assert_eq!(charter.len(), 1, "{lines:#?}");
    assert_eq!((&charter[0]["stewards"][0], &charter[0]["k"]), (&settat_id.clone().into(), &1.into()));
    assert_eq!(charter[0]["names"]["fr"], "Réseau d'essai");
    for author in [&settat_id, &hajeb_id] {
        // The command shows the newest first.
        let known: Vec<String> = settat.log(author).into_iter().rev().collect();
        let log = of(&lines, "log").into_iter().find(|log| log["author"] == **author);
        let log = log.unwrap_or_else(|| panic!("no log of {author}: {lines:#?}"));
        assert_eq!((&log["status"], &log["agrees"], &log["code"]), (&"ok".into(), &true.into(), &0.into()));
        assert_eq!(log["head"], known.last().unwrap().as_str(), "{log}");
        let entries = of(&lines, "entry").into_iter().filter(|entry| entry["author"] == **author);
        let entries: Vec<&Value> = entries.collect();
        let ids: Vec<String> = entries.iter().map(|entry| string(entry, "id")).collect();
        assert_eq!(ids, known, "{author}");
        assert!(entries.iter().all(|entry| entry["body"] == true), "{entries:#?}");
    }
    for id in [&small, &large] {
        let record = of(&lines, "entry").into_iter().find(|entry| entry["id"] == **id).unwrap();
        assert_eq!(
            (&record["kind"], &record["title"]["fr"]),
            (&"practice".into(), &"Budget participatif".into())
        );
    }

    let own = string(of(&lines, "connected")[0], "own");
    let peers = settat.object(["peers"]);
    let peer = items(&peers).iter().find(|peer| peer["peer"] == *own);
    assert_eq!(peer.map(|peer| &peer["state"]), Some(&"connected".into()), "{peers}");

    // The first record comes from the node that the client knows, the second from one beyond it.
    for (place, author, title) in [(&settat, &settat_id, "Puits"), (&hajeb, &hajeb_id, "École")] {
        write_practice(&practice, title);
        let id = string(&place.object(["publish", text(&practice)]), "id");
        let heard = client.until("gossip");
        let record = heard.last().unwrap();
        assert_eq!((&record["id"], &record["author"]), (&id.clone().into(), &author.clone().into()));
        assert_eq!((&record["title"]["fr"], &record["head"]), (&title.into(), &id.into()), "{record}");
    }

    // The nodes are well, and have found no fault with the client.
    for place in [&settat, &hajeb] {
        let status = place.object(["status"]);
        assert_eq!(status["health"], "ok", "{status}");
        assert!(status.get("refused").is_none(), "{status}");
    }
    client.ends();
    running.stop();
    running_hajeb.stop();
}
