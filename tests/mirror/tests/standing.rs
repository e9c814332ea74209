//! What happens to entries after they were copied reaches the copy: a thief's are disowned, a log forks, a member is
//! suspended, a record is withdrawn by order. In the end the copy is the one that would be made anew.

use multaqa_cluster::{Place, found, string, text};
use multaqa_mirror::Postgres;

const SETTAT: &str = "06.461.01.15";
const HAJEB: &str = "03.171.01.05";
const AMMELNE: &str = "09.581.09.05";
/// What a folder has only while a process has it open.
const LOCK: [&str; 2] = ["lock", "multaqa.sock"];

#[test]
fn what_becomes_of_entries_later_reaches_the_copy() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (steward, _) = Place::init(path("settat"), SETTAT);
    let (member, member_id) = Place::init(path("hajeb"), HAJEB);
    let (forking, forking_id) = Place::init(path("ammelne"), AMMELNE);
    let _ = found(&steward);
    let hub = Postgres::new();
    let copy = || steward.object(["mirror", "--once", "--to", &hub.address()]);
    // Read whole before anything happens, and again after each thing that does.
    let follow = |what: &str| {
        let done = copy();
        assert!(done["new"].as_u64().unwrap() + done["changed"].as_u64().unwrap() > 0, "{what}: {done}");
    };
    for (place, code) in [(&member, HAJEB), (&forking, AMMELNE)] {
        steward.admit_by_file(place, code);
        follow("a member");
    }
    for place in [&member, &forking] {
        steward.carry_to(place);
    }

    let [ordered, counted] = ["ordered", "counted"].map(|name| member.publish(name));
    let thief = member.copied(path("thief"), &LOCK);
    let disowned = thief.publish("disowned");
    thief.carry_to(&steward);
    follow("a thief's record");
    steward.carry_to(&member);
    let (key, next) = (member.rotation_key(), path("next.key"));
    let rotation = ["key", "rotate", "--rotation-key", text(&key), "--rotation-key-out", text(&next)];
    let _ = member.text(rotation.into_iter().chain(["--reason", "theft", "--from", &counted]));
    let after = member.publish("after");
    member.carry_to(&steward);
    follow("a rotation, and what its key signs");

    let twin = forking.copied(path("twin"), &LOCK);
    let [one, other] = [(&forking, "one"), (&twin, "other")].map(|(place, name)| place.publish(name));
    forking.carry_to(&steward);
    follow("one branch");
    twin.carry_to(&steward);
    follow("the other");
    let _ = steward.text(["withdraw", &ordered, "--reason", "court_order"]);
    follow("an order");
    let _ = steward.text(["suspend", &forking_id, "--reason", "Essai"]);
    follow("a suspension");

    for id in [&ordered, &counted, &disowned, &after, &one, &other] {
        let shown = steward.object(["show", id]);
        let sql = format!(
            "SELECT e.status, e.body_state, r.status, r.is_current FROM multaqa.entries AS e \
             JOIN multaqa.records AS r USING (id) WHERE id = '\\x{id}'"
        );
        let (status, body) = (string(&shown, "status"), string(&shown, "body"));
        let counts = matches!(status.as_str(), "canonical" | "withdrawn");
        assert_eq!(
            hub.ask(&sql),
            format!("{status}|{body}|{status}|{}", if counts { "t" } else { "f" }),
            "{id}"
        );
    }
    let status = |id: &str| hub.ask(&format!("SELECT status FROM multaqa.entries WHERE id = '\\x{id}'"));
    assert_eq!([&ordered, &counted, &disowned].map(|id| status(id)), ["withdrawn", "canonical", "disowned"]);
    assert_ne!(status(&one), "canonical");
    let member_status = |id: &str| {
        hub.ask(&format!("SELECT status, place_confirmed, log FROM multaqa.members WHERE author = '\\x{id}'"))
    };
    assert_eq!(member_status(&member_id), "member|t|ok");
    assert!(member_status(&forking_id).starts_with("suspended|"), "{}", member_status(&forking_id));
    let today = "SELECT status FROM multaqa.members_as_of(current_date + 1) WHERE author = ";
    assert_eq!(hub.ask(&format!("{today}'\\x{forking_id}'")), "suspended");

    // Each thing was told in a batch of its own, and the copy made anew is the same one.
    assert_eq!(
        hub.number("SELECT count(*) FROM multaqa.entries AS e, multaqa.mirror AS m WHERE e.batch > m.batch"),
        0
    );
    let before = hub.fingerprint();
    let _ = hub.ask("DROP SCHEMA multaqa CASCADE");
    follow("a copy made anew");
    assert_eq!(hub.fingerprint(), before);
}
