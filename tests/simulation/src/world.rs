//! The world: the clock, the queue of events, and what happens when.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::engine::{Arriving, Effect, Input, Ticket};
use multaqa_protocol::entry::{Entry, Signed};
use multaqa_protocol::id::{AuthorId, EntryId, Millis, NetworkId, sha256};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::acts::Motion;
use crate::author::Author;
use crate::node::Node;
use crate::report::{Failure, Quality, Report, Trace};
use crate::store::Survives;
use crate::wire::Stream;

/// Nodes that follow the protocol.
pub(crate) const NODES: usize = 10;
/// Of them, those of the first stewards.
pub(crate) const STEWARDS: usize = 3;
/// Nodes that do not follow it: one sends valid frames out of place, one withholds.
pub(crate) const HOSTILE: usize = 2;
/// How long authors write and faults happen, in milliseconds.
const BUSY: Millis = 240_000;
/// Rounds of comparison after which everything must be at rest.
const ROUNDS: usize = 40;
/// Virtual time of one round.
const ROUND: Millis = 15_000;

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Tick(usize),
    Message { to: usize, from: usize, bytes: Arc<[u8]> },
    Frame { stream: u64, end: usize, bytes: Arc<[u8]> },
    HalfClosed { stream: u64, end: usize },
    Broken { stream: u64, end: usize },
    Appended { node: usize, start: u32, ticket: Ticket },
    Connect { from: usize, to: usize },
    Act(usize),
    Compare(usize),
    Crash(usize),
    Start(usize),
    Partition,
    Heal,
    Thief,
    Equivocate(u8),
    Hostile,
    Motion,
}

/// What goes wrong, and how often.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) on: bool,
    pub(crate) loss: f64,
    pub(crate) repeat: f64,
    pub(crate) breaks: f64,
    pub(crate) delay: Millis,
}

/// Everything.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) rng: ChaCha8Rng,
    pub(crate) now: Millis,
    queue: BTreeMap<(Millis, u64), Event>,
    next_event: u64,
    pub(crate) net: NetworkId,
    pub(crate) nodes: Vec<Node>,
    /// Those of the nodes, then one without a node, who equivocates.
    pub(crate) authors: Vec<Author>,
    pub(crate) neighbours: Vec<BTreeSet<usize>>,
    /// To which side of the partition each node belongs.
    pub(crate) side: Vec<u8>,
    pub(crate) streams: BTreeMap<u64, Stream>,
    pub(crate) next_stream: u64,
    pub(crate) faults: Faults,
    /// Decoded entries, with their signature checked where they have a known author's.
    pub(crate) decoded: BTreeMap<[u8; 32], Result<Signed, &'static str>>,
    pub(crate) signed: BTreeMap<EntryId, Signed>,
    /// Everything that was ever signed, with its body.
    pub(crate) made: BTreeMap<EntryId, Arriving>,
    pub(crate) motions: Vec<Motion>,
    /// Frames of honest nodes, for the hostile one to send again.
    pub(crate) heard: Vec<Arc<[u8]>>,
    pub(crate) branches: BTreeSet<AuthorId>,
    pub(crate) trace: Trace,
    pub(crate) quality: Quality,
    pub(crate) failure: Option<Box<Failure>>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let authors: Vec<Author> = (0..=NODES).map(|_| Author::new(&mut rng, 1_000)).collect();
        let charter = crate::acts::founding(&mut rng, &authors[..STEWARDS]);
        let net = NetworkId(sha256(&charter));
        let nodes =
            authors[..NODES].iter().map(|author| Node::new(net, author.id, rng.random_range(0..5_000)));
        let nodes = nodes.collect();
        let faults = Faults {
            on: true,
            loss: rng.random_range(0.0..0.3),
            repeat: rng.random_range(0.0..0.2),
            breaks: *[0.0, 0.002, 0.02].choose(&mut rng).expect("three"),
            delay: *[30, 200, 2_000].choose(&mut rng).expect("three"),
        };
        let mut world = Self {
            seed,
            rng,
            now: 10_000,
            queue: BTreeMap::new(),
            next_event: 0,
            net,
            nodes,
            authors,
            neighbours: vec![BTreeSet::new(); NODES + HOSTILE],
            side: vec![0; NODES + HOSTILE],
            streams: BTreeMap::new(),
            next_stream: 0,
            faults,
            decoded: BTreeMap::new(),
            signed: BTreeMap::new(),
            made: BTreeMap::new(),
            motions: Vec::new(),
            heard: Vec::new(),
            branches: BTreeSet::new(),
            trace: Trace::new(),
            quality: Quality::default(),
            failure: None,
        };
        world.connect_graph();
        world.begin(charter);
        world.schedule();
        world
    }

    /// Joins every node to three others, so that each has about six neighbours.
    fn connect_graph(&mut self) {
        let all = NODES + HOSTILE;
        for node in 0..all {
            for _ in 0..3 {
                let other = (node + self.rng.random_range(1..all)) % all;
                self.neighbours[node].insert(other);
                self.neighbours[other].insert(node);
            }
        }
    }

    fn schedule(&mut self) {
        for node in 0..NODES {
            self.at(1_000, Event::Tick(node));
            let first = self.rng.random_range(100..8_000);
            self.at(first, Event::Compare(node));
            let first = self.rng.random_range(2_000..20_000);
            self.at(first, Event::Act(node));
        }
        for _ in 0..self.rng.random_range(0..12) {
            let (when, node) = (self.rng.random_range(0..BUSY), self.rng.random_range(0..NODES));
            self.at(when, Event::Crash(node));
        }
        for _ in 0..self.rng.random_range(0..3) {
            let when = self.rng.random_range(0..BUSY);
            let heals = when + self.rng.random_range(5_000..60_000);
            self.at(when, Event::Partition);
            self.at(heals, Event::Heal);
        }
        for _ in 0..self.rng.random_range(0..3) {
            let when = self.rng.random_range(60_000..BUSY);
            self.at(when, Event::Thief);
        }
        for _ in 0..self.rng.random_range(2..7) {
            let when = self.rng.random_range(40_000..BUSY);
            self.at(when, Event::Motion);
        }
        for (step, when) in [20_000, 50_000, 100_000, 120_000, 160_000, 200_000].into_iter().enumerate() {
            let late = self.rng.random_range(0..20_000);
            self.at(when + late, Event::Equivocate(u8::try_from(step).expect("six")));
        }
        for _ in 0..30 {
            let when = self.rng.random_range(10_000..BUSY);
            self.at(when, Event::Hostile);
        }
    }

    /// Queues an event after `delay` milliseconds.
    pub(crate) fn at(&mut self, delay: Millis, event: Event) {
        self.next_event += 1;
        self.queue.insert((self.now + delay, self.next_event), event);
    }

    /// Stops the run with an invariant that does not hold.
    pub(crate) fn fail(&mut self, rule: &'static str, what: String) {
        if self.failure.is_none() {
            let trace = self.trace.shown();
            self.failure = Some(Box::new(Failure { seed: self.seed, rule, what, trace }));
        }
    }

    pub(crate) fn note(&mut self, what: std::fmt::Arguments<'_>) {
        self.trace.line(format!("{:>7} {what}", self.now - 10_000));
    }

    /// Handles events up to the time `until`.
    fn run_until(&mut self, until: Millis) {
        while let Some(((when, number), _)) = self.queue.first_key_value()
            && *when <= until
            && self.failure.is_none()
        {
            let key = (*when, *number);
            self.now = key.0;
            if let Some(event) = self.queue.remove(&key) {
                self.step(event);
            }
        }
        self.now = until;
    }

    /// Runs with faults, then without, until everything is at rest.
    pub(crate) fn run(&mut self) {
        let start = self.now;
        self.run_until(start + BUSY);
        self.faults = Faults { on: false, loss: 0.0, repeat: 0.0, breaks: 0.0, delay: 60 };
        self.side.fill(0);
        self.note(format_args!("the faults end"));
        for node in 0..NODES {
            if !self.nodes[node].alive {
                self.start(node);
            }
        }
        let rest_from = self.now;
        let mut rounds = 0;
        while self.failure.is_none() && !self.is_at_rest() {
            rounds += 1;
            if rounds > ROUNDS {
                self.explain_unrest();
                return;
            }
            self.round();
        }
        self.quality.to_rest = self.now - rest_from;
        self.check_rest();
        self.round();
        if self.failure.is_none() && !self.is_at_rest() {
            self.fail("S6", "what was at rest moved again".to_owned());
        }
        // Y7: whatever a peer does, a session ends.
        self.run_until(self.now + 12 * 60_000);
        self.check_ended();
    }

    fn round(&mut self) {
        for node in 0..NODES {
            let other = (node + self.rng.random_range(1..NODES)) % NODES;
            self.at(node as Millis, Event::Connect { from: node, to: other });
        }
        self.run_until(self.now + ROUND);
    }

    pub(crate) fn finish(self) -> Result<Report, Box<Failure>> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.trace.report(self.quality)),
        }
    }

    fn step(&mut self, event: Event) {
        match event {
            Event::Tick(node) => {
                self.at(5_000, Event::Tick(node));
                self.input(node, Input::Tick);
            }
            Event::Message { to, from, bytes } => self.message(to, from, &bytes),
            Event::Frame { stream, end, bytes } => self.frame(stream, end, &bytes),
            Event::HalfClosed { stream, end } => self.half_closed(stream, end),
            Event::Broken { stream, end } => self.broken(stream, end),
            Event::Appended { node, start, ticket } => self.appended(node, start, ticket),
            Event::Connect { from, to } => self.connect(from, to),
            Event::Act(node) => {
                if self.faults.on {
                    let next = self.rng.random_range(5_000..18_000);
                    self.at(next, Event::Act(node));
                    self.act(node);
                }
            }
            Event::Compare(node) => {
                if self.faults.on {
                    let next = self.rng.random_range(8_000..25_000);
                    self.at(next, Event::Compare(node));
                    let all = NODES + HOSTILE;
                    let other = (node + self.rng.random_range(1..all)) % all;
                    self.connect(node, other);
                }
            }
            Event::Crash(node) => self.crash(node),
            Event::Start(node) => self.start(node),
            Event::Partition => {
                for side in &mut self.side {
                    *side = u8::from(self.rng.random_bool(0.5));
                }
                let side = self.side.clone();
                self.note(format_args!("partition {side:?}"));
            }
            Event::Heal => {
                self.side.fill(0);
                self.note(format_args!("the partition heals"));
            }
            Event::Thief => self.thief(),
            Event::Equivocate(step) => self.equivocate(step),
            Event::Hostile => self.hostile_gossip(),
            Event::Motion => self.move_motion(),
        }
    }

    fn crash(&mut self, node: usize) {
        if !self.faults.on || !self.nodes[node].alive {
            return;
        }
        let count = self.nodes[node].appends.len();
        let whole = self.rng.random_range(0..=count);
        let torn = self.rng.random_range(0..4);
        self.quality.crashes += 1;
        self.note(format_args!(
            "n{node} crashes: {count} appends on their way, {whole} written, {torn} torn"
        ));
        self.nodes[node].crash(whole, torn);
        self.break_streams_of(node);
        let back = self.rng.random_range(500..20_000);
        self.at(back, Event::Start(node));
    }

    fn start(&mut self, node: usize) {
        if self.nodes[node].alive {
            return;
        }
        let modes = [Survives::Index, Survives::Index, Survives::Checkpoint, Survives::Journal];
        let survives = *modes.choose(&mut self.rng).expect("four");
        let faults = self.nodes[node].restart(survives, self.now);
        self.note(format_args!("n{node} starts, {survives:?} survives"));
        if let Some(fault) = faults.first() {
            return self.fail("A8", format!("n{node} starts and {fault}"));
        }
        self.check_kept(node);
        // W2: what was signed is signed with the same bytes again.
        let entries = self.nodes[node].guard.clone();
        if !entries.is_empty() {
            self.hand_in(node, entries);
        }
        let next = self.rng.random_range(100..3_000);
        let other = (node + self.rng.random_range(1..NODES)) % NODES;
        self.at(next, Event::Connect { from: node, to: other });
    }

    /// Gives a node an input, does what it says, and checks what must hold after every step.
    pub(crate) fn input(&mut self, at: usize, input: Input) {
        if !self.nodes[at].alive || self.failure.is_some() {
            return;
        }
        let node = &mut self.nodes[at];
        let effects: Vec<Effect> = node.engine.handle(input, self.now + node.skew, &node.store);
        self.check_step(at);
        for effect in effects {
            self.effect(at, effect);
        }
    }

    fn appended(&mut self, at: usize, start: u32, ticket: Ticket) {
        let node = &mut self.nodes[at];
        if !node.alive || node.start != start {
            return;
        }
        let Some((found, batch)) = node.appends.pop_front() else { return };
        assert_eq!(found, ticket, "appends are confirmed in order");
        node.store.append(&batch);
        if self.rng.random_ratio(1, 40) {
            node.store.checkpoint();
        }
        self.input(at, Input::Appended { ticket });
    }

    /// Returns an entry's bytes decoded and its signature checked ahead, as the node's pool does;
    /// remembered, because both are functions of the bytes.
    pub(crate) fn decode(&mut self, envelope: &[u8]) -> Result<Signed, &'static str> {
        let key = sha256(envelope);
        if let Some(found) = self.decoded.get(&key) {
            let found = found.clone()?;
            // Sometimes no key was foreseen, and the engine checks by itself.
            return Ok(if self.rng.random_ratio(1, 40) {
                Signed::unchecked(found.entry().clone())
            } else {
                found
            });
        }
        let decoded = Entry::decode(envelope).map_err(|error| error.rule()).map(|entry| {
            let made = self.signed.get(&entry.id()).filter(|made| made.envelope() == entry.envelope());
            made.cloned().unwrap_or_else(|| Signed::unchecked(entry))
        });
        self.decoded.insert(key, decoded.clone());
        decoded
    }
}
