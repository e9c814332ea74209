use super::*;

#[tokio::test]
async fn a_ban_is_made_shown_kept_and_lifted() {
    let desk = Desk::founder().await;
    let request = json!({ "subject": "203.0.113.7/24", "reason": "scans our ports", "seconds": 3600 });
    let made: List<Ban> = desk.post("/bans", &request).await;
    assert_eq!(made.items[0].subject.to_string(), "203.0.113.0/24");
    let list: List<Ban> = desk.get("/bans").await;
    assert_eq!((list.schema.as_str(), &list.items), (BANS, &made.items));
    let ban = &list.items[0];
    assert_eq!((ban.reason.as_str(), ban.by), ("scans our ports", By::Administrator));
    assert_eq!(ban.until.unwrap() - ban.since, 3_600_000);

    // It outlives the node.
    let dir = desk.node.dir().to_owned();
    desk.node.clone().shutdown().await;
    let Desk { node, office, public, _dir, .. } = desk;
    drop((node, office, public));
    let node = Node::open(Config::alone(dir)).await.unwrap();
    assert_eq!(node.bans().await.unwrap(), made.items);
    assert!(node.unban(made.items[0].subject).await.unwrap());
    assert!(node.bans().await.unwrap().is_empty());
    node.shutdown().await;
}

#[tokio::test]
async fn what_is_no_ban_is_refused() {
    let desk = Desk::founder().await;
    let asked = [
        (json!({ "subject": "settat", "reason": "x" }), "bad-parameter"),
        (json!({ "subject": "203.0.113.0/24", "reason": " " }), "ban-reason"),
    ];
    for (request, code) in asked {
        assert_eq!(desk.refused(Method::POST, "/bans", &request).await.code, code);
    }
    let nobody = json!({ "subject": "203.0.113.0/24" });
    let answer = desk.ask(Method::POST, "/bans/lift", nobody.to_string()).await;
    assert!(!read::<Lifted>(answer, StatusCode::OK).await.lifted);
}

#[tokio::test]
async fn the_accounts_of_authors_are_shown() {
    let desk = Desk::founder().await;
    let list: List<Quota> = desk.get("/quotas").await;
    assert_eq!((list.schema.as_str(), list.items.len()), (QUOTAS, 1));
    let before = &list.items[0];
    assert_eq!((before.author, before.room), (desk.author, RoomLeft::Everything));
    desk.publish("Budget participatif", "transparency").await;
    let after: List<Quota> = desk.get("/quotas").await;
    assert!(after.items[0].bytes > before.bytes);
}
