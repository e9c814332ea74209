//! Nodes list and confirm heads by themselves, once a week, while there is something new (A1, A2).

use std::path::Path;
use std::time::Duration;

use multaqa_node::driver::rotation::Reason;
use multaqa_node::driver::{Draft, PublishError, Quarantine, TestifyError};
use multaqa_node::keys::guard::GUARD_FILE;
use multaqa_node::{Clock, Config, NetConfig, Node};
use multaqa_protocol::bundle::{Scope, Start, VERSION, Writer};
use multaqa_protocol::id::{AuthorId, Bytes32, NetworkId};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Body, Suspend};
use multaqa_protocol::witness::{Checkpoint, Witness, schedule};

use super::{admit, copy, found, head, join, make, offline, practice, rotate, until};

const HOUR: Duration = Duration::from_hours(1);
const PERIOD: Duration = Duration::from_millis(schedule::PERIOD);

pub(super) async fn open(clock: &Clock, dir: &Path, dial: Option<&Node>) -> Node {
    let listen = vec!["/ip4/127.0.0.1/tcp/0".parse().unwrap()];
    let dial = match dial {
        Some(other) => other.listeners().await,
        None => Vec::new(),
    };
    let network = Some(NetConfig { listen, dial, ..NetConfig::default() });
    Node::open_by(clock.clone(), Config { network, ..Config::alone(dir.to_owned()) }).await.unwrap()
}

/// Returns how many entries of a kind an author's log has at a node.
async fn count<T: Body>(node: &Node, author: AuthorId) -> usize {
    let Some((last, ..)) = head(node, author).await else { return 0 };
    let store = node.store().clone();
    let rows = tokio::task::spawn_blocking(move || store.rows(author, 0, 0..=last).unwrap());
    rows.await.unwrap().iter().filter(|row| row.kind == T::KIND).count()
}

/// Returns the last statement of a kind in an author's log.
async fn last<T: Body + Send + 'static>(node: &Node, author: AuthorId) -> T {
    let (last, ..) = head(node, author).await.unwrap();
    let store = node.store().clone();
    let read = move || {
        let rows = store.rows(author, 0, 0..=last).unwrap();
        let row = rows.iter().rev().find(|row| row.kind == T::KIND).unwrap();
        let hash = store.entry(author, row.place).unwrap().unwrap().entry.header().body.hash;
        T::read(&store.body(&hash).unwrap().unwrap()).unwrap()
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

/// A steward and a member whose nodes are connected and go by one clock.
struct Pair {
    net: NetworkId,
    steward: AuthorId,
    member: AuthorId,
    a_node: Node,
    b_node: Node,
}

impl Pair {
    async fn open(clock: &Clock, dir: &Path) -> Self {
        let [a, b] = ["a", "b"].map(|name| dir.join(name));
        let (steward, member) = (make(&a, "A").0, make(&b, "B").0);
        let node = offline(&a).await;
        let net = found(&node, &[member]).await;
        node.shutdown().await;
        let a_node = open(clock, &a, None).await;
        let node = offline(&b).await;
        node.enter(net, a_node.listeners().await).await.unwrap();
        node.publish(vec![join(net)]).await.unwrap();
        node.shutdown().await;
        let b_node = open(clock, &b, Some(&a_node)).await;
        until("the member's log at the steward's", async || head(&a_node, member).await.is_some()).await;
        Self { net, steward, member, a_node, b_node }
    }
}

/// Lets the node look a few times at its clock.
async fn looks() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_are_listed_and_confirmed_once_a_week_while_there_is_something_new() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::default();
    let Pair { steward, member, a_node, b_node, .. } = Pair::open(&clock, dir.path()).await;
    looks().await;
    assert_eq!(count::<Checkpoint>(&a_node, steward).await, 0, "a network is not listed while it is founded");

    // Within hours the steward lists what it holds, and within a day of it the member confirms that.
    clock.advance(8 * HOUR);
    until("a checkpoint", async || count::<Checkpoint>(&a_node, steward).await == 1).await;
    let listed: Checkpoint = last(&a_node, steward).await;
    let authors: Vec<AuthorId> = listed.heads.iter().map(|row| row.author()).collect();
    assert!(authors.contains(&steward) && authors.contains(&member));
    until("the checkpoint at the member's", async || count::<Checkpoint>(&b_node, steward).await == 1).await;
    clock.advance(25 * HOUR);
    until("a confirmation", async || count::<Witness>(&b_node, member).await == 1).await;
    let witness: Witness = last(&b_node, member).await;
    assert_eq!((witness.checkpoint.author, witness.except), (steward, vec![]));
    until("it at the steward's", async || count::<Witness>(&a_node, member).await == 1).await;

    // A week later there is nothing but these two: nothing is said, however often the node starts.
    clock.advance(PERIOD);
    b_node.shutdown().await;
    a_node.shutdown().await;
    let a_node = open(&clock, &dir.path().join("a"), None).await;
    let b_node = open(&clock, &dir.path().join("b"), Some(&a_node)).await;
    clock.advance(HOUR);
    looks().await;
    assert_eq!(count::<Checkpoint>(&a_node, steward).await, 1, "only statements about statements are new");

    // One record more, and both speak once.
    b_node.publish(vec![practice("Portail")]).await.unwrap();
    clock.advance(HOUR);
    until("the record at the steward's", async || {
        head(&a_node, member).await.is_some_and(|(seq, ..)| seq == 4)
    })
    .await;
    clock.advance(HOUR);
    until("a second checkpoint", async || count::<Checkpoint>(&a_node, steward).await == 2).await;
    until("it at the member's", async || count::<Checkpoint>(&b_node, steward).await == 2).await;
    clock.advance(25 * HOUR);
    until("a second confirmation", async || count::<Witness>(&b_node, member).await == 2).await;
    looks().await;
    clock.advance(25 * HOUR);
    looks().await;
    assert_eq!(count::<Checkpoint>(&a_node, steward).await, 2);
    assert_eq!(count::<Witness>(&b_node, member).await, 2);
    assert_eq!(count::<Witness>(&a_node, steward).await, 0, "its own list says by itself what it says");
    a_node.shutdown().await;
    b_node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_can_have_it_said_at_once_and_nothing_is_said_twice() {
    let dir = tempfile::tempdir().unwrap();
    let a = dir.path().join("a");
    let steward = make(&a, "A").0;
    let node = offline(&a).await;
    assert_eq!(node.testify().await, Err(TestifyError::NoStanding), "there is no network yet");
    found(&node, &[]).await;
    let (one, two) = tokio::join!(node.testify(), node.testify());
    assert_eq!(one.unwrap().len() + two.unwrap().len(), 1);
    assert_eq!(node.testify().await.unwrap(), []);
    node.publish(vec![practice("Forum")]).await.unwrap();
    assert_eq!(node.testify().await.unwrap().len(), 1);
    assert_eq!(count::<Checkpoint>(&node, steward).await, 2);
    // A member has somebody else's list to confirm, or none.
    assert_eq!(count::<Witness>(&node, steward).await, 0);
    node.publish(vec![admit(node.network().unwrap(), &[AuthorId([7; 32])])]).await.unwrap();
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_in_quarantine_says_nothing_until_it_may_sign_again() {
    let dir = tempfile::tempdir().unwrap();
    let [home, restored] = ["home", "restored"].map(|name| dir.path().join(name));
    let steward = make(&home, "A").0;
    let node = offline(&home).await;
    found(&node, &[]).await;
    node.shutdown().await;
    copy(&home, &restored, &["lock", GUARD_FILE]);

    let clock = Clock::default();
    let node = open(&clock, &restored, None).await;
    let refused = TestifyError::Publish(PublishError::Quarantine(Quarantine::GuardMissing));
    assert_eq!(node.testify().await, Err(refused.clone()));
    clock.advance(8 * HOUR);
    looks().await;
    clock.advance(PERIOD);
    looks().await;
    assert_eq!(count::<Checkpoint>(&node, steward).await, 0, "due, and not signed");
    assert_eq!(node.testify().await, Err(refused));

    // Nobody asks it to: what was due is said as soon as it may sign.
    node.resume().await.unwrap();
    clock.advance(HOUR);
    until("a checkpoint", async || count::<Checkpoint>(&node, steward).await == 1).await;
    node.shutdown().await;
}

/// Returns the last entry of an author's log at a node, with its body, as a file.
async fn last_entry(node: &Node, author: AuthorId) -> Vec<u8> {
    let (seq, ..) = head(node, author).await.unwrap();
    let (store, net) = (node.store().clone(), node.network().unwrap());
    let read = move || {
        let rows = store.rows(author, 0, seq..=seq).unwrap();
        let entry = store.entry(author, rows[0].place).unwrap().unwrap().entry;
        let body = store.body(&entry.header().body.hash).unwrap().unwrap();
        let start =
            Start { net, made: 0, about: Some(Bytes32(author.0)), scope: Scope::Author, bundle: VERSION };
        let (mut writer, mut file) = Writer::begin(&start);
        file.extend(writer.body(&body));
        file.extend(writer.envelope(entry.envelope()));
        file.extend(writer.finish());
        file
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_whose_log_is_forked_says_nothing_until_a_rotation_decides() {
    let dir = tempfile::tempdir().unwrap();
    let [home, twin] = ["home", "twin"].map(|name| dir.path().join(name));
    let (steward, key) = make(&home, "A");
    let node = offline(&home).await;
    found(&node, &[]).await;
    let (_, before, _) = head(&node, steward).await.unwrap();
    node.shutdown().await;
    // The same key on two machines.
    copy(&home, &twin, &["lock"]);
    let node = offline(&twin).await;
    node.publish(vec![practice("Ailleurs")]).await.unwrap();
    let elsewhere = last_entry(&node, steward).await;
    node.shutdown().await;

    let clock = Clock::default();
    let node = open(&clock, &home, None).await;
    node.publish(vec![practice("Ici")]).await.unwrap();
    node.import(&elsewhere).await.unwrap();
    until("the fork is seen", async || head(&node, steward).await.unwrap().2 == Status::Forked).await;
    let frozen = Err(TestifyError::Publish(PublishError::Frozen));
    assert_eq!(node.testify().await, frozen);
    clock.advance(8 * HOUR);
    looks().await;
    clock.advance(PERIOD);
    looks().await;
    assert_eq!(head(&node, steward).await.unwrap().1, before, "due, and not signed");
    assert_eq!(node.testify().await, frozen);

    let (rotated, _) = rotate(&node, &key, Reason::Theft, Some(before)).await.unwrap();
    assert_eq!(rotated.status, Status::Ok);
    clock.advance(HOUR);
    until("it speaks again", async || head(&node, steward).await.unwrap().1 != rotated.id).await;
    assert_eq!(node.testify().await, Ok(Vec::new()), "what was due was said by itself");
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_member_confirms_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::default();
    let Pair { net, steward, member, a_node, b_node } = Pair::open(&clock, dir.path()).await;
    let (upto, ..) = head(&a_node, member).await.unwrap();
    let suspend = Suspend { net, note: None, upto: upto.into(), author: member, reason: "keys".into() };
    let draft = Draft { kind: Suspend::KIND.to_owned(), body: suspend.to_map(), salt: None };
    let suspended = a_node.publish(vec![draft]).await.unwrap()[0];
    assert_eq!(a_node.testify().await.unwrap().len(), 1);
    until("the list at the member's", async || count::<Checkpoint>(&b_node, steward).await == 1).await;
    assert_ne!(head(&b_node, steward).await.unwrap().1, suspended);

    assert_eq!(b_node.testify().await, Err(TestifyError::NoStanding));
    clock.advance(8 * HOUR);
    looks().await;
    clock.advance(PERIOD);
    looks().await;
    assert_eq!(count::<Witness>(&b_node, member).await, 0);
    a_node.shutdown().await;
    b_node.shutdown().await;
}
