//! What stewards decide: they admit, suspend, order, pin and amend the charter.

use std::collections::BTreeSet;

use multaqa_protocol::engine::Arriving;
use multaqa_protocol::entry;
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, Seq};
use multaqa_protocol::network::{Admission, Admit, Body, Charter, Ref, Suspend, Words};
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

use crate::world::World;

/// What stewards decide together, each by its own entry.
#[derive(Clone, Debug)]
pub(crate) struct Motion {
    pub(crate) what: What,
    pub(crate) done: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Suspend(AuthorId, Seq),
    Admit(AuthorId),
    Order(Ref),
    Pin(AuthorId, EntryId),
    Amend(Vec<u8>),
}

/// Returns the body of the charter's version 0.
pub(crate) fn founding(rng: &mut ChaCha8Rng, stewards: Vec<AuthorId>, k: usize) -> Vec<u8> {
    entry::encode_body(rng.random(), &charter(stewards, k, 0, None).to_map())
}

pub(crate) fn charter(
    mut stewards: Vec<AuthorId>,
    k: usize,
    version: u64,
    prev: Option<BodyHash>,
) -> Charter {
    let words = || Words::from([("fr".to_owned(), "Réseau".to_owned())]);
    stewards.sort_unstable();
    Charter {
        k: k as u64,
        prev,
        text: words(),
        names: words(),
        licence: "CC-BY-4.0".to_owned(),
        version,
        stewards,
        versions: vec![1],
        principles: vec!["transparency".to_owned()],
    }
}

pub(crate) fn admission(author: AuthorId, stands: Option<EntryId>) -> Admission {
    Admission { place: None, level: Some("commune".to_owned()), author, stands, succeeds: None }
}

impl World {
    /// What a steward has to say: motions first, then applications and countersignatures.
    pub(crate) fn decide(&mut self, at: usize) -> Vec<Arriving> {
        let me = self.authors[at].id;
        if let Some(number) = self.motions.iter().position(|motion| !motion.done.contains(&at)) {
            self.motions[number].done.insert(at);
            let what = self.motions[number].what.clone();
            return vec![self.second(at, what)];
        }
        let engine = &self.nodes[at].engine;
        let mut items: BTreeSet<AuthorId> = engine.candidates().authors().collect();
        for (author, standing) in engine.governance().standings() {
            let spoke = standing.suspensions.iter().any(|suspension| suspension.by == me);
            let exists = self.authors.iter().any(|known| known.id == *author);
            if exists && !standing.admits.contains(&me) && !spoke && !standing.admits.is_empty() {
                items.insert(*author);
            }
        }
        items.extend(engine.governance().stewards().iter().filter(|steward| {
            engine.governance().standing(**steward).is_none_or(|standing| !standing.admits.contains(&me))
        }));
        if items.is_empty() {
            return Vec::new();
        }
        let mut items: Vec<Admission> = items.into_iter().map(|author| admission(author, None)).collect();
        if self.rng.random_ratio(1, 150) {
            // A body of a network kind that does not fit into a message (G3).
            items.extend((0..800).map(|_| admission(AuthorId(self.rng.random()), None)));
        }
        let body = self.body(&Admit { net: self.net, items }.to_map());
        vec![self.write(at, "admit", body)]
    }

    /// Signs one steward's part of a motion.
    pub(crate) fn second(&mut self, at: usize, what: What) -> Arriving {
        let net = self.net;
        let admit = |items| Admit { net, items }.to_map();
        let (kind, body) = match what {
            What::Suspend(author, upto) => {
                let reason = "inactive".to_owned();
                let upto = u64::from(upto);
                ("suspend", self.body(&Suspend { net, note: None, upto, author, reason }.to_map()))
            }
            What::Admit(author) => ("admit", self.body(&admit(vec![admission(author, None)]))),
            What::Pin(author, id) => ("admit", self.body(&admit(vec![admission(author, Some(id))]))),
            What::Order(target) => ("withdraw", self.withdrawal(target, Some(net))),
            What::Amend(body) => ("charter", body),
        };
        self.write(at, kind, body)
    }

    /// Somebody moves something that stewards then decide.
    pub(crate) fn move_motion(&mut self) {
        let what = self.motion();
        self.note(format_args!("moved: {what:?}"));
        self.motions.push(Motion { what, done: BTreeSet::new() });
    }

    /// Draws a motion about an author who was no steward at first, or about the charter.
    pub(crate) fn motion(&mut self) -> What {
        let founders = self.profile.founders();
        let others: Vec<usize> = (0..self.authors.len()).filter(|at| !founders.contains(at)).collect();
        let at = *others.choose(&mut self.rng).expect("members");
        let author = self.authors[at].id;
        let own = *self.authors[at].own.choose(&mut self.rng).expect("an inception");
        match self.rng.random_range(0..10) {
            0..=2 => {
                let upto = self.authors[at].last().seq.saturating_sub(self.rng.random_range(0..4));
                What::Suspend(author, upto)
            }
            3 | 4 => What::Admit(author),
            5 | 6 => What::Order(Ref { author, seq: own.seq, id: own.id }),
            7 => {
                let eras = self.authors[at].own.iter().filter(|own| own.era > 0).map(|own| own.id).next();
                eras.map_or(What::Admit(author), |id| What::Pin(author, id))
            }
            _ => self.amendment().map_or(What::Admit(author), What::Amend),
        }
    }

    /// Draws a next version of the charter: a steward goes, one who turned rather than another, and an
    /// honest member comes.
    pub(crate) fn amendment(&mut self) -> Option<Vec<u8>> {
        let current = self.nodes[0].engine.governance().charter()?;
        let (version, prev, k) = (current.charter.version + 1, current.hash, current.charter.k);
        let mut stewards = current.charter.stewards.clone();
        let honest: BTreeSet<AuthorId> =
            self.authors[..self.profile.honest].iter().map(|author| author.id).collect();
        let turned = stewards.iter().position(|steward| !honest.contains(steward));
        let leaves = turned.unwrap_or_else(|| self.rng.random_range(0..stewards.len()));
        stewards.remove(leaves);
        let comes: Vec<AuthorId> = honest.into_iter().filter(|author| !stewards.contains(author)).collect();
        stewards.push(*comes.choose(&mut self.rng)?);
        let k = usize::try_from(k).expect("small");
        Some(self.body(&charter(stewards, k, version, Some(prev)).to_map()))
    }
}
