use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};

use super::*;
use crate::api::counter::Counter;
use crate::api::socket::{SOCKET, ServeError, Serving};

async fn exchange(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
}

fn post(path: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}")
}

#[tokio::test]
async fn no_route_of_the_public_side_writes() {
    let desk = Desk::founder().await;
    for path in [
        "/records",
        "/network",
        "/network/enter",
        "/network/sign",
        "/invitations",
        "/admissions",
        "/suspensions",
        "/bundle",
        "/records/00000000/revise",
        "/records/00000000/withdraw",
        "/candidates",
        "/application",
        "/bans",
        "/bans/lift",
        "/key",
    ] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let request = Request::builder().method(&method).uri(format!("/api/v1{path}"));
            let answer = desk.public.clone().oneshot(request.body(Body::from("{}")).unwrap()).await.unwrap();
            let found = problem(answer).await;
            assert!(
                matches!(found.code.as_str(), "no-route" | "no-method"),
                "{method} {path}: {}",
                found.code
            );
        }
    }
    for path in ["/candidates", "/application", "/bans", "/key"] {
        let request = Request::get(format!("/api/v1{path}")).body(Body::empty()).unwrap();
        let answer = desk.public.clone().oneshot(request).await.unwrap();
        assert_eq!(problem(answer).await.code, "no-route", "{path}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_refused() {
    let desk = Desk::founder().await;
    let answer = desk.ask(Method::POST, "/records", vec![b' '; crate::api::MAX_REQUEST + 1]).await;
    let found = problem(answer).await;
    assert_eq!((found.status, found.code.as_str()), (413, "too-large"));
    let request = Request::get("/api/v1/records/%ff").body(Body::empty()).unwrap();
    let answer = desk.public.clone().oneshot(request).await.unwrap();
    assert_eq!(problem(answer).await.code, "bad-request");
}

#[tokio::test]
async fn the_office_answers_on_its_socket_and_the_public_on_its_port() {
    let desk = Desk::founder().await;
    let serving = Serving::start(&Api::new(desk.node.clone()), anywhere(), &[]).await.unwrap();
    let mode = std::fs::metadata(serving.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let office = async || UnixStream::connect(serving.socket()).await.unwrap();
    let public = async || TcpStream::connect(serving.public()).await.unwrap();

    assert!(exchange(office().await, &get("/api/v1/key")).await.starts_with("HTTP/1.1 200"));
    assert!(exchange(public().await, &get("/healthz")).await.starts_with("HTTP/1.1 200"));
    assert!(exchange(public().await, &get("/api/v1/key")).await.starts_with("HTTP/1.1 404"));
    assert!(exchange(public().await, &post("/api/v1/invitations")).await.starts_with("HTTP/1.1 404"));
    assert!(exchange(office().await, &post("/api/v1/invitations")).await.starts_with("HTTP/1.1 201"));

    let second = Serving::start(&Api::new(desk.node.clone()), anywhere(), &[]).await;
    assert!(matches!(second, Err(ServeError::InUse { .. })));
    let socket = serving.socket().to_owned();
    serving.stop().await;
    assert!(!socket.exists());
}

#[tokio::test]
async fn a_socket_that_nobody_answers_on_is_taken_over() {
    let desk = Desk::founder().await;
    drop(UnixListener::bind(desk.node.dir().join(SOCKET)).unwrap());
    assert!(desk.node.dir().join(SOCKET).exists());
    let serving = Serving::start(&Api::new(desk.node.clone()), anywhere(), &[]).await.unwrap();
    let stream = UnixStream::connect(serving.socket()).await.unwrap();
    assert!(exchange(stream, &get("/healthz")).await.ends_with("ok\n"));
    serving.stop().await;
}

#[tokio::test]
async fn whoever_comes_while_the_office_is_closed_waits_until_it_opens() {
    let desk = Desk::founder().await;
    let (counter, closed) = Counter::listen(anywhere().office, &[]).await.unwrap();
    let ask = async || {
        let stream = TcpStream::connect(counter.address()).await.unwrap();
        exchange(stream, &get("/healthz")).await
    };
    let router = || Api::new(desk.node.clone()).desk(counter.address());
    let (answer, ()) = tokio::join!(ask(), async {
        // The request is on its way before it opens.
        tokio::time::sleep(Duration::from_millis(200)).await;
        closed.open(router());
    });
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let closed = counter.close().await;
    let waits = tokio::time::timeout(Duration::from_millis(200), ask()).await;
    assert!(waits.is_err(), "nobody is served meanwhile");
    closed.open(router());
    assert!(ask().await.starts_with("HTTP/1.1 200"));
    let address = counter.address();
    counter.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}
