//! The member table, now or as of a date, and those who apply (N5, N9, N10, N12).

use std::collections::BTreeMap;

use multaqa_protocol::engine::Engine;
use multaqa_protocol::id::{AuthorId, Millis, Seq};
use multaqa_protocol::log;
use multaqa_protocol::network::{self, Governance, Membership};

use super::author::place_names;
use super::snapshot::{Held, Snapshot};
use super::walk::Walk;
use super::{View, ViewError};
use crate::api::types::{
    CANDIDATES, Candidate, Contest, List, LogHealth, MEMBER, MEMBERS, Member, MemberDetail, MemberState,
    Members, OpposedBy, Stewards, Totals,
};
use crate::store::{ReadError, Store};

/// The member table as the engine computes it, with the decisions that it rests on.
#[derive(Clone, Debug)]
pub struct Table {
    governance: Governance,
    rows: Vec<network::Member>,
    as_of: Option<Millis>,
}

impl Table {
    /// Computes today's table; on the driver, so it is quick.
    #[must_use]
    pub fn of(engine: &Engine) -> Self {
        Self::by(engine, engine.governance().clone(), None)
    }

    /// Computes the table as of a date (N9), by the last sequence number of each author up to then, as
    /// [`last_by`] finds it.
    #[must_use]
    pub fn as_of(engine: &Engine, date: Millis, last: &BTreeMap<AuthorId, Seq>) -> Self {
        let net = engine.governance().net();
        Self::by(engine, Governance::compute_as_of(net, engine.logs(), last), Some(date))
    }

    fn by(engine: &Engine, governance: Governance, as_of: Option<Millis>) -> Self {
        let choose = |author: AuthorId, known: &network::Known| {
            let view = engine.view(&author);
            view.map_or_else(|| known.log.tree().choose(None, None), |view| view.choice.clone())
        };
        Self { rows: governance.members(engine.logs(), choose), governance, as_of }
    }

    /// Returns how an author stands to the network.
    #[must_use]
    pub fn state(&self, author: AuthorId) -> MemberState {
        let row = self.rows.iter().find(|row| row.author == author);
        row.map_or(MemberState::Outside, |row| state(&row.membership))
    }

    /// Returns how many stewards admit an author.
    #[must_use]
    pub fn admitted_by(&self, author: AuthorId) -> u64 {
        self.governance.standing(author).map_or(0, |standing| standing.admits.len() as u64)
    }

    /// Returns the number of members.
    #[must_use]
    pub fn members(&self) -> u64 {
        network::Totals::count(&self.rows).members
    }
}

/// Finds the last canonical entry of each author whose claimed time is not after `date` (N9). It reads
/// rows from the end of each log.
///
/// # Errors
///
/// When the store cannot be read.
pub fn last_by(
    snapshot: &Snapshot,
    store: &Store,
    date: Millis,
) -> Result<BTreeMap<AuthorId, Seq>, ReadError> {
    let mut last = BTreeMap::new();
    for (author, held) in &snapshot.authors {
        let mut walk = Walk::new(*author, held.choice.path().to_vec(), Millis::MAX);
        while let Some((_, row)) = walk.next(store)? {
            if row.time <= date {
                last.insert(*author, row.place.seq);
                break;
            }
        }
    }
    Ok(last)
}

fn state(membership: &Membership) -> MemberState {
    match membership {
        Membership::Member => MemberState::Member,
        Membership::Admitted => MemberState::Admitted,
        Membership::Suspended { .. } => MemberState::Suspended,
        Membership::Left => MemberState::Left,
        Membership::Closed => MemberState::Closed,
        Membership::Candidate => MemberState::Candidate,
        Membership::Outside => MemberState::Outside,
    }
}

impl View<'_> {
    /// Returns the member that has a place, by k stewards' word; whoever only claims it has not.
    #[must_use]
    pub fn member_of(&self, table: &Table, code: &str) -> Option<AuthorId> {
        let is_member = |row: &&network::Member| state(&row.membership) == MemberState::Member;
        let has = |row: &network::Member| {
            let (place, confirmation) = self.place_of(row.author);
            confirmation.confirmed && place.as_deref() == Some(code)
        };
        table.rows.iter().filter(is_member).find(|row| has(row)).map(|row| row.author)
    }

    /// Returns the member table with its totals.
    #[must_use]
    pub fn members(&self, table: &Table) -> Members {
        let mut items: Vec<Member> = table.rows.iter().map(|row| self.member_row(table, row)).collect();
        items.sort_by(|a, b| {
            (a.state, &a.level, &a.place, a.author).cmp(&(b.state, &b.level, &b.place, b.author))
        });
        let counted = network::Totals::count(&table.rows);
        let mut totals = Totals {
            members: counted.members,
            levels: counted.levels,
            unconfirmed: counted.unconfirmed,
            others: BTreeMap::new(),
        };
        for item in items.iter().filter(|item| item.state != MemberState::Member) {
            *totals.others.entry(item.state).or_default() += 1;
        }
        Members { schema: MEMBERS.into(), as_of: table.as_of, items, totals }
    }

    fn member_row(&self, table: &Table, row: &network::Member) -> Member {
        let author = row.author;
        let claimed = self.identity(author);
        let held = self.snapshot.authors.get(&author);
        let standing = table.governance.standing(author);
        let place = row.place.clone().or_else(|| claimed.as_ref()?.code.clone());
        let (continues, continued_by) = self.succession(author);
        Member {
            author,
            names: self.names(author),
            level: row.level.clone().or_else(|| Some(claimed?.level.clone())),
            confirmed: row.place.is_some(),
            place_names: place.as_deref().map(place_names).unwrap_or_default(),
            place,
            state: state(&row.membership),
            steward: row.is_steward,
            admitted: Stewards {
                by: standing.map_or(0, |standing| standing.admits.len() as u64),
                of: table.governance.stewards().len() as u64,
                k: table.governance.k(),
            },
            since: row.joining.map(|joining| joining.time),
            entries: held.map_or(0, |held| u64::from(held.choice.head.seq) + 1),
            head: held.and_then(|held| held.head).map(|head| head.id),
            log: log_health(held),
            continues,
            continued_by,
            upto: match row.membership {
                Membership::Suspended { upto } => Some(upto),
                _ => None,
            },
        }
    }

    /// Returns one author in full.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn member(&self, table: &Table, author: AuthorId) -> Result<MemberDetail, ViewError> {
        let row = table.rows.iter().find(|row| row.author == author);
        let outside = || network::Member {
            author,
            membership: Membership::Outside,
            is_steward: false,
            place: None,
            level: None,
            joining: None,
        };
        let row = row.cloned().unwrap_or_else(outside);
        let standing = table.governance.standing(author).cloned().unwrap_or_default();
        let shelf = self.library.shelf(author).unwrap_or_default();
        let suspended_by = standing.suspensions.iter().map(|suspension| OpposedBy {
            by: suspension.by,
            entry: suspension.entry,
            upto: suspension.upto,
            reason: suspension.reason.clone(),
        });
        Ok(MemberDetail {
            schema: MEMBER.into(),
            member: self.member_row(table, &row),
            admitted_by: standing.admits.iter().copied().collect(),
            suspended_by: suspended_by.collect(),
            pin: standing.pin,
            succeeds: standing.succeeds,
            contest: self.contest(author)?,
            kinds: shelf.kinds.clone(),
            profile: shelf.identity.as_ref().map(|(entry, _)| *entry),
        })
    }

    /// Returns how the log of an author is, and what contradicts itself in it.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub fn log_state(&self, author: AuthorId) -> Result<(LogHealth, Vec<Contest>), ViewError> {
        Ok((log_health(self.snapshot.authors.get(&author)), self.contest(author)?))
    }

    /// Lists those who apply, the latest first.
    #[must_use]
    pub fn candidates(&self) -> List<Candidate> {
        let governance = &self.snapshot.governance;
        let mut items: Vec<Candidate> = Vec::new();
        for (author, entries) in &self.snapshot.candidates {
            let claimed = self.identity(*author);
            let place = claimed.as_ref().and_then(|claimed| claimed.code.clone());
            let join = entries.iter().rev().find(|entry| entry.kind == "join");
            items.push(Candidate {
                author: *author,
                names: self.names(*author),
                level: claimed.map(|claimed| claimed.level.clone()),
                place_names: place.as_deref().map(place_names).unwrap_or_default(),
                place,
                since: join.map(|join| join.time),
                entries: entries.len() as u64,
                admitted: Stewards {
                    by: governance.standing(*author).map_or(0, |standing| standing.admits.len() as u64),
                    of: governance.stewards().len() as u64,
                    k: governance.k(),
                },
            });
        }
        items.sort_by_key(|candidate| (std::cmp::Reverse(candidate.since), candidate.author));
        List::whole(CANDIDATES, items)
    }
}

fn log_health(held: Option<&Held>) -> LogHealth {
    match held.map(|held| held.choice.status) {
        None => LogHealth::NotHeld,
        Some(log::Status::Ok) => LogHealth::Ok,
        Some(log::Status::Forked) => LogHealth::Forked,
        Some(log::Status::Contested) => LogHealth::Contested,
    }
}
