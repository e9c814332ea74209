//! The rules S1, N1 to N7 and B2 read out one after the other over a set of entries, as plainly and as
//! slowly as they are written down. It shares the reading of bodies with the engine, and nothing that
//! decides: no skeleton, no places, no governance, no order of arrival.

use std::collections::{BTreeMap, BTreeSet};

use multaqa_protocol::entry::{Entry, Form};
use multaqa_protocol::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};
use multaqa_protocol::log::Status;
use multaqa_protocol::network::{Admission, Charter, Ref, Says};

/// An entry as the model sees it.
#[derive(Debug)]
struct Row {
    author: AuthorId,
    seq: Seq,
    prev: Option<EntryId>,
    rotation: bool,
    closes: bool,
    says: Option<Says>,
}

/// A set of valid entries.
#[derive(Debug, Default)]
pub(crate) struct Model {
    rows: BTreeMap<EntryId, Row>,
    by_author: BTreeMap<AuthorId, Vec<EntryId>>,
    plain_children: BTreeMap<EntryId, Vec<EntryId>>,
}

/// What S1 gives.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub(crate) head: EntryId,
    pub(crate) status: Status,
    pub(crate) path: Vec<EntryId>,
}

/// What the current stewards say of one author (N4 to N7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) listed: bool,
    pub(crate) admitted: bool,
    pub(crate) pin: Option<EntryId>,
    pub(crate) cut: Option<Seq>,
    pub(crate) level: Option<String>,
}

impl Standing {
    /// Reads what an engine says.
    pub(crate) fn of(standing: &multaqa_protocol::network::Standing) -> Self {
        let multaqa_protocol::network::Standing { listed, admitted, pin, cut, level, .. } = standing;
        Self { listed: *listed, admitted: *admitted, pin: *pin, cut: *cut, level: level.clone() }
    }
}

/// What the network decides.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// The bodies of the adopted versions, version 0 first.
    pub(crate) versions: Vec<BodyHash>,
    pub(crate) stewards: BTreeSet<AuthorId>,
    pub(crate) stewards_ever: BTreeSet<AuthorId>,
    pub(crate) k: usize,
    pub(crate) standings: BTreeMap<AuthorId, Standing>,
}

impl Decided {
    pub(crate) fn replicates(&self, author: &AuthorId) -> bool {
        self.stewards_ever.contains(author)
            || self.standings.get(author).is_some_and(|standing| standing.listed)
    }

    pub(crate) fn cut(&self, author: &AuthorId) -> Option<Seq> {
        if self.stewards_ever.contains(author) { None } else { self.standings.get(author)?.cut }
    }

    fn pin(&self, author: &AuthorId) -> Option<EntryId> {
        if self.stewards_ever.contains(author) { None } else { self.standings.get(author)?.pin }
    }
}

impl Model {
    /// Adds an entry with its body, if it is known; in any order.
    pub(crate) fn add(&mut self, entry: &Entry, body: Option<&[u8]>) {
        let says = body.and_then(|body| Says::read(entry.kind(), entry.header().body.hash, body));
        if let Some(row) = self.rows.get_mut(&entry.id()) {
            row.says = row.says.take().or(says);
            return;
        }
        let rotation = entry.form() == Form::Rotation;
        let row = Row {
            author: entry.author(),
            seq: entry.seq(),
            prev: entry.prev(),
            rotation,
            closes: entry.kind() == "close",
            says,
        };
        if let (false, Some(prev)) = (rotation, row.prev) {
            self.plain_children.entry(prev).or_default().push(entry.id());
        }
        self.by_author.entry(row.author).or_default().push(entry.id());
        self.rows.insert(entry.id(), row);
    }

    pub(crate) fn authors(&self) -> impl Iterator<Item = &AuthorId> {
        self.by_author.keys()
    }

    /// The entries from the inception to `id`.
    fn path(&self, id: EntryId) -> Vec<EntryId> {
        let mut path = vec![id];
        while let Some(prev) = self.rows[&path[path.len() - 1]].prev {
            path.push(prev);
        }
        path.reverse();
        path
    }

    /// The nearest inception or rotation at or above `id`.
    fn establishment(&self, id: EntryId) -> EntryId {
        let mut at = id;
        while let (false, Some(prev)) = (self.rows[&at].rotation, self.rows[&at].prev) {
            at = prev;
        }
        at
    }

    /// S1, over the entries up to `cut` (N7), with at most one pin (N6).
    pub(crate) fn choose(&self, author: &AuthorId, pin: Option<EntryId>, cut: Option<Seq>) -> Chosen {
        let cut = cut.unwrap_or(Seq::MAX);
        let known =
            |id: &EntryId| self.rows.get(id).is_some_and(|row| row.author == *author && row.seq <= cut);
        let pinned: BTreeSet<EntryId> =
            pin.filter(known).map(|pin| self.path(pin)).into_iter().flatten().collect();
        let all: Vec<EntryId> = self.by_author[author].iter().filter(|id| known(id)).copied().collect();
        let mut at = EntryId(author.0);
        loop {
            let follows = |id: &&EntryId| {
                let row = &self.rows[*id];
                row.rotation && row.prev.is_some_and(|prev| self.establishment(prev) == at)
            };
            let rotations: Vec<EntryId> = all.iter().filter(follows).copied().collect();
            if let Some(pinned) = rotations.iter().find(|id| pinned.contains(*id)) {
                at = *pinned;
            } else if let [one] = rotations.as_slice() {
                at = *one;
            } else if rotations.is_empty() {
                break;
            } else {
                // Contested: the last entry common to the paths to all of them.
                let mut common = self.path(rotations[0]);
                for other in &rotations[1..] {
                    let path = self.path(*other);
                    let same = common.iter().zip(&path).take_while(|(a, b)| a == b).count();
                    common.truncate(same);
                }
                let head = *common.last().expect("the inception is common");
                return Chosen { head, status: Status::Contested, path: common };
            }
        }
        loop {
            let children = self.plain_children.get(&at).into_iter().flatten();
            let children: Vec<EntryId> = children.filter(|id| known(id)).copied().collect();
            match children.as_slice() {
                [] => return Chosen { head: at, status: Status::Ok, path: self.path(at) },
                [one] => at = *one,
                _ => return Chosen { head: at, status: Status::Forked, path: self.path(at) },
            }
        }
    }

    /// The statements on a path, in its order.
    fn statements<'a>(&'a self, path: &'a [EntryId]) -> impl Iterator<Item = (EntryId, &'a Says)> {
        path.iter().filter_map(|id| Some((*id, self.rows[id].says.as_ref()?)))
    }

    /// N1 to N7.
    pub(crate) fn decide(&self, net: NetworkId) -> Decided {
        let mut decided = Decided::default();
        let founding = self.rows.values().find_map(|row| match &row.says {
            Some(Says::Charter { hash, charter }) if hash.0 == net.0 => Some((*hash, charter)),
            _ => None,
        });
        let Some((mut hash, mut charter)) = founding else { return decided };
        // Stewards, past and present, have neither pin nor cut.
        let paths: BTreeMap<AuthorId, Vec<EntryId>> =
            self.authors().map(|author| (*author, self.choose(author, None, None).path)).collect();
        loop {
            decided.versions.push(hash);
            decided.stewards = charter.stewards.iter().copied().collect();
            decided.stewards_ever.extend(&charter.stewards);
            decided.k = usize::try_from(charter.k).expect("at most 64");
            let mut votes: BTreeMap<BodyHash, usize> = BTreeMap::new();
            let mut bodies = BTreeMap::new();
            for steward in &charter.stewards {
                let path = paths.get(steward).map_or(&[][..], Vec::as_slice);
                let vote = self.statements(path).find_map(|(_, says)| match says {
                    Says::Charter { hash: voted, charter: next } if counts_after(next, charter, hash) => {
                        Some((*voted, next))
                    }
                    _ => None,
                });
                if let Some((voted, next)) = vote {
                    *votes.entry(voted).or_default() += 1;
                    bodies.insert(voted, next);
                }
            }
            match votes.into_iter().find(|(_, count)| *count >= decided.k) {
                Some((voted, _)) => (hash, charter) = (voted, bodies[&voted]),
                None => break,
            }
        }
        self.tally(net, &paths, &mut decided);
        decided
    }

    fn tally(&self, net: NetworkId, paths: &BTreeMap<AuthorId, Vec<EntryId>>, decided: &mut Decided) {
        let mut named: BTreeSet<AuthorId> = BTreeSet::new();
        let of = |steward: &AuthorId| paths.get(steward).map_or(&[][..], Vec::as_slice);
        for steward in &decided.stewards {
            for (_, says) in self.statements(of(steward)) {
                match says {
                    Says::Admit { net: found, items } if *found == net => {
                        named.extend(items.iter().map(|item| item.author));
                    }
                    Says::Suspend { net: found, author, .. } if *found == net => {
                        named.insert(*author);
                    }
                    _ => {}
                }
            }
        }
        for author in named {
            let opinions: Vec<Opinion<'_>> =
                decided.stewards.iter().map(|steward| self.opinion(net, of(steward), author)).collect();
            let count = |is: fn(&Opinion<'_>) -> bool| opinions.iter().filter(|opinion| is(opinion)).count();
            let listed = count(|opinion| opinion.ever) >= decided.k;
            let admitted = count(|opinion| matches!(opinion.latest, Some(Latest::Admit(_)))) >= decided.k;
            let greatest = opinions.iter().filter_map(|opinion| match opinion.latest {
                Some(Latest::Suspend(upto)) => Some(upto),
                _ => None,
            });
            let cut = greatest.max().filter(|_| listed && !admitted);
            let pins = opinions.iter().filter_map(|opinion| opinion.stands);
            let levels = opinions.iter().filter_map(|opinion| match opinion.latest {
                Some(Latest::Admit(item)) => item.level.clone(),
                _ => None,
            });
            let pin = shared(pins, decided.k).filter(|_| !decided.stewards_ever.contains(&author));
            let level = shared(levels, decided.k);
            decided.standings.insert(author, Standing { listed, admitted, pin, cut, level });
        }
    }

    fn opinion<'a>(&'a self, net: NetworkId, path: &'a [EntryId], about: AuthorId) -> Opinion<'a> {
        let mut opinion = Opinion::default();
        for (_, says) in self.statements(path) {
            match says {
                Says::Admit { net: found, items } if *found == net => {
                    for item in items.iter().filter(|item| item.author == about) {
                        opinion.latest = Some(Latest::Admit(item));
                        opinion.ever = true;
                        opinion.stands = item.stands.or(opinion.stands);
                    }
                }
                Says::Suspend { net: found, author, upto, .. } if *found == net && *author == about => {
                    opinion.latest = Some(Latest::Suspend(*upto));
                }
                _ => {}
            }
        }
        opinion
    }

    /// The choice that counts for an author under what is decided.
    pub(crate) fn chosen(&self, decided: &Decided, author: &AuthorId) -> Chosen {
        self.choose(author, decided.pin(author), decided.cut(author))
    }

    /// N5: who is a member.
    pub(crate) fn members(&self, net: NetworkId, decided: &Decided) -> BTreeSet<AuthorId> {
        let is_member = |author: &&AuthorId| {
            if !decided.standings.get(*author).is_some_and(|standing| standing.admitted) {
                return false;
            }
            let path = self.chosen(decided, author).path;
            let latest = self.statements(&path).fold(false, |joined, (_, says)| match says {
                Says::Join { net: found, .. } if *found == net => true,
                Says::Leave { net: found } if *found == net => false,
                _ => joined,
            });
            let last = path.iter().rev().map(|id| &self.rows[id]).find(|row| !row.rotation);
            latest && !last.is_some_and(|row| row.closes)
        };
        self.authors().filter(is_member).copied().collect()
    }

    /// B2: what is withdrawn, and whether k stewards order it.
    pub(crate) fn withdrawn(&self, net: NetworkId, decided: &Decided) -> BTreeMap<Ref, bool> {
        let mut own: BTreeSet<Ref> = BTreeSet::new();
        let mut orders: BTreeMap<Ref, BTreeSet<AuthorId>> = BTreeMap::new();
        for author in self.authors() {
            let path = self.chosen(decided, author).path;
            for (_, says) in self.statements(&path) {
                let Says::Withdraw { entries, net: found, .. } = says else { continue };
                for target in entries {
                    if target.author == *author {
                        own.insert(*target);
                    }
                    if *found == Some(net) && decided.stewards.contains(author) {
                        orders.entry(*target).or_default().insert(*author);
                    }
                }
            }
        }
        orders.retain(|_, by| by.len() >= decided.k);
        let ordered = orders.into_keys().map(|target| (target, true));
        own.into_iter().map(|target| (target, false)).chain(ordered).collect()
    }
}

#[derive(Clone, Copy, Default)]
struct Opinion<'a> {
    latest: Option<Latest<'a>>,
    ever: bool,
    stands: Option<EntryId>,
}

#[derive(Clone, Copy)]
enum Latest<'a> {
    Admit(&'a Admission),
    Suspend(Seq),
}

/// N2 for a version that follows another.
fn counts_after(next: &Charter, before: &Charter, hash: BodyHash) -> bool {
    let n = next.stewards.len() as u64;
    let distinct = next.stewards.windows(2).all(|pair| pair[0] < pair[1]);
    let quorum = n <= 64 && next.k <= n && n < 2 * next.k;
    distinct && quorum && next.version == before.version + 1 && next.prev == Some(hash)
}

/// The value that at least `k` share.
fn shared<T: Ord>(values: impl Iterator<Item = T>, k: usize) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts.into_iter().find(|(_, count)| *count >= k).map(|(value, _)| value)
}
