use super::*;
use crate::invitation;

/// Carries an application from one folder to another, and the network back, as files.
pub(crate) async fn apply(steward: &Desk, applicant: &Desk) {
    let made: Invitation = steward.post("/invitations", &json!({})).await;
    let _: Application = applicant.post("/network/enter", &json!({ "invitation": made.line })).await;
    let file = applicant.bytes("/application").await;
    let report: ImportReport =
        read(steward.ask(Method::POST, "/bundle", file).await, StatusCode::CREATED).await;
    assert_eq!(report.candidates, [applicant.author]);
}

pub(crate) async fn carry(from: &Desk, to: &Desk) -> ImportReport {
    let file = from.bytes("/bundle?all").await;
    read(to.ask(Method::POST, "/bundle", file).await, StatusCode::CREATED).await
}

#[tokio::test]
async fn a_founder_is_the_first_member() {
    let desk = Desk::founder().await;
    let network: Network = desk.get("/network").await;
    assert_eq!((network.id, network.k), (desk.node.network(), 1));
    assert_eq!(network.stewards.iter().map(|steward| steward.author).collect::<Vec<_>>(), [desk.author]);
    assert_eq!(network.principles.len(), 5);
    assert_eq!((network.versions.len(), network.versions[0].unsigned.len()), (1, 0));
    assert!(network.last_statement.is_some());

    let status: NodeStatus = desk.get("/status").await;
    let own = status.network.unwrap();
    assert_eq!((own.state, own.steward, own.members), (MemberState::Member, true, 1));
    assert_eq!(status.health, Health::Ok);

    let request = json!({ "names": { "fr": "B" }, "text": { "fr": "C" }, "licence": "CC-BY-4.0" });
    assert_eq!(desk.refused(Method::POST, "/network", &request).await.code, "other-network");
}

#[tokio::test]
async fn a_charter_that_could_not_decide_is_refused() {
    let desk = Desk::new("Fnideq", None).await;
    let request = json!({ "names": { "fr": "B" }, "text": { "fr": "C" }, "licence": "CC-BY-4.0", "k": 2 });
    let problem = desk.refused(Method::POST, "/network", &request).await;
    assert_eq!((problem.code.as_str(), problem.rule.as_deref()), ("invalid-charter", Some("N2")));
    assert_eq!(desk.node.network(), None);
}

#[tokio::test]
async fn an_applicant_becomes_a_member_by_files_alone() {
    let steward = Desk::founder().await;
    let applicant = Desk::new("Martil", Some("01.573.01.03")).await;
    apply(&steward, &applicant).await;

    let candidates: List<Candidate> = steward.get("/candidates").await;
    assert_eq!(candidates.items.len(), 1);
    assert_eq!(candidates.items[0].author, applicant.author);
    assert_eq!(candidates.items[0].names.get("fr"), Some("Martil"));
    assert_eq!(candidates.items[0].place.as_deref(), Some("01.573.01.03"));

    let request = json!({ "author": &applicant.author.to_string()[..12], "place": "01.573.01.03" });
    steward.post::<Published>("/admissions", &request).await;
    let members: Members = steward.get("/members").await;
    assert_eq!((members.totals.members, members.totals.levels["commune"]), (2, 2));
    let row = members.items.iter().find(|row| row.author == applicant.author).unwrap();
    assert_eq!(
        (row.state, row.confirmed, row.level.as_deref()),
        (MemberState::Member, true, Some("commune"))
    );
    assert_eq!(row.admitted, Stewards { by: 1, of: 1, k: 1 });

    let report = carry(&steward, &applicant).await;
    assert!(report.stored > 0 && report.refused.is_empty());
    let status: NodeStatus = applicant.get("/status").await;
    assert_eq!(status.network.unwrap().state, MemberState::Member);
    let record = applicant.publish("Forum", "participation").await;
    carry(&applicant, &steward).await;
    let shown: super::super::types::Record = steward.get(&format!("/records/{record}")).await;
    assert!(shown.item.confirmation.confirmed);

    let provenance: Provenance = steward.get(&format!("/records/{record}/provenance")).await;
    assert_eq!(provenance.admitted_by[0].author, steward.author);
    assert_eq!(provenance.keys.len(), 1);
    let detail: MemberDetail = steward.get(&format!("/members/{}", applicant.author)).await;
    assert_eq!(detail.kinds["practice"], 1);
    assert_eq!(detail.admitted_by, [steward.author]);
}

#[tokio::test]
async fn nobody_was_a_member_at_a_date_before_anyone_joined() {
    let desk = Desk::founder().await;
    let before: Members = desk.get("/members?as_of=2020-06-01").await;
    // The charter of version 0, and with it who decides, counts whatever the date (N1).
    assert_eq!((before.totals.members, before.items.len()), (0, 1));
    assert_eq!((before.items[0].state, before.items[0].steward), (MemberState::Outside, true));
    let after: Members = desk.get("/members?as_of=2999-01-01").await;
    assert_eq!((after.totals.members, after.as_of.is_some()), (1, true));
}

#[tokio::test]
async fn a_second_admission_keeps_what_the_first_confirmed() {
    let steward = Desk::founder().await;
    let applicant = Desk::new("Martil", Some("01.573.01.03")).await;
    apply(&steward, &applicant).await;
    let author = applicant.author.to_string();
    steward.post::<Published>("/admissions", &json!({ "author": author, "place": "01.573.01.03" })).await;
    steward.post::<Published>("/admissions", &json!({ "author": author })).await;
    let detail: MemberDetail = steward.get(&format!("/members/{author}")).await;
    assert_eq!((detail.member.place.as_deref(), detail.member.confirmed), (Some("01.573.01.03"), true));
}

#[tokio::test]
async fn what_a_suspended_member_wrote_afterwards_is_not_shown() {
    let steward = Desk::founder().await;
    let member = Desk::new("Martil", Some("01.573.01.03")).await;
    apply(&steward, &member).await;
    let author = member.author.to_string();
    steward.post::<Published>("/admissions", &json!({ "author": author })).await;
    carry(&steward, &member).await;
    let before = member.publish("Avant", "transparency").await;
    let after = member.publish("Après", "transparency").await;
    carry(&member, &steward).await;
    let shown: super::super::types::Record = steward.get(&format!("/records/{before}")).await;
    steward
        .post::<Published>(
            "/suspensions",
            &json!({ "author": author, "reason": "keys", "upto": shown.item.seq }),
        )
        .await;

    let list: List<RecordItem> = steward.get("/records").await;
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [before]);
    let beyond: List<RecordItem> = steward.get("/records?status=beyond-cut").await;
    assert_eq!(beyond.items.iter().map(|item| item.id).collect::<Vec<_>>(), [after]);
    let detail: MemberDetail = steward.get(&format!("/members/{author}")).await;
    assert_eq!((detail.member.state, detail.member.upto), (MemberState::Suspended, Some(shown.item.seq)));
    assert_eq!(detail.suspended_by[0].reason, "keys");
}

#[tokio::test]
async fn only_stewards_speak_for_the_network() {
    let steward = Desk::founder().await;
    let other = Desk::new("Martil", None).await;
    let request = json!({ "author": steward.author });
    assert_eq!(other.refused(Method::POST, "/admissions", &request).await.code, "no-network");
    assert_eq!(other.refused(Method::POST, "/invitations", &json!({})).await.code, "no-network");
    apply(&steward, &other).await;
    assert_eq!(other.refused(Method::POST, "/admissions", &request).await.code, "no-charter");
    carry(&steward, &other).await;
    assert_eq!(other.refused(Method::POST, "/admissions", &request).await.code, "not-a-steward");
    let request = json!({ "author": other.author, "place": "99.999.99.99" });
    assert_eq!(steward.refused(Method::POST, "/admissions", &request).await.code, "unknown-place");
    let request = json!({ "author": "ffffffffff" });
    assert_eq!(steward.refused(Method::POST, "/admissions", &request).await.code, "not-held");
}

#[tokio::test]
async fn an_invitation_is_followed_once() {
    let steward = Desk::founder().await;
    let other = Desk::new("Martil", None).await;
    let address = "/ip4/192.0.2.7/tcp/4480";
    let made: Invitation = steward.post("/invitations", &json!({ "addresses": [address] })).await;
    assert_eq!(made.addresses, [address]);
    assert_eq!(made.names.get("fr"), Some("Essai"));
    assert_eq!(invitation::Invitation::read(&made.line).unwrap().network, steward.node.network().unwrap());
    let first: Application = other.post("/network/enter", &json!({ "invitation": made.line })).await;
    let again: Application = other.post("/network/enter", &json!({ "invitation": made.line })).await;
    assert_eq!(first.entry, again.entry);
    let broken = json!({ "invitation": &made.line[..made.line.len() - 3] });
    assert_eq!(other.refused(Method::POST, "/network/enter", &broken).await.code, "invalid-invitation");
    let elsewhere = Desk::founder().await;
    let line: Invitation = elsewhere.post("/invitations", &json!({})).await;
    let request = json!({ "invitation": line.line });
    assert_eq!(other.refused(Method::POST, "/network/enter", &request).await.code, "other-network");
}

#[tokio::test]
async fn the_second_steward_signs_the_same_charter() {
    let (first, second) = (Desk::new("Fnideq", None).await, Desk::new("Martil", None).await);
    let request = json!({
        "names": { "fr": "Essai" }, "text": { "fr": "Charte" }, "licence": "CC-BY-4.0", "k": 2,
        "stewards": [first.author, second.author],
    });
    let founded: Published = first.post("/network", &request).await;
    let made: Invitation = first.post("/invitations", &json!({})).await;
    let _: Application = second.post("/network/enter", &json!({ "invitation": made.line })).await;
    assert_eq!(second.refused(Method::POST, "/network/sign", &json!({})).await.code, "no-charter");
    carry(&first, &second).await;
    let before: Network = second.get("/network").await;
    assert_eq!(before.versions[0].unsigned, [second.author]);

    let signed: Published = second.post("/network/sign", &json!({})).await;
    let again: Published = second.post("/network/sign", &json!({})).await;
    assert_eq!((signed.id, signed.network), (again.id, founded.network));
    carry(&second, &first).await;
    let network: Network = first.get("/network").await;
    assert_eq!((network.versions[0].unsigned.len(), network.versions[0].votes.len()), (0, 2));

    // Two of two: neither admits alone.
    for (steward, members) in [(&first, 0), (&second, 2)] {
        for author in [first.author, second.author] {
            steward.post::<Published>("/admissions", &json!({ "author": author, "place": "01" })).await;
        }
        carry(&first, &second).await;
        carry(&second, &first).await;
        let table: Members = first.get("/members").await;
        assert_eq!(table.totals.members, members);
    }
    let table: Members = second.get("/members").await;
    assert!(table.items.iter().all(|row| row.confirmed && row.admitted == Stewards { by: 2, of: 2, k: 2 }));
}

#[tokio::test]
async fn n3_a_steward_proposes_the_next_version_and_the_other_signs_it() {
    let (first, second) = (Desk::new("Fnideq", None).await, Desk::new("Martil", None).await);
    let request = json!({
        "names": { "fr": "Essai" }, "text": { "fr": "Charte" }, "licence": "CC-BY-4.0", "k": 2,
        "stewards": [first.author, second.author],
    });
    let _: Published = first.post("/network", &request).await;
    let made: Invitation = first.post("/invitations", &json!({})).await;
    let _: Application = second.post("/network/enter", &json!({ "invitation": made.line })).await;
    carry(&first, &second).await;
    // Two stewards cannot have k = 1 (N2).
    let wrong = json!({ "k": 1 });
    assert_eq!(first.refused(Method::POST, "/network/amend", &wrong).await.code, "invalid-charter");
    let amended: Published = first
        .post("/network/amend", &json!({ "stewards": [second.author], "names": { "fr": "Renommé" } }))
        .await;
    assert_eq!(amended.kind, "charter");
    let again = first.refused(Method::POST, "/network/amend", &json!({})).await;
    assert_eq!(again.code, "has-voted");
    carry(&first, &second).await;
    let proposed: Network = second.get("/network").await;
    assert_eq!((proposed.versions.len(), proposed.proposals.len(), proposed.proposals[0].version), (1, 1, 1));
    let hash = proposed.proposals[0].hash;
    let _: Published = second.post("/network/sign", &json!({ "hash": hash })).await;
    carry(&second, &first).await;
    for desk in [&first, &second] {
        let network: Network = desk.get("/network").await;
        assert_eq!((network.versions.len(), network.k, network.proposals.len()), (2, 1, 0));
        assert_eq!((network.versions[1].hash, network.names.get("fr")), (hash, Some("Renommé")));
        assert_eq!(network.text.get("fr"), Some("Charte"), "what was not named stays");
    }
    // Who is steward no more proposes nothing.
    assert_eq!(first.refused(Method::POST, "/network/amend", &json!({})).await.code, "not-a-steward");
}
