//! What the engine has decided, copied out of it between two inputs so that answers are made beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use multaqa_protocol::engine::{Candidates, Engine};
use multaqa_protocol::entry::NETWORK_KINDS;
use multaqa_protocol::id::{AuthorId, EntryId, Millis, NetworkId, Seq};
use multaqa_protocol::log::{Choice, Head, Log, Mark, Place, Stretch};
use multaqa_protocol::network::{Governance, Known, Ref, Withdrawal};

use crate::api::types::Status;
use crate::store::{BodyMark, Row};

/// The engine's decisions at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(super) network: Option<NetworkId>,
    pub(super) governance: Governance,
    pub(super) authors: BTreeMap<AuthorId, Held>,
    pub(super) withdrawals: BTreeMap<Ref, Withdrawal>,
    /// Applicants, with the entries of their applications (N12).
    pub(super) candidates: BTreeMap<AuthorId, Vec<Applied>>,
    /// When a current steward last made a statement, as it claims.
    pub(super) last_statement: Option<Millis>,
}

/// One author's log as it is chosen.
#[derive(Clone, Debug)]
pub struct Held {
    pub(super) log: Log,
    pub(super) choice: Choice,
    pub(super) head: Option<Head>,
    /// The last entry whose record is shown as canonical (N7); also for stewards, whose logs it does
    /// not cut otherwise.
    pub(super) cut: Option<Seq>,
    /// When it says that it joined, if it is a member.
    pub(super) member_since: Option<Millis>,
}

/// An entry of an application.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    pub(super) kind: String,
    pub(super) time: Millis,
    pub(super) body: Option<Arc<[u8]>>,
}

impl Snapshot {
    /// Copies what answers need. It is quick: its size follows authors, not entries.
    #[must_use]
    pub fn of(engine: &Engine) -> Self {
        let governance = engine.governance();
        let held = |(author, known): (&AuthorId, &Known)| {
            let view = engine.view(author)?;
            let cut = governance.standing(*author).and_then(|standing| standing.cut);
            let member_since = governance.member_since(*author, known, &view.choice);
            let (log, choice) = (known.log.clone(), view.choice.clone());
            let held = Held { log, choice, head: view.head, cut, member_since };
            Some((*author, held))
        };
        Self {
            network: engine.network(),
            governance: governance.clone(),
            authors: engine.logs().iter().filter_map(held).collect(),
            withdrawals: engine.withdrawals().clone(),
            candidates: applications(engine.candidates()),
            last_statement: last_statement(engine),
        }
    }

    /// Returns the decisions of the network's stewards.
    #[must_use]
    pub const fn governance(&self) -> &Governance {
        &self.governance
    }

    /// Returns the logs held, by author.
    #[must_use]
    pub const fn authors(&self) -> &BTreeMap<AuthorId, Held> {
        &self.authors
    }

    /// Returns how many entries there are on the canonical paths.
    pub(crate) fn entries(&self) -> u64 {
        self.authors.values().map(|held| u64::from(held.choice.head.seq) + 1).sum()
    }

    /// Returns every author of whom anything is known here.
    pub(super) fn authors_known(&self) -> BTreeSet<AuthorId> {
        let named = self.governance.standings().keys().chain(self.governance.stewards());
        self.authors.keys().chain(named).chain(self.candidates.keys()).copied().collect()
    }

    /// Returns why an entry is withdrawn, if it is; those of network kinds never are (B2).
    pub(super) fn withdrawal(
        &self,
        author: AuthorId,
        seq: Seq,
        id: EntryId,
        kind: &str,
    ) -> Option<&Withdrawal> {
        if is_network_kind(kind) { None } else { self.withdrawals.get(&Ref { author, seq, id }) }
    }

    /// Tells whether a body is withdrawn, by the engine's decision or by the mark that the store keeps.
    pub(super) fn is_withdrawn(&self, author: AuthorId, row: &Row) -> bool {
        row.body == BodyMark::Withdrawn || self.withdrawal(author, row.place.seq, row.id, &row.kind).is_some()
    }

    /// Tells whether the body of an entry must not leave this node (B3).
    #[must_use]
    pub fn hides(&self, author: AuthorId, row: &Row) -> bool {
        self.is_withdrawn(author, row)
    }

    /// Returns how an entry stands.
    pub(super) fn status(&self, author: AuthorId, held: &Held, row: &Row) -> Status {
        match held.mark(row.place, &row.kind) {
            Mark::Disputed => Status::Disputed,
            Mark::Disowned { .. } => Status::Disowned,
            Mark::BeyondCut => Status::BeyondCut,
            Mark::Canonical if self.is_withdrawn(author, row) => Status::Withdrawn,
            Mark::Canonical => Status::Canonical,
        }
    }
}

fn applications(candidates: &Candidates) -> BTreeMap<AuthorId, Vec<Applied>> {
    let application = |author: AuthorId| {
        let entries = candidates.entries(&author)?.iter();
        let applied = entries.map(|arriving| Applied {
            kind: arriving.signed.kind().to_owned(),
            time: arriving.signed.header().time,
            body: arriving.body.clone(),
        });
        Some((author, applied.collect()))
    };
    candidates.authors().filter_map(application).collect()
}

fn last_statement(engine: &Engine) -> Option<Millis> {
    let stewards = engine.governance().stewards().iter();
    let logs = stewards.filter_map(|steward| Some((engine.logs().get(steward)?, engine.view(steward)?)));
    let times = logs.filter_map(|(known, view)| {
        let counted = known.statements.iter().filter(|statement| view.choice.contains(statement.place));
        counted.map(|statement| statement.time).max()
    });
    times.max()
}

impl Held {
    /// Returns the log's skeleton and keys.
    #[must_use]
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// Returns the canonical path.
    #[must_use]
    pub const fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Returns the mark of the entry at `place`. Statements that count are never beyond a steward's cut.
    pub(super) fn mark(&self, place: Place, kind: &str) -> Mark {
        let counts = is_network_kind(kind) && self.choice.contains(place);
        self.log.tree().mark(place, &self.choice, self.cut.filter(|_| !counts))
    }

    /// Returns the runs that are off the canonical path, each of one branch.
    pub(super) fn off_path(&self) -> Vec<Stretch> {
        let after_path = |branch: Stretch| {
            let on = self.choice.path().iter().find(|run| run.branch == branch.branch);
            let first = on.map_or(branch.first, |run| run.last.saturating_add(1));
            Stretch { first, ..branch }
        };
        self.log.tree().branches().map(after_path).filter(|run| run.first <= run.last).collect()
    }
}

/// Tells whether `kind` is a network kind, whose entries are statements and no records.
pub(super) fn is_network_kind(kind: &str) -> bool {
    NETWORK_KINDS.contains(&kind)
}

/// Tells whether entries of `kind` are records: what people write for people.
pub(crate) fn is_record_kind(kind: &str) -> bool {
    !is_network_kind(kind)
        && kind != multaqa_protocol::entry::INCEPTION
        && kind != multaqa_protocol::entry::ROTATE
}
