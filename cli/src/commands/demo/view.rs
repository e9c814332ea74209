//! What is seen of a demo's nodes at one moment, and how it is shown.

use multaqa_node::api::types::MemberState;
use multaqa_protocol::id::{AuthorId, EntryId, Seq};
use multaqa_protocol::log;
use multaqa_protocol::record::Words;
use serde::Serialize;

use crate::commands::init::best;
use crate::context::Context;
use crate::messages::say;
use crate::output::{short, table};

/// Schema of the report.
const SCHEMA: &str = "multaqa/demo/1";

/// Every node at one moment.
pub(super) struct Picture {
    pub(super) nodes: Vec<NodeView>,
}

/// One node at one moment, as it says itself.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NodeView {
    pub(super) author: AuthorId,
    pub(super) names: Words,
    pub(super) place: Option<String>,
    pub(super) data: String,
    pub(super) public: String,
    pub(super) office: String,
    pub(super) peers: u64,
    pub(super) entries: u64,
    pub(super) missing: u64,
    pub(super) standing: Option<MemberState>,
    pub(super) heads: Vec<Head>,
}

/// The head of one author's log, as a node holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Head {
    pub(super) author: AuthorId,
    pub(super) seq: Seq,
    pub(super) id: EntryId,
}

/// What a demo ends in.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    schema: &'static str,
    converged: bool,
    seconds: f64,
    /// Entries of the whole network.
    entries: u64,
    nodes: &'a [NodeView],
}

/// What a node lacks of an author's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// The node's own author is no member yet.
    Standing { node: usize },
    /// It has not that author's head.
    Log { node: usize, author: usize, has: Option<Seq>, of: Seq },
    /// It has entries without their bodies.
    Bodies { node: usize, count: u64 },
}

impl Picture {
    /// Returns what each node lacks of what each author's own node holds.
    pub(super) fn lacking(&self) -> Vec<Lack> {
        let mut lacking = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if node.standing != Some(MemberState::Member) {
                lacking.push(Lack::Standing { node: at });
            }
            for (whose, owner) in self.nodes.iter().enumerate() {
                // An author that its own node does not list is no member, which is said above.
                let Some(own) = owner.head(owner.author) else {
                    continue;
                };
                let held = node.head(owner.author);
                if held.map(|head| head.id) != Some(own.id) {
                    let has = held.map(|head| head.seq);
                    lacking.push(Lack::Log { node: at, author: whose, has, of: own.seq });
                }
            }
            if node.missing > 0 {
                lacking.push(Lack::Bodies { node: at, count: node.missing });
            }
        }
        lacking
    }

    /// Returns what is lacking, for people.
    pub(super) fn say_lacking(&self, lacking: &[Lack], context: &Context) -> Vec<String> {
        let catalogue = &context.catalogue;
        let name = |at: usize| best(&self.nodes[at].names, context);
        let number = |seq: Seq| u64::from(seq) + 1;
        let sentence = |lack: &Lack| match *lack {
            Lack::Standing { node } => say!(catalogue, "lack-standing", name = name(node)),
            Lack::Log { node, author, has, of } => say!(
                catalogue,
                "lack-log",
                name = name(node),
                author = name(author),
                has = has.map_or(0, number),
                of = number(of)
            ),
            Lack::Bodies { node, count } => say!(catalogue, "lack-bodies", name = name(node), count = count),
        };
        lacking.iter().map(sentence).collect()
    }

    /// Returns what the demo ends in.
    pub(super) fn report(&self, converged: bool, seconds: f64) -> Report<'_> {
        let seconds = (seconds * 1_000.0).round() / 1_000.0;
        Report { schema: SCHEMA, converged, seconds, entries: self.entries(), nodes: &self.nodes }
    }

    /// Returns the number of entries of the network: every author's, as its own node counts them.
    fn entries(&self) -> u64 {
        self.nodes.iter().filter_map(|node| node.head(node.author)).map(|head| u64::from(head.seq) + 1).sum()
    }

    fn table(&self, terminal: bool, context: &Context) -> String {
        let catalogue = &context.catalogue;
        let mut head = vec![
            say!(catalogue, "head-node"),
            say!(catalogue, "head-place"),
            say!(catalogue, "head-peers"),
            say!(catalogue, "head-entries"),
            say!(catalogue, "head-head"),
        ];
        head.extend((1..=self.nodes.len()).map(|number| number.to_string()));
        let row = |(at, node): (usize, &NodeView)| {
            let own = node.head(node.author);
            let mut row = vec![
                format!("{} {}", at + 1, best(&node.names, context)),
                node.place.clone().unwrap_or_default(),
                node.peers.to_string(),
                node.entries.to_string(),
                own.map(|head| short(&head.id.to_string())).unwrap_or_default(),
            ];
            // Who has what: a column an author, how many entries of its log this node holds.
            row.extend(self.nodes.iter().map(|owner| {
                let held = node.head(owner.author).map_or(0, |head| u64::from(head.seq) + 1);
                let of = owner.head(owner.author).map_or(0, |head| u64::from(head.seq) + 1);
                if held == of { held.to_string() } else { format!("{held}/{of}") }
            }));
            row
        };
        table(head, self.nodes.iter().enumerate().map(row).collect(), terminal)
    }
}

impl NodeView {
    fn head(&self, author: AuthorId) -> Option<Head> {
        self.heads.iter().find(|head| head.author == author).copied()
    }
}

impl Head {
    /// Returns the head that a node holds of an author's log.
    pub(super) const fn new(author: AuthorId, head: log::Head) -> Self {
        Self { author, seq: head.seq, id: head.id }
    }
}

/// The table on the terminal, or a line for each change elsewhere.
pub(super) struct View {
    live: bool,
    last: Vec<u64>,
    lines: usize,
    told: bool,
}

impl View {
    /// Returns a view: a table drawn in place where `live`.
    pub(super) const fn new(live: bool) -> Self {
        Self { live, last: Vec::new(), lines: 0, told: false }
    }

    /// Tells whether it was told that every node holds everything.
    pub(super) const fn is_told(&self) -> bool {
        self.told
    }

    /// Tells that every node holds everything, and where to read it. A table that is drawn after it stands
    /// below.
    pub(super) fn tell(&mut self, seconds: f64, url: &str, context: &Context) {
        self.told = true;
        self.lines = 0;
        context.out.note(say!(context.catalogue, "demo-converged", seconds = format!("{seconds:.1}")));
        context.out.note(say!(context.catalogue, "demo-running", url = url));
    }

    /// Shows the nodes.
    pub(super) fn show(&mut self, picture: &Picture, last: bool, context: &Context) {
        let held: Vec<u64> = picture.nodes.iter().map(|node| node.entries).collect();
        let changed = held != self.last;
        self.last = held;
        if self.live {
            if changed || last {
                let text = picture.table(true, context);
                let back = if self.lines > 0 { format!("\x1b[{}A\x1b[J", self.lines) } else { String::new() };
                self.lines = text.lines().count();
                context.out.raw(format!("{back}{text}\n"));
            }
        } else if last {
            context.out.line(picture.table(false, context));
        } else if changed {
            let all = picture.entries();
            for node in &picture.nodes {
                let name = best(&node.names, context);
                context.out.note(say!(
                    context.catalogue,
                    "demo-holds",
                    name = name,
                    held = node.entries,
                    all = all
                ));
            }
        }
    }
}
