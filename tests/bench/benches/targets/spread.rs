//! Twenty nodes on loopback: how long after its publisher's acknowledgement a record is on every disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use multaqa_bench::{PRACTICE, practice};
use multaqa_node::driver::{Draft, Event};
use multaqa_node::{Config, NetConfig, Node};
use multaqa_protocol::id::{AuthorId, EntryId};

use super::{DEADLINE, Error, REST, found, held, line, make};

/// Nodes of the network.
const NODES: usize = 20;
/// Earlier nodes that each node dials, as many as it would keep.
const DIALLED: usize = 12;
/// Time between two looks at what has come.
const LOOK: Duration = Duration::from_millis(2);

/// When each entry was stored at each node.
type Stored = Arc<Mutex<BTreeMap<(EntryId, usize), Instant>>>;

/// Founds a network of twenty nodes, lets them publish in turn, and prints the times.
pub(super) async fn measure(dir: &Path, records: usize) -> Result<(), Error> {
    let dirs: Vec<_> = (1..NODES).map(|number| dir.join(format!("spread-{number}"))).collect();
    let authors = dirs.iter().map(|dir| make(dir, "Member")).collect::<Result<Vec<AuthorId>, _>>()?;
    let steward = dir.join("spread-0");
    let (node, network) = found(&steward, &authors).await?;
    node.shutdown().await;
    let mut nodes = vec![online(&steward, &[]).await?];
    for dir in &dirs {
        let node = Node::open(Config::alone(dir.clone())).await?;
        node.enter(network, nodes[0].listeners().await).await?;
        node.shutdown().await;
        nodes.push(online(dir, &nodes[nodes.len().saturating_sub(DIALLED)..]).await?);
    }
    let stored = Stored::default();
    for (number, node) in nodes.iter().enumerate() {
        tokio::spawn(watch(node.subscribe(), number, Arc::clone(&stored)));
    }
    let begin = Instant::now();
    let all = (NODES - 1) as u64 * 2;
    while !hold(&nodes, all).await? {
        if begin.elapsed() > DEADLINE {
            return Err("the nodes do not come to hold the same".into());
        }
        tokio::time::sleep(REST).await;
    }
    // A mesh is made at the first upkeep after the last connection.
    tokio::time::sleep(2 * REST).await;

    let mut times = Vec::new();
    for number in 0..records {
        let draft = Draft { kind: PRACTICE.into(), body: practice(number as u64), salt: None };
        let id = nodes[number % NODES].publish(vec![draft]).await?[0];
        times.extend(arrivals(&stored, id, Instant::now()).await?);
    }
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| format!("{:.1} ms", times[(times.len() - 1) * percent / 100] * 1e3);
    line("to all of 20 nodes, p50", &at(50), "", "", "");
    line("to all of 20 nodes, p99", &at(99), "", "", "≤ 300 ms");
    for node in nodes {
        node.shutdown().await;
    }
    Ok(())
}

async fn online(dir: &Path, earlier: &[Node]) -> Result<Node, Error> {
    let mut dial = Vec::new();
    for node in earlier {
        dial.extend(node.listeners().await);
    }
    let network = NetConfig { listen: vec!["/ip4/127.0.0.1/tcp/0".parse()?], dial, ..NetConfig::default() };
    Ok(Node::open(Config { network: Some(network), ..Config::alone(dir.to_owned()) }).await?)
}

async fn watch(mut events: tokio::sync::broadcast::Receiver<Event>, number: usize, stored: Stored) {
    while let Ok(event) = events.recv().await {
        if let Event::Stored { id, .. } = event {
            stored.lock().unwrap_or_else(PoisonError::into_inner).insert((id, number), Instant::now());
        }
    }
}

/// Tells whether every node holds at least so many entries, and all the same.
async fn hold(nodes: &[Node], least: u64) -> Result<bool, Error> {
    let first = held(&nodes[0]).await?;
    for node in nodes {
        if held(node).await? != first {
            return Ok(false);
        }
    }
    Ok(first >= least)
}

/// Returns how long after `acknowledged` an entry was stored at each node.
async fn arrivals(stored: &Stored, id: EntryId, acknowledged: Instant) -> Result<Vec<f64>, Error> {
    loop {
        let times: Vec<f64> = stored
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .range((id, 0)..(id, NODES))
            .map(|(_, at)| at.saturating_duration_since(acknowledged).as_secs_f64())
            .collect();
        if times.len() == NODES {
            return Ok(times);
        }
        if acknowledged.elapsed() > DEADLINE {
            return Err(format!("a record came to {} of {NODES} nodes", times.len()).into());
        }
        tokio::time::sleep(LOOK).await;
    }
}
