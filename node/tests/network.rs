//! Real nodes over real sockets: a network is founded, joined, and holds the same everywhere.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

use std::path::Path;
use std::time::Duration;

use multaqa_node::driver::Draft;
use multaqa_node::folder::{Init, init};
use multaqa_node::store::BodyState;
use multaqa_node::{Config, NetConfig, Node};
use multaqa_protocol::codec::Value;
use multaqa_protocol::entry::encode_body;
use multaqa_protocol::id::{AuthorId, BodyHash, NetworkId, sha256};
use multaqa_protocol::log::Place;
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join, Ref, Withdraw};
use multaqa_protocol::record;

/// Longest wait for something to happen; far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(60);

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn make(dir: &Path, name: &str) -> AuthorId {
    let draft =
        record::draft("profile", value(&format!(r#"{{"names":{{"fr":"{name}"}},"level":"association"}}"#)));
    let record::Record::Profile(profile) = record::read("profile", &draft.unwrap()).unwrap() else {
        panic!()
    };
    init(&Init { dir: dir.to_owned(), profile: *profile }).unwrap().author
}

async fn open(dir: &Path, dial: &[&Node]) -> Node {
    let mut addresses = Vec::new();
    for node in dial {
        addresses.extend(node.listeners().await);
    }
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let network = Some(NetConfig { listen, dial: addresses, ..NetConfig::default() });
    Node::open(Config { dir: dir.to_owned(), network }).await.unwrap()
}

async fn offline(dir: &Path) -> Node {
    Node::open(Config { dir: dir.to_owned(), network: None }).await.unwrap()
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}

async fn head(node: &Node, author: AuthorId) -> Option<u32> {
    node.with(move |engine| Some(engine.heads().get(&author)?.seq)).await.unwrap()
}

fn practice(title: &str) -> Draft {
    let json =
        format!(r#"{{"title":{{"fr":"{title}"}},"summary":{{"fr":"Essai"}},"principles":["transparency"]}}"#);
    Draft { kind: "practice".into(), body: record::draft("practice", value(&json)).unwrap(), salt: None }
}

fn join(net: NetworkId) -> Draft {
    let body = Join { act: None, net, charter: BodyHash(net.0) }.to_map();
    Draft { kind: "join".into(), body, salt: None }
}

fn admit(net: NetworkId, author: AuthorId) -> Draft {
    let admission = Admission { place: None, level: None, author, stands: None, succeeds: None };
    Draft { kind: "admit".into(), body: Admit { net, items: vec![admission] }.to_map(), salt: None }
}

/// Founds a network whose one steward admits itself and publishes `more`.
async fn found(dir: &Path, steward: AuthorId, more: Vec<Draft>) -> NetworkId {
    let node = offline(dir).await;
    let charter: Charter = value(
        r#"{"k":1,"text":{"fr":"Charte"},"names":{"fr":"Essai"},"licence":"CC-BY-4.0","version":0,
            "stewards":[],"versions":[1],"principles":["transparency"]}"#,
    )
    .to()
    .unwrap();
    let net = node.found(Charter { stewards: vec![steward], ..charter }).await.unwrap();
    let mut drafts = vec![join(net), admit(net, steward)];
    drafts.extend(more);
    node.publish(drafts).await.unwrap();
    node.shutdown().await;
    net
}

/// Enters a network by its id and the addresses of `other`, and publishes `drafts`.
async fn enter(dir: &Path, net: NetworkId, other: &Node, drafts: Vec<Draft>) {
    let node = offline(dir).await;
    node.enter(net, other.listeners().await).await.unwrap();
    if !drafts.is_empty() {
        node.publish(drafts).await.unwrap();
    }
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_applies_is_admitted_and_holds_everything() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|name| dir.path().join(name));
    let (steward, member) = (make(&a, "A"), make(&b, "B"));

    let net = found(&a, steward, vec![practice("Budget participatif")]).await;
    let a_node = open(&a, &[]).await;

    // The member enters by the network's id and an address, and asks to join.
    enter(&b, net, &a_node, vec![join(net)]).await;
    let b_node = open(&b, &[&a_node]).await;
    until("the steward's log at the applicant's", async || head(&b_node, steward).await == Some(5)).await;
    until("the application at the steward's", async || {
        a_node.with(move |engine| engine.candidates().contains(&member)).await.unwrap()
    })
    .await;

    // Admitted, its log is everybody's.
    a_node.publish(vec![admit(net, member)]).await.unwrap();
    until("the member's log at the steward's", async || head(&a_node, member).await == Some(2)).await;
    b_node.publish(vec![practice("Portail")]).await.unwrap();
    until("the member's record at the steward's", async || head(&a_node, member).await == Some(3)).await;
    a_node.publish(vec![practice("Forum")]).await.unwrap();
    until("the steward's record at the member's", async || head(&b_node, steward).await == Some(7)).await;

    // A third that comes late, and knows the member alone, gets everything.
    make(&c, "C");
    enter(&c, net, &b_node, Vec::new()).await;
    let c_node = open(&c, &[&b_node]).await;
    until("everything at the latecomer's", async || {
        head(&c_node, steward).await == Some(7) && head(&c_node, member).await == Some(3)
    })
    .await;

    // It has heard of the steward's node from the member's, and finds it again when that one is gone.
    until("the latecomer and the steward meet", async || connected(&c_node, &a_node).await).await;
    for node in [b_node, c_node] {
        node.shutdown().await;
    }
    let c_node = open(&c, &[]).await;
    until("they meet again", async || connected(&c_node, &a_node).await).await;
    until("the two have compared their heads", async || {
        c_node.behind().await.unwrap().values().any(|behind| (behind.here, behind.there) == (0, 0))
    })
    .await;
    for node in [a_node, c_node] {
        node.shutdown().await;
    }

    // A book that is damaged is set aside.
    std::fs::write(c.join("peers.json"), "[").unwrap();
    open(&c, &[]).await.shutdown().await;
    assert_eq!(std::fs::read_to_string(c.join("peers.json.damaged")).unwrap(), "[");
}

/// Tells whether a node holds a body.
async fn holds(node: &Node, hash: BodyHash) -> bool {
    let store = node.store().clone();
    tokio::task::spawn_blocking(move || store.body(&hash).unwrap().is_some()).await.unwrap()
}

/// B2: whoever copies a record and withdraws the copy takes nothing from its author.
#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_copy_leaves_the_original_to_everybody() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = ["a", "b", "c"].map(|name| dir.path().join(name));
    let (steward, member) = (make(&a, "A"), make(&b, "B"));
    // Too large to travel with its entry, so it is asked for by its hash.
    let body = record::draft(
        "practice",
        value(&format!(
            r#"{{"title":{{"fr":"Eau"}},"summary":{{"fr":"{}"}},"principles":["transparency"]}}"#,
            "a".repeat(60_000)
        )),
    );
    let original = Draft { kind: "practice".into(), body: body.unwrap(), salt: Some([7; 16]) };
    let hash = BodyHash(sha256(&encode_body([7; 16], &original.body)));
    let net = found(&a, steward, vec![original.clone()]).await;
    let a_node = open(&a, &[]).await;
    enter(&b, net, &a_node, vec![join(net)]).await;
    a_node.publish(vec![admit(net, member)]).await.unwrap();
    let b_node = open(&b, &[&a_node]).await;
    until("the original at the copier's", async || holds(&b_node, hash).await).await;

    let id = b_node.publish(vec![original]).await.unwrap()[0];
    let copy = Ref { author: member, seq: 3, id };
    let withdrawal = Withdraw { net: None, basis: None, reason: "mistake".into(), entries: vec![copy] };
    let withdraw = Draft { kind: "withdraw".into(), body: withdrawal.to_map(), salt: None };
    b_node.publish(vec![withdraw]).await.unwrap();
    until("the withdrawal at the author's", async || head(&a_node, member).await == Some(4)).await;
    until("the copy is withdrawn there", async || {
        let place = Place { branch: 0, seq: 3 };
        let stored = a_node.store().entry(member, place).unwrap();
        stored.is_some_and(|stored| stored.body == BodyState::Withdrawn)
    })
    .await;
    b_node.shutdown().await;

    // Nobody but the author is there to ask.
    make(&c, "C");
    enter(&c, net, &a_node, Vec::new()).await;
    let c_node = open(&c, &[&a_node]).await;
    until("the original at a newcomer's", async || holds(&c_node, hash).await).await;
    for node in [a_node, c_node] {
        node.shutdown().await;
    }
}

/// Tells whether `node` is connected with `other`.
async fn connected(node: &Node, other: &Node) -> bool {
    let wanted = other.listeners().await.first().and_then(multaqa_node::net::peer_of);
    let peers = node.peers().await;
    peers
        .iter()
        .any(|info| Some(info.peer) == wanted && info.state == multaqa_node::net::PeerState::Connected)
}
