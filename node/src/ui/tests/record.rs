//! What a record's page says beside the record: its description for programs, and what refers to it.

use super::*;

/// The description for programs in a page, as a reader of HTML finds it, if there is one.
fn description(html: &str) -> Option<serde_json::Value> {
    let (_, rest) = html.split_once(DESCRIPTION)?;
    let (text, _) = rest.split_once("</script").unwrap();
    assert!(!text.contains(['<', '>', '&', '\u{202e}']), "{text}");
    Some(serde_json::from_str(text).unwrap())
}

#[tokio::test]
async fn a_page_describes_its_record_as_the_export_does() {
    let desk = Desk::founder().await;
    let harm = "</script><!--<script>alert(1)</script>\u{202e}\u{e0041}&lt; \\u003c \"";
    let mut fields = everything();
    fields["title"] = json!({ "ar": "الميزانية", "fr": harm });
    fields["summary"] = json!({ "en": harm });
    let id = desk.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await.id;
    let exported: serde_json::Value = serde_json::from_slice(&desk.bytes("/export.jsonld").await).unwrap();
    let expected = &exported["@graph"][0];
    assert_eq!(expected["identifier"], json!(id));
    assert_eq!(expected["name"][1]["@value"], json!(harm), "the export says what the record does");
    for language in ["ar", "fr", "en"] {
        let html = page(&desk, &format!("/{language}/records/{id}")).await;
        let mut found = description(&html).unwrap();
        let context = found.as_object_mut().unwrap().remove("@context").unwrap();
        assert_eq!((&context, &found), (&exported["@context"], expected), "{language}");
        assert_eq!(html.matches("<script").count(), 1, "{language}");
    }
    let long = json!({ "fr": "a".repeat(40 << 10) });
    let mut fields = practice("Long", "participation");
    fields["summary"] = long;
    let long = desk.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await.id;
    let withdrawn = desk.publish("Retiré", "transparency").await;
    let reason = json!({ "reason": "error" });
    let _: serde_json::Value = desk.post(&format!("/records/{withdrawn}/withdraw"), &reason).await;
    for (id, why) in [
        (long.to_string(), "one that is too long for a page"),
        (withdrawn.to_string(), "a withdrawn record"),
        (desk.author.to_string(), "an inception, which is no record"),
    ] {
        assert_eq!(description(&page(&desk, &format!("/fr/records/{id}")).await), None, "{why}");
    }
}

#[tokio::test]
async fn a_record_shows_what_refers_to_it() {
    let desk = Desk::founder().await;
    let first = desk.publish("Budget", "participation").await;
    let fields = practice("Budget 2", "participation");
    let revised =
        desk.post::<Published>(&format!("/records/{first}/revise"), &json!({ "fields": fields })).await;
    let target = |seq: u32, id| json!({ "author": desk.author, "seq": seq, "id": id });
    let seq = desk.get::<crate::api::types::Record>(&format!("/records/{first}")).await.item.seq;
    let mut fields = practice("Reprise <i>", "transparency");
    fields["adopted_from"] = json!([target(seq, first)]);
    let request = json!({ "kind": "practice", "fields": fields });
    let adopting = desk.post::<Published>("/records", &request).await.id;
    let other = desk.publish("Autre", "transparency").await;
    // Whichever version is looked at.
    for id in [first, revised.id] {
        let html = page(&desk, &format!("/ar/records/{id}")).await;
        let (_, section) = html.split_once("id=\"referring\"").expect("the section");
        assert!(section.contains("أخذ عن هذه الممارسة: <a href=\"/ar/records/"), "{section}");
        assert!(
            section.contains(&adopting.to_string()) && section.contains("Reprise &#60;i&#62;"),
            "{section}"
        );
        let found: crate::api::types::Records = desk.get(&format!("/records?refers_to={id}")).await;
        assert_eq!(found.items.iter().map(|item| item.id).collect::<Vec<_>>(), [adopting]);
    }
    for id in [adopting, other] {
        let html = page(&desk, &format!("/ar/records/{id}")).await;
        assert!(!html.contains("id=\"referring\""), "{html}");
    }
    // What refers to it no more, and what is withdrawn.
    let plain = json!({ "fields": practice("Reprise", "transparency") });
    let without = desk.post::<Published>(&format!("/records/{adopting}/revise"), &plain).await.id;
    assert!(!page(&desk, &format!("/fr/records/{first}")).await.contains("id=\"referring\""));
    let again =
        desk.post::<Published>(&format!("/records/{without}/revise"), &json!({ "fields": fields })).await.id;
    assert!(page(&desk, &format!("/fr/records/{first}")).await.contains(&again.to_string()));
    let _: Published = desk.post(&format!("/records/{again}/withdraw"), &json!({ "reason": "error" })).await;
    let html = page(&desk, &format!("/fr/records/{first}")).await;
    assert!(!html.contains("id=\"referring\""), "a withdrawn record says nothing any more");
}

#[tokio::test]
async fn all_that_refers_to_a_record_is_in_the_library() {
    let desk = Desk::founder().await;
    let target = desk.publish("Budget", "participation").await;
    let seq = desk.get::<crate::api::types::Record>(&format!("/records/{target}")).await.item.seq;
    for number in 0..14 {
        let mut fields = practice(&format!("Réponse {number}"), "transparency");
        fields["adopted_from"] = json!([{ "author": desk.author, "seq": seq, "id": target }]);
        let _ = desk.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await;
    }
    let html = page(&desk, &format!("/fr/records/{target}")).await;
    let (_, section) = html.split_once("id=\"referring\"").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    assert_eq!(links_to(section, "/fr/records/").len(), 12);
    let [all] = links_to(section, "/fr/library").try_into().unwrap();
    let html = page(&desk, &all).await;
    assert!(html.contains("14 fiches") || html.contains("14 résultats"), "{html}");
    assert!(html.contains("ce qui renvoie à une fiche"), "the chip that takes the filter away");
    let (status, _, _) = get(&desk, "/fr/library?refers_to=00000000").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_record_shows_its_files_and_says_of_those_that_are_elsewhere() {
    let desk = Desk::founder().await;
    let hash = desk.attach("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and more").await;
    let elsewhere = "ab".repeat(32);
    let mut fields = practice("Portail", "transparency");
    fields["attachments"] = json!([
        { "name": "salle.png", "hash": hash, "size": 25, "mime": "image/png", "alt": { "fr": "La salle, pleine" } },
        { "name": "pv.pdf", "hash": elsewhere, "size": 1_234_567, "mime": "application/pdf" },
    ]);
    let id = desk.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await.id;
    let html = page(&desk, &format!("/fr/records/{id}")).await;
    let bytes = format!("/api/v1/attachments/{hash}?record={id}");
    for said in [
        format!("<img src=\"{bytes}\" alt=\"\""),
        "La salle, pleine".to_owned(),
        "Image PNG · 25 octets".to_owned(),
        "PDF · 1,2 Mo".to_owned(),
        "pas encore sur ce nœud".to_owned(),
        format!("href=\"/fr/records/{id}/files/{elsewhere}\""),
    ] {
        assert!(html.contains(&said), "{said}: {html}");
    }
    assert!(!html.contains(&format!("attachments/{elsewhere}")), "nothing leads to what is not here");
    let (status, headers, _) = get(&desk, &format!("/fr/records/{id}/files/{hash}")).await;
    assert_eq!(
        (status, headers[header::LOCATION].to_str().unwrap()),
        (StatusCode::SEE_OTHER, bytes.as_str())
    );
    let (status, _, html) = get(&desk, &format!("/fr/records/{id}/files/{elsewhere}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(html.contains("pas relié à son réseau") && html.contains("pv.pdf"), "{html}");
    for (id, hash) in [(id.to_string(), "cd".repeat(32)), (id.to_string(), "..".to_owned())] {
        let (status, _, html) = get(&desk, &format!("/fr/records/{id}/files/{hash}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{html}");
    }
}
