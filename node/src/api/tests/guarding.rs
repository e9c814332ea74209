//! What never reaches a handler, and what is said with every answer. By real sockets where a connection
//! is part of it.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::*;
use crate::api::HostName;
use crate::api::connections::HEAD_TIMEOUT;
use crate::api::head::{MAX_ADDRESS, MAX_HEADERS};
use crate::api::socket::Serving;

/// A node that serves, under one name beside this machine's.
async fn serving(desk: &Desk) -> Serving {
    let name = HostName::try_from("open.fnideq.ma".to_owned()).unwrap();
    Serving::start(&Api::new(desk.node.clone()), anywhere(), &[name]).await.unwrap()
}

async fn exchange(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A refusal may end the connection while the request is still being read.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, host: &str) -> String {
    format!("GET {path} HTTP/1.1\r\n{host}connection: close\r\n\r\n")
}

async fn asked(router: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (head, body) = answer.into_parts();
    (head.status, head.headers, to_bytes(body, usize::MAX).await.unwrap().to_vec())
}

#[tokio::test]
async fn a_foreign_host_is_refused_on_both_listeners() {
    let desk = Desk::founder().await;
    let serving = serving(&desk).await;
    let port = serving.public().port();
    for (host, code) in [
        (format!("Host: 127.0.0.1:{port}\r\n"), 200),
        ("Host: localhost\r\n".into(), 200),
        ("Host: LOCALHOST.:80\r\n".into(), 200),
        (format!("Host: [::1]:{port}\r\n"), 200),
        ("Host: open.fnideq.ma\r\n".into(), 200),
        ("Host: OPEN.fnideq.ma:443\r\n".into(), 200),
        // DNS rebinding: a name of the attacker's that points here.
        ("Host: evil.example\r\n".into(), 421),
        ("Host: open.fnideq.ma.evil.example\r\n".into(), 421),
        ("Host: 10.1.2.3\r\n".into(), 421),
        (String::new(), 400),
        ("Host: localhost\r\nHost: evil.example\r\n".into(), 400),
        ("Host: a b\r\n".into(), 400),
    ] {
        let request = get("/api/v1/status", &host);
        let public = exchange(TcpStream::connect(serving.public()).await.unwrap(), &request).await;
        let office = exchange(UnixStream::connect(serving.socket()).await.unwrap(), &request).await;
        for answer in [public, office] {
            assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{host}: {answer}");
            let problem = if code == 421 { "foreign-host" } else { "bad-host" };
            assert_eq!(answer.contains(problem), code != 200, "{host}: {answer}");
        }
    }
    let absolute = get("http://evil.example/api/v1/status", "Host: localhost\r\n");
    let answer = exchange(TcpStream::connect(serving.public()).await.unwrap(), &absolute).await;
    assert!(answer.starts_with("HTTP/1.1 421 "), "{answer}");
    serving.stop().await;
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_and_a_script_s_is_not() {
    let desk = Desk::founder().await;
    let post = |headers: &[(&'static str, &'static str)]| {
        let mut request = Request::post("/api/v1/invitations").header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from("{}")).unwrap()
    };
    for (headers, status) in [
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("origin", "https://evil.example")], 403),
        (&[("origin", "null")], 403),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost")], 201),
        (&[], 201),
    ] {
        let (found, _, body) = asked(&desk.office, post(headers)).await;
        assert_eq!(found.as_u16(), status, "{headers:?}");
        assert_eq!(String::from_utf8_lossy(&body).contains("cross-site"), status == 403);
    }
}

#[tokio::test]
async fn heads_that_are_too_long_are_problems() {
    let desk = Desk::founder().await;
    let long = "a".repeat(MAX_ADDRESS);
    for path in [format!("/records?kind={long}"), format!("/{long}")] {
        let problem = desk.refused(Method::GET, &path, &Json::Null).await;
        assert_eq!((problem.status, problem.code.as_str()), (414, "long-address"));
    }
    let long = HeaderValue::from_str(&"a".repeat(MAX_HEADERS)).unwrap();
    let request = Request::get("/api/v1/status").header("x-anything", long).body(Body::empty()).unwrap();
    let (status, _, body) = asked(&desk.public, request).await;
    assert_eq!(status.as_u16(), 431);
    assert!(String::from_utf8(body).unwrap().contains("long-headers"));
}

#[tokio::test]
async fn bad_requests_are_problems_with_a_stable_code() {
    let desk = Desk::founder().await;
    let every = ["/records", "/records/00000000", "/members", "/entries/00000000", "/bundle"];
    for path in every {
        for query in ["?%ff=1", "?kind=%zz", "?unknown=1", "?limit=-1", "?limit=1&limit=2", "?kind=%00&kind"]
        {
            let request = Request::get(format!("/api/v1{path}{query}")).body(Body::empty()).unwrap();
            let (status, headers, body) = asked(&desk.public, request).await;
            assert!(!status.is_server_error(), "{path}{query}: {status}");
            if status.is_client_error() {
                assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{path}{query}");
                let problem: Problem = serde_json::from_slice(&body).unwrap();
                assert!(!problem.code.is_empty() && problem.status == status.as_u16(), "{path}{query}");
            }
        }
        for method in ["DELETE", "PATCH", "TRACE", "PROPFIND"] {
            let request = Request::builder().method(method).uri(format!("/api/v1{path}"));
            let (status, _, body) = asked(&desk.public, request.body(Body::empty()).unwrap()).await;
            assert_eq!(status.as_u16(), 405, "{method} {path}");
            let problem: Problem = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem.code, "no-method");
        }
    }
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let desk = Desk::founder().await;
    for path in ["/api/v1/status", "/api/v1/records", "/healthz", "/nothing", "/api/v1/records/zz"] {
        for router in [&desk.public, &desk.office] {
            let (_, headers, _) = asked(router, Request::get(path).body(Body::empty()).unwrap()).await;
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(headers[header::REFERRER_POLICY], "same-origin");
        }
    }
}

#[tokio::test]
async fn every_read_has_a_tag_by_which_it_is_not_sent_again_and_a_head() {
    let desk = Desk::founder().await;
    let id = desk.publish("Budget", "transparency").await;
    for path in [
        "status".into(),
        "peers".into(),
        "network".into(),
        "records".into(),
        format!("records/{id}"),
        format!("records/{id}/history"),
        format!("records/{id}/provenance"),
        format!("entries/{id}"),
        format!("entries/{id}?part=body"),
        "members".into(),
        format!("members/{}", desk.author),
        format!("authors/{}/log", desk.author),
        "quotas".into(),
    ] {
        let path = format!("/api/v1/{path}");
        let ask = |method: Method, tag: Option<&HeaderValue>| {
            let mut request = Request::builder().method(method).uri(&path);
            if let Some(tag) = tag {
                request = request.header(header::IF_NONE_MATCH, tag);
            }
            asked(&desk.public, request.body(Body::empty()).unwrap())
        };
        let (status, headers, body) = ask(Method::GET, None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(!body.is_empty());
        let tag = &headers[header::ETAG];
        let (status, headers, body) = ask(Method::GET, Some(tag)).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        assert_eq!(&headers[header::ETAG], tag);
        let (status, headers, body) = ask(Method::HEAD, None).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 0), "{path}");
        assert_eq!(&headers[header::ETAG], tag);
    }
}

#[tokio::test]
async fn text_is_compressed_for_who_asks_and_signed_bytes_are_not() {
    let desk = Desk::founder().await;
    let mut ids = Vec::new();
    for title in ["1", "2", "3", "4"] {
        ids.push(desk.publish(title, "transparency").await);
    }
    let ask = |path: String| {
        let request = Request::get(path).header(header::ACCEPT_ENCODING, "br, gzip");
        asked(&desk.public, request.body(Body::empty()).unwrap())
    };
    let (_, headers, body) = ask("/api/v1/records".into()).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(body[..2], [0x1f, 0x8b]);
    assert!(headers[header::ETAG].to_str().unwrap().starts_with("W/"));
    let (_, headers, _) = ask(format!("/api/v1/entries/{}", ids[0])).await;
    assert!(!headers.contains_key(header::CONTENT_ENCODING));
}

#[tokio::test]
async fn a_client_that_sends_its_head_slowly_is_let_go() {
    let desk = Desk::founder().await;
    let serving = serving(&desk).await;
    let began = Instant::now();
    let mut slow = TcpStream::connect(serving.public()).await.unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: local").await.unwrap();
    // One that was answered and says nothing more is let go likewise.
    let mut idle = TcpStream::connect(serving.public()).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    for mut stream in [slow, idle] {
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(3 * HEAD_TIMEOUT, stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "still open after {:?}", began.elapsed());
    }
    assert!(began.elapsed() >= HEAD_TIMEOUT - Duration::from_secs(1));
    serving.stop().await;
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_put_off() {
    use crate::api::head::{Caller, Door, PACE};
    let desk = Desk::founder().await;
    let door = std::sync::Arc::new(Door::new([]));
    let here = [203, 0, 113, 1].into();
    let ask = |from: [u8; 4]| {
        let mut request = Request::get("/healthz").header("host", "203.0.113.1").body(Body::empty()).unwrap();
        let caller = Caller { from: Some(from.into()), to: Some(here), door: door.clone() };
        request.extensions_mut().insert(caller);
        asked(&desk.public, request)
    };
    let mut refused = None;
    for number in 0..4 * PACE.burst {
        let (status, headers, _) = ask([198, 51, 100, 7]).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some((number, headers));
            break;
        }
    }
    let (number, headers) = refused.expect("it is put off at some time");
    assert!(number >= PACE.burst && headers.contains_key(header::RETRY_AFTER));
    assert_eq!(ask([198, 51, 100, 8]).await.0, StatusCode::OK);
    assert_eq!(ask([127, 0, 0, 1]).await.0, StatusCode::OK);
}
