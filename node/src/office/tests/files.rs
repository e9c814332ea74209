//! Files of drafts through the office's router: sent with a form, refused, taken out, published.

use futures::StreamExt;

use super::drafts::hidden;
use super::people::join;
use super::*;
use crate::api::types::Record;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and what follows it";
const BOUNDARY: &str = "----a-form";

/// A form as a browser sends it with a file: the values, then the file.
fn with_file(fields: &[(&str, &str)], list: &str, (name, kind): (&str, &str), bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), value.as_bytes(), b"\r\n"].concat());
    }
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"draft-file:{list}\"; filename=\"{name}\"\r\n\
         Content-Type: {kind}\r\n\r\n"
    );
    body.extend([head.as_bytes(), bytes, b"\r\n"].concat());
    // What comes after a file is not lost, whatever becomes of the file.
    let rest =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"context.fr\"\r\n\r\nAprès\r\n");
    body.extend(format!("{rest}--{BOUNDARY}--\r\n").into_bytes());
    body
}

impl Browser {
    async fn send_form(&mut self, path: &str, body: Vec<u8>) -> Came {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(header::CONTENT_LENGTH, body.len())
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a practice with a file in it.
    async fn attach(&mut self, path: &str, count: &str, file: (&str, &str), bytes: &[u8]) -> Came {
        let version = hidden(&self.get(path).await.text, "draft-version");
        let fields = [
            ("title.fr", "Portail"),
            ("summary.fr", "Essai"),
            ("principles", "transparency"),
            ("attachments#", count),
            ("draft-version", &version),
            ("draft-do", "attach:attachments"),
        ];
        self.send_form(path, with_file(&fields, "attachments", file, bytes)).await
    }

    async fn begin_practice(&mut self) -> String {
        self.post("/fr/office/drafts", &[("kind", "practice")]).await.to().to_owned()
    }
}

fn held(desk: &Desk) -> usize {
    let dir = desk.node.dir().join("attachments");
    fs::read_dir(dir).unwrap().filter(|file| file.as_ref().unwrap().path().extension().is_none()).count()
}

#[tokio::test]
async fn a_file_is_sent_described_published_and_read() {
    let (desk, mut browser) = office().await;
    let path = browser.begin_practice().await;
    let form = browser.get(&path).await.text;
    assert!(
        form.contains("enctype=\"multipart/form-data\"") && form.contains("name=\"draft-file:attachments\"")
    );
    let came = browser.attach(&path, "0", ("C:\\fakepath\\salle.png", "image/png"), PNG).await;
    let at = "?at=attachments%5B0%5D.alt#f-attachments-0-alt";
    assert_eq!(came.to(), format!("{path}{at}"), "somebody is asked what it shows");
    let form = browser.get(&path).await.text;
    for said in ["value=\"salle.png\"", "name=\"attachments[0].alt.ar\"", "Image PNG", "Portail", "Après"] {
        assert!(form.contains(said), "{said}: {form}");
    }
    let bytes = form.split("/files/").nth(1).unwrap().split('"').next().unwrap();
    let bytes = format!("{path}/files/{bytes}");
    let fields = [
        ("title.fr", "Portail"),
        ("summary.fr", "Essai"),
        ("principles", "transparency"),
        ("attachments#", "1"),
        ("attachments[0].name", "salle.png"),
        ("attachments[0].alt.ar", "القاعة"),
        ("draft-version", &hidden(&form, "draft-version")),
        ("draft-do", "preview"),
    ];
    assert_eq!(browser.post(&path, &fields).await.to(), format!("{path}/preview"));
    let preview = browser.get(&format!("{path}/preview")).await.text;
    assert!(preview.contains("القاعة") && preview.contains(&format!("href=\"{bytes}\"")), "{preview}");
    let read = browser.get(&bytes).await;
    assert_eq!(
        (read.status, &read.headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &"image/png".parse().unwrap())
    );
    assert_eq!(read.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(read.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("sandbox"));
    let mut nobody = Browser::new(&desk);
    assert!(nobody.get(&bytes).await.to().starts_with("/fr/office/sign-in"), "a draft is the office's");
    let (version, hash) = (hidden(&preview, "draft-version"), hidden(&preview, "draft-hash"));
    let fields = [("draft-version", version.as_str()), ("draft-hash", &hash)];
    let id =
        browser.post(&format!("{path}/publish"), &fields).await.to().rsplit('/').next().unwrap().to_owned();
    let record = desk.get::<Record>(&format!("/records/{id}")).await;
    let file = &serde_json::to_value(record.fields.unwrap()).unwrap()["attachments"][0];
    assert_eq!((&file["size"], &file["alt"]["ar"]), (&PNG.len().into(), &"القاعة".into()));
    let hash = file["hash"].as_str().unwrap();
    assert_eq!(desk.bytes(&format!("/attachments/{hash}?record={id}")).await, PNG);
    let part =
        Request::get(format!("/api/v1/attachments/{hash}?record={id}")).header(header::RANGE, "bytes=1-3");
    let part = desk.public.clone().oneshot(part.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()[header::CONTENT_RANGE], format!("bytes 1-3/{}", PNG.len()));
    assert_eq!(to_bytes(part.into_body(), usize::MAX).await.unwrap(), "PNG");
}

#[tokio::test]
async fn what_is_not_taken_is_told_and_nothing_typed_is_lost() {
    let (desk, mut browser) = office().await;
    let path = browser.begin_practice().await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let large = vec![b'a'; 20 * 1024 * 1024 + 1];
    for (name, kind, bytes, code, said) in [
        ("plan.svg", "image/svg+xml", &svg[..], "file-type", "pas accepté"),
        ("plan.png", "image/png", &svg[..], "file-type", "pas accepté"),
        ("pv.pdf", "application/pdf", PNG, "file-other-type", "son nom annonce"),
        ("pv.txt", "text/plain", b"", "file-empty", "vide"),
        ("pv.txt", "text/plain", &large, "too-large", "taille admise"),
    ] {
        let came = browser.attach(&path, "0", (name, kind), bytes).await;
        assert_eq!(came.to(), format!("{path}?at=attachments&refused={code}#faults"), "{name}");
        let form = browser.get(&format!("{path}?at=attachments&refused={code}")).await.text;
        assert!(form.contains(said) && form.contains("href=\"#f-attachments-add\""), "{said}: {form}");
        assert!(form.contains("Portail") && form.contains("Après"), "what was typed beside it is saved");
        assert_eq!(held(&desk), 0, "{name} left nothing");
    }
    // Told by its length, before anything is read.
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header(header::CONTENT_LENGTH, 2_u64 << 30)
        .header("sec-fetch-site", "same-origin");
    let unread = futures::stream::pending::<Result<axum::body::Bytes, io::Error>>();
    let came = browser.send(request.body(Body::from_stream(unread)).unwrap()).await;
    assert_eq!(came.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(came.text.contains("trop grand") && came.text.contains("20 Mo"), "{}", came.text);
    // One that tells no length ends at the bound.
    let request = Request::post(&path)
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("sec-fetch-site", "same-origin");
    let head = axum::body::Bytes::from(with_file(&[], "attachments", ("a.txt", "text/plain"), b"a"));
    let head = head.slice(..head.len() - 120);
    let endless = futures::stream::iter([Ok::<_, io::Error>(head)])
        .chain(futures::stream::repeat_with(|| Ok(axum::body::Bytes::from_static(&[b'a'; 65_536]))));
    let came = browser.send(request.body(Body::from_stream(endless)).unwrap()).await;
    assert_eq!(came.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", came.text);
    assert_eq!(held(&desk), 0);
    let mut reader = join(&desk, &mut browser, "Omar", Role::Reader).await;
    let body = with_file(&[("draft-version", "2")], "attachments", ("a.png", "image/png"), PNG);
    assert_eq!(reader.send_form(&path, body).await.status, StatusCode::FORBIDDEN);
    assert_eq!(held(&desk), 0, "who may not write hands over nothing");
}

#[tokio::test]
async fn a_file_that_no_draft_names_any_more_is_gone() {
    let (desk, mut browser) = office().await;
    let path = browser.begin_practice().await;
    let _ = browser.attach(&path, "0", ("a.png", "image/png"), PNG).await;
    let other = browser.begin_practice().await;
    let _ = browser.attach(&other, "0", ("b.png", "image/png"), PNG).await;
    assert_eq!(held(&desk), 1, "one file, whatever it is called");
    let version = hidden(&browser.get(&path).await.text, "draft-version");
    let fields = [("attachments#", "1"), ("draft-version", &version), ("draft-do", "remove:attachments[0]")];
    let _ = browser.post(&path, &fields).await;
    assert!(!browser.get(&path).await.text.contains("a.png"));
    assert_eq!(held(&desk), 1, "another draft names it");
    desk.node.make_room(0).await;
    assert_eq!(held(&desk), 1);
    // Somebody else has changed it: the file that came too late is not kept.
    let late = with_file(&[("draft-version", "1")], "attachments", ("c.txt", "text/plain"), b"late");
    assert_eq!(browser.send_form(&other, late).await.status, StatusCode::CONFLICT);
    assert_eq!(held(&desk), 1);
    let version = hidden(&browser.get(&other).await.text, "draft-version");
    let _ = browser.post(&format!("{other}/discard"), &[("draft-version", &version)]).await;
    assert_eq!(held(&desk), 0);
}
