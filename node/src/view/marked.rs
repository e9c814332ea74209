//! What does not count, shown all the same: what a rotation disowned, what contradicts itself, and which
//! version of a record is which (S5, S7).

use std::collections::BTreeMap;

use multaqa_protocol::codec::Map;
use multaqa_protocol::id::{AuthorId, EntryId, Seq};
use multaqa_protocol::log::{Mark, Place, Stretch};
use multaqa_protocol::record;

use super::body::{Shown, changed};
use super::snapshot::Held;
use super::{Found, View, ViewError};
use crate::api::types::{AuthorRef, Contest, Disowning, HISTORY, History, VersionRow};
use crate::store::Row;

/// Most versions that a history shows, the newest; few records are revised ten times.
const MAX_VERSIONS: usize = 200;
/// Most entries off the canonical path that a history looks into, the newest of each branch: what a
/// thief wrote in a month.
const MAX_OFF_PATH: Seq = 1_024;

impl View<'_> {
    /// Returns by which rotation an entry was disowned, if it was.
    pub(super) fn disowning(
        &self,
        author: AuthorId,
        held: &Held,
        row: &Row,
    ) -> Result<Option<Disowning>, ViewError> {
        let Mark::Disowned { by } = held.mark(row.place, &row.kind) else { return Ok(None) };
        let Some((rotation, stored)) = self.load_at(author, by)? else { return Ok(None) };
        let body = Shown::read(&rotation.kind, &stored.body, false);
        let field = |name: &str| body.map.as_ref().and_then(|map| map.get(name));
        let disowns: Vec<record::Ref> =
            field("disowns").and_then(|value| value.to().ok()).unwrap_or_default();
        Ok(Some(Disowning {
            by: rotation.id,
            time: rotation.time,
            reason: field("reason").and_then(|value| value.to().ok()),
            declared: disowns.iter().any(|named| named.id == row.id),
        }))
    }

    /// Returns where, in its author's log, stands what decides that an entry does not simply count: the rotation that
    /// disowned it, what contradicts itself before it, its author's withdrawal.
    ///
    /// # Errors
    ///
    /// [`ViewError::Read`].
    pub(crate) fn unmade_by(&self, found: &Found) -> Result<Vec<Place>, ViewError> {
        let Found { author, place, id, .. } = found;
        let Some(held) = self.snapshot.authors.get(author) else { return Ok(Vec::new()) };
        let mut places = Vec::new();
        match held.mark(*place, &found.kind) {
            Mark::Disowned { by } => places.push(by),
            Mark::Disputed => {
                let paths = held.log.tree().evidence(&held.choice, held.cut);
                let ends = paths.iter().filter_map(|path| path.last());
                places.extend(ends.map(|end| Place { branch: end.branch, seq: end.last }));
            }
            Mark::Canonical | Mark::BeyondCut => {}
        }
        let withdrawal = self.snapshot.withdrawal(*author, place.seq, *id, &found.kind);
        if let Some(own) = withdrawal.and_then(|withdrawal| withdrawal.own.as_ref()) {
            places.extend(self.store.place_of(*author, &own.entry)?);
        }
        Ok(places)
    }

    /// Returns the entries that contradict each other in a frozen log; none in another.
    pub(super) fn contest(&self, author: AuthorId) -> Result<Vec<Contest>, ViewError> {
        let Some(held) = self.snapshot.authors.get(&author) else { return Ok(Vec::new()) };
        let stands = self.snapshot.governance.standing(author).map(|standing| &standing.stands);
        let mut contest = Vec::new();
        for path in held.log.tree().evidence(&held.choice, held.cut) {
            let Some(end) = path.last() else { continue };
            let place = Place { branch: end.branch, seq: end.last };
            let Some((row, stored)) = self.load_at(author, place)? else { continue };
            let body = Shown::read(&row.kind, &stored.body, false);
            let reason = body.map.as_ref().and_then(|map| map.get("reason")?.to().ok());
            let pins = stands.into_iter().flatten().filter(|(_, entry)| **entry == row.id);
            contest.push(Contest {
                id: row.id,
                seq: place.seq,
                time: row.time,
                reason: reason.filter(|_| row.kind == multaqa_protocol::entry::ROTATE),
                kind: row.kind,
                pinned_by: pins.map(|(steward, _)| *steward).collect(),
            });
        }
        Ok(contest)
    }

    /// Returns whom an author continues and who continues it, by k stewards' word (N5).
    pub(super) fn succession(&self, author: AuthorId) -> (Vec<AuthorRef>, Vec<AuthorRef>) {
        let governance = &self.snapshot.governance;
        let before = governance.standing(author).map(|standing| standing.succeeds.as_slice());
        let after = governance.standings().iter().filter(|(_, standing)| standing.succeeds.contains(&author));
        (
            before.unwrap_or_default().iter().map(|author| self.author_ref(*author)).collect(),
            after.map(|(author, _)| self.author_ref(*author)).collect(),
        )
    }

    /// Shows all versions of the record of which the entry is one (R2), those that do not count with
    /// their mark.
    ///
    /// # Errors
    ///
    /// As [`View::find`].
    pub fn history(&self, text: &str) -> Result<History, ViewError> {
        let found = self.find(text)?;
        let held = self.held(found.author)?;
        let shelf = self.library.shelf(found.author).unwrap_or_default();
        let mut first = shelf.first_of(found.id);
        let marked = self.off_path_versions(found.author, held, &found.kind)?;
        // An entry off the path may be a version of a record that counts.
        if let Some((_, Some(replaced))) = marked.get(&found.id)
            && self.store.place_of(found.author, replaced)?.is_some()
        {
            first = shelf.first_of(*replaced);
        }
        let chain = shelf.chain(first);
        let current = chain.and_then(<[_]>::last).map_or(first, |(_, id)| *id);
        let mut places = Vec::new();
        for (_, id) in chain.unwrap_or(&[(0, first)]).iter().rev().take(MAX_VERSIONS) {
            places.extend(self.store.place_of(found.author, id)?);
        }
        let belongs = |replaced: &EntryId| *replaced == first || shelf.first_of(*replaced) == first;
        for (place, replaced) in marked.values() {
            if replaced.as_ref().is_some_and(belongs) && !places.contains(place) {
                places.push(*place);
            }
        }
        places.sort_by_key(|place| (place.seq, place.branch));
        let mut items = Vec::new();
        let mut before: Option<Map> = None;
        for place in places {
            let Some((row, stored)) = self.load_at(found.author, place)? else { continue };
            let shown = self.read_body(found.author, &row, &stored.body);
            let changed = match (&before, &shown.map) {
                (Some(before), Some(after)) => changed(before, after),
                _ => Vec::new(),
            };
            items.push(VersionRow {
                id: row.id,
                seq: place.seq,
                time: row.time,
                title: shown.title(),
                status: self.snapshot.status(found.author, held, &row),
                disowned: self.disowning(found.author, held, &row)?,
                current: row.id == current,
                body: shown.status,
                changed,
            });
            before = shown.map;
        }
        Ok(History { schema: HISTORY.into(), first, current, items })
    }

    /// Returns the entries of a kind off the canonical path, with what each says that it replaces.
    fn off_path_versions(
        &self,
        author: AuthorId,
        held: &Held,
        kind: &str,
    ) -> Result<BTreeMap<EntryId, (Place, Option<EntryId>)>, ViewError> {
        let mut versions = BTreeMap::new();
        for Stretch { branch, first, last } in held.off_path() {
            let from = first.max(last.saturating_sub(MAX_OFF_PATH - 1));
            for row in
                self.store.rows(author, branch, from..=last)?.into_iter().filter(|row| row.kind == kind)
            {
                let withdrawn = self.snapshot.is_withdrawn(author, &row);
                let Some(stored) = self.store.entry(author, row.place)? else { continue };
                let shown = Shown::read(&row.kind, &stored.body, withdrawn);
                let replaced = shown.map.as_ref().and_then(record::replaces);
                let replaced = replaced.filter(|target| target.author == author).map(|target| target.id);
                versions.insert(row.id, (row.place, replaced));
            }
        }
        Ok(versions)
    }
}
