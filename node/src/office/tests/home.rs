//! The first page of the office: what waits, what is asked, what is new since the last visit.

use serde_json::json;

use super::*;
use crate::api::tests::following::{Two, publish};

/// Returns the part of a page that begins with the heading of this id.
fn part<'a>(text: &'a str, id: &str) -> Option<&'a str> {
    text.split(&format!("<h2 id=\"{id}\"")).nth(1)?.split("</section>").next()
}

#[tokio::test]
async fn what_arrived_since_the_last_visit_is_shown_until_the_next() {
    let Two { steward, member } = Two::new().await;
    let desk = &steward;
    let mut browser = Browser::new(desk);
    let path = desk.node.office().set_up_path().await.unwrap().unwrap();
    let fields = [("name", "Said"), ("password", GOOD), ("again", GOOD), ("language", "ar")];
    browser.post(&path, &fields).await;
    let first = browser.get("/fr/office").await.text;
    assert!(part(&first, "asked").is_none(), "nobody has asked anything");

    // Both were written before they arrived here.
    publish(&member, "practice", practice("Guichet ouvert", "transparency")).await;
    let question = json!({
        "title": { "fr": "Qui l'a fait ?" }, "summary": { "fr": "Essai" }, "principles": ["participation"],
        "addressees": [{ "author": desk.author }],
    });
    publish(&member, "challenge", question).await;
    let two = Two { steward, member };
    two.share().await;

    let visits = async |browser: &mut Browser| {
        browser.sign_in("Said", GOOD).await;
        browser.get("/fr/office").await.text
    };
    let second = visits(&mut browser).await;
    assert!(part(&second, "new").unwrap().contains("Guichet ouvert"));
    assert!(part(&second, "asked").unwrap().contains("Qui l"));
    // It stays new for the whole visit.
    assert!(part(&browser.get("/fr/office").await.text, "new").unwrap().contains("Guichet ouvert"));
    let third = visits(&mut browser).await;
    assert!(!part(&third, "new").unwrap().contains("Guichet ouvert"));
    assert!(part(&third, "asked").unwrap().contains("Qui l"), "a question waits until it is answered");
}
