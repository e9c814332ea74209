//! What is given out, taken back: files, feeds and the catalogue of a real node.

use axum::http::{HeaderMap, HeaderValue};
use serde_json::Map;

use super::*;
use crate::sheet;

/// Asks the public side.
async fn fetch(desk: &Desk, path: &str) -> (HeaderMap, String) {
    let request = Request::get(format!("/api/v1{path}")).header("host", "open.fnideq.ma");
    let request = request.header("x-forwarded-proto", "https").body(Body::empty()).unwrap();
    let answer = desk.public.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let headers = answer.headers().clone();
    let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (headers, String::from_utf8(bytes.to_vec()).unwrap())
}

/// A record that would break a file whose form did not escape it.
fn hostile() -> Json {
    json!({
        "title": { "fr": "=cmd|'/c calc'!A1", "ar": "\u{202e}عنوان\u{202c}, \"بين\"", "zgh": "ⵜⴰⵙⵏⵉ" },
        "summary": { "fr": "<script>alert(1)</script>\r\n]]>\u{0}\u{b}\u{ffff}&amp;", "en": "a,b;\"c\"\n\nd" },
        "principles": ["transparency", "participation"], "sdgs": [11, 16],
        "period": { "start": "2024-03", "ongoing": true }, "resources": { "budget": 400_000, "note": { "fr": "x" } },
        "results": [{ "indicator": { "fr": "y" }, "value": "12.5" }], "status": "in_progress",
        "sources": [{ "address": "https://example.org/?a=1&b=<2>" }],
    })
}

/// A node with a hostile record, a plain one, one that was revised and one that was withdrawn.
async fn desk() -> (Desk, EntryId) {
    let desk = Desk::founder().await;
    let request = json!({ "kind": "practice", "fields": hostile() });
    let id = desk.post::<Published>("/records", &request).await.id;
    let first = desk.publish("Un", "transparency").await;
    let fields = practice("Deux", "participation");
    desk.post::<Published>(&format!("/records/{first}/revise"), &json!({ "fields": fields })).await;
    let gone = desk.publish("Secret", "transparency").await;
    desk.post::<Published>(&format!("/records/{gone}/withdraw"), &json!({ "reason": "error" })).await;
    (desk, id)
}

async fn fields_of(desk: &Desk, id: &str) -> Option<Map<String, Json>> {
    let record: super::super::types::Record = desk.get(&format!("/records/{id}")).await;
    record.fields.map(|fields| fields.as_object().unwrap().clone())
}

#[tokio::test]
async fn a_table_holds_every_record_and_each_row_is_the_same_record_again() {
    let (desk, id) = desk().await;
    let (headers, text) = fetch(&desk, "/export.csv").await;
    assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    assert!(!text.contains("Secret"));
    let mut file = csv::Reader::from_reader(text.as_bytes());
    let columns = sheet::read_head(file.headers().unwrap().iter()).unwrap();
    let rows: Vec<_> =
        file.records().map(|row| sheet::read(&columns, row.unwrap().iter()).unwrap()).collect();
    let list: List<RecordItem> = desk.get("/records").await;
    let ids: Vec<String> = list.items.iter().map(|item| item.id.to_string()).collect();
    assert_eq!(rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>(), ids);
    assert_eq!(rows.iter().filter(|row| !row.present).count(), 1);
    for row in rows.iter().filter(|row| row.present) {
        assert_eq!(Some(&row.fields), fields_of(&desk, &row.id).await.as_ref());
        assert_eq!(row.kind, "practice");
    }
    // What a program would run is not at the beginning of any cell.
    let cells = csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>();
    assert!(cells.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])));
    assert!(cells.iter().any(|cell| cell.starts_with("'=cmd")));

    let (_, marked) = fetch(&desk, "/export.csv?bom=true").await;
    assert_eq!(marked.strip_prefix('\u{feff}'), Some(text.as_str()));
    let (_, one) = fetch(&desk, "/export.csv?limit=1&principle=participation&since=2020-01-01").await;
    assert_eq!(csv::Reader::from_reader(one.as_bytes()).records().count(), 1);
    let request = Request::get("/api/v1/export.csv").header(header::ACCEPT_ENCODING, "gzip");
    let small = desk.public.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(small.headers()[header::CONTENT_ENCODING], "gzip");
    let small = to_bytes(small.into_body(), usize::MAX).await.unwrap();
    assert!(small.len() < text.len() && small[..2] == [0x1f, 0x8b]);
    let (_, none) = fetch(&desk, "/export.csv?kind=plan").await;
    assert_eq!(none.lines().count(), 1);
    assert!(fields_of(&desk, &id.to_string()).await.is_some());
}

#[tokio::test]
async fn lines_and_linked_data_hold_the_same_records() {
    let (desk, id) = desk().await;
    let (_, lines) = fetch(&desk, "/export.jsonl").await;
    let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    let line = lines.iter().find(|line| line["id"] == id.to_string()).unwrap();
    assert_eq!(
        (&line["schema"], line["fields"].as_object()),
        (&json!("multaqa/export/1"), fields_of(&desk, &id.to_string()).await.as_ref())
    );

    let (headers, linked) = fetch(&desk, "/export.jsonld").await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/ld+json");
    let linked: Json = serde_json::from_str(&linked).unwrap();
    assert_eq!(
        (&linked["@context"], linked["@graph"].as_array().unwrap().len()),
        (&json!("https://schema.org"), 3)
    );
    let work = linked["@graph"]
        .as_array()
        .unwrap()
        .iter()
        .find(|work| work["identifier"] == id.to_string())
        .unwrap();
    assert_eq!(work["@id"], format!("https://open.fnideq.ma/api/v1/records/{id}"));
    assert_eq!(work["temporalCoverage"], "2024-03/..");
    assert!(work["name"].as_array().unwrap().contains(&json!({ "@language": "zgh", "@value": "ⵜⴰⵙⵏⵉ" })));
    let (_, empty) = fetch(&desk, "/export.jsonld?kind=plan").await;
    assert_eq!(serde_json::from_str::<Json>(&empty).unwrap()["@graph"], json!([]));
}

#[tokio::test]
async fn a_feed_names_the_latest_records_whatever_they_say() {
    let (desk, id) = desk().await;
    let (headers, text) = fetch(&desk, "/feed.atom?lang=fr").await;
    assert_eq!(headers[header::CONTENT_TYPE], "application/atom+xml");
    assert!(!text.contains("<script>") && !text.contains(['\u{0}', '\u{b}', '\u{ffff}']));
    let feed = atom_syndication::Feed::read_from(text.as_bytes()).unwrap();
    assert_eq!((feed.title.value.as_str(), feed.entries.len()), ("Essai", 3));
    assert!(feed.id.starts_with("urn:multaqa:network:"));
    let entry = feed.entries.iter().find(|entry| entry.id == format!("urn:multaqa:entry:{id}")).unwrap();
    assert_eq!((entry.title.value.as_str(), entry.title.lang.as_deref()), ("=cmd|'/c calc'!A1", Some("fr")));
    assert_eq!(entry.links[0].href, format!("https://open.fnideq.ma/fr/records/{id}"));
    assert_eq!(feed.updated, feed.entries[0].updated);

    let (_, own) = fetch(&desk, &format!("/members/{}/feed.atom", &desk.author.to_string()[..12])).await;
    let own = atom_syndication::Feed::read_from(own.as_bytes()).unwrap();
    assert_eq!((own.id, own.title.value.as_str()), (format!("urn:multaqa:author:{}", desk.author), "Fnideq"));
    let problem = desk.refused(Method::GET, "/members/00000000/feed.atom", &Json::Null).await;
    assert_eq!(problem.code, "not-held");
}

#[tokio::test]
async fn the_catalogue_and_the_package_name_what_can_be_taken() {
    let (desk, _) = desk().await;
    let (_, text) = fetch(&desk, "/catalog.jsonld").await;
    let catalog: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(catalog["dct:license"]["@id"], "https://spdx.org/licenses/CC-BY-4.0");
    for dataset in catalog["dcat:dataset"].as_array().unwrap() {
        for distribution in dataset["dcat:distribution"].as_array().unwrap() {
            let url = distribution["dcat:downloadURL"]["@id"].as_str().unwrap();
            let path = url.strip_prefix("https://open.fnideq.ma/api/v1").unwrap();
            let (headers, _) = fetch(&desk, path).await;
            let kind = distribution["dcat:mediaType"]["@id"].as_str().unwrap();
            let kind = kind.strip_prefix("https://www.iana.org/assignments/media-types/").unwrap();
            assert!(headers[header::CONTENT_TYPE].to_str().unwrap().starts_with(kind), "{path}");
        }
    }
    let (_, text) = fetch(&desk, "/datapackage.json?lang=fr").await;
    let package: Json = serde_json::from_str(&text).unwrap();
    let fields = package["resources"][0]["schema"]["fields"].as_array().unwrap();
    let (_, table) = fetch(&desk, "/export.csv").await;
    let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(names.join(","), table.lines().next().unwrap());
    assert_eq!(fields[16]["title"], "Titre en arabe");
}

#[tokio::test]
async fn a_file_that_is_known_is_not_sent_again_until_something_changes() {
    let (desk, _) = desk().await;
    let ask = async |path: &str, tag: Option<HeaderValue>| {
        let mut request = Request::get(format!("/api/v1{path}"));
        if let Some(tag) = tag {
            request = request.header(header::IF_NONE_MATCH, tag);
        }
        let answer = desk.public.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (answer.status(), answer.headers()[header::ETAG].clone())
    };
    let (_, tag) = ask("/export.csv", None).await;
    assert_eq!(ask("/export.csv", Some(tag.clone())).await.0, StatusCode::NOT_MODIFIED);
    assert_eq!(ask("/export.csv?kind=plan", Some(tag.clone())).await.0, StatusCode::OK);
    desk.publish("Trois", "transparency").await;
    assert_eq!(ask("/export.csv", Some(tag)).await.0, StatusCode::OK);
}

#[tokio::test]
async fn large_answers_are_few_at_a_time() {
    let (desk, _) = desk().await;
    let api = Api::new(desk.node.clone());
    let places = u32::try_from(crate::api::MAX_STREAMS).unwrap();
    let under_way = api.streams.clone().try_acquire_many_owned(places).unwrap();
    let public = api.public();
    let ask = async |path: &str| {
        let request = Request::get(format!("/api/v1{path}")).body(Body::empty()).unwrap();
        public.clone().oneshot(request).await.unwrap()
    };
    for path in ["/bundle?all=true", "/export.csv", "/export.jsonl", "/export.jsonld", "/stats"] {
        let answer = ask(path).await;
        assert!(answer.headers().contains_key(header::RETRY_AFTER), "{path}");
        assert_eq!(problem(answer).await.code, "busy", "{path}");
    }
    assert_eq!(ask("/records").await.status(), StatusCode::OK);
    drop(under_way);
    for _ in 0..3 * places {
        let answer = ask("/export.csv").await;
        assert_eq!(answer.status(), StatusCode::OK, "a place was not given back");
        to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    }
}

#[tokio::test]
async fn numbers_are_of_a_date() {
    let (desk, _) = desk().await;
    let now: Stats = desk.get("/stats").await;
    assert_eq!((now.records.records, now.records.revisions, now.records.withdrawn), (2, 1, 1));
    assert_eq!((now.records.authors, now.members.members, now.as_of), (1, 1, None));
    assert_eq!(now.records.kinds, [("practice".to_owned(), 2)].into());
    let then: Stats = desk.get("/stats?as_of=2001-01-01").await;
    assert_eq!((then.records, then.members.members), (RecordTotals::default(), 0));
    let list: List<RecordItem> = desk.get("/records").await;
    let first = list.items.iter().map(|item| item.time).min().unwrap();
    let then: Stats = desk.get(&format!("/stats?as_of={first}")).await;
    assert!(then.records.records >= 1 && then.as_of == Some(first));
}

#[tokio::test]
async fn an_export_is_of_the_very_records_that_a_list_of_the_same_question_has() {
    let desk = Desk::founder().await;
    for number in 0..3 {
        desk.publish(&format!("Budget participatif {number}"), "participation").await;
    }
    desk.publish("Portail des données", "transparency").await;
    desk.publish("Portail du budget", "transparency").await;
    for question in [
        "q=budget",
        "q=participatory+budget",
        "q=budget&principle=transparency",
        "q=bugdet&limit=2",
        "q=%D8%A7%D9%84%D9%85%D9%8A%D8%B2%D8%A7%D9%86%D9%8A%D8%A9",
        "q=nowhere",
        "q=%20&principle=participation",
        "",
    ] {
        let list: Records = desk.get(&format!("/records?{question}")).await;
        let expected: Vec<String> = list.items.iter().map(|item| item.id.to_string()).collect();
        let (_, csv) = fetch(&desk, &format!("/export.csv?bom=true&{question}")).await;
        let mut file = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let columns = sheet::read_head(file.headers().unwrap().iter()).unwrap();
        assert!(columns.len() > 5);
        let at = file.headers().unwrap().iter().position(|name| name == "id").unwrap();
        let ids: Vec<String> = file.records().map(|row| row.unwrap()[at].to_owned()).collect();
        assert_eq!(ids, expected, "{question}");
        let (_, lines) = fetch(&desk, &format!("/export.jsonl?{question}")).await;
        let lines: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.iter().all(|line| line.get("matched").is_none()), "{question}");
        assert_eq!(lines.iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), expected);
        let (_, linked) = fetch(&desk, &format!("/export.jsonld?{question}")).await;
        let linked: Json = serde_json::from_str(&linked).unwrap();
        assert_eq!(linked["@graph"].as_array().unwrap().len(), expected.len(), "{question}");
        let (_, feed) = fetch(&desk, &format!("/feed.atom?{question}")).await;
        assert_eq!(feed.matches("<entry>").count(), expected.len(), "{question}");
    }
    let many = "q=budget&status=all";
    assert_eq!(
        desk.refused(Method::GET, &format!("/export.csv?{many}"), &Json::Null).await.code,
        "bad-parameter"
    );
}

#[tokio::test]
async fn an_export_of_what_answers_words_goes_over_more_than_one_page() {
    let desk = Desk::founder().await;
    for number in 0..205 {
        desk.publish(&format!("Budget {number}"), "participation").await;
    }
    let (_, lines) = fetch(&desk, "/export.jsonl?q=budget").await;
    let ids: std::collections::BTreeSet<&str> = lines.lines().collect();
    assert_eq!((lines.lines().count(), ids.len()), (205, 205));
    let (_, lines) = fetch(&desk, "/export.jsonl?q=budget&limit=203").await;
    assert_eq!(lines.lines().count(), 203);
}
