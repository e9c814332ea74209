use std::fs;

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use tower::ServiceExt;

use super::*;
use crate::{Config, Node};

struct Came {
    status: StatusCode,
    to: String,
    text: String,
}

async fn send(founding: &Founding, request: Request<Body>) -> Came {
    let (head, body) = founding.router().oneshot(request).await.unwrap().into_parts();
    let to = head.headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Came { status: head.status, to: to.unwrap_or_default(), text }
}

async fn get(founding: &Founding, path: &str) -> Came {
    send(founding, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(founding: &Founding, path: &str, form: &str) -> Came {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(founding, request.body(Body::from(form.to_owned())).unwrap()).await
}

/// The digits of the key that a page shows.
fn key_in(html: &str) -> String {
    let code = html.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    code.split("<span>").skip(1).map(|group| &group[..GROUP]).collect()
}

#[tokio::test]
async fn a_node_is_made_once_its_key_is_on_paper() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let founding = Founding::new(&data);
    let path = founding.path();
    let found = get(&founding, &format!("{path}?q=%D8%B3%D8%B7%D8%A7%D8%AA")).await;
    assert!(found.text.contains("06.461.01.15"), "{}", found.text);
    assert_eq!(post(&founding, &path, "place=99.99").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nothing is chosen yet.
    assert_eq!(get(&founding, &format!("{path}/key")).await.to, path);
    let next = post(&founding, &path, "place=06.461.01.15").await.to;
    assert_eq!(next, format!("{path}/key"));
    let key = key_in(&get(&founding, &next).await.text);
    assert!(RotationKey::read(&key).is_ok());
    // Another place keeps the key that may be on paper already.
    post(&founding, &path, "place=03.171.01.05").await;
    assert_eq!(key_in(&get(&founding, &next).await.text), key);
    let refused = post(&founding, &next, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!data.exists(), "nothing is written before");

    assert_eq!(post(&founding, &next, "sealed=yes").await.to, path);
    tokio::time::timeout(std::time::Duration::from_secs(5), founding.made()).await.unwrap();
    // It is shown no more, and sent twice it makes nothing.
    assert!(!get(&founding, &next).await.text.contains(&key[..GROUP]));
    assert_eq!(post(&founding, &next, "sealed=yes").await.to, path);
    // Whoever is quicker than the node asks again.
    assert_eq!(get(&founding, &path).await.to, path);

    let node = Node::open(Config::alone(data.clone())).await.unwrap();
    let announced = node.with({
        let me = node.author();
        move |engine| engine.view(&me).is_some()
    });
    assert!(announced.await.unwrap());
    // The same link makes the first administrator.
    let secret = Secret::brought(path.rsplit('/').next().unwrap());
    assert_eq!(node.office().look(|book| book.purpose(&secret, now())).unwrap().unwrap(), Purpose::SetUp);
    for file in fs::read_dir(&data).unwrap().flatten().filter(|file| file.path().is_file()) {
        let text = fs::read(file.path()).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains(&key), "{}", file.path().display());
    }
}

#[tokio::test]
async fn a_partner_that_is_no_collectivity_is_known_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let founding = Founding::new(&data);
    let path = founding.path();
    let partner = format!("{path}/partner");
    let long = format!("kind=association&fr={}", "a".repeat(121));
    for form in ["kind=association&ar=+&fr=", "kind=commune&fr=ATIL", "kind=&fr=ATIL", "fr=ATIL", &long] {
        let came = post(&founding, &partner, form).await;
        assert_eq!(came.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(came.text.contains("id=\"refused\"") && came.text.contains("<details class=\"more\" open>"));
    }
    let next = post(&founding, &partner, "kind=association&ar=%D8%A3%D8%AA%D9%8A%D9%84&fr=+ATIL+").await.to;
    assert_eq!(next, format!("{path}/key"));
    assert!(get(&founding, &next).await.text.contains("أتيل"));
    assert_eq!(post(&founding, &next, "sealed=yes").await.to, path);
    let node = Node::open(Config::alone(data)).await.unwrap();
    let desk = crate::api::public(node.clone());
    let member = Request::get(format!("/fr/members/{}", node.author())).body(Body::empty()).unwrap();
    let page = desk.oneshot(member).await.unwrap();
    let text = String::from_utf8(to_bytes(page.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
    assert!(text.contains("ATIL") && text.to_lowercase().contains("association"), "{text}");
}

#[tokio::test]
async fn who_has_no_link_sets_nothing_up() {
    let dir = tempfile::tempdir().unwrap();
    let founding = Founding::new(&dir.path().join("data"));
    let wrong = format!("/ar/office/setup/{}", "0".repeat(32));
    for path in ["/", "/fr/", "/fr/office", &wrong, &format!("{wrong}/key"), "/api/v1/status"] {
        let came = get(&founding, path).await;
        assert_eq!(came.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(post(&founding, &wrong, "place=06.461.01.15").await.status, StatusCode::NOT_FOUND);
    let other =
        Request::post(founding.path()).header("origin", "https://evil.example").header("host", "localhost");
    let came = send(&founding, other.body(Body::from("place=06.461.01.15")).unwrap()).await;
    assert_eq!(came.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_keeps_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let founding = Founding::new(&data);
    let path = founding.path();
    let next = post(&founding, &path, "place=06.461.01.15").await.to;
    let key = key_in(&get(&founding, &next).await.text);
    fs::write(&data, "a file is in the way").unwrap();
    assert_eq!(post(&founding, &next, "sealed=yes").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(key_in(&get(&founding, &next).await.text), key);
    fs::remove_file(&data).unwrap();
    fs::create_dir(&data).unwrap();
    // A configuration may be there before the node.
    fs::write(data.join("config.toml"), "mdns = false\n").unwrap();
    assert_eq!(post(&founding, &next, "sealed=yes").await.status, StatusCode::SEE_OTHER);
    assert!(data.join("author").exists());
}

#[tokio::test]
async fn every_text_of_it_comes_out_of_the_catalogue() {
    let dir = tempfile::tempdir().unwrap();
    let founding = Founding::new(&dir.path().join("data"));
    let path = founding.path().replace("/ar/", "/qps/");
    for asked in [path.clone(), format!("{path}?q=zzzz"), "/qps/office".into()] {
        crate::ui::tests::assert_translated(&get(&founding, &asked).await.text, &asked);
    }
    post(&founding, &path, "place=06.461.01.15").await;
    let text = get(&founding, &format!("{path}/key")).await.text.replace("Settat", "");
    crate::ui::tests::assert_translated(&text, "key");
}
