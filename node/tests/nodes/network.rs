//! A network is founded, joined, and holds the same everywhere.

use std::path::Path;
use std::time::Duration;

use multaqa_node::Node;
use multaqa_node::driver::Draft;
use multaqa_node::store::BodyState;
use multaqa_protocol::entry::encode_body;
use multaqa_protocol::id::{AuthorId, BodyHash, NetworkId, sha256};
use multaqa_protocol::log::Place;
use multaqa_protocol::network::{Body, Ref, Withdraw};
use multaqa_protocol::record;

use super::{admit, join, make, offline, online, practice, value, within};

/// Longest wait for something to happen; far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(60);

async fn open(dir: &Path, dial: &[&Node]) -> Node {
    let mut addresses = Vec::new();
    for node in dial {
        addresses.extend(node.listeners().await);
    }
    online(dir, addresses).await
}

async fn until(what: &str, holds: impl AsyncFnMut() -> bool) {
    within(DEADLINE, what, holds).await;
}

async fn head(node: &Node, author: AuthorId) -> Option<u32> {
    node.with(move |engine| Some(engine.heads().get(&author)?.seq)).await.unwrap()
}

/// Founds a network whose one steward admits itself and publishes `more`.
async fn found(dir: &Path, more: Vec<Draft>) -> NetworkId {
    let node = offline(dir).await;
    let net = super::found(&node, &[]).await;
    node.publish(more).await.unwrap();
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
    let (steward, member) = (make(&a, "A").0, make(&b, "B").0);

    let net = found(&a, vec![practice("Budget participatif")]).await;
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
    a_node.publish(vec![admit(net, &[member])]).await.unwrap();
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
    make(&a, "A");
    let member = make(&b, "B").0;
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
    let net = found(&a, vec![original.clone()]).await;
    let a_node = open(&a, &[]).await;
    enter(&b, net, &a_node, vec![join(net)]).await;
    a_node.publish(vec![admit(net, &[member])]).await.unwrap();
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
