//! The page on which anybody checks a bundle.

use axum::http::Method;

use super::*;
use crate::ui::audit::MAX_AUDIT;

const BOUNDARY: &str = "a-line-that-no-file-has";

/// Returns a form with these files.
fn form(files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (input, name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{input}\"; filename=\"{name}\"\r\n\
             content-type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn check(desk: &Desk, language: &str, body: Vec<u8>) -> (StatusCode, String) {
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/{language}/audit"))
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body));
    let response = desk.public.clone().oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_bundle_is_checked_on_a_page_and_compared_with_another() {
    let desk = Desk::founder().await;
    let id = desk.publish("Budget participatif", "transparency").await;
    let earlier = desk.bytes("/bundle?all=true").await;
    desk.publish("Observatoire", "participation").await;
    let later = desk.bytes("/bundle?all=true").await;

    let (status, html) = check(&desk, "fr", form(&[("bundle", "réseau.bundle", &later)])).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    for shown in ["VÉRIFIÉ", "réseau.bundle", "Budget participatif", &id.to_string(), "Ce qui a été vérifié"]
    {
        assert!(html.contains(shown), "{shown}: {html}");
    }
    let both = form(&[("bundle", "a", &later), ("against", "b", &earlier)]);
    let (status, html) = check(&desk, "ar", both).await;
    assert_eq!(status, StatusCode::OK);
    assert!(html.contains("هذا الملف أبعد مدى"), "{html}");

    let mut forged = later;
    let at = forged.windows(7).position(|window| window == b"Budget ").unwrap();
    forged[at] = b'b';
    let (status, html) = check(&desk, "fr", form(&[("bundle", "a", &forged)])).await;
    assert_eq!(status, StatusCode::OK, "the page is about a forged file, and is itself in order");
    assert!(html.contains("FALSIFIÉ"), "{html}");
}

#[tokio::test]
async fn a_form_that_cannot_be_checked_says_so_and_is_shown_again() {
    let desk = Desk::founder().await;
    let (status, html) = check(&desk, "fr", form(&[("bundle", "", b"")])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(html.contains("Aucun fichier n’a été choisi") && html.contains("name=\"bundle\""), "{html}");

    let (status, html) = check(&desk, "fr", form(&[("bundle", "a", &vec![0; MAX_AUDIT])])).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(html.contains("multaqa verify"), "{html}");

    let mut cut = form(&[("bundle", "a", b"%PDF-1.7")]);
    cut.truncate(cut.len() - 20);
    let (status, html) = check(&desk, "fr", cut).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(html.contains("la liaison a été coupée"), "{html}");
    let (status, html) = check(&desk, "fr", form(&[("bundle", "a", b"%PDF-1.7")])).await;
    assert_eq!((status, html.contains("FALSIFIÉ")), (StatusCode::OK, true));
}
