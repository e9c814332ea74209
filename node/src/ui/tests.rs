//! Pages of a real node without a network, asked through its public router.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use multaqa_catalogue::shape;
use multaqa_protocol::record::{Date, Words};
use serde_json::json;
use tower::ServiceExt;

use super::language::Language;
use super::text::{Passage, disarm};
use super::{POLICY, link};
use crate::api::tests::{Desk, practice};
use crate::api::types::Published;

mod audit;
mod followed;
mod kinds;
mod record;
mod talk;

/// What each letter of a message becomes in the language that nobody speaks.
const LETTER: char = '\u{25a2}';

/// What stands before a description for programs.
const DESCRIPTION: &str = "<script type=\"application/ld+json\">";

/// Replaces each letter of a message, so that what stays readable did not come out of a catalogue.
pub(super) fn in_pseudo(text: &str) -> Cow<'_, str> {
    text.chars().map(|c| if c.is_ascii_alphabetic() { LETTER } else { c }).collect::<String>().into()
}

async fn get(desk: &Desk, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().uri(path).header(header::ACCEPT, "text/html").body(Body::empty());
    let response = desk.public.clone().oneshot(request.unwrap()).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, headers, String::from_utf8_lossy(&bytes).into_owned())
}

pub(crate) async fn page(desk: &Desk, path: &str) -> String {
    let (status, headers, html) = get(desk, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {html}");
    assert_eq!(headers[header::CONTENT_SECURITY_POLICY], POLICY, "{path}");
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
    html
}

/// The text of a page that people read: no markup, no code, and none of what is in a language of its own.
fn read(html: &str) -> String {
    let mut text = String::new();
    let mut skipped: Option<String> = None;
    for piece in html.split('<').skip(1) {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match &skipped {
            Some(skipping) if tag.starts_with('/') && *skipping == name => skipped = None,
            Some(_) => continue,
            None if ["code", "pre", "bdi", "script"].contains(&name.as_str())
                || tag.contains(" lang=") && name != "html" =>
            {
                skipped = Some(name);
                continue;
            }
            None => {}
        }
        text.push_str(after);
        text.push(' ');
        // What a screen reader says counts too.
        for attribute in ["aria-label=\"", "title=\""] {
            text.extend(tag.split(attribute).skip(1).filter_map(|rest| rest.split('"').next()));
            text.push(' ');
        }
    }
    text
}

/// Everything that a practice can say, in letters that are not Latin.
fn everything() -> serde_json::Value {
    let words = json!({ "zgh": "ⴰⴱⴳ" });
    json!({
        "title": words, "summary": words, "place": "01.573.01.01", "principles": ["transparency"],
        "outcomes": ["trust"], "ogp_values": ["civic_participation"], "themes": ["youth"], "sdgs": [11],
        "period": { "start": "2020-02", "end": "2021" }, "status": "complete", "context": words,
        "actions": words, "beneficiaries": words,
        "resources": { "budget": 400_000, "funding": words, "staff": 2, "note": words },
        "partners": [{ "name": words, "role": "lead", "place": "01.573.01.01" }],
        "milestones": [{ "title": words, "date": "2020-03-01", "output": words }],
        "results": [{ "indicator": words, "baseline": "1.5", "value": "12345", "unit": "%", "date": "2021",
            "source": "https://example.org/a", "note": words }],
        "participation": [{ "occasion": words, "date": "2020", "people": 3, "women": 1, "youth": 1,
            "organisations": 1 }],
        "difficulties": words, "lessons": words, "conditions": words, "transferability": words,
        "contacts": [{ "function": words, "email": "a@b.c", "phone": "1", "page": "https://example.org/b" }],
        "attachments": [{ "name": "a", "hash": "00".repeat(32), "size": 1, "mime": "b/c", "alt": words }],
        "licence": "CC-BY-4.0", "external_ids": [{ "scheme": "ogp", "id": "1" }],
        "sources": [{ "address": "https://example.org/c", "title": words, "note": words, "read": "2021-01-01" }],
        "translation": { "original": ["zgh"], "translated": ["fr"], "note": words },
        "collected": { "confidence": "low", "themes": "source", "status": words, "place": words },
    })
}

/// Fails where a page in the language that nobody speaks says something readable.
pub(crate) fn assert_translated(html: &str, path: &str) {
    let text = read(html);
    assert!(text.contains(LETTER), "{path}: {text}");
    let left: BTreeSet<&str> = text
        .split(|c: char| c.is_whitespace() || ['.', ',', ':', '·'].contains(&c))
        .filter(|word| word.chars().any(|c| c.is_ascii_alphabetic()))
        .collect();
    assert!(left.is_empty(), "{path} says what is in no catalogue: {left:?}");
}

#[tokio::test]
async fn every_text_of_ours_comes_out_of_the_catalogue() {
    let desk = Desk::founder().await;
    let request = json!({ "kind": "practice", "fields": everything() });
    let id = desk.post::<Published>("/records", &request).await.id;
    let revised = json!({ "fields": everything() });
    let revised = desk.post::<Published>(&format!("/records/{id}/revise"), &revised).await.id;
    let author = desk.author;
    let paths = [
        "/".to_owned(),
        "/library".into(),
        "/library?kind=practice".into(),
        "/library?kind=plan".into(),
        "/library?q=%E2%B4%B0%E2%B4%B1%E2%B4%B3".into(),
        "/help/terms".into(),
        "/dialogue".into(),
        format!("/records/{id}"),
        format!("/records/{revised}"),
        format!("/records/{revised}/history"),
        format!("/records/{author}"),
        "/members".into(),
        "/members?as_of=2020-01-01".into(),
        format!("/members/{author}"),
        format!("/members/{author}/log"),
        "/network".into(),
        "/charters/0".into(),
        "/help".into(),
        "/audit".into(),
        "/data".into(),
    ];
    for path in paths {
        let html = page(&desk, &format!("/qps{path}")).await;
        // The name of the node's own collectivity is data, also in the title of its page, and so is the licence.
        assert_translated(&html.replace("Fnideq", "").replace("CC-BY-4.0", ""), &path);
    }
    let (status, _, html) = get(&desk, "/qps/nowhere").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!read(&html).chars().any(|c| c.is_ascii_alphabetic()), "{}", read(&html));
}

#[test]
fn the_catalogues_have_the_same_ids_and_arguments() {
    let [arabic, french, english] = Language::OFFERED.map(|language| shape::ids(language.source()));
    assert!(english.len() > 300, "only {} ids were found", english.len());
    for (id, args) in &english {
        assert_eq!(arabic.get(id), Some(args), "{id} in Arabic");
        assert_eq!(french.get(id), Some(args), "{id} in French");
    }
    assert_eq!((arabic.len(), french.len()), (english.len(), english.len()));
}

/// The texts of the sources and templates of the pages, none of their tests.
fn sources(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            all.push_str(&sources(&path));
        } else {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    all
}

#[test]
fn no_message_is_left_that_nothing_shows() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = sources(&own.join("src/ui"))
        + &sources(&own.join("src/office"))
        + &sources(&own.join("src/digest"))
        + include_str!("../office.rs")
        + &sources(&own.join("templates"));
    // The codes of open vocabularies, and what is named by a part of its id.
    let made = [
        "month",
        "language",
        "register",
        "currency",
        "field",
        "link",
        "referring",
        "section",
        "error",
        "why",
        "path",
        "form",
        "draft-choose",
        "peer",
        "level",
        "kind",
        "standing",
        "signature",
        "filter",
        "count",
        "member",
        "log",
        "published-from",
        "office-refused",
        "office-role",
        "dialogue",
        "file-type",
    ];
    for id in shape::ids(Language::English.source()).keys() {
        let is_made = made.iter().any(|vocabulary| id.starts_with(&format!("{vocabulary}-")));
        assert!(is_made || code.contains(&format!("\"{id}\"")), "nothing shows {id}");
    }
}

#[tokio::test]
async fn what_a_record_says_is_shown_and_does_nothing() {
    let desk = Desk::founder().await;
    let harm = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>\u{202e}{{ 7 }}";
    let fields = json!({
        "title": { "fr": harm, "en\" onclick=\"x": harm }, "summary": { "fr": harm }, "principles": ["transparency"],
        "partners": [{ "name": { "fr": harm } }],
    });
    // A draft refuses a tag like this one; a member's own program would not.
    let fields_ok = json!({
        "title": { "fr": harm }, "summary": { "fr": harm }, "principles": ["transparency"],
        "partners": [{ "name": { "fr": harm } }],
    });
    let refused = json!({ "kind": "practice", "fields": fields });
    desk.refused(axum::http::Method::POST, "/records", &refused).await;
    let request = json!({ "kind": "practice", "fields": fields_ok });
    let id = desk.post::<Published>("/records", &request).await.id;
    for path in [
        format!("/ar/records/{id}"),
        "/ar/library".into(),
        "/fr/".into(),
        format!("/fr/records/{id}/history"),
    ] {
        let html = page(&desk, &path).await.replace(DESCRIPTION, "");
        for sign in ["<script", "<img", "\u{202e}"] {
            assert!(!html.contains(sign), "{path} holds {sign}");
        }
        assert!(html.contains("[U+202E]{{ 7 }}"), "{path}");
    }
}

/// The addresses of a page that begin so.
fn links_to(html: &str, beginning: &str) -> Vec<String> {
    let links = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links
        .map(|link| link.replace("&#38;", "&").replace("&amp;", "&"))
        .filter(|link| link.starts_with(beginning))
        .collect()
}

#[tokio::test]
async fn the_library_offers_what_it_shows_as_files() {
    let desk = Desk::founder().await;
    for title in ["Budget participatif", "Budget & \"vote\"", "Portail"] {
        let _ = desk.publish(title, "participation").await;
    }
    let _ = desk.publish("Budget ouvert", "transparency").await;
    let question = "q=budget&kind=practice&principle=participation&lang=fr";
    let html = page(&desk, &format!("/fr/library?{question}&limit=1")).await;
    let [table] = links_to(&html, "/api/v1/export.csv").try_into().unwrap();
    let [linked] = links_to(&html, "/api/v1/export.jsonld").try_into().unwrap();
    let (status, _, csv) = get(&desk, &table).await;
    assert_eq!(status, StatusCode::OK);
    assert!(csv.starts_with('\u{feff}'));
    let rows = csv::Reader::from_reader(csv.as_bytes()).records().count();
    let (_, _, linked) = get(&desk, &linked).await;
    let linked: serde_json::Value = serde_json::from_str(&linked).unwrap();
    assert_eq!((rows, linked["@graph"].as_array().unwrap().len()), (2, 2), "all pages of the selection");
    assert_eq!(links_to(&html, "/api/v1/feed.atom?").len(), 0, "a feed is of what is new");
    let html = page(&desk, "/ar/library?principle=participation").await;
    let [feed] = links_to(&html, "/api/v1/feed.atom?").try_into().unwrap();
    assert!(feed.contains("lang=ar"), "{feed}");
    assert_eq!(get(&desk, &feed).await.2.matches("<entry>").count(), 3);
}

#[tokio::test]
async fn a_title_is_in_the_page_s_language_whichever_one_was_found() {
    let desk = Desk::founder().await;
    let title = json!({ "ar": "الميزانية التشاركية", "fr": "Le budget des habitants" });
    let fields =
        json!({ "title": title, "summary": { "fr": "Voté par eux." }, "principles": ["participation"] });
    let _ = desk.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await;
    let question = "/library?q=%D8%A7%D9%84%D9%85%D9%8A%D8%B2%D8%A7%D9%86%D9%8A%D8%A9";
    let french = page(&desk, &format!("/fr{question}")).await;
    assert!(french.contains("Le budget des habitants") && !french.contains("التشاركية"), "{french}");
    let arabic = page(&desk, &format!("/ar{question}")).await;
    assert!(arabic.contains("<mark>الميزانية</mark> التشاركية"), "{arabic}");
}

#[tokio::test]
async fn every_version_of_the_charter_can_be_read_with_who_approved_it() {
    let desk = Desk::founder().await;
    let _: Published = desk.post("/network/amend", &json!({ "text": { "fr": "Charte <b>revue</b>" } })).await;
    let html = page(&desk, "/ar/network").await;
    assert_eq!(links_to(&html, "/ar/charters/"), ["/ar/charters/1", "/ar/charters/0"]);
    let today = Language::Arabic.day(crate::clock::now());
    assert!(html.contains("1 من 1") && html.contains(&today), "{html}");
    let first = page(&desk, "/fr/charters/0").await;
    assert!(first.contains("<p>Charte</p>") && first.contains("version antérieure"), "{first}");
    assert!(links_to(&first, "/fr/charters/1").len() == 2, "the one in force, which is also the next");
    let second = page(&desk, "/fr/charters/1").await;
    assert!(second.contains("Charte &#60;b&#62;revue") && !second.contains("version antérieure"), "{second}");
    assert!(second.contains("Fnideq"), "who approved it");
    for (path, expected) in
        [("/fr/charters/2", StatusCode::NOT_FOUND), ("/fr/charters/x", StatusCode::BAD_REQUEST)]
    {
        assert_eq!(get(&desk, path).await.0, expected, "{path}");
    }
    let alone = Desk::new("Essai", None).await;
    assert_eq!(get(&alone, "/fr/charters/0").await.0, StatusCode::NOT_FOUND);
}

#[test]
fn a_text_reaches_no_further_than_its_place() {
    assert_eq!(disarm("سجل l’été"), "سجل l’été");
    assert_eq!(disarm("a\u{202e}b\u{2066}c\0"), "a[U+202E]b[U+2066]c[U+0000]");
    assert_eq!(disarm("مَّ"), "مَّ", "letters keep the marks that they need");
    let heap = format!("Z{}ut", "\u{0317}".repeat(1_000));
    assert_eq!(disarm(&heap), format!("Z{}…ut", "\u{0317}".repeat(4)));
    for address in
        ["javascript:alert(1)", "data:text/html,x", "//x", "x", "ftp://x/y", "https://", "\u{202e}"]
    {
        assert_eq!(link::outside(address), None, "{address}");
    }
    assert_eq!(link::outside("https://ar.example/خ\"").unwrap(), "https://ar.example/%D8%AE%22");
}

#[test]
fn a_passage_keeps_its_language_and_direction() {
    let shown = |tag: &str| {
        let words = Words::from([(tag, "x")]);
        let passage = Passage::choose(&words, &["fr"], "fr").unwrap();
        (passage.tag, passage.direction, passage.is_foreign)
    };
    assert_eq!(shown("fr"), ("fr".into(), "ltr", false));
    assert_eq!(shown("ar"), ("ar".into(), "rtl", true));
    assert_eq!(shown("ary-Latn"), ("ary-Latn".into(), "ltr", true));
    assert_eq!(shown("zgh-Arab"), ("zgh-Arab".into(), "rtl", true));
    assert_eq!(shown("x\" onclick=\""), (String::new(), "ltr", true));
    assert_eq!(shown("fr-\"><b>"), (String::new(), "ltr", true));
}

#[test]
fn dates_and_numbers_are_written_as_in_morocco() {
    let date = |language: Language, text: &str| language.date(text.parse::<Date>().unwrap());
    assert_eq!(date(Language::Arabic, "2024-08-03"), "3 غشت 2024");
    assert_eq!(date(Language::Arabic, "2024-05"), "ماي 2024");
    assert_eq!(date(Language::French, "2024-12-01"), "1er décembre 2024");
    assert_eq!(date(Language::English, "2024"), "2024");
    // 23:30 of 2 August 2024 in Greenwich.
    let moment = 1_722_641_400_000;
    assert_eq!(Language::Arabic.day(moment), "3 غشت 2024");
    assert_eq!(Language::French.moment(moment), "3 août 2024 à 00:30 (heure du Maroc)");
    assert_eq!(Language::Arabic.number(400_000), "400.000");
    assert_eq!(Language::French.number(1_234_567), "1\u{202f}234\u{202f}567");
    assert_eq!(Language::English.number(2024), "2024");
    assert_eq!(Language::French.figure("-12345.5"), "\u{2212}12\u{202f}345,5");
    assert_eq!(Language::Arabic.figure("<b>"), "<b>");
}

#[tokio::test]
async fn a_date_in_an_address_is_the_day_that_the_page_shows() {
    let desk = Desk::founder().await;
    let html = page(&desk, "/fr/members?as_of=2024-08-02").await;
    assert!(html.contains("2 août 2024") && html.contains("value=\"2024-08-02\""), "{html}");
}

#[test]
fn the_first_page_is_in_the_language_that_the_browser_asks_for() {
    let accepted = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_str(value).unwrap());
        Language::accepted(&headers)
    };
    assert_eq!(accepted("fr-MA,fr;q=0.9,en;q=0.8"), Language::French);
    assert_eq!(accepted("de-DE,en;q=0.5"), Language::English);
    assert_eq!(accepted("ar"), Language::Arabic);
    for other in ["de", "*", "", "q=;;,", "zgh"] {
        assert_eq!(accepted(other), Language::Arabic, "{other}");
    }
    assert_eq!(Language::accepted(&HeaderMap::new()), Language::Arabic);
}

#[tokio::test]
async fn what_is_refused_is_a_page_where_a_page_was_asked_for() {
    let desk = Desk::new("Essai", None).await;
    for (path, expected) in [
        ("/fr/nowhere", StatusCode::NOT_FOUND),
        ("/nowhere", StatusCode::NOT_FOUND),
        ("/fr/library?knid=plan", StatusCode::BAD_REQUEST),
        ("/fr/records/x", StatusCode::BAD_REQUEST),
        ("/fr/members?as_of=soon", StatusCode::BAD_REQUEST),
        ("/fr/library?cursor=x", StatusCode::BAD_REQUEST),
    ] {
        let (status, headers, html) = get(&desk, path).await;
        assert_eq!(
            (status, &headers[header::CONTENT_TYPE]),
            (expected, &HeaderValue::from_static("text/html; charset=utf-8")),
            "{path}"
        );
        assert!(html.contains("<h1>"), "{path}: {html}");
    }
    let (status, headers, _) = get(&desk, "/api/v1/nowhere").await;
    assert_eq!(
        (status, &headers[header::CONTENT_TYPE]),
        (StatusCode::NOT_FOUND, &HeaderValue::from_static("application/problem+json"))
    );
}

#[tokio::test]
async fn what_a_page_loads_is_kept_for_good() {
    let desk = Desk::new("Essai", None).await;
    let html = page(&desk, "/en/").await;
    let path =
        html.split("href=\"").find(|rest| rest.starts_with("/assets/")).unwrap().split('"').next().unwrap();
    let (status, headers, style) = get(&desk, path).await;
    assert_eq!(
        (status, &headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &HeaderValue::from_static("text/css; charset=utf-8"))
    );
    assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    for font in style.split("url(").skip(1).filter_map(|rest| rest.split(')').next()) {
        let beside = path.replace("style.css", font);
        assert_eq!(get(&desk, &beside).await.0, StatusCode::OK, "{beside}");
    }
    assert_eq!(get(&desk, "/assets/0000000000000000/style.css").await.0, StatusCode::NOT_FOUND);
}
