//! How sessions end.

use tower_sessions::cookie::time::OffsetDateTime;

use super::*;

#[tokio::test]
async fn a_session_ends_after_a_working_day_and_when_nothing_is_asked() {
    let (desk, mut day) = office().await;
    let mut idle = Browser::new(&desk);
    idle.sign_in("said", GOOD).await;
    let sessions = &desk.node.office().0.sessions;
    let name = |browser: &Browser| {
        let cookie = browser.cookie.as_deref().unwrap().split('=').nth(1).unwrap();
        session::name(&cookie.parse().unwrap())
    };
    let since = now() - session::LONGEST;
    sessions.with(|all| {
        let stay = all.get_mut(&name(&day)).unwrap().data.get_mut("stay").unwrap();
        stay["since"] = since.into();
        all.get_mut(&name(&idle)).unwrap().expiry_date = OffsetDateTime::now_utc();
    });
    for browser in [&mut day, &mut idle] {
        assert_eq!(browser.get("/fr/office").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(sessions.count(), 0, "those that are over are taken away");
}

#[tokio::test]
async fn sessions_take_little_room_whoever_signs_in() {
    let (desk, _) = office().await;
    let sessions = &desk.node.office().0.sessions;
    sessions.with(|all| {
        let one = all.values().next().unwrap().clone();
        for number in 0..2 * session::MAX_SESSIONS {
            all.insert(number.to_string(), one.clone());
        }
    });
    let mut browser = Browser::new(&desk);
    browser.sign_in("said", GOOD).await;
    assert_eq!(sessions.count(), session::MAX_SESSIONS);
    assert_eq!(browser.get("/fr/office").await.status, StatusCode::OK);
}

#[tokio::test]
async fn readers_find_neither_an_office_nor_a_session() {
    let (desk, mut browser) = office().await;
    let token =
        desk.node.office().change(|book| book.add_token("Site", Role::Publisher, now())).await.unwrap();
    let mut reader = Browser { router: desk.public.clone(), cookie: browser.cookie.clone() };
    for path in ["/fr/office", "/fr/office/sign-in", "/fr/office/people"] {
        assert_eq!(reader.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let came = reader.get("/fr/").await;
    assert!(!came.headers.contains_key(header::SET_COOKIE));
    assert!(!came.text.contains("/office") && !came.text.contains("Said"));
    let came = reader.publish("Budget", Some(token.text())).await;
    assert_eq!(came.status, StatusCode::METHOD_NOT_ALLOWED);
    // On the office's own listener the same pages say who is here.
    assert!(browser.get("/fr/").await.text.contains("Said"));
}
