//! What the stewards have decided: the charter's versions (N1 to N3), and for each author whether it
//! is listed and admitted, its pin and its cut (N4 to N8), now or as of a date (N9).
//!
//! It is computed from the stewards' canonical logs alone, in one pass over their statements, and
//! only needs computing again when one of those changes. It does not say who is a member: that takes
//! the author's own word as well ([`super::membership`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::body::{Admission, Charter};
use super::statement::{Known, Says, Statement};
use crate::id::{AuthorId, BodyHash, EntryId, NetworkId, Seq};

/// A version of the charter with the entries that speak for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The hash of its body.
    pub hash: BodyHash,
    /// The charter.
    pub charter: Arc<Charter>,
    /// Who speaks for it, by which entry: for version 0 those of its stewards who signed it, for a
    /// later one those stewards of the version before who voted for it.
    pub votes: BTreeMap<AuthorId, EntryId>,
}

/// A steward's latest statement about an author, where it is a `suspend`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The steward.
    pub by: AuthorId,
    /// Its entry.
    pub entry: EntryId,
    /// The last entry of the author that still counts.
    pub upto: Seq,
    /// Why.
    pub reason: String,
}

/// What the current stewards say of one author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// N5: at least k stewards have admitted it at some time.
    pub listed: bool,
    /// N5: for at least k stewards the latest statement is an `admit`.
    pub admitted: bool,
    /// N6: the entry by which k stewards stand; never one of a steward, past or present.
    pub pin: Option<EntryId>,
    /// N6: the entry by which each steward stands who has named one, its last.
    pub stands: BTreeMap<AuthorId, EntryId>,
    /// N7: the last entry that counts, where the author is listed and not admitted. For a steward,
    /// past or present, it holds only in what is shown of its records: see [`Governance::cut`].
    pub cut: Option<Seq>,
    /// The code of its place, where k latest admits agree.
    pub place: Option<String>,
    /// How many latest admits name the place on which most of them agree.
    pub place_by: u64,
    /// Its level, where k latest admits agree.
    pub level: Option<String>,
    /// The authors that it continues, where k latest admits agree on the list.
    pub succeeds: Vec<AuthorId>,
    /// The stewards whose latest statement about it is an `admit`.
    pub admits: BTreeSet<AuthorId>,
    /// The other stewards' latest statements, by steward.
    pub suspensions: Vec<Suspension>,
}

/// The decisions of a network's stewards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Governance {
    net: NetworkId,
    versions: Vec<Version>,
    proposals: Vec<Version>,
    /// Stewards of all adopted versions.
    stewards_ever: BTreeSet<AuthorId>,
    standings: BTreeMap<AuthorId, Standing>,
    /// N9: the last entry of each log that is looked at; absent where all are.
    limits: Option<BTreeMap<AuthorId, Seq>>,
}

impl Governance {
    /// Returns the decisions of the network `net` by all that `logs` hold; empty where the charter's
    /// version 0 is not among it.
    #[must_use]
    pub fn compute(net: NetworkId, logs: &BTreeMap<AuthorId, Known>) -> Self {
        Self::compute_within(net, logs, None)
    }

    /// Returns the decisions as of a date (N9): every log canonical by all that is known today, then
    /// only the statements up to the author's sequence number in `cuts`, which is that of its last
    /// canonical entry with a `time` up to the date. An author who is absent from `cuts` had written
    /// nothing by then. The pins and cuts of the result tell what was decided at that date; logs are
    /// chosen by today's.
    #[must_use]
    pub fn compute_as_of(
        net: NetworkId,
        logs: &BTreeMap<AuthorId, Known>,
        cuts: &BTreeMap<AuthorId, Seq>,
    ) -> Self {
        Self::compute_within(net, logs, Some(cuts.clone()))
    }

    fn compute_within(
        net: NetworkId,
        logs: &BTreeMap<AuthorId, Known>,
        limits: Option<BTreeMap<AuthorId, Seq>>,
    ) -> Self {
        let mut governance = Self {
            net,
            versions: Vec::new(),
            proposals: Vec::new(),
            stewards_ever: BTreeSet::new(),
            standings: BTreeMap::new(),
            limits,
        };
        let Some(founding) = founding_charter(net, logs) else {
            return governance;
        };
        // Each steward's log is chosen once, however many versions name it.
        let mut chosen = BTreeMap::new();
        let mut version = Version { hash: BodyHash(net.0), charter: founding, votes: BTreeMap::new() };
        governance.choose_logs(logs, &version.charter, &mut chosen);
        version.votes = signatures(&version, &chosen);
        loop {
            let mut proposals = votes(&version, &chosen);
            let k = version.charter.k;
            governance.versions.push(version);
            match proposals.iter().position(|proposal| proposal.votes.len() as u64 >= k) {
                Some(adopted) => version = proposals.swap_remove(adopted),
                None => {
                    governance.proposals = proposals;
                    break;
                }
            }
            governance.choose_logs(logs, &version.charter, &mut chosen);
        }
        governance.standings = governance.tally(&chosen);
        governance
    }

    /// Adds the canonical statements of the charter's stewards to `chosen` (N3, N6, N7: no pin, no
    /// cut; N8: not beyond the head of a frozen log).
    fn choose_logs<'a>(
        &mut self,
        logs: &'a BTreeMap<AuthorId, Known>,
        charter: &Charter,
        chosen: &mut BTreeMap<AuthorId, Vec<&'a Statement>>,
    ) {
        for &steward in &charter.stewards {
            self.stewards_ever.insert(steward);
            if let (Some(known), Some(limit)) = (logs.get(&steward), self.limit(steward)) {
                chosen
                    .entry(steward)
                    .or_insert_with(|| known.canonical(&known.log.tree().choose(None, None), limit));
            }
        }
    }

    /// Reads what the current stewards say of each author (N4 to N7).
    fn tally(&self, chosen: &BTreeMap<AuthorId, Vec<&Statement>>) -> BTreeMap<AuthorId, Standing> {
        let Some(current) = self.versions.last() else {
            return BTreeMap::new();
        };
        let mut tallies: BTreeMap<AuthorId, Tally<'_>> = BTreeMap::new();
        for steward in &current.charter.stewards {
            for (author, opinion) in opinions(self.net, chosen.get(steward).map_or(&[], Vec::as_slice)) {
                tallies.entry(author).or_default().add(*steward, opinion);
            }
        }
        let finish = |(author, tally): (AuthorId, Tally<'_>)| {
            let mut standing = tally.standing(current.charter.k);
            if self.stewards_ever.contains(&author) {
                standing.pin = None;
            }
            (author, standing)
        };
        tallies.into_iter().map(finish).collect()
    }

    /// Returns the network.
    #[must_use]
    pub const fn net(&self) -> NetworkId {
        self.net
    }

    /// Tells whether the charter's version 0 is known; without it nothing is decided.
    #[must_use]
    pub const fn charter_known(&self) -> bool {
        !self.versions.is_empty()
    }

    /// Returns the adopted versions of the charter, version 0 first.
    #[must_use]
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// Returns the last adopted version.
    #[must_use]
    pub fn charter(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// Returns the successors of the last adopted version that have votes but not enough, by hash.
    #[must_use]
    pub fn proposals(&self) -> &[Version] {
        &self.proposals
    }

    /// Returns the current stewards, sorted.
    #[must_use]
    pub fn stewards(&self) -> &[AuthorId] {
        self.charter().map_or(&[], |version| &version.charter.stewards)
    }

    /// Returns how many current stewards decide together; 0 while the charter is not known.
    #[must_use]
    pub fn k(&self) -> u64 {
        self.charter().map_or(0, |version| version.charter.k)
    }

    /// Tells whether `author` is a current steward.
    #[must_use]
    pub fn is_steward(&self, author: AuthorId) -> bool {
        self.charter().is_some_and(|version| version.charter.names_steward(author))
    }

    /// Tells whether `author` is a steward of any adopted version: its log is replicated, and has
    /// neither pin nor cut.
    #[must_use]
    pub fn was_steward(&self, author: AuthorId) -> bool {
        self.stewards_ever.contains(&author)
    }

    /// Returns the stewards of all adopted versions.
    #[must_use]
    pub const fn all_stewards(&self) -> &BTreeSet<AuthorId> {
        &self.stewards_ever
    }

    /// Returns the authors whose logs are replicated (N7): stewards past and present, and all that are
    /// listed.
    #[must_use]
    pub fn replicated(&self) -> BTreeSet<AuthorId> {
        let listed = self.standings.iter().filter(|(_, standing)| standing.listed);
        self.stewards_ever.iter().chain(listed.map(|(author, _)| author)).copied().collect()
    }

    /// Tells whether the log of `author` is replicated (N7).
    #[must_use]
    pub fn replicates(&self, author: AuthorId) -> bool {
        self.was_steward(author) || self.standing(author).is_some_and(|standing| standing.listed)
    }

    /// Returns what the current stewards say of `author`, `None` where none has said anything.
    #[must_use]
    pub fn standing(&self, author: AuthorId) -> Option<&Standing> {
        self.standings.get(&author)
    }

    /// Returns every author of whom a current steward has said something.
    #[must_use]
    pub const fn standings(&self) -> &BTreeMap<AuthorId, Standing> {
        &self.standings
    }

    /// Returns the pin with which the log of `author` is chosen (N6).
    #[must_use]
    pub fn pin(&self, author: AuthorId) -> Option<EntryId> {
        self.standing(author)?.pin
    }

    /// Returns the cut with which the log of `author` is chosen and replicated (N7); a steward's, past
    /// or present, has none.
    #[must_use]
    pub fn cut(&self, author: AuthorId) -> Option<Seq> {
        if self.was_steward(author) { None } else { self.standing(author)?.cut }
    }

    /// Returns the last sequence number of `author` that counts here: all do, save as of a date (N9),
    /// where `None` means that none does.
    pub(super) fn limit(&self, author: AuthorId) -> Option<Seq> {
        match &self.limits {
            None => Some(Seq::MAX),
            Some(limits) => limits.get(&author).copied(),
        }
    }
}

/// Finds the charter's version 0, which counts by its hash alone (N1): whoever signed it, on
/// whichever branch, at whatever date.
fn founding_charter(net: NetworkId, logs: &BTreeMap<AuthorId, Known>) -> Option<Arc<Charter>> {
    let founding = |statement: &Statement| match &statement.says {
        Says::Charter { hash, charter } if hash.as_network() == net => Some(Arc::clone(charter)),
        _ => None,
    };
    let charter = logs.values().flat_map(|known| &known.statements).find_map(founding)?;
    (charter.version == 0 && charter.check().is_ok()).then_some(charter)
}

/// The stewards of version 0 who signed it, by their first such entry (N1).
fn signatures(
    version: &Version,
    chosen: &BTreeMap<AuthorId, Vec<&Statement>>,
) -> BTreeMap<AuthorId, EntryId> {
    let signs = |statement: &&Statement| {
        matches!(&statement.says, Says::Charter { hash, .. } if *hash == version.hash).then_some(statement.id)
    };
    let signature = |(steward, statements): (&AuthorId, &Vec<&Statement>)| {
        Some((*steward, statements.iter().find_map(signs)?))
    };
    chosen.iter().filter_map(signature).collect()
}

/// The votes of the version's stewards for a successor, by hash (N3): each one's first `charter`
/// entry that satisfies N2.
fn votes(version: &Version, chosen: &BTreeMap<AuthorId, Vec<&Statement>>) -> Vec<Version> {
    let mut proposals: BTreeMap<BodyHash, Version> = BTreeMap::new();
    for steward in &version.charter.stewards {
        let statements = chosen.get(steward).map_or(&[][..], Vec::as_slice);
        let vote = statements.iter().find_map(|statement| match &statement.says {
            Says::Charter { hash, charter } if charter.follows(&version.charter, version.hash) => {
                Some((*hash, charter, statement.id))
            }
            _ => None,
        });
        if let Some((hash, charter, entry)) = vote {
            proposals
                .entry(hash)
                .or_insert_with(|| Version { hash, charter: Arc::clone(charter), votes: BTreeMap::new() })
                .votes
                .insert(*steward, entry);
        }
    }
    proposals.into_values().collect()
}

/// What one steward says of one author.
#[derive(Default)]
struct Opinion<'a> {
    latest: Option<Latest<'a>>,
    has_admitted: bool,
    stands: Option<EntryId>,
}

enum Latest<'a> {
    Admit(&'a Admission),
    Suspend { entry: EntryId, upto: Seq, reason: &'a str },
}

/// Reads a steward's canonical statements, by sequence number, into what holds of each author (N4):
/// the latest of them, and the last `stands` (N6).
fn opinions<'a>(net: NetworkId, statements: &[&'a Statement]) -> BTreeMap<AuthorId, Opinion<'a>> {
    let mut opinions: BTreeMap<AuthorId, Opinion<'a>> = BTreeMap::new();
    for statement in statements {
        match &statement.says {
            Says::Admit { net: named, items } if *named == net => {
                for item in items {
                    let opinion = opinions.entry(item.author).or_default();
                    opinion.latest = Some(Latest::Admit(item));
                    opinion.has_admitted = true;
                    opinion.stands = item.stands.or(opinion.stands);
                }
            }
            Says::Suspend { net: named, author, upto, reason } if *named == net => {
                opinions.entry(*author).or_default().latest =
                    Some(Latest::Suspend { entry: statement.id, upto: *upto, reason });
            }
            _ => {}
        }
    }
    opinions
}

/// All current stewards' opinions of one author.
#[derive(Default)]
struct Tally<'a> {
    have_admitted: u64,
    admits: BTreeMap<AuthorId, &'a Admission>,
    suspensions: Vec<Suspension>,
    stands: BTreeMap<AuthorId, EntryId>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, by: AuthorId, opinion: Opinion<'a>) {
        self.have_admitted += u64::from(opinion.has_admitted);
        self.stands.extend(opinion.stands.map(|entry| (by, entry)));
        match opinion.latest {
            Some(Latest::Admit(item)) => {
                self.admits.insert(by, item);
            }
            Some(Latest::Suspend { entry, upto, reason }) => {
                self.suspensions.push(Suspension { by, entry, upto, reason: reason.to_owned() });
            }
            None => {}
        }
    }

    fn standing(self, k: u64) -> Standing {
        let listed = self.have_admitted >= k;
        let admitted = self.admits.len() as u64 >= k;
        let upto = self.suspensions.iter().map(|suspension| suspension.upto).max();
        let items = || self.admits.values();
        Standing {
            listed,
            admitted,
            pin: agreed(self.stands.values().copied(), k),
            stands: self.stands,
            cut: upto.filter(|_| listed && !admitted),
            place: agreed(items().filter_map(|item| item.place.as_ref()), k).cloned(),
            place_by: counts(items().filter_map(|item| item.place.as_ref())).into_values().max().unwrap_or(0),
            level: agreed(items().filter_map(|item| item.level.as_ref()), k).cloned(),
            succeeds: agreed(items().filter_map(|item| item.succeeds.as_ref()), k)
                .cloned()
                .unwrap_or_default(),
            admits: self.admits.keys().copied().collect(),
            suspensions: self.suspensions,
        }
    }
}

/// The value that at least k of `values` share; since n < 2k there is at most one.
fn agreed<T: Ord>(values: impl Iterator<Item = T>, k: u64) -> Option<T> {
    counts(values).into_iter().find(|(_, count)| *count >= k).map(|(value, _)| value)
}

fn counts<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}
