//! What goes wrong with keys, and how it is put right: with real processes and nothing but commands.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use multaqa_cluster::{
    Answer, Place, Running, found, items, join, random, string, text, until, write_practice,
};
use serde_json::Value;
use tempfile::TempDir;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const AMMELNE: &str = "09.581.09.05";
/// What a folder has only while a process has it open.
const LOCK: [&str; 2] = ["lock", "multaqa.sock"];

/// A steward and a member, whose nodes run.
struct Pair {
    dir: TempDir,
    settat: Place,
    hajeb: Place,
    author: String,
    running_settat: Running,
    running_hajeb: Option<Running>,
}

impl Pair {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (settat, _) = Place::init(dir.path().join("settat"), SETTAT);
        let (hajeb, author) = Place::init(dir.path().join("hajeb"), HAJEB);
        let _ = found(&settat);
        let running_settat = settat.run(&[]);
        let running_hajeb = Some(join(&settat, &hajeb, &author, HAJEB));
        Self { dir, settat, hajeb, author, running_settat, running_hajeb }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn refused(&self, place: &Place, code: i32) -> Value {
        let file = self.path("practice.toml");
        write_practice(&file, "Refusé");
        let answer = Answer::of(&mut place.command(["--json", "publish", text(&file)])).ends(code);
        serde_json::from_str(answer.err.lines().last().unwrap()).unwrap()
    }

    fn stop_hajeb(&mut self) {
        self.running_hajeb.take().unwrap().stop();
    }

    fn run_hajeb(&mut self) {
        self.running_hajeb = Some(self.hajeb.run(&self.steward()));
    }

    /// Returns where the steward's node is, with its peer id.
    fn steward(&self) -> Vec<String> {
        let peer = string(&self.settat.object(["key", "show"]), "peer");
        let whole = |address: String| {
            if address.contains("/p2p/") { address } else { format!("{address}/p2p/{peer}") }
        };
        self.running_settat.addresses().into_iter().map(whole).collect()
    }

    fn log_at(&self, place: &Place) -> String {
        let members = place.object(["members"]);
        let row = items(&members).iter().find(|row| row["author"] == *self.author);
        row.map(|row| string(row, "log")).unwrap_or_default()
    }
}

/// Changes the key of a place; the new rotation key is in the file `out`.
fn rotate(place: &Place, key: &Path, out: &Path, more: &[&str]) -> Value {
    place.object(rotation(key, out, more))
}

fn rotation<'a>(key: &'a Path, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    let args = ["key", "rotate", "--rotation-key", text(key), "--rotation-key-out", text(out)];
    [&args, more].concat()
}

fn status_of(place: &Place, id: &str) -> Option<Value> {
    let answer = Answer::of(&mut place.command(["--json", "show", id]));
    (answer.code == 0).then(|| answer.object())
}

#[test]
fn a_stolen_key_is_healed_and_the_thief_disowned_everywhere() {
    let mut pair = Pair::new();
    let (third, third_id) = Place::init(pair.path("third"), AMMELNE);
    let _running_third = join(&pair.settat, &third, &third_id, AMMELNE);
    let taken_back = pair.hajeb.publish("Retiré par le voleur");
    let mine = pair.hajeb.publish("Le mien");
    pair.stop_hajeb();
    let thief = pair.hajeb.copied(pair.path("thief"), &LOCK);
    pair.run_hajeb();
    let running_thief = thief.run(&pair.steward());
    let stolen = thief.publish("Du voleur");
    let file = pair.path("practice.toml");
    write_practice(&file, "Détourné");
    let altered = string(&thief.object(["revise", &mine, text(&file)]), "id");
    let _ = thief.text(["withdraw", &taken_back, "--reason", "vol"]);
    for place in [&pair.settat, &pair.hajeb, &third] {
        until("the thief's entries arrive", || {
            [&stolen, &altered].iter().all(|id| status_of(place, id).is_some())
        });
        until("and its withdrawal", || status_of(place, &taken_back).unwrap()["status"] == "withdrawn");
    }
    let told = pair.hajeb.text(["status"]);
    assert!(told.contains("came from other nodes") && told.contains("--reason theft"), "{told}");

    // Which entries are the owner's nobody else can know.
    let next = pair.path("second.key");
    let key = pair.hajeb.rotation_key();
    let asked = pair.hajeb.ask(rotation(&key, &next, &["--reason", "theft"])).ends(2);
    assert!(asked.err.contains(&stolen) && asked.err.contains(&mine), "{asked:?}");
    assert!(!next.exists(), "nothing was done");
    let more = ["--reason", "theft", "--from", &mine, "--note", "Clé volée"];
    let rotated = rotate(&pair.hajeb, &key, &next, &more);
    let id = string(&rotated, "id");
    assert_eq!((&rotated["disowned"], &rotated["log"]), (&3.into(), &"ok".into()), "{rotated}");
    assert!(fs::read_to_string(&next).unwrap().trim().len() == 64);

    let after = pair.hajeb.publish("La suite");
    for place in [&pair.settat, &pair.hajeb, &third] {
        until("the rotation arrives", || status_of(place, &after).is_some());
        for disowned in [&stolen, &altered] {
            let shown = status_of(place, disowned).unwrap();
            assert_eq!(shown["status"], "disowned", "{shown}");
            let by = &shown["disowned"];
            assert_eq!((&by["by"], &by["reason"]), (&id.as_str().into(), &"theft".into()), "{shown}");
            assert_eq!((&by["declared"], &by["time"]), (&true.into(), &shown_time(place, &id)), "{shown}");
        }
        // B3: what the thief withdrew is shown again.
        until("the withdrawal is undone", || status_of(place, &taken_back).unwrap()["body"] == "present");
        let listed = place.records();
        assert!(listed.contains(&mine) && listed.contains(&after) && !listed.contains(&stolen));
        let disowned = place.object(["list", "--status", "disowned"]);
        let ids: Vec<String> = items(&disowned).iter().map(|item| string(item, "id")).collect();
        assert!(ids.contains(&stolen) && !ids.contains(&mine), "{disowned}");
        let log = place.text(["log", &pair.author]);
        let marked = log.lines().filter(|line| line.contains("disowned") && line.contains("(theft)")).count();
        assert_eq!(marked, 3, "{log}");
        let history = place.object(["history", &mine]);
        let versions: Vec<_> =
            items(&history).iter().map(|row| (string(row, "id"), string(row, "status"))).collect();
        let expected = [(&mine, "canonical"), (&altered, "disowned")];
        assert_eq!(versions, expected.map(|(id, status)| (id.clone(), status.to_owned())), "{history}");
        assert_eq!(history["current"], mine.as_str());
        let shown = place.text(["show", &stolen]);
        assert!(shown.contains("disowned on") && shown.contains("(theft)"), "{shown}");
    }
    let key_now = pair.hajeb.object(["key", "show"]);
    assert_eq!((&key_now["rotations"], &key_now["establishment"]), (&1.into(), &id.as_str().into()));

    // The thief's node has learnt of it: its key signs nothing more.
    until("the thief's node learns of it", || thief.log(&pair.author).contains(&id));
    assert_eq!(pair.refused(&thief, 6)["code"], "quarantine");
    assert!(thief.text(["status"]).contains("another signing key"));
    running_thief.stop();
    // And the old rotation key is used up.
    let again = pair.path("third.key");
    let refused = pair.hajeb.ask(rotation(&key, &again, &["--reason", "scheduled"])).ends(6);
    assert!(refused.err.contains("used up") && !again.exists(), "{refused:?}");
    rotate(&pair.hajeb, &next, &again, &["--reason", "handover"]);
}

fn shown_time(place: &Place, id: &str) -> Value {
    status_of(place, id).unwrap()["time"].clone()
}

#[test]
fn a_fork_is_seen_by_all_freezes_the_log_and_is_healed() {
    let mut pair = Pair::new();
    pair.stop_hajeb();
    let twin = pair.hajeb.copied(pair.path("twin"), &LOCK);
    let (kept, lost) = (pair.hajeb.publish("Gardé"), twin.publish("Perdu"));
    pair.run_hajeb();
    until("the first arrives", || status_of(&pair.settat, &kept).is_some());
    let running_twin = twin.run(&pair.steward());
    for place in [&pair.settat, &pair.hajeb, &twin] {
        until("the fork is seen", || pair.log_at(place) == "forked");
    }
    running_twin.stop();
    assert_eq!(pair.refused(&pair.hajeb, 6)["code"], "log-frozen");
    let log = pair.settat.text(["log", &pair.author]);
    assert!(log.contains(&kept) && log.contains(&lost) && log.contains("--reason fork"), "{log}");
    let status = pair.hajeb.object(["status"]);
    assert_eq!((&status["health"], &status["log"]), (&"degraded".into(), &"forked".into()), "{status}");
    assert!(pair.hajeb.text(["status"]).contains("--reason fork"));
    let _ = pair.hajeb.ask(["key", "resume", "--in-full-knowledge"]).ends(6);

    let (key, next) = (pair.hajeb.rotation_key(), pair.path("next.key"));
    rotate(&pair.hajeb, &key, &next, &["--reason", "fork", "--from", &kept]);
    let after = pair.hajeb.publish("Réparé");
    for place in [&pair.settat, &pair.hajeb] {
        until("it is healed", || pair.log_at(place) == "ok" && status_of(place, &after).is_some());
        assert_eq!(status_of(place, &kept).unwrap()["status"], "canonical");
        let shown = status_of(place, &lost).unwrap();
        assert_eq!((&shown["status"], &shown["disowned"]["reason"]), (&"disowned".into(), &"fork".into()));
    }
}

#[test]
fn a_restored_backup_signs_nothing_until_other_nodes_have_answered() {
    let mut pair = Pair::new();
    // As a backup is made: while the node runs, without the guard file.
    let backup = pair.hajeb.copied(pair.path("backup"), &["lock", "multaqa.sock", "guard"]);
    for title in ["Un", "Deux"] {
        let id = pair.hajeb.publish(title);
        until("it arrives", || status_of(&pair.settat, &id).is_some());
    }
    pair.stop_hajeb();
    fs::remove_dir_all(&pair.hajeb.dir).unwrap();

    // On its own it signs nothing, and says why and what to do.
    assert_eq!(pair.refused(&backup, 6)["code"], "quarantine");
    let status = backup.object(["status"]);
    assert_eq!(
        (&status["health"], &status["quarantine"]["why"]),
        (&"degraded".into(), &"guard-missing".into())
    );
    assert!(backup.text(["status"]).contains("key resume --in-full-knowledge"));
    let unsure = backup.ask(["key", "resume"]).ends(2);
    assert!(unsure.err.contains("--in-full-knowledge"), "{unsure:?}");

    let running = backup.run(&pair.steward());
    until("it signs again", || backup.object(["status"])["quarantine"].is_null());
    let before = pair.settat.log(&pair.author);
    let id = backup.publish("Trois");
    until("it arrives", || pair.settat.log(&pair.author).len() == before.len() + 1);
    let log = pair.settat.log(&pair.author);
    assert!(log.contains(&id) && before.iter().all(|entry| log.contains(entry)));
    assert_eq!(pair.log_at(&pair.settat), "ok");
    running.stop();

    // An operator who knows that nothing else was signed need not wait.
    let again = backup.copied(pair.path("again"), &["lock", "multaqa.sock", "guard"]);
    assert_eq!(pair.refused(&again, 6)["code"], "quarantine");
    let resumed = again.object(["key", "resume", "--in-full-knowledge"]);
    assert_eq!(resumed["quarantine"], "guard-missing");
    let _ = again.publish("Sur ordre");
}

#[test]
fn of_two_changes_of_key_the_stewards_pin_one() {
    let mut pair = Pair::new();
    pair.stop_hajeb();
    // Somebody has copied the folder and the rotation key.
    let other = pair.hajeb.copied(pair.path("other"), &LOCK);
    let key = pair.hajeb.rotation_key();
    let theirs = string(&rotate(&other, &key, &pair.path("theirs.key"), &["--reason", "scheduled"]), "id");
    let running_other = other.run(&pair.steward());
    until("their rotation arrives", || status_of(&pair.settat, &theirs).is_some());
    pair.run_hajeb();
    until("the owner's node learns of it", || status_of(&pair.hajeb, &theirs).is_some());
    assert_eq!(pair.refused(&pair.hajeb, 6)["code"], "quarantine");

    // The owner contradicts it with the same rotation key.
    let mine_key = pair.path("mine.key");
    let used = pair.hajeb.ask(rotation(&key, &mine_key, &["--reason", "scheduled"])).ends(6);
    assert!(used.err.contains("--contest"), "{used:?}");
    let mine = rotate(&pair.hajeb, &key, &mine_key, &["--reason", "theft", "--contest"]);
    assert_eq!(mine["log"], "contested", "{mine}");
    let mine = string(&mine, "id");
    for place in [&pair.settat, &pair.hajeb, &other] {
        until("both are known", || pair.log_at(place) == "contested");
        let log = place.text(["log", &pair.author]);
        for part in [&theirs, &mine, "--stands", "0 stewards"] {
            assert!(log.contains(part), "{part}: {log}");
        }
    }
    assert_eq!(pair.refused(&pair.hajeb, 6)["code"], "log-frozen");
    let shown = pair.hajeb.object(["key", "show"]);
    assert_eq!((&shown["log"], shown["contest"].as_array().unwrap().len()), (&"contested".into(), 2));

    let _ = pair.settat.text(["admit", &pair.author, "--stands", &mine[..16]]);
    for place in [&pair.settat, &pair.hajeb, &other] {
        until("the pin holds", || pair.log_at(place) == "ok" && place.log(&pair.author).contains(&mine));
    }
    let after = pair.hajeb.publish("La suite");
    until("the owner goes on", || status_of(&pair.settat, &after).is_some());
    let shown = status_of(&pair.settat, &theirs).unwrap();
    assert_eq!((&shown["status"], &shown["disowned"]["by"]), (&"disowned".into(), &mine.as_str().into()));
    assert_eq!(pair.refused(&other, 6)["code"], "quarantine");
    running_other.stop();
}

#[test]
fn a_successor_and_its_predecessor_are_one_collectivity() {
    let mut pair = Pair::new();
    let old = pair.hajeb.publish("Avant la perte");
    until("it arrives", || status_of(&pair.settat, &old).is_some());
    pair.stop_hajeb();
    // Both keys are lost: a new author, in a new folder.
    let (successor, id) = Place::init(pair.path("successor"), HAJEB);
    let running = join(&pair.settat, &successor, &id, HAJEB);
    let before = pair.author.clone();
    let _ = pair.settat.text(["admit", &id, "--succeeds", &before[..16]]);
    let _ = pair.settat.text(["suspend", &before, "--reason", "keys lost"]);
    let new = successor.publish("Après la perte");
    for place in [&pair.settat, &successor] {
        until("the stewards' word arrives", || {
            let members = place.object(["members"]);
            items(&members).iter().any(|row| row["state"] == "suspended" && row["author"] == *before)
        });
        until("the record arrives", || status_of(place, &new).is_some());
        let members = place.object(["members"]);
        let row = |author: &str| items(&members).iter().find(|row| row["author"] == author).unwrap().clone();
        assert_eq!(row(&id)["continues"][0]["author"], *before, "{members}");
        assert_eq!(row(&before)["continued_by"][0]["author"], *id, "{members}");
        assert_eq!(members["totals"]["members"], 2, "{members}");
        assert!(place.text(["members"]).contains("continued by"));
        let (old, new) = (status_of(place, &old).unwrap(), status_of(place, &new).unwrap());
        assert_eq!(old["continued_by"][0]["author"], *id, "{old}");
        assert_eq!(new["continues"][0]["author"], *before, "{new}");
        assert_eq!(old["status"], "canonical", "nobody's past is deleted");
    }
    assert!(pair.settat.text(["show", &old]).contains("Continued by"));
    running.stop();
}

#[test]
fn a_lost_machine_is_replaced_by_the_rotation_key_and_what_others_hold() {
    let mut pair = Pair::new();
    let old = pair.hajeb.publish("Avant la panne");
    until("it arrives", || status_of(&pair.settat, &old).is_some());
    pair.stop_hajeb();
    fs::remove_dir_all(&pair.hajeb.dir).unwrap();

    let invitation = string(&pair.settat.object(["invite"]), "line");
    let made = pair.hajeb.object(["init", "--recover", &pair.author, "--invitation", &invitation]);
    assert_eq!(made["author"], *pair.author);
    assert_eq!(pair.hajeb.object(["status"])["quarantine"]["why"], "log-missing");
    let (key, next) = (pair.hajeb.rotation_key(), pair.path("next.key"));
    let _ = pair.hajeb.ask(rotation(&key, &next, &["--reason", "restore"])).ends(6);
    let bundle = pair.path("all.bundle");
    let _ = pair.settat.text(["export", "bundle", "--out", text(&bundle)]);
    let _ = pair.hajeb.text(["import", "bundle", text(&bundle)]);
    // On a stick the log may be old: what others hold beyond it must not be disowned unawares.
    let blind = pair.hajeb.ask(rotation(&key, &next, &["--reason", "restore"])).ends(6);
    assert!(blind.err.contains("--from") && !next.exists(), "{blind:?}");
    pair.run_hajeb();
    until("its log comes back", || pair.hajeb.log(&pair.author).contains(&old));
    let answered = || pair.hajeb.object(["status"])["quarantine"]["asked"] == 1;
    until("the other node's word that it is all", answered);
    assert_eq!(pair.refused(&pair.hajeb, 6)["code"], "quarantine");
    assert_eq!(pair.hajeb.object(["status"])["quarantine"]["why"], "other-key");
    let rotated = rotate(&pair.hajeb, &key, &next, &["--reason", "restore"]);
    assert_eq!(rotated["disowned"], 0);
    let after = pair.hajeb.publish("Après la panne");
    until("it goes on", || status_of(&pair.settat, &after).is_some());
    assert_eq!(pair.log_at(&pair.settat), "ok");
    pair.stop_hajeb();
    pair.run_hajeb();
    let _ = pair.hajeb.publish("Après un redémarrage");
}

/// Seed of the moments at which something is killed; a failure shows with which it can be repeated.
const SEED: u64 = 0x6d75_6c74_6171_6104;
/// Kills of the node, and as many of a command that works on the folder itself.
const KILLS: u64 = 20;
/// Longest wait before one, in milliseconds: half of the kills come before the rotation is on disk, and
/// most of them while the command or the node is at it.
const LIFE: u64 = 90;

#[test]
fn a_kill_at_any_moment_of_a_rotation_leaves_a_node_that_signs() {
    let mut pair = Pair::new();
    let mut state = SEED;
    let (mut key, mut rotations, mut done) = (pair.hajeb.rotation_key(), 0, 0);
    for kill in 0..2 * KILLS {
        let next = pair.path(&format!("key{kill}"));
        let of_the_node = kill % 2 == 0;
        if !of_the_node {
            pair.stop_hajeb();
        }
        let args = rotation(&key, &next, &["--reason", "scheduled"]);
        let mut command = pair.hajeb.command(args);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(random(&mut state) % LIFE));
        if of_the_node {
            pair.running_hajeb.take().unwrap().kill();
        } else {
            let _ = child.kill();
        }
        let _ = child.wait();
        pair.run_hajeb();
        let shown = pair.hajeb.object(["key", "show"]);
        let now = shown["rotations"].as_u64().unwrap();
        assert!(now == rotations || now == rotations + 1, "seed {SEED:#x}, kill {kill}: {shown}");
        if now > rotations {
            // The new rotation key was in its file before.
            assert_eq!(fs::read_to_string(&next).unwrap().trim().len(), 64, "seed {SEED:#x}, kill {kill}");
            key = next;
            done += 1;
        }
        rotations = now;
        let id = pair.hajeb.publish(&format!("Après l'arrêt {kill}"));
        until("it arrives", || status_of(&pair.settat, &id).is_some());
        assert_eq!(pair.log_at(&pair.settat), "ok", "seed {SEED:#x}, kill {kill}");
    }
    assert!(done > 0, "seed {SEED:#x}: no rotation was made before a kill");
    // The key that is held fits, whatever happened before.
    rotate(&pair.hajeb, &key, &pair.path("last.key"), &["--reason", "scheduled"]);
}
