use super::*;

#[tokio::test]
async fn what_is_published_is_listed_and_shown() {
    let desk = Desk::founder().await;
    let id = desk.publish("Budget participatif", "transparency").await;

    let list: List<RecordItem> = desk.get("/records").await;
    assert_eq!((list.schema.as_str(), list.items.len(), list.next), (RECORDS, 1, None));
    let item = &list.items[0];
    assert_eq!((item.id, item.kind.as_str(), item.author), (id, "practice", desk.author));
    assert_eq!(item.title.get("fr"), Some("Budget participatif"));
    assert_eq!(item.names.get("fr"), Some("Fnideq"));
    assert_eq!(item.place.as_deref(), Some("01.573.01.01"));
    assert!(item.confirmation.confirmed);
    assert_eq!(item.confirmation.stewards, Stewards { by: 1, of: 1, k: 1 });
    assert_eq!((item.status, item.current, item.body), (Status::Canonical, true, BodyStatus::Present));

    let record: super::super::types::Record = desk.get(&format!("/records/{}", &id.to_string()[..8])).await;
    assert_eq!((record.item.id, record.first, record.versions), (id, id, 1));
    assert_eq!(record.signed.status, SignatureStatus::Verified);
    assert_eq!(record.signed.establishment, Some(desk.author.inception()));
    assert_eq!(record.fields.unwrap()["title"]["fr"], "Budget participatif");
}

#[tokio::test]
async fn a_place_that_no_steward_confirms_is_a_claim() {
    let desk = Desk::new("Martil", Some("01.573.01.03")).await;
    desk.publish("Portail", "transparency").await;
    let list: List<RecordItem> = desk.get("/records").await;
    assert_eq!(list.items[0].place.as_deref(), Some("01.573.01.03"));
    assert!(!list.items[0].confirmation.confirmed);
    assert_eq!(list.items[0].confirmation.place_names.get("fr"), Some("Martil"));
}

#[tokio::test]
async fn a_record_is_known_by_its_first_version_and_shows_its_last() {
    let desk = Desk::founder().await;
    let first = desk.publish("Un", "transparency").await;
    let path = format!("/records/{first}/revise");
    let second: Published = desk.post(&path, &json!({ "fields": practice("Deux", "transparency") })).await;
    let third: Published = desk.post(&path, &json!({ "fields": practice("Trois", "participation") })).await;

    let list: List<RecordItem> = desk.get("/records").await;
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [third.id]);
    let all: List<RecordItem> = desk.get("/records?versions=all").await;
    let listed: Vec<_> = all.items.iter().map(|item| (item.id, item.current)).collect();
    assert_eq!(listed, [(third.id, true), (second.id, false), (first, false)]);

    let history: History = desk.get(&format!("/records/{}/history", second.id)).await;
    assert_eq!((history.first, history.current), (first, third.id));
    let changed: Vec<_> = history.items.iter().map(|row| (row.id, row.changed.join(" "))).collect();
    assert_eq!(
        changed,
        [(first, String::new()), (second.id, "title".into()), (third.id, "principles title".into())]
    );

    let old: super::super::types::Record = desk.get(&format!("/records/{first}")).await;
    assert_eq!((old.replaced_by, old.versions), (Some(third.id), 3));
    let new: super::super::types::Record = desk.get(&format!("/records/{}", third.id)).await;
    let replaces = new.replaces.unwrap();
    assert_eq!((replaces.target.id, replaces.holds), (second.id, true));
}

#[tokio::test]
async fn a_record_that_replaces_what_it_may_not_stands_alone() {
    let desk = Desk::founder().await;
    let mut fields = practice("Seul", "transparency");
    fields["replaces"] = json!({ "author": "11".repeat(32), "seq": 1, "id": "22".repeat(32) });
    let published: Published = desk.post("/records", &json!({ "kind": "practice", "fields": fields })).await;
    let shown: super::super::types::Record = desk.get(&format!("/records/{}", published.id)).await;
    assert!(!shown.replaces.unwrap().holds);
    assert_eq!((shown.first, shown.versions), (published.id, 1));
}

#[tokio::test]
async fn a_withdrawn_record_is_shown_as_withdrawn_and_its_body_is_gone() {
    let desk = Desk::founder().await;
    let id = desk.publish("Secret de mairie", "transparency").await;
    let before: List<RecordItem> = desk.get("/records").await;
    assert_eq!(before.items[0].title.get("fr"), Some("Secret de mairie"));
    let order: Published =
        desk.post(&format!("/records/{id}/withdraw"), &json!({ "reason": "error", "basis": "09-08" })).await;

    let list: List<RecordItem> = desk.get("/records").await;
    assert_eq!((list.items[0].id, list.items[0].status), (id, Status::Withdrawn));
    assert!(list.items[0].title.is_empty());
    let shown: super::super::types::Record = desk.get(&format!("/records/{id}")).await;
    assert_eq!((shown.item.body, shown.fields), (BodyStatus::Withdrawn, None));
    let withdrawal = shown.withdrawal.unwrap();
    let by = &withdrawal.by[0];
    assert_eq!((withdrawal.ordered, by.entry, by.who.author), (false, order.id, desk.author));
    assert_eq!((by.reason.as_str(), by.basis.as_deref()), ("error", Some("09-08")));

    let gone = desk.refused(Method::GET, &format!("/entries/{id}?part=body"), &Json::Null).await;
    assert_eq!((gone.status, gone.code.as_str()), (410, "body-withdrawn"));
    let only: List<RecordItem> = desk.get("/records?status=canonical").await;
    assert!(only.items.is_empty());
}

#[tokio::test]
async fn withdrawing_the_last_version_brings_back_the_one_before() {
    let desk = Desk::founder().await;
    let first = desk.publish("Un", "transparency").await;
    let path = format!("/records/{first}/revise");
    let second: Published = desk.post(&path, &json!({ "fields": practice("Deux", "transparency") })).await;
    let _: List<RecordItem> = desk.get("/records").await;
    desk.post::<Published>(&format!("/records/{}/withdraw", second.id), &json!({ "reason": "error" })).await;
    let list: List<RecordItem> = desk.get("/records?status=canonical").await;
    assert_eq!(list.items.iter().map(|item| item.id).collect::<Vec<_>>(), [first]);
}

#[tokio::test]
async fn filters_keep_what_was_asked_for() {
    let desk = Desk::founder().await;
    let a = desk.publish("A", "transparency").await;
    let b = desk.publish("B", "participation").await;
    let listed = async |query: &str| {
        let list: List<RecordItem> = desk.get(&format!("/records?{query}")).await;
        list.items.iter().map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(listed("").await, [b, a]);
    assert_eq!(listed("principle=transparency").await, [a]);
    assert_eq!(listed("kind=plan").await, []);
    assert_eq!(listed("kind=practice,plan").await, [b, a]);
    assert_eq!(listed("kind=profile").await.len(), 1);
    assert_eq!(listed("place=01").await, [b, a]);
    assert_eq!(listed("place=MA-01").await, [b, a]);
    assert_eq!(listed("place=02").await, []);
    assert_eq!(listed(&format!("author={}", &desk.author.to_string()[..10])).await, [b, a]);
    assert_eq!(listed("since=2020-01-01").await, [b, a]);
    assert_eq!(listed("since=2100-01-01").await, []);
    for (query, code) in [
        ("knd=plan", "bad-parameter"),
        ("since=yesterday", "bad-parameter"),
        ("status=lost", "bad-parameter"),
        ("cursor=00", "bad-cursor"),
        ("author=zz", "bad-id"),
        ("limit=many", "bad-parameter"),
    ] {
        assert_eq!(desk.refused(Method::GET, &format!("/records?{query}"), &Json::Null).await.code, code);
    }
}

#[tokio::test]
async fn pages_together_hold_everything_once() {
    let desk = Desk::founder().await;
    let mut ids = Vec::new();
    for title in ["1", "2", "3", "4", "5", "6", "7"] {
        ids.push(desk.publish(title, "transparency").await);
    }
    let mut seen = Vec::new();
    let mut path = "/records?limit=3".to_owned();
    loop {
        let page: List<RecordItem> = desk.get(&path).await;
        assert!(page.items.len() <= 3);
        seen.extend(page.items.iter().map(|item| item.id));
        // What is published meanwhile is not part of the list.
        desk.publish("later", "transparency").await;
        match page.next {
            Some(next) => path = format!("/records?limit=3&cursor={next}"),
            None => break,
        }
    }
    ids.reverse();
    assert_eq!(seen, ids);
}

#[tokio::test]
async fn a_faulty_draft_names_every_field_and_signs_nothing() {
    let desk = Desk::founder().await;
    let before: NodeStatus = desk.get("/status").await;
    let fields = json!({ "titel": { "fr": "x" }, "summary": { "fr": "y" }, "principles": ["transparence"] });
    let problem =
        desk.refused(Method::POST, "/records", &json!({ "kind": "practice", "fields": fields })).await;
    assert_eq!((problem.status, problem.code.as_str()), (422, "invalid-record"));
    let found: Vec<_> = problem
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field.code.as_str(), field.nearest.as_deref()))
        .collect();
    assert!(found.contains(&("titel", "unknown_field", Some("title"))), "{found:?}");
    assert!(found.contains(&("principles[0]", "unknown_code", Some("transparency"))), "{found:?}");
    let after: NodeStatus = desk.get("/status").await;
    assert_eq!(before.store.entries, after.store.entries);

    for (kind, code) in
        [("practise", "invalid-record"), ("admit", "not-a-record"), ("rotate", "not-a-record")]
    {
        let request = json!({ "kind": kind, "fields": practice("x", "transparency") });
        assert_eq!(desk.refused(Method::POST, "/records", &request).await.code, code);
    }
    assert_eq!(desk.refused(Method::POST, "/records", &json!({ "kind": "practice" })).await.code, "bad-json");
}

#[tokio::test]
async fn unknown_kinds_are_kept_and_shown_as_they_are() {
    let desk = Desk::founder().await;
    let fields = json!({ "title": { "fr": "Autre" }, "deep": { "list": [1, true, "x"] } });
    let request = json!({ "kind": "org.example.thing", "fields": fields });
    let published: Published = desk.post("/records", &request).await;
    let shown: super::super::types::Record = desk.get(&format!("/records/{}", published.id)).await;
    assert_eq!(shown.fields, Some(fields));
    assert_eq!(shown.item.title.get("fr"), Some("Autre"));
}

#[tokio::test]
async fn statements_and_inceptions_are_shown_by_id_and_not_listed() {
    let desk = Desk::founder().await;
    let log: List<LogRow> = desk.get(&format!("/authors/{}/log", desk.author)).await;
    let kinds: Vec<_> = log.items.iter().map(|row| row.kind.as_str()).collect();
    assert_eq!(kinds, ["admit", "join", "charter", "profile", "inception"]);
    for row in &log.items {
        let shown: super::super::types::Record = desk.get(&format!("/records/{}", row.id)).await;
        assert_eq!((shown.item.kind, shown.item.seq), (row.kind.clone(), row.seq));
        assert!(shown.fields.is_some());
    }
    let list: List<RecordItem> = desk.get("/records").await;
    assert!(list.items.is_empty());
    let request = json!({ "reason": "error" });
    let path = format!("/records/{}/withdraw", log.items[0].id);
    assert_eq!(desk.refused(Method::POST, &path, &request).await.code, "not-a-record");
}

#[tokio::test]
async fn ids_that_name_nothing_or_too_much_are_told_apart() {
    let desk = Desk::founder().await;
    for (id, status, code) in
        [("1234567", 400, "bad-id"), ("xyzxyzxyz", 400, "bad-id"), ("0123456789", 404, "not-held")]
    {
        let problem = desk.refused(Method::GET, &format!("/records/{id}"), &Json::Null).await;
        assert_eq!((problem.status, problem.code.as_str()), (status, code));
    }
}

#[tokio::test]
async fn signed_bytes_are_served_as_received_and_never_again_to_who_has_them() {
    let desk = Desk::founder().await;
    let id = desk.publish("Budget", "transparency").await;
    let path = format!("/entries/{id}");
    let response = desk.ask(Method::GET, &path, Body::empty()).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/cose; cose-type=\"cose-sign1\"");
    assert!(response.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    let tag = response.headers()[header::ETAG].clone();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let entry = multaqa_protocol::entry::Entry::decode(&bytes).unwrap();
    assert_eq!(entry.id(), id);
    assert!(entry.has_body(&desk.bytes(&format!("{path}?part=body")).await));

    let request = Request::get(format!("/api/v1{path}")).header(header::IF_NONE_MATCH, tag);
    let again = desk.public.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(to_bytes(again.into_body(), usize::MAX).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_profile_keeps_the_nodes_of_the_old_one() {
    let desk = Desk::founder().await;
    let key: Key = desk.get("/key").await;
    let fields = json!({ "names": { "fr": "Fnideq nouveau" }, "level": "commune", "code": "01.573.01.01" });
    let published: Published = desk.post("/records", &json!({ "kind": "profile", "fields": fields })).await;
    let shown: super::super::types::Record = desk.get(&format!("/records/{}", published.id)).await;
    assert_eq!(shown.fields.unwrap()["nodes"][0]["peer"], key.peer.unwrap());
    let status: NodeStatus = desk.get("/status").await;
    assert_eq!(status.names.get("fr"), Some("Fnideq nouveau"));
}

#[tokio::test]
async fn what_bodies_say_can_be_asked_for() {
    let desk = Desk::founder().await;
    let fields = json!({
        "title": { "fr": "Budget participatif" }, "summary": { "en": "Residents decide" },
        "principles": ["participation"], "themes": ["fiscal_openness"], "status": "complete",
        "period": { "start": "2023-04", "end": "2024" },
    });
    let request = json!({ "kind": "practice", "fields": fields });
    let a = desk.post::<Published>("/records", &request).await.id;
    let b = desk.publish("Portail", "transparency").await;
    let listed = async |query: &str| {
        let found: Records = desk.get(&format!("/records?{query}")).await;
        found.items.iter().map(|item| item.id).collect::<Vec<_>>()
    };
    for (query, expected) in [
        ("theme=fiscal_openness", vec![a]),
        ("theme=open_data,fiscal_openness", vec![a]),
        ("principle=transparency,participation", vec![b, a]),
        ("status=complete", vec![a]),
        ("status=complete,withdrawn", vec![]),
        ("lang=en", vec![a]),
        ("lang=fr", vec![b, a]),
        ("year=2023", vec![a]),
        ("year=2024", vec![a]),
        ("year=2025", vec![]),
        ("level=commune", vec![b, a]),
        ("level=region", vec![]),
        ("as_of=2020-01-01", vec![]),
        ("as_of=2100-01-01", vec![b, a]),
        ("q=participatif", vec![a]),
        ("q=residents", vec![a]),
    ] {
        assert_eq!(listed(query).await, expected, "{query}");
    }
}

/// What the store answers while there is no index is what the index answers.
#[tokio::test]
async fn what_refers_to_a_record_is_found_with_and_without_the_index() {
    let desk = Desk::founder().await;
    let target = desk.publish("Budget", "participation").await;
    let other = desk.publish("Portail", "participation").await;
    let seq = desk.get::<super::super::types::Record>(&format!("/records/{target}")).await.item.seq;
    let mut fields = practice("Reprise", "transparency");
    fields["adopted_from"] = json!([{ "author": desk.author, "seq": seq, "id": target }]);
    let request = json!({ "kind": "practice", "fields": fields });
    let id = desk.post::<Published>("/records", &request).await.id;
    let path = format!("/records?refers_to={target}");
    let indexed: Records = desk.get(&path).await;
    assert_eq!(
        (indexed.items.iter().map(|item| item.id).collect::<Vec<_>>(), indexed.total),
        (vec![id], Some(1))
    );
    // Statuses off the path are answered by the store alone.
    let stored: Records = desk.get(&format!("{path}&status=all")).await;
    assert_eq!((stored.items, stored.total), (indexed.items, None));
    let none: Records = desk.get(&format!("/records?refers_to={other}")).await;
    assert_eq!(none.items, []);
    let short: Records = desk.get(&format!("/records?refers_to={}", &target.to_string()[..10])).await;
    assert_eq!(short.items.len(), 1);
}

#[tokio::test]
async fn a_record_is_listed_as_it_was_at_a_date() {
    let desk = Desk::founder().await;
    let first = desk.publish("Un", "transparency").await;
    let then = desk.get::<super::super::types::Record>(&format!("/records/{first}")).await.item.time;
    let path = format!("/records/{first}/revise");
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let second: Published = desk.post(&path, &json!({ "fields": practice("Deux", "transparency") })).await;
    let listed = async |query: &str| {
        let found: Records = desk.get(&format!("/records?{query}")).await;
        found.items.iter().map(|item| item.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(&format!("as_of={then}")).await, [first]);
    assert_eq!(listed(&format!("as_of={}", then - 1)).await, []);
    assert_eq!(listed("").await, [second.id]);
}
