//! The invariants that hold after every step, at every start, and while time passes. Each is named by
//! the rule that it comes from.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::engine::{Batch, Effect, Load, MAX_MISSING};
use multaqa_protocol::id::AuthorId;
use multaqa_protocol::log::{Log, Place, Status};

use crate::profile::Size;
use crate::world::World;

/// Most applications a node keeps (N12).
const MAX_CANDIDATES: usize = 100;
/// Bytes of one answer that a node may hold back (Y5), and of all applications (N12).
const MAX_HELD: usize = 16 << 20;
/// Questions that one session may have queued, for each author: two logs and what is withheld.
const MAX_QUEUED: usize = 4;

impl World {
    /// Checks what holds after every step of a node: of all authors, or in a large network of those
    /// that the step was about.
    pub(crate) fn check_step(&mut self, at: usize, effects: &[Effect]) {
        let engine = &self.nodes[at].engine;
        let authors: BTreeSet<AuthorId> = if self.profile.size == Size::Large {
            let batches = effects.iter().filter_map(|effect| match effect {
                Effect::Append { batch, .. } => Some(batch),
                _ => None,
            });
            batches.flat_map(|batch| batch.authors.iter().map(|(author, _)| *author)).collect()
        } else {
            engine.logs().keys().copied().collect()
        };
        if engine.candidates().authors().count() > MAX_CANDIDATES {
            self.fail("N12", format!("n{at} keeps too many applications"));
        }
        for author in authors {
            self.check_author(at, author);
        }
    }

    fn check_author(&mut self, at: usize, author: AuthorId) {
        let node = &mut self.nodes[at];
        if let Some(head) = node.engine.heads().get(&author)
            && node.told.insert(author, head.id) != Some(head.id)
            && !node.store.holds(&author, &head.id)
        {
            return self.fail("W5", format!("n{at} tells the head {:?} of {author:?}", head.id));
        }
        // S5, N7: the accepted prefix shrinks by a proven fork, a rotation, a pin or a cut only.
        let (Some(known), Some(view)) = (node.engine.logs().get(&author), node.engine.view(&author)) else {
            return;
        };
        let now = (view.choice.head, view.choice.status);
        let before = node.watched.insert(author, now);
        let Some((head, _)) = before.filter(|before| *before != now) else { return };
        let tree = known.log.tree();
        let left = tree.last_common(head, view.choice.head);
        let rotates = tree.first_rotation(&view.choice.after(left.seq)).is_some();
        let reason = now.1 != Status::Ok || rotates || view.pin.is_some() || view.cut.is_some();
        if !view.choice.contains(head) && !reason {
            self.fail("S5", format!("n{at}: {author:?} went back from {head:?} to {:?}", now.0));
        }
    }

    /// V5: what is stored was signed by somebody who has the key; B3: what is hidden is not fetched.
    pub(crate) fn check_batch(&mut self, at: usize, batch: &Batch) {
        if let Some(forged) = batch.entries.iter().find(|write| !self.made.contains_key(&write.entry.id())) {
            return self.fail("V5", format!("n{at} stores {:?}, which nobody signed", forged.entry));
        }
        let node = &self.nodes[at];
        let on_the_way = node.appends.iter().map(|(_, batch)| batch).chain([batch]);
        let named: BTreeSet<_> = on_the_way
            .flat_map(|batch| batch.entries.iter().map(|write| write.entry.header().body.hash))
            .collect();
        let hidden = |hash| node.is_hidden(hash) && !named.contains(hash);
        if let Some((hash, _)) = batch.bodies.iter().find(|(hash, _)| hidden(hash)) {
            self.fail("B3", format!("n{at} fetched the withdrawn body {hash:?}"));
        }
    }

    /// Checks, as time passes, that what others send cannot make a node's memory grow without bound.
    pub(crate) fn check_bounds(&mut self, at: usize) {
        let load: Load = self.nodes[at].engine.load();
        let peers = self.profile.nodes();
        let authors = self.authors.len() + MAX_CANDIDATES;
        let quality = &mut self.quality;
        quality.staged = quality.staged.max(load.most_held_back as u64);
        quality.open_sessions = quality.open_sessions.max(load.sessions as u64);
        quality.statements = quality.statements.max(load.statements as u64);
        let bounds = [
            ("Y5", "bytes of an answer held back", load.most_held_back, MAX_HELD + (1 << 20)),
            ("N12", "bytes of applications", load.candidate_bytes, MAX_HELD),
            ("B1", "missing bodies", load.missing, MAX_MISSING),
            // Each node opens at most one stream to another, and the old one may not be gone yet.
            ("Y7", "sessions", load.sessions, 2 * peers),
            ("Y7", "questions queued in a session", load.most_queued, MAX_QUEUED * authors),
            ("Y7", "heads kept of a peer", load.most_heads, authors),
            ("N12", "logs", load.logs, self.authors.len()),
        ];
        if let Some((rule, what, found, _)) = bounds.into_iter().find(|(_, _, found, most)| found > most) {
            self.fail(rule, format!("n{at} has {found} {what}"));
        }
    }

    /// S4: of the entries that follow one another two are evidence, and one more each rotation crowns.
    pub(crate) fn check_evidence(&mut self) {
        let mut broken = None;
        for (at, node) in self.nodes.iter().enumerate() {
            for (author, known) in node.engine.logs() {
                let tree = known.log.tree();
                let mut children: BTreeMap<Place, usize> = BTreeMap::new();
                for run in tree.branches() {
                    if let Some(parent) = tree.parent(Place { branch: run.branch, seq: run.first }) {
                        *children.entry(parent).or_insert(1) += 1;
                    }
                }
                let most = children.values().copied().max().unwrap_or(1);
                let allowed = 3 + tree.establishment_count();
                self.quality.branches = self.quality.branches.max(tree.branches().count() as u64);
                if most > allowed {
                    broken = Some(format!("n{at} keeps {most} children of one entry of {author:?}"));
                }
            }
        }
        if let Some(what) = broken {
            self.fail("S4", what);
        }
    }

    /// Checks that a start lost nothing that was acknowledged, and placed all that is in the journal.
    pub(crate) fn check_kept(&mut self, at: usize) {
        let node = &self.nodes[at];
        let placed = |author: &AuthorId, place: Place| {
            node.engine.logs().get(author).is_some_and(|known| known.log.tree().holds(place))
        };
        let lost = node.acked.iter().find(|(author, id)| !node.store.holds(author, id));
        let unplaced = node.store.entries().find(|(author, place, _)| !placed(author, *place));
        let unindexed = node.store.journal().find(|entry| !node.store.holds(&entry.author(), &entry.id()));
        let count: usize = node.engine.logs().values().map(|known| count(&known.log)).sum();
        let broken = if let Some((_, id)) = lost {
            Some(format!("n{at} lost {id:?}, which it had acknowledged"))
        } else if let Some((author, place, _)) = unplaced {
            Some(format!("n{at} does not know {author:?} {place:?}"))
        } else if let Some(entry) = unindexed {
            Some(format!("n{at} does not know {:?} of its journal", entry.id()))
        } else {
            let held = node.store.entries().count();
            (count != held).then(|| format!("n{at} knows {count} entries and holds {held}"))
        };
        if let Some(what) = broken {
            self.fail("W5", what);
        }
    }
}

fn count(log: &Log) -> usize {
    log.tree().branches().map(|run| (run.last - run.first + 1) as usize).sum()
}
