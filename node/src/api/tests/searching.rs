//! Records found by words: through the router, with the index that the node keeps.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::*;

fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

impl Desk {
    async fn find(&self, words: &str, more: &str) -> Records {
        self.get(&format!("/records?q={}{more}", escape(words))).await
    }

    async fn found(&self, words: &str) -> Vec<EntryId> {
        let answer = self.find(words, "").await;
        assert!(answer.complete, "{words}");
        assert_eq!(answer.total, Some(answer.items.len() as u64));
        answer.items.iter().map(|item| item.id).collect()
    }

    async fn publish_fields(&self, fields: Json) -> EntryId {
        self.post::<Published>("/records", &json!({ "kind": "practice", "fields": fields })).await.id
    }

    /// The folders of the index.
    fn index(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.node.dir().join("search")).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }
}

fn text(title: Json, summary: &str) -> Json {
    json!({ "title": title, "summary": { "en": summary }, "principles": ["participation"] })
}

#[tokio::test]
async fn a_word_of_one_language_finds_what_is_said_in_another_and_says_why() {
    let desk = Desk::founder().await;
    let other = desk.publish_fields(text(json!({ "fr": "Portail" }), "Nothing of the kind")).await;
    let arabic = desk.publish_fields(text(json!({ "ar": "تجربة الميزانية التشاركية" }), "A pilot")).await;
    let french = desk.publish_fields(text(json!({ "fr": "Le budget participatif" }), "Another")).await;
    let english = desk.publish_fields(text(json!({ "en": "A participatory budget" }), "A third")).await;
    let answer = desk.find("participatory budget", "").await;
    let ids: Vec<EntryId> = answer.items.iter().map(|item| item.id).collect();
    assert_eq!(ids[0], english, "the very words come first");
    assert_eq!(
        ids.iter().copied().collect::<std::collections::BTreeSet<_>>(),
        [arabic, french, english].into()
    );
    assert!(!ids.contains(&other));
    let matched =
        |id: EntryId| answer.items.iter().find(|item| item.id == id).unwrap().matched.clone().unwrap();
    assert_eq!(matched(english).why, []);
    let why = &matched(arabic).why[0];
    assert_eq!((why.way, why.key.as_str()), (Way::Concept, "participatory_budget"));
    assert_eq!(
        (why.asked.as_str(), &why.words[..]),
        ("participatory budget", &["الميزانية التشاركية".to_owned()][..])
    );
    let title = matched(arabic).title;
    assert_eq!(
        title.iter().map(|piece| piece.text.as_str()).collect::<String>(),
        "تجربة الميزانية التشاركية"
    );
    assert_eq!(title.iter().find(|piece| piece.marked).unwrap().text, "الميزانية التشاركية");
    assert_eq!(desk.found("budget participatif ميزانية تشاركية").await.len(), 3);
}

#[tokio::test]
async fn words_are_found_in_their_forms_misspelt_and_unfinished() {
    let desk = Desk::founder().await;
    let id = desk
        .publish_fields(text(
            json!({ "fr": "Sécurité des écoles", "ar": "الولوج إلى المعلومات" }),
            "Participation of residents",
        ))
        .await;
    desk.publish("Autre chose", "transparency").await;
    for words in [
        "securite",
        "écoles",
        "SÉCURITÉ",
        "المعلومة",
        "معلومات",
        "residents",
        "resident",
        "particpation",
        "parti",
        "ecol",
        "المعلو",
        "sécurité écoles المعلومات",
    ] {
        assert_eq!(desk.found(words).await, [id], "{words}");
    }
    let spelling = desk.find("particpation of ", "").await.items.remove(0).matched.unwrap().why;
    assert_eq!((spelling[0].way, &spelling[0].words[..]), (Way::Spelling, &["Participation".to_owned()][..]));
    for words in ["xyzzy", "qqq", "ظظظظظ"] {
        assert_eq!(desk.found(words).await, [], "{words}");
    }
}

#[tokio::test]
async fn a_place_is_found_by_any_of_its_names() {
    let desk = Desk::founder().await;
    let id = desk.publish("Registre", "transparency").await;
    for words in ["Fnideq", "fnideq", "الفنيدق", "M'diq-Fnideq", "Tangier-Tetouan-Al Hoceima"] {
        assert_eq!(desk.found(words).await, [id], "{words}");
    }
    for words in ["Settat", "region Oriental"] {
        assert_eq!(desk.found(words).await, [], "{words}");
    }
}

#[tokio::test]
async fn only_the_version_that_counts_is_found_and_a_withdrawn_one_leaves() {
    let desk = Desk::founder().await;
    let first = desk.publish("Lanterne", "transparency").await;
    assert_eq!(desk.found("lanterne").await, [first]);
    let path = format!("/records/{first}/revise");
    let second: Published =
        desk.post(&path, &json!({ "fields": practice("Fontaine", "transparency") })).await;
    assert_eq!(desk.found("lanterne").await, []);
    assert_eq!(desk.found("fontaine").await, [second.id]);
    let all = desk.find("lanterne", "&versions=all").await;
    assert_eq!(all.items.iter().map(|item| item.id).collect::<Vec<_>>(), [first]);
    let withdraw = format!("/records/{}/withdraw", second.id);
    desk.post::<Published>(&withdraw, &json!({ "reason": "error" })).await;
    assert_eq!(desk.found("fontaine").await, []);
    assert_eq!(desk.found("lanterne").await, [first], "the version before counts again");
}

#[tokio::test]
async fn counts_and_pages_fit_the_records() {
    let desk = Desk::founder().await;
    for number in 0..7 {
        let mut fields = text(json!({ "fr": format!("Atelier {number}") }), "Residents");
        fields["themes"] = json!([if number % 2 == 0 { "youth" } else { "water" }]);
        fields["period"] = json!({ "start": "2023", "end": "2024" });
        desk.publish_fields(fields).await;
    }
    for query in ["", "q=atelier&"] {
        let (mut seen, mut path) = (std::collections::BTreeSet::new(), format!("/records?{query}limit=3"));
        loop {
            let page: Records = desk.get(&path).await;
            assert_eq!(page.total, Some(7));
            let counted = |counts: &[FacetCount]| {
                counts.iter().map(|counted| (counted.value.clone(), counted.count)).collect::<Vec<_>>()
            };
            assert_eq!(counted(&page.facets.theme), [("youth".into(), 4), ("water".into(), 3)]);
            assert_eq!(counted(&page.facets.kind), [("practice".into(), 7)]);
            assert_eq!(counted(&page.facets.region), [("01".into(), 7)]);
            assert_eq!(counted(&page.facets.place), [("01.573.01.01".into(), 7)]);
            assert_eq!(counted(&page.facets.level), [("commune".into(), 7)]);
            assert_eq!(counted(&page.facets.year), [("2023".into(), 7), ("2024".into(), 7)]);
            assert_eq!(page.facets.place[0].names.get("fr"), Some("Fnideq"));
            for item in &page.items {
                assert!(seen.insert(item.id), "{query}");
            }
            match page.next {
                Some(next) => path = format!("/records?{query}limit=3&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 7, "{query}");
    }
    let some: Records = desk.get("/records?q=atelier&theme=water&place=01&kind=practice").await;
    assert_eq!(some.total, Some(3));
}

#[tokio::test]
async fn a_hostile_question_is_answered_or_refused_at_once() {
    let desk = Desk::founder().await;
    desk.publish("Atelier", "transparency").await;
    desk.found("atelier").await;
    for (long, code) in [("budget+".repeat(160), "bad-parameter"), ("budget+".repeat(1_500), "long-address")]
    {
        let problem = desk.refused(Method::GET, &format!("/records?q={long}"), &Json::Null).await;
        assert_eq!(problem.code, code);
    }
    let many = "ab ".repeat(300);
    let marks = format!("a{}", "\u{64b}".repeat(300));
    for words in [
        "+ - && || ! ( ) { } [ ] ^ \" ~ * ? : \\ /",
        "🙂🙃🎉",
        "\u{202e}\u{200f}",
        "title:(",
        "*",
        "AND OR NOT",
        &many,
        &marks,
        "'; drop table",
        "<script>alert(1)</script>",
    ] {
        let begin = Instant::now();
        let answer = desk.find(words, "").await;
        assert!(begin.elapsed() < Duration::from_secs(2), "{words}");
        assert!(answer.items.len() <= 1, "{words}");
    }
    let refused = desk.refused(Method::GET, "/records?q=x&status=disputed", &Json::Null).await;
    assert_eq!(refused.code, "bad-parameter");
}

/// Stops a node and lets go of its folder.
async fn close(desk: Desk) {
    let Desk { node, office, public, .. } = desk;
    drop((office, public));
    node.shutdown().await;
}

/// Asks until the index has taken up everything; until then the store answers.
async fn settled(desk: &Desk, words: &str) -> Records {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = desk.find(words, "").await;
        if answer.complete {
            return answer;
        }
        assert!(Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_deleted_index_comes_back_while_the_old_one_answers() {
    let desk = Desk::founder().await;
    let first = desk.publish("Atelier", "transparency").await;
    assert_eq!(desk.found("atelier").await, [first]);
    fs::remove_dir_all(desk.node.dir().join("search")).unwrap();
    assert_eq!(desk.found("atelier").await, [first], "what was read of it answers");
    let second = desk.publish("Atelier bis", "transparency").await;
    assert_eq!(settled(&desk, "atelier bis").await.items[0].id, second);
    assert_eq!(desk.index().len(), 1);
}

#[tokio::test]
async fn an_index_that_is_damaged_or_older_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data");
    init(&Init { dir: folder.clone(), profile: profile("Fnideq", Some("01.573.01.01")) }).unwrap();
    let start = async || {
        let node = open(&folder).await;
        let api = Api::new(node.clone());
        let (office, public) = (api.office(), api.public());
        let author = node.author();
        Desk { node, office, public, author, _dir: tempfile::tempdir().unwrap() }
    };
    let desk = start().await;
    let id = desk.publish("Atelier", "transparency").await;
    assert_eq!(desk.found("atelier").await, [id]);
    let own = desk.index().remove(0);
    close(desk).await;

    // Damaged: some bytes of every file of postings are others.
    for file in fs::read_dir(&own).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|kind| kind != "json" && kind != "lock") {
            let mut bytes = fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0xff;
            fs::write(&file, bytes).unwrap();
        }
    }
    let desk = start().await;
    assert_eq!(settled(&desk, "atelier").await.items[0].id, id);
    close(desk).await;

    // Of other rules: it is taken over and removed when the own one is there.
    let name = own.file_name().unwrap().to_str().unwrap();
    let (format, _) = name.split_once('-').unwrap();
    let older = own.with_file_name(format!("{format}-0-00000000"));
    fs::rename(&own, &older).unwrap();
    let desk = start().await;
    assert_eq!(settled(&desk, "atelier").await.items[0].id, id);
    assert_eq!(desk.index().as_slice(), std::slice::from_ref(&own));
    close(desk).await;

    // Of another format, and no index at all.
    fs::write(own.join("meta.json"), "{}").unwrap();
    let desk = start().await;
    assert_eq!(settled(&desk, "atelier").await.items[0].id, id);
    close(desk).await;
}

#[tokio::test]
async fn an_index_that_is_sound_goes_on_from_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data");
    init(&Init { dir: folder.clone(), profile: profile("Fnideq", Some("01.573.01.01")) }).unwrap();
    let mut ids = Vec::new();
    for round in 0..3 {
        let node = open(&folder).await;
        let office = Api::new(node.clone()).office();
        let public = office.clone();
        let author = node.author();
        let desk = Desk { node, office, public, author, _dir: tempfile::tempdir().unwrap() };
        if round > 0 {
            assert_eq!(desk.found("atelier").await.len(), round);
        }
        ids.push(desk.publish(&format!("Atelier {round}"), "transparency").await);
        assert_eq!(desk.found("atelier").await.len(), round + 1);
        close(desk).await;
    }
}
