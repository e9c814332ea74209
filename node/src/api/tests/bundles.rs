use super::*;
use multaqa_protocol::audit::{Auditor, Verdict};

fn verdict(bundle: &[u8]) -> Verdict {
    let mut auditor = Auditor::new(1);
    auditor.push(bundle);
    auditor.finish().verdict
}

#[tokio::test]
async fn every_kind_of_bundle_verifies_offline() {
    let desk = Desk::founder().await;
    let id = desk.publish("Budget", "transparency").await;
    desk.publish("Autre", "transparency").await;
    for query in [
        format!("entry={id}"),
        format!("entry={id}&stewards"),
        format!("author={}", desk.author),
        format!("author={}&stewards=true", desk.author),
        "all".to_owned(),
    ] {
        let bundle = desk.bytes(&format!("/bundle?{query}")).await;
        assert_eq!(verdict(&bundle), Verdict::Verified, "{query}");
    }
    let mut forged = desk.bytes("/bundle?all").await;
    let middle = forged.len() / 2;
    forged[middle] ^= 1;
    assert_eq!(verdict(&forged), Verdict::Forged);
}

#[tokio::test]
async fn a_bundle_of_an_entry_holds_its_body_and_no_other_records() {
    let desk = Desk::founder().await;
    desk.publish("Un autre titre", "transparency").await;
    let id = desk.publish("Le titre voulu", "transparency").await;
    let bundle = desk.bytes(&format!("/bundle?entry={id}")).await;
    let holds = |text: &str| bundle.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("Le titre voulu"));
    assert!(!holds("Un autre titre"));
}

#[tokio::test]
async fn a_withdrawn_body_is_in_no_bundle() {
    let desk = Desk::founder().await;
    let id = desk.publish("Ce qui est retiré", "transparency").await;
    desk.post::<Published>(&format!("/records/{id}/withdraw"), &json!({ "reason": "error" })).await;
    for query in ["all".to_owned(), format!("author={}", desk.author), format!("entry={id}")] {
        let bundle = desk.bytes(&format!("/bundle?{query}")).await;
        let text = "Ce qui est retiré".as_bytes();
        assert!(!bundle.windows(text.len()).any(|window| window == text), "{query}");
        assert_eq!(verdict(&bundle), Verdict::Verified, "{query}");
    }
}

#[tokio::test]
async fn what_is_no_bundle_changes_nothing() {
    let desk = Desk::founder().await;
    let mut bundle = desk.bytes("/bundle?all").await;
    let report: ImportReport =
        read(desk.ask(Method::POST, "/bundle", bundle.clone()).await, StatusCode::CREATED).await;
    assert_eq!((report.stored, report.known), (0, 5));
    for at in (0..bundle.len()).step_by(7) {
        bundle[at] ^= 0x55;
    }
    let before: NodeStatus = desk.get("/status").await;
    let answer = desk.ask(Method::POST, "/bundle", bundle).await;
    assert!(answer.status().is_success() || problem(answer).await.code == "invalid-bundle");
    let after: NodeStatus = desk.get("/status").await;
    assert_eq!(before.store.entries, after.store.entries);
}

#[tokio::test]
async fn a_question_without_one_subject_is_refused() {
    let desk = Desk::founder().await;
    for query in ["", "?all&author=00000000", "?everything"] {
        let problem = desk.refused(Method::GET, &format!("/bundle{query}"), &Json::Null).await;
        assert_eq!(problem.code, "bad-parameter", "{query}");
    }
}
