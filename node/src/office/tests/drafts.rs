//! Drafts through the office's router: written, conflicting, approved by a second person, published once.

use multaqa_protocol::id::EntryId;

use super::people::join;
use super::*;
use crate::api::types::Records;

/// The fields of the smallest practice, as its form sends them.
const PRACTICE: [(&str, &str); 4] = [
    ("title.fr", "Budget citoyen"),
    ("summary.fr", "Le budget en langage clair."),
    ("principles", "transparency"),
    ("draft-language", "fr"),
];

pub(super) fn hidden(text: &str, name: &str) -> String {
    let after = text.split(&format!("name=\"{name}\" value=\"")).nth(1);
    after.unwrap_or_else(|| panic!("no {name} in {text}")).split('"').next().unwrap().to_owned()
}

impl Browser {
    /// Begins a draft and returns the path of its form.
    async fn begin(&mut self, fields: &[(&str, &str)]) -> String {
        let came = self.post("/fr/office/drafts", fields).await;
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.text);
        came.to().to_owned()
    }

    /// Sends a form from the version that it shows.
    async fn save(&mut self, path: &str, fields: &[(&str, &str)], button: &str) -> Came {
        let version = hidden(&self.get(path).await.text, "draft-version");
        let mut all = fields.to_vec();
        all.extend([("draft-version", version.as_str()), ("draft-do", button)]);
        self.post(path, &all).await
    }

    /// Publishes what the preview shows.
    async fn sign(&mut self, path: &str) -> Came {
        let shown = self.get(&format!("{path}/preview")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        let (version, hash) = (hidden(&shown.text, "draft-version"), hidden(&shown.text, "draft-hash"));
        let fields = [("draft-version", version.as_str()), ("draft-hash", &hash)];
        self.post(&format!("{path}/publish"), &fields).await
    }
}

async fn records(desk: &Desk) -> Vec<EntryId> {
    desk.get::<Records>("/records").await.items.into_iter().map(|item| item.id).collect()
}

#[tokio::test]
async fn a_practice_is_written_shown_and_published_once() {
    let (desk, mut browser) = office().await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let came = browser.save(&path, &[("title.fr", "Budget citoyen")], "preview").await;
    assert!(came.to().ends_with("?check=1#faults"), "{}", came.to());
    let text = browser.get(&format!("{path}?check=1")).await.text;
    for place in ["href=\"#f-summary-", "href=\"#f-principles-0\""] {
        assert!(text.contains(place), "the list of faults leads to {place}");
    }
    let came = browser.save(&path, &PRACTICE, "preview").await;
    assert_eq!(came.to(), format!("{path}/preview"));
    let preview = browser.get(&format!("{path}/preview")).await.text;
    assert!(preview.contains("Budget citoyen") && preview.contains("Le budget en langage clair."));
    let hash = hidden(&preview, "draft-hash");
    let fields = [("draft-version", hidden(&preview, "draft-version")), ("draft-hash", hash.clone())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let unseen = [fields[0], ("draft-hash", "00")];
    let unseen = browser.post(&format!("{path}/publish"), &unseen).await;
    assert_eq!(unseen.to(), format!("{path}/preview"), "what was not shown is not signed");
    assert_eq!(records(&desk).await.len(), 0);
    let read = fields;
    let (mut twice, publish) = (browser.clone(), format!("{path}/publish"));
    let (first, second) = tokio::join!(browser.post(&publish, &read), twice.post(&publish, &read));
    assert_eq!((first.status, first.to()), (StatusCode::SEE_OTHER, second.to()), "{}", first.text);
    let [id] = records(&desk).await.try_into().unwrap();
    assert_eq!(first.to(), format!("/fr/records/{id}"));
    let provenance = desk.get::<crate::api::types::Record>(&format!("/records/{id}")).await;
    assert_eq!(provenance.body_hash.to_string(), hash, "what was shown is what was signed");
    let again = browser.post(&publish, &read).await;
    assert_eq!((again.to(), records(&desk).await.len()), (first.to(), 1), "sent once more, later");
    let noted = desk.node.office().signatures().await.unwrap();
    assert_eq!((noted.len(), noted[0].entry, noted[0].asked.name.as_str()), (1, id, "Said"));
}

#[tokio::test]
async fn a_node_that_was_killed_between_signing_and_noting_publishes_once() {
    let (desk, mut browser) = office().await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let _ = browser.save(&path, &PRACTICE, "save").await;
    let _ = browser.sign(&path).await;
    let [id] = records(&desk).await.try_into().unwrap();
    // As the file was before the signature was noted.
    let file = desk
        .node
        .office()
        .dir()
        .unwrap()
        .join("drafts")
        .join(format!("{}.json", path.rsplit('/').next().unwrap()));
    let mut kept: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let body = desk.get::<crate::api::types::Record>(&format!("/records/{id}")).await.body_hash;
    let signed = kept["state"]["signed"].clone();
    kept["state"] =
        serde_json::json!({ "is": "signing", "asked": null, "signed": signed, "body": body, "after": 0 });
    fs::write(&file, kept.to_string()).unwrap();
    assert_eq!(browser.get(&path).await.to(), format!("/fr/records/{id}"));
    // And one that was stopped before it signed is written on.
    kept["state"]["body"] = "11".repeat(32).into();
    fs::write(&file, kept.to_string()).unwrap();
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    assert_eq!(records(&desk).await, [id]);
}

#[tokio::test]
async fn two_who_write_in_one_draft_are_told_and_choose() {
    let (desk, mut browser) = office().await;
    let mut other = join(&desk, &mut browser, "Amina", Role::Author).await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let mine = browser.get(&path).await.text;
    let _ = other.save(&path, &[("title.fr", "Le sien"), ("context.ar", "سياقها")], "save").await;
    let version = hidden(&mine, "draft-version");
    let fields = [("title.fr", "Le mien"), ("draft-version", version.as_str()), ("draft-do", "save")];
    let came = browser.post(&path, &fields).await;
    assert_eq!(came.status, StatusCode::CONFLICT);
    for said in ["Amina", "Le sien", "Le mien", "سياقها"] {
        assert!(came.text.contains(said), "{said}");
    }
    assert!(browser.get(&path).await.text.contains("Le sien"), "nothing was written over");
    let version = hidden(&came.text, "draft-version");
    let again = [("title.fr", "Le mien"), ("draft-version", version.as_str()), ("draft-do", "save")];
    assert_eq!(browser.post(&path, &again).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&path).await.text.contains("Le mien"));
    assert_eq!(browser.post(&path, &again).await.status, StatusCode::SEE_OTHER, "the same sent twice");
}

#[tokio::test]
async fn with_four_eyes_a_second_person_publishes() {
    let (desk, mut browser) = office().await;
    desk.node.office().change(|book| book.choose(true, &["fr".to_owned()])).await.unwrap();
    let mut writer = join(&desk, &mut browser, "Amina", Role::Publisher).await;
    let mut author = join(&desk, &mut browser, "Hind", Role::Author).await;
    let path = author.begin(&[("kind", "practice")]).await;
    let _ = author.save(&path, &PRACTICE, "save").await;
    let preview = format!("{path}/preview");
    let version = hidden(&author.get(&preview).await.text, "draft-version");
    // A publisher writes in it and asks: then neither can publish.
    let _ =
        writer.save(&path, &[PRACTICE[0], PRACTICE[1], PRACTICE[2], ("context.fr", "Plus")], "save").await;
    let stale = author.post(&format!("{path}/ask"), &[("draft-version", &version)]).await;
    assert_eq!(stale.to(), preview, "what was asked for is not what stands there");
    let version = hidden(&writer.get(&preview).await.text, "draft-version");
    let asked = author.post(&format!("{path}/ask"), &[("draft-version", &version)]).await;
    assert_eq!(asked.to(), "/fr/office/drafts");
    let text = writer.get(&preview).await.text;
    assert!(!text.contains("draft-hash"), "who wrote last is not offered to publish");
    let hash = hidden(&browser.get(&preview).await.text, "draft-hash");
    let version = hidden(&browser.get(&preview).await.text, "draft-version");
    let fields = [("draft-version", version.as_str()), ("draft-hash", &hash)];
    let refused = writer.post(&format!("{path}/publish"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = author.post(&format!("{path}/publish"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(records(&desk).await.len(), 0);
    let published = browser.post(&format!("{path}/publish"), &fields).await;
    let [id] = records(&desk).await.try_into().unwrap();
    assert_eq!(published.to(), format!("/fr/records/{id}"));
    let noted = desk.node.office().signatures().await.unwrap();
    let approved = noted[0].approved.as_ref().map(|who| who.name.as_str());
    assert_eq!((noted[0].asked.name.as_str(), approved), ("Hind", Some("Said")));
}

#[tokio::test]
async fn a_draft_is_given_back_with_a_remark() {
    let (desk, mut browser) = office().await;
    let mut author = join(&desk, &mut browser, "Hind", Role::Author).await;
    let path = author.begin(&[("kind", "practice")]).await;
    let _ = author.save(&path, &PRACTICE, "save").await;
    let version = hidden(&author.get(&format!("{path}/preview")).await.text, "draft-version");
    let _ = author.post(&format!("{path}/ask"), &[("draft-version", &version)]).await;
    let version = hidden(&browser.get(&format!("{path}/preview")).await.text, "draft-version");
    let fields = [("draft-version", version.as_str()), ("draft-remark", "Il manque le coût.")];
    assert_eq!(browser.post(&format!("{path}/return"), &fields).await.to(), "/fr/office/drafts");
    let text = author.get(&path).await.text;
    assert!(text.contains("Il manque le coût.") && text.contains("Said"));
}

#[tokio::test]
async fn what_is_not_for_a_role_is_refused() {
    let (desk, mut browser) = office().await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let _ = browser.save(&path, &PRACTICE, "save").await;
    let mut reader = join(&desk, &mut browser, "Omar", Role::Reader).await;
    assert_eq!(reader.get("/fr/office/drafts").await.status, StatusCode::OK);
    assert_eq!(
        reader.get(&path).await.to(),
        format!("{path}/preview"),
        "readers see what would be published"
    );
    for (rest, fields) in [("", vec![("kind", "practice")])] {
        let came = reader.post(&format!("/fr/office/drafts{rest}"), &fields).await;
        assert_eq!(came.status, StatusCode::FORBIDDEN, "{rest}");
    }
    for deed in ["", "/ask", "/return", "/publish", "/discard"] {
        let came = reader.post(&format!("{path}{deed}"), &[("draft-version", "2")]).await;
        assert_eq!(came.status, StatusCode::FORBIDDEN, "{deed}");
    }
    let mut nobody = Browser::new(&desk);
    assert!(nobody.get(&path).await.to().starts_with("/fr/office/sign-in"));
    for path in ["/fr/office/drafts/0000000000000000", "/fr/office/drafts/..%2Faccounts"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let came = browser.post("/fr/office/drafts", &[("kind", "inception")]).await;
    assert_eq!(came.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_record_is_revised_withdrawn_and_taken_up_from_its_page() {
    let (desk, mut browser) = office().await;
    let id = desk.publish("Portail", "transparency").await.to_string();
    let text = browser.get(&format!("/fr/records/{id}")).await.text;
    assert!(text.contains("name=\"revises\"") && text.contains("value=\"withdraw\""), "what can be done");
    let path = browser.begin(&[("revises", &id)]).await;
    let form = browser.get(&path).await.text;
    assert!(form.contains("Portail"));
    let fields = [("title.fr", "Portail revu"), PRACTICE[1], PRACTICE[2]];
    let _ = browser.save(&path, &fields, "save").await;
    let published = browser.sign(&path).await;
    let new = published.to().rsplit('/').next().unwrap().to_owned();
    let shown = desk.get::<crate::api::types::Record>(&format!("/records/{new}")).await;
    assert_eq!((shown.versions, shown.replaces.unwrap().target.id.to_string()), (2, id));
    let path = browser.begin(&[("kind", "reply"), ("about", &new)]).await;
    assert!(browser.get(&path).await.text.contains("Portail revu"), "the record is filled in");
    let path = browser.begin(&[("kind", "withdraw"), ("about", &new)]).await;
    let came = browser.save(&path, &[], "preview").await;
    assert!(came.to().contains("check=1"), "a withdrawal says why");
    let came = browser.save(&path, &[("reason", "Publié par erreur")], "preview").await;
    assert_eq!(came.to(), format!("{path}/preview"), "{}", came.text);
    let withdrawn = browser.sign(&path).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER, "{}", withdrawn.text);
    let shown = desk.get::<crate::api::types::Record>(&format!("/records/{new}")).await;
    assert_eq!(shown.withdrawal.unwrap().by[0].reason, "Publié par erreur");
}

#[tokio::test]
async fn a_button_saves_and_comes_back_to_the_same_place() {
    let (_desk, mut browser) = office().await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let came = browser.save(&path, &[("title.fr", "Un titre")], "add:results").await;
    assert_eq!(came.to(), format!("{path}?at=results%5B0%5D#f-results-0"));
    let text = browser.get(&path).await.text;
    assert!(text.contains("name=\"results[0].value\"") && text.contains("Un titre"));
    let came = browser.save(&path, &[("place", "سطات"), ("results#", "1")], "find:place").await;
    assert_eq!(came.to(), format!("{path}?at=place#f-place"));
    let text = browser.get(&path).await.text;
    assert!(text.contains("value=\"place=06.461.01.15\""), "places of that name are offered: {text}");
    let version = hidden(&text, "draft-version");
    let fields =
        [("place", "سطات"), ("draft-version", version.as_str()), ("draft-set", "place=06.461.01.15")];
    let _ = browser.post(&path, &fields).await;
    assert!(browser.get(&path).await.text.contains("value=\"06.461.01.15\""));
}

#[tokio::test]
async fn the_script_is_answered_when_it_was_saved_and_by_whom_it_was_overtaken() {
    let (_desk, mut browser) = office().await;
    let path = browser.begin(&[("kind", "practice")]).await;
    let form = |fields: &[(&str, &str)]| {
        Request::post(path.as_str())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(crate::ui::link::query(fields)))
            .unwrap()
    };
    let saved =
        browser.send(form(&[("title.fr", "a"), ("draft-version", "1"), ("draft-do", "autosave")])).await;
    let saved: serde_json::Value = serde_json::from_str(&saved.text).unwrap();
    assert_eq!((&saved["saved"], &saved["version"]), (&true.into(), &2.into()));
    let overtaken =
        browser.send(form(&[("title.fr", "b"), ("draft-version", "1"), ("draft-do", "autosave")])).await;
    let told: serde_json::Value = serde_json::from_str(&overtaken.text).unwrap();
    assert!(told["saved"] == false && told["text"].as_str().unwrap().contains("Said"), "{told}");
    let page = browser.get(&path).await;
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let other = browser.get("/fr/office/drafts").await;
    assert!(!other.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("script-src"));
}
