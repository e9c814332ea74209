//! What each role may do, and how people come and go.

use super::*;

/// Adds somebody and lets them choose a password.
pub(super) async fn join(desk: &Desk, administrator: &mut Browser, name: &str, role: Role) -> Browser {
    let fields = [("name", name), ("role", role.code())];
    let came = administrator.post("/fr/office/people", &fields).await;
    assert_eq!(came.status, StatusCode::OK, "{}", came.text);
    let link = link_in(&came);
    let mut browser = Browser::new(desk);
    assert!(browser.get(&link).await.text.contains(name));
    let came = browser.post(&link, &[("password", GOOD), ("again", GOOD)]).await;
    assert_eq!(came.to(), "/fr/office");
    browser
}

fn link_in(came: &Came) -> String {
    let from = came.text.find("/fr/office/link/").expect("a link is shown");
    came.text[from..from + "/fr/office/link/".len() + 32].to_owned()
}

#[tokio::test]
async fn every_route_asks_for_its_role() {
    let (desk, mut administrator) = office().await;
    let mut nobody = Browser::new(&desk);
    let mut people = Vec::new();
    for role in [Role::Reader, Role::Author, Role::Publisher] {
        people.push((role, join(&desk, &mut administrator, role.code(), role).await));
    }
    let all = [
        (Method::GET, "/fr/office", Role::Reader),
        (Method::GET, "/fr/office/account", Role::Reader),
        (Method::GET, "/fr/office/people", Role::Administrator),
        (Method::POST, "/fr/office/people", Role::Administrator),
        (Method::POST, "/fr/office/people/1", Role::Administrator),
        (Method::POST, "/fr/office/people/1/link", Role::Administrator),
        (Method::POST, "/fr/office/programs", Role::Administrator),
        (Method::POST, "/fr/office/programs/1/end", Role::Administrator),
        (Method::GET, "/fr/office/settings", Role::Administrator),
        (Method::POST, "/fr/office/settings", Role::Administrator),
        (Method::GET, "/fr/office/network", Role::Administrator),
        (Method::POST, "/fr/office/network", Role::Administrator),
        (Method::GET, "/fr/office/signatures", Role::Administrator),
        (Method::POST, "/api/v1/records", Role::Publisher),
        (Method::POST, "/api/v1/records/check", Role::Author),
        (Method::POST, "/api/v1/attachments", Role::Author),
        (Method::GET, "/api/v1/bans", Role::Administrator),
        (Method::POST, "/api/v1/admissions", Role::Administrator),
        (Method::POST, "/api/v1/invitations", Role::Administrator),
        (Method::POST, "/api/v1/office/links", Role::Administrator),
        (Method::POST, "/api/v1/office/tokens", Role::Administrator),
        (Method::POST, "/api/v1/key/rotation", Role::Administrator),
        (Method::POST, "/api/v1/bundle", Role::Administrator),
    ];
    for (method, path, needed) in all {
        let ask = || {
            let request = Request::builder()
                .method(method.clone())
                .uri(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            request.body(Body::from("name=&role=reader&invitation=&fields=")).unwrap()
        };
        let came = nobody.send(ask()).await;
        let refused =
            if path.starts_with("/api/") { StatusCode::UNAUTHORIZED } else { StatusCode::SEE_OTHER };
        assert_eq!(came.status, refused, "{method} {path} of nobody");
        for (role, browser) in &mut people {
            let came = browser.send(ask()).await;
            let is_refused = came.status == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, *role < needed, "{method} {path} as {role}: {}", came.status);
        }
    }
}

#[tokio::test]
async fn a_publisher_publishes_by_the_interface_and_it_is_noted() {
    let (desk, mut administrator) = office().await;
    let mut publisher = join(&desk, &mut administrator, "Amina", Role::Publisher).await;
    let came = publisher.publish("Budget", None).await;
    assert_eq!(came.status, StatusCode::CREATED, "{}", came.text);
    let id =
        serde_json::from_str::<serde_json::Value>(&came.text).unwrap()["id"].as_str().unwrap().to_owned();
    let noted = desk.node.office().signatures().await.unwrap();
    assert_eq!(noted.len(), 1);
    assert_eq!((noted[0].asked.name.as_str(), noted[0].kind.as_str()), ("Amina", "practice"));
    assert_eq!(noted[0].entry.to_string(), id);
    let page = administrator.get("/fr/office/signatures").await;
    assert!(page.text.contains("Amina") && page.text.contains(&id));
    // By the socket, whose requests are the machine owner's, nobody of the office asked.
    desk.publish("Autre", "transparency").await;
    assert_eq!(desk.node.office().signatures().await.unwrap().len(), 1);
    // Where two have to see it, it is published from a draft.
    administrator.post("/fr/office/settings", &[("four_eyes", "yes"), ("language", "ar")]).await;
    assert!(desk.node.office().four_eyes().unwrap());
    assert_eq!(publisher.publish("Sans second regard", None).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_program_writes_by_its_token_until_that_ends() {
    let (desk, mut administrator) = office().await;
    let came = administrator.post("/fr/office/programs", &[("name", "Site"), ("role", "publisher")]).await;
    let shown = came.text.split("id=\"handed\">").nth(1).unwrap();
    let token = shown[..32].to_owned();
    let mut program = Browser::new(&desk);
    assert_eq!(program.publish("Budget", Some(&token)).await.status, StatusCode::CREATED);
    assert_eq!(program.publish("Budget", Some(&"0".repeat(32))).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(desk.node.office().signatures().await.unwrap()[0].asked.name, "Site");
    // A token opens no page.
    let page = Request::get("/fr/office").header(header::AUTHORIZATION, format!("Bearer {token}"));
    assert_eq!(program.send(page.body(Body::empty()).unwrap()).await.status, StatusCode::SEE_OTHER);
    let id = desk.node.office().look(|book| book.programs()[0].id).unwrap();
    administrator.post(&format!("/fr/office/programs/{id}/end"), &[]).await;
    assert_eq!(program.publish("Budget", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_lost_password_is_replaced_by_a_link_and_ends_the_sessions_before_it() {
    let (desk, mut administrator) = office().await;
    let mut amina = join(&desk, &mut administrator, "Amina", Role::Author).await;
    let id = desk.node.office().look(|book| book.named("amina")).unwrap().unwrap();
    let came = administrator.post(&format!("/fr/office/people/{id}/link"), &[]).await;
    let link = link_in(&came);
    // Until it is used, nothing has changed.
    assert_eq!(amina.get("/fr/office").await.status, StatusCode::OK);
    let mut again = Browser::new(&desk);
    let new = "un autre mot de passe";
    assert_eq!(again.post(&link, &[("password", new), ("again", new)]).await.to(), "/fr/office");
    assert_eq!(amina.get("/fr/office").await.status, StatusCode::SEE_OTHER);
    assert_eq!(amina.sign_in("Amina", GOOD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(amina.sign_in("Amina", new).await.status, StatusCode::SEE_OTHER);
    let used = again.post(&link, &[("password", GOOD), ("again", GOOD)]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The owner of the machine makes one for the administrator by the socket.
    let made: crate::api::types::OfficeLink = desk.post("/office/links", &serde_json::json!({})).await;
    let mut owner = Browser::new(&desk);
    assert!(owner.get(&made.path).await.text.contains("Said"));
    assert_eq!(owner.post(&made.path, &[("password", new), ("again", new)]).await.to(), "/ar/office");
    assert_eq!(administrator.get("/fr/office").await.status, StatusCode::SEE_OTHER);
    let unknown = serde_json::json!({ "account": "Nobody" });
    assert_eq!(desk.refused(Method::POST, "/office/links", &unknown).await.code, "no-account");
}

#[tokio::test]
async fn one_s_own_password_is_changed_by_the_old_one() {
    let (desk, mut browser) = office().await;
    let new = "un autre mot de passe";
    for fields in [
        [("old", "faux mot de passe"), ("password", new), ("again", new)],
        [("old", GOOD), ("password", "court"), ("again", "court")],
        [("old", GOOD), ("password", new), ("again", GOOD)],
    ] {
        let came = browser.post("/fr/office/account", &fields).await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    let mut elsewhere = Browser::new(&desk);
    elsewhere.sign_in("said", GOOD).await;
    let fields = [("old", GOOD), ("password", new), ("again", new)];
    assert_eq!(browser.post("/fr/office/account", &fields).await.to(), "/fr/office");
    assert_eq!(browser.get("/fr/office").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/fr/office").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_is_let_go_is_out_at_once_and_the_last_administrator_stays() {
    let (desk, mut administrator) = office().await;
    let mut amina = join(&desk, &mut administrator, "Amina", Role::Publisher).await;
    let id = desk.node.office().look(|book| book.named("amina")).unwrap().unwrap();
    administrator.post(&format!("/fr/office/people/{id}"), &[("role", "publisher")]).await;
    assert_eq!(amina.get("/fr/office").await.status, StatusCode::SEE_OTHER);
    assert_eq!(amina.publish("Budget", None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(amina.sign_in("Amina", GOOD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let came = administrator.post("/fr/office/people/1", &[("role", "reader"), ("active", "yes")]).await;
    assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(administrator.get("/fr/office/people").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_text_of_the_office_comes_out_of_the_catalogue() {
    let (desk, mut browser) = office().await;
    browser.publish("ⴰⴱⴳ", None).await;
    let mut paths: Vec<String> = ["", "/account", "/people", "/settings", "/network", "/signatures"]
        .map(|path| format!("/qps/office{path}"))
        .to_vec();
    paths.push(format!("/qps/office/link/{}", "0".repeat(32)));
    paths.push(format!("/qps/office/setup/{}", "0".repeat(32)));
    for path in paths {
        let came = browser.get(&path).await;
        crate::ui::tests::assert_translated(&came.text.replace("Fnideq", "").replace("Said", ""), &path);
    }
    let came = Browser::new(&desk).get("/qps/office/sign-in").await;
    crate::ui::tests::assert_translated(&came.text.replace("Fnideq", ""), "sign-in");
}
