//! Real nodes over real sockets: a network that is founded and joined, a key that is changed, whatever
//! stops the node meanwhile, and folders that come from a backup.

#![expect(clippy::unwrap_used, reason = "a test that unwraps fails where it should")]

mod attachments;
mod erasing;
mod liar;
mod network;
mod restore;
mod rotation;
mod testimony;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use multaqa_node::driver::Draft;
use multaqa_node::driver::rotation::{Reason, RotateError, Rotated, RotationRequest};
use multaqa_node::folder::{Init, init};
use multaqa_node::keys::rotation::RotationKey;
use multaqa_node::{Config, NetConfig, Node};
use multaqa_protocol::codec::Value;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, NetworkId};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Join};
use multaqa_protocol::record;

/// Longest wait for something to happen; far beyond what it takes.
const DEADLINE: Duration = Duration::from_secs(120);

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// Makes a folder; returns its author and its rotation key.
fn make(dir: &Path, name: &str) -> (AuthorId, RotationKey) {
    let draft =
        record::draft("profile", value(&format!(r#"{{"names":{{"fr":"{name}"}},"level":"association"}}"#)));
    let record::Record::Profile(profile) = record::read("profile", &draft.unwrap()).unwrap() else {
        panic!()
    };
    let made = init(&Init { dir: dir.to_owned(), profile: *profile }).unwrap();
    (made.author, RotationKey::read(&made.rotation_key).unwrap())
}

async fn offline(dir: &Path) -> Node {
    Node::open(Config::alone(dir.to_owned())).await.unwrap()
}

async fn online(dir: &Path, dial: Vec<multaqa_node::net::Multiaddr>) -> Node {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let network = Some(NetConfig { listen, dial, ..NetConfig::default() });
    Node::open(Config { network, ..Config::alone(dir.to_owned()) }).await.unwrap()
}

async fn until(what: &str, holds: impl AsyncFnMut() -> bool) {
    within(DEADLINE, what, holds).await;
}

async fn within(deadline: Duration, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(deadline, wait).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}

/// Returns the head of an author's log at a node, what is on its way to the disk included.
async fn head(node: &Node, author: AuthorId) -> Option<(u32, EntryId, Status)> {
    let read = node.with(move |engine| engine.view(&author)?.head);
    read.await.unwrap().map(|head| (head.seq, head.id, head.status))
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

fn admit(net: NetworkId, authors: &[AuthorId]) -> Draft {
    let item = |author: &AuthorId| Admission {
        place: None,
        level: None,
        author: *author,
        stands: None,
        succeeds: None,
    };
    let body = Admit { net, items: authors.iter().map(item).collect() }.to_map();
    Draft { kind: "admit".into(), body, salt: None }
}

/// Founds a network of one steward that admits itself and others.
async fn found(node: &Node, others: &[AuthorId]) -> NetworkId {
    let charter: Charter = value(
        r#"{"k":1,"text":{"fr":"Charte"},"names":{"fr":"Essai"},"licence":"CC-BY-4.0","version":0,
            "stewards":[],"versions":[1],"principles":["transparency"]}"#,
    )
    .to()
    .unwrap();
    let net = node.found(Charter { stewards: vec![node.author()], ..charter }).await.unwrap();
    let mut admitted = others.to_vec();
    admitted.push(node.author());
    admitted.sort();
    node.publish(vec![join(net), admit(net, &admitted)]).await.unwrap();
    net
}

/// Changes a node's key and returns the next rotation key.
async fn rotate(
    node: &Node,
    key: &RotationKey,
    reason: Reason,
    from: Option<EntryId>,
) -> Result<(Rotated, RotationKey), RotateError> {
    let request = RotationRequest { reveal: key.public(), reason, from, note: [].into(), contest: false };
    let plan = node.begin_rotation(request).await?;
    let next = RotationKey::draw().unwrap();
    let entry = key.rotate(plan.position, &plan.sign, next.next(), &plan.body);
    let rotated = node.rotate(entry.envelope().to_vec(), plan.body).await?;
    Ok((rotated, next))
}

/// Copies a folder as a backup does, some of its files left out.
fn copy(from: &Path, to: &Path, without: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if without.iter().any(|left_out| name == **left_out) {
            continue;
        }
        let target: PathBuf = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target, without);
        } else if entry.file_type().unwrap().is_file() {
            // A running node may have taken a file away meanwhile, of its search index above all.
            let copied = fs::copy(entry.path(), target);
            assert!(copied.is_ok() || !entry.path().exists(), "{copied:?}");
        }
    }
}
