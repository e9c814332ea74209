//! Dialogue on the pages: threads, questions, mentions, and what a node hides.

use super::*;
use crate::api::tests::networks::{apply, carry};
use crate::api::types::{Hiding, List, Record};
use serde_json::Value;

async fn put(desk: &Desk, kind: &str, fields: Value) -> Value {
    let id = desk.post::<Published>("/records", &json!({ "kind": kind, "fields": fields })).await.id;
    let seq = desk.get::<Record>(&format!("/records/{id}")).await.item.seq;
    json!({ "author": desk.author, "seq": seq, "id": id })
}

fn id(target: &Value) -> &str {
    target["id"].as_str().unwrap()
}

/// Two members of a network: Fnideq, who founded it, and Martil.
async fn two() -> (Desk, Desk) {
    let fnideq = Desk::founder().await;
    let martil = Desk::new("Martil", Some("01.573.01.03")).await;
    apply(&fnideq, &martil).await;
    let admission = json!({ "author": martil.author, "place": "01.573.01.03" });
    fnideq.post::<Published>("/admissions", &admission).await;
    carry(&fnideq, &martil).await;
    (fnideq, martil)
}

#[tokio::test]
async fn a_question_to_a_member_stands_on_its_page_until_it_answers() {
    let (fnideq, martil) = two().await;
    let asking = json!({ "title": { "fr": "Plages" }, "summary": { "fr": "Comment faites-vous, @Martil ?" },
        "principles": ["participation"], "addressees": [{ "place": "01.573.01.03" }] });
    let challenge = put(&fnideq, "challenge", asking).await;
    let member = format!("/fr/members/{}", martil.author);
    let html = page(&fnideq, &member).await;
    let (_, asked) = html.split_once("id=\"asked\"").expect("what is asked of it");
    assert!(asked.contains(id(&challenge)), "{asked}");
    let (_, mentioned) = html.split_once("id=\"mentioned\"").expect("what mentions it");
    assert!(mentioned.contains(id(&challenge)), "{mentioned}");
    let feed = get(&fnideq, &format!("/api/v1/members/{}/feed.atom", martil.author)).await.2;
    assert_eq!(feed.matches("<entry>").count(), 1, "{feed}");
    let html = page(&fnideq, "/fr/dialogue").await;
    for list in ["challenges", "questions"] {
        let (_, rest) = html.split_once(&format!("id=\"{list}\"")).unwrap();
        assert!(rest.split_once("</section>").unwrap().0.contains(id(&challenge)), "{list}");
    }
    // The place leads to whom the stewards gave it, and a mention to the place.
    let html = page(&fnideq, &format!("/fr/records/{}", id(&challenge))).await;
    let link = "<a class=\"mention\" href=\"/fr/places/01.573.01.03\">@Martil</a>";
    assert!(html.contains(link), "{html}");
    let (status, headers, _) = get(&fnideq, "/fr/places/01.573.01.03").await;
    assert_eq!(
        (status, headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::TEMPORARY_REDIRECT, &*member)
    );
    let (_, headers, _) = get(&fnideq, "/fr/places/01,01.573.01.03").await;
    assert_eq!(headers[header::LOCATION], *member, "the first that is a member");
    let (_, headers, _) = get(&fnideq, "/fr/places/MA-02").await;
    assert_eq!(headers[header::LOCATION], "/fr/library?place=02");
    assert_eq!(get(&fnideq, "/fr/places/99").await.0, StatusCode::NOT_FOUND);

    carry(&fnideq, &martil).await;
    let reply = json!({ "to": challenge, "text": { "ar": "هكذا: نشرنا الحصيلة" } });
    let reply = put(&martil, "reply", reply).await;
    carry(&martil, &fnideq).await;
    assert!(!page(&fnideq, &member).await.contains("id=\"asked\""));
    let html = page(&fnideq, &format!("/fr/records/{}", id(&challenge))).await;
    let (_, thread) = html.split_once("id=\"thread\"").expect("the thread");
    let (thread, _) = thread.split_once("</section>").unwrap();
    assert!(thread.contains("1 réponse") && thread.contains(id(&reply)), "{thread}");
    assert!(thread.contains("lang=\"ar\" dir=\"rtl\"><p>هكذا: نشرنا الحصيلة</p>"), "{thread}");
    assert!(!html.contains("id=\"referring\""), "a reply stands in the thread alone");
}

#[tokio::test]
async fn a_mention_stays_text_where_it_could_do_harm() {
    let desk = Desk::founder().await;
    let harm = "@Martil<script>alert(1)</script> \"@01.573.01.03\" onclick=x";
    let fields = json!({ "title": { "fr": "x" }, "summary": { "fr": harm }, "principles": ["participation"],
        "context": { "fr": harm } });
    let record = put(&desk, "practice", fields).await;
    let html = page(&desk, &format!("/ar/records/{}", id(&record))).await.replace(DESCRIPTION, "");
    assert!(!html.contains("<script"), "{html}");
    assert_eq!(html.matches("class=\"mention\"").count(), 4, "{html}");
    assert!(html.contains("&#60;script&#62;alert(1)"), "{html}");
}

#[tokio::test]
async fn a_hidden_record_has_a_page_that_says_why_and_is_nowhere_else() {
    let desk = Desk::founder().await;
    let fields = json!({ "title": { "fr": "Liste nominative" }, "summary": { "fr": "Noms" },
        "principles": ["participation"] });
    let record = put(&desk, "practice", fields).await;
    let reply = put(&desk, "reply", json!({ "to": record, "text": { "fr": "Merci" } })).await;
    let request = json!({ "record": id(&record), "reason": "معطيات <شخصية>" });
    let _: List<Hiding> = desk.post("/hidden", &request).await;
    for (language, said) in
        [("ar", "يحجب القائم على هذه العقدة"), ("fr", "masque cette fiche"), ("en", "hides this record")]
    {
        let html = page(&desk, &format!("/{language}/records/{}", id(&record))).await;
        assert!(html.contains(said) && html.contains("معطيات &#60;شخصية&#62;"), "{html}");
        assert!(!html.contains("nominative") && html.contains("id=\"provenance\""), "{html}");
    }
    for path in ["/fr/", "/fr/library", "/fr/dialogue", &format!("/fr/members/{}", desk.author)] {
        let html = page(&desk, path).await;
        assert!(!html.contains("nominative"), "{path}");
    }
    let html = page(&desk, &format!("/fr/records/{}", id(&reply))).await;
    assert!(!html.contains("nominative"), "{html}");
    let (_, _, history) = get(&desk, &format!("/fr/records/{}/history", id(&record))).await;
    assert!(!history.contains("nominative"), "{history}");
}

#[tokio::test]
async fn a_reply_to_a_reply_says_whose_reply_that_is() {
    let desk = Desk::founder().await;
    let practice = put(&desk, "practice", practice("Budget", "participation")).await;
    let first = put(&desk, "reply", json!({ "to": practice, "text": { "fr": "Merci" } })).await;
    let second = put(&desk, "reply", json!({ "to": first, "text": { "fr": "À vous" } })).await;
    let html = page(&desk, &format!("/fr/records/{}", id(&second))).await;
    assert!(html.contains("Réponse à : réponse de \u{2068}Fnideq\u{2069}"), "{html}");
}
