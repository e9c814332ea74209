//! Measures how a record spreads: hops to the last node, and copies of it that a node receives.
//!
//! Every node is libp2p's swarm with gossipsub under the settings of `node/src/net/gossip.rs`, that very
//! file. Links take 100 ms each way, whatever they carry. Time is virtual: it moves to the next thing that
//! happens when nothing more happens now, so the figures do not depend on the machine. Randomness within
//! gossipsub is its own; who is connected with whom comes from the seed.
//!
//! `--silent 30` lets so many of a hundred nodes forward nothing; hops and delivery are then those of the others.
//! `--quick` measures a few nodes and fails where a record does not come to all of them.

// Only its settings are used here.
#[allow(dead_code)]
#[path = "../../../../node/src/net/gossip.rs"]
mod gossip;
mod graph;
mod link;
mod node;
mod record;

use std::cell::RefCell;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::executor::LocalPool;
use futures::task::LocalSpawnExt;
use libp2p::identity::Keypair;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use web_time::Instant;

use link::{LATENCY, Shared};
use node::{Conduct, Order, Seen};

/// Time between two records.
const BETWEEN: Duration = Duration::from_secs(7);

/// What is measured.
struct Size {
    nodes: usize,
    records: u32,
    /// Time from the first connections to the first record.
    settle: Duration,
    /// Of a hundred nodes, so many forward nothing.
    silent: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)?.parse::<u64>().ok()
    };
    let quick = args.iter().any(|arg| arg == "--quick");
    let seed = after("--seed").unwrap_or(1);
    let settle = Duration::from_secs(after("--settle").unwrap_or(if quick { 20 } else { 180 }));
    let records = u32::try_from(after("--records").unwrap_or(if quick { 3 } else { 100 })).unwrap_or(100);
    let sizes = match after("--nodes") {
        Some(nodes) => vec![usize::try_from(nodes).unwrap_or(230)],
        None if quick => vec![30],
        None => vec![230, 1_590],
    };
    let silent = usize::try_from(after("--silent").unwrap_or(0).min(90)).unwrap_or(0);
    println!("| nodes | what | measured | target |\n|---|---|---|---|");
    let all = sizes.into_iter().map(|nodes| measure(&Size { nodes, records, settle, silent }, seed));
    if all.fold(true, |held, all| held && all) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A network whose time is moved by hand.
struct World {
    pool: LocalPool,
    hub: Shared,
    seen: Rc<RefCell<Seen>>,
    orders: Vec<UnboundedSender<Order>>,
}

impl World {
    /// Connects nodes with each other.
    fn new(nodes: usize, silent: usize, rng: &mut ChaCha8Rng) -> Self {
        let pool = LocalPool::new();
        let mut world = Self { pool, hub: Shared::default(), seen: Rc::default(), orders: Vec::new() };
        let peers: Vec<_> = (0..nodes).map(|_| Keypair::generate_ed25519().public().to_peer_id()).collect();
        world.seen.borrow_mut().numbers = peers.iter().copied().zip(0..).collect();
        for (own, peer) in peers.iter().enumerate() {
            let (sender, receiver) = unbounded();
            let swarm = node::swarm(&world.hub, *peer);
            let task = node::run(own, conduct(own, silent), swarm, receiver, Rc::clone(&world.seen));
            world.pool.spawner().spawn_local(task).expect("a pool that runs");
            world.orders.push(sender);
        }
        // One after the other within the first two seconds, so that their upkeep is not in step.
        for (own, dials) in graph::dials(nodes, rng).into_iter().enumerate() {
            world.pass(Duration::from_secs(2) / u32::try_from(nodes).unwrap_or(u32::MAX));
            world.order(own, Order::Dial(dials.into_iter().map(|node| (node, peers[node])).collect()));
        }
        world
    }

    fn order(&self, node: usize, order: Order) {
        self.orders[node].unbounded_send(order).expect("a node that runs");
    }

    /// Lets time pass.
    fn pass(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            self.pool.run_until_stalled();
            match futures_timer::next().filter(|next| *next <= end) {
                Some(next) => futures_timer::advance(next.max(Instant::now())),
                None => return futures_timer::advance(end),
            }
        }
    }

    /// Returns connections and peers in the mesh, the mean and the most of each.
    fn links(&mut self) -> [(f64, usize); 2] {
        (0..self.orders.len()).for_each(|node| self.order(node, Order::Count));
        self.pool.run_until_stalled();
        let links: Vec<(usize, usize)> = self.seen.borrow().links.values().copied().collect();
        let of = |count: fn(&(usize, usize)) -> usize| {
            let counts = links.iter().map(count);
            (counts.clone().sum::<usize>() as f64 / links.len() as f64, counts.max().unwrap_or(0))
        };
        [of(|links| links.0), of(|links| links.1)]
    }
}

/// Returns what a node does where `silent` of a hundred are silent.
const fn conduct(node: usize, silent: usize) -> Conduct {
    if node % 100 * 37 % 100 < silent { Conduct::Silent } else { Conduct::Honest }
}

/// Measures a network and tells whether every record came to every node.
fn measure(size: &Size, seed: u64) -> bool {
    let Size { nodes, records, settle, silent } = *size;
    let line =
        |what: &str, measured: String, target: &str| println!("| {nodes} | {what} | {measured} | {target} |");
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (mean, most) = graph::hops(nodes, 6, &mut rng);
    line("hops to the last node of a random graph of degree 6: mean, p99", format!("{mean:.1}, {most}"), "");

    let begin = std::time::Instant::now();
    let mut world = World::new(nodes, silent, &mut rng);
    world.pass(settle);
    let idle = world.hub.hub().bytes;
    world.pass(BETWEEN * 10);
    let idle = (world.hub.hub().bytes - idle) as f64 / (BETWEEN * 10).as_secs_f64() / nodes as f64;
    let honest: Vec<usize> = (0..nodes).filter(|node| conduct(*node, silent) == Conduct::Honest).collect();
    let mut published = Vec::new();
    let before = world.hub.hub().bytes;
    for number in 0..records {
        let part = Duration::from_millis(rng.random_range(0..1_000));
        world.pass(part);
        published.push(Instant::now());
        world.order(honest[rng.random_range(0..honest.len())], Order::Publish(number));
        world.pass(BETWEEN - part);
    }
    let busy = (world.hub.hub().bytes - before) as f64 / f64::from(records) / nodes as f64;
    let [connections, mesh] = world.links();
    line("connections of a node: mean, most", format!("{:.1}, {}", connections.0, connections.1), "≤ 40");
    line("peers in its mesh: mean, most", format!("{:.1}, {}", mesh.0, mesh.1), "");
    line("bytes that a node sends a second, idle", format!("{idle:.0}"), "");

    let seen = world.seen.borrow();
    let mut hops = Vec::new();
    let mut last = Vec::new();
    let mut times = Vec::new();
    let mut missing = 0;
    for number in 0..records {
        let all: Vec<_> = honest.iter().filter_map(|node| seen.came.get(&(number, *node)).copied()).collect();
        missing += honest.len() - all.len();
        hops.extend(all.iter().map(|came| came.hops).filter(|hops| *hops > 0));
        last.push(all.iter().map(|came| came.hops).max().unwrap_or(0));
        let at = published[number as usize];
        times.push(all.iter().map(|came| (came.at - at).as_secs_f64()).fold(0.0, f64::max));
    }
    let target = format!("≤ {}", most + 1);
    line("hops of all deliveries: mean, p99, most", three(&mut hops), &target);
    line("hops to the last node: mean, p99, most", three(&mut last), &target);
    times.sort_by(f64::total_cmp);
    let (half, most) = (times[times.len() / 2], times[times.len() - 1]);
    line(
        &format!("time to the last node: median, most, links of {} ms", LATENCY.as_millis()),
        format!("{half:.2} s, {most:.2} s"),
        "",
    );
    let hub = world.hub.hub();
    let copies: u32 = hub.copies.values().sum();
    let received = f64::from(copies) / f64::from(records) / nodes as f64;
    let most = hub.copies.values().max().copied().unwrap_or(0);
    line("copies of a record that a node receives: mean, most", format!("{received:.2}, {most}"), "≤ 3 mean");
    line("bytes that a node sends for a record of 4,350, upkeep included", format!("{busy:.0}"), "");
    let delivered = 1.0 - missing as f64 / (records as usize * honest.len()) as f64;
    line("delivered", format!("{:.3} %", delivered * 100.0), "100 %");
    eprintln!("{nodes} nodes took {:.0} s", begin.elapsed().as_secs_f64());
    missing == 0
}

/// Returns the mean, the 99th percentile and the most of some counts.
fn three(counts: &mut [u32]) -> String {
    counts.sort_unstable();
    let Some(most) = counts.last().copied() else { return "nothing".to_owned() };
    let mean = counts.iter().map(|count| f64::from(*count)).sum::<f64>() / counts.len() as f64;
    format!("{mean:.2}, {}, {most}", counts[(counts.len() - 1) * 99 / 100])
}
