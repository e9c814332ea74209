//! A withdrawn body is hidden at once and erased after thirty days, from every file of the node and of its backup's
//! restore (B1 to B4).

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use multaqa_node::driver::{DELAY, Draft};
use multaqa_node::store::BodyState;
use multaqa_node::{Clock, Node};
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId};
use multaqa_protocol::log::{Place, Status};
use multaqa_protocol::network::{Body, Ref, Withdraw};

use super::testimony::open;
use super::{copy, found, head, make, offline, practice, until};

/// A word that stands in one record alone, as the search index writes it too.
const MARKER: &str = "zqxjkvbw";
const DAY: Duration = Duration::from_hours(24);

/// Returns the files below a folder that hold some bytes.
fn holding(dir: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        // A running node may have taken a file away meanwhile.
        } else if fs::read(&path).is_ok_and(|file| file.windows(bytes.len()).any(|window| window == bytes)) {
            found.push(path);
        }
    }
    found
}

/// Returns the hash and the bytes of an entry's body, and where it lies.
async fn body(node: &Node, author: AuthorId, id: EntryId) -> (BodyHash, Vec<u8>, Place) {
    let store = node.store().clone();
    let read = move || {
        let place = store.place_of(author, &id).unwrap().unwrap();
        let hash = store.entry(author, place).unwrap().unwrap().entry.header().body.hash;
        (hash, store.body(&hash).unwrap().unwrap(), place)
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

async fn is_withdrawn(node: &Node, author: AuthorId, place: Place) -> bool {
    let store = node.store().clone();
    let entry = move || store.entry(author, place).unwrap().unwrap().body == BodyState::Withdrawn;
    tokio::task::spawn_blocking(entry).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_holds_a_withdrawn_body_after_thirty_days() {
    let dir = tempfile::tempdir().unwrap();
    let [a, restored] = ["a", "restored"].map(|name| dir.path().join(name));
    let author = make(&a, "A").0;
    let node = offline(&a).await;
    found(&node, &[]).await;
    node.shutdown().await;
    let clock = Clock::default();
    let node = open(&clock, &a, None).await;
    let ids = node.publish(vec![practice(MARKER), practice("Portail")]).await.unwrap();
    let (hash, bytes, place) = body(&node, author, ids[0]).await;
    let (kept, kept_bytes, _) = body(&node, author, ids[1]).await;
    let target = Ref { author, seq: place.seq, id: ids[0] };
    let withdraw =
        Withdraw { net: None, basis: None, reason: "personal_data".into(), entries: vec![target] }.to_map();
    node.publish(vec![Draft { kind: "withdraw".into(), body: withdraw, salt: None }]).await.unwrap();
    until("hidden at once", async || is_withdrawn(&node, author, place).await).await;
    assert!(!holding(&a, &bytes).is_empty(), "it can still be undone");
    let before = head(&node, author).await;

    // A start does not begin the days anew, nor does a day less than the delay erase.
    clock.advance(Duration::from_millis(DELAY) - DAY);
    node.shutdown().await;
    let node = open(&clock, &a, None).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(!holding(&a, &bytes).is_empty(), "it can still be undone");
    node.shutdown().await;
    copy(&a, &restored, &[]);
    let node = open(&clock, &a, None).await;
    clock.advance(2 * DAY);
    until("erased from every file", async || holding(&a, &bytes).is_empty()).await;
    until("and every word of it", async || holding(&a, MARKER.as_bytes()).is_empty()).await;
    assert!(!holding(&a, &kept_bytes).is_empty(), "the search finds what is there");
    assert!(is_withdrawn(&node, author, place).await, "its header stays, with who withdrew it");
    let (_, found_again, _) = body(&node, author, ids[1]).await;
    assert_eq!(found_again, kept_bytes);
    assert_ne!(hash, kept);
    node.shutdown().await;

    // The chain goes on, and a folder from before the erasure erases again.
    let node = open(&clock, &a, None).await;
    let after = head(&node, author).await.unwrap();
    assert!(after.0 >= before.unwrap().0, "and its own checkpoint may have come");
    assert_eq!(after.2, Status::Ok);
    node.shutdown().await;
    assert!(!holding(&restored, &bytes).is_empty());
    let node = open(&clock, &restored, None).await;
    until("erased again", async || holding(&restored, &bytes).is_empty()).await;
    until("and its words", async || holding(&restored, MARKER.as_bytes()).is_empty()).await;
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stewards_order_to_be_withdrawn_is_in_no_file_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let a = dir.path().join("a");
    let author = make(&a, "A").0;
    let node = offline(&a).await;
    let net = found(&node, &[]).await;
    let ids = node.publish(vec![practice(MARKER), practice("Portail")]).await.unwrap();
    let (_, bytes, place) = body(&node, author, ids[0]).await;
    let (_, kept, _) = body(&node, author, ids[1]).await;
    assert!(!holding(&a, &bytes).is_empty(), "it is there");
    let entries = vec![Ref { author, seq: place.seq, id: ids[0] }];
    let basis = Some("حكم عدد 12/2026".to_owned());
    let order = Withdraw { net: Some(net), basis, reason: "court_order".into(), entries };
    node.publish(vec![Draft { kind: Withdraw::KIND.into(), body: order.to_map(), salt: None }])
        .await
        .unwrap();
    // The clock stands still: there is no delay.
    until("erased from every file", async || holding(&a, &bytes).is_empty()).await;
    until("and every word of it", async || holding(&a, MARKER.as_bytes()).is_empty()).await;
    assert!(is_withdrawn(&node, author, place).await, "its header stays, with who withdrew it");
    assert!(!holding(&a, &kept).is_empty());
    let before = head(&node, author).await.unwrap();
    node.shutdown().await;
    let node = offline(&a).await;
    assert_eq!(head(&node, author).await.unwrap(), before, "the chain goes on");
    assert!(holding(&a, &bytes).is_empty());
    node.shutdown().await;
}
