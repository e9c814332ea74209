//! Dialogue, what is hidden here, and what is new, of real nodes.

use std::collections::BTreeSet;

use super::*;

/// Publishes a record and returns how others name it.
async fn put(desk: &Desk, kind: &str, fields: Json) -> Json {
    let id = desk.post::<Published>("/records", &json!({ "kind": kind, "fields": fields })).await.id;
    named(desk, id).await
}

async fn named(desk: &Desk, id: EntryId) -> Json {
    let seq = desk.get::<super::super::types::Record>(&format!("/records/{id}")).await.item.seq;
    json!({ "author": desk.author, "seq": seq, "id": id })
}

async fn revise(desk: &Desk, target: &Json, fields: Json) -> Json {
    let path = format!("/records/{}/revise", id(target));
    let id = desk.post::<Published>(&path, &json!({ "fields": fields })).await.id;
    named(desk, id).await
}

fn id(target: &Json) -> &str {
    target["id"].as_str().unwrap()
}

fn said(to: &Json, text: &str) -> Json {
    json!({ "to": to, "text": { "fr": text } })
}

fn challenge(title: &str) -> Json {
    json!({ "title": { "fr": title }, "summary": { "fr": "Essai" }, "principles": ["participation"] })
}

fn texts(replies: &[ThreadReply]) -> Vec<&str> {
    replies.iter().map(|reply| reply.item.summary.get("fr").unwrap()).collect()
}

fn ids(items: &[RecordItem]) -> Vec<String> {
    items.iter().map(|item| item.id.to_string()).collect()
}

async fn thread(desk: &Desk, target: &Json) -> Thread {
    desk.get(&format!("/records/{}/thread", id(target))).await
}

#[tokio::test]
async fn a_thread_is_a_tree_of_what_counts_whichever_version_was_answered() {
    let desk = Desk::founder().await;
    let first = put(&desk, "challenge", challenge("Défi")).await;
    let early = put(&desk, "reply", said(&first, "un")).await;
    let second = revise(&desk, &first, challenge("Défi, précisé")).await;
    let late = put(&desk, "reply", said(&second, "deux")).await;
    let mut below = said(&early, "un, a");
    below["addressees"] = json!([{ "place": "01.573.01.01" }]);
    let below = put(&desk, "reply", below).await;
    let deeper = put(&desk, "reply", said(&below, "un, a, i")).await;
    put(&desk, "reply", said(&early, "un, b")).await;
    // A reply that was revised stands once, with its last text, and keeps what was said to its first.
    let revised = revise(&desk, &below, said(&early, "un, a bis")).await;
    let elsewhere = put(&desk, "challenge", challenge("Autre")).await;
    put(&desk, "reply", said(&elsewhere, "ailleurs")).await;
    let mut practice = practice("Réponse", "participation");
    practice["answers"] = json!([first]);
    let answer = put(&desk, "practice", practice).await;

    for version in [&first, &second] {
        let found = thread(&desk, version).await;
        assert_eq!((found.schema.as_str(), found.total, found.complete), (THREAD, Some(2), true));
        assert_eq!(texts(&found.items), ["deux", "un"], "the newest first");
        let one = &found.items[1];
        assert_eq!(BTreeSet::from_iter(texts(&one.replies)), BTreeSet::from(["un, a bis", "un, b"]));
        let a = one.replies.iter().find(|reply| reply.item.id.to_string() == id(&revised)).unwrap();
        assert_eq!(texts(&a.replies), ["un, a, i"]);
        assert_eq!(a.replies[0].item.id.to_string(), id(&deeper));
        assert_eq!((a.addressees.len(), a.more), (0, false), "the last version asks nobody");
        assert_eq!(ids(&found.answers), [id(&answer)]);
    }
    // A page at a time.
    let page: Thread = desk.get(&format!("/records/{}/thread?limit=1", id(&first))).await;
    assert_eq!(texts(&page.items), ["deux"]);
    let next = page.next.unwrap();
    let page: Thread = desk.get(&format!("/records/{}/thread?limit=1&cursor={next}", id(&first))).await;
    assert_eq!((texts(&page.items), page.next), (vec!["un"], None));
    // What is withdrawn is no part of it.
    let _: Published =
        desk.post(&format!("/records/{}/withdraw", id(&late)), &json!({ "reason": "error" })).await;
    assert_eq!(texts(&thread(&desk, &first).await.items), ["un"]);
    let feed =
        String::from_utf8(desk.bytes(&format!("/records/{}/thread.atom?lang=fr", id(&first))).await).unwrap();
    assert_eq!(feed.matches("<entry>").count(), 5, "{feed}");
    assert!(feed.contains("Réponse à : \u{2068}Défi\u{2069}") && !feed.contains("ailleurs"), "{feed}");
    let problem = desk.refused(Method::GET, "/records/00000000/thread", &json!({})).await;
    assert_eq!(problem.code, "not-held");
}

#[tokio::test]
async fn a_thread_that_goes_deep_says_where_it_goes_on() {
    let desk = Desk::founder().await;
    let mut last = put(&desk, "challenge", challenge("Défi")).await;
    let mut chain = vec![last.clone()];
    for depth in 0..9 {
        last = put(&desk, "reply", said(&last, &format!("{depth}"))).await;
        chain.push(last.clone());
    }
    let found = thread(&desk, &chain[0]).await;
    let (mut reply, mut depth) = (&found.items[0], 1);
    while let Some(below) = reply.replies.first() {
        assert!(!reply.more);
        (reply, depth) = (below, depth + 1);
    }
    assert_eq!((depth, reply.more), (crate::dialogue::MAX_DEPTH, true));
    let rest = thread(&desk, &chain[depth]).await;
    assert_eq!(texts(&rest.items), [depth.to_string()]);
}

#[tokio::test]
async fn a_question_waits_for_whom_it_asks_until_there_is_an_answer() {
    let desk = Desk::founder().await;
    let other = json!({ "author": AuthorId([9; 32]) });
    let mut asking = challenge("À nous");
    asking["addressees"] = json!([{ "author": desk.author }]);
    let challenge_to_us = put(&desk, "challenge", asking).await;
    let mut asking = challenge("À d'autres");
    asking["addressees"] = json!([other]);
    put(&desk, "challenge", asking).await;
    put(&desk, "challenge", challenge("À personne")).await;
    let asked: Records = desk.get(&format!("/records?asked={}", desk.author)).await;
    assert_eq!(ids(&asked.items), [id(&challenge_to_us)]);
    let anybody: Records = desk.get("/records?asked=anybody").await;
    assert_eq!(anybody.items.len(), 2);
    // Nobody waits for an answer to a question of its own.
    let own: List<RecordItem> = desk.get(&format!("/members/{}/questions", desk.author)).await;
    assert_eq!((own.schema.as_str(), own.items.len()), (QUESTIONS, 0));
}

#[tokio::test]
async fn what_addresses_a_place_is_found_by_it() {
    let desk = Desk::founder().await;
    let mut fields = practice("Avec d'autres", "participation");
    fields["context"] =
        json!({ "fr": "Fait avec @Sidi Bennour, et contact@settat.ma", "ar": "مع @01.573.01.01" });
    let mentioning = put(&desk, "practice", fields).await;
    put(&desk, "practice", practice("Fnideq", "participation")).await;
    let bennour = super::super::super::gazetteer::all();
    let bennour = bennour.iter().filter(|place| place.name_fr == "Sidi Bennour");
    for code in bennour.map(|place| place.code.as_str()).chain(["01.573.01.01"]) {
        let found: Records = desk.get(&format!("/records?mentions={code}")).await;
        assert_eq!(ids(&found.items), [id(&mentioning)], "{code}");
    }
    let found: Records = desk.get("/records?mentions=MA-02").await;
    assert_eq!(found.items, []);
}

#[tokio::test]
async fn a_hidden_record_is_not_shown_and_still_served() {
    let desk = Desk::founder().await;
    let first = put(&desk, "practice", practice("Adresse privée", "participation")).await;
    let second = revise(&desk, &first, practice("Adresse privée, encore", "participation")).await;
    let other = put(&desk, "practice", practice("Autre adresse", "participation")).await;
    let before: Records = desk.get("/records?q=adresse").await;
    assert_eq!(before.total, Some(2));
    let bytes = desk.bytes(&format!("/entries/{}", id(&second))).await;
    let body = desk.bytes(&format!("/entries/{}?part=body", id(&second))).await;
    let bundle = desk.bytes(&format!("/bundle?entry={}", id(&second))).await;

    let nobody = json!({ "record": id(&second), "reason": "" });
    assert_eq!(desk.refused(Method::POST, "/hidden", &nobody).await.code, "hide-reason");
    let statement = json!({ "record": desk.author, "reason": "x" });
    assert_eq!(desk.refused(Method::POST, "/hidden", &statement).await.code, "not-a-record");
    let request = json!({ "record": id(&second), "reason": "Une adresse privée" });
    let made: List<Hiding> = desk.post("/hidden", &request).await;
    assert_eq!(made.items[0].record.to_string(), id(&first), "the record in all its versions");

    for path in ["/records", "/records?q=adresse", "/records?kind=practice"] {
        let found: Records = desk.get(path).await;
        assert_eq!((ids(&found.items), found.total), (vec![id(&other).to_owned()], Some(1)), "{path}");
    }
    let found: Records = desk.get("/records?versions=all").await;
    assert_eq!(ids(&found.items), [id(&other)]);
    for path in ["/export.csv", "/export.jsonl", "/export.jsonld", "/feed.atom"] {
        let text = String::from_utf8(desk.bytes(path).await).unwrap();
        assert!(!text.contains("privée") && text.contains("Autre adresse"), "{path}");
    }
    for version in [&first, &second] {
        let shown: super::super::types::Record = desk.get(&format!("/records/{}", id(version))).await;
        assert_eq!((shown.item.body, shown.fields), (BodyStatus::Hidden, None));
        assert_eq!(shown.hidden.unwrap().reason, "Une adresse privée");
        assert!(shown.item.title.is_empty());
    }
    let history: History = desk.get(&format!("/records/{}/history", id(&first))).await;
    assert!(history.items.iter().all(|version| version.title.is_empty()));
    // Whoever checks finds what was signed.
    assert_eq!(desk.bytes(&format!("/entries/{}", id(&second))).await, bytes);
    assert_eq!(desk.bytes(&format!("/entries/{}?part=body", id(&second))).await, body);
    assert_eq!(desk.bytes(&format!("/bundle?entry={}", id(&second))).await.len(), bundle.len());
    let log: List<LogRow> = desk.get(&format!("/authors/{}/log", desk.author)).await;
    assert!(log.items.iter().any(|row| row.id.to_string() == id(&second) && row.body == BodyStatus::Present));

    // It is kept, and can be taken back.
    let list: List<Hiding> = desk.get("/hidden").await;
    assert_eq!(list.items.len(), 1);
    let kept = std::fs::read_to_string(desk.node.dir().join("hidden.json")).unwrap();
    assert!(kept.contains("Une adresse privée"), "{kept}");
    let lift = json!({ "record": id(&first) }).to_string();
    let shown: ShownAgain =
        read(desk.ask(Method::POST, "/hidden/lift", lift.clone()).await, StatusCode::OK).await;
    assert!(shown.shown);
    let shown: ShownAgain = read(desk.ask(Method::POST, "/hidden/lift", lift).await, StatusCode::OK).await;
    assert!(!shown.shown);
    assert_eq!(desk.get::<Records>("/records?q=adresse").await.total, Some(2));
    let public = Request::builder().uri("/api/v1/hidden").body(Body::empty()).unwrap();
    let refused = desk.public.clone().oneshot(public).await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_FOUND, "the list is the office's");
}

#[tokio::test]
async fn what_is_new_is_told_in_the_order_of_arrival() {
    let desk = Desk::founder().await;
    let before: Arrivals = desk.get("/arrivals").await;
    assert_eq!((before.schema.as_str(), before.items.len(), before.total), (ARRIVALS, 0, 0));
    let mark = before.latest.unwrap();
    let one = put(&desk, "practice", practice("Un", "participation")).await;
    let two = put(&desk, "practice", practice("Deux", "participation")).await;
    let reply = put(&desk, "reply", said(&one, "trois")).await;
    let one = revise(&desk, &one, practice("Un bis", "participation")).await;
    let found: Arrivals = desk.get(&format!("/arrivals?after={mark}")).await;
    let expected = [id(&two), id(&reply), id(&one)].map(str::to_owned);
    assert_eq!((ids(&found.items), found.total), (expected.to_vec(), 3));
    assert_eq!(found.latest.unwrap().to_string(), id(&one));
    let page: Arrivals = desk.get(&format!("/arrivals?after={mark}&limit=2")).await;
    assert_eq!((ids(&page.items), page.total), (expected[..2].to_vec(), 3));
    let rest: Arrivals = desk.get(&format!("/arrivals?after={}&limit=2", page.next.unwrap())).await;
    assert_eq!((ids(&rest.items), rest.next), (expected[2..].to_vec(), None));
    let none: Arrivals = desk.get(&format!("/arrivals?after={}", found.latest.unwrap())).await;
    assert_eq!(none.items, []);
    let problem = desk.refused(Method::GET, "/arrivals?after=00000000", &json!({})).await;
    assert_eq!(problem.code, "not-held");
}
