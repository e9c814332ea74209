//! What holds at rest: all honest nodes agree, and with the model that reads the rules out over the
//! union of what they hold.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::engine::Engine;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Membership, Ref};

use crate::author::Own;
use crate::model::{Decided, Model, Standing};
use crate::node::Node;
use crate::wire::session;
use crate::world::World;

impl World {
    pub(crate) fn is_at_rest(&self) -> bool {
        let first = &self.nodes[0].engine;
        let busy = self.nodes.iter().any(|node| node.engine.appends_on_their_way() > 0);
        let differs = |engine: &Engine| {
            !engine.heads().iter().eq(first.heads().iter()) || engine.governance() != first.governance()
        };
        !busy && !self.nodes[1..].iter().any(|node| differs(&node.engine)) && self.wanting().is_none()
    }

    /// Finds a body that a node lacks and another one would serve (B1).
    fn wanting(&self) -> Option<(usize, BodyHash)> {
        let mut served: BTreeMap<BodyHash, bool> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            for (hash, _) in node.store.missing() {
                let serves = |node: &Node| node.store.body(&hash).is_some() && !node.is_hidden(&hash);
                if *served.entry(hash).or_insert_with(|| self.nodes.iter().any(serves)) {
                    return Some((at, hash));
                }
            }
        }
        None
    }

    /// Returns every entry that an honest node holds.
    pub(crate) fn known(&self) -> BTreeSet<EntryId> {
        self.nodes.iter().flat_map(|node| node.store.entries().map(|(_, _, entry)| entry.id())).collect()
    }

    /// Says what keeps the nodes from agreeing.
    pub(crate) fn explain_unrest(&mut self) {
        let mut what = String::from("not at rest: ");
        let first: BTreeMap<_, _> = self.nodes[0].engine.heads().iter().collect();
        for (at, node) in self.nodes.iter().enumerate() {
            let heads: BTreeMap<_, _> = node.engine.heads().iter().collect();
            let authors = first.keys().chain(heads.keys()).copied().collect::<BTreeSet<_>>();
            for author in authors.iter().filter(|author| first.get(author) != heads.get(author)) {
                let (a, b) = (first.get(author), heads.get(author));
                let cut = node.engine.governance().cut(*author);
                let owner = self.authors.iter().position(|known| known.id == *author);
                what += &format!("\n  a{owner:?} {author:?}: n0 has {a:?}, n{at} has {b:?} cut {cut:?}");
            }
            let appends = node.engine.appends_on_their_way();
            if appends > 0 {
                what += &format!("\n  n{at} has {appends} appends on their way");
            }
            if node.engine.governance() != self.nodes[0].engine.governance() {
                what += &format!("\n  n{at} has another governance than n0");
            }
        }
        if let Some((at, hash)) = self.wanting() {
            what += &format!("\n  n{at} lacks {hash:?}, which another node would serve");
        }
        self.fail("S6", what);
    }

    /// Checks, at rest, every node against the model.
    pub(crate) fn check_rest(&mut self) {
        if self.failure.is_some() {
            return;
        }
        let model = self.union();
        let decided = model.decide(self.net);
        let broken = self
            .governance_differs(&decided)
            .or_else(|| self.heads_differ(&model, &decided))
            .or_else(|| self.members_differ(&model, &decided))
            .or_else(|| self.withdrawals_differ(&model, &decided))
            .or_else(|| self.undelivered(&decided))
            .or_else(|| self.forgotten_bodies());
        self.note_rest(&decided);
        if let Some((rule, what)) = broken {
            self.fail(rule, what);
        }
        self.check_evidence();
    }

    /// The model: every entry of every honest node.
    fn union(&self) -> Model {
        let mut model = Model::default();
        for node in &self.nodes {
            for (_, _, entry) in node.store.entries() {
                model.add(entry, node.store.body(&entry.header().body.hash).map(|body| &**body));
            }
        }
        model
    }

    /// N1 to N7; the nodes agree with one another already.
    fn governance_differs(&self, decided: &Decided) -> Option<(&'static str, String)> {
        let governance = self.nodes[0].engine.governance();
        let versions: Vec<BodyHash> = governance.versions().iter().map(|version| version.hash).collect();
        if versions != decided.versions {
            return Some(("N3", format!("versions {versions:?}, the model {:?}", decided.versions)));
        }
        if !governance.stewards().iter().eq(decided.stewards.iter()) {
            return Some(("N4", "other stewards than the model's".to_owned()));
        }
        let theirs = governance.standings().iter();
        let theirs = theirs.map(|(author, standing)| (*author, Standing::of(standing)));
        let theirs: BTreeMap<AuthorId, Standing> = theirs.collect();
        let authors: BTreeSet<&AuthorId> = theirs.keys().chain(decided.standings.keys()).collect();
        let differs = |author: &&&AuthorId| theirs.get(**author) != decided.standings.get(**author);
        let author = authors.iter().find(differs)?;
        let (a, b) = (theirs.get(*author), decided.standings.get(*author));
        Some(("N5", format!("of {author:?} the nodes say {a:?}, the model {b:?}")))
    }

    /// S1, S6: each log is chosen as in the model.
    fn heads_differ(&self, model: &Model, decided: &Decided) -> Option<(&'static str, String)> {
        let heads = self.nodes[0].engine.heads();
        for author in model.authors().filter(|author| decided.replicates(author)) {
            let wanted = model.chosen(decided, author);
            let found = heads.get(author).map(|head| (head.id, head.status));
            if found != Some((wanted.head, wanted.status)) {
                let wanted = (wanted.head, wanted.status);
                return Some(("S6", format!("the nodes have {found:?} of {author:?}, the model {wanted:?}")));
            }
        }
        let extra = heads.iter().find(|(author, _)| !decided.replicates(author));
        extra.map(|(author, _)| ("N7", format!("{author:?} is replicated, and not listed")))
    }

    fn members_differ(&self, model: &Model, decided: &Decided) -> Option<(&'static str, String)> {
        let wanted = model.members(self.net, decided);
        for (at, node) in self.nodes.iter().enumerate() {
            let engine = &node.engine;
            let rows = engine.governance().members(engine.logs(), |author, known| {
                let view = engine.view(&author).map(|view| view.choice.clone());
                view.unwrap_or_else(|| known.log.tree().choose(None, None))
            });
            let members = rows.iter().filter(|row| row.membership == Membership::Member);
            let members: BTreeSet<AuthorId> = members.map(|row| row.author).collect();
            if members != wanted {
                return Some(("N5", format!("n{at} has {members:?} for members, the model {wanted:?}")));
            }
        }
        None
    }

    /// B2; what an author that is not listed withdraws is known where its log is.
    fn withdrawals_differ(&self, model: &Model, decided: &Decided) -> Option<(&'static str, String)> {
        let wanted = model.withdrawn(self.net, decided);
        for (at, node) in self.nodes.iter().enumerate() {
            let here = node.engine.withdrawals();
            let differs = |target: &&Ref| {
                let found = here.get(*target).map(|withdrawal| withdrawal.is_ordered());
                decided.replicates(&target.author) && found != wanted.get(*target).copied()
            };
            if let Some(target) = here.keys().chain(wanted.keys()).find(differs) {
                let both = (here.get(target), wanted.get(target));
                return Some(("B2", format!("n{at}, model: {target:?} is withdrawn by {both:?}")));
            }
        }
        None
    }

    /// Every record that an honest listed author stands by is at every honest node.
    fn undelivered(&mut self, decided: &Decided) -> Option<(&'static str, String)> {
        let mut delivered = 0;
        for (from, author) in self.authors[..self.profile.honest].iter().enumerate() {
            let head = self.nodes[0].engine.heads().get(&author.id);
            let frozen = head.is_some_and(|head| head.status != Status::Ok);
            if frozen || !decided.replicates(&author.id) {
                continue;
            }
            let cut = decided.cut(&author.id);
            let acked = |own: &&Own| self.nodes[from].acked.contains(&(author.id, own.id));
            let within = |own: &&Own| cut.is_none_or(|cut| own.seq <= cut);
            // Who forgot and signed anew may have disowned that by a rotation signed before.
            let stands = |own: &&Own| !author.forgot || self.is_canonical(&author.id, own);
            for own in author.own.iter().filter(acked).filter(within).filter(stands) {
                let lacks = |node: &Node| !node.store.holds(&author.id, &own.id);
                if let Some(at) = self.nodes.iter().position(lacks) {
                    return Some(("Y3", format!("n{at} lacks {:?} of n{from}", own.id)));
                }
                delivered += 1;
            }
        }
        self.quality.delivered = delivered;
        None
    }

    /// Tells whether an entry is in the log as all agree on it.
    fn is_canonical(&self, author: &AuthorId, own: &Own) -> bool {
        let node = &self.nodes[0];
        let place = node.engine.view(author).and_then(|view| view.choice.at(own.seq));
        let entry = place.and_then(|place| node.store.entry(*author, place));
        entry.is_some_and(|entry| entry.id() == own.id)
    }

    /// B1: a body that is neither here nor withdrawn is remembered, to be asked of every peer.
    fn forgotten_bodies(&self) -> Option<(&'static str, String)> {
        for (at, node) in self.nodes.iter().enumerate() {
            let missing = node.store.missing();
            if let Some((hash, _)) = missing.iter().find(|(hash, _)| !node.engine.is_missing(hash)) {
                return Some(("B1", format!("n{at} lacks {hash:?} and does not ask for it")));
            }
        }
        None
    }

    fn note_rest(&mut self, decided: &Decided) {
        let heads = self.nodes[0].engine.heads();
        self.quality.frozen = heads.iter().filter(|(_, head)| head.status != Status::Ok).count() as u64;
        self.quality.withdrawals = self.nodes[0].engine.withdrawals().len() as u64;
        self.quality.versions = decided.versions.len() as u64;
        let listed = decided.standings.iter().filter(|(author, _)| decided.replicates(author));
        self.quality.listed = listed.count() as u64;
        let cut = decided.standings.keys().filter(|author| decided.cut(author).is_some());
        self.quality.suspended = cut.count() as u64;
    }

    /// Y7: no session is left once everybody had time to fall silent; B3: no hidden body is left.
    pub(crate) fn check_ended(&mut self) {
        for (at, node) in self.nodes.iter().enumerate() {
            let open = (1..=self.next_stream)
                .flat_map(|stream| [session(stream, 0), session(stream, 1)])
                .find(|id| node.engine.peer_of(*id).is_some());
            if let Some(id) = open {
                return self.fail("Y7", format!("n{at} still has {id:?}"));
            }
            if let Some(hash) = node.hidden_bodies().first() {
                return self.fail("B3", format!("n{at} still has the withdrawn body {hash:?}"));
            }
        }
    }
}
