//! What a run gives: a hash of its trace, how good it was, or what failed.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use multaqa_protocol::id::Millis;

use crate::profile::Size;

/// Lines of the trace that are kept to be shown with a failure.
const SHOWN: usize = 120;

/// How well a run went, beyond being right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Entries that honest and dishonest authors made.
    pub entries: u64,
    /// Sync sessions.
    pub sessions: u64,
    /// Frames on them.
    pub frames: u64,
    /// Bytes of those frames.
    pub sync_bytes: u64,
    /// Gossip messages that arrived.
    pub gossip: u64,
    /// Those that were new to the node.
    pub gossip_new: u64,
    /// Crashes.
    pub crashes: u64,
    /// Virtual time between the end of the faults and rest, in milliseconds.
    pub to_rest: Millis,
    /// Largest number of bytes of a session between equal nodes.
    pub equal_bytes: u64,
    /// Authors whose logs were forked or contested at rest.
    pub frozen: u64,
    /// Withdrawals in force at rest.
    pub withdrawals: u64,
    /// Versions of the charter at rest.
    pub versions: u64,
    /// Members, listed and others, at rest.
    pub listed: u64,
    /// Authors whose log was cut at rest.
    pub suspended: u64,
    /// Times that a disk refused to write.
    pub disk_errors: u64,
    /// Backups restored.
    pub restores: u64,
    /// Bodies erased, over all nodes.
    pub erased: u64,
    /// Times that a hostile node was thought less of.
    pub blamed: u64,
    /// Records that honest listed authors stand by and that are at every honest node at rest.
    pub delivered: u64,
    /// Most branches of one author that one node kept.
    pub branches: u64,
    /// Most bytes that answers held back at one node.
    pub staged: u64,
    /// Most sessions of one node.
    pub open_sessions: u64,
    /// Most network statements that one node kept in memory.
    pub statements: u64,
}

/// A run that held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Hash of every line of the trace.
    pub trace: u64,
    /// Number of lines.
    pub lines: u64,
    /// How well it went.
    pub quality: Quality,
}

/// An invariant that does not hold.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The seed that replays it.
    pub seed: u64,
    /// The size of the network.
    pub size: Size,
    /// The rule.
    pub rule: &'static str,
    /// What happened.
    pub what: String,
    /// The end of the trace.
    pub trace: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.trace.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        writeln!(f, "{}: {}", self.rule, self.what)?;
        let (seed, size) = (self.seed, self.size.name());
        write!(f, "replay with SEED={seed} SIZE={size} cargo test -p multaqa-simulation")
    }
}

/// The lines of a run.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    hasher: DefaultHasher,
    lines: u64,
    kept: VecDeque<String>,
    loud: bool,
}

impl Trace {
    pub(crate) fn new() -> Self {
        Self { loud: std::env::var_os("TRACE").is_some(), ..Self::default() }
    }

    pub(crate) fn line(&mut self, line: String) {
        line.hash(&mut self.hasher);
        self.lines += 1;
        if self.loud {
            println!("{line}");
        }
        if self.kept.len() == SHOWN {
            self.kept.pop_front();
        }
        self.kept.push_back(line);
    }

    pub(crate) fn report(&self, quality: Quality) -> Report {
        Report { trace: self.hasher.finish(), lines: self.lines, quality }
    }

    pub(crate) fn shown(&self) -> Vec<String> {
        self.kept.iter().cloned().collect()
    }
}
