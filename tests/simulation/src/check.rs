//! The invariants: what holds after every step, and what holds at rest against a model that computes
//! everything from the union of what honest nodes hold.

use std::collections::BTreeMap;

use multaqa_protocol::engine::Engine;
use multaqa_protocol::entry::{Entry, Form, Signed};
use multaqa_protocol::id::{AuthorId, EntryId};
use multaqa_protocol::log::{Choice, Log, Place, Status};
use multaqa_protocol::network::{Governance, Known, Member, Ref, Says, Statement, withdrawals};

use crate::wire::session;
use crate::world::{NODES, World};

/// Most applications a node keeps (N12).
const MAX_CANDIDATES: usize = 100;

impl World {
    /// Checks what holds after every step of a node.
    pub(crate) fn check_step(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        let mut broken = None;
        for (author, head) in node.engine.heads().iter() {
            if node.told.insert(author, head.id) != Some(head.id) && !node.store.holds(&author, &head.id) {
                broken = Some(("W5", format!("n{at} tells the head {:?} of {author:?}", head.id)));
            }
        }
        if node.engine.candidates().authors().count() > MAX_CANDIDATES {
            broken = Some(("N12", format!("n{at} keeps too many applications")));
        }
        // S5, N7: the accepted prefix shrinks by a proven fork, a rotation, a pin or a cut only.
        for (author, known) in node.engine.logs() {
            let Some(view) = node.engine.view(author) else { continue };
            let now = (view.choice.head, view.choice.status);
            let before = node.watched.insert(*author, now);
            let Some((head, _)) = before.filter(|before| *before != now) else { continue };
            let tree = known.log.tree();
            let left = tree.last_common(head, view.choice.head);
            let rotates = tree.first_rotation(&view.choice.after(left.seq)).is_some();
            let reason = now.1 != Status::Ok || rotates || view.pin.is_some() || view.cut.is_some();
            if !view.choice.contains(head) && !reason {
                broken = Some(("S5", format!("n{at}: {author:?} went back from {head:?} to {:?}", now.0)));
            }
        }
        if let Some((rule, what)) = broken {
            self.fail(rule, what);
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

    pub(crate) fn is_at_rest(&self) -> bool {
        let first = &self.nodes[0].engine;
        let busy = self.nodes.iter().any(|node| node.engine.appends_on_their_way() > 0);
        let differs = |engine: &Engine| {
            !engine.heads().iter().eq(first.heads().iter()) || engine.governance() != first.governance()
        };
        let lacks = self.nodes.iter().any(|node| node.engine.missing_bodies() > 0 && !self.has_branches());
        !busy && !lacks && !self.nodes[1..].iter().any(|node| differs(&node.engine))
    }

    /// Tells whether an author made two branches: then the bodies of one may be at no honest node.
    fn has_branches(&self) -> bool {
        !self.branches.is_empty()
    }

    /// Says what keeps the nodes from agreeing.
    pub(crate) fn explain_unrest(&mut self) {
        let mut what = String::from("not at rest: ");
        let first: BTreeMap<_, _> = self.nodes[0].engine.heads().iter().collect();
        for (at, node) in self.nodes.iter().enumerate() {
            let heads: BTreeMap<_, _> = node.engine.heads().iter().collect();
            let authors =
                first.keys().chain(heads.keys()).copied().collect::<std::collections::BTreeSet<_>>();
            for author in authors.iter().filter(|author| first.get(author) != heads.get(author)) {
                let (a, b) = (first.get(author), heads.get(author));
                let cut = node.engine.governance().cut(*author);
                what += &format!("\n  {author:?}: n0 has {a:?}, n{at} has {b:?} cut {cut:?}");
            }
            let missing = node.engine.missing_bodies();
            let appends = node.engine.appends_on_their_way();
            if missing + appends > 0 {
                what += &format!("\n  n{at} lacks {missing} bodies, {appends} appends");
            }
            if node.engine.governance() != self.nodes[0].engine.governance() {
                what += &format!("\n  n{at} has another governance than n0");
            }
        }
        self.fail("S6", what);
    }

    /// Checks, at rest, every node against the model.
    pub(crate) fn check_rest(&mut self) {
        if self.failure.is_some() {
            return;
        }
        let union = self.union();
        let governance = Governance::compute(self.net, &union);
        let choose = |author: AuthorId, known: &Known| self.choose(&governance, author, known);
        let withdrawn = withdrawals(&union, &governance, choose);
        let members = governance.members(&union, choose);
        let mut broken = None;
        for (at, node) in self.nodes.iter().enumerate() {
            let engine = &node.engine;
            if *engine.governance() != governance {
                broken = Some(("S6", format!("n{at} differs from the model in the governance")));
            }
            for author in governance.replicated() {
                let Some(known) = union.get(&author) else { continue };
                let wanted = choose(author, known);
                let wanted = self.id_in_any(&author, known, wanted.head).map(|id| (id, wanted.status));
                let found = engine.heads().get(&author).map(|head| (head.id, head.status));
                if wanted != found {
                    let what = format!("n{at} has {found:?} of {author:?}, the model {wanted:?}");
                    broken = Some(("S6", what));
                }
            }
            // What an author that is not listed withdraws is known where its log is.
            let here = engine.withdrawals();
            let differs = |target: &&Ref| {
                governance.replicates(target.author) && here.get(*target) != withdrawn.get(*target)
            };
            if let Some(target) = here.keys().chain(withdrawn.keys()).find(differs) {
                let both = (here.get(target), withdrawn.get(target));
                broken = Some(("B2", format!("n{at}, model: {target:?} is withdrawn by {both:?}")));
            }
            let theirs = engine.governance().members(engine.logs(), |author, known| {
                let view = engine.view(&author).map(|view| view.choice.clone());
                view.unwrap_or_else(|| known.log.tree().choose(None, None))
            });
            // A node also knows its own application, and those of others outside of its logs.
            let listed = |rows: &[Member]| -> Vec<Member> {
                rows.iter().filter(|row| governance.replicates(row.author)).cloned().collect()
            };
            if listed(&theirs) != listed(&members) {
                broken = Some(("N5", format!("n{at} differs from the model in the members")));
            }
        }
        broken = broken.or_else(|| self.undelivered(&governance));
        let heads = self.nodes[0].engine.heads();
        let frozen = heads.iter().filter(|(_, head)| head.status != Status::Ok).count();
        self.quality.frozen = frozen as u64;
        self.quality.withdrawals = withdrawn.len() as u64;
        self.quality.versions = governance.versions().len() as u64;
        self.quality.listed = governance.replicated().len() as u64;
        let cut = governance.replicated().iter().filter(|author| governance.cut(**author).is_some()).count();
        self.quality.suspended = cut as u64;
        if let Some((rule, what)) = broken {
            self.fail(rule, what);
        }
    }

    /// Every record that an honest listed author stands by is at every honest node.
    fn undelivered(&self, governance: &Governance) -> Option<(&'static str, String)> {
        for (from, author) in self.authors[..NODES].iter().enumerate() {
            if !governance.replicates(author.id) {
                continue;
            }
            let cut = governance.cut(author.id);
            let head = self.nodes[0].engine.heads().get(&author.id);
            let frozen = head.is_some_and(|head| head.status != Status::Ok);
            let acked = |id: EntryId| self.nodes[from].acked.contains(&(author.id, id));
            for own in author.own.iter().filter(|own| acked(own.id) && cut.is_none_or(|cut| own.seq <= cut)) {
                let lacks = |node: &crate::node::Node| !node.store.holds(&author.id, &own.id);
                if !frozen && let Some(at) = self.nodes.iter().position(lacks) {
                    return Some(("Y3", format!("n{at} lacks {:?} of n{from}", own.id)));
                }
            }
        }
        None
    }

    /// The model: every entry of every honest node, parents first.
    fn union(&self) -> BTreeMap<AuthorId, Known> {
        let mut entries = BTreeMap::<_, (Entry, Option<Vec<u8>>)>::new();
        for node in &self.nodes {
            for (author, _, entry) in node.store.entries() {
                let key = (author, entry.seq(), entry.id());
                let found = entries.entry(key).or_insert_with(|| (entry.clone(), None));
                if let Some(body) = node.store.body(&entry.header().body.hash) {
                    found.1 = Some(body.to_vec());
                }
            }
        }
        let mut places: BTreeMap<EntryId, Place> = BTreeMap::new();
        let mut logs: BTreeMap<AuthorId, Known> = BTreeMap::new();
        for (entry, body) in entries.into_values() {
            let signed =
                self.signed.get(&entry.id()).cloned().unwrap_or_else(|| Signed::unchecked(entry.clone()));
            let place = if entry.form() == Form::Inception {
                let log = Log::begin(&signed).expect("a held inception is valid");
                logs.insert(entry.author(), Known::new(log));
                Place { branch: 0, seq: 0 }
            } else {
                let parent = places[&entry.prev().expect("not an inception")];
                let known = logs.get_mut(&entry.author()).expect("its inception came first");
                known.log.extend(parent, &signed).expect("a held entry is valid")
            };
            places.insert(entry.id(), place);
            let says = body.and_then(|body| Says::read(entry.kind(), entry.header().body.hash, &body));
            if let (Some(says), Some(known)) = (says, logs.get_mut(&entry.author())) {
                let (id, seq, time) = (entry.id(), entry.seq(), entry.header().time);
                known.statements.push(Statement { place, id, seq, time, says });
            }
        }
        logs
    }

    fn choose(&self, governance: &Governance, author: AuthorId, known: &Known) -> Choice {
        let pin = if governance.was_steward(author) { None } else { governance.pin(author) };
        let place = pin.and_then(|pin| self.place_in(known, &pin));
        known.log.tree().choose(place, governance.cut(author))
    }

    /// Finds an entry's place in the model's tree: rotations and ends are known to the skeleton, and no
    /// other entry is pinned here.
    fn place_in(&self, known: &Known, id: &EntryId) -> Option<Place> {
        known.log.tree().find(id)
    }

    /// Finds the id of an entry in the model's tree by walking any node's copy of that log.
    fn id_in_any(&self, author: &AuthorId, known: &Known, place: Place) -> Option<EntryId> {
        if let Some(id) = known.log.tree().id_of(place) {
            return Some(id);
        }
        // An interior entry of a branch: the one of that seq above the branch's end.
        let last = known.log.tree().last(place.branch)?;
        let mut id = known.log.tree().id_of(Place { branch: place.branch, seq: last })?;
        for _ in place.seq..last {
            let entry = self.nodes.iter().find_map(|node| {
                let place = multaqa_protocol::engine::Index::place_of(&node.store, author, &id)?;
                node.store.entry(*author, place)
            })?;
            id = entry.prev()?;
        }
        Some(id)
    }

    /// Y7: no session is left once everybody had time to fall silent.
    pub(crate) fn check_ended(&mut self) {
        for (at, node) in self.nodes.iter().enumerate() {
            let open = (1..=self.next_stream)
                .flat_map(|stream| [session(stream, 0), session(stream, 1)])
                .find(|id| node.engine.peer_of(*id).is_some());
            if let Some(id) = open {
                return self.fail("Y7", format!("n{at} still has {id:?}"));
            }
        }
    }
}

fn count(log: &Log) -> usize {
    log.tree().branches().map(|run| (run.last - run.first + 1) as usize).sum()
}
