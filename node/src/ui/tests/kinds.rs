//! The pages of the kinds beside practices, plans and profiles, and of what no version knows yet.

use super::*;
use crate::api::types::{Record, Records};
use multaqa_protocol::id::EntryId;
use serde_json::Value;

/// Publishes a record and returns how others name it.
async fn put(desk: &Desk, kind: &str, fields: Value) -> Value {
    let id = desk.post::<Published>("/records", &json!({ "kind": kind, "fields": fields })).await.id;
    let seq = desk.get::<Record>(&format!("/records/{id}")).await.item.seq;
    json!({ "author": desk.author, "seq": seq, "id": id })
}

fn id(target: &Value) -> &str {
    target["id"].as_str().unwrap()
}

/// An entry of this author that has not arrived.
fn not_here(desk: &Desk) -> Value {
    json!({ "author": desk.author, "seq": 900, "id": EntryId([7; 32]) })
}

fn words() -> Value {
    json!({ "zgh": "ⴰⴱⴳ" })
}

/// One record of each kind, in letters that are not Latin: the plan, then the others.
async fn one_of_each(desk: &Desk) -> Vec<Value> {
    let words = words();
    let party = json!([{ "place": "01.573.01.01" }, { "author": desk.author }]);
    let recommendation = json!([{ "id": "1", "text": words, "addressees": party }]);
    let result = json!([{ "indicator": words, "baseline": "1", "value": "2", "unit": "%", "date": "2026", "note": words,
        "source": "https://example.org/a" }]);
    let file = json!([{ "name": "1", "hash": "00".repeat(32), "size": 1, "mime": "2/3", "alt": words }]);
    let source =
        json!([{ "address": "https://example.org/b", "title": words, "note": words, "read": "2026-01-01" }]);
    let plan = put(
        desk,
        "plan",
        json!({ "title": words, "summary": words, "principles": ["participation"], "commitments": [
            { "id": "1", "title": words, "milestones": [{ "id": "2", "title": words }] }] }),
    )
    .await;
    let practice =
        put(desk, "practice", json!({ "title": words, "summary": words, "principles": ["participation"] }))
            .await;
    let challenge = put(
        desk,
        "challenge",
        json!({ "title": words, "summary": words, "principles": ["participation"], "outcomes": ["trust"], "sdgs": [16],
            "context": words, "beneficiaries": words, "attempts": words, "sought": words, "addressees": party,
            "answered_by": [practice], "contacts": [{ "function": words }], "attachments": file, "sources": source }),
    )
    .await;
    let reply = put(
        desk,
        "reply",
        json!({ "to": challenge, "text": words, "practices": [practice], "addressees": party, "attachments": file,
            "sources": source, "translation": { "original": ["zgh"], "note": words } }),
    )
    .await;
    let proposal = put(
        desk,
        "proposal",
        json!({ "title": words, "summary": words, "principles": ["participation"], "plan": plan, "axis": "1",
            "stage": "co_creation", "occasion": words, "date": "2026-01", "sources": source, "became":
            { "state": "commitment", "plan": plan, "commitment": "1", "reason": words, "date": "2026-02" } }),
    )
    .await;
    let progress = put(
        desk,
        "progress",
        json!({ "plan": plan, "commitment": "1", "as_of": "2026-03-01", "summary": words, "difficulties": words,
            "next": words, "participation": [{ "occasion": words, "people": 3 }], "milestones": [{ "milestone": "2",
            "status": "substantial", "date": "2026-02", "note": words, "results": result, "attachments": file,
            "sources": source }] }),
    )
    .await;
    let evaluation = put(
        desk,
        "evaluation",
        json!({ "about": plan, "commitment": "1", "judged": [progress], "summary": words, "method": words,
            "completion": "limited", "verifiable": "yes", "relevant": "no", "ambition": "modest",
            "early_results": "marginal", "opened": [{ "value": "civic_participation", "result": "major", "note": words }],
            "results": result, "lessons": words, "recommendations": recommendation, "parties": party,
            "partners": [{ "name": words, "role": "monitoring" }], "sources": source }),
    )
    .await;
    let adoption = put(
        desk,
        "adoption",
        json!({ "practice": practice, "state": "planned", "adaptation": words, "lessons": words, "results": result,
            "resources": { "budget": 10, "note": words }, "partners": [{ "name": words }], "sources": source }),
    )
    .await;
    let event = put(
        desk,
        "event",
        json!({ "title": words, "summary": words, "period": { "start": "2026-01-01" }, "venue": words,
            "principles": ["participation"], "place": "01.573.01.01", "online": "https://example.org/c", "part_of": plan,
            "stage": "outreach", "agenda": words, "outputs": words, "recommendations": recommendation,
            "participation": [{ "occasion": words, "people": 3 }], "parties": party }),
    )
    .await;
    let endorse = put(
        desk,
        "endorse",
        json!({ "endorses": plan, "capacity": "monitoring_committee", "note": words, "reference": "1/2026",
            "date": "2026-04-01", "sources": source }),
    )
    .await;
    vec![plan, challenge, reply, proposal, progress, evaluation, adoption, event, endorse]
}

#[tokio::test]
async fn the_pages_of_all_kinds_speak_out_of_the_catalogue_and_name_what_they_point_at() {
    let desk = Desk::founder().await;
    let records = one_of_each(&desk).await;
    for record in &records {
        let html = page(&desk, &format!("/qps/records/{}", id(record))).await;
        let text = read(&html).replace("Fnideq", "");
        let left: BTreeSet<&str> = text
            .split(|c: char| c.is_whitespace() || ['.', ',', ':', '·'].contains(&c))
            .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
            .collect();
        assert!(left.is_empty(), "{record} says what is in no catalogue: {left:?}");
        assert!(!html.contains("id=\"raw\""), "{record} is shown in sections");
    }
    let [plan, _, reply, proposal, progress, evaluation, adoption, ..] = records.as_slice() else { panic!() };
    let (_, _, library) = get(&desk, "/en/library").await;
    for (record, title) in [
        (reply, "Reply to: "),
        (progress, "Progress on: "),
        (evaluation, "Evaluation of: "),
        (adoption, "Taking up of: "),
    ] {
        let html = page(&desk, &format!("/en/records/{}", id(record))).await;
        let made = format!("{title}\u{2068}ⴰⴱⴳ\u{2069}");
        assert!(html.contains(&made) && library.contains(&made), "{made}");
        assert!(!html.contains("id=\"links\""), "{title}: links stand in the sections");
    }
    let html = page(&desk, &format!("/fr/records/{}", id(proposal))).await;
    let link = format!("<a href=\"/fr/records/{}\">", id(plan));
    assert!(html.contains(&link) && html.contains("devenue un engagement"), "{html}");
    let html = page(&desk, &format!("/ar/records/{}", id(evaluation))).await;
    for said in ["تقييم ذاتي", "إنجاز محدود", "متواضع", "تحسن طفيف"] {
        assert!(html.contains(said), "{said}");
    }
    let found: Records = desk.get("/records?status=planned").await;
    assert_eq!(found.items.iter().map(|item| item.id.to_string()).collect::<Vec<_>>(), [id(adoption)]);
    assert_eq!(found.items[0].progress, ["planned"]);
}

#[tokio::test]
async fn an_adoption_of_an_unknown_record_waits_for_it() {
    let desk = Desk::founder().await;
    let adoption =
        put(&desk, "adoption", json!({ "practice": not_here(&desk), "state": "interested" })).await;
    let html = page(&desk, &format!("/en/records/{}", id(&adoption))).await;
    assert!(html.contains("Taking up of: a record that is not here yet"), "{html}");
    assert!(html.contains("(not on this node yet)"), "{html}");
    let (_, _, feed) = get(&desk, "/api/v1/feed.atom?lang=fr").await;
    assert!(feed.contains("Reprise de : une fiche qui n’est pas encore ici"), "{feed}");
}

#[tokio::test]
async fn an_unknown_code_and_an_unknown_kind_are_shown_as_they_are() {
    let desk = Desk::founder().await;
    let practice = put(&desk, "practice", practice("Budget", "participation")).await;
    let fields = json!({ "practice": practice, "state": "ma.on_trial" });
    let adoption = put(&desk, "adoption", fields).await;
    let fields = json!({ "titre": "x", "mood": "ma.glad", "title": { "fr": "Humeur" } });
    let unknown = put(&desk, "ma.mood", fields.clone()).await;
    for language in ["ar", "fr", "en"] {
        let html = page(&desk, &format!("/{language}/records/{}", id(&adoption))).await;
        assert!(
            html.contains("<dd>ma.on_trial") && html.contains("<li class=\"chip state\">ma.on_trial"),
            "{html}"
        );
        let html = page(&desk, &format!("/{language}/records/{}", id(&unknown))).await;
        assert!(html.contains("ma.mood") && html.contains("ma.glad") && html.contains("Humeur"), "{html}");
        let (_, _, html) = get(&desk, &format!("/{language}/library?status=ma.on_trial")).await;
        assert!(html.contains(id(&adoption)) && !html.contains(id(&unknown)), "{html}");
    }
    let kept: Record = desk.get(&format!("/records/{}", id(&unknown))).await;
    assert_eq!(kept.fields.unwrap(), fields);
    let kept: Record = desk.get(&format!("/records/{}", id(&adoption))).await;
    assert_eq!(kept.fields.unwrap()["state"], "ma.on_trial");
}

#[tokio::test]
async fn each_kind_is_described_in_the_words_that_fit_it() {
    let desk = Desk::founder().await;
    let records = one_of_each(&desk).await;
    let exported: Value = serde_json::from_slice(&desk.bytes("/export.jsonld").await).unwrap();
    let graph = exported["@graph"].as_array().unwrap();
    let kind = |target: &Value| {
        let found = graph.iter().find(|described| described["identifier"] == target["id"]);
        (found.unwrap()["@type"].clone(), found.unwrap().clone())
    };
    let [plan, challenge, reply, _, progress, evaluation, _, event, _] = records.as_slice() else { panic!() };
    for (record, expected) in [
        (plan, "CreativeWork"),
        (challenge, "Question"),
        (reply, "Comment"),
        (progress, "Report"),
        (evaluation, "Review"),
        (event, "Event"),
    ] {
        assert_eq!(kind(record).0, expected);
    }
    let at = |target: &Value| format!("http://localhost/api/v1/records/{}", id(target));
    assert_eq!(kind(reply).1["parentItem"]["@id"], at(challenge));
    assert_eq!(kind(reply).1["text"][0]["@value"], "ⴰⴱⴳ");
    assert_eq!(kind(evaluation).1["itemReviewed"]["@id"], at(plan));
    assert_eq!(kind(event).1["startDate"], "2026-01-01");
    let csv = String::from_utf8(desk.bytes("/export.csv").await).unwrap();
    let row = csv.lines().find(|row| row.starts_with(id(reply))).unwrap();
    assert!(row.contains(id(challenge)), "{row}");
}
