//! The office through its router, as a browser asks it: cookies, forms and redirections.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tower::ServiceExt;

use super::*;
use crate::api::tests::{Desk, practice};

mod drafts;
mod files;
mod home;
mod people;
mod sessions;

const GOOD: &str = "une phrase assez longue";

/// A browser with its cookies, on one office.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
struct Came {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Came {
    fn to(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

impl Browser {
    fn new(desk: &Desk) -> Self {
        let router = Api::new(desk.node.clone()).desk(([127, 0, 0, 1], 8_470).into());
        Self { router, cookie: None }
    }

    async fn send(&mut self, mut request: Request<Body>) -> Came {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        if let Some(set) = head.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        Came { status: head.status, headers: head.headers, text }
    }

    async fn get(&mut self, path: &str) -> Came {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Came {
        let form = crate::ui::link::query(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    async fn publish(&mut self, title: &str, token: Option<&str>) -> Came {
        let text = serde_json::json!({ "kind": "practice", "fields": practice(title, "transparency") });
        let mut request = Request::post("/api/v1/records");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(text.to_string())).unwrap()).await
    }

    async fn sign_in(&mut self, name: &str, password: &str) -> Came {
        self.post("/fr/office/sign-in", &[("name", name), ("password", password)]).await
    }
}

/// An office whose administrator is Said, signed in.
async fn office() -> (Desk, Browser) {
    let desk = Desk::founder().await;
    let mut browser = Browser::new(&desk);
    let path = desk.node.office().set_up_path().await.unwrap().unwrap();
    let fields = [("name", "Said"), ("password", GOOD), ("again", GOOD), ("language", "ar")];
    let came = browser.post(&path, &fields).await;
    assert_eq!((came.status, came.to()), (StatusCode::SEE_OTHER, "/ar/office"), "{}", came.text);
    (desk, browser)
}

#[tokio::test]
async fn the_first_administrator_comes_in_by_a_link_that_opens_once() {
    let desk = Desk::founder().await;
    let mut browser = Browser::new(&desk);
    let old = desk.node.office().set_up_path().await.unwrap().unwrap();
    let path = desk.node.office().set_up_path().await.unwrap().unwrap();
    assert_eq!(browser.get(&old).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
    for fields in [
        [("name", "Said"), ("password", "court"), ("again", "court"), ("language", "ar")],
        [("name", "Said"), ("password", GOOD), ("again", "autre chose"), ("language", "ar")],
        [("name", ""), ("password", GOOD), ("again", GOOD), ("language", "ar")],
        [("name", "Said"), ("password", GOOD), ("again", GOOD), ("language", "tlh")],
    ] {
        let came = browser.post(&path, &fields).await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(came.text.contains("id=\"refused\"") && !came.text.contains(GOOD));
    }
    let fields = [("name", "Said"), ("password", GOOD), ("again", GOOD), ("language", "fr")];
    assert_eq!(browser.post(&path, &fields).await.to(), "/ar/office");
    assert_eq!(desk.node.office().settings().unwrap().languages, ["fr"]);
    let home = browser.get("/ar/office").await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.text.contains("Said"));
    assert_eq!(home.headers[header::CACHE_CONTROL], "no-store");
    let mut other = Browser::new(&desk);
    assert_eq!(other.get(&path).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.post(&path, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(desk.node.office().set_up_path().await.unwrap().is_none());
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_what_is_kept_of_it_opens_nothing() {
    let (desk, browser) = office().await;
    let mut again = Browser::new(&desk);
    let came = again.sign_in("said", GOOD).await;
    let set = came.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure"), "{set}");
    let far = Api::new(desk.node.clone()).desk(([192, 0, 2, 1], 443).into());
    let set = Browser { router: far, cookie: None }.sign_in("said", GOOD).await;
    assert!(set.headers[header::SET_COOKIE].to_str().unwrap().contains("Secure"));

    let dir = desk.node.office().dir().unwrap().to_owned();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    let id = browser.cookie.as_deref().unwrap().split('=').nth(1).unwrap();
    for file in fs::read_dir(&dir).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(GOOD) && !text.contains(id), "{}", path.display());
    }
}

#[tokio::test]
async fn a_session_has_a_new_id_after_signing_in_and_ends_by_signing_out() {
    let (desk, mut browser) = office().await;
    let before = browser.cookie.clone();
    assert_eq!(browser.sign_in("said", GOOD).await.status, StatusCode::SEE_OTHER);
    assert_ne!(browser.cookie, before);
    let mut old = Browser { cookie: before, ..Browser::new(&desk) };
    assert_eq!(old.get("/fr/office").await.to(), "/fr/office/sign-in?then=%2Ffr%2Foffice");
    let held = browser.clone();
    assert_eq!(browser.post("/fr/office/sign-out", &[]).await.to(), "/fr/office/sign-in");
    for mut browser in [browser, held] {
        assert_eq!(browser.get("/fr/office").await.status, StatusCode::SEE_OTHER);
    }
    // Sessions outlive the program.
    let (desk, browser) = office().await;
    let fresh = Office::new(desk.node.dir());
    assert_eq!(fresh.0.sessions.count(), 1);
    drop(browser);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_get_the_same_answer_and_few_tries() {
    let (desk, _) = office().await;
    let mut browser = Browser::new(&desk);
    let shown = |came: Came| came.text.replace("Nobody", "said");
    let name = shown(browser.sign_in("Nobody", "un mot de passe faux").await);
    let password = shown(browser.sign_in("said", "un mot de passe faux").await);
    assert_eq!(name, password);
    assert!(!name.contains("un mot de passe faux"));
    for _ in 0..4 {
        let came = browser.sign_in("SAID", "un mot de passe faux").await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let came = browser.sign_in("said", GOOD).await;
    assert_eq!(came.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(came.text.contains("demi-minute"), "{}", came.text);
}

#[tokio::test]
async fn signing_in_leads_to_pages_of_this_node_only() {
    let (desk, _) = office().await;
    for (then, to) in [
        ("/fr/library?kind=plan", "/fr/library?kind=plan"),
        ("//evil.example/fr", "/fr/office"),
        ("/fr\\evil.example", "/fr/office"),
        ("https://evil.example/", "/fr/office"),
        ("/api/v1/status", "/fr/office"),
        ("", "/fr/office"),
    ] {
        let mut browser = Browser::new(&desk);
        let fields = [("name", "said"), ("password", GOOD), ("then", then)];
        assert_eq!(browser.post("/fr/office/sign-in", &fields).await.to(), to, "{then}");
    }
}

#[tokio::test]
async fn another_site_posts_nothing() {
    let (_desk, mut browser) = office().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        for path in ["/fr/office/settings", "/fr/office/people", "/fr/office/sign-out", "/api/v1/records"] {
            let request = Request::post(path).header(name, value).header(header::HOST, "127.0.0.1:8470");
            let came = browser.send(request.body(Body::from("four_eyes=yes")).unwrap()).await;
            assert_eq!(came.status, StatusCode::FORBIDDEN, "{path} {name}");
        }
    }
    assert_eq!(browser.get("/fr/office").await.status, StatusCode::OK);
}

/// Takes what the program would write to its log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_password_link_or_session_reaches_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(format!("trace,{NEVER_LOGGED}"))
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let desk = Desk::founder().await;
    let mut browser = Browser::new(&desk);
    let path = desk.node.office().set_up_path().await.unwrap().unwrap();
    let fields = [("name", "Said"), ("password", GOOD), ("again", GOOD), ("language", "ar")];
    browser.post(&path, &fields).await;
    browser.sign_in("said", "un mot de passe faux").await;
    browser.sign_in("said", GOOD).await;
    let came = browser.post("/fr/office/people", &[("name", "Amina"), ("role", "author")]).await;
    let token = came.text.split("/office/link/").nth(1).unwrap()[..32].to_owned();
    tracing::info!("the log is taken");
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("the log is taken"));
    let session = browser.cookie.unwrap().split('=').nth(1).unwrap().to_owned();
    for secret in [GOOD, "un mot de passe faux", &path[path.len() - 32..], &token, &session] {
        let told = text.lines().find(|line| line.contains(secret));
        assert_eq!(told, None, "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_damaged_file_of_accounts_lets_nobody_in_and_is_left_as_it_is() {
    let desk = Desk::founder().await;
    let path = desk.node.office().dir().unwrap().join(ACCOUNTS);
    fs::write(&path, "{ not json").unwrap();
    let mut browser = Browser::new(&desk);
    assert!(desk.node.office().set_up_path().await.is_err());
    assert_eq!(browser.sign_in("said", GOOD).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(fs::read_to_string(&path).unwrap(), "{ not json");
}
