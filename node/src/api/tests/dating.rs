//! By when a record existed, by the word of members, and where checkpoints do not fit together (A3, A4).

use multaqa_protocol::id::EntryId;
use multaqa_protocol::log::{Head, Status as LogStatus};
use multaqa_protocol::network::Body as _;
use multaqa_protocol::sync::Row;
use multaqa_protocol::witness::Checkpoint;

use super::networks::{apply, carry};
use super::*;
use crate::driver::Draft;
use crate::ui::tests as ui;

/// Makes a member of an applicant, at both nodes.
async fn member(steward: &Desk, name: &str, place: &str) -> Desk {
    let desk = Desk::new(name, Some(place)).await;
    apply(steward, &desk).await;
    let request = json!({ "author": desk.author, "place": place });
    steward.post::<Published>("/admissions", &request).await;
    carry(steward, &desk).await;
    carry(&desk, steward).await;
    desk
}

#[tokio::test]
async fn a_record_is_dated_by_the_members_who_confirmed_a_checkpoint_that_shows_it() {
    let steward = Desk::founder().await;
    let near = member(&steward, "Martil", "01.573.01.03").await;
    let far = member(&steward, "Tiznit", "09.581.01.07").await;
    let record = near.publish("Forum", "participation").await;
    carry(&near, &steward).await;
    let shown: super::super::types::Record = steward.get(&format!("/records/{record}")).await;
    assert_eq!(shown.dates, Dates::default());

    let checkpoint = steward.node.testify().await.unwrap();
    let shown: Provenance = steward.get(&format!("/records/{record}/provenance")).await;
    let listed = shown.dates.listed.unwrap();
    assert_eq!((listed.by.author, vec![listed.entry]), (steward.author, checkpoint));
    assert_eq!(shown.dates.existed_before, None, "nobody has confirmed it");
    let network: Network = steward.get("/network").await;
    assert_eq!(network.checkpoints.last.map(|last| last.by.author), Some(steward.author));

    for desk in [&near, &far] {
        carry(&steward, desk).await;
        assert_eq!(desk.node.testify().await.unwrap().len(), 1);
        carry(desk, &steward).await;
    }
    let shown: Provenance = steward.get(&format!("/records/{record}/provenance")).await;
    let before = shown.dates.existed_before.unwrap();
    assert_eq!((before.witnesses, before.members, before.other_regions), (2, 3, Some(1)));
    assert_eq!(shown.dates.witnesses.len(), 2);
    assert_eq!(before.date, shown.dates.witnesses[1].time);
    assert_eq!(shown.dates.not_before, None);

    // What its author confirmed before it signed says that it is not older.
    let later = near.publish("Portail", "transparency").await;
    let shown: super::super::types::Record = near.get(&format!("/records/{later}")).await;
    assert_eq!(shown.dates.not_before.map(|listing| listing.by.author), Some(steward.author));
    assert_eq!((shown.dates.existed_before, shown.dates.checkpoints), (None, 0));
}

#[tokio::test]
async fn a_log_is_dated_entry_by_entry_as_each_record_is_and_says_what_it_says_of_heads() {
    let steward = Desk::founder().await;
    let near = member(&steward, "Martil", "01.573.01.03").await;
    let far = member(&steward, "Tiznit", "09.581.01.07").await;
    let mut records = Vec::new();
    for title in ["Forum", "Portail"] {
        records.push(near.publish(title, "participation").await);
        carry(&near, &steward).await;
        steward.node.testify().await.unwrap();
        for desk in [&near, &far] {
            carry(&steward, desk).await;
            assert_eq!(desk.node.testify().await.unwrap().len(), 1);
            carry(desk, &steward).await;
        }
    }
    records.push(near.publish("Guichet", "participation").await);
    carry(&near, &steward).await;

    let path = format!("/authors/{}/log?dated=true", near.author);
    let log: List<LogRow> = steward.get(&path).await;
    let at = |id: &EntryId| log.items.iter().find(|row| row.id == *id).unwrap();
    let mut dates = Vec::new();
    for record in &records {
        let shown: Provenance = steward.get(&format!("/records/{record}/provenance")).await;
        assert_eq!(at(record).existed_before, shown.dates.existed_before);
        dates.push(shown.dates.existed_before.map(|before| (before.date, before.witnesses)));
    }
    assert!(dates[0] < dates[1] && dates[0].is_some() && dates[2].is_none(), "{dates:?}");
    let confirms = log.items.iter().filter_map(|row| row.heads.as_ref());
    let confirms: Vec<_> = confirms.collect();
    let [SaidOfHeads::Confirms { by, time: Some(_), .. }, SaidOfHeads::Confirms { .. }] = &confirms[..]
    else {
        panic!("{confirms:?}")
    };
    assert_eq!(by.author, steward.author);
    // The pages of a log say the same, one entry at a time.
    let mut cursor = None;
    for row in &log.items {
        let after = cursor.map(|next: String| format!("&cursor={next}")).unwrap_or_default();
        let page: List<LogRow> = steward.get(&format!("{path}&limit=1{after}")).await;
        assert_eq!(page.items, std::slice::from_ref(row));
        cursor = page.next;
    }
    let plain: List<LogRow> = steward.get(&format!("/authors/{}/log", near.author)).await;
    assert!(plain.items.iter().all(|row| row.existed_before.is_none() && row.heads.is_none()));
    let lists: List<LogRow> = steward.get(&format!("/authors/{}/log?dated", steward.author)).await;
    let lists: Vec<_> = lists.items.iter().filter_map(|row| row.heads.as_ref()).collect();
    assert_eq!(lists, [&SaidOfHeads::Lists { logs: 3 }, &SaidOfHeads::Lists { logs: 3 }]);

    let timeline = |author: AuthorId| format!("/fr/members/{author}/log");
    let html = ui::page(&steward, &timeline(near.author)).await;
    for said in [
        "attesté par 2 des 3 membres, dont 1 d’autres régions",
        "pas encore attesté",
        "confirme le relevé de",
    ] {
        assert!(html.contains(said), "the page lacks {said}: {html}");
    }
    assert!(html.contains(&format!("href=\"{}\"", timeline(steward.author))), "{html}");
    let html = ui::page(&steward, &timeline(steward.author)).await;
    assert!(html.contains("relève les têtes de 3 journaux"), "{html}");
}

async fn list(desk: &Desk, heads: &[(AuthorId, Head)]) {
    let net = desk.node.network().unwrap();
    let charter = multaqa_protocol::id::BodyHash(net.0);
    let heads = heads.iter().map(|(author, head)| Row::new(*author, *head)).collect();
    let body = Checkpoint { net, heads, charter }.to_map();
    let draft = Draft { kind: Checkpoint::KIND.into(), body, salt: None };
    desk.node.publish(vec![draft]).await.unwrap();
}

#[tokio::test]
async fn checkpoints_that_contradict_each_other_are_shown_with_their_proof() {
    let desk = Desk::founder().await;
    let author = desk.author;
    let head = |seq: u32, byte| Head { seq, id: EntryId([byte; 32]), status: LogStatus::Ok };
    let own = desk.node.with(move |engine| engine.heads().get(&author).unwrap()).await.unwrap();
    list(&desk, &[(author, own)]).await;
    let network: Network = desk.get("/network").await;
    assert_eq!(network.checkpoints.contradictions, []);

    list(&desk, &[(author, head(9, 1))]).await;
    list(&desk, &[(author, head(9, 2))]).await;
    let network: Network = desk.get("/network").await;
    let [found] = &network.checkpoints.contradictions[..] else { panic!("{:?}", network.checkpoints) };
    assert_eq!(found.kind, ContradictionKind::TwoHeads);
    assert_eq!((found.one.seq, found.other.seq), (9, 9));
    assert_ne!(found.one.listed.entry, found.other.listed.entry);
    let proof = desk.bytes(&format!("/entries/{}", found.one.listed.entry)).await;
    assert!(!proof.is_empty(), "the signed list");
    let status: NodeStatus = desk.get("/status").await;
    assert!(status.notes.contains_key("checkpoints-contradict"));

    // A list that says less than the one before, of a log that was not changed.
    let inception = Head { seq: 0, id: author.inception(), status: LogStatus::Ok };
    list(&desk, &[(author, own)]).await;
    list(&desk, &[(author, inception)]).await;
    let network: Network = desk.get("/network").await;
    let kinds: Vec<_> = network.checkpoints.contradictions.iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [ContradictionKind::TwoHeads, ContradictionKind::SteppedBack]);

    // Heads that nobody supplies are no fault for three days: they may be on their way.
    assert_eq!(network.checkpoints.not_supplied, []);
    let (snapshot, library) = (desk.node.snapshot().await.unwrap(), desk.node.library().clone());
    let view = crate::view::View::new(&snapshot, desk.node.store(), &library).unwrap();
    let later = crate::clock::now() + 4 * 24 * 60 * 60_000;
    assert_eq!(view.checkpoints(later).unwrap().not_supplied.len(), 2);
}
