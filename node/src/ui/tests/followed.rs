//! What a plan's page and a practice's page say of what followed.

use super::*;
use crate::api::tests::following::{Two, plan, publish, reference, report};

#[tokio::test]
async fn a_plan_s_page_shows_the_figure_with_its_rule_and_what_it_rests_on() {
    let two = Two::new().await;
    let id = publish(&two.steward, "plan", plan()).await;
    let of_plan = reference(&two.steward, id).await;
    let sources = json!([{ "address": "https://example.org/portail" }]);
    let done = json!([{ "milestone": "m1", "status": "complete", "sources": sources }]);
    let progress = publish(&two.steward, "progress", report(&of_plan, "a", done)).await;
    two.share().await;
    let proposal = json!({
        "title": { "fr": "Un guichet <b>" }, "summary": { "fr": "Essai" }, "principles": ["participation"], "plan": of_plan,
        "stage": "co_creation", "became": { "state": "commitment", "plan": of_plan, "commitment": "b" },
    });
    publish(&two.member, "proposal", proposal).await;
    let verdict = json!({ "about": of_plan, "commitment": "a", "summary": { "fr": "Avance" }, "completion": "limited" });
    publish(&two.steward, "evaluation", verdict).await;
    two.share().await;
    let html = page(&two.steward, &format!("/fr/records/{id}")).await;
    for said in [
        "Étapes achevées : 1 sur 3",
        "Taux calculé à partir des preuves : 33 %",
        "1 étape achevée avec preuve",
        "Taux déclaré : 44",
        "Il diffère du taux calculé",
        "href=\"#counting\"",
        "1 étape en retard",
        "<svg class=\"gantt\"",
        "href=\"https://example.org/portail\"",
        "devenue l’engagement :",
        "Un guichet &#60;b&#62;",
        "Auto-évaluation",
        "limité",
    ] {
        assert!(html.contains(said), "the page lacks {said}: {html}");
    }
    // Each figure leads to the signed entries on which it rests, and these to their proof.
    let (rests, _) =
        html.split_once("Repose sur 2 écritures signées</summary>").unwrap().1.split_once("</ul>").unwrap();
    for (entry, named) in [(id, "version du programme du "), (progress, "rapport du ")] {
        assert!(rests.contains(&format!("href=\"/fr/records/{entry}\"><bdi dir=\"ltr\">{named}")), "{rests}");
        assert!(
            rests.contains(&format!("href=\"/api/v1/bundle?entry={entry}&#38;witnesses=true\"")),
            "{rests}"
        );
        assert!(rests.contains(&format!("<code>{}</code>", &entry.to_string()[..12])), "{rests}");
    }
    assert!(rests.contains("figures=true"), "{rests}");
    let late = html.split_once("<caption>1 étape en retard").unwrap().1.split_once("</table>").unwrap().0;
    assert!(
        late.contains(&format!("href=\"/fr/records/{id}\"><bdi dir=\"ltr\">version du programme du ")),
        "{late}"
    );
    let declared = html.split_once("Taux déclaré : 44").unwrap().1.split_once("</p>").unwrap().0;
    assert!(declared.contains(&format!("href=\"/fr/records/{id}\"")), "{declared}");
    let steps = html.split_once("id=\"commitment-1\"").unwrap().1;
    assert!(
        steps.contains(&format!("href=\"/fr/records/{progress}\"><bdi dir=\"ltr\">rapport du ")),
        "the status leads to its report"
    );
    let before = page(&two.steward, &format!("/ar/records/{id}?as_of=2024-11-30")).await;
    assert!(before.contains("0 من 3 مراحل منجزة") && before.contains("value=\"2024-11-30\""), "{before}");
    assert!(before.contains("وقع البرنامج بعد هذا التاريخ"), "{before}");
    assert_eq!(get(&two.steward, &format!("/fr/records/{id}?as_of=hier")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_adopter_sees_that_the_practice_has_a_newer_version() {
    let two = Two::new().await;
    let id = two.steward.publish("Budget", "participation").await;
    let of_practice = reference(&two.steward, id).await;
    two.share().await;
    let fields =
        json!({ "practice": of_practice, "state": "adopted", "adaptation": { "fr": "En deux langues" } });
    let adoption = publish(&two.member, "adoption", fields).await;
    two.share().await;
    let html = page(&two.steward, &format!("/fr/records/{id}")).await;
    for said in ["Qui a repris cette pratique", "En deux langues", "version 1", "<svg class=\"meter\""] {
        assert!(html.contains(said), "the page lacks {said}: {html}");
    }
    let path = format!("/fr/records/{adoption}");
    assert!(!page(&two.member, &path).await.contains("Une version plus récente"));
    let revised = json!({ "fields": practice("Budget 2", "participation") });
    let second: Published = two.steward.post(&format!("/records/{id}/revise"), &revised).await;
    two.share().await;
    let html = page(&two.member, &path).await;
    assert!(html.contains("Une version plus récente") && html.contains(&second.id.to_string()), "{html}");
    let spread = page(&two.member, &format!("/fr/records/{}", second.id)).await;
    assert!(spread.contains("une version plus récente existe"), "{spread}");
}

#[tokio::test]
async fn a_member_s_page_leads_to_practices_of_like_collectivities() {
    let two = Two::new().await;
    let near = two.steward.publish("Voisine", "participation").await;
    two.share().await;
    let html = page(&two.member, &format!("/fr/members/{}", two.member.author)).await;
    for said in ["Pratiques de collectivités semblables", "deux points pour la même classe", "En commun :"]
    {
        assert!(html.contains(said), "the page lacks {said}: {html}");
    }
    let href = format!("/fr/library?similar_to={}", two.member.author);
    assert!(html.contains(&href) && html.contains(&near.to_string()), "{html}");
    let library = page(&two.member, &href).await;
    assert!(
        library.contains("deux points pour la même classe") && library.contains("même région"),
        "{library}"
    );
    assert!(!library.contains("/api/v1/export.csv"), "a file has no such order");
}

#[tokio::test]
async fn a_card_of_a_plan_says_how_far_it_has_come() {
    let desk = Desk::founder().await;
    let mut fields = plan();
    fields["parties"] = json!([]);
    let id = publish(&desk, "plan", fields).await;
    let of_plan = reference(&desk, id).await;
    publish(&desk, "progress", report(&of_plan, "b", json!([{ "status": "complete" }]))).await;
    let html = page(&desk, "/ar/library?kind=plan").await;
    assert!(html.contains("1 من 3 مراحل منجزة"), "{html}");
}

#[tokio::test]
async fn a_party_that_co_signed_counts_on_the_card_and_judges_itself() {
    let two = Two::new().await;
    let id = publish(&two.steward, "plan", plan()).await;
    let of_plan = reference(&two.steward, id).await;
    two.share().await;
    publish(&two.member, "progress", report(&of_plan, "b", json!([{ "status": "complete" }]))).await;
    let verdict = json!({ "about": of_plan, "summary": { "fr": "Avance" }, "completion": "limited" });
    let verdict = publish(&two.member, "evaluation", verdict).await;
    two.share().await;
    let (card, path) = ("Étapes achevées : 1 sur 3", format!("/fr/records/{verdict}"));
    assert!(
        !page(&two.steward, "/fr/library?kind=plan").await.contains(card),
        "a stranger's report moves nothing"
    );
    assert!(!page(&two.steward, &path).await.contains("Auto-évaluation"));
    publish(&two.member, "endorse", json!({ "endorses": of_plan, "capacity": "party" })).await;
    two.share().await;
    let html = page(&two.steward, "/fr/library?kind=plan").await;
    assert!(html.contains(card), "{html}");
    let html = page(&two.steward, &path).await;
    assert!(html.contains("Auto-évaluation"), "{html}");
}
