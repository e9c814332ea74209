//! Folders that come from a backup: at 100 points of growing logs, with other nodes reachable, away and
//! lying, no fork is signed (W2). What lying can reach is shown too.

use std::fs;
use std::path::{Path, PathBuf};

use multaqa_node::Node;
use multaqa_node::driver::rotation::Reason;
use multaqa_node::driver::{PublishError, Quarantine};
use multaqa_node::keys::guard::GUARD_FILE;
use multaqa_node::keys::rotation::RotationKey;
use multaqa_node::net::Multiaddr;
use multaqa_protocol::id::{AuthorId, EntryId, NetworkId};
use multaqa_protocol::log::Status;
use tempfile::TempDir;

use super::liar::{Liar, Manner};
use super::{copy, found, head, join, make, offline, online, practice, rotate, until};

/// Logs that grow side by side, so that the waits of their restored folders overlap.
const LOGS: usize = 10;
/// Points of each log at which its folder is copied.
const POINTS: usize = 10;
/// Files that no backup has: of the running process, or derived.
const NEVER: [&str; 4] = ["lock", "multaqa.sock", "index", "search"];

/// A network of an honest steward, two more honest nodes, and authors with copies of their folders.
struct World {
    dir: TempDir,
    net: NetworkId,
    /// The steward's node first.
    honest: [Node; 3],
    authors: Vec<Author>,
}

/// An author whose machine is gone, and the copies that were made of its folder.
struct Author {
    id: AuthorId,
    key: RotationKey,
    copies: Vec<PathBuf>,
    /// What was published after each copy.
    published: Vec<EntryId>,
}

impl World {
    async fn new(logs: usize, points: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: String| dir.path().join(name);
        make(&path("steward".into()), "Garant");
        let made: Vec<_> =
            (0..logs).map(|n| (path(format!("v{n}")), make(&path(format!("v{n}")), "V"))).collect();
        let node = offline(&path("steward".into())).await;
        let ids: Vec<AuthorId> = made.iter().map(|(_, (id, _))| *id).collect();
        let net = found(&node, &ids).await;
        node.shutdown().await;
        let steward = online(&path("steward".into()), Vec::new()).await;
        let addresses = steward.listeners().await;
        let mut others = Vec::new();
        for name in ["b", "c"] {
            make(&path(name.into()), name);
            let node = offline(&path(name.into())).await;
            node.enter(net, addresses.clone()).await.unwrap();
            node.shutdown().await;
            others.push(online(&path(name.into()), addresses.clone()).await);
        }
        let [b, c] = <[Node; 2]>::try_from(others).unwrap();
        let honest = [steward, b, c];
        let mut authors = Vec::new();
        for (folder, (id, key)) in made {
            let node = offline(&folder).await;
            node.enter(net, addresses.clone()).await.unwrap();
            node.publish(vec![join(net)]).await.unwrap();
            node.shutdown().await;
            let node = online(&folder, Vec::new()).await;
            let (mut copies, mut published) = (Vec::new(), Vec::new());
            until("the steward's log", async || {
                node.with(|engine| engine.governance().charter_known()).await.unwrap()
            })
            .await;
            for point in 0..points {
                let copied = folder.with_extension(format!("backup{point}"));
                copy(&folder, &copied, &NEVER);
                copies.push(copied);
                published.extend(node.publish(vec![practice(&format!("Fiche {point}"))]).await.unwrap());
            }
            let last = head(&node, id).await.unwrap().1;
            for honest in &honest {
                until("the log at the honest", async || has(honest, id, last).await).await;
            }
            node.shutdown().await;
            authors.push(Author { id, key, copies, published });
        }
        Self { dir, net, honest, authors }
    }

    async fn addresses(&self, nodes: impl IntoIterator<Item = usize>) -> Vec<Multiaddr> {
        let mut addresses = Vec::new();
        for node in nodes {
            addresses.extend(self.honest[node].listeners().await);
        }
        addresses
    }
}

async fn has(node: &Node, author: AuthorId, id: EntryId) -> bool {
    head(node, author).await.is_some_and(|(_, last, _)| last == id)
}

/// Makes a folder from a backup, with the guard file as it was then (a machine that was rolled back) or
/// without one, which is how backups are made.
fn restore(backup: &Path, name: &str, with_guard: bool) -> PathBuf {
    let folder = backup.with_extension(name);
    copy(backup, &folder, if with_guard { &[] } else { &[GUARD_FILE] });
    folder
}

/// Publishes once the node is let to.
async fn insist(node: &Node, title: &str) -> EntryId {
    let mut signed = None;
    until("the node signs", async || match node.publish(vec![practice(title)]).await {
        Ok(ids) => {
            signed = Some(ids[0]);
            true
        }
        Err(PublishError::Quarantine(_)) => false,
        Err(error) => panic!("{error}"),
    })
    .await;
    signed.unwrap()
}

/// Restores each copy of one log in turn, beside `dial` and the steward.
async fn one_log(world: &World, log: usize, dial: Vec<Multiaddr>) {
    let Author { id, copies, .. } = &world.authors[log];
    let steward = &world.honest[0];
    for (point, backup) in copies.iter().enumerate() {
        // Nobody can be asked: nothing is signed.
        let node = offline(&restore(backup, &format!("away{point}"), false)).await;
        let refused = node.publish(vec![practice("Seul")]).await.unwrap_err();
        assert_eq!(refused, PublishError::Quarantine(Quarantine::GuardMissing));
        node.shutdown().await;
        let with_guard = point % 2 == 1;
        let node = online(&restore(backup, &format!("back{point}"), with_guard), dial.clone()).await;
        let newest = head(steward, *id).await.unwrap();
        let signed = insist(&node, &format!("Après la restauration {point}")).await;
        let (seq, last, status) = head(&node, *id).await.unwrap();
        assert_eq!((seq, last, status), (newest.0 + 1, signed, Status::Ok), "log {log} point {point}");
        until("it arrives", async || has(steward, *id, signed).await).await;
        node.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_a_hundred_restored_folders_sign_no_fork_with_peers_away_reachable_and_lying() {
    let world = World::new(LOGS, POINTS).await;
    let mut liars = Vec::new();
    for _ in 0..2 {
        liars.push(Liar::start(world.net, Manner::Agrees { ahead: 0 }).await);
    }
    let lying: Vec<Multiaddr> = liars.iter().map(|liar| liar.address.clone()).collect();
    let honest = world.addresses([1, 2]).await;
    // The steward's node, which every folder remembers, is the third.
    let dial = |log: usize| if log.is_multiple_of(2) { honest.clone() } else { lying.clone() };
    // One after the other: the steward's node introduces those that are connected, and another restored folder would
    // give its word on a log that it never held.
    for log in 0..LOGS {
        one_log(&world, log, dial(log)).await;
    }
    for Author { id, .. } in &world.authors {
        let expected = head(&world.honest[0], *id).await.unwrap();
        assert_eq!(expected.2, Status::Ok);
        for honest in &world.honest[1..] {
            until("the honest agree", async || head(honest, *id).await == Some(expected)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_peers_that_never_answer_keep_the_quarantine_until_an_operator_ends_it() {
    let world = World::new(1, 2).await;
    let Author { id, copies, .. } = &world.authors[0];
    let mut mute = Vec::new();
    for _ in 0..2 {
        mute.push(Liar::start(world.net, Manner::Mute).await);
    }
    // The one that answers would introduce the other two.
    for honest in &world.honest[1..] {
        honest.clone().shutdown().await;
    }
    let dial = mute.iter().map(|liar| liar.address.clone()).collect();
    let node = online(&restore(&copies[0], "restored", false), dial).await;
    let newest = head(&world.honest[0], *id).await.unwrap();
    until("the log is complete", async || has(&node, *id, newest.1).await).await;
    let refused = node.publish(vec![practice("Trop tôt")]).await.unwrap_err();
    assert!(matches!(refused, PublishError::Quarantine(_)), "{refused}");
    let health = node.health().await.unwrap();
    assert_eq!(health.answers.1, 3, "two of three do not answer");
    assert!(health.answers.0 <= 1);
    assert_eq!(health.elsewhere.map(|found| found.count), Some(2), "W1: they came from elsewhere");
    node.resume().await.unwrap();
    node.publish(vec![practice("Sur ordre")]).await.unwrap();
    assert_eq!(head(&node, *id).await.unwrap().0, newest.0 + 1);
    // The order is on disk.
    let folder = node.dir().to_owned();
    node.shutdown().await;
    let node = offline(&folder).await;
    assert_eq!(node.health().await.unwrap().quarantine, None);
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_where_all_who_are_asked_lie_a_fork_is_signed_and_seen_and_a_rotation_heals_it() {
    let world = World::new(1, 2).await;
    let Author { id, key, copies, published } = &world.authors[0];
    let folder = restore(&copies[0], "restored", false);
    // The backup is from before it knew an honest node.
    let path = folder.join("network.json");
    let mut known: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    known["addresses"] = serde_json::json!([]);
    fs::write(&path, known.to_string()).unwrap();
    let mut liars = Vec::new();
    for _ in 0..3 {
        liars.push(Liar::start(world.net, Manner::Agrees { ahead: 0 }).await);
    }
    let dial = liars.iter().map(|liar| liar.address.clone()).collect();
    let node = online(&folder, dial).await;
    let forked = insist(&node, "Deux fois").await;
    assert_ne!(Some(forked), head(&world.honest[0], *id).await.map(|(_, last, _)| last));
    node.shutdown().await;

    // It meets an honest node: both see the fork, and nothing more is signed.
    let node = online(&folder, world.addresses([0]).await).await;
    for seen_by in [&node, &world.honest[0], &world.honest[1]] {
        let forked = async || head(seen_by, *id).await.is_some_and(|(_, _, status)| status == Status::Forked);
        until("the fork is seen", forked).await;
    }
    assert_eq!(node.publish(vec![practice("Gelé")]).await, Err(PublishError::Frozen));
    assert_eq!(node.resume().await, Err(PublishError::Frozen), "no order helps against a fork");
    // The owner stands by what others had, as far as it is evidence here, and disowns the rest.
    let mine = published[0];
    let (rotated, _) = rotate(&node, key, Reason::Fork, Some(mine)).await.unwrap();
    assert_eq!(rotated.status, Status::Ok);
    let signed = node.publish(vec![practice("Réparé")]).await.unwrap()[0];
    for seen_by in &world.honest {
        until("the log is healed", async || {
            head(seen_by, *id).await.is_some_and(|(_, last, status)| (last, status) == (signed, Status::Ok))
        })
        .await;
    }
    node.shutdown().await;
    drop(world.dir);
}

#[tokio::test(flavor = "multi_thread")]
async fn w3_a_clock_far_from_the_peers_signs_nothing() {
    let world = World::new(1, 1).await;
    let hour = 3_600_000;
    let mut liars = Vec::new();
    for ahead in [hour, 2 * hour, hour, 2 * hour, hour] {
        liars.push(Liar::start(world.net, Manner::Agrees { ahead }).await);
    }
    let folder = world.dir.path().join("v0");
    let dial = liars.iter().map(|liar| liar.address.clone()).collect();
    let node = online(&folder, dial).await;
    until("their clocks are heard", async || {
        node.health().await.unwrap().clock_offset.is_some_and(|offset| offset > 3_000_000)
    })
    .await;
    // The three that are right are outvoted by five that are far off.
    let refused = node.publish(vec![practice("À une autre heure")]).await.unwrap_err();
    assert!(
        matches!(refused, PublishError::ClockApart { milliseconds } if milliseconds > 3_000_000),
        "{refused}"
    );
    node.shutdown().await;
}
