//! How large the proof of one record is in networks of the sizes that are expected, and what it shows.

use ed25519_dalek::SigningKey;
use multaqa_protocol::audit::{Auditor, BodyState, RecordReport, Report, Verdict};
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::codec::Map;
use multaqa_protocol::entry::{self, Entry, Position};
use multaqa_protocol::envelope::PublicKey;
use multaqa_protocol::id::{BodyHash, Bytes32, NetworkId, sha256};
use multaqa_protocol::network::{Admission, Admit, Body as _, Join, Ref};
use multaqa_protocol::witness::Witness;

use super::following::{plan, publish, reference, report};
use super::*;
use crate::driver::Draft;

/// A collectivity without a node.
struct Member {
    key: SigningKey,
    entries: Vec<(Entry, Vec<u8>)>,
}

impl Member {
    fn new(number: u32) -> Self {
        let secret = |purpose: u8| sha256(&[&number.to_be_bytes()[..], &[purpose]].concat());
        let key = SigningKey::from_bytes(&secret(0));
        let next = Bytes32(sha256(&PublicKey::from(&SigningKey::from_bytes(&secret(1))).to_bytes().0));
        Self { entries: vec![entry::incept(&key, next, 1_000, [0; 16])], key }
    }

    fn author(&self) -> AuthorId {
        self.entries[0].0.author()
    }

    fn write(&mut self, kind: &str, map: &Map) -> &(Entry, Vec<u8>) {
        let before = &self.entries[self.entries.len() - 1].0;
        let (author, seq) = (before.author(), before.seq() + 1);
        let position = Position { author, seq, prev: before.id(), time: crate::clock::now() };
        let body = entry::encode_body([1; 16], map);
        self.entries.push((entry::write(position, kind, &body, &self.key), body));
        &self.entries[self.entries.len() - 1]
    }

    fn join(&mut self, net: NetworkId) {
        self.write("join", &Join { act: None, net, charter: BodyHash(net.0) }.to_map());
        self.write("practice", &fields(&format!("Fiche {}", self.author())));
    }
}

fn fields(title: &str) -> Map {
    let Value::Map(fields) = serde_json::from_value(practice(title, "transparency")).unwrap() else {
        unreachable!()
    };
    fields
}

/// Brings entries to a node.
async fn bring<'a>(desk: &Desk, net: NetworkId, entries: impl IntoIterator<Item = &'a (Entry, Vec<u8>)>) {
    let start = Start { net, made: 0, about: None, scope: Scope::Network, bundle: VERSION };
    let (mut writer, mut bytes) = Writer::begin(&start);
    for (entry, body) in entries {
        bytes.extend(writer.body(body));
        bytes.extend(writer.envelope(entry.envelope()));
    }
    bytes.extend(writer.finish());
    let done = desk.node.import(&bytes).await.unwrap();
    assert!(done.refused.is_empty() && done.candidates.is_empty(), "{done:?}");
}

/// Makes the proofs of a member's record in a network of three stewards and `count` members who all confirmed it,
/// with witnesses and without. A steward publishes `more` records before, and as many after.
async fn proofs(count: u32, more: usize) -> [Vec<u8>; 2] {
    let desk = Desk::new("Fnideq", Some("01.573.01.01")).await;
    let mut stewards = [Member::new(1_000_001), Member::new(1_000_002)];
    let named: Vec<AuthorId> = stewards.iter().map(Member::author).chain([desk.author]).collect();
    let request = json!({
        "names": { "fr": "Essai" }, "text": { "fr": "Charte" }, "licence": "CC-BY-4.0", "stewards": named, "k": 2,
    });
    desk.post::<Published>("/network", &request).await;
    let net = desk.node.network().unwrap();
    let mut members: Vec<Member> = (0..count).map(Member::new).collect();
    let item = |member: &Member| Admission {
        place: Some("06.461.01.15".into()),
        level: Some("commune".into()),
        author: member.author(),
        stands: None,
        succeeds: None,
    };
    let admit = Admit { net, items: members.iter().map(item).collect() }.to_map();
    for steward in &mut stewards {
        steward.join(net);
        steward.write("admit", &admit);
        bring(&desk, net, &steward.entries).await;
    }
    members.iter_mut().for_each(|member| member.join(net));
    bring(&desk, net, members.iter().flat_map(|member| &member.entries)).await;
    let records = |_| {
        let body = fields(&"Une fiche parmi d'autres. ".repeat(40));
        Draft { kind: "practice".into(), body, salt: None }
    };
    let others: Vec<Draft> = (0..more).map(records).collect();
    desk.node.publish(others.clone()).await.unwrap();
    let id = desk.node.testify().await.unwrap()[0];
    let place = desk.node.store().place_of(desk.author, &id).unwrap().unwrap();
    let checkpoint = Ref { author: desk.author, seq: place.seq, id };
    let witness = Witness { net, except: vec![], checkpoint }.to_map();
    let words: Vec<_> = members.iter_mut().map(|member| member.write("witness", &witness).clone()).collect();
    bring(&desk, net, &words).await;
    desk.node.publish(others).await.unwrap();
    let record = members[0].entries[2].0.id();
    let shown: Provenance = desk.get(&format!("/records/{record}/provenance")).await;
    assert_eq!(shown.dates.existed_before.unwrap().witnesses, u64::from(count));
    let path = format!("/bundle?entry={record}");
    [desk.bytes(&format!("{path}&witnesses=true")).await, desk.bytes(&format!("{path}&stewards=true")).await]
}

/// Judges a bundle, which is to be in order, and returns what is said of the record that it is about.
fn judge(bundle: &[u8]) -> (Report, RecordReport) {
    let mut auditor = Auditor::new(1);
    auditor.push(bundle);
    let report = auditor.finish();
    assert_eq!(report.verdict, Verdict::Verified, "{:?}", report.findings);
    let about = report.about.unwrap();
    let record = report.records.iter().find(|record| record.entry.0 == about.0).unwrap().clone();
    (report, record)
}

fn assert_sizes(bundles: &[Vec<u8>; 2], with: usize, without: usize) {
    let sizes = [bundles[0].len(), bundles[1].len()];
    println!("{sizes:?} bytes with witnesses and without");
    assert!(sizes[0] < with && sizes[1] < without, "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_of_a_record_stays_small_in_a_network_of_230() {
    let bundles = proofs(230, 0).await;
    assert_sizes(&bundles, 1_000_000, 200_000);
    let [(with, dated), (without, undated)] = bundles.each_ref().map(|bundle| judge(bundle));
    assert_eq!((dated.dates.witnesses.len(), undated.dates.witnesses.len()), (230, 0));
    let members = |report: &Report| report.members.as_ref().map(Vec::len);
    // Of whom no log goes along, nobody can say that it joined.
    assert_eq!((members(&with), members(&without)), (Some(230), Some(1)));
    assert!(with.findings.is_empty(), "{:?}", with.findings);
    assert!(without.findings.is_empty(), "{:?}", without.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_does_not_grow_with_what_stewards_publish_later() {
    let bundles = proofs(20, 600).await;
    assert_sizes(&bundles, 500_000, 50_000);
    let [(_, dated), (_, undated)] = bundles.each_ref().map(|bundle| judge(bundle));
    assert_eq!((dated.dates.witnesses.len(), undated.dates.witnesses.len()), (20, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_stays_small_in_a_network_of_all_1590_collectivities() {
    let bundles = proofs(1_590, 0).await;
    assert_sizes(&bundles, 2_000_000, 400_000);
    let (_, dated) = judge(&bundles[0]);
    assert!(dated.dates.witnesses.len() >= 400, "as many as have room");
}

#[tokio::test]
async fn the_proof_of_a_plan_holds_what_its_figures_rest_on() {
    let desk = Desk::founder().await;
    let other = publish(&desk, "practice", practice("Une autre", "transparency")).await;
    let plan = publish(&desk, "plan", plan()).await;
    let about = reference(&desk, plan).await;
    let done = report(&about, "a", json!([{ "milestone": "m1", "status": "complete" }]));
    let said = publish(&desk, "progress", done).await;
    let bundle = desk.bytes(&format!("/bundle?entry={plan}&witnesses=true&figures=true")).await;
    let (judged, _) = judge(&bundle);
    let has_body = |id: EntryId| {
        judged.records.iter().any(|record| record.entry == id && record.body == BodyState::Present)
    };
    assert!(has_body(plan) && has_body(said));
    assert!(!has_body(other));
}
